// SPDX-License-Identifier: Apache-2.0
#include "models/bridge/conform.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "attacks/world/identities.h"
#include "attacks/world/memory_store.h"
#include "attacks/world/takes_code.h"
#include "models/bridge/compare.h"
#include "models/bridge/memoising.h"
#include "models/bridge/scripted.h"
#include "protocol/counters.h"
#include "protocol/setup/client.h"
#include "protocol/setup/device.h"

namespace wib::models {
namespace {

using attacks::MemoryStore;
using attacks::takes_code;

// Everything of both parties that changes.
struct Real {
  DeviceSnapshot device;
  MemoryStore store;
  ClientSnapshot client;
};

class Prober {
 public:
  Prober(Graph& graph, const Exploration& exploration, const ConformOptions& options)
      : graph_(graph),
        exploration_(exploration),
        options_(options),
        memo_crypto_(options.backend.crypto()),
        memo_certificates_(options.backend.certificates()),
        crypto_(options.memoise ? static_cast<Crypto&>(memo_crypto_) : options.backend.crypto()),
        gate_(options.suite.entropy_gate),
        suite_(with_gate(options.suite, gate_)),
        model_(options.model == nullptr ? suite_ : *options.model),
        id_(model_.id()),
        verifier_(make_verifier()),
        password_(as_bytes(setup_code), as_bytes(serial_number)),
        concrete_({model_, crypto_, ffdhe2048(), std::string(serial_number),
                   std::string(setup_code), verifier_ ? &*verifier_ : nullptr,
                   std::string(id_.view()), bundle("owner"), bundle("thief")}),
        device_({suite_, options.device_transitions, as_bytes(serial_number), ffdhe2048(),
                 verifier_ ? &*verifier_ : nullptr},
                {crypto_,
                 options.memoise ? static_cast<Certificates&>(memo_certificates_)
                                 : options.backend.certificates(),
                 device_random_, noise_, store_}),
        client_({suite_, options.client_transitions, as_bytes(serial_number), bundle("owner"),
                 &password_},
                {crypto_, client_random_}) {}

  Outcome<Conformance> run() {
    const auto began = std::chrono::steady_clock::now();
    std::vector<std::unique_ptr<Real>> real(graph_.states.size());
    reached_by_.assign(graph_.states.size(), none);
    real[0] = std::make_unique<Real>();
    result_.states = graph_.states.size();
    result_.arcs = graph_.arcs.size();
    for (std::size_t i = 0; i < graph_.arcs.size(); ++i) {
      const Arc& arc = graph_.arcs[i];
      if (i != 0 && graph_.arcs[i - 1].from != arc.from) real[graph_.arcs[i - 1].from].reset();
      // A state that only a wrong answer leads to cannot be tried; what led there was reported.
      if (real[arc.from] == nullptr) continue;
      arc_ = i;
      ++result_.probed;
      if (auto done = probe(arc, *real[arc.from]); !done) {
        return std::unexpected("after " + path_text(i) + ": " + done.error());
      }
      if (result_.mismatches.size() >= options_.most_mismatches) break;
      if (arc.to > arc.from && reached_by_[arc.to] == none && good_) {
        reached_by_[arc.to] = i;
        real[arc.to] = std::make_unique<Real>(Real{device_.snapshot(), store_, client_.snapshot()});
      }
    }
    result_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return std::move(result_);
  }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  static Bundle bundle(std::string_view owner) {
    return {attacks::identity(owner).certificate, attacks::identity(owner).private_key};
  }

  std::optional<Verifier> make_verifier() {
    if (!takes_code(suite_) && !takes_code(model_)) return std::nullopt;
    Verifier verifier;
    const ByteVector salt = Concrete::drawn("salt", salt_size);
    if (!register_verifier(crypto_, as_bytes(setup_code), as_bytes(serial_number), salt,
                           min_iterations, verifier)) {
      return std::nullopt;
    }
    return verifier;
  }

  // --- Reporting ---------------------------------------------------------------------------------

  std::vector<std::string> path(std::size_t arc) {
    std::vector<std::string> steps;
    for (std::size_t at = arc; at != none; at = reached_by_[graph_.arcs[at].from]) {
      steps.push_back(graph_.text(graph_.arcs[at].action));
    }
    std::ranges::reverse(steps);
    return steps;
  }
  std::string path_text(std::size_t arc) {
    std::string text;
    for (const std::string& step : path(arc)) text += (text.empty() ? "" : ", ") + step;
    return text;
  }
  void differs(const std::string& what) {
    good_ = false;
    if (result_.mismatches.size() < options_.most_mismatches) {
      result_.mismatches.push_back({path(arc_), what});
    }
  }
  void expect(bool condition, const std::string& what) {
    if (!condition) differs(what);
  }

