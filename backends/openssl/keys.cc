// SPDX-License-Identifier: Apache-2.0
#include "keys.h"

#include <openssl/core_names.h>

#include <array>

namespace WIB_BACKEND_NAMESPACE {
namespace {

using wib::KeyType;
using wib::PrivateKeyView;

// RSA's eight numbers in the library's native byte order, each no longer than the modulus.
constexpr std::size_t max_rsa_number = wib::max_signature_size;
constexpr std::size_t rsa_numbers = 8;
constexpr std::size_t max_point_size = 1 + 2 * 66;  // P-521

std::unexpected<wib::Error> bad_key(std::string_view where) {
  return wib::fail(Errc::bad_key, where);
}

// A key from the parameters, or null.
Key key_from(const Library& library, const char* type, OSSL_PARAM* parameters) {
  const KeyContext context(EVP_PKEY_CTX_new_from_name(library.context(), type, nullptr));
  EVP_PKEY* key = nullptr;
  if (context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters) != 1) {
    return nullptr;
  }
  return Key(key);
}

struct RsaNumbers {
  explicit RsaNumbers(const PrivateKeyView& key)
      : n(to_number(key.n)),
        e(to_number(key.e)),
        d(to_number(key.d)),
        p(to_number(key.p)),
        q(to_number(key.q)),
        d_p(to_number(key.d_p)),
        d_q(to_number(key.d_q)),
        q_inverse(to_number(key.q_inverse)) {}

  Number n, e, d, p, q, d_p, d_q, q_inverse;
};

// d_crt = d mod (prime - 1), and its product with e is 1 there.
bool exponents_fit(const RsaNumbers& key, const BIGNUM* prime, const BIGNUM* d_crt,
                   BN_CTX* scratch) {
  const Number order(BN_dup(prime));
  const Number result(BN_new());
  return order != nullptr && result != nullptr && BN_sub_word(order.get(), 1) == 1 &&
         BN_nnmod(result.get(), key.d.get(), order.get(), scratch) == 1 &&
         BN_cmp(result.get(), d_crt) == 0 &&
         BN_mod_mul(result.get(), key.e.get(), d_crt, order.get(), scratch) == 1 &&
         BN_is_one(result.get());
}

// RFC 8017 3.2. The library does not check this when it loads a key; with a wrong CRT number it
// would sign by the slow way, where another library gives away a factor of n instead.
bool belong_together(const Library& library, const RsaNumbers& key) {
  const NumberContext scratch(BN_CTX_new_ex(library.context()));
  const Number result(BN_new());
  return scratch != nullptr && result != nullptr &&
         BN_mul(result.get(), key.p.get(), key.q.get(), scratch.get()) == 1 &&
         BN_cmp(result.get(), key.n.get()) == 0 && BN_cmp(key.d.get(), key.n.get()) < 0 &&
         exponents_fit(key, key.p.get(), key.d_p.get(), scratch.get()) &&
         exponents_fit(key, key.q.get(), key.d_q.get(), scratch.get()) &&
         BN_cmp(key.q_inverse.get(), key.p.get()) < 0 &&
         BN_mod_mul(result.get(), key.q_inverse.get(), key.q.get(), key.p.get(), scratch.get()) ==
             1 &&
         BN_is_one(result.get());
}

Result<Key> load_rsa(const Library& library, const PrivateKeyView& view) {
  const RsaNumbers numbers(view);
  if (!belong_together(library, numbers)) return bad_key("key: RSA numbers");

  const std::array<std::pair<const char*, const BIGNUM*>, rsa_numbers> named = {{
      {OSSL_PKEY_PARAM_RSA_N, numbers.n.get()},
      {OSSL_PKEY_PARAM_RSA_E, numbers.e.get()},
      {OSSL_PKEY_PARAM_RSA_D, numbers.d.get()},
      {OSSL_PKEY_PARAM_RSA_FACTOR1, numbers.p.get()},
      {OSSL_PKEY_PARAM_RSA_FACTOR2, numbers.q.get()},
      {OSSL_PKEY_PARAM_RSA_EXPONENT1, numbers.d_p.get()},
      {OSSL_PKEY_PARAM_RSA_EXPONENT2, numbers.d_q.get()},
      {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, numbers.q_inverse.get()},
  }};
  // OSSL_PARAM_BLD would do this too, but frees its copies of the secrets without wiping them.
  std::array<Byte, rsa_numbers * max_rsa_number> storage;
  const wib::WipeGuard guard(storage);
  std::array<OSSL_PARAM, rsa_numbers + 1> parameters;
  for (std::size_t i = 0; i < rsa_numbers; ++i) {
    const auto size = static_cast<std::size_t>(BN_num_bytes(named[i].second));
    Byte* const place = storage.data() + i * max_rsa_number;
    if (BN_bn2nativepad(named[i].second, place, static_cast<int>(size)) < 0) {
      return bad_key("key: RSA numbers");
    }
    parameters[i] = OSSL_PARAM_construct_BN(named[i].first, place, size);
  }
  parameters[rsa_numbers] = OSSL_PARAM_construct_end();
  Key key = key_from(library, "RSA", parameters.data());
  if (key == nullptr) return bad_key("key: RSA");
  return key;
}

struct Curve {
  int id;
  std::string_view name;
};

Curve curve_of(KeyType type) {
  switch (type) {
    case KeyType::ec_p384: return {NID_secp384r1, "P-384"};
    case KeyType::ec_p521: return {NID_secp521r1, "P-521"};
    default: return {NID_X9_62_prime256v1, "P-256"};
  }
}

Result<Key> load_ec(const Library& library, const PrivateKeyView& view) {
  const Curve curve = curve_of(view.type);
  const Group group(EC_GROUP_new_by_curve_name_ex(library.context(), nullptr, curve.id));
  const Number scalar = to_number(view.scalar);
  const NumberContext scratch(BN_CTX_new_ex(library.context()));
  if (group == nullptr || scalar == nullptr || scratch == nullptr) return failed("key: EC");
  BN_set_flags(scalar.get(), BN_FLG_CONSTTIME);
  if (BN_is_zero(scalar.get()) || BN_cmp(scalar.get(), EC_GROUP_get0_order(group.get())) >= 0) {
    return bad_key("key: EC scalar");
  }

  // The public point is computed rather than believed: TLS would compare the embedded one with the
  // certificate's, and sign with the scalar of somebody else.
  const Point point(EC_POINT_new(group.get()));
  std::array<Byte, max_point_size> encoded;
  std::size_t size = 0;
  if (point != nullptr &&
      EC_POINT_mul(group.get(), point.get(), scalar.get(), nullptr, nullptr, scratch.get()) == 1) {
    size = EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED,
                              encoded.data(), encoded.size(), scratch.get());
  }
  if (size == 0) return failed("key: EC");
  const ByteView computed(encoded.data(), size);
  if (!view.point.empty() && !wib::same_bytes(view.point, computed)) {
    return bad_key("key: EC public key");
  }

