// SPDX-License-Identifier: Apache-2.0
//
// Slot protection: how a payload is sealed and opened, and whether success is acknowledged. It owns
// the bodies of POST /setup/key.wib and of its answer, and of POST /setup/auth.wib where the key
// exchange has a payload sealed there.
#pragma once

#include "protocol/crypto.h"
#include "protocol/defences/key_schedule.h"
#include "protocol/messages/message.h"
#include "protocol/random.h"

namespace wib {

// What a sealed payload belongs to. A choice that binds nothing ignores it.
struct SealContext {
  Endpoint message = Endpoint::post_auth;
  ByteView transcript;
  std::uint64_t counter = 0;  // payloads that were sealed before, in this session and direction
  bool to_client = false;     // the direction
};

class Protection {
 public:
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  // The cipher in short ("cbc", "gcm"): one name of a suite may have several.
  [[nodiscard]] virtual std::string_view reading() const noexcept = 0;

  // True if the device answers an install with a sealed acknowledgement (200), and the client takes
  // nothing less: a bare 204 is no proof of anything. The transition tables have rows for it.
  [[nodiscard]] virtual bool acknowledges() const noexcept = 0;

  [[nodiscard]] virtual Body parse_sealed(ByteView body) const noexcept = 0;
  [[nodiscard]] virtual Result<ByteView> write_sealed(const Body& body,
                                                      ByteSpan out) const noexcept = 0;

  // Bytes that seal() needs in `out` for a plaintext of `size` bytes.
  [[nodiscard]] virtual std::size_t sealed_size(std::size_t size) const noexcept = 0;

  // Seals `plaintext`; the result views into `out`. Draws what the choice needs from `random`.
  [[nodiscard]] virtual Result<Body> seal(Crypto& crypto, Random& random, const DirectionKeys& keys,
                                          const SealContext& context, ByteView plaintext,
                                          ByteSpan out) const = 0;

  // Opens `sealed` into the front of `out` (as long as the ciphertext); returns the plaintext's
  // view. Errc::bad_padding, Errc::bad_tag, Errc::out_of_range, or what the parser said; then `out`
  // holds no plaintext.
  [[nodiscard]] virtual Result<ByteView> open(Crypto& crypto, const DirectionKeys& keys,
                                              const SealContext& context, const Body& sealed,
                                              ByteSpan out) const = 0;

 protected:
  ~Protection() = default;
};

// As posted, in its two readings: encrypt with AES-256, and beside it HMAC-SHA-512 of the plaintext
// ("in plain"), both under the same key. CBC has PKCS#7 padding and a random IV; CTR a random
// initial counter. Nothing binds a payload to its message, its session or its direction.
[[nodiscard]] const Protection& aes_cbc_encrypt_and_mac() noexcept;
[[nodiscard]] const Protection& aes_ctr_encrypt_and_mac() noexcept;

// AEAD: the nonce is the direction and the counter (never sent), the associated data are the
// message, the direction and the transcript, and nothing is parsed before it is verified. Draws
// nothing.
[[nodiscard]] const Protection& aes256_gcm_aead() noexcept;
[[nodiscard]] const Protection& chacha20_poly1305_aead() noexcept;

}  // namespace wib