  // --- The model's side of a state ---------------------------------------------------------------

  const MaudeTerm& device_term(std::uint32_t state) {
    return graph_.terms.term(graph_.states[state].device);
  }
  // --- One arc -----------------------------------------------------------------------------------

  void restore(const Real& real) {
    device_.restore(real.device);
    store_ = real.store;
    client_.restore(real.client);
  }

  Outcome<> probe(const Arc& arc, const Real& real) {
    good_ = true;
    const std::string_view action = std::string_view(graph_.terms.text(arc.action.name)).substr(1);
    if (action.starts_with("c-")) {
      restore(real);
      ++result_.probes;
      return probe_client(arc, action);
    }
    const bool request = action == "get-dh" || action.starts_with("post-");
    if (!request) {
      restore(real);
      ++result_.probes;
      probe_event(arc, action);
      return check_device(arc);
    }
    restore(real);  // a request may be of any session that lives there
    for (const Request& message : requests(arc, action)) {
      restore(real);
      ++result_.probes;
      if (auto done = probe_request(arc, message); !done) return done;
      if (auto done = check_device(arc); !done) return done;
    }
    return bad_body_.empty() ? Outcome<>{} : std::unexpected(std::exchange(bad_body_, {}));
  }

  void probe_event(const Arc& arc, std::string_view action) {
    device_random_.expect({});
    if (action == "press") {
      device_.press(now);
      preset_attempts();
    } else if (action == "restart") {
      device_.restart();
    } else if (action == "window-expired") {
      device_.tick(now + suite_.session_policy.window());
    } else {
      // One session's time alone: it is made to have begun earlier than the others.
      DeviceSnapshot snapshot = device_.snapshot();
      const auto cookie = concrete_.bytes(graph_.terms.term(arc.action.cookie));
      for (Session& session : snapshot.sessions) {
        if (cookie && session.live() && same(session.cookie, *cookie)) {
          session.opened = now - suite_.session_policy.lifetime();
        }
      }
      device_.restore(snapshot);
      device_.tick(now);
    }
  }

  // The model's limit is smaller than the code's: it starts as far from its end.
  void preset_attempts() {
    if (!suite_.attempt_limit.limits() || !device_.window_open()) return;
    DeviceSnapshot snapshot = device_.snapshot();
    snapshot.attempts.charged = attempts_per_press - exploration_.bound.tries;
    device_.restore(snapshot);
  }

  // The ways to say it: `junk` is any body that is not in order.
  std::vector<Request> requests(const Arc& arc, std::string_view action) {
    const auto endpoint = action == "get-dh"      ? Endpoint::get_dh
                          : action == "post-dh"   ? Endpoint::post_dh
                          : action == "post-auth" ? Endpoint::post_auth
                                                  : Endpoint::post_key;
    const MaudeTerm& cookie = graph_.terms.term(arc.action.cookie);
    const MaudeTerm& body = graph_.terms.term(arc.action.body);
    Request request{endpoint, std::nullopt, {}};
    if (!cookie.is("no-cookie", 0)) {
      const auto value = concrete_.bytes(cookie);
      if (!value || value->size() != cookie_size) {
        bad_body_ = "no bytes for " + cookie.text();
        return {};
      }
      request.cookie.emplace();
      std::ranges::copy(*value, request.cookie->begin());
    }
    if (endpoint == Endpoint::get_dh) {
      // A GET begins a new session whatever cookie comes with it.
      std::vector<Request> all = {request};
      for (const Session& session : device_.snapshot().sessions) {
        if (!session.live()) continue;
        request.cookie = session.cookie;
        all.push_back(request);
      }
      return all;
    }
    if (!body.is("junk", 0)) {
      const auto made = concrete_.body(body, "iv i");
      if (!made) {
        bad_body_ = made.error();
        return {};
      }
      request.body = (*made)->body;
      return {request};
    }
    static const ByteVector noise = Concrete::drawn("junk", 64);
    const ByteView view = noise;
    std::vector<Request> all;
    request.body = Error{Errc::malformed, "cbor"};
    all.push_back(request);
    if (endpoint != Endpoint::post_dh) {
      request.body = Proof{view.first(confirmation_size)};
      all.push_back(request);
      request.body = Sealed{view.first(16), view.first(32), view};
      all.push_back(request);
      request.body = Sealed{{}, view.first(32), view.first(16)};
      all.push_back(request);
    }
    // To have no cookie is as good as a wrong one.
    if (cookie.text() == "ck(i, 0)") {
      request.cookie.reset();
      all.push_back(request);
    }
    return all;
  }

