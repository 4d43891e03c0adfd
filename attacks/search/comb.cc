// SPDX-License-Identifier: Apache-2.0
#include "attacks/search/comb.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <limits>
#include <new>
#include <thread>
#include <type_traits>

#include "attacks/search/lanes_avx2.h"

namespace wib::attacks {
namespace {

constexpr std::size_t max_width = 16;
// A cache line, so that an entry touches no more of them than it must.
constexpr std::align_val_t table_alignment{64};

struct TableDelete {
  void operator()(EntryWord* table) const noexcept { ::operator delete[](table, table_alignment); }
};
// Not a vector: a hundred megabytes need not be zeroed before they are filled.
using Table = std::unique_ptr<EntryWord[], TableDelete>;

Table make_table(std::size_t words) {
  return Table(
      static_cast<EntryWord*>(::operator new[](words * sizeof(EntryWord), table_alignment)));
}

// `width` bits (1 to 16) of a big-endian number of `size` bytes, from bit `shift` up.
std::size_t window_at(const Byte* bytes, std::size_t size, std::size_t shift,
                      std::size_t width) noexcept {
  std::uint32_t bits = 0;
  const std::size_t low = shift / 8;
  for (std::size_t i = 0; i < 3 && low + i < size; ++i) {
    bits |= std::uint32_t{bytes[size - 1 - low - i]} << (8 * i);
  }
  return bits >> (shift % 8) & ((1U << width) - 1);
}

template <LaneField Field>
class CombOf final : public Comb {
 public:
  CombOf(const Montgomery& group, const Montgomery::Number& base, const CombShape& shape,
         unsigned threads)
      : field_(group), size_(shape.exponent_bits / 8), words_(field_.entry_words()) {
    std::size_t shift = 0;
    std::size_t entry = 0;
    for (std::size_t i = 0; i < shape.windows; ++i) {
      windows_.push_back({shift, shape.width(i), entry});
      shift += shape.width(i);
      entry += std::size_t{1} << shape.width(i);
    }
    entries_ = entry;
    table_ = make_table(entries_ * words_);
    build(group, base, threads);
  }

  Target target(const Montgomery::Number& x) const override {
    Target result(words_);
    field_.enter(result.data(), x);
    return result;
  }

  unsigned may_match(const Exponents& exponents, const Target& target) const noexcept override {
    typename Field::State state;
    raise(state, exponents);
    const EntryWord* const t = target.data();
    return field_.may_equal(state, {t, t, t, t});
  }

  Powers power(const Exponents& exponents) const override {
    typename Field::State state;
    raise(state, exponents);
    std::array<Target, lane_count> entries;
    LaneOutputs out;
    for (std::size_t l = 0; l < lane_count; ++l) {
      entries[l].resize(words_);
      out[l] = entries[l].data();
    }
    field_.store(out, state);
    Powers powers;
    for (std::size_t l = 0; l < lane_count; ++l) powers[l] = field_.leave(out[l]);
    return powers;
  }

  std::size_t table_bytes() const noexcept override {
    return entries_ * words_ * sizeof(EntryWord);
  }

 private:
  struct Window {
    std::size_t shift;
    std::size_t width;
    std::size_t first;  // its entry for zero; the others follow
  };

  EntryWord* entry(std::size_t index) const noexcept { return table_.get() + index * words_; }

  LaneEntries entries_of(const Window& window, const Exponents& exponents) const noexcept {
    LaneEntries result;
    for (std::size_t l = 0; l < lane_count; ++l) {
      result[l] = entry(window.first + window_at(exponents[l], size_, window.shift, window.width));
    }
    return result;
  }

  // The table is larger than the caches, but where the next entries lie is known a whole product
  // ahead.
  void prefetch(const LaneEntries& entries) const noexcept {
    for (const EntryWord* const words : entries) {
      for (std::size_t i = 0; i < words_; i += 64 / sizeof(EntryWord)) {
        __builtin_prefetch(words + i);
      }
      __builtin_prefetch(words + words_ - 1);
    }
  }

  void raise(typename Field::State& state, const Exponents& exponents) const noexcept {
    LaneEntries next = entries_of(windows_[0], exponents);
    for (std::size_t i = 0; i < windows_.size(); ++i) {
      const LaneEntries current = next;
      if (i + 1 < windows_.size()) {
        next = entries_of(windows_[i + 1], exponents);
        prefetch(next);
      }
      if (i == 0) {
        field_.load(state, current);
      } else {
        field_.multiply(state, current);
      }
    }
  }

