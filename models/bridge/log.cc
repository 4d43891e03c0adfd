// SPDX-License-Identifier: Apache-2.0
#include "models/bridge/log.h"

#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "attacks/world/takes_code.h"
#include "attacks/world/trace.h"
#include "models/bridge/cookie_names.h"
#include "models/engine/maude.h"
#include "protocol/groups.h"
#include "protocol/setup/wire.h"

namespace wib::models {
namespace {

using attacks::ByteVector;
using attacks::EntropyKind;
using attacks::StepKind;
using attacks::TraceStep;
using json = nlohmann::ordered_json;

ByteVector to_vector(ByteView bytes) { return {bytes.begin(), bytes.end()}; }
std::string number(std::size_t value) { return std::to_string(value); }

std::string_view rule_name(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::get_dh: return "get-dh";
    case Endpoint::post_dh: return "post-dh";
    case Endpoint::post_auth: return "post-auth";
    case Endpoint::post_key: return "post-key";
  }
  return "?";
}

std::string_view generator_of(EntropyKind kind) {
  switch (kind) {
    case EntropyKind::full:
    case EntropyKind::failing: return "full";
    case EntropyKind::seeded:
    case EntropyKind::lcg: return "prng";
    case EntropyKind::constant:
    case EntropyKind::stuck: return "stuck";
    case EntropyKind::repeat: return "repeat";
  }
  return "?";
}

// What a line has besides the step: read_trace() checks both and keeps neither.
struct Seen {
  struct Claim {
    std::string party, kind, fingerprint;
  };
  std::optional<ByteVector> delivered;
  std::vector<Claim> claims;
};

Outcome<std::vector<Seen>> read_seen(std::string_view text) {
  std::vector<Seen> all;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    const json object = json::parse(text.substr(0, end), nullptr, false);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!object.is_object() || !object.contains("step")) continue;
    const auto wrong = [&](const char* what) {
      return std::unexpected("line " + number(line) + ": " + what);
    };
    Seen& seen = all.emplace_back();
    if (const auto message = object.find("delivered"); message != object.end()) {
      const auto bytes = attacks::from_hex(message->value("bytes", "?"));
      if (!bytes) return wrong("delivered: bytes");
      seen.delivered = *bytes;
    }
    if (!object.contains("claims")) continue;
    if (!object["claims"].is_array()) return wrong("claims");
    for (const json& claim : object["claims"]) {
      Seen::Claim read;
      for (const auto& [key, value] : {std::pair{"party", &read.party},
                                       {"claim", &read.kind},
                                       {"fingerprint", &read.fingerprint}}) {
        if (!claim.is_object() || !claim.contains(key) || !claim[key].is_string()) {
          return wrong("claims: party, claim and fingerprint as text");
        }
        *value = claim[key].get<std::string>();
      }
      seen.claims.push_back(std::move(read));
    }
  }
  return all;
}

// A trace, step by step, into events.
class Reader {
 public:
  Reader(const Suite& suite, const attacks::TraceHeader& header)
      : suite_(suite),
        header_(header),
        simulated_(header.target == "simulation"),
        cookies_(header.device_entropy),
        primes_{to_vector(ffdhe2048().p)} {}

  Outcome<> read(const TraceStep& step, const Seen& seen) {
    ++step_;
    now_ += 1 + (step.step.kind == StepKind::wait ? step.step.ms : 0);
    if (step.failed) return {};
    switch (step.step.kind) {
      case StepKind::press: ++presses_; return button("press");
      case StepKind::long_press: return button("long-press");
      case StepKind::restart:
        ++restarts_;
        cookies_.restart();
        return button("restart");
      case StepKind::start: return start(step, seen);
      case StepKind::request: return request(step, seen);
      case StepKind::response: return response(step, seen);
      case StepKind::wait:
      case StepKind::learn:
      case StepKind::check: return {};
    }
    return {};
  }

