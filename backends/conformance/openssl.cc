// SPDX-License-Identifier: Apache-2.0
//
// OpenSSL's evp_test files, and its Diffie-Hellman parameters.
#include <algorithm>

#include "backends/conformance/records.h"
#include "backends/conformance/sources.h"
#include "protocol/crypto.h"
#include "protocol/der.h"

namespace wib::conformance {
namespace {

ByteView take(der::Reader& reader, der::Tag tag) {
  const auto content = reader.take(tag);
  if (!content) throw BadVector("not the DER that was expected");
  return *content;
}

Bytes take_number(der::Reader& reader) {
  ByteView number = take(reader, der::Tag::integer);
  while (!number.empty() && number[0] == 0) number = number.subspan(1);
  return copy(number);
}

struct Key {
  Bytes p, g;    // Diffie-Hellman
  Bytes number;  // x or y; of an elliptic curve the scalar or the point
};

// PKCS #3 AlgorithmIdentifier, or an elliptic curve's, which has no numbers.
void read_algorithm(ByteView algorithm, Key& key) {
  der::Reader fields(algorithm);
  take(fields, der::Tag::oid);
  const auto parameters = fields.take(der::Tag::sequence);
  if (!parameters) return;
  der::Reader numbers(*parameters);
  key.p = take_number(numbers);
  key.g = take_number(numbers);
}

Key read_private(ByteView pkcs8) {
  Key key;
  der::Reader outer(pkcs8);
  der::Reader fields(take(outer, der::Tag::sequence));
  take(fields, der::Tag::integer);
  read_algorithm(take(fields, der::Tag::sequence), key);
  der::Reader inner(take(fields, der::Tag::octet_string));
  if (!key.p.empty()) {
    key.number = take_number(inner);
    return key;
  }
  der::Reader ec(take(inner, der::Tag::sequence));
  take(ec, der::Tag::integer);
  key.number = copy(take(ec, der::Tag::octet_string));
  return key;
}

Key read_public(ByteView spki) {
  Key key;
  der::Reader outer(spki);
  der::Reader fields(take(outer, der::Tag::sequence));
  read_algorithm(take(fields, der::Tag::sequence), key);
  const ByteView bits = take(fields, der::Tag::bit_string).subspan(1);
  if (key.p.empty()) {
    key.number = copy(bits);
    return key;
  }
  der::Reader inner(bits);
  key.number = take_number(inner);
  return key;
}

// "hexkey:0b0b", "salt:": what is behind the first colon, in hexadecimal if it says so.
Bytes control(const Record& record, std::string_view key) {
  const std::string text = record.get(key);
  const auto colon = text.find(':');
  if (colon == std::string::npos) return {};
  const std::string value = text.substr(colon + 1);
  return text.starts_with("hex") ? from_hex(value) : copy(as_bytes(value));
}

Vector begin(const Record& record, Operation operation) {
  Vector vector;
  vector.id = record.id();
  vector.operation = operation;
  return vector;
}

}  // namespace

std::vector<Vector> read_openssl_hkdf(const Path& file) {
  std::vector<Vector> vectors;
  for (const Record& record : read_records(file)) {
    if (!record.has("KDF")) continue;
    Vector vector = begin(record, Operation::hkdf_sha256);
    if (record.get("Ctrl.digest") != "digest:SHA256") {
      vector.skip = Skip::hash;
    } else if (record.has("Ctrl.mode")) {
      vector.skip = Skip::hkdf_step;
    } else if (record.has("Result")) {
      throw BadVector(vector.id + ": a result that its reader does not know");
    }
    vector.values = {{"salt", control(record, "Ctrl.salt")},
                     {"ikm", control(record, "Ctrl.IKM")},
                     {"info", control(record, "Ctrl.info")},
                     {"okm", from_hex(record.get("Output"))}};
    vectors.push_back(std::move(vector));
  }
  return vectors;
}

// Keys by their names, then what is derived with them.
std::vector<Vector> read_openssl_derive(const Path& file) {
  std::vector<Vector> vectors;
  std::map<std::string, Record, std::less<>> keys;
  for (const Record& record : read_records(file)) {
    for (const char* const kind : {"PrivateKey", "PublicKey"}) {
      if (record.has(kind)) keys[record.get(kind)] = record;
    }
    if (!record.has("Derive")) continue;
    const std::string name = record.get("Derive");
    const bool finite = name.starts_with("ffdhe");
    Vector vector = begin(record, finite ? Operation::ffdh : Operation::p256_agree);
    vector.id += " " + name;
    if (!finite && name.find("_P-256_") == std::string::npos) {
      vector.skip = Skip::curve;
    } else if (record.has("KDFType")) {
      vector.skip = Skip::derivation;
    } else {
      if (record.has("Result")) vector.verdict = Verdict::invalid;
      const Key own = read_private(keys.at(name).pem);
      const Key peer = read_public(keys.at(record.get("PeerKey")).pem);
      vector.values = {{"peer", peer.number}, {"z", from_hex(record.get("SharedSecret"))}};
      if (finite) {
        vector.values.insert({{"p", own.p}, {"g", own.g}, {"x", own.number}});
        if (own.p != peer.p) throw BadVector(vector.id + ": keys of two groups");
      } else {
        vector.values["scalar"] = own.number;
      }
      // Their own public key, where the file has it.
      const std::string public_name = name + (finite ? "-pub" : "-PUBLIC");
      if (keys.contains(public_name)) {
        vector.values["own"] = read_public(keys[public_name].pem).number;
      }
    }
    vectors.push_back(std::move(vector));
  }
  return vectors;
}

// A folder with valid/ and invalid/: of the valid ones the arithmetic, g^q and the little theorem.
std::vector<Vector> read_openssl_parameters(const Path& folder) {
  std::vector<Path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".pem") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<Vector> vectors;
  for (const Path& file : files) {
    const auto records = read_records(file, {.blank_line_ends = false, .first_key = {}});
    Vector vector;
    vector.operation = Operation::mod_exp;
    vector.id = file.lexically_relative(folder).string();
    if (vector.id.starts_with("invalid")) {
      vector.skip = Skip::parameters;
      vectors.push_back(std::move(vector));
      continue;
    }
    der::Reader outer(records.at(0).pem);
    der::Reader fields(take(outer, der::Tag::sequence));
    const Bytes p = take_number(fields);
    const Bytes g = take_number(fields);
    const Bytes one = resized(Bytes{1}, p.size());
    Bytes top = p;
    top.back() ^= 1U;
    vector.values = {{"base", g}, {"exponent", top}, {"modulus", p}, {"result", one}};
    // X9.42 has q next; PKCS #3 has the length of an exponent there, or nothing.
    if (file.filename().string().starts_with("dhx"))
      vector.values["exponent"] = take_number(fields);
    vectors.push_back(std::move(vector));
  }
  return vectors;
}

}  // namespace wib::conformance