  // Fills four windows: entry v is the v-th power of the window's step, each the one before times
  // the step. Lanes that have no window, or whose window is narrower, write to a spare entry.
  void build_windows(std::size_t first, const LaneEntries& steps, const EntryWord* one) const {
    Target spare(words_);
    std::size_t count = 0;
    for (std::size_t l = 0; l < lane_count && first + l < windows_.size(); ++l) {
      count = std::max(count, std::size_t{1} << windows_[first + l].width);
    }
    typename Field::State state;
    field_.load(state, {one, one, one, one});
    for (std::size_t v = 0; v < count; ++v) {
      if (v != 0) field_.multiply(state, steps);
      LaneOutputs out;
      for (std::size_t l = 0; l < lane_count; ++l) {
        const bool wanted = first + l < windows_.size() && v >> windows_[first + l].width == 0;
        out[l] = wanted ? entry(windows_[first + l].first + v) : spare.data();
      }
      field_.store(out, state);
    }
  }

  void build(const Montgomery& group, const Montgomery::Number& base, unsigned threads) {
    Target one(words_);
    Montgomery::Number number(group.limbs(), 0);
    number[0] = 1;
    field_.enter(one.data(), number);

    // Step i is base^(2^shift); the steps are few, so the exact arithmetic makes them.
    std::vector<Target> steps((windows_.size() + lane_count - 1) / lane_count * lane_count, one);
    number = group.enter(base);
    for (std::size_t i = 0; i < windows_.size(); ++i) {
      field_.enter(steps[i].data(), group.leave(number));
      for (std::size_t bit = 0; bit < windows_[i].width; ++bit) {
        group.multiply(number.data(), number.data(), number.data());
      }
    }

    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      for (;;) {
        const std::size_t i = lane_count * next.fetch_add(1);
        if (i >= windows_.size()) return;
        build_windows(
            i, {steps[i].data(), steps[i + 1].data(), steps[i + 2].data(), steps[i + 3].data()},
            one.data());
      }
    };
    const std::size_t groups = steps.size() / lane_count;
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < threads && i < groups; ++i) helpers.emplace_back(work);
    work();
  }

  Field field_;
  std::size_t size_;   // of an exponent, in bytes
  std::size_t words_;  // of an entry
  std::vector<Window> windows_;
  std::size_t entries_ = 0;
  Table table_;
};

// Calls `f` with the tag of the field to use.
template <class F>
auto with_field([[maybe_unused]] LaneKind kind, const F& f) {
#if defined(__x86_64__)
  if (kind != LaneKind::portable && Avx2Lanes::available()) {
    return f(std::type_identity<Avx2Lanes>());
  }
#endif
  return f(std::type_identity<PortableLanes>());
}

}  // namespace

bool available(LaneKind kind) noexcept {
#if defined(__x86_64__)
  return kind != LaneKind::avx2 || Avx2Lanes::available();
#else
  return kind != LaneKind::avx2;
#endif
}

std::uint64_t CombShape::entries() const noexcept {
  const std::uint64_t narrow = std::uint64_t{1} << (exponent_bits / windows);
  return narrow * (windows + exponent_bits % windows);
}

CombShape CombShape::choose(std::size_t exponent_bits, std::uint64_t candidates,
                            std::uint64_t max_entries) noexcept {
  CombShape best{exponent_bits, exponent_bits};
  double least = std::numeric_limits<double>::max();
  for (std::size_t windows = (exponent_bits + max_width - 1) / max_width; windows <= exponent_bits;
       ++windows) {
    const CombShape shape{exponent_bits, windows};
    if (shape.entries() > max_entries) continue;
    const double products = static_cast<double>(shape.entries()) +
                            static_cast<double>(candidates) * static_cast<double>(windows - 1);
    if (products < least) {
      least = products;
      best = shape;
    }
  }
  return best;
}

std::size_t Comb::entry_bytes(const Montgomery& group, LaneKind kind) {
  return with_field(kind, [&]<class Field>(std::type_identity<Field>) {
    return Field(group).entry_words() * sizeof(EntryWord);
  });
}

std::unique_ptr<const Comb> Comb::make(const Montgomery& group, const Montgomery::Number& base,
                                       const CombShape& shape, unsigned threads, LaneKind kind) {
  return with_field(kind,
                    [&]<class Field>(std::type_identity<Field>) -> std::unique_ptr<const Comb> {
                      return std::make_unique<CombOf<Field>>(group, base, shape, threads);
                    });
}

}  // namespace wib::attacks
