// SPDX-License-Identifier: Apache-2.0
//
// The questions of divergences.h.
#include "backends/conformance/divergences.h"
#include "protocol/groups.h"

namespace wib::conformance {
namespace {

// `number` less a small one.
Bytes less(Bytes number, unsigned small) {
  for (std::size_t i = number.size(); i-- > 0 && small != 0;) {
    const unsigned before = number[i];
    number[i] = static_cast<Byte>(before - small);
    small = before < small ? 1 : 0;
  }
  return number;
}

Bytes more(Bytes number, unsigned small) {
  for (std::size_t i = number.size(); i-- > 0 && small != 0;) {
    small += number[i];
    number[i] = static_cast<Byte>(small);
    small >>= 8U;
  }
  return number;
}

Bytes number(unsigned value, std::size_t size) { return more(Bytes(size), value); }

class Questions {
 public:
  std::vector<Question> all;

  // One input: its name, what a reader calls it, its bytes.
  struct Input {
    std::string name;
    std::string text;
    Bytes bytes;
  };

  void add(std::string operation, std::string id, Capability capability,
           std::initializer_list<Input> inputs) {
    Question question = {
        .id = std::move(id), .operation = std::move(operation), .capability = capability};
    for (const Input& input : inputs) {
      question.inputs[input.name] = input.text;
      question.bytes[input.name] = input.bytes;
    }
    all.push_back(std::move(question));
  }
};

// --- Finite field --------------------------------------------------------------------------------

// OpenSSL's pair whose secret begins with two zero bytes (evppkey_ffdhe.txt).
constexpr const char* exponent_1 = "01946b9886505f6b1af0e3bfd3c314622fb52f4e22a6db8bcaea9b86fa";
// An odd one: p - 1 to it is p - 1, where an even one gives 1.
constexpr const char* odd_exponent = "01946b9886505f6b1af0e3bfd3c314622fb52f4e22a6db8bcaea9b86fb";
constexpr const char* public_2 =
    "de4b01daf34f06bb9d3efce7934940b36e9b962bd4ef1766ea63bf0b5522b260391be12fc54c289a1eac4c0e677f2c"
    "9d3b21f6db8a9c05ab99d2321619ce8da1e6e341a5bc89d019f7f92f06f58ad7fb89bdd410b3ce3b6f4f6a3c18d51a"
    "1c58a5fb59f763f27e8a77d80785da0ee6ff0cc9930291453a473eb2d55cda570ca476ca8091b31d65f2bc0e4a5de4"
    "f059f12269245d36204cef8793987e371b30dd8ad250cee59be8318424bbbc97afa3df25e6c20a9a1539aa2a1f5f67"
    "de0f179e2f08162ef39c8f3752ac4ab98872602b8cc2d13e1d2fbd5a49a4435728a39d761b0d9f4dc637a5ff60199e"
    "35c4b17108e76b51b47742589e23ece5f93b6d2f33";

void add_finite_field(Questions& questions) {
  const Bytes p = copy(ffdhe2048().p);
  for (const unsigned g : {2U, 5U}) {
    const auto add = [&](const std::string& peer, const Bytes& bytes,
                         const std::string& exponent = exponent_1) {
      questions.add("ffdh_agree",
                    "ffdhe2048, g = " + std::to_string(g) + ", peer " + peer +
                        (exponent == odd_exponent ? ", odd exponent" : ""),
                    Capability::mod_exp,
                    {{"p", "ffdhe2048", p},
                     {"g", std::to_string(g), number(g, 1)},
                     {"exponent", exponent, from_hex(exponent)},
                     {"peer", peer, bytes}});
    };
    add("0", number(0, 256));
    add("1", number(1, 256));
    add("2", number(2, 256));
    add("4, of order q", number(4, 256));
    add("p - 2, of order 2q", less(p, 2));
    add("p - 1", less(p, 1));
    add("p - 1", less(p, 1), odd_exponent);
    add("p", p);
    add("p + 1", more(p, 1));
    add("2^2048 - 1", Bytes(256, 0xff));
    add("whose secret begins with zeros", from_hex(public_2));
    add("4 in one byte", Bytes{4});
    add("p + 4 in 257 bytes", more(concatenation({Bytes(1), p}), 4));
  }
}

// --- X25519 --------------------------------------------------------------------------------------

void add_x25519(Questions& questions) {
  // RFC 7748 section 6.1: Alice's scalar, Bob's share.
  const char* const alice = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
  const auto add = [&](const std::string& peer, const std::string& hex) {
    questions.add("x25519_agree", "peer " + peer, Capability::x25519,
                  {{"scalar", alice, from_hex(alice)}, {"peer", peer, from_hex(hex)}});
  };
  const std::string bob = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";
  const std::string zeros(62, '0');
  const std::string ones = std::string(60, 'f');
  add("ordinary", bob);
  add("ordinary, top bit set", bob.substr(0, 62) + "cf");
  add("0", zeros + "00");
  add("1", "01" + zeros);
  add("9", "09" + zeros);
  add("of order 8", "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800");
  add("of order 8, the other", "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157");
  add("p - 1", "ec" + ones + "7f");
  add("p", "ed" + ones + "7f");
  add("p + 1", "ee" + ones + "7f");
  add("p + 9", "f6" + ones + "7f");
  add("2^255 - 1", "ff" + ones + "7f");
  add("0, top bit set", zeros + "80");
  add("2^256 - 1", "ff" + ones + "ff");
}

// --- P-256 ---------------------------------------------------------------------------------------

void add_p256(Questions& questions) {
  // RFC 5903 section 8.1: i, and g^r.
  const char* const i = "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433";
  const std::string x = "d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63";
  const std::string y = "56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab";
  const std::string p = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
  const std::string zero(64, '0');
  // x = 5 is on the curve, and 5 + p is the same number, not reduced.
  const std::string small_y = "459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc";
  const std::string five = zero.substr(1) + "5";
  const std::string five_and_p = "ffffffff00000001000000000000000000000001000000000000000000000004";
  const auto add = [&](const std::string& peer, const std::string& hex) {
    questions.add("p256_agree", "peer " + peer, Capability::p256,
                  {{"scalar", i, from_hex(i)}, {"peer", peer, from_hex(hex)}});
  };
  add("ordinary", "04" + x + y);
  add("compressed, its y", "03" + x);
  add("compressed, the other y", "02" + x);
  add("hybrid, its y", "07" + x + y);
  add("hybrid, the other y", "06" + x + y);
  for (const std::string first : {"00", "01", "02", "03", "05", "84"}) {
    add("first byte " + first + ", 65 bytes", first + x + y);
  }
  for (const std::string first : {"02", "03", "04"}) {
    add("first byte " + first + ", 97 bytes", first + x + y + zero);
  }
  add("empty", "");
  add("infinity, one byte", "00");
  add("infinity, 65 zeros", "00" + zero + zero);
  add("0, 0", "04" + zero + zero);
  add("off the curve", "04" + x + y.substr(0, 62) + "aa");
  add("x = p", "04" + p + y);
  add("y = p", "04" + x + p);
  add("x = 5", "04" + five + small_y);
  add("x = 5 + p", "04" + five_and_p + small_y);
  add("a byte too few", "04" + x + y.substr(2));
  add("a byte too many", "04" + x + y + "00");
  questions.add("p256_encode_infinity", "infinity", Capability::p256, {});
}

// --- MACs ----------------------------------------------------------------------------------------

void add_macs(Questions& questions) {
  const Questions::Input some_key = {"key", "\"key\"", copy(as_bytes("key"))};
  const Questions::Input no_key = {"key", "empty", {}};
  const Questions::Input some_message = {"message", "\"message\"", copy(as_bytes("message"))};
  const Questions::Input no_message = {"message", "empty", {}};
  questions.add("hmac_sha256", "ordinary", Capability::hmac_sha256, {some_key, some_message});
  questions.add("hmac_sha256", "no key", Capability::hmac_sha256, {no_key, some_message});
  questions.add("hmac_sha256", "no message", Capability::hmac_sha256, {some_key, no_message});
  questions.add("hmac_sha256", "no key, no message", Capability::hmac_sha256, {no_key, no_message});

  const auto input = [](std::string name, bool there) {
    return there ? Questions::Input{name, '"' + name + '"', copy(as_bytes(name))}
                 : Questions::Input{name, "empty", {}};
  };
  for (unsigned there = 0; there < 8; ++there) {
    const bool salt = (there & 1U) != 0;
    const bool ikm = (there & 2U) != 0;
    const bool info = (there & 4U) != 0;
    std::string id;
    if (!salt) id += "no salt ";
    if (!ikm) id += "no ikm ";
    if (!info) id += "no info ";
    if (id.empty()) id = "ordinary ";
    id.pop_back();
    questions.add("hkdf_sha256", id, Capability::hkdf_sha256,
                  {input("salt", salt), input("ikm", ikm), input("info", info)});
  }
}

}  // namespace

const std::vector<Question>& questions() {
  static const std::vector<Question> all = [] {
    Questions made;
    add_finite_field(made);
    add_x25519(made);
    add_p256(made);
    add_macs(made);
    return made.all;
  }();
  return all;
}

}  // namespace wib::conformance
