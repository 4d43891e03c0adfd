// SPDX-License-Identifier: Apache-2.0
//
// X25519 and P-256. P-256 is computed on the library's points rather than through its keys: the
// core needs sums of points, and a key agreement gives only a coordinate.
#include <openssl/core_names.h>
#include <openssl/proverr.h>

#include <array>

#include "crypto.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

// A key with `scalar` for its private half and `u`, which is somebody else's, for its public one,
// or null. It is both parties to the agreement. A key without a public half would have it computed,
// which costs as much as the operation.
Key x25519_key(EVP_PKEY_CTX* maker, ByteView scalar, ByteView u) {
  std::array parameters = {octets(OSSL_PKEY_PARAM_PRIV_KEY, scalar),
                           octets(OSSL_PKEY_PARAM_PUB_KEY, u), OSSL_PARAM_construct_end()};
  EVP_PKEY* key = nullptr;
  if (maker == nullptr || EVP_PKEY_fromdata_init(maker) != 1 ||
      EVP_PKEY_fromdata(maker, &key, EVP_PKEY_KEYPAIR, parameters.data()) != 1) {
    return nullptr;
  }
  return Key(key);
}

Point to_point(const EC_GROUP* group, ByteView encoded, BN_CTX* scratch) {
  Point point(EC_POINT_new(group));
  if (point == nullptr ||
      EC_POINT_oct2point(group, point.get(), encoded.data(), encoded.size(), scratch) != 1) {
    return nullptr;
  }
  return point;
}

// scalar * point, or null. One scalar and one point at a time, for which the library takes a path
// of constant time; the generator has a table of its own.
Point multiply(const EC_GROUP* group, ByteView scalar, ByteView point, BN_CTX* scratch) {
  const Number factor = to_number(scalar);
  Point result(EC_POINT_new(group));
  if (factor == nullptr || result == nullptr) return nullptr;
  BN_set_flags(factor.get(), BN_FLG_CONSTTIME);
  // The point may be as secret as the scalar; that it is the generator, or not, is not.
  if (wib::constant_time_equal(point, wib::p256_generator())) {
    const bool done =
        EC_POINT_mul(group, result.get(), factor.get(), nullptr, nullptr, scratch) == 1;
    return done ? std::move(result) : nullptr;
  }
  const Point base = to_point(group, point, scratch);
  if (base == nullptr ||
      EC_POINT_mul(group, result.get(), nullptr, base.get(), factor.get(), scratch) != 1) {
    return nullptr;
  }
  return result;
}

// False for infinity.
Result<bool> encode(const EC_GROUP* group, const EC_POINT* point, ByteSpan out, BN_CTX* scratch) {
  if (EC_POINT_is_at_infinity(group, point) == 1) return false;
  if (EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, out.data(), out.size(),
                         scratch) != out.size()) {
    return failed("p256: encode");
  }
  return true;
}

}  // namespace

Result<> OpensslCrypto::do_x25519(ByteView scalar, ByteView u, ByteSpan out) {
  const ErrorQueueGuard errors;
  const Key key = x25519_key(x25519_.get(), scalar, u);
  if (key == nullptr) return failed("x25519: key");
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(library_, key.get(), nullptr));
  std::size_t size = out.size();
  if (context == nullptr || EVP_PKEY_derive_init(context.get()) != 1 ||
      EVP_PKEY_derive_set_peer_ex(context.get(), key.get(), 0) != 1) {
    return failed("x25519: init");
  }
  if (EVP_PKEY_derive(context.get(), out.data(), &size) == 1) {
    if (size != out.size()) return failed("x25519: size");
    return {};
  }
  // The one reason that the library has for this error: the result is zero. Whether that is good
  // enough is not for arithmetic to say.
  const unsigned long error = ERR_peek_last_error();
  if (ERR_GET_LIB(error) != ERR_LIB_PROV ||
      ERR_GET_REASON(error) != PROV_R_FAILED_DURING_DERIVATION) {
    return failed("x25519");
  }
  std::ranges::fill(out, Byte{0});
  return {};
}

Result<bool> OpensslCrypto::do_p256_base_mul(ByteView scalar, ByteSpan out) {
  return do_p256_mul(scalar, wib::p256_generator(), out);
}

Result<bool> OpensslCrypto::do_p256_mul(ByteView scalar, ByteView point, ByteSpan out) {
  const NumberContext scratch(BN_CTX_new_ex(library_));
  if (p256_ == nullptr || scratch == nullptr) return failed("p256");
  const Point result = multiply(p256_.get(), scalar, point, scratch.get());
  if (result == nullptr) return failed("p256: multiply");
  return encode(p256_.get(), result.get(), out, scratch.get());
}

Result<bool> OpensslCrypto::do_p256_mul_add(ByteView a, ByteView p, ByteView b, ByteView q,
                                            ByteSpan out) {
  const NumberContext scratch(BN_CTX_new_ex(library_));
  if (p256_ == nullptr || scratch == nullptr) return failed("p256");
  const Point first = multiply(p256_.get(), a, p, scratch.get());
  const Point second = multiply(p256_.get(), b, q, scratch.get());
  if (first == nullptr || second == nullptr ||
      EC_POINT_add(p256_.get(), first.get(), first.get(), second.get(), scratch.get()) != 1) {
    return failed("p256: add");
  }
  return encode(p256_.get(), first.get(), out, scratch.get());
}

}  // namespace WIB_BACKEND_NAMESPACE
