// SPDX-License-Identifier: Apache-2.0
//
// What the attacker sends: fields read from the trace, holes solved by the receiver.
#include "fuzz/trace/harness.h"
#include "fuzz/trace/harness_state.h"
#include "protocol/big_endian.h"

namespace wib::fuzz {
namespace {

using From = Source::From;

Source from_wire(std::size_t message, std::string_view field) {
  return {.from = From::wire, .message = message, .field = field};
}

}  // namespace

std::optional<Cookie> Harness::cookie(ByteView& rest, Source& source, bool& hole) {
  State& s = *state_;
  const Choice made = choice(Field::cookie, eat(rest));
  const auto kind = static_cast<Cookies>(made.kind);
  source = {.from = From::none};
  if (kind == Cookies::none) return std::nullopt;
  if (kind == Cookies::own) {
    source = {.from = From::random, .number = 8};
    return s.cookie;
  }
  hole = kind == Cookies::hole && configuration_.holes;
  const Message* found = nth_newest(made.index, [](const Message& message) {
    return !message.request && message.cookie.has_value() &&
           message.from != Message::From::attacker;
  });
  if (found == nullptr) {
    source = {.from = From::random, .number = 8};
    return s.cookie;
  }
  source = from_wire(static_cast<std::size_t>(found - s.messages.data()), "cookie");
  return found->cookie;
}

ByteView Harness::element(ByteView& rest, Source& source) {
  State& s = *state_;
  const Choice made = choice(Field::element, eat(rest));
  switch (static_cast<Elements>(made.kind)) {
    case Elements::known: {
      const Message* found = nth_newest(made.index, [](const Message& message) {
        return std::holds_alternative<Share>(message.body) &&
               message.from != Message::From::attacker;
      });
      if (found == nullptr) break;
      source = from_wire(static_cast<std::size_t>(found - s.messages.data()), "share");
      return std::get<Share>(found->body).value;
    }
    case Elements::own: break;
    case Elements::power: {
      const ByteView base = element(rest, source);
      const std::size_t number = made.index % own_exponents;
      const ByteView exponent = ByteView(s.exponents[number]).first(s.exponent_size);
      std::array<Byte, max_modulus_size> out;
      const ByteSpan power = ByteSpan(out).first(s.share_size);
      Result<> done;
      if (!s.group.p.empty()) {
        done = s.crypto.mod_exp(base, exponent, s.group.p, power);
      } else if (s.group.name == NamedGroup::secp256r1) {
        done = s.crypto.p256_mul(exponent, base, power);
      } else {
        done = s.crypto.x25519(exponent, base, power);
      }
      if (!done || source.powers == Source::max_powers) break;
      source.exponents[source.powers++] = static_cast<Byte>(number);
      return keep(power);
    }
    case Elements::constant: {
      const ByteView bytes = s.constants[made.index % s.constants.size()];
      source = {.from = From::constant, .number = made.index % s.constants.size()};
      source.bytes = bytes;
      return bytes;
    }
  }
  const std::size_t number = made.index % own_shares;
  source = {.from = From::own, .number = number};
  return ByteView(s.shares[number]).first(s.share_size);
}

ByteView Harness::confirm(ByteView& rest, Source& source, bool& hole) {
  State& s = *state_;
  const Choice made = choice(Field::confirm, eat(rest));
  const auto kind = static_cast<Confirms>(made.kind);
  hole = kind == Confirms::hole && configuration_.holes;
  if (kind != Confirms::junk) {
    const Message* found = nth_newest(made.index, [](const Message& message) {
      const Share* share = std::get_if<Share>(&message.body);
      return message.from != Message::From::attacker &&
             (std::holds_alternative<Proof>(message.body) ||
              (share != nullptr && !share->confirmation.empty()));
    });
    if (found != nullptr) {
      source = from_wire(static_cast<std::size_t>(found - s.messages.data()), "confirm");
      const Proof* proof = std::get_if<Proof>(&found->body);
      return proof != nullptr ? proof->confirmation : std::get<Share>(found->body).confirmation;
    }
  }
  source = {.from = From::random, .number = 9};
  return s.junk;
}

Sealed Harness::sealed(ByteView& rest, Endpoint endpoint, std::size_t,
                       std::array<Source, 3>& sources, bool& hole, unsigned& wish) {
  State& s = *state_;
  const Choice made = choice(Field::sealed, eat(rest));
  const auto kind = static_cast<Seals>(made.kind);
  hole = kind == Seals::hole && configuration_.holes;
  wish = hole ? made.index % (max_runs + 1) : 0;
  const auto pick = [&](std::size_t n) {
    return nth_newest(n, [](const Message& message) {
      return std::holds_alternative<Sealed>(message.body) &&
             message.from != Message::From::attacker;
    });
  };
  const auto number_of = [&](const Message* message) {
    return static_cast<std::size_t>(message - s.messages.data());
  };
  const Message* whole = pick(made.index);
  if (kind != Seals::junk && whole != nullptr && !hole) {
    Sealed taken = std::get<Sealed>(whole->body);
    sources = {from_wire(number_of(whole), "iv"), from_wire(number_of(whole), "ciphertext"),
               from_wire(number_of(whole), "tag")};
    if (kind == Seals::parts) {
      const Byte parts = eat(rest);
      const Message* iv = pick(parts & 3U);
      const Message* tag = pick((parts >> 2U) & 3U);
      taken.iv = std::get<Sealed>(iv->body).iv;
      taken.tag = std::get<Sealed>(tag->body).tag;
      sources[0] = from_wire(number_of(iv), "iv");
      sources[2] = from_wire(number_of(tag), "tag");
    }
    return taken;
  }
  if (kind == Seals::parts) (void)eat(rest);
  const State::Sizes& sizes = endpoint == Endpoint::post_auth ? s.auth_sizes : s.key_sizes;
  sources = {Source{.from = From::random, .number = 7}, Source{.from = From::random, .number = 10},
             Source{.from = From::random, .number = 11}};
  std::array<Byte, 512> out;
  const ByteSpan ciphertext = ByteSpan(out).first(std::min(sizes.ciphertext, out.size()));
  std::ranges::fill(ciphertext, Byte{0x11});
  return {ByteView(s.iv).first(sizes.iv), keep(ciphertext), keep(ByteView(out).first(sizes.tag))};
}

Offer Harness::offer(ByteView& rest, std::array<Source, offer_field_count>& sources) {
  State& s = *state_;
  static constexpr std::array<std::string_view, offer_field_count> names = {
      "p", "g", "group", "suites", "salt", "iterations", "epoch"};
  const Choice made = choice(Field::offer, eat(rest));
  const Message* found = nth_newest(made.index, [](const Message& message) {
    return std::holds_alternative<Offer>(message.body) && message.from != Message::From::attacker;
  });
  if (found == nullptr) return {};
  Offer taken = std::get<Offer>(found->body);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!views(taken)[i].empty()) {
      sources[i] = from_wire(static_cast<std::size_t>(found - s.messages.data()), names[i]);
    }
  }
  const auto constant = [&](std::size_t field, ByteView bytes) {
    const ByteView kept = keep(bytes);
    sources[field] = {.from = From::constant, .bytes = kept};
    return kept;
  };
  switch (static_cast<Offers>(made.kind)) {
    case Offers::known: break;
    case Offers::own_group: {
      static constexpr std::array<Byte, 2> x25519 = {0, 29};
      // A group of numbers so small that its secrets are guessed would be no proof in terms.
      if (!taken.group.empty()) taken.group = constant(2, x25519);
      break;
    }
    case Offers::other_suites:
      if (!taken.suites.empty()) taken.suites = constant(3, as_bytes("as_posted/cbc"));
      break;
    case Offers::other_epoch:
      if (!taken.epoch.empty()) {
        std::array<Byte, 8> epoch;
        write_u64(read_u64(taken.epoch) + made.index, epoch);
        taken.epoch = constant(6, epoch);
      }
      break;
  }
  return taken;
}

