// SPDX-License-Identifier: Apache-2.0
//
// What a Harness holds: the parties, their ports, the wire. Seen by the harness alone.
#pragma once

#include "fuzz/trace/harness.h"

namespace wib::fuzz {

inline constexpr std::size_t serial_bytes = 16;
inline constexpr std::size_t code_bytes = 16;
inline constexpr std::size_t own_shares = 4;
inline constexpr std::size_t own_exponents = 2;

// A message on the wire; its number is its place in the list. Views into the arena.
struct Harness::Message {
  enum class From : Byte { device, client, attacker };
  bool request = true;
  From from = From::attacker;
  std::size_t client = 0;  // request: whose; response: who asked, if it was a client
  bool asked_by_client = false;
  Endpoint endpoint = Endpoint::get_dh;
  Status status = Status::none;
  std::optional<Cookie> cookie;
  Body body;
};

// A client with its copy that solves.
struct Harness::ClientParty {
  ClientParty(State& state, const Configuration& configuration, unsigned number);

  std::array<Byte, SymbolicCertificates::value_size> certificate;
  std::array<Byte, SymbolicCertificates::value_size> key;
  Ref key_atom = 0;
  SymbolicRandom random;
  Password password;
  Client client;
  Password solving_password;
  Client solving;
  ClientSnapshot fresh;
  bool started = false;
  Endpoint asked = Endpoint::get_dh;
};

struct Harness::State {
  explicit State(const Configuration& configuration);

  Terms terms;
  SymbolicCrypto crypto{terms};
  SolvingCrypto solver{terms};
  SymbolicCertificates certificates{terms};
  Knowledge knowledge{terms};
  Oracle oracle;

  // --- Facts of the world, made once ---
  std::array<Byte, serial_bytes> serial;
  std::array<Byte, code_bytes> code;
  std::array<Byte, code_bytes> guessed;  // what the attacker holds for the code
  std::array<Byte, 64> modulus;
  std::array<Byte, 1> generator{2};
  Group configured;
  Group group;  // as the policy has it
  std::optional<Verifier> verifier;

  FlatStore store, solving_store, shadow_store, fresh_store;
  SymbolicRandom random{terms, 1}, solving_random{terms, 1}, shadow_random{terms, 1};
  SymbolicNoise noise{terms, 2}, solving_noise{terms, 2}, shadow_noise{terms, 2};
  std::optional<Device> device, solving_device, shadow;
  DeviceSnapshot fresh_device;
  std::vector<std::unique_ptr<ClientParty>> clients;

  // --- What the attacker has from the start ---
  std::array<Byte, SymbolicCertificates::value_size> own_certificate, own_key;
  std::array<std::array<Byte, max_exponent_size>, own_exponents> exponents;
  std::size_t exponent_size = 0;
  std::array<std::array<Byte, max_modulus_size>, own_shares> shares;
  std::size_t share_size = 0;
  std::array<Byte, 16> iv, cookie;
  std::array<Byte, 32> junk;
  std::vector<ByteView> constants;  // degenerate shares and the like
  std::vector<std::vector<Byte>> constant_bytes;

  // --- Sizes of what is sealed ---
  struct Sizes {
    std::size_t iv = 0, ciphertext = 0, tag = 0;
  };
  Sizes auth_sizes, key_sizes, acknowledgement_sizes;
  std::array<std::array<Byte, 160>, max_runs + 1> bundles;  // the attacker's, then the clients'
  std::size_t bundle_size = 0;

  // --- The trace ---
  std::vector<Message> messages;
  std::vector<Byte> arena;
  std::size_t used = 0;
  std::size_t delivered = 0;  // of the messages, in order
  Instant now{};
  unsigned boot = 0;
  unsigned boots = 0;
  std::size_t runs = 0;
  unsigned handled = 0;
  std::array<std::optional<Cookie>, 2> newest;  // sessions, the newest first
  Recording* recording = nullptr;
  Event event;

 private:
  void make_group(const Configuration& configuration);
  void make_attacker(const Configuration& configuration);
  void make_device(const Configuration& configuration);
  [[nodiscard]] Sizes sizes_of(const Suite& suite, ByteView plaintext);
};

}  // namespace wib::fuzz
