// SPDX-License-Identifier: Apache-2.0
//
// The entropy gate sp800_90b, alone and in a device of the hardened suite: when a run may begin,
// what is drawn, and what it cannot see.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <set>

#include "props/backend_support.h"
#include "props/support/failing_backend.h"
#include "props/support/toy.h"

namespace wib::props {
namespace {

using attacks::EntropyKind;
using attacks::EntropyProfile;
using attacks::ProfileNoise;
using attacks::StreamRandom;

constexpr std::uint32_t start_up_bits = 8 * start_up_samples;
constexpr std::uint32_t reseed_bits = 8 * reseed_samples;
constexpr std::size_t draw_size = 48;
constexpr Error too_little = {Errc::entropy, "gate: less than 128 bits are assessed"};
constexpr Error not_ready = {Errc::entropy, "gate: not ready"};
constexpr Error exhausted_source = {Errc::entropy, "random"};
constexpr Error repeats = {Errc::entropy, "noise: repetition count"};

Crypto& crypto() { return backends().front()->crypto(); }
const EntropyGate& gate() { return sp800_90b_gate(); }

Error error_of(const Result<>& result) { return result ? Error{} : result.error(); }

// 0, 1, 2, ...: passes both health tests for ever, whatever is claimed. Keeps what it gave.
class CountedNoise final : public NoiseSource {
 public:
  explicit CountedNoise(std::uint32_t claimed) : claimed_(claimed) {}
  Result<> sample(ByteSpan samples) override {
    for (Byte& sample : samples) {
      sample = static_cast<Byte>(given_.size());
      given_.push_back(sample);
    }
    return {};
  }
  std::uint32_t claimed_millibits() const noexcept override { return claimed_; }
  [[nodiscard]] const Bytes& given() const noexcept { return given_; }

 private:
  std::uint32_t claimed_;
  Bytes given_;
};

// A gate's state with the generator that it must leave alone.
struct Alone {
  Result<> ready(NoiseSource& noise) { return gate().ready(crypto(), noise, state); }
  Result<> fill(ByteSpan out, Crypto& by = crypto()) { return gate().fill(by, random, state, out); }
  Bytes draw(std::size_t size) {
    Bytes out(size);
    EXPECT_TRUE(fill(out));
    return out;
  }

  // No draw can be had, and what would have held it is as it was: no zeros pose as one.
  void expect_no_draw(const Error& error) {
    Bytes out(draw_size, 0xee);
    EXPECT_EQ(error_of(fill(out)), error);
    EXPECT_EQ(out, Bytes(draw_size, 0xee));
  }

  StreamRandom random{1, "device"};
  GateState state;
};

Alone made_ready() {
  Alone alone;
  ProfileNoise noise({EntropyKind::full}, 1, "noise");
  EXPECT_TRUE(alone.ready(noise));
  return alone;
}

// A hardened device on that noise. Its generator must not be asked for anything.
struct Gated {
  explicit Gated(NoiseSource& noise)
      : device({suite, device_table(), as_bytes(toy_serial), toy_group(), verifier.get()},
               {crypto(), backends().front()->certificates(), random, noise, store}) {
    press();
  }
  ~Gated() { EXPECT_EQ(random.position(), 0U) << "drawn from the generator"; }

  void press() { device.press(now); }

  // A GET when no session is left of the last.
  Reply get() {
    now += suite.session_policy.lifetime();
    device.press(now);  // whatever is left of the window
    return device.handle(now, {Endpoint::get_dh, {}, {}});
  }
  [[nodiscard]] bool opens() {
    const Reply reply = get();
    EXPECT_EQ(reply.set_cookie.has_value(), reply.status == Status::ok);
    return reply.status == Status::ok;
  }

  // 503, and nothing of a run: no cookie, no offer, no session, no epoch used up.
  void expect_refused(const Error& error) {
    const Bytes counters = stored();
    const Reply reply = get();
    EXPECT_EQ(reply.status, Status::service_unavailable);
    EXPECT_EQ(reply.error, error);
    EXPECT_FALSE(reply.set_cookie);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(reply.body));
    EXPECT_EQ(reply.claim.kind, ClaimKind::none);
    for (const Session& session : device.snapshot().sessions) EXPECT_FALSE(session.live());
    EXPECT_EQ(stored(), counters);
  }
  Bytes stored() {
    Bytes record(64);
    const auto size = store.get(Record::counters, record);
    EXPECT_TRUE(size);
    record.resize(size && *size ? **size : 0);
    return record;
  }

