// SPDX-License-Identifier: Apache-2.0
//
// Four independent Montgomery products at once, and the form in which their operands lie in a
// table. Two implementations with the same members (the compiler checks: LaneField):
//
//   PortableLanes  four products of montgomery.h one after the other;
//   Avx2Lanes      one lane of a vector each.
//
// Entries are opaque words: entry_words() of them hold one residue in the field's own Montgomery
// form. State is four residues in work.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include "attacks/search/montgomery.h"

namespace wib::attacks {

inline constexpr std::size_t lane_count = 4;

using EntryWord = std::uint64_t;
using LaneEntries = std::array<const EntryWord*, lane_count>;
using LaneOutputs = std::array<EntryWord*, lane_count>;

template <class F>
concept LaneField =
    requires(const F field, typename F::State& state, const Montgomery::Number& x, EntryWord* out,
             const LaneEntries& entries, const LaneOutputs& outputs) {
      { F::available() } -> std::same_as<bool>;
      { field.entry_words() } -> std::same_as<std::size_t>;
      // Writes the residue `x` (ordinary form) as an entry; and back.
      field.enter(out, x);
      { field.leave(entries[0]) } -> std::same_as<Montgomery::Number>;
      // Lane by lane: state = entry; state = state * entry; entry = state.
      field.load(state, entries);
      field.multiply(state, entries);
      field.store(outputs, state);
      // Bit l is set if lane l holds the residue of entries[l], and rarely if it does not: 1 in
      // 2^27
      // for residues at random below a large modulus.
      { field.may_equal(state, entries) } -> std::same_as<unsigned>;
    };

class PortableLanes {
 public:
  struct State {
    std::array<std::array<Montgomery::Limb, Montgomery::max_limbs>, lane_count> lane;
  };

  explicit PortableLanes(const Montgomery& group) : group_(group) {}

  [[nodiscard]] static bool available() noexcept { return true; }
  [[nodiscard]] std::size_t entry_words() const noexcept { return group_.limbs(); }
  void enter(EntryWord* out, const Montgomery::Number& x) const;
  [[nodiscard]] Montgomery::Number leave(const EntryWord* entry) const;
  void load(State& state, const LaneEntries& entries) const noexcept;
  void multiply(State& state, const LaneEntries& factors) const noexcept;
  void store(const LaneOutputs& out, const State& state) const noexcept;
  [[nodiscard]] unsigned may_equal(const State& state, const LaneEntries& entries) const noexcept;

 private:
  Montgomery group_;
};

static_assert(LaneField<PortableLanes>);

}  // namespace wib::attacks
