// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "attacks/scenarios/families.h"

namespace wib::attacks {
namespace {

constexpr std::array<Family, 3> all_families = {{
    {.id = "A00",
     .name = "MITM on DH",
     .cwe = "CWE-300",
     .cwe_name = "Channel Accessible by Non-Endpoint",
     .precedent = "TLS's anonymous Diffie-Hellman suites: \"this mode is vulnerable to "
                  "man-in-the-middle attacks\", RFC 5246 appendix A.5.",
     .needs = "A place on the path between client and device while a set-up runs: the same Wi-Fi, "
              "a rogue access point, ARP spoofing. No secret at all.",
     .summary = "The attacker sends its own Diffie-Hellman share to both sides and so agrees on "
                "one key with the client and on another with the device. It decrypts, reads and "
                "re-encrypts everything in between: the serial number, then the certificate and "
                "private key. Client and device both see the statuses that they expect.",
     .remedy = "Authenticate the key exchange with something that the attacker does not have: a "
               "PAKE over a secret setup code (SPAKE2+, RFC 9383) with explicit key confirmation, "
               "or server-authenticated TLS. Better still, never send a private key: the device "
               "makes its own and asks for a certificate (EST, RFC 7030)."},
    {.id = "D14",
     .name = "Serial replay",
     .cwe = "CWE-294",
     .cwe_name = "Authentication Bypass by Capture-replay",
     .precedent = "TP-Link Tapo L530E: messages replayed within the lifetime of a session key, "
                  "CVE-2023-38907.",
     .needs = "One sight of the serial number (the label, a photograph, one intercepted run), and "
              "a press of the button. For the recorded run: a device whose generator repeats after "
              "a reboot, and nothing else.",
     .summary = "The serial number is a static password that is printed on the box and says "
                "nothing about the run in which it is used. Whoever knows it installs a key of "
                "their own; a thief who holds a stolen bundle installs it a second time; and when "
                "the device's generator repeats, a recording is enough.",
     .remedy = "Prove knowledge of a secret without revealing it (a PAKE), bind every message to "
               "the transcript of its own run, and persist an epoch counter before each share goes "
               "out, so that no two runs are alike even if the generator repeats."},
    {.id = "E02",
     .name = "Low-entropy RNG",
     .cwe = "CWE-331",
     .cwe_name = "Insufficient Entropy",
     .precedent = "Debian OpenSSL, CVE-2008-0166: 15 bits of seed for every key that was made.",
     .needs = "A recording of one set-up, and knowledge of how the firmware's generator works. "
              "The attacker sends nothing.",
     .summary =
         "The device's generator has an n-bit seed. Its first output is the session cookie, "
         "sent in clear, so a guess of the seed costs one key derivation and no "
         "exponentiation at all; the Diffie-Hellman share is a second, dearer test. With the "
         "seed the device's exponent is known, and the recording opens.",
     .remedy = "Assess the noise source (SP 800-90B health tests) and refuse to begin before 128 "
               "bits are there; draw public values and secrets from separate generators. What no "
               "test can see is a PRNG that poses as noise: that takes a look at the hardware."},
}};

}  // namespace

std::string Scenario::id() const {
  std::string text(family);
  if (!variant.empty()) text += "." + std::string(variant);
  return text;
}

std::span<const Family> families() { return all_families; }

const Family& family_of(const Scenario& scenario) {
  return *std::ranges::find(all_families, scenario.family, &Family::id);
}

std::span<const Scenario> scenarios() {
  static const std::vector<Scenario> all = [] {
    std::vector<Scenario> joined;
    for (auto&& part : {a00_scenarios(), d14_scenarios(), e02_scenarios()}) {
      joined.insert(joined.end(), part.begin(), part.end());
    }
    return joined;
  }();
  return all;
}

std::optional<Outcome> expected_outcome(const Scenario& scenario, std::string_view suite) {
  if (suite != "as_posted") return std::nullopt;
  return scenario.expected;
}

Result<> judgeable_on_target(const Scenario& scenario) {
  if (scenario.restarts) {
    return fail(Errc::unexpected, "a real device cannot be restarted from here");
  }
  // How good a real device's generator is, nobody knows: it is taken to be strong.
  if (scenario.device_entropy.weak()) {
    return fail(Errc::unexpected, "the generator of a real device is not known to be weak");
  }
  return {};
}

}  // namespace wib::attacks
