// SPDX-License-Identifier: Apache-2.0
#include "protocol/defences/key_schedule.h"

namespace wib {
namespace {

class RawHash final : public KeySchedule {
 public:
  std::string_view name() const noexcept override { return "raw_hash"; }

  Result<> derive(Crypto& crypto, ByteView secret, ByteView, Keys& keys) const override {
    SecretBuffer<key_size> k;
    if (!k.resize(key_size)) return fail(Errc::capacity, "key schedule");
    if (auto done = crypto.sha256(secret, k.span()); !done) return done;
    keys.to_device = {k, k};
    keys.to_client = {k, k};
    return {};
  }
};

}  // namespace

const KeySchedule& raw_hash() noexcept {
  static constinit const RawHash choice;
  return choice;
}

}  // namespace wib
