// SPDX-License-Identifier: Apache-2.0
#include "backends/conformance/subject.h"

#include <algorithm>

#include "backends/registry.h"

namespace wib::conformance {
namespace {

// What is in an output buffer before the call.
constexpr Byte untouched = 0xa5;

bool all(ByteView bytes, Byte value) {
  return std::ranges::all_of(bytes, [&](Byte byte) { return byte == value; });
}

// What a refusal may leave behind: the caller's own bytes if sizes or encodings were wrong, zeros
// in every other case, and never a part of a result.
void check_left_behind(const Error& error, ByteView out, ByteView before) {
  const bool kept = error.code == Errc::out_of_range && std::ranges::equal(out, before);
  if (!kept && !all(out, 0)) {
    throw std::runtime_error("refused (" + std::string(error.where) +
                             "), and left in the output: " + to_hex(out));
  }
}

}  // namespace

std::vector<Backend*> declaring(Capability capability) {
  std::vector<Backend*> found;
  for (Backend* const backend : real_backends()) {
    if (backend->manifest().has.has(capability)) found.push_back(backend);
  }
  return found;
}

template <class Operation>
Result<Bytes> Subject::run(Capability capability, std::size_t size, Operation operation) {
  Bytes out(size, untouched);
  const Result<> done = operation(ByteSpan(out));
  if (!done) {
    check_left_behind(done.error(), out, Bytes(size, untouched));
    return std::unexpected(done.error());
  }
  exercised_.note(capability);
  return out;
}

template <class Operation>
Result<Subject::Sealed> Subject::run_twice(Capability capability, ByteView in, std::size_t tag_size,
                                           Operation operation) {
  const auto once = [&](ByteView from, Bytes& out) -> Result<Sealed> {
    const Bytes before = out;
    Bytes tag(tag_size, untouched);
    const Result<> done = operation(from, ByteSpan(out), ByteSpan(tag));
    if (done) return Sealed{.cipher = out, .tag = tag};
    check_left_behind(done.error(), out, before);
    check_left_behind(done.error(), tag, Bytes(tag_size, untouched));
    return std::unexpected(done.error());
  };
  Bytes apart(in.size(), untouched);
  const auto result = once(in, apart);
  Bytes buffer = copy(in);
  const auto in_place = once(buffer, buffer);
  const auto code = [](const auto& end) { return end ? Errc::none : end.error().code; };
  if (code(in_place) != code(result) || (result && *in_place != *result)) {
    throw std::runtime_error("in place it ends otherwise: " +
                             std::string(wib::name(code(in_place))) + " " + to_hex(buffer));
  }
  if (result) exercised_.note(capability);
  return result;
}

template <class Operation>
Result<Bytes> Subject::run_twice(Capability capability, ByteView in, Operation operation) {
  auto result = run_twice(capability, in, 0, [&](ByteView from, ByteSpan out, ByteSpan) {
    return operation(from, out);
  });
  if (!result) return std::unexpected(result.error());
  return std::move(result->cipher);
}

Result<Bytes> Subject::sha256(Pieces message) {
  return run(Capability::sha256, sha256_size,
             [&](ByteSpan out) { return backend_.crypto().sha256(message, out); });
}

Result<Bytes> Subject::hmac_sha256(ByteView key, Pieces message) {
  return run(Capability::hmac_sha256, sha256_size,
             [&](ByteSpan out) { return backend_.crypto().hmac_sha256(key, message, out); });
}

Result<Bytes> Subject::hmac_sha512(ByteView key, Pieces message) {
  return run(Capability::hmac_sha512, sha512_size,
             [&](ByteSpan out) { return backend_.crypto().hmac_sha512(key, message, out); });
}

Result<bool> Subject::verify_hmac_sha256(ByteView key, ByteView message, ByteView tag) {
  return backend_.crypto().verify_hmac_sha256(key, message, tag);
}

Result<bool> Subject::verify_hmac_sha512(ByteView key, ByteView message, ByteView tag) {
  return backend_.crypto().verify_hmac_sha512(key, message, tag);
}

Result<Bytes> Subject::hkdf_sha256(ByteView salt, ByteView ikm, ByteView info, std::size_t size) {
  return run(Capability::hkdf_sha256, size,
             [&](ByteSpan out) { return backend_.crypto().hkdf_sha256(salt, ikm, info, out); });
}

Result<Bytes> Subject::pbkdf2_sha256(ByteView password, ByteView salt, std::uint32_t iterations,
                                     std::size_t size) {
  return run(Capability::pbkdf2_sha256, size, [&](ByteSpan out) {
    return backend_.crypto().pbkdf2_sha256(password, salt, iterations, out);
  });
}

Result<Bytes> Subject::aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in) {
  return run_twice(Capability::aes256_cbc, in, [&](ByteView from, ByteSpan out) {
    return backend_.crypto().aes256_cbc_encrypt(key, iv, from, out);
  });
}

