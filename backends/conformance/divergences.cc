// SPDX-License-Identifier: Apache-2.0
#include "backends/conformance/divergences.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

namespace wib::conformance {
namespace {

using nlohmann::json;

Bare::Outcome refused() { return {.refused = true, .bytes = {}}; }

// The port's answer, from a call that fills a buffer.
template <class Operation>
Bare::Outcome outcome_of(std::size_t size, Operation operation) {
  Bytes out(size);
  if (!operation(ByteSpan(out))) return refused();
  return {.refused = false, .bytes = out};
}

Bytes point_x(ByteView point) { return copy(point.subspan(1, 32)); }

// The bytes of an outcome, from its text; null if it is refused.
std::optional<std::size_t> size_of(const std::string& text) {
  if (text == "refused") return std::nullopt;
  if (text == "empty") return 0;
  if (text.find(' ') == std::string::npos) return text.size() / 2;
  return std::stoul(text);  // "32 zeros", "256 bytes, ..."
}

bool matches(const std::string& declared, const std::string& now) {
  if (declared.ends_with(" bytes, any")) return size_of(declared) == size_of(now);
  return declared == now;
}

// What is wrong with a declaration, now; empty if nothing is.
std::string fault(const Declaration& declaration, const Question& question, const Answers& now) {
  if (declaration.inputs != question.inputs) return "changed: the inputs are others";
  const std::string& wib = now.at(wib_itself);
  if (!matches(declaration.wib, wib)) return "changed: wib decides now: " + wib;
  std::size_t asked = 0;
  bool differs = false;
  for (const auto& [library, outcome] : declaration.bare) {
    const auto answer = now.find(library);
    if (answer == now.end()) {
      if (!declaration.optional) return "stale: " + library + " does not answer in this program";
      continue;
    }
    ++asked;
    differs = differs || answer->second != wib;
  }
  if (asked != 0 && !differs) return "stale: all agree now: " + wib;
  for (const auto& [library, outcome] : declaration.bare) {
    const auto answer = now.find(library);
    if (answer != now.end() && !matches(outcome, answer->second)) {
      return "changed: " + library + " answers now: " + answer->second;
    }
  }
  return {};
}

// Ready to be pasted into a file.
std::string as_entry(const Question& question, const Answers& answers, const std::string& wib) {
  const json entry = {{"id", question.id},
                      {"operation", question.operation},
                      {"inputs", question.inputs},
                      {"bare", answers},
                      {"why", ""},
                      {"wib", wib}};
  return entry.dump(2);
}

}  // namespace

std::string key(const Question& question) { return question.operation + ": " + question.id; }

std::string as_text(const Bare::Outcome& outcome) {
  if (outcome.refused) return "refused";
  const Bytes& bytes = outcome.bytes;
  const std::string size = std::to_string(bytes.size());
  if (bytes.empty()) return "empty";
  if (std::ranges::all_of(bytes, [](Byte byte) { return byte == 0; })) return size + " zeros";
  if (bytes.size() <= 64) return to_hex(bytes);
  Bytes digest(sha256_size);
  const auto hashers = declaring(Capability::sha256);
  if (hashers.empty() || !hashers.front()->crypto().sha256(bytes, digest)) {
    throw BadVector("no SHA-256");
  }
  return size + " bytes, sha256 " + to_hex(digest);
}

Bare::Outcome ask(Bare& bare, const Question& question) {
  const auto in = [&](std::string_view name) -> ByteView {
    return question.bytes.find(name)->second;
  };
  if (question.operation == "ffdh_agree") {
    return bare.ffdh_agree(in("p"), in("g"), in("exponent"), in("peer"));
  }
  if (question.operation == "x25519_agree") return bare.x25519_agree(in("scalar"), in("peer"));
  if (question.operation == "p256_agree") return bare.p256_agree(in("scalar"), in("peer"));
  if (question.operation == "p256_encode_infinity") return bare.p256_encode_infinity();
  if (question.operation == "hmac_sha256") return bare.hmac_sha256(in("key"), in("message"));
  if (question.operation == "hkdf_sha256") {
    return bare.hkdf_sha256(in("salt"), in("ikm"), in("info"), 42);
  }
  throw BadVector("no question " + question.operation);
}

// As the core puts the port's operations together.
Bare::Outcome decide(Crypto& crypto, const Question& question) {
  const auto in = [&](std::string_view name) -> ByteView {
    return question.bytes.find(name)->second;
  };
  if (question.operation == "ffdh_agree") {
    if (!crypto.check_share(in("peer"), in("p"))) return refused();
    return outcome_of(in("p").size(), [&](ByteSpan out) {
      return crypto.mod_exp(in("peer"), in("exponent"), in("p"), out);
    });
  }
  if (question.operation == "x25519_agree") {
    return outcome_of(x25519_size, [&](ByteSpan out) {
      return crypto.x25519_agree(in("scalar"), in("peer"), out);
    });
  }
  if (question.operation == "p256_agree") {
    if (!crypto.check_p256_share(in("peer"))) return refused();
    Bare::Outcome point = outcome_of(p256_point_size, [&](ByteSpan out) {
      return crypto.p256_mul(in("scalar"), in("peer"), out);
    });
    if (!point.refused) point.bytes = point_x(point.bytes);
    return point;
  }
  if (question.operation == "p256_encode_infinity") {
    return outcome_of(p256_point_size, [&](ByteSpan out) {
      return crypto.p256_base_mul(Bytes(p256_scalar_size), out);
    });
  }
  if (question.operation == "hmac_sha256") {
    return outcome_of(sha256_size, [&](ByteSpan out) {
      return crypto.hmac_sha256(in("key"), in("message"), out);
    });
  }
  return outcome_of(
      42, [&](ByteSpan out) { return crypto.hkdf_sha256(in("salt"), in("ikm"), in("info"), out); });
}

std::vector<std::filesystem::path> declaration_files(const std::filesystem::path& folder,
                                                     std::string_view beginning) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto& path = entry.path();
    if (path.extension() == ".json" && path.filename().string().starts_with(beginning)) {
      files.push_back(path);
    }
  }
  std::ranges::sort(files);
  return files;
}

