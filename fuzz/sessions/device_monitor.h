// SPDX-License-Identifier: Apache-2.0
//
// DeviceMonitor: what a device has to do, by the transition table, for every message and every
// press. It keeps the states of the sessions itself, judges a message with a backend that nobody
// has tampered with, and knows from that the one row, its status and its effects. Held against the
// device after each step:
//   - the status is the row's;
//   - window, sessions and their states, and the attempts charged, are what the rows made of them;
//   - no session changes that the row is not about, and a refusal changes none;
//   - what is stored is what was opened, byte for byte, and a whole pair that works.
#pragma once

#include "fuzz/sessions/rig.h"
#include "protocol/setup/endpoint.h"

namespace wib::fuzz {

// What fails, and when nothing does.
struct Faults {
  bool store_writes = false;
  bool store_reads = false;
  bool random = false;
  bool noise = false;
};

class DeviceMonitor {
 public:
  DeviceMonitor(Rig& rig, const Suite& suite, const Device& device, const ShelfStore& store,
                Violations& violations);

  // Each is called before the device hears of it; then compare().
  void pressed(Instant now, bool held);
  void restarted();
  void passed(Instant now);
  // Expects the row for a request; `pristine`: it is what an honest client sent, so its share needs
  // no judging.
  void requested(Instant now, const Request& request, bool pristine, const Faults& faults);

  // Holds the reply against the row, and takes the cookie of a session that was created.
  void replied(const DeviceConnection::Served& served);
  // Holds the device against the model.
  void compare();

  [[nodiscard]] DeviceState state(const std::optional<Cookie>& cookie) const noexcept;
  [[nodiscard]] bool window_open() const noexcept { return window_open_; }
  [[nodiscard]] std::uint32_t life() const noexcept { return life_; }

 private:
  struct Known {
    DeviceState state = DeviceState::no_session;
    Cookie cookie{};
    Instant opened{};
    std::uint64_t mark = 0;  // of everything that the device has of it
  };

  [[nodiscard]] Known* find(const std::optional<Cookie>& cookie) noexcept;
  [[nodiscard]] std::size_t live() const noexcept;
  [[nodiscard]] Judged judge(const Request& request, const Session* session, bool pristine,
                             const Faults& faults);
  [[nodiscard]] Judged judge_get(const Faults& faults);
  [[nodiscard]] Judged judge_share(const Request& request, bool pristine, const Faults& faults);
  [[nodiscard]] Judged judge_proof(const Request& request, const Session& session,
                                   const Faults& faults);
  [[nodiscard]] Judged judge_bundle(const Request& request, const Session& session,
                                    const Faults& faults);
  [[nodiscard]] bool works(const Bundle& bundle);
  [[nodiscard]] bool proves(const Request& request, const Session& session);
  [[nodiscard]] bool none_left() const noexcept;
  [[nodiscard]] bool draws_fail(const Faults& faults) const noexcept;
  void apply_to_all(DeviceEvent event, Judged judged, Instant now);
  void apply(const DeviceRow& row, Known* known, Instant now);
  void check_mark(Known& known, const Session& session);

  Rig& rig_;
  const Suite& suite_;
  Traits traits_;
  const Device& device_;
  const ShelfStore& store_;
  Violations& violations_;

  bool window_open_ = false;
  Instant closes_{};
  bool long_press_ = false;
  std::uint32_t charged_ = 0;  // in this window
  bool gate_ready_ = false;
  std::uint32_t life_ = 0;  // over the device's life
  std::array<Known, session_capacity> sessions_;

  const DeviceRow* row_ = nullptr;
  std::optional<Cookie> addressed_;
  Instant at_{};
  bool may_change_ = false;  // the addressed session, by the row
  std::size_t identity_writes_ = 0;
  ByteVector opened_;  // the plaintext of key.wib
  std::array<Byte, max_ciphertext_size> scratch_;
};

}  // namespace wib::fuzz