  Outcome<> probe_request(const Arc& arc, const Request& request) {
    const MaudeTerm& before = device_term(arc.from);
    const MaudeTerm& answer = graph_.terms.term(arc.action.answer);
    std::vector<ByteVector> draws;
    const unsigned status = arc.action.status;
    if (request.endpoint == Endpoint::get_dh && status == 200) {
      draws.push_back(Concrete::drawn("ck(d, " + before[5].text() + ")", cookie_size));
    }
    // (y is drawn before the attempt is charged, so also when none is left.)
    const bool exhausted = status == 403 && before[0].head == "is-open";
    if (request.endpoint == Endpoint::post_dh && (status == 200 || exhausted)) {
      const auto number = session_number(before, graph_.terms.term(arc.action.cookie));
      if (!number) return std::unexpected("the model answers 200 to no session");
      draws.push_back(
          *concrete_.bytes(MaudeTerm{"rnd", {{"d", {}}, {std::to_string(*number), {}}}}));
    }
    device_random_.expect(std::move(draws));
    const DeviceState on = device_.state_for(request.cookie);
    const Reply reply = device_.handle(now, request);
    note_row(on, request, reply);
    if (static_cast<unsigned>(reply.status) != status) {
      differs("status " + std::to_string(static_cast<unsigned>(reply.status)) +
              ", the model says " + std::to_string(status));
      return {};
    }
    expect(device_random_.as_expected(), "other draws than the model's");
    if (status == 200) {
      // What goes out, byte for byte.
      const auto wanted = concrete_.body(answer, "");
      if (!wanted) return std::unexpected(wanted.error());
      expect(same_body(reply.body, (*wanted)->body), "another answer than " + answer.text());
    } else {
      expect(std::holds_alternative<std::monostate>(reply.body), "a body with a bare status");
    }
    if (request.endpoint == Endpoint::get_dh && status == 200) {
      const auto cookie = Concrete::drawn("ck(d, " + before[5].text() + ")", cookie_size);
      expect(reply.set_cookie && same(*reply.set_cookie, cookie), "another cookie");
    } else {
      expect(!reply.set_cookie, "a cookie that the model does not know");
    }
    return {};
  }

  // The row that such an answer is of.
  void note_row(DeviceState on, const Request& request, const Reply& reply) {
    const DeviceEvent event = to_event(request.endpoint);
    const DeviceState next = device_.state_for(request.cookie);
    for (const DeviceRow& row : options_.device_transitions) {
      if (row.on != on || row.event != event || row.status != reply.status) continue;
      if (!suite_.traits().has(row.when) || row.judged == Judged::failed) continue;
      if (!has(row.effects, Effects::create) && row.next != next) continue;
      result_.rows.insert(row_name(on, event, row.judged));
      return;
    }
  }

  // The device is in the state that the model is in.
  Outcome<> check_device(const Arc& arc) {
    const MaudeTerm& device = device_term(arc.to);
    const bool open = device[0].head == "is-open";
    expect(device_.window_open() == open,
           std::string("the window is ") + (open ? "closed" : "open") + ", the model's is not");
    std::size_t live = 0;
    for (const Session& session : device_.snapshot().sessions) live += session.live() ? 1 : 0;
    const auto wanted = sessions(device);
    expect(live == wanted.size(),
           std::to_string(live) + " sessions, the model has " + std::to_string(wanted.size()));
    for (const MaudeTerm* session : wanted) {
      const auto bytes = concrete_.bytes((*session)[0]);
      if (!bytes) return std::unexpected(bytes.error());
      Cookie cookie;
      std::ranges::copy(*bytes, cookie.begin());
      const std::string_view state = name(device_.state_for(cookie));
      expect(state == state_word((*session)[3].head),
             "session " + (*session)[0].text() + " is in " + std::string(state) +
                 ", the model's in " + std::string(state_word((*session)[3].head)));
    }
    if (suite_.freshness.offer_fields() != OfferFields::none) {
      const auto counters = load_counters(store_);
      if (!counters) return std::unexpected("the counters cannot be read");
      expect(counters->epoch == device[7].number(),
             "epoch " + std::to_string(counters->epoch) + ", the model's is " + device[7].text());
    }
    if (suite_.attempt_limit.limits() && open) {
      const unsigned left = attempts_per_press - device_.snapshot().attempts.charged;
      expect(left == device[8].number(),
             std::to_string(left) + " attempts left, the model has " + device[8].text());
    }
    return check_store(arc);
  }

