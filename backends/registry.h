// SPDX-License-Identifier: Apache-2.0
//
// The backends that were linked in, and what they can run. Each list is in order of the names; each
// object lives until the program ends.
#pragma once

#include "backends/backend.h"
#include "protocol/suites.h"

namespace wib {

// The operations that the suite's choices ask a backend for.
[[nodiscard]] Capabilities needs(const Suite& suite) noexcept;

// True if the backend has those, and can judge a pair by itself or with what it borrows.
[[nodiscard]] bool runs(const Backend& backend, const Suite& suite) noexcept;

// The real ones (Manifest::real) that run every suite: what attacks, the commands and the tests of
// sessions run on.
[[nodiscard]] std::span<Backend* const> backends() noexcept;

// Those, and real ones that are not complete: what the contract is held against.
[[nodiscard]] std::span<Backend* const> real_backends() noexcept;

// Those, and the ones that are no real crypto.
[[nodiscard]] std::span<Backend* const> all_backends() noexcept;

// The backend of that name, whatever it is; null if there is none.
[[nodiscard]] Backend* find_backend(std::string_view name) noexcept;

// All of them, as the build lists the folders (backends/CMakeLists.txt). For the functions above.
[[nodiscard]] std::span<Backend* const> linked_backends() noexcept;

}  // namespace wib
