// SPDX-License-Identifier: Apache-2.0
//
// One session, one run of SPAKE2+ and one call of every operation whose secrets (exponents, keys,
// the serial number, w0 and w1, and so everything that is computed from them) valgrind's memcheck
// takes for uninitialised: every branch and every index on one of them is an error. What the
// libraries do inside is theirs (branches.supp).
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
#include "protocol/spake2plus.h"

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

template <std::size_t Size>
std::array<Byte, Size> secret(std::string_view label) {
  std::array<Byte, Size> bytes;
  attacks::stream_bytes(attacks::seed_bytes(2015), label, 0, bytes);
  (void)VALGRIND_MAKE_MEM_UNDEFINED(bytes.data(), bytes.size());
  return bytes;
}

// Every operation with whatever of its inputs may be secret. Of the rest (nonces, associated data,
// the peer's share, the modulus) everybody knows everything.
bool operations(Crypto& crypto) {
  const auto key = secret<32>("key");
  const auto other = secret<32>("other");
  const auto plain = secret<96>("plain");
  const std::array<Byte, 16> iv{};
  const ByteView nonce = ByteView(iv).first(aead_nonce_size);
  std::array<Byte, 96> out;
  std::array<Byte, 96> sealed;
  std::array<Byte, 64> tag;
  const ByteSpan aead_tag = ByteSpan(tag).first(aead_tag_size);
  std::array<Byte, p256_point_size> point;
  std::array<Byte, p256_point_size> another;
  const auto first = [&](std::size_t size) { return ByteSpan(out).first(size); };

  bool good =
      crypto.sha256(plain, first(32)) && crypto.hmac_sha256(key, plain, first(32)) &&
      crypto.hmac_sha512(key, plain, tag) && crypto.hkdf_sha256(key, plain, {}, first(96)) &&
      crypto.pbkdf2_sha256(key, iv, 3, first(64)) &&
      crypto.aes256_cbc_encrypt(key, iv, plain, out) &&
      crypto.aes256_cbc_decrypt(key, iv, plain, out) && crypto.aes256_ctr(key, iv, plain, out) &&
      crypto.x25519(key, other, first(x25519_size)) && crypto.p256_base_mul(key, point) &&
      crypto.p256_mul(other, point, another) &&
      crypto.p256_mul_add(key, point, other, another, point);
  // What is sealed is sent, and then comes back.
  const auto sent = [&] {
    (void)VALGRIND_MAKE_MEM_DEFINED(sealed.data(), sealed.size());
    (void)VALGRIND_MAKE_MEM_DEFINED(tag.data(), tag.size());
    return true;
  };
  good = good && crypto.aes256_gcm_seal(key, nonce, iv, plain, sealed, aead_tag) && sent() &&
         crypto.aes256_gcm_open(key, nonce, iv, sealed, aead_tag, out);
  good = good && crypto.chacha20_poly1305_seal(key, nonce, iv, plain, sealed, aead_tag) && sent() &&
         crypto.chacha20_poly1305_open(key, nonce, iv, sealed, aead_tag, out);
  // A group of 8192 bits too: not every library goes so far by itself.
  for (const std::size_t size : {256U, 1024U}) {
    std::array<Byte, 1024> modulus;
    modulus.fill(0xff);
    std::array<Byte, 1024> result;
    const std::array<Byte, 1> base = {5};
    good = good &&
           crypto.mod_exp(base, key, ByteView(modulus).first(size), ByteSpan(result).first(size));
  }
  return good;
}

// A run of SPAKE2+ up to the confirmation, which is compared.
bool spake2plus(Crypto& crypto) {
  const auto ws = secret<2 * spake2plus_ws_size>("w0s w1s");
  const auto x = secret<p256_scalar_size>("x");
  const auto y = secret<p256_scalar_size>("y");
  Spake2plusProver prover;
  Spake2plusVerifier verifier;
  std::array<Byte, p256_point_size> share_p;
  std::array<Byte, p256_point_size> share_v;
  Spake2plusSecrets of_prover;
  Spake2plusSecrets of_verifier;
  const Spake2plusIdentity identity = {as_bytes("context"), as_bytes("client"), as_bytes("device")};
  return spake2plus_prover(ws, prover) && spake2plus_register(crypto, prover, verifier) &&
         spake2plus_share_p(crypto, prover, x, share_p) &&
         spake2plus_share_v(crypto, verifier, y, share_v) &&
         spake2plus_finish_p(crypto, prover, identity, x, share_p, share_v, of_prover) &&
         spake2plus_finish_v(crypto, verifier, identity, y, share_p, share_v, of_verifier) &&
         crypto.equal(of_prover.confirm_prover.view(), of_verifier.confirm_prover.view()) &&
         crypto.equal(of_prover.shared.view(), of_verifier.shared.view());
}

// As posted the serial number is the secret; where there is a setup code it is that, and with it
// w0 and w1. What a gate is fed with is judged by its tests, so that branches on it are their work.
bool completes(Backend& backend, const Suite& suite, bool plant) {
  const bool pake = suite.key_exchange.reveals_with_share();
  std::array<Byte, 16> serial;
  std::ranges::copy(as_bytes("WIB-2015-12-0042"), serial.begin());
  std::array<Byte, 10> code;
  std::ranges::copy(as_bytes("0123456789"), code.begin());
  if (pake) {
    (void)VALGRIND_MAKE_MEM_UNDEFINED(code.data(), code.size());
  } else {
    (void)VALGRIND_MAKE_MEM_UNDEFINED(serial.data(), serial.size());
  }
  EarlyExit early(backend.crypto());
  SecretExponents device_random("device");
  SecretExponents client_random("client");
  attacks::MemoryStore store;
  Crypto& crypto = plant ? static_cast<Crypto&>(early) : backend.crypto();
  return run_session({suite, crypto, backend.certificates(), device_random, client_random, store,
                      serial, pake ? ByteView(code) : ByteView{}});
}

int run(std::string_view reading, bool plant) {
  const auto all = suites();
  const auto suite = std::ranges::find(all, reading, &Suite::reading);
  if (suite == all.end()) {
    std::fprintf(stderr, "no such reading\n");
    return 2;
  }
  int failures = 0;
  for (Backend* backend : backends()) {
    const bool completed = completes(*backend, *suite, plant);
    std::printf("%s %s: %s\n", std::string(backend->name()).c_str(), std::string(reading).c_str(),
                completed ? "completed" : "did not complete");
    if (!completed) ++failures;
    if (plant) continue;
    for (const auto& [name, done] : {std::pair{"every operation", operations(backend->crypto())},
                                     {"SPAKE2+", spake2plus(backend->crypto())}}) {
      std::printf("%s %s: %s\n", std::string(backend->name()).c_str(), name,
                  done ? "done" : "failed");
      if (!done) ++failures;
    }
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
