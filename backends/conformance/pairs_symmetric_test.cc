// SPDX-License-Identifier: Apache-2.0
//
// Covers: all backends are one function: hashes, MACs, derivations and ciphers on random inputs,
// empty ones, and messages in pieces.
#include "backends/conformance/agreement.h"

namespace wib::conformance {
namespace {

// `message` cut at random places, with empty pieces.
std::vector<ByteView> cut(ByteView message) {
  std::vector<ByteView> pieces;
  const int count = *rc::gen::inRange(0, 6);
  for (int i = 0; i < count; ++i) {
    const auto size = *rc::gen::inRange<std::size_t>(0, message.size() + 1);
    pieces.push_back(message.first(size));
    message = message.subspan(size);
  }
  pieces.push_back(message);
  return pieces;
}

RC_GTEST_PROP(Pairs, HashAlikeInAnyPieces, ()) {
  WIB_NEEDS_TWO(Capability::sha256);
  const Bytes message = *bytes_up_to(700);
  const std::vector<ByteView> pieces = cut(message);
  assert_all_agree(Capability::sha256, [&](Crypto& crypto) {
    const auto whole =
        outcome_of(sha256_size, [&](ByteSpan out) { return crypto.sha256(message, out); });
    RC_ASSERT(outcome_of(sha256_size, [&](ByteSpan out) {
                return crypto.sha256(Pieces(std::span<const ByteView>(pieces)), out);
              }) == whole);
    return whole;
  });
}

RC_GTEST_PROP(Pairs, AuthenticateWithSha256AlikeInAnyPieces, ()) {
  WIB_NEEDS_TWO(Capability::hmac_sha256);
  const Bytes key = *bytes_up_to(300);
  const Bytes message = *bytes_up_to(700);
  const std::vector<ByteView> pieces = cut(message);
  assert_all_agree(Capability::hmac_sha256, [&](Crypto& crypto) {
    const auto whole = outcome_of(
        sha256_size, [&](ByteSpan out) { return crypto.hmac_sha256(key, message, out); });
    RC_ASSERT(outcome_of(sha256_size, [&](ByteSpan out) {
                return crypto.hmac_sha256(key, Pieces(std::span<const ByteView>(pieces)), out);
              }) == whole);
    return whole;
  });
}

RC_GTEST_PROP(Pairs, AuthenticateWithSha512AlikeInAnyPieces, ()) {
  WIB_NEEDS_TWO(Capability::hmac_sha512);
  const Bytes key = *bytes_up_to(300);
  const Bytes message = *bytes_up_to(700);
  const std::vector<ByteView> pieces = cut(message);
  assert_all_agree(Capability::hmac_sha512, [&](Crypto& crypto) {
    const auto whole = outcome_of(
        sha512_size, [&](ByteSpan out) { return crypto.hmac_sha512(key, message, out); });
    RC_ASSERT(outcome_of(sha512_size, [&](ByteSpan out) {
                return crypto.hmac_sha512(key, Pieces(std::span<const ByteView>(pieces)), out);
              }) == whole);
    return whole;
  });
}

RC_GTEST_PROP(Pairs, DeriveWithHkdfAlike, ()) {
  WIB_NEEDS_TWO(Capability::hkdf_sha256);
  const Bytes salt = *bytes_up_to(150);
  const Bytes secret = *bytes_up_to(300);
  const Bytes info = *bytes_up_to(100);
  const auto size = *rc::gen::oneOf(rc::gen::inRange<std::size_t>(0, 100),
                                    rc::gen::inRange<std::size_t>(8100, 8200));
  assert_all_agree(Capability::hkdf_sha256, [&](Crypto& crypto) {
    return outcome_of(size,
                      [&](ByteSpan out) { return crypto.hkdf_sha256(salt, secret, info, out); });
  });
}

RC_GTEST_PROP(Pairs, DeriveWithPbkdf2Alike, ()) {
  WIB_NEEDS_TWO(Capability::pbkdf2_sha256);
  const Bytes salt = *bytes_up_to(150);
  const Bytes secret = *bytes_up_to(300);
  const auto size = *rc::gen::inRange<std::size_t>(0, 71);
  const auto iterations = *rc::gen::inRange<std::uint32_t>(0, 5);
  assert_all_agree(Capability::pbkdf2_sha256, [&](Crypto& crypto) {
    return outcome_of(
        size, [&](ByteSpan out) { return crypto.pbkdf2_sha256(secret, salt, iterations, out); });
  });
}

// Of any size, and of whole blocks.
rc::Gen<Bytes> any_message() {
  return rc::gen::oneOf(bytes_up_to(200),
                        rc::gen::mapcat(rc::gen::inRange<std::size_t>(0, 10), [](std::size_t n) {
                          return bytes_of(n * aes_block_size);
                        }));
}

RC_GTEST_PROP(Pairs, EncryptWithCtrAlike, ()) {
  WIB_NEEDS_TWO(Capability::aes256_ctr);
  const Bytes key = *bytes_of(aes256_key_size);
  const Bytes counter = *numeral_of(aes_block_size);  // wraps, now and then
  const Bytes message = *any_message();
  assert_all_agree(Capability::aes256_ctr, [&](Crypto& crypto) {
    return outcome_of(message.size(),
                      [&](ByteSpan out) { return crypto.aes256_ctr(key, counter, message, out); });
  });
}

RC_GTEST_PROP(Pairs, EncryptWithCbcAlike, ()) {
  WIB_NEEDS_TWO(Capability::aes256_cbc);
  const Bytes key = *bytes_of(aes256_key_size);
  const Bytes iv = *bytes_of(aes_block_size);
  const Bytes message = *any_message();
  assert_all_agree(Capability::aes256_cbc, [&](Crypto& crypto) {
    return outcome_of(message.size(), [&](ByteSpan out) {
      return crypto.aes256_cbc_encrypt(key, iv, message, out);
    });
  });
  assert_all_agree(Capability::aes256_cbc, [&](Crypto& crypto) {
    return outcome_of(message.size(), [&](ByteSpan out) {
      return crypto.aes256_cbc_decrypt(key, iv, message, out);
    });
  });
}

// Sealed on the first backend that has it, damaged, opened on all.
template <class Seal, class Open>
void seal_and_open_alike(Capability aead, Seal seal, Open open) {
  WIB_NEEDS_TWO(aead);
  const Bytes key = *bytes_of(aead_key_size);
  const Bytes nonce = *numeral_of(aead_nonce_size);
  const Bytes associated = *bytes_up_to(60);
  const Bytes plain = *bytes_up_to(200);
  const auto sealed = [&](Crypto& crypto) {
    return outcome_of(plain.size() + aead_tag_size, [&](ByteSpan out) {
      return seal(crypto, key, nonce, associated, plain, out.first(plain.size()),
                  out.last(aead_tag_size));
    });
  };
  assert_all_agree(aead, sealed);
  Bytes both = sealed(first_with(aead)).out;
  const bool damaged = *rc::gen::arbitrary<bool>();
  if (damaged) {
    const auto place = *rc::gen::inRange<std::size_t>(0, both.size());
    both[place] = static_cast<Byte>(both[place] ^ *rc::gen::nonZero<Byte>());
  }
  const auto opened = [&](Crypto& crypto) {
    return outcome_of(plain.size(), [&](ByteSpan out) {
      return open(crypto, key, nonce, associated, ByteView(both).first(plain.size()),
                  ByteView(both).last(aead_tag_size), out);
    });
  };
  assert_all_agree(aead, opened);
  const Outcome wanted =
      damaged ? Outcome{Errc::bad_tag, Bytes(plain.size())} : Outcome{Errc::none, plain};
  RC_ASSERT(opened(first_with(aead)) == wanted);
}

RC_GTEST_PROP(Pairs, SealAndOpenGcmAlike, ()) {
  seal_and_open_alike(
      Capability::aes256_gcm,
      [](Crypto& crypto, auto... rest) { return crypto.aes256_gcm_seal(rest...); },
      [](Crypto& crypto, auto... rest) { return crypto.aes256_gcm_open(rest...); });
}

RC_GTEST_PROP(Pairs, SealAndOpenChaChaAlike, ()) {
  seal_and_open_alike(
      Capability::chacha20_poly1305,
      [](Crypto& crypto, auto... rest) { return crypto.chacha20_poly1305_seal(rest...); },
      [](Crypto& crypto, auto... rest) { return crypto.chacha20_poly1305_open(rest...); });
}

}  // namespace
}  // namespace wib::conformance
