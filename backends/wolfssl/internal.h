// SPDX-License-Identifier: Apache-2.0
//
// What the files of this backend share: the library's headers in the only order and mode that work,
// and owning handles.
#pragma once

// The library was built with 64-bit limbs, but its installed headers do not say so: without this
// they choose 32, and every macro that looks at a limb (mp_isone, mp_isodd, ...) reads half of it.
// WolfsslCrypto checks at run time that the library agrees.
#if defined(__SIZEOF_INT128__) && !defined(HAVE___UINT128_T)
#define HAVE___UINT128_T 1  // NOLINT(bugprone-reserved-identifier): the library's own name
#endif

#include <wolfssl/options.h>  // before every other header of the library

#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/aes.h>
#include <wolfssl/wolfcrypt/asn.h>
#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/chacha20_poly1305.h>
#include <wolfssl/wolfcrypt/curve25519.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/hmac.h>
#include <wolfssl/wolfcrypt/pwdbased.h>
#include <wolfssl/wolfcrypt/random.h>
#include <wolfssl/wolfcrypt/rsa.h>
#include <wolfssl/wolfcrypt/sha256.h>
#include <wolfssl/wolfcrypt/wolfmath.h>

#include <memory>

#include "backends/backend.h"

namespace WIB_BACKEND_NAMESPACE {

using wib::Byte;
using wib::ByteSpan;
using wib::ByteView;
using wib::Errc;
using wib::Pieces;
using wib::Result;

// An object of the library that lives in place. It starts as zeros, which every release function
// accepts, and ends released and wiped: the library's own functions leave copies of keys behind.
template <class T, auto release>
class InPlace {
 public:
  InPlace() noexcept = default;
  InPlace(const InPlace&) = delete;
  InPlace& operator=(const InPlace&) = delete;
  ~InPlace() {
    release(&object_);
    wib::secure_wipe({reinterpret_cast<Byte*>(&object_), sizeof(object_)});
  }

  [[nodiscard]] T* get() noexcept { return &object_; }
  [[nodiscard]] T* operator->() noexcept { return &object_; }

 private:
  T object_{};
};

using Sha256State = InPlace<wc_Sha256, wc_Sha256Free>;
using HmacState = InPlace<Hmac, wc_HmacFree>;
using AesState = InPlace<Aes, wc_AesFree>;
inline void nothing_to_release(ChaChaPoly_Aead*) noexcept {}
using ChachaState = InPlace<ChaChaPoly_Aead, nothing_to_release>;
using Number = InPlace<mp_int, sp_forcezero>;
using RsaState = InPlace<RsaKey, wc_FreeRsaKey>;
using EccState = InPlace<ecc_key, wc_ecc_free>;
using RngState = InPlace<WC_RNG, wc_FreeRng>;
using CertificateState = InPlace<DecodedCert, wc_FreeDecodedCert>;

// Calls the library's own release function for a handle.
template <auto release>
struct Release {
  template <class T>
  void operator()(T* object) const noexcept {
    release(object);
  }
};
template <class T, auto release>
using Handle = std::unique_ptr<T, Release<release>>;

// The library counts in 32 bits, in places signed ones; longer inputs go in pieces of this size,
// which is a whole number of every block.
inline constexpr std::size_t max_piece = std::size_t{1} << 30U;

// The size of something that is known to be no longer than that.
[[nodiscard]] inline word32 size_of(ByteView bytes) noexcept {
  return static_cast<word32>(bytes.size());
}

}  // namespace WIB_BACKEND_NAMESPACE
