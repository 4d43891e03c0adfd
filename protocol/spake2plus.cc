// SPDX-License-Identifier: Apache-2.0
#include "protocol/spake2plus.h"

#include "protocol/big_endian.h"
#include "protocol/secrets.h"

namespace wib {
namespace {

using Scalar = SecretBuffer<p256_scalar_size>;
using Point = std::array<Byte, p256_point_size>;

// RFC 9383 section 4, written out uncompressed.
constexpr Point m = {0x04, 0x88, 0x6e, 0x2f, 0x97, 0xac, 0xe4, 0x6e, 0x55, 0xba, 0x9d, 0xd7, 0x24,
                     0x25, 0x79, 0xf2, 0x99, 0x3b, 0x64, 0xe1, 0x6e, 0xf3, 0xdc, 0xab, 0x95, 0xaf,
                     0xd4, 0x97, 0x33, 0x3d, 0x8f, 0xa1, 0x2f, 0x5f, 0xf3, 0x55, 0x16, 0x3e, 0x43,
                     0xce, 0x22, 0x4e, 0x0b, 0x0e, 0x65, 0xff, 0x02, 0xac, 0x8e, 0x5c, 0x7b, 0xe0,
                     0x94, 0x19, 0xc7, 0x85, 0xe0, 0xca, 0x54, 0x7d, 0x55, 0xa1, 0x2e, 0x2d, 0x20};
constexpr Point n = {0x04, 0xd8, 0xbb, 0xd6, 0xc6, 0x39, 0xc6, 0x29, 0x37, 0xb0, 0x4d, 0x99, 0x7f,
                     0x38, 0xc3, 0x77, 0x07, 0x19, 0xc6, 0x29, 0xd7, 0x01, 0x4d, 0x49, 0xa2, 0x4b,
                     0x4f, 0x98, 0xba, 0xa1, 0x29, 0x2b, 0x49, 0x07, 0xd6, 0x0a, 0xa6, 0xbf, 0xad,
                     0xe4, 0x50, 0x08, 0xa6, 0x36, 0x33, 0x7f, 0x51, 0x68, 0xc6, 0x4d, 0x9b, 0xd3,
                     0x60, 0x34, 0x80, 0x8c, 0xd5, 0x64, 0x49, 0x0b, 0x1e, 0x65, 0x6e, 0xdb, 0xe7};

constexpr Byte one_bytes[p256_scalar_size] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                              0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

// `wide` (spake2plus_ws_size bytes) modulo the order, without a branch on it: what lies above 256
// bits is folded down by 2^256 mod n, four times, and then the order is subtracted if it fits.
Result<> reduce(ByteView wide, Scalar& scalar) {
  constexpr std::size_t whole = 8;  // limbs of 32 bits, the lowest first
  // 2^256 - n has 224 bits.
  constexpr std::array<std::uint32_t, 7> fold = {0x039cdaaf, 0x0c46353d, 0x58e8617b, 0x43190552,
                                                 0,          0,          0xffffffff};
  std::array<std::uint32_t, whole + 2> limbs{};
  std::array<std::uint32_t, whole + 2> next{};
  std::array<Byte, p256_scalar_size> less{};
  const auto bytes_of = [](auto& numbers) {
    return ByteSpan(reinterpret_cast<Byte*>(numbers.data()), sizeof numbers);
  };
  const WipeGuard wipe_limbs(bytes_of(limbs));
  const WipeGuard wipe_next(bytes_of(next));
  const WipeGuard wipe_less(less);
  for (std::size_t i = 0; i < wide.size(); ++i) {
    const std::size_t place = wide.size() - 1 - i;
    limbs[place / 4] |= static_cast<std::uint32_t>(wide[i]) << (8 * (place % 4));
  }
  for (int round = 0; round < 4; ++round) {
    std::ranges::copy(limbs, next.begin());
    next[whole] = next[whole + 1] = 0;
    for (std::size_t high = 0; high < 2; ++high) {
      std::uint64_t carry = 0;
      for (std::size_t i = 0; high + i < next.size(); ++i) {
        const std::uint64_t product =
            i < fold.size() ? std::uint64_t{limbs[whole + high]} * fold[i] : 0;
        carry += product + next[high + i];
        next[high + i] = static_cast<std::uint32_t>(carry);
        carry >>= 32U;
      }
    }
    limbs = next;
  }
  if (!scalar.resize(p256_scalar_size)) return fail(Errc::capacity, "spake2+: scalar");
  for (std::size_t i = 0; i < whole; ++i) {
    write_u64(limbs[i], scalar.span().subspan(p256_scalar_size - 4 * (i + 1), 4));
  }
  subtract_once(scalar.span(), p256_order(), less);
  return {};
}

// The order minus w0: the coefficient that takes w0*M out of a share.
Result<> negate(ByteView scalar, Scalar& out) {
  if (!out.resize(p256_scalar_size)) return fail(Errc::capacity, "spake2+: scalar");
  (void)subtract(p256_order(), scalar, out.span());
  return {};
}

// The peer's share without its mask: share - w0*mask. Errc::out_of_range as spake2plus_finish_p().
Result<> unmask(Crypto& crypto, const Scalar& w0, ByteView mask, ByteView share, ByteSpan out) {
  if (auto good = crypto.check_p256_share(share); !good) return good;
  Scalar minus_w0;
  if (auto done = negate(w0.view(), minus_w0); !done) return done;
  if (auto done = crypto.p256_mul_add(one_bytes, share, minus_w0.view(), mask, out); !done) {
    return done;
  }
  // Nobody who does not know w0 can make this happen, so that it did tells nothing new.
  if (declassified(out[0]) == 0) return fail(Errc::out_of_range, "spake2+: the share cancels w0");
  return {};
}

// Section 3.3, TT: each part behind its length, 8 bytes little-endian.
class TranscriptHash {
 public:
  void add(ByteView part) noexcept {
    auto& length = lengths_[count_];
    for (std::size_t i = 0; i < length.size(); ++i) {
      length[i] = static_cast<Byte>(static_cast<std::uint64_t>(part.size()) >> (8U * i));
    }
    pieces_[2 * count_] = length;
    pieces_[2 * count_ + 1] = part;
    ++count_;
  }
  [[nodiscard]] Pieces pieces() const noexcept {
    return Pieces(std::span(pieces_).first(2 * count_));
  }

