// SPDX-License-Identifier: Apache-2.0
#include "fuzz/trace/knowledge.h"

#include <algorithm>
#include <cstring>

namespace wib::fuzz {

void Knowledge::begin() {
  ++generation_;
  ++version_;
  known_.resize(Terms::capacity);
  derivable_.resize(Terms::capacity);
  refuted_.resize(Terms::capacity);
  elements_.clear();
  products_.clear();
  pending_.clear();
}

void Knowledge::learn(ByteView bytes) {
  seen_.clear();
  (void)terms_.read(bytes, 0, seen_);
  bool news = false;
  for (const Ref ref : seen_) {
    if (knows(ref)) continue;
    add(ref);
    news = true;
  }
  if (news) open_pending();
}

void Knowledge::add(Ref ref) {
  work_.assign(1, ref);
  while (!work_.empty()) {
    const Ref next = work_.back();
    work_.pop_back();
    if (knows(next)) continue;
    known_[next] = generation_;
    ++version_;
    switch (terms_[next].kind) {
      case Kind::power:
      case Kind::x25519: elements_.push_back(next); break;
      case Kind::point: {
        // What is known of a sum is known without its known summands.
        Ref left = 0;
        std::size_t unknown = 0;
        for (const Ref product : terms_.children(next)) {
          if (derivable(product)) continue;
          left = product;
          ++unknown;
        }
        if (unknown == 1) {
          products_.push_back(left);
          ++version_;
        }
        break;
      }
      case Kind::ciphertext:
        if (opens(next)) {
          const auto inside = terms_.children(next).subspan(terms_[next].keys);
          work_.insert(work_.end(), inside.begin(), inside.end());
        } else {
          pending_.push_back(next);
        }
        break;
      default: break;
    }
  }
}

void Knowledge::open_pending() {
  for (std::size_t i = 0; i < pending_.size();) {
    const Ref ciphertext = pending_[i];
    if (!opens(ciphertext)) {
      ++i;
      continue;
    }
    pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(i));
    for (const Ref inside : terms_.children(ciphertext).subspan(terms_[ciphertext].keys)) {
      add(inside);
    }
    i = 0;  // what was inside may open others
  }
}

bool Knowledge::opens(Ref ciphertext) {
  const auto key = terms_.children(ciphertext).first(terms_[ciphertext].keys);
  return std::ranges::all_of(key, [this](Ref ref) { return derivable(ref); });
}

bool Knowledge::derivable(ByteView bytes) {
  if (const Ref ref = terms_.whole(bytes); ref != 0) return derivable(ref);
  asked_.clear();
  (void)terms_.read(bytes, 0, asked_);
  return std::ranges::all_of(asked_, [this](Ref ref) { return derivable(ref); });
}

bool Knowledge::derivable(Ref ref) {
  if (known_[ref] == generation_ || derivable_[ref] == generation_) return true;
  if (refuted_[ref] == version_) return false;
  const bool can = compute(ref);
  if (can) {
    derivable_[ref] = generation_;
  } else {
    refuted_[ref] = version_;
  }
  return can;
}

bool Knowledge::compute(Ref ref) {
  const auto children = terms_.children(ref);
  const auto all = [this](std::span<const Ref> refs) {
    return std::ranges::all_of(refs, [this](Ref child) { return derivable(child); });
  };
  switch (terms_[ref].kind) {
    case Kind::constant: return true;
    case Kind::digest:
    case Kind::ciphertext:
    case Kind::point: return all(children);
    case Kind::power:
    case Kind::x25519: return derivable_power(ref, elements_);
    case Kind::product: return derivable_power(ref, products_);
    case Kind::atom:
    case Kind::none: return false;
  }
  return false;
}

bool Knowledge::derivable_power(Ref ref, std::span<const Ref> elements) {
  const auto whole = terms_.children(ref);
  if (derivable(whole[0]) && rest_derivable(whole.subspan(1), {})) return true;
  return std::ranges::any_of(elements, [&](Ref known) {
    const auto part = terms_.children(known);
    return part[0] == whole[0] && terms_[known].context == terms_[ref].context &&
           rest_derivable(whole.subspan(1), part.subspan(1));
  });
}

bool Knowledge::rest_derivable(std::span<const Ref> whole, std::span<const Ref> part) {
  std::size_t used = 0;
  for (const Ref factor : whole) {
    if (used < part.size() && part[used] == factor) {
      ++used;
    } else if (!derivable(factor)) {
      return false;
    }
  }
  return used == part.size();
}

}  // namespace wib::fuzz
