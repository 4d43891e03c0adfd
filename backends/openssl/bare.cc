// SPDX-License-Identifier: Apache-2.0
#include "bare.h"

#include <openssl/core_names.h>

#include <algorithm>
#include <array>

namespace WIB_BACKEND_NAMESPACE {
namespace {

using Outcome = wib::Bare::Outcome;

const Outcome refusal = {.refused = true, .bytes = {}};

// What the library makes of an empty input is part of the question.
const Byte* nullable(ByteView bytes) noexcept { return bytes.empty() ? nullptr : bytes.data(); }

OSSL_PARAM nullable_octets(const char* name, ByteView bytes) {
  return OSSL_PARAM_construct_octet_string(name, const_cast<Byte*>(nullable(bytes)), bytes.size());
}

// A number in the machine's byte order, as the library's parameters want it.
std::vector<Byte> native(ByteView number) {
  std::vector<Byte> bytes(number.begin(), number.end());
  const Number value = to_number(number);
  if (value != nullptr) BN_bn2nativepad(value.get(), bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

OSSL_PARAM number(const char* name, std::vector<Byte>& bytes) {
  return OSSL_PARAM_construct_BN(name, bytes.data(), bytes.size());
}

int size_of(ByteView bytes) { return static_cast<int>(bytes.size()); }

// One piece, which is associated data if `out` is null.
bool update(EVP_CIPHER_CTX* context, ByteView in, Byte* out) {
  int written = 0;
  return EVP_CipherUpdate(context, out, &written, in.data(), size_of(in)) == 1;
}

bool start(EVP_CIPHER_CTX* context, const EVP_CIPHER* cipher, int encrypt, ByteView key,
           ByteView iv) {
  return EVP_CipherInit_ex2(context, cipher, key.data(), iv.data(), encrypt, nullptr) == 1;
}

bool seal(EVP_CIPHER_CTX* context, const EVP_CIPHER* cipher, ByteView key, ByteView nonce,
          ByteView associated, ByteView in, ByteSpan out, ByteSpan tag) {
  int written = 0;
  return start(context, cipher, 1, key, nonce) && update(context, associated, nullptr) &&
         update(context, in, out.data()) &&
         EVP_CipherFinal_ex(context, tag.data(), &written) == 1 &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, size_of(tag), tag.data()) == 1;
}

bool open(EVP_CIPHER_CTX* context, const EVP_CIPHER* cipher, ByteView key, ByteView nonce,
          ByteView associated, ByteView in, ByteView tag, ByteSpan out) {
  int written = 0;
  std::array<Byte, EVP_MAX_BLOCK_LENGTH> none;
  return start(context, cipher, 0, key, nonce) &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, size_of(tag),
                             const_cast<Byte*>(tag.data())) == 1 &&
         update(context, associated, nullptr) && update(context, in, out.data()) &&
         EVP_CipherFinal_ex(context, none.data(), &written) == 1;
}

MacContext new_hmac_sha512(OSSL_LIB_CTX* library) {
  const Mac mac(EVP_MAC_fetch(library, "HMAC", nullptr));
  MacContext context(EVP_MAC_CTX_new(mac.get()));
  const std::array parameters = {text(OSSL_MAC_PARAM_DIGEST, "SHA512"), OSSL_PARAM_construct_end()};
  if (context != nullptr) EVP_MAC_CTX_set_params(context.get(), parameters.data());
  return context;
}

KdfContext new_hkdf(OSSL_LIB_CTX* library) {
  const Kdf hkdf(EVP_KDF_fetch(library, "HKDF", nullptr));
  return KdfContext(EVP_KDF_CTX_new(hkdf.get()));
}

bool encode(const EC_GROUP* group, const EC_POINT* point, ByteSpan out, BN_CTX* scratch) {
  return EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, out.data(), out.size(),
                            scratch) == out.size();
}

}  // namespace

