// SPDX-License-Identifier: Apache-2.0
//
// Symbolic cryptography for traces: the ports of the core over Terms. Perfect, as the ideal backend
// is, and by the same laws; faster, because a value says which term it is, and because only what
// the protocol does is modelled (a multiple of a point by 2^31 or more is an error). The judgements
// are overridden: they look at terms.
//
// SolvingCrypto asks "what would this receiver accept?": a message may have holes, and the
// receiver's own acts of judgement fill them.
#pragma once

#include <array>
#include <optional>

#include "fuzz/trace/terms.h"
#include "protocol/certificates.h"
#include "protocol/crypto.h"
#include "protocol/noise_source.h"
#include "protocol/random.h"
#include "protocol/store.h"

namespace wib::fuzz {

class SymbolicCrypto : public Crypto {
 public:
  explicit SymbolicCrypto(Terms& terms) noexcept : terms_(terms) {}
  virtual ~SymbolicCrypto() = default;

  bool equal(ByteView a, ByteView b) noexcept override { return same_bytes(a, b); }
  Result<> check_share(ByteView share, ByteView modulus) override;
  Result<bool> in_prime_subgroup(ByteView share, ByteView modulus) override;

 protected:
  Result<> do_aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override;
  Result<> do_aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) override;
  Result<> do_aes256_gcm_open(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                              ByteView tag, ByteSpan out) override;
  Result<> do_chacha20_poly1305_open(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                                     ByteView tag, ByteSpan out) override;
  Result<> do_aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override;
  Result<> do_aes256_gcm_seal(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                              ByteSpan out, ByteSpan tag) override;
  Result<> do_chacha20_poly1305_seal(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                                     ByteSpan out, ByteSpan tag) override;

  Terms& terms_;

 private:
  Result<> do_sha256(Pieces message, ByteSpan digest) override;
  Result<> do_hmac_sha256(ByteView key, Pieces message, ByteSpan tag) override;
  Result<> do_hmac_sha512(ByteView key, Pieces message, ByteSpan tag) override;
  Result<> do_pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t iterations,
                            ByteSpan key) override;
  Result<std::size_t> do_mod_exp(ByteView base, ByteView exponent, ByteView modulus,
                                 ByteSpan out) override;
  Result<> do_x25519(ByteView scalar, ByteView u, ByteSpan out) override;
  Result<bool> do_p256_on_curve(ByteView point) override;
  Result<bool> do_p256_base_mul(ByteView scalar, ByteSpan out) override;
  Result<bool> do_p256_mul(ByteView scalar, ByteView point, ByteSpan out) override;
  Result<bool> do_p256_mul_add(ByteView a, ByteView p, ByteView b, ByteView q,
                               ByteSpan out) override;

  // A one-way function of a key (may be none) and a message.
  void digest(std::uint64_t function, ByteView key, Pieces message, ByteSpan out);
  // The ciphertext node of a plaintext under what `function`, key, IV and associated data say.
  [[nodiscard]] Ref encrypt(std::uint64_t function, ByteView key, ByteView iv, ByteView associated,
                            ByteView plaintext);
  [[nodiscard]] std::uint64_t context_of(std::uint64_t function, ByteView key, ByteView iv,
                                         ByteView associated);
  // The plaintext, if `in` was made so; else nullopt.
  [[nodiscard]] std::optional<ByteView> opened(std::uint64_t context, ByteView in) const;
  void seal(std::uint64_t function, ByteView key, ByteView nonce, ByteView associated, ByteView in,
            ByteSpan out, ByteSpan tag);
  [[nodiscard]] Result<> open(std::uint64_t function, ByteView key, ByteView nonce,
                              ByteView associated, ByteView in, ByteView tag, ByteSpan out);

  // Sums of products of scalars and points.
  struct Summand {
    Ref product = 0;
    std::int32_t coefficient = 0;
  };
  static constexpr std::size_t max_summands = 6;
  struct Sum {
    std::array<Summand, max_summands> parts;
    std::size_t size = 0;
  };
  [[nodiscard]] bool add(Sum& sum, ByteView scalar, ByteView point);
  [[nodiscard]] bool insert(Sum& sum, Summand summand);
  [[nodiscard]] Result<bool> give(const Sum& sum, ByteSpan out);

  std::vector<Ref> refs_;
  std::vector<Byte> joined_;
};

