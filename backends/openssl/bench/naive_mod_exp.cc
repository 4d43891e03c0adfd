// SPDX-License-Identifier: Apache-2.0

// SHA256_Update is deprecated and still the fastest way to many short hashes.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "backends/openssl/bench/naive_mod_exp.h"

#include <openssl/bn.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <string>

namespace wib_backend_openssl_bench {
namespace {

using wib::Byte;
using wib::ByteView;
using Digest = std::array<Byte, SHA256_DIGEST_LENGTH>;

// An HMAC key as the two hash states after its pads. Keys of up to 64 bytes.
class Hmac {
 public:
  explicit Hmac(ByteView key) {
    std::array<Byte, SHA256_CBLOCK> pad{};
    std::ranges::copy(key, pad.begin());
    for (Byte& b : pad) b ^= 0x36;
    SHA256_Init(&inner_);
    SHA256_Update(&inner_, pad.data(), pad.size());
    for (Byte& b : pad) b ^= 0x36 ^ 0x5c;
    SHA256_Init(&outer_);
    SHA256_Update(&outer_, pad.data(), pad.size());
  }

  Digest mac(std::uint64_t number) const {
    std::array<Byte, 8> message;
    for (std::size_t i = 0; i < 8; ++i) message[i] = static_cast<Byte>(number >> (56 - 8 * i));
    Digest digest;
    SHA256_CTX hash = inner_;
    SHA256_Update(&hash, message.data(), message.size());
    SHA256_Final(digest.data(), &hash);
    hash = outer_;
    SHA256_Update(&hash, digest.data(), digest.size());
    SHA256_Final(digest.data(), &hash);
    return digest;
  }

 private:
  SHA256_CTX inner_;
  SHA256_CTX outer_;
};

Hmac label_key(std::string_view label) {
  const std::string key = std::string("wib stream ").append(label);
  return Hmac(wib::as_bytes(key));
}

struct Free {
  void operator()(BIGNUM* x) const { BN_free(x); }
  void operator()(BN_CTX* x) const { BN_CTX_free(x); }
};
using Number = std::unique_ptr<BIGNUM, Free>;

Number number(ByteView bytes) {
  return Number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
}

}  // namespace

std::uint64_t naive_share_search(std::string_view label, std::uint64_t first, std::uint64_t count,
                                 ByteView p, ByteView share) {
  const Hmac extract = label_key(label);
  const std::unique_ptr<BN_CTX, Free> context(BN_CTX_new());
  const Number modulus = number(p);
  const Number wanted = number(share);
  const Number base(BN_new());
  const Number exponent(BN_new());
  const Number power(BN_new());
  BN_set_word(base.get(), 2);
  for (std::uint64_t seed = first; seed - first < count; ++seed) {
    const Hmac expand(extract.mac(seed));
    std::array<Byte, 64> stream;
    std::ranges::copy(expand.mac(0), stream.begin());
    std::ranges::copy(expand.mac(1), stream.begin() + 32);
    BN_bin2bn(stream.data() + 16, 32, exponent.get());
    if (BN_mod_exp(power.get(), base.get(), exponent.get(), modulus.get(), context.get()) != 1) {
      return none;
    }
    if (BN_cmp(power.get(), wanted.get()) == 0) return seed;
  }
  return none;
}

Byte bare_kdf(std::string_view label, std::uint64_t first, std::uint64_t count) {
  const Hmac extract = label_key(label);
  Byte sum = 0;
  for (std::uint64_t seed = first; seed - first < count; ++seed) {
    sum ^= Hmac(extract.mac(seed)).mac(0)[0];
  }
  return sum;
}

}  // namespace wib_backend_openssl_bench
