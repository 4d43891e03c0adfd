// SPDX-License-Identifier: Apache-2.0
//
// llhttp's own samples, and the rules by which we differ from it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

#include "props/support/http_outcome.h"

namespace wib::http {
namespace {

using namespace props;  // NOLINT: the whole test is made of it

std::optional<std::filesystem::path> llhttp_samples() {
  std::vector<std::filesystem::path> folders;
  if (const char* given = std::getenv("WIB_VECTORS"); given != nullptr) folders.emplace_back(given);
#ifdef WIB_SOURCE_DIR
  folders.push_back(std::filesystem::path(WIB_SOURCE_DIR) / ".." / "shared" / "vectors");
#endif
  for (const auto& folder : folders) {
    if (std::filesystem::is_directory(folder / "llhttp" / "test"))
      return folder / "llhttp" / "test";
  }
  return std::nullopt;
}

struct Sample {
  std::string name;  // file and heading
  std::string type;  // "request", "response", or one of those with a suffix
  std::string meta;
  std::string stream;
  std::string log;
};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

// As llhttp's test/md-test.ts makes a stream of a block: lines end in CRLF, a backslash joins two,
// and there are escapes.
std::string stream_of(std::string block) {
  if (!block.empty() && block.back() == '\n') block.pop_back();
  replace_all(block, "\\\n", "");
  replace_all(block, "\n", "\r\n");
  replace_all(block, "\\r", "\r");
  replace_all(block, "\\n", "\n");
  replace_all(block, "\\t", "\t");
  replace_all(block, "\\f", "\f");
  static const std::regex escape(R"(\\x([0-9a-fA-F]+))");
  std::string stream;
  auto begin = block.cbegin();
  for (std::sregex_iterator it(block.begin(), block.end(), escape), end; it != end; ++it) {
    stream.append(begin, (*it)[0].first);
    stream += static_cast<char>(std::stoul((*it)[1], nullptr, 16));
    begin = (*it)[0].second;
  }
  return stream.append(begin, block.cend());
}

std::vector<Sample> read_samples(const std::filesystem::path& file) {
  static const std::regex type(R"re("type":\s*"([^"]*)")re");
  std::ifstream in(file);
  std::vector<Sample> samples;
  Sample sample;
  std::string heading;
  std::string* block = nullptr;
  for (std::string line; std::getline(in, line);) {
    std::smatch match;
    if (line == "```" && block != nullptr) {
      if (block == &sample.log) samples.push_back(sample);
      block = nullptr;
    } else if (block != nullptr) {
      *block += line + "\n";
    } else if (line == "```http" || line == "```url") {
      sample.stream.clear();
      block = &sample.stream;
    } else if (line == "```log") {
      sample.log.clear();
      block = &sample.log;
    } else if (line.starts_with("#")) {
      heading = line;
    } else if (line.starts_with("<!-- meta=") && std::regex_search(line, match, type)) {
      sample = {
          file.parent_path().filename().string() + "/" + file.filename().string() + " " + heading,
          match[1], line, "", ""};
    }
  }
  for (Sample& each : samples) each.stream = stream_of(each.stream);
  return samples;
}

// The spans of one name in a log, joined, from line `begin` to the next "message complete".
struct LoggedMessage {
  std::string method;
  std::string url;
  std::size_t body_size = 0;
  std::string status;
};

struct Log {
  std::vector<LoggedMessage> complete;
  std::string error;  // the reason, if there is one
};

Log read_log(const std::string& text) {
  static const std::regex span(R"re(len=(\d+) span\[(\w+)\]="?(.*?)"?$)re");
  static const std::regex error(R"re(error code=\d+ reason="(.*)")re");
  static const std::regex status(R"re(headers complete status=(\d+))re");
  Log log;
  LoggedMessage message;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_search(line, match, error)) {
      log.error = match[1];
    } else if (std::regex_search(line, match, span)) {
      if (match[2] == "method") message.method += match[3];
      if (match[2] == "url") message.url += match[3];
      if (match[2] == "body") message.body_size += std::stoul(match[1]);
    } else if (std::regex_search(line, match, status)) {
      message.status = match[1];
    } else if (line.ends_with("message complete")) {
      log.complete.push_back(std::exchange(message, {}));
    }
  }
  return log;
}

LoggedMessage logged(const Request& request) {
  return {request.method == Method::get    ? "GET"
          : request.method == Method::post ? "POST"
                                           : "other",
          std::string(request.target), request.body.size(), ""};
}

LoggedMessage logged(const Response& response) {
  return {"", "", response.body.size(), std::to_string(response.status)};
}

// Messages, one after another, up to a refusal or the end.
template <class P>
Log read_messages(std::string_view stream) {
  const auto parser = std::make_unique<P>();
  Log log;
  while (!stream.empty()) {
    const Fed fed = parser->feed(as_bytes(stream));
    if (fed.progress == Progress::refused) log.error = parser->refusal().error.where;
    if (fed.progress != Progress::complete) break;
    stream.remove_prefix(fed.consumed);
    log.complete.push_back(logged(message_of(*parser)));
    parser->reset();
  }
  return log;
}

// Why we refuse what llhttp accepts. Every one is a rule of http.h; the samples may name no other.
const std::map<std::string_view, std::string_view> stricter_rules = {
    {"request line: empty", "RFC 9112 section 2.2 lets a server skip an empty line; ours does not"},
    {"status line: empty", "section 2.2 lets no client do so"},
    {"request line: no version", "HTTP/0.9"},
    {"http: version", "RTSP and ICE, which llhttp reads as well"},
    {"http: version not supported", "HTTP/0.9 in a response"},
    {"request line: target", "RFC 3986 section 2: no quotes, no bars; RFC 9112 3.2: no fragment"},
    {"Invalid method encountered", "QUERY, which llhttp 8.1 does not know yet"},
    {"Invalid character in Content-Length", "tabs around a number, which llhttp 8.1 refuses"},
    {"field: comes twice", "Transfer-Encoding in two lines"},
    {"transfer-encoding: not chunked", "other codings, alone or before chunked"},
    {"chunk: extension", "no chunk extension has a meaning here"},
    {"chunk: trailer", "no trailer field has a meaning here"},
    {"framing: response without a length", "content up to the end of the connection"},
    {"framing: length of a response without content", "a 304 with a length"},
    {"status line: no space behind the code", "RFC 9112 section 4 asks for it"},
    {"status line: code out of range", "interim responses"},
};

// Why we take what llhttp refuses.
const std::map<std::string_view, std::string_view> wider_rules = {
    {"Pause on CONNECT/Upgrade", "an Upgrade is ignored, and CONNECT is a method like any other"},
    {"Data after `Connection: close`",
     "our parser reads one message; closing is the caller's part"},
};

// What is wrong with `ours` in the light of `theirs`; empty if nothing is.
std::string difference(const Log& ours, const Log& theirs, bool request) {
  const bool wider = wider_rules.contains(theirs.error);
  if (ours.complete.size() > theirs.complete.size() && !wider) return "more messages than llhttp";
  for (std::size_t i = 0; i < std::min(ours.complete.size(), theirs.complete.size()); ++i) {
    const LoggedMessage& a = ours.complete[i];
    const LoggedMessage& b = theirs.complete[i];
    const bool same_method =
        a.method == "other" ? b.method != "GET" && b.method != "POST" : a.method == b.method;
    if (request && !same_method) return "another method";
    if (request && a.url != b.url) return "another target";
    if (!request && a.status != b.status) return "another status";
    if (a.body_size != b.body_size && !wider) return "another body";
  }
  if (theirs.error.empty() && !ours.error.empty() && !stricter_rules.contains(ours.error)) {
    return "refused without a rule";
  }
  if (theirs.error.empty() && ours.error.empty() &&
      ours.complete.size() != theirs.complete.size()) {
    return "fewer messages than llhttp";
  }
  return "";
}

// Most samples have no Host, which would hide all else that they have.
std::string with_host(std::string stream) {
  static const std::regex host("\nhost:", std::regex::icase);
  if (!std::regex_search(stream, host)) {
    replace_all(stream, "HTTP/1.1\r\n", "HTTP/1.1\r\nHost: h\r\n");
  }
  return stream;
}

TEST(HttpVectors, LlhttpSamples) {
  const auto folder = llhttp_samples();
  if (!folder) GTEST_SKIP() << "no llhttp/test below WIB_VECTORS or ../shared/vectors";
  std::size_t count = 0;
  std::size_t messages = 0;
  std::set<std::string_view> used;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(*folder)) {
    if (entry.path().extension() != ".md") continue;
    for (const Sample& sample : read_samples(entry.path())) {
      const bool request = sample.type == "request";
      if (!request && sample.type != "response") continue;  // what llhttp calls lenient
      // There, llhttp is told by its caller to read no body.
      if (sample.meta.find("skipBody") != std::string::npos) continue;
      ++count;
      const Log theirs = read_log(sample.log);
      const Log ours = request ? read_messages<RequestParser>(with_host(sample.stream))
                               : read_messages<ResponseParser>(sample.stream);
      EXPECT_EQ(difference(ours, theirs, request), "")
          << sample.name << "\n"
          << sample.stream << "\nours: " << ours.complete.size() << " " << ours.error
          << "\ntheirs: " << theirs.complete.size() << " " << theirs.error;
      messages += ours.complete.size();
      if (const auto rule = stricter_rules.find(ours.error); rule != stricter_rules.end())
        used.insert(rule->first);
      if (const auto rule = wider_rules.find(theirs.error); rule != wider_rules.end())
        used.insert(rule->first);
    }
  }
  // The samples were found and read, and no rule is there for nothing.
  EXPECT_GT(count, 150U);
  EXPECT_GT(messages, 80U);
  EXPECT_EQ(used.size(), stricter_rules.size() + wider_rules.size());
  RecordProperty("samples", static_cast<int>(count));
  RecordProperty("messages", static_cast<int>(messages));
}

}  // namespace
}  // namespace wib::http
