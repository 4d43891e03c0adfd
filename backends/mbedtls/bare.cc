// SPDX-License-Identifier: Apache-2.0
#include "bare.h"

#include <mbedtls/dhm.h>
#include <mbedtls/ecdh.h>
#include <mbedtls/hkdf.h>
#include <mbedtls/pkcs5.h>

#include <algorithm>
#include <array>

namespace WIB_BACKEND_NAMESPACE {
namespace {

using Outcome = wib::Bare::Outcome;
using DhmState = InPlace<mbedtls_dhm_context, mbedtls_dhm_init, mbedtls_dhm_free>;
using EcdhState = InPlace<mbedtls_ecdh_context, mbedtls_ecdh_init, mbedtls_ecdh_free>;
using KeyPair = InPlace<mbedtls_ecp_keypair, mbedtls_ecp_keypair_init, mbedtls_ecp_keypair_free>;

constexpr unsigned aes_bits = 8 * wib::aes256_key_size;

// What the library makes of an empty input is part of the question.
const Byte* nullable(ByteView bytes) noexcept { return bytes.empty() ? nullptr : bytes.data(); }

// `bytes` is as large as it may become.
Outcome outcome(int status, std::vector<Byte> bytes, std::size_t size) {
  if (status != 0) return {.refused = true, .bytes = {}};
  bytes.resize(size);
  return {.refused = false, .bytes = std::move(bytes)};
}

const mbedtls_md_info_t* sha256_info() { return mbedtls_md_info_from_type(MBEDTLS_MD_SHA256); }

// The parties' ways into a key agreement are TLS's: a public key comes with its length before it.
Outcome agree(mbedtls_ecp_group_id curve, ByteView scalar, ByteView peer, Random& random) {
  KeyPair ours;
  EcdhState state;
  std::vector<Byte> share = {static_cast<Byte>(peer.size())};
  share.insert(share.end(), peer.begin(), peer.end());
  std::vector<Byte> secret(MBEDTLS_ECP_MAX_BYTES);
  std::size_t size = 0;
  int status = mbedtls_ecp_read_key(curve, ours.get(), scalar.data(), scalar.size());
  if (status == 0) status = mbedtls_ecdh_setup(state.get(), curve);
  if (status == 0) status = mbedtls_ecdh_get_params(state.get(), ours.get(), MBEDTLS_ECDH_OURS);
  if (status == 0) status = mbedtls_ecdh_read_public(state.get(), share.data(), share.size());
  if (status == 0) {
    status = mbedtls_ecdh_calc_secret(state.get(), &size, secret.data(), secret.size(),
                                      Random::draw, random.state());
  }
  return outcome(status, std::move(secret), size);
}

bool read(const Group& group, ByteView bytes, Point& point) {
  return mbedtls_ecp_point_read_binary(group.get(), point.get(), bytes.data(), bytes.size()) == 0;
}

bool write(const Group& group, const Point& point, ByteSpan out) {
  std::size_t size = 0;
  return mbedtls_ecp_point_write_binary(group.get(), point.get(), MBEDTLS_ECP_PF_UNCOMPRESSED,
                                        &size, out.data(), out.size()) == 0;
}

}  // namespace

MbedtlsBare::MbedtlsBare(Random& random) : random_(random) {
  // What fails here fails again when it is used.
  mbedtls_md_setup(hmac_sha256_.get(), sha256_info(), 1);
  mbedtls_md_setup(hmac_sha512_.get(), mbedtls_md_info_from_type(MBEDTLS_MD_SHA512), 1);
  mbedtls_ecp_group_load(p256_.get(), MBEDTLS_ECP_DP_SECP256R1);
  mbedtls_ecp_group_load(curve25519_.get(), MBEDTLS_ECP_DP_CURVE25519);
}

// --- What the library decides by itself ---------------------------------------------------------

Outcome MbedtlsBare::ffdh_agree(ByteView p, ByteView g, ByteView exponent, ByteView peer) {
  DhmState state;
  Number modulus;
  Number generator;
  std::vector<Byte> secret(p.size());
  std::size_t size = 0;
  if (!read(modulus, p) || !read(generator, g)) return outcome(-1, {}, 0);
  int status = mbedtls_dhm_set_group(state.get(), modulus.get(), generator.get());
  // The one way to an exponent that the library has not drawn itself.
  if (status == 0) status = mbedtls_mpi_read_binary(&state->X, exponent.data(), exponent.size());
  if (status == 0) status = mbedtls_dhm_read_public(state.get(), nullable(peer), peer.size());
  if (status == 0) {
    status = mbedtls_dhm_calc_secret(state.get(), secret.data(), secret.size(), &size, Random::draw,
                                     random_.state());
  }
  return outcome(status, std::move(secret), size);
}

Outcome MbedtlsBare::x25519_agree(ByteView scalar, ByteView peer) {
  return agree(MBEDTLS_ECP_DP_CURVE25519, scalar, peer, random_);
}

Outcome MbedtlsBare::p256_agree(ByteView scalar, ByteView peer) {
  return agree(MBEDTLS_ECP_DP_SECP256R1, scalar, peer, random_);
}

Outcome MbedtlsBare::p256_encode_infinity() {
  Number one;
  Number minus_one;
  Point sum;
  std::vector<Byte> encoded(wib::p256_point_size);
  std::size_t size = 0;
  int status = mbedtls_mpi_lset(one.get(), 1);
  if (status == 0) status = mbedtls_mpi_lset(minus_one.get(), -1);
  if (status == 0) {
    status = mbedtls_ecp_muladd(p256_.get(), sum.get(), one.get(), &p256_->G, minus_one.get(),
                                &p256_->G);
  }
  if (status == 0) {
    status = mbedtls_ecp_point_write_binary(p256_.get(), sum.get(), MBEDTLS_ECP_PF_UNCOMPRESSED,
                                            &size, encoded.data(), encoded.size());
  }
  return outcome(status, std::move(encoded), size);
}

Outcome MbedtlsBare::hmac_sha256(ByteView key, ByteView message) {
  std::vector<Byte> tag(wib::sha256_size);
  const int status = mbedtls_md_hmac(sha256_info(), nullable(key), key.size(), nullable(message),
                                     message.size(), tag.data());
  return outcome(status, std::move(tag), wib::sha256_size);
}

Outcome MbedtlsBare::hkdf_sha256(ByteView salt, ByteView ikm, ByteView info, std::size_t size) {
  std::vector<Byte> okm(size);
  const int status = mbedtls_hkdf(sha256_info(), nullable(salt), salt.size(), nullable(ikm),
                                  ikm.size(), nullable(info), info.size(), okm.data(), okm.size());
  return outcome(status, std::move(okm), size);
}

// --- What the same results cost without the wrapper ---------------------------------------------

bool MbedtlsBare::sha256(ByteView message, ByteSpan digest) {
  return mbedtls_sha256_ret(message.data(), message.size(), digest.data(), 0) == 0;
}

bool MbedtlsBare::hmac_sha512(ByteView key, ByteView message, ByteSpan tag) {
  return mbedtls_md_hmac_starts(hmac_sha512_.get(), key.data(), key.size()) == 0 &&
         mbedtls_md_hmac_update(hmac_sha512_.get(), message.data(), message.size()) == 0 &&
         mbedtls_md_hmac_finish(hmac_sha512_.get(), tag.data()) == 0;
}

bool MbedtlsBare::hkdf_sha256(ByteView salt, ByteView ikm, ByteView info, ByteSpan okm) {
  return mbedtls_hkdf(sha256_info(), salt.data(), salt.size(), ikm.data(), ikm.size(), info.data(),
                      info.size(), okm.data(), okm.size()) == 0;
}

bool MbedtlsBare::pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t iterations,
                                ByteSpan key) {
  return mbedtls_pkcs5_pbkdf2_hmac(hmac_sha256_.get(), password.data(), password.size(),
                                   salt.data(), salt.size(), iterations,
                                   static_cast<std::uint32_t>(key.size()), key.data()) == 0;
}