OpensslBare::OpensslBare(const Library& library)
    : library_(library.context()),
      sha256_(EVP_MD_fetch(library_, "SHA256", nullptr)),
      aes256_cbc_(EVP_CIPHER_fetch(library_, "AES-256-CBC", nullptr)),
      aes256_ctr_(EVP_CIPHER_fetch(library_, "AES-256-CTR", nullptr)),
      aes256_gcm_(EVP_CIPHER_fetch(library_, "AES-256-GCM", nullptr)),
      chacha20_poly1305_(EVP_CIPHER_fetch(library_, "ChaCha20-Poly1305", nullptr)),
      digest_(EVP_MD_CTX_new()),
      cipher_(EVP_CIPHER_CTX_new()),
      hmac_sha512_(new_hmac_sha512(library_)),
      hkdf_(new_hkdf(library_)),
      x25519_(EVP_PKEY_CTX_new_from_name(library_, "X25519", nullptr)),
      p256_(EC_GROUP_new_by_curve_name_ex(library_, nullptr, NID_X9_62_prime256v1)),
      scratch_(BN_CTX_new_ex(library_)) {}

// --- What the library decides by itself ---------------------------------------------------------

Key OpensslBare::key(const char* type, int selection, OSSL_PARAM* parameters) {
  const KeyContext context(EVP_PKEY_CTX_new_from_name(library_, type, nullptr));
  EVP_PKEY* made = nullptr;
  if (context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made, selection, parameters) != 1) {
    return nullptr;
  }
  return Key(made);
}

Outcome OpensslBare::agree(const Key& ours, const Key& theirs) {
  const ErrorQueueGuard errors;
  if (ours == nullptr || theirs == nullptr) return refusal;
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(library_, ours.get(), nullptr));
  std::size_t size = 0;
  if (context == nullptr || EVP_PKEY_derive_init(context.get()) != 1 ||
      EVP_PKEY_derive_set_peer(context.get(), theirs.get()) != 1 ||
      EVP_PKEY_derive(context.get(), nullptr, &size) != 1) {
    return refusal;
  }
  std::vector<Byte> secret(size);
  if (EVP_PKEY_derive(context.get(), secret.data(), &size) != 1) return refusal;
  secret.resize(size);
  return {.refused = false, .bytes = secret};
}

Outcome OpensslBare::ffdh_agree(ByteView p, ByteView g, ByteView exponent, ByteView peer) {
  std::vector<Byte> modulus = native(p);
  std::vector<Byte> generator = native(g);
  std::vector<Byte> secret = native(exponent);
  std::vector<Byte> share = native(peer);
  std::array ours = {number(OSSL_PKEY_PARAM_FFC_P, modulus),
                     number(OSSL_PKEY_PARAM_FFC_G, generator),
                     number(OSSL_PKEY_PARAM_PRIV_KEY, secret), OSSL_PARAM_construct_end()};
  std::array theirs = {number(OSSL_PKEY_PARAM_FFC_P, modulus),
                       number(OSSL_PKEY_PARAM_FFC_G, generator),
                       number(OSSL_PKEY_PARAM_PUB_KEY, share), OSSL_PARAM_construct_end()};
  return agree(key("DH", EVP_PKEY_KEYPAIR, ours.data()),
               key("DH", EVP_PKEY_PUBLIC_KEY, theirs.data()));
}

Outcome OpensslBare::x25519_agree(ByteView scalar, ByteView peer) {
  return agree(
      Key(EVP_PKEY_new_raw_private_key_ex(library_, "X25519", nullptr, scalar.data(),
                                          scalar.size())),
      Key(EVP_PKEY_new_raw_public_key_ex(library_, "X25519", nullptr, peer.data(), peer.size())));
}

Outcome OpensslBare::p256_agree(ByteView scalar, ByteView peer) {
  std::vector<Byte> secret = native(scalar);
  std::array ours = {text(OSSL_PKEY_PARAM_GROUP_NAME, "P-256"),
                     number(OSSL_PKEY_PARAM_PRIV_KEY, secret), OSSL_PARAM_construct_end()};
  std::array theirs = {text(OSSL_PKEY_PARAM_GROUP_NAME, "P-256"),
                       nullable_octets(OSSL_PKEY_PARAM_PUB_KEY, peer), OSSL_PARAM_construct_end()};
  return agree(key("EC", EVP_PKEY_KEYPAIR, ours.data()),
               key("EC", EVP_PKEY_PUBLIC_KEY, theirs.data()));
}

Outcome OpensslBare::p256_encode_infinity() {
  const ErrorQueueGuard errors;
  const EC_GROUP* const group = p256_.get();
  const Point point(EC_POINT_dup(EC_GROUP_get0_generator(group), group));
  std::vector<Byte> encoded(wib::p256_point_size);
  if (point == nullptr || EC_POINT_invert(group, point.get(), scratch_.get()) != 1 ||
      EC_POINT_add(group, point.get(), point.get(), EC_GROUP_get0_generator(group),
                   scratch_.get()) != 1) {
    return refusal;
  }
  encoded.resize(EC_POINT_point2oct(p256_.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED,
                                    encoded.data(), encoded.size(), scratch_.get()));
  return {.refused = encoded.empty(), .bytes = encoded};
}

