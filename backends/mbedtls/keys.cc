// SPDX-License-Identifier: Apache-2.0
#include "keys.h"

#include <array>

namespace WIB_BACKEND_NAMESPACE {
namespace {

using wib::KeyType;
using wib::PrivateKeyView;
using wib::PublicKeyView;

std::unexpected<wib::Error> bad_key(std::string_view where) {
  return wib::fail(Errc::bad_key, where);
}

mbedtls_ecp_group_id curve_of(KeyType type) {
  switch (type) {
    case KeyType::ec_p384: return MBEDTLS_ECP_DP_SECP384R1;
    case KeyType::ec_p521: return MBEDTLS_ECP_DP_SECP521R1;
    default: return MBEDTLS_ECP_DP_SECP256R1;
  }
}

bool set_up(Key& key, mbedtls_pk_type_t type) {
  return mbedtls_pk_setup(key.get(), mbedtls_pk_info_from_type(type)) == 0;
}

bool set_up_ec(Key& key, KeyType type) {
  return set_up(key, MBEDTLS_PK_ECKEY) &&
         mbedtls_ecp_group_load(&mbedtls_pk_ec(*key.get())->grp, curve_of(type)) == 0;
}

// --- RSA ----------------------------------------------------------------------------------------

struct RsaNumbers {
  explicit RsaNumbers(const PrivateKeyView& key)
      : complete(read(n, key.n) && read(e, key.e) && read(d, key.d) && read(p, key.p) &&
                 read(q, key.q) && read(d_p, key.d_p) && read(d_q, key.d_q) &&
                 read(q_inverse, key.q_inverse)) {}

  Number n, e, d, p, q, d_p, d_q, q_inverse;
  bool complete;
};

bool same(const Number& a, const Number& b) { return mbedtls_mpi_cmp_mpi(a.get(), b.get()) == 0; }
bool less(const Number& a, const Number& b) { return mbedtls_mpi_cmp_mpi(a.get(), b.get()) < 0; }

// a * b mod m is 1.
bool inverse_of(const Number& a, const Number& b, const Number& m) {
  Number result;
  return mbedtls_mpi_mul_mpi(result.get(), a.get(), b.get()) == 0 &&
         mbedtls_mpi_mod_mpi(result.get(), result.get(), m.get()) == 0 &&
         mbedtls_mpi_cmp_int(result.get(), 1) == 0;
}

// d_crt = d mod (prime - 1), and its product with e is 1 there.
bool exponents_fit(const RsaNumbers& key, const Number& prime, const Number& d_crt) {
  Number order;
  Number result;
  return mbedtls_mpi_sub_int(order.get(), prime.get(), 1) == 0 &&
         mbedtls_mpi_mod_mpi(result.get(), key.d.get(), order.get()) == 0 && same(result, d_crt) &&
         inverse_of(key.e, d_crt, order);
}

// RFC 8017 3.2. The library computes the CRT numbers itself, and never looks at those of the key.
bool belong_together(const RsaNumbers& key) {
  Number product;
  return mbedtls_mpi_mul_mpi(product.get(), key.p.get(), key.q.get()) == 0 &&
         same(product, key.n) && less(key.d, key.n) && exponents_fit(key, key.p, key.d_p) &&
         exponents_fit(key, key.q, key.d_q) && less(key.q_inverse, key.p) &&
         inverse_of(key.q_inverse, key.q, key.p);
}

Result<> load_rsa(const PrivateKeyView& view, Key& key) {
  const RsaNumbers numbers(view);
  if (!numbers.complete || !set_up(key, MBEDTLS_PK_RSA)) {
    return wib::fail(Errc::crypto, "key: RSA");
  }
  if (!belong_together(numbers)) return bad_key("key: RSA numbers");
  mbedtls_rsa_context* const rsa = mbedtls_pk_rsa(*key.get());
  if (mbedtls_rsa_import(rsa, numbers.n.get(), numbers.p.get(), numbers.q.get(), numbers.d.get(),
                         numbers.e.get()) != 0 ||
      mbedtls_rsa_complete(rsa) != 0) {
    return bad_key("key: RSA");
  }
  return {};
}

bool load_rsa_numbers(const PublicKeyView& view, Key& key) {
  Number n;
  Number e;
  if (!read(n, view.n) || !read(e, view.e) || !set_up(key, MBEDTLS_PK_RSA)) return false;
  mbedtls_rsa_context* const rsa = mbedtls_pk_rsa(*key.get());
  return mbedtls_rsa_import(rsa, n.get(), nullptr, nullptr, nullptr, e.get()) == 0 &&
         mbedtls_rsa_complete(rsa) == 0;
}

// --- EC -----------------------------------------------------------------------------------------

Result<> load_ec(const PrivateKeyView& view, Random& random, Key& key) {
  if (!set_up_ec(key, view.type)) return wib::fail(Errc::crypto, "key: EC");
  mbedtls_ecp_keypair& pair = *mbedtls_pk_ec(*key.get());
  if (mbedtls_mpi_read_binary(&pair.d, view.scalar.data(), view.scalar.size()) != 0) {
    return wib::fail(Errc::crypto, "key: EC");
  }
  if (mbedtls_ecp_check_privkey(&pair.grp, &pair.d) != 0) return bad_key("key: EC scalar");

  // The public point is computed rather than believed: TLS would compare the embedded one with the
  // certificate's, and sign with the scalar of somebody else.
  std::array<Byte, MBEDTLS_ECP_MAX_PT_LEN> storage;
  std::size_t size = 0;
  if (mbedtls_ecp_mul(&pair.grp, &pair.Q, &pair.d, &pair.grp.G, Random::draw, random.state()) !=
          0 ||
      mbedtls_ecp_point_write_binary(&pair.grp, &pair.Q, MBEDTLS_ECP_PF_UNCOMPRESSED, &size,
                                     storage.data(), storage.size()) != 0) {
    return wib::fail(Errc::crypto, "key: EC");
  }
  if (!view.point.empty() && !wib::same_bytes(view.point, ByteView(storage).first(size))) {
    return bad_key("key: EC public key");
  }
  return {};
}

bool load_point(const PublicKeyView& view, Key& key) {
  if (!set_up_ec(key, view.type)) return false;
  mbedtls_ecp_keypair& pair = *mbedtls_pk_ec(*key.get());
  return mbedtls_ecp_point_read_binary(&pair.grp, &pair.Q, view.point.data(), view.point.size()) ==
             0 &&
         mbedtls_ecp_check_pubkey(&pair.grp, &pair.Q) == 0;
}

}  // namespace

Result<PublicKeyView> load_public_key(ByteView certificate, Key& key) {
  const auto view = wib::check_certificate(certificate);
  if (!view) return view;
  bool loaded = false;
  switch (view->type) {
    case KeyType::rsa: loaded = load_rsa_numbers(*view, key); break;
    case KeyType::ec_p256:
    case KeyType::ec_p384:
    case KeyType::ec_p521: loaded = load_point(*view, key); break;
    case KeyType::ed25519:
    case KeyType::other: loaded = true; break;
  }
  if (!loaded) return wib::fail(Errc::bad_certificate, "certificate: public key");
  return view;
}

Result<> load_private_key(ByteView private_key, Random& random, Key& key) {
  const auto view = wib::read_private_key(private_key);
  if (!view) return std::unexpected(view.error());
  if (!random.ready()) return wib::fail(Errc::crypto, "key: random numbers");
  return view->type == KeyType::rsa ? load_rsa(*view, key) : load_ec(*view, random, key);
}

}  // namespace WIB_BACKEND_NAMESPACE
