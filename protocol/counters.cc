// SPDX-License-Identifier: Apache-2.0
#include "protocol/counters.h"

#include <limits>

#include "protocol/big_endian.h"

namespace wib {

Result<Counters> load_counters(Store& store) {
  std::array<Byte, counters_size> record;
  const auto size = store.get(Record::counters, record);
  // One that does not fit is not of its size.
  if (!size) return fail(Errc::storage, "store: counters");
  Counters counters;
  if (*size) {
    if (**size != counters_size) return fail(Errc::storage, "store: counters");
    const ByteView view(record);
    counters.version = read_u64(view.first(8));
    counters.epoch = read_u64(view.subspan(8, 8));
    counters.charged = static_cast<std::uint32_t>(read_u64(view.subspan(16, 4)));
  }
  const auto monotonic = store.monotonic();
  if (!monotonic) return std::unexpected(monotonic.error());
  if (*monotonic && counters.version < **monotonic) {
    counters.rolled_back = true;
    counters.version = **monotonic;
    counters.epoch = std::max(counters.epoch, **monotonic);
    counters.charged = std::numeric_limits<std::uint32_t>::max();
  }
  return counters;
}

Result<> store_counters(Store& store, const Counters& counters) {
  constexpr auto top = std::numeric_limits<std::uint64_t>::max();
  if (counters.version == top) return fail(Errc::storage, "store: counters are used up");
  std::array<Byte, counters_size> record;
  const ByteSpan span(record);
  write_u64(counters.version + 1, span.first(8));
  write_u64(counters.epoch, span.subspan(8, 8));
  write_u64(counters.charged, span.subspan(16, 4));
  if (auto put = store.put(Record::counters, record); !put) return put;
  // After the record: a cut in between leaves the record ahead, which is no rollback.
  return store.raise_monotonic(counters.version + 1);
}

}  // namespace wib
