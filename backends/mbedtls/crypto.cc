// SPDX-License-Identifier: Apache-2.0
#include "crypto.h"

#include <mbedtls/hkdf.h>
#include <mbedtls/pkcs5.h>

#include <algorithm>
#include <array>

#include "backends/support/wide_mod_exp.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

constexpr unsigned aes_bits = 8 * wib::aes256_key_size;

// The result of an operation of which only one failure can be anybody's fault but ours.
Result<> finish(int status, std::string_view where) {
  if (status != 0) return wib::fail(Errc::crypto, where);
  return {};
}

Result<> finish_opening(int status, int bad_tag, std::string_view where) {
  if (status == bad_tag) return wib::fail(Errc::bad_tag, where);
  return finish(status, where);
}

Result<> hmac(mbedtls_md_type_t digest, ByteView key, wib::Pieces message, ByteSpan tag) {
  DigestState state;
  int status = mbedtls_md_setup(state.get(), mbedtls_md_info_from_type(digest), 1);
  if (status == 0) status = mbedtls_md_hmac_starts(state.get(), key.data(), key.size());
  message.for_each([&](ByteView piece) {
    if (status == 0) status = mbedtls_md_hmac_update(state.get(), piece.data(), piece.size());
  });
  if (status == 0) status = mbedtls_md_hmac_finish(state.get(), tag.data());
  return finish(status, "hmac");
}

// The library counts on in a copy.
std::array<Byte, wib::aes_block_size> block_of(ByteView iv) {
  std::array<Byte, wib::aes_block_size> block{};
  std::ranges::copy(iv, block.begin());
  return block;
}

Result<> run_cbc(int mode, ByteView key, ByteView iv, ByteView in, ByteSpan out) {
  AesState state;
  auto chain = block_of(iv);
  int status = mode == MBEDTLS_AES_ENCRYPT
                   ? mbedtls_aes_setkey_enc(state.get(), key.data(), aes_bits)
                   : mbedtls_aes_setkey_dec(state.get(), key.data(), aes_bits);
  if (status == 0) {
    status =
        mbedtls_aes_crypt_cbc(state.get(), mode, in.size(), chain.data(), in.data(), out.data());
  }
  return finish(status, "aes: cbc");
}

bool odd(ByteView number) { return !number.empty() && (number.back() & 1U) != 0; }

bool read(const Group& group, ByteView bytes, Point& point) {
  return mbedtls_ecp_point_read_binary(group.get(), point.get(), bytes.data(), bytes.size()) == 0;
}

// False for infinity.
Result<bool> write(const Group& group, Point& point, ByteSpan out) {
  if (mbedtls_ecp_is_zero(point.get()) == 1) return false;
  std::size_t size = 0;
  if (mbedtls_ecp_point_write_binary(group.get(), point.get(), MBEDTLS_ECP_PF_UNCOMPRESSED, &size,
                                     out.data(), out.size()) != 0 ||
      size != out.size()) {
    return wib::fail(Errc::crypto, "p256: output");
  }
  return true;
}

}  // namespace

MbedtlsCrypto::MbedtlsCrypto()
    : ready_(mbedtls_ecp_group_load(p256_.get(), MBEDTLS_ECP_DP_SECP256R1) == 0 &&
             mbedtls_ecp_group_load(curve25519_.get(), MBEDTLS_ECP_DP_CURVE25519) == 0) {}

// --- Hashes, MACs, key derivation ---------------------------------------------------------------

Result<> MbedtlsCrypto::do_sha256(wib::Pieces message, ByteSpan digest) {
  Sha256State state;
  int status = mbedtls_sha256_starts_ret(state.get(), 0);
  message.for_each([&](ByteView piece) {
    if (status == 0) status = mbedtls_sha256_update_ret(state.get(), piece.data(), piece.size());
  });
  if (status == 0) status = mbedtls_sha256_finish_ret(state.get(), digest.data());
  return finish(status, "sha256");
}

Result<> MbedtlsCrypto::do_hmac_sha256(ByteView key, wib::Pieces message, ByteSpan tag) {
  return hmac(MBEDTLS_MD_SHA256, key, message, tag);
}

Result<> MbedtlsCrypto::do_hmac_sha512(ByteView key, wib::Pieces message, ByteSpan tag) {
  return hmac(MBEDTLS_MD_SHA512, key, message, tag);
}

