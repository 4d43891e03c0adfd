// SPDX-License-Identifier: Apache-2.0
#include "backends/conformance/sources.h"

namespace wib::conformance {

std::string_view name(Origin origin) noexcept {
  switch (origin) {
    case Origin::typed: return "facts";
    case Origin::debian: return "debian";
    case Origin::shared: return "shared";
  }
  return "?";
}

std::filesystem::path folder(Origin origin) {
  const std::filesystem::path root = WIB_SOURCE_DIR;
  switch (origin) {
    case Origin::typed: return root / "backends/conformance/facts";
    case Origin::debian: return "/usr/lib/python3/dist-packages/cryptography_vectors";
    case Origin::shared: return root / "../shared/vectors";
  }
  return {};
}

std::string Source::name() const {
  return std::string(conformance::name(origin)) + "/" + std::string(path);
}

const std::vector<Source>& sources() {
  using enum Origin;
  static const std::vector<Source> all = {
      {typed, "hash_and_mac.txt", 27, read_facts},
      {typed, "ciphers.txt", 15, read_facts},
      {typed, "finite_field.txt", 31, read_facts},
      {typed, "curves.txt", 91, read_facts},
      {typed, "certificates.txt", 22, read_facts},

      {debian, "hashes/SHA2/SHA256ShortMsg.rsp", 65, read_nist_sha256},
      {debian, "hashes/SHA2/SHA256LongMsg.rsp", 64, read_nist_sha256},
      {debian, "hashes/SHA2/SHA256Monte.rsp", 100, read_nist_monte},
      {debian, "HMAC/rfc-4231-sha256.txt", 6, read_nist_hmac},
      {debian, "HMAC/rfc-4231-sha512.txt", 6, read_nist_hmac},
      {debian, "KDF/rfc-5869-HKDF-SHA256.txt", 3, read_nist_hkdf},
      {debian, "KDF/hkdf-generated.txt", 1, read_nist_hkdf},
      {debian, "ciphers/AES/CBC/CBCGFSbox256.rsp", 10, read_nist_cbc},
      {debian, "ciphers/AES/CBC/CBCKeySbox256.rsp", 32, read_nist_cbc},
      {debian, "ciphers/AES/CBC/CBCMMT256.rsp", 20, read_nist_cbc},
      {debian, "ciphers/AES/CBC/CBCVarKey256.rsp", 512, read_nist_cbc},
      {debian, "ciphers/AES/CBC/CBCVarTxt256.rsp", 256, read_nist_cbc},
      {debian, "ciphers/AES/CTR/aes-256-ctr.txt", 3, read_nist_ctr},
      {debian, "ciphers/AES/GCM/gcmEncryptExtIV256.rsp", 7875, read_nist_gcm},
      {debian, "ciphers/AES/GCM/gcmDecrypt256.rsp", 7875, read_nist_gcm},
      {debian, "ciphers/ChaCha20Poly1305/boringssl.txt", 66, read_nist_chacha},
      {debian, "ciphers/ChaCha20Poly1305/openssl.txt", 5, read_nist_chacha},
      {debian, "asymmetric/X25519/rfc7748.txt", 3, read_nist_x25519},
      {debian, "asymmetric/DH/KASValidityTest_FFCStatic_NOKC_ZZOnly_init.fax", 72, read_nist_ffdh},
      {debian, "asymmetric/DH/KASValidityTest_FFCStatic_NOKC_ZZOnly_resp.fax", 72, read_nist_ffdh},
      {debian, "asymmetric/DH/RFC5114.txt", 3, read_nist_ffdh},
      {debian, "asymmetric/DH/dhkey.txt", 1, read_nist_ffdh},
      {debian, "asymmetric/DH/dhkey_rfc5114_2.txt", 1, read_nist_ffdh},
      {debian, "asymmetric/DH/rfc3526.txt", 6, read_rfc3526},
      {debian, "asymmetric/DH/vec.txt", 5, read_decimal_dh},
      {debian, "asymmetric/DH/bad_exchange.txt", 5, read_bad_exchange},
      {debian, "asymmetric/ECDH/KASValidityTest_ECCStaticUnified_NOKC_ZZOnly_init.fax", 150,
       read_nist_ecdh},
      {debian, "asymmetric/ECDH/KASValidityTest_ECCStaticUnified_NOKC_ZZOnly_resp.fax", 150,
       read_nist_ecdh},
      {debian, "asymmetric/EC/compressed_points.txt", 8, read_points},
      {debian, "asymmetric/ECDSA/FIPS_186-3/SigVer.rsp", 1125, read_nist_ecdsa},
      {debian, "asymmetric/RSA/FIPS_186-2/SigVer15_186-3.rsp", 450, read_nist_rsa},

      {shared, "wycheproof/hmac_sha256_test.json", 174, read_wycheproof_hmac},
      {shared, "wycheproof/hmac_sha512_test.json", 174, read_wycheproof_hmac},
      {shared, "wycheproof/hkdf_sha256_test.json", 86, read_wycheproof_hkdf},
      {shared, "wycheproof/hkdf_sha512_test.json", 83, read_wycheproof_hkdf},
      {shared, "wycheproof/pbkdf2_hmacsha256_test.json", 60, read_wycheproof_pbkdf2},
      {shared, "wycheproof/aes_cbc_pkcs5_test.json", 216, read_wycheproof_cbc},
      {shared, "wycheproof/aes_gcm_test.json", 316, read_wycheproof_aead},
      {shared, "wycheproof/chacha20_poly1305_test.json", 325, read_wycheproof_aead},
      {shared, "wycheproof/ecdh_secp256r1_ecpoint_test.json", 355, read_wycheproof_ecdh},
      {shared, "wycheproof/ecdh_secp256r1_test.json", 612, read_wycheproof_ecdh},
      {shared, "wycheproof/ecdsa_secp256r1_sha256_test.json", 484, read_wycheproof_verify},
      {shared, "wycheproof/rsa_signature_3072_sha256_test.json", 259, read_wycheproof_verify},
      {shared, "botan/ctr.vec", 821, read_botan_ctr},
      {shared, "botan/dh.vec", 40, read_botan_dh},
      {shared, "botan/dh_invalid.vec", 7, read_botan_dh_invalid},
      {shared, "botan/spake2p.vec", 10, read_botan_spake2p},
      {shared, "openssl/evpkdf_hkdf.txt", 28, read_openssl_hkdf},
      {shared, "openssl/evppkey_ffdhe.txt", 13, read_openssl_derive},
      {shared, "openssl/evppkey_kas.txt", 376, read_openssl_derive},
      {shared, "openssl/dhparam_check", 22, read_openssl_parameters},
  };
  return all;
}

}  // namespace wib::conformance
