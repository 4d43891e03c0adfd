// SPDX-License-Identifier: Apache-2.0
//
// Terms, as a trace has them.
#include <nlohmann/json.hpp>

#include "attacks/world/term.h"
#include "fuzz/parsers/oracle.h"

namespace wib::fuzz {

const std::string_view invariant =
    "A term that is accepted nests no deeper than it may, has as many arguments as its operation "
    "takes, and is written so that it is the same JSON.";

namespace {

using attacks::Op;
using attacks::TermRef;
using Json = nlohmann::ordered_json;

void expect_term(const TermRef& term, int depth) {
  expect(term != nullptr && depth <= attacks::max_term_depth, "no deeper than it may");
  expect(term->arguments.size() == attacks::arity(term->op), "as many arguments as it takes");
  for (const TermRef& argument : term->arguments) expect_term(argument, depth + 1);
}

bool has_constant(const TermRef& term) {
  if (term->op == Op::hex) return !term->bytes.empty();
  if (term->op == Op::stream || term->op == Op::gated_stream) return false;  // keep their numbers
  return std::ranges::any_of(term->arguments, has_constant);
}

}  // namespace

void one_input(ByteView input) {
  const Json json = Json::parse(as_text(input), nullptr, false);
  if (json.is_discarded()) return;
  const auto term = attacks::term_from_json(json);
  if (!term) {
    expect(term.error().code == Errc::malformed || term.error().code == Errc::out_of_range,
           "out of range if it nests too deep, else malformed");
    expect(!term.error().where.empty(), "an error says what was expected");
    return;
  }
  expect_term(*term, 0);
  expect(attacks::to_json(*term) == json, "written as it was");
  expect(!attacks::to_text(*term).empty(), "a person can read it");
  const TermRef bare = attacks::without_constants(*term);
  expect_term(bare, 0);
  expect(!has_constant(bare), "no constant is left");
  expect(attacks::term_from_json(attacks::to_json(bare)).has_value(), "and it is a term");
}

}  // namespace wib::fuzz
