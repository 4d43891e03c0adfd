// SPDX-License-Identifier: Apache-2.0
//
// The plaintext of POST /setup/key.wib: a certificate and its private key, bundled.
#include "protocol/messages/bundle.h"
#include "fuzz/parsers/oracle.h"
#include "fuzz/parsers/plain_cbor.h"

namespace wib::fuzz {

const std::string_view invariant =
    "A bundle is accepted exactly if its CDDL says so; its fields are views of it, and it is "
    "written back byte for byte.";

void one_input(ByteView input) {
  static constexpr std::array<Rule, 2> rules = {{{1, 1, 4096}, {2, 1, 3072}}};
  static std::array<Byte, max_bundle_size> buffer;
  const Judged judged = judge(input, rules);
  const auto bundle = parse_bundle(input);
  if (!bundle) {
    expect(bundle.error().code == judged.wrong, "refused for what is wrong first");
    expect_error(bundle.error(), input.size());
    return;
  }
  expect(judged.wrong == Errc::none, "accepted only if the CDDL has it");
  expect(same_view(bundle->certificate, judged.values[0]), "the certificate is its bytes");
  expect(same_view(bundle->private_key, judged.values[1]), "the key is its bytes");
  const auto written = write_bundle(*bundle, buffer);
  expect(written && same_bytes(*written, input), "written as it was");
  const auto narrow = write_bundle(*bundle, std::span(buffer).first(input.size() - 1));
  expect(!narrow && narrow.error().code == Errc::capacity, "no room is an error");
}

}  // namespace wib::fuzz
