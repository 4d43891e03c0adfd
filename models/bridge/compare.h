// SPDX-License-Identifier: Apache-2.0
//
// When bodies are the same, and what the model's states say and are called in the code.
#pragma once

#include <algorithm>
#include <optional>

#include "models/bridge/term.h"
#include "protocol/setup/transitions.h"

namespace wib::models {

inline bool same(ByteView a, ByteView b) { return std::ranges::equal(a, b); }

inline bool same_body(const Body& a, const Body& b) {
  if (a.index() != b.index()) return false;
  if (const Offer* x = std::get_if<Offer>(&a)) {
    const auto left = views(*x);
    const auto right = views(std::get<Offer>(b));
    return std::ranges::equal(left, right, same);
  }
  if (const Share* x = std::get_if<Share>(&a)) {
    const Share& y = std::get<Share>(b);
    return same(x->value, y.value) && same(x->confirmation, y.confirmation);
  }
  if (const Proof* x = std::get_if<Proof>(&a)) {
    return same(x->confirmation, std::get<Proof>(b).confirmation);
  }
  if (const Sealed* x = std::get_if<Sealed>(&a)) {
    const Sealed& y = std::get<Sealed>(b);
    return same(x->iv, y.iv) && same(x->ciphertext, y.ciphertext) && same(x->tag, y.tag);
  }
  return true;
}

inline std::string_view state_word(std::string_view maude) {
  if (maude == "await-share") return "await_share";
  if (maude == "await-auth") return "await_auth";
  if (maude == "await-key") return "await_key";
  return maude;
}

inline ClientState client_state(const MaudeTerm& phase) {
  if (phase.is("share-of", 2)) return ClientState::expect_share;
  if (phase.is("auth-of", 3)) return ClientState::expect_auth_result;
  if (phase.is("key-of", 3)) return ClientState::expect_key_result;
  if (phase[0].head == "expect-offer") return ClientState::expect_offer;
  if (phase[0].head == "completed") return ClientState::completed;
  if (phase[0].head == "failed") return ClientState::failed;
  return ClientState::idle;
}

inline std::vector<const MaudeTerm*> sessions(const MaudeTerm& device) {
  if (device[10].head == "nos") return {};
  return device[10].members("");
}
// The number of its draws since boot of the session with that cookie.
inline std::optional<unsigned> session_number(const MaudeTerm& device, const MaudeTerm& cookie) {
  for (const MaudeTerm* session : sessions(device)) {
    if ((*session)[0] == cookie) return (*session)[1].number();
  }
  return std::nullopt;
}

}  // namespace wib::models
