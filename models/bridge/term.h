// SPDX-License-Identifier: Apache-2.0
//
// Maude's terms, read back: f(a, b), sets a ; b, products x * y, juxtaposed collections.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/outcome.h"

namespace wib::models {

struct MaudeTerm {
  std::string head;  // a constructor, a number, 'a-label; ";", "*", "&", and "" for juxtaposition
  std::vector<MaudeTerm> arguments;

  [[nodiscard]] bool is(std::string_view name, std::size_t arity) const {
    return head == name && arguments.size() == arity;
  }
  [[nodiscard]] const MaudeTerm& operator[](std::size_t i) const { return arguments[i]; }
  // The number that it is; ends the program if it is none.
  [[nodiscard]] unsigned number() const;
  // Members of a collection with that operator; a term of another kind is its own only member.
  [[nodiscard]] std::vector<const MaudeTerm*> members(std::string_view operation) const;
  // As Maude writes it.
  [[nodiscard]] std::string text() const;

  friend bool operator==(const MaudeTerm&, const MaudeTerm&) = default;
};

// An error names what was expected and where.
[[nodiscard]] Outcome<MaudeTerm> parse_term(std::string_view text);

}  // namespace wib::models
