// SPDX-License-Identifier: Apache-2.0
//
// What the functions of terms compute: with the suite's own choices, on the attacker's backend.
#include "attacks/search/stream_random.h"
#include "attacks/world/entropy.h"
#include "attacks/world/term.h"
#include "protocol/big_endian.h"
#include "protocol/messages/bundle.h"
#include "protocol/setup_code.h"

namespace wib::attacks {
namespace {

ByteVector to_vector(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

// Plays a given IV to Protection::seal.
class FixedRandom final : public Random {
 public:
  explicit FixedRandom(ByteView bytes) : bytes_(bytes) {}
  Result<> fill(ByteSpan out) override {
    if (out.size() > bytes_.size()) return fail(Errc::entropy, "term: iv");
    std::ranges::copy(bytes_.first(out.size()), out.begin());
    return {};
  }

 private:
  ByteView bytes_;
};

constexpr std::size_t all_keys_size = key_size * 4;

// The keys of one direction, and what binds a payload to its place.
struct Sealing {
  DirectionKeys keys;
  SealContext context;
};

Result<Sealing> sealing_of(const Suite& suite, ByteView keys, ByteView transcript, ByteView place) {
  if (keys.size() != all_keys_size || place.size() != 1) {
    return fail(Errc::out_of_range, "term: keys, place");
  }
  Sealing sealing;
  sealing.context.transcript = transcript;
  std::size_t at = 0;
  switch (static_cast<Place>(place[0])) {
    case Place::auth: sealing.context.message = Endpoint::post_auth; break;
    case Place::key:
      sealing.context.message = Endpoint::post_key;
      // The proof was a sealed payload, or none.
      sealing.context.counter = suite.key_exchange.reveals_with_share() ? 0 : 1;
      break;
    case Place::acknowledgement:
      sealing.context.message = Endpoint::post_key;
      sealing.context.to_client = true;
      at = 2 * key_size;
      break;
    default: return fail(Errc::out_of_range, "term: place");
  }
  if (!sealing.keys.encryption.assign(keys.subspan(at, key_size)) ||
      !sealing.keys.mac.assign(keys.subspan(at + key_size, key_size))) {
    return fail(Errc::capacity, "term: keys");
  }
  return sealing;
}

Result<Group> group_of(ByteView number) {
  if (number.size() == 2) {
    if (const auto group = find_group(static_cast<std::uint16_t>(read_u64(number)))) return *group;
  }
  return fail(Errc::out_of_range, "term: group");
}

// w0 || w1, as pake_register gives them, or any 64 bytes: whoever has not the code has a guess.
Result<Spake2plusProver> prover_of(ByteView w) {
  Spake2plusProver prover;
  if (w.size() != 2 * p256_scalar_size || !prover.w0.assign(w.first(p256_scalar_size)) ||
      !prover.w1.assign(w.last(p256_scalar_size))) {
    return fail(Errc::out_of_range, "term: w0, w1");
  }
  return prover;
}

ByteVector joined(const Spake2plusSecrets& secrets) {
  ByteVector out;
  for (const auto* each : {&secrets.shared, &secrets.confirm_prover, &secrets.confirm_verifier}) {
    out.insert(out.end(), each->view().begin(), each->view().end());
  }
  return out;
}

}  // namespace

std::string label_code(std::uint32_t number) {
  StreamRandom random(number, "label");
  const auto code = make_setup_code(random);
  return code ? std::string(as_text(code->view())) : std::string();
}

Result<ByteVector> Evaluator::operator()(const TermRef& term) {
  if (const auto found = known_.find(term); found != known_.end()) return found->second;
  auto value = compute(*term);
  if (!value) return value;
  if (value->size() > max_value_size) return fail(Errc::capacity, "term: a value over 64 KiB");
  if (size_ + value->size() > max_values_size) {
    return fail(Errc::capacity, "term: values over 64 MiB");
  }
  size_ += value->size();
  known_[term] = *value;
  return value;
}

Result<ByteVector> Evaluator::compute(const Term& term) {
  switch (term.op) {
    case Op::wire: {
      const ByteVector* value = source_.wire(term.number, term.name);
      if (value == nullptr) return fail(Errc::missing_field, "term: wire field");
      return *value;
    }
    case Op::initial: {
      const ByteVector* value = source_.initial(term.name);
      if (value == nullptr) return fail(Errc::missing_field, "term: initial knowledge");
      return *value;
    }
    case Op::random: return source_.random(term.number, term.size);
    case Op::hex: return term.bytes;
    default: break;
  }
  std::vector<ByteVector> values;
  for (const TermRef& argument : term.arguments) {
    auto value = (*this)(argument);
    if (!value) return value;
    values.push_back(std::move(*value));
  }
  return apply(term.op, values);
}

Result<ByteVector> Evaluator::apply(Op op, const std::vector<ByteVector>& v) {
  if (v.size() != arity(op)) return fail(Errc::malformed, "term: number of arguments");
  ByteVector out;
  switch (op) {
    case Op::concat:
      out = v[0];
      out.insert(out.end(), v[1].begin(), v[1].end());
      return out;
    case Op::sha256:
      out.resize(sha256_size);
      if (auto done = crypto_.sha256(v[0], out); !done) return std::unexpected(done.error());
      return out;
    case Op::mod_exp:
      if (std::ranges::any_of(v, [](const auto& n) { return n.size() > max_number_size; })) {
        return fail(Errc::capacity, "term: a number over 1024 bytes");
      }
      out.resize(v[2].size());
      if (auto done = crypto_.mod_exp(v[0], v[1], v[2], out); !done) {
        return std::unexpected(done.error());
      }
      return out;
    case Op::dh_public: {
      const auto group = group_of(v[1]);
      if (!group) return std::unexpected(group.error());
      out.resize(share_size(*group));
      if (auto done = make_public(crypto_, *group, v[0], out); !done) {
        return std::unexpected(done.error());
      }
      return out;
    }
    case Op::dh_shared: {
      const auto group = group_of(v[2]);
      if (!group) return std::unexpected(group.error());
      if (v[0].size() != share_size(*group)) return fail(Errc::out_of_range, "term: share");
      SharedSecret secret;
      if (auto done = agree(crypto_, *group, v[1], v[0], secret); !done) {
        return std::unexpected(done.error());
      }
      return to_vector(secret.view());
    }
    case Op::transcript:
    case Op::absorb: {
      const ByteVector begin(sha256_size);
      const std::array<ByteView, 2> pieces = {op == Op::absorb ? v[0] : begin, v.back()};
      out.resize(sha256_size);
      if (auto done = crypto_.sha256(Pieces(pieces), out); !done) {
        return std::unexpected(done.error());
      }
      return out;
    }
    case Op::derive_keys: {
      Keys keys;
      if (auto done = suite_.key_schedule.derive(crypto_, v[0], v[1], keys); !done) {
        return std::unexpected(done.error());
      }
      for (const auto* key : {&keys.to_device.encryption, &keys.to_device.mac,
                              &keys.to_client.encryption, &keys.to_client.mac}) {
        out.insert(out.end(), key->view().begin(), key->view().end());
      }
      return out;
    }
    case Op::unseal: {
      const auto sealing = sealing_of(suite_, v[0], v[1], v[2]);
      if (!sealing) return std::unexpected(sealing.error());
      out.resize(v[4].size());
      const auto plain = suite_.protection.open(crypto_, sealing->keys, sealing->context,
                                                Sealed{v[3], v[4], v[5]}, out);
      if (!plain) return std::unexpected(plain.error());
      return to_vector(*plain);
    }
    case Op::seal_ciphertext:
    case Op::seal_tag: {
      const auto sealing = sealing_of(suite_, v[0], v[1], v[2]);
      if (!sealing) return std::unexpected(sealing.error());
      FixedRandom iv(v[3]);
      out.resize(suite_.protection.sealed_size(v[4].size()));
      const auto body =
          suite_.protection.seal(crypto_, iv, sealing->keys, sealing->context, v[4], out);
      if (!body) return std::unexpected(body.error());
      const Sealed* sealed = std::get_if<Sealed>(&*body);
      if (sealed == nullptr) return fail(Errc::unexpected, "term: sealed");
      return to_vector(op == Op::seal_tag ? sealed->tag : sealed->ciphertext);
    }
    case Op::bundle: {
      out.resize(max_bundle_size);
      const auto written = write_bundle({v[0], v[1]}, out);
      if (!written) return std::unexpected(written.error());
      return to_vector(*written);
    }
    case Op::bundle_certificate:
    case Op::bundle_key: {
      const auto parsed = parse_bundle(v[0]);
      if (!parsed) return std::unexpected(parsed.error());
      return to_vector(op == Op::bundle_key ? parsed->private_key : parsed->certificate);
    }
    case Op::stream:
      if (v[0].size() > 8 || v[1].size() > 4 || v[2].size() > 4 || read_u64(v[2]) > 4096) {
        return fail(Errc::out_of_range, "term: stream");
      }
      out.resize(read_u64(v[2]));
      stream_bytes(seed_bytes(read_u64(v[0])), "device", read_u64(v[1]), out);
      return out;
    case Op::gated_stream: {
      if (v[0].size() > 8 || v[1].size() > 4 || v[2].size() > 4) {
        return fail(Errc::out_of_range, "term: gated_stream");
      }
      const auto draws = gated_draws(crypto_, read_u64(v[0]));
      if (!draws) return std::unexpected(draws.error());
      const std::uint64_t offset = read_u64(v[1]);
      const std::uint64_t size = read_u64(v[2]);
      if (offset > draws->size() || size > draws->size() - offset) {
        return fail(Errc::out_of_range, "term: gated_stream");
      }
      return to_vector(ByteView(*draws).subspan(offset, size));
    }
    case Op::stuck_at:
      if (v[0].empty()) return fail(Errc::out_of_range, "term: stuck_at");
      out.assign(exponent_size, v[0].back());
      return out;
    case Op::label_code: {
      if (v[0].size() > 4 || read_u64(v[0]) >= label_codes) {
        return fail(Errc::out_of_range, "term: label_code");
      }
      return to_vector(as_bytes(attacks::label_code(static_cast<std::uint32_t>(read_u64(v[0])))));
    }
    case Op::pake_register: {
      Spake2plusProver prover;
      if (v[3].size() != 4) return fail(Errc::out_of_range, "term: iterations");
      if ((stretched_ += read_u64(v[3])) > max_stretching) {
        return fail(Errc::capacity, "term: too much PBKDF2");
      }
      if (auto done = register_prover(crypto_, v[0], v[1], v[2],
                                      static_cast<std::uint32_t>(read_u64(v[3])), prover);
          !done) {
        return std::unexpected(done.error());
      }
      out = to_vector(prover.w0.view());
      out.insert(out.end(), prover.w1.view().begin(), prover.w1.view().end());
      return out;
    }
    case Op::pake_context: {
      const SuiteName id = suite_.id();
      out.resize(max_run_context_size);
      const auto written = write_run_context(
          {.suite = id.view(), .suites = v[0], .epoch = v[1], .cookie = v[2]}, out);
      if (!written) return std::unexpected(written.error());
      out.resize(written->size());
      return out;
    }
    case Op::pake_share_p:
    case Op::pake_share_v: {
      const auto prover = prover_of(v[0]);
      if (!prover) return std::unexpected(prover.error());
      out.resize(p256_point_size);
      Spake2plusVerifier verifier;
      verifier.w0 = prover->w0;
      auto done = op == Op::pake_share_p ? spake2plus_share_p(crypto_, *prover, v[1], out)
                                         : spake2plus_share_v(crypto_, verifier, v[1], out);
      if (!done) return std::unexpected(done.error());
      return out;
    }
    case Op::pake_prover:
    case Op::pake_verifier: {
      const auto prover = prover_of(v[0]);
      if (!prover) return std::unexpected(prover.error());
      const Spake2plusIdentity identity{v[4], as_bytes(prover_identity), v[5]};
      Spake2plusSecrets secrets;
      Result<> done;
      if (op == Op::pake_prover) {
        done = spake2plus_finish_p(crypto_, *prover, identity, v[1], v[2], v[3], secrets);
      } else {
        Spake2plusVerifier verifier;
        done = spake2plus_register(crypto_, *prover, verifier);
        if (done) {
          done = spake2plus_finish_v(crypto_, verifier, identity, v[1], v[2], v[3], secrets);
        }
      }
      if (!done) return std::unexpected(done.error());
      return joined(secrets);
    }
    case Op::pake_shared:
    case Op::pake_confirm_p:
    case Op::pake_confirm_v: {
      if (v[0].size() != 3 * sha256_size) return fail(Errc::out_of_range, "term: secrets");
      std::size_t at = 0;
      if (op == Op::pake_confirm_p) at = sha256_size;
      if (op == Op::pake_confirm_v) at = 2 * sha256_size;
      return to_vector(ByteView(v[0]).subspan(at, sha256_size));
    }
    default: return fail(Errc::malformed, "term: not a function");
  }
}

}  // namespace wib::attacks
