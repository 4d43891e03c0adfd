// SPDX-License-Identifier: Apache-2.0
//
// The transcript: a running digest of every field that both sides saw, in order. Two parties with
// the same digest had the same conversation. A copyable value of 32 bytes.
#pragma once

#include "protocol/crypto.h"
#include "protocol/messages/message.h"

namespace wib {

class Transcript {
 public:
  // What a piece of the conversation was.
  enum class Item : Byte { offer = 1, client_share = 2, device_share = 3, auth = 4, key = 5 };

  // digest' = SHA-256(digest || item || SHA-256(cookie) || SHA-256(field) for each field of body),
  // where the cookie is absorbed with the offer alone. A malformed body is not absorbed.
  [[nodiscard]] Result<> absorb(Crypto& crypto, Item item, const Body& body, ByteView cookie = {});

  [[nodiscard]] ByteView digest() const noexcept { return digest_; }

  friend bool operator==(const Transcript&, const Transcript&) = default;

 private:
  std::array<Byte, sha256_size> digest_{};
};

}  // namespace wib