  Log finish() {
    const auto ms = [](Instant time) { return std::to_string(time.count()); };
    const SessionPolicy& policy = suite_.session_policy;
    log_.suite = suite_.name().view();
    log_.may_fail = !simulated_ || header_.device_entropy.kind == EntropyKind::failing;
    log_.clock =
        simulated_ ? "clock(" + ms(policy.window()) + ", " + ms(policy.lifetime()) + ", 0, no-due)"
                   : "untimed";
    const std::string suite = suite_term(suite_);
    const bool code = attacks::takes_code(suite_);
    std::string knows = "none";
    if (header_.initial.contains(code ? "code" : "serial")) knows += " ; authenticator(SUITE)";
    for (const auto& [name, identity] : names_) {
      if (header_.initial.contains(name)) knows += " ; priv(c, " + number(identity) + ")";
    }
    for (std::size_t i = 1; i <= cookies_.others(); ++i) knows += " ; ck(i, " + number(i) + ")";
    if (const auto at = knows.find("SUITE"); at != std::string::npos) knows.replace(at, 5, suite);
    std::string clients = "noc";
    for (std::size_t run = 0; run < identities_.size(); ++run) {
      clients += " cl(" + number(run) + ", " + number(identities_[run]) + ", at(idle))";
    }
    const std::size_t expiries = presses_ + gets_ + log_.events.size();
    log_.begin = "begin(" + suite + ", " + std::string(generator_of(header_.device_entropy.kind)) +
                 ", " + number(presses_) + ", " + number(gets_) + ", " + number(restarts_) + ", " +
                 number(expiries) + ", (" + knows + "), (" + clients + "))";
    return std::move(log_);
  }

 private:
  struct ClientRun {
    std::size_t run = 0;
    std::string cookie = "no-cookie";
    Endpoint asked = Endpoint::get_dh;
    bool over = false;
  };

  Outcome<> event(const std::string& term, std::string text) {
    log_.events.push_back(
        {"at(" + std::to_string(now_) + ", " + term + ")", step_, std::move(text)});
    return {};
  }
  Outcome<> button(const std::string& which) { return event("button(" + which + ")", which); }
  std::unexpected<std::string> wrong(std::string_view what) const {
    return std::unexpected("step " + number(step_) + ": " + std::string(what));
  }

  // --- Identities: by what they ask to have installed, else by their names ----------------------

  std::size_t identity_of(const std::string& client, const std::string& fingerprint) {
    const std::string name = client.substr(0, client.find('/'));
    const auto [at, fresh] = names_.emplace(name, names_.size());
    const bool told = fingerprint.find_first_not_of('0') != std::string::npos;
    if (told) fingerprints_.emplace(fingerprint, at->second);
    return at->second;
  }
  std::string installed(Endpoint endpoint, Status status, const Seen& seen) const {
    if (!simulated_) {
      const bool taken = endpoint == Endpoint::post_key && status < Status::bad_request;
      return taken ? "something" : "nothing";
    }
    for (const Seen::Claim& claim : seen.claims) {
      if (claim.kind != name(ClaimKind::installed)) continue;
      const auto at = fingerprints_.find(claim.fingerprint);
      return at == fingerprints_.end() ? "bundle(i, 0)" : "bundle(c, " + number(at->second) + ")";
    }
    return "nothing";
  }

  // --- Bodies
  // -------------------------------------------------------------------------------------

  // What was in a body that carries a share.
  std::string given(const Body& body) const {
    if (std::holds_alternative<Error>(body)) return "malformed";
    const Share* share = std::get_if<Share>(&body);
    if (share == nullptr) return "own";
    const ByteVector value = to_vector(share->value);
    if (const auto at = shares_.find(value); at != shares_.end()) return at->second;
    return degenerate(value) ? "is(one)" : "own";
  }
  // 0, 1, p - 1: nothing can be agreed on with those but what everybody knows.
  bool degenerate(const ByteVector& value) const {
    if (attacks::takes_code(suite_)) return false;
    for (ByteVector prime : primes_) {
      if (prime.empty()) continue;
      --prime.back();  // it is odd
      if (value == prime) return true;
    }
    const auto high = std::ranges::find_if(value, [](Byte byte) { return byte != 0; });
    return high == value.end() || (high + 1 == value.end() && *high == 1);
  }
  std::string epoch_term(const Offer& offer) const {
    if (offer.epoch.empty()) return "no-epoch";
    const auto at = epochs_.find(to_vector(offer.epoch));
    return at == epochs_.end() ? "ep(0)" : "ep(" + number(at->second) + ")";
  }
  // An offer to a client: in the device's group, or in one in which the attacker takes logarithms.
  std::string given_offer(const Body& body) {
    const Offer* offer = std::get_if<Offer>(&body);
    if (offer == nullptr) return "own";
    primes_.insert(to_vector(offer->p));
    const bool ours = groups_.contains(group_of(*offer));
    const std::string epoch = ours                   ? epoch_term(*offer)
                              : offer->epoch.empty() ? "no-epoch"
                                                     : "ep(0)";
    return std::string("is(offer(") + (ours ? "g" : "one") + ", " + epoch + "))";
  }
  static std::vector<ByteVector> group_of(const Offer& offer) {
    return {to_vector(offer.p), to_vector(offer.g), to_vector(offer.group)};
  }

  // --- The device
  // -----------------------------------------------------------------------------------

