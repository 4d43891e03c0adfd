// SPDX-License-Identifier: Apache-2.0
#include "bare.h"

#include <wolfssl/openssl/bn.h>
#include <wolfssl/openssl/ec.h>
#include <wolfssl/wolfcrypt/dh.h>

#include <array>

#include "point_cache.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

using Outcome = wib::Bare::Outcome;
using Group = Handle<WOLFSSL_EC_GROUP, wolfSSL_EC_GROUP_free>;
using Point = Handle<ecc_point, wc_ecc_del_point>;
using OuterPoint = Handle<WOLFSSL_EC_POINT, wolfSSL_EC_POINT_free>;
using BigNumber = Handle<WOLFSSL_BIGNUM, wolfSSL_BN_free>;
using DhState = InPlace<DhKey, wc_FreeDhKey>;
using X25519State = InPlace<curve25519_key, wc_curve25519_free>;

const Outcome refusal = {.refused = true, .bytes = {}};

// What the library makes of an empty input is part of the question.
const Byte* nullable(ByteView bytes) noexcept { return bytes.empty() ? nullptr : bytes.data(); }

// The first `size` bytes, if the library says that all went well.
Outcome outcome(int status, std::vector<Byte> bytes, word32 size) {
  if (status != 0) return refusal;
  bytes.resize(size);
  return {.refused = false, .bytes = std::move(bytes)};
}

bool read(mp_int* number, ByteView bytes) {
  return mp_init(number) == MP_OKAY &&
         mp_read_unsigned_bin(number, bytes.data(), size_of(bytes)) == MP_OKAY;
}

bool encode(int curve, ecc_point* point, ByteSpan out) {
  word32 size = size_of(out);
  return wc_ecc_export_point_der(curve, point, out.data(), &size) == 0;
}

bool decode(int curve, ByteView encoded, ecc_point* point) {
  return wc_ecc_import_point_der(encoded.data(), size_of(encoded), curve, point) == 0;
}

bool start(Aes* aes, int direction, ByteView key, ByteView iv) {
  return wc_AesInit(aes, nullptr, INVALID_DEVID) == 0 &&
         wc_AesSetKey(aes, key.data(), size_of(key), iv.data(), direction) == 0;
}

bool start_gcm(Aes* aes, ByteView key) {
  return wc_AesInit(aes, nullptr, INVALID_DEVID) == 0 &&
         wc_AesGcmSetKey(aes, key.data(), size_of(key)) == 0;
}

}  // namespace

WolfsslBare::WolfsslBare() : curve_(wc_ecc_get_curve_idx(ECC_SECP256R1)) {
  const ecc_set_type* const parameters = wc_ecc_get_curve_params(curve_);
  mp_init(a_.get());
  mp_init(prime_.get());
  mp_read_radix(a_.get(), parameters->Af, MP_RADIX_HEX);
  mp_read_radix(prime_.get(), parameters->prime, MP_RADIX_HEX);
}

// --- What the library decides by itself ---------------------------------------------------------

Outcome WolfsslBare::ffdh_agree(ByteView p, ByteView g, ByteView exponent, ByteView peer) {
  DhState key;
  std::vector<Byte> secret(p.size());
  word32 size = size_of(secret);
  int status = wc_InitDhKey(key.get());
  if (status == 0) {
    status = wc_DhSetKey(key.get(), p.data(), size_of(p), g.data(), size_of(g));
  }
  if (status == 0) {
    status = wc_DhAgree(key.get(), secret.data(), &size, nullable(exponent), size_of(exponent),
                        nullable(peer), size_of(peer));
  }
  return outcome(status, std::move(secret), size);
}

Outcome WolfsslBare::x25519_agree(ByteView scalar, ByteView peer) {
  X25519State ours;
  X25519State theirs;
  std::vector<Byte> secret(wib::x25519_size);
  word32 size = size_of(secret);
  int status = wc_curve25519_init(ours.get());
  if (status == 0) status = wc_curve25519_init(theirs.get());
  if (status == 0) {
    status = wc_curve25519_import_private_ex(scalar.data(), size_of(scalar), ours.get(),
                                             EC25519_LITTLE_ENDIAN);
  }
  if (status == 0) {
    status = wc_curve25519_import_public_ex(nullable(peer), size_of(peer), theirs.get(),
                                            EC25519_LITTLE_ENDIAN);
  }
  if (status == 0) {
    status = wc_curve25519_shared_secret_ex(ours.get(), theirs.get(), secret.data(), &size,
                                            EC25519_LITTLE_ENDIAN);
  }
  return outcome(status, std::move(secret), size);
}

