// SPDX-License-Identifier: Apache-2.0
#include "protocol/der.h"

#include <bit>

namespace wib::der {
namespace {

constexpr Byte constructed_bit = 0x20;
constexpr Byte class_bits = 0xc0;
constexpr Byte tag_number_bits = 0x1f;
// Certificates nest some ten deep; the bound keeps the stack of a small machine safe.
constexpr int max_depth = 16;

constexpr std::uint32_t min_rsa_bits = 1024;
constexpr std::uint32_t max_rsa_bits = 4096;
constexpr std::size_t max_public_exponent_size = 8;

// Object identifiers, without their headers.
constexpr std::array<Byte, 9> oid_rsa = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01};
constexpr std::array<Byte, 7> oid_ec = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01};
constexpr std::array<Byte, 8> oid_p256 = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
constexpr std::array<Byte, 5> oid_p384 = {0x2b, 0x81, 0x04, 0x00, 0x22};
constexpr std::array<Byte, 5> oid_p521 = {0x2b, 0x81, 0x04, 0x00, 0x23};
constexpr std::array<Byte, 3> oid_ed25519 = {0x2b, 0x65, 0x70};
constexpr std::array<Byte, 3> oid_key_usage = {0x55, 0x1d, 0x0f};
constexpr std::array<Byte, 3> oid_subject_alt_name = {0x55, 0x1d, 0x11};
constexpr std::array<Byte, 3> oid_basic_constraints = {0x55, 0x1d, 0x13};
constexpr std::array<Byte, 3> oid_extended_key_usage = {0x55, 0x1d, 0x25};

std::unexpected<Error> bad_certificate(std::string_view where) {
  return fail(Errc::bad_certificate, where);
}
std::unexpected<Error> bad_key(std::string_view where) { return fail(Errc::bad_key, where); }

bool good_integer(ByteView content) {
  if (content.empty()) return false;
  if (content.size() == 1) return true;
  // The first nine bits may not all be the same: a shorter encoding exists.
  const bool next_bit = (content[1] & 0x80U) != 0;
  return !(content[0] == 0x00 && !next_bit) && !(content[0] == 0xff && next_bit);
}

bool good_bit_string(ByteView content) {
  if (content.empty() || content[0] > 7) return false;
  if (content.size() == 1) return content[0] == 0;
  return (content.back() & ((1U << content[0]) - 1U)) == 0;
}

bool good_oid(ByteView content) {
  if (content.empty() || (content.back() & 0x80U) != 0) return false;
  bool first = true;  // of a component, which may not begin with a zero digit
  for (const Byte byte : content) {
    if (first && byte == 0x80) return false;
    first = (byte & 0x80U) == 0;
  }
  return true;
}

bool good_primitive(const Element& element) {
  const ByteView content = element.content;
  switch (static_cast<Tag>(element.tag)) {
    case Tag::boolean:
      return content.size() == 1 && (content[0] == 0x00 || content[0] == 0xff);
    case Tag::integer: return good_integer(content);
    case Tag::bit_string: return good_bit_string(content);
    case Tag::null: return content.empty();
    case Tag::oid: return good_oid(content);
    default: return true;
  }
}

bool good_elements(ByteView bytes, int depth);

bool good_element(const Element& element, int depth) {
  const bool constructed = (element.tag & constructed_bit) != 0;
  if ((element.tag & class_bits) == 0) {  // universal
    const bool structure = element.tag == static_cast<Byte>(Tag::sequence) ||
                           element.tag == static_cast<Byte>(Tag::set);
    // Sequences and sets are constructed in DER, and nothing else is.
    const auto number = static_cast<Byte>(element.tag & tag_number_bits);
    if (number == 0 || constructed != structure || (!constructed && (number == 16 || number == 17)))
      return false;
  }
  return constructed ? good_elements(element.content, depth + 1) : good_primitive(element);
}

bool good_elements(ByteView bytes, int depth) {
  if (depth > max_depth) return false;
  Reader reader(bytes);
  while (!reader.empty()) {
    const auto element = reader.next();
    if (!element || !good_element(*element, depth)) return false;
  }
  return true;
}

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
  return odd(n) && bits_of(n) <= max_rsa_bits && odd(e) && bits_of(e) >= 2 &&
         e.size() <= max_public_exponent_size;
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

