// SPDX-License-Identifier: Apache-2.0
//
// What explorers, fuzzers and benchmarks need of the ideal backend beyond the port: instances of
// their own, a way to forget, and a look at what bytes stand for. crypto.h says what is modelled.
//
// An instance remembers every byte string that it met, and grows until reset() or its end. At its
// limits an operation that may have something to remember is Errc::capacity; what remembers nothing
// is answered still: opening of AEAD, equal, check_share, inspect, origin, check_p256_share of a
// point that was made here, check_pair of a pair that was judged lately, and what the core answers
// by itself. One that began below the limits ends, at most its own operands and some megabytes
// above. A term with more than a thousand factors or five hundred summands is Errc::capacity too.
//
// reset() is allowed between runs: when no bytes that an operation gave before will be given to one
// again. What an operation gives does not depend on what was remembered (apart from collisions in
// groups of a few bytes), so a hash, a MAC or a share is the same after reset(); but a ciphertext
// from before cannot be opened any more, and a share from before is an element that nobody knows
// the exponent of. No look at time or addresses: the same calls give the same bytes in every
// process. One thread at a time for each instance.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "backends/backend.h"

// The namespace of this folder, whether it is seen from inside or from outside.
#ifdef WIB_BACKEND_NAMESPACE
namespace WIB_BACKEND_NAMESPACE {
#else
namespace wib_backend_ideal {
#endif

// What made a byte string. The arguments of each, in order, are behind it.
enum class Op : std::uint8_t {
  none,         // nothing here made it: it came from outside
  sha256,       // message
  sha512,       // message: of HMAC keys over one block
  hmac_sha256,  // key, message
  hmac_sha512,  // key, message
  pbkdf2,       // password, salt, iterations (4 bytes): the first 64 bytes of key
  cbc,          // key, iv, plaintext
  cbc_junk,     // key, iv, bytes that are no ciphertext under them
  ctr,          // key, counter, the partner of this string; in both directions
  gcm,          // key, nonce, associated data, plaintext: ciphertext and tag together
  chacha,       // the same
  power,        // modulus, base, exponent... in no particular order
  x25519,       // u, clamped scalar... in no particular order
  product,      // P-256, not seen outside: point, scalar...
  point,        // P-256: product, coefficient (8 bytes, two's complement), product, ...
  on_curve,     // not seen outside: the judgement on a point that came from outside
  signature     // public key, message
};

// How a byte string was made. Views are valid until the next operation.
struct Origin {
  Op op = Op::none;
  std::vector<wib::ByteView> arguments;
};

// At most 2^31 of each; above is taken as that.
struct Limits {
  // Byte strings, and ways they were made.
  std::size_t terms = std::size_t{1} << 22U;
  // In byte strings, and in lists of arguments: 4 for each.
  std::size_t bytes = std::size_t{1} << 29U;
};

class Instance : public wib::Backend {
 public:
  virtual ~Instance() = default;

  // Forgets everything but how the last few pairs were judged, at no cost; keeps the memory for the
  // next run.
  virtual void reset() noexcept = 0;

  // What the limits are of.
  [[nodiscard]] virtual std::size_t terms() const noexcept = 0;
  [[nodiscard]] virtual std::size_t bytes() const noexcept = 0;

  // How `bytes` were made; null if they were never met.
  [[nodiscard]] virtual std::optional<Origin> origin(wib::ByteView bytes) const = 0;
};

// A fresh instance with an arena of its own. Two instances agree on everything but ciphertexts and
// shares of each other's (above).
[[nodiscard]] std::unique_ptr<Instance> make(const Limits& limits = {});

// The one in the registry.
[[nodiscard]] Instance& registered();

}  // namespace
