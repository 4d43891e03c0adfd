// SPDX-License-Identifier: Apache-2.0
//
// Key agreement and signatures in the form of Debian's python3-cryptography-vectors.
#include "backends/conformance/records.h"
#include "backends/conformance/sources.h"
#include "backends/conformance/x509.h"
#include "protocol/crypto.h"

namespace wib::conformance {
namespace {

Bytes stripped(Bytes number) {
  while (!number.empty() && number.front() == 0) number.erase(number.begin());
  return number;
}

// "P (0 - Correct)" or "F (5 - Z changed )".
Verdict verdict_of(const Record& record) {
  const std::string result = record.get("Result");
  if (result.starts_with("P")) return Verdict::valid;
  if (result.starts_with("F")) return Verdict::invalid;
  throw BadVector(record.id() + ": no result");
}

Bytes point(std::string_view x, std::string_view y, std::size_t size) {
  const Bytes form = {0x04};
  return concatenation(
      {form, resized(from_hex_number(x), size), resized(from_hex_number(y), size)});
}

Vector begin(const Record& record, Operation operation) {
  Vector vector;
  vector.id = record.id();
  vector.operation = operation;
  return vector;
}

}  // namespace

// CAVS, static unified: one side is theirs, the other ours.
std::vector<Vector> read_nist_ecdh(const Path& file) {
  std::vector<Vector> vectors;
  for (const Record& record : read_records(file, {.blank_line_ends = true, .first_key = "COUNT"})) {
    Vector vector = begin(record, Operation::p256_agree);
    vector.verdict = verdict_of(record);
    if (record.in_section("EC - SHA256")) {
      vector.values = {{"scalar", from_hex(record.get("dsIUT"))},
                       {"own", point(record.get("QsIUTx"), record.get("QsIUTy"), 32)},
                       {"peer", point(record.get("QsCAVSx"), record.get("QsCAVSy"), 32)},
                       {"z", from_hex(record.get("Z"))}};
    } else {
      vector.skip = Skip::curve;
    }
    vectors.push_back(std::move(vector));
  }
  return vectors;
}

std::vector<Vector> read_nist_ecdsa(const Path& file) {
  std::vector<Vector> vectors;
  for (const Record& record : read_records(file)) {
    const std::string& section = record.section.at(0);
    const std::string curve = section.substr(0, section.find(','));
    const std::size_t size = curve == "P-256"   ? 32
                             : curve == "P-384" ? 48
                             : curve == "P-521" ? 66
                                                : 0;
    Vector vector = begin(record, Operation::verify);
    vector.verdict = verdict_of(record);
    if (size == 0) {
      vector.skip = Skip::curve;
    } else if (!section.ends_with(",SHA-256")) {
      vector.skip = Skip::hash;
    } else {
      const std::string type = "p" + curve.substr(2);
      vector.values = {
          {"type", copy(as_bytes(type))},
          {"public_key", ec_public_key(type, point(record.get("Qx"), record.get("Qy"), size))},
          {"message", from_hex(record.get("Msg"))},
          {"signature",
           ecdsa_signature(from_hex_number(record.get("R")), from_hex_number(record.get("S")))}};
    }
    vectors.push_back(std::move(vector));
  }
  return vectors;
}

std::vector<Vector> read_nist_rsa(const Path& file) {
  std::vector<Vector> vectors;
  Bytes n;
  for (const Record& record : read_records(file)) {
    if (record.has("n")) n = stripped(from_hex_number(record.get("n")));
    if (!record.has("S")) continue;
    Vector vector = begin(record, Operation::verify);
    vector.verdict = verdict_of(record);
    if (record.get("SHAAlg") != "SHA256") vector.skip = Skip::hash;
    vector.values = {{"type", copy(as_bytes("rsa"))},
                     {"public_key", rsa_public_key(n, from_hex_number(record.get("e")))},
                     {"message", from_hex(record.get("Msg"))},
                     {"signature", resized(from_hex_number(record.get("S")), n.size())}};
    vectors.push_back(std::move(vector));
  }
  return vectors;
}

// CAVS .fax and RFC 5114: P, Q and G in a record of their own, or in each; agreements, or keys.
std::vector<Vector> read_nist_ffdh(const Path& file) {
  std::vector<Vector> vectors;
  std::map<std::string, Bytes, std::less<>> group;
  for (const Record& record :
       read_records(file, {.blank_line_ends = false, .first_key = "COUNT"})) {
    const auto number = [&](std::string_view key) {
      return stripped(from_hex_number(record.get(key)));
    };
    if (record.has("P")) group = {{"p", number("P")}, {"g", number("G")}};
    if (record.has("Q")) group["q"] = number("Q");
    if (!record.has("COUNT")) continue;
    Vector vector = begin(record, Operation::ffdh);
    vector.values = group;
    if (record.has("XstatIUT")) {
      vector.verdict = verdict_of(record);
      vector.values["x"] = number("XstatIUT");
      vector.values["own"] = number("YstatIUT");
      vector.values["peer"] = number("YstatCAVS");
      vector.values["z"] = number("Z");
    } else {
      vector.values["x"] = number("X");
      vector.values["own"] = number("Y");
    }
    vectors.push_back(std::move(vector));
  }
  return vectors;
}

std::vector<Vector> read_rfc3526(const Path& file) {
  std::vector<Vector> vectors;
  for (const Record& record : read_records(file)) {
    Vector vector = begin(record, Operation::safe_prime);
    vector.values = {{"p", from_hex(record.get("P"))}, {"g", from_hex_number(record.get("G"))}};
    vectors.push_back(std::move(vector));
  }
  return vectors;
}

std::vector<Vector> read_decimal_dh(const Path& file) {
  std::vector<Vector> vectors;
  for (const Record& record : read_records(file)) {
    Vector vector = begin(record, Operation::ffdh);
    vector.values = {{"p", from_decimal(record.get("P"))},
                     {"g", from_decimal(record.get("G"))},
                     {"x", from_decimal(record.get("X"))},
                     {"peer", from_decimal(record.get("Y"))},
                     {"z", from_hex_number(record.get("K"))}};
    vectors.push_back(std::move(vector));
  }
  return vectors;
}

// Two sides with different primes: each key belongs to its own group, and the first pair's share is
// none in the other's.
std::vector<Vector> read_bad_exchange(const Path& file) {
  std::vector<Vector> vectors;
  for (const Record& record : read_records(file)) {
    for (const std::string side : {"1", "2"}) {
      Vector own = begin(record, Operation::ffdh);
      own.id += ", side " + side;
      own.values = {{"p", from_decimal(record.get("P" + side))},
                    {"g", from_decimal(record.get("G"))},
                    {"x", from_decimal(record.get("X" + side))},
                    {"own", from_decimal(record.get("Y" + side))}};
      vectors.push_back(std::move(own));
    }
    if (record.get("COUNT") != "0") continue;
    Vector share = begin(record, Operation::ffdh_share);
    share.id += ", Y2 > P1";
    share.verdict = Verdict::invalid;
    share.values = {{"p", from_decimal(record.get("P1"))},
                    {"share", from_decimal(record.get("Y2"))}};
    vectors.push_back(std::move(share));
  }
  return vectors;
}

// Compressed points with what they are: the port refuses the one and takes the other.
std::vector<Vector> read_points(const Path& file) {
  std::vector<Vector> vectors;
  for (const Record& record : read_records(file)) {
    Vector whole = begin(record, Operation::p256_share);
    Vector compressed = begin(record, Operation::p256_share);
    compressed.id += ", compressed";
    compressed.verdict = Verdict::invalid;
    if (record.get("CURVE") != "SECP256R1") whole.skip = compressed.skip = Skip::curve;
    whole.values = {{"point", point(record.get("X"), record.get("Y"), 32)}};
    compressed.values = {{"point", from_hex(record.get("POINT"))}};
    vectors.push_back(std::move(whole));
    vectors.push_back(std::move(compressed));
  }
  return vectors;
}

}  // namespace wib::conformance
