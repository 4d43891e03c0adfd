// SPDX-License-Identifier: Apache-2.0
//
// Device: the device's side of key set-up over typed messages. Sans-IO: time, randomness, noise,
// storage and crypto are parameters; nothing is allocated. Its state is a value that can be copied
// out, kept, and put back.
#pragma once

#include "protocol/certificates.h"
#include "protocol/messages/bundle.h"
#include "protocol/setup/claim.h"
#include "protocol/setup/transcript.h"
#include "protocol/setup/transitions.h"
#include "protocol/suites.h"

namespace wib {

// Bytes of a serial number, as printed on the device's back.
inline constexpr std::size_t max_serial_size = 64;

// What a device is made with. Everything that is pointed to must outlive the device.
struct DeviceConfig {
  const Suite& suite;
  std::span<const DeviceRow> transitions;
  ByteView serial;                     // 1..max_serial_size bytes
  Group group;                         // the Diffie-Hellman group that it offers, if it may choose
  const Verifier* verifier = nullptr;  // what the setup code is checked by; null: it has none
  // The ids of the suites that it says it offers, apart by single spaces; empty: its own.
  std::string_view offered = {};
};

struct DevicePorts {
  Crypto& crypto;
  Certificates& certificates;
  Random& random;
  NoiseSource& noise;
  Store& store;
};

// One session, from its cookie to its end. A copyable value; the keys of every copy wipe
// themselves.
struct Session {
  DeviceState state = DeviceState::no_session;  // no_session: this place is free
  Cookie cookie{};
  Instant opened{};
  Buffer<8> epoch;  // as offered; empty where there is none
  Keys keys;
  SecretBuffer<confirmation_size> proof;  // what the client's must be; empty: not known before
  std::uint64_t opened_payloads = 0;      // from the client: the next one's counter
  Transcript transcript;

  [[nodiscard]] bool live() const noexcept { return state != DeviceState::no_session; }
};

// Everything about a device that changes, but for what its ports hold.
struct DeviceSnapshot {
  bool window_open = false;
  Instant window_closes{};
  std::array<Session, session_capacity> sessions;
  AttemptState attempts;
  GateState gate;
};

// What the device answers. `body` points into the device and is valid until its next handle().
struct Reply {
  Status status = Status::none;
  std::optional<Cookie> set_cookie;
  Body body;
  Error error;  // why, for statuses of 400 and above
  Claim claim;
};

class Device {
 public:
  Device(const DeviceConfig& config, const DevicePorts& ports) noexcept
      : config_(config), ports_(ports), traits_(config.suite.traits()), id_(config.suite.id()) {}
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  ~Device();

  // The button on the device (the post, step 1), and the button held for longer than anybody would
  // by chance: what it takes once too many attempts were charged.
  void press(Instant now) noexcept;
  void long_press(Instant now) noexcept;

  // Power went and came back: what was in memory is gone, what is in the store stays.
  void restart() noexcept;

  // Lets time pass: windows and sessions that are over end. handle() and press() do it themselves.
  void tick(Instant now) noexcept;

  // Answers one request. Whatever the request, the state afterwards is the table's.
  [[nodiscard]] Reply handle(Instant now, const Request& request);

  // True while the button's window is open: the host serves plain HTTP then, and only then.
  [[nodiscard]] bool window_open() const noexcept { return state_.window_open; }

  [[nodiscard]] const DeviceSnapshot& snapshot() const noexcept { return state_; }
  void restore(const DeviceSnapshot& snapshot) noexcept { state_ = snapshot; }

  [[nodiscard]] const Suite& suite() const noexcept { return config_.suite; }

  // The state that the table knows for a request with this cookie.
  [[nodiscard]] DeviceState state_for(const std::optional<Cookie>& cookie) const noexcept;

 private:
  // What was found of a request in order, and what a good row will use.
  struct Finding {
    Judged judged = Judged::any;
    Error error;
    Body body;        // of the answer
    Session session;  // the session as it will be
    ByteView bundle;  // post_key: the plaintext, in plaintext_
    std::array<Byte, sha256_size> fingerprint{};
  };

  [[nodiscard]] Session* find(const std::optional<Cookie>& cookie) noexcept;
  [[nodiscard]] std::size_t live_sessions() const noexcept;

  [[nodiscard]] const DeviceRow* row_for(DeviceState on, DeviceEvent event,
                                         Judged judged) const noexcept {
    return find_row(config_.transitions, traits_, on, event, judged);
  }
  [[nodiscard]] std::string_view offered() const noexcept {
    return config_.offered.empty() ? id_.view() : config_.offered;
  }
  [[nodiscard]] RunInfo run_info(const Session& session) const noexcept;

  [[nodiscard]] Finding judge(Instant now, const Session* session, const Request& request);
  [[nodiscard]] Result<> open_session(Instant now, Finding& finding);
  [[nodiscard]] Result<> agree(const Request& request, Finding& finding);
  [[nodiscard]] Result<> check_proof(const Request& request, Finding& finding);
  [[nodiscard]] Result<> check_bundle(const Request& request, Finding& finding);
  [[nodiscard]] Result<> acknowledge(Finding& finding);

  [[nodiscard]] Reply apply(Instant now, const DeviceRow& row, Session* session,
                            const Finding& finding);
  void apply_to_all(DeviceEvent event, Instant now, Judged judged = Judged::any) noexcept;
  void pressed(DeviceEvent event, Instant now) noexcept;
  void apply_effects(const DeviceRow& row, Session* session, Instant now) noexcept;
  void place(const Session& session) noexcept;

  DeviceConfig config_;
  DevicePorts ports_;
  Traits traits_;
  SuiteName id_;
  DeviceSnapshot state_;

  std::array<Byte, max_modulus_size> share_;  // what an answer views: a share, an acknowledgement
  Buffer<8> epoch_;                           // what an offer views
  std::array<Byte, max_ciphertext_size> plaintext_;
};

// The bundle that a device has installed: reads the record `identity` into `buffer` (at least
// max_bundle_size bytes) and parses it. Nullopt if there is none; Errc::storage if the record is
// there and cannot be read or does not parse.
[[nodiscard]] Result<std::optional<Bundle>> load_identity(Store& store, ByteSpan buffer);

}  // namespace wib
