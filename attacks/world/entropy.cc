// SPDX-License-Identifier: Apache-2.0
#include "attacks/world/entropy.h"

#include <charconv>

#include "protocol/cookie.h"
#include "protocol/defences/entropy_gate.h"

namespace wib::attacks {
namespace {

struct KindName {
  EntropyKind kind;
  std::string_view name;
  bool has_bits;
};

constexpr auto kinds = std::to_array<KindName>({
    {EntropyKind::full, "full", false},
    {EntropyKind::seeded, "seeded", true},
    {EntropyKind::constant, "constant", false},
    {EntropyKind::stuck, "stuck", true},
    {EntropyKind::lcg, "lcg", false},
    {EntropyKind::repeat, "repeat", false},
    {EntropyKind::failing, "failing", true},
});

constexpr std::uint32_t max_seed_bits = 48;

// The seed that the world gives to a party's boot: as good as the profile is bad.
std::uint64_t derive_seed(std::uint64_t world_seed, std::string_view label, std::uint32_t boot) {
  std::string name(label);
  name += "/boot/" + std::to_string(boot);
  std::array<Byte, 8> bytes;
  stream_bytes(seed_bytes(world_seed), name, 0, bytes);
  std::uint64_t seed = 0;
  for (const Byte byte : bytes) seed = seed << 8U | byte;
  return seed;
}

}  // namespace

std::string EntropyProfile::text() const {
  for (const KindName& entry : kinds) {
    if (entry.kind != kind) continue;
    std::string text(entry.name);
    if (entry.has_bits) text += ":" + std::to_string(bits);
    return text;
  }
  return "?";
}

Result<EntropyProfile> EntropyProfile::parse(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view word = text.substr(0, colon);
  for (const KindName& entry : kinds) {
    if (entry.name != word) continue;
    EntropyProfile profile{entry.kind, 0};
    if (entry.has_bits != (colon != std::string_view::npos)) {
      return fail(Errc::malformed, "entropy profile: number of bits");
    }
    if (entry.has_bits) {
      const std::string_view digits = text.substr(colon + 1);
      const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), profile.bits);
      if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size()) {
        return fail(Errc::malformed, "entropy profile: number of bits");
      }
      if (entry.kind == EntropyKind::seeded &&
          (profile.bits == 0 || profile.bits > max_seed_bits)) {
        return fail(Errc::out_of_range, "entropy profile: seeded takes 1 to 48 bits");
      }
    }
    return profile;
  }
  return fail(Errc::malformed, "entropy profile: unknown kind");
}

ProfileRandom::ProfileRandom(const EntropyProfile& profile, std::uint64_t world_seed,
                             std::string_view label)
    : profile_(profile), world_seed_(world_seed), label_(label), stream_(0, label) {
  boot();
}

void ProfileRandom::restart() {
  ++boots_;
  boot();
}

void ProfileRandom::boot() {
  drawn_ = 0;
  const bool repeats = profile_.kind == EntropyKind::repeat;
  boot_seed_ = derive_seed(world_seed_, label_, repeats ? 0 : boots_);
  lcg_ = static_cast<std::uint32_t>(boot_seed_);
  last_ = static_cast<Byte>(boot_seed_);
  if (profile_.kind == EntropyKind::seeded) {
    boot_seed_ &= (std::uint64_t{1} << profile_.bits) - 1;
    // The label is what an attacker who has read the firmware knows: the same in every world.
    stream_ = StreamRandom(boot_seed_, "device");
    return;
  }
  // 256 bits of seed: the world's own stream, cut at this boot's name.
  std::array<Byte, 32> seed;
  stream_bytes(seed_bytes(boot_seed_), label_ + "/seed", 0, seed);
  stream_ = StreamRandom(seed, label_);
}

Byte ProfileRandom::next_byte() {
  // Numerical Recipes' ranqd1.
  lcg_ = lcg_ * 1664525U + 1013904223U;
  return static_cast<Byte>(lcg_ >> 24U);
}

Result<> ProfileRandom::fill(ByteSpan out) {
  switch (profile_.kind) {
    case EntropyKind::full:
    case EntropyKind::seeded:
    case EntropyKind::repeat: return stream_.fill(out);
    case EntropyKind::constant: std::ranges::fill(out, last_); return {};
    case EntropyKind::lcg:
      for (Byte& byte : out) byte = next_byte();
      return {};
    case EntropyKind::stuck:
      for (Byte& byte : out) {
        if (drawn_++ * 8 < profile_.bits) {
          if (auto done = stream_.fill({&last_, 1}); !done) return done;
        }
        byte = last_;
      }
      return {};
    case EntropyKind::failing:
      if ((drawn_ + out.size()) * 8 > profile_.bits) return fail(Errc::entropy, "random");
      drawn_ += out.size();
      return stream_.fill(out);
  }
  return fail(Errc::entropy, "random");
}

namespace {

constexpr std::uint32_t usual_claim = 7000;

// Noise that is a PRNG of a known seed.
class SeededNoise final : public NoiseSource {
 public:
  explicit SeededNoise(std::uint64_t seed) : stream_(seed, "device") {}
  Result<> sample(ByteSpan samples) override { return stream_.fill(samples); }
  std::uint32_t claimed_millibits() const noexcept override { return usual_claim; }

 private:
  StreamRandom stream_;
};

}  // namespace

std::uint32_t ProfileNoise::claimed_millibits() const noexcept { return usual_claim; }

Result<std::array<Byte, gated_draws_size>> gated_draws(Crypto& crypto, std::uint64_t seed) {
  SeededNoise noise(seed);
  StreamRandom unused(0, "");
  GateState state;
  std::array<Byte, gated_draws_size> out;
  const EntropyGate& gate = sp800_90b_gate();
  if (auto ready = gate.ready(crypto, noise, state); !ready) {
    return std::unexpected(ready.error());
  }
  for (const ByteSpan draw :
       {ByteSpan(out).first(cookie_size), ByteSpan(out).subspan(cookie_size)}) {
    if (auto done = gate.fill(crypto, unused, state, draw); !done) {
      return std::unexpected(done.error());
    }
  }
  return out;
}

}  // namespace wib::attacks
