// SPDX-License-Identifier: Apache-2.0
//
// What the libraries make of the same input by themselves (backends/bare.h), held against
// divergences/*.json: input, what each library does, why, and what wib decides. A difference that
// nobody declared is new, a declared one that is gone is stale, and one that is another now is
// changed: each fails.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "backends/conformance/vector.h"
#include "backends/registry.h"

namespace wib::conformance {

// One question, with its inputs under the names that a reader knows ("p - 1").
struct Question {
  std::string id;
  std::string operation;  // of Bare: "ffdh_agree"
  std::map<std::string, std::string> inputs;
  std::map<std::string, Bytes, std::less<>> bytes;  // the same inputs
};

// Every question that the libraries are asked: the edges of every operation of Bare, and ordinary
// inputs beside them.
[[nodiscard]] const std::vector<Question>& questions();

// An outcome as the files write it: "refused", "empty", "N zeros", up to 64 bytes in hexadecimal,
// and "N bytes, sha256 ..." for more. A file may say "N bytes, any" for what is another each time.
[[nodiscard]] std::string as_text(const Bare::Outcome& outcome);

// What the library says, and what wib says through the port.
[[nodiscard]] Bare::Outcome ask(Bare& bare, const Question& question);
[[nodiscard]] Bare::Outcome decide(Crypto& crypto, const Question& question);

// Outcomes by backend; wib's own among them.
inline constexpr const char* wib_itself = "wib";
using Answers = std::map<std::string, std::string>;

struct Declaration {
  std::string file;
  std::string id;
  std::string operation;
  std::map<std::string, std::string> inputs;
  Answers bare;
  std::string why;
  std::string wib;
};

// All of the folder's files. Throws BadVector for anything missing or unknown in them.
[[nodiscard]] std::vector<Declaration> read_declarations(const std::filesystem::path& folder);

// What is wrong, each as a text for a person: "new: ...", "stale: ...", "changed: ...",
// "unasked: ...". `answers` has every question's, by operation and id. A declaration speaks only of
// the backends that were asked.
[[nodiscard]] std::vector<std::string> judge(const std::vector<Question>& questions,
                                             const std::map<std::string, Answers>& answers,
                                             const std::vector<Declaration>& declarations);

[[nodiscard]] std::string key(const Question& question);

}  // namespace wib::conformance
