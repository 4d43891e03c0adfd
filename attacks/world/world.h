// SPDX-License-Identifier: Apache-2.0
//
// World: honest parties, a wire that belongs to the attacker, and a log of all that happened. The
// world executes steps; it judges nothing (referee.h does). What the parties are - simulated in
// this process, or real over TCP - it does not know.
#pragma once

#include <functional>
#include <memory>
#include <set>

#include "attacks/world/step.h"
#include "protocol/setup/claim.h"
#include "protocol/setup/wire.h"

namespace wib::attacks {

// What came of giving bytes to a party.
struct Exchange {
  ByteVector bytes;  // what it sends in return; empty: nothing
  Status status = Status::none;
  Claim claim;
  Error error;
  ByteVector certificate;  // with a claim that has a fingerprint: the certificate, if known
};

class DeviceParty {
 public:
  virtual ~DeviceParty() = default;
  // The world's time, told before everything else that happens in a step; it never goes back. A
  // real device has a clock of its own.
  virtual void tell_time(Instant /*now*/) {}
  // Errc::unexpected where the party cannot do that (a real device has its own button).
  [[nodiscard]] virtual Result<> press() = 0;
  [[nodiscard]] virtual Result<> long_press() {
    return fail(Errc::unexpected, "long_press: not on this device");
  }
  [[nodiscard]] virtual Result<> restart() = 0;
  // Time passes. Whoever is told the time hears of it there.
  [[nodiscard]] virtual Result<> wait(Instant duration) = 0;
  // Sends one request over a new connection. Errc::refused: nobody listens (the window is closed).
  [[nodiscard]] virtual Result<Exchange> exchange(ByteView request) = 0;
};

class ClientParty {
 public:
  virtual ~ClientParty() = default;
  // The client's first request.
  [[nodiscard]] virtual Result<Exchange> start() = 0;
  // Gives it the answer to its last request; returns its next one.
  [[nodiscard]] virtual Result<Exchange> exchange(ByteView response) = 0;
};

using ClientFactory = std::function<std::unique_ptr<ClientParty>(const std::string& name)>;

// A message on the wire, sent by an honest party or made by the attacker.
struct WireMessage {
  std::size_t number = 0;
  bool request = true;
  std::string from;                      // "device", a client's name, or "attacker"
  Endpoint endpoint = Endpoint::get_dh;  // of a response: of the request that it answers
  Status status = Status::none;          // of a response
  std::optional<Cookie> cookie;
  ByteVector bytes;
  // What can be read of it; "raw" is all of it, "entry" what a transcript takes in of it.
  std::map<std::string, ByteVector> fields;
};

// One party's claim, in the order in which they were made.
struct PartyClaim {
  std::size_t step = 0;
  std::string party;
  Claim claim;
  ByteVector certificate;  // what a started client wants installed, or a device has installed
};

// A step, and what came of it.
struct LoggedStep {
  std::size_t number = 0;
  Step step;
  std::optional<std::size_t> delivered;  // the message that reached a party
  std::optional<std::size_t> emitted;    // the message that it sent in return
  Status status = Status::none;          // the device's answer
  bool connection_refused = false;
  bool failed = false;  // the step could not be executed at all
  Error error;
  ByteVector value;  // learn: the term's value
  Instant at{};

  [[nodiscard]] bool kind_is(StepKind kind) const noexcept { return step.kind == kind; }
};

// Something that the attacker has learnt beyond what is on the wire.
struct Fact {
  std::size_t step = 0;
  std::string label;
  TermRef term;
  ByteVector value;
};

struct Log {
  std::vector<LoggedStep> steps;
  std::vector<WireMessage> messages;
  std::vector<PartyClaim> claims;
  std::vector<Fact> facts;
};

// What the attacker's draws follow from. Of a simulation it is made from the run's seed, so that a
// trace repeats; against a real device it must be drawn fresh and written nowhere, since whoever
// has it can compute the keys that the attacker shared with the real owner.
using AttackerSeed = std::array<Byte, 32>;
[[nodiscard]] AttackerSeed attacker_seed(std::uint64_t run_seed);

// What one run may take, so that a hostile trace cannot exhaust us: clients that are started under
// different names, and bytes of everything that is logged.
inline constexpr std::size_t max_run_clients = 64;
inline constexpr std::size_t max_run_size = std::size_t{64} * 1024 * 1024;

class World final : public TermSource {
 public:
  struct Setup {
    const Suite& suite;
    Crypto& attacker_crypto;
    AttackerSeed seed{};
    std::map<std::string, ByteVector> initial;  // what the attacker knows before
    std::unique_ptr<DeviceParty> device;
    ClientFactory clients;
  };

  explicit World(Setup setup);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Executes one step and logs it. The step failed as such (and `failed` says so in the log) if it
  // names what is not there, a term cannot be computed, or the run has grown too large
  // (Errc::capacity); a refusal by a party is an outcome, not an error.
  const LoggedStep& execute(Step step);

  [[nodiscard]] const Log& log() const noexcept { return log_; }
  [[nodiscard]] const Suite& suite() const noexcept { return setup_.suite; }
  [[nodiscard]] const std::map<std::string, ByteVector>& initial_knowledge() const noexcept {
    return setup_.initial;
  }
  [[nodiscard]] Crypto& crypto() const noexcept { return setup_.attacker_crypto; }
  [[nodiscard]] Evaluator evaluator() { return {*this, setup_.suite, setup_.attacker_crypto}; }
  // Evaluates a term for a script that must look at a value. Learns nothing.
  [[nodiscard]] Result<ByteVector> value(const TermRef& term) { return evaluator_(term); }

  // TermSource.
  [[nodiscard]] const ByteVector* wire(std::size_t message, std::string_view field) const override;
  [[nodiscard]] const ByteVector* initial(std::string_view name) const override;
  [[nodiscard]] ByteVector random(std::uint32_t number, std::uint32_t size) const override;

 private:
  [[nodiscard]] Result<> perform(LoggedStep& logged);
  [[nodiscard]] Result<> deliver_request(LoggedStep& logged);
  [[nodiscard]] Result<> deliver_response(LoggedStep& logged);
  [[nodiscard]] Result<> start_client(LoggedStep& logged);
  [[nodiscard]] Result<std::size_t> message_for(const Delivery& delivery, bool request,
                                                Endpoint asked);
  [[nodiscard]] Result<Body> body_for(const Delivery& delivery, bool request, Endpoint endpoint);
  void add_entry(WireMessage& message, const Body& body);
  std::size_t observe(WireMessage message);
  std::size_t observe_request(std::string from, const ByteVector& bytes);
  std::size_t observe_response(std::string from, Endpoint asked, const ByteVector& bytes);
  void claim(const LoggedStep& logged, const std::string& party, const Exchange& exchange);

  Setup setup_;
  Evaluator evaluator_;
  std::map<std::string, std::unique_ptr<ClientParty>> clients_;
  std::map<std::string, Endpoint> asked_;  // by client: its last request
  std::vector<ByteVector> scratch_;        // values that a body views while it is written
  Instant now_{};
  std::size_t size_ = 0;  // bytes in the log
  Log log_;
};

}  // namespace wib::attacks
