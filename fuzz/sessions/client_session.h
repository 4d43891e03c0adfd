// SPDX-License-Identifier: Apache-2.0
//
// Client session: one client after another, driven through its byte path against an honest device
// by whoever stands between, who changes answers (and requests too, in a pair session), repeats
// older ones, sends those of another session, breaks connections, or sends anything. An answer may
// be tried on a copy of the client, so that the run goes on with the right one. What must hold:
//   - the state is one that the table has for the state before and the event; what is sent is the
//     row's request, with the session's cookie, and in HTTP that a strict parser takes;
//   - what was not changed is taken, and cutting an answer into pieces changes nothing;
//   - what is no HTTP response ends the run; completed and failed are final, and send nothing;
//   - with SPAKE2+, no client goes on past the device's share but with the device's keys;
//   - where success is acknowledged, completed means that the device has installed this client's
//     bundle, and that both saw the same conversation; elsewhere, that a 204 came;
//   - the private key is never sent in clear, and a device installs what a client sealed;
//   - after everything a new client, left alone, completes.
#pragma once

#include "fuzz/sessions/rig.h"

namespace wib::fuzz {

struct ClientPlan {
  bool pair = false;  // requests are changed, too
  std::span<const ClientRow> table = client_table();
  Crypto* crypto = nullptr;  // the client's; null: the rig's
};

struct ClientResult {
  Violations violations;
  std::size_t completed = 0;
};

[[nodiscard]] ClientResult run_client(Rig& rig, ByteView input, const ClientPlan& plan = {});

// What the steps of client scripts are, by Step::op.
enum class ClientOp : unsigned {
  exchange = 0,  // the request to the device, its answer, changed by the edit, to the client; 0..5
  press = 6,
  replay = 7,  // an older answer, changed by the edit
  forge = 8,   // an answer that is valid under the device's keys and yet not what it said
  fresh = 9,   // a new client, with what `value` says
  lost = 10,
  start_again = 11,
  broken = 12,  // half of the answer, and then a new connection
  restart = 13,
  wait = 14,
  raw = raw_op
};

// Of Step::how, besides how_split of device scripts.
inline constexpr Byte how_tried = 4;       // on a copy of the client; the client gets the right one
inline constexpr Byte how_of_request = 8;  // pair sessions: it is the request that is changed

}  // namespace wib::fuzz