// SubjectPublicKeyInfo.
Result<PublicKeyShape> check_public_key(ByteView info) {
  Reader reader(info);
  const auto algorithm = reader.take(Tag::sequence);
  const auto bits = reader.take_last(Tag::bit_string);
  if (!algorithm || !bits) return bad_certificate("certificate: subjectPublicKeyInfo");
  const auto type = key_algorithm(*algorithm);
  if (!type) return bad_certificate("certificate: public key algorithm");
  if (*type == KeyType::other) return PublicKeyShape{};

  if ((*bits)[0] != 0) return bad_certificate("certificate: public key");  // whole octets
  const ByteView key = bits->subspan(1);
  if (*type == KeyType::ed25519) return PublicKeyShape{KeyType::ed25519, 0};
  if (*type != KeyType::rsa) {
    if (!uncompressed_point(*type, key)) return bad_certificate("certificate: public point");
    return PublicKeyShape{*type, field_bits(*type)};
  }
  if (!well_formed(key)) return bad_certificate("certificate: public key");
  Reader outer(key);
  const auto numbers = outer.take_last(Tag::sequence);
  if (!numbers) return bad_certificate("certificate: public key");
  Reader inner(*numbers);
  const auto n = positive(inner.take(Tag::integer));
  const auto e = positive(inner.take_last(Tag::integer));
  if (!n || !e) return bad_certificate("certificate: public key");
  if (!usable_rsa(*n, *e)) return PublicKeyShape{};
  return PublicKeyShape{KeyType::rsa, bits_of(*n)};
}

bool known_extension(ByteView oid) {
  return same_bytes(oid, oid_key_usage) || same_bytes(oid, oid_subject_alt_name) ||
         same_bytes(oid, oid_basic_constraints) || same_bytes(oid, oid_extended_key_usage);
}

// The extension at the front of `reader`; null if it is not one. Gives its identifier.
std::optional<ByteView> take_extension(Reader& reader) {
  const auto extension = reader.take(Tag::sequence);
  if (!extension) return std::nullopt;
  Reader fields(*extension);
  const auto oid = fields.take(Tag::oid);
  const auto critical = fields.take(Tag::boolean);
  const auto value = fields.take_last(Tag::octet_string);
  if (!oid || !value || !well_formed(*value)) return std::nullopt;
  if (critical && ((*critical)[0] == 0 || !known_extension(*oid))) return std::nullopt;
  return oid;
}

bool check_extensions(ByteView content) {
  Reader outer(content);
  const auto extensions = outer.take_last(Tag::sequence);
  if (!extensions || extensions->empty()) return false;
  Reader reader(*extensions);
  while (!reader.empty()) {
    const auto oid = take_extension(reader);
    if (!oid) return false;
    // Few extensions: comparing each with all that follow is cheap.
    for (Reader later = reader; !later.empty();) {
      const auto other = take_extension(later);
      if (!other || same_bytes(*oid, *other)) return false;
    }
  }
  return true;
}

bool check_validity(ByteView content) {
  Reader reader(content);
  for (int i = 0; i < 2; ++i) {
    const auto time = reader.next();
    if (!time) return false;
    // RFC 5280 4.1.2.5: YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ and no other form.
    const std::size_t digits = time->tag == static_cast<Byte>(Tag::utc_time)           ? 12U
                               : time->tag == static_cast<Byte>(Tag::generalized_time) ? 14U
                                                                                       : 0U;
    if (digits == 0 || time->content.size() != digits + 1 || time->content.back() != 'Z' ||
        !std::ranges::all_of(time->content.first(digits),
                             [](Byte byte) { return byte >= '0' && byte <= '9'; })) {
      return false;
    }
  }
  return reader.empty();
}

// RDNSequence: sets of pairs of an identifier and a string.
bool check_name(ByteView content) {
  Reader names(content);
  while (!names.empty()) {
    const auto set = names.take(Tag::set);
    if (!set || set->empty()) return false;
    Reader attributes(*set);
    while (!attributes.empty()) {
      const auto attribute = attributes.take(Tag::sequence);
      if (!attribute) return false;
      Reader fields(*attribute);
      if (!fields.take(Tag::oid) || !fields.next() || !fields.empty()) return false;
    }
  }
  return true;
}