  Outcome<> check_store(const Arc& arc) {
    const auto before = graph_.states[arc.from].installed;
    const auto after = graph_.states[arc.to].installed;
    ByteVector buffer(max_bundle_size);
    const auto stored = store_.get(Record::identity, buffer);
    if (!stored) return std::unexpected("the store cannot be read");
    if (graph_.terms.text(after) == "in(0, 0)") {
      expect(!*stored, "something is installed, the model has nothing");
      return {};
    }
    if (before == after) return {};
    const MaudeTerm& body = graph_.terms.term(arc.action.body);
    const auto bundle = concrete_.bytes(body[2]);
    if (!bundle) return std::unexpected(bundle.error());
    expect(*stored && same(ByteView(buffer).first(**stored), *bundle),
           "what is installed is not " + body[2].text());
    return {};
  }

  Outcome<> probe_client(const Arc& arc, std::string_view action) {
    const MaudeTerm& body = graph_.terms.term(arc.action.body);
    const MaudeTerm& answer = graph_.terms.term(arc.action.answer);
    const bool seals = !model_.protection.acknowledges();
    const bool pake = takes_code(model_);
    Response response{static_cast<Status>(arc.action.status), std::nullopt, {}};
    std::string_view iv;
    std::vector<ByteVector> draws;
    if (action == "c-offer") {
      const auto cookie = concrete_.bytes(graph_.terms.term(arc.action.cookie));
      if (!cookie) return std::unexpected(cookie.error());
      response.set_cookie.emplace();
      std::ranges::copy(*cookie, response.set_cookie->begin());
      draws.push_back(*concrete_.bytes(MaudeTerm{"rnd", {{"c", {}}, {"0", {}}}}));
    } else if (action == "c-share" && seals && !pake) {
      iv = "iv c auth";
      draws.push_back(Concrete::drawn(iv, aes_block_size));
    } else if (action == "c-proven" && seals) {
      iv = "iv c key";
      draws.push_back(Concrete::drawn(iv, aes_block_size));
    }
    if (!body.is("junk", 0)) {
      const auto made = concrete_.body(body, "iv i");
      if (!made) return std::unexpected(made.error());
      response.body = (*made)->body;
    }
    client_random_.expect(std::move(draws));
    const ClientStep step = action == "c-start" ? client_.start() : client_.handle(response);
    expect(client_random_.as_expected(), "other draws than the model's");
    const MaudeTerm& client = graph_.terms.term(graph_.states[arc.to].clients);
    const ClientState wanted = client_state(client[2]);
    if (client_.state() != wanted) {
      differs("the client is in " + std::string(name(client_.state())) + ", the model's in " +
              std::string(name(wanted)) + " (" + std::string(step.error.where) + ")");
      return {};
    }
    if (answer.is("junk", 0)) {
      const bool sends = step.send.has_value();
      expect(sends == (action == "c-start"), "the client sends what the model does not");
      return {};
    }
    const auto made = concrete_.body(answer, iv);
    if (!made) return std::unexpected(made.error());
    expect(step.send && same_body(step.send->body, (*made)->body),
           "the client sends something else than " + answer.text());
    return {};
  }

  Graph& graph_;
  const Exploration& exploration_;
  const ConformOptions& options_;
  MemoisingCrypto memo_crypto_;
  MemoisingCertificates memo_certificates_;
  Crypto& crypto_;
  NamedDraws gate_;
  Suite suite_;
  Suite model_;
  SuiteName id_;  // the model's: what it thinks is offered
  std::optional<Verifier> verifier_;
  Password password_;
  Concrete concrete_;
  ScriptedRandom device_random_, client_random_;
  GoodNoise noise_;
  MemoryStore store_;
  Device device_;
  Client client_;

  Conformance result_;
  std::vector<std::size_t> reached_by_;
  std::size_t arc_ = 0;
  bool good_ = true;
  std::string bad_body_;
};

}  // namespace

Outcome<Conformance> conform(Graph& graph, const Exploration& exploration,
                             const ConformOptions& options) {
  return std::make_unique<Prober>(graph, exploration, options)->run();
}

}  // namespace wib::models
