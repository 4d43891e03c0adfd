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
  // The library takes a non-const pointer but only reads through it.
  const std::array parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char*>(digest.data()),
                                       digest.size()),
      OSSL_PARAM_construct_end()};
  if (context == nullptr || EVP_MAC_CTX_set_params(context.get(), parameters.data()) != 1) {
    return nullptr;
  }
  return context;
}

// `bytes.data()`, but never null: the library takes a null key for "the key that you have".
const Byte* non_null(ByteView bytes) noexcept {
  static constexpr Byte nothing = 0;
  return bytes.empty() ? &nothing : bytes.data();
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

// One pass of `cipher` without padding. The library counts in int, hence the pieces.
Result<> run_cipher(const EVP_CIPHER* cipher, Direction direction, ByteView key, ByteView iv,
                    ByteView in, ByteSpan out) {
  constexpr std::size_t piece = std::size_t{1} << 30U;  // whole blocks
  const CipherContext context(EVP_CIPHER_CTX_new());
  if (context == nullptr || cipher == nullptr ||
      EVP_CipherInit_ex2(context.get(), cipher, key.data(), iv.data(), static_cast<int>(direction),
                         nullptr) != 1 ||
      EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1) {
    return failed("aes: init");
  }
  while (!in.empty()) {
    const std::size_t size = std::min(in.size(), piece);
    int written = 0;
    if (EVP_CipherUpdate(context.get(), out.data(), &written, in.data(), static_cast<int>(size)) !=
            1 ||
        static_cast<std::size_t>(written) != size) {
      return failed("aes: update");
    }
    in = in.subspan(size);
    out = out.subspan(size);
  }
  return {};
}

}  // namespace

OpensslCrypto::OpensslCrypto(const Library& library)
    : library_(library.context()),
      sha256_(EVP_MD_fetch(library_, "SHA256", nullptr)),
      aes256_cbc_(EVP_CIPHER_fetch(library_, "AES-256-CBC", nullptr)),
      aes256_ctr_(EVP_CIPHER_fetch(library_, "AES-256-CTR", nullptr)),
      hmac_sha256_(new_hmac(library_, "SHA256")),
      hmac_sha512_(new_hmac(library_, "SHA512")) {}

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
