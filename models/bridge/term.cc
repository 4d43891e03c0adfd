// SPDX-License-Identifier: Apache-2.0
#include "models/bridge/term.h"

#include <array>
#include <cstdlib>

namespace wib::models {
namespace {

// Operators from the one that binds least. Juxtaposition (the empty one) is between & and *.
constexpr std::array<std::string_view, 4> operators = {";", "&", "", "*"};
constexpr std::string_view special = "(),;*&{}| \t";

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Outcome<MaudeTerm> whole() {
    auto term = level(0);
    skip();
    if (term && at_ != text_.size()) return fail("the end");
    return term;
  }

 private:
  Outcome<MaudeTerm> level(std::size_t i) {
    if (i == operators.size()) return atom();
    auto first = level(i + 1);
    if (!first || !next_is(operators[i])) return first;
    MaudeTerm term{std::string(operators[i]), {std::move(*first)}};
    while (next_is(operators[i])) {
      at_ += operators[i].size();
      auto more = level(i + 1);
      if (!more) return more;
      term.arguments.push_back(std::move(*more));
    }
    return term;
  }

  Outcome<MaudeTerm> atom() {
    skip();
    if (at_ < text_.size() && text_[at_] == '(') {
      ++at_;
      auto inner = level(0);
      if (!inner) return inner;
      if (!next_is(")")) return fail("a closing parenthesis");
      ++at_;
      return inner;
    }
    const auto end = std::min(text_.find_first_of(special, at_), text_.size());
    if (end == at_) return fail("a term");
    MaudeTerm term{std::string(text_.substr(at_, end - at_)), {}};
    at_ = end;
    if (at_ == text_.size() || text_[at_] != '(') return term;
    do {
      ++at_;
      auto argument = level(0);
      if (!argument) return argument;
      term.arguments.push_back(std::move(*argument));
    } while (next_is(","));
    if (!next_is(")")) return fail("a closing parenthesis");
    ++at_;
    return term;
  }

  bool next_is(std::string_view operation) {
    skip();
    if (at_ == text_.size()) return false;
    if (operation.empty()) return special.find(text_[at_]) == std::string_view::npos;
    return text_.substr(at_, operation.size()) == operation;
  }

  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }

  [[nodiscard]] std::unexpected<std::string> fail(std::string_view expected) const {
    return std::unexpected("a Maude term: expected " + std::string(expected) + " at \"" +
                           std::string(text_.substr(at_, 40)) + "\"");
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

unsigned MaudeTerm::number() const {
  char* end = nullptr;
  const unsigned long value = std::strtoul(head.c_str(), &end, 10);
  if (head.empty() || *end != '\0' || !arguments.empty()) std::abort();
  return static_cast<unsigned>(value);
}

std::vector<const MaudeTerm*> MaudeTerm::members(std::string_view operation) const {
  std::vector<const MaudeTerm*> found;
  if (head != operation || arguments.empty()) return {this};
  for (const MaudeTerm& member : arguments) found.push_back(&member);
  return found;
}

std::string MaudeTerm::text() const {
  const bool infix = head == ";" || head == "*" || head == "&" || head.empty();
  std::string text = infix ? "" : head;
  if (arguments.empty()) return text;
  if (!infix) text += "(";
  std::string_view before;
  for (const MaudeTerm& argument : arguments) {
    text += std::string(before) + argument.text();
    before = infix ? (head == ";" ? " ; " : head == "*" ? " * " : head == "&" ? " & " : " ") : ", ";
  }
  return infix ? text : text + ")";
}

Outcome<MaudeTerm> parse_term(std::string_view text) { return Parser(text).whole(); }

}  // namespace wib::models