std::vector<Declaration> read_declarations(const std::filesystem::path& file) {
  std::vector<Declaration> declarations;
  std::ifstream stream(file);
  if (!stream) throw BadVector("cannot read " + file.string());
  for (const json& entry : json::parse(stream)) {
    try {
      Declaration declared = {.file = file.string(),
                              .id = entry.at("id"),
                              .operation = entry.at("operation"),
                              .inputs = entry.at("inputs"),
                              .bare = entry.at("bare"),
                              .why = entry.at("why"),
                              .wib = entry.at("wib"),
                              .optional = entry.value("optional", false)};
      if (entry.size() != (entry.contains("optional") ? 7 : 6)) {
        throw BadVector("a field that is not known");
      }
      if (declared.why.empty() || declared.wib.empty()) throw BadVector("no reason, no decision");
      if (declared.bare.empty()) throw BadVector("no library");
      declarations.push_back(std::move(declared));
    } catch (const std::exception& error) {
      throw BadVector(file.string() + ": " + error.what() + " in " + entry.dump());
    }
  }
  return declarations;
}

std::vector<std::string> judge(const std::vector<Question>& questions,
                               const std::map<std::string, Answers>& answers,
                               const std::vector<Declaration>& declarations) {
  std::vector<std::string> findings;
  std::map<std::string, std::vector<const Declaration*>> declared;
  for (const Declaration& declaration : declarations) {
    declared[declaration.operation + ": " + declaration.id].push_back(&declaration);
  }
  std::set<std::string> known;
  for (const Question& question : questions) {
    const std::string id = key(question);
    known.insert(id);
    const Answers& now = answers.at(id);
    Answers unspoken = now;  // of which no declaration speaks
    unspoken.erase(wib_itself);
    std::set<std::string> spoken;
    for (const Declaration* const declaration : declared[id]) {
      for (const auto& [library, outcome] : declaration->bare) {
        if (!spoken.insert(library).second) findings.push_back("twice: " + id + ": " + library);
        unspoken.erase(library);
      }
      const std::string wrong = fault(*declaration, question, now);
      if (wrong.empty()) continue;
      Answers named;
      for (const auto& [library, outcome] : declaration->bare) {
        if (now.contains(library)) named.insert(*now.find(library));
      }
      findings.push_back(wrong + "\n" + id + " (" + declaration->file + "); now\n" +
                         as_entry(question, named, now.at(wib_itself)));
    }
    std::erase_if(unspoken,
                  [&](const auto& answer) { return answer.second == now.at(wib_itself); });
    if (unspoken.empty()) continue;
    findings.push_back("new: differs from wib, and no file declares it:\n" +
                       as_entry(question, unspoken, now.at(wib_itself)));
  }
  for (const auto& [id, all] : declared) {
    if (known.contains(id)) continue;
    for (const Declaration* const declaration : all) {
      findings.push_back("unasked: " + id + " (" + declaration->file + "): no such question");
    }
  }
  return findings;
}

}  // namespace wib::conformance
