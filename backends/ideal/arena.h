// SPDX-License-Identifier: Apache-2.0
//
// Arena: byte strings and how they were made, each once (hash-consing).
//
// A value is a byte string; its id stands for its bytes. An application is an operation with the
// ids of its arguments, and has one value as its result. What an application gives is spread out of
// digests of its arguments' bytes, so it is the same in every arena and whatever came before. A
// result of min_symbol_size bytes or more stands for its application and for no other: if its bytes
// should be another one's already, other bytes are tried. Lookups compare what they found in full,
// so no digest is trusted.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "ideal.h"
#include "mixer.h"

namespace WIB_BACKEND_NAMESPACE {

using wib::Byte;
using wib::ByteSpan;
using wib::ByteView;

using Id = std::uint32_t;

class Arena {
 public:
  // Shorter results cannot all be different.
  static constexpr std::size_t min_symbol_size = 5;
  // Of one application. Whoever makes them grow looks at this, so that one operation past the
  // limits is not much past them.
  static constexpr std::size_t max_arguments = 1024;

  struct Application {
    Op op = Op::none;
    std::uint32_t first = 0;  // of its arguments
    std::uint32_t count = 0;
    Id result = 0;
    Digest digest;
  };

  explicit Arena(const Limits& limits);

  // Forgets everything, keeps the memory.
  void reset() noexcept;

  // True past the limits. They are soft: an operation that has begun goes on.
  [[nodiscard]] bool full() const noexcept {
    return terms() >= limits_.terms || bytes_used() >= limits_.bytes;
  }
  // Byte strings or ways they were made, whichever are more.
  [[nodiscard]] std::size_t terms() const noexcept {
    return std::max(values_.size(), applications_.size() - 1);
  }
  // In byte strings and lists of arguments.
  [[nodiscard]] std::size_t bytes_used() const noexcept {
    return pool_.size() + arguments_.size() * sizeof(Id);
  }

  // The id of these bytes, which must not be the arena's own.
  [[nodiscard]] Id intern(ByteView bytes);
  [[nodiscard]] std::optional<Id> find(ByteView bytes) const noexcept;

  // Valid until the next intern() or apply().
  [[nodiscard]] ByteView bytes(Id id) const noexcept {
    return ByteView(pool_).subspan(values_[id].offset, values_[id].size);
  }
  // An order of values that is the same in every arena.
  [[nodiscard]] bool before(Id a, Id b) const noexcept {
    return values_[a].digest < values_[b].digest ||
           (values_[a].digest == values_[b].digest && a < b);
  }
  // What made the value; null if it came from outside. Valid until the next apply().
  [[nodiscard]] const Application* maker(Id id) const noexcept {
    return values_[id].maker == 0 ? nullptr : &applications_[values_[id].maker];
  }
  // The same, if it is this operation.
  [[nodiscard]] const Application* maker(Id id, Op op) const noexcept {
    const Application* const found = maker(id);
    return found != nullptr && found->op == op ? found : nullptr;
  }
  [[nodiscard]] std::span<const Id> arguments(const Application& application) const noexcept {
    return std::span(arguments_).subspan(application.first, application.count);
  }

  // The result of an application that was made before.
  [[nodiscard]] std::optional<Id> known(Op op, std::span<const Id> arguments) const noexcept {
    return known(op, arguments, digest_of_application(op, arguments));
  }

  // The result of the application, `size` bytes; made if it is new. `shape` brings drafted bytes
  // into the form of the operation's results. `arguments` are not the arena's own.
  template <class Shape>
  [[nodiscard]] Id apply(Op op, std::span<const Id> arguments, std::size_t size, Shape shape) {
    const Digest digest = digest_of_application(op, arguments);
    if (const auto result = known(op, arguments, digest)) return *result;
    for (std::uint64_t attempt = 0;; ++attempt) {
      shape(draft(digest, attempt, size));
      if (const auto result = take_draft(size)) {
        record(op, arguments, digest, *result);
        return *result;
      }
    }
  }
  [[nodiscard]] Id apply(Op op, std::span<const Id> arguments, std::size_t size) {
    return apply(op, arguments, size, [](ByteSpan) {});
  }

  // For a relation that is its own inverse: the partner of `in` under `op` and `context`, of the
  // same size, and `in` is its partner. Never two for one.
  [[nodiscard]] Id partner(Op op, std::span<const Id> context, Id in);

 private:
  struct Value {
    Digest digest;
    std::size_t offset = 0;
    std::size_t size = 0;
    std::uint32_t maker = 0;  // index of an application, 0: none
  };

  // Open addressing; a slot of another generation is free, so forgetting costs nothing.
  class Table {
   public:
    struct Slot {
      std::uint64_t hash = 0;
      std::uint32_t generation = 0;
      std::uint32_t index = 0;
    };
    explicit Table(std::size_t capacity) : slots_(capacity) {}

    void reset() noexcept;
    void insert(std::uint64_t hash, std::uint32_t index);

    // The index under this hash that `same` holds for.
    template <class Same>
    [[nodiscard]] std::optional<std::uint32_t> find(std::uint64_t hash, Same same) const noexcept {
      for (std::size_t at = hash & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
        const Slot& slot = slots_[at];
        if (slot.generation != generation_) return std::nullopt;
        if (slot.hash == hash && same(slot.index)) return slot.index;
      }
    }

   private:
    void place(std::uint64_t hash, std::uint32_t index) noexcept;

    std::vector<Slot> slots_;  // a power of two of them
    std::size_t used_ = 0;
    std::uint32_t generation_ = 1;
  };

  [[nodiscard]] std::optional<Id> find(ByteView bytes, const Digest& digest) const noexcept;
  [[nodiscard]] Digest digest_of_application(Op op, std::span<const Id> arguments) const noexcept;
  [[nodiscard]] std::optional<Id> known(Op op, std::span<const Id> arguments,
                                        const Digest& digest) const noexcept;
  // Bytes at the end of the pool that are nothing yet; and the value that they become, unless they
  // are something else's.
  [[nodiscard]] ByteSpan draft(const Digest& digest, std::uint64_t attempt, std::size_t size);
  [[nodiscard]] std::optional<Id> take_draft(std::size_t size);
  [[nodiscard]] Id add_value(const Digest& digest, std::size_t offset, std::size_t size);
  void record(Op op, std::span<const Id> arguments, const Digest& digest, Id result);

  Limits limits_;  // of 2^31 at most, so that 32 bits count all but bytes
  std::vector<Byte> pool_;
  std::vector<Value> values_;
  std::vector<Application> applications_;
  std::vector<Id> arguments_;
  std::vector<Id> scratch_;
  Table by_bytes_;
  Table by_application_;
};

}  // namespace WIB_BACKEND_NAMESPACE
