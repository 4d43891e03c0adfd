// SPDX-License-Identifier: Apache-2.0
//
// Whole runs over typed messages, and the readings that they are done on.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "props/support/toy.h"

namespace wib::props {

struct Driven {
  std::vector<Reply> replies;  // bodies are gone
  ClientState client = ClientState::idle;
};

// Drives `client` against `device` until it stops.
inline Driven drive(Device& device, Client& client, Instant now = std::chrono::milliseconds(1)) {
  Driven outcome;
  ClientStep step = client.start();
  while (step.send) {
    const Reply reply = device.handle(now, *step.send);
    outcome.replies.push_back(reply);
    step = client.handle(to_response(reply));
  }
  outcome.client = client.state();
  return outcome;
}

// Tests of every suite, over `readings()`, and of the post alone, over `posted()`: each program
// instantiates what it has.
class EverySuite : public testing::TestWithParam<const Suite*> {};

class EveryReading : public testing::TestWithParam<const Suite*> {};  // of the post

[[nodiscard]] inline auto readings() {
  return testing::Values(find_suite("as_posted", "cbc"), find_suite("as_posted", "ctr"),
                         find_suite("hardened", "gcm"), find_suite("hardened", "chacha20"));
}
[[nodiscard]] inline auto posted() {
  return testing::Values(find_suite("as_posted", "cbc"), find_suite("as_posted", "ctr"));
}
[[nodiscard]] inline std::string reading_of(const testing::TestParamInfo<const Suite*>& test) {
  return std::string(test.param->reading());
}

// The two suites of the post.
[[nodiscard]] inline std::span<const Suite> posted_suites() { return suites().first(2); }

}  // namespace wib::props
