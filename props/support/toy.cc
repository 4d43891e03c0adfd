// SPDX-License-Identifier: Apache-2.0
#include "props/support/toy.h"

namespace wib::props {

Group toy_group() noexcept {
  static constexpr std::array<Byte, 8> p = {0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  static constexpr std::array<Byte, 1> g = {37};
  return {p, g};
}

std::unique_ptr<Verifier> toy_verifier(const Suite& suite, Crypto& crypto) {
  if (!suite.key_exchange.reveals_with_share()) return nullptr;
  static constexpr std::array<Byte, salt_size> salt = {'t', 'o', 'y'};
  auto verifier = std::make_unique<Verifier>();
  const auto made = register_verifier(crypto, as_bytes(toy_code), as_bytes(toy_serial), salt,
                                      min_iterations, *verifier);
  return made ? std::move(verifier) : nullptr;
}

}  // namespace wib::props
