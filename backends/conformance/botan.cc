// SPDX-License-Identifier: Apache-2.0
//
// Botan's .vec files: a field holds until the next one of its name.
#include "backends/conformance/records.h"
#include "backends/conformance/sources.h"
#include "protocol/crypto.h"

namespace wib::conformance {
namespace {

// 0x and hexadecimal, or decimal.
Bytes number(std::string_view text) {
  if (text.starts_with("0x")) return from_hex_number(text.substr(2));
  return from_decimal(text);
}

Vector begin(const Record& record, Operation operation) {
  Vector vector;
  vector.id = record.id();
  vector.operation = operation;
  return vector;
}

}  // namespace

// The keystream from byte `Seek` on; without `In`, over zeros.
std::vector<Vector> read_botan_ctr(const Path& file) {
  std::vector<Vector> vectors;
  for (const Record& record : read_records(file)) {
    const std::string& cipher = record.section.at(0);
    Vector vector = begin(record, Operation::aes256_ctr);
    if (cipher == "CTR-BE(AES-128)" || cipher == "CTR-BE(AES-192)") {
      vector.skip = Skip::aes_key;
    } else if (cipher.starts_with("CTR-BE(AES-")) {
      if (cipher != "CTR-BE(AES-256)") vector.skip = Skip::counter_width;
    } else {
      vector.skip = Skip::cipher;
    }
    if (vector.skip == Skip::none) {
      const std::size_t seek = record.has("Seek") ? std::stoul(record.get("Seek")) : 0;
      const Bytes out = from_hex(record.get("Out"));
      vector.values = {{"key", from_hex(record.get("Key"))},
                       {"counter", from_hex(record.get("Nonce"))},
                       {"plain", record.has("In") ? from_hex(record.get("In")) : Bytes(out.size())},
                       {"cipher", out}};
      if (seek != 0) vector.values["before"] = Bytes(seek);
    }
    vectors.push_back(std::move(vector));
  }
  return vectors;
}

std::vector<Vector> read_botan_dh(const Path& file) {
  std::vector<Vector> vectors;
  for (const Record& record : read_records(file)) {
    Vector vector = begin(record, Operation::ffdh);
    if (record.has("KDF") || record.has("OutLen")) vector.skip = Skip::derivation;
    vector.values = {{"p", number(record.get("P"))},
                     {"g", number(record.get("G"))},
                     {"x", number(record.get("X"))},
                     {"peer", number(record.get("Y"))},
                     {"z", from_hex_number(record.get("K"))}};
    if (record.has("Q")) vector.values["q"] = number(record.get("Q"));
    vectors.push_back(std::move(vector));
  }
  return vectors;
}

std::vector<Vector> read_botan_dh_invalid(const Path& file) {
  std::vector<Vector> vectors;
  std::map<std::string, Bytes, std::less<>> group;
  for (const Record& record : read_records(file)) {
    if (record.has("P")) {
      group = {{"p", number(record.get("P"))}, {"q", number(record.get("Q"))}};
    }
    if (!record.has("InvalidKey")) continue;
    Vector vector = begin(record, Operation::ffdh_share);
    vector.verdict = Verdict::invalid;
    vector.values = group;
    vector.values["share"] = number(record.get("InvalidKey"));
    vectors.push_back(std::move(vector));
  }
  return vectors;
}

// With SHA-512 the shares can be had, and the keys from the transcript cannot.
std::vector<Vector> read_botan_spake2p(const Path& file) {
  static constexpr std::pair<const char*, const char*> shares[] = {
      {"w0", "W0"}, {"w1", "W1"},          {"l", "L"},           {"x", "X"},
      {"y", "Y"},   {"share_p", "ShareP"}, {"share_v", "ShareV"}};
  static constexpr std::pair<const char*, const char*> keys[] = {
      {"context", "Context"},    {"prover", "ProverId"},    {"verifier", "VerifierId"},
      {"confirm_p", "ConfirmP"}, {"confirm_v", "ConfirmV"}, {"shared", "Shared"}};
  std::vector<Vector> vectors;
  for (const Record& record : read_records(file)) {
    Vector vector = begin(record, Operation::spake2p);
    if (record.get("Group") == "secp256r1") {
      for (const auto& [ours, theirs] : shares) {
        vector.values[ours] = from_hex(record.get(theirs));
      }
    } else {
      vector.skip = Skip::curve;
    }
    Vector transcript = vector;
    transcript.id += ", transcript";
    if (record.get("Hash") != "SHA-256" && transcript.skip == Skip::none) {
      transcript.skip = Skip::hash;
    }
    for (const auto& [ours, theirs] : keys) {
      transcript.values[ours] = from_hex(record.get(theirs));
    }
    vectors.push_back(std::move(vector));
    vectors.push_back(std::move(transcript));
  }
  return vectors;
}

}  // namespace wib::conformance
