// SPDX-License-Identifier: Apache-2.0
//
// Device session: one device, driven through its byte path by honest clients and by whoever stands
// between. A script's steps press, wait, cut the power, let a client go on, change a message,
// repeat an older one, send what is valid under a session's keys and yet wrong, or send anything.
// What must hold is said in device_monitor.h and promises.h; here it is
//   - that bytes cut into pieces come to what they come to in one piece;
//   - that every answer is an HTTP response with the status that the core gave;
//   - P-W1: whatever happened, the owner presses the button (holds it, where attempts are spent),
//     runs an honest client, and has what it wanted installed.
#pragma once

#include "fuzz/sessions/rig.h"

namespace wib::fuzz {

// A device that is not as it should be: for tests of the invariants.
struct DevicePlan {
  std::span<const DeviceRow> table = device_table();
  Crypto* crypto = nullptr;  // null: the rig's
  Certificates* certificates = nullptr;
  bool promises_alone = false;  // what the table says is not held against it
};

struct DeviceResult {
  Violations violations;
  std::size_t installed = 0;  // complete sessions
};

[[nodiscard]] DeviceResult run_device(Rig& rig, ByteView input, const DevicePlan& plan = {});

// What the steps of device scripts are, by Step::op.
enum class DeviceOp : unsigned {
  advance = 0,  // client `who` sends its next request, changed by the edit; 0..5 are all this
  press = 6,
  wait = 7,
  forge = 8,   // valid under the keys of session `who`, made from a changed plaintext
  replay = 9,  // an older request
  guess = 10,  // runs that know no code, `amount` times
  fresh = 11,  // client `who` begins anew, with what `value` says
  restart = 12,
  long_press = 13,
  fault = 14,
  raw = raw_op
};

// Of Beginning::flags.
inline constexpr Byte not_pressed = 1;
inline constexpr Byte not_booted = 2;

// Of Step::how.
inline constexpr Byte how_split = 3;        // a number: whole, in two, in sevens, byte by byte
inline constexpr Byte how_dropped = 4;      // the client never sees the answer, and tries again
inline constexpr Byte how_reconnected = 8;  // over a new connection
inline constexpr Byte how_cut_short = 16;   // only the front is sent
inline constexpr Byte how_twice = 32;       // at once
inline constexpr Byte how_crossed = 64;     // over a connection that all share

}  // namespace wib::fuzz
