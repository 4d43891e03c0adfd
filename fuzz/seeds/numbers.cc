// SPDX-License-Identifier: Apache-2.0
//
// Seeds of records, of parameters, shares and points, and of noise.
#include <vector>

#include "attacks/search/stream_random.h"
#include "attacks/world/identities.h"
#include "backends/registry.h"
#include "fuzz/seeds/seed_folder.h"
#include "protocol/groups.h"
#include "protocol/messages/bundle.h"
#include "protocol/messages/offer.h"
#include "protocol/registration.h"

namespace wib::fuzz {
namespace {

using Bytes = std::vector<Byte>;

Bytes joined(std::initializer_list<ByteView> parts) {
  Bytes all;
  for (const ByteView part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Bytes stream(std::size_t size) {
  Bytes bytes(size);
  attacks::stream_bytes(attacks::seed_bytes(2015), "seeds", 0, bytes);
  return bytes;
}

// Kind, flags, record: what the target store_files takes.
void add_records(SeedFolder& seeds, Crypto& crypto) {
  static std::array<Byte, max_bundle_size> buffer;
  const attacks::Identity& owner = attacks::identity("owner");
  const Bytes kinds = {0, 1, 2, 3};
  const auto kind = [&](std::size_t number) { return ByteView(kinds).subspan(number, 1); };
  if (const auto bundle = write_bundle({owner.certificate, owner.private_key}, buffer)) {
    seeds.add("store_files", joined({kind(0), kind(0), *bundle}));
  }
  Verifier verifier;
  const Bytes salt = stream(salt_size);
  if (register_verifier(crypto, as_bytes("0123456789"), as_bytes("WIB"), salt, min_iterations,
                        verifier)) {
    std::array<Byte, max_verifier_size> record;
    if (const auto written = write_verifier(verifier, record)) {
      seeds.add("store_files", joined({kind(1), kind(0), *written}));
    }
  }
  Bytes counters(20, 0);
  counters[7] = 3;
  counters[15] = 2;
  for (std::size_t flags = 0; flags < 4; ++flags) {
    seeds.add("store_files", joined({kind(2), kind(flags), counters}));
  }
}

// Kind, then what the target shares takes.
void add_shares(SeedFolder& seeds, Crypto& crypto) {
  const Bytes finite = {0, 0};  // and the modulus has one byte
  const Bytes wide = {0, 3};    // four
  const Bytes x25519 = {1};
  const Bytes p256 = {2};
  const Bytes named = {3};
  seeds.add("shares", joined({finite, Bytes{23, 2}}));
  seeds.add("shares", joined({finite, Bytes{23, 22}}));
  const Bytes prime = {0xff, 0xff, 0xff, 0xfb};
  seeds.add("shares", joined({wide, prime, Bytes{4}}));
  seeds.add("shares", joined({wide, prime, prime}));
  seeds.add("shares", joined({x25519, stream(x25519_size)}));
  seeds.add("shares", joined({x25519, Bytes(x25519_size, 0)}));
  seeds.add("shares", joined({p256, p256_generator()}));
  Bytes point(p256_point_size);
  if (crypto.p256_base_mul(stream(p256_scalar_size), point)) {
    seeds.add("shares", joined({p256, point}));
  }
  seeds.add("shares", joined({p256, Bytes(p256_point_size, 0)}));
  seeds.add("shares", joined({named, Bytes{0}, stream(4)}));
  seeds.add("shares", joined({named, Bytes{1}, stream(256)}));
}

// Policy, size of the share, share, offer: what the target offer_parameters takes.
void add_offers(SeedFolder& seeds) {
  std::array<Byte, 2 * max_modulus_size> buffer;
  const Bytes share = stream(8);
  const Bytes size = {0, 8};
  const Bytes p = {23};
  const Bytes g = {5};
  const auto offer = [&](Byte policy, const Offer& fields, OfferFields which) {
    const auto written = write_offer(fields, which, buffer);
    if (written) seeds.add("offer_parameters", joined({Bytes{policy}, size, share, *written}));
  };
  offer(0, {.p = p, .g = g}, OfferFields::explicit_group);
  offer(0, {.p = stream(31), .g = stream(32)}, OfferFields::explicit_group);
  offer(0, {.p = ffdhe2048().p, .g = ffdhe2048().g}, OfferFields::explicit_group);
  Byte policy = 1;
  for (const Bytes& number : {Bytes{1, 0}, Bytes{1, 1}, Bytes{0, 23}, Bytes{0, 29}}) {
    offer(policy++, {.group = number}, OfferFields::named_group);
  }
}

}  // namespace

void add_number_seeds(SeedFolder& seeds) {
  Backend* const backend = find_backend("openssl");
  if (backend == nullptr) return;
  add_records(seeds, backend->crypto());
  add_shares(seeds, backend->crypto());
  add_offers(seeds);
  const Bytes claim = {0x1f, 0x40};  // 8000 thousandths of a bit
  const Bytes low = {0x01, 0xf4};
  seeds.add("health_tests", joined({claim, stream(600)}));
  seeds.add("health_tests", joined({claim, stream(64), Bytes(8, 7)}));
  seeds.add("health_tests", joined({low, Bytes(64, 7)}));
}

}  // namespace wib::fuzz
