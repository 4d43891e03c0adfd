// SPDX-License-Identifier: Apache-2.0
//
// DeviceMonitor's judgements: what an honest device finds of a request that is in order.
#include <limits>

#include "fuzz/sessions/device_monitor.h"
#include "protocol/counters.h"

namespace wib::fuzz {

bool DeviceMonitor::none_left() const noexcept {
  return charged_ >= attempts_per_press || (!long_press_ && life_ >= attempts_per_life);
}

// A gate whose noise failed at the last GET gives nothing, to sessions that began before neither.
bool DeviceMonitor::draws_fail(const Faults& faults) const noexcept {
  return suite_.entropy_gate.gates() ? !gate_ready_ : faults.random;
}

Judged DeviceMonitor::judge(const Request& request, const Session* session, bool pristine,
                            const Faults& faults) {
  switch (request.endpoint) {
    case Endpoint::get_dh: return judge_get(faults);
    case Endpoint::post_dh: return judge_share(request, pristine, faults);
    case Endpoint::post_auth: return judge_proof(request, *session, faults);
    case Endpoint::post_key: return judge_bundle(request, *session, faults);
  }
  return Judged::failed;
}

Judged DeviceMonitor::judge_get(const Faults& faults) {
  if (live() >= suite_.session_policy.max_sessions()) return Judged::bad;
  gate_ready_ = !faults.noise;
  if (draws_fail(faults)) return Judged::failed;
  if (suite_.freshness.offer_fields() != OfferFields::none) {
    if (faults.store_reads || faults.store_writes) return Judged::failed;
    const ByteView counters = store_.contents(Record::counters);
    // The epoch, bytes 8 to 15: there is none behind the last.
    if (counters.size() == counters_size &&
        std::ranges::all_of(counters.subspan(8, 8), [](Byte byte) { return byte == 0xff; })) {
      return Judged::failed;
    }
  }
  return Judged::good;
}

Judged DeviceMonitor::judge_share(const Request& request, bool pristine, const Faults& faults) {
  const Share* share = std::get_if<Share>(&request.body);
  if (share == nullptr) return Judged::bad;
  const bool spake = suite_.key_exchange.reveals_with_share();
  if (!pristine && spake) {
    std::array<Byte, p256_point_size> bare;
    if (!spake2plus_unmask_p(rig_.crypto(), rig_.verifier().secrets, share->value, bare)) {
      return Judged::bad;
    }
  } else if (!pristine) {
    const Group group = suite_.group_policy.group(rig_.group());
    if (!suite_.group_policy.check_share(rig_.crypto(), group, share->value)) return Judged::bad;
  }
  if (draws_fail(faults)) return Judged::failed;
  if (!spake || !suite_.attempt_limit.limits()) return Judged::good;
  if (faults.store_reads) return Judged::failed;
  if (none_left()) return Judged::exhausted;
  if (faults.store_writes) return Judged::failed;
  ++charged_;
  if (life_ != std::numeric_limits<std::uint32_t>::max()) ++life_;
  return Judged::good;
}

// The confirmation, compared here; or the serial number, opened here.
bool DeviceMonitor::proves(const Request& request, const Session& session) {
  if (const Proof* proof = std::get_if<Proof>(&request.body); proof != nullptr) {
    return suite_.key_exchange.reveals_with_share() && !session.proof.empty() &&
           same_bytes(proof->confirmation, session.proof.view());
  }
  if (suite_.key_exchange.reveals_with_share()) return false;
  const SealContext context{Endpoint::post_auth, session.transcript.digest(),
                            session.opened_payloads};
  const auto plaintext = suite_.protection.open(rig_.crypto(), session.keys.to_device, context,
                                                request.body, scratch_);
  return plaintext && same_bytes(*plaintext, as_bytes(rig_serial));
}

Judged DeviceMonitor::judge_proof(const Request& request, const Session& session,
                                  const Faults& faults) {
  const bool limits = suite_.attempt_limit.limits();
  if (limits && !suite_.key_exchange.reveals_with_share()) {
    if (faults.store_reads) return Judged::failed;
    if (none_left()) return Judged::exhausted;
    if (faults.store_writes) return Judged::failed;
    ++charged_;
    if (life_ != std::numeric_limits<std::uint32_t>::max()) ++life_;
  }
  if (!proves(request, session)) {
    return limits && (faults.store_reads || none_left()) ? Judged::exhausted : Judged::bad;
  }
  if (!limits) return Judged::good;
  if (faults.store_reads || faults.store_writes) return Judged::failed;
  life_ = 0;
  if (charged_ > 0) --charged_;
  return Judged::good;
}

bool DeviceMonitor::works(const Bundle& bundle) {
  return rig_.certificates().check_pair(bundle.certificate, bundle.private_key).has_value();
}

Judged DeviceMonitor::judge_bundle(const Request& request, const Session& session,
                                   const Faults& faults) {
  const SealContext context{Endpoint::post_key, session.transcript.digest(),
                            session.opened_payloads};
  const auto plaintext = suite_.protection.open(rig_.crypto(), session.keys.to_device, context,
                                                request.body, scratch_);
  if (!plaintext) return Judged::bad;
  const auto bundle = parse_bundle(*plaintext);
  if (!bundle || !works(*bundle)) return Judged::bad;
  opened_.assign(plaintext->begin(), plaintext->end());
  return faults.store_writes ? Judged::failed : Judged::good;
}

}  // namespace wib::fuzz
