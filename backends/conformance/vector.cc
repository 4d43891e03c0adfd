// SPDX-License-Identifier: Apache-2.0
#include "backends/conformance/vector.h"

#include <array>

namespace wib::conformance {
namespace {

constexpr std::array operation_names = {"sha256",
                                        "sha256_monte",
                                        "hmac_sha256",
                                        "hmac_sha512",
                                        "hkdf_sha256",
                                        "pbkdf2_sha256",
                                        "aes256_cbc",
                                        "aes256_cbc_padded",
                                        "aes256_ctr",
                                        "aes256_gcm",
                                        "chacha20_poly1305",
                                        "mod_exp",
                                        "safe_prime",
                                        "ffdh",
                                        "ffdh_share",
                                        "x25519",
                                        "x25519_iterated",
                                        "x25519_agree",
                                        "p256_base_mul",
                                        "p256_mul_add",
                                        "p256_agree",
                                        "p256_share",
                                        "spake2p",
                                        "verify",
                                        "inspect",
                                        "key_pair",
                                        "tls"};
static_assert(operation_names.size() == static_cast<std::size_t>(Operation::tls) + 1);

unsigned digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  throw BadVector(std::string("not a hexadecimal digit: ") + c);
}

}  // namespace

std::string_view name(Operation operation) noexcept {
  return operation_names[static_cast<std::size_t>(operation)];
}

Operation operation_of(std::string_view name) {
  for (std::size_t i = 0; i < operation_names.size(); ++i) {
    if (operation_names[i] == name) return static_cast<Operation>(i);
  }
  throw BadVector("no operation is called " + std::string(name));
}

std::string_view reason(Skip skip) noexcept {
  switch (skip) {
    case Skip::none: return "";
    case Skip::aes_key: return "AES-128 or AES-192: the port has AES-256 alone";
    case Skip::hash: return "another hash: the port has SHA-256, and SHA-512 in HMAC";
    case Skip::curve: return "another curve: the port has P-256 and X25519";
    case Skip::cipher: return "a cipher that the port does not have";
    case Skip::hkdf_step: return "HKDF's extract or expand alone: the port has both in one";
    case Skip::derivation: return "a key derivation on top of the agreement that the port lacks";
    case Skip::counter_width: return "a counter narrower than its block: the port's is 128 bits";
    case Skip::parameters: return "whether a group is good: the port judges shares, not groups";
    case Skip::not_declared: return "not in this backend's manifest";
  }
  return "?";
}

const Bytes& Vector::at(std::string_view key) const {
  const auto found = values.find(key);
  if (found == values.end()) throw BadVector(id + " has no " + std::string(key));
  return found->second;
}

Bytes from_hex(std::string_view text) {
  if (text.size() % 2 != 0) throw BadVector("half a byte: " + std::string(text));
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    bytes.push_back(static_cast<Byte>(16 * digit(text[i]) + digit(text[i + 1])));
  }
  return bytes;
}

Bytes from_hex_number(std::string_view text) {
  return text.size() % 2 == 0 ? from_hex(text) : from_hex("0" + std::string(text));
}

Bytes from_decimal(std::string_view text) {
  Bytes little;
  for (const char c : text) {
    if (c < '0' || c > '9') throw BadVector("not a decimal digit: " + std::string(text));
    unsigned carry = digit(c);
    for (Byte& byte : little) {
      carry += 10U * byte;
      byte = static_cast<Byte>(carry);
      carry >>= 8U;
    }
    if (carry != 0) little.push_back(static_cast<Byte>(carry));
  }
  return {little.rbegin(), little.rend()};
}

std::string to_hex(ByteView bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const Byte byte : bytes) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

Bytes copy(ByteView view) { return {view.begin(), view.end()}; }

Bytes concatenation(std::initializer_list<ByteView> parts) {
  Bytes whole;
  for (const ByteView part : parts) whole.insert(whole.end(), part.begin(), part.end());
  return whole;
}

Bytes resized(ByteView number, std::size_t size) {
  while (number.size() > size) {
    if (number[0] != 0) throw BadVector("a number of more than " + std::to_string(size) + " bytes");
    number = number.subspan(1);
  }
  Bytes bytes(size - number.size());
  bytes.insert(bytes.end(), number.begin(), number.end());
  return bytes;
}

}  // namespace wib::conformance
