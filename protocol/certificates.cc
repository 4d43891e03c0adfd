// SPDX-License-Identifier: Apache-2.0
#include "protocol/certificates.h"

#include <array>

namespace wib {
namespace {

constexpr std::uint32_t min_rsa_bits = 2048;

bool servable(const CertificateInfo& info) {
  switch (info.key_type) {
    case KeyType::rsa: return info.key_bits >= min_rsa_bits;
    case KeyType::ec_p256:
    case KeyType::ec_p384:
    case KeyType::ec_p521: return true;
    case KeyType::ed25519:
    case KeyType::other: return false;
  }
  return false;
}

}  // namespace

Result<> Certificates::check_pair(ByteView certificate, ByteView private_key) {
  const auto info = inspect(certificate);
  if (!info) return std::unexpected(info.error());
  if (!servable(*info)) return fail(Errc::bad_certificate, "certificate: public key");
  if (!info->may_sign) return fail(Errc::bad_certificate, "certificate: keyUsage");
  if (!info->may_serve_tls) return fail(Errc::bad_certificate, "certificate: extendedKeyUsage");

  static constexpr std::string_view challenge = "wib: does this key belong to this certificate?";
  std::array<Byte, max_signature_size> signature;
  const auto size = sign(private_key, as_bytes(challenge), signature);
  if (!size) return std::unexpected(size.error());
  const auto verified = verify(certificate, as_bytes(challenge), ByteView(signature).first(*size));
  if (!verified) return std::unexpected(verified.error());
  if (!*verified) return fail(Errc::bad_key, "key: does not match the certificate");
  return {};
}

}  // namespace wib
