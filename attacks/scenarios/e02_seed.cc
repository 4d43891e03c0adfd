// SPDX-License-Identifier: Apache-2.0
//
// E02, low-entropy RNG: a device whose generator has an n-bit seed has an n-bit key, whatever the
// group. Every public output is a test of a guess; the cheapest one sets the price. Here that is
// the session cookie, drawn from the same generator and sent in clear. Behind it a setup code is
// only as good as a dictionary is long: with the device's exponent its share is a test of a code.
#include "attacks/scenarios/families.h"
#include "attacks/scenarios/gated_search.h"
#include "attacks/scenarios/sides.h"

namespace wib::attacks {
namespace {

constexpr unsigned seed_bits = 16;
constexpr unsigned deep_bits = 20;

// Draws of the device (protocol/README.md, "Draws"): the cookie, then the exponent.
TermRef device_stream(const Script& script, const TermRef& seed, std::uint32_t offset,
                      std::uint32_t size) {
  return term::apply(script.suite().entropy_gate.gates() ? Op::gated_stream : Op::stream,
                     {seed, term::number(offset), term::number(size)});
}

void report(Script& script, const SearchResult& result, const std::string& path) {
  script.metric(path + " search: candidates tried", static_cast<double>(result.tried), "seeds");
  script.metric(path + " search: time", result.seconds, "s");
  if (result.seconds > 0) {
    script.metric(path + " search: rate", static_cast<double>(result.tried) / result.seconds,
                  "seeds/s");
  }
}

// Which code of the list explains the device's share? share = y*P + w0*N, and y is known. Null if
// none does.
TermRef find_code(Script& script, const Overheard& heard, const TermRef& exponent) {
  const auto share = script.value(field(heard.device_share, "share"));
  if (!share) return nullptr;
  for (std::uint32_t number = 0; number < label_codes; ++number) {
    const std::array<Byte, 1> digit = {static_cast<Byte>(number)};
    const TermRef code = term::apply(Op::label_code, {term::hex(digit)});
    const TermRef w = pake_register(code, term::initial("serial"), heard.offer);
    const TermRef guess = term::apply(Op::pake_share_v, {w, exponent});
    const auto value = script.value(guess);
    if (!value || *value != *share) continue;
    script.metric("code dictionary: candidates tried", number + 1, "codes");
    script.learn("setup code", code, "the one of the printer's list that explains the share");
    script.check(guess, field(heard.device_share, "share"), "the share, without its mask");
    return w;
  }
  script.metric("code dictionary: candidates tried", label_codes, "codes");
  return nullptr;
}

// With the exponent, everything that the device agreed on is known: decrypt.
void decrypt(Script& script, const Overheard& heard, const TermRef& exponent) {
  script.learn("device's exponent", exponent);
  PakeKnowledge pake;
  const bool code = wants_code(script, heard.offer);
  if (code) {
    pake = {find_code(script, heard, exponent), term::initial("serial")};
    if (pake.w == nullptr) return;
  }
  const TermRef keys = heard_keys(script, heard, exponent, pake);
  script.learn("K", keys);
  if (!code && !script.learn("serial number", heard_serial(script, heard, keys))) return;
  const TermRef bundle = heard_bundle(script, heard, keys);
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
  const SeedSpace space = SeedSpace::of_bits(bits);
  const auto found =
      script.suite().entropy_gate.gates()
          ? search_by_gated_cookie(space, script.crypto(), *cookie, script.search_options())
          : search_by_cookie(space, "device", 0, *cookie, script.search_options());
  if (!found) return;
  report(script, *found, script.suite().entropy_gate.gates() ? "gated cookie" : "cookie");
  if (!found->seed) return;
  const TermRef seed = term::hex(seed_bytes(*found->seed));
  script.learn("seed", seed, "found by search: what no model can see");
  script.check(device_stream(script, seed, 0, cookie_size), field(heard.offer, "cookie"),
               "this seed gives the cookie that was seen");
  decrypt(script, heard, device_stream(script, seed, cookie_size, exponent_size));
}

void by_share(Script& script, unsigned bits) {
  script.press("the owner presses the button");
  const Overheard heard = listen(script, "owner");
  if (!script.going()) return;
  const TermRef share_term = field(heard.device_share, "share");
  const auto share = script.value(share_term);
  if (!share) return;
  // A named group is known to everybody.
  Group group = ffdhe2048();
  const bool named = script.has_field(heard.offer, "group");
  const auto p = script.value(named ? term::hex(group.p) : field(heard.offer, "p"));
  const auto g = script.value(named ? term::hex(group.g) : field(heard.offer, "g"));
  if (!p || !g) return;
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
  const TermRef exponent = device_stream(script, seed, cookie_size, exponent_size);
  script.check(named ? term::apply(Op::dh_public, {exponent, field(heard.offer, "group")})
                     : term::apply(Op::mod_exp,
                                   {field(heard.offer, "g"), exponent, field(heard.offer, "p")}),
               share_term, "this seed gives the share that was seen");
  decrypt(script, heard, exponent);
}

// A generator that is stuck says its last byte again and again: the cookie's is the exponent.
void stuck(Script& script) {
  script.press("the owner presses the button");
  const Overheard heard = listen(script, "owner");
  if (!script.going()) return;
  decrypt(script, heard, term::apply(Op::stuck_at, {field(heard.offer, "cookie")}));
}

}  // namespace

std::vector<Scenario> e02_scenarios() {
  const EntropyProfile weak{EntropyKind::seeded, seed_bits};
  const EntropyProfile deep{EntropyKind::seeded, deep_bits};
  const std::set<std::string> label = {"serial"};  // an identity, where there is a code
  return {
      {.family = "E02",
       .variant = "cookie",
       .title = "a 16-bit seed is searched against the session cookie",
       .device_entropy = weak,
       .initial_with_code = label,
       .aims = {Property::s3_prng},
       .needs_completion = true,
       .run = [](Script& script) { by_cookie(script, seed_bits); }},
      {.family = "E02",
       .variant = "share",
       .title = "a 16-bit seed is searched against the recorded share",
       .device_entropy = weak,
       .initial_with_code = label,
       .aims = {Property::s3_prng},
       .needs_completion = true,
       .run = [](Script& script) { by_share(script, seed_bits); }},
      {.family = "E02",
       .variant = "share-20-bit",
       .title = "a 20-bit seed is searched against the recorded share",
       .device_entropy = deep,
       .initial_with_code = label,
       .aims = {Property::s3_prng},
       .needs_completion = true,
       .once = true,
       .run = [](Script& script) { by_share(script, deep_bits); }},
      {.family = "E02",
       .variant = "stuck",
       .title = "a generator that is stuck gives its exponent away with the cookie",
       .device_entropy = {EntropyKind::stuck, cookie_size * 8},
       .initial_with_code = label,
       .aims = {Property::s3_detectable},
       .needs_completion = true,
       .refused_at_start = true,
       .run = stuck},
      {.family = "E02",
       .variant = "stuck-full-entropy",
       .title = "the same guess, the cookie's last byte, at a full-entropy exponent",
       .control = true,
       .initial_with_code = label,
       .aims = {Property::s1},
       .needs_completion = true,
       .run = stuck},
      {.family = "E02",
       .variant = "cookie-full-entropy",
       .title = "the same search with the same budget, against a full-entropy seed",
       .control = true,
       .initial_with_code = label,
       .aims = {Property::s1},
       .needs_completion = true,
       .run = [](Script& script) { by_cookie(script, seed_bits); }},
      {.family = "E02",
       .variant = "share-full-entropy",
       .title = "the search by share with the same budget, against a full-entropy seed",
       .control = true,
       .initial_with_code = label,
       .aims = {Property::s1},
       .needs_completion = true,
       .run = [](Script& script) { by_share(script, seed_bits); }},
  };
}

}  // namespace wib::attacks
