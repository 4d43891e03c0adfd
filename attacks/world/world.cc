// SPDX-License-Identifier: Apache-2.0
#include "attacks/world/world.h"

#include "attacks/search/stream_random.h"

namespace wib::attacks {
namespace {

ByteVector to_vector(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

constexpr std::array<const char*, offer_field_count> offer_names = {
    "p", "g", "group", "suites", "salt", "iterations", "epoch"};

void read_body(const Body& body, std::map<std::string, ByteVector>& fields) {
  const auto add = [&](const char* name, ByteView value) {
    if (!value.empty()) fields[name] = to_vector(value);
  };
  if (const Offer* offer = std::get_if<Offer>(&body)) {
    const auto values = views(*offer);
    for (std::size_t i = 0; i < values.size(); ++i) add(offer_names[i], values[i]);
  } else if (const Share* share = std::get_if<Share>(&body)) {
    add("share", share->value);
    add("confirm", share->confirmation);
  } else if (const Proof* proof = std::get_if<Proof>(&body)) {
    add("confirm", proof->confirmation);
  } else if (const Sealed* sealed = std::get_if<Sealed>(&body)) {
    add("iv", sealed->iv);
    add("ciphertext", sealed->ciphertext);
    add("tag", sealed->tag);
  }
}

// What a message is to the transcript; nullopt if it is no part of one.
std::optional<Transcript::Item> item_of(const WireMessage& message) {
  using Item = Transcript::Item;
  switch (message.endpoint) {
    case Endpoint::get_dh: return message.request ? std::nullopt : std::optional(Item::offer);
    case Endpoint::post_dh: return message.request ? Item::client_share : Item::device_share;
    case Endpoint::post_auth: return message.request ? std::optional(Item::auth) : std::nullopt;
    case Endpoint::post_key: return message.request ? std::optional(Item::key) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::string_view name(StepKind kind) noexcept {
  switch (kind) {
    case StepKind::press: return "press";
    case StepKind::long_press: return "long_press";
    case StepKind::restart: return "restart";
    case StepKind::wait: return "wait";
    case StepKind::start: return "start";
    case StepKind::request: return "request";
    case StepKind::response: return "response";
    case StepKind::learn: return "learn";
    case StepKind::check: return "check";
  }
  return "?";
}

AttackerSeed attacker_seed(std::uint64_t run_seed) {
  AttackerSeed seed{};
  std::ranges::copy(seed_bytes(run_seed), seed.begin());
  return seed;
}

World::World(Setup setup)
    : setup_(std::move(setup)), evaluator_(*this, setup_.suite, setup_.attacker_crypto) {}

const LoggedStep& World::execute(Step step) {
  now_ += std::chrono::milliseconds(1);
  LoggedStep logged{.number = log_.steps.size() + 1, .step = std::move(step), .at = now_};
  setup_.device->tell_time(now_);
  if (auto done = perform(logged); !done) {
    logged.failed = true;
    logged.error = done.error();
  }
  log_.steps.push_back(std::move(logged));
  return log_.steps.back();
}

Result<> World::perform(LoggedStep& logged) {
  if (size_ > max_run_size) return fail(Errc::capacity, "world: the run is over 64 MiB");
  const Step& step = logged.step;
  switch (step.kind) {
    case StepKind::press: return setup_.device->press();
    case StepKind::long_press: return setup_.device->long_press();
    case StepKind::restart: return setup_.device->restart();
    case StepKind::wait:
      now_ += std::chrono::milliseconds(step.ms);
      logged.at = now_;
      setup_.device->tell_time(now_);
      return setup_.device->wait(std::chrono::milliseconds(step.ms));
    case StepKind::start: return start_client(logged);
    case StepKind::request: return deliver_request(logged);
    case StepKind::response: return deliver_response(logged);
    case StepKind::learn: {
      auto value = evaluator_(step.term);
      if (!value) return std::unexpected(value.error());
      logged.value = *value;
      size_ += value->size() * 2;
      log_.facts.push_back({logged.number, step.label, step.term, std::move(*value)});
      return {};
    }
    case StepKind::check: {
      const auto left = evaluator_(step.term);
      if (!left) return std::unexpected(left.error());
      const auto right = evaluator_(step.other);
      if (!right) return std::unexpected(right.error());
      if (*left != *right) return fail(Errc::unexpected, "check: the terms differ");
      logged.value = *left;
      size_ += left->size();
      return {};
    }
  }
  return fail(Errc::unexpected, "step");
}

Result<> World::start_client(LoggedStep& logged) {
  const std::string& client = logged.step.client;
  if (!clients_.contains(client) && clients_.size() >= max_run_clients) {
    return fail(Errc::capacity, "start: too many clients");
  }
  auto party = setup_.clients(client);
  if (party == nullptr) return fail(Errc::missing_field, "start: no such client");
  clients_[client] = std::move(party);
  const auto first = clients_[client]->start();
  if (!first) return std::unexpected(first.error());
  claim(logged, client, *first);
  if (first->bytes.empty()) return fail(Errc::unexpected, "start: the client sent nothing");
  logged.emitted = observe_request(client, first->bytes);
  asked_[client] = log_.messages[*logged.emitted].endpoint;
  return {};
}

Result<> World::deliver_request(LoggedStep& logged) {
  const auto number = message_for(logged.step.delivery, true, Endpoint::get_dh);
  if (!number) return std::unexpected(number.error());
  logged.delivered = *number;
  const Endpoint asked = log_.messages[*number].endpoint;
  const auto answer = setup_.device->exchange(log_.messages[*number].bytes);
  if (!answer) {
    if (answer.error().code != Errc::refused) return std::unexpected(answer.error());
    logged.connection_refused = true;
    return {};
  }
  logged.status = answer->status;
  claim(logged, "device", *answer);
  logged.emitted = observe_response("device", asked, answer->bytes);
  return {};
}

Result<> World::deliver_response(LoggedStep& logged) {
  const std::string& client = logged.step.client;
  const auto party = clients_.find(client);
  if (party == clients_.end()) return fail(Errc::missing_field, "response: no such client");
  const auto number = message_for(logged.step.delivery, false, asked_[client]);
  if (!number) return std::unexpected(number.error());
  logged.delivered = *number;
  const auto next = party->second->exchange(log_.messages[*number].bytes);
  if (!next) return std::unexpected(next.error());
  claim(logged, client, *next);
  logged.error = next->error;
  if (next->bytes.empty()) return {};
  logged.emitted = observe_request(client, next->bytes);
  asked_[client] = log_.messages[*logged.emitted].endpoint;
  return {};
}

Result<std::size_t> World::message_for(const Delivery& delivery, bool request, Endpoint asked) {
  if (delivery.forward) {
    if (*delivery.forward >= log_.messages.size()) {
      return fail(Errc::missing_field, "forward: no such message");
    }
    if (log_.messages[*delivery.forward].request != request) {
      return fail(Errc::unexpected, "forward: a message of the other direction");
    }
    return *delivery.forward;
  }

  scratch_.clear();
  std::optional<Cookie> cookie;
  if (delivery.cookie != nullptr) {
    const auto value = evaluator_(delivery.cookie);
    if (!value) return std::unexpected(value.error());
    if (value->size() != cookie_size) return fail(Errc::out_of_range, "delivery: cookie");
    cookie.emplace();
    std::ranges::copy(*value, cookie->begin());
  }
  const Endpoint endpoint = request ? delivery.endpoint : asked;
  const auto body = body_for(delivery, request, endpoint);
  if (!body) return std::unexpected(body.error());

  ByteVector bytes(max_message_size);
  Result<ByteView> written;
  if (request) {
    written = encode_request(setup_.suite, Request{endpoint, cookie, *body}, "device", bytes);
  } else {
    written = encode_reply(setup_.suite, endpoint,
                           Reply{.status = delivery.status, .set_cookie = cookie, .body = *body},
                           false, bytes);
  }
  if (!written) return std::unexpected(written.error());
  bytes.resize(written->size());
  return request ? observe_request("attacker", bytes)
                 : observe_response("attacker", endpoint, bytes);
}

Result<Body> World::body_for(const Delivery& delivery, bool request, Endpoint endpoint) {
  // Values stay in scratch_ while the body's views are used.
  std::map<std::string, ByteView> values;
  scratch_.reserve(delivery.fields.size());
  for (const auto& [field, term] : delivery.fields) {
    auto value = evaluator_(term);
    if (!value) return std::unexpected(value.error());
    scratch_.push_back(std::move(*value));
    values[field] = scratch_.back();
  }
  const bool has_body = request ? endpoint != Endpoint::get_dh
                                : delivery.status == Status::ok && endpoint != Endpoint::post_auth;
  if (!has_body) return Body{};
  switch (endpoint) {
    case Endpoint::get_dh:
      return Offer{values["p"],    values["g"],          values["group"], values["suites"],
                   values["salt"], values["iterations"], values["epoch"]};
    case Endpoint::post_dh: return Share{values["share"], values["confirm"]};
    case Endpoint::post_auth:
      if (values.contains("confirm")) return Proof{values["confirm"]};
      break;
    case Endpoint::post_key:
      if (!request && !values.contains("ciphertext")) return Body{};
      break;
  }
  return Sealed{values["iv"], values["ciphertext"], values["tag"]};
}

// "entry" is what the transcript of whoever saw the message takes in of it.
void World::add_entry(WireMessage& message, const Body& body) {
  const auto item = item_of(message);
  if (!item || message.fields.empty() || std::holds_alternative<Error>(body) ||
      std::holds_alternative<std::monostate>(body)) {
    return;
  }
  ByteView cookie;
  if (*item == Transcript::Item::offer && message.cookie) cookie = *message.cookie;
  std::array<Byte, Transcript::max_entry_size> buffer;
  const auto entry = Transcript::entry(setup_.attacker_crypto, *item, body, cookie, buffer);
  if (entry) message.fields["entry"] = to_vector(*entry);
}

std::size_t World::observe(WireMessage message) {
  if (message.cookie) message.fields["cookie"] = to_vector(*message.cookie);
  size_ += message.bytes.size();
  for (const auto& [field, value] : message.fields) size_ += value.size();
  log_.messages.push_back(std::move(message));
  return log_.messages.size() - 1;
}

std::size_t World::observe_request(std::string from, const ByteVector& bytes) {
  WireMessage message{.number = log_.messages.size(), .from = std::move(from), .bytes = bytes};
  message.fields["raw"] = bytes;
  http::RequestParser parser;
  if (parser.feed(bytes).progress == http::Progress::complete) {
    if (const auto decoded = decode_request(setup_.suite, parser.request()); decoded) {
      message.endpoint = decoded->endpoint;
      message.cookie = decoded->cookie;
      read_body(decoded->body, message.fields);
      add_entry(message, decoded->body);
    }
  }
  return observe(std::move(message));
}

std::size_t World::observe_response(std::string from, Endpoint asked, const ByteVector& bytes) {
  WireMessage message{.number = log_.messages.size(),
                      .request = false,
                      .from = std::move(from),
                      .endpoint = asked,
                      .bytes = bytes};
  message.fields["raw"] = bytes;
  http::ResponseParser parser;
  if (parser.feed(bytes).progress == http::Progress::complete) {
    message.status = static_cast<Status>(parser.response().status);
    if (const auto decoded = decode_response(setup_.suite, asked, parser.response()); decoded) {
      message.cookie = decoded->set_cookie;
      read_body(decoded->body, message.fields);
      add_entry(message, decoded->body);
    }
  }
  return observe(std::move(message));
}

void World::claim(const LoggedStep& logged, const std::string& party, const Exchange& exchange) {
  if (exchange.claim.kind == ClaimKind::none) return;
  log_.claims.push_back({logged.number, party, exchange.claim, exchange.certificate});
}

const ByteVector* World::wire(std::size_t message, std::string_view field) const {
  if (message >= log_.messages.size()) return nullptr;
  const auto& fields = log_.messages[message].fields;
  const auto found = fields.find(std::string(field));
  return found == fields.end() ? nullptr : &found->second;
}

const ByteVector* World::initial(std::string_view name) const {
  const auto found = setup_.initial.find(std::string(name));
  return found == setup_.initial.end() ? nullptr : &found->second;
}

ByteVector World::random(std::uint32_t number, std::uint32_t size) const {
  ByteVector bytes(size);
  stream_bytes(setup_.seed, "attacker/" + std::to_string(number), 0, bytes);
  return bytes;
}

}  // namespace wib::attacks
