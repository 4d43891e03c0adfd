// SPDX-License-Identifier: Apache-2.0
//
// Real parties of a world: a device at a URL, and a client that is pointed at us. What they claim
// is what can be seen from outside: statuses.
#pragma once

#include <iosfwd>

#include "attacks/live/stream.h"
#include "attacks/world/world.h"
#include "protocol/tls.h"

namespace wib::attacks {

// A device that is reached over HTTP. Its button is pressed by a person; it cannot be restarted
// from here.
[[nodiscard]] std::unique_ptr<DeviceParty> make_real_device(Address address, Timeout timeout);

// The next client that connects to `listener` and sends a request. `certificate` is what it is
// known to want installed (empty if that is not known).
[[nodiscard]] std::unique_ptr<ClientParty> make_real_client(
    std::shared_ptr<StreamListener> listener, ByteVector certificate, Timeout timeout);

// True if the server at `address` completes a TLS handshake with `certificate` as its own: it
// serves with the key that goes with it. The error says why not.
[[nodiscard]] LiveResult<> serves_certificate(const Address& address, Tls& tls,
                                              ByteView certificate, Timeout timeout);

}  // namespace wib::attacks
