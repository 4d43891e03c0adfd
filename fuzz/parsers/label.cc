// SPDX-License-Identifier: Apache-2.0
//
// The payload of a label's QR code, as a camera gives it.
#include "attacks/live/label.h"

#include "fuzz/parsers/oracle.h"

namespace wib::fuzz {

const std::string_view invariant =
    "A label is accepted exactly if it is what label_payload() writes for the serial number and "
    "the code that are read from it; an error's offset is the first byte that is wrong.";

void one_input(ByteView input) {
  const std::string payload(as_text(input));
  const auto label = attacks::parse_label(payload);
  if (!label) {
    expect(label.error().code == Errc::malformed, "Errc::malformed");
    expect(label.error().offset <= input.size(), "an offset within the payload");
    // What is in front of the first wrong byte is not wrong: without the rest it is only cut short.
    const auto cut =
        attacks::parse_label(std::string_view(payload).substr(0, label.error().offset));
    expect(!cut || label.error().offset < input.size(), "a part of a label is no label");
    return;
  }
  expect(!label->serial.empty() && label->serial.size() <= 64, "1 to 64 bytes");
  expect(label->code.view().size() == setup_code_size, "a whole code");
  expect(attacks::label_payload(*label) == payload, "written as it was");
  if (!one_in(16, input)) return;
  const auto qr = attacks::qr_text(payload);
  expect(qr && qr->ends_with('\n'), "every payload has a QR code");
}

}  // namespace wib::fuzz
