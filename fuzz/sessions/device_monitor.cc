// SPDX-License-Identifier: Apache-2.0
#include "fuzz/sessions/device_monitor.h"

#include "protocol/big_endian.h"
#include "protocol/counters.h"

namespace wib::fuzz {
namespace {

// FNV-1a, over everything that a session is.
class Mark {
 public:
  void add(ByteView bytes) noexcept {
    for (const Byte byte : bytes) value_ = (value_ ^ byte) * 0x100'0000'01b3U;
    add(bytes.size());
  }
  void add(std::uint64_t number) noexcept { value_ = (value_ ^ number) * 0x100'0000'01b3U; }
  [[nodiscard]] std::uint64_t value() const noexcept { return value_; }

 private:
  std::uint64_t value_ = 0xcbf2'9ce4'8422'2325U;
};

std::uint64_t mark_of(const Session& session) noexcept {
  Mark mark;
  mark.add(static_cast<std::uint64_t>(session.state));
  mark.add(session.cookie);
  mark.add(static_cast<std::uint64_t>(session.opened.count()));
  mark.add(session.epoch.view());
  for (const DirectionKeys* keys : {&session.keys.to_device, &session.keys.to_client}) {
    mark.add(keys->encryption.view());
    mark.add(keys->mac.view());
  }
  mark.add(session.proof.view());
  mark.add(session.opened_payloads);
  mark.add(session.transcript.digest());
  return mark.value();
}

const Session* session_of(const Device& device, const std::optional<Cookie>& cookie) noexcept {
  if (!cookie) return nullptr;
  for (const Session& session : device.snapshot().sessions) {
    if (session.live() && same_bytes(session.cookie, *cookie)) return &session;
  }
  return nullptr;
}

// What was charged over the device's life: the last 4 bytes of the record.
std::uint32_t charged_in(const ShelfStore& store) {
  const ByteView counters = store.contents(Record::counters);
  if (counters.size() != counters_size) return 0;
  return static_cast<std::uint32_t>(read_u64(counters.last(4)));
}

}  // namespace

DeviceMonitor::DeviceMonitor(Rig& rig, const Suite& suite, const Device& device,
                             const ShelfStore& store, Violations& violations)
    : rig_(rig),
      suite_(suite),
      traits_(suite.traits()),
      device_(device),
      store_(store),
      violations_(violations),
      life_(charged_in(store)) {}

DeviceMonitor::Known* DeviceMonitor::find(const std::optional<Cookie>& cookie) noexcept {
  if (!cookie) return nullptr;
  for (Known& known : sessions_) {
    if (known.state != DeviceState::no_session && same_bytes(known.cookie, *cookie)) return &known;
  }
  return nullptr;
}

DeviceState DeviceMonitor::state(const std::optional<Cookie>& cookie) const noexcept {
  if (!window_open_) return DeviceState::closed;
  const Known* known = const_cast<DeviceMonitor*>(this)->find(cookie);
  return known == nullptr ? DeviceState::no_session : known->state;
}

std::size_t DeviceMonitor::live() const noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(
      sessions_, [](const Known& known) { return known.state != DeviceState::no_session; }));
}

// --- Events
// ---------------------------------------------------------------------------------------

void DeviceMonitor::apply(const DeviceRow& row, Known* known, Instant now) {
  if (has(row.effects, Effects::drop) && known != nullptr) *known = Known{};
  if (has(row.effects, Effects::drop_all)) sessions_.fill(Known{});
  if (has(row.effects, Effects::open_window)) {
    window_open_ = true;
    closes_ = now + suite_.session_policy.window();
    charged_ = 0;
    long_press_ = row.event == DeviceEvent::long_press;
  }
  if (has(row.effects, Effects::close_window)) window_open_ = false;
  if (known != nullptr && known->state != DeviceState::no_session &&
      !has(row.effects, Effects::create)) {
    known->state = row.next;
  }
}

void DeviceMonitor::apply_to_all(DeviceEvent event, Judged judged, Instant now) {
  const auto apply_row = [&](DeviceState on, Known* known) {
    const DeviceRow* row = find_row(device_table(), traits_, on, event, Judged::any);
    if (row == nullptr) row = find_row(device_table(), traits_, on, event, judged);
    if (row != nullptr) apply(*row, known, now);
  };
  const DeviceState on = state(std::nullopt);
  for (Known& known : sessions_) {
    if (known.state != DeviceState::no_session) apply_row(known.state, &known);
  }
  apply_row(on, nullptr);
}

void DeviceMonitor::pressed(Instant now, bool held) {
  passed(now);
  Judged judged = Judged::good;
  if (!held && suite_.attempt_limit.limits()) {
    if (life_ >= attempts_per_life) judged = Judged::bad;
    if (store_.fail_reads) judged = Judged::failed;
  }
  apply_to_all(held ? DeviceEvent::long_press : DeviceEvent::press, judged, now);
}

