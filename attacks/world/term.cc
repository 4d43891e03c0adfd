// SPDX-License-Identifier: Apache-2.0
#include "attacks/world/term.h"

#include <nlohmann/json.hpp>

namespace wib::attacks {
namespace {

using json = nlohmann::ordered_json;

struct OpName {
  Op op;
  std::string_view name;
  std::size_t arity;
};

// Leaves first; their arity is not that of a function.
constexpr auto ops = std::to_array<OpName>({
    {Op::wire, "wire", 0},
    {Op::initial, "initial", 0},
    {Op::random, "random", 0},
    {Op::hex, "hex", 0},
    {Op::concat, "concat", 2},
    {Op::sha256, "sha256", 1},
    {Op::mod_exp, "mod_exp", 3},
    {Op::dh_public, "dh_public", 2},
    {Op::dh_shared, "dh_shared", 3},
    {Op::transcript, "transcript", 1},
    {Op::absorb, "absorb", 2},
    {Op::derive_keys, "derive_keys", 2},
    {Op::unseal, "unseal", 6},
    {Op::seal_ciphertext, "seal_ciphertext", 5},
    {Op::seal_tag, "seal_tag", 5},
    {Op::bundle, "bundle", 2},
    {Op::bundle_certificate, "bundle_certificate", 1},
    {Op::bundle_key, "bundle_key", 1},
    {Op::stream, "stream", 3},
    {Op::gated_stream, "gated_stream", 3},
    {Op::stuck_at, "stuck_at", 1},
    {Op::label_code, "label_code", 1},
    {Op::pake_register, "pake_register", 4},
    {Op::pake_context, "pake_context", 3},
    {Op::pake_share_p, "pake_share_p", 2},
    {Op::pake_share_v, "pake_share_v", 2},
    {Op::pake_prover, "pake_prover", 6},
    {Op::pake_verifier, "pake_verifier", 6},
    {Op::pake_shared, "pake_shared", 1},
    {Op::pake_confirm_p, "pake_confirm_p", 1},
    {Op::pake_confirm_v, "pake_confirm_v", 1},
});

// In the order of the enumeration: entry() counts on it.
consteval bool in_order() {
  for (std::size_t i = 0; i < ops.size(); ++i) {
    if (ops[i].op != static_cast<Op>(i)) return false;
  }
  return ops.size() == static_cast<std::size_t>(Op::pake_confirm_v) + 1;
}
static_assert(in_order());

const OpName& entry(Op op) { return ops[static_cast<std::size_t>(op)]; }

}  // namespace

std::size_t arity(Op op) noexcept { return entry(op).arity; }

namespace term {

TermRef wire(std::size_t message, std::string field) {
  return std::make_shared<Term>(Term{
      .op = Op::wire, .number = static_cast<std::uint32_t>(message), .name = std::move(field)});
}
TermRef initial(std::string name) {
  return std::make_shared<Term>(Term{.op = Op::initial, .name = std::move(name)});
}
TermRef random(std::uint32_t number, std::uint32_t size) {
  return std::make_shared<Term>(Term{.op = Op::random, .number = number, .size = size});
}
TermRef hex(ByteView bytes) {
  return std::make_shared<Term>(Term{.op = Op::hex, .bytes = {bytes.begin(), bytes.end()}});
}
TermRef number(std::uint32_t value) {
  const std::array<Byte, 4> bytes = {static_cast<Byte>(value >> 24U),
                                     static_cast<Byte>(value >> 16U),
                                     static_cast<Byte>(value >> 8U), static_cast<Byte>(value)};
  return hex(bytes);
}
TermRef place(Place place) {
  const std::array<Byte, 1> byte = {static_cast<Byte>(place)};
  return hex(byte);
}
TermRef apply(Op op, std::vector<TermRef> arguments) {
  return std::make_shared<Term>(Term{.op = op, .arguments = std::move(arguments)});
}

}  // namespace term

json to_json(const TermRef& term) {
  json out = json::array({std::string(entry(term->op).name)});
  switch (term->op) {
    case Op::wire:
      out.push_back(term->number);
      out.push_back(term->name);
      break;
    case Op::initial: out.push_back(term->name); break;
    case Op::random:
      out.push_back(term->number);
      out.push_back(term->size);
      break;
    case Op::hex: out.push_back(to_hex(term->bytes)); break;
    default:
      for (const TermRef& argument : term->arguments) out.push_back(to_json(argument));
  }
  return out;
}

namespace {

Result<TermRef> parse_term(const json& in, int depth) {
  if (depth > max_term_depth) return fail(Errc::out_of_range, "term: nested too deep");
  if (!in.is_array() || in.empty() || !in[0].is_string()) {
    return fail(Errc::malformed, "term: an array that begins with a name");
  }
  const auto name = in[0].get<std::string>();
  const auto* found = std::ranges::find(ops, name, &OpName::name);
  if (found == ops.end()) return fail(Errc::malformed, "term: unknown name");
  const auto unsigned_at = [&](std::size_t i) {
    return in[i].is_number_unsigned() && in[i].get<std::uint64_t>() <= 0xffff'ffffU;
  };
  switch (found->op) {
    case Op::wire:
      if (in.size() != 3 || !unsigned_at(1) || !in[2].is_string()) {
        return fail(Errc::malformed, "term: [\"wire\", message, field]");
      }
      return term::wire(in[1].get<std::uint32_t>(), in[2].get<std::string>());
    case Op::initial:
      if (in.size() != 2 || !in[1].is_string()) {
        return fail(Errc::malformed, "term: [\"initial\", name]");
      }
      return term::initial(in[1].get<std::string>());
    case Op::random:
      if (in.size() != 3 || !unsigned_at(1) || !unsigned_at(2) ||
          in[2].get<std::uint32_t>() > 4096) {
        return fail(Errc::malformed, "term: [\"random\", draw, size]");
      }
      return term::random(in[1].get<std::uint32_t>(), in[2].get<std::uint32_t>());
    case Op::hex: {
      if (in.size() != 2 || !in[1].is_string())
        return fail(Errc::malformed, "term: [\"hex\", digits]");
      const auto bytes = from_hex(in[1].get<std::string>());
      if (!bytes) return std::unexpected(bytes.error());
      return term::hex(*bytes);
    }
    default: break;
  }
  if (in.size() != found->arity + 1) return fail(Errc::malformed, "term: number of arguments");
  std::vector<TermRef> arguments;
  for (std::size_t i = 1; i < in.size(); ++i) {
    auto argument = parse_term(in[i], depth + 1);
    if (!argument) return argument;
    arguments.push_back(std::move(*argument));
  }
  return term::apply(found->op, std::move(arguments));
}

}  // namespace

Result<TermRef> term_from_json(const json& in) { return parse_term(in, 0); }

TermRef without_constants(const TermRef& term) {
  if (term->op == Op::hex) return term::hex({});
  if (term->arguments.empty()) return term;
  std::vector<TermRef> arguments;
  for (const TermRef& argument : term->arguments) {
    const bool number = (term->op == Op::stream || term->op == Op::gated_stream) &&
                        !arguments.empty() && argument->op == Op::hex;
    arguments.push_back(number ? argument : without_constants(argument));
  }
  return term::apply(term->op, std::move(arguments));
}

std::string to_text(const TermRef& term) {
  switch (term->op) {
    case Op::wire: return "wire " + std::to_string(term->number) + "." + term->name;
    case Op::initial: return "known " + term->name;
    case Op::random: return "random " + std::to_string(term->number);
    case Op::hex: return "0x" + to_hex(term->bytes);
    default: break;
  }
  std::string text(entry(term->op).name);
  text += "(";
  for (std::size_t i = 0; i < term->arguments.size(); ++i) {
    if (i != 0) text += ", ";
    text += to_text(term->arguments[i]);
  }
  return text + ")";
}

std::string to_hex(ByteView bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const Byte byte : bytes) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

Result<ByteVector> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return fail(Errc::malformed, "hex: odd number of digits");
  const auto value = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
  };
  ByteVector bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = value(text[i]);
    const int low = value(text[i + 1]);
    if (high < 0 || low < 0) {
      return fail(Errc::malformed, "hex: not a lower-case digit", static_cast<std::uint32_t>(i));
    }
    bytes.push_back(static_cast<Byte>(high * 16 + low));
  }
  return bytes;
}

}  // namespace wib::attacks
