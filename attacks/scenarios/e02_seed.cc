// SPDX-License-Identifier: Apache-2.0
//
// E02, low-entropy RNG: a device whose generator has an n-bit seed has an n-bit key, whatever the
// group. Every public output is a test of a guess; the cheapest one sets the price. Here that is
// the session cookie, drawn from the same generator and sent in clear.
#include "attacks/scenarios/families.h"
#include "attacks/scenarios/script.h"

namespace wib::attacks {
namespace {

constexpr unsigned seed_bits = 16;
constexpr unsigned deep_bits = 20;

// Draws of the device (protocol/README.md, "Draws"): the cookie, then the exponent.
TermRef device_stream(const TermRef& seed, std::uint32_t offset, std::uint32_t size) {
  return term::apply(Op::stream, {seed, term::number(offset), term::number(size)});
}

void report(Script& script, const SearchResult& result, const std::string& path) {
  script.metric(path + " search: candidates tried", static_cast<double>(result.tried), "seeds");
  script.metric(path + " search: time", result.seconds, "s");
  if (result.seconds > 0) {
    script.metric(path + " search: rate", static_cast<double>(result.tried) / result.seconds,
                  "seeds/s");
  }
}

// With the seed, everything that the device drew is known: strip its exponent, decrypt.
void decrypt(Script& script, const Overheard& heard, const TermRef& seed) {
  const TermRef exponent = device_stream(seed, cookie_size, exponent_size);
  script.learn("device's exponent", exponent);
  const TermRef keys =
      session_keys(field(heard.client_share, "share"), exponent, field(heard.offer, "p"));
  script.learn("K", keys);
  const TermRef serial = unseal(keys, heard.auth);
  if (!script.learn("serial number", serial)) return;
  const TermRef bundle = unseal(keys, heard.key);
  if (!script.learn("bundle", bundle)) return;
  script.learn("private key", term::apply(Op::bundle_key, {bundle}),
               "read from a recording, long after");
}

void by_cookie(Script& script, unsigned bits) {
  script.press("the owner presses the button");
  const Overheard heard = listen(script, "owner");
  if (!script.going()) return;
  const auto cookie = script.value(field(heard.offer, "cookie"));
  if (!cookie) return;
  const auto found =
      search_by_cookie(SeedSpace::of_bits(bits), "device", 0, *cookie, script.search_options());
  if (!found) return;
  report(script, *found, "cookie");
  if (!found->seed) return;
  const TermRef seed = term::hex(seed_bytes(*found->seed));
  script.learn("seed", seed, "found by search: what no model can see");
  script.check(device_stream(seed, 0, cookie_size), field(heard.offer, "cookie"),
               "this seed gives the cookie that was seen");
  decrypt(script, heard, seed);
}

void by_share(Script& script, unsigned bits) {
  script.press("the owner presses the button");
  const Overheard heard = listen(script, "owner");
  if (!script.going()) return;
  const TermRef p_term = field(heard.offer, "p");
  const TermRef g_term = field(heard.offer, "g");
  const TermRef share_term = field(heard.device_share, "share");
  const auto p = script.value(p_term);
  const auto g = script.value(g_term);
  const auto share = script.value(share_term);
  if (!p || !g || !share) return;
  const ShareTarget target{.exponent_offset = cookie_size,
                           .exponent_size = exponent_size,
                           .p = *p,
                           .g = *g,
                           .share = *share};
  const auto found =
      search_by_share(SeedSpace::of_bits(bits), "device", target, script.search_options());
  if (!found) return;
  report(script, *found, "share");
  if (!found->seed) return;
  const TermRef seed = term::hex(seed_bytes(*found->seed));
  script.learn("seed", seed, "found by search: what no model can see");
  script.check(
      term::apply(Op::mod_exp, {g_term, device_stream(seed, cookie_size, exponent_size), p_term}),
      share_term, "this seed gives the share that was seen");
  decrypt(script, heard, seed);
}

}  // namespace

std::vector<Scenario> e02_scenarios() {
  const EntropyProfile weak{EntropyKind::seeded, seed_bits};
  const EntropyProfile deep{EntropyKind::seeded, deep_bits};
  return {
      {.family = "E02",
       .variant = "cookie",
       .title = "a 16-bit seed is searched against the session cookie",
       .device_entropy = weak,
       .aims = {Property::s3_prng},
       .needs_completion = true,
       .expected = Outcome::succeeded,
       .run = [](Script& script) { by_cookie(script, seed_bits); }},
      {.family = "E02",
       .variant = "share",
       .title = "a 16-bit seed is searched against the recorded share",
       .device_entropy = weak,
       .aims = {Property::s3_prng},
       .needs_completion = true,
       .expected = Outcome::succeeded,
       .run = [](Script& script) { by_share(script, seed_bits); }},
      {.family = "E02",
       .variant = "share-20-bit",
       .title = "a 20-bit seed is searched against the recorded share",
       .device_entropy = deep,
       .aims = {Property::s3_prng},
       .needs_completion = true,
       .expected = Outcome::succeeded,
       .once = true,
       .run = [](Script& script) { by_share(script, deep_bits); }},
      {.family = "E02",
       .variant = "cookie-full-entropy",
       .title = "the same search with the same budget, against a full-entropy seed",
       .control = true,
       .aims = {Property::s1},
       .needs_completion = true,
       .expected = Outcome::blocked,
       .run = [](Script& script) { by_cookie(script, seed_bits); }},
      {.family = "E02",
       .variant = "share-full-entropy",
       .title = "the search by share with the same budget, against a full-entropy seed",
       .control = true,
       .aims = {Property::s1},
       .needs_completion = true,
       .expected = Outcome::blocked,
       .run = [](Script& script) { by_share(script, seed_bits); }},
  };
}

}  // namespace wib::attacks
