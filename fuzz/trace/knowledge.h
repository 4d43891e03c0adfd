// SPDX-License-Identifier: Apache-2.0
//
// Knowledge: what a Dolev-Yao attacker has, kept analysed: what was seen is opened with every key
// that can be derived by now.
#pragma once

#include "fuzz/trace/terms.h"

namespace wib::fuzz {

class Knowledge {
 public:
  explicit Knowledge(const Terms& terms) : terms_(terms) {}

  // Forgets everything.
  void begin();

  // The attacker sees these bytes.
  void learn(ByteView bytes);

  // Whether it can make them: of what it has seen, of constants, and by computing.
  [[nodiscard]] bool derivable(ByteView bytes);
  [[nodiscard]] bool derivable(Ref ref);
  // Whether they came to it as they are.
  [[nodiscard]] bool knows(Ref ref) const noexcept {
    return ref < known_.size() && known_[ref] == generation_;
  }
  // Grows with everything that is learnt.
  [[nodiscard]] std::uint32_t version() const noexcept { return version_; }

 private:
  void add(Ref ref);
  void open_pending();
  [[nodiscard]] bool opens(Ref ciphertext);
  [[nodiscard]] bool compute(Ref ref);
  [[nodiscard]] bool derivable_power(Ref ref, std::span<const Ref> elements);
  // All factors of `whole` that are not in `part` are derivable; false if `part` is not in it.
  [[nodiscard]] bool rest_derivable(std::span<const Ref> whole, std::span<const Ref> part);

  const Terms& terms_;
  std::uint32_t generation_ = 0;
  std::uint32_t version_ = 0;
  std::vector<std::uint32_t> known_;      // by node: the generation in which it is known
  std::vector<std::uint32_t> derivable_;  // ... derivable
  std::vector<std::uint32_t> refuted_;    // ... the version in which it was not derivable
  std::vector<Ref> elements_;             // known powers
  std::vector<Ref> products_;             // known points of one summand
  std::vector<Ref> pending_;              // ciphertexts that do not open yet
  std::vector<Ref> seen_;
  std::vector<Ref> asked_;
  std::vector<Ref> work_;
};

}  // namespace wib::fuzz
