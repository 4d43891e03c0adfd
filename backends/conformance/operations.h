// SPDX-License-Identifier: Apache-2.0
//
// What is done with a vector. Each function throws Differs with what was expected and what came;
// none may stop at the first of several equal ways to say the same thing: in one piece and in many,
// encrypting and decrypting, sealing and opening.
#pragma once

#include "backends/conformance/subject.h"
#include "backends/conformance/vector.h"

namespace wib::conformance {

class Differs : public std::runtime_error {
  using runtime_error::runtime_error;
};

// The capability that the operation is a use of.
[[nodiscard]] Capability capability_of(Operation operation, const Vector& vector);

// That one, and what else the vector takes.
[[nodiscard]] Capabilities needs(const Vector& vector);

// Throws Differs, or BadVector.
void run(Subject& subject, const Vector& vector);

// --- By family ---------------------------------------------------------------------------------

void run_hash(Subject& subject, const Vector& vector);
void run_derivation(Subject& subject, const Vector& vector);
void run_cipher(Subject& subject, const Vector& vector);
void run_aead(Subject& subject, const Vector& vector);
void run_finite_field(Subject& subject, const Vector& vector);
void run_x25519(Subject& subject, const Vector& vector);
void run_p256(Subject& subject, const Vector& vector);
void run_spake2p(Subject& subject, const Vector& vector);
void run_certificate(Subject& subject, const Vector& vector);
void run_tls(Subject& subject, const Vector& vector);

// --- For their authors ---------------------------------------------------------------------------

[[noreturn]] void differs(std::string_view what, ByteView expected, ByteView got);
void expect_bytes(std::string_view what, const Result<Bytes>& got, ByteView expected);
void expect_refused(std::string_view what, const Result<Bytes>& got, Errc code);
void expect(std::string_view what, bool good);
// The value, or Differs with the error.
template <class T>
T value_of(std::string_view what, Result<T> result) {
  if (!result) {
    throw Differs(std::string(what) + " failed: " + std::string(wib::name(result.error().code)) +
                  " (" + std::string(result.error().where) + ")");
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace wib::conformance
