// SPDX-License-Identifier: Apache-2.0
//
// Slot key_schedule: how a session's keys are made from the shared secret and the transcript.
#pragma once

#include "protocol/crypto.h"

namespace wib {

inline constexpr std::size_t key_size = 32;

// The keys for payloads that go one way.
struct DirectionKeys {
  SecretBuffer<key_size> encryption;
  SecretBuffer<key_size> mac;
};

// A session's keys. A copyable value; every copy wipes itself.
struct Keys {
  DirectionKeys to_device;
  DirectionKeys to_client;
};

class KeySchedule {
 public:
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  // True if the keys depend on the transcript.
  [[nodiscard]] virtual bool binds_transcript() const noexcept = 0;

  // Sets `keys` from `secret` (Z, or K_shared) and the digest of the transcript up to and with both
  // shares.
  [[nodiscard]] virtual Result<> derive(Crypto& crypto, ByteView secret, ByteView transcript,
                                        Keys& keys) const = 0;

 protected:
  ~KeySchedule() = default;
};

// As posted: "a cryptographic key that is suitable for AES encryption should be established".
// K = SHA-256(Z), the one key for encryption and MAC, both ways; bound to no transcript.
[[nodiscard]] const KeySchedule& raw_hash() noexcept;

// HKDF-SHA-256 (RFC 5869) with the transcript's digest as the salt: a key of its own for each
// direction and purpose, and none for whoever saw another conversation.
[[nodiscard]] const KeySchedule& hkdf_transcript() noexcept;

}  // namespace wib