// What a hole turned out to have to be, if anything asked.
struct Solution {
  Ref hole = 0;
  std::vector<Byte> bytes;
  bool found = false;
};

class SolvingCrypto final : public SymbolicCrypto {
 public:
  explicit SolvingCrypto(Terms& terms) noexcept : SymbolicCrypto(terms) {}

  static constexpr std::size_t max_holes = 4;

  // Forgets all holes. `wish`: the plaintext that a sealed payload had best have; it outlives the
  // solving.
  void begin(ByteView wish) noexcept;
  // A new hole of that size (at least Terms::min_size): its value.
  void add_hole(ByteSpan value);
  // What the n-th hole has to be; nullopt if nobody asked.
  [[nodiscard]] std::optional<ByteView> solution(std::size_t n) const noexcept;

  bool equal(ByteView a, ByteView b) noexcept override;
  Result<bool> verify_hmac_sha256(ByteView key, ByteView message, ByteView tag) override;
  Result<bool> verify_hmac_sha512(ByteView key, ByteView message, ByteView tag) override;

 private:
  Result<> do_aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override;
  Result<> do_aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) override;
  Result<> do_aes256_gcm_open(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                              ByteView tag, ByteSpan out) override;
  Result<> do_chacha20_poly1305_open(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                                     ByteView tag, ByteSpan out) override;

  [[nodiscard]] Solution* hole(ByteView bytes) noexcept;
  // True if `bytes` is what the hole has to be, which it may become by that.
  [[nodiscard]] static bool unify(Solution& hole, ByteView bytes);
  // The wish in `size` bytes; with PKCS#7 where it is shorter. False if it does not fit.
  [[nodiscard]] bool wished(ByteSpan out) const noexcept;

  std::array<Solution, max_holes> holes_;
  std::size_t count_ = 0;
  ByteView wish_;
};

// A certificate and a private key belong together if they are atoms of one number.
class SymbolicCertificates final : public Certificates {
 public:
  explicit SymbolicCertificates(const Terms& terms) noexcept : terms_(terms) {}
  Result<CertificateInfo> inspect(ByteView) override { return fail(Errc::unsupported, "x509"); }
  Result<std::size_t> sign(ByteView, ByteView, ByteSpan) override {
    return fail(Errc::unsupported, "x509");
  }
  Result<bool> verify(ByteView, ByteView, ByteView) override {
    return fail(Errc::unsupported, "x509");
  }
  Result<> check_pair(ByteView certificate, ByteView private_key) override;

  // The pair of that number.
  static constexpr std::size_t value_size = 24;
  static void make_pair(Terms& terms, unsigned number, ByteSpan certificate, ByteSpan key);
  [[nodiscard]] static Ref certificate(Terms& terms, unsigned number);
  [[nodiscard]] static Ref private_key(Terms& terms, unsigned number);

 private:
  const Terms& terms_;
};

// Draws: each is an atom, named by whose it is, by the boot and by its number. A generator that
// repeats itself begins with the same atoms at every boot.
class SymbolicRandom final : public Random {
 public:
  SymbolicRandom(Terms& terms, unsigned party) noexcept : terms_(terms), party_(party) {}
  Result<> fill(ByteSpan out) override;
  void restart(unsigned boot) noexcept {
    boot_ = boot;
    drawn_ = 0;
  }

 private:
  Terms& terms_;
  unsigned party_;
  unsigned boot_ = 0;
  std::uint32_t drawn_ = 0;
};

// Samples that no health test objects to at the entropy that is claimed, and that nobody knows.
class SymbolicNoise final : public NoiseSource {
 public:
  SymbolicNoise(Terms& terms, unsigned party) noexcept : random_(terms, party) {}
  Result<> sample(ByteSpan samples) override { return random_.fill(samples); }
  // A value is eight bytes again and again.
  std::uint32_t claimed_millibits() const noexcept override { return 1000; }
  SymbolicRandom& random() noexcept { return random_; }

 private:
  SymbolicRandom random_;
};

// A store without an allocation; a copyable value.
class FlatStore final : public Store {
 public:
  Result<std::optional<std::size_t>> get(Record record, ByteSpan out) override;
  Result<> put(Record record, ByteView contents) override;
  void clear() noexcept {
    for (auto& there : present_) there = false;
  }

 private:
  static constexpr std::size_t room = 192;
  std::array<Buffer<room>, 3> records_;
  std::array<bool, 3> present_{};
};

}  // namespace wib::fuzz
