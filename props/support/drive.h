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

// Tests of every suite; each program instantiates it over `readings()`.
class EverySuite : public testing::TestWithParam<const Suite*> {};

[[nodiscard]] inline auto readings() {
  return testing::Values(find_suite("as_posted", "cbc"), find_suite("as_posted", "ctr"));
}
[[nodiscard]] inline std::string reading_of(const testing::TestParamInfo<const Suite*>& test) {
  return std::string(test.param->reading);
}

}  // namespace wib::props
