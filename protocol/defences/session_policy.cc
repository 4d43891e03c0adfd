// SPDX-License-Identifier: Apache-2.0
#include "protocol/defences/session_policy.h"

namespace wib {
namespace {

class Several final : public SessionPolicy {
 public:
  std::string_view name() const noexcept override { return "several"; }
  bool strict() const noexcept override { return false; }
  std::size_t max_sessions() const noexcept override { return session_capacity; }
  Instant window() const noexcept override { return std::chrono::minutes(5); }
  Instant lifetime() const noexcept override { return std::chrono::minutes(1); }
};

class Single final : public SessionPolicy {
 public:
  std::string_view name() const noexcept override { return "single"; }
  bool strict() const noexcept override { return true; }
  std::size_t max_sessions() const noexcept override { return 1; }
  Instant window() const noexcept override { return std::chrono::minutes(5); }
  Instant lifetime() const noexcept override { return std::chrono::minutes(1); }
};

}  // namespace

const SessionPolicy& several_sessions() noexcept {
  static constinit const Several choice;
  return choice;
}

const SessionPolicy& single_session() noexcept {
  static constinit const Single choice;
  return choice;
}

}  // namespace wib