Result<> MbedtlsCrypto::do_hkdf_sha256(ByteView salt, ByteView ikm, ByteView info, ByteSpan okm) {
  const int status =
      mbedtls_hkdf(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), salt.data(), salt.size(),
                   ikm.data(), ikm.size(), info.data(), info.size(), okm.data(), okm.size());
  return finish(status, "hkdf");
}

Result<> MbedtlsCrypto::do_pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t iterations,
                                         ByteSpan key) {
  DigestState state;
  int status = mbedtls_md_setup(state.get(), mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), 1);
  if (status == 0) {
    status = mbedtls_pkcs5_pbkdf2_hmac(state.get(), password.data(), password.size(), salt.data(),
                                       salt.size(), iterations,
                                       static_cast<std::uint32_t>(key.size()), key.data());
  }
  return finish(status, "pbkdf2");
}

// --- AES and AEAD -------------------------------------------------------------------------------

Result<> MbedtlsCrypto::do_aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in,
                                              ByteSpan out) {
  return run_cbc(MBEDTLS_AES_ENCRYPT, key, iv, in, out);
}

Result<> MbedtlsCrypto::do_aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in,
                                              ByteSpan out) {
  return run_cbc(MBEDTLS_AES_DECRYPT, key, iv, in, out);
}

Result<> MbedtlsCrypto::do_aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) {
  AesState state;
  auto next = block_of(counter);
  std::array<Byte, wib::aes_block_size> stream{};
  const wib::WipeGuard wipe(stream);
  std::size_t used = 0;
  int status = mbedtls_aes_setkey_enc(state.get(), key.data(), aes_bits);
  if (status == 0) {
    status = mbedtls_aes_crypt_ctr(state.get(), in.size(), &used, next.data(), stream.data(),
                                   in.data(), out.data());
  }
  return finish(status, "aes: ctr");
}

Result<> MbedtlsCrypto::do_aes256_gcm_seal(ByteView key, ByteView nonce, ByteView associated,
                                           ByteView in, ByteSpan out, ByteSpan tag) {
  GcmState state;
  int status = mbedtls_gcm_setkey(state.get(), MBEDTLS_CIPHER_ID_AES, key.data(), aes_bits);
  if (status == 0) {
    status = mbedtls_gcm_crypt_and_tag(state.get(), MBEDTLS_GCM_ENCRYPT, in.size(), nonce.data(),
                                       nonce.size(), associated.data(), associated.size(),
                                       in.data(), out.data(), tag.size(), tag.data());
  }
  return finish(status, "gcm");
}

Result<> MbedtlsCrypto::do_aes256_gcm_open(ByteView key, ByteView nonce, ByteView associated,
                                           ByteView in, ByteView tag, ByteSpan out) {
  GcmState state;
  int status = mbedtls_gcm_setkey(state.get(), MBEDTLS_CIPHER_ID_AES, key.data(), aes_bits);
  if (status == 0) {
    status = mbedtls_gcm_auth_decrypt(state.get(), in.size(), nonce.data(), nonce.size(),
                                      associated.data(), associated.size(), tag.data(), tag.size(),
                                      in.data(), out.data());
  }
  return finish_opening(status, MBEDTLS_ERR_GCM_AUTH_FAILED, "gcm");
}

Result<> MbedtlsCrypto::do_chacha20_poly1305_seal(ByteView key, ByteView nonce, ByteView associated,
                                                  ByteView in, ByteSpan out, ByteSpan tag) {
  ChachapolyState state;
  int status = mbedtls_chachapoly_setkey(state.get(), key.data());
  if (status == 0) {
    status =
        mbedtls_chachapoly_encrypt_and_tag(state.get(), in.size(), nonce.data(), associated.data(),
                                           associated.size(), in.data(), out.data(), tag.data());
  }
  return finish(status, "chacha20_poly1305");
}

Result<> MbedtlsCrypto::do_chacha20_poly1305_open(ByteView key, ByteView nonce, ByteView associated,
                                                  ByteView in, ByteView tag, ByteSpan out) {
  ChachapolyState state;
  int status = mbedtls_chachapoly_setkey(state.get(), key.data());
  if (status == 0) {
    status =
        mbedtls_chachapoly_auth_decrypt(state.get(), in.size(), nonce.data(), associated.data(),
                                        associated.size(), tag.data(), in.data(), out.data());
  }
  return finish_opening(status, MBEDTLS_ERR_CHACHAPOLY_AUTH_FAILED, "chacha20_poly1305");
}

