// SPDX-License-Identifier: Apache-2.0
//
// Marks for a checker of constant time. Everything that is computed from a secret is secret, until
// the code says here that it no longer is, and why. The marks are no code at all unless
// WIB_MARK_SECRETS is defined (the test props.secrets), where valgrind's memcheck takes secret
// bytes for uninitialised ones and so sees every branch and every index that depends on them.
#pragma once

#include "protocol/bytes.h"

#ifdef WIB_MARK_SECRETS
#include <valgrind/memcheck.h>
#endif

namespace wib {

// These bytes may be known from here on: they are sent, or a decision that was made on them shows.
[[gnu::always_inline]] static inline void declassify([[maybe_unused]] ByteView bytes) noexcept {
#ifdef WIB_MARK_SECRETS
  (void)VALGRIND_MAKE_MEM_DEFINED(bytes.data(), bytes.size());
#endif
}

// The same for one value: `if (declassified(verified)) ...`.
template <class T>
[[nodiscard]] [[gnu::always_inline]] static inline T declassified(T value) noexcept {
#ifdef WIB_MARK_SECRETS
  (void)VALGRIND_MAKE_MEM_DEFINED(&value, sizeof value);
#endif
  return value;
}

}  // namespace wib
