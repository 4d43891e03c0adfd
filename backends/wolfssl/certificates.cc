// SPDX-License-Identifier: Apache-2.0
#include "certificates.h"

#include <algorithm>
#include <array>

#include "point_cache.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

using wib::KeyType;

using Sha256Digest = std::array<Byte, wib::sha256_size>;
constexpr std::size_t max_digest_info = 64;

bool sha256(ByteView message, Sha256Digest& digest) {
  return message.size() <= max_piece &&
         wc_Sha256Hash(message.data(), size_of(message), digest.data()) == 0;
}

// The DigestInfo that PKCS#1 v1.5 signs (RFC 8017 9.2): the digest with its algorithm's name.
ByteView digest_info(const Sha256Digest& digest, std::array<Byte, max_digest_info>& storage) {
  const word32 size = wc_EncodeSignature(storage.data(), digest.data(), wib::sha256_size, SHA256h);
  return ByteView(storage).first(size);
}

}  // namespace

WolfsslCertificates::WolfsslCertificates() : random_ready_(wc_InitRng(random_.get()) == 0) {}

Result<wib::CertificateInfo> WolfsslCertificates::inspect(ByteView certificate) {
  free_point_cache_at_thread_end();
  CertificateState decoded;
  const auto info = load_certificate(certificate, decoded);
  if (!info) return info;
  Key key;
  if (const auto loaded = load_public_key(certificate, key); !loaded) {
    return std::unexpected(loaded.error());
  }
  return info;
}

Result<std::size_t> WolfsslCertificates::sign(ByteView private_key, ByteView message,
                                              ByteSpan signature) {
  if (signature.size() < wib::max_signature_size) {
    return wib::fail(Errc::out_of_range, "sign: output size");
  }
  free_point_cache_at_thread_end();
  Key key;
  if (const auto loaded = load_private_key(private_key, key); !loaded) {
    return std::unexpected(loaded.error());
  }
  Sha256Digest digest;
  if (!random_ready_ || !sha256(message, digest)) return wib::fail(Errc::crypto, "sign");
  if (key.type == KeyType::rsa) {
    std::array<Byte, max_digest_info> storage;
    const ByteView info = digest_info(digest, storage);
    if (wc_RsaSetRNG(key.rsa.get(), random_.get()) != 0) return wib::fail(Errc::crypto, "sign");
    const int size = wc_RsaSSL_Sign(info.data(), size_of(info), signature.data(),
                                    size_of(signature), key.rsa.get(), random_.get());
    if (size <= 0) return wib::fail(Errc::crypto, "sign: RSA");
    return static_cast<std::size_t>(size);
  }
  word32 size = size_of(signature);
  if (wc_ecc_sign_hash(digest.data(), wib::sha256_size, signature.data(), &size, random_.get(),
                       key.ecc.get()) != 0) {
    return wib::fail(Errc::crypto, "sign: ECDSA");
  }
  return size;
}

Result<bool> WolfsslCertificates::verify(ByteView certificate, ByteView message,
                                         ByteView signature) {
  free_point_cache_at_thread_end();
  CertificateState decoded;
  if (const auto parsed = load_certificate(certificate, decoded); !parsed) {
    return std::unexpected(parsed.error());
  }
  Key key;
  if (const auto loaded = load_public_key(certificate, key); !loaded) {
    return std::unexpected(loaded.error());
  }
  if (key.type == KeyType::other || key.type == KeyType::ed25519) return false;
  Sha256Digest digest;
  if (!sha256(message, digest)) return wib::fail(Errc::crypto, "verify");
  if (key.type == KeyType::rsa) {
    std::array<Byte, wib::max_signature_size> opened;
    const int size = wc_RsaSSL_Verify(signature.data(), size_of(signature), opened.data(),
                                      wib::max_signature_size, key.rsa.get());
    if (size < 0) return false;
    std::array<Byte, max_digest_info> storage;
    return wib::same_bytes(ByteView(opened).first(static_cast<std::size_t>(size)),
                           digest_info(digest, storage));
  }
  int verified = 0;
  const int status = wc_ecc_verify_hash(signature.data(), size_of(signature), digest.data(),
                                        wib::sha256_size, &verified, key.ecc.get());
  return status == 0 && verified == 1;
}

}  // namespace WIB_BACKEND_NAMESPACE