Result<Bytes> Subject::aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in) {
  return run_twice(Capability::aes256_cbc, in, [&](ByteView from, ByteSpan out) {
    return backend_.crypto().aes256_cbc_decrypt(key, iv, from, out);
  });
}

Result<Bytes> Subject::aes256_ctr(ByteView key, ByteView counter, ByteView in) {
  return run_twice(Capability::aes256_ctr, in, [&](ByteView from, ByteSpan out) {
    return backend_.crypto().aes256_ctr(key, counter, from, out);
  });
}

Result<Subject::Sealed> Subject::seal(Capability aead, ByteView key, ByteView nonce,
                                      ByteView associated, ByteView plain) {
  Crypto& crypto = backend_.crypto();
  return run_twice(aead, plain, aead_tag_size, [&](ByteView from, ByteSpan out, ByteSpan tag) {
    return aead == Capability::aes256_gcm
               ? crypto.aes256_gcm_seal(key, nonce, associated, from, out, tag)
               : crypto.chacha20_poly1305_seal(key, nonce, associated, from, out, tag);
  });
}

Result<Bytes> Subject::open(Capability aead, ByteView key, ByteView nonce, ByteView associated,
                            ByteView cipher, ByteView tag) {
  Crypto& crypto = backend_.crypto();
  return run_twice(aead, cipher, [&](ByteView from, ByteSpan out) {
    return aead == Capability::aes256_gcm
               ? crypto.aes256_gcm_open(key, nonce, associated, from, tag, out)
               : crypto.chacha20_poly1305_open(key, nonce, associated, from, tag, out);
  });
}

Result<Bytes> Subject::mod_exp(ByteView base, ByteView exponent, ByteView modulus) {
  return run(Capability::mod_exp, modulus.size(),
             [&](ByteSpan out) { return backend_.crypto().mod_exp(base, exponent, modulus, out); });
}

Result<> Subject::check_share(ByteView share, ByteView modulus) {
  return backend_.crypto().check_share(share, modulus);
}

Result<Bytes> Subject::x25519(ByteView scalar, ByteView u) {
  return run(Capability::x25519, x25519_size,
             [&](ByteSpan out) { return backend_.crypto().x25519(scalar, u, out); });
}

Result<Bytes> Subject::x25519_agree(ByteView scalar, ByteView peer) {
  return run(Capability::x25519, x25519_size,
             [&](ByteSpan out) { return backend_.crypto().x25519_agree(scalar, peer, out); });
}

Result<Bytes> Subject::p256_base_mul(ByteView scalar) {
  return run(Capability::p256, p256_point_size,
             [&](ByteSpan out) { return backend_.crypto().p256_base_mul(scalar, out); });
}

Result<Bytes> Subject::p256_mul(ByteView scalar, ByteView point) {
  return run(Capability::p256, p256_point_size,
             [&](ByteSpan out) { return backend_.crypto().p256_mul(scalar, point, out); });
}

Result<Bytes> Subject::p256_mul_add(ByteView a, ByteView p, ByteView b, ByteView q) {
  return run(Capability::p256, p256_point_size,
             [&](ByteSpan out) { return backend_.crypto().p256_mul_add(a, p, b, q, out); });
}

Result<> Subject::check_p256_share(ByteView point) {
  return backend_.crypto().check_p256_share(point);
}

}  // namespace wib::conformance
