// SPDX-License-Identifier: Apache-2.0
#include "fuzz/trace/language.h"

namespace wib::fuzz {
namespace {

// Eight values of a byte's lowest bits to kinds: what is found useful more often has more of them.
using enum Cookies;
constexpr std::array<Cookies, 8> cookie_kinds = {known, known, known, known, hole, hole, none, own};
constexpr std::array<Elements, 8> element_kinds = {
    Elements::known, Elements::known, Elements::known,    Elements::own,
    Elements::own,   Elements::power, Elements::constant, Elements::constant};
constexpr std::array<Confirms, 8> confirm_kinds = {
    Confirms::known, Confirms::known, Confirms::known, Confirms::hole,
    Confirms::hole,  Confirms::hole,  Confirms::junk,  Confirms::junk};
constexpr std::array<Seals, 8> seal_kinds = {Seals::known, Seals::known, Seals::known, Seals::parts,
                                             Seals::hole,  Seals::hole,  Seals::hole,  Seals::junk};
constexpr std::array<Offers, 8> offer_kinds = {
    Offers::known, Offers::known,     Offers::known,        Offers::known,
    Offers::known, Offers::own_group, Offers::other_suites, Offers::other_epoch};

}  // namespace

Choice choice(Field field, Byte byte) noexcept {
  const std::size_t low = byte & 7U;
  const auto index = static_cast<Byte>(byte >> 3U);
  switch (field) {
    case Field::cookie: return {static_cast<Byte>(cookie_kinds[low]), index};
    case Field::element: return {static_cast<Byte>(element_kinds[low]), index};
    case Field::confirm: return {static_cast<Byte>(confirm_kinds[low]), index};
    case Field::sealed: return {static_cast<Byte>(seal_kinds[low]), index};
    case Field::offer: return {static_cast<Byte>(offer_kinds[low]), index};
    case Field::status:
    case Field::which: return {0, byte};
  }
  return {};
}

Schema schema(const Shape& shape, Action action) noexcept {
  using enum Action;
  switch (action) {
    case post_dh: return {{Field::cookie, Field::element}, 2};
    case post_auth: return {{Field::cookie, shape.confirms ? Field::confirm : Field::sealed}, 2};
    case post_key: return {{Field::cookie, Field::sealed}, 2};
    case offer: return {{Field::cookie, Field::offer}, 2};
    case answer:
      return {{Field::element, Field::confirm}, shape.confirms ? std::size_t{2} : std::size_t{1}};
    case auth_result: return {{Field::status}, 1};
    case key_result:
      return {{Field::status, Field::sealed}, shape.acknowledges ? std::size_t{2} : std::size_t{1}};
    case forward: return {{Field::which}, 1};
    default: return {};
  }
}

std::size_t field_size(Field field, ByteView bytes) noexcept {
  std::size_t size = 0;
  while (true) {
    const Byte byte = size < bytes.size() ? bytes[size] : Byte{0};
    ++size;
    const Byte kind = choice(field, byte).kind;
    if (field == Field::element && kind == static_cast<Byte>(Elements::power) && size < 6) continue;
    if (field == Field::sealed && kind == static_cast<Byte>(Seals::parts)) return size + 1;
    return size;
  }
}

void parse(const Shape& shape, ByteView trace, std::vector<Extent>& steps,
           std::vector<FieldExtent>* fields) {
  steps.clear();
  if (fields != nullptr) fields->clear();
  for (std::size_t at = 0; at < trace.size();) {
    const std::size_t begin = at;
    const Schema of = schema(shape, step_of(trace[at++]).action);
    for (std::size_t i = 0; i < of.size; ++i) {
      const ByteView rest = at < trace.size() ? trace.subspan(at) : ByteView{};
      const std::size_t size = field_size(of.fields[i], rest);
      if (fields != nullptr) fields->push_back({{at, at + size}, of.fields[i]});
      at += size;
    }
    steps.push_back({begin, at});
  }
}

}  // namespace wib::fuzz
