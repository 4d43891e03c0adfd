// SPDX-License-Identifier: Apache-2.0
//
// What the programs about secrets share: one whole as-posted session on one backend, through
// handle(Message), in the real group.
#pragma once

#include "attacks/world/entropy.h"
#include "attacks/world/identities.h"
#include "protocol/groups.h"
#include "protocol/setup/client.h"
#include "protocol/setup/device.h"

namespace wib::props {

struct SessionParties {
  const Suite& suite;
  Crypto& crypto;
  Certificates& certificates;
  Random& device_random;
  Random& client_random;
  Store& store;
  ByteView serial;
};

// True if the client completed.
inline bool run_session(const SessionParties& parties) {
  constexpr Instant now{1};
  const attacks::Identity& owner = attacks::identity("owner");
  attacks::ProfileNoise noise({}, 1, "noise");
  Device device(
      {parties.suite, device_table(), parties.serial, ffdhe2048()},
      {parties.crypto, parties.certificates, parties.device_random, noise, parties.store});
  Client client(
      {parties.suite, client_table(), parties.serial, {owner.certificate, owner.private_key}},
      {parties.crypto, parties.client_random});
  device.press(now);
  ClientStep step = client.start();
  while (step.send) {
    const Reply reply = device.handle(now, *step.send);
    step = client.handle({reply.status, reply.set_cookie, reply.body});
  }
  return client.state() == ClientState::completed;
}

}  // namespace wib::props
