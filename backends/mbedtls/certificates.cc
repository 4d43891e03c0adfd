// SPDX-License-Identifier: Apache-2.0
#include "certificates.h"

#include <algorithm>
#include <array>

#include "keys.h"
#include "protocol/der.h"
#include "usage.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

using wib::KeyType;
using wib::der::Tag;

using Sha256Digest = std::array<Byte, wib::sha256_size>;

bool sha256(ByteView message, Sha256Digest& digest) {
  return mbedtls_sha256_ret(message.data(), message.size(), digest.data(), 0) == 0;
}

// True if `signature` is two positive numbers and nothing else (RFC 3279 2.2.3). The library puts
// up with lengths and numbers in any form, and takes a negative number for a positive one.
bool good_ecdsa_encoding(ByteView signature) {
  if (!wib::der::well_formed(signature)) return false;
  wib::der::Reader outer(signature);
  wib::der::Reader numbers(outer.take_last(Tag::sequence).value_or(ByteView{}));
  const auto positive = [](const std::optional<ByteView>& number) {
    return number && (number->front() & 0x80U) == 0;
  };
  return positive(numbers.take(Tag::integer)) && positive(numbers.take_last(Tag::integer));
}

}  // namespace

Result<wib::CertificateInfo> MbedtlsCertificates::inspect(ByteView certificate) {
  Key key;
  const auto view = load_public_key(certificate, key);
  if (!view) return std::unexpected(view.error());
  if (view->type == KeyType::other) return wib::CertificateInfo{};
  const Usage usage = usage_of(certificate);
  return wib::CertificateInfo{.key_type = view->type,
                              .key_bits = view->bits,
                              .may_sign = usage.may_sign,
                              .may_serve_tls = usage.may_serve_tls};
}

Result<std::size_t> MbedtlsCertificates::sign(ByteView private_key, ByteView message,
                                              ByteSpan signature) {
  static_assert(wib::max_signature_size >= MBEDTLS_ECDSA_MAX_LEN);
  if (signature.size() < wib::max_signature_size) {
    return wib::fail(Errc::out_of_range, "sign: output size");
  }
  Key key;
  if (const auto loaded = load_private_key(private_key, random_, key); !loaded) {
    return std::unexpected(loaded.error());
  }
  Sha256Digest digest;
  std::size_t size = 0;
  // PKCS#1 v1.5 is the default padding.
  if (!sha256(message, digest) ||
      mbedtls_pk_sign(key.get(), MBEDTLS_MD_SHA256, digest.data(), digest.size(), signature.data(),
                      &size, Random::draw, random_.state()) != 0) {
    return wib::fail(Errc::crypto, "sign");
  }
  return size;
}

Result<bool> MbedtlsCertificates::verify(ByteView certificate, ByteView message,
                                         ByteView signature) {
  Key key;
  const auto view = load_public_key(certificate, key);
  if (!view) return std::unexpected(view.error());
  if (view->type == KeyType::other || view->type == KeyType::ed25519) return false;
  if (view->type != KeyType::rsa && !good_ecdsa_encoding(signature)) return false;
  Sha256Digest digest;
  if (!sha256(message, digest)) return wib::fail(Errc::crypto, "verify");
  return mbedtls_pk_verify(key.get(), MBEDTLS_MD_SHA256, digest.data(), digest.size(),
                           signature.data(), signature.size()) == 0;
}

}  // namespace WIB_BACKEND_NAMESPACE
