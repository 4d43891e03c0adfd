// SPDX-License-Identifier: Apache-2.0
//
// Seeds of what people type, and of JSON from elsewhere.
#include "attacks/live/label.h"
#include "attacks/world/entropy.h"
#include "attacks/world/term.h"
#include "fuzz/parsers/message_suites.h"
#include "fuzz/seeds/seed_folder.h"

namespace wib::fuzz {
namespace {

constexpr std::string_view verdicts = R"({"verdicts": [
{"suite": "as_posted", "scenario": "active", "property": "P-S2", "engine": "maude",
 "bound": "2 sessions, 2 presses", "states": 33, "found": "attack", "good": true},
{"suite": "as_posted", "scenario": "active", "property": "P-S2", "engine": "spin",
 "bound": "2 sessions, 2 presses", "states": 25, "found": "attack", "good": true},
{"suite": "hardened", "scenario": "active", "property": "P-S2", "engine": "maude",
 "bound": "1 session", "states": 120431, "found": "holds", "good": false},
{"suite": "hardened", "scenario": "passive", "property": "P-R0", "engine": "spin",
 "bound": "1 session", "states": 1, "problem": "out of memory"}]})";

}  // namespace

void add_text_seeds(SeedFolder& seeds) {
  for (const std::uint32_t number : {0U, 1U, 137U, 255U}) {
    const std::string characters = attacks::label_code(number);
    SetupCode code;
    std::array<char, setup_code_text_size> buffer;
    if (!code.characters.assign(as_bytes(characters))) continue;
    const auto text = write_setup_code(code, buffer);
    if (!text) continue;
    seeds.add("setup_code", *text);
    std::string typed;
    for (const char c : *text) typed += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    seeds.add("setup_code", typed);
    for (const std::string serial : {"WIB-2015-12-0042", "a b;\xc3\xa9%", "x"}) {
      seeds.add("label", attacks::label_payload({serial, code}));
    }
  }
  for (const std::string_view text :
       {"full", "seeded:16", "seeded:48", "constant", "stuck:128", "lcg", "repeat", "failing:0"}) {
    seeds.add("entropy_profile", text);
  }
  for (const std::string_view text :
       {"127.0.0.1:8080", "[::1]:8080", "device.local:0", "http://192.0.2.1", "http://[::1]",
        "http://[fe80::1%25eth0]:81/", "http://device.local:80/"}) {
    seeds.add("address", text);
  }
  for (const Suite& suite : message_suites()) {
    seeds.add("suite_names", "0" + std::string(suite.name().view()));
  }
  seeds.add("suite_names", "1as_posted");
  seeds.add("suite_names", "3hardened+protection=aead,group_policy=named_p256");
  seeds.add("suite_names", "2as_posted+attempt_limit=limited,entropy_gate=sp800_90b");
  seeds.keep("suite_names", "0hardened+protection=aead,protection=aead");  // twice
  seeds.add("report_json", verdicts);
  seeds.add("report_json", R"({"verdicts": []})");
  seeds.add("term_json",
            R"(["seal_tag",["hex",""],["wire",1,"entry"],["hex","00"],["random",0,16],)"
            R"(["initial","serial"]])");
}

}  // namespace wib::fuzz
