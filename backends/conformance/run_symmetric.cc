// SPDX-License-Identifier: Apache-2.0
//
// Hashes, MACs, derivations and ciphers.
#include <algorithm>

#include "backends/conformance/operations.h"

namespace wib::conformance {
namespace {

// Calls function(pieces) for `message` cut in several ways, with empty pieces too.
template <class Function>
void for_each_cutting(ByteView message, Function function) {
  function(Pieces(message));
  const std::size_t size = message.size();
  for (const std::size_t cut : {std::size_t{0}, size / 2, std::min<std::size_t>(size, 64), size}) {
    const std::array<ByteView, 4> list = {ByteView{}, message.first(cut), ByteView{},
                                          message.subspan(cut)};
    function(Pieces(std::span<const ByteView>(list)));
  }
  if (size > 1000) return;
  std::vector<ByteView> bytes;
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(message.subspan(i, 1));
  function(Pieces(std::span<const ByteView>(bytes)));
}

// MD(i) = SHA-256(MD(i-3) || MD(i-2) || MD(i-1)) (SHAVS 6.4).
Bytes monte(Subject& subject, const Bytes& seed) {
  std::array<Bytes, 3> last = {seed, seed, seed};
  for (int i = 0; i < 1000; ++i) {
    const std::array<ByteView, 3> message = {last[0], last[1], last[2]};
    Bytes next = value_of("sha256", subject.sha256(Pieces(std::span<const ByteView>(message))));
    last[0] = std::move(last[1]);
    last[1] = std::move(last[2]);
    last[2] = std::move(next);
  }
  return last[2];
}

void run_hmac(Subject& subject, const Vector& vector) {
  const bool short_hash = vector.operation == Operation::hmac_sha256;
  const Bytes& key = vector.at("key");
  const Bytes& message = vector.at("message");
  const Bytes& tag = vector.at("tag");
  Bytes first;
  for_each_cutting(message, [&](Pieces pieces) {
    const Bytes got = value_of(
        "hmac", short_hash ? subject.hmac_sha256(key, pieces) : subject.hmac_sha512(key, pieces));
    if (first.empty()) first = got;
    if (got != first) differs("hmac in pieces", first, got);
  });
  if (tag.size() > first.size()) throw BadVector(vector.id + ": a tag longer than the hash");
  const bool same = same_bytes(ByteView(first).first(tag.size()), tag);
  if (same != (vector.verdict == Verdict::valid)) differs("hmac", tag, first);

  // The judgement: the whole tag, or nothing.
  const auto verify = [&](ByteView candidate) {
    return value_of("verify_hmac", short_hash
                                       ? subject.verify_hmac_sha256(key, message, candidate)
                                       : subject.verify_hmac_sha512(key, message, candidate));
  };
  expect("verify_hmac accepts the tag, and no other", verify(tag) == (first == tag));
  expect("verify_hmac refuses one bit", !verify([&] {
           Bytes wrong = first;
           wrong.back() ^= 1U;
           return wrong;
         }()));
}

constexpr std::size_t block = aes_block_size;

void run_cbc(Subject& subject, const Vector& vector, ByteView plain, ByteView cipher) {
  const Bytes& key = vector.at("key");
  const Bytes& iv = vector.at("iv");
  expect_bytes("encrypt", subject.aes256_cbc_encrypt(key, iv, plain), cipher);
  expect_bytes("decrypt", subject.aes256_cbc_decrypt(key, iv, cipher), plain);
}

// PKCS #7 (RFC 5652 section 6.3): the port has no padding, the vectors have.
Bytes padded(ByteView message) {
  const std::size_t count = block - message.size() % block;
  const Bytes padding(count, static_cast<Byte>(count));
  return concatenation({message, padding});
}

bool well_padded(ByteView bytes) {
  if (bytes.empty() || bytes.back() == 0 || bytes.back() > block) return false;
  return std::ranges::all_of(bytes.last(bytes.back()),
                             [&](Byte byte) { return byte == bytes.back(); });
}

void run_cbc_padded(Subject& subject, const Vector& vector) {
  const Bytes& cipher = vector.at("cipher");
  if (vector.verdict == Verdict::valid) {
    return run_cbc(subject, vector, padded(vector.at("plain")), cipher);
  }
  const auto opened = subject.aes256_cbc_decrypt(vector.at("key"), vector.at("iv"), cipher);
  if (cipher.size() % block != 0) return expect_refused("half a block", opened, Errc::out_of_range);
  expect("the padding is wrong", !well_padded(value_of("decrypt", opened)));
}

void run_ctr(Subject& subject, const Vector& vector) {
  const Bytes& key = vector.at("key");
  const Bytes& counter = vector.at("counter");
  const Bytes& plain = vector.at("plain");
  const Bytes& cipher = vector.at("cipher");
  if (vector.has("before")) {  // from within the keystream
    const Bytes& before = vector.at("before");
    Bytes whole =
        value_of("encrypt", subject.aes256_ctr(key, counter, concatenation({before, plain})));
    whole.erase(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(before.size()));
    return expect_bytes("encrypt from within", whole, cipher);
  }
  expect_bytes("encrypt", subject.aes256_ctr(key, counter, plain), cipher);
  expect_bytes("decrypt", subject.aes256_ctr(key, counter, cipher), plain);
  for (const std::size_t size :
       {plain.size() / 2, plain.size() - std::min<std::size_t>(plain.size(), 1)}) {
    expect_bytes("a part", subject.aes256_ctr(key, counter, ByteView(plain).first(size)),
                 ByteView(cipher).first(size));
  }
}

}  // namespace

void run_hash(Subject& subject, const Vector& vector) {
  if (vector.operation == Operation::sha256_monte) {
    return expect_bytes("digest", monte(subject, vector.at("seed")), vector.at("digest"));
  }
  if (vector.operation != Operation::sha256) return run_hmac(subject, vector);
  for_each_cutting(vector.at("message"), [&](Pieces pieces) {
    expect_bytes("digest", subject.sha256(pieces), vector.at("digest"));
  });
}

void run_derivation(Subject& subject, const Vector& vector) {
  if (vector.operation == Operation::pbkdf2_sha256) {
    const Bytes& key = vector.at("key");
    const auto derive = [&](std::size_t size) {
      return subject.pbkdf2_sha256(vector.at("password"), vector.at("salt"), vector.count, size);
    };
    if (key.size() > max_pbkdf2_size) {  // beyond the port's bound
      expect_refused("pbkdf2", derive(key.size()), Errc::out_of_range);
      return expect_bytes("pbkdf2, the beginning", derive(max_pbkdf2_size),
                          ByteView(key).first(max_pbkdf2_size));
    }
    return expect_bytes("pbkdf2", derive(key.size()), key);
  }
  const auto derive = [&](std::size_t size) {
    return subject.hkdf_sha256(vector.at("salt"), vector.at("ikm"), vector.at("info"), size);
  };
  const Bytes& okm = vector.at("okm");
  if (vector.verdict == Verdict::invalid) {
    return expect_refused("hkdf, too much", derive(vector.count), Errc::out_of_range);
  }
  expect_bytes("hkdf", derive(okm.size()), okm);
  expect_bytes("hkdf, the beginning", derive((okm.size() + 1) / 2),
               ByteView(okm).first((okm.size() + 1) / 2));
}

void run_cipher(Subject& subject, const Vector& vector) {
  if (vector.operation == Operation::aes256_ctr) return run_ctr(subject, vector);
  if (vector.operation == Operation::aes256_cbc_padded) return run_cbc_padded(subject, vector);
  run_cbc(subject, vector, vector.at("plain"), vector.at("cipher"));
}

void run_aead(Subject& subject, const Vector& vector) {
  const Capability aead = capability_of(vector.operation, vector);
  const Bytes& key = vector.at("key");
  const Bytes& nonce = vector.at("nonce");
  const Bytes& associated = vector.at("associated");
  const Bytes& cipher = vector.at("cipher");
  const Bytes& tag = vector.at("tag");
  const auto opened = subject.open(aead, key, nonce, associated, cipher, tag);
  if (vector.verdict != Verdict::valid) {
    const bool good_nonce = nonce.size() == aead_nonce_size;
    if (good_nonce && tag.size() == aead_tag_size) {
      return expect_refused("open", opened, Errc::bad_tag);
    }
    expect_refused("open", opened, Errc::out_of_range);
    const auto sealed = subject.seal(aead, key, nonce, associated, cipher);
    return expect("seal refuses the nonce as well",
                  good_nonce || (!sealed && sealed.error().code == Errc::out_of_range));
  }
  const Bytes& plain = vector.at("plain");
  expect_bytes("open", opened, plain);
  const auto sealed = value_of("seal", subject.seal(aead, key, nonce, associated, plain));
  if (sealed.cipher != cipher) differs("seal: ciphertext", cipher, sealed.cipher);
  if (sealed.tag != tag) differs("seal: tag", tag, sealed.tag);

  const auto refuse = [&](std::string_view what, ByteView k, ByteView n, ByteView a, ByteView c,
                          ByteView t) {
    expect_refused(what, subject.open(aead, k, n, a, c, t), Errc::bad_tag);
  };
  const auto flipped = [](Bytes bytes) {
    if (!bytes.empty()) bytes[bytes.size() / 2] ^= 0x10U;
    return bytes;
  };
  refuse("one bit of the tag", key, nonce, associated, cipher, flipped(tag));
  refuse("one bit of the nonce", key, flipped(nonce), associated, cipher, tag);
  if (!cipher.empty()) refuse("one bit of it", key, nonce, associated, flipped(cipher), tag);
  if (!associated.empty()) {
    refuse("one bit of the associated data", key, nonce, flipped(associated), cipher, tag);
  }
}

}  // namespace wib::conformance
