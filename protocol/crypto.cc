// SPDX-License-Identifier: Apache-2.0
#include "protocol/crypto.h"

namespace wib {

bool Crypto::equal(ByteView a, ByteView b) noexcept { return constant_time_equal(a, b); }

Result<bool> Crypto::verify_hmac_sha512(ByteView key, ByteView message, ByteView tag) {
  SecretBuffer<sha512_size> expected;
  if (!expected.resize(sha512_size)) return fail(Errc::capacity, "hmac_sha512");
  if (auto done = hmac_sha512(key, message, expected.span()); !done) {
    return std::unexpected(done.error());
  }
  return constant_time_equal(expected.view(), tag);
}

}  // namespace wib
