// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <bit>
#include <optional>

#include "protocol/der.h"
#include "protocol/pkix_parts.h"

namespace wib {
namespace {

using der::Reader;
using der::Tag;
using der::well_formed;

constexpr std::uint32_t min_rsa_bits = 1024;
constexpr std::uint32_t max_rsa_bits = 4096;
constexpr std::size_t max_public_exponent_size = 8;
constexpr std::size_t ed25519_key_size = 32;

// Object identifiers, without their headers.
constexpr std::array<Byte, 9> oid_rsa = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01};
constexpr std::array<Byte, 7> oid_ec = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01};
constexpr std::array<Byte, 8> oid_p256 = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
constexpr std::array<Byte, 5> oid_p384 = {0x2b, 0x81, 0x04, 0x00, 0x22};
constexpr std::array<Byte, 5> oid_p521 = {0x2b, 0x81, 0x04, 0x00, 0x23};
constexpr std::array<Byte, 3> oid_ed25519 = {0x2b, 0x65, 0x70};

std::unexpected<Error> bad_certificate(std::string_view where) {
  return fail(Errc::bad_certificate, where);
}
std::unexpected<Error> bad_key(std::string_view where) { return fail(Errc::bad_key, where); }

// The digits of a positive INTEGER without the sign's zero octet, or null.
std::optional<ByteView> positive(std::optional<ByteView> integer) {
  if (!integer || integer->empty() || ((*integer)[0] & 0x80U) != 0) return std::nullopt;
  const ByteView digits = (*integer)[0] == 0 ? integer->subspan(1) : *integer;
  if (digits.empty()) return std::nullopt;  // zero
  return digits;
}

std::uint32_t bits_of(ByteView digits) {
  if (digits.empty()) return 0;
  return static_cast<std::uint32_t>(8 * digits.size()) -
         static_cast<std::uint32_t>(std::countl_zero(digits[0]));
}

bool odd(ByteView digits) { return !digits.empty() && (digits.back() & 1U) != 0; }

// An RSA public key that every backend computes with alike.
bool usable_rsa(ByteView n, ByteView e) {
  return odd(n) && bits_of(n) >= min_rsa_bits && bits_of(n) <= max_rsa_bits && odd(e) &&
         bits_of(e) >= 2 && e.size() <= max_public_exponent_size;
}

KeyType curve_of(ByteView oid) {
  if (same_bytes(oid, oid_p256)) return KeyType::ec_p256;
  if (same_bytes(oid, oid_p384)) return KeyType::ec_p384;
  if (same_bytes(oid, oid_p521)) return KeyType::ec_p521;
  return KeyType::other;
}

std::uint32_t field_bits(KeyType type) {
  switch (type) {
    case KeyType::ec_p256: return 256;
    case KeyType::ec_p384: return 384;
    case KeyType::ec_p521: return 521;
    default: return 0;
  }
}

bool uncompressed_point(KeyType curve, ByteView point) {
  return point.size() == 1 + 2 * field_size(curve) && point[0] == 0x04;
}

// AlgorithmIdentifier of a key: its type as far as we tell types apart. RFC 3279 2.3.1: RSA has
// NULL for parameters; RFC 5480 2.1.1: EC names its curve; RFC 8410 3: Ed25519 has none.
std::optional<KeyType> key_algorithm(ByteView algorithm) {
  Reader reader(algorithm);
  const auto oid = reader.take(Tag::oid);
  if (!oid) return std::nullopt;
  if (same_bytes(*oid, oid_rsa)) {
    if (!reader.take_last(Tag::null)) return std::nullopt;
    return KeyType::rsa;
  }
  if (same_bytes(*oid, oid_ec)) {
    const auto curve = reader.take_last(Tag::oid);
    return curve ? curve_of(*curve) : KeyType::other;  // explicit parameters are `other`
  }
  if (same_bytes(*oid, oid_ed25519)) {
    if (!reader.empty()) return std::nullopt;
    return KeyType::ed25519;
  }
  return KeyType::other;
}

Result<PrivateKeyView> read_rsa(ByteView content) {
  Reader reader(content);
  const auto version = reader.take(Tag::integer);
  // Version 0: two primes.
  if (!version || version->size() != 1 || (*version)[0] != 0) return bad_key("key: RSA version");
  PrivateKeyView key;
  key.type = KeyType::rsa;
  for (ByteView PrivateKeyView::* member :
       {&PrivateKeyView::n, &PrivateKeyView::e, &PrivateKeyView::d, &PrivateKeyView::p,
        &PrivateKeyView::q, &PrivateKeyView::d_p, &PrivateKeyView::d_q,
        &PrivateKeyView::q_inverse}) {
    const auto number = positive(reader.take(Tag::integer));
    if (!number) return bad_key("key: RSA numbers");
    key.*member = *number;
  }
  if (!reader.empty()) return bad_key("key: RSA numbers");
  if (!usable_rsa(key.n, key.e)) return bad_key("key: RSA size");
  return key;
}

