// SPDX-License-Identifier: Apache-2.0
#include "certificates.h"

#include <openssl/x509v3.h>

#include "keys.h"

namespace WIB_BACKEND_NAMESPACE {

using wib::KeyType;

Result<wib::CertificateInfo> OpensslCertificates::inspect(ByteView certificate) {
  const ErrorQueueGuard guard;
  const auto loaded = load_certificate(library_, certificate);
  if (!loaded) return std::unexpected(loaded.error());
  if (loaded->public_key.type == KeyType::other) return wib::CertificateInfo{};
  X509* const object = loaded->certificate.get();
  // The library reads the extensions when it is first asked about one, and notes what it could not
  // read.
  if ((X509_get_extension_flags(object) & EXFLAG_INVALID) != 0) {
    return wib::fail(Errc::bad_certificate, "certificate: extensions");
  }
  // Both functions answer with all bits set when the extension is absent.
  return wib::CertificateInfo{
      .key_type = loaded->public_key.type,
      .key_bits = loaded->public_key.bits,
      .may_sign = (X509_get_key_usage(object) & KU_DIGITAL_SIGNATURE) != 0,
      .may_serve_tls = (X509_get_extended_key_usage(object) & (XKU_SSL_SERVER | XKU_ANYEKU)) != 0};
}

Result<std::size_t> OpensslCertificates::sign(ByteView private_key, ByteView message,
                                              ByteSpan signature) {
  if (signature.size() < wib::max_signature_size) {
    return wib::fail(Errc::out_of_range, "sign: output size");
  }
  const ErrorQueueGuard guard;
  const auto key = load_private_key(library_, private_key);
  if (!key) return std::unexpected(key.error());
  const DigestContext context(EVP_MD_CTX_new());
  std::size_t size = signature.size();
  // PKCS#1 v1.5 is the default padding.
  if (context == nullptr ||
      EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", library_.context(), nullptr,
                            key->get(), nullptr) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1) {
    return wib::fail(Errc::crypto, "sign");
  }
  return size;
}

Result<bool> OpensslCertificates::verify(ByteView certificate, ByteView message,
                                         ByteView signature) {
  const ErrorQueueGuard guard;
  const auto loaded = load_certificate(library_, certificate);
  if (!loaded) return std::unexpected(loaded.error());
  const KeyType type = loaded->public_key.type;
  if (type == KeyType::other || type == KeyType::ed25519) return false;
  const DigestContext context(EVP_MD_CTX_new());
  EVP_PKEY* const key = X509_get0_pubkey(loaded->certificate.get());
  if (context == nullptr ||
      EVP_DigestVerifyInit_ex(context.get(), nullptr, "SHA256", library_.context(), nullptr, key,
                              nullptr) != 1) {
    return wib::fail(Errc::crypto, "verify");
  }
  // 0 is a wrong signature, below 0 one that cannot be right (too long, not in range).
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                          message.size()) == 1;
}

}  // namespace WIB_BACKEND_NAMESPACE