// What the receiver wanted, if the attacker can make that; else what there was.
ByteView Harness::solved(std::size_t hole, ByteView fallback, Source& source) {
  State& s = *state_;
  const auto wanted = s.solver.solution(hole);
  if (!wanted || wanted->size() > 512 || !s.knowledge.derivable(*wanted)) return fallback;
  source = {.from = From::wish};
  return keep(*wanted);
}

void Harness::send_request(Endpoint endpoint, ByteView& rest) {
  State& s = *state_;
  Request request{.endpoint = endpoint};
  bool cookie_hole = false;
  bool body_hole = false;
  unsigned wish = 0;
  Source of_cookie;
  std::array<Source, 3> sources;
  if (endpoint != Endpoint::get_dh) request.cookie = cookie(rest, of_cookie, cookie_hole);
  Share share;
  Proof proof;
  Sealed payload;
  const bool confirms = endpoint == Endpoint::post_auth && shape_.confirms;
  if (endpoint == Endpoint::post_dh) {
    share.value = element(rest, sources[0]);
    request.body = share;
  } else if (confirms) {
    proof.confirmation = confirm(rest, sources[0], body_hole);
    request.body = proof;
  } else if (endpoint != Endpoint::get_dh) {
    payload = sealed(rest, endpoint, 0, sources, body_hole, wish);
    request.body = payload;
  }

  if (cookie_hole || body_hole) {
    const ByteView plaintext = endpoint == Endpoint::post_auth
                                   ? ByteView(s.serial)
                                   : ByteView(s.bundles[wish]).first(s.bundle_size);
    s.solver.begin(plaintext);
    Request asking = request;
    std::array<std::array<Byte, 512>, 3> holes;
    const auto add = [&](std::size_t n, std::size_t size) {
      const ByteSpan value = ByteSpan(holes[n]).first(size);
      s.solver.add_hole(value);
      return ByteView(value);
    };
    std::size_t next = 0;
    std::size_t body_at = 0;
    if (cookie_hole) {
      const ByteView value = add(next++, cookie_size);
      asking.cookie.emplace();
      std::ranges::copy(value, asking.cookie->begin());
    }
    body_at = next;
    if (body_hole && confirms) asking.body = Proof{add(next++, confirmation_size)};
    if (body_hole && !confirms) {
      const State::Sizes& sizes = endpoint == Endpoint::post_auth ? s.auth_sizes : s.key_sizes;
      const ByteView ciphertext = add(next++, sizes.ciphertext);
      asking.body = Sealed{ByteView(s.iv).first(sizes.iv), ciphertext, add(next++, sizes.tag)};
    }
    s.solving_store = s.store;
    s.solving_device->restore(s.device->snapshot());
    (void)s.solving_device->handle(s.now, asking);
    if (cookie_hole && request.cookie) {
      const ByteView value = solved(0, *request.cookie, of_cookie);
      if (of_cookie.from == From::wish) {
        Cookie taken;
        std::ranges::copy(value, taken.begin());
        request.cookie = taken;
        // A cookie is public: say where it was seen.
        for (std::size_t i = s.messages.size(); i-- > 0;) {
          if (s.messages[i].request || s.messages[i].cookie != request.cookie) continue;
          of_cookie = from_wire(i, "cookie");
          break;
        }
      }
    }
    if (body_hole && confirms) {
      request.body = Proof{solved(body_at, proof.confirmation, sources[0])};
    } else if (body_hole) {
      payload.ciphertext = solved(body_at, payload.ciphertext, sources[1]);
      payload.tag = solved(body_at + 1, payload.tag, sources[2]);
      request.body = payload;
    }
  }
  const std::size_t number =
      push({.endpoint = endpoint, .cookie = request.cookie, .body = request.body});
  if (s.recording != nullptr) {
    Event& event = s.event;
    event.endpoint = endpoint;
    event.wish = wish;
    event.receiver = request.cookie;
    if (of_cookie.from != From::none) event.cookie = of_cookie;
    if (endpoint == Endpoint::post_dh) event.fields = {{"share", sources[0]}};
    if (confirms) event.fields = {{"confirm", sources[0]}};
    if (!confirms && (endpoint == Endpoint::post_auth || endpoint == Endpoint::post_key)) {
      if (!payload.iv.empty()) event.fields.emplace_back("iv", sources[0]);
      event.fields.emplace_back("ciphertext", sources[1]);
      event.fields.emplace_back("tag", sources[2]);
    }
  }
  to_device({endpoint, s.messages[number].cookie, s.messages[number].body}, number);
}

