// SPDX-License-Identifier: Apache-2.0
//
// Seeds from runs: every suite of the message targets goes through honest runs and attacks, and
// what was on the wire is cut up for each parser.
#include <nlohmann/json.hpp>

#include "attacks/scenarios/runner.h"
#include "attacks/world/trace.h"
#include "backends/registry.h"
#include "fuzz/parsers/message_suites.h"
#include "fuzz/seeds/seed_folder.h"

namespace wib::fuzz {
namespace {

using attacks::ByteVector;
using attacks::Trace;

// An input of a message target: suite, what is around, body.
ByteVector message_input(std::size_t suite, Byte around, ByteView body) {
  ByteVector input(2 + body.size());
  input[0] = static_cast<Byte>(suite);
  input[1] = around;
  std::ranges::copy(body, input.begin() + 2);
  return input;
}

// Adds what is in a request; returns the target that takes its answer.
std::string add_request(SeedFolder& seeds, std::size_t suite, ByteView bytes) {
  http::RequestParser parser;
  seeds.add("http_request", bytes);
  if (parser.feed(bytes).progress != http::Progress::complete) return "";
  const http::Request& request = parser.request();
  if (request.has_cookie) seeds.add("cookie", request.cookie);
  if (request.method != http::Method::post) return "client_offer";
  seeds.add("cbor", request.body);
  const auto body = message_input(suite, 1, request.body);
  if (request.target == "/setup/dh.wib") {
    seeds.add("device_dh", body);
    return "client_share";
  }
  if (request.target == "/setup/auth.wib") {
    seeds.add("device_auth", body);
    return "";
  }
  seeds.add("device_key", body);
  return "client_key";
}

void add_response(SeedFolder& seeds, const std::string& target, std::size_t suite, ByteView bytes) {
  http::ResponseParser parser;
  seeds.add("http_response", bytes);
  if (parser.feed(bytes).progress != http::Progress::complete) return;
  const http::Response& response = parser.response();
  if (response.has_set_cookie) seeds.add("set_cookie", response.set_cookie);
  if (target.empty() || response.body.empty() || response.status != 200) return;
  seeds.add(target, message_input(suite, response.has_set_cookie ? 1 : 0, response.body));
  seeds.add("cbor", response.body);
}

// A trace of the first `steps` steps, as a file.
std::string shortened(std::string_view text, std::size_t steps) {
  std::string file;
  for (std::size_t line = 0; line <= steps; ++line) {
    const std::size_t end = text.find('\n') + 1;
    if (text.starts_with("{\"end\"")) break;
    file += text.substr(0, end);
    text.remove_prefix(end);
  }
  const auto count = std::ranges::count(file, '\n') - 1;
  return file + "{\"end\":" + std::to_string(count) + ",\"properties\":{\"P-S2\":\"broken\"}}\n";
}

void add_trace(SeedFolder& seeds, std::size_t suite, const std::string& text) {
  seeds.add("trace", shortened(text, 3));
  const auto trace = attacks::read_trace(text);
  if (!trace) return;
  ByteVector requests;
  ByteVector responses;
  std::string answer;  // the target that takes the next one
  for (const attacks::TraceStep& step : trace->steps) {
    for (const auto& term : {step.step.term, step.step.other}) {
      if (term != nullptr) seeds.add("term_json", attacks::to_json(term).dump());
    }
    for (const auto& [field, term] : step.step.delivery.fields) {
      seeds.add("term_json", attacks::to_json(term).dump());
    }
    if (step.emitted.empty()) continue;
    const bool response = as_text(step.emitted).starts_with("HTTP/");
    ByteVector& stream = response ? responses : requests;
    stream.insert(stream.end(), step.emitted.begin(), step.emitted.end());
    if (response) {
      add_response(seeds, answer, suite, step.emitted);
    } else {
      answer = add_request(seeds, suite, step.emitted);
    }
  }
  seeds.add("http_request", requests);
  seeds.add("http_response", responses);
  seeds.add("device_session", requests);
  seeds.add("client_session", responses);
}

// One family of attacks each; what searches for seconds is left out.
bool chosen(const attacks::Scenario& scenario) {
  return !scenario.once && scenario.device_entropy.text() == "full";
}

}  // namespace

void add_session_seeds(SeedFolder& seeds) {
  Backend* const backend = find_backend("openssl");
  if (backend == nullptr) return;
  std::string family;
  for (const attacks::Scenario& scenario : attacks::scenarios()) {
    if (!chosen(scenario) || family == scenario.family) continue;
    family = scenario.family;
    for (std::size_t suite = 0; suite < message_suites().size(); ++suite) {
      const auto run = attacks::run_scenario(scenario, {.suite = message_suites()[suite],
                                                        .device_backend = *backend,
                                                        .client_backend = *backend});
      add_trace(seeds, suite, run.trace);
    }
  }
}

}  // namespace wib::fuzz