Outcome OpensslBare::hmac_sha256(ByteView key, ByteView message) {
  const ErrorQueueGuard errors;
  std::vector<Byte> tag(wib::sha256_size);
  std::size_t size = 0;
  if (EVP_Q_mac(library_, "HMAC", nullptr, "SHA256", nullptr, nullable(key), key.size(),
                nullable(message), message.size(), tag.data(), tag.size(), &size) == nullptr) {
    return refusal;
  }
  tag.resize(size);
  return {.refused = false, .bytes = tag};
}

Outcome OpensslBare::hkdf_sha256(ByteView salt, ByteView ikm, ByteView info, std::size_t size) {
  const ErrorQueueGuard errors;
  const KdfContext context = new_hkdf(library_);
  const std::array parameters = {
      text(OSSL_KDF_PARAM_DIGEST, "SHA256"), nullable_octets(OSSL_KDF_PARAM_SALT, salt),
      nullable_octets(OSSL_KDF_PARAM_KEY, ikm), nullable_octets(OSSL_KDF_PARAM_INFO, info),
      OSSL_PARAM_construct_end()};
  std::vector<Byte> okm(size);
  if (EVP_KDF_derive(context.get(), okm.data(), okm.size(), parameters.data()) != 1) return refusal;
  return {.refused = false, .bytes = okm};
}

// --- What the same results cost without the wrapper ---------------------------------------------

bool OpensslBare::sha256(ByteView message, ByteSpan digest) {
  return EVP_DigestInit_ex2(digest_.get(), sha256_.get(), nullptr) == 1 &&
         EVP_DigestUpdate(digest_.get(), message.data(), message.size()) == 1 &&
         EVP_DigestFinal_ex(digest_.get(), digest.data(), nullptr) == 1;
}

bool OpensslBare::hmac_sha512(ByteView key, ByteView message, ByteSpan tag) {
  std::size_t size = 0;
  return EVP_MAC_init(hmac_sha512_.get(), key.data(), key.size(), nullptr) == 1 &&
         EVP_MAC_update(hmac_sha512_.get(), message.data(), message.size()) == 1 &&
         EVP_MAC_final(hmac_sha512_.get(), tag.data(), &size, tag.size()) == 1;
}

bool OpensslBare::hkdf_sha256(ByteView salt, ByteView ikm, ByteView info, ByteSpan okm) {
  const std::array parameters = {text(OSSL_KDF_PARAM_DIGEST, "SHA256"),
                                 octets(OSSL_KDF_PARAM_SALT, salt), octets(OSSL_KDF_PARAM_KEY, ikm),
                                 octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  EVP_KDF_CTX_reset(hkdf_.get());  // see crypto.cc
  return EVP_KDF_derive(hkdf_.get(), okm.data(), okm.size(), parameters.data()) == 1;
}

bool OpensslBare::pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t iterations,
                                ByteSpan key) {
  return PKCS5_PBKDF2_HMAC(reinterpret_cast<const char*>(password.data()), size_of(password),
                           salt.data(), size_of(salt), static_cast<int>(iterations), sha256_.get(),
                           size_of(key), key.data()) == 1;
}

bool OpensslBare::aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) {
  return start(cipher_.get(), aes256_cbc_.get(), 1, key, iv) &&
         EVP_CIPHER_CTX_set_padding(cipher_.get(), 0) == 1 && update(cipher_.get(), in, out.data());
}

bool OpensslBare::aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) {
  return start(cipher_.get(), aes256_cbc_.get(), 0, key, iv) &&
         EVP_CIPHER_CTX_set_padding(cipher_.get(), 0) == 1 && update(cipher_.get(), in, out.data());
}

bool OpensslBare::aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) {
  return start(cipher_.get(), aes256_ctr_.get(), 1, key, counter) &&
         update(cipher_.get(), in, out.data());
}

bool OpensslBare::aes256_gcm_seal(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                                  ByteSpan out, ByteSpan tag) {
  return seal(cipher_.get(), aes256_gcm_.get(), key, nonce, associated, in, out, tag);
}

