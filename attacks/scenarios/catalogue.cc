// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "attacks/scenarios/families.h"

namespace wib::attacks {
namespace {

constexpr std::array<Family, 5> all_families = {{
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
               "or server-authenticated TLS. What "
               "the PAKE takes is a secret that the factory puts into each device (w0, L) and onto "
               "its label: \"no keys pre-baked\" no longer holds, and whoever steals it can act as "
               "the device and search the code at PBKDF2's speed. Better still, never send a "
               "private key: the device "
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
    {.id = "A03",
     .name = "Online guessing",
     .cwe = "CWE-307",
     .cwe_name = "Improper Restriction of Excessive Authentication Attempts",
     .precedent = "Wi-Fi Protected Setup: about 11,000 tries, CVE-2011-5053.",
     .needs = "The device within reach while its window is open, and an idea of how serial numbers "
              "are made.",
     .summary = "A serial number follows a pattern: a year, a batch, a running number. The device "
                "answers every guess, opens a new session for every wrong one, and keeps no count.",
     .remedy =
         "Count guesses where they are revealed, persist the count before the answer goes "
         "out, close the window after ten, and ask for a long press after a hundred. What it "
         "costs: whoever is near can use up the ten and send the owner to press again; after "
         "a hundred, to press for long. A rogue device is not bounded by it: it has one guess "
         "each time that an owner's client runs."},
    {.id = "B01",
     .name = "Degenerate share",
     .cwe = "CWE-325",
     .cwe_name = "Missing Cryptographic Step",
     .precedent = "Bouncy Castle took any Diffie-Hellman public key, CVE-2016-1000346.",
     .needs = "A place on the path between client and device while a set-up runs.",
     .summary = "The attacker puts the number 1 in place of both shares. The secret is 1 on both "
                "sides, and the attacker has it too, without a computation.",
     .remedy = "Take named groups alone and validate every share whole (SP 800-56A, RFC 7919). It "
               "does not stop A00: a share of the attacker's own is a good one."},
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
    for (auto&& part :
         {a00_scenarios(), d14_scenarios(), e02_scenarios(), a03_scenarios(), b01_scenarios()}) {
      joined.insert(joined.end(), part.begin(), part.end());
    }
    return joined;
  }();
  return all;
}

Result<> judgeable_on_target(const Scenario& scenario) {
  if (scenario.restarts) {
    return fail(Errc::unexpected, "a real device cannot be restarted from here");
  }
  if (scenario.initial.contains("code")) {
    return fail(Errc::unexpected, "the setup code of a real device is not known here");
  }
  // How good a real device's generator is, nobody knows: it is taken to be strong.
  if (scenario.device_entropy.weak()) {
    return fail(Errc::unexpected, "the generator of a real device is not known to be weak");
  }
  return {};
}

}  // namespace wib::attacks
