// SPDX-License-Identifier: Apache-2.0
#include "attacks/world/trace.h"

#include <nlohmann/json.hpp>

namespace wib::attacks {
namespace {

using json = nlohmann::ordered_json;

constexpr auto step_kinds = std::to_array<StepKind>(
    {StepKind::press, StepKind::long_press, StepKind::restart, StepKind::wait, StepKind::start,
     StepKind::request, StepKind::response, StepKind::learn, StepKind::check});
constexpr auto endpoints = std::to_array<Endpoint>(
    {Endpoint::get_dh, Endpoint::post_dh, Endpoint::post_auth, Endpoint::post_key});

// --- Writing ----------------------------------------------------------------------------------

json write_term(const TermRef& term, bool redact) {
  return to_json(redact ? without_constants(term) : term);
}

json write_delivery(const Step& step, bool redact) {
  const Delivery& delivery = step.delivery;
  if (delivery.forward) return {{"forward", *delivery.forward}};
  json out;
  if (step.kind == StepKind::request) {
    out["endpoint"] = std::string(name(delivery.endpoint));
  } else {
    out["status"] = static_cast<unsigned>(delivery.status);
  }
  if (delivery.cookie != nullptr) out["cookie"] = write_term(delivery.cookie, redact);
  json fields = json::object();
  for (const auto& [field, term] : delivery.fields) fields[field] = write_term(term, redact);
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
    out["deliver"] = write_delivery(step, redact);
  }
  if (step.kind == StepKind::learn) out["label"] = step.label;
  if (step.term != nullptr) out["term"] = write_term(step.term, redact);
  if (step.other != nullptr) out["equals"] = write_term(step.other, redact);
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

constexpr std::size_t max_nesting = 2 * max_term_depth;  // a term and what is around it
constexpr std::size_t max_values = 16 * 1024;            // of one line

// What a JSON value costs to build, find keys in and destroy is bounded by its nesting and by how
// many values it has: both are counted before it is parsed.
Result<> check_shape(std::string_view line) {
  if (line.size() > max_trace_line) return fail(Errc::capacity, "a line of at most 1 MiB");
  std::size_t depth = 0;
  std::size_t values = 1;
  bool in_string = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
      continue;
    }
    if (c == '"') in_string = true;
    if (c == ',') ++values;
    if (c == '[' || c == '{') ++depth;
    if ((c == ']' || c == '}') && depth > 0) --depth;
    if (depth > max_nesting) return fail(Errc::capacity, "JSON that is not nested so deep");
    if (values > max_values) return fail(Errc::capacity, "a line of at most 16384 values");
  }
  return {};
}

// A key that is written in this file: an error that names it may outlive the line.
struct Key {
  consteval Key(const char* name) : text(name) {}  // NOLINT: a literal is a key
  const char* text;
};

// One line being read. Every getter checks the type and says which key was wrong.
class Line {
 public:
  Line(const json& object, std::uint32_t number) : object_(object), number_(number) {}

  [[nodiscard]] bool has(Key key) const { return object_.contains(key.text); }
  [[nodiscard]] const json& at(Key key) const { return object_.at(key.text); }

  Result<std::string> text(Key key) const {
    if (!has(key) || !at(key).is_string()) return wrong(key);
    return at(key).get<std::string>();
  }
  Result<std::uint64_t> number(Key key) const {
    if (!has(key) || !at(key).is_number_unsigned()) return wrong(key);
    return at(key).get<std::uint64_t>();
  }
  Result<Status> status(Key key) const {
    const auto status = number(key);
    if (!status || *status < 200 || *status > 599) return wrong(key);
    return static_cast<Status>(*status);
  }
  Result<ByteVector> bytes(Key key) const {
    const auto digits = text(key);
    if (!digits) return std::unexpected(digits.error());
    auto bytes = from_hex(*digits);
    if (!bytes) return wrong(key);
    return bytes;
  }
  Result<TermRef> term(Key key) const {
    if (!has(key)) return wrong(key);
    return term_in(at(key));
  }
  Result<TermRef> term_in(const json& value) const {
    auto term = term_from_json(value);
    if (!term) return std::unexpected(Error{term.error().code, term.error().where, number_});
    return term;
  }
  [[nodiscard]] std::unexpected<Error> wrong(Key what) const {
    return fail(Errc::malformed, what.text, number_);
  }
  // An error of something that was read from the line, which names no key.
  [[nodiscard]] std::unexpected<Error> wrong(const Error& error) const {
    return fail(Errc::malformed, error.where, number_);
  }
  [[nodiscard]] std::uint32_t line() const { return number_; }

