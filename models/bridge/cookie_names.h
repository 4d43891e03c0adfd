// SPDX-License-Identifier: Apache-2.0
//
// Names of cookies, as the model has them: ck(d, k) by the order of issue, ck(i, n) where they are
// none of the device's, ck(i, 0) for none at all. Where the generator repeats itself at every boot,
// k counts from the boot on. That bytes come again is explained by such a generator, or by one that
// is stuck; by no other.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "attacks/world/entropy.h"
#include "models/outcome.h"
#include "protocol/cookie.h"

namespace wib::models {

class CookieNames {
 public:
  explicit CookieNames(const attacks::EntropyProfile& profile) : profile_(profile) {}

  void restart() {
    if (profile_.kind == attacks::EntropyKind::repeat) next_ = 0;
  }
  // The number of the session, and which other one is no more since its bytes are this one's.
  struct Issued {
    std::size_t number = 0;
    std::optional<std::size_t> gone;
  };
  Outcome<Issued> issue(const Cookie& cookie) {
    Issued issued{.number = next_++, .gone = std::nullopt};
    const auto before = issued_.find(cookie);
    if (profile_.kind == attacks::EntropyKind::repeat) {
      const auto [at, fresh] = repeated_.emplace(issued.number, cookie);
      if (!fresh && at->second != cookie) {
        return std::unexpected("session " + std::to_string(issued.number) +
                               " since boot has another cookie than at the boot before, which the "
                               "model's repeating generator cannot say");
      }
      if (before != issued_.end() && before->second != issued.number) return again(*before);
    } else if (before != issued_.end()) {
      if (!profile_.detectable()) return again(*before);
      issued.gone = before->second;
    }
    issued_[cookie] = issued.number;
    return issued;
  }
  std::string name(const std::optional<Cookie>& cookie) {
    if (!cookie) return "ck(i, 0)";
    if (const auto at = issued_.find(*cookie); at != issued_.end()) {
      return "ck(d, " + std::to_string(at->second) + ")";
    }
    return "ck(i, " + std::to_string(others_.emplace(*cookie, others_.size() + 1).first->second) +
           ")";
  }
  [[nodiscard]] std::size_t others() const { return others_.size(); }

 private:
  std::unexpected<std::string> again(const std::pair<const Cookie, std::size_t>& before) const {
    return std::unexpected("the cookie of ck(d, " + std::to_string(before.second) +
                           ") is issued again, which a generator that is " + profile_.text() +
                           " does not explain");
  }
  attacks::EntropyProfile profile_;
  std::size_t next_ = 0;
  std::map<Cookie, std::size_t> issued_;
  std::map<std::size_t, Cookie> repeated_;
  std::map<Cookie, std::size_t> others_;
};

}  // namespace wib::models
