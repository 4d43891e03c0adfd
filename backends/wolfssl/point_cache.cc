// SPDX-License-Identifier: Apache-2.0
#include "point_cache.h"

#include "internal.h"

namespace WIB_BACKEND_NAMESPACE {
namespace {

struct PointCache {
  PointCache() = default;
  PointCache(const PointCache&) = delete;
  PointCache& operator=(const PointCache&) = delete;
  ~PointCache() { wc_ecc_fp_free(); }

  void touch() noexcept {}  // a thread's object is made when the thread first uses it
};

thread_local PointCache point_cache;

}  // namespace

void free_point_cache_at_thread_end() { point_cache.touch(); }

}  // namespace WIB_BACKEND_NAMESPACE
