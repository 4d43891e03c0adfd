// SPDX-License-Identifier: Apache-2.0
#include "attacks/search/sweep.h"

#include <algorithm>
#include <thread>
#include <vector>

namespace wib::attacks {
namespace {

constexpr std::chrono::milliseconds progress_interval{200};

unsigned thread_count(unsigned wanted) noexcept {
  return std::max(1U, wanted != 0 ? wanted : std::thread::hardware_concurrency());
}

}  // namespace

Sweep::Sweep(const SeedSpace& space, const SearchOptions& options)
    : space_(space),
      options_(options),
      threads_(thread_count(options.threads)),
      start_(std::chrono::steady_clock::now()),
      lowest_hit_(space.count) {}

// Chunks are handed out in ascending order. So when a worker finds a match, every lower chunk is
// already in some worker's hands and will be looked at to its end: the lowest match is found
// without looking at what lies above it.
void Sweep::work(std::uint64_t chunk, const std::function<Look()>& make_look) {
  const Look look = make_look();
  const std::uint64_t chunks = space_.count / chunk + (space_.count % chunk != 0 ? 1 : 0);
  while (!cancelled_.load(std::memory_order_relaxed)) {
    const std::uint64_t index = next_chunk_.fetch_add(1, std::memory_order_relaxed);
    if (index >= chunks || index * chunk > lowest_hit_.load(std::memory_order_relaxed)) return;
    const std::uint64_t from = index * chunk;
    const std::uint64_t size = std::min(chunk, space_.count - from);
    const std::uint64_t first = space_.first + from;
    const std::optional<std::uint64_t> hit = look(first, first + (size - 1));
    tried_.fetch_add(hit ? *hit - first + 1 : size, std::memory_order_relaxed);
    if (!hit) continue;
    const std::uint64_t offset = *hit - space_.first;
    std::uint64_t lowest = lowest_hit_.load(std::memory_order_relaxed);
    while (offset < lowest && !lowest_hit_.compare_exchange_weak(lowest, offset)) {
    }
    return;
  }
}

void Sweep::run(std::uint64_t chunk, const std::function<Look()>& make_look) {
  std::vector<std::jthread> workers;
  // Whatever happens below, the workers must end before they are joined.
  struct Cancel {
    std::atomic<bool>& flag;
    ~Cancel() { flag = true; }
  };
  {
    const Cancel cancel{cancelled_};
    for (unsigned i = 0; i < threads_; ++i) {
      {
        const std::scoped_lock lock(mutex_);
        ++running_;
      }
      workers.emplace_back([&] {
        std::exception_ptr failure;
        try {
          work(chunk, make_look);
        } catch (...) {
          failure = std::current_exception();
          cancelled_ = true;
        }
        const std::scoped_lock lock(mutex_);
        if (failure && !failure_) failure_ = failure;
        if (--running_ == 0) done_.notify_all();
      });
    }
    for (;;) {
      {
        std::unique_lock lock(mutex_);
        if (done_.wait_for(lock, progress_interval, [&] { return running_ == 0; })) break;
      }
      report();
    }
  }
  workers.clear();
  if (failure_) std::rethrow_exception(failure_);
}

double Sweep::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void Sweep::report() const {
  if (!options_.progress) return;
  const std::uint64_t tried = tried_.load(std::memory_order_relaxed);
  const double elapsed = seconds();
  options_.progress(
      {tried, space_.count, elapsed > 0 ? static_cast<double>(tried) / elapsed : 0.0});
}

SearchResult Sweep::result() const {
  report();
  const std::uint64_t lowest = lowest_hit_.load();
  SearchResult result;
  if (lowest < space_.count) result.seed = space_.first + lowest;
  result.tried = tried_.load();
  result.seconds = seconds();
  return result;
}

}  // namespace wib::attacks
