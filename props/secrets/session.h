// SPDX-License-Identifier: Apache-2.0
//
// What the programs about secrets share: one whole session on one backend, through
// handle(Message); as posted, in the real group.
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
  ByteView code;  // where the suite takes one
};

inline constexpr std::array<Byte, salt_size> session_salt = {'s', 'a', 'l', 't'};

// The noise that run_session() feeds a gate with.
inline attacks::ProfileNoise session_noise() { return {{}, 1, "noise"}; }

// True if the client completed.
inline bool run_session(const SessionParties& parties) {
  constexpr Instant now{1};
  const attacks::Identity& owner = attacks::identity("owner");
  attacks::ProfileNoise noise = session_noise();
  Verifier verifier;
  if (!parties.code.empty() && !register_verifier(parties.crypto, parties.code, parties.serial,
                                                  session_salt, min_iterations, verifier)) {
    return false;
  }
  Password password(parties.code, parties.serial);
  Device device(
      {parties.suite, device_table(), parties.serial, ffdhe2048(), &verifier},
      {parties.crypto, parties.certificates, parties.device_random, noise, parties.store});
  Client client({parties.suite,
                 client_table(),
                 parties.serial,
                 {owner.certificate, owner.private_key},
                 &password},
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
