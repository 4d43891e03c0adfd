// SPDX-License-Identifier: Apache-2.0
#include "fuzz/trace/harness.h"

#include "fuzz/trace/harness_state.h"
#include "protocol/big_endian.h"

namespace wib::fuzz {
namespace {

// What a wait is for, by the step's `more`.
constexpr std::array<std::uint32_t, 4> waits = {1'000, 61'000, 301'000, 30'000};

unsigned ordinal(const auto value) { return static_cast<unsigned>(value); }

}  // namespace

Harness::Harness(const Configuration& configuration)
    : configuration_(configuration),
      shape_(Shape::of(configuration.suite)),
      state_(std::make_unique<State>(configuration)) {}

Harness::~Harness() = default;

Outcome Harness::run(ByteView trace, Recording* recording) {
  State& s = *state_;
  s.terms.reset();
  s.knowledge.begin();
  s.oracle.begin();
  feedback_.begin();
  s.store = s.fresh_store;
  s.shadow_store = s.fresh_store;
  s.device->restore(s.fresh_device);
  if (configuration_.shadow) s.shadow->restore(s.fresh_device);
  s.boot = 0;
  s.boots = 0;
  for (auto* random : {&s.random, &s.shadow_random, &s.noise.random(), &s.shadow_noise.random()}) {
    random->restart(0);
  }
  for (auto& client : s.clients) {
    if (!client->started) continue;
    client->client.restore(client->fresh);
    client->random.restart(0);
    client->started = false;
  }
  s.messages.clear();
  s.used = 0;
  s.delivered = 0;
  s.now = {};
  s.runs = 0;
  s.handled = 0;
  s.newest = {};
  s.recording = recording;
  if (recording != nullptr) *recording = {};

  for (const ByteView known : {ByteView(s.own_certificate), ByteView(s.own_key), ByteView(s.iv),
                               ByteView(s.cookie), ByteView(s.junk), ByteView(s.guessed)}) {
    s.knowledge.learn(known);
  }
  for (const auto& exponent : s.exponents) {
    s.knowledge.learn(ByteView(exponent).first(s.exponent_size));
  }
  if (shape_.confirms || configuration_.conditions.leaked) s.knowledge.learn(s.serial);

  std::size_t steps = 0;
  while (!trace.empty() && steps++ < max_steps && !s.terms.full() &&
         s.used + 2048 < s.arena.size()) {
    const Step next = step_of(trace.front());
    trace = trace.subspan(1);
    step(next, trace);
  }
  Outcome outcome{.violations = s.oracle.finish(s.knowledge),
                  .honest = s.oracle.honest_completion(),
                  .stages = s.oracle.stages(),
                  .steps = s.handled};
  if (recording != nullptr) {
    for (std::size_t run = 0; run < s.runs; ++run) {
      recording->stolen.push_back(s.knowledge.knows(s.clients[run]->key_atom));
    }
  }
  return outcome;
}

Byte Harness::eat(ByteView& rest) noexcept {
  if (rest.empty()) return 0;
  const Byte byte = rest.front();
  rest = rest.subspan(1);
  return byte;
}

void Harness::step(Step step, ByteView& rest) {
  State& s = *state_;
  s.now += Instant{1};
  if (s.recording != nullptr) s.event = {};
  s.event.step = step;
  // As the world does: what the time has ended is over before anything happens.
  s.device->tick(s.now);
  if (configuration_.shadow) s.shadow->tick(s.now);
  switch (step.action) {
    case Action::press: press(false); break;
    case Action::long_press: press(true); break;
    case Action::restart: restart(); break;
    case Action::wait:
      s.event.wait_ms = waits[step.more % waits.size()];
      s.now += Instant{s.event.wait_ms};
      s.device->tick(s.now);
      if (configuration_.shadow) s.shadow->tick(s.now);
      break;
    case Action::start: start(); break;
    case Action::get_dh: send_request(Endpoint::get_dh, rest); break;
    case Action::post_dh: send_request(Endpoint::post_dh, rest); break;
    case Action::post_auth: send_request(Endpoint::post_auth, rest); break;
    case Action::post_key: send_request(Endpoint::post_key, rest); break;
    case Action::offer:
    case Action::answer:
    case Action::auth_result:
    case Action::key_result: send_response(step.action, step.more, rest); break;
    case Action::forward: forward(eat(rest)); break;
    case Action::drop:
      while (s.delivered < s.messages.size() &&
             s.messages[s.delivered].from == Message::From::attacker) {
        ++s.delivered;
      }
      if (s.delivered < s.messages.size()) ++s.delivered;
      break;
  }
  if (s.recording != nullptr) s.recording->events.push_back(s.event);
  if (!configuration_.feedback) return;

  using Group = Feedback::Group;
  unsigned states = 0;
  unsigned bits = 0;
  const Session* newest = nullptr;
  for (const auto& cookie : s.newest) states = states * 5 + ordinal(s.device->state_for(cookie));
  if (s.newest[0]) {
    for (const Session& session : s.device->snapshot().sessions) {
      if (session.live() && session.cookie == *s.newest[0]) newest = &session;
    }
  }
  const bool keyed = newest != nullptr && !newest->keys.to_device.encryption.empty();
  if (keyed && s.knowledge.derivable(newest->keys.to_device.encryption.view())) bits |= 1U;
  if (keyed) {
    const ByteView key = newest->keys.to_device.encryption.view();
    s.oracle.keyed(s.newest[0], read_u64(key.first(8)), (bits & 1U) == 0);
  }
  unsigned client_state = 0;
  if (s.runs > 0) {
    const ClientSnapshot& client = s.clients[s.runs - 1]->client.snapshot();
    client_state = 1 + ordinal(client.state);
    const ByteView key = client.keys.to_device.encryption.view();
    if (!key.empty() && s.knowledge.derivable(key)) bits |= 2U;
    if (!key.empty() && keyed && same_bytes(key, newest->keys.to_device.encryption.view())) {
      bits |= 4U;
    }
  }
  if (!shape_.confirms && s.knowledge.derivable(s.serial)) bits |= 8U;
  const auto device_state = newest == nullptr ? DeviceState::no_session : newest->state;
  const bool theirs = (bits & 1U) != 0;
  if (newest != nullptr) s.oracle.stage(KnownAttack::takeover, 1);
  if (theirs) s.oracle.stage(KnownAttack::takeover, 2);
  if (theirs && device_state == DeviceState::await_key) s.oracle.stage(KnownAttack::takeover, 3);
  if (s.oracle.foreign_install()) s.oracle.stage(KnownAttack::takeover, 4);
  constexpr unsigned sent_share = 1 + static_cast<unsigned>(ClientState::expect_share);
  const bool alive =
      client_state >= sent_share && client_state <= 1 + ordinal(ClientState::expect_key_result);
  if (alive) {
    const unsigned rung = 1 + client_state - sent_share;  // 1..3
    const ByteView key = s.clients[s.runs - 1]->client.snapshot().keys.to_device.encryption.view();
    const bool honest = !key.empty() && s.oracle.has_keys(read_u64(key.first(8)));
    s.oracle.stage(KnownAttack::rogue_device, honest ? 1 : rung);
    s.oracle.stage(KnownAttack::theft, 1);
    if ((bits & 2U) != 0) s.oracle.stage(KnownAttack::theft, std::min(rung, 3U));
  }
  if (s.oracle.completed_without_install()) s.oracle.stage(KnownAttack::rogue_device, 4);
  for (std::size_t run = 0; run < s.runs; ++run) {
    if (s.knowledge.knows(s.clients[run]->key_atom)) s.oracle.stage(KnownAttack::theft, 4);
  }
  if (const unsigned secret = s.oracle.secret_installs(s.knowledge); secret > 0) {
    s.oracle.stage(KnownAttack::replay, 1);
    if (s.device->window_open()) s.oracle.stage(KnownAttack::replay, 2);
    if (s.oracle.repeated_keys() > 0) {
      s.oracle.stage(KnownAttack::replay, device_state == DeviceState::await_key ? 4 : 3);
    }
    if (s.oracle.replayed(s.knowledge)) s.oracle.stage(KnownAttack::replay, 5);
  }
  feedback_.hit(Group::states, (states * 8 + client_state) * 16 + bits);
  feedback_.hit(Group::progress, std::min(s.oracle.installs(), 3U) * 64 +
                                     static_cast<unsigned>(s.runs) * 16 + std::min(s.boots, 15U));
  feedback_.hit(Group::progress, 256 + std::min(s.oracle.guesses(), 15U) * 5 + states % 5);
  if (configuration_.ghosts) {
    const unsigned state = newest == nullptr ? 0 : ordinal(newest->state);
    const unsigned secret = std::min(s.oracle.secret_installs(s.knowledge), 2U);
    const bool others = s.oracle.installs() > secret;
    feedback_.hit(
        Group::ghosts,
        5000 +
            (((secret * 3 + std::min(s.boots, 2U)) * 3 + s.oracle.repeated_keys()) * 5 + state) *
                2 +
            (others ? 1U : 0U));
    unsigned known_runs = 0;
    for (std::size_t run = 0; run < s.runs; ++run) {
      if (s.knowledge.knows(s.clients[run]->key_atom)) known_runs |= 1U << run;
    }
    feedback_.hit(
        Group::ghosts,
        ((s.oracle.ghost_of(s.newest[0]) * 9 + s.oracle.ghost_of(s.newest[1])) * 8 + client_state) *
                4 +
            (bits & 3U));
    feedback_.hit(Group::ghosts,
                  4096 + known_runs * 16 + client_state * 2 + (s.device->window_open() ? 1 : 0));
  }
}

// --- The device's own events --------------------------------------------------------------------

void Harness::press(bool held) {
  State& s = *state_;
  const auto do_press = [&](Device& device) {
    if (held) {
      device.long_press(s.now);
    } else {
      device.press(s.now);
    }
  };
  // Whether it did open the window is seen in its time.
  const Instant before = s.device->snapshot().window_closes;
  do_press(*s.device);
  if (configuration_.shadow) {
    do_press(*s.shadow);
    if (s.shadow->window_open() != s.device->window_open()) s.oracle.differs();
  }
  const bool opened = s.device->window_open() && s.device->snapshot().window_closes != before;
  s.oracle.pressed(s.now, opened);
}

void Harness::restart() {
  State& s = *state_;
  ++s.boots;
  s.boot = configuration_.conditions.repeats ? 0 : s.boots;
  s.device->restart();
  s.random.restart(s.boot);
  s.noise.random().restart(s.boot);
  if (configuration_.shadow) {
    s.shadow->restart();
    s.shadow_random.restart(s.boot);
    s.shadow_noise.random().restart(s.boot);
  }
  s.oracle.restarted();
}

void Harness::start() {
  State& s = *state_;
  if (s.runs == max_runs) return;
  const std::size_t run = s.runs++;
  ClientParty& party = *s.clients[run];
  party.started = true;
  const ClientStep step = party.client.start();
  s.event.client = run;
  s.oracle.started(run, step.claim, party.key_atom);
  if (!step.send) return;
  party.asked = step.send->endpoint;
  s.event.emitted =
      push({.from = Message::From::client, .client = run, .endpoint = step.send->endpoint});
}

// --- The wire -----------------------------------------------------------------------------------

ByteView Harness::keep(ByteView bytes) {
  State& s = *state_;
  const std::size_t size = std::min(bytes.size(), s.arena.size() - s.used);
  const ByteSpan kept = ByteSpan(s.arena).subspan(s.used, size);
  std::ranges::copy(bytes.first(size), kept.begin());
  s.used += size;
  return kept;
}

Body Harness::keep(const Body& body) {
  if (const Offer* offer = std::get_if<Offer>(&body)) {
    return Offer{keep(offer->p),      keep(offer->g),    keep(offer->group),
                 keep(offer->suites), keep(offer->salt), keep(offer->iterations),
                 keep(offer->epoch)};
  }
  if (const Share* share = std::get_if<Share>(&body)) {
    return Share{keep(share->value), keep(share->confirmation)};
  }
  if (const Proof* proof = std::get_if<Proof>(&body)) return Proof{keep(proof->confirmation)};
  if (const Sealed* sealed = std::get_if<Sealed>(&body)) {
    return Sealed{keep(sealed->iv), keep(sealed->ciphertext), keep(sealed->tag)};
  }
  return body;
}

std::size_t Harness::push(Message message) {
  State& s = *state_;
  message.body = keep(message.body);
  see(message);
  s.messages.push_back(std::move(message));
  return s.messages.size() - 1;
}

void Harness::see(const Message& message) {
  State& s = *state_;
  if (message.from == Message::From::attacker) return;
  if (message.cookie) s.knowledge.learn(*message.cookie);
  if (const Share* share = std::get_if<Share>(&message.body)) {
    s.knowledge.learn(share->value);
    s.knowledge.learn(share->confirmation);
  } else if (const Proof* proof = std::get_if<Proof>(&message.body)) {
    s.knowledge.learn(proof->confirmation);
  } else if (const Sealed* sealed = std::get_if<Sealed>(&message.body)) {
    s.knowledge.learn(sealed->iv);
    s.knowledge.learn(sealed->ciphertext);
    s.knowledge.learn(sealed->tag);
  }
}

template <Endpoint endpoint>
bool Harness::is_request(const Message& message) noexcept {
  return message.from == Message::From::client && message.endpoint == endpoint;
}

const Harness::Message* Harness::nth_newest(std::size_t n, bool (*fits)(const Message&)) const {
  const auto& messages = state_->messages;
  std::size_t count = 0;
  for (const Message& message : messages) count += fits(message) ? 1U : 0U;
  if (count == 0) return nullptr;
  n %= count;
  for (std::size_t i = messages.size(); i-- > 0;) {
    if (fits(messages[i]) && n-- == 0) return &messages[i];
  }
  return nullptr;
}

// Up to 63 the oldest message of an honest party that was not delivered yet; up to 127 a request
// that a client has sent, of the kind that the newest session waits for; else any message that was
// seen before. The last two are counted from the newest.
void Harness::forward(Byte which) {
  State& s = *state_;
  std::size_t number = s.messages.size();
  if (which < 64) {
    while (s.delivered < s.messages.size() &&
           s.messages[s.delivered].from == Message::From::attacker) {
      ++s.delivered;
    }
    number = s.delivered;
    if (number < s.messages.size()) ++s.delivered;
  } else {
    const auto honest = [](const Message& message) {
      return message.from != Message::From::attacker;
    };
    const Message* found = nullptr;
    if (which >= 128) {
      found = nth_newest(which & 127U, honest);
    } else {
      switch (s.device->state_for(s.newest[0])) {
        case DeviceState::await_share:
          found = nth_newest(which & 7U, is_request<Endpoint::post_dh>);
          break;
        case DeviceState::await_auth:
          found = nth_newest(which & 7U, is_request<Endpoint::post_auth>);
          break;
        case DeviceState::await_key:
          found = nth_newest(which & 7U, is_request<Endpoint::post_key>);
          break;
        default: found = nth_newest(which & 7U, is_request<Endpoint::get_dh>); break;
      }
    }
    if (found != nullptr) number = static_cast<std::size_t>(found - s.messages.data());
  }
  if (number >= s.messages.size()) return;
  const Message message = s.messages[number];
  s.event.forwarded = number;
  if (message.request) {
    to_device({message.endpoint, message.cookie, message.body}, number);
    return;
  }
  if (s.runs == 0) return;
  const std::size_t client = message.asked_by_client ? message.client : s.runs - 1;
  to_client(client, {message.status, message.cookie, message.body}, number);
}

void Harness::to_device(const Request& request, std::size_t message) {
  State& s = *state_;
  s.event.request = true;
  s.event.delivered = message;
  ++s.handled;
  const bool open_before = s.device->window_open();
  const DeviceState before = s.device->state_for(request.cookie);
  const Reply reply = s.device->handle(s.now, request);
  s.event.answer = reply.status;
  s.oracle.answered(s.now, request, reply, open_before, s.device->window_open(), s.terms);
  if (configuration_.shadow) {
    const Reply sound = s.shadow->handle(s.now, request);
    const bool same = sound.status == reply.status && sound.set_cookie == reply.set_cookie &&
                      s.shadow->window_open() == s.device->window_open();
    if (!same) s.oracle.differs();
  }
  if (configuration_.feedback) {
    feedback_.hit(Feedback::Group::answers, (ordinal(before) * 4 + ordinal(request.endpoint)) * 16 +
                                                (ordinal(reply.status) % 13));
  }
  if (s.recording != nullptr && request.endpoint == Endpoint::post_dh &&
      reply.status == Status::ok) {
    for (auto& view : s.recording->sessions) {
      if (view.cookie == request.cookie) view.share = message;
    }
  }
  if (s.recording != nullptr && request.endpoint == Endpoint::post_auth &&
      reply.status == Status::no_content) {
    for (auto& view : s.recording->sessions) {
      if (view.cookie == request.cookie) view.auth = message;
    }
  }
  // Nobody listens while the window is closed.
  if (!open_before && reply.status >= Status::bad_request) {
    s.event.refused_connection = true;
    return;
  }
  const Message& asked = s.messages[message];
  Message answer{.request = false,
                 .from = Message::From::device,
                 .client = asked.client,
                 .asked_by_client = asked.from == Message::From::client,
                 .endpoint = request.endpoint,
                 .status = reply.status,
                 .cookie = reply.set_cookie,
                 .body = reply.body};
  if (reply.set_cookie) {
    s.newest[1] = s.newest[0];
    s.newest[0] = reply.set_cookie;
  }
  const std::size_t number = push(std::move(answer));
  s.event.emitted = number;
  if (s.recording == nullptr) return;
  if (reply.set_cookie) {
    s.recording->sessions.push_back({.offer = number, .cookie = reply.set_cookie});
  } else if (request.endpoint == Endpoint::post_dh && reply.status == Status::ok) {
    for (auto& view : s.recording->sessions) {
      if (view.cookie == request.cookie) view.answer = number;
    }
  }
}

void Harness::to_client(std::size_t client, const Response& response, std::size_t message) {
  State& s = *state_;
  s.event.response = true;
  s.event.delivered = message;
  s.event.client = client;
  ++s.handled;
  ClientParty& party = *s.clients[client];
  const ClientState before = party.client.state();
  const ClientStep step = party.client.handle(response);
  const ClientSnapshot& after = party.client.snapshot();
  s.oracle.stepped(client, response, step, after, before, s.terms);
  if (configuration_.feedback) {
    feedback_.hit(Feedback::Group::answers, 512 + (ordinal(before) * 8 + ordinal(after.state)) * 4 +
                                                ordinal(response.status) % 4);
  }
  if (s.recording != nullptr) {
    auto& view = s.recording->clients[client];
    if (before == ClientState::expect_offer && step.send) view.offer = message;
    if (before == ClientState::expect_share && step.send) view.answer = message;
  }
  if (!step.send) return;
  party.asked = step.send->endpoint;
  const std::size_t number = push({.from = Message::From::client,
                                   .client = client,
                                   .endpoint = step.send->endpoint,
                                   .cookie = step.send->cookie,
                                   .body = step.send->body});
  s.event.emitted = number;
  if (s.recording == nullptr) return;
  auto& view = s.recording->clients[client];
  if (step.send->endpoint == Endpoint::post_dh) view.share = number;
  if (step.send->endpoint == Endpoint::post_auth) view.auth = number;
  if (step.send->endpoint == Endpoint::post_key) s.recording->keys[client] = number;
}

}  // namespace wib::fuzz
