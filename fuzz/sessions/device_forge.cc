// SPDX-License-Identifier: Apache-2.0
//
// DeviceRun's messages that no client would send and that are yet valid: sealed under a session's
// own keys, or shares that somebody chose.
#include "fuzz/sessions/device_run.h"

namespace wib::fuzz {

// A share in the device's group; nobody keeps its exponent.
ByteView DeviceRun::share_of_nobody() {
  if (suite_.key_exchange.reveals_with_share()) return p256_generator();
  const Group group = suite_.group_policy.group(rig_.group());
  std::array<Byte, max_exponent_size> exponent{};
  exponent.back() = 5;
  const ByteSpan share = ByteSpan(share_).first(share_size(group));
  const auto made =
      make_public(rig_.crypto(), group, ByteView(exponent).last(exponent_size_for(group)), share);
  return made ? ByteView(share) : ByteView{};
}

void DeviceRun::send(const Step& step, const Request& request) {
  const auto written = encode_request(suite_, request, "device", client_out_);
  if (written) deliver(step, {written->begin(), written->end()}, false);
}

// The step's value says what: 0, 1 a proof, 2, 3 a key, 4 a share; 8 and up: in a wrong context.
void DeviceRun::forge(const Step& step) {
  const Session& session = device_.snapshot().sessions[step.who % session_capacity];
  std::optional<Cookie> cookie;
  if (session.live()) cookie = session.cookie;
  const unsigned what = step.value % 8;
  const Endpoint endpoint = what < 2   ? Endpoint::post_auth
                            : what < 4 ? Endpoint::post_key
                                       : Endpoint::post_dh;
  if (endpoint == Endpoint::post_dh) {
    const ByteView share = share_of_nobody();
    ByteVector value(share.begin(), share.end());
    edit_plaintext(value, step, other(step));
    send(step, {endpoint, cookie, Share{value, {}}});
    return;
  }
  ByteVector plaintext;
  if (endpoint == Endpoint::post_auth) {
    const bool spake = suite_.key_exchange.reveals_with_share();
    const ByteView proof = spake ? session.proof.view() : as_bytes(rig_serial);
    plaintext.assign(proof.begin(), proof.end());
    edit_plaintext(plaintext, step, other(step));
    if (spake) {
      plaintext.resize(confirmation_size);
      send(step, {endpoint, cookie, Proof{plaintext}});
      return;
    }
  } else {
    plaintext.resize(max_bundle_size);
    const auto bundle = write_bundle(Rig::bundle(step.amount), plaintext);
    plaintext.resize(bundle ? bundle->size() : 0);
    edit_plaintext(plaintext, step, other(step));
  }
  if (plaintext.empty()) return;
  DirectionKeys keys = session.keys.to_device;
  if (keys.encryption.empty()) {  // none yet: some
    static constexpr std::array<Byte, key_size> zeros{};
    if (!keys.encryption.assign(zeros) || !keys.mac.assign(zeros)) return;
  }
  SealContext context{endpoint, session.transcript.digest(), session.opened_payloads};
  if (step.value >= 8 && step.value % 8 == 1) ++context.counter;
  if (step.value >= 8 && step.value % 8 == 3) context.to_client = true;
  if (suite_.protection.sealed_size(plaintext.size()) > sealed_.size()) return;
  const auto sealed =
      suite_.protection.seal(rig_.crypto(), forger_, keys, context, plaintext, sealed_);
  if (sealed) send(step, {endpoint, cookie, *sealed});
}

// Whoever knows neither code nor serial number: a cookie, a share, and a proof of nothing.
void DeviceRun::guess(const Step& step) {
  for (unsigned i = 0; i <= step.amount % 12U && result_.violations.empty(); ++i) {
    send(step, {Endpoint::get_dh, std::nullopt, {}});
    std::optional<Cookie> cookie;
    for (const Session& session : device_.snapshot().sessions) {
      if (session.state == DeviceState::await_share) cookie = session.cookie;
    }
    if (!cookie || !result_.violations.empty()) return;
    send(step, {Endpoint::post_dh, cookie, Share{share_of_nobody(), {}}});
    if (!result_.violations.empty()) return;
    static constexpr std::array<Byte, aes_block_size * 4> nothing{};
    const ByteView bytes(nothing);
    if (suite_.key_exchange.reveals_with_share()) {
      send(step, {Endpoint::post_auth, cookie, Proof{bytes.first(confirmation_size)}});
    } else if (suite_.protection.acknowledges()) {
      send(step, {Endpoint::post_auth, cookie, Sealed{{}, bytes, bytes.first(aead_tag_size)}});
    } else {
      send(step, {Endpoint::post_auth, cookie, Sealed{bytes.first(aes_block_size), bytes, bytes}});
    }
  }
}

}  // namespace wib::fuzz
