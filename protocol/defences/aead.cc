// SPDX-License-Identifier: Apache-2.0
#include "protocol/big_endian.h"
#include "protocol/defences/protection.h"
#include "protocol/secrets.h"

namespace wib {
namespace {

// What both ciphers share: envelope, nonce and associated data.
class Aead : public Protection {
 public:
  std::string_view name() const noexcept final { return "aead"; }
  bool acknowledges() const noexcept final { return true; }

  Body parse_sealed(ByteView body) const noexcept final {
    const auto parsed = parse_aead(body);
    if (parsed) return *parsed;
    return parsed.error();
  }

  Result<ByteView> write_sealed(const Body& body, ByteSpan out) const noexcept final {
    const Sealed* sealed = std::get_if<Sealed>(&body);
    if (sealed == nullptr) return fail(Errc::missing_field, "sealed");
    return write_aead(*sealed, out);
  }

  std::size_t sealed_size(std::size_t size) const noexcept final { return size + aead_tag_size; }

  Result<Body> seal(Crypto& crypto, Random&, const DirectionKeys& keys, const SealContext& context,
                    ByteView plaintext, ByteSpan out) const final {
    if (out.size() < sealed_size(plaintext.size())) return fail(Errc::capacity, "sealed");
    const Bound bound(context);
    const ByteSpan ciphertext = out.first(plaintext.size());
    const ByteSpan tag = out.subspan(plaintext.size(), aead_tag_size);
    if (auto done = encrypt(crypto, keys.encryption.view(), bound, plaintext, ciphertext, tag);
        !done) {
      return std::unexpected(done.error());
    }
    declassify(ciphertext);  // both are sent
    declassify(tag);
    return Sealed{{}, ciphertext, tag};
  }

  Result<ByteView> open(Crypto& crypto, const DirectionKeys& keys, const SealContext& context,
                        const Body& body, ByteSpan out) const final {
    if (const Error* error = std::get_if<Error>(&body)) return std::unexpected(*error);
    const Sealed* sealed = std::get_if<Sealed>(&body);
    if (sealed == nullptr) return fail(Errc::missing_field, "sealed");
    if (!sealed->iv.empty()) return fail(Errc::unknown_field, "sealed: iv");
    if (sealed->tag.size() != aead_tag_size) return fail(Errc::out_of_range, "sealed: tag");
    if (out.size() < sealed->ciphertext.size()) return fail(Errc::capacity, "sealed: ciphertext");
    const ByteSpan plain = out.first(sealed->ciphertext.size());
    if (auto done = decrypt(crypto, keys.encryption.view(), Bound(context), *sealed, plain);
        !done) {
      // The port says only that it was not sealed so: name the field, as the grammar has it.
      if (done.error().code == Errc::bad_tag) return fail(Errc::bad_tag, "sealed: tag");
      return std::unexpected(done.error());
    }
    declassify(plain);  // a message now: its parser looks at it
    return ByteView(plain);
  }

 protected:
  // What a payload is bound to.
  class Bound {
   public:
    explicit Bound(const SealContext& context) noexcept {
      nonce_[0] = context.to_client ? 2 : 1;
      write_u64(context.counter, ByteSpan(nonce_).last(8));
      constexpr std::string_view label = "wib seal";
      auto* next = std::ranges::copy(label, associated_.begin()).out;
      *next++ = static_cast<Byte>(context.message);
      *next++ = context.to_client ? 2 : 1;
      const auto digest =
          context.transcript.first(std::min(context.transcript.size(), sha256_size));
      next = std::ranges::copy(digest, next).out;
      size_ = static_cast<std::size_t>(next - associated_.begin());
    }
    [[nodiscard]] ByteView nonce() const noexcept { return nonce_; }
    [[nodiscard]] ByteView associated() const noexcept {
      return ByteView(associated_).first(size_);
    }

   private:
    std::array<Byte, aead_nonce_size> nonce_{};
    std::array<Byte, 10 + sha256_size> associated_{};
    std::size_t size_ = 0;
  };

  ~Aead() = default;

  [[nodiscard]] virtual Result<> encrypt(Crypto& crypto, ByteView key, const Bound& bound,
                                         ByteView plaintext, ByteSpan ciphertext,
                                         ByteSpan tag) const = 0;
  // Errc::bad_tag, and `plain` holds zeros, if it was not sealed so.
  [[nodiscard]] virtual Result<> decrypt(Crypto& crypto, ByteView key, const Bound& bound,
                                         const Sealed& sealed, ByteSpan plain) const = 0;
};

class Gcm final : public Aead {
 public:
  std::string_view reading() const noexcept override { return "gcm"; }

 private:
  Result<> encrypt(Crypto& crypto, ByteView key, const Bound& bound, ByteView plaintext,
                   ByteSpan ciphertext, ByteSpan tag) const override {
    return crypto.aes256_gcm_seal(key, bound.nonce(), bound.associated(), plaintext, ciphertext,
                                  tag);
  }
  Result<> decrypt(Crypto& crypto, ByteView key, const Bound& bound, const Sealed& sealed,
                   ByteSpan plain) const override {
    return crypto.aes256_gcm_open(key, bound.nonce(), bound.associated(), sealed.ciphertext,
                                  sealed.tag, plain);
  }
};

class ChaCha final : public Aead {
 public:
  std::string_view reading() const noexcept override { return "chacha20"; }

 private:
  Result<> encrypt(Crypto& crypto, ByteView key, const Bound& bound, ByteView plaintext,
                   ByteSpan ciphertext, ByteSpan tag) const override {
    return crypto.chacha20_poly1305_seal(key, bound.nonce(), bound.associated(), plaintext,
                                         ciphertext, tag);
  }
  Result<> decrypt(Crypto& crypto, ByteView key, const Bound& bound, const Sealed& sealed,
                   ByteSpan plain) const override {
    return crypto.chacha20_poly1305_open(key, bound.nonce(), bound.associated(), sealed.ciphertext,
                                         sealed.tag, plain);
  }
};

}  // namespace

const Protection& aes256_gcm_aead() noexcept {
  static constinit const Gcm choice;
  return choice;
}

const Protection& chacha20_poly1305_aead() noexcept {
  static constinit const ChaCha choice;
  return choice;
}

}  // namespace wib
