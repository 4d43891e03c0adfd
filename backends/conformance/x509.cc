// SPDX-License-Identifier: Apache-2.0
#include "backends/conformance/x509.h"

#include <algorithm>

namespace wib::conformance {
namespace {

Bytes element(Byte tag, std::initializer_list<ByteView> parts) {
  const Bytes content = concatenation(parts);
  Bytes header = {tag};
  if (content.size() < 0x80) {
    header.push_back(static_cast<Byte>(content.size()));
  } else if (content.size() < 0x100) {
    header.insert(header.end(), {0x81, static_cast<Byte>(content.size())});
  } else {
    header.insert(header.end(), {0x82, static_cast<Byte>(content.size() >> 8U),
                                 static_cast<Byte>(content.size() & 0xffU)});
  }
  return concatenation({header, content});
}

Bytes sequence(std::initializer_list<ByteView> parts) { return element(0x30, parts); }

Bytes unsigned_integer(ByteView number) {
  while (number.size() > 1 && number[0] == 0) number = number.subspan(1);
  const Bytes zero = {0};
  const bool pad = number.empty() || (number[0] & 0x80U) != 0;
  return element(0x02, {pad ? ByteView(zero) : ByteView{}, number});
}

Bytes bit_string(ByteView bytes) {
  const Bytes unused = {0};
  return element(0x03, {unused, bytes});
}

// Object identifiers, whole.
const Bytes oid_ec_public_key = from_hex("06072a8648ce3d0201");
const Bytes oid_ecdsa_sha256 = from_hex("06082a8648ce3d040302");
const Bytes rsa_encryption = from_hex("300d06092a864886f70d0101010500");
const Bytes rsa_sha256 = from_hex("300d06092a864886f70d01010b0500");

Bytes curve_oid(std::string_view curve) {
  if (curve == "p256") return from_hex("06082a8648ce3d030107");
  if (curve == "p384") return from_hex("06052b81040022");
  if (curve == "p521") return from_hex("06052b81040023");
  throw BadVector("no curve " + std::string(curve));
}

Bytes to_be_signed(ByteView algorithm, ByteView public_key) {
  const std::string_view host = "device.local";
  const Bytes version = from_hex("a003020102");
  const Bytes serial = from_hex("020377696a");
  const Bytes common_name = from_hex("0603550403");
  const Bytes attribute = sequence({common_name, element(0x0c, {as_bytes(host)})});
  const Bytes name = sequence({element(0x31, {attribute})});
  const Bytes validity = sequence(
      {element(0x17, {as_bytes("200101000000Z")}), element(0x18, {as_bytes("21200101000000Z")})});
  const Bytes names = sequence({element(0x82, {as_bytes(host)})});
  const Bytes subject_alt_name = from_hex("0603551d11");
  const Bytes extension = sequence({subject_alt_name, element(0x04, {names})});
  const Bytes extensions = element(0xa3, {sequence({extension})});
  return sequence({version, serial, algorithm, name, validity, name, public_key, extensions});
}

bool is_rsa(ByteView public_key) {
  return std::ranges::search(public_key, ByteView(rsa_encryption).subspan(2)).begin() !=
         public_key.end();
}

}  // namespace

KeyType key_type_of(std::string_view name) {
  if (name == "rsa") return KeyType::rsa;
  if (name == "p256") return KeyType::ec_p256;
  if (name == "p384") return KeyType::ec_p384;
  if (name == "p521") return KeyType::ec_p521;
  if (name == "ed25519") return KeyType::ed25519;
  throw BadVector("no key type " + std::string(name));
}

Bytes rsa_public_key(ByteView n, ByteView e) {
  return sequence(
      {rsa_encryption, bit_string(sequence({unsigned_integer(n), unsigned_integer(e)}))});
}

Bytes ec_public_key(std::string_view curve, ByteView point) {
  return sequence({sequence({oid_ec_public_key, curve_oid(curve)}), bit_string(point)});
}

Bytes ecdsa_signature(ByteView r, ByteView s) {
  return sequence({unsigned_integer(r), unsigned_integer(s)});
}

Bytes certificate_around(ByteView public_key) {
  const Bytes algorithm = sequence({oid_ecdsa_sha256});
  const Bytes placeholder = from_hex("3006020101020101");
  return sequence({to_be_signed(algorithm, public_key), algorithm, bit_string(placeholder)});
}

Result<Bytes> self_signed(Certificates& certificates, ByteView public_key, ByteView private_key) {
  const Bytes algorithm = is_rsa(public_key) ? rsa_sha256 : sequence({oid_ecdsa_sha256});
  const Bytes body = to_be_signed(algorithm, public_key);
  Bytes signature(max_signature_size);
  const auto size = certificates.sign(private_key, body, signature);
  if (!size) return std::unexpected(size.error());
  return sequence({body, algorithm, bit_string(ByteView(signature).first(*size))});
}

}  // namespace wib::conformance
