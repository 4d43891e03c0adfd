// SPDX-License-Identifier: Apache-2.0
//
// The records of a store, as a device finds them at boot: which one, flags, the record.
#include "attacks/world/memory_store.h"
#include "fuzz/parsers/oracle.h"
#include "fuzz/parsers/plain_cbor.h"
#include "fuzz/parsers/plain_numbers.h"
#include "protocol/big_endian.h"
#include "protocol/counters.h"
#include "protocol/messages/bundle.h"
#include "protocol/registration.h"
#include "protocol/setup/device.h"

namespace wib::fuzz {

const std::string_view invariant =
    "A record is loaded exactly if its grammar has it, else it is Errc::storage and never taken "
    "for none; loading changes nothing, and what is stored again is the same record.";

namespace {

void expect_storage_error(const Error& error) {
  expect(error.code == Errc::storage && error.local(), "a record that is broken is Errc::storage");
}

// The bytes of a record that is in the store.
ByteView contents(Store& store, Record record, ByteSpan buffer) {
  const auto size = store.get(record, buffer);
  expect(size && *size, "the record is there");
  return buffer.first(**size);
}

void check_identity(Store& store, ByteView record) {
  static std::array<Byte, max_bundle_size> buffer;
  static constexpr std::array<Rule, 2> rules = {{{1, 1, 4096}, {2, 1, 3072}}};
  const auto bundle = load_identity(store, buffer);
  const bool good = judge(record, rules).wrong == Errc::none;
  expect(bundle.has_value() == good, "loaded if it is a bundle");
  if (!bundle) return expect_storage_error(bundle.error());
  expect(bundle->has_value(), "a record that is there is not none");
  expect(inside((*bundle)->certificate, buffer) && inside((*bundle)->private_key, buffer),
         "views into the buffer");
}

void check_verifier(Store& store, ByteView record) {
  static constexpr std::array<Rule, 4> rules = {{{1, 32, 32}, {2, 65, 65}, {3, 16, 16}, {4, 4, 4}}};
  const Judged judged = judge(record, rules);
  bool good = judged.wrong == Errc::none;
  if (good) {
    const auto iterations = static_cast<std::uint32_t>(read_u64(judged.values[3]));
    good = iterations >= min_iterations && iterations <= max_iterations &&
           plain_on_p256(judged.values[1]);
  }
  const auto verifier = load_verifier(store);
  expect(verifier.has_value() == good, "loaded if its grammar has it");
  if (!verifier) return expect_storage_error(verifier.error());
  expect(verifier->has_value(), "a record that is there is not none");
  std::array<Byte, max_verifier_size> buffer;
  const auto written = write_verifier(**verifier, buffer);
  expect(written && same_bytes(*written, record), "written as it was");
}

void check_counters(attacks::MemoryStore& store, ByteView record, Byte flags) {
  const std::uint64_t raised = flags % 2 == 0 ? 0 : std::uint64_t{flags} << (flags / 8U);
  store.has_monotonic = flags % 2 != 0;
  expect(store.raise_monotonic(raised).has_value(), "the store works");
  const auto counters = load_counters(store);
  expect(counters.has_value() == (record.size() == counters_size), "loaded if it has its size");
  if (!counters) return expect_storage_error(counters.error());
  const std::uint64_t version = read_u64(record.first(8));
  expect(counters->rolled_back == (store.has_monotonic && version < raised),
         "older than the monotonic counter is rolled back");
  if (!counters->rolled_back) {
    expect(counters->version == version && counters->epoch == read_u64(record.subspan(8, 8)) &&
               counters->charged == read_u64(record.subspan(16)),
           "the numbers are the record's");
  }
  if (counters->version > ~std::uint64_t{0} - 2) return;  // no device writes that often
  expect(store_counters(store, *counters).has_value(), "stored");
  const auto again = load_counters(store);
  expect(again && !again->rolled_back && again->version > counters->version &&
             again->epoch == counters->epoch && again->charged == counters->charged,
         "what is stored is loaded as it was, under a later version");
}

}  // namespace

void one_input(ByteView input) {
  static std::array<Byte, 16384> before;
  Choices choices(input);
  const auto record = static_cast<Record>(choices.below(3));
  const Byte flags = choices.byte();
  const ByteView bytes = choices.rest();
  attacks::MemoryStore store;
  expect(store.put(record, bytes).has_value(), "the store works");
  switch (record) {
    case Record::identity: check_identity(store, bytes); break;
    case Record::verifier: check_verifier(store, bytes); break;
    case Record::counters: check_counters(store, bytes, flags); return;
  }
  expect(same_bytes(contents(store, record, before), bytes), "loading changes nothing");
}

}  // namespace wib::fuzz