  Outcome<> request(const TraceStep& step, const Seen& seen) {
    if (!seen.delivered) return wrong("a request that was delivered");
    const auto parser = std::make_unique<http::RequestParser>();
    if (parser->feed(*seen.delivered).progress != http::Progress::complete) return {};
    const auto request = decode_request(suite_, parser->request());
    if (!request) return {};  // HTTP itself says no: nothing of it reaches the state machine
    const Status status = step.connection_refused ? Status::forbidden : step.status;
    if (status == Status::none) return wrong("the status that the device answered");
    const std::string code = number(static_cast<unsigned>(status));
    const std::string asked(rule_name(request->endpoint));
    if (request->endpoint == Endpoint::get_dh) {
      ++gets_;
      return answered_get(step, status, asked + " was answered " + code);
    }
    const std::string cookie = cookies_.name(request->cookie);
    const std::string got = installed(request->endpoint, status, seen);
    const auto said = said_.find(to_vector(parser->request().body));
    std::string sent = said == said_.end() ? "own" : said->second;
    if (request->endpoint == Endpoint::post_dh) sent = given(request->body);
    if (request->endpoint == Endpoint::post_dh && status == Status::ok) {
      learn_share(step, request->endpoint, cookie);
    }
    std::string text = asked + " with " + cookie + " was answered " + code;
    if (got != "nothing" && got != "something") text += ", installed " + got;
    return event("post(" + asked + ", " + cookie + ", " + code + ", " + sent + ", " + got + ")",
                 std::move(text));
  }

  Outcome<> answered_get(const TraceStep& step, Status status, std::string text) {
    std::string cookie = "no-cookie";
    std::string epoch = "own";
    if (status < Status::bad_request) {
      const auto parser = std::make_unique<http::ResponseParser>();
      const auto response = decode(*parser, Endpoint::get_dh, step.emitted);
      if (!response || !response->set_cookie) return wrong("a GET that was answered with a cookie");
      if (const Offer* offer = std::get_if<Offer>(&response->body)) {
        groups_.insert(group_of(*offer));
        primes_.insert(to_vector(offer->p));
        if (!offer->epoch.empty()) epochs_.emplace(to_vector(offer->epoch), issued_ + 1);
        epoch = "is(" + epoch_term(*offer) + ")";
      }
      const auto issued = cookies_.issue(*response->set_cookie);
      if (!issued) return wrong(issued.error());
      ++issued_;
      cookie = "ck(d, " + number(issued->number) + ")";
      text += " with " + cookie;
      if (issued->gone) {
        const std::string gone = "ck(d, " + number(*issued->gone) + ")";
        if (auto done = event("gone(" + gone + ")", gone + " is replaced"); !done) return done;
      }
    }
    return event(
        "get(" + number(static_cast<unsigned>(status)) + ", " + cookie + ", " + epoch + ")",
        std::move(text));
  }

  void learn_share(const TraceStep& step, Endpoint asked, const std::string& cookie) {
    const auto parser = std::make_unique<http::ResponseParser>();
    const auto response = decode(*parser, asked, step.emitted);
    if (!response || !cookie.starts_with("ck(d, ")) return;
    if (const Share* share = std::get_if<Share>(&response->body)) {
      shares_[to_vector(share->value)] = "from-device(" + cookie.substr(6);
    }
  }

  std::optional<Response> decode(http::ResponseParser& parser, Endpoint asked,
                                 const ByteVector& bytes) const {
    if (parser.feed(bytes).progress != http::Progress::complete) return std::nullopt;
    auto response = decode_response(suite_, asked, parser.response());
    return response ? std::optional(*response) : std::nullopt;
  }

  // --- Clients
  // --------------------------------------------------------------------------------------

  Outcome<> start(const TraceStep& step, const Seen& seen) {
    std::string fingerprint;
    for (const Seen::Claim& claim : seen.claims) {
      if (claim.kind == name(ClaimKind::started)) fingerprint = claim.fingerprint;
    }
    ClientRun& client = clients_[step.step.client];
    client = {.run = identities_.size()};
    identities_.push_back(identity_of(step.step.client, fingerprint));
    return by(step, client, "c-start", "own");
  }

  Outcome<> by(const TraceStep& step, const ClientRun& client, const std::string& rule,
               const std::string& given) {
    std::string text = "client " + step.step.client + " did " + rule;
    if (client.cookie != "no-cookie") text += " with " + client.cookie;
    return event(
        "by(" + number(client.run) + ", '" + rule + ", " + client.cookie + ", " + given + ")",
        std::move(text));
  }