void DeviceMonitor::restarted() {
  apply_to_all(DeviceEvent::restart, Judged::any, Instant{});
  charged_ = 0;
  long_press_ = false;
}

void DeviceMonitor::passed(Instant now) {
  if (window_open_ && now >= closes_) {
    apply_to_all(DeviceEvent::window_expired, Judged::any, now);
  }
  for (Known& known : sessions_) {
    if (known.state == DeviceState::no_session) continue;
    if (now < known.opened + suite_.session_policy.lifetime()) continue;
    const DeviceRow* row =
        find_row(device_table(), traits_, known.state, DeviceEvent::session_expired, Judged::any);
    if (row != nullptr) apply(*row, &known, now);
  }
}

void DeviceMonitor::requested(Instant now, const Request& request, bool pristine,
                              const Faults& faults) {
  passed(now);
  const DeviceState on = state(request.cookie);
  const DeviceEvent event = to_event(request.endpoint);
  opened_.clear();
  addressed_ = request.cookie;
  at_ = now;
  row_ = find_row(device_table(), traits_, on, event, Judged::any);
  if (row_ == nullptr) {
    // By what the device has before it hears of the message: an expired session is no matter here,
    // the model has none.
    const Session* session = session_of(device_, request.cookie);
    const bool needs_session = event != DeviceEvent::get_dh;
    if (needs_session && session == nullptr) {
      violations_.add("the device has no session where the table has one", name(on));
      row_ = find_row(device_table(), traits_, DeviceState::closed, event, Judged::any);
      return;
    }
    const Judged judged = judge(request, session, pristine, faults);
    row_ = find_row(device_table(), traits_, on, event, judged);
    if (row_ == nullptr) {
      violations_.add("the table has no row", name(event));
      row_ = find_row(device_table(), traits_, DeviceState::closed, event, Judged::any);
      return;
    }
  }
  may_change_ = row_->judged == Judged::good && !has(row_->effects, Effects::create);
  apply(*row_, find(request.cookie), now);
}

void DeviceMonitor::replied(const DeviceConnection::Served& served) {
  if (served.status != row_->status) {
    violations_.add("the status is not the row's",
                    std::string(name(row_->on)) + " " + std::string(name(row_->event)) + " " +
                        std::string(name(row_->judged)) + ": " +
                        std::to_string(static_cast<unsigned>(served.status)) + " instead of " +
                        std::to_string(static_cast<unsigned>(row_->status)));
    return;
  }
  const bool created = has(row_->effects, Effects::create);
  violations_.check(created == (served.claim.kind == ClaimKind::issued), "a cookie out of turn");
  if (!created) return;
  violations_.check(find(served.claim.session) == nullptr, "a cookie that names a session already");
  for (Known& known : sessions_) {
    if (known.state != DeviceState::no_session) continue;
    known = {row_->next, served.claim.session, at_, 0};
    break;
  }
}

// --- Comparing
// ------------------------------------------------------------------------------------

void DeviceMonitor::check_mark(Known& known, const Session& session) {
  const std::uint64_t mark = mark_of(session);
  const bool its_own = may_change_ && addressed_ && same_bytes(*addressed_, known.cookie);
  violations_.check(mark == known.mark || known.mark == 0 || its_own,
                    "a session changed that the row is not about", name(known.state));
  known.mark = mark;
}

void DeviceMonitor::compare() {
  violations_.check(device_.window_open() == window_open_, "the window is not as the rows say",
                    window_open_ ? "closed" : "open");
  std::size_t found = 0;
  for (const Session& session : device_.snapshot().sessions) {
    if (!session.live()) continue;
    ++found;
    Known* known = find(session.cookie);
    if (known == nullptr) {
      violations_.add("a session that no row made or left", name(session.state));
      continue;
    }
    violations_.check(known->state == session.state, "a session's state is not the row's",
                      name(session.state));
    check_mark(*known, session);
  }
  violations_.check(found == live(), "a session is gone that no row ended");
  may_change_ = false;

  if (suite_.attempt_limit.limits()) {
    violations_.check(device_.snapshot().attempts.charged == charged_, "attempts of this window");
  }
  const std::size_t writes = store_.writes(Record::identity);
  const bool installs = row_ != nullptr && has(row_->effects, Effects::install);
  violations_.check(writes == identity_writes_ + (installs ? 1 : 0),
                    "the store was written out of turn, or not in turn");
  if (installs) {
    violations_.check(same_bytes(store_.contents(Record::identity), opened_),
                      "what is stored is not what was sent");
  }
  identity_writes_ = writes;
  row_ = nullptr;
}

}  // namespace wib::fuzz
