// SPDX-License-Identifier: Apache-2.0
//
// Finite field, X25519, P-256 and what SPAKE2+ makes of it.
#include <algorithm>
#include <utility>

#include "backends/conformance/operations.h"

namespace wib::conformance {
namespace {

// `number` less one; it is odd, as primes are.
Bytes less_one(Bytes number) {
  number.back() ^= 1U;
  return number;
}

Bytes halved(const Bytes& number) {
  Bytes half(number.size());
  unsigned carry = 0;
  for (std::size_t i = 0; i < number.size(); ++i) {
    half[i] = static_cast<Byte>((number[i] >> 1U) | carry);
    carry = (number[i] & 1U) << 7U;
  }
  return half;
}

// What an agreement is made of. Every check is made; a vector that is to be refused must fail one.
class Checks {
 public:
  void add(std::string what, bool good) {
    if (!good && failed_.empty()) failed_ = std::move(what);
  }
  void judge(const Vector& vector) const {
    if (vector.verdict == Verdict::acceptable) return;
    if (vector.verdict == Verdict::valid && !failed_.empty()) throw Differs(failed_);
    if (vector.verdict == Verdict::invalid && failed_.empty()) throw Differs("was not refused");
  }

 private:
  std::string failed_;
};

std::string unequal(std::string_view what, ByteView expected, ByteView got) {
  return std::string(what) + "\n    expected " + to_hex(expected) + "\n    got      " + to_hex(got);
}

// 2 is a square modulo these p, and so generates the large subgroup.
void run_safe_prime(Subject& subject, const Bytes& p, const Bytes& g) {
  const Bytes one = resized(Bytes{1}, p.size());
  const Bytes top = less_one(p);
  expect_bytes("g^((p-1)/2)", subject.mod_exp(g, halved(top), p), one);
  expect_bytes("(p-1)^2", subject.mod_exp(top, Bytes{2}, p), one);
  expect_bytes("(p-1)^3", subject.mod_exp(top, Bytes{3}, p), top);
  expect_bytes("p^1", subject.mod_exp(p, Bytes{1}, p), Bytes(p.size()));
  expect_bytes("g^0", subject.mod_exp(g, {}, p), one);
}

void check_share(Subject& subject, const Vector& vector, std::string_view who, ByteView share,
                 Checks& checks) {
  const Bytes& p = vector.at("p");
  checks.add(std::string(who) + " is refused", subject.check_share(share, p).has_value());
  if (!vector.has("q")) return;
  const Bytes power = value_of("share^q", subject.mod_exp(share, vector.at("q"), p));
  checks.add(std::string(who) + " is outside of the subgroup",
             power == resized(Bytes{1}, p.size()));
}

void run_ffdh(Subject& subject, const Vector& vector) {
  const Bytes& p = vector.at("p");
  const Bytes& x = vector.at("x");
  Checks checks;
  if (vector.has("own")) {
    const Bytes own = resized(vector.at("own"), p.size());
    const Bytes made = value_of("g^x", subject.mod_exp(vector.at("g"), x, p));
    checks.add(unequal("own share", own, made), made == own);
    check_share(subject, vector, "own share", own, checks);
  }
  if (vector.has("peer")) {
    check_share(subject, vector, "the peer's share", vector.at("peer"), checks);
    const Bytes z = resized(vector.at("z"), p.size());
    const Bytes made = value_of("peer^x", subject.mod_exp(vector.at("peer"), x, p));
    checks.add(unequal("Z", z, made), made == z);
  }
  checks.judge(vector);
}

void run_p256_agree(Subject& subject, const Vector& vector) {
  const Bytes scalar = resized(vector.at("scalar"), p256_scalar_size);
  Checks checks;
  if (vector.has("own")) {
    const Bytes made = value_of("scalar*G", subject.p256_base_mul(scalar));
    checks.add(unequal("own share", vector.at("own"), made), made == vector.at("own"));
  }
  const Bytes& peer = vector.at("peer");
  const auto share = subject.check_p256_share(peer);
  const auto secret = subject.p256_mul(scalar, peer);
  checks.add("the peer's share is refused", share.has_value());
  if (share) {
    const Bytes x = copy(ByteView(value_of("scalar*P", secret)).subspan(1, 32));
    const Bytes z = resized(vector.at("z"), 32);
    checks.add(unequal("Z", z, x), x == z);
    // Nobody need take the share; who does agrees on this.
    if (vector.verdict == Verdict::acceptable && x != z) differs("Z", z, x);
  } else {
    expect_refused("scalar*P", secret, Errc::out_of_range);
  }
  checks.judge(vector);
}

// Every operation that takes a point must refuse a bad one, and the good one with a flipped bit.
void run_p256_share(Subject& subject, const Vector& vector) {
  const Bytes& point = vector.at("point");
  const auto judged = subject.check_p256_share(point);
  const Bytes one = resized(Bytes{1}, p256_scalar_size);
  if (vector.verdict == Verdict::valid) {
    value_of("check_p256_share", judged);
    expect_bytes("1*P", subject.p256_mul(one, point), point);
    Bytes wrong = point;
    wrong.back() ^= 1U;
    return expect("a point off the curve is refused", !subject.check_p256_share(wrong));
  }
  expect("check_p256_share refuses it", !judged && judged.error().code == Errc::out_of_range);
  if (point == Bytes(p256_point_size)) return;  // infinity is a point, and no share
  const ByteView good = p256_generator();
  expect_refused("p256_mul", subject.p256_mul(one, point), Errc::out_of_range);
  expect_refused("p256_mul_add, first", subject.p256_mul_add(one, point, one, good),
                 Errc::out_of_range);
  expect_refused("p256_mul_add, second", subject.p256_mul_add(one, good, one, point),
                 Errc::out_of_range);
}

// --- SPAKE2+ (RFC 9383) --------------------------------------------------------------------------

// n - scalar.
Bytes negated(const Bytes& scalar) {
  const ByteView n = p256_order();
  Bytes result(n.size());
  int borrow = 0;
  for (std::size_t i = n.size(); i-- > 0;) {
    const int difference = n[i] - scalar[i] - borrow;
    borrow = difference < 0 ? 1 : 0;
    result[i] = static_cast<Byte>(difference + 256 * borrow);
  }
  return result;
}

// len(x) || x, the length in eight bytes, the least first.
void append(Bytes& transcript, ByteView part) {
  for (unsigned shift = 0; shift < 64; shift += 8) {
    transcript.push_back(static_cast<Byte>(std::uint64_t{part.size()} >> shift));
  }
  transcript.insert(transcript.end(), part.begin(), part.end());
}

}  // namespace

void run_finite_field(Subject& subject, const Vector& vector) {
  if (vector.operation == Operation::mod_exp) {
    return expect_bytes(
        "result", subject.mod_exp(vector.at("base"), vector.at("exponent"), vector.at("modulus")),
        vector.at("result"));
  }
  if (vector.operation == Operation::safe_prime) {
    return run_safe_prime(subject, vector.at("p"), vector.at("g"));
  }
  if (vector.operation == Operation::ffdh) return run_ffdh(subject, vector);
  Checks checks;
  check_share(subject, vector, "the share", vector.at("share"), checks);
  checks.judge(vector);
}

void run_x25519(Subject& subject, const Vector& vector) {
  Bytes scalar = vector.at("scalar");
  Bytes u = vector.at("u");
  if (vector.operation == Operation::x25519_iterated) {
    for (std::uint32_t i = 0; i < vector.count; ++i) {
      Bytes next = value_of("x25519", subject.x25519(scalar, u));
      u = std::exchange(scalar, std::move(next));
    }
    if (scalar != vector.at("out")) differs("k", vector.at("out"), scalar);
    return;
  }
  if (vector.operation == Operation::x25519_agree && vector.verdict == Verdict::invalid) {
    expect_bytes("x25519", subject.x25519(scalar, u), Bytes(x25519_size));
    return expect_refused("x25519_agree", subject.x25519_agree(scalar, u), Errc::out_of_range);
  }
  expect_bytes("x25519", subject.x25519(scalar, u), vector.at("out"));
  expect_bytes("x25519_agree", subject.x25519_agree(scalar, u), vector.at("out"));
}

void run_p256(Subject& subject, const Vector& vector) {
  switch (vector.operation) {
    case Operation::p256_base_mul: {
      const Bytes scalar = resized(vector.at("scalar"), p256_scalar_size);
      expect_bytes("scalar*G", subject.p256_base_mul(scalar), vector.at("point"));
      return expect_bytes("scalar*P, P = G", subject.p256_mul(scalar, p256_generator()),
                          vector.at("point"));
    }
    case Operation::p256_mul_add:
      expect_bytes(
          "a*P + b*Q",
          subject.p256_mul_add(vector.at("a"), vector.at("p"), vector.at("b"), vector.at("q")),
          vector.at("result"));
      return expect_bytes(
          "b*Q + a*P",
          subject.p256_mul_add(vector.at("b"), vector.at("q"), vector.at("a"), vector.at("p")),
          vector.at("result"));
    case Operation::p256_agree: return run_p256_agree(subject, vector);
    default: return run_p256_share(subject, vector);
  }
}

void run_spake2p(Subject& subject, const Vector& vector) {
  // RFC 9383 section 4, uncompressed.
  static const Bytes m = from_hex(
      "04886e2f97ace46e55ba9dd7242579f2993b64e16ef3dcab95afd497333d8fa12f"
      "5ff355163e43ce224e0b0e65ff02ac8e5c7be09419c785e0ca547d55a12e2d20");
  static const Bytes n = from_hex(
      "04d8bbd6c639c62937b04d997f38c3770719c629d7014d49a24b4f98baa1292b49"
      "07d60aa6bfade45008a636337f5168c64d9bd36034808cd564490b1e656edbe7");
  const Bytes one = resized(Bytes{1}, p256_scalar_size);
  const Bytes& w0 = vector.at("w0");
  const Bytes& w1 = vector.at("w1");
  const Bytes& x = vector.at("x");
  const Bytes& y = vector.at("y");
  const Bytes& share_p = vector.at("share_p");
  const Bytes& share_v = vector.at("share_v");
  const ByteView g = p256_generator();
  expect_bytes("L", subject.p256_base_mul(w1), vector.at("l"));
  expect_bytes("shareP", subject.p256_mul_add(x, g, w0, m), share_p);
  expect_bytes("shareV", subject.p256_mul_add(y, g, w0, n), share_v);

  // Both sides' Z and V.
  const Bytes peer_v = value_of("Y - w0*N", subject.p256_mul_add(one, share_v, negated(w0), n));
  const Bytes peer_p = value_of("X - w0*M", subject.p256_mul_add(one, share_p, negated(w0), m));
  const Bytes z = value_of("Z", subject.p256_mul(x, peer_v));
  const Bytes v = value_of("V", subject.p256_mul(w1, peer_v));
  expect_bytes("Z of the verifier", subject.p256_mul(y, peer_p), z);
  expect_bytes("V of the verifier", subject.p256_mul(y, vector.at("l")), v);
  if (!vector.has("shared")) return;

  Bytes transcript;
  for (const ByteView part :
       std::initializer_list<ByteView>{vector.at("context"), vector.at("prover"),
                                       vector.at("verifier"), m, n, share_p, share_v, z, v, w0}) {
    append(transcript, part);
  }
  const Bytes main = value_of("K_main", subject.sha256(Pieces(transcript)));
  const Bytes confirm =
      value_of("K_confirm", subject.hkdf_sha256({}, main, as_bytes("ConfirmationKeys"), 64));
  const ByteView confirm_p = ByteView(confirm).first(32);
  const ByteView confirm_v = ByteView(confirm).last(32);
  expect_bytes("K_shared", subject.hkdf_sha256({}, main, as_bytes("SharedKey"), 32),
               vector.at("shared"));
  expect_bytes("confirmP", subject.hmac_sha256(confirm_p, Pieces(share_v)), vector.at("confirm_p"));
  expect_bytes("confirmV", subject.hmac_sha256(confirm_v, Pieces(share_p)), vector.at("confirm_v"));
}

}  // namespace wib::conformance
