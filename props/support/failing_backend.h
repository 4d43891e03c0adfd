// SPDX-License-Identifier: Apache-2.0
//
// FailingCrypto: a backend whose n-th call fails, and that counts its calls. A call is one of the
// operations that a backend implements: what the port itself computes is made of them.
#pragma once

#include <cstddef>
#include <optional>

#include "props/support/forwarding_crypto.h"

namespace wib::props {

class FailingCrypto final : public ForwardingCrypto {
 public:
  using ForwardingCrypto::ForwardingCrypto;

  // The n-th call from now fails (0: the next one); nullopt: none.
  void fail_at(std::optional<std::size_t> n) {
    fail_at_ = n;
    calls_ = 0;
  }
  [[nodiscard]] std::size_t calls() const noexcept { return calls_; }

 private:
  Result<> before(std::string_view) override {
    if (calls_++ == fail_at_) return fail(Errc::crypto, "planted failure");
    return {};
  }

  std::optional<std::size_t> fail_at_;
  std::size_t calls_ = 0;
};

}  // namespace wib::props
