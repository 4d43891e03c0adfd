// SPDX-License-Identifier: Apache-2.0
//
// SHA-256 with the x86 SHA instructions. Only functions that carry the target attribute use them,
// so the file builds without -m options and the binary runs on machines without the instructions.
#include "attacks/search/sha256.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#include "attacks/search/sha256_constants.h"

namespace wib::attacks {
namespace {

#define WIB_SHA_NI __attribute__((target("sha,sse4.1")))
// An inline function's target must be its caller's, or it could not be inlined.
#define WIB_SHA_NI_INLINE __attribute__((target("sha,sse4.1"), always_inline)) inline

// One stream in registers: the instructions want the state as {F,E,B,A} and {H,G,D,C}, low lane
// first. `w` holds the last sixteen words of the schedule.
struct Stream {
  __m128i abef, cdgh;
  __m128i w[4];
};

WIB_SHA_NI_INLINE __m128i load(const std::uint32_t* p) noexcept {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
}

WIB_SHA_NI_INLINE void load_state(Stream& s, const Sha256State& state) noexcept {
  const __m128i cdab = _mm_shuffle_epi32(load(&state[0]), 0xb1);
  const __m128i efgh = _mm_shuffle_epi32(load(&state[4]), 0x1b);
  s.abef = _mm_alignr_epi8(cdab, efgh, 8);
  s.cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);
}

WIB_SHA_NI_INLINE void fold_state(const Stream& s, Sha256State& state) noexcept {
  const __m128i feba = _mm_shuffle_epi32(s.abef, 0x1b);
  const __m128i dchg = _mm_shuffle_epi32(s.cdgh, 0xb1);
  const __m128i dcba = _mm_blend_epi16(feba, dchg, 0xf0);
  const __m128i hgfe = _mm_alignr_epi8(dchg, feba, 8);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(&state[0]), _mm_add_epi32(load(&state[0]), dcba));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(&state[4]), _mm_add_epi32(load(&state[4]), hgfe));
}

// Four rounds; `i` is a constant after unrolling.
WIB_SHA_NI_INLINE void rounds4(Stream& s, std::size_t i) noexcept {
  __m128i& w = s.w[i % 4];
  if (i >= 4) {
    const __m128i& w1 = s.w[(i + 3) % 4];  // the four words before
    const __m128i& w2 = s.w[(i + 2) % 4];
    const __m128i& w3 = s.w[(i + 1) % 4];
    w = _mm_sha256msg1_epu32(w, w3);
    w = _mm_add_epi32(w, _mm_alignr_epi8(w1, w2, 4));
    w = _mm_sha256msg2_epu32(w, w1);
  }
  const __m128i wk = _mm_add_epi32(w, load(&sha256_round_constants[4 * i]));
  s.cdgh = _mm_sha256rnds2_epu32(s.cdgh, s.abef, wk);
  s.abef = _mm_sha256rnds2_epu32(s.abef, s.cdgh, _mm_shuffle_epi32(wk, 0x0e));
}

WIB_SHA_NI_INLINE void load_block(Stream& s, const Sha256Block& block) noexcept {
  for (std::size_t i = 0; i < 4; ++i) s.w[i] = load(&block[4 * i]);
}

WIB_SHA_NI void compress(Sha256State& state, const Sha256Block& block) noexcept {
  Stream s;
  load_state(s, state);
  load_block(s, block);
#pragma GCC unroll 16
  for (std::size_t i = 0; i < 16; ++i) rounds4(s, i);
  fold_state(s, state);
}

// One stream waits for the latency of its own rounds most of the time; a second one fills it. Two
// are what sixteen registers hold.
WIB_SHA_NI void compress_pair(Sha256State& state_a, const Sha256Block& block_a,
                              Sha256State& state_b, const Sha256Block& block_b) noexcept {
  Stream a;
  Stream b;
  load_state(a, state_a);
  load_state(b, state_b);
  load_block(a, block_a);
  load_block(b, block_b);
#pragma GCC unroll 16
  for (std::size_t i = 0; i < 16; ++i) {
    rounds4(a, i);
    rounds4(b, i);
  }
  fold_state(a, state_a);
  fold_state(b, state_b);
}

// __builtin_cpu_supports has no name for the SHA instructions in gcc 12.
bool detect() noexcept {
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
  constexpr unsigned sha_bit = 1U << 29;
  return (b & sha_bit) != 0 && __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("ssse3");
}

}  // namespace

const Sha256Kernel* sha_ni_sha256() noexcept {
  static constexpr Sha256Kernel kernel{"SHA-NI", compress, compress_pair};
  static const bool available = detect();
  return available ? &kernel : nullptr;
}

}  // namespace wib::attacks

#else

namespace wib::attacks {

const Sha256Kernel* sha_ni_sha256() noexcept { return nullptr; }

}  // namespace wib::attacks

#endif