void Harness::send_response(Action action, Byte more, ByteView& rest) {
  State& s = *state_;
  static constexpr std::array<Status, 4> statuses = {Status::ok, Status::no_content,
                                                     Status::unauthorized, Status::forbidden};
  Response response{.status = Status::ok};
  Source of_cookie;
  std::array<Source, offer_field_count> offer_sources;
  std::array<Source, 3> sources;
  bool hole = false;
  bool ignored = false;
  unsigned wish = 0;
  Share share;
  Sealed payload;
  const std::size_t client = s.runs == 0 ? 0 : s.runs - 1 - (more & 3U) % s.runs;
  switch (action) {
    case Action::offer:
      response.set_cookie = cookie(rest, of_cookie, ignored);
      response.body = offer(rest, offer_sources);
      break;
    case Action::answer:
      share.value = element(rest, sources[0]);
      if (shape_.confirms) share.confirmation = confirm(rest, sources[1], hole);
      response.body = share;
      break;
    case Action::auth_result:
      response.status = (eat(rest) & 1U) != 0 ? Status::unauthorized : Status::no_content;
      break;
    default: {
      const Byte status = eat(rest);
      response.status = shape_.acknowledges
                            ? statuses[status % statuses.size()]
                            : ((status & 1U) != 0 ? Status::unauthorized : Status::no_content);
      if (!shape_.acknowledges) break;
      payload = sealed(rest, Endpoint::post_key, client, sources, hole, wish);
      if (response.status == Status::ok) response.body = payload;
      break;
    }
  }
  if (s.runs == 0) return;

  if (hole && (action == Action::answer || response.status == Status::ok)) {
    ClientParty& party = *s.clients[client];
    s.solver.begin(party.client.snapshot().fingerprint);
    std::array<std::array<Byte, 512>, 2> holes;
    const auto add = [&](std::size_t n, std::size_t size) {
      const ByteSpan value = ByteSpan(holes[n]).first(size);
      s.solver.add_hole(value);
      return ByteView(value);
    };
    Response asking = response;
    if (action == Action::answer) {
      asking.body = Share{share.value, add(0, confirmation_size)};
    } else {
      const State::Sizes& sizes = s.acknowledgement_sizes;
      const ByteView ciphertext = add(0, sizes.ciphertext);
      asking.body = Sealed{ByteView(s.iv).first(sizes.iv), ciphertext, add(1, sizes.tag)};
    }
    party.solving.restore(party.client.snapshot());
    (void)party.solving.handle(asking);
    if (action == Action::answer) {
      share.confirmation = solved(0, share.confirmation, sources[1]);
      response.body = share;
    } else {
      payload.iv = ByteView(s.iv).first(s.acknowledgement_sizes.iv);
      payload.ciphertext = solved(0, payload.ciphertext, sources[1]);
      payload.tag = solved(1, payload.tag, sources[2]);
      response.body = payload;
    }
  }
  const Endpoint asked = s.clients[client]->asked;
  const std::size_t number = push({.request = false,
                                   .endpoint = asked,
                                   .status = response.status,
                                   .cookie = response.set_cookie,
                                   .body = response.body});
  if (s.recording != nullptr) {
    Event& event = s.event;
    event.endpoint = asked;
    event.status = response.status;
    if (of_cookie.from != From::none) event.cookie = of_cookie;
    static constexpr std::array<std::string_view, offer_field_count> names = {
        "p", "g", "group", "suites", "salt", "iterations", "epoch"};
    if (action == Action::offer) {
      for (std::size_t i = 0; i < names.size(); ++i) {
        if (offer_sources[i].from != From::none) {
          event.fields.emplace_back(names[i], offer_sources[i]);
        }
      }
    } else if (action == Action::answer) {
      event.fields.emplace_back("share", sources[0]);
      if (shape_.confirms) event.fields.emplace_back("confirm", sources[1]);
    } else if (action == Action::key_result && response.status == Status::ok) {
      event.fields.emplace_back("ciphertext", sources[1]);
      event.fields.emplace_back("tag", sources[2]);
    }
  }
  to_client(client, {response.status, s.messages[number].cookie, s.messages[number].body}, number);
}

}  // namespace wib::fuzz
