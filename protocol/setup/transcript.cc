// SPDX-License-Identifier: Apache-2.0
#include "protocol/setup/transcript.h"

namespace wib {
namespace {

std::array<ByteView, offer_field_count> fields_of(const Body& body) noexcept {
  if (const Offer* offer = std::get_if<Offer>(&body)) return views(*offer);
  if (const Share* share = std::get_if<Share>(&body)) return {share->value, share->confirmation};
  if (const Proof* proof = std::get_if<Proof>(&body)) return {proof->confirmation};
  if (const Sealed* sealed = std::get_if<Sealed>(&body)) {
    return {sealed->iv, sealed->ciphertext, sealed->tag};
  }
  return {};
}

}  // namespace

Result<ByteView> Transcript::entry(Crypto& crypto, Item item, const Body& body, ByteView cookie,
                                   ByteSpan out) {
  if (out.size() < max_entry_size) return fail(Errc::capacity, "transcript");
  const auto fields = fields_of(body);
  unsigned there = cookie.empty() ? 0U : 1U;
  for (std::size_t i = 0; i < fields.size(); ++i) there |= fields[i].empty() ? 0U : 2U << i;
  out[0] = static_cast<Byte>(item);
  out[1] = static_cast<Byte>(there);
  std::size_t size = 2;
  Result<> outcome;
  const auto add = [&](ByteView field) {
    if (!outcome || field.empty()) return;
    outcome = crypto.sha256(field, out.subspan(size, sha256_size));
    size += sha256_size;
  };
  add(cookie);
  for (const ByteView field : fields) add(field);
  if (!outcome) return std::unexpected(outcome.error());
  return ByteView(out).first(size);
}

Result<> Transcript::absorb(Crypto& crypto, Item item, const Body& body, ByteView cookie) {
  std::array<Byte, max_entry_size> buffer;
  const auto piece = entry(crypto, item, body, cookie, buffer);
  if (!piece) return std::unexpected(piece.error());
  const std::array<ByteView, 2> pieces = {digest_, *piece};
  std::array<Byte, sha256_size> next;
  if (auto done = crypto.sha256(Pieces(pieces), next); !done) return done;
  digest_ = next;
  return {};
}

}  // namespace wib