Outcome WolfsslBare::p256_agree(ByteView scalar, ByteView peer) {
  free_point_cache_at_thread_end();
  EccState ours;
  EccState theirs;
  RngState blinding;  // of the computation alone
  std::vector<Byte> secret(wib::p256_scalar_size);
  word32 size = size_of(secret);
  int status = wc_ecc_init(ours.get());
  if (status == 0) status = wc_ecc_init(theirs.get());
  if (status == 0) status = wc_InitRng(blinding.get());
  if (status == 0) {
    status = wc_ecc_import_private_key_ex(scalar.data(), size_of(scalar), nullptr, 0, ours.get(),
                                          ECC_SECP256R1);
  }
  if (status == 0) {
    status = wc_ecc_import_x963_ex(nullable(peer), size_of(peer), theirs.get(), ECC_SECP256R1);
  }
  if (status == 0) status = wc_ecc_set_rng(ours.get(), blinding.get());
  if (status == 0) {
    status = wc_ecc_shared_secret(ours.get(), theirs.get(), secret.data(), &size);
  }
  return outcome(status, std::move(secret), size);
}

Outcome WolfsslBare::p256_encode_infinity() {
  free_point_cache_at_thread_end();
  const Group group(wolfSSL_EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  const OuterPoint point(wolfSSL_EC_POINT_new(group.get()));
  const OuterPoint opposite(wolfSSL_EC_POINT_new(group.get()));
  const BigNumber one(wolfSSL_BN_new());
  const ByteView n = wib::p256_order();
  const BigNumber minus_one(wolfSSL_BN_bin2bn(n.data(), static_cast<int>(n.size()), nullptr));
  // Not by the functions that copy and invert a point: the one copies the wrong way round, and the
  // other one subtracts from zero instead of p.
  if (wolfSSL_BN_one(one.get()) != 1 || wolfSSL_BN_sub_word(minus_one.get(), 1) != 1 ||
      wolfSSL_EC_POINT_mul(group.get(), point.get(), one.get(), nullptr, nullptr, nullptr) != 1 ||
      wolfSSL_EC_POINT_mul(group.get(), opposite.get(), minus_one.get(), nullptr, nullptr,
                           nullptr) != 1 ||
      wolfSSL_EC_POINT_add(group.get(), point.get(), point.get(), opposite.get(), nullptr) != 1) {
    return refusal;
  }
  std::vector<Byte> encoded(wib::p256_point_size);
  const std::size_t size =
      wolfSSL_EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED,
                                 encoded.data(), encoded.size(), nullptr);
  encoded.resize(size);
  return {.refused = encoded.empty(), .bytes = encoded};
}

Outcome WolfsslBare::hmac_sha256(ByteView key, ByteView message) {
  HmacState state;
  std::vector<Byte> tag(wib::sha256_size);
  int status = wc_HmacInit(state.get(), nullptr, INVALID_DEVID);
  if (status == 0) {
    status = wc_HmacSetKey(state.get(), WC_SHA256, nullable(key), size_of(key));
  }
  if (status == 0) status = wc_HmacUpdate(state.get(), nullable(message), size_of(message));
  if (status == 0) status = wc_HmacFinal(state.get(), tag.data());
  return outcome(status, std::move(tag), wib::sha256_size);
}

Outcome WolfsslBare::hkdf_sha256(ByteView salt, ByteView ikm, ByteView info, std::size_t size) {
  std::vector<Byte> okm(size);
  const int status = wc_HKDF(WC_SHA256, nullable(ikm), size_of(ikm), nullable(salt), size_of(salt),
                             nullable(info), size_of(info), okm.data(), size_of(okm));
  return outcome(status, std::move(okm), static_cast<word32>(size));
}

// --- What the same results cost without the wrapper ---------------------------------------------

bool WolfsslBare::sha256(ByteView message, ByteSpan digest) {
  wc_Sha256 state;
  return wc_InitSha256(&state) == 0 &&
         wc_Sha256Update(&state, message.data(), size_of(message)) == 0 &&
         wc_Sha256Final(&state, digest.data()) == 0;
}

bool WolfsslBare::hmac_sha512(ByteView key, ByteView message, ByteSpan tag) {
  Hmac state;
  const bool done = wc_HmacInit(&state, nullptr, INVALID_DEVID) == 0 &&
                    wc_HmacSetKey(&state, WC_SHA512, key.data(), size_of(key)) == 0 &&
                    wc_HmacUpdate(&state, message.data(), size_of(message)) == 0 &&
                    wc_HmacFinal(&state, tag.data()) == 0;
  wc_HmacFree(&state);
  return done;
}

bool WolfsslBare::hkdf_sha256(ByteView salt, ByteView ikm, ByteView info, ByteSpan okm) {
  return wc_HKDF(WC_SHA256, ikm.data(), size_of(ikm), salt.data(), size_of(salt), info.data(),
                 size_of(info), okm.data(), size_of(okm)) == 0;
}

bool WolfsslBare::pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t iterations,
                                ByteSpan key) {
  return wc_PBKDF2(key.data(), password.data(), static_cast<int>(password.size()), salt.data(),
                   static_cast<int>(salt.size()), static_cast<int>(iterations),
                   static_cast<int>(key.size()), WC_SHA256) == 0;
}

