// SPDX-License-Identifier: Apache-2.0
//
// The baselines of the seed search's benchmark: what one writes on a first afternoon with OpenSSL.
// They follow attacks/search/stream_random.h and share no code with it. One thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "protocol/bytes.h"

namespace wib_backend_openssl_bench {

// The lowest seed in first .. first + count - 1 whose exponent x has 2^x = share modulo p, or
// `none`: BN_mod_exp for each seed. x is bytes 16..47 of the seed's stream under `label`.
inline constexpr std::uint64_t none = ~std::uint64_t{0};
[[nodiscard]] std::uint64_t naive_share_search(std::string_view label, std::uint64_t first,
                                               std::uint64_t count, wib::ByteView p,
                                               wib::ByteView share);

// Derives block 0 of the streams of the seeds first .. first + count - 1, with SHA256_Update and
// precomputed midstates of the label's HMAC key; the exclusive or of the blocks' first bytes, so
// that the work cannot be dropped.
[[nodiscard]] wib::Byte bare_kdf(std::string_view label, std::uint64_t first, std::uint64_t count);

}  // namespace wib_backend_openssl_bench
