// SPDX-License-Identifier: Apache-2.0
#include "crypto.h"

#include <algorithm>

#include "backends/support/wide_mod_exp.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

// The widest modulus that the library computes with. Debian builds it with SP_INT_BITS 4096: its
// numbers hold 8192 bits, but it multiplies and reduces only factors of up to 4096 and answers
// MP_VAL above.
constexpr std::size_t max_library_modulus = SP_INT_BITS / 8;

// Calls `update(piece)` for each piece of `bytes` that the library can count; stops at an error.
// An empty view is one empty piece.
template <class Update>
int in_pieces(ByteView bytes, Update update) {
  int status = 0;
  do {
    const ByteView piece = bytes.first(std::min(bytes.size(), max_piece));
    status = update(piece);
    bytes = bytes.subspan(piece.size());
  } while (status == 0 && !bytes.empty());
  return status;
}

template <class Update>
int in_pieces(Pieces message, Update update) {
  int status = 0;
  message.for_each([&](ByteView piece) {
    if (status == 0) status = in_pieces(piece, update);
  });
  return status;
}

Result<> hmac(int digest, ByteView key, Pieces message, ByteSpan tag) {
  if (key.size() > max_piece) return wib::fail(Errc::crypto, "hmac: key size");
  HmacState state;
  if (wc_HmacInit(state.get(), nullptr, INVALID_DEVID) != 0 ||
      wc_HmacSetKey(state.get(), digest, key.data(), size_of(key)) != 0 ||
      in_pieces(message,
                [&](ByteView piece) {
                  return wc_HmacUpdate(state.get(), piece.data(), size_of(piece));
                }) != 0 ||
      wc_HmacFinal(state.get(), tag.data()) != 0) {
    return wib::fail(Errc::crypto, "hmac");
  }
  return {};
}

using AesPass = int (*)(Aes*, byte* out, const byte* in, word32 size);

Result<> run_aes(AesPass pass, int direction, ByteView key, ByteView iv, ByteView in,
                 ByteSpan out) {
  AesState state;
  if (wc_AesInit(state.get(), nullptr, INVALID_DEVID) != 0 ||
      wc_AesSetKey(state.get(), key.data(), size_of(key), iv.data(), direction) != 0) {
    return wib::fail(Errc::crypto, "aes: init");
  }
  const int status = in_pieces(in, [&](ByteView piece) {
    const int result = pass(state.get(), out.data(), piece.data(), size_of(piece));
    out = out.subspan(piece.size());
    return result;
  });
  if (status != 0) return wib::fail(Errc::crypto, "aes: update");
  return {};
}

int read(Number& number, ByteView bytes) {
  if (const int status = mp_init(number.get()); status != MP_OKAY) return status;
  // A library built with other limbs than the headers say would give nonsense in silence.
  if (number->size != SP_INT_DIGITS) return MP_VAL;
  return mp_read_unsigned_bin(number.get(), bytes.data(), size_of(bytes));
}

}  // namespace

Result<> WolfsslCrypto::do_sha256(Pieces message, ByteSpan digest) {
  Sha256State state;
  if (wc_InitSha256(state.get()) != 0 ||
      in_pieces(message,
                [&](ByteView piece) {
                  return wc_Sha256Update(state.get(), piece.data(), size_of(piece));
                }) != 0 ||
      wc_Sha256Final(state.get(), digest.data()) != 0) {
    return wib::fail(Errc::crypto, "sha256");
  }
  return {};
}

Result<> WolfsslCrypto::do_hmac_sha256(ByteView key, Pieces message, ByteSpan tag) {
  return hmac(WC_SHA256, key, message, tag);
}

Result<> WolfsslCrypto::do_hmac_sha512(ByteView key, Pieces message, ByteSpan tag) {
  return hmac(WC_SHA512, key, message, tag);
}

Result<> WolfsslCrypto::do_aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in,
                                              ByteSpan out) {
  return run_aes(wc_AesCbcEncrypt, AES_ENCRYPTION, key, iv, in, out);
}

Result<> WolfsslCrypto::do_aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in,
                                              ByteSpan out) {
  return run_aes(wc_AesCbcDecrypt, AES_DECRYPTION, key, iv, in, out);
}

Result<> WolfsslCrypto::do_aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) {
  // Both directions of CTR run the block cipher forwards.
  return run_aes(wc_AesCtrEncrypt, AES_ENCRYPTION, key, counter, in, out);
}

Result<std::size_t> WolfsslCrypto::do_mod_exp(ByteView base, ByteView exponent, ByteView modulus,
                                              ByteSpan out) {
  if (modulus.size() > max_library_modulus) {
    wib::wide_mod_exp(base, exponent, modulus, out);
    return out.size();
  }
  Number b;
  Number e;
  Number m;
  Number result;
  if (read(b, base) != MP_OKAY || read(e, exponent) != MP_OKAY || read(m, modulus) != MP_OKAY ||
      read(result, {}) != MP_OKAY ||
      mp_exptmod(b.get(), e.get(), m.get(), result.get()) != MP_OKAY ||
      mp_to_unsigned_bin_len(result.get(), out.data(), static_cast<int>(out.size())) != MP_OKAY) {
    return wib::fail(Errc::crypto, "mod_exp");
  }
  return out.size();
}

}  // namespace WIB_BACKEND_NAMESPACE
