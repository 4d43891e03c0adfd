// SPDX-License-Identifier: Apache-2.0
//
// Script: what a scenario's function works with. Each call is one step of the world; once a step
// could not be done, or a party refused, going() says so and the script should stop.
#pragma once

#include "attacks/scenarios/scenario.h"
#include "attacks/search/seed_search.h"
#include "attacks/world/world.h"

namespace wib::attacks {

using Progress = std::function<void(const SearchProgress&)>;

class Script {
 public:
  Script(World& world, std::vector<Metric>& metrics, Progress progress)
      : world_(world), metrics_(metrics), progress_(std::move(progress)) {}

  // Numbers of the messages that came of a step.
  using Message = std::size_t;

  // True while everything that was asked for has happened. After that, every call does nothing.
  [[nodiscard]] bool going() const noexcept { return going_; }

  // The honest world. Each takes the note that the reader will see beside the step.
  void press(std::string note);
  void restart(std::string note);
  // The client's first request.
  Message start(const std::string& client, std::string note);

  // Delivery as it was meant. forward() gives the emitted message; an HTTP refusal, a closed
  // connection, or a client that sends nothing more (unless `last`) ends the script.
  Message forward_request(Message message, std::string note = {});
  Message forward_response(Message message, const std::string& client, std::string note = {});
  void forward_last_response(Message message, const std::string& client, std::string note = {});

  // Messages of the attacker's making.
  Message request(Endpoint endpoint, TermRef cookie, std::map<std::string, TermRef> fields,
                  std::string note = {});
  // The same, where a refusal is no end: whatever the device says, and if it does not listen, the
  // script goes on. False if it was refused.
  bool try_request(Endpoint endpoint, TermRef cookie, std::map<std::string, TermRef> fields,
                   std::string note = {});
  // The same; gives the answer's message, 0 where nobody listens.
  Message insist(Endpoint endpoint, TermRef cookie, std::map<std::string, TermRef> fields,
                 std::string note = {});
  Message respond(const std::string& client, std::map<std::string, TermRef> fields,
                  std::string note = {}, TermRef cookie = nullptr);
  // The answer that ends a client's run: it need not say anything more.
  void respond_last(const std::string& client, std::map<std::string, TermRef> fields,
                    std::string note = {});
  // A bare answer of that status; a client that does not take it ends the script.
  void respond_status(const std::string& client, Status status, std::string note = {});

  // Time passes.
  void wait(std::uint32_t ms, std::string note);

  // The message that reached a party in the last step, which the attacker has made.
  [[nodiscard]] Message delivered() const;
  // Who sent a message.
  [[nodiscard]] const std::string& sender(Message message) const {
    return world_.log().messages[message].from;
  }
  [[nodiscard]] bool has_field(Message message, const char* name) const {
    return world_.wire(message, name) != nullptr;
  }
  [[nodiscard]] const Suite& suite() const noexcept { return world_.suite(); }
  // For whoever has steps already (a trace that was found).
  [[nodiscard]] World& world() const noexcept { return world_; }
  [[nodiscard]] Crypto& crypto() const noexcept { return world_.crypto(); }

  // Computes and keeps a value. False if it could not be computed (a wrong key fails its tag).
  bool learn(const std::string& label, const TermRef& term, std::string note = {});
  // Records that two terms are equal. False if they are not.
  bool check(const TermRef& left, const TermRef& right, std::string note = {});

  // For scripts that compute outside of terms (a search).
  [[nodiscard]] Result<ByteVector> value(const TermRef& term) const { return world_.value(term); }
  void metric(std::string name, double value, std::string unit);
  [[nodiscard]] SearchOptions search_options() const;

 private:
  const LoggedStep& execute(Step step);
  const LoggedStep& send(Endpoint endpoint, TermRef cookie, std::map<std::string, TermRef> fields,
                         std::string note);
  Message emitted(const LoggedStep& logged);

  World& world_;
  std::vector<Metric>& metrics_;
  Progress progress_;
  bool going_ = true;
};

// A field of a message that was seen.
[[nodiscard]] inline TermRef field(Script::Message message, const char* name) {
  return term::wire(message, name);
}

// The messages of an honest run that was only listened to.
struct Overheard {
  Script::Message get = 0, offer = 0, client_share = 0, device_share = 0;
  Script::Message auth = 0, auth_result = 0, key = 0, key_result = 0;
};

// Forwards one whole run of `client`, changing nothing.
[[nodiscard]] Overheard listen(Script& script, const std::string& client);

}  // namespace wib::attacks
