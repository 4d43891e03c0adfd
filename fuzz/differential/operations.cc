// SPDX-License-Identifier: Apache-2.0
#include "fuzz/differential/operations.h"

#include "protocol/big_endian.h"

namespace wib::fuzz {
namespace {

constexpr Byte unwritten = 0xa5;

// Runs `operation` on an output of that size.
template <class Operation>
Answer into(std::size_t size, Operation operation) {
  Answer answer{.out = ByteVector(size, unwritten)};
  if (const auto done = operation(ByteSpan(answer.out)); !done) answer.code = done.error().code;
  return answer;
}

template <class Value>
Answer judged(const Result<Value>& result) {
  if (!result) return {.code = result.error().code, .out = {}};
  if constexpr (std::is_void_v<Value>) {
    return {};
  } else {
    return {.code = Errc::none, .out = {static_cast<Byte>(*result)}};
  }
}

// In three pieces, of which any may be empty.
struct Cut {
  ByteVector whole;
  std::size_t first;
  std::size_t second;

  template <class Function>
  Answer with(Function function) const {
    const std::array<ByteView, 3> list = {ByteView(whole).first(first),
                                          ByteView(whole).subspan(first, second - first),
                                          ByteView(whole).subspan(second)};
    return function(Pieces(list));
  }
};

Cut cut(Choices& choices, ByteVector whole) {
  const std::size_t a = choices.below(256) % (whole.size() + 1);
  const std::size_t b = choices.below(256) % (whole.size() + 1);
  return {std::move(whole), std::min(a, b), std::max(a, b)};
}

// --- Hashes, MACs, keys
// ----------------------------------------------------------------------------

Question make_hash(std::size_t which, Choices& choices, Values& values) {
  const bool nothing = choices.below(8) == 7;
  const Cut message = cut(choices, nothing ? ByteVector{} : values.text());
  const ByteVector key = nothing ? ByteVector{} : values.text();
  switch (which) {
    case 0: {
      const std::size_t size = values.about(sha256_size);
      return {"sha256", [=](Crypto& crypto) {
                return into(size, [&](ByteSpan out) {
                  Result<> done;
                  (void)message.with([&](Pieces pieces) {
                    done = crypto.sha256(pieces, out);
                    return Answer{};
                  });
                  return done;
                });
              }};
    }
    case 1:
    case 2: {
      const bool wide = which == 2;
      const std::size_t size = values.about(wide ? sha512_size : sha256_size);
      return {wide ? "hmac_sha512" : "hmac_sha256", [=](Crypto& crypto) {
                return into(size, [&](ByteSpan out) {
                  Result<> done;
                  (void)message.with([&](Pieces pieces) {
                    done = wide ? crypto.hmac_sha512(key, pieces, out)
                                : crypto.hmac_sha256(key, pieces, out);
                    return Answer{};
                  });
                  return done;
                });
              }};
    }
    case 3: {
      const ByteVector info = values.text();
      const std::size_t size =
          choices.below(16) == 15 ? values.about(max_hkdf_size) : values.about(choices.below(100));
      return {"hkdf_sha256", [=](Crypto& crypto) {
                return into(size, [&](ByteSpan out) {
                  return crypto.hkdf_sha256(key, message.whole, info, out);
                });
              }};
    }
    default: {
      const auto iterations = static_cast<std::uint32_t>(choices.below(6));
      const std::size_t size = values.about(choices.below(max_pbkdf2_size + 1));
      return {"pbkdf2_sha256", [=](Crypto& crypto) {
                return into(size, [&](ByteSpan out) {
                  return crypto.pbkdf2_sha256(key, message.whole, iterations, out);
                });
              }};
    }
  }
}

// --- Ciphers
// -----------------------------------------------------------------------------------------

Question make_cipher(std::size_t which, Choices& choices, Values& values) {
  const ByteVector key = values.bytes(values.about(aes256_key_size));
  const ByteVector iv = values.bytes(values.about(aes_block_size));
  ByteVector in = values.text();
  if (which != 2 && choices.below(8) != 7) in.resize(in.size() / aes_block_size * aes_block_size);
  const bool in_place = choices.below(4) == 3;
  static constexpr std::array<std::string_view, 3> names = {"aes256_cbc_encrypt",
                                                            "aes256_cbc_decrypt", "aes256_ctr"};
  return {names[which], [=](Crypto& crypto) {
            const auto run = [&](ByteView from, ByteSpan out) {
              if (which == 0) return crypto.aes256_cbc_encrypt(key, iv, from, out);
              if (which == 1) return crypto.aes256_cbc_decrypt(key, iv, from, out);
              return crypto.aes256_ctr(key, iv, from, out);
            };
            if (!in_place) return into(in.size(), [&](ByteSpan out) { return run(in, out); });
            Answer answer{.out = in};
            if (const auto done = run(answer.out, answer.out); !done) {
              answer.code = done.error().code;
            }
            return answer;
          }};
}

// What stands behind the output is the tag.
Question make_seal(bool gcm, Choices&, Values& values) {
  const ByteVector key = values.bytes(values.about(aead_key_size));
  const ByteVector nonce = values.bytes(values.about(aead_nonce_size));
  const ByteVector associated = values.text();
  const ByteVector in = values.text();
  const std::size_t tag_size = values.about(aead_tag_size);
  return {gcm ? "aes256_gcm_seal" : "chacha20_poly1305_seal", [=](Crypto& crypto) {
            return into(in.size() + tag_size, [&](ByteSpan out) {
              const ByteSpan sealed = out.first(in.size());
              const ByteSpan tag = out.subspan(in.size());
              return gcm ? crypto.aes256_gcm_seal(key, nonce, associated, in, sealed, tag)
                         : crypto.chacha20_poly1305_seal(key, nonce, associated, in, sealed, tag);
            });
          }};
}

Question make_open(bool gcm, Choices& choices, Values& values, Crypto& reference) {
  const ByteVector key = values.bytes(aead_key_size);
  const ByteVector nonce = values.bytes(aead_nonce_size);
  const ByteVector associated = values.text();
  ByteVector text = values.text();
  ByteVector tag(aead_tag_size);
  const ByteVector plain = text;
  (void)(gcm ? reference.aes256_gcm_seal(key, nonce, associated, plain, text, tag)
             : reference.chacha20_poly1305_seal(key, nonce, associated, plain, text, tag));
  ByteVector* const places[] = {&text, &tag};
  ByteVector& changed = *places[choices.below(2)];
  if (choices.below(2) == 1 && !changed.empty()) {
    changed[choices.below(256) % changed.size()] ^= static_cast<Byte>(1U << choices.below(8));
  }
  tag.resize(values.about(tag.size()));
  return {gcm ? "aes256_gcm_open" : "chacha20_poly1305_open", [=](Crypto& crypto) {
            return into(text.size(), [&](ByteSpan out) {
              return gcm ? crypto.aes256_gcm_open(key, nonce, associated, text, tag, out)
                         : crypto.chacha20_poly1305_open(key, nonce, associated, text, tag, out);
            });
          }};
}

// n less a scalar that is below it.
ByteVector opposite(const ByteVector& scalar) {
  ByteVector result(p256_scalar_size);
  (void)subtract(p256_order(), scalar, result);
  return result;
}

// --- Numbers and points
// -------------------------------------------------------------------------------

Question make_number(std::size_t which, Choices& choices, Values& values) {
  switch (which) {
    case 0: {
      const ByteVector modulus = values.modulus();
      const ByteVector base = values.number_for(modulus);
      const ByteVector exponent = values.exponent_for(modulus);
      const std::size_t size = values.about(modulus.size());
      return {"mod_exp", [=](Crypto& crypto) {
                return into(size, [&](ByteSpan out) {
                  return crypto.mod_exp(base, exponent, modulus, out);
                });
              }};
    }
    case 1:
    case 2: {
      const ByteVector scalar = values.bytes(values.about(x25519_size));
      ByteVector u = values.x25519_u();
      u.resize(values.about(u.size()));
      const bool agree = which == 2;
      return {agree ? "x25519_agree" : "x25519", [=](Crypto& crypto) {
                return into(x25519_size, [&](ByteSpan out) {
                  return agree ? crypto.x25519_agree(scalar, u, out)
                               : crypto.x25519(scalar, u, out);
                });
              }};
    }
    case 3: {
      ByteVector scalar = values.p256_scalar();
      scalar.resize(values.about(scalar.size()));
      return {"p256_base_mul", [=](Crypto& crypto) {
                return into(p256_point_size,
                            [&](ByteSpan out) { return crypto.p256_base_mul(scalar, out); });
              }};
    }
    case 4: {
      const ByteVector scalar = values.p256_scalar();
      const ByteVector point = values.p256_encoding();
      return {"p256_mul", [=](Crypto& crypto) {
                return into(p256_point_size,
                            [&](ByteSpan out) { return crypto.p256_mul(scalar, point, out); });
              }};
    }
    default: {
      const ByteVector a = values.p256_scalar();
      const ByteVector p = values.p256_encoding();
      // The same twice, or what takes it away again, is where sums are special.
      const bool same = choices.below(4) == 3;
      const ByteVector q = same ? p : values.p256_encoding();
      const std::size_t which_b = same ? choices.below(3) : 0;
      const ByteVector b = which_b == 0 ? values.p256_scalar() : which_b == 1 ? a : opposite(a);
      return {"p256_mul_add", [=](Crypto& crypto) {
                return into(p256_point_size,
                            [&](ByteSpan out) { return crypto.p256_mul_add(a, p, b, q, out); });
              }};
    }
  }
}

// --- Judgements
// -----------------------------------------------------------------------------------------

Question make_judgement(std::size_t which, Choices& choices, Values& values, Crypto& reference) {
  switch (which) {
    case 0: {
      const ByteVector a = values.text();
      ByteVector b = a;
      if (choices.below(2) == 1) b = values.text();
      return {"equal", [=](Crypto& crypto) {
                return Answer{.out = {static_cast<Byte>(crypto.equal(a, b))}};
              }};
    }
    case 1:
    case 2: {
      const bool wide = which == 2;
      const ByteVector key = values.text();
      const ByteVector message = values.text();
      ByteVector tag(wide ? sha512_size : sha256_size);
      (void)(wide ? reference.hmac_sha512(key, ByteView(message), tag)
                  : reference.hmac_sha256(key, ByteView(message), tag));
      if (choices.below(2) == 1) tag[choices.below(tag.size())] ^= 1U;
      tag.resize(values.about(tag.size()));
      return {wide ? "verify_hmac_sha512" : "verify_hmac_sha256", [=](Crypto& crypto) {
                return judged(wide ? crypto.verify_hmac_sha512(key, message, tag)
                                   : crypto.verify_hmac_sha256(key, message, tag));
              }};
    }
    case 3: {
      const ByteVector modulus = values.modulus();
      const ByteVector share = values.number_for(modulus);
      return {"check_share",
              [=](Crypto& crypto) { return judged(crypto.check_share(share, modulus)); }};
    }
    case 4: {
      const ByteVector modulus = values.group_modulus(16);
      const ByteVector share = values.number_for(modulus);
      return {"in_prime_subgroup",
              [=](Crypto& crypto) { return judged(crypto.in_prime_subgroup(share, modulus)); }};
    }
    default: {
      const ByteVector point = values.p256_encoding();
      return {"check_p256_share",
              [=](Crypto& crypto) { return judged(crypto.check_p256_share(point)); }};
    }
  }
}

}  // namespace

Question make_question(Choices& choices, Crypto& reference) {
  Values values(choices, reference);
  const std::size_t operation = choices.below(operation_count);
  if (operation < 5) return make_hash(operation, choices, values);
  if (operation < 8) return make_cipher(operation - 5, choices, values);
  if (operation < 10) return make_seal(operation == 8, choices, values);
  if (operation < 12) return make_open(operation == 10, choices, values, reference);
  if (operation < 18) return make_number(operation - 12, choices, values);
  return make_judgement(operation - 18, choices, values, reference);
}

}  // namespace wib::fuzz
