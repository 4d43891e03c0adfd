// SPDX-License-Identifier: Apache-2.0
#include "crypto.h"

#include <openssl/core_names.h>

#include <algorithm>
#include <array>

namespace WIB_BACKEND_NAMESPACE {
namespace {

enum class Direction : int { decrypt = 0, encrypt = 1 };

// A MAC context with the digest chosen and no key of anybody's in it.
MacContext new_hmac(OSSL_LIB_CTX* library, std::string_view digest) {
  const Mac mac(EVP_MAC_fetch(library, "HMAC", nullptr));
  MacContext context(EVP_MAC_CTX_new(mac.get()));
  const std::array parameters = {text(OSSL_MAC_PARAM_DIGEST, digest), OSSL_PARAM_construct_end()};
  if (context == nullptr || EVP_MAC_CTX_set_params(context.get(), parameters.data()) != 1) {
    return nullptr;
  }
  return context;
}

Result<> hmac(EVP_MAC_CTX* context, ByteView key, Pieces message, ByteSpan tag) {
  std::size_t written = 0;
  bool done = context != nullptr && EVP_MAC_init(context, non_null(key), key.size(), nullptr) == 1;
  message.for_each([&](ByteView piece) {
    done = done && EVP_MAC_update(context, non_null(piece), piece.size()) == 1;
  });
  done = done && EVP_MAC_final(context, tag.data(), &written, tag.size()) == 1 &&
         written == tag.size();
  // The context lives on: a new key makes it wipe the old one and what was derived from it.
  if (context != nullptr) EVP_MAC_init(context, non_null({}), 0, nullptr);
  if (!done) return failed("hmac");
  return {};
}

// A context of its own for each key: freeing it wipes the key and what was derived from it. (The
// library's HKDF would also, where an empty info follows another one, read what it has freed.)
Result<> derive(EVP_KDF* kdf, std::span<const OSSL_PARAM> parameters, ByteSpan out) {
  const KdfContext context(EVP_KDF_CTX_new(kdf));
  if (context == nullptr ||
      EVP_KDF_derive(context.get(), out.data(), out.size(), parameters.data()) != 1) {
    return failed("key derivation");
  }
  return {};
}

// A cipher with its key, or null. Freeing it wipes the key.
CipherContext start(const EVP_CIPHER* cipher, Direction direction, ByteView key, ByteView iv) {
  CipherContext context(EVP_CIPHER_CTX_new());
  if (context == nullptr || cipher == nullptr ||
      EVP_CipherInit_ex2(context.get(), cipher, key.data(), iv.data(), static_cast<int>(direction),
                         nullptr) != 1 ||
      EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1) {
    return nullptr;
  }
  return context;
}

// Feeds `in`, which is associated data if `out` is null. The library counts in int, hence the
// pieces.
bool update(EVP_CIPHER_CTX* context, ByteView in, Byte* out) {
  constexpr std::size_t piece = std::size_t{1} << 30U;  // whole blocks
  while (!in.empty()) {
    const std::size_t size = std::min(in.size(), piece);
    int written = 0;
    if (EVP_CipherUpdate(context, out, &written, in.data(), static_cast<int>(size)) != 1 ||
        static_cast<std::size_t>(written) != size) {
      return false;
    }
    in = in.subspan(size);
    if (out != nullptr) out += size;
  }
  return true;
}

// One pass of `cipher` without padding.
Result<> run_cipher(const EVP_CIPHER* cipher, Direction direction, ByteView key, ByteView iv,
                    ByteView in, ByteSpan out) {
  const CipherContext context = start(cipher, direction, key, iv);
  if (context == nullptr || !update(context.get(), in, out.data())) return failed("aes");
  return {};
}

// Nothing is written: these are stream ciphers.
bool finish(EVP_CIPHER_CTX* context) {
  std::array<Byte, EVP_MAX_BLOCK_LENGTH> none;
  int written = 0;
  return EVP_CipherFinal_ex(context, none.data(), &written) == 1;
}

Result<> seal(const EVP_CIPHER* cipher, ByteView key, ByteView nonce, ByteView associated,
              ByteView in, ByteSpan out, ByteSpan tag) {
  const CipherContext context = start(cipher, Direction::encrypt, key, nonce);
  if (context == nullptr || !update(context.get(), associated, nullptr) ||
      !update(context.get(), in, out.data()) || !finish(context.get()) ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag.size()),
                          tag.data()) != 1) {
    return failed("aead: seal");
  }
  return {};
}

Result<> open(const EVP_CIPHER* cipher, ByteView key, ByteView nonce, ByteView associated,
              ByteView in, ByteView tag, ByteSpan out) {
  const CipherContext context = start(cipher, Direction::decrypt, key, nonce);
  // The library only reads the tag.
  if (context == nullptr ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag.size()),
                          const_cast<Byte*>(tag.data())) != 1 ||
      !update(context.get(), associated, nullptr) || !update(context.get(), in, out.data())) {
    return failed("aead: open");
  }
  if (!finish(context.get())) {
    ERR_clear_error();
    return wib::fail(Errc::bad_tag, "aead: tag");
  }
  return {};
}

}  // namespace

