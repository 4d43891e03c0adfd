// SPDX-License-Identifier: Apache-2.0
//
// MemoisingCrypto: a real library that is asked each costly question once. An exhaustive comparison
// asks for the same powers and points again and again; the answers are the library's own.
#pragma once

#include <string>
#include <unordered_map>

#include "protocol/certificates.h"
#include "protocol/crypto.h"

namespace wib::models {

// Answers by everything that was asked.
class Memory {
 public:
  // A question, as one string: each part behind its length.
  template <class... Parts>
  [[nodiscard]] static std::string question(char operation, const Parts&... parts) {
    std::string text(1, operation);
    (append(text, parts), ...);
    return text;
  }
  [[nodiscard]] const std::string* find(const std::string& question) {
    const auto found = answers_.find(question);
    if (found == answers_.end()) return nullptr;
    ++remembered_;
    return &found->second;
  }
  void keep(std::string question, ByteView answer) {
    answers_.emplace(std::move(question), std::string(answer.begin(), answer.end()));
  }
  [[nodiscard]] std::size_t asked() const noexcept { return answers_.size(); }
  [[nodiscard]] std::size_t remembered() const noexcept { return remembered_; }

 private:
  static void append(std::string& text, ByteView part) {
    const std::size_t size = part.size();
    text.append(reinterpret_cast<const char*>(&size), sizeof size);
    text.append(part.begin(), part.end());
  }
  std::unordered_map<std::string, std::string> answers_;
  std::size_t remembered_ = 0;
};

class MemoisingCrypto final : public Crypto {
 public:
  explicit MemoisingCrypto(Crypto& real) : real_(real) {}
  [[nodiscard]] const Memory& memory() const noexcept { return memory_; }

 private:
  // What is cheap goes through.
  Result<> do_sha256(Pieces message, ByteSpan digest) override {
    return real_.sha256(message, digest);
  }
  Result<> do_hmac_sha256(ByteView key, Pieces message, ByteSpan tag) override {
    return real_.hmac_sha256(key, message, tag);
  }
  Result<> do_hmac_sha512(ByteView key, Pieces message, ByteSpan tag) override {
    return real_.hmac_sha512(key, message, tag);
  }
  Result<> do_hkdf_sha256(ByteView salt, ByteView ikm, ByteView info, ByteSpan okm) override {
    return real_.hkdf_sha256(salt, ikm, info, okm);
  }
  Result<> do_aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override {
    return real_.aes256_cbc_encrypt(key, iv, in, out);
  }
  Result<> do_aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override {
    return real_.aes256_cbc_decrypt(key, iv, in, out);
  }
  Result<> do_aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) override {
    return real_.aes256_ctr(key, counter, in, out);
  }
  Result<> do_aes256_gcm_seal(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                              ByteSpan out, ByteSpan tag) override {
    return real_.aes256_gcm_seal(key, nonce, associated, in, out, tag);
  }
  Result<> do_aes256_gcm_open(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                              ByteView tag, ByteSpan out) override {
    return real_.aes256_gcm_open(key, nonce, associated, in, tag, out);
  }
  Result<> do_chacha20_poly1305_seal(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                                     ByteSpan out, ByteSpan tag) override {
    return real_.chacha20_poly1305_seal(key, nonce, associated, in, out, tag);
  }
  Result<> do_chacha20_poly1305_open(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                                     ByteView tag, ByteSpan out) override {
    return real_.chacha20_poly1305_open(key, nonce, associated, in, tag, out);
  }
  Result<> do_x25519(ByteView scalar, ByteView u, ByteSpan out) override {
    return real_.x25519(scalar, u, out);
  }

  // What is not is asked once. Errors are not remembered.
  Result<> do_pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t iterations,
                            ByteSpan key) override {
    const std::array<Byte, 4> count = {
        static_cast<Byte>(iterations >> 24U), static_cast<Byte>(iterations >> 16U),
        static_cast<Byte>(iterations >> 8U), static_cast<Byte>(iterations)};
    const std::array<Byte, 1> size = {static_cast<Byte>(key.size())};
    return once(Memory::question('k', password, salt, ByteView(count), ByteView(size)), key,
                [&] { return real_.pbkdf2_sha256(password, salt, iterations, key); });
  }
  Result<std::size_t> do_mod_exp(ByteView base, ByteView exponent, ByteView modulus,
                                 ByteSpan out) override {
    const ByteSpan room = out.first(modulus.size());
    auto done = once(Memory::question('m', base, exponent, modulus), room,
                     [&]() -> Result<> { return real_.mod_exp(base, exponent, modulus, room); });
    if (!done) return std::unexpected(done.error());
    return room.size();
  }
  Result<bool> do_p256_base_mul(ByteView scalar, ByteSpan out) override {
    return finite(once(Memory::question('b', scalar), out,
                       [&]() -> Result<> { return real_.p256_base_mul(scalar, out); }),
                  out);
  }
  Result<bool> do_p256_mul(ByteView scalar, ByteView point, ByteSpan out) override {
    return finite(once(Memory::question('p', scalar, point), out,
                       [&]() -> Result<> { return real_.p256_mul(scalar, point, out); }),
                  out);
  }
  Result<bool> do_p256_mul_add(ByteView a, ByteView p, ByteView b, ByteView q,
                               ByteSpan out) override {
    return finite(once(Memory::question('a', a, p, b, q), out,
                       [&]() -> Result<> { return real_.p256_mul_add(a, p, b, q, out); }),
                  out);
  }

  static Result<bool> finite(const Result<>& done, ByteView out) {
    if (!done) return std::unexpected(done.error());
    return out[0] != 0;  // infinity is all zeros
  }

  template <class Call>
  Result<> once(std::string question, ByteSpan out, Call call) {
    if (const std::string* known = memory_.find(question)) {
      std::ranges::copy(*known, out.begin());
      return {};
    }
    auto done = call();
    if (done) memory_.keep(std::move(question), out);
    return done;
  }

  Crypto& real_;
  Memory memory_;
};

// The same for the judgement on a pair; the rest is not asked for here.
class MemoisingCertificates final : public Certificates {
 public:
  explicit MemoisingCertificates(Certificates& real) : real_(real) {}

  Result<CertificateInfo> inspect(ByteView certificate) override {
    return real_.inspect(certificate);
  }
  Result<std::size_t> sign(ByteView private_key, ByteView message, ByteSpan signature) override {
    return real_.sign(private_key, message, signature);
  }
  Result<bool> verify(ByteView certificate, ByteView message, ByteView signature) override {
    return real_.verify(certificate, message, signature);
  }
  Result<> check_pair(ByteView certificate, ByteView private_key) override {
    std::string question = Memory::question('c', certificate, private_key);
    if (memory_.find(question) != nullptr) return {};
    auto works = real_.check_pair(certificate, private_key);
    if (works) memory_.keep(std::move(question), {});
    return works;
  }

 private:
  Certificates& real_;
  Memory memory_;
};

}  // namespace wib::models