bool OpensslBare::aes256_gcm_open(ByteView key, ByteView nonce, ByteView associated, ByteView in,
                                  ByteView tag, ByteSpan out) {
  return open(cipher_.get(), aes256_gcm_.get(), key, nonce, associated, in, tag, out);
}

bool OpensslBare::chacha20_poly1305_seal(ByteView key, ByteView nonce, ByteView associated,
                                         ByteView in, ByteSpan out, ByteSpan tag) {
  return seal(cipher_.get(), chacha20_poly1305_.get(), key, nonce, associated, in, out, tag);
}

bool OpensslBare::chacha20_poly1305_open(ByteView key, ByteView nonce, ByteView associated,
                                         ByteView in, ByteView tag, ByteSpan out) {
  return open(cipher_.get(), chacha20_poly1305_.get(), key, nonce, associated, in, tag, out);
}

bool OpensslBare::mod_exp(ByteView base, ByteView exponent, ByteView modulus, ByteSpan out) {
  const Number b = to_number(base);
  const Number e = to_number(exponent);
  const Number m = to_number(modulus);
  return BN_mod_exp_mont_consttime(b.get(), b.get(), e.get(), m.get(), scratch_.get(), nullptr) ==
             1 &&
         BN_bn2binpad(b.get(), out.data(), size_of(out)) >= 0;
}

bool OpensslBare::x25519(ByteView scalar, ByteView u, ByteSpan out) {
  // See curves.cc: one key has the scalar and the other one's u.
  std::array parameters = {octets(OSSL_PKEY_PARAM_PRIV_KEY, scalar),
                           octets(OSSL_PKEY_PARAM_PUB_KEY, u), OSSL_PARAM_construct_end()};
  EVP_PKEY* made = nullptr;
  if (EVP_PKEY_fromdata_init(x25519_.get()) != 1 ||
      EVP_PKEY_fromdata(x25519_.get(), &made, EVP_PKEY_KEYPAIR, parameters.data()) != 1) {
    return false;
  }
  const Key pair(made);
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(library_, pair.get(), nullptr));
  std::size_t size = out.size();
  return EVP_PKEY_derive_init(context.get()) == 1 &&
         EVP_PKEY_derive_set_peer_ex(context.get(), pair.get(), 0) == 1 &&
         EVP_PKEY_derive(context.get(), out.data(), &size) == 1;
}

bool OpensslBare::p256_base_mul(ByteView scalar, ByteSpan out) {
  const Number k = to_number(scalar);
  const Point result(EC_POINT_new(p256_.get()));
  return EC_POINT_mul(p256_.get(), result.get(), k.get(), nullptr, nullptr, scratch_.get()) == 1 &&
         encode(p256_.get(), result.get(), out, scratch_.get());
}

bool OpensslBare::p256_mul(ByteView scalar, ByteView point, ByteSpan out) {
  const Number k = to_number(scalar);
  const Point base(EC_POINT_new(p256_.get()));
  return EC_POINT_oct2point(p256_.get(), base.get(), point.data(), point.size(), scratch_.get()) ==
             1 &&
         EC_POINT_mul(p256_.get(), base.get(), nullptr, base.get(), k.get(), scratch_.get()) == 1 &&
         encode(p256_.get(), base.get(), out, scratch_.get());
}

bool OpensslBare::p256_mul_add(ByteView a, ByteView p, ByteView b, ByteView q, ByteSpan out) {
  // Not both in one call, which is of constant time on some machines only.
  const EC_GROUP* const group = p256_.get();
  BN_CTX* const scratch = scratch_.get();
  const auto multiply = [&](EC_POINT* result, ByteView scalar, ByteView point) {
    const Number k = to_number(scalar);
    if (wib::same_bytes(point, wib::p256_generator())) {
      return EC_POINT_mul(group, result, k.get(), nullptr, nullptr, scratch) == 1;
    }
    return EC_POINT_oct2point(group, result, point.data(), point.size(), scratch) == 1 &&
           EC_POINT_mul(group, result, nullptr, result, k.get(), scratch) == 1;
  };
  const Point left(EC_POINT_new(group));
  const Point right(EC_POINT_new(group));
  return multiply(left.get(), a, p) && multiply(right.get(), b, q) &&
         EC_POINT_add(group, left.get(), left.get(), right.get(), scratch) == 1 &&
         encode(group, left.get(), out, scratch);
}

}  // namespace WIB_BACKEND_NAMESPACE
