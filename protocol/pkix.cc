// SPDX-License-Identifier: Apache-2.0
#include "protocol/pkix.h"

#include <algorithm>
#include <array>
#include <optional>

#include "protocol/der.h"
#include "protocol/pkix_parts.h"

namespace wib {
namespace {

using der::Reader;
using der::Tag;
using der::well_formed;

// RFC 5280 4.1.2.2.
constexpr std::size_t max_serial_size = 20;

// AlgorithmIdentifiers, without their headers, of the signatures that every TLS client knows: RSA
// and ECDSA with SHA-2, and Ed25519.
constexpr std::array<Byte, 13> rsa_sha256 = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7,
                                             0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00};
constexpr std::array<Byte, 13> rsa_sha384 = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7,
                                             0x0d, 0x01, 0x01, 0x0c, 0x05, 0x00};
constexpr std::array<Byte, 13> rsa_sha512 = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7,
                                             0x0d, 0x01, 0x01, 0x0d, 0x05, 0x00};
constexpr std::array<Byte, 10> ecdsa_sha256 = {0x06, 0x08, 0x2a, 0x86, 0x48,
                                               0xce, 0x3d, 0x04, 0x03, 0x02};
constexpr std::array<Byte, 10> ecdsa_sha384 = {0x06, 0x08, 0x2a, 0x86, 0x48,
                                               0xce, 0x3d, 0x04, 0x03, 0x03};
constexpr std::array<Byte, 10> ecdsa_sha512 = {0x06, 0x08, 0x2a, 0x86, 0x48,
                                               0xce, 0x3d, 0x04, 0x03, 0x04};
constexpr std::array<Byte, 5> ed25519 = {0x06, 0x03, 0x2b, 0x65, 0x70};

std::unexpected<Error> bad_certificate(std::string_view where) {
  return fail(Errc::bad_certificate, where);
}

bool known_signature_algorithm(ByteView algorithm) {
  static constexpr std::array<ByteView, 7> known = {
      rsa_sha256, rsa_sha384, rsa_sha512, ed25519, ecdsa_sha256, ecdsa_sha384, ecdsa_sha512};
  return std::ranges::any_of(known,
                             [&](ByteView candidate) { return same_bytes(candidate, algorithm); });
}

// The identifier of the extension that `reader` has next; null if it is not one.
std::optional<ByteView> take_extension(Reader& reader) {
  const auto extension = reader.take(Tag::sequence);
  if (!extension) return std::nullopt;
  Reader fields(*extension);
  const auto oid = fields.take(Tag::oid);
  const auto critical = fields.take(Tag::boolean);
  const auto value = fields.take_last(Tag::octet_string);
  if (!oid || !value || !good_extension(*oid, *value)) return std::nullopt;
  if (critical && (*critical)[0] != 0 && !known_extension(*oid)) return std::nullopt;
  return oid;
}

// True if an extension behind `reader` has this identifier.
bool comes_again(Reader reader, ByteView oid) {
  while (const auto extension = reader.take(Tag::sequence)) {
    Reader fields(*extension);
    const auto other = fields.take(Tag::oid);
    if (other && same_bytes(*other, oid)) return true;
  }
  return false;
}

bool good_extensions(ByteView content) {
  Reader outer(content);
  const auto extensions = outer.take_last(Tag::sequence);
  if (!extensions || extensions->empty()) return false;
  for (Reader reader(*extensions); !reader.empty();) {
    const auto oid = take_extension(reader);
    if (!oid || comes_again(reader, *oid)) return false;
  }
  return true;
}

bool good_validity(ByteView content) {
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

Result<PublicKeyView> check_to_be_signed(ByteView content, ByteView signature_algorithm) {
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
  if (!same_bytes(*algorithm, signature_algorithm) ||
      !known_signature_algorithm(signature_algorithm)) {
    return bad_certificate("certificate: signature algorithm");
  }
  if (((*serial)[0] & 0x80U) != 0 || serial->size() > max_serial_size) {
    return bad_certificate("certificate: serial");
  }
  if (!good_name(*issuer) || issuer->empty()) return bad_certificate("certificate: issuer");
  if (!good_validity(*validity)) return bad_certificate("certificate: validity");
  if (!good_name(*subject)) return bad_certificate("certificate: subject");
  const auto public_key_view = read_public_key(*public_key);
  if (!public_key_view) return public_key_view;
  // Unique identifiers are for version 2 and up, and nobody uses them; extensions for version 3.
  if (!reader.empty()) {
    const auto extensions = reader.take_last(Tag::context_3);
    if (version != 2 || !extensions || !good_extensions(*extensions)) {
      return bad_certificate("certificate: extensions");
    }
  }
  return public_key_view;
}

}  // namespace

Result<PublicKeyView> check_certificate(ByteView certificate) noexcept {
  if (!well_formed(certificate)) return bad_certificate("certificate: DER");
  Reader outer(certificate);
  const auto content = outer.take_last(Tag::sequence);
  if (!content) return bad_certificate("certificate: fields");
  Reader reader(*content);
  const auto to_be_signed = reader.take(Tag::sequence);
  const auto algorithm = reader.take(Tag::sequence);
  const auto signature = reader.take_last(Tag::bit_string);
  if (!to_be_signed || !algorithm || !signature || (*signature)[0] != 0) {  // whole octets
    return bad_certificate("certificate: fields");
  }
  return check_to_be_signed(*to_be_signed, *algorithm);
}

}  // namespace wib
