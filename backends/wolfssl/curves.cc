// SPDX-License-Identifier: Apache-2.0
#include "crypto.h"

namespace WIB_BACKEND_NAMESPACE {

Result<> WolfsslCrypto::do_x25519(ByteView scalar, ByteView u, ByteSpan out) {
  // The bare function: the library's key agreement would refuse some u, and not those that matter.
  if (wc_curve25519_generic(static_cast<int>(out.size()), out.data(),
                            static_cast<int>(scalar.size()), scalar.data(),
                            static_cast<int>(u.size()), u.data()) != 0) {
    return wib::fail(Errc::crypto, "x25519");
  }
  return {};
}

Result<bool> WolfsslCrypto::do_p256_base_mul(ByteView scalar, ByteSpan out) {
  return do_p256_mul(scalar, wib::p256_generator(), out);
}

Result<bool> WolfsslCrypto::do_p256_mul(ByteView scalar, ByteView point, ByteSpan out) {
  if (auto done = p256_.multiply(scalar, point, out); !done) return std::unexpected(done.error());
  return true;  // the order is a prime
}

Result<bool> WolfsslCrypto::do_p256_mul_add(ByteView a, ByteView p, ByteView b, ByteView q,
                                            ByteSpan out) {
  return p256_.multiply_add(a, p, b, q, out);
}

}  // namespace WIB_BACKEND_NAMESPACE
