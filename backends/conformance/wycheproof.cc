// SPDX-License-Identifier: Apache-2.0
//
// Wycheproof's JSON (C2SP/wycheproof, testvectors_v1).
#include <fstream>
#include <nlohmann/json.hpp>

#include "backends/conformance/sources.h"
#include "protocol/crypto.h"

namespace wib::conformance {
namespace {

using nlohmann::json;

json parse(const Path& file) {
  std::ifstream stream(file);
  if (!stream) throw BadVector("cannot read " + file.string());
  return json::parse(stream);
}

Bytes hex(const json& object, const char* key) {
  return from_hex(object.at(key).get<std::string>());
}

Verdict verdict_of(const json& test) {
  const auto& result = test.at("result").get_ref<const std::string&>();
  if (result == "valid") return Verdict::valid;
  if (result == "invalid") return Verdict::invalid;
  if (result == "acceptable") return Verdict::acceptable;
  throw BadVector("a verdict " + result);
}

// One vector for each test; `fill` adds what the file's kind has.
template <class Fill>
std::vector<Vector> read_tests(const Path& file, Operation operation, Fill fill) {
  const json whole = parse(file);
  std::vector<Vector> vectors;
  for (const json& group : whole.at("testGroups")) {
    for (const json& test : group.at("tests")) {
      Vector vector;
      vector.id = "tcId " + std::to_string(test.at("tcId").get<int>());
      vector.operation = operation;
      vector.verdict = verdict_of(test);
      fill(vector, group, test);
      vectors.push_back(std::move(vector));
    }
  }
  if (vectors.size() != whole.at("numberOfTests").get<std::size_t>()) {
    throw BadVector(file.string() + ": not as many tests as it says");
  }
  return vectors;
}

std::string algorithm(const Path& file) { return parse(file).at("algorithm").get<std::string>(); }

// What a P-256 SubjectPublicKeyInfo has before its uncompressed point, in bytes.
constexpr std::size_t p256_key_prefix_size = 26;

}  // namespace

std::vector<Vector> read_wycheproof_hmac(const Path& file) {
  const auto operation =
      algorithm(file) == "HMACSHA256" ? Operation::hmac_sha256 : Operation::hmac_sha512;
  return read_tests(file, operation, [](Vector& vector, const json&, const json& test) {
    vector.values = {
        {"key", hex(test, "key")}, {"message", hex(test, "msg")}, {"tag", hex(test, "tag")}};
  });
}

std::vector<Vector> read_wycheproof_hkdf(const Path& file) {
  const bool sha256 = algorithm(file) == "HKDF-SHA-256";
  return read_tests(file, Operation::hkdf_sha256,
                    [&](Vector& vector, const json&, const json& test) {
                      if (!sha256) vector.skip = Skip::hash;
                      vector.values = {{"salt", hex(test, "salt")},
                                       {"ikm", hex(test, "ikm")},
                                       {"info", hex(test, "info")},
                                       {"okm", hex(test, "okm")}};
                      vector.count = test.at("size").get<std::uint32_t>();
                    });
}

std::vector<Vector> read_wycheproof_pbkdf2(const Path& file) {
  return read_tests(file, Operation::pbkdf2_sha256,
                    [](Vector& vector, const json&, const json& test) {
                      vector.values = {{"password", hex(test, "password")},
                                       {"salt", hex(test, "salt")},
                                       {"key", hex(test, "dk")}};
                      vector.count = test.at("iterationCount").get<std::uint32_t>();
                    });
}

std::vector<Vector> read_wycheproof_cbc(const Path& file) {
  return read_tests(file, Operation::aes256_cbc_padded,
                    [](Vector& vector, const json& group, const json& test) {
                      if (group.at("keySize") != 256) vector.skip = Skip::aes_key;
                      vector.values = {{"key", hex(test, "key")},
                                       {"iv", hex(test, "iv")},
                                       {"plain", hex(test, "msg")},
                                       {"cipher", hex(test, "ct")}};
                    });
}

std::vector<Vector> read_wycheproof_aead(const Path& file) {
  const bool gcm = algorithm(file) == "AES-GCM";
  const auto operation = gcm ? Operation::aes256_gcm : Operation::chacha20_poly1305;
  return read_tests(file, operation, [&](Vector& vector, const json& group, const json& test) {
    if (group.at("keySize") != 256) vector.skip = Skip::aes_key;
    // The port takes one size.
    if (group.at("ivSize") != 8 * aead_nonce_size || group.at("tagSize") != 8 * aead_tag_size) {
      vector.verdict = Verdict::invalid;
    }
    vector.values = {{"key", hex(test, "key")},        {"nonce", hex(test, "iv")},
                     {"associated", hex(test, "aad")}, {"plain", hex(test, "msg")},
                     {"cipher", hex(test, "ct")},      {"tag", hex(test, "tag")}};
  });
}

// Points as they are ("ecpoint"), or in a SubjectPublicKeyInfo ("asn"), which only a certificate
// brings in: there the key is looked at through one.
std::vector<Vector> read_wycheproof_ecdh(const Path& file) {
  const auto fill = [](Vector& vector, const json& group, const json& test) {
    const Bytes bytes = hex(test, "public");
    ByteView key = bytes;
    const bool certified = group.at("encoding") == "asn";
    if (certified && vector.verdict != Verdict::valid) {
      vector.operation = Operation::inspect;
      vector.values = {{"public_key", bytes}, {"type", copy(as_bytes("p256"))}};
      return;
    }
    if (vector.verdict == Verdict::invalid) {
      vector.operation = Operation::p256_share;
      vector.values = {{"point", bytes}};
      return;
    }
    if (certified) {
      if (key.size() != p256_key_prefix_size + p256_point_size) throw BadVector(vector.id);
      key = key.last(p256_point_size);
    }
    vector.values = {
        {"scalar", hex(test, "private")}, {"peer", copy(key)}, {"z", hex(test, "shared")}};
  };
  return read_tests(file, Operation::p256_agree, fill);
}

std::vector<Vector> read_wycheproof_verify(const Path& file) {
  const std::string type = algorithm(file) == "ECDSA" ? "p256" : "rsa";
  return read_tests(file, Operation::verify,
                    [&](Vector& vector, const json& group, const json& test) {
                      if (group.at("sha") != "SHA-256") vector.skip = Skip::hash;
                      vector.values = {{"type", copy(as_bytes(type))},
                                       {"public_key", hex(group, "publicKeyDer")},
                                       {"message", hex(test, "msg")},
                                       {"signature", hex(test, "sig")}};
                    });
}

}  // namespace wib::conformance
