// SPDX-License-Identifier: Apache-2.0
//
// The slot key_exchange's choice spake2plus by itself, and the registration of a setup code: what
// they compute, and what they refuse.
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "attacks/search/stream_random.h"
#include "attacks/world/memory_store.h"
#include "props/backend_support.h"
#include "props/support/forwarding_crypto.h"
#include "protocol/big_endian.h"

namespace wib::props {
namespace {

using attacks::StreamRandom;

constexpr std::string_view serial = "SN-1";
constexpr std::string_view code = "0123456789";
constexpr std::string_view suite = "hardened/gcm";
constexpr std::string_view two_suites = "as_posted/cbc hardened/gcm";

Crypto& crypto() { return backends().front()->crypto(); }

template <class T>
Error error_of(const Result<T>& result) {
  return result ? Error{} : result.error();
}

Bytes flipped(ByteView bytes, std::size_t bit) {
  Bytes other = copy(bytes);
  other[bit / 8] ^= static_cast<Byte>(1U << (bit % 8));
  return other;
}

Bytes number(std::uint32_t value) {
  Bytes bytes(4);
  write_u64(value, bytes);
  return bytes;
}

// What a run is, as one side has it.
struct Named {
  std::string suite{props::suite};
  std::string suites{two_suites};
  Bytes epoch = {0, 0, 0, 0, 0, 0, 1, 2};
  Bytes cookie = Bytes(16, 0xc0);
  std::string serial{props::serial};

  [[nodiscard]] RunInfo info() const {
    return {suite, as_bytes(suites), epoch, cookie, as_bytes(serial)};
  }
};

// One run, on that backend of the device's and the last one of the client's.
struct Exchange {
  explicit Exchange(Backend& backend = *backends().front(), std::string_view typed = code)
      : device(backend.crypto()), password(as_bytes(typed), as_bytes(serial)) {
    EXPECT_TRUE(register_verifier(device, as_bytes(code), as_bytes(serial), salt, min_iterations,
                                  verifier));
  }

  // The offer that this run's device makes.
  Offer offer() {
    Offer made;
    EXPECT_TRUE(spake2plus().fill_offer(of_device(), as_bytes(device_run.suites), made));
    made.epoch = device_run.epoch;
    return made;
  }
  Result<Body> start(const Offer& taken) {
    return spake2plus().start(of_client(), taken, state, sent);
  }
  Result<Body> respond(ByteView share) {
    return spake2plus().respond(of_device(), device_run.info(), Share{share, {}}, answer, agreed);
  }
  Result<> finish(const Body& body) {
    return spake2plus().finish(of_client(), client_run.info(), state, body, secret);
  }
  // The client's outcome, if the offer came as `taken`.
  Result<> outcome(const Offer& taken) {
    const auto share = start(taken);
    EXPECT_TRUE(share);
    if (!share) return std::unexpected(share.error());
    const auto body = respond(std::get<Share>(*share).value);
    EXPECT_TRUE(body);
    return body ? finish(*body) : Result<>(std::unexpected(body.error()));
  }
  Result<> outcome() { return outcome(offer()); }

  DeviceSide of_device() { return {device, device_random, take_any(), unasked, &verifier}; }
  ClientSide of_client() { return {*client, client_random, take_any(), &password, suite}; }
  Result<> check_proof(const Body& proof, ByteView expected) {
    const DirectionKeys none;
    SealContext context;
    Bytes scratch(max_ciphertext_size);
    return spake2plus().check_proof({device, aes256_gcm_aead(), none, context}, {}, expected, proof,
                                    scratch);
  }