bool WolfsslBare::aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) {
  Aes aes;
  return start(&aes, AES_ENCRYPTION, key, iv) &&
         wc_AesCbcEncrypt(&aes, out.data(), in.data(), size_of(in)) == 0;
}

bool WolfsslBare::aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) {
  Aes aes;
  return start(&aes, AES_DECRYPTION, key, iv) &&
         wc_AesCbcDecrypt(&aes, out.data(), in.data(), size_of(in)) == 0;
}

bool WolfsslBare::aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) {
  Aes aes;
  return start(&aes, AES_ENCRYPTION, key, counter) &&
         wc_AesCtrEncrypt(&aes, out.data(), in.data(), size_of(in)) == 0;
}

bool WolfsslBare::aes256_gcm_seal(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                                  ByteSpan out, ByteSpan tag) {
  Aes aes;
  return start_gcm(&aes, key) &&
         wc_AesGcmEncrypt(&aes, out.data(), in.data(), size_of(in), nonce.data(), size_of(nonce),
                          tag.data(), size_of(tag), associated.data(), size_of(associated)) == 0;
}

bool WolfsslBare::aes256_gcm_open(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                                  ByteView tag, ByteSpan out) {
  Aes aes;
  return start_gcm(&aes, key) &&
         wc_AesGcmDecrypt(&aes, out.data(), in.data(), size_of(in), nonce.data(), size_of(nonce),
                          tag.data(), size_of(tag), associated.data(), size_of(associated)) == 0;
}

bool WolfsslBare::chacha20_poly1305_seal(ByteView key, ByteView nonce, ByteView associated,
                                         ByteView in, ByteSpan out, ByteSpan tag) {
  return wc_ChaCha20Poly1305_Encrypt(key.data(), nonce.data(), associated.data(),
                                     size_of(associated), in.data(), size_of(in), out.data(),
                                     tag.data()) == 0;
}

bool WolfsslBare::chacha20_poly1305_open(ByteView key, ByteView nonce, ByteView associated,
                                         ByteView in, ByteView tag, ByteSpan out) {
  return wc_ChaCha20Poly1305_Decrypt(key.data(), nonce.data(), associated.data(),
                                     size_of(associated), in.data(), size_of(in), tag.data(),
                                     out.data()) == 0;
}

bool WolfsslBare::mod_exp(ByteView base, ByteView exponent, ByteView modulus, ByteSpan out) {
  mp_int b;
  mp_int e;
  mp_int m;
  return read(&b, base) && read(&e, exponent) && read(&m, modulus) &&
         mp_exptmod(&b, &e, &m, &b) == MP_OKAY &&
         mp_to_unsigned_bin_len(&b, out.data(), static_cast<int>(out.size())) == MP_OKAY;
}

bool WolfsslBare::x25519(ByteView scalar, ByteView u, ByteSpan out) {
  return wc_curve25519_generic(static_cast<int>(out.size()), out.data(),
                               static_cast<int>(scalar.size()), scalar.data(),
                               static_cast<int>(u.size()), u.data()) == 0;
}

bool WolfsslBare::multiply(ByteView scalar, ecc_point* point, ecc_point* result) {
  mp_int k;
  return read(&k, scalar) && wc_ecc_mulmod(&k, point, result, a_.get(), prime_.get(), 1) == MP_OKAY;
}

bool WolfsslBare::p256_base_mul(ByteView scalar, ByteSpan out) {
  free_point_cache_at_thread_end();
  const Point point(wc_ecc_new_point());
  return wc_ecc_get_generator(point.get(), curve_) == MP_OKAY &&
         multiply(scalar, point.get(), point.get()) && encode(curve_, point.get(), out);
}

bool WolfsslBare::p256_mul(ByteView scalar, ByteView point, ByteSpan out) {
  free_point_cache_at_thread_end();
  const Point base(wc_ecc_new_point());
  return decode(curve_, point, base.get()) && multiply(scalar, base.get(), base.get()) &&
         encode(curve_, base.get(), out);
}

bool WolfsslBare::p256_mul_add(ByteView a, ByteView p, ByteView b, ByteView q, ByteSpan out) {
  free_point_cache_at_thread_end();
  const Group group(wolfSSL_EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  const OuterPoint left(wolfSSL_EC_POINT_new(group.get()));
  const OuterPoint right(wolfSSL_EC_POINT_new(group.get()));
  auto* const l = static_cast<ecc_point*>(left->internal);
  auto* const r = static_cast<ecc_point*>(right->internal);
  left->inSet = 1;
  right->inSet = 1;
  return decode(curve_, p, l) && decode(curve_, q, r) && multiply(a, l, l) && multiply(b, r, r) &&
         wolfSSL_EC_POINT_add(group.get(), left.get(), left.get(), right.get(), nullptr) == 1 &&
         encode(curve_, l, out);
}

}  // namespace WIB_BACKEND_NAMESPACE
