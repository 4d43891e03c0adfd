// SPDX-License-Identifier: Apache-2.0
#include "tls.h"

#include <array>

#include "keys.h"
#include "point_cache.h"
#include "tls_session.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

// RFC 9325: forward secrecy and authenticated encryption.
constexpr const char* ciphers =
    "TLS13-AES128-GCM-SHA256:TLS13-AES256-GCM-SHA384:TLS13-CHACHA20-POLY1305-SHA256:"
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr std::array<int, 4> groups = {WOLFSSL_ECC_X25519, WOLFSSL_ECC_SECP256R1,
                                       WOLFSSL_ECC_SECP384R1, WOLFSSL_ECC_SECP521R1};
// 112 bits of security, as the other backends have it.
constexpr short min_rsa_bits = 2048;

enum class Role { server, client };

// The library has a function for each combination of role and versions.
WOLFSSL_METHOD* method_for(Role role, wib::TlsVersions versions) {
  const bool server = role == Role::server;
  if (versions.min == wib::TlsVersion::tls1_3) {
    return server ? wolfTLSv1_3_server_method() : wolfTLSv1_3_client_method();
  }
  if (versions.max == wib::TlsVersion::tls1_2) {
    return server ? wolfTLSv1_2_server_method() : wolfTLSv1_2_client_method();
  }
  return server ? wolfSSLv23_server_method() : wolfSSLv23_client_method();
}

bool configure(WOLFSSL_CTX* context, Role role, wib::TlsVersions versions) {
  wolfSSL_CTX_set_session_cache_mode(context, WOLFSSL_SESS_CACHE_OFF);
  if (role == Role::server) {
    // Each knows only its own version, and refuses a context that does not have it.
    wolfSSL_CTX_no_ticket_TLSv13(context);
    wolfSSL_CTX_NoTicketTLSv12(context);
  }
  // Both what a client may offer and what a server may choose; TLS 1.3 has a list of its own.
  for (const int group : groups) {
    if (wolfSSL_CTX_UseSupportedCurve(context, static_cast<word16>(group)) != WOLFSSL_SUCCESS) {
      return false;
    }
  }
  std::array offered = groups;
  const bool has_tls1_3 = versions.max == wib::TlsVersion::tls1_3;
  if (has_tls1_3 && wolfSSL_CTX_set_groups(context, offered.data(),
                                           static_cast<int>(offered.size())) != WOLFSSL_SUCCESS) {
    return false;
  }
  return wolfSSL_CTX_SetMinRsaKey_Sz(context, min_rsa_bits) == WOLFSSL_SUCCESS &&
         (versions.min == wib::TlsVersion::tls1_3 ||
          wolfSSL_CTX_SetMinVersion(context, WOLFSSL_TLSV1_2) == WOLFSSL_SUCCESS) &&
         wolfSSL_CTX_set_cipher_list(context, ciphers) == WOLFSSL_SUCCESS;
}

SslContext new_context(Role role, wib::TlsVersions versions) {
  if (versions.min > versions.max) return nullptr;
  SslContext context(wolfSSL_CTX_new(method_for(role, versions)));
  if (context == nullptr || !configure(context.get(), role, versions)) return nullptr;
  return context;
}

Result<std::unique_ptr<wib::TlsSession>> start(SslContext context, std::unique_ptr<Trust> trust) {
  std::unique_ptr<wib::TlsSession> session =
      WolfsslTlsSession::make(std::move(context), std::move(trust));
  if (session == nullptr) return wib::fail(Errc::crypto, "tls: memory");
  return session;
}

long length_of(ByteView bytes) { return static_cast<long>(bytes.size()); }

}  // namespace

Result<std::unique_ptr<wib::TlsSession>> WolfsslTls::server(ByteView certificate,
                                                            ByteView private_key,
                                                            wib::TlsVersions versions) {
  free_point_cache_at_thread_end();
  CertificateState decoded;
  const auto info = load_certificate(certificate, decoded);
  if (!info) return std::unexpected(info.error());
  Key public_key;
  if (const auto loaded = load_public_key(certificate, public_key); !loaded) {
    return std::unexpected(loaded.error());
  }
  Key key;
  if (const auto loaded = load_private_key(private_key, key); !loaded) {
    return std::unexpected(loaded.error());
  }
  SslContext context = new_context(Role::server, versions);
  if (context == nullptr) return wib::fail(Errc::crypto, "tls: server");
  const bool weak = info->key_type == wib::KeyType::rsa && info->key_bits < min_rsa_bits;
  if (weak || info->key_type == wib::KeyType::other ||
      wolfSSL_CTX_use_certificate_buffer(context.get(), certificate.data(), length_of(certificate),
                                         WOLFSSL_FILETYPE_ASN1) != WOLFSSL_SUCCESS) {
    return wib::fail(Errc::bad_certificate, "tls: certificate");
  }
  if (!same_public_numbers(key, public_key) ||
      wolfSSL_CTX_use_PrivateKey_buffer(context.get(), private_key.data(), length_of(private_key),
                                        WOLFSSL_FILETYPE_ASN1) != WOLFSSL_SUCCESS) {
    return wib::fail(Errc::bad_key, "tls: key");
  }
  return start(std::move(context), nullptr);
}

Result<std::unique_ptr<wib::TlsSession>> WolfsslTls::client(ByteView trusted, std::string_view host,
                                                            wib::TlsVersions versions) {
  if (!wib::Host::acceptable(host)) return wib::fail(Errc::out_of_range, "tls: host");
  SslContext context = new_context(Role::client, versions);
  if (context == nullptr) return wib::fail(Errc::crypto, "tls: client");
  auto trust = std::make_unique<Trust>(trusted, host);
  if (!trust->install(context.get())) return wib::fail(Errc::bad_certificate, "tls: trusted");
  return start(std::move(context), std::move(trust));
}

}  // namespace WIB_BACKEND_NAMESPACE