  Crypto& device;
  Crypto* client = &backends().back()->crypto();
  Bytes salt = Bytes(salt_size, 0x5a);
  const Group unasked;
  Verifier verifier;
  Password password;
  Named device_run, client_run;
  StreamRandom device_random{1, "device"}, client_random{2, "client"};
  KeyExchangeState state;
  Agreed agreed;
  SharedSecret secret;
  Bytes sent = Bytes(1024), answer = Bytes(1024);
};

TEST(Spake2plusSlot, BothSidesAgreeAndConfirm) {
  std::set<Bytes> answers;
  for (Backend* backend : backends()) {
    Exchange run(*backend);
    ASSERT_TRUE(run.outcome()) << backend->name();
    EXPECT_EQ(run.client_random.position(), 32U);
    EXPECT_EQ(run.device_random.position(), 32U);
    EXPECT_EQ(run.secret.size(), 32U);
    EXPECT_EQ(copy(run.secret.view()), copy(run.agreed.secret.view()));
    EXPECT_EQ(copy(run.state.proof.view()), copy(run.agreed.proof.view()));
    EXPECT_TRUE(run.state.exponent.empty() && run.state.prover.w0.empty()) << "used once";
    answers.insert(run.answer);

    const DirectionKeys none;
    SealContext context;
    const ProofSeal seal{*run.client, aes256_gcm_aead(), none, context};
    Bytes out(32);
    const auto proof = spake2plus().prove(seal, run.client_random, {}, run.state, out);
    ASSERT_TRUE(proof);
    const Bytes expected = copy(run.agreed.proof.view());
    EXPECT_TRUE(run.check_proof(*proof, expected));
    const Error bad{Errc::bad_tag, "auth.wib: confirmation"};
    for (std::size_t bit = 0; bit < 8 * confirmation_size; ++bit) {
      const Bytes other = flipped(expected, bit);
      EXPECT_EQ(error_of(run.check_proof(Proof{other}, expected)), bad) << bit;
    }
    EXPECT_EQ(error_of(run.check_proof(Proof{}, {})), bad) << "no proof is known";
  }
  EXPECT_EQ(answers.size(), 1U) << "every backend says the same";
}

// Each part of what a run is, said otherwise by either side. The list and the epoch reach the
// client in the offer: to change the device's is to tamper with that.
TEST(Spake2plusSlot, BothSidesMustSayTheSame) {
  const std::vector<std::pair<std::string_view, void (*)(Named&)>> changes = {
      {"suite", [](Named& run) { run.suite = "hardened/chacha20"; }},
      {"cookie", [](Named& run) { run.cookie[15] ^= 1U; }},
      {"serial", [](Named& run) { run.serial = "SN-2"; }},
      {"serial, none", [](Named& run) { run.serial.clear(); }}};
  const Error bad{Errc::bad_tag, "dh.wib: confirmation"};
  for (const auto& [what, change] : changes) {
    for (const bool of_client : {false, true}) {
      Exchange run;
      change(of_client ? run.client_run : run.device_run);
      EXPECT_EQ(error_of(run.outcome()), bad) << what << of_client;
      EXPECT_TRUE(run.secret.empty() && run.state.proof.empty()) << "nothing is left to go on with";
    }
  }
  const Bytes other_epoch = {0, 0, 0, 0, 0, 0, 1, 3};
  const Bytes other_salt(salt_size, 0x5b);
  const Bytes other_iterations = number(min_iterations + 1);
  const std::vector<std::pair<std::string_view, std::function<void(Offer&)>>> tampered = {
      {"suites, less", [](Offer& offer) { offer.suites = as_bytes(suite); }},
      {"suites, more", [](Offer& o) { o.suites = as_bytes("as_posted/cbc hardened/gcm x"); }},
      {"suites, turned", [](Offer& o) { o.suites = as_bytes("hardened/gcm as_posted/cbc"); }},
      {"epoch", [&](Offer& offer) { offer.epoch = other_epoch; }},
      {"epoch, none", [&](Offer& offer) { offer.epoch = {}; }},
      {"salt", [&](Offer& offer) { offer.salt = other_salt; }},
      {"iterations", [&](Offer& offer) { offer.iterations = other_iterations; }}};
  for (const auto& [what, change] : tampered) {
    Exchange run;
    Offer offer = run.offer();
    change(offer);
    EXPECT_EQ(error_of(run.outcome(offer)), bad) << what;
  }
  for (const std::string_view wrong : {"0123456788", "1123456789", "012345678", "0123456789 "}) {
    EXPECT_EQ(error_of(Exchange(*backends().front(), wrong).outcome()), bad) << wrong;
  }
  Exchange run;
  const auto share = run.start(run.offer());
  ASSERT_TRUE(share);
  const auto body = run.respond(std::get<Share>(*share).value);
  ASSERT_TRUE(body);
  for (std::size_t bit = 0; bit < 8 * confirmation_size; bit += 17) {
    Exchange other = run;
    const Share& said = std::get<Share>(*body);
    const Bytes confirmation = flipped(said.confirmation, bit);
    EXPECT_EQ(error_of(other.finish(Share{said.value, confirmation})), bad) << bit;
  }
  EXPECT_EQ(error_of(Exchange(run).finish(Share{std::get<Share>(*body).value, {}})), bad);
}

TEST(Spake2plusSlot, AContextIsWrittenOneWay) {
  Named run;
  const Bytes expected = copy(as_bytes("wib/1")) + Bytes{0} + as_bytes(suite) + Bytes{0} +
                         as_bytes(two_suites) + Bytes{0} + run.epoch + run.cookie;
  Bytes out(max_run_context_size);
  EXPECT_EQ(copy(*write_run_context(run.info(), out)), expected);
  EXPECT_TRUE(write_run_context(run.info(), ByteSpan(out).first(expected.size())));
  EXPECT_EQ(code_of(write_run_context(run.info(), ByteSpan(out).first(expected.size() - 1))),
            Errc::capacity);
  run.epoch.clear();
  EXPECT_TRUE(same_bytes(write_run_context(run.info(), out)->last(24), Bytes(8) + run.cookie));
  run.suite = std::string(224, 's');
  run.suites = std::string(max_suites_size, 'l');
  EXPECT_TRUE(write_run_context(run.info(), out)) << "the longest of each";
}

// What no point is: both sides refuse it, and the device before it draws.
TEST(Spake2plusSlot, SharesThatAreNone) {
  const Bytes point = copy(p256_generator());
  std::vector<Bytes> bad = {{}, {0}, Bytes(65), Bytes(64, 4), point + Bytes{0}};
  bad.push_back(flipped(point, 8 * 65 - 1));
  bad.push_back(Bytes{2} + ByteView(point).subspan(1, 32));
  bad.push_back(copy(ByteView(point).first(33)) + Bytes(32, 0xff));
  for (const Byte form : {Byte{0}, Byte{2}, Byte{3}, Byte{5}, Byte{6}, Byte{7}}) {
    bad.push_back(Bytes{form} + ByteView(point).subspan(1));
  }
  for (Backend* backend : backends()) {
    Exchange run(*backend);
    run.client = &backend->crypto();
    for (const Bytes& share : bad) {
      EXPECT_EQ(code_of(run.respond(share)), Errc::out_of_range) << share.size();
      ASSERT_TRUE(run.start(run.offer()));
      EXPECT_EQ(code_of(run.finish(Share{share, Bytes(32)})), Errc::out_of_range) << share.size();
    }
    EXPECT_EQ(run.device_random.position(), 0U) << "drawn for nothing";
    // w0*M and w0*N leave infinity without their mask: Z would be known to everybody.
    Bytes cancels(p256_point_size);
    const ByteView w0 = run.verifier.secrets.w0.view();
    ASSERT_TRUE(run.device.p256_mul(w0, spake2plus_m(), cancels));
    EXPECT_EQ(code_of(run.respond(cancels)), Errc::out_of_range);
    EXPECT_TRUE(run.agreed.secret.empty() && run.agreed.proof.empty());
    ASSERT_TRUE(run.start(run.offer()));
    ASSERT_TRUE(run.device.p256_mul(w0, spake2plus_n(), cancels));
    EXPECT_EQ(code_of(run.finish(Share{cancels, Bytes(32)})), Errc::out_of_range);
    EXPECT_TRUE(run.secret.empty() && run.state.proof.empty());
  }
}

TEST(Spake2plusSlot, ItNeedsTheRecordTheCodeAndRoom) {
  Exchange run;
  DeviceSide none = run.of_device();
  none.verifier = nullptr;
  Offer offer;
  EXPECT_EQ(code_of(spake2plus().fill_offer(none, {}, offer)), Errc::storage);
  const auto respond = [&](const DeviceSide& side, std::size_t room) {
    return code_of(spake2plus().respond(side, run.device_run.info(), Share{p256_generator(), {}},
                                        ByteSpan(run.answer).first(room), run.agreed));
  };
  EXPECT_EQ(respond(none, max_modulus_size), Errc::storage);
  EXPECT_EQ(respond(run.of_device(), 96), Errc::capacity);
  EXPECT_EQ(run.device_random.position(), 0U);
  EXPECT_EQ(respond(run.of_device(), 97), Errc::none);
  ClientSide without = run.of_client();
  without.password = nullptr;
  EXPECT_EQ(code_of(spake2plus().start(without, run.offer(), run.state, run.sent)), Errc::storage);
  run.sent.resize(64);
  EXPECT_EQ(code_of(run.start(run.offer())), Errc::capacity);
  EXPECT_EQ(run.client_random.position(), 0U);
}

// --- What is made of a code ---------------------------------------------------------------------

// Counts the stretching, and can refuse to do it.
class CountingCrypto final : public ForwardingCrypto {
 public:
  using ForwardingCrypto::ForwardingCrypto;
  int stretched = 0;
  bool stretches = true;

