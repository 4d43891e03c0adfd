// SPDX-License-Identifier: Apache-2.0
#include "props/support/toy.h"

namespace wib::props {

Offer toy_group() noexcept {
  static constexpr std::array<Byte, 8> p = {0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  static constexpr std::array<Byte, 1> g = {37};
  return {p, g};
}

}  // namespace wib::props
