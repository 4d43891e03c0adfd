// SPDX-License-Identifier: Apache-2.0
#include "p256.h"

#include <wolfssl/openssl/ec.h>

#include <array>

#include "point_cache.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

constexpr std::size_t coordinate_size = 32;

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

bool decode(int curve, ByteView encoded, ecc_point* point) {
  return wc_ecc_import_point_der(encoded.data(), size_of(encoded), curve, point) == 0;
}

bool encode(int curve, ecc_point* point, ByteSpan out) {
  word32 size = size_of(out);
  return wc_ecc_point_is_at_infinity(point) == 0 &&
         wc_ecc_export_point_der(curve, point, out.data(), &size) == 0 && size == out.size();
}

ecc_point* inner(const OuterPoint& point) { return static_cast<ecc_point*>(point->internal); }

// Null if the library fails.
OuterPoint outer_point(const Group& group, int curve, ByteView encoded) {
  OuterPoint point(wolfSSL_EC_POINT_new(group.get()));
  if (point == nullptr || !decode(curve, encoded, inner(point))) return nullptr;
  point->inSet = 1;
  return point;
}

}  // namespace

P256::P256() : curve_(wc_ecc_get_curve_idx(ECC_SECP256R1)) {
  const ecc_set_type* const parameters = wc_ecc_get_curve_params(curve_);
  good_ = parameters != nullptr && mp_init(a_.get()) == MP_OKAY &&
          mp_init(prime_.get()) == MP_OKAY && prime_->size == SP_INT_DIGITS &&
          mp_read_radix(a_.get(), parameters->Af, MP_RADIX_HEX) == MP_OKAY &&
          mp_read_radix(prime_.get(), parameters->prime, MP_RADIX_HEX) == MP_OKAY;
}

Result<bool> P256::on_curve(ByteView point) {
  const Point decoded(wc_ecc_new_point());
  if (!good_ || decoded == nullptr || !decode(curve_, point, decoded.get())) {
    return wib::fail(Errc::crypto, "p256: point");
  }
  const int status = wc_ecc_point_is_on_curve(decoded.get(), curve_);
  if (status != MP_OKAY && status != IS_POINT_E) return wib::fail(Errc::crypto, "p256: point");
  return status == MP_OKAY;
}

Result<> P256::multiply(ByteView scalar, ByteView point, ByteSpan out) {
  free_point_cache_at_thread_end();
  const Point base(wc_ecc_new_point());
  const Point result(wc_ecc_new_point());
  Number factor;
  if (!good_ || base == nullptr || result == nullptr || !decode(curve_, point, base.get()) ||
      mp_init(factor.get()) != MP_OKAY ||
      mp_read_unsigned_bin(factor.get(), scalar.data(), size_of(scalar)) != MP_OKAY ||
      wc_ecc_mulmod(factor.get(), base.get(), result.get(), a_.get(), prime_.get(), 1) != MP_OKAY ||
      !encode(curve_, result.get(), out)) {
    return wib::fail(Errc::crypto, "p256: multiply");
  }
  return {};
}

Result<bool> P256::add(ByteView p, ByteView q, ByteSpan out) {
  // The library doubles where the x are the same, even if the points are each other's opposites.
  if (wib::constant_time_equal(p.subspan(1, coordinate_size), q.subspan(1, coordinate_size))) {
    if (!wib::constant_time_equal(p, q)) return false;
    if (auto doubled = multiply(std::array<Byte, 1>{2}, p, out); !doubled) {
      return std::unexpected(doubled.error());
    }
    return true;
  }
  const Group group(wolfSSL_EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  if (group == nullptr) return wib::fail(Errc::crypto, "p256: add");
  const OuterPoint left = outer_point(group, curve_, p);
  const OuterPoint right = outer_point(group, curve_, q);
  const OuterPoint sum(wolfSSL_EC_POINT_new(group.get()));
  if (left == nullptr || right == nullptr || sum == nullptr ||
      wolfSSL_EC_POINT_add(group.get(), sum.get(), left.get(), right.get(), nullptr) != 1 ||
      !encode(curve_, inner(sum), out)) {
    return wib::fail(Errc::crypto, "p256: add");
  }
  return true;
}

}  // namespace WIB_BACKEND_NAMESPACE