 private:
  Result<> before(std::string_view operation) override {
    if (operation != "pbkdf2_sha256") return {};
    ++stretched;
    return stretches ? Result<>{} : fail(Errc::crypto, "not now");
  }
};

TEST(Spake2plusSlot, TheClientDemandsItsSuite) {
  Exchange run;
  CountingCrypto counting(*run.client);
  run.client = &counting;
  for (const std::string_view list :
       {"", "as_posted/cbc", "hardened", "hardened/gc", "hardened/gcm2", "ardened/gcm",
        "hardened/gcm/x", "hardened/gcm,as_posted/cbc", "as_posted/cbc hardened/gcm2",
        "hardened/gc hardened/chacha20", "Hardened/gcm", "hardened/gcm\n"}) {
    Offer offer = run.offer();
    offer.suites = as_bytes(list);
    EXPECT_EQ(error_of(run.start(offer)), (Error{Errc::weak_suite, "offer: suites"})) << list;
  }
  EXPECT_EQ(run.client_random.position(), 0U);
  EXPECT_EQ(counting.stretched, 0) << "nothing is done with the code";
  for (const std::string_view list :
       {"hardened/gcm", "as_posted/cbc hardened/gcm", "hardened/gcm as_posted/cbc",
        "hardened/gcm2 hardened/gcm x", "hardened/gc hardened/gcm"}) {
    Exchange other;
    other.device_run.suites = list;
    EXPECT_TRUE(other.outcome()) << list;
  }
}

TEST(Spake2plusSlot, IterationsHaveBounds) {
  Exchange run;
  CountingCrypto counting(*run.client);
  counting.stretches = false;
  run.client = &counting;
  for (const std::uint32_t iterations :
       {0U, 1U, 999U, 1'000U, 1'000'000U, 1'000'001U, 0xffff'ffffU}) {
    const bool refused = iterations < 1'000 || iterations > 1'000'000;
    const Bytes bytes = number(iterations);
    Offer offer = run.offer();
    offer.iterations = bytes;
    counting.stretched = 0;
    EXPECT_EQ(code_of(run.start(offer)), refused ? Errc::out_of_range : Errc::crypto) << iterations;
    EXPECT_EQ(counting.stretched, refused ? 0 : 1) << iterations;
  }
  EXPECT_EQ(run.client_random.position(), 0U);
}

TEST(Spake2plusSlot, ACodeIsStretchedOnceForASalt) {
  Exchange run;
  CountingCrypto counting(*run.client);
  run.client = &counting;
  const Offer offer = run.offer();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(run.outcome(offer));
  EXPECT_EQ(counting.stretched, 1);
  const Bytes salt = flipped(offer.salt, 127);
  const Bytes iterations = number(min_iterations + 1);
  Offer other = offer;
  other.salt = salt;
  ASSERT_TRUE(run.start(other));
  EXPECT_EQ(counting.stretched, 2) << "another salt";
  other.iterations = iterations;
  ASSERT_TRUE(run.start(other));
  EXPECT_EQ(counting.stretched, 3) << "other iterations";
  // What failed is not taken for what was computed.
  counting.stretches = false;
  EXPECT_FALSE(run.start(offer));
  counting.stretches = true;
  EXPECT_TRUE(run.outcome(offer));
  EXPECT_EQ(counting.stretched, 5);
}

TEST(Registration, IsTheRfcsConstruction) {
  const Bytes salt(salt_size, 0x5a);
  const auto with_length = [](std::string_view text) {
    Bytes part(8);
    part[0] = static_cast<Byte>(text.size());
    return part + as_bytes(text);
  };
  const std::string longest(Password::max_code_size, '7');
  const std::string long_serial(64, 'S');
  for (const auto& [pw, id] : {std::pair<std::string_view, std::string_view>{code, serial},
                               {"0", ""},
                               {longest, long_serial}}) {
    const Bytes input = with_length(pw) + with_length("wib client") + with_length(id);
    Bytes stretched(80), l(p256_point_size);
    ASSERT_TRUE(crypto().pbkdf2_sha256(input, salt, 1234, stretched));
    Spake2plusProver expected;
    ASSERT_TRUE(spake2plus_prover(stretched, expected));
    for (Backend* backend : backends()) {
      Spake2plusProver prover;
      ASSERT_TRUE(
          register_prover(backend->crypto(), as_bytes(pw), as_bytes(id), salt, 1234, prover));
      EXPECT_EQ(copy(prover.w0.view()), copy(expected.w0.view()));
      EXPECT_EQ(copy(prover.w1.view()), copy(expected.w1.view()));
      Verifier verifier;
      ASSERT_TRUE(
          register_verifier(backend->crypto(), as_bytes(pw), as_bytes(id), salt, 1234, verifier));
      ASSERT_TRUE(crypto().p256_base_mul(expected.w1.view(), l));
      EXPECT_EQ(copy(verifier.secrets.l.view()), l);
      EXPECT_TRUE(same_bytes(verifier.salt, salt));
      EXPECT_TRUE(same_bytes(verifier.iterations, number(1234)));
    }
  }
}

TEST(Registration, HasItsBounds) {
  using Sizes = std::array<std::size_t, 3>;  // code, serial number, salt
  const auto code_with = [](const Sizes& sizes) {
    CountingCrypto counting(crypto());
    counting.stretches = false;
    Spake2plusProver prover;
    const auto done = register_prover(counting, Bytes(sizes[0], '1'), Bytes(sizes[1], 'S'),
                                      Bytes(sizes[2], 1), min_iterations, prover);
    EXPECT_EQ(counting.stretched, code_of(done) == Errc::out_of_range ? 0 : 1);
    return code_of(done);
  };
  EXPECT_EQ(code_with({1, 0, 16}), Errc::crypto) << "taken";
  EXPECT_EQ(code_with({64, 64, 16}), Errc::crypto) << "taken";
  for (const Sizes& sizes :
       {Sizes{0, 4, 16}, {65, 4, 16}, {10, 65, 16}, {10, 4, 15}, {10, 4, 17}}) {
    EXPECT_EQ(code_with(sizes), Errc::out_of_range);
  }
  Password too_long(Bytes(65, '1'), as_bytes(serial));
  EXPECT_EQ(code_of(too_long.prover(crypto(), Bytes(16), 1'000)), Errc::out_of_range);
}

TEST(Registration, ARecordIsReadAsItWasWritten) {
  const Exchange run;
  const Bytes record = Bytes{0xa4, 1, 0x58, 32} + run.verifier.secrets.w0.view() +
                       Bytes{2, 0x58, 65} + run.verifier.secrets.l.view() + Bytes{3, 0x50} +
                       run.salt + Bytes{4, 0x44} + number(min_iterations);
  Bytes room(max_verifier_size);
  EXPECT_EQ(copy(*write_verifier(run.verifier, room)), record);
  attacks::MemoryStore store;
  const auto none = load_verifier(store);
  EXPECT_TRUE(none && !*none);
  ASSERT_TRUE(store.put(Record::verifier, record));
  const auto read = load_verifier(store);
  ASSERT_TRUE(read && *read);
  EXPECT_EQ(copy(*write_verifier(**read, room)), record);

  const auto refused = [&](const Bytes& contents) {
    EXPECT_TRUE(store.put(Record::verifier, contents));
    return code_of(load_verifier(store)) == Errc::storage;
  };
  for (std::size_t size = 0; size < record.size(); ++size) {
    EXPECT_TRUE(refused(copy(ByteView(record).first(size)))) << size;
  }
  EXPECT_TRUE(refused(record + Bytes{0}));
  using Sizes = std::array<Byte, 4>;
  const auto sized = [](const Sizes& size) {
    return Bytes{0xa4, 1, 0x58, size[0]} + Bytes(size[0]) + Bytes{2, 0x58, size[1]} +
           Bytes(size[1]) + Bytes{3, static_cast<Byte>(0x40 + size[2])} + Bytes(size[2]) +
           Bytes{4, static_cast<Byte>(0x40 + size[3])} + Bytes(size[3]);
  };
  EXPECT_TRUE(refused(sized({32, 65, 16, 4}))) << "an L of zeros is no point";
  const auto with_byte = [&](std::size_t at, Byte value) {
    Bytes changed = record;
    changed[at] = value;
    return changed;
  };
  EXPECT_FALSE(refused(record));
  EXPECT_TRUE(refused(with_byte(36 + 3 + 40, record[36 + 3 + 40] ^ 1U))) << "off the curve";
  EXPECT_TRUE(refused(with_byte(record.size() - 4, 0xff))) << "too many iterations";
  EXPECT_TRUE(refused(with_byte(record.size() - 2, 0))) << "too few";
  for (std::size_t field = 0; field < 4; ++field) {
    Sizes sizes = {32, 65, 16, 4};
    --sizes[field];
    EXPECT_TRUE(refused(sized(sizes))) << field;
    sizes[field] = static_cast<Byte>(sizes[field] + 2);
    EXPECT_TRUE(refused(sized(sizes))) << field;
  }
  ASSERT_TRUE(store.put(Record::verifier, record));
  store.fail_reads = true;
  EXPECT_EQ(code_of(load_verifier(store)), Errc::storage);
}

}  // namespace
}  // namespace wib::props
