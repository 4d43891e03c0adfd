// SPDX-License-Identifier: Apache-2.0
//
// A test vector, whoever wrote it: what goes in, what must come out, and where it is from.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/bytes.h"

namespace wib::conformance {

using Bytes = std::vector<Byte>;

// What is done with a vector: operations.h says how, and which values each takes.
enum class Operation : std::uint8_t {
  sha256,
  sha256_monte,
  hmac_sha256,
  hmac_sha512,
  hkdf_sha256,
  pbkdf2_sha256,
  aes256_cbc,
  aes256_cbc_padded,
  aes256_ctr,
  aes256_gcm,
  chacha20_poly1305,
  mod_exp,
  safe_prime,
  ffdh,
  ffdh_share,
  x25519,
  x25519_iterated,
  x25519_agree,
  p256_base_mul,
  p256_mul_add,
  p256_agree,
  p256_share,
  spake2p,
  verify,
  inspect,
  key_pair,
  tls
};
[[nodiscard]] std::string_view name(Operation operation) noexcept;
// Throws BadVector if there is no such operation.
[[nodiscard]] Operation operation_of(std::string_view name);

enum class Verdict : std::uint8_t {
  valid,
  invalid,
  acceptable  // Wycheproof's word for what may go either way: if taken, the result is right
};

// Why a vector is not run. There is no other way to leave one out.
enum class Skip : std::uint8_t {
  none,
  aes_key,
  hash,
  curve,
  cipher,
  hkdf_step,
  derivation,
  counter_width,
  parameters,
  not_declared
};
[[nodiscard]] std::string_view reason(Skip skip) noexcept;

// A vector, or a file of them, that is not what its reader was written for.
class BadVector : public std::runtime_error {
  using runtime_error::runtime_error;
};

struct Vector {
  std::string id;  // as its source counts: "tcId 12", "line 44"
  Operation operation{};
  Verdict verdict = Verdict::valid;
  Skip skip = Skip::none;
  std::map<std::string, Bytes, std::less<>> values;
  std::uint32_t count = 1;  // iterations, where an operation has them

  [[nodiscard]] bool has(std::string_view key) const { return values.contains(key); }
  // Throws BadVector if it has no such value.
  [[nodiscard]] const Bytes& at(std::string_view key) const;
};

// --- Bytes -----------------------------------------------------------------------------------

// Throws BadVector if `text` is not whole bytes in hexadecimal.
[[nodiscard]] Bytes from_hex(std::string_view text);
// A number in hexadecimal: an odd number of digits is fine.
[[nodiscard]] Bytes from_hex_number(std::string_view text);
// A number in decimal.
[[nodiscard]] Bytes from_decimal(std::string_view text);
[[nodiscard]] std::string to_hex(ByteView bytes);
[[nodiscard]] Bytes copy(ByteView view);
[[nodiscard]] Bytes concatenation(std::initializer_list<ByteView> parts);
// The same number in `size` bytes. Throws BadVector if it does not fit.
[[nodiscard]] Bytes resized(ByteView number, std::size_t size);

}  // namespace wib::conformance
