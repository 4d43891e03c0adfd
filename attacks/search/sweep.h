// SPDX-License-Identifier: Apache-2.0
//
// Sweep: hands a seed space to worker threads in chunks, lowest first, and keeps the lowest hit.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>

#include "attacks/search/seed_search.h"

namespace wib::attacks {

// Used once, by one thread: make, run, result. The clock starts when it is made.
class Sweep {
 public:
  // Looks at the seeds first .. last (both included) and returns the lowest match.
  using Look = std::function<std::optional<std::uint64_t>(std::uint64_t first, std::uint64_t last)>;

  // Both must outlive the sweep. The space must be in bounds.
  Sweep(const SeedSpace& space, const SearchOptions& options);

  // How many threads run() uses, at least one.
  [[nodiscard]] unsigned threads() const noexcept { return threads_; }

  // Each worker makes a look of its own and calls it for chunks of `chunk` seeds. Returns when the
  // lowest match is known or the space is done. What a worker or the callback throws ends the
  // sweep and is thrown here.
  void run(std::uint64_t chunk, const std::function<Look()>& make_look);

  // Also makes the last progress call.
  [[nodiscard]] SearchResult result() const;

 private:
  void work(std::uint64_t chunk, const std::function<Look()>& make_look);
  void report() const;
  [[nodiscard]] double seconds() const;

  const SeedSpace& space_;
  const SearchOptions& options_;
  unsigned threads_;
  std::chrono::steady_clock::time_point start_;

  // Offsets from space_.first, so that nothing overflows: a space has at most 2^64 - 1 seeds.
  std::atomic<std::uint64_t> next_chunk_{0};
  std::atomic<std::uint64_t> lowest_hit_;  // space_.count while there is none
  std::atomic<std::uint64_t> tried_{0};
  std::atomic<bool> cancelled_{false};

  std::mutex mutex_;
  std::condition_variable done_;
  unsigned running_ = 0;
  std::exception_ptr failure_;
};

}  // namespace wib::attacks
