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
  const auto again = read_trace(written);
  expect(again.has_value(), "what is written can be read");
  expect(same_header(again->header, trace->header), "the same header");
  expect(std::ranges::equal(again->steps, trace->steps, same_step), "the same steps");
  std::vector<Property> broken = trace->broken;
  std::ranges::sort(broken);
  expect(again->broken == broken, "the same findings");
}

}  // namespace wib::fuzz