 private:
  const json& object_;
  std::uint32_t number_;
};

constexpr std::array finite_field_groups = {NamedGroup::ffdhe2048, NamedGroup::ffdhe3072};

template <class T, std::size_t N>
Result<T> read_name(const Line& line, Key key, const std::array<T, N>& values) {
  const auto text = line.text(key);
  if (!text) return std::unexpected(text.error());
  for (const T value : values) {
    if (name(value) == *text) return value;
  }
  return line.wrong(key);
}

Result<TraceHeader> read_header(const Line& line) {
  const auto kind = line.text("wib");
  if (!kind || *kind != "trace") return line.wrong("not a wib trace");
  const auto version = line.number("version");
  if (!version || *version != trace_version) return line.wrong("version of the trace");
  TraceHeader header;
  for (const auto& [key, value] : {std::pair{Key("scenario"), &header.scenario},
                                   {Key("suite"), &header.suite},
                                   {Key("reading"), &header.reading},
                                   {Key("device_backend"), &header.device_backend},
                                   {Key("client_backend"), &header.client_backend},
                                   {Key("serial"), &header.serial},
                                   {Key("target"), &header.target}}) {
    auto text = line.text(key);
    if (!text) return std::unexpected(text.error());
    *value = std::move(*text);
  }
  if (line.has("seed") || header.target == "simulation") {
    const auto seed = line.number("seed");
    if (!seed) return std::unexpected(seed.error());
    header.seed = *seed;
  }
  const auto entropy = line.text("device_entropy");
  if (!entropy) return std::unexpected(entropy.error());
  const auto profile = EntropyProfile::parse(*entropy);
  if (!profile) return line.wrong(profile.error());
  header.device_entropy = *profile;
  if (header.serial.empty() || header.serial.size() > max_serial_size) return line.wrong("serial");
  if (line.has("group")) {
    const auto group = read_name(line, "group", finite_field_groups);
    if (!group) return std::unexpected(group.error());
    header.group = *group;
  }
  if (!line.has("initial") || !line.at("initial").is_array()) return line.wrong("initial");
  for (const json& name : line.at("initial")) {
    if (!name.is_string()) return line.wrong("initial");
    header.initial.insert(name.get<std::string>());
  }
  return header;
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
    const auto status = inner.status("status");
    if (!status) return std::unexpected(status.error());
    delivery.status = *status;
  }
  if (inner.has("cookie")) {
    auto cookie = inner.term("cookie");
    if (!cookie) return std::unexpected(cookie.error());
    delivery.cookie = std::move(*cookie);
  }
  if (inner.has("fields")) {
    if (!inner.at("fields").is_object()) return inner.wrong("fields");
    for (const auto& item : inner.at("fields").items()) {
      auto term = inner.term_in(item.value());
      if (!term) return std::unexpected(term.error());
      delivery.fields[item.key()] = std::move(*term);
    }
  }
  return delivery;
}

// The numbers that steps and messages of a trace have: counted here, as the world counts them.
struct Counts {
  std::size_t steps = 0;
  std::size_t messages = 0;
};

// The number and bytes of a message that is evidence in `line`. It is `expected`, or the next one.
Result<ByteVector> read_message(const Line& line, Key key, std::optional<std::size_t> expected,
                                Counts& counts) {
  if (!line.at(key).is_object()) return line.wrong(key);
  const Line inner(line.at(key), line.line());
  const auto number = inner.number("message");
  if (!number) return std::unexpected(number.error());
  const std::size_t known = counts.messages;
  if (!expected) expected = counts.messages++;
  if (*number != *expected || *number > known) {
    return line.wrong("messages that are numbered in order");
  }
  return inner.bytes("bytes");
}

