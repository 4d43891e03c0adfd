// SPDX-License-Identifier: Apache-2.0
//
// The probe: the libraries without their wrappers (backends/bare.h), held against the port. That
// the differential targets' inputs reach what the libraries do differently is shown by how soon
// each difference that wib was written around is met, from random bytes and a seed.
//   fuzz_backend_bare_probe [SEEDS]
// Exits 1 if one of them is not met within its number of executions, or if the library no longer
// has it.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "backends/registry.h"
#include "fuzz/differential/values.h"
#include "protocol/groups.h"

namespace {

using namespace wib;
using namespace wib::fuzz;
using Outcome = Bare::Outcome;

struct Asked {
  Outcome bare;
  Outcome port;
  ByteVector peer;          // or another input that says which it is
  bool in_subgroup = true;  // of a share in a finite field
};

Outcome refused() { return {.refused = true}; }

template <class Operation>
Outcome decided(std::size_t size, Operation operation) {
  Outcome outcome{.bytes = ByteVector(size)};
  if (!operation(ByteSpan(outcome.bytes))) return refused();
  return outcome;
}

// --- Questions: the library, and the port on the same library
// ----------------------------------------

Asked ask_x25519(Backend& backend, Choices& choices, Values& values) {
  (void)choices;
  const ByteVector scalar = values.bytes(x25519_size);
  const ByteVector u = values.x25519_u();
  return {backend.bare()->x25519_agree(scalar, u),
          decided(x25519_size,
                  [&](ByteSpan out) { return backend.crypto().x25519_agree(scalar, u, out); }),
          u};
}

// g = 2: OpenSSL knows the group, and its q.
Asked ask_ffdh_with(Backend& backend, const ByteVector& exponent, const ByteVector& peer) {
  const ByteView p = ffdhe2048().p;
  Asked asked{backend.bare()->ffdh_agree(p, ffdhe2048().g, exponent, peer),
              decided(p.size(),
                      [&](ByteSpan out) -> Result<> {
                        if (auto good = backend.crypto().check_share(peer, p); !good) return good;
                        return backend.crypto().mod_exp(peer, exponent, p, out);
                      }),
              peer};
  if (asked.bare.refused && !asked.port.refused) {
    asked.in_subgroup = backend.crypto().in_prime_subgroup(peer, p).value_or(true);
  }
  return asked;
}

Asked ask_ffdh(Backend& backend, Choices&, Values& values) {
  const ByteVector modulus(ffdhe2048().p.begin(), ffdhe2048().p.end());
  ByteVector exponent = values.bytes(32);
  exponent.back() |= 1U;
  exponent.front() |= 1U;
  return ask_ffdh_with(backend, exponent, values.number_for(modulus));
}

// Small numbers, whose powers are small as well.
Asked ask_small_ffdh(Backend& backend, Choices& choices, Values& values) {
  const ByteVector modulus(ffdhe2048().p.begin(), ffdhe2048().p.end());
  const ByteVector exponent = {static_cast<Byte>(choices.byte() | 2U)};
  return ask_ffdh_with(backend, exponent, values.number_for(modulus));
}

Asked ask_p256(Backend& backend, Choices&, Values& values) {
  ByteVector scalar = values.bytes(p256_scalar_size);
  scalar.front() &= 0x7fU;
  scalar.back() |= 1U;
  const ByteVector peer = values.p256_encoding();
  ByteVector point(p256_point_size);
  Outcome port = refused();
  if (backend.crypto().check_p256_share(peer) && backend.crypto().p256_mul(scalar, peer, point)) {
    port = {.bytes = ByteVector(point.begin() + 1, point.begin() + 33)};
  }
  return {backend.bare()->p256_agree(scalar, peer), port, peer};
}

Asked ask_infinity(Backend& backend, Choices&, Values&) {
  static constexpr std::array<Byte, p256_scalar_size> zero{};
  return {
      backend.bare()->p256_encode_infinity(),
      decided(p256_point_size,
              [&](ByteSpan out) { return backend.crypto().p256_mul(zero, p256_generator(), out); }),
      {}};
}

Asked ask_mac(Backend& backend, Choices&, Values& values) {
  const ByteVector key = values.text();
  const ByteVector message = values.text();
  return {backend.bare()->hmac_sha256(key, message),
          decided(sha256_size,
                  [&](ByteSpan out) {
                    return backend.crypto().hmac_sha256(key, ByteView(message), out);
                  }),
          key.empty() && message.empty() ? ByteVector{} : ByteVector{1}};
}

Asked ask_hkdf(Backend& backend, Choices&, Values& values) {
  const ByteVector salt = values.text();
  const ByteVector ikm = values.text();
  const ByteVector info = values.text();
  return {
      backend.bare()->hkdf_sha256(salt, ikm, info, 42),
      decided(42, [&](ByteSpan out) { return backend.crypto().hkdf_sha256(salt, ikm, info, out); }),
      salt.empty() || ikm.empty() || info.empty() ? ByteVector{} : ByteVector{1}};
}

// --- The differences
// ------------------------------------------------------------------------------------

bool zeros(ByteView bytes) {
  return std::ranges::all_of(bytes, [](Byte byte) { return byte == 0; });
}
bool is(ByteView number, const ByteVector& value) {
  while (!number.empty() && number.front() == 0) number = number.subspan(1);
  ByteView other(value);
  while (!other.empty() && other.front() == 0) other = other.subspan(1);
  return same_bytes(number, other);
}
ByteVector group_p() { return {ffdhe2048().p.begin(), ffdhe2048().p.end()}; }

struct Row {
  const char* library;
  const char* what;
  std::size_t within;  // executions
  Asked (*ask)(Backend&, Choices&, Values&);
  bool (*seen)(const Asked&);
};

// Those that Bare shows of what the libraries do differently (backends/conformance/divergences).
constexpr Row rows[] = {
    {"wolfssl", "X25519: a secret of zeros, from a point of small order", 2000, ask_x25519,
     [](const Asked& a) {
       return !a.bare.refused && !a.bare.bytes.empty() && zeros(a.bare.bytes) && a.port.refused;
     }},
    {"wolfssl", "X25519: a share with its top bit set is refused", 2000, ask_x25519,
     [](const Asked& a) {
       return a.bare.refused && !a.port.refused && (a.peer.back() & 0x80U) != 0;
     }},
    {"wolfssl", "ffdhe2048: peer 0 or p, a secret of no bytes", 1000, ask_ffdh,
     [](const Asked& a) {
       return !a.bare.refused && a.bare.bytes.empty() && a.port.refused &&
              (zeros(a.peer) || is(a.peer, group_p()));
     }},
    {"wolfssl", "ffdhe2048: peer p - 1, a secret of 256 bytes", 1000, ask_ffdh,
     [](const Asked& a) {
       return !a.bare.refused && a.bare.bytes.size() == 256 && a.port.refused &&
              is(a.peer, minus(group_p(), 1));
     }},
    {"openssl", "ffdhe2048, g = 2: a peer of order 2q is refused", 500, ask_ffdh,
     [](const Asked& a) { return a.bare.refused && !a.port.refused && !a.in_subgroup; }},
    {"wolfssl", "P-256: first byte 02 or 03 with 65 or 97 bytes is taken", 2000, ask_p256,
     [](const Asked& a) {
       return !a.bare.refused && a.port.refused && (a.peer.size() == 65 || a.peer.size() == 97) &&
              (a.peer[0] == 2 || a.peer[0] == 3);
     }},
    {"wolfssl", "ffdhe2048: Z is shorter where it begins with zeros", 2000, ask_small_ffdh,
     [](const Asked& a) {
       return !a.bare.refused && !a.port.refused && a.bare.bytes.size() < a.port.bytes.size();
     }},
    {"openssl", "ffdhe2048: Z is shorter where it begins with zeros", 2000, ask_small_ffdh,
     [](const Asked& a) {
       return !a.bare.refused && !a.port.refused && a.bare.bytes.size() < a.port.bytes.size();
     }},
    {"openssl", "HMAC: an empty key with an empty message is refused", 8000, ask_mac,
     [](const Asked& a) { return a.bare.refused && !a.port.refused && a.peer.empty(); }},
    {"openssl", "HKDF: an empty input is refused", 2000, ask_hkdf,
     [](const Asked& a) { return a.bare.refused && !a.port.refused && a.peer.empty(); }},
    {"wolfssl", "P-256: infinity is 65 bytes of something", 10, ask_infinity,
     [](const Asked& a) {
       return !a.bare.refused && a.bare.bytes.size() == 65 && a.bare.bytes != a.port.bytes;
     }},
};

// SplitMix64, as bytes.
void fill(std::uint64_t& state, ByteSpan out) {
  for (std::size_t i = 0; i < out.size(); i += 8) {
    std::uint64_t z = state += 0x9e37'79b9'7f4a'7c15U;
    z = (z ^ z >> 30U) * 0xbf58'476d'1ce4'e5b9U;
    z = (z ^ z >> 27U) * 0x94d0'49bb'1331'11ebU;
    z ^= z >> 31U;
    for (std::size_t j = i; j < std::min(i + 8, out.size()); ++j, z >>= 8U) {
      out[j] = static_cast<Byte>(z);
    }
  }
}

// Executions until the row was seen; 0: it was not. `wrapped`: the library answers as the port
// does, so nothing must be seen.
std::size_t search(const Row& row, Backend& backend, std::uint64_t seed, bool wrapped) {
  constexpr std::size_t enough = 300;
  std::uint64_t state = seed;
  for (std::size_t i = 1; i <= (wrapped ? std::min(row.within, enough) : row.within); ++i) {
    std::array<Byte, 256> input;
    fill(state, input);
    Choices choices(input);
    Values values(choices, backend.crypto());
    Asked asked = row.ask(backend, choices, values);
    if (wrapped) asked.bare = asked.port;
    if (asked.bare.offered && row.seen(asked)) return i;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t seeds = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 3;
  int missed = 0;
  std::printf("%-8s %-60s %12s %10s\n", "library", "difference", "executions", "seconds");
  for (const Row& row : rows) {
    Backend* const backend = find_backend(row.library);
    if (backend == nullptr || backend->bare() == nullptr) {
      std::printf("%-8s %-60s %12s\n", row.library, row.what, "not linked");
      continue;
    }
    if (search(row, *backend, 1, true) != 0) {
      ++missed;
      std::printf("%-8s %-60s %12s\n", row.library, row.what, "IMAGINED");
    }
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      const auto begin = std::chrono::steady_clock::now();
      const std::size_t executions = search(row, *backend, seed, false);
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
      if (executions == 0) ++missed;
      std::printf("%-8s %-60s %12s %10.3f\n", row.library, row.what,
                  executions == 0 ? "MISSED" : std::to_string(executions).c_str(), took.count());
    }
  }
  std::printf("%d missed\n", missed);
  return missed == 0 ? 0 : 1;
}