  std::array<Byte, max_point_size> native;
  const wib::WipeGuard guard(native);
  const std::size_t field = wib::field_size(view.type);
  if (BN_bn2nativepad(scalar.get(), native.data(), static_cast<int>(field)) < 0) {
    return failed("key: EC");
  }
  std::array parameters = {text(OSSL_PKEY_PARAM_GROUP_NAME, curve.name),
                           OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, native.data(), field),
                           octets(OSSL_PKEY_PARAM_PUB_KEY, computed), OSSL_PARAM_construct_end()};
  Key key = key_from(library, "EC", parameters.data());
  if (key == nullptr) return bad_key("key: EC");
  return key;
}

}  // namespace

Certificate parse_certificate(const Library& library, ByteView der) {
  // A new object that knows our library context; if the parser fails it frees it and clears the
  // pointer.
  X509* object = X509_new_ex(library.context(), nullptr);
  const Byte* position = der.data();
  const bool parsed = object != nullptr &&
                      d2i_X509(&object, &position, static_cast<long>(der.size())) != nullptr &&
                      position == der.data() + der.size();
  Certificate owner(object);
  return parsed ? std::move(owner) : nullptr;
}

Result<LoadedCertificate> load_certificate(const Library& library, ByteView certificate) {
  const auto public_key = wib::check_certificate(certificate);
  if (!public_key) return std::unexpected(public_key.error());
  if (public_key->type == KeyType::other) return LoadedCertificate{nullptr, *public_key};

  Certificate object = parse_certificate(library, certificate);
  if (object == nullptr) return wib::fail(Errc::bad_certificate, "certificate: does not parse");
  if (X509_get0_pubkey(object.get()) == nullptr) {
    return wib::fail(Errc::bad_certificate, "certificate: public key");
  }
  return LoadedCertificate{std::move(object), *public_key};
}

Result<Key> load_private_key(const Library& library, ByteView private_key) {
  const auto view = wib::read_private_key(private_key);
  if (!view) return std::unexpected(view.error());
  return view->type == KeyType::rsa ? load_rsa(library, *view) : load_ec(library, *view);
}

}  // namespace WIB_BACKEND_NAMESPACE
