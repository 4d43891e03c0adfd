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

  // One piece, in bytes of its own: item || which fields there are || SHA-256(cookie), with the
  // offer alone || SHA-256(field) for each field that is there. A view of the front of `out`
  // (max_entry_size bytes).
  static constexpr std::size_t max_entry_size = 2 + sha256_size * (1 + offer_field_count);
  [[nodiscard]] static Result<ByteView> entry(Crypto& crypto, Item item, const Body& body,
                                              ByteView cookie, ByteSpan out);

  // digest' = SHA-256(digest || entry); the digest before the first is 32 zeros. A malformed body
  // is not absorbed.
  [[nodiscard]] Result<> absorb(Crypto& crypto, Item item, const Body& body, ByteView cookie = {});

  [[nodiscard]] ByteView digest() const noexcept { return digest_; }

  friend bool operator==(const Transcript&, const Transcript&) = default;

 private:
  std::array<Byte, sha256_size> digest_{};
};

}  // namespace wib
