// SPDX-License-Identifier: Apache-2.0
#include "keys.h"

#include <array>

namespace WIB_BACKEND_NAMESPACE {
namespace {

using wib::KeyType;
using wib::PrivateKeyView;
using wib::PublicKeyView;

constexpr std::size_t max_point_size = 1 + 2 * 66;  // P-521

std::unexpected<wib::Error> bad_certificate(std::string_view where) {
  return wib::fail(Errc::bad_certificate, where);
}
std::unexpected<wib::Error> bad_key(std::string_view where) {
  return wib::fail(Errc::bad_key, where);
}

int curve_of(KeyType type) {
  switch (type) {
    case KeyType::ec_p384: return ECC_SECP384R1;
    case KeyType::ec_p521: return ECC_SECP521R1;
    default: return ECC_SECP256R1;
  }
}

// d_crt = d mod (prime - 1), and its product with e is 1 there.
bool exponents_fit(RsaKey& key, mp_int* prime, mp_int* d_crt) {
  Number order;
  Number result;
  return mp_init(order.get()) == MP_OKAY && mp_init(result.get()) == MP_OKAY &&
         mp_sub_d(prime, 1, order.get()) == MP_OKAY &&
         mp_mod(&key.d, order.get(), result.get()) == MP_OKAY &&
         mp_cmp(result.get(), d_crt) == MP_EQ &&
         mp_mulmod(&key.e, d_crt, order.get(), result.get()) == MP_OKAY && mp_isone(result.get());
}

// RFC 8017 3.2. The library does not check this when it loads a key, and signs by the CRT numbers
// without looking at the result: one wrong number, and the signature gives away a factor of n.
bool belong_together(RsaKey& key) {
  Number result;
  return mp_init(result.get()) == MP_OKAY && mp_mul(&key.p, &key.q, result.get()) == MP_OKAY &&
         mp_cmp(result.get(), &key.n) == MP_EQ && mp_cmp(&key.d, &key.n) == MP_LT &&
         exponents_fit(key, &key.p, &key.dP) && exponents_fit(key, &key.q, &key.dQ) &&
         mp_cmp(&key.u, &key.p) == MP_LT &&
         mp_mulmod(&key.u, &key.q, &key.p, result.get()) == MP_OKAY && mp_isone(result.get());
}

Result<> load_rsa(ByteView private_key, Key& key) {
  if (wc_InitRsaKey(key.rsa.get(), nullptr) != 0) return wib::fail(Errc::crypto, "key: RSA");
  word32 position = 0;
  if (wc_RsaPrivateKeyDecode(private_key.data(), &position, key.rsa.get(), size_of(private_key)) !=
      0) {
    return bad_key("key: RSA");
  }
  if (!belong_together(*key.rsa.get())) return bad_key("key: RSA numbers");
  return {};
}

bool in_range(ecc_key& key) {
  Number order;
  return mp_init(order.get()) == MP_OKAY &&
         mp_read_radix(order.get(), key.dp->order, MP_RADIX_HEX) == MP_OKAY && !mp_iszero(&key.k) &&
         mp_cmp(&key.k, order.get()) == MP_LT;
}

// The uncompressed point of `key` into `storage`; empty if the library fails.
ByteView export_point(ecc_key& key, std::array<Byte, max_point_size>& storage) {
  word32 size = max_point_size;
  if (wc_ecc_export_x963(&key, storage.data(), &size) != 0) return {};
  return ByteView(storage).first(size);
}

Result<> load_ec(const PrivateKeyView& view, Key& key) {
  ecc_key* const ecc = key.ecc.get();
  if (wc_ecc_init_ex(ecc, nullptr, INVALID_DEVID) != 0 ||
      wc_ecc_import_private_key_ex(view.scalar.data(), size_of(view.scalar), nullptr, 0, ecc,
                                   curve_of(view.type)) != 0) {
    return wib::fail(Errc::crypto, "key: EC");
  }
  if (!in_range(*ecc)) return bad_key("key: EC scalar");

  // The public point is computed rather than believed: TLS would compare the embedded one with the
  // certificate's, and sign with the scalar of somebody else.
  std::array<Byte, max_point_size> storage;
  if (wc_ecc_make_pub(ecc, nullptr) != 0) return wib::fail(Errc::crypto, "key: EC");
  const ByteView computed = export_point(*ecc, storage);
  if (computed.empty()) return wib::fail(Errc::crypto, "key: EC");
  if (!view.point.empty() && !wib::same_bytes(view.point, computed)) {
    return bad_key("key: EC public key");
  }
  return {};
}

// A point that is not on the curve is imported without a word: wc_ecc_check_key() looks.
bool load_point(const PublicKeyView& view, ecc_key* key) {
  return wc_ecc_init_ex(key, nullptr, INVALID_DEVID) == 0 &&
         wc_ecc_import_x963_ex(view.point.data(), size_of(view.point), key, curve_of(view.type)) ==
             0 &&
         wc_ecc_check_key(key) == 0;
}

bool load_rsa_numbers(const PublicKeyView& view, RsaKey* key) {
  return wc_InitRsaKey(key, nullptr) == 0 &&
         wc_RsaPublicKeyDecodeRaw(view.n.data(), size_of(view.n), view.e.data(), size_of(view.e),
                                  key) == 0;
}

}  // namespace

Result<wib::CertificateInfo> load_certificate(ByteView certificate, CertificateState& decoded) {
  const auto view = wib::check_certificate(certificate);
  if (!view) return std::unexpected(view.error());
  if (view->type == KeyType::other) return wib::CertificateInfo{};
  wc_InitDecodedCert(decoded.get(), certificate.data(), size_of(certificate), nullptr);
  if (wc_ParseCert(decoded.get(), CERT_TYPE, NO_VERIFY, nullptr) != 0) {
    return bad_certificate("certificate: does not parse");
  }
  const DecodedCert& fields = *decoded.get();
  return wib::CertificateInfo{
      .key_type = view->type,
      .key_bits = view->bits,
      .may_sign = fields.extKeyUsageSet == 0 || (fields.extKeyUsage & KEYUSE_DIGITAL_SIG) != 0,
      .may_serve_tls = fields.extExtKeyUsageSet == 0 ||
                       (fields.extExtKeyUsage & (EXTKEYUSE_ANY | EXTKEYUSE_SERVER_AUTH)) != 0};
}

Result<> load_public_key(ByteView certificate, Key& key) {
  const auto view = wib::check_certificate(certificate);
  if (!view) return std::unexpected(view.error());
  key.type = view->type;
  bool loaded = false;
  switch (view->type) {
    case KeyType::rsa: loaded = load_rsa_numbers(*view, key.rsa.get()); break;
    case KeyType::ec_p256:
    case KeyType::ec_p384:
    case KeyType::ec_p521: loaded = load_point(*view, key.ecc.get()); break;
    case KeyType::ed25519:
    case KeyType::other: loaded = true; break;
  }
  if (!loaded) return bad_certificate("certificate: public key");
  return {};
}

Result<> load_private_key(ByteView private_key, Key& key) {
  const auto view = wib::read_private_key(private_key);
  if (!view) return std::unexpected(view.error());
  key.type = view->type;
  return view->type == KeyType::rsa ? load_rsa(private_key, key) : load_ec(*view, key);
}

bool same_public_numbers(Key& key, Key& public_key) {
  if (key.type != public_key.type) return false;
  if (key.type == KeyType::rsa) {
    return mp_cmp(&key.rsa->n, &public_key.rsa->n) == MP_EQ &&
           mp_cmp(&key.rsa->e, &public_key.rsa->e) == MP_EQ;
  }
  std::array<Byte, max_point_size> ours;
  std::array<Byte, max_point_size> theirs;
  const ByteView point = export_point(*key.ecc.get(), ours);
  return !point.empty() && wib::same_bytes(point, export_point(*public_key.ecc.get(), theirs));
}

}  // namespace WIB_BACKEND_NAMESPACE
