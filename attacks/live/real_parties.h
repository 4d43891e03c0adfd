// SPDX-License-Identifier: Apache-2.0
//
// Real parties of a world: a device at a URL, and a client that is pointed at us. What they claim
// is what can be seen from outside: statuses.
#pragma once

#include <functional>

#include "attacks/live/stream.h"
#include "attacks/world/world.h"
#include "protocol/tls.h"

namespace wib::attacks {

// Asks a person to press the button of the device.
using AskForPress = std::function<void()>;

// Waits until somebody listens at `address`: the device's window is open. Asks once if nobody does.
// An error if it takes longer than `limit`, and at once if the address cannot be reached for any
// reason but a refusal.
[[nodiscard]] LiveResult<> await_window(const Address& address, Timeout limit,
                                        const AskForPress& ask);

// A device that is reached over HTTP; `timeout` is for each thing that it is asked to do. press()
// does nothing if the window is open, else has a person do it and waits: Errc::unexpected if the
// window does not open. wait() waits, up to `timeout`; beyond it, and for restart(),
// Errc::unexpected: not done. Errc::refused from exchange() is a refused connection and nothing
// else.
[[nodiscard]] std::unique_ptr<DeviceParty> make_real_device(Address address, Timeout timeout,
                                                            AskForPress ask);

// The next client that connects to `listener` and sends a request. `certificate` is what it is
// known to want installed (empty if that is not known). It is taken to have completed when it was
// given a 204 to its key.wib, which is all that it can see of success.
[[nodiscard]] std::unique_ptr<ClientParty> make_real_client(
    std::shared_ptr<StreamListener> listener, ByteVector certificate, Timeout timeout);

// True if the server at `address` completes a TLS handshake with `certificate` as its own: it
// serves with the key that goes with it. The error says why not.
[[nodiscard]] LiveResult<> serves_certificate(const Address& address, Tls& tls,
                                              ByteView certificate, Timeout timeout);

}  // namespace wib::attacks
