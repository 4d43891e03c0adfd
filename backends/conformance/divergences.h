// SPDX-License-Identifier: Apache-2.0
//
// What the libraries make of the same input by themselves (backends/bare.h), held against
// divergences/*.json and each backend's own divergences*.json: input, what the library does, why,
// and what wib decides. Of a library that no file speaks of, what differs from wib is new; a
// declared difference that is gone is stale, and one that is another now is changed: each fails.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "backends/conformance/subject.h"

namespace wib::conformance {

// One question, with its inputs under the names that a reader knows ("p - 1").
struct Question {
  std::string id;
  std::string operation;    // of Bare: "ffdh_agree"
  Capability capability{};  // what a backend declares that decides it
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

// A declaration speaks of the libraries that it names; what it names answers in this program,
// unless it says `"optional": true`.
struct Declaration {
  std::string file;
  std::string id;
  std::string operation;
  std::map<std::string, std::string> inputs;
  Answers bare;
  std::string why;
  std::string wib;
  bool optional = false;
};

// The file's, in its order. Throws BadVector for anything missing or unknown in it.
[[nodiscard]] std::vector<Declaration> read_declarations(const std::filesystem::path& file);

// The folder's JSON files whose name begins with that, in the order of their names.
[[nodiscard]] std::vector<std::filesystem::path> declaration_files(
    const std::filesystem::path& folder, std::string_view beginning = {});

// What is wrong, each as a text for a person: "new: ...", "stale: ...", "changed: ...",
// "unasked: ...", "twice: ...". `answers` has every question's, by operation and id, wib's own
// among them.
[[nodiscard]] std::vector<std::string> judge(const std::vector<Question>& questions,
                                             const std::map<std::string, Answers>& answers,
                                             const std::vector<Declaration>& declarations);

[[nodiscard]] std::string key(const Question& question);

}  // namespace wib::conformance
