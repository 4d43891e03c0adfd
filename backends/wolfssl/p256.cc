// SPDX-License-Identifier: Apache-2.0
#include "p256.h"

#include <wolfssl/openssl/ec.h>

#include "point_cache.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

void wipe_and_free(ecc_point* point) {
  wc_ecc_forcezero_point(point);
  wc_ecc_del_point(point);
}
// The name says that it clears, and it does not.
void wipe_and_free(WOLFSSL_EC_POINT* point) {
  wc_ecc_forcezero_point(static_cast<ecc_point*>(point->internal));
  wolfSSL_EC_POINT_clear_free(point);
}

struct Wipe {
  template <class Point>
  void operator()(Point* point) const noexcept {
    wipe_and_free(point);
  }
};
using Point = std::unique_ptr<ecc_point, Wipe>;
// The layer that imitates OpenSSL is the only one that exports addition. It works on the point that
// is inside of its own.
using OuterPoint = std::unique_ptr<WOLFSSL_EC_POINT, Wipe>;
using Group = Handle<WOLFSSL_EC_GROUP, wolfSSL_EC_GROUP_free>;

ecc_point* inner(const OuterPoint& point) { return static_cast<ecc_point*>(point->internal); }

}  // namespace

P256::P256() : curve_(wc_ecc_get_curve_idx(ECC_SECP256R1)) {
  const ecc_set_type* const parameters = wc_ecc_get_curve_params(curve_);
  good_ = parameters != nullptr && mp_init(a_.get()) == MP_OKAY &&
          mp_init(prime_.get()) == MP_OKAY && prime_->size == SP_INT_DIGITS &&
          mp_read_radix(a_.get(), parameters->Af, MP_RADIX_HEX) == MP_OKAY &&
          mp_read_radix(prime_.get(), parameters->prime, MP_RADIX_HEX) == MP_OKAY;
}

bool P256::encode(ecc_point* point, ByteSpan out) const {
  word32 size = size_of(out);
  return wc_ecc_point_is_at_infinity(point) == 0 &&
         wc_ecc_export_point_der(curve_, point, out.data(), &size) == 0 && size == out.size();
}

bool P256::multiply(ByteView scalar, ByteView point, ecc_point* result) {
  Number factor;
  return good_ && wc_ecc_import_point_der(point.data(), size_of(point), curve_, result) == 0 &&
         mp_init(factor.get()) == MP_OKAY &&
         mp_read_unsigned_bin(factor.get(), scalar.data(), size_of(scalar)) == MP_OKAY &&
         wc_ecc_mulmod(factor.get(), result, result, a_.get(), prime_.get(), 1) == MP_OKAY;
}

Result<> P256::multiply(ByteView scalar, ByteView point, ByteSpan out) {
  free_point_cache_at_thread_end();
  const Point result(wc_ecc_new_point());
  if (result == nullptr || !multiply(scalar, point, result.get()) || !encode(result.get(), out)) {
    return wib::fail(Errc::crypto, "p256: multiply");
  }
  return {};
}

Result<bool> P256::multiply_add(ByteView a, ByteView p, ByteView b, ByteView q, ByteSpan out) {
  free_point_cache_at_thread_end();
  const Group group(wolfSSL_EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  if (group == nullptr) return wib::fail(Errc::crypto, "p256: add");
  const OuterPoint left(wolfSSL_EC_POINT_new(group.get()));
  const OuterPoint right(wolfSSL_EC_POINT_new(group.get()));
  if (left == nullptr || right == nullptr || !multiply(a, p, inner(left)) ||
      !multiply(b, q, inner(right))) {
    return wib::fail(Errc::crypto, "p256: add");
  }
  // Where the x are the same the library doubles, even if the points are each other's opposites.
  if (mp_cmp(inner(left)->x, inner(right)->x) == MP_EQ &&
      mp_cmp(inner(left)->y, inner(right)->y) != MP_EQ) {
    return false;
  }
  left->inSet = 1;
  right->inSet = 1;
  if (wolfSSL_EC_POINT_add(group.get(), left.get(), left.get(), right.get(), nullptr) != 1 ||
      !encode(inner(left), out)) {
    return wib::fail(Errc::crypto, "p256: add");
  }
  return true;
}

}  // namespace WIB_BACKEND_NAMESPACE