Result<PublicKeyShape> check_to_be_signed(ByteView content, ByteView signature_algorithm) {
  Reader reader(content);
  Byte version = 0;
  if (const auto tagged = reader.take(Tag::context_0)) {
    Reader inner(*tagged);
    const auto number = inner.take_last(Tag::integer);
    if (!number || number->size() != 1) return bad_certificate("certificate: version");
    version = (*number)[0];
    // 0 is the default, which DER leaves out.
    if (version != 1 && version != 2) return bad_certificate("certificate: version");
  }
  const auto serial = reader.take(Tag::integer);
  const auto algorithm = reader.take(Tag::sequence);
  const auto issuer = reader.take(Tag::sequence);
  const auto validity = reader.take(Tag::sequence);
  const auto subject = reader.take(Tag::sequence);
  const auto public_key = reader.take(Tag::sequence);
  if (!serial || !algorithm || !issuer || !validity || !subject || !public_key) {
    return bad_certificate("certificate: fields");
  }
  // RFC 5280 4.1.1.2: the algorithm inside and outside the signature must be the same.
  if (!same_bytes(*algorithm, signature_algorithm)) {
    return bad_certificate("certificate: signature algorithm");
  }
  if (!positive(serial) || serial->size() > 20) return bad_certificate("certificate: serial");
  if (!check_name(*issuer) || issuer->empty()) return bad_certificate("certificate: issuer");
  if (!check_validity(*validity)) return bad_certificate("certificate: validity");
  if (!check_name(*subject)) return bad_certificate("certificate: subject");
  const auto shape = check_public_key(*public_key);
  if (!shape) return shape;
  // Unique identifiers are for version 2 and up, and nobody uses them; extensions for version 3.
  if (!reader.empty()) {
    const auto extensions = reader.take_last(Tag::context_3);
    if (version != 2 || !extensions || !check_extensions(*extensions)) {
      return bad_certificate("certificate: extensions");
    }
  }
  return shape;
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
  if (!usable_rsa(key.n, key.e) || bits_of(key.n) < min_rsa_bits) return bad_key("key: RSA size");
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

std::optional<Element> Reader::next() noexcept {
  if (rest_.size() < 2) return std::nullopt;
  const Byte tag = rest_[0];
  if ((tag & tag_number_bits) == tag_number_bits) return std::nullopt;  // more octets follow
  std::size_t header = 2;
  std::size_t length = rest_[1];
  if (length >= 0x80) {
    const std::size_t octets = length & 0x7fU;
    if (octets == 0 || octets > 4 || rest_.size() < header + octets) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < octets; ++i) length = length << 8U | rest_[header + i];
    if (length < 0x80 || rest_[header] == 0) return std::nullopt;  // a shorter form exists
    header += octets;
  }
  if (length > rest_.size() - header) return std::nullopt;
  const Element element{tag, rest_.subspan(header, length)};
  rest_ = rest_.subspan(header + length);
  return element;
}

std::optional<ByteView> Reader::take(Tag tag) noexcept {
  if (rest_.empty() || rest_[0] != static_cast<Byte>(tag)) return std::nullopt;
  const auto element = next();
  if (!element) return std::nullopt;
  return element->content;
}

std::optional<ByteView> Reader::take_last(Tag tag) noexcept {
  const ByteView before = rest_;
  const auto content = take(tag);
  if (rest_.empty()) return content;
  rest_ = before;
  return std::nullopt;
}

bool well_formed(ByteView bytes) noexcept {
  Reader reader(bytes);
  const auto element = reader.next();
  return element && reader.empty() && good_element(*element, 0);
}

Result<PublicKeyShape> check_certificate(ByteView certificate) noexcept {
  if (!well_formed(certificate)) return bad_certificate("certificate: DER");
  Reader outer(certificate);
  const auto content = outer.take_last(Tag::sequence);
  if (!content) return bad_certificate("certificate: fields");
  Reader reader(*content);
  const auto to_be_signed = reader.take(Tag::sequence);
  const auto algorithm = reader.take(Tag::sequence);
  const auto signature = reader.take_last(Tag::bit_string);
  if (!to_be_signed || !algorithm || !signature) return bad_certificate("certificate: fields");
  return check_to_be_signed(*to_be_signed, *algorithm);
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
  if (!version || version->size() != 1 || (*version)[0] > 1 || !algorithm || !inner) {
    return bad_key("key: not PKCS#8");
  }
  if (!reader.empty()) {  // attributes, which nobody reads, and in version 2 the public key
    return bad_key("key: PKCS#8 attributes");
  }
  const auto type = key_algorithm(*algorithm);
  if (!type || *type == KeyType::other || *type == KeyType::ed25519) return bad_key("key: type");
  if (!well_formed(*inner)) return bad_key("key: DER");
  Reader key(*inner);
  const auto fields = key.take_last(Tag::sequence);
  if (!fields) return bad_key("key: fields");
  return *type == KeyType::rsa ? read_rsa(*fields) : read_ec(*type, *fields);
}

bool is_ecdsa_signature(ByteView signature) noexcept {
  if (!well_formed(signature)) return false;
  Reader outer(signature);
  const auto content = outer.take_last(Tag::sequence);
  if (!content) return false;
  Reader reader(*content);
  return positive(reader.take(Tag::integer)) && positive(reader.take_last(Tag::integer));
}

std::size_t field_size(KeyType type) noexcept { return (field_bits(type) + 7) / 8; }

}  // namespace wib::der
