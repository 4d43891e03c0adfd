// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace WIB_BACKEND_NAMESPACE {

// The library keeps multiples of every point that it meets twice (FP_ECC): up to fifteen points, in
// all some twelve megabytes, for each thread, and it frees them only when told to by that thread.
// Every operation on elliptic curves calls this first; the tables then go when the thread ends.
// Freeing them after each operation would make the next one build the generator's again, which is
// ten times slower than the operation.
void free_point_cache_at_thread_end();

}  // namespace WIB_BACKEND_NAMESPACE