bool MbedtlsBare::aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) {
  std::array<Byte, wib::aes_block_size> chain;
  std::ranges::copy(iv, chain.begin());
  return mbedtls_aes_setkey_enc(aes_.get(), key.data(), aes_bits) == 0 &&
         mbedtls_aes_crypt_cbc(aes_.get(), MBEDTLS_AES_ENCRYPT, in.size(), chain.data(), in.data(),
                               out.data()) == 0;
}

bool MbedtlsBare::aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) {
  std::array<Byte, wib::aes_block_size> chain;
  std::ranges::copy(iv, chain.begin());
  return mbedtls_aes_setkey_dec(aes_.get(), key.data(), aes_bits) == 0 &&
         mbedtls_aes_crypt_cbc(aes_.get(), MBEDTLS_AES_DECRYPT, in.size(), chain.data(), in.data(),
                               out.data()) == 0;
}

bool MbedtlsBare::aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) {
  std::array<Byte, wib::aes_block_size> next;
  std::array<Byte, wib::aes_block_size> stream;
  std::ranges::copy(counter, next.begin());
  std::size_t used = 0;
  return mbedtls_aes_setkey_enc(aes_.get(), key.data(), aes_bits) == 0 &&
         mbedtls_aes_crypt_ctr(aes_.get(), in.size(), &used, next.data(), stream.data(), in.data(),
                               out.data()) == 0;
}

