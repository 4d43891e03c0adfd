// SPDX-License-Identifier: Apache-2.0
//
// Traces, as `wib replay` takes them from anybody.
#include "attacks/world/trace.h"

#include <nlohmann/json.hpp>

#include "backends/ideal/ideal.h"
#include "fuzz/parsers/oracle.h"

namespace wib::fuzz {

const std::string_view invariant =
    "A trace that is accepted is written so that it reads the same; an error names a line that the "
    "text has.";

namespace {

using namespace wib::attacks;  // NOLINT: the whole target is made of it

// The log that such a trace is written from. Messages that the attacker made are not in it: what
// reads a trace keeps no bytes of them.
Log log_of(const Trace& trace) {
  Log log;
  for (const TraceStep& step : trace.steps) {
    LoggedStep logged{.number = log.steps.size() + 1,
                      .step = step.step,
                      .status = step.status,
                      .connection_refused = step.connection_refused,
                      .failed = step.failed};
    if (!step.emitted.empty()) {
      logged.emitted = log.messages.size();
      log.messages.push_back({.number = log.messages.size(), .bytes = step.emitted});
    }
    log.steps.push_back(std::move(logged));
  }
  return log;
}

Judgement judgement_of(const Trace& trace) {
  Judgement judgement;
  for (const PropertyInfo& info : properties()) {
    const bool broken = std::ranges::find(trace.broken, info.property) != trace.broken.end();
    judgement.properties.push_back({info.property, broken ? Finding::broken : Finding::holds, ""});
  }
  return judgement;
}

bool same_term(const TermRef& a, const TermRef& b) {
  if (a == nullptr || b == nullptr) return a == b;
  return to_json(a) == to_json(b);
}

bool same_step(const TraceStep& a, const TraceStep& b) {
  const Delivery& left = a.step.delivery;
  const Delivery& right = b.step.delivery;
  const auto same_field = [](const auto& x, const auto& y) {
    return x.first == y.first && same_term(x.second, y.second);
  };
  return a.step.kind == b.step.kind && a.step.client == b.step.client && a.step.ms == b.step.ms &&
         a.step.label == b.step.label && a.step.note == b.step.note &&
         same_term(a.step.term, b.step.term) && same_term(a.step.other, b.step.other) &&
         left.forward == right.forward && left.endpoint == right.endpoint &&
         left.status == right.status && same_term(left.cookie, right.cookie) &&
         std::ranges::equal(left.fields, right.fields, same_field) && a.status == b.status &&
         a.connection_refused == b.connection_refused && a.failed == b.failed &&
         a.emitted == b.emitted;
}

bool same_header(const TraceHeader& a, const TraceHeader& b) {
  return a.scenario == b.scenario && a.suite == b.suite && a.reading == b.reading &&
         a.device_backend == b.device_backend && a.client_backend == b.client_backend &&
         a.seed == b.seed && a.serial == b.serial && a.device_entropy == b.device_entropy &&
         a.initial == b.initial && a.target == b.target;
}

using Json = nlohmann::ordered_json;

// True if what was written is what was there: `there` may have more.
bool part_of(const Json& written, const Json& there) {
  if (!written.is_object() || !there.is_object()) return written == there;
  for (const auto& item : written.items()) {
    if (!there.contains(item.key()) || !part_of(item.value(), there.at(item.key()))) return false;
  }
  return true;
}

// The next line that is not empty, as JSON.
Json next_line(std::string_view& text) {
  std::string_view line;
  while (line.empty() && !text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return Json::parse(line, nullptr, false);
}

// A misreading that repeats itself is seen only by who looks at the text once more.
void expect_same_lines(std::string_view text, std::string_view written) {
  while (!written.empty()) {
    const Json there = next_line(text);
    Json line = next_line(written);
    if (line.contains("end")) return expect(line.at("end") == there.at("end"), "the end");
    // Of these the words, the numbering, the order and zeros in front are not kept.
    for (const char* other : {"failed", "emitted", "initial", "device_entropy"}) {
      expect(!line.contains(other) || there.contains(other), "as it was");
      line.erase(other);
    }
    expect(part_of(line, there), "each line as it was");
  }
}

}  // namespace

void one_input(ByteView input) {
  const std::string_view text = as_text(input);
  const auto trace = read_trace(text);
  if (!trace) {
    const Error& error = trace.error();
    expect(!error.local() || error.code == Errc::capacity, "the text's fault");
    expect(!error.where.empty(), "an error says what was expected");
    const auto lines = static_cast<std::uint32_t>(std::ranges::count(text, '\n') + 1);
    expect(error.offset >= 1 && error.offset <= lines, "a line that the text has");
    return;
  }
  auto& ideal = wib_backend_ideal::registered();
  const std::string written =
      write_trace(trace->header, log_of(*trace), judgement_of(*trace), ideal.crypto(), false);
  expect_same_lines(text, written);
  const auto again = read_trace(written);
  expect(again.has_value(), "what is written can be read");
  expect(same_header(again->header, trace->header), "the same header");
  expect(std::ranges::equal(again->steps, trace->steps, same_step), "the same steps");
  std::vector<Property> broken = trace->broken;
  std::ranges::sort(broken);
  expect(again->broken == broken, "the same findings");
}

}  // namespace wib::fuzz