 private:
  static constexpr std::size_t parts = 10;
  std::array<std::array<Byte, 8>, parts> lengths_{};
  std::array<ByteView, 2 * parts> pieces_{};
  std::size_t count_ = 0;
};

// Section 3.4: the key schedule.
Result<> derive(Crypto& crypto, const Spake2plusIdentity& identity, ByteView share_p,
                ByteView share_v, ByteView z, ByteView v, const Scalar& w0,
                Spake2plusSecrets& secrets) {
  TranscriptHash tt;
  for (const ByteView part : {identity.context, identity.prover, identity.verifier, ByteView(m),
                              ByteView(n), share_p, share_v, z, v, w0.view()}) {
    tt.add(part);
  }
  std::array<Byte, sha256_size> main{};
  std::array<Byte, 2 * sha256_size> confirm{};
  const WipeGuard wipe_main(main);
  const WipeGuard wipe_confirm(confirm);
  if (auto done = crypto.sha256(tt.pieces(), main); !done) return done;
  if (auto done = crypto.hkdf_sha256({}, main, as_bytes("ConfirmationKeys"), confirm); !done) {
    return done;
  }
  if (!secrets.shared.resize(sha256_size) || !secrets.confirm_prover.resize(sha256_size) ||
      !secrets.confirm_verifier.resize(sha256_size)) {
    return fail(Errc::capacity, "spake2+: secrets");
  }
  if (auto done = crypto.hkdf_sha256({}, main, as_bytes("SharedKey"), secrets.shared.span());
      !done) {
    return done;
  }
  const ByteView keys(confirm);
  if (auto done =
          crypto.hmac_sha256(keys.first(sha256_size), share_v, secrets.confirm_prover.span());
      !done) {
    return done;
  }
  return crypto.hmac_sha256(keys.last(sha256_size), share_p, secrets.confirm_verifier.span());
}

Result<> check_sizes(const Scalar& w0, ByteView secret) {
  if (w0.size() != p256_scalar_size || secret.size() != p256_scalar_size) {
    return fail(Errc::out_of_range, "spake2+: scalar size");
  }
  return {};
}

}  // namespace

ByteView spake2plus_m() noexcept { return m; }
ByteView spake2plus_n() noexcept { return n; }

Result<> spake2plus_prover(ByteView w0s_w1s, Spake2plusProver& prover) {
  if (w0s_w1s.size() != 2 * spake2plus_ws_size)
    return fail(Errc::out_of_range, "spake2+: w0s, w1s");
  if (auto done = reduce(w0s_w1s.first(spake2plus_ws_size), prover.w0); !done) return done;
  return reduce(w0s_w1s.last(spake2plus_ws_size), prover.w1);
}

Result<> spake2plus_register(Crypto& crypto, const Spake2plusProver& prover,
                             Spake2plusVerifier& verifier) {
  verifier.w0 = prover.w0;
  if (!verifier.l.resize(p256_point_size)) return fail(Errc::capacity, "spake2+: L");
  if (auto done = crypto.p256_base_mul(prover.w1.view(), verifier.l.span()); !done) return done;
  declassify(verifier.l.view());  // a public key
  return {};
}

Result<> spake2plus_share_p(Crypto& crypto, const Spake2plusProver& prover, ByteView x,
                            ByteSpan share) {
  if (auto good = check_sizes(prover.w0, x); !good) return good;
  if (auto done = crypto.p256_mul_add(x, p256_generator(), prover.w0.view(), m, share); !done) {
    return done;
  }
  declassify(share);  // it is sent
  return {};
}

Result<> spake2plus_share_v(Crypto& crypto, const Spake2plusVerifier& verifier, ByteView y,
                            ByteSpan share) {
  if (auto good = check_sizes(verifier.w0, y); !good) return good;
  if (auto done = crypto.p256_mul_add(y, p256_generator(), verifier.w0.view(), n, share); !done) {
    return done;
  }
  declassify(share);  // it is sent
  return {};
}

Result<> spake2plus_finish_p(Crypto& crypto, const Spake2plusProver& prover,
                             const Spake2plusIdentity& identity, ByteView x, ByteView share_p,
                             ByteView share_v, Spake2plusSecrets& secrets) {
  if (auto good = check_sizes(prover.w0, x); !good) return good;
  Point bare{};
  Point z{};
  Point v{};
  const WipeGuard wipe_bare(bare);
  const WipeGuard wipe_z(z);
  const WipeGuard wipe_v(v);
  if (auto done = unmask(crypto, prover.w0, n, share_v, bare); !done) return done;
  if (auto done = crypto.p256_mul(x, bare, z); !done) return done;
  if (auto done = crypto.p256_mul(prover.w1.view(), bare, v); !done) return done;
  return derive(crypto, identity, share_p, share_v, z, v, prover.w0, secrets);
}

Result<> spake2plus_unmask_p(Crypto& crypto, const Spake2plusVerifier& verifier, ByteView share_p,
                             ByteSpan bare) {
  if (auto good = check_sizes(verifier.w0, verifier.w0.view()); !good) return good;
  return unmask(crypto, verifier.w0, m, share_p, bare);
}

Result<> spake2plus_finish_v_unmasked(Crypto& crypto, const Spake2plusVerifier& verifier,
                                      const Spake2plusIdentity& identity, ByteView y,
                                      ByteView share_p, ByteView bare, ByteView share_v,
                                      Spake2plusSecrets& secrets) {
  if (auto good = check_sizes(verifier.w0, y); !good) return good;
  Point z{};
  Point v{};
  const WipeGuard wipe_z(z);
  const WipeGuard wipe_v(v);
  if (auto done = crypto.p256_mul(y, bare, z); !done) return done;
  if (auto done = crypto.p256_mul(y, verifier.l.view(), v); !done) return done;
  return derive(crypto, identity, share_p, share_v, z, v, verifier.w0, secrets);
}

Result<> spake2plus_finish_v(Crypto& crypto, const Spake2plusVerifier& verifier,
                             const Spake2plusIdentity& identity, ByteView y, ByteView share_p,
                             ByteView share_v, Spake2plusSecrets& secrets) {
  Point bare{};
  const WipeGuard wipe_bare(bare);
  if (auto done = spake2plus_unmask_p(crypto, verifier, share_p, bare); !done) return done;
  return spake2plus_finish_v_unmasked(crypto, verifier, identity, y, share_p, bare, share_v,
                                      secrets);
}

}  // namespace wib
