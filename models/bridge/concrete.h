// SPDX-License-Identifier: Apache-2.0
//
// Concrete: the bytes that the model's terms stand for, on a real suite and a real library. Every
// name of the model (the second session's cookie, the client's exponent) has the same bytes
// throughout, so each term is computed once. The bytes are made by the core's own building blocks
// (groups, SPAKE2+, transcript, key schedule, protection), which external vectors hold; what is
// compared with the parties is what they make of them, and when.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/bridge/term.h"
#include "models/outcome.h"
#include "protocol/messages/bundle.h"
#include "protocol/registration.h"
#include "protocol/setup/transcript.h"
#include "protocol/suites.h"

namespace wib::models {

using ByteVector = std::vector<Byte>;

// A message body that owns its bytes.
struct OwnedBody {
  std::vector<ByteVector> parts;
  Body body;
};

class Concrete {
 public:
  struct World {
    const Suite& suite;
    Crypto& crypto;
    Group group;
    std::string serial;
    std::string code;
    const Verifier* verifier = nullptr;  // of the code; null where the suite has none
    std::string offered;                 // the suites that the device says it offers
    Bundle owner, thief;                 // bundle(c, 0), bundle(i, 0)
  };
  explicit Concrete(const World& world) : world_(world) {}

  // Bytes that a draw of that name gives ("ck(d, 0)", "rnd(c, 0)", "iv c auth"): fixed by the name.
  [[nodiscard]] static ByteVector drawn(std::string_view name, std::size_t size);

  // Of elements, exponents, cookies, epochs, the serial number, bundles and confirmations. An error
  // for what has no bytes of its own, or that a library refused.
  [[nodiscard]] Outcome<ByteVector> bytes(const MaudeTerm& term);

  // A message body of that kind: `offer(..)`, an element, `ans(..)`, a proof or a sealed payload.
  // `iv` names the draw of an IV, where the protection has one. Valid until the next call.
  [[nodiscard]] Outcome<const OwnedBody*> body(const MaudeTerm& term, std::string_view iv);

  [[nodiscard]] const World& world() const noexcept { return world_; }

 private:
  [[nodiscard]] Outcome<ByteVector> compute(const MaudeTerm& term);
  [[nodiscard]] Outcome<ByteVector> element(const MaudeTerm& base, const MaudeTerm& exponent);
  [[nodiscard]] Outcome<ByteVector> masked(const MaudeTerm& term);
  [[nodiscard]] Outcome<const Spake2plusSecrets*> pake(const MaudeTerm& pk);
  [[nodiscard]] Outcome<Transcript> transcript(const MaudeTerm& term);
  [[nodiscard]] Outcome<const Keys*> keys(const MaudeTerm& kb);
  [[nodiscard]] Outcome<OwnedBody> make_body(const MaudeTerm& term, std::string_view iv);
  [[nodiscard]] Outcome<OwnedBody> sealed(const MaudeTerm& term, std::string_view iv);

  World world_;
  std::map<std::string, ByteVector, std::less<>> known_;
  std::map<std::string, Spake2plusSecrets, std::less<>> secrets_;
  std::map<std::string, Keys, std::less<>> keys_;
  std::map<std::string, OwnedBody, std::less<>> bodies_;
};

}  // namespace wib::models
