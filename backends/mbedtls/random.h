// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "internal.h"

namespace WIB_BACKEND_NAMESPACE {

// The library's own generator, seeded from the system: for ECDSA nonces, blinding and TLS, never
// for the protocol. May be used by several threads.
class Random {
 public:
  Random()
      : ready_(mbedtls_ctr_drbg_seed(drbg_.get(), mbedtls_entropy_func, entropy_.get(), nullptr,
                                     0) == 0) {}

  [[nodiscard]] bool ready() const noexcept { return ready_; }

  // What the library wants to be called back with, and what for.
  static constexpr auto draw = mbedtls_ctr_drbg_random;
  [[nodiscard]] void* state() noexcept { return drbg_.get(); }

 private:
  EntropyState entropy_;  // outlives the generator, which comes back to it
  DrbgState drbg_;
  bool ready_;
};

}  // namespace WIB_BACKEND_NAMESPACE
