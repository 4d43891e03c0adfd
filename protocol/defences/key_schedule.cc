// SPDX-License-Identifier: Apache-2.0
#include "protocol/defences/key_schedule.h"

namespace wib {
namespace {

class RawHash final : public KeySchedule {
 public:
  std::string_view name() const noexcept override { return "raw_hash"; }
  bool binds_transcript() const noexcept override { return false; }

  Result<> derive(Crypto& crypto, ByteView secret, ByteView, Keys& keys) const override {
    SecretBuffer<key_size> k;
    if (!k.resize(key_size)) return fail(Errc::capacity, "key schedule");
    if (auto done = crypto.sha256(secret, k.span()); !done) return done;
    keys.to_device = {k, k};
    keys.to_client = {k, k};
    return {};
  }
};

class HkdfTranscript final : public KeySchedule {
 public:
  std::string_view name() const noexcept override { return "hkdf_transcript"; }
  bool binds_transcript() const noexcept override { return true; }

  Result<> derive(Crypto& crypto, ByteView secret, ByteView transcript, Keys& keys) const override {
    std::array<Byte, 4 * key_size> okm;
    const WipeGuard wipe(okm);
    if (auto done = crypto.hkdf_sha256(transcript, secret, as_bytes("wib keys"), okm); !done) {
      return done;
    }
    const ByteView all(okm);
    std::size_t at = 0;
    for (auto* key : {&keys.to_device.encryption, &keys.to_device.mac, &keys.to_client.encryption,
                      &keys.to_client.mac}) {
      if (!key->assign(all.subspan(at, key_size))) return fail(Errc::capacity, "key schedule");
      at += key_size;
    }
    return {};
  }
};

}  // namespace

const KeySchedule& raw_hash() noexcept {
  static constinit const RawHash choice;
  return choice;
}

const KeySchedule& hkdf_transcript() noexcept {
  static constinit const HkdfTranscript choice;
  return choice;
}

}  // namespace wib
