// SPDX-License-Identifier: Apache-2.0
#include "attacks/world/trace.h"

#include <nlohmann/json.hpp>

namespace wib::attacks {
namespace {

using json = nlohmann::ordered_json;

constexpr auto step_kinds = std::to_array<StepKind>(
    {StepKind::press, StepKind::restart, StepKind::wait, StepKind::start, StepKind::request,
     StepKind::response, StepKind::learn, StepKind::check});
constexpr auto endpoints = std::to_array<Endpoint>(
    {Endpoint::get_dh, Endpoint::post_dh, Endpoint::post_auth, Endpoint::post_key});

// --- Writing ----------------------------------------------------------------------------------

json write_delivery(const Step& step) {
  const Delivery& delivery = step.delivery;
  if (delivery.forward) return {{"forward", *delivery.forward}};
  json out;
  if (step.kind == StepKind::request) {
    out["endpoint"] = std::string(name(delivery.endpoint));
  } else {
    out["status"] = static_cast<unsigned>(delivery.status);
  }
  if (delivery.cookie != nullptr) out["cookie"] = to_json(delivery.cookie);
  json fields = json::object();
  for (const auto& [field, term] : delivery.fields) fields[field] = to_json(term);
  if (!fields.empty()) out["fields"] = fields;
  return out;
}

json write_message(const WireMessage& message) {
  return {{"message", message.number}, {"from", message.from}, {"bytes", to_hex(message.bytes)}};
}

json write_step(const LoggedStep& logged, const Log& log, Crypto& crypto, bool redact) {
  const Step& step = logged.step;
  json out{{"step", logged.number}, {"do", std::string(name(step.kind))}};
  if (!step.note.empty()) out["note"] = step.note;
  if (!step.client.empty()) out["client"] = step.client;
  if (step.kind == StepKind::wait) out["ms"] = step.ms;
  if (step.kind == StepKind::request || step.kind == StepKind::response) {
    out["deliver"] = write_delivery(step);
  }
  if (step.kind == StepKind::learn) out["label"] = step.label;
  if (step.term != nullptr) out["term"] = to_json(step.term);
  if (step.other != nullptr) out["equals"] = to_json(step.other);
  if (logged.delivered) out["delivered"] = write_message(log.messages[*logged.delivered]);
  if (logged.status != Status::none) out["status"] = static_cast<unsigned>(logged.status);
  if (logged.connection_refused) out["connection_refused"] = true;
  if (logged.emitted) out["emitted"] = write_message(log.messages[*logged.emitted]);
  if (!logged.value.empty()) {
    if (redact) {
      std::array<Byte, sha256_size> digest;
      if (crypto.sha256(logged.value, digest)) out["value_sha256"] = to_hex(digest);
    } else {
      out["value"] = to_hex(logged.value);
    }
  }
  if (logged.failed) {
    out["failed"] = std::string(name(logged.error.code)) + ": " + std::string(logged.error.where);
  }
  json claims = json::array();
  for (const PartyClaim& claim : log.claims) {
    if (claim.step != logged.number) continue;
    claims.push_back({{"party", claim.party},
                      {"claim", std::string(name(claim.claim.kind))},
                      {"session", to_hex(claim.claim.session)},
                      {"transcript", to_hex(claim.claim.transcript)},
                      {"fingerprint", to_hex(claim.claim.fingerprint)}});
  }
  if (!claims.empty()) out["claims"] = claims;
  return out;
}

// --- Reading ----------------------------------------------------------------------------------

// One line being read. Every getter checks the type and says which key was wrong.
class Line {
 public:
  Line(const json& object, std::uint32_t number) : object_(object), number_(number) {}

  [[nodiscard]] bool has(const char* key) const { return object_.contains(key); }
  [[nodiscard]] const json& at(const char* key) const { return object_.at(key); }

  Result<std::string> text(const char* key) const {
    if (!has(key) || !object_.at(key).is_string()) return wrong(key);
    return object_.at(key).get<std::string>();
  }
  Result<std::uint64_t> number(const char* key) const {
    if (!has(key) || !object_.at(key).is_number_unsigned()) return wrong(key);
    return object_.at(key).get<std::uint64_t>();
  }
  Result<TermRef> term(const char* key) const {
    if (!has(key)) return wrong(key);
    auto term = term_from_json(object_.at(key));
    if (!term) return std::unexpected(Error{term.error().code, term.error().where, number_});
    return term;
  }
  [[nodiscard]] std::unexpected<Error> wrong(std::string_view what) const {
    return fail(Errc::malformed, what, number_);
  }
  [[nodiscard]] std::uint32_t line() const { return number_; }

