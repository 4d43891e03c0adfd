// SPDX-License-Identifier: Apache-2.0
//
// One session whose secrets (both exponents and the serial number, and so everything that is
// computed from them) valgrind's memcheck takes for uninitialised: every branch and every index on
// one of them is an error. What the libraries do inside is theirs (branches.supp).
//
//   valgrind --error-exitcode=9 --suppressions=branches.supp secrets_branches READING [early-exit]
//
// "early-exit" plants a comparison that stops at the first byte that differs: it must be caught.
#include <valgrind/memcheck.h>

#include <cstdio>
#include <string_view>

#include "attacks/search/stream_random.h"
#include "attacks/world/memory_store.h"
#include "backends/registry.h"
#include "props/secrets/session.h"
#include "props/support/forwarding_crypto.h"

namespace wib::props {
namespace {

class EarlyExit final : public ForwardingCrypto {
 public:
  using ForwardingCrypto::ForwardingCrypto;
  bool equal(ByteView a, ByteView b) noexcept override {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (a[i] != b[i]) return false;
    }
    return true;
  }
};

// Exponents are secret; cookies and IVs, which are shorter, are not.
class SecretExponents final : public Random {
 public:
  explicit SecretExponents(std::string_view label) : real_(2015, label) {}
  Result<> fill(ByteSpan out) override {
    auto done = real_.fill(out);
    if (out.size() == exponent_size) (void)VALGRIND_MAKE_MEM_UNDEFINED(out.data(), out.size());
    return done;
  }

 private:
  attacks::StreamRandom real_;
};

bool completes(Backend& backend, const Suite& suite, bool plant) {
  std::array<Byte, 16> serial;
  std::ranges::copy(as_bytes("WIB-2015-12-0042"), serial.begin());
  (void)VALGRIND_MAKE_MEM_UNDEFINED(serial.data(), serial.size());
  EarlyExit early(backend.crypto());
  SecretExponents device_random("device");
  SecretExponents client_random("client");
  attacks::MemoryStore store;
  Crypto& crypto = plant ? static_cast<Crypto&>(early) : backend.crypto();
  return run_session(
      {suite, crypto, backend.certificates(), device_random, client_random, store, serial});
}

int run(std::string_view reading, bool plant) {
  const Suite* const suite = find_suite("as_posted", reading);
  if (suite == nullptr) {
    std::fprintf(stderr, "no such reading\n");
    return 2;
  }
  int failures = 0;
  for (Backend* backend : backends()) {
    const bool completed = completes(*backend, *suite, plant);
    std::printf("%s %s: %s\n", std::string(backend->name()).c_str(), std::string(reading).c_str(),
                completed ? "completed" : "did not complete");
    if (!completed) ++failures;
  }
  return failures == 0 ? 0 : 1;
}

}  // namespace
}  // namespace wib::props

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s READING [early-exit]\n", argv[0]);
    return 2;
  }
  return wib::props::run(argv[1], argc > 2 && std::string_view(argv[2]) == "early-exit");
}
