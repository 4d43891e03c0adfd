// SPDX-License-Identifier: Apache-2.0
//
// Labels: what is printed on a device's back, for people (the serial number and the setup code) and
// for a camera (a QR code of both). Payloads and QR texts hold the code: they are as secret as it
// is, and the caller's to wipe.
#pragma once

#include <iosfwd>
#include <string>

#include "protocol/setup_code.h"

namespace wib::attacks {

struct Label {
  std::string serial;  // 1 to 64 bytes, any
  SetupCode code;      // parsed or made, not empty
};

// "WIB:S:<serial>;C:<code>;;", the shape of Wi-Fi Easy Connect's DPP URI. The code is its 10
// characters and the check character without hyphens. Bytes of the serial number outside
// [A-Za-z0-9._-] are percent-encoded with upper-case digits (RFC 3986 section 2.1).
[[nodiscard]] std::string label_payload(const Label& label);

// Takes exactly what label_payload() writes, and refuses every other spelling of it with
// Errc::malformed: what, and the offset of the first byte that is wrong (of the check character, if
// the code's check fails; the payload's size, if something is missing).
[[nodiscard]] Result<Label> parse_label(std::string_view payload);

// A QR code (ISO/IEC 18004, level M) to be shown on a terminal, each line ending with '\n'. A
// character is two modules, one above the other, in half blocks and spaces; blocks are the light
// modules, as terminals draw light on dark. With the quiet zone of 4 modules on every side; the
// last line is the upper half only. Errc::capacity if the payload is empty or does not fit.
[[nodiscard]] Result<std::string> qr_text(std::string_view payload);

// Prints the serial number (percent-encoded as in the payload if it is not printable ASCII), the
// code as XXXXX-XXXXX-C, the payload and its QR code. `colour` sets white on black for the QR code,
// which without it is inverted on a light terminal.
void print_label(const Label& label, std::ostream& out, bool colour);

}  // namespace wib::attacks