  const Suite& suite = *find_suite("hardened");
  StreamRandom random{1, "device"};
  attacks::MemoryStore store;
  std::unique_ptr<Verifier> verifier = toy_verifier(suite, crypto());
  Instant now = std::chrono::milliseconds(1);
  Device device;
};

TEST(Gate, NothingBeginsOnNoiseThatIsNone) {
  for (const auto& [profile, error] :
       {std::pair{EntropyProfile{EntropyKind::constant}, repeats},
        {EntropyProfile{EntropyKind::stuck, 128}, repeats},
        {EntropyProfile{EntropyKind::stuck, start_up_bits - 64}, repeats},
        {EntropyProfile{EntropyKind::failing, 0}, exhausted_source},
        {EntropyProfile{EntropyKind::failing, 64}, exhausted_source},
        {EntropyProfile{EntropyKind::failing, start_up_bits - 8}, exhausted_source}}) {
    SCOPED_TRACE(profile.text());
    ProfileNoise noise(profile, 1, "noise");
    Alone alone;
    ProfileNoise other(profile, 1, "noise");
    Gated gated(other);
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(error_of(alone.ready(noise)), error);
      EXPECT_FALSE(alone.state.ready);
      alone.expect_no_draw(not_ready);
      gated.expect_refused(error);
    }
    EXPECT_EQ(alone.random.position(), 0U);
  }
}