bool MbedtlsBare::aes256_gcm_seal(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                                  ByteSpan out, ByteSpan tag) {
  return mbedtls_gcm_setkey(gcm_.get(), MBEDTLS_CIPHER_ID_AES, key.data(), aes_bits) == 0 &&
         mbedtls_gcm_crypt_and_tag(gcm_.get(), MBEDTLS_GCM_ENCRYPT, in.size(), nonce.data(),
                                   nonce.size(), associated.data(), associated.size(), in.data(),
                                   out.data(), tag.size(), tag.data()) == 0;
}

bool MbedtlsBare::aes256_gcm_open(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                                  ByteView tag, ByteSpan out) {
  return mbedtls_gcm_setkey(gcm_.get(), MBEDTLS_CIPHER_ID_AES, key.data(), aes_bits) == 0 &&
         mbedtls_gcm_auth_decrypt(gcm_.get(), in.size(), nonce.data(), nonce.size(),
                                  associated.data(), associated.size(), tag.data(), tag.size(),
                                  in.data(), out.data()) == 0;
}

bool MbedtlsBare::chacha20_poly1305_seal(ByteView key, ByteView nonce, ByteView associated,
                                         ByteView in, ByteSpan out, ByteSpan tag) {
  return mbedtls_chachapoly_setkey(chachapoly_.get(), key.data()) == 0 &&
         mbedtls_chachapoly_encrypt_and_tag(chachapoly_.get(), in.size(), nonce.data(),
                                            associated.data(), associated.size(), in.data(),
                                            out.data(), tag.data()) == 0;
}

bool MbedtlsBare::chacha20_poly1305_open(ByteView key, ByteView nonce, ByteView associated,
                                         ByteView in, ByteView tag, ByteSpan out) {
  return mbedtls_chachapoly_setkey(chachapoly_.get(), key.data()) == 0 &&
         mbedtls_chachapoly_auth_decrypt(chachapoly_.get(), in.size(), nonce.data(),
                                         associated.data(), associated.size(), tag.data(),
                                         in.data(), out.data()) == 0;
}

bool MbedtlsBare::mod_exp(ByteView base, ByteView exponent, ByteView modulus, ByteSpan out) {
  Number b;
  Number e;
  Number m;
  return read(b, base) && read(e, exponent) && read(m, modulus) &&
         mbedtls_mpi_exp_mod(b.get(), b.get(), e.get(), m.get(), nullptr) == 0 &&
         mbedtls_mpi_write_binary(b.get(), out.data(), out.size()) == 0;
}

bool MbedtlsBare::x25519(ByteView scalar, ByteView u, ByteSpan out) {
  Number k;
  Point point;
  Point result;
  return mbedtls_mpi_read_binary_le(k.get(), scalar.data(), scalar.size()) == 0 &&
         read(curve25519_, u, point) &&
         mbedtls_ecp_mul(curve25519_.get(), result.get(), k.get(), point.get(), Random::draw,
                         random_.state()) == 0 &&
         mbedtls_mpi_write_binary_le(&result->X, out.data(), out.size()) == 0;
}

bool MbedtlsBare::p256_base_mul(ByteView scalar, ByteSpan out) {
  Number k;
  Point result;
  return read(k, scalar) &&
         mbedtls_ecp_mul(p256_.get(), result.get(), k.get(), &p256_->G, Random::draw,
                         random_.state()) == 0 &&
         write(p256_, result, out);
}

bool MbedtlsBare::p256_mul(ByteView scalar, ByteView point, ByteSpan out) {
  Number k;
  Point p;
  Point result;
  return read(k, scalar) && read(p256_, point, p) &&
         mbedtls_ecp_mul(p256_.get(), result.get(), k.get(), p.get(), Random::draw,
                         random_.state()) == 0 &&
         write(p256_, result, out);
}

bool MbedtlsBare::p256_mul_add(ByteView a, ByteView p, ByteView b, ByteView q, ByteSpan out) {
  Number j;
  Number k;
  Point first;
  Point second;
  Point sum;
  return read(j, a) && read(k, b) && read(p256_, p, first) && read(p256_, q, second) &&
         mbedtls_ecp_muladd(p256_.get(), sum.get(), j.get(), first.get(), k.get(), second.get()) ==
             0 &&
         write(p256_, sum, out);
}

}  // namespace WIB_BACKEND_NAMESPACE
