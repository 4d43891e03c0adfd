// SPDX-License-Identifier: Apache-2.0
//
// Terms: what an attacker's bytes are made of. A term is a recipe over what was seen on the wire,
// what the attacker knew before, what it drew itself, and public functions; evaluating it gives the
// bytes. A trace holds terms, so that it can be replayed where the bytes come out differently, and
// a stolen secret comes with its derivation.
//
// In a trace a term is a JSON array: ["mod_exp", ["wire", 4, "share"], ["random", 0, 32],
// ["wire", 2, "p"]].
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "protocol/crypto.h"
#include "protocol/suites.h"

namespace wib::attacks {

using ByteVector = std::vector<Byte>;

enum class Op : std::uint8_t {
  // Leaves.
  wire,     // a field of a message that was seen: message number, field name
  initial,  // something the attacker knew before: its name
  random,   // the attacker's own random bytes: number of the draw, size
  hex,      // a constant
  // Functions (arguments).
  concat,              // (first, second)
  sha256,              // (message)
  mod_exp,             // (base, exponent, modulus): padded to the modulus
  dh_public,           // (exponent, group): the share in the named group of that number
  dh_shared,           // (peer's share, exponent, group): the secret
  transcript,          // (entry): the transcript that begins with a message's "entry"
  absorb,              // (transcript, entry): and how it goes on
  derive_keys,         // (secret, transcript): the suite's key schedule; four keys of 32 bytes
  unseal,              // (keys, transcript, place, iv, ciphertext, tag): the suite's protection
  seal_ciphertext,     // (keys, transcript, place, iv, plaintext)
  seal_tag,            // (keys, transcript, place, iv, plaintext)
  bundle,              // (certificate, private key)
  bundle_certificate,  // (bundle)
  bundle_key,          // (bundle)
  stream,              // (seed, offset as hex, size as hex): the device's generator
  gated_stream,        // (seed, offset, size): what a device draws whose gate was fed by that one
  stuck_at,            // (bytes): 32 times the last of them, what a stuck generator says next
  label_code,          // (number as hex): a setup code of the list that label printers draw from
  pake_register,       // (code, serial, salt, iterations): w0 || w1
  pake_context,        // (suites, epoch, cookie)
  pake_share_p,        // (w0 || w1, x)
  pake_share_v,        // (w0 || w1, y)
  pake_prover,         // (w0 || w1, x, shareP, shareV, context, serial): the three secrets
  pake_verifier,       // (w0 || w1, y, shareP, shareV, context, serial): the three secrets
  pake_shared,         // (the three secrets): K_shared
  pake_confirm_p,      // (the three secrets)
  pake_confirm_v       // (the three secrets)
};

// Where a sealed payload stands, as one byte of a term: which key, counter and associated data.
enum class Place : Byte { auth = 0, key = 1, acknowledgement = 2 };

// Setup codes of `label_code`: how many a code's list has.
inline constexpr std::uint32_t label_codes = 256;
[[nodiscard]] std::string label_code(std::uint32_t number);

// Arguments that a function takes; 0 for a leaf.
[[nodiscard]] std::size_t arity(Op op) noexcept;

struct Term;
using TermRef = std::shared_ptr<const Term>;

struct Term {
  Op op = Op::hex;
  std::uint32_t number = 0;  // wire: message; random: draw
  std::uint32_t size = 0;    // random
  std::string name;          // wire: field; initial: name
  ByteVector bytes;          // hex
  std::vector<TermRef> arguments;
};

// Makers. What the functions mean is with Op.
namespace term {
[[nodiscard]] TermRef wire(std::size_t message, std::string field);
[[nodiscard]] TermRef initial(std::string name);
[[nodiscard]] TermRef random(std::uint32_t number, std::uint32_t size);
[[nodiscard]] TermRef hex(ByteView bytes);
[[nodiscard]] TermRef number(std::uint32_t value);  // a constant of 4 bytes, big-endian
[[nodiscard]] TermRef place(Place place);
[[nodiscard]] TermRef apply(Op op, std::vector<TermRef> arguments);
}  // namespace term

// Where leaves come from.
class TermSource {
 public:
  // A field of the message of that number, or nullptr if there is none.
  [[nodiscard]] virtual const ByteVector* wire(std::size_t message,
                                               std::string_view field) const = 0;
  [[nodiscard]] virtual const ByteVector* initial(std::string_view name) const = 0;
  // The attacker's draw; the same bytes each time for the same number.
  [[nodiscard]] virtual ByteVector random(std::uint32_t number, std::uint32_t size) const = 0;

 protected:
  ~TermSource() = default;
};

// What an evaluator computes at most, so that a hostile trace cannot exhaust it: bytes of one
// value, of everything together, and of a number that is calculated with.
inline constexpr std::size_t max_value_size = std::size_t{64} * 1024;
inline constexpr std::size_t max_values_size = std::size_t{64} * 1024 * 1024;
inline constexpr std::size_t max_number_size = 1024;
// And how often PBKDF2 goes round, for everything together: some ten seconds.
inline constexpr std::uint64_t max_stretching = 30'000'000;

// Computes terms, each node once.
class Evaluator {
 public:
  Evaluator(const TermSource& source, const Suite& suite, Crypto& crypto)
      : source_(source), suite_(suite), crypto_(crypto) {}

  // Errc::missing_field for a leaf that is not there, Errc::capacity beyond the limits above; what
  // the function said otherwise.
  [[nodiscard]] Result<ByteVector> operator()(const TermRef& term);

  // Bytes of all the values that it holds.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  [[nodiscard]] Result<ByteVector> compute(const Term& term);
  [[nodiscard]] Result<ByteVector> apply(Op op, const std::vector<ByteVector>& values);

  const TermSource& source_;
  const Suite& suite_;
  Crypto& crypto_;
  std::map<TermRef, ByteVector> known_;
  std::size_t size_ = 0;
  std::uint64_t stretched_ = 0;
};

// Terms nest no deeper than this in a trace.
inline constexpr int max_term_depth = 32;

// As a trace has it. Parsing fails with Errc::malformed and what was expected.
[[nodiscard]] nlohmann::ordered_json to_json(const TermRef& term);
[[nodiscard]] Result<TermRef> term_from_json(const nlohmann::ordered_json& json);

// The same term with its constants left out (empty), but for the numbers of `stream`: what an
// attacker has found, such as a seed, is a secret.
[[nodiscard]] TermRef without_constants(const TermRef& term);

// For a person: "mod_exp(wire 4.share, random 0, wire 2.p)".
[[nodiscard]] std::string to_text(const TermRef& term);

[[nodiscard]] std::string to_hex(ByteView bytes);
[[nodiscard]] Result<ByteVector> from_hex(std::string_view text);

}  // namespace wib::attacks
