// SPDX-License-Identifier: Apache-2.0
//
// Stream: a TCP connection whose every operation has a time limit, and the listener that goes with
// it. Errors name the address.
#pragma once

#include <memory>

#include "attacks/live/address.h"
#include "attacks/live/limits.h"

namespace wib::attacks {

class Stream {
 public:
  // LiveError::refused if nobody listens there.
  [[nodiscard]] static LiveResult<Stream> connect(const Address& address, Timeout timeout);

  [[nodiscard]] LiveResult<> write(ByteView bytes, Timeout timeout);
  // At least one byte, or none if the peer has closed.
  [[nodiscard]] LiveResult<std::size_t> read(ByteSpan out, Timeout timeout);

  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;
  ~Stream();

 private:
  friend class StreamListener;
  struct Impl;
  explicit Stream(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class StreamListener {
 public:
  [[nodiscard]] static LiveResult<StreamListener> open(const Address& address);
  [[nodiscard]] LiveResult<Stream> accept(Timeout timeout);
  // With the port that the system chose, where it was asked to.
  [[nodiscard]] Address address() const;

  StreamListener(StreamListener&&) noexcept;
  ~StreamListener();

 private:
  struct Impl;
  explicit StreamListener(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wib::attacks
