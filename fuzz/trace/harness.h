// SPDX-License-Identifier: Apache-2.0
//
// Harness: runs a trace. One device and up to three honest clients - the production cores, entered
// below HTTP and CBOR - over symbolic cryptography, and a wire that belongs to the attacker. What
// it makes of the same bytes is always the same.
#pragma once

#include <memory>

#include "fuzz/trace/feedback.h"
#include "fuzz/trace/language.h"
#include "fuzz/trace/oracle.h"
#include "fuzz/trace/symbolic.h"

namespace wib::fuzz {

// A device or a client in which a bug may be planted: tables and choices of its own.
struct Party {
  const Suite* suite = nullptr;  // null: the configuration's
  std::span<const DeviceRow> device_rows = device_table();
  std::span<const ClientRow> client_rows = client_table();
};

struct Configuration {
  const Suite& suite;  // what is claimed, and what expectations are of
  Party device = {};
  Party client = {};
  Conditions conditions = {};
  bool holes = true;
  bool ghosts = true;         // in the feedback
  bool feedback = true;       // at all
  bool shadow = false;        // a device without the bug beside it, whose answers are compared
  std::uint32_t charged = 0;  // attempts that were charged before, over the device's life
};

// --- What a trace did, for whoever wants to tell it again ----------------------------------------

// Where the bytes of a field came from: a leaf, and the attacker's draws that it was raised to.
struct Source {
  enum class From : Byte {
    none,
    wire,      // `field` of message `message`
    own,       // an attacker's share, of draw `number`
    constant,  // `bytes`, as they are: the harness's, until its next run
    wish,      // made for the receiver: what it wanted
    random     // an attacker's draw
  };
  static constexpr std::size_t max_powers = 6;

  From from = From::none;
  Byte powers = 0;
  std::array<Byte, max_powers> exponents{};
  std::size_t message = 0;
  std::size_t number = 0;
  std::string_view field;
  ByteView bytes;
};

struct Event {
  Step step;
  std::size_t client = 0;                // start, responses
  std::optional<std::size_t> delivered;  // number of the message that reached a party
  std::optional<std::size_t> emitted;    // ... that came of it
  bool request = false;                  // something was delivered to the device
  bool response = false;                 // ... to a client
  std::optional<std::size_t> forwarded;  // the message's number
  Endpoint endpoint = Endpoint::get_dh;
  Status status = Status::none;  // of a response that the attacker made
  std::optional<Source> cookie;
  std::vector<std::pair<std::string_view, Source>> fields;
  unsigned wish = 0;  // whose bundle a wish is of: 0 the attacker's, else the run's, plus 1
  std::optional<Cookie> receiver;  // the device's session that a wish was made for
  Status answer = Status::none;
  bool refused_connection = false;
  std::uint32_t wait_ms = 0;
};

struct Recording {
  std::vector<Event> events;
  // For each run of a client and each session of the device: the numbers of the messages that its
  // keys came from.
  struct View {
    std::optional<std::size_t> offer, share, answer, auth;
    std::optional<Cookie> cookie;
  };
  std::array<View, max_runs> clients{};
  std::vector<View> sessions;
  std::vector<bool> stolen;                                 // by run: its private key is known
  std::array<std::optional<std::size_t>, max_runs> keys{};  // by run: its key.wib's number
};

struct Outcome {
  Violations violations;
  bool honest = false;
  Stages stages{};
  unsigned steps = 0;  // messages that a party handled
};

class Harness {
 public:
  explicit Harness(const Configuration& configuration);
  ~Harness();
  Harness(const Harness&) = delete;
  Harness& operator=(const Harness&) = delete;

  // Runs the trace, at most max_steps of it. `recording` may be null.
  [[nodiscard]] Outcome run(ByteView trace, Recording* recording = nullptr);
  static constexpr std::size_t max_steps = 96;

  // The features of the last run.
  [[nodiscard]] const Feedback& feedback() const noexcept { return feedback_; }
  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }
  [[nodiscard]] const Configuration& configuration() const noexcept { return configuration_; }

  // Another place for the features: an engine's counters (Feedback::size bytes, cleared by it).
  void set_counters(Byte* counters) noexcept { feedback_.set_counters(counters); }

 private:
  struct Message;
  struct ClientParty;
  struct State;

  void step(Step step, ByteView& rest);
  void press(bool held);
  void restart();
  void start();
  void forward(Byte which);
  void send_request(Endpoint endpoint, ByteView& rest);
  void send_response(Action action, Byte more, ByteView& rest);
  void to_device(const Request& request, std::size_t message);
  void to_client(std::size_t client, const Response& response, std::size_t message);

  std::size_t push(Message message);
  [[nodiscard]] ByteView keep(ByteView bytes);
  [[nodiscard]] Body keep(const Body& body);
  void see(const Message& message);

  [[nodiscard]] const Message* nth_newest(std::size_t n, bool (*fits)(const Message&)) const;
  template <Endpoint endpoint>
  [[nodiscard]] static bool is_request(const Message& message) noexcept;
  [[nodiscard]] std::optional<Cookie> cookie(ByteView& rest, Source& source, bool& hole);
  [[nodiscard]] ByteView element(ByteView& rest, Source& source);
  [[nodiscard]] ByteView confirm(ByteView& rest, Source& source, bool& hole);
  [[nodiscard]] Sealed sealed(ByteView& rest, Endpoint endpoint, std::size_t client,
                              std::array<Source, 3>& sources, bool& hole, unsigned& wish);
  [[nodiscard]] Offer offer(ByteView& rest, std::array<Source, offer_field_count>& sources);
  [[nodiscard]] Byte eat(ByteView& rest) noexcept;
  [[nodiscard]] ByteView solved(std::size_t hole, ByteView fallback, Source& source);

  Configuration configuration_;
  Shape shape_;
  Feedback feedback_;
  std::unique_ptr<State> state_;
};

}  // namespace wib::fuzz
