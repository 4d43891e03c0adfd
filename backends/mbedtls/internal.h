// SPDX-License-Identifier: Apache-2.0
//
// What the files of this backend share: objects of the library that clean up after themselves.
#pragma once

#include <mbedtls/aes.h>
#include <mbedtls/bignum.h>
#include <mbedtls/chachapoly.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/ecp.h>
#include <mbedtls/entropy.h>
#include <mbedtls/gcm.h>
#include <mbedtls/md.h>
#include <mbedtls/pk.h>
#include <mbedtls/sha256.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>

#include "backends/backend.h"

namespace WIB_BACKEND_NAMESPACE {

using wib::Byte;
using wib::ByteSpan;
using wib::ByteView;
using wib::Errc;
using wib::Result;

// An object of the library that lives in place; the library's release functions wipe.
template <class T, auto init, auto release>
class InPlace {
 public:
  InPlace() noexcept { init(&object_); }
  InPlace(const InPlace&) = delete;
  InPlace& operator=(const InPlace&) = delete;
  ~InPlace() { release(&object_); }

  [[nodiscard]] T* get() noexcept { return &object_; }
  [[nodiscard]] const T* get() const noexcept { return &object_; }
  [[nodiscard]] T* operator->() noexcept { return &object_; }
  [[nodiscard]] const T* operator->() const noexcept { return &object_; }

 private:
  T object_{};
};

using Sha256State = InPlace<mbedtls_sha256_context, mbedtls_sha256_init, mbedtls_sha256_free>;
using DigestState = InPlace<mbedtls_md_context_t, mbedtls_md_init, mbedtls_md_free>;
using AesState = InPlace<mbedtls_aes_context, mbedtls_aes_init, mbedtls_aes_free>;
using GcmState = InPlace<mbedtls_gcm_context, mbedtls_gcm_init, mbedtls_gcm_free>;
using ChachapolyState =
    InPlace<mbedtls_chachapoly_context, mbedtls_chachapoly_init, mbedtls_chachapoly_free>;
using Number = InPlace<mbedtls_mpi, mbedtls_mpi_init, mbedtls_mpi_free>;
using Group = InPlace<mbedtls_ecp_group, mbedtls_ecp_group_init, mbedtls_ecp_group_free>;
using Point = InPlace<mbedtls_ecp_point, mbedtls_ecp_point_init, mbedtls_ecp_point_free>;
using Key = InPlace<mbedtls_pk_context, mbedtls_pk_init, mbedtls_pk_free>;
using Certificate = InPlace<mbedtls_x509_crt, mbedtls_x509_crt_init, mbedtls_x509_crt_free>;
using EntropyState = InPlace<mbedtls_entropy_context, mbedtls_entropy_init, mbedtls_entropy_free>;
using DrbgState = InPlace<mbedtls_ctr_drbg_context, mbedtls_ctr_drbg_init, mbedtls_ctr_drbg_free>;
using SslConfig = InPlace<mbedtls_ssl_config, mbedtls_ssl_config_init, mbedtls_ssl_config_free>;
using Ssl = InPlace<mbedtls_ssl_context, mbedtls_ssl_init, mbedtls_ssl_free>;

// Big-endian. False if memory is short.
[[nodiscard]] inline bool read(Number& number, ByteView bytes) noexcept {
  return mbedtls_mpi_read_binary(number.get(), bytes.data(), bytes.size()) == 0;
}

}  // namespace WIB_BACKEND_NAMESPACE