 private:
  const json& object_;
  std::uint32_t number_;
};

Result<TraceHeader> read_header(const Line& line) {
  const auto kind = line.text("wib");
  if (!kind || *kind != "trace") return line.wrong("not a wib trace");
  const auto version = line.number("version");
  if (!version || *version != trace_version) return line.wrong("version of the trace");
  TraceHeader header;
  for (const auto& [key, value] : {std::pair{"scenario", &header.scenario},
                                   {"suite", &header.suite},
                                   {"reading", &header.reading},
                                   {"device_backend", &header.device_backend},
                                   {"client_backend", &header.client_backend},
                                   {"serial", &header.serial},
                                   {"target", &header.target}}) {
    auto text = line.text(key);
    if (!text) return std::unexpected(text.error());
    *value = std::move(*text);
  }
  const auto seed = line.number("seed");
  if (!seed) return std::unexpected(seed.error());
  header.seed = *seed;
  const auto entropy = line.text("device_entropy");
  if (!entropy) return std::unexpected(entropy.error());
  const auto profile = EntropyProfile::parse(*entropy);
  if (!profile) return line.wrong(profile.error().where);
  header.device_entropy = *profile;
  if (header.serial.empty() || header.serial.size() > max_serial_size) return line.wrong("serial");
  if (!line.has("initial") || !line.at("initial").is_array()) return line.wrong("initial");
  for (const json& name : line.at("initial")) {
    if (!name.is_string()) return line.wrong("initial");
    header.initial.insert(name.get<std::string>());
  }
  return header;
}

template <class T, std::size_t N>
Result<T> read_name(const Line& line, const char* key, const std::array<T, N>& values) {
  const auto text = line.text(key);
  if (!text) return std::unexpected(text.error());
  for (const T value : values) {
    if (name(value) == *text) return value;
  }
  return line.wrong(key);
}

Result<Delivery> read_delivery(const Line& line, bool request) {
  if (!line.has("deliver") || !line.at("deliver").is_object()) return line.wrong("deliver");
  const Line inner(line.at("deliver"), line.line());
  Delivery delivery;
  if (inner.has("forward")) {
    const auto forward = inner.number("forward");
    if (!forward) return std::unexpected(forward.error());
    delivery.forward = *forward;
    return delivery;
  }
  if (request) {
    const auto endpoint = read_name(inner, "endpoint", endpoints);
    if (!endpoint) return std::unexpected(endpoint.error());
    delivery.endpoint = *endpoint;
  } else {
    const auto status = inner.number("status");
    if (!status) return std::unexpected(status.error());
    if (*status < 200 || *status > 599) return inner.wrong("status");
    delivery.status = static_cast<Status>(*status);
  }
  if (inner.has("cookie")) {
    auto cookie = inner.term("cookie");
    if (!cookie) return std::unexpected(cookie.error());
    delivery.cookie = std::move(*cookie);
  }
  if (inner.has("fields")) {
    if (!inner.at("fields").is_object()) return inner.wrong("fields");
    const Line fields(inner.at("fields"), line.line());
    for (const auto& item : inner.at("fields").items()) {
      auto term = fields.term(item.key().c_str());
      if (!term) return std::unexpected(term.error());
      delivery.fields[item.key()] = std::move(*term);
    }
  }
  return delivery;
}

Result<TraceStep> read_step(const Line& line) {
  TraceStep read;
  Step& step = read.step;
  const auto kind = read_name(line, "do", step_kinds);
  if (!kind) return std::unexpected(kind.error());
  step.kind = *kind;
  if (line.has("note")) step.note = line.text("note").value_or("");
  if (step.kind == StepKind::start || step.kind == StepKind::response) {
    auto client = line.text("client");
    if (!client) return std::unexpected(client.error());
    step.client = std::move(*client);
  }
  if (step.kind == StepKind::wait) {
    const auto ms = line.number("ms");
    if (!ms || *ms > 0xffff'ffffU) return line.wrong("ms");
    step.ms = static_cast<std::uint32_t>(*ms);
  }
  if (step.kind == StepKind::request || step.kind == StepKind::response) {
    auto delivery = read_delivery(line, step.kind == StepKind::request);
    if (!delivery) return std::unexpected(delivery.error());
    step.delivery = std::move(*delivery);
  }
  if (step.kind == StepKind::learn || step.kind == StepKind::check) {
    auto term = line.term("term");
    if (!term) return std::unexpected(term.error());
    step.term = std::move(*term);
  }
  if (step.kind == StepKind::learn) {
    auto label = line.text("label");
    if (!label) return std::unexpected(label.error());
    step.label = std::move(*label);
  }
  if (step.kind == StepKind::check) {
    auto other = line.term("equals");
    if (!other) return std::unexpected(other.error());
    step.other = std::move(*other);
  }
  if (line.has("status")) read.status = static_cast<Status>(line.number("status").value_or(0));
  read.connection_refused = line.has("connection_refused");
  read.failed = line.has("failed");
  if (line.has("emitted")) {
    if (!line.at("emitted").is_object()) return line.wrong("emitted");
    const auto bytes = Line(line.at("emitted"), line.line()).text("bytes");
    if (!bytes) return std::unexpected(bytes.error());
    auto raw = from_hex(*bytes);
    if (!raw) return line.wrong("emitted: bytes");
    read.emitted = std::move(*raw);
  }
  return read;
}

Result<std::vector<Property>> read_end(const Line& line) {
  if (!line.at("properties").is_object()) return line.wrong("properties");
  std::vector<Property> broken;
  for (const auto& item : line.at("properties").items()) {
    const auto property = find_property(item.key());
    if (!property || !item.value().is_string()) return line.wrong("properties");
    if (item.value().get<std::string>() == name(Finding::broken)) broken.push_back(*property);
  }
  return broken;
}

}  // namespace

std::string write_trace(const TraceHeader& header, const Log& log, const Judgement& judgement,
                        Crypto& crypto, bool redact) {
  std::string text = json{{"wib", "trace"},
                          {"version", trace_version},
                          {"scenario", header.scenario},
                          {"suite", header.suite},
                          {"reading", header.reading},
                          {"device_backend", header.device_backend},
                          {"client_backend", header.client_backend},
                          {"seed", header.seed},
                          {"serial", header.serial},
                          {"device_entropy", header.device_entropy.text()},
                          {"initial", header.initial},
                          {"target", header.target}}
                         .dump() +
                     "\n";
  for (const LoggedStep& step : log.steps) {
    text += write_step(step, log, crypto, redact).dump() + "\n";
  }
  json found = json::object();
  for (const PropertyResult& result : judgement.properties) {
    found[std::string(id(result.property))] = std::string(name(result.finding));
  }
  text += json{{"end", log.steps.size()},
               {"conduct", std::string(name(judgement.conduct))},
               {"properties", found}}
              .dump() +
          "\n";
  return text;
}

Result<Trace> read_trace(std::string_view text) {
  Trace trace;
  std::uint32_t number = 0;
  bool ended = false;
  while (!text.empty()) {
    ++number;
    const std::size_t end = text.find('\n');
    const std::string_view raw = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (raw.empty()) continue;
    if (ended) return fail(Errc::malformed, "a line behind the end of the trace", number);
    const json object = json::parse(raw, nullptr, false);
    if (!object.is_object()) return fail(Errc::malformed, "a JSON object", number);
    const Line line(object, number);
    if (number == 1) {
      auto header = read_header(line);
      if (!header) return std::unexpected(header.error());
      trace.header = std::move(*header);
    } else if (line.has("end") && line.has("properties")) {
      auto broken = read_end(line);
      if (!broken) return std::unexpected(broken.error());
      trace.broken = std::move(*broken);
      ended = true;
    } else {
      auto step = read_step(line);
      if (!step) return std::unexpected(step.error());
      trace.steps.push_back(std::move(*step));
    }
  }
  if (number == 0) return fail(Errc::malformed, "the file is empty", 1);
  if (!ended) return fail(Errc::malformed, "the trace is cut short: no end", number);
  return trace;
}

}  // namespace wib::attacks
