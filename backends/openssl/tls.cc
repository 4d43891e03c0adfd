// SPDX-License-Identifier: Apache-2.0
#include "tls.h"

#include <arpa/inet.h>
#include <openssl/x509v3.h>

#include <array>
#include <string>

#include "keys.h"
#include "protocol/der.h"
#include "tls_session.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

using Store = Handle<X509_STORE, X509_STORE_free>;

// RFC 9325: forward secrecy and authenticated encryption. TLS 1.3 has nothing else.
constexpr const char* tls1_2_ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr const char* groups = "X25519:P-256:P-384:P-521";
// 112 bits of security: RSA from 2048 bits.
constexpr int security_level = 2;

int number_of(wib::TlsVersion version) {
  return version == wib::TlsVersion::tls1_3 ? TLS1_3_VERSION : TLS1_2_VERSION;
}

bool configure(SSL_CTX* context) {
  SSL_CTX_set_security_level(context, security_level);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  return SSL_CTX_set_num_tickets(context, 0) == 1 &&
         SSL_CTX_set_cipher_list(context, tls1_2_ciphers) == 1 &&
         SSL_CTX_set1_groups_list(context, groups) == 1;
}

Ssl new_connection(SSL_CTX* context, wib::TlsVersions versions) {
  Ssl ssl(context == nullptr ? nullptr : SSL_new(context));
  if (ssl == nullptr || versions.min > versions.max ||
      SSL_set_min_proto_version(ssl.get(), number_of(versions.min)) != 1 ||
      SSL_set_max_proto_version(ssl.get(), number_of(versions.max)) != 1) {
    return nullptr;
  }
  return ssl;
}

Result<std::unique_ptr<wib::TlsSession>> start(Ssl ssl) {
  std::unique_ptr<wib::TlsSession> session = OpensslTlsSession::make(std::move(ssl));
  if (session == nullptr) return wib::fail(Errc::crypto, "tls: memory");
  return session;
}

// Trusts `certificate` whether it is an authority's or the server's own.
bool set_trust(SSL* ssl, X509* certificate) {
  const Store store(X509_STORE_new());
  if (store == nullptr || X509_STORE_add_cert(store.get(), certificate) != 1 ||
      SSL_set1_verify_cert_store(ssl, store.get()) != 1) {
    return false;
  }
  // A chain may end in a trusted certificate that is not self-signed. One that is no authority
  // still vouches for nothing but itself.
  return X509_VERIFY_PARAM_set_flags(SSL_get0_param(ssl), X509_V_FLAG_PARTIAL_CHAIN) == 1;
}

// A leading dot means "any host of this domain" to the library, and a zero ends the name.
bool good_host(std::string_view host) {
  return !host.starts_with('.') && host.find('\0') == std::string_view::npos;
}

bool set_host(SSL* ssl, const std::string& host) {
  if (host.empty()) return true;
  X509_VERIFY_PARAM* const parameters = SSL_get0_param(ssl);
  std::array<Byte, sizeof(in6_addr)> address;
  if (inet_pton(AF_INET, host.c_str(), address.data()) == 1) {
    return X509_VERIFY_PARAM_set1_ip(parameters, address.data(), sizeof(in_addr)) == 1;
  }
  if (inet_pton(AF_INET6, host.c_str(), address.data()) == 1) {
    return X509_VERIFY_PARAM_set1_ip(parameters, address.data(), sizeof(in6_addr)) == 1;
  }
  // RFC 9525: the names are in subjectAltName or nowhere, and a wildcard is a whole label.
  X509_VERIFY_PARAM_set_hostflags(
      parameters, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size()) == 1 &&
         SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
}

}  // namespace

OpensslTls::OpensslTls(const Library& library)
    : library_(library), context_(SSL_CTX_new_ex(library.context(), nullptr, TLS_method())) {
  if (context_ != nullptr && !configure(context_.get())) context_.reset();
  ERR_clear_error();
}

Result<std::unique_ptr<wib::TlsSession>> OpensslTls::server(ByteView certificate,
                                                            ByteView private_key,
                                                            wib::TlsVersions versions) {
  const ErrorQueueGuard guard;
  const auto loaded = load_certificate(library_, certificate);
  if (!loaded) return std::unexpected(loaded.error());
  const auto key = load_private_key(library_, private_key);
  if (!key) return std::unexpected(key.error());
  Ssl ssl = new_connection(context_.get(), versions);
  if (ssl == nullptr) return wib::fail(Errc::crypto, "tls: server");
  if (loaded->certificate == nullptr ||
      SSL_use_certificate(ssl.get(), loaded->certificate.get()) != 1) {
    return wib::fail(Errc::bad_certificate, "tls: certificate");
  }
  // The library files certificates and keys by type, and does not compare one of each.
  if (X509_check_private_key(loaded->certificate.get(), key->get()) != 1 ||
      SSL_use_PrivateKey(ssl.get(), key->get()) != 1) {
    return wib::fail(Errc::bad_key, "tls: key");
  }
  SSL_set_accept_state(ssl.get());
  return start(std::move(ssl));
}

Result<std::unique_ptr<wib::TlsSession>> OpensslTls::client(ByteView trusted, std::string_view host,
                                                            wib::TlsVersions versions) {
  const ErrorQueueGuard guard;
  if (!good_host(host)) return wib::fail(Errc::out_of_range, "tls: host");
  if (!wib::der::well_formed(trusted)) return wib::fail(Errc::bad_certificate, "tls: trusted");
  const Certificate certificate = parse_certificate(library_, trusted);
  if (certificate == nullptr) return wib::fail(Errc::bad_certificate, "tls: trusted");
  Ssl ssl = new_connection(context_.get(), versions);
  if (ssl == nullptr || !set_trust(ssl.get(), certificate.get()) ||
      !set_host(ssl.get(), std::string(host))) {
    return wib::fail(Errc::crypto, "tls: client");
  }
  SSL_set_verify(ssl.get(), SSL_VERIFY_PEER, nullptr);
  SSL_set_connect_state(ssl.get());
  return start(std::move(ssl));
}

}  // namespace WIB_BACKEND_NAMESPACE
