// SPDX-License-Identifier: Apache-2.0
#include "arena.h"

#include <algorithm>

namespace WIB_BACKEND_NAMESPACE {
namespace {

constexpr std::size_t initial_slots = 1024;

bool same(ByteView a, ByteView b) noexcept {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace

// --- The table ----------------------------------------------------------------------------------

void Arena::Table::reset() noexcept {
  used_ = 0;
  if (++generation_ == 0) {  // after 2^32 runs
    std::ranges::fill(slots_, Slot{});
    generation_ = 1;
  }
}

void Arena::Table::place(std::uint64_t hash, std::uint32_t index) noexcept {
  std::size_t at = hash & (slots_.size() - 1);
  while (slots_[at].generation == generation_) at = (at + 1) & (slots_.size() - 1);
  slots_[at] = {hash, generation_, index};
}

void Arena::Table::insert(std::uint64_t hash, std::uint32_t index) {
  if (2 * ++used_ > slots_.size()) {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.generation == generation_) place(slot.hash, slot.index);
    }
  }
  place(hash, index);
}

// --- Values -------------------------------------------------------------------------------------

Arena::Arena(const Limits& limits)
    : limits_{std::min<std::size_t>(limits.terms, std::size_t{1} << 31U),
              std::min<std::size_t>(limits.bytes, std::size_t{1} << 31U)},
      applications_(1),
      by_bytes_(initial_slots),
      by_application_(initial_slots) {}

void Arena::reset() noexcept {
  pool_.clear();
  values_.clear();
  applications_.resize(1);
  arguments_.clear();
  by_bytes_.reset();
  by_application_.reset();
}

std::optional<Id> Arena::find(ByteView wanted, const Digest& digest) const noexcept {
  return by_bytes_.find(digest.a, [&](Id id) { return same(bytes(id), wanted); });
}

std::optional<Id> Arena::find(ByteView wanted) const noexcept {
  return find(wanted, digest_of(wanted));
}

Id Arena::add_value(const Digest& digest, std::size_t offset, std::size_t size) {
  const auto id = static_cast<Id>(values_.size());
  values_.push_back({digest, offset, size, 0});
  by_bytes_.insert(digest.a, id);
  return id;
}

Id Arena::intern(ByteView wanted) {
  const Digest digest = digest_of(wanted);
  if (const auto found = find(wanted, digest)) return *found;
  const std::size_t offset = pool_.size();
  pool_.insert(pool_.end(), wanted.begin(), wanted.end());
  return add_value(digest, offset, wanted.size());
}

// --- Applications -------------------------------------------------------------------------------

Digest Arena::digest_of_application(Op op, std::span<const Id> arguments) const noexcept {
  Digest digest{static_cast<std::uint64_t>(op), arguments.size()};
  for (const Id argument : arguments) digest = chain(digest, values_[argument].digest);
  return mixer::finish(digest);
}

std::optional<Id> Arena::known(Op op, std::span<const Id> wanted,
                               const Digest& digest) const noexcept {
  const auto found = by_application_.find(digest.a, [&](std::uint32_t index) {
    const Application& application = applications_[index];
    return application.op == op && std::ranges::equal(arguments(application), wanted);
  });
  if (!found) return std::nullopt;
  return applications_[*found].result;
}

ByteSpan Arena::draft(const Digest& digest, std::uint64_t attempt, std::size_t size) {
  const std::size_t offset = pool_.size();
  pool_.resize(offset + size);
  const ByteSpan drafted = ByteSpan(pool_).subspan(offset);
  expand(digest, attempt, drafted);
  return drafted;
}

std::optional<Id> Arena::take_draft(std::size_t size) {
  const std::size_t offset = pool_.size() - size;
  const ByteView drafted = ByteView(pool_).subspan(offset);
  const Digest digest = digest_of(drafted);
  const auto found = find(drafted, digest);
  if (!found) return add_value(digest, offset, size);
  pool_.resize(offset);
  // Met before, as bytes from outside: now it is known what they are.
  if (values_[*found].maker == 0 || size < min_symbol_size) return *found;
  return std::nullopt;
}

void Arena::record(Op op, std::span<const Id> arguments, const Digest& digest, Id result) {
  const auto index = static_cast<std::uint32_t>(applications_.size());
  applications_.push_back({op, static_cast<std::uint32_t>(arguments_.size()),
                           static_cast<std::uint32_t>(arguments.size()), result, digest});
  arguments_.insert(arguments_.end(), arguments.begin(), arguments.end());
  by_application_.insert(digest.a, index);
  Value& made = values_[result];
  if (made.maker == 0 && made.size >= min_symbol_size) made.maker = index;
}

Id Arena::partner(Op op, std::span<const Id> context, Id in) {
  std::vector<Id>& arguments = scratch_;
  arguments.assign(context.begin(), context.end());
  arguments.push_back(in);
  const Digest digest = digest_of_application(op, arguments);
  if (const auto result = known(op, arguments, digest)) return *result;
  const std::size_t size = values_[in].size;
  for (std::uint64_t attempt = 0;; ++attempt) {
    (void)draft(digest, attempt, size);
    const auto result = take_draft(size);
    if (!result) continue;
    // Of a few bytes there are few strings: this one may be another's partner already.
    arguments.back() = *result;
    if (known(op, arguments)) continue;
    if (*result != in) {
      // The way back is not how `in` was made.
      const std::uint32_t made_by = values_[in].maker;
      record(op, arguments, digest_of_application(op, arguments), in);
      values_[in].maker = made_by;
    }
    arguments.back() = in;
    record(op, arguments, digest, *result);
    return *result;
  }
}

}  // namespace WIB_BACKEND_NAMESPACE
