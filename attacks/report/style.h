// SPDX-License-Identifier: Apache-2.0
//
// The report's style sheet. It stands inside XML as well as HTML: no less-than sign, no ampersand.
#pragma once

#include <string_view>

namespace wib::attacks::report {

extern const std::string_view style_sheet;

}  // namespace wib::attacks::report
