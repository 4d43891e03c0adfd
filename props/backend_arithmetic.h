// SPDX-License-Identifier: Apache-2.0
//
// What the suites about backends' arithmetic share: an operation's whole outcome, and the question
// whether all backends have the same.
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <tuple>

#include "props/backend_support.h"

namespace wib::props {

class Arithmetic : public EachBackend {
 protected:
  Crypto& crypto() { return GetParam()->crypto(); }
};

// What is in an output buffer before the call, to see that nothing was written.
inline constexpr Byte untouched = 0xa5;

struct Outcome {
  Errc code = Errc::none;
  Bytes out;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

// For RapidCheck's reports.
inline std::ostream& operator<<(std::ostream& stream, const Outcome& outcome) {
  return stream << name(outcome.code) << " " << testing::PrintToString(outcome.out);
}

template <class Operation>
Outcome outcome_of(std::size_t size, Operation operation) {
  Bytes out(size, untouched);
  const Result<> result = operation(out);
  return {code_of(result), out};
}

// Asserts that `operation(crypto)` gives the same outcome on every backend, and returns it.
template <class Operation>
Outcome assert_all_agree(Operation operation) {
  const Outcome first = operation(backends().front()->crypto());
  for (Backend* const backend : backends().subspan(1)) {
    RC_ASSERT(operation(backend->crypto()) == first);
  }
  return first;
}

inline rc::Gen<Bytes> bytes_of(std::size_t size) {
  return rc::gen::container<Bytes>(size, rc::gen::arbitrary<Byte>());
}

inline rc::Gen<Bytes> bytes_up_to(std::size_t size) {
  return rc::gen::mapcat(rc::gen::inRange<std::size_t>(0, size + 1), bytes_of);
}

// Numbers as attackers write them: random, with runs of zeros and ones at either end.
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

// `whole` cut at two places, which may coincide.
inline rc::Gen<std::array<std::size_t, 2>> cuts_of(std::size_t size) {
  return rc::gen::map(rc::gen::tuple(rc::gen::inRange<std::size_t>(0, size + 1),
                                     rc::gen::inRange<std::size_t>(0, size + 1)),
                      [](std::tuple<std::size_t, std::size_t> at) {
                        const auto [a, b] = at;
                        return std::array{std::min(a, b), std::max(a, b)};
                      });
}

inline std::array<ByteView, 3> cut(ByteView whole, std::array<std::size_t, 2> at) {
  return {whole.first(at[0]), whole.subspan(at[0], at[1] - at[0]), whole.subspan(at[1])};
}

}  // namespace wib::props
