// SPDX-License-Identifier: Apache-2.0
#include "protocol/setup/transcript.h"

namespace wib {

Result<> Transcript::absorb(Crypto& crypto, Item item, const Body& body, ByteView cookie) {
  // At most the digest, the item, the cookie and three fields.
  std::array<Byte, sha256_size * 5 + 1> block;
  std::size_t size = 0;
  std::ranges::copy(digest_, block.begin());
  size += digest_.size();
  block[size++] = static_cast<Byte>(item);

  Result<> outcome;
  const auto add = [&](ByteView field) {
    if (!outcome) return;
    outcome = crypto.sha256(field, ByteSpan(block).subspan(size, sha256_size));
    size += sha256_size;
  };
  if (!cookie.empty()) add(cookie);
  if (const Offer* offer = std::get_if<Offer>(&body)) {
    add(offer->p);
    add(offer->g);
  } else if (const Share* share = std::get_if<Share>(&body)) {
    add(share->value);
  } else if (const Sealed* sealed = std::get_if<Sealed>(&body)) {
    add(sealed->iv);
    add(sealed->ciphertext);
    add(sealed->tag);
  }
  if (!outcome) return outcome;
  return crypto.sha256(ByteView(block).first(size), digest_);
}

}  // namespace wib
