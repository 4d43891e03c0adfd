// SPDX-License-Identifier: Apache-2.0
#include "fuzz/sessions/promises.h"

namespace wib::fuzz {
namespace {

bool accepted(Status status) noexcept {
  return status == Status::ok || status == Status::no_content;
}

}  // namespace

void Promises::close() {
  open_ = false;
  for (Issued& each : issued_) each.dead = true;
}

void Promises::pressed(Instant now, bool held, bool had_effect) {
  passed(now);
  if (!had_effect) return;
  close();
  open_ = true;
  closes_ = now + std::chrono::minutes(5);
  held_ = held;
  window_ = 0;
}

void Promises::restarted() { close(); }

void Promises::passed(Instant now) {
  if (open_ && now >= closes_) close();
  for (Issued& each : issued_) {
    if (now >= each.at + std::chrono::minutes(1)) each.dead = true;
  }
}

// SPAKE2+ answers a guess with its share, plain Diffie-Hellman with what it says of the proof.
void Promises::count_guess(Endpoint endpoint, Status status) {
  const bool spake = suite_.key_exchange.reveals_with_share();
  const bool right = endpoint == Endpoint::post_auth && status == Status::no_content;
  const bool answered = spake ? endpoint == Endpoint::post_dh && status == Status::ok
                              : endpoint == Endpoint::post_auth && status == Status::unauthorized;
  if (answered) {
    ++window_;
    if (life_ < 0xffff'ffff) ++life_;
  }
  if (right) {
    if (spake && window_ > 0) --window_;
    life_ = 0;
  }
  // The answer that ends it all, at the eleventh guess, tells nothing of the guess.
  const std::uint32_t spare = spake ? 0 : 1;
  violations_.check(window_ <= attempts_per_press + spare, "P-C5: guesses in a window");
  violations_.check(held_ || !answered || life_ <= attempts_per_life + spare,
                    "P-C5: guesses in a life");
}

void Promises::answered(Instant now, const Request& request, Status status, bool issued,
                        const Cookie& cookie, bool window_open) {
  passed(now);
  if (!open_) {
    violations_.check(status == Status::forbidden && !issued, "P-C4: answered while closed");
    return;
  }
  Issued* session = nullptr;
  for (Issued& each : issued_) {
    if (request.cookie && same_bytes(each.cookie, *request.cookie)) session = &each;
  }
  const bool post = request.endpoint != Endpoint::get_dh;
  if (post && accepted(status)) {
    violations_.check(session != nullptr, "P-C2: a cookie that was never issued");
    if (session != nullptr) violations_.check(!session->dead, "P-C2: a dead cookie");
  }
  const bool alive = session != nullptr && !session->dead;
  if (suite_.attempt_limit.limits() && alive) count_guess(request.endpoint, status);
  if (request.endpoint == Endpoint::post_auth && alive) {
    if (status == Status::no_content) session->authenticated = true;
    if (status == Status::unauthorized) session->dead = true;
  }
  if (request.endpoint == Endpoint::post_key) {
    const bool authenticated = alive && session->authenticated;
    violations_.check(!accepted(status) || authenticated, "P-C1: a key without auth");
    if (alive) session->dead = true;
    if (authenticated) {
      violations_.check(!window_open, "P-C3: the window is open after key.wib");
      close();
    }
  }
  // One session at a time: its first failure is its last.
  if (post && alive && suite_.session_policy.strict() && !accepted(status)) session->dead = true;
  if (issued) issued_.push_back({cookie, now});
  if (!window_open) close();
}

}  // namespace wib::fuzz
