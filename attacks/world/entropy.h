// SPDX-License-Identifier: Apache-2.0
//
// Entropy profiles: what a device's generator is really like, behind the ports Random and
// NoiseSource. The core sees the ports, never the profile; the referee knows the profile.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "attacks/search/stream_random.h"
#include "protocol/crypto.h"
#include "protocol/noise_source.h"
#include "protocol/random.h"

namespace wib::attacks {

enum class EntropyKind : std::uint8_t {
  full,      // a 256-bit seed, new at every boot
  seeded,    // a `bits`-bit seed, new at every boot; its output looks random
  constant,  // every byte is the same
  stuck,     // good for `bits` bits of output, then the last byte again and again
  lcg,       // a 32-bit linear congruential generator (Numerical Recipes), its top byte a draw
  repeat,    // a good seed, and the same one again at every boot
  failing    // works for `bits` bits of output, then reports an error
};

struct EntropyProfile {
  EntropyKind kind = EntropyKind::full;
  std::uint32_t bits = 0;  // see the kinds; 1..48 for seeded

  // "full", "seeded:16", "constant", "stuck:128", "lcg", "repeat", "failing:128".
  [[nodiscard]] std::string text() const;
  // Errc::malformed with what is wrong in `where`.
  [[nodiscard]] static Result<EntropyProfile> parse(std::string_view text);

  // True if output is predictable or repeats, so that a secret drawn from it is none. A generator
  // that fails is not weak: what it gave before was good.
  [[nodiscard]] bool weak() const noexcept {
    return kind != EntropyKind::full && kind != EntropyKind::failing;
  }
  // True if the weakness shows in the samples themselves, so that SP 800-90B health tests can see
  // it: a PRNG posing as noise does not.
  [[nodiscard]] bool detectable() const noexcept {
    return kind == EntropyKind::constant || kind == EntropyKind::stuck;
  }

  friend bool operator==(const EntropyProfile&, const EntropyProfile&) = default;
};

// The generator of one party in one world. Everything follows from the world's seed and the
// party's label.
class ProfileRandom final : public Random {
 public:
  ProfileRandom(const EntropyProfile& profile, std::uint64_t world_seed, std::string_view label);

  // Errc::entropy once a failing profile has failed; it never fills with zeros instead.
  [[nodiscard]] Result<> fill(ByteSpan out) override;

  // Power went and came: the profile says what comes next.
  void restart();

  // The numeric seed of this boot, for the kind `seeded` (what a search is to find).
  [[nodiscard]] std::uint64_t boot_seed() const noexcept { return boot_seed_; }

 private:
  void boot();
  [[nodiscard]] Byte next_byte();

  EntropyProfile profile_;
  std::uint64_t world_seed_;
  std::string label_;
  std::uint32_t boots_ = 0;
  std::uint64_t boot_seed_ = 0;
  std::uint64_t drawn_ = 0;  // bytes since boot
  std::uint32_t lcg_ = 0;
  Byte last_ = 0;
  StreamRandom stream_;
};

// The noise source of one party: samples with the profile's weakness and an honest-looking claim.
class ProfileNoise final : public NoiseSource {
 public:
  ProfileNoise(const EntropyProfile& profile, std::uint64_t world_seed, std::string_view label)
      : random_(profile, world_seed, label) {}

  [[nodiscard]] Result<> sample(ByteSpan samples) override { return random_.fill(samples); }
  // What a maker would claim of full-entropy bytes, with a margin.
  [[nodiscard]] std::uint32_t claimed_millibits() const noexcept override;

  void restart() { random_.restart(); }

 private:
  ProfileRandom random_;
};

// What a device draws first (16 bytes and 32: the cookie, the exponent) when the noise behind its
// SP 800-90B gate is a PRNG of that seed: what an attacker computes who knows the firmware.
inline constexpr std::size_t gated_draws_size = 48;
[[nodiscard]] Result<std::array<Byte, gated_draws_size>> gated_draws(Crypto& crypto,
                                                                     std::uint64_t seed);

}  // namespace wib::attacks
