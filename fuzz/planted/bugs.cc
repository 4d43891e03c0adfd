// SPDX-License-Identifier: Apache-2.0
#include "fuzz/planted/bugs.h"

#include <cstdlib>

namespace wib::fuzz {

Choices::Choices(const Suite& suite) noexcept
    : key_exchange(&suite.key_exchange),
      freshness(&suite.freshness),
      key_schedule(&suite.key_schedule),
      protection(&suite.protection),
      group_policy(&suite.group_policy),
      session_policy(&suite.session_policy),
      attempt_limit(&suite.attempt_limit),
      entropy_gate(&suite.entropy_gate) {}

Suite Choices::suite() const noexcept {
  return {*key_exchange, *freshness,      *key_schedule,  *protection,
          *group_policy, *session_policy, *attempt_limit, *entropy_gate};
}

const Suite& planted_suite() { return *find_suite("hardened", "gcm"); }

Planting::Planting()
    : device(planted_suite()),
      client(planted_suite()),
      device_rows(device_table().begin(), device_table().end()),
      client_rows(client_table().begin(), client_table().end()) {}

namespace {

template <class Row, class On, class Event>
Row& row_of(std::vector<Row>& rows, On on, Event event, Judged judged) {
  const Traits traits = planted_suite().traits();
  for (Row& row : rows) {
    if (row.on == on && row.event == event && row.judged == judged && traits.has(row.when)) {
      return row;
    }
  }
  std::abort();  // a bug that is nowhere
}

}  // namespace

DeviceRow& Planting::row(DeviceState on, DeviceEvent event, Judged judged) {
  return row_of(device_rows, on, event, judged);
}
ClientRow& Planting::row(ClientState on, ClientEvent event, Judged judged) {
  return row_of(client_rows, on, event, judged);
}

void Planting::set(DeviceState on, DeviceEvent event, Judged judged, Status status,
                   DeviceState next, Effects effects) {
  DeviceRow& edited = row(on, event, judged);
  edited.status = status;
  edited.next = next;
  edited.effects = effects;
}

void Planting::set(ClientState on, ClientEvent event, Judged judged, ClientState next) {
  row(on, event, judged).next = next;
}

void Planting::look(DeviceState on, DeviceEvent event) {
  DeviceRow& any = row(on, event, Judged::any);
  any.judged = Judged::good;
  DeviceRow other = any;
  other.judged = Judged::bad;
  device_rows.push_back(other);
  other.judged = Judged::failed;
  device_rows.push_back(other);
}

Configuration Planting::configuration() const noexcept {
  device_suite_.emplace(device.suite());
  client_suite_.emplace(client.suite());
  return {.suite = planted_suite(),
          .device = {&*device_suite_, device_rows, client_table()},
          .client = {&*client_suite_, device_table(), client_rows},
          .conditions = conditions,
          .charged = charged};
}

bool Planting::sound() const {
  const auto same_device = [](const DeviceRow& a, const DeviceRow& b) {
    return a.on == b.on && a.event == b.event && a.judged == b.judged && a.status == b.status &&
           a.next == b.next && a.effects == b.effects && a.when == b.when;
  };
  const auto same_client = [](const ClientRow& a, const ClientRow& b) {
    return a.on == b.on && a.event == b.event && a.judged == b.judged && a.next == b.next &&
           a.sends == b.sends && a.request == b.request && a.when == b.when;
  };
  const Choices product(planted_suite());
  return device == product && client == product &&
         std::ranges::equal(device_rows, device_table(), same_device) &&
         std::ranges::equal(client_rows, client_table(), same_client);
}

std::unique_ptr<Planting> Bug::make() const {
  auto planting = std::make_unique<Planting>();
  planting->conditions = conditions;
  planting->charged = charged;
  plant(*planting);
  return planting;
}

std::span<const Bug> bugs() {
  static const std::vector<Bug> all = [] {
    std::vector<Bug> joined;
    for (const auto part : {device_table_bugs(), client_table_bugs(), exchange_bugs(),
                            sealing_bugs(), count_bugs()}) {
      joined.insert(joined.end(), part.begin(), part.end());
    }
    return joined;
  }();
  return all;
}

const Bug* find_bug(std::string_view id) {
  for (const Bug& bug : bugs()) {
    if (bug.id == id) return &bug;
  }
  return nullptr;
}

}  // namespace wib::fuzz
