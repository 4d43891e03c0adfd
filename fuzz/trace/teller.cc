// SPDX-License-Identifier: Apache-2.0
#include "fuzz/trace/teller.h"

#include "attacks/scenarios/sides.h"
#include "fuzz/trace/harness_state.h"
#include "protocol/big_endian.h"

namespace wib::fuzz {
namespace {

using attacks::Op;
using attacks::Place;
using attacks::StepKind;
using attacks::TermRef;
namespace term = attacks::term;

// The attacker's draws, by use; exponents are 0 and 1.
constexpr std::uint32_t iv_draw = 7, cookie_draw = 8, junk_draw = 9;

TermRef nothing() { return term::hex({}); }

}  // namespace

std::string_view client_name(std::size_t run) noexcept {
  // Identities of their own, so that whose bundle is where can be told.
  static constexpr std::array<std::string_view, max_runs> names = {"owner", "owner-rsa",
                                                                   "owner-p384"};
  return names[run % names.size()];
}

Teller::Teller(const Configuration& configuration, const Recording& recording,
               attacks::Script& script)
    : configuration_(configuration), recording_(recording), script_(script) {
  for (const Event& event : recording.events) {
    for (const auto& [field, source] : event.fields) {
      if (field == "share" && event.delivered) shares_[*event.delivered] = source;
    }
  }
}

void Teller::play() {
  for (const Event& event : recording_.events) play(event);
  learn();
}

const attacks::LoggedStep& Teller::execute(attacks::Step step) {
  return script_.world().execute(std::move(step));
}

void Teller::play(const Event& event) {
  attacks::Step step;
  switch (event.step.action) {
    case Action::press: step.kind = StepKind::press; break;
    case Action::long_press: step.kind = StepKind::long_press; break;
    case Action::restart: step.kind = StepKind::restart; break;
    case Action::wait:
      step.kind = StepKind::wait;
      step.ms = event.wait_ms;
      break;
    case Action::start:
      if (!event.emitted) return;  // nothing came of it
      step.kind = StepKind::start;
      step.client = client_name(event.client);
      break;
    default:
      if (!event.request && !event.response) return;
      step.kind = event.request ? StepKind::request : StepKind::response;
      if (event.response) step.client = client_name(event.client);
      if (event.forwarded) {
        const auto found = numbers_.find(*event.forwarded);
        if (found == numbers_.end()) return;
        step.delivery.forward = found->second;
        break;
      }
      step.delivery.endpoint = event.endpoint;
      step.delivery.status = event.status;
      if (event.cookie) step.delivery.cookie = value("cookie", *event.cookie, event);
      answer_ = nullptr;
      if (event.step.action == Action::offer) take_offer(event, step.delivery.fields);
      for (const auto& [field, source] : event.fields) {
        if (event.step.action == Action::offer) break;
        TermRef made = value(field, source, event);
        if (made == nullptr) return;  // this the attacker cannot say in terms
        if (field == "share") answer_ = made;
        step.delivery.fields[std::string(field)] = std::move(made);
      }
      break;
  }
  const attacks::LoggedStep& logged = execute(std::move(step));
  if (event.delivered && logged.delivered) numbers_[*event.delivered] = *logged.delivered;
  if (event.emitted && logged.emitted) numbers_[*event.emitted] = *logged.emitted;
}

// An offer has the fields that it has in this group, whatever they were where it was found.
void Teller::take_offer(const Event& event, std::map<std::string, TermRef>& fields) const {
  for (const auto& [field, source] : event.fields) {
    if (source.from != Source::From::wire) continue;
    for (const char* name : {"p", "g", "group", "suites", "salt", "iterations", "epoch"}) {
      if (const TermRef seen = wire(source.message, name); seen != nullptr) fields[name] = seen;
    }
  }
  for (const auto& [field, source] : event.fields) {
    const std::string name(field);
    if (source.from == Source::From::constant && fields.contains(name)) {
      fields[name] = term::hex(source.bytes);
    }
  }
}

// What was stolen is said by whoever has it: the referee derives it again.
void Teller::learn() {
  if (configuration_.suite.key_exchange.reveals_with_share() ? false
                                                             : !configuration_.conditions.leaked) {
    if (const TermRef known = serial(); known != nullptr) {
      execute({.kind = StepKind::learn, .label = "serial number", .term = known});
    }
  }
  for (std::size_t run = 0; run < recording_.stolen.size(); ++run) {
    if (!recording_.stolen[run]) continue;
    const TermRef bundle = bundle_of(run);
    if (bundle == nullptr) continue;
    execute({.kind = StepKind::learn, .label = "bundle", .term = bundle});
    execute({.kind = StepKind::learn,
             .label = "private key",
             .term = term::apply(Op::bundle_key, {bundle})});
  }
}

// --- Leaves -------------------------------------------------------------------------------------

TermRef Teller::wire(std::optional<std::size_t> message, const char* field) const {
  if (!has(message, field)) return nullptr;
  return term::wire(numbers_.at(*message), field);
}

bool Teller::has(std::optional<std::size_t> message, const char* field) const {
  if (!message) return false;
  const auto found = numbers_.find(*message);
  return found != numbers_.end() && script_.has_field(found->second, field);
}

std::optional<std::size_t> Teller::any_offer() const {
  for (const View& view : recording_.sessions) {
    if (view.offer && numbers_.contains(*view.offer)) return numbers_.at(*view.offer);
  }
  return std::nullopt;
}

TermRef Teller::exponent(std::size_t number) const {
  std::uint32_t size = exponent_size;
  if (const auto offer = any_offer(); offer && script_.has_field(*offer, "group")) {
    const auto bytes = script_.value(term::wire(*offer, "group"));
    const auto group =
        bytes ? find_group(static_cast<std::uint16_t>(read_u64(*bytes))) : std::nullopt;
    if (group) size = static_cast<std::uint32_t>(exponent_size_for(*group));
  }
  return term::random(static_cast<std::uint32_t>(number % own_exponents), size);
}

TermRef Teller::element(const Source& source) const { return raised(leaf(source), source); }

// To the attacker's exponents that it was raised to.
TermRef Teller::raised(TermRef base, const Source& source) const {
  const auto offer = any_offer();
  for (std::size_t i = 0; i < source.powers && base != nullptr; ++i) {
    base = offer ? attacks::shared_secret(script_, *offer, base, exponent(source.exponents[i]))
                 : nullptr;
  }
  return base;
}

TermRef Teller::leaf(const Source& source) const {
  const auto offer = any_offer();
  switch (source.from) {
    case Source::From::wire: return wire(source.message, "share");
    case Source::From::own: {
      if (!offer) return nullptr;
      const TermRef x = exponent(source.number);
      if (attacks::wants_code(script_, *offer)) {
        const TermRef code =
            term::initial(configuration_.conditions.leaked ? "code" : "wrong-code");
        const TermRef w = attacks::pake_register(code, term::initial("serial"), *offer);
        return term::apply(source.number < own_exponents ? Op::pake_share_p : Op::pake_share_v,
                           {w, x});
      }
      if (script_.has_field(*offer, "group")) {
        return term::apply(Op::dh_public, {x, term::wire(*offer, "group")});
      }
      return term::apply(Op::mod_exp, {term::wire(*offer, "g"), x, term::wire(*offer, "p")});
    }
    case Source::From::constant: {
      // One and two are the numbers that every group has; others are what they are.
      if (offer && script_.has_field(*offer, "p")) {
        if (source.number == 0) return attacks::one(script_, *offer);
        if (source.number == 1) return term::wire(*offer, "g");
      }
      ByteView bytes = source.bytes;
      while (bytes.size() > 1 && bytes.front() == 0) bytes = bytes.subspan(1);
      return term::hex(bytes.size() <= 8 ? bytes : source.bytes);
    }
    default: return nullptr;
  }
}

TermRef Teller::value(std::string_view field, const Source& source, const Event& event) {
  switch (source.from) {
    case Source::From::wire: return wire(source.message, std::string(source.field).c_str());
    case Source::From::wish: return wish(field, event);
    case Source::From::random:
      if (field == "cookie") return term::random(cookie_draw, cookie_size);
      if (field == "iv") return term::random(iv_draw, aes_block_size);
      if (field == "confirm") return term::random(junk_draw, confirmation_size);
      if (field == "tag") {
        return term::random(junk_draw + 1, configuration_.suite.protection.acknowledges()
                                               ? aead_tag_size
                                               : sha512_size);
      }
      return term::random(junk_draw + 2, 4 * aes_block_size);
    case Source::From::constant:
      if (field != "share") return term::hex(source.bytes);
      return element(source);
    default: return element(source);
  }
}

// --- Conversations ------------------------------------------------------------------------------

const Recording::View* Teller::session(const std::optional<Cookie>& cookie) const {
  const View* found = nullptr;
  for (const View& view : recording_.sessions) {
    if (cookie && view.cookie == cookie && view.answer && numbers_.contains(*view.answer)) {
      found = &view;
    }
  }
  return found;
}

TermRef Teller::transcript(const View& view, bool with_auth) const {
  const TermRef offer = wire(view.offer, "entry");
  const TermRef share = wire(view.share, "entry");
  const TermRef answer = wire(view.answer, "entry");
  if (offer == nullptr || share == nullptr || answer == nullptr) return nullptr;
  TermRef digest = term::apply(
      Op::absorb, {term::apply(Op::absorb, {term::apply(Op::transcript, {offer}), share}), answer});
  if (!with_auth) return digest;
  const TermRef auth = wire(view.auth, "entry");
  return auth == nullptr ? nullptr : term::apply(Op::absorb, {digest, auth});
}

// The peer's share to the power of what the attacker's own share is made of.
TermRef Teller::power(const TermRef& peer, const Source& source) const {
  const auto offer = any_offer();
  if (peer == nullptr || !offer) return nullptr;
  TermRef base;
  switch (source.from) {
    case Source::From::own:
      base = attacks::shared_secret(script_, *offer, peer, exponent(source.number));
      break;
    case Source::From::constant:
      if (source.number == 0) base = attacks::one(script_, *offer);
      if (source.number == 1) base = peer;
      if (source.number == 2 && script_.has_field(*offer, "p")) {
        static constexpr std::array<Byte, 1> zero{};
        base = term::apply(Op::mod_exp, {term::hex(zero), exponent(0), term::wire(*offer, "p")});
      }
      break;
    default: break;
  }
  return raised(base, source);
}

TermRef Teller::pake(const View& view, bool device, const TermRef& share) const {
  if (!configuration_.conditions.leaked || !view.offer || !numbers_.contains(*view.offer)) {
    return nullptr;
  }
  const std::size_t offer = numbers_.at(*view.offer);
  const auto own = device ? view.share : view.answer;
  const auto source = own ? shares_.find(*own) : shares_.end();
  const std::size_t number = source == shares_.end() ? own_exponents : source->second.number;
  const TermRef p = wire(view.share, "share");
  const TermRef v = share != nullptr ? share : wire(view.answer, "share");
  if (p == nullptr || v == nullptr) return nullptr;
  const TermRef w = attacks::pake_register(term::initial("code"), term::initial("serial"), offer);
  return term::apply(
      device ? Op::pake_prover : Op::pake_verifier,
      {w, exponent(number), p, v, attacks::pake_context(script_, offer), term::initial("serial")});
}

TermRef Teller::secret(const View& view, bool device, const TermRef& share) const {
  const auto offer = any_offer();
  if (offer && attacks::wants_code(script_, *offer)) {
    const TermRef secrets = pake(view, device, share);
    return secrets == nullptr ? nullptr : term::apply(Op::pake_shared, {secrets});
  }
  const auto attackers = device ? view.share : view.answer;
  const auto partys = device ? view.answer : view.share;
  if (!attackers) return nullptr;
  const auto source = shares_.find(*attackers);
  return source == shares_.end() ? nullptr : power(wire(partys, "share"), source->second);
}

TermRef Teller::keys(const View& view, bool device) const {
  const TermRef z = secret(view, device, nullptr);
  const TermRef digest = transcript(view, false);
  if (z == nullptr || digest == nullptr) return nullptr;
  return term::apply(
      Op::derive_keys,
      {z, configuration_.suite.key_schedule.binds_transcript() ? digest : nothing()});
}

TermRef Teller::opened(const View& view, bool device, Place place, std::size_t message) const {
  const TermRef k = keys(view, device);
  const bool bound = configuration_.suite.protection.acknowledges();
  const TermRef digest = bound ? transcript(view, place == Place::key) : nothing();
  const TermRef ciphertext = wire(message, "ciphertext");
  if (k == nullptr || digest == nullptr || ciphertext == nullptr) return nullptr;
  const TermRef iv = has(message, "iv") ? wire(message, "iv") : nothing();
  return term::apply(Op::unseal,
                     {k, digest, term::place(place), iv, ciphertext, wire(message, "tag")});
}

TermRef Teller::serial() const {
  if (configuration_.conditions.leaked || configuration_.suite.key_exchange.reveals_with_share()) {
    return term::initial("serial");
  }
  for (const View& view : recording_.clients) {
    if (!view.auth) continue;
    if (const TermRef said = opened(view, false, Place::auth, *view.auth); said) return said;
  }
  for (const View& view : recording_.sessions) {
    if (!view.auth) continue;
    if (const TermRef said = opened(view, true, Place::auth, *view.auth); said) return said;
  }
  return nullptr;
}

TermRef Teller::bundle_of(std::size_t run) const {
  if (!recording_.keys[run]) return nullptr;
  return opened(recording_.clients[run], false, Place::key, *recording_.keys[run]);
}

TermRef Teller::wish(std::string_view field, const Event& event) const {
  const bool device = event.request;
  const View* view = device ? session(event.receiver) : &recording_.clients[event.client];
  if (view == nullptr) return nullptr;
  if (field == "confirm") {
    const TermRef secrets = pake(*view, device, device ? nullptr : answer_);
    if (secrets == nullptr) return nullptr;
    return term::apply(device ? Op::pake_confirm_p : Op::pake_confirm_v, {secrets});
  }
  Place place = event.endpoint == Endpoint::post_auth ? Place::auth : Place::key;
  if (!device) place = Place::acknowledgement;
  TermRef plaintext;
  if (place == Place::auth) plaintext = serial();
  if (place == Place::key) {
    plaintext = event.wish == 0 ? term::apply(Op::bundle, {term::initial("thief.certificate"),
                                                           term::initial("thief.key")})
                                : bundle_of(event.wish - 1);
  }
  TermRef digest = nothing();
  if (configuration_.suite.protection.acknowledges()) {
    digest = transcript(*view, place != Place::auth);
  }
  if (place == Place::acknowledgement) {
    const TermRef bundle = bundle_of(event.client);
    if (bundle != nullptr) plaintext = term::apply(Op::sha256, {bundle});
    const TermRef key = wire(recording_.keys[event.client], "entry");
    if (digest != nullptr && key != nullptr) digest = term::apply(Op::absorb, {digest, key});
  }
  const TermRef k = keys(*view, device);
  if (k == nullptr || digest == nullptr || plaintext == nullptr) return nullptr;
  const TermRef iv = configuration_.suite.protection.acknowledges()
                         ? nothing()
                         : term::random(iv_draw, aes_block_size);
  return term::apply(field == "tag" ? Op::seal_tag : Op::seal_ciphertext,
                     {k, digest, term::place(place), iv, plaintext});
}

}  // namespace wib::fuzz
