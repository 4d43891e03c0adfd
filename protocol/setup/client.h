// SPDX-License-Identifier: Apache-2.0
//
// Client: the installer's side of key set-up over typed messages. Sans-IO, like Device.
#pragma once

#include "protocol/messages/bundle.h"
#include "protocol/setup/claim.h"
#include "protocol/setup/transcript.h"
#include "protocol/setup/transitions.h"
#include "protocol/suites.h"

namespace wib {

// What a client is made with. Everything that is pointed to must outlive the client.
struct ClientConfig {
  const Suite& suite;
  std::span<const ClientRow> transitions;
  ByteView serial;
  Bundle bundle;                 // what it wants installed
  Password* password = nullptr;  // the setup code, where the suite takes one
};

struct ClientPorts {
  Crypto& crypto;
  Random& random;
};

// Everything about a client that changes. A copyable value.
struct ClientSnapshot {
  ClientState state = ClientState::idle;
  std::optional<Cookie> cookie;
  KeyExchangeState key_exchange;
  Keys keys;
  std::uint64_t sealed_payloads = 0;            // for the device: the next one's counter
  std::array<Byte, sha256_size> fingerprint{};  // of the bundle, once it is sealed
  Transcript transcript;
};

// What the client does next. `send` points into the client and is valid until its next call.
struct ClientStep {
  std::optional<Request> send;
  Error error;  // why it failed, when it did
  Claim claim;
};

class Client {
 public:
  Client(const ClientConfig& config, const ClientPorts& ports) noexcept
      : config_(config), ports_(ports), traits_(config.suite.traits()), id_(config.suite.id()) {}
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  // Begins the run: the first request.
  [[nodiscard]] ClientStep start();

  // Takes the answer to the request that was last sent.
  [[nodiscard]] ClientStep handle(const Response& response);

  // No answer will come: `error` says why.
  [[nodiscard]] ClientStep lost(const Error& error);

  [[nodiscard]] ClientState state() const noexcept { return state_.state; }
  [[nodiscard]] const ClientSnapshot& snapshot() const noexcept { return state_; }
  void restore(const ClientSnapshot& snapshot) noexcept { state_ = snapshot; }

  [[nodiscard]] const Suite& suite() const noexcept { return config_.suite; }

 private:
  [[nodiscard]] ClientStep advance(ClientEvent event, const Response* response, const Error& error);
  [[nodiscard]] Result<> judge(const Response& response, ClientSnapshot& next, Body& body);
  [[nodiscard]] Result<> take_offer(const Response& response, ClientSnapshot& next, Body& body);
  [[nodiscard]] Result<> take_share(const Response& response, ClientSnapshot& next, Body& body);
  [[nodiscard]] Result<> seal_bundle(ClientSnapshot& next, Body& body);
  [[nodiscard]] Result<> take_acknowledgement(const Response& response, ClientSnapshot& next);
  // As much of plaintext_ as the bundle takes, so that no more has to be wiped.
  [[nodiscard]] ByteSpan bundle_room() noexcept;
  [[nodiscard]] RunInfo run_info(const ClientSnapshot& snapshot) const noexcept;
  [[nodiscard]] Claim claim(ClientState before, ClientEvent event);

  ClientConfig config_;
  ClientPorts ports_;
  Traits traits_;
  SuiteName id_;
  ClientSnapshot state_;

  std::array<Byte, max_modulus_size> share_;
  std::array<Byte, max_bundle_size> plaintext_;
  std::array<Byte, max_ciphertext_size + aes_block_size + sha512_size> sealed_;
};

}  // namespace wib
