// SPDX-License-Identifier: Apache-2.0
#include "backends/conformance/operations.h"

namespace wib::conformance {
namespace {

// The capability that a public key's type stands for.
Capability key_capability(const Vector& vector) {
  const std::string_view type = as_text(vector.at("type"));
  if (type == "rsa") return Capability::certificates_rsa;
  if (type == "p256") return Capability::certificates_p256;
  if (type == "p384") return Capability::certificates_p384;
  if (type == "p521") return Capability::certificates_p521;
  if (type == "ed25519") return Capability::certificates_ed25519;
  throw BadVector(vector.id + ": no key type " + std::string(type));
}

}  // namespace

Capability capability_of(Operation operation, const Vector& vector) {
  switch (operation) {
    case Operation::sha256:
    case Operation::sha256_monte: return Capability::sha256;
    case Operation::hmac_sha256: return Capability::hmac_sha256;
    case Operation::hmac_sha512: return Capability::hmac_sha512;
    case Operation::hkdf_sha256: return Capability::hkdf_sha256;
    case Operation::pbkdf2_sha256: return Capability::pbkdf2_sha256;
    case Operation::aes256_cbc:
    case Operation::aes256_cbc_padded: return Capability::aes256_cbc;
    case Operation::aes256_ctr: return Capability::aes256_ctr;
    case Operation::aes256_gcm: return Capability::aes256_gcm;
    case Operation::chacha20_poly1305: return Capability::chacha20_poly1305;
    case Operation::mod_exp:
    case Operation::safe_prime:
    case Operation::ffdh:
    case Operation::ffdh_share: return Capability::mod_exp;
    case Operation::x25519:
    case Operation::x25519_iterated:
    case Operation::x25519_agree: return Capability::x25519;
    case Operation::p256_base_mul:
    case Operation::p256_mul_add:
    case Operation::p256_agree:
    case Operation::p256_share:
    case Operation::spake2p: return Capability::p256;
    case Operation::verify:
    case Operation::inspect:
    case Operation::key_pair: return key_capability(vector);
    case Operation::tls:
      return as_text(vector.at("version")) == "1.2" ? Capability::tls1_2 : Capability::tls1_3;
  }
  throw BadVector(vector.id + ": no such operation");
}

Capabilities needs(const Vector& vector) {
  Capabilities all = {capability_of(vector.operation, vector)};
  if (vector.operation == Operation::spake2p && vector.has("shared")) {  // the key schedule
    all.add(Capability::sha256);
    all.add(Capability::hmac_sha256);
    all.add(Capability::hkdf_sha256);
  }
  return all;
}

void run(Subject& subject, const Vector& vector) {
  switch (vector.operation) {
    case Operation::sha256:
    case Operation::sha256_monte:
    case Operation::hmac_sha256:
    case Operation::hmac_sha512: return run_hash(subject, vector);
    case Operation::hkdf_sha256:
    case Operation::pbkdf2_sha256: return run_derivation(subject, vector);
    case Operation::aes256_cbc:
    case Operation::aes256_cbc_padded:
    case Operation::aes256_ctr: return run_cipher(subject, vector);
    case Operation::aes256_gcm:
    case Operation::chacha20_poly1305: return run_aead(subject, vector);
    case Operation::mod_exp:
    case Operation::safe_prime:
    case Operation::ffdh:
    case Operation::ffdh_share: return run_finite_field(subject, vector);
    case Operation::x25519:
    case Operation::x25519_iterated:
    case Operation::x25519_agree: return run_x25519(subject, vector);
    case Operation::p256_base_mul:
    case Operation::p256_mul_add:
    case Operation::p256_agree:
    case Operation::p256_share: return run_p256(subject, vector);
    case Operation::spake2p: return run_spake2p(subject, vector);
    case Operation::verify:
    case Operation::inspect:
    case Operation::key_pair: return run_certificate(subject, vector);
    case Operation::tls: return run_tls(subject, vector);
  }
}

void differs(std::string_view what, ByteView expected, ByteView got) {
  throw Differs(std::string(what) + "\n    expected " + to_hex(expected) + "\n    got      " +
                to_hex(got));
}

void expect_bytes(std::string_view what, const Result<Bytes>& got, ByteView expected) {
  const Bytes bytes = value_of(what, got);
  if (!same_bytes(bytes, expected)) differs(what, expected, bytes);
}

void expect_refused(std::string_view what, const Result<Bytes>& got, Errc code) {
  if (got) throw Differs(std::string(what) + " was not refused; it gave " + to_hex(*got));
  if (got.error().code != code) {
    throw Differs(std::string(what) + ": expected " + std::string(wib::name(code)) + ", got " +
                  std::string(wib::name(got.error().code)));
  }
}

void expect(std::string_view what, bool good) {
  if (!good) throw Differs(std::string(what) + ": not so");
}

}  // namespace wib::conformance
