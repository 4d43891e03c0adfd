// SPDX-License-Identifier: Apache-2.0
//
// The language of traces: every byte string is a list of steps. A step is one byte (action, and a
// little more), then its fields; a field is one byte (what kind of term, and which one, counted
// from the newest), for some kinds with more behind it. Sizes follow from the bytes alone, so
// mutators cut and join traces without running them. What is cut short reads as zeros.
#pragma once

#include <vector>

#include "protocol/suites.h"

namespace wib::fuzz {

enum class Action : Byte {
  press,
  long_press,
  restart,
  wait,     // more: for how long
  start,    // an honest client begins a run
  get_dh,   // the attacker sends a request to the device ...
  post_dh,  // cookie, share
  post_auth,
  post_key,
  offer,  // ... or a response to a client. More: to which, from the newest
  answer,
  auth_result,
  key_result,
  forward,  // a message of an honest party reaches whom it was meant for
  drop      // ... or nobody
};
inline constexpr std::size_t action_count = 15;

enum class Field : Byte { cookie, element, confirm, sealed, offer, status, which };
inline constexpr std::size_t max_fields = 3;

// What a byte means as a field of each kind. `index` counts from the newest, or chooses.
enum class Cookies : Byte { known, hole, none, own };
enum class Elements : Byte { known, own, power, constant };
enum class Confirms : Byte { known, hole, junk };
enum class Seals : Byte { known, parts, hole, junk };
enum class Offers : Byte { known, own_group, other_suites, other_epoch };

struct Choice {
  Byte kind = 0;
  Byte index = 0;  // 0..31
};
[[nodiscard]] Choice choice(Field field, Byte byte) noexcept;

// What the suite has in its messages.
struct Shape {
  bool confirms = false;      // answers and auth.wib carry confirmations
  bool acknowledges = false;  // the answer to key.wib is sealed
  [[nodiscard]] static Shape of(const Suite& suite) noexcept {
    return {suite.key_exchange.reveals_with_share(), suite.protection.acknowledges()};
  }
};

struct Step {
  Action action = Action::press;
  Byte more = 0;  // 0..17
};
[[nodiscard]] constexpr Step step_of(Byte byte) noexcept {
  return {static_cast<Action>(byte % action_count), static_cast<Byte>(byte / action_count)};
}
[[nodiscard]] constexpr Byte byte_of(Action action, unsigned more = 0) noexcept {
  return static_cast<Byte>(more * action_count + static_cast<unsigned>(action));
}

// The fields of a step.
struct Schema {
  std::array<Field, max_fields> fields{};
  std::size_t size = 0;
};
[[nodiscard]] Schema schema(const Shape& shape, Action action) noexcept;

// Bytes that a field takes whose first bytes these are (maybe more than there are).
[[nodiscard]] std::size_t field_size(Field field, ByteView bytes) noexcept;

// Where things stand in a trace; `end` may be behind the trace's end for what was cut short.
struct Extent {
  std::size_t begin = 0;
  std::size_t end = 0;
};
struct FieldExtent : Extent {
  Field field = Field::cookie;
};
void parse(const Shape& shape, ByteView trace, std::vector<Extent>& steps,
           std::vector<FieldExtent>* fields);

}  // namespace wib::fuzz
