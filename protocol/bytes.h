// SPDX-License-Identifier: Apache-2.0
//
// Bytes: views, inline buffers, and the two operations that secrets need (wiping and comparing
// without a data-dependent branch). Nothing here allocates or throws.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace wib {

using Byte = std::uint8_t;
using ByteView = std::span<const Byte>;
using ByteSpan = std::span<Byte>;

// Views the characters of `text` as bytes. The view lives as long as `text`.
[[nodiscard]] inline ByteView as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const Byte*>(text.data()), text.size()};
}

// Views `bytes` as characters, which need not be printable. Lives as long as `bytes`.
[[nodiscard]] inline std::string_view as_text(ByteView bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Overwrites `bytes` with zeros in a way that the optimiser may not drop.
void secure_wipe(ByteSpan bytes) noexcept;

// True if both views hold the same bytes. Time depends on the sizes alone, never on the contents.
[[nodiscard]] bool constant_time_equal(ByteView a, ByteView b) noexcept;

// True if both views hold the same bytes; for public data (time depends on the contents).
[[nodiscard]] inline bool same_bytes(ByteView a, ByteView b) noexcept {
  return std::ranges::equal(a, b);
}

// Up to `Capacity` bytes held in place, copied by value. What does not fit is refused whole.
template <std::size_t Capacity>
class Buffer {
 public:
  constexpr Buffer() noexcept = default;

  // Replaces the contents. False, and no change, if `bytes` is longer than the capacity.
  [[nodiscard]] constexpr bool assign(ByteView bytes) noexcept {
    if (bytes.size() > Capacity) return false;
    std::ranges::copy(bytes, bytes_.begin());
    size_ = bytes.size();
    return true;
  }

  // Sets the size to `size` (at most `Capacity`, else false) and leaves the bytes to be filled
  // through span().
  [[nodiscard]] constexpr bool resize(std::size_t size) noexcept {
    if (size > Capacity) return false;
    size_ = size;
    return true;
  }

  constexpr void clear() noexcept { size_ = 0; }

  [[nodiscard]] constexpr ByteView view() const noexcept { return {bytes_.data(), size_}; }
  [[nodiscard]] constexpr ByteSpan span() noexcept { return {bytes_.data(), size_}; }
  // All `Capacity` bytes, whatever the size: where a writer fills first and resizes after.
  [[nodiscard]] constexpr ByteSpan storage() noexcept { return {bytes_.data(), Capacity}; }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
  [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] static constexpr std::size_t capacity() noexcept { return Capacity; }

 private:
  std::array<Byte, Capacity> bytes_{};
  std::size_t size_ = 0;
};

// A buffer whose whole storage is wiped when it dies, is cleared, or is assigned over. Copying is
// allowed (a session is a value that can be snapshotted); each copy wipes itself.
template <std::size_t Capacity>
class SecretBuffer {
 public:
  SecretBuffer() noexcept = default;
  SecretBuffer(const SecretBuffer&) noexcept = default;
  SecretBuffer& operator=(const SecretBuffer& other) noexcept {
    if (this != &other) {
      clear();
      buffer_ = other.buffer_;
    }
    return *this;
  }
  ~SecretBuffer() { clear(); }

  [[nodiscard]] bool assign(ByteView bytes) noexcept {
    if (bytes.size() > Capacity) return false;
    clear();
    return buffer_.assign(bytes);
  }
  [[nodiscard]] bool resize(std::size_t size) noexcept { return buffer_.resize(size); }
  void clear() noexcept {
    secure_wipe(buffer_.storage());
    buffer_.clear();
  }

  [[nodiscard]] ByteView view() const noexcept { return buffer_.view(); }
  [[nodiscard]] ByteSpan span() noexcept { return buffer_.span(); }
  [[nodiscard]] ByteSpan storage() noexcept { return buffer_.storage(); }
  [[nodiscard]] std::size_t size() const noexcept { return buffer_.size(); }
  [[nodiscard]] bool empty() const noexcept { return buffer_.empty(); }
  [[nodiscard]] static constexpr std::size_t capacity() noexcept { return Capacity; }

 private:
  Buffer<Capacity> buffer_;
};

// Wipes the bytes that it watches when it leaves scope: for scratch space that outlives a secret.
class WipeGuard {
 public:
  explicit WipeGuard(ByteSpan bytes) noexcept : bytes_(bytes) {}
  WipeGuard(const WipeGuard&) = delete;
  WipeGuard& operator=(const WipeGuard&) = delete;
  ~WipeGuard() { secure_wipe(bytes_); }

 private:
  ByteSpan bytes_;
};

}  // namespace wib
