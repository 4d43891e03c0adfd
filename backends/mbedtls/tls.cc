// SPDX-License-Identifier: Apache-2.0
#include "tls.h"

#include <array>

#include "keys.h"
#include "tls_session.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

// RFC 9325: forward secrecy and authenticated encryption. All of the library's lists end with a
// zero (a "none").
constexpr std::array<int, 7> ciphers = {MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
                                        MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
                                        MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
                                        MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
                                        MBEDTLS_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
                                        MBEDTLS_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
                                        0};
constexpr std::array<mbedtls_ecp_group_id, 5> groups = {
    MBEDTLS_ECP_DP_CURVE25519, MBEDTLS_ECP_DP_SECP256R1, MBEDTLS_ECP_DP_SECP384R1,
    MBEDTLS_ECP_DP_SECP521R1, MBEDTLS_ECP_DP_NONE};
constexpr std::array<int, 4> digests = {MBEDTLS_MD_SHA256, MBEDTLS_MD_SHA384, MBEDTLS_MD_SHA512,
                                        MBEDTLS_MD_NONE};
// 112 bits of security, as the other backends have it.
constexpr std::uint32_t min_rsa_bits = 2048;
// Of a peer's chain.
constexpr mbedtls_x509_crt_profile acceptable = {
    .allowed_mds = MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA256) |
                   MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA384) |
                   MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA512),
    .allowed_pks = 0xffff'ffff,
    .allowed_curves = MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP256R1) |
                      MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP384R1) |
                      MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP521R1),
    .rsa_min_bitlen = min_rsa_bits};

Result<> check_versions(wib::TlsVersions versions) {
  if (versions.min > versions.max) return wib::fail(Errc::crypto, "tls: versions");
  if (versions.min == wib::TlsVersion::tls1_3) return wib::fail(Errc::unsupported, "tls: 1.3");
  return {};
}

bool configure(mbedtls_ssl_config* config, int role, Random& random) {
  if (!random.ready() || mbedtls_ssl_config_defaults(config, role, MBEDTLS_SSL_TRANSPORT_STREAM,
                                                     MBEDTLS_SSL_PRESET_DEFAULT) != 0) {
    return false;
  }
  mbedtls_ssl_conf_rng(config, Random::draw, random.state());
  mbedtls_ssl_conf_min_version(config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
  mbedtls_ssl_conf_max_version(config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
  mbedtls_ssl_conf_ciphersuites(config, ciphers.data());
  mbedtls_ssl_conf_curves(config, groups.data());
  mbedtls_ssl_conf_sig_hashes(config, digests.data());
  mbedtls_ssl_conf_cert_profile(config, &acceptable);
  mbedtls_ssl_conf_renegotiation(config, MBEDTLS_SSL_RENEGOTIATION_DISABLED);
  mbedtls_ssl_conf_session_tickets(config, MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
  return true;
}

Result<std::unique_ptr<wib::TlsSession>> start(std::unique_ptr<Connection> connection) {
  std::unique_ptr<wib::TlsSession> session = MbedtlsTlsSession::make(std::move(connection));
  if (session == nullptr) return wib::fail(Errc::crypto, "tls: memory");
  return session;
}

}  // namespace

Result<std::unique_ptr<wib::TlsSession>> MbedtlsTls::server(ByteView certificate,
                                                            ByteView private_key,
                                                            wib::TlsVersions versions) {
  Key public_key;
  const auto view = load_public_key(certificate, public_key);
  if (!view) return std::unexpected(view.error());
  auto connection = std::make_unique<Connection>();
  if (const auto loaded = load_private_key(private_key, random_, connection->key); !loaded) {
    return std::unexpected(loaded.error());
  }
  if (const auto good = check_versions(versions); !good) return std::unexpected(good.error());
  if (!configure(connection->config.get(), MBEDTLS_SSL_IS_SERVER, random_)) {
    return wib::fail(Errc::crypto, "tls: server");
  }
  const bool weak = view->type == wib::KeyType::rsa && view->bits < min_rsa_bits;
  if (weak || view->type == wib::KeyType::other || view->type == wib::KeyType::ed25519 ||
      mbedtls_x509_crt_parse_der(connection->certificate.get(), certificate.data(),
                                 certificate.size()) != 0) {
    return wib::fail(Errc::bad_certificate, "tls: certificate");
  }
  if (mbedtls_pk_check_pair(public_key.get(), connection->key.get()) != 0 ||
      mbedtls_ssl_conf_own_cert(connection->config.get(), connection->certificate.get(),
                                connection->key.get()) != 0) {
    return wib::fail(Errc::bad_key, "tls: key");
  }
  return start(std::move(connection));
}

Result<std::unique_ptr<wib::TlsSession>> MbedtlsTls::client(ByteView trusted, std::string_view host,
                                                            wib::TlsVersions versions) {
  if (!wib::Host::acceptable(host)) return wib::fail(Errc::out_of_range, "tls: host");
  auto connection = std::make_unique<Connection>();
  connection->trust = std::make_unique<Trust>(host);
  if (!connection->trust->load(trusted)) return wib::fail(Errc::bad_certificate, "tls: trusted");
  if (const auto good = check_versions(versions); !good) return std::unexpected(good.error());
  if (!configure(connection->config.get(), MBEDTLS_SSL_IS_CLIENT, random_)) {
    return wib::fail(Errc::crypto, "tls: client");
  }
  connection->trust->install(connection->config.get());
  return start(std::move(connection));
}

}  // namespace WIB_BACKEND_NAMESPACE