OpensslCrypto::OpensslCrypto(const Library& library)
    : library_(library.context()),
      sha256_(EVP_MD_fetch(library_, "SHA256", nullptr)),
      aes256_cbc_(EVP_CIPHER_fetch(library_, "AES-256-CBC", nullptr)),
      aes256_ctr_(EVP_CIPHER_fetch(library_, "AES-256-CTR", nullptr)),
      aes256_gcm_(EVP_CIPHER_fetch(library_, "AES-256-GCM", nullptr)),
      chacha20_poly1305_(EVP_CIPHER_fetch(library_, "ChaCha20-Poly1305", nullptr)),
      hmac_sha256_(new_hmac(library_, "SHA256")),
      hmac_sha512_(new_hmac(library_, "SHA512")),
      hkdf_(EVP_KDF_fetch(library_, "HKDF", nullptr)),
      pbkdf2_(EVP_KDF_fetch(library_, "PBKDF2", nullptr)),
      x25519_(EVP_PKEY_CTX_new_from_name(library_, "X25519", nullptr)),
      p256_(EC_GROUP_new_by_curve_name_ex(library_, nullptr, NID_X9_62_prime256v1)) {}

Result<> OpensslCrypto::do_sha256(Pieces message, ByteSpan digest) {
  // A context of its own for each message: freeing it wipes the state.
  const DigestContext context(EVP_MD_CTX_new());
  bool done = context != nullptr && sha256_ != nullptr &&
              EVP_DigestInit_ex2(context.get(), sha256_.get(), nullptr) == 1;
  message.for_each([&](ByteView piece) {
    done = done && EVP_DigestUpdate(context.get(), piece.data(), piece.size()) == 1;
  });
  if (!done || EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1) {
    return failed("sha256");
  }
  return {};
}

Result<> OpensslCrypto::do_hmac_sha256(ByteView key, Pieces message, ByteSpan tag) {
  return hmac(hmac_sha256_.get(), key, message, tag);
}

Result<> OpensslCrypto::do_hmac_sha512(ByteView key, Pieces message, ByteSpan tag) {
  return hmac(hmac_sha512_.get(), key, message, tag);
}

Result<> OpensslCrypto::do_hkdf_sha256(ByteView salt, ByteView ikm, ByteView info, ByteSpan okm) {
  constexpr std::size_t max_info = 32 * 1024;  // of the library
  if (info.size() > max_info) return Crypto::do_hkdf_sha256(salt, ikm, info, okm);
  return derive(hkdf_.get(),
                std::array{text(OSSL_KDF_PARAM_DIGEST, "SHA256"), octets(OSSL_KDF_PARAM_SALT, salt),
                           octets(OSSL_KDF_PARAM_KEY, ikm), octets(OSSL_KDF_PARAM_INFO, info),
                           OSSL_PARAM_construct_end()},
                okm);
}

Result<> OpensslCrypto::do_pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t iterations,
                                         ByteSpan key) {
  return derive(
      pbkdf2_.get(),
      std::array{text(OSSL_KDF_PARAM_DIGEST, "SHA256"), octets(OSSL_KDF_PARAM_PASSWORD, password),
                 octets(OSSL_KDF_PARAM_SALT, salt),
                 OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ITER, &iterations),
                 OSSL_PARAM_construct_end()},
      key);
}

Result<> OpensslCrypto::do_aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in,
                                              ByteSpan out) {
  return run_cipher(aes256_cbc_.get(), Direction::encrypt, key, iv, in, out);
}

Result<> OpensslCrypto::do_aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in,
                                              ByteSpan out) {
  return run_cipher(aes256_cbc_.get(), Direction::decrypt, key, iv, in, out);
}

Result<> OpensslCrypto::do_aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) {
  return run_cipher(aes256_ctr_.get(), Direction::encrypt, key, counter, in, out);
}

Result<> OpensslCrypto::do_aes256_gcm_seal(ByteView key, ByteView nonce, ByteView associated,
                                           ByteView in, ByteSpan out, ByteSpan tag) {
  return seal(aes256_gcm_.get(), key, nonce, associated, in, out, tag);
}

Result<> OpensslCrypto::do_aes256_gcm_open(ByteView key, ByteView nonce, ByteView associated,
                                           ByteView in, ByteView tag, ByteSpan out) {
  return open(aes256_gcm_.get(), key, nonce, associated, in, tag, out);
}

Result<> OpensslCrypto::do_chacha20_poly1305_seal(ByteView key, ByteView nonce, ByteView associated,
                                                  ByteView in, ByteSpan out, ByteSpan tag) {
  return seal(chacha20_poly1305_.get(), key, nonce, associated, in, out, tag);
}

Result<> OpensslCrypto::do_chacha20_poly1305_open(ByteView key, ByteView nonce, ByteView associated,
                                                  ByteView in, ByteView tag, ByteSpan out) {
  return open(chacha20_poly1305_.get(), key, nonce, associated, in, tag, out);
}

Result<std::size_t> OpensslCrypto::do_mod_exp(ByteView base, ByteView exponent, ByteView modulus,
                                              ByteSpan out) {
  const Number b = to_number(base);
  const Number e = to_number(exponent);
  const Number m = to_number(modulus);
  const Number result(BN_new());
  const NumberContext scratch(BN_CTX_new_ex(library_));
  if (b == nullptr || e == nullptr || m == nullptr || result == nullptr || scratch == nullptr) {
    return failed("mod_exp: memory");
  }

  // With the flag, BN_mod_exp takes the constant-time Montgomery ladder for an odd modulus, and
  // refuses an even one, which it can only do in variable time.
  if (BN_is_odd(m.get())) BN_set_flags(e.get(), BN_FLG_CONSTTIME);
  if (BN_mod_exp(result.get(), b.get(), e.get(), m.get(), scratch.get()) != 1 ||
      BN_bn2binpad(result.get(), out.data(), static_cast<int>(out.size())) < 0) {
    return failed("mod_exp");
  }
  return out.size();
}

}  // namespace WIB_BACKEND_NAMESPACE