// --- Finite field -------------------------------------------------------------------------------

Result<std::size_t> MbedtlsCrypto::do_mod_exp(ByteView base, ByteView exponent, ByteView modulus,
                                              ByteSpan out) {
  static_assert(MBEDTLS_MPI_MAX_SIZE >= wib::max_modulus_size);
  if (!odd(modulus)) {  // the library has Montgomery's way and no other
    wib::wide_mod_exp(base, exponent, modulus, out);
    return modulus.size();
  }
  // The library slides a window over the exponent: it reads its table in constant time, but how
  // many squarings lie between two multiplications depends on the bits. It has nothing better.
  Number b;
  Number e;
  Number m;
  Number result;
  if (!read(b, base) || !read(e, exponent) || !read(m, modulus) ||
      mbedtls_mpi_exp_mod(result.get(), b.get(), e.get(), m.get(), nullptr) != 0 ||
      mbedtls_mpi_write_binary(result.get(), out.data(), modulus.size()) != 0) {
    return wib::fail(Errc::crypto, "mod_exp");
  }
  return modulus.size();
}

// --- Elliptic curves ----------------------------------------------------------------------------
// The library blinds its multiplications. Without a generator of random numbers it derives the
// blinding from the scalar, which keeps the operations pure; they need no seed either.

Result<> MbedtlsCrypto::do_x25519(ByteView scalar, ByteView u, ByteSpan out) {
  Number k;
  Point point;
  Point result;
  if (!ready_ || mbedtls_mpi_read_binary_le(k.get(), scalar.data(), scalar.size()) != 0 ||
      !read(curve25519_, u, point)) {
    return wib::fail(Errc::crypto, "x25519");
  }
  // As the operands are well-formed, this can only be a point of small order, which the library
  // does not multiply. Its multiples by a clamped scalar are all zero.
  if (mbedtls_ecp_check_pubkey(curve25519_.get(), point.get()) == MBEDTLS_ERR_ECP_INVALID_KEY) {
    std::ranges::fill(out, Byte{0});
    return {};
  }
  if (mbedtls_ecp_mul(curve25519_.get(), result.get(), k.get(), point.get(), nullptr, nullptr) !=
          0 ||
      mbedtls_mpi_write_binary_le(&result->X, out.data(), out.size()) != 0) {
    return wib::fail(Errc::crypto, "x25519");
  }
  return {};
}

Result<bool> MbedtlsCrypto::do_p256_base_mul(ByteView scalar, ByteSpan out) {
  Number k;
  Point result;
  if (!ready_ || !read(k, scalar) ||
      mbedtls_ecp_mul(p256_.get(), result.get(), k.get(), &p256_->G, nullptr, nullptr) != 0) {
    return wib::fail(Errc::crypto, "p256: base_mul");
  }
  return write(p256_, result, out);
}

Result<bool> MbedtlsCrypto::do_p256_mul(ByteView scalar, ByteView point, ByteSpan out) {
  Number k;
  Point p;
  Point result;
  if (!ready_ || !read(k, scalar) || !read(p256_, point, p) ||
      mbedtls_ecp_mul(p256_.get(), result.get(), k.get(), p.get(), nullptr, nullptr) != 0) {
    return wib::fail(Errc::crypto, "p256: mul");
  }
  return write(p256_, result, out);
}

Result<bool> MbedtlsCrypto::do_p256_mul_add(ByteView a, ByteView p, ByteView b, ByteView q,
                                            ByteSpan out) {
  Number j;
  Number k;
  Point first;
  Point second;
  Point result;
  if (!ready_ || !read(j, a) || !read(k, b) || !read(p256_, p, first) || !read(p256_, q, second) ||
      mbedtls_ecp_muladd(p256_.get(), result.get(), j.get(), first.get(), k.get(), second.get()) !=
          0) {
    return wib::fail(Errc::crypto, "p256: mul_add");
  }
  return write(p256_, result, out);
}

}  // namespace WIB_BACKEND_NAMESPACE
