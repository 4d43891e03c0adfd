// SPDX-License-Identifier: Apache-2.0
//
// What the pairwise tests share: how an operation ended, the comparison over all backends, and
// inputs as attackers write them.
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <ostream>

#include "backends/conformance/subject.h"

namespace wib::conformance {

struct Outcome {
  Errc code = Errc::none;
  Bytes out;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

// For failures' reports.
inline std::ostream& operator<<(std::ostream& stream, const Outcome& outcome) {
  return stream << wib::name(outcome.code) << " " << to_hex(outcome.out);
}

// What is in an output buffer before the call.
inline constexpr Byte untouched = 0xa5;

// Operation: Result<>(ByteSpan out).
template <class Operation>
Outcome outcome_of(std::size_t size, Operation operation) {
  Bytes out(size, untouched);
  const Result<> done = operation(ByteSpan(out));
  return {done ? Errc::none : done.error().code, out};
}

// First in every test: one backend agrees with itself.
#define WIB_NEEDS_TWO(capability)                                                  \
  if (::wib::conformance::declaring(capability).size() < 2) {                      \
    GTEST_SKIP() << "fewer than two backends declare " << ::wib::name(capability); \
  }                                                                                \
  static_assert(true)

// The first backend that declares it, for what the inputs of others are made with.
inline Crypto& first_with(Capability capability) { return declaring(capability).front()->crypto(); }

// The outcome on every real backend that declares `needed`, by name; what differs from the first
// one's, as text for a person; empty if all agree. Operation: Outcome(Crypto&).
template <class Operation>
std::string disagreement(Capability needed, Operation operation) {
  std::optional<Outcome> first;
  std::string_view first_name;
  for (Backend* const backend : declaring(needed)) {
    const Outcome outcome = operation(backend->crypto());
    if (!first) {
      first = outcome;
      first_name = backend->name();
    } else if (outcome != *first) {
      std::ostringstream text;
      text << wib::name(needed) << "\n  " << first_name << ": " << *first << "\n  "
           << backend->name() << ": " << outcome;
      return text.str();
    }
  }
  return {};
}

// Inside of a RapidCheck property, which then prints its seed and the inputs.
template <class Operation>
void assert_all_agree(Capability needed, Operation operation) {
  const std::string difference = disagreement(needed, operation);
  if (!difference.empty()) RC_FAIL(difference);
}

inline rc::Gen<Bytes> bytes_of(std::size_t size) {
  return rc::gen::container<Bytes>(size, rc::gen::arbitrary<Byte>());
}

inline rc::Gen<Bytes> bytes_up_to(std::size_t size) {
  return rc::gen::mapcat(rc::gen::inRange<std::size_t>(0, size + 1), bytes_of);
}

// Numbers with runs of zeros or ones at either end.
inline rc::Gen<Bytes> numeral_of(std::size_t size) {
  return rc::gen::map(
      rc::gen::tuple(bytes_of(size), rc::gen::inRange<std::size_t>(0, size + 1),
                     rc::gen::element<Byte>(0x00, 0xff), rc::gen::element(0, 1, 2, 3)),
      [](std::tuple<Bytes, std::size_t, Byte, int> parts) {
        auto& [bytes, run, filler, where] = parts;
        const auto count = static_cast<std::ptrdiff_t>(run);
        if (where == 1) std::fill(bytes.begin(), bytes.begin() + count, filler);
        if (where == 2) std::fill(bytes.end() - count, bytes.end(), filler);
        return bytes;
      });
}

inline rc::Gen<Bytes> numeral_up_to(std::size_t size) {
  return rc::gen::mapcat(rc::gen::inRange<std::size_t>(0, size + 1), numeral_of);
}

}  // namespace wib::conformance