Result<PrivateKeyView> read_ec(KeyType curve, ByteView content) {
  Reader reader(content);
  const auto version = reader.take(Tag::integer);
  const auto scalar = reader.take(Tag::octet_string);
  const auto parameters = reader.take(Tag::context_0);
  const auto public_key = reader.take(Tag::context_1);
  if (!version || version->size() != 1 || (*version)[0] != 1 || !scalar || !reader.empty()) {
    return bad_key("key: EC fields");
  }
  PrivateKeyView key;
  key.type = curve;
  if (scalar->size() != field_size(curve)) return bad_key("key: EC scalar");
  key.scalar = *scalar;
  if (parameters) {  // once more, and then the same
    Reader inner(*parameters);
    const auto oid = inner.take_last(Tag::oid);
    if (!oid || curve_of(*oid) != curve) return bad_key("key: EC parameters");
  }
  if (public_key) {
    Reader inner(*public_key);
    const auto bits = inner.take_last(Tag::bit_string);
    if (!bits || (*bits)[0] != 0 || !uncompressed_point(curve, bits->subspan(1))) {
      return bad_key("key: EC public key");
    }
    key.point = bits->subspan(1);
  }
  return key;
}

}  // namespace

Result<PublicKeyView> read_public_key(ByteView info) noexcept {
  Reader reader(info);
  const auto algorithm = reader.take(Tag::sequence);
  const auto bits = reader.take_last(Tag::bit_string);
  if (!algorithm || !bits) return bad_certificate("certificate: subjectPublicKeyInfo");
  const auto type = key_algorithm(*algorithm);
  if (!type) return bad_certificate("certificate: public key algorithm");

  PublicKeyView key;
  if (*type == KeyType::other) return key;
  key.type = *type;
  if ((*bits)[0] != 0) return bad_certificate("certificate: public key");  // whole octets
  const ByteView encoded = bits->subspan(1);
  if (*type == KeyType::ed25519) {
    if (encoded.size() != ed25519_key_size) return bad_certificate("certificate: public key");
    return key;
  }
  if (*type != KeyType::rsa) {
    if (!uncompressed_point(*type, encoded)) return bad_certificate("certificate: public point");
    key.bits = field_bits(*type);
    key.point = encoded;
    return key;
  }
  if (!well_formed(encoded)) return bad_certificate("certificate: public key");
  Reader outer(encoded);
  const auto numbers = outer.take_last(Tag::sequence);
  if (!numbers) return bad_certificate("certificate: public key");
  Reader inner(*numbers);
  const auto n = positive(inner.take(Tag::integer));
  const auto e = positive(inner.take_last(Tag::integer));
  if (!n || !e) return bad_certificate("certificate: public key");
  if (!usable_rsa(*n, *e)) return PublicKeyView{};
  key.bits = bits_of(*n);
  key.n = *n;
  key.e = *e;
  return key;
}

Result<PrivateKeyView> read_private_key(ByteView private_key) noexcept {
  if (!well_formed(private_key)) return bad_key("key: DER");
  Reader outer(private_key);
  const auto content = outer.take_last(Tag::sequence);
  if (!content) return bad_key("key: fields");
  Reader reader(*content);
  const auto version = reader.take(Tag::integer);
  const auto algorithm = reader.take(Tag::sequence);
  const auto inner = reader.take(Tag::octet_string);
  if (!version || version->size() != 1 || (*version)[0] != 0 || !algorithm || !inner) {
    return bad_key("key: not PKCS#8");
  }
  (void)reader.take(Tag::context_0);  // attributes, which nobody reads
  if (!reader.empty()) return bad_key("key: not PKCS#8");
  const auto type = key_algorithm(*algorithm);
  if (!type || *type == KeyType::other || *type == KeyType::ed25519) return bad_key("key: type");
  if (!well_formed(*inner)) return bad_key("key: DER");
  Reader key(*inner);
  const auto fields = key.take_last(Tag::sequence);
  if (!fields) return bad_key("key: fields");
  return *type == KeyType::rsa ? read_rsa(*fields) : read_ec(*type, *fields);
}

std::size_t field_size(KeyType type) noexcept { return (field_bits(type) + 7) / 8; }

}  // namespace wib