Result<> read_outcome(const Line& line, TraceStep& read, Counts& counts) {
  if (line.has("delivered")) {
    const auto delivered = read_message(line, "delivered", read.step.delivery.forward, counts);
    if (!delivered) return std::unexpected(delivered.error());
  }
  if (line.has("status")) {
    const auto status = line.status("status");
    if (!status) return std::unexpected(status.error());
    read.status = *status;
  }
  if (line.has("connection_refused")) {
    if (!line.at("connection_refused").is_boolean()) return line.wrong("connection_refused");
    read.connection_refused = line.at("connection_refused").get<bool>();
  }
  if (line.has("failed")) {
    if (!line.at("failed").is_string()) return line.wrong("failed");
    read.failed = true;
  }
  if (line.has("emitted")) {
    auto emitted = read_message(line, "emitted", std::nullopt, counts);
    if (!emitted) return std::unexpected(emitted.error());
    read.emitted = std::move(*emitted);
  }
  return {};
}

Result<TraceStep> read_step(const Line& line, Counts& counts) {
  const auto number = line.number("step");
  if (!number) return std::unexpected(number.error());
  if (*number != ++counts.steps) return line.wrong("steps that are numbered in order");
  if (*number > max_trace_steps) {
    return fail(Errc::capacity, "a trace of at most 10000 steps", line.line());
  }
  TraceStep read;
  Step& step = read.step;
  const auto kind = read_name(line, "do", step_kinds);
  if (!kind) return std::unexpected(kind.error());
  step.kind = *kind;
  if (line.has("note")) {
    auto note = line.text("note");
    if (!note) return std::unexpected(note.error());
    step.note = std::move(*note);
  }
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
  if (auto done = read_outcome(line, read, counts); !done) return std::unexpected(done.error());
  return read;
}

Result<std::vector<Property>> read_end(const Line& line, std::size_t steps) {
  const auto end = line.number("end");
  if (!end || *end != steps) return line.wrong("end: the number of steps");
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
  json first{{"wib", "trace"},
             {"version", trace_version},
             {"scenario", header.scenario},
             {"suite", header.suite},
             {"reading", header.reading},
             {"device_backend", header.device_backend},
             {"client_backend", header.client_backend}};
  if (header.seed && !redact) first["seed"] = *header.seed;
  first["serial"] = header.serial;
  first["device_entropy"] = header.device_entropy.text();
  first["initial"] = header.initial;
  if (header.group != TraceHeader{}.group) first["group"] = name(header.group);
  first["target"] = header.target;
  std::string text = first.dump() + "\n";
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
  bool begun = false;
  bool ended = false;
  Counts counts;
  if (text.size() > max_trace_size) return fail(Errc::capacity, "a trace of at most 64 MiB", 1);
  while (!text.empty()) {
    ++number;
    const std::size_t end = text.find('\n');
    const std::string_view raw = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (raw.empty()) continue;
    if (ended) return fail(Errc::malformed, "a line behind the end of the trace", number);
    if (auto shape = check_shape(raw); !shape) {
      return fail(shape.error().code, shape.error().where, number);
    }
    const json object = json::parse(raw, nullptr, false);
    if (!object.is_object()) return fail(Errc::malformed, "a JSON object", number);
    const Line line(object, number);
    if (!begun) {
      begun = true;
      auto header = read_header(line);
      if (!header) return std::unexpected(header.error());
      trace.header = std::move(*header);
    } else if (line.has("end") && line.has("properties")) {
      auto broken = read_end(line, counts.steps);
      if (!broken) return std::unexpected(broken.error());
      trace.broken = std::move(*broken);
      ended = true;
    } else {
      auto step = read_step(line, counts);
      if (!step) return std::unexpected(step.error());
      trace.steps.push_back(std::move(*step));
    }
  }
  if (!begun) return fail(Errc::malformed, "a trace, but the file is empty", 1);
  if (!ended) return fail(Errc::malformed, "the trace is cut short: no end", number);
  return trace;
}

}  // namespace wib::attacks
