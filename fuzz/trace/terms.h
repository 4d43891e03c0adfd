// SPDX-License-Identifier: Apache-2.0
//
// Terms: what the byte strings of a trace stand for. Every result of the symbolic cryptography
// (symbolic.h) is a node here, hash-consed, and is written as bytes that carry the node's number in
// every eight of them: so bytes are read back to a node without a lookup, and a slice of a value
// still tells what it is a slice of. Bytes that carry no number are constants, which everybody
// knows.
//
// A trace begins with reset(), which forgets all nodes behind the mark at the cost of those nodes
// alone; nothing is allocated once the pools have grown. Nodes are told apart by 64-bit hashes that
// are trusted: a collision would be a wrong finding, which confirmation does not reproduce.
#pragma once

#include <span>
#include <vector>

#include "protocol/bytes.h"

namespace wib::fuzz {

using Ref = std::uint16_t;  // a node's number; 0: none

enum class Kind : Byte {
  none,
  constant,    // bytes from outside; derivable by everybody. Data: the bytes
  atom,        // a secret or a draw: derivable once it is known
  digest,      // a one-way function of its children and constants
  ciphertext,  // children: of the key, then of the plaintext. Data: the plaintext
  power,       // mod p. Children: base, exponents in order
  x25519,      // Children: base, scalars in order
  product,     // P-256: children: base, scalars in order
  point        // P-256: children: products in order. Data: a coefficient for each
};

__extension__ using Wide = unsigned __int128;

// Mixes more into a hash.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t hash, std::uint64_t more) noexcept {
  const auto wide =
      static_cast<Wide>(hash ^ 0x9e3779b97f4a7c15ULL) * (more ^ 0xd1b54a32d192ed03ULL);
  return static_cast<std::uint64_t>(wide) ^ static_cast<std::uint64_t>(wide >> 64U);
}

class Terms {
 public:
  static constexpr std::size_t capacity = 16384;
  static constexpr std::size_t min_size = 6;  // of a value, in bytes

  struct Node {
    std::uint64_t hash = 0;
    std::uint64_t context = 0;  // ciphertext: key, IV or nonce, associated data; power: modulus
    std::uint32_t first = 0;    // of its children
    std::uint32_t data = 0;     // of its bytes
    std::uint16_t children = 0;
    std::uint16_t data_size = 0;
    std::uint16_t size = 0;  // of its value, in bytes
    Ref tag = 0;             // ciphertext: the tag beside it
    std::uint16_t keys = 0;  // ciphertext: how many of its children are the key's
    Kind kind = Kind::none;
  };

  Terms();

  // What is there now stays for every trace.
  void mark() noexcept;
  void reset() noexcept;

  // True when the trace has made so much that it had better end.
  [[nodiscard]] bool full() const noexcept { return nodes_.size() > capacity - 1024; }
  [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }

  [[nodiscard]] const Node& operator[](Ref ref) const noexcept { return nodes_[ref]; }
  [[nodiscard]] std::span<const Ref> children(Ref ref) const noexcept {
    return std::span(children_).subspan(nodes_[ref].first, nodes_[ref].children);
  }
  // Valid until the next node is made.
  [[nodiscard]] ByteView data(Ref ref) const noexcept {
    return ByteView(data_).subspan(nodes_[ref].data, nodes_[ref].data_size);
  }

  // The node of that hash; made if it is new. Not the pools' own views.
  [[nodiscard]] Ref make(Kind kind, std::uint64_t hash, std::size_t size,
                         std::span<const Ref> children, ByteView data = {},
                         std::uint64_t context = 0);
  [[nodiscard]] Ref atom(std::uint64_t name, std::size_t size) {
    return make(Kind::atom, mix(static_cast<std::uint64_t>(Kind::atom), name), size, {});
  }
  [[nodiscard]] Ref constant(ByteView bytes);
  void set_tag(Ref ciphertext, Ref tag) noexcept { nodes_[ciphertext].tag = tag; }
  void set_keys(Ref ciphertext, std::size_t keys) noexcept {
    nodes_[ciphertext].keys = static_cast<std::uint16_t>(keys);
  }

  // --- Values ----------------------------------------------------------------------------------

  // The value of a node, or the front of it.
  static void write(Ref ref, ByteSpan out) noexcept;
  // The node that the bytes are the whole value of, or 0.
  [[nodiscard]] Ref whole(ByteView bytes) const noexcept;

  // Every node that a byte string carries, in order, into `refs` (behind what is there); and a hash
  // of the string that equal strings share.
  std::uint64_t read(ByteView bytes, std::uint64_t hash, std::vector<Ref>& refs) const;

 private:
  // The node that the front of `size` bytes carries (min_size or more), or 0.
  [[nodiscard]] Ref carried(const Byte* bytes, std::size_t size) const noexcept;

  std::vector<Node> nodes_;
  std::vector<Ref> children_;
  std::vector<Byte> data_;
  std::vector<std::uint32_t> slots_;  // of the nodes, in table_
  std::vector<Ref> table_;
  std::size_t marked_nodes_ = 1;
  std::size_t marked_children_ = 0;
  std::size_t marked_data_ = 0;
};

}  // namespace wib::fuzz
