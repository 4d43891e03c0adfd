// SPDX-License-Identifier: Apache-2.0
//
// `wib backends`: what each backend in this binary has, from the manifests.
#pragma once

#include <iosfwd>

namespace wib::attacks {

// A table of capabilities by backends, the suites that each can run, and who they are.
void print_backends(std::ostream& stream);

// The same for programs: a JSON array with one backend a line.
void print_backends_json(std::ostream& stream);

}  // namespace wib::attacks
