// SPDX-License-Identifier: Apache-2.0
#include "crypto.h"

#include <algorithm>
#include <array>
#include <limits>

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

bool all_countable(std::initializer_list<ByteView> inputs) {
  return std::ranges::all_of(inputs, [](ByteView view) { return view.size() <= max_piece; });
}

bool start_gcm(AesState& state, ByteView key) {
  return wc_AesInit(state.get(), nullptr, INVALID_DEVID) == 0 &&
         wc_AesGcmSetKey(state.get(), key.data(), size_of(key)) == 0;
}

// One pass, and the tag of it. The library wants a place for the data even where there are none.
Result<> run_chacha(int direction, ByteView key, ByteView nonce, ByteView associated, ByteView in,
                    ByteSpan out, ByteSpan tag) {
  Byte none = 0;
  ChachaState state;
  const auto add_associated = [&](ByteView piece) {
    return wc_ChaCha20Poly1305_UpdateAad(state.get(), piece.data(), size_of(piece));
  };
  const auto add_data = [&](ByteView piece) {
    const int result =
        wc_ChaCha20Poly1305_UpdateData(state.get(), piece.empty() ? &none : piece.data(),
                                       piece.empty() ? &none : out.data(), size_of(piece));
    out = out.subspan(piece.size());
    return result;
  };
  if (wc_ChaCha20Poly1305_Init(state.get(), key.data(), nonce.data(), direction) != 0 ||
      in_pieces(associated, add_associated) != 0 || in_pieces(in, add_data) != 0 ||
      wc_ChaCha20Poly1305_Final(state.get(), tag.data()) != 0) {
    return wib::fail(Errc::crypto, "chacha20_poly1305");
  }
  return {};
}

int read(Number& number, ByteView bytes) {
  if (const int status = mp_init(number.get()); status != MP_OKAY) return status;
  // A library built with other limbs than the headers say would give nonsense in silence.
  if (number->size != SP_INT_DIGITS) return MP_VAL;
  return mp_read_unsigned_bin(number.get(), bytes.data(), size_of(bytes));
}

}  // namespace

WolfsslCrypto::WolfsslCrypto() = default;

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

Result<> WolfsslCrypto::do_hkdf_sha256(ByteView salt, ByteView ikm, ByteView info, ByteSpan okm) {
  if (!all_countable({salt, ikm, info})) return Crypto::do_hkdf_sha256(salt, ikm, info, okm);
  if (wc_HKDF(WC_SHA256, ikm.data(), size_of(ikm), salt.data(), size_of(salt), info.data(),
              size_of(info), okm.data(), size_of(okm)) != 0) {
    return wib::fail(Errc::crypto, "hkdf");
  }
  return {};
}

Result<> WolfsslCrypto::do_pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t iterations,
                                         ByteSpan key) {
  // What the library takes for negative, it does once.
  if (!all_countable({password, salt}) || iterations > std::numeric_limits<int>::max()) {
    return Crypto::do_pbkdf2_sha256(password, salt, iterations, key);
  }
  if (wc_PBKDF2(key.data(), password.data(), static_cast<int>(password.size()), salt.data(),
                static_cast<int>(salt.size()), static_cast<int>(iterations),
                static_cast<int>(key.size()), WC_SHA256) != 0) {
    return wib::fail(Errc::crypto, "pbkdf2");
  }
  return {};
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

Result<> WolfsslCrypto::do_aes256_gcm_seal(ByteView key, ByteView nonce, ByteView associated,
                                           ByteView in, ByteSpan out, ByteSpan tag) {
  AesState state;
  if (!all_countable({associated, in}) || !start_gcm(state, key) ||
      wc_AesGcmEncrypt(state.get(), out.data(), in.data(), size_of(in), nonce.data(),
                       size_of(nonce), tag.data(), size_of(tag), associated.data(),
                       size_of(associated)) != 0) {
    return wib::fail(Errc::crypto, "aes256_gcm: seal");
  }
  return {};
}

Result<> WolfsslCrypto::do_aes256_gcm_open(ByteView key, ByteView nonce, ByteView associated,
                                           ByteView in, ByteView tag, ByteSpan out) {
  AesState state;
  if (!all_countable({associated, in}) || !start_gcm(state, key)) {
    return wib::fail(Errc::crypto, "aes256_gcm: open");
  }
  const int status = wc_AesGcmDecrypt(state.get(), out.data(), in.data(), size_of(in), nonce.data(),
                                      size_of(nonce), tag.data(), size_of(tag), associated.data(),
                                      size_of(associated));
  if (status == AES_GCM_AUTH_E) return wib::fail(Errc::bad_tag, "aes256_gcm: tag");
  if (status != 0) return wib::fail(Errc::crypto, "aes256_gcm: open");
  return {};
}

Result<> WolfsslCrypto::do_chacha20_poly1305_seal(ByteView key, ByteView nonce, ByteView associated,
                                                  ByteView in, ByteSpan out, ByteSpan tag) {
  return run_chacha(CHACHA20_POLY1305_AEAD_ENCRYPT, key, nonce, associated, in, out, tag);
}

Result<> WolfsslCrypto::do_chacha20_poly1305_open(ByteView key, ByteView nonce, ByteView associated,
                                                  ByteView in, ByteView tag, ByteSpan out) {
  std::array<Byte, wib::aead_tag_size> expected;
  const wib::WipeGuard wipe(expected);
  if (auto done =
          run_chacha(CHACHA20_POLY1305_AEAD_DECRYPT, key, nonce, associated, in, out, expected);
      !done) {
    return done;
  }
  if (!wib::constant_time_equal(expected, tag)) {
    return wib::fail(Errc::bad_tag, "chacha20_poly1305: tag");
  }
  return {};
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
