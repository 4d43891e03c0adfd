// SPDX-License-Identifier: Apache-2.0
//
// Bugs at the slots key_schedule and protection.
#include "fuzz/planted/bugs.h"
#include "fuzz/planted/wrappers.h"

namespace wib::fuzz {
namespace {

using P = attacks::Property;

class OfTranscriptAlone final : public SameSchedule {
 public:
  Result<> derive(Crypto& crypto, ByteView, ByteView transcript, Keys& keys) const override {
    return real_.derive(crypto, as_bytes("secret"), transcript, keys);
  }
};

class OfSecretAlone final : public SameSchedule {
 public:
  Result<> derive(Crypto& crypto, ByteView secret, ByteView, Keys& keys) const override {
    return real_.derive(crypto, secret, {}, keys);
  }
};

class Unbound final : public SameProtection {
 public:
  Result<Body> seal(Crypto& crypto, Random& random, const DirectionKeys& keys,
                    const SealContext& context, ByteView plaintext, ByteSpan out) const override {
    return real_.seal(crypto, random, keys, without(context), plaintext, out);
  }
  Result<ByteView> open(Crypto& crypto, const DirectionKeys& keys, const SealContext& context,
                        const Body& sealed, ByteSpan out) const override {
    return real_.open(crypto, keys, without(context), sealed, out);
  }

 private:
  static SealContext without(const SealContext& context) {
    SealContext other = context;
    other.transcript = {};
    return other;
  }
};

// A key that everybody has.
DirectionKeys no_key() {
  static constexpr std::array<Byte, key_size> zeros{};
  DirectionKeys keys;
  (void)keys.encryption.assign(zeros);
  (void)keys.mac.assign(zeros);
  return keys;
}

class NullKey final : public SameProtection {
 public:
  Result<Body> seal(Crypto& crypto, Random& random, const DirectionKeys&,
                    const SealContext& context, ByteView plaintext, ByteSpan out) const override {
    return real_.seal(crypto, random, no_key(), context, plaintext, out);
  }
  Result<ByteView> open(Crypto& crypto, const DirectionKeys&, const SealContext& context,
                        const Body& sealed, ByteSpan out) const override {
    return real_.open(crypto, no_key(), context, sealed, out);
  }
};

// Takes what anybody sealed; and still what its client did.
class OfAnyone final : public SameProtection {
 public:
  Result<ByteView> open(Crypto& crypto, const DirectionKeys& keys, const SealContext& context,
                        const Body& sealed, ByteSpan out) const override {
    auto opened = real_.open(crypto, no_key(), context, sealed, out);
    return opened ? opened : real_.open(crypto, keys, context, sealed, out);
  }
};

// The tag is right, and nothing is encrypted.
class InClear final : public SameProtection {
 public:
  Result<Body> seal(Crypto& crypto, Random& random, const DirectionKeys& keys,
                    const SealContext& context, ByteView plaintext, ByteSpan out) const override {
    const auto body = real_.seal(crypto, random, keys, context, plaintext, out);
    if (!body) return body;
    Sealed sealed = std::get<Sealed>(*body);
    std::ranges::copy(plaintext, out.begin());
    sealed.ciphertext = out.first(plaintext.size());
    return sealed;
  }
  Result<ByteView> open(Crypto& crypto, const DirectionKeys& keys, const SealContext& context,
                        const Body& body, ByteSpan out) const override {
    class NoRandom final : public Random {
     public:
      Result<> fill(ByteSpan) override { return fail(Errc::entropy, "none"); }
    } none;
    const Sealed* sealed = std::get_if<Sealed>(&body);
    if (sealed == nullptr || sealed->ciphertext.size() > out.size()) {
      return fail(Errc::missing_field, "sealed");
    }
    std::array<Byte, 512> again;
    const auto made = real_.seal(crypto, none, keys, context, sealed->ciphertext, again);
    if (!made) return std::unexpected(made.error());
    if (!crypto.equal(sealed->tag, std::get<Sealed>(*made).tag)) {
      return fail(Errc::bad_tag, "sealed: tag");
    }
    std::ranges::copy(sealed->ciphertext, out.begin());
    return ByteView(out).first(sealed->ciphertext.size());
  }
};

template <class Choice>
void both_seal(Planting& p) {
  static const Choice choice;
  p.both<Protection>(&Choices::protection, choice);
}

const std::vector<Bug>& list() {
  using S = DeviceState;
  using V = DeviceEvent;
  static const std::vector<Bug> all = {
      {"keys-of-the-transcript", "the keys are made from the transcript alone", falls(P::s2),
       [](Planting& p) {
         static const OfTranscriptAlone choice;
         p.both<KeySchedule>(&Choices::key_schedule, choice);
       }},
      {"null-key", "everything is sealed under zeros", falls(P::s2), both_seal<NullKey>},
      {"sealed-in-clear", "what is sealed has a tag, and is not encrypted", falls(P::s2),
       both_seal<InClear>},
      {"bundle-of-anyone", "key.wib is installed whoever sealed it", falls(P::a2),
       [](Planting& p) {
         static const OfAnyone choice;
         p.device.protection = &choice;
       }},
      {"key-taken-twice", "key.wib is bound to no transcript, and its session goes on",
       falls(P::a3),
       [](Planting& p) {
         both_seal<Unbound>(p);
         p.set(S::await_key, V::post_key, Judged::good, Status::ok, S::await_key, Effects::install);
       }},
      {"key-before-auth-unbound", "key.wib is bound to no transcript, and taken before the proof",
       falls(P::c1),
       [](Planting& p) {
         both_seal<Unbound>(p);
         p.look(S::await_auth, V::post_key);
         p.set(S::await_auth, V::post_key, Judged::good, Status::ok, S::closed,
               Effects::install | Effects::drop_all | Effects::close_window);
       }},
      {"epoch-not-bound",
       "the epoch goes out, and no key depends on it",
       falls(P::a3),
       [](Planting& p) {
         p.both(&Choices::protection, protection_without_transcript());
         p.both(&Choices::key_schedule, schedule_without_transcript());
         p.both(&Choices::key_exchange, exchange_without_epoch());
       },
       {.repeats = true}},
  };
  return all;
}

}  // namespace

const Protection& protection_without_transcript() {
  static const Unbound choice;
  return choice;
}
const KeySchedule& schedule_without_transcript() {
  static const OfSecretAlone choice;
  return choice;
}

std::span<const Bug> sealing_bugs() { return list(); }

}  // namespace wib::fuzz