  Outcome<> response(const TraceStep& step, const Seen& seen) {
    const auto found = clients_.find(step.step.client);
    if (found == clients_.end()) return wrong("a client that was started");
    ClientRun& client = found->second;
    if (client.over) return {};
    if (!seen.delivered) return wrong("a response that was delivered");
    const auto parser = std::make_unique<http::ResponseParser>();
    const auto answer = decode(*parser, client.asked, *seen.delivered);
    if (!step.emitted.empty()) return goes_on(step, client, answer);
    client.over = true;
    std::string claimed;
    for (const Seen::Claim& claim : seen.claims) {
      if (claim.party == step.step.client) claimed = claim.kind;
    }
    if (claimed == name(ClaimKind::completed)) return by(step, client, "c-done", "own");
    std::string kind = "lost";
    if (answer) {
      kind = answer->status == Status::ok           ? "ok"
             : answer->status == Status::no_content ? "no-content"
                                                    : "refusal";
    }
    const bool failed = simulated_ || claimed == name(ClaimKind::aborted);
    const std::string how = failed ? "fails(" : "ends(";
    return event(how + number(client.run) + ", " + kind + ")",
                 "client " + step.step.client + (failed ? " failed" : " ended") + " on " + kind);
  }

  Outcome<> goes_on(const TraceStep& step, ClientRun& client,
                    const std::optional<Response>& answer) {
    const auto parser = std::make_unique<http::RequestParser>();
    if (parser->feed(step.emitted).progress != http::Progress::complete) {
      return wrong("a client's request in HTTP");
    }
    const auto next = decode_request(suite_, parser->request());
    if (!next) return wrong("a client's request to one of the protocol's resources");
    client.asked = next->endpoint;
    const Body body = answer ? answer->body : Body{};
    ByteVector sent = to_vector(parser->request().body);
    switch (next->endpoint) {
      case Endpoint::get_dh: return wrong("a client that does not begin anew in its run");
      case Endpoint::post_dh: {
        client.cookie = cookies_.name(next->cookie);
        if (const Share* share = std::get_if<Share>(&next->body)) {
          shares_[to_vector(share->value)] = "from-client(" + number(client.run) + ")";
        }
        return by(step, client, "c-offer", given_offer(body));
      }
      case Endpoint::post_auth:
        said_.emplace(std::move(sent), "proof-from(" + number(client.run) + ")");
        return by(step, client, "c-share", given(body));
      case Endpoint::post_key:
        said_.emplace(std::move(sent), "key-from(" + number(client.run) + ")");
        return by(step, client, "c-proven", "own");
    }
    return {};
  }

  const Suite& suite_;
  const attacks::TraceHeader& header_;
  bool simulated_;
  Log log_;
  CookieNames cookies_;
  std::size_t step_ = 0;
  std::int64_t now_ = 0;
  std::size_t presses_ = 0, gets_ = 0, restarts_ = 0, issued_ = 0;
  std::map<std::string, ClientRun> clients_;
  std::vector<std::size_t> identities_;              // by run
  std::map<std::string, std::size_t> names_;         // identities by name
  std::map<std::string, std::size_t> fingerprints_;  // and by what they want installed
  std::map<ByteVector, std::string> shares_;         // of honest parties
  std::map<ByteVector, std::string> said_;           // proofs and keys of clients
  std::map<ByteVector, std::size_t> epochs_;         // of the device's offers
  std::set<std::vector<ByteVector>> groups_;         // of those too
  std::set<ByteVector> primes_;                      // of all offers
};

}  // namespace

std::string Log::term() const {
  std::string term =
      "< " + begin + " | " + clock + " | " + (may_fail ? "true" : "false") + " | unsaid | ";
  for (const LogEvent& event : events) term += event.term + " ";
  return term + "end | 0 >";
}

Outcome<Log> read_log(std::string_view text) {
  const auto trace = attacks::read_trace(text);
  if (!trace) {
    return std::unexpected("line " + number(trace.error().offset) + ": " +
                           std::string(trace.error().where));
  }
  const auto suite = parse_suite(trace->header.suite, trace->header.reading);
  if (!suite) {
    return std::unexpected("line 1: suite: " + std::string(suite.error().where));
  }
  const auto seen = read_seen(text);
  if (!seen) return std::unexpected(seen.error());
  if (seen->size() != trace->steps.size()) return std::unexpected("steps with a number each");
  Reader reader(*suite, trace->header);
  for (std::size_t i = 0; i < seen->size(); ++i) {
    if (auto done = reader.read(trace->steps[i], (*seen)[i]); !done) {
      return std::unexpected(done.error());
    }
  }
  return reader.finish();
}

}  // namespace wib::models
