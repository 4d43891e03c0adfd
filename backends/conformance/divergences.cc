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

bool differ(const Answers& answers) {
  return std::ranges::any_of(
      answers, [&](const auto& answer) { return answer.second != answers.begin()->second; });
}

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

// A declaration speaks of those that were asked in this program, of all of them.
bool matches(const Declaration& declaration, const Answers& now) {
  return std::ranges::all_of(now, [&](const auto& answer) {
    if (answer.first == wib_itself) return matches(declaration.wib, answer.second);
    const auto found = declaration.bare.find(answer.first);
    return found != declaration.bare.end() && matches(found->second, answer.second);
  });
}

// Ready to be pasted into a file.
std::string as_entry(const Question& question, Answers answers) {
  const std::string decided = answers[wib_itself];
  answers.erase(wib_itself);
  const json entry = {{"id", question.id},
                      {"operation", question.operation},
                      {"inputs", question.inputs},
                      {"bare", answers},
                      {"why", ""},
                      {"wib", decided}};
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
  if (!backends().front()->crypto().sha256(bytes, digest)) throw BadVector("no SHA-256");
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

std::vector<Declaration> read_declarations(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<Declaration> declarations;
  for (const auto& file : files) {
    std::ifstream stream(file);
    for (const json& entry : json::parse(stream)) {
      try {
        Declaration declared = {.file = file.filename().string(),
                                .id = entry.at("id"),
                                .operation = entry.at("operation"),
                                .inputs = entry.at("inputs"),
                                .bare = entry.at("bare"),
                                .why = entry.at("why"),
                                .wib = entry.at("wib")};
        if (entry.size() != 6) throw BadVector("a field that is not known");
        if (declared.why.empty() || declared.wib.empty()) throw BadVector("no reason, no decision");
        declarations.push_back(std::move(declared));
      } catch (const std::exception& error) {
        throw BadVector(file.filename().string() + ": " + error.what() + " in " + entry.dump());
      }
    }
  }
  return declarations;
}

std::vector<std::string> judge(const std::vector<Question>& questions,
                               const std::map<std::string, Answers>& answers,
                               const std::vector<Declaration>& declarations) {
  std::vector<std::string> findings;
  std::map<std::string, const Declaration*> declared;
  for (const Declaration& declaration : declarations) {
    const std::string id = declaration.operation + ": " + declaration.id;
    if (!declared.emplace(id, &declaration).second) findings.push_back("twice: " + id);
  }
  std::set<std::string> known;
  for (const Question& question : questions) {
    const std::string id = key(question);
    known.insert(id);
    const Answers& now = answers.at(id);
    const auto found = declared.find(id);
    if (found == declared.end()) {
      if (differ(now)) {
        findings.push_back("new: a difference that no file declares:\n" + as_entry(question, now));
      }
      continue;
    }
    const Declaration& declaration = *found->second;
    if (declaration.inputs != question.inputs) {
      findings.push_back("changed: " + id + ": the inputs are others than in " + declaration.file);
    }
    if (!differ(now) && now.size() > 1) {
      findings.push_back("stale: " + id + " (" + declaration.file +
                         "): all agree now: " + now.begin()->second);
    } else if (!matches(declaration, now)) {
      findings.push_back("changed: " + id + " (" + declaration.file + "): now\n" +
                         as_entry(question, now));
    }
  }
  for (const auto& [id, declaration] : declared) {
    if (!known.contains(id)) {
      findings.push_back("unasked: " + id + " (" + declaration->file + "): no such question");
    }
  }
  return findings;
}

}  // namespace wib::conformance
