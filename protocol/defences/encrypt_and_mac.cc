// SPDX-License-Identifier: Apache-2.0
#include "protocol/defences/protection.h"

#include "protocol/secrets.h"

namespace wib {
namespace {

// What both readings share: the envelope, the tag over the plaintext, the order of things. The
// cipher is the only difference.
class EncryptAndMac : public Protection {
 public:
  std::string_view name() const noexcept final { return "encrypt_and_mac"; }
  bool acknowledges() const noexcept final { return false; }

  Body parse_sealed(ByteView body) const noexcept final {
    const auto parsed = wib::parse_sealed(body);
    if (parsed) return *parsed;
    return parsed.error();
  }

  Result<ByteView> write_sealed(const Body& body, ByteSpan out) const noexcept final {
    const Sealed* sealed = std::get_if<Sealed>(&body);
    if (sealed == nullptr) return fail(Errc::missing_field, "sealed");
    return wib::write_sealed(*sealed, out);
  }

  std::size_t sealed_size(std::size_t size) const noexcept final {
    return aes_block_size + ciphertext_size(size) + sha512_size;
  }

  Result<Body> seal(Crypto& crypto, Random& random, const DirectionKeys& keys, const SealContext&,
                    ByteView plaintext, ByteSpan out) const final {
    if (out.size() < sealed_size(plaintext.size())) return fail(Errc::capacity, "sealed");
    const ByteSpan iv = out.first(aes_block_size);
    const ByteSpan ciphertext = out.subspan(aes_block_size, ciphertext_size(plaintext.size()));
    const ByteSpan tag = out.subspan(aes_block_size + ciphertext.size(), sha512_size);
    if (auto drawn = random.fill(iv); !drawn) return std::unexpected(drawn.error());
    if (auto done = encrypt(crypto, keys.encryption.view(), iv, plaintext, ciphertext); !done) {
      return std::unexpected(done.error());
    }
    if (auto done = crypto.hmac_sha512(keys.mac.view(), plaintext, tag); !done) {
      return std::unexpected(done.error());
    }
    declassify(ciphertext);  // both are sent
    declassify(tag);
    return Sealed{iv, ciphertext, tag};
  }

  Result<ByteView> open(Crypto& crypto, const DirectionKeys& keys, const SealContext&,
                        const Body& body, ByteSpan out) const final {
    if (const Error* error = std::get_if<Error>(&body)) return std::unexpected(*error);
    const Sealed* sealed = std::get_if<Sealed>(&body);
    if (sealed == nullptr) return fail(Errc::missing_field, "sealed");
    if (out.size() < sealed->ciphertext.size()) return fail(Errc::capacity, "sealed: ciphertext");
    const ByteSpan plain = out.first(sealed->ciphertext.size());
    const auto opened = decrypt_and_verify(crypto, keys, *sealed, plain);
    if (!opened) secure_wipe(plain);
    return opened;
  }

 protected:
  ~EncryptAndMac() = default;

  [[nodiscard]] virtual std::size_t ciphertext_size(std::size_t size) const noexcept = 0;
  [[nodiscard]] virtual Result<> encrypt(Crypto& crypto, ByteView key, ByteView iv,
                                         ByteView plaintext, ByteSpan ciphertext) const = 0;
  // Returns the size of the plaintext in `plain`.
  [[nodiscard]] virtual Result<std::size_t> decrypt(Crypto& crypto, ByteView key, ByteView iv,
                                                    ByteView ciphertext, ByteSpan plain) const = 0;

 private:
  Result<ByteView> decrypt_and_verify(Crypto& crypto, const DirectionKeys& keys,
                                      const Sealed& sealed, ByteSpan plain) const {
    if (sealed.iv.size() != aes_block_size) return fail(Errc::out_of_range, "sealed: iv");
    const auto size = decrypt(crypto, keys.encryption.view(), sealed.iv, sealed.ciphertext, plain);
    if (!size) return std::unexpected(size.error());
    const ByteView plaintext = plain.first(*size);
    // "In plain": the tag can be checked only once everything has been decrypted.
    const auto verified = crypto.verify_hmac_sha512(keys.mac.view(), plaintext, sealed.tag);
    if (!verified) return std::unexpected(verified.error());
    if (!*verified) return fail(Errc::bad_tag, "sealed: tag");
    // A message now: its parser looks at it. What is secret in it goes no further than the store.
    declassify(plaintext);
    return plaintext;
  }
};

class Cbc final : public EncryptAndMac {
 public:
  std::string_view reading() const noexcept override { return "cbc"; }

 private:
  std::size_t ciphertext_size(std::size_t size) const noexcept override {
    return (size / aes_block_size + 1) * aes_block_size;
  }

  Result<> encrypt(Crypto& crypto, ByteView key, ByteView iv, ByteView plaintext,
                   ByteSpan ciphertext) const override {
    // PKCS#7 (RFC 5652 section 6.3): 1 to 16 bytes, each their number.
    const auto pad = static_cast<Byte>(ciphertext.size() - plaintext.size());
    std::ranges::copy(plaintext, ciphertext.begin());
    std::ranges::fill(ciphertext.subspan(plaintext.size()), pad);
    return crypto.aes256_cbc_encrypt(key, iv, ciphertext, ciphertext);
  }

  Result<std::size_t> decrypt(Crypto& crypto, ByteView key, ByteView iv, ByteView ciphertext,
                              ByteSpan plain) const override {
    if (ciphertext.empty() || ciphertext.size() % aes_block_size != 0) {
      return fail(Errc::out_of_range, "sealed: ciphertext");
    }
    if (auto done = crypto.aes256_cbc_decrypt(key, iv, ciphertext, plain); !done) {
      return std::unexpected(done.error());
    }
    // The whole last block is looked at, whatever the padding.
    const unsigned pad = plain.back();
    unsigned wrong = static_cast<unsigned>(pad - 1U >= aes_block_size);
    for (unsigned i = 0; i < aes_block_size; ++i) {
      const unsigned in_padding = static_cast<unsigned>(i < pad);
      wrong |= in_padding * (plain[plain.size() - 1 - i] ^ pad);
    }
    // As posted, the tag is over the plaintext, so the padding must come off before anything is
    // verified: its validity and size do show in time. The status says nothing of it.
    if (declassified(wrong) != 0) return fail(Errc::bad_padding, "sealed: padding");
    return plain.size() - declassified(pad);
  }
};

class Ctr final : public EncryptAndMac {
 public:
  std::string_view reading() const noexcept override { return "ctr"; }

 private:
  std::size_t ciphertext_size(std::size_t size) const noexcept override { return size; }

  Result<> encrypt(Crypto& crypto, ByteView key, ByteView iv, ByteView plaintext,
                   ByteSpan ciphertext) const override {
    return crypto.aes256_ctr(key, iv, plaintext, ciphertext);
  }

  Result<std::size_t> decrypt(Crypto& crypto, ByteView key, ByteView iv, ByteView ciphertext,
                              ByteSpan plain) const override {
    if (auto done = crypto.aes256_ctr(key, iv, ciphertext, plain); !done) {
      return std::unexpected(done.error());
    }
    return plain.size();
  }
};

}  // namespace

const Protection& aes_cbc_encrypt_and_mac() noexcept {
  static constinit const Cbc choice;
  return choice;
}

const Protection& aes_ctr_encrypt_and_mac() noexcept {
  static constinit const Ctr choice;
  return choice;
}

}  // namespace wib
