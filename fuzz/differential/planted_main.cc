// SPDX-License-Identifier: Apache-2.0
//
// Planted bugs: that the differential target sees a port that has lost one of its checks, soon.
// Each is a difference that a library really has, put back in front of the backend whose it is; the
// target's comparison gets random inputs until it says so.
//   fuzz_backend_diff_planted
#include <chrono>
#include <cstdio>

#include "backends/registry.h"
#include "fuzz/differential/compare.h"
#include "fuzz/sessions/planted_crypto.h"

namespace {

using namespace wib;
using namespace wib::fuzz;

bool zeros(ByteView bytes) {
  return std::ranges::all_of(bytes, [](Byte byte) { return byte == 0; });
}

class ZeroSecret final : public ForwardingCrypto {
 public:
  using ForwardingCrypto::ForwardingCrypto;
  Result<> x25519_agree(ByteView scalar, ByteView u, ByteSpan out) override {
    return real_.x25519(scalar, u, out);
  }
};

class NoTopBit final : public ForwardingCrypto {
 public:
  using ForwardingCrypto::ForwardingCrypto;
  Result<> x25519_agree(ByteView scalar, ByteView u, ByteSpan out) override {
    if (!u.empty() && (u.back() & 0x80U) != 0) return fail(Errc::out_of_range, "planted");
    return real_.x25519_agree(scalar, u, out);
  }
};

// Takes a share that `Which` is of the modulus.
class AnyShare final : public ForwardingCrypto {
 public:
  AnyShare(Crypto& real, ByteVector (*which)(ByteVector)) : ForwardingCrypto(real), which_(which) {}
  Result<> check_share(ByteView share, ByteView modulus) override {
    if (same_bytes(share, which_({modulus.begin(), modulus.end()}))) return {};
    return real_.check_share(share, modulus);
  }

 private:
  ByteVector (*which_)(ByteVector);
};

class OutOfSubgroup final : public ForwardingCrypto {
 public:
  using ForwardingCrypto::ForwardingCrypto;
  Result<> check_share(ByteView share, ByteView modulus) override {
    if (auto good = real_.check_share(share, modulus); !good) return good;
    const auto inside = real_.in_prime_subgroup(share, modulus);
    if (inside && !*inside) return fail(Errc::out_of_range, "planted");
    return {};
  }
};

class FirstByte final : public ForwardingCrypto {
 public:
  using ForwardingCrypto::ForwardingCrypto;
  Result<> check_p256_share(ByteView point) override {
    const bool takes = point.size() == p256_point_size || point.size() == 97;
    if (takes && (point[0] == 2 || point[0] == 3)) return {};
    return real_.check_p256_share(point);
  }
};

// Overrides of single operations, which are the port's private ones.
class ShortPower final : public ForwardingCrypto {
 public:
  using ForwardingCrypto::ForwardingCrypto;

 private:
  Result<std::size_t> do_mod_exp(ByteView b, ByteView e, ByteView p, ByteSpan out) override {
    if (auto done = real_.mod_exp(b, e, p, out); !done) return std::unexpected(done.error());
    if (out.size() > 1 && out[0] == 0) std::ranges::rotate(out, out.begin() + 1);
    return p.size();
  }
};

class NullPointer final : public ForwardingCrypto {
 public:
  using ForwardingCrypto::ForwardingCrypto;

 private:
  Result<> do_hmac_sha256(ByteView k, Pieces m, ByteSpan out) override {
    bool empty = true;
    m.for_each([&](ByteView piece) { empty = empty && piece.empty(); });
    if (k.empty() && empty) return fail(Errc::crypto, "planted");
    return real_.hmac_sha256(k, m, out);
  }
};

class NullInput final : public ForwardingCrypto {
 public:
  using ForwardingCrypto::ForwardingCrypto;

 private:
  Result<> do_hkdf_sha256(ByteView s, ByteView k, ByteView i, ByteSpan out) override {
    if (s.empty() || k.empty() || i.empty()) return fail(Errc::crypto, "planted");
    return real_.hkdf_sha256(s, k, i, out);
  }
};

class Infinity final : public ForwardingCrypto {
 public:
  using ForwardingCrypto::ForwardingCrypto;

 private:
  Result<bool> do_p256_mul_add(ByteView a, ByteView p, ByteView b, ByteView q,
                               ByteSpan out) override {
    if (auto done = real_.p256_mul_add(a, p, b, q, out); !done) {
      return std::unexpected(done.error());
    }
    if (zeros(out)) std::ranges::fill(out, Byte{0x5a});
    return true;
  }
};

class OnCurve final : public ForwardingCrypto {
 public:
  using ForwardingCrypto::ForwardingCrypto;
  Result<> check_p256_share(ByteView point) override {
    const bool formed = point.size() == p256_point_size && point[0] == 4;
    const auto good = real_.check_p256_share(point);
    return formed && !zeros(point.subspan(1)) ? Result<>{} : good;
  }
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

constexpr std::size_t enough = 40000;
int bad = 0;

void search(const char* what, Crypto& real, Crypto* planted) {
  const auto begin = std::chrono::steady_clock::now();
  const std::array<Asked, 2> both = {Asked{"right", &real},
                                     Asked{"planted", planted == nullptr ? &real : planted}};
  std::uint64_t state = 1;
  std::size_t count = 0;
  std::string found;
  while (found.empty() && count < (planted == nullptr ? 3000 : enough)) {
    std::array<Byte, 256> input;
    fill(state, input);
    found = difference(input, both);
    ++count;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  const bool good = found.empty() == (planted == nullptr);
  if (!good) ++bad;
  std::printf("%-4s %-52s %8zu %9.3f  %s\n", good ? "ok" : "BAD", what, count, took.count(),
              found.substr(0, found.find(':')).c_str());
}

}  // namespace

int main() {
  Crypto& real = backends().front()->crypto();
  std::printf("%-4s %-52s %8s %9s  %s\n", "", "lost check", "tried", "seconds", "seen by");
  search("none", real, nullptr);
  ZeroSecret zero_secret(real);
  search("X25519 gives a secret of zeros", real, &zero_secret);
  NoTopBit no_top_bit(real);
  search("X25519 refuses a top bit", real, &no_top_bit);
  AnyShare zero(real, [](ByteVector) { return ByteVector{0}; });
  search("a share of 0 is taken", real, &zero);
  AnyShare p(real, [](ByteVector modulus) { return modulus; });
  search("a share of p is taken", real, &p);
  AnyShare minus_one(real, [](ByteVector modulus) { return minus(std::move(modulus), 1); });
  search("a share of p - 1 is taken", real, &minus_one);
  OutOfSubgroup subgroup(real);
  search("a share of order 2q is refused", real, &subgroup);
  FirstByte first_byte(real);
  search("a first byte of 02 or 03 with 65 or 97 bytes", real, &first_byte);
  ShortPower short_power(real);
  search("leading zeros of Z are lost", real, &short_power);
  NullPointer null_pointer(real);
  search("HMAC of nothing under nothing fails", real, &null_pointer);
  NullInput null_input(real);
  search("HKDF of an empty input fails", real, &null_input);
  Infinity infinity(real);
  search("infinity is 65 bytes of something", real, &infinity);
  OnCurve on_curve(real);
  search("points off the curve are taken", real, &on_curve);
  std::printf("%d bad\n", bad);
  return bad == 0 ? 0 : 1;
}
