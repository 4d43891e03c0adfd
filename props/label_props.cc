// SPDX-License-Identifier: Apache-2.0
//
// Covers: the setup code as it is typed and printed, and the label that carries it (payload and QR
// code).
#include "attacks/live/label.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <qrencode.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "props/support/more_cases.h"

namespace {

// What was given back to libqrencode: how often, and how often with a module still in it.
int freed = 0;
int freed_unwiped = 0;

}  // namespace

// In the place of libqrencode's.
extern "C" void QRcode_free(QRcode* qr) {
  ++freed;
  const auto size = static_cast<std::size_t>(qr->width) * static_cast<std::size_t>(qr->width);
  if (std::any_of(qr->data, qr->data + size, [](unsigned char c) { return c != 0; })) {
    ++freed_unwiped;
  }
  static const auto real = reinterpret_cast<void (*)(QRcode*)>(::dlsym(RTLD_NEXT, "QRcode_free"));
  real(qr);
}

namespace wib::props {
namespace {

[[maybe_unused]] const bool enough = more_cases(500);

using namespace attacks;  // NOLINT: the whole test is about it

const std::string digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const std::string check_symbols = digits + "*~$=U";

// 10 characters and the check character. Computed by Python's own integers, with the alphabet moved
// to that of int(): check = symbols[int(code.translate(to_0_9_a_v), 32) % 37].
const std::vector<std::string> known_codes = {
    "00000000000", "00000000011", "ZZZZZZZZZZX", "0123456789P", "ABCDEFGHJKQ",
    "MNPQRSTVWXR", "1000000000Z", "7ZQ3K9WX4MA", "JFZ86M2T4R*", "AADHNGQNN7~",
    "HFH7BPJ4AA$", "BB5G2451W0=", "HR17NP87G9U",
};

std::string text_of(const SetupCode& code) { return std::string(as_text(code.view())); }

std::string text_of(const Result<SetupCode>& code) {
  return code ? text_of(*code) : "refused: " + std::string(code.error().where);
}

SetupCode code_of(std::string_view characters) {
  SetupCode code;
  if (!code.characters.assign(as_bytes(characters))) ADD_FAILURE() << characters;
  return code;
}

std::string written(const SetupCode& code) {
  std::array<char, setup_code_text_size> out{};
  const auto text = write_setup_code(code, out);
  return text ? std::string(*text) : "refused: " + std::string(text.error().where);
}

std::string hyphenated(std::string_view code_and_check) {
  std::string text(code_and_check);
  text.insert(10, "-");
  text.insert(5, "-");
  return text;
}

rc::Gen<std::string> codes() {
  return rc::gen::container<std::string>(setup_code_size, rc::gen::elementOf(digits));
}

std::string with_check(const std::string& code) {
  std::string text = written(code_of(code));
  std::erase(text, '-');
  return text;
}

// One code, typed by somebody.
rc::Gen<std::string> typed(const std::string& code_and_check) {
  return rc::gen::exec([code_and_check] {
    const std::vector<std::string> separators = {"", "", "", "-", " ", "--", " - ", "- -"};
    std::string text;
    for (std::size_t i = 0; i < code_and_check.size(); ++i) {
      char c = code_and_check[i];
      if (i < setup_code_size && c == '0') c = *rc::gen::element('0', 'O');
      if (i < setup_code_size && c == '1') c = *rc::gen::element('1', 'I', 'L');
      if (c >= 'A' && c <= 'Z' && *rc::gen::arbitrary<bool>()) c = static_cast<char>(c - 'A' + 'a');
      if (i > 0) text += *rc::gen::elementOf(separators);
      text += c;
    }
    return text;
  });
}

TEST(SetupCode, KnownAnswers) {
  for (const std::string& known : known_codes) {
    EXPECT_EQ(text_of(parse_setup_code(known)), known.substr(0, 10));
    EXPECT_EQ(written(code_of(known.substr(0, 10))), hyphenated(known));
  }
}

TEST(SetupCode, AliasesAndSeparators) {
  // 0011011010 has the check character 7.
  for (const std::string text : {"00110110107", "00110 110107", "OoIiOlLoI07", "oOlL0IioLo7",
                                 "00110-11010-7", "00110 11010 7", "0-0-1-1-0-1-1-0-1-0-7",
                                 "0 0 1 1 0 1 1 0 1 0 7", "00110--11010---7", "00110 - 11010 -7"}) {
    EXPECT_EQ(text_of(parse_setup_code(text)), "0011011010") << text;
  }
}

RC_GTEST_PROP(SetupCode, ReadsBackAsTyped, ()) {
  const std::string code = *codes();
  const std::string text = written(code_of(code));
  RC_ASSERT(text == hyphenated(with_check(code)));
  RC_ASSERT(text_of(parse_setup_code(text)) == code);
  const std::string typing = *typed(with_check(code));
  RC_ASSERT(text_of(parse_setup_code(typing)) == code);
}

// `wrong` is one that the check character has to catch: at its place, with nothing found before it.
void expect_caught(const std::string& wrong) {
  const auto parsed = parse_setup_code(wrong);
  ASSERT_FALSE(parsed) << wrong;
  EXPECT_EQ(parsed.error(), (Error{Errc::malformed, "setup code: check character", 10})) << wrong;
}

void expect_substitutions_caught(const std::string& code) {
  for (std::size_t at = 0; at < code.size(); ++at) {
    for (const char c : at < setup_code_size ? digits : check_symbols) {
      std::string wrong = code;
      wrong[at] = c;
      if (c != code[at]) expect_caught(wrong);
    }
  }
}

void expect_swaps_caught(const std::string& code) {
  for (std::size_t at = 0; at + 1 < code.size(); ++at) {
    std::string wrong = code;
    std::swap(wrong[at], wrong[at + 1]);
    if (wrong == code) continue;
    if (digits.find(wrong[setup_code_size - 1]) == std::string::npos) {
      // A symbol for the check alone, where a digit has to be.
      const auto parsed = parse_setup_code(wrong);
      ASSERT_FALSE(parsed) << wrong;
      EXPECT_EQ(parsed.error(), (Error{Errc::malformed, "setup code: character", 9})) << wrong;
    } else {
      expect_caught(wrong);
    }
  }
}

TEST(SetupCode, CheckCatchesEverySubstitution) {
  for (const std::string& known : known_codes) expect_substitutions_caught(known);
}

TEST(SetupCode, CheckCatchesEverySwap) {
  for (const std::string& known : known_codes) expect_swaps_caught(known);
}

RC_GTEST_PROP(SetupCode, CheckCatchesAnyCodes, ()) {
  const std::string code = with_check(*codes());
  expect_substitutions_caught(code);
  expect_swaps_caught(code);
  RC_ASSERT_FALSE(testing::Test::HasFailure());
}

TEST(SetupCode, Refuses) {
  struct Case {
    std::string text;
    Errc code;
    std::string_view where;
    std::uint32_t offset;
  };
  const auto character = [](std::string text, std::uint32_t offset) {
    return Case{std::move(text), Errc::malformed, "setup code: character", offset};
  };
  const auto length = [](std::string text, std::uint32_t offset) {
    return Case{std::move(text), Errc::out_of_range, "setup code: length", offset};
  };
  const std::vector<Case> table = {
      length("", 0),
      length("0", 1),
      length("0123456789", 10),
      length("01234-56789", 11),
      length("01234-56789-", 12),
      length("01234-", 6),
      length("0123456789PP", 11),
      length("01234-56789-P0", 13),
      length("0123456789P0 ", 11),
      length("0123456789PU!", 11),
      // Before the first character, behind the last, and two spaces.
      character("-0123456789P", 0),
      character(" 0123456789P", 0),
      character("-", 0),
      character(" ", 0),
      character("0123456789P-", 11),
      character("0123456789P ", 11),
      character("01234-56789-P-0", 13),
      character("01234  56789P", 6),
      character("01234 -  56789P", 8),
      // No symbols, or no digits.
      character("U123456789P", 0),
      character("u123456789P", 0),
      character("012345678UP", 9),
      character("012345678*P", 9),
      character("~123456789P", 0),
      character("0$23456789P", 1),
      character("01=3456789P", 2),
      character("01234_56789P", 5),
      character("01234\t56789P", 5),
      character("01234\n56789P", 5),
      character("0123456789P\n", 11),
      character("0123456789!", 10),
      character("0123456789P!", 11),
      character(std::string("0\0", 2), 1),
      character("01234\xc3\xbc", 5),
      character("\xff", 0),
      // The check character has no aliases.
      character("0000000000O", 10),
      character("0000000001I", 10),
      character("0000000001l", 10),
      {"0123456789Q", Errc::malformed, "setup code: check character", 10},
      {"0123456789U", Errc::malformed, "setup code: check character", 10},
      {"01234-56789-=", Errc::malformed, "setup code: check character", 12},
      {"0 1 2 3 4 5 6 7 8 9 Q", Errc::malformed, "setup code: check character", 20},
  };
  for (const auto& [text, code, where, offset] : table) {
    const auto parsed = parse_setup_code(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(name(parsed.error().code), name(code)) << text;
    EXPECT_EQ(parsed.error().where, where) << text;
    EXPECT_EQ(parsed.error().offset, offset) << text;
  }
}

TEST(SetupCode, WriterNeedsRoom) {
  std::array<char, 20> out{};
  for (std::size_t room = 0; room < out.size(); ++room) {
    const auto text = write_setup_code(code_of("0123456789"), std::span(out).first(room));
    ASSERT_EQ(text.has_value(), room >= setup_code_text_size) << room;
    if (!text) {
      EXPECT_EQ(text.error().code, Errc::capacity) << room;
    }
  }
}

TEST(SetupCode, WriterRefusesWhatIsNoCode) {
  std::array<char, setup_code_text_size> out{};
  const auto error_of = [&](std::string_view characters) {
    const auto text = write_setup_code(code_of(characters), out);
    return text ? Error{} : text.error();
  };
  EXPECT_EQ(error_of(""), (Error{Errc::out_of_range, "setup code: length", 0}));
  EXPECT_EQ(error_of("012345678"), (Error{Errc::out_of_range, "setup code: length", 9}));
  for (const std::string text : {"012a456789", "012O456789", "012U456789", "012-456789"}) {
    EXPECT_EQ(error_of(text), (Error{Errc::malformed, "setup code: character", 3})) << text;
  }
  EXPECT_TRUE(std::ranges::all_of(out, [](char c) { return c == '\0'; }));
}

// Gives what it was told to, and counts.
class GivenRandom final : public Random {
 public:
  explicit GivenRandom(std::vector<Byte> bytes) : bytes_(std::move(bytes)) {}
  [[nodiscard]] Result<> fill(ByteSpan out) override {
    ++calls;
    if (out.size() != bytes_.size()) return fail(Errc::entropy, "given");
    std::ranges::copy(bytes_, out.begin());
    return {};
  }
  int calls = 0;

 private:
  std::vector<Byte> bytes_;
};

std::string made_from(std::vector<Byte> bytes) {
  GivenRandom random(std::move(bytes));
  const auto code = make_setup_code(random);
  EXPECT_EQ(random.calls, 1);
  return text_of(code);
}

TEST(MakeSetupCode, KnownAnswers) {
  EXPECT_EQ(made_from({0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54}), "0123456789");
  EXPECT_EQ(made_from({0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd}), "04HMASW9NF");
  EXPECT_EQ(made_from({0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32}), "ZVEBN63PAG");
  EXPECT_EQ(made_from({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}), "ZZZZZZZZZZ");
  EXPECT_EQ(made_from({0, 0, 0, 0, 0, 0, 0}), "0000000000");
}

TEST(MakeSetupCode, NoCodeWithoutEntropy) {
  GivenRandom random({});
  const auto code = make_setup_code(random);
  ASSERT_FALSE(code);
  EXPECT_EQ(code.error(), (Error{Errc::entropy, "given"}));
}

// Every one of the first 50 bits is in its own character; the others are in none.
RC_GTEST_PROP(MakeSetupCode, TakesFiftyBits, ()) {
  const auto bytes = *rc::gen::container<std::vector<Byte>>(7, rc::gen::arbitrary<Byte>());
  const std::string code = made_from(bytes);
  RC_ASSERT(text_of(parse_setup_code(with_check(code))) == code);
  for (std::size_t bit = 0; bit < 56; ++bit) {
    auto flipped = bytes;
    flipped[bit / 8] = static_cast<Byte>(flipped[bit / 8] ^ 0x80U >> bit % 8);
    std::string other = made_from(flipped);
    if (bit < 50) {
      const auto before = digits.find(code[bit / 5]);
      RC_ASSERT(digits.find(other[bit / 5]) == (before ^ 16U >> bit % 5));
      other[bit / 5] = code[bit / 5];
    }
    RC_ASSERT(other == code);
  }
}

// Serial numbers: mostly such as there are, now and then any bytes.
rc::Gen<std::string> serials() {
  const auto plain = rc::gen::elementOf(std::string("WIB-2015_12.0042abcxyzAZ09"));
  const auto special = rc::gen::elementOf(std::string(";:%/ ~+CS\0", 10));
  const auto characters =
      rc::gen::weightedOneOf<char>({{10, plain}, {3, special}, {2, rc::gen::arbitrary<char>()}});
  return rc::gen::mapcat(rc::gen::inRange<std::size_t>(1, 65), [characters](std::size_t size) {
    return rc::gen::container<std::string>(size, characters);
  });
}

std::string payload_of(const std::string& serial, const std::string& code) {
  return label_payload(Label{serial, code_of(code)});
}

TEST(LabelPayload, WritesExactly) {
  EXPECT_EQ(payload_of("WIB-2015_12.0042", "0123456789"), "WIB:S:WIB-2015_12.0042;C:0123456789P;;");
  EXPECT_EQ(payload_of("a;b:c%d", "HR17NP87G9"), "WIB:S:a%3Bb%3Ac%25d;C:HR17NP87G9U;;");
  EXPECT_EQ(payload_of(std::string("\0 /~\xff", 5), "BB5G2451W0"),
            "WIB:S:%00%20%2F%7E%FF;C:BB5G2451W0=;;");
}

RC_GTEST_PROP(LabelPayload, ReadsBackAsWritten, ()) {
  const std::string serial = *serials();
  const std::string code = *codes();
  const std::string payload = payload_of(serial, code);
  const auto label = parse_label(payload);
  RC_ASSERT(label.has_value());
  RC_ASSERT(label->serial == serial);
  RC_ASSERT(text_of(label->code) == code);
  RC_ASSERT(std::ranges::all_of(payload, [](char c) { return c > ' ' && c <= '~'; }));
}

TEST(LabelPayload, Refuses) {
  struct Case {
    std::string payload;
    std::string_view where;
    std::uint32_t offset;
  };
  const std::string code = ";C:0123456789P;;";
  const std::string s64(64, 's');
  const std::vector<Case> table = {
      {"", "label: prefix", 0},
      {"WIB:S", "label: prefix", 5},
      {"wib:S:a" + code, "label: prefix", 0},
      {"WIB:s:a" + code, "label: prefix", 4},
      {"DPP:S:a" + code, "label: prefix", 0},
      {" WIB:S:a" + code, "label: prefix", 0},
      {"WIB:C:0123456789P;S:a;;", "label: prefix", 4},
      {"WIB:S:", "label: serial length", 6},
      {"WIB:S:" + code, "label: serial length", 6},
      {"WIB:S:" + s64 + "s" + code, "label: serial length", 70},
      {"WIB:S:" + s64 + "%20" + code, "label: serial length", 70},
      {"WIB:S:a:b" + code, "label: serial", 7},
      {"WIB:S:a b" + code, "label: serial", 7},
      {"WIB:S:a\n" + code, "label: serial", 7},
      {"WIB:S:a\xc3\xbc" + code, "label: serial", 7},
      {std::string("WIB:S:a\0", 8) + code, "label: serial", 7},
      {"WIB:S:a%3b" + code, "label: serial", 7},
      {"WIB:S:a%zz" + code, "label: serial", 7},
      {"WIB:S:a%3" + code, "label: serial", 7},
      {"WIB:S:a%" + code, "label: serial", 7},
      {"WIB:S:a%3", "label: serial", 7},
      {"WIB:S:%41" + code, "label: serial", 6},  // A
      {"WIB:S:%2E" + code, "label: serial", 6},  // .
      {"WIB:S:a", "label: code field", 7},
      {"WIB:S:a;", "label: code field", 8},
      {"WIB:S:a;c:0123456789P;;", "label: code field", 8},
      {"WIB:S:a;C0123456789P;;", "label: code field", 9},
      {"WIB:S:a;;", "label: code field", 8},
      {"WIB:S:a;I:x;C:0123456789P;;", "label: code field", 8},
      {"WIB:S:a;C:", "setup code: length", 10},
      {"WIB:S:a;C:;;", "setup code: length", 10},
      {"WIB:S:a;C:0123456789;;", "setup code: length", 20},
      {"WIB:S:a;C:0123456789PP;;", "setup code: length", 21},
      {"WIB:S:a;C:0123456789Q;;", "setup code: check character", 20},
      {"WIB:S:a;C:0U23456789P;;", "setup code: character", 11},
      {"WIB:S:a;C:-0123456789P;;", "setup code: character", 10},
      // Codes that a person may type, but a label never has.
      {"WIB:S:a;C:01234-56789-P;;", "label: code", 15},
      {"WIB:S:a;C:0123456789-P;;", "label: code", 20},
      {"WIB:S:a;C:01234 56789P;;", "label: code", 15},
      {"WIB:S:a;C:O123456789P;;", "label: code", 10},
      {"WIB:S:a;C:0I23456789P;;", "label: code", 11},
      {"WIB:S:a;C:0123456789p;;", "label: code", 20},
      {"WIB:S:a;C:aBCDEFGHJKQ;;", "label: code", 10},
      {"WIB:S:a;C:0123456789P", "label: end", 21},
      {"WIB:S:a;C:0123456789P;", "label: end", 22},
      {"WIB:S:a;C:0123456789P;x;", "label: end", 22},
      {"WIB:S:a" + code + ";", "label: end", 23},
      {"WIB:S:a" + code + "\n", "label: end", 23},
      {"WIB:S:a" + code + "WIB:S:a" + code, "label: end", 23},
  };
  for (const auto& [payload, where, offset] : table) {
    const auto label = parse_label(payload);
    ASSERT_FALSE(label) << payload;
    EXPECT_EQ(name(label.error().code), name(Errc::malformed)) << payload;
    EXPECT_EQ(label.error().where, where) << payload;
    EXPECT_EQ(label.error().offset, offset) << payload;
  }
  EXPECT_TRUE(parse_label("WIB:S:" + s64 + code));
}

TEST(LabelPayload, RefusesAnyCut) {
  const std::string payload = payload_of("a;b:c%d", "HR17NP87G9");
  for (std::size_t size = 0; size < payload.size(); ++size) {
    const auto label = parse_label(std::string_view(payload).substr(0, size));
    ASSERT_FALSE(label) << size;
    EXPECT_LE(label.error().offset, size);
  }
}

// What is accepted is the one spelling of a label.
void check_one_spelling(const std::string& payload) {
  const auto label = parse_label(payload);
  RC_CLASSIFY(label.has_value(), "accepted");
  if (label) {
    RC_ASSERT(label_payload(*label) == payload);
    RC_ASSERT(!label->serial.empty());
    RC_ASSERT(label->serial.size() <= 64U);
  } else {
    RC_ASSERT(label.error().code == Errc::malformed);
    RC_ASSERT(label.error().offset <= payload.size());
  }
}

RC_GTEST_PROP(LabelPayload, OneSpelling, ()) {
  const std::string payload = payload_of(*serials(), *codes());
  const auto bytes = rc::gen::oneOf(rc::gen::arbitrary<char>(),
                                    rc::gen::elementOf(check_symbols + "abcdefILOilo;:%- "));
  const auto at = *rc::gen::inRange<std::size_t>(0, payload.size());
  std::string changed = payload;
  changed[at] = *bytes;
  check_one_spelling(changed);
  std::string longer = payload;
  longer.insert(at, 1, *bytes);
  check_one_spelling(longer);
  std::string shorter = payload;
  shorter.erase(at, 1);
  check_one_spelling(shorter);
}

// A QR code as modules; true is dark.
using Modules = std::vector<std::vector<bool>>;

// The modules that the half blocks show, quiet zone included. The lower half of the last line is no
// row: it must be empty.
Modules modules_of(std::string_view text) {
  Modules rows;
  while (!text.empty()) {
    std::vector<bool> upper;
    std::vector<bool> lower;
    while (!text.empty() && !text.starts_with('\n')) {
      const std::string_view block = text.starts_with(' ') ? text.substr(0, 1) : text.substr(0, 3);
      const bool full = block == "\u2588";
      EXPECT_TRUE(full || block == "\u2580" || block == "\u2584" || block == " ");
      upper.push_back(!full && block != "\u2580");
      lower.push_back(!full && block != "\u2584");
      text.remove_prefix(block.size());
    }
    EXPECT_FALSE(text.empty()) << "a line without its end";
    if (!text.empty()) text.remove_prefix(1);
    rows.push_back(upper);
    rows.push_back(lower);
  }
  // The number of modules on a side is odd.
  EXPECT_FALSE(rows.empty());
  if (!rows.empty()) {
    EXPECT_TRUE(std::ranges::all_of(rows.back(), [](bool dark) { return dark; }));
    rows.pop_back();
  }
  return rows;
}

Modules without_quiet_zone(const Modules& all) {
  Modules inner;
  for (std::size_t row = 4; row + 4 < all.size(); ++row) {
    inner.emplace_back(all[row].begin() + 4, all[row].end() - 4);
  }
  return inner;
}

Modules qr_modules(const std::string& payload) {
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> qr(
      QRcode_encodeData(static_cast<int>(payload.size()), as_bytes(payload).data(), 0,
                        QR_ECLEVEL_M),
      &QRcode_free);
  Modules rows;
  for (int row = 0; qr && row < qr->width; ++row) {
    rows.emplace_back();
    for (int column = 0; column < qr->width; ++column) {
      rows.back().push_back((qr->data[row * qr->width + column] & 1) != 0);
    }
  }
  return rows;
}

// Dark 7x7, in it light 5x5, in it dark 3x3; light around (where that is not the quiet zone).
bool is_finder_pattern(const Modules& qr, std::size_t top, std::size_t left) {
  for (std::size_t row = 0; row < 7; ++row) {
    for (std::size_t column = 0; column < 7; ++column) {
      const std::size_t from_edge = std::min({row, column, 6 - row, 6 - column});
      if (qr[top + row][left + column] != (from_edge != 1)) return false;
    }
  }
  return true;
}

void check_qr(const std::string& payload) {
  const auto text = qr_text(payload);
  RC_ASSERT(text.has_value());
  const Modules all = modules_of(*text);
  const std::size_t size = all.size();
  RC_ASSERT(size >= 21U + 8U);
  RC_ASSERT((size - 8 - 21) % 4 == 0U);
  for (std::size_t row = 0; row < size; ++row) {
    RC_ASSERT(all[row].size() == size);
    for (std::size_t column = 0; column < size; ++column) {
      if (std::min({row, column, size - 1 - row, size - 1 - column}) < 4) {
        RC_ASSERT(!all[row][column]);
      }
    }
  }
  const Modules qr = without_quiet_zone(all);
  RC_ASSERT(is_finder_pattern(qr, 0, 0));
  RC_ASSERT(is_finder_pattern(qr, 0, qr.size() - 7));
  RC_ASSERT(is_finder_pattern(qr, qr.size() - 7, 0));
  // ISO/IEC 18004: the level is the first two bits of the format information; M is 00, masked 10.
  RC_ASSERT(qr[8][0]);
  RC_ASSERT(!qr[8][1]);
  RC_ASSERT(qr == qr_modules(payload));
  RC_ASSERT(!testing::Test::HasFailure());
}

RC_GTEST_PROP(QrText, ShowsTheModules, ()) { check_qr(payload_of(*serials(), *codes())); }

TEST(QrText, FreesWipedModules) {
  freed = 0;
  freed_unwiped = 0;
  EXPECT_TRUE(qr_text("WIB:S:a;C:0123456789P;;"));
  EXPECT_EQ(freed, 1);
  EXPECT_EQ(freed_unwiped, 0);
}

TEST(QrText, NeedsAPayloadThatFits) {
  // Version 40, level M, bytes: 2331 (ISO/IEC 18004, the table of capacities).
  EXPECT_TRUE(qr_text(std::string(2331, '%')));
  for (const std::size_t size : {0U, 2332U, 100000U}) {
    const auto text = qr_text(std::string(size, '%'));
    ASSERT_FALSE(text) << size;
    EXPECT_EQ(text.error(), (Error{Errc::capacity, "label: QR code"})) << size;
  }
}

std::string printed(const std::string& serial, const std::string& code, bool colour) {
  std::ostringstream out;
  print_label(Label{serial, code_of(code)}, out, colour);
  return out.str();
}

TEST(PrintLabel, PrintsEverything) {
  const std::string payload = "WIB:S:WIB%2042;C:0123456789P;;";
  const std::string head =
      "serial number  WIB 42\nsetup code     01234-56789-P\npayload        " + payload + "\n\n";
  const std::string qr = qr_text(payload).value_or("");
  EXPECT_EQ(printed("WIB 42", "0123456789", false), head + qr);
  std::string coloured;
  std::istringstream lines(qr);
  for (std::string line; std::getline(lines, line);) {
    coloured += "\x1b[97;40m" + line + "\x1b[0m\n";
  }
  EXPECT_EQ(printed("WIB 42", "0123456789", true), head + coloured);
}

// A terminal is told nothing by a serial number.
TEST(PrintLabel, SerialIsText) {
  for (const std::string serial : {"a\x1b[2J", "a\nb", "\x9b", "\x7f"}) {
    const std::string text = printed(serial, "0123456789", false);
    EXPECT_EQ(text.find(serial), std::string::npos);
    EXPECT_NE(text.find("serial number  "), std::string::npos);
  }
  EXPECT_TRUE(printed("a\x1b[2J", "0123456789", false).starts_with("serial number  a%1B%5B2J\n"));
}

TEST(PrintLabel, WithoutAQrCodeIfItDoesNotFit) {
  const std::string text = printed(std::string(3000, 's'), "0123456789", true);
  EXPECT_TRUE(text.ends_with(";C:0123456789P;;\n\n(no QR code: the payload does not fit)\n"));
}

}  // namespace
}  // namespace wib::props
