// SPDX-License-Identifier: Apache-2.0
//
// What the files of this backend share: owning handles, the library context, the error helper.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>

#include "backends/backend.h"

namespace WIB_BACKEND_NAMESPACE {

using wib::Byte;
using wib::ByteSpan;
using wib::ByteView;
using wib::Errc;
using wib::Pieces;
using wib::Result;

// Calls the library's own release function for a handle.
template <auto release>
struct Release {
  template <class T>
  void operator()(T* object) const noexcept {
    release(object);
  }
};
template <class T, auto release>
using Handle = std::unique_ptr<T, Release<release>>;

using LibraryContext = Handle<OSSL_LIB_CTX, OSSL_LIB_CTX_free>;
using Provider = Handle<OSSL_PROVIDER, OSSL_PROVIDER_unload>;
using Digest = Handle<EVP_MD, EVP_MD_free>;
using DigestContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using Mac = Handle<EVP_MAC, EVP_MAC_free>;
using MacContext = Handle<EVP_MAC_CTX, EVP_MAC_CTX_free>;
using Cipher = Handle<EVP_CIPHER, EVP_CIPHER_free>;
using CipherContext = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using Kdf = Handle<EVP_KDF, EVP_KDF_free>;
using KdfContext = Handle<EVP_KDF_CTX, EVP_KDF_CTX_free>;
// Every number may be a secret: all are wiped when they die, scratch numbers in the context too.
using Number = Handle<BIGNUM, BN_clear_free>;
using NumberContext = Handle<BN_CTX, BN_CTX_free>;
using Group = Handle<EC_GROUP, EC_GROUP_free>;
using Point = Handle<EC_POINT, EC_POINT_clear_free>;
using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using Pkcs8 = Handle<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;
using Certificate = Handle<X509, X509_free>;
using Bio = Handle<BIO, BIO_free_all>;
using SslContext = Handle<SSL_CTX, SSL_CTX_free>;
using Ssl = Handle<SSL, SSL_free>;

// A library context of our own, so that no openssl.cnf and no other user of the library in this
// process changes what an operation does. Only the default provider is loaded.
class Library {
 public:
  Library() : context_(OSSL_LIB_CTX_new()), provider_(OSSL_PROVIDER_load(context(), "default")) {}

  [[nodiscard]] OSSL_LIB_CTX* context() const noexcept { return context_.get(); }

 private:
  LibraryContext context_;
  Provider provider_;
};

// Empties this thread's error queue when an operation begins and when it ends: what an earlier
// failure left there would otherwise be taken for ours (SSL_get_error looks at the queue).
class ErrorQueueGuard {
 public:
  ErrorQueueGuard() noexcept { ERR_clear_error(); }
  ErrorQueueGuard(const ErrorQueueGuard&) = delete;
  ErrorQueueGuard& operator=(const ErrorQueueGuard&) = delete;
  ~ErrorQueueGuard() { ERR_clear_error(); }
};

// The library failed in `where`: its reasons are dropped from the queue.
[[nodiscard]] inline std::unexpected<wib::Error> failed(std::string_view where) noexcept {
  ERR_clear_error();
  return wib::fail(Errc::crypto, where);
}

// `bytes.data()`, but never null, which the library takes for "as before" or for a mistake.
[[nodiscard]] inline const Byte* non_null(ByteView bytes) noexcept {
  static constexpr Byte nothing = 0;
  return bytes.empty() ? &nothing : bytes.data();
}

// A parameter that the library only reads through, whatever its pointer says.
[[nodiscard]] inline OSSL_PARAM octets(const char* name, ByteView bytes) {
  return OSSL_PARAM_construct_octet_string(name, const_cast<Byte*>(non_null(bytes)), bytes.size());
}
[[nodiscard]] inline OSSL_PARAM text(const char* name, std::string_view value) {
  return OSSL_PARAM_construct_utf8_string(name, const_cast<char*>(value.data()), value.size());
}

[[nodiscard]] inline Number to_number(ByteView bytes) {
  return Number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
}

}  // namespace WIB_BACKEND_NAMESPACE