TEST(Gate, AClaimThatIsNoneIsRefused) {
  for (const std::uint32_t claimed : {0U, 8'001U, 128'000U, 0xffff'ffffU}) {
    SCOPED_TRACE(claimed);
    CountedNoise noise(claimed);
    Alone alone;
    EXPECT_EQ(error_of(alone.ready(noise)), (Error{Errc::entropy, "noise: claim"}));
    alone.expect_no_draw(not_ready);
    Gated(noise).expect_refused({Errc::entropy, "noise: claim"});
    EXPECT_TRUE(noise.given().empty()) << "sampled for nothing";
  }
  CountedNoise best(8'000);
  EXPECT_TRUE(Gated(best).opens());
  EXPECT_EQ(best.given().size(), start_up_samples) << "whatever is claimed";
}

// 1024 samples of 125 millibits have exactly 128 bits; of 124, 126.976 bits, and 64 more pass it;
// of 100, 102.4 bits, and it takes 256 more to have exactly 128; of 1, 126,976 more.
TEST(Gate, OpensAtExactly128Bits) {
  for (const auto& [claimed, more] :
       {std::pair{125U, 0U}, {124U, 1U}, {100U, 4U}, {101U, 4U}, {99U, 5U}, {7'000U, 0U}}) {
    SCOPED_TRACE(claimed);
    CountedNoise noise(claimed);
    Gated gated(noise);
    for (unsigned i = 0; i < more; ++i) {
      gated.expect_refused(too_little);
      EXPECT_EQ(noise.given().size(), start_up_samples + i * reseed_samples);
    }
    EXPECT_TRUE(gated.opens());
    EXPECT_EQ(noise.given().size(), start_up_samples + more * reseed_samples);
    EXPECT_TRUE(gated.opens()) << "and it stays open";
    EXPECT_EQ(noise.given().size(), start_up_samples + (more + 1) * reseed_samples);
  }
  CountedNoise barely(1);
  Alone alone;
  for (unsigned i = 0; i < 1984; ++i) ASSERT_EQ(error_of(alone.ready(barely)), too_little) << i;
  EXPECT_EQ(alone.state.assessed_millibits, required_millibits - 64);
  alone.expect_no_draw(not_ready);
  EXPECT_TRUE(alone.ready(barely));
  EXPECT_EQ(alone.state.assessed_millibits, required_millibits);
}

RC_GTEST_PROP(GateRandom, ItTakesAsManySamplesAsTheClaimSays, ()) {
  const auto claimed = *rc::gen::oneOf(rc::gen::inRange<std::uint32_t>(1, 200),
                                       rc::gen::inRange<std::uint32_t>(100, 8'001));
  CountedNoise noise(claimed);
  Alone alone;
  std::uint64_t calls = 1;
  for (; !alone.ready(noise); ++calls) {
    RC_ASSERT(noise.given().size() * claimed < required_millibits);
    RC_ASSERT(!alone.state.ready);
  }
  RC_ASSERT(noise.given().size() * claimed >= required_millibits);
  RC_ASSERT(noise.given().size() == start_up_samples + (calls - 1) * reseed_samples);
  RC_ASSERT(alone.state.assessed_millibits == noise.given().size() * claimed);
  RC_ASSERT(alone.random.position() == 0U);
}

// All that was sampled is in the seed: HMAC-SHA-256 under the seed before, 64 samples at a time.
TEST(Gate, TheSeedIsMadeOfAllSamples) {
  CountedNoise noise(7'000);
  Alone alone;
  ASSERT_TRUE(alone.ready(noise));
  ASSERT_TRUE(alone.ready(noise));
  Bytes seed(sha256_size);
  for (std::size_t at = 0; at < noise.given().size(); at += reseed_samples) {
    Bytes next(sha256_size);
    ASSERT_TRUE(crypto().hmac_sha256(seed, ByteView(noise.given()).subspan(at, 64), next));
    seed = next;
  }
  EXPECT_EQ(copy(alone.state.seed.view()), seed);
}

// What has failed is over until the restart, whatever is pressed and however long one waits.
TEST(Gate, ALaterFailureLastsUntilTheRestart) {
  for (const auto& [kind, error] :
       {std::pair{EntropyKind::stuck, repeats}, {EntropyKind::failing, exhausted_source}}) {
    for (const unsigned runs : {1U, 2U, 3U}) {
      const EntropyProfile profile{kind, start_up_bits + (runs - 1) * reseed_bits};
      SCOPED_TRACE(profile.text());
      ProfileNoise noise(profile, 1, "noise");
      Gated gated(noise);
      for (const int boot : {1, 2}) {
        for (unsigned i = 0; i < runs; ++i) EXPECT_TRUE(gated.opens()) << boot << ", " << i;
        for (int i = 0; i < 3; ++i) {
          gated.expect_refused(error);
          gated.device.long_press(gated.now);
        }
        if (kind == EntropyKind::stuck && boot == 2) {
          // What failed is remembered: noise that is good by now changes nothing.
          noise = ProfileNoise({EntropyKind::full}, 1, "noise");
          gated.expect_refused(error);
        }
        gated.device.restart();
        noise.restart();
      }
    }
  }
}

TEST(Gate, NoDrawBeforeItIsReady) {
  Alone alone;
  alone.expect_no_draw(not_ready);
  CountedNoise noise(124);
  ASSERT_FALSE(alone.ready(noise));
  alone.expect_no_draw(not_ready);
  ASSERT_TRUE(alone.ready(noise));
  EXPECT_NE(alone.draw(draw_size), Bytes(draw_size));
  EXPECT_EQ(alone.random.position(), 0U);
}

TEST(Gate, DrawsDifferAndACopyGoesOnAlike) {
  Alone alone = made_ready();
  std::set<Bytes> seen;
  for (int i = 0; i < 200; ++i) EXPECT_TRUE(seen.insert(alone.draw(16)).second) << i;
  Alone other = alone;
  for (const std::size_t size : {16U, 32U, 40U, 256U})
    EXPECT_EQ(alone.draw(size), other.draw(size));
  ProfileNoise more({EntropyKind::full}, 2, "noise");
  ASSERT_TRUE(other.ready(more));
  EXPECT_NE(alone.draw(32), other.draw(32)) << "each run's samples are in what it draws";
  EXPECT_EQ(alone.random.position(), 0U);
}

// A draw is the front of HKDF's output and the next seed its tail: what is left in the device says
// nothing of what it drew before.
TEST(Gate, ADrawReplacesTheSeed) {
  Alone alone = made_ready();
  for (const std::size_t size : {0U, 1U, 16U, 31U, 32U, 33U, 40U, 255U, 256U}) {
    const Bytes before = copy(alone.state.seed.view());
    Bytes okm(size + sha256_size);
    ASSERT_TRUE(crypto().hkdf_sha256({}, before, as_bytes("wib draw"), okm));
    const Bytes drawn = alone.draw(size);
    const Bytes after = copy(alone.state.seed.view());
    EXPECT_TRUE(same_bytes(drawn, ByteView(okm).first(size))) << size;
    EXPECT_TRUE(same_bytes(after, ByteView(okm).last(sha256_size))) << size;
    EXPECT_NE(after, before) << size;
    // From the seed as it is now, the same draw is not had again.
    if (size >= 16) {
      EXPECT_NE(alone.draw(size), drawn);
    }
  }
}

TEST(Gate, ADrawHasItsBounds) {
  Alone alone = made_ready();
  const Bytes seed = copy(alone.state.seed.view());
  Bytes out(max_draw_size + 1, 0xee);
  EXPECT_EQ(error_of(alone.fill(out)), (Error{Errc::capacity, "gate: draw"}));
  EXPECT_EQ(out, Bytes(max_draw_size + 1, 0xee));
  EXPECT_EQ(copy(alone.state.seed.view()), seed);
}

// A backend that fails: no draw, no zeros, and the seed is kept; samples that did not get into the
// seed are credited with nothing.
TEST(Gate, ABackendThatFails) {
  Alone alone = made_ready();
  FailingCrypto failing(crypto());
  const Bytes seed = copy(alone.state.seed.view());
  failing.fail_at(0);
  Bytes out(draw_size, 0xee);
  EXPECT_EQ(code_of(alone.fill(out, failing)), Errc::crypto);
  EXPECT_EQ(out, Bytes(draw_size, 0xee));
  EXPECT_EQ(copy(alone.state.seed.view()), seed);

  for (std::size_t n = 0; n < start_up_samples / reseed_samples; ++n) {
    SCOPED_TRACE(n);
    CountedNoise noise(125);
    Alone starting;
    failing.fail_at(n);
    EXPECT_EQ(code_of(gate().ready(failing, noise, starting.state)), Errc::crypto);
    EXPECT_EQ(starting.state.assessed_millibits, n * reseed_samples * 125);
    starting.expect_no_draw(not_ready);
    while (!starting.ready(noise)) ASSERT_LT(noise.given().size(), 2 * start_up_samples);
    EXPECT_EQ(starting.state.assessed_millibits, required_millibits);
    EXPECT_EQ(noise.given().size(), start_up_samples + reseed_samples) << "64 again";
  }
}

// The residual that no health test can close: a PRNG that poses as noise passes for ever.
TEST(Gate, APrngThatPosesAsNoisePasses) {
  for (const EntropyProfile profile :
       {EntropyProfile{EntropyKind::seeded, 16}, EntropyProfile{EntropyKind::seeded, 1},
        EntropyProfile{EntropyKind::lcg}, EntropyProfile{EntropyKind::repeat}}) {
    SCOPED_TRACE(profile.text());
    ASSERT_TRUE(profile.weak() && !profile.detectable());
    ProfileNoise noise(profile, 1, "noise");
    Alone alone;
    for (int i = 0; i < 500; ++i) ASSERT_TRUE(alone.ready(noise)) << i;
    ProfileNoise same(profile, 1, "noise");
    Gated gated(same);
    for (int i = 0; i < 8; ++i) EXPECT_TRUE(gated.opens()) << i;
  }
}

// And what it costs: whoever knows the generator's seed knows cookie and exponent.
TEST(Gate, GatedDrawsAreWhatADeviceDraws) {
  constexpr EntropyProfile weak{EntropyKind::seeded, 16};
  ToyDevice toy(*find_suite("hardened"));
  toy.noise = ProfileNoise(weak, 1, "device/noise");
  attacks::ProfileRandom twin(weak, 1, "device/noise");
  attacks::ProfileRandom unasked = toy.random;
  std::set<Cookie> cookies;
  for (int boot = 0; boot < 4; ++boot) {
    const auto draws = attacks::gated_draws(crypto(), twin.boot_seed());
    ASSERT_TRUE(draws);
    const Instant now = std::chrono::milliseconds(boot);
    toy.device.press(now);
    const Reply offer = toy.device.handle(now, {Endpoint::get_dh, {}, {}});
    ASSERT_EQ(offer.status, Status::ok);
    EXPECT_TRUE(same_bytes(*offer.set_cookie, ByteView(*draws).first(cookie_size))) << boot;
    EXPECT_TRUE(cookies.insert(*offer.set_cookie).second);

    const Share share{p256_generator(), {}};
    const Reply answer = toy.device.handle(now, {Endpoint::post_dh, offer.set_cookie, share});
    ASSERT_EQ(answer.status, Status::ok);
    Bytes expected(p256_point_size);
    ASSERT_TRUE(spake2plus_share_v(crypto(), toy.verifier->secrets,
                                   ByteView(*draws).subspan(cookie_size), expected));
    EXPECT_TRUE(same_bytes(std::get<Share>(answer.body).value, expected)) << boot;
    toy.device.restart();
    toy.noise.restart();
    twin.restart();
  }
  Bytes of_device(32);
  Bytes of_copy(32);
  ASSERT_TRUE(toy.random.fill(of_device) && unasked.fill(of_copy));
  EXPECT_EQ(of_device, of_copy) << "the device's generator was asked";
}

}  // namespace
}  // namespace wib::props
