// SPDX-License-Identifier: Apache-2.0
//
// The hardened suite's messages: each field wrong in every way, typed and over bytes; a wrong proof
// is like any other; codecs back and forth; the transcript has every field in its place.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <set>

#include "props/support/cbor_bytes.h"
#include "props/support/drive.h"
#include "props/support/forwarding_crypto.h"
#include "props/support/more_cases.h"
#include "props/support/readme_table.h"
#include "protocol/counters.h"
#include "protocol/setup/endpoint.h"

namespace wib::props {
namespace {

[[maybe_unused]] const bool enough = more_cases(1000);

Crypto& real() { return backends().front()->crypto(); }

// --- Bodies that are wrong ----------------------------------------------------------------------

// The grammar of protocol/messages, by hand.
using Fields = std::vector<cbor::Field>;
const Fields offer_fields = {{1, "offer: p", 1, 1024},   {2, "offer: g", 1, 1024},
                             {3, "offer: group", 2, 2},  {4, "offer: suites", 1, 256},
                             {5, "offer: salt", 16, 16}, {6, "offer: iterations", 4, 4},
                             {7, "offer: epoch", 8, 8}};
const Fields share_fields = {{1, "dh.wib: share", 1, 1024}};
const Fields answer_fields = {{1, "dh.wib: share", 65, 65}, {2, "dh.wib: confirmation", 32, 32}};
const Fields proof_fields = {{1, "auth.wib: confirmation", 32, 32}};
const Fields aead_fields = {{2, "sealed: ciphertext", 1, 7680}, {3, "sealed: tag", 16, 16}};

using Values = std::vector<std::pair<std::uint64_t, Bytes>>;

Bytes encoded(const Values& values) {
  Bytes out(16384);
  cbor::Writer writer(out);
  writer.map(values.size());
  for (const auto& [key, value] : values) {
    writer.unsigned_integer(key);
    writer.byte_string(value);
  }
  return copy(writer.finish().value());
}

Values decoded(ByteView body) {
  cbor::Reader reader(body);
  Values values(reader.map("test").value());
  for (auto& [key, value] : values) {
    key = reader.unsigned_integer("test").value();
    value = copy(reader.byte_string("test").value());
  }
  return values;
}

// Calls `check` with all that a body of those fields can be but right, and what is said of it.
template <class Check>
void for_each_wrong(const Bytes& good, const Fields& fields, Check check) {
  const Values values = decoded(good);
  const auto add = [&](const std::string& what, const Bytes& body, Errc code,
                       std::string_view where, std::size_t offset) {
    SCOPED_TRACE(what);
    check(body, Error{code, where, static_cast<std::uint32_t>(offset)});
  };
  const auto with = [&](std::size_t place, unsigned byte, long instead_of = 1) {
    Bytes body = good;
    const auto here = body.begin() + static_cast<long>(place);
    body.insert(body.erase(here, here + instead_of), static_cast<Byte>(byte));
    return body;
  };
  std::size_t key = 1;  // where the field begins
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string_view name = fields[i].where;
    const std::string of = std::string(name) + " ";
    const std::size_t end = key - 1 + encoded({values[i]}).size();
    Values v = values;
    v.erase(v.begin() + static_cast<long>(i));
    add(of + "missing", encoded(v), Errc::missing_field, name, key);
    v.insert(v.begin() + static_cast<long>(i), 2, values[i]);
    add(of + "twice", encoded(v), Errc::malformed, "cbor: key out of order", end);
    for (const std::size_t size : {fields[i].min_size - 1, fields[i].max_size + 1}) {
      v = values;
      v[i].second.resize(size, 7);
      add(of + std::to_string(size), encoded(v), Errc::out_of_range, name, key + 1);
    }
    for (const unsigned type : {0U, 1U, 3U, 4U, 5U, 6U, 7U}) {
      add(of + "of type " + std::to_string(type),
          with(key + 1, (good[key + 1] & 0x1fU) | type << 5U), Errc::malformed, name, key + 1);
    }
    add(of + "behind a long key", with(key, 0x18, 0), Errc::malformed, "cbor: key", key);
    for (std::size_t n = key; n < end; ++n) {
      add(of + "cut at " + std::to_string(n), {good.begin(), good.begin() + static_cast<long>(n)},
          Errc::malformed, n == key ? "cbor: key" : name, n == key ? key : key + 1);
    }
    key = end;
  }
  Values v = values;
  v.insert(v.begin(), {fields.front().key - 1, {1}});
  add("a field in front", encoded(v), Errc::unknown_field, "cbor: unknown key", 1);
  v = values;
  v.push_back({fields.back().key + 1, {1}});
  add("a field behind", encoded(v), Errc::unknown_field, "cbor: unknown key", good.size());
  add("a byte behind", with(good.size(), 0, 0), Errc::malformed, "cbor: map", good.size());
  add("nothing", {}, Errc::malformed, "cbor: map", 0);
  add("no map", with(0, good[0] ^ 0x20U), Errc::malformed, "cbor: map", 0);
}

// --- A device and its client --------------------------------------------------------------------

// A message's body, and the message with another one.
Bytes body_of(const Bytes& message) {
  const std::string_view text = as_text(message);
  return copy(as_bytes(text.substr(text.find("\r\n\r\n") + 4)));
}

Bytes with_body(const Bytes& message, ByteView body) {
  const std::string_view text = as_text(message);
  std::string other(text.substr(0, text.find("Content-Length")));
  other += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  return copy(as_bytes(other.append(as_text(body))));
}

struct Bench {
  explicit Bench(const Suite& its, std::uint64_t seed = 1, Crypto* crypto = nullptr,
                 std::string_view code = toy_code)
      : suite(its),
        device(its, seed, device_table(), *backends().front(), crypto),
        client(its, seed + 1, "owner", toy_serial, *backends().front(), code) {
    device.device.press(Instant(0));
  }

  // Until the client's request to `endpoint` is on its way.
  void run_until(Endpoint endpoint) {
    request = copy(to_client.start(out).request);
    for (asked = Endpoint::get_dh; asked != endpoint;) {
      deliver(request);
      request = copy(to_client.receive(response, out).request);
      asked = static_cast<Endpoint>(static_cast<int>(asked) + 1);
    }
    before = device.device.snapshot();
  }
  DeviceConnection::Served deliver(ByteView bytes) {
    const auto connection = std::make_unique<DeviceConnection>(device.device);
    const auto served = connection->receive(Instant(1), bytes, out);
    response = copy(served.response);
    return served;
  }

  const Suite& suite;
  ToyDevice device;
  ToyClient client;
  ClientConnection to_client{client.client, "d"};
  Bytes out = Bytes(max_message_size), request, response;
  Endpoint asked = Endpoint::get_dh;
  DeviceSnapshot before;
};

Body parsed(const Suite& suite, Endpoint endpoint, ByteView body, bool answer) {
  const KeyExchange& exchange = suite.key_exchange;
  if (endpoint == Endpoint::post_key) return suite.protection.parse_sealed(body);
  if (endpoint == Endpoint::post_auth) return exchange.parse_proof(suite.protection, body);
  if (endpoint == Endpoint::post_dh)
    return answer ? exchange.parse_answer(body) : exchange.parse_share(body);
  const auto offer = parse_offer(body, suite.offer_fields());
  return offer ? Body(*offer) : Body(offer.error());
}

INSTANTIATE_TEST_SUITE_P(Hardened, EverySuite, testing::Values(&suites()[2], &suites()[3]),
                         reading_of);

// A body that is refused: the answer and what becomes of session and window are those of the
// README's row; nothing is charged, stored or drawn.
void expect_refused(Bench& bench, const Bytes& body, const Error& error) {
  static const auto table = readme_device_table();
  const Session& session = bench.before.sessions[0];
  const DeviceRow* row =
      find_row(table, bench.suite.traits(), session.state, to_event(bench.asked), Judged::bad);
  ASSERT_NE(row, nullptr);
  const bool proof = bench.asked == Endpoint::post_auth;
  EXPECT_EQ(row->status, proof ? Status::unauthorized : Status::bad_request);
  Device& device = bench.device.device;
  const auto writes = load_counters(bench.device.store).value().version;
  device.restore(bench.before);
  const Reply reply = device.handle(
      Instant(1), {bench.asked, session.cookie, parsed(bench.suite, bench.asked, body, false)});
  EXPECT_EQ(reply.status, row->status);
  EXPECT_EQ(reply.error, error) << reply.error.where << " at " << reply.error.offset;
  EXPECT_EQ(reply.claim.kind, ClaimKind::rejected);
  device.restore(bench.before);
  EXPECT_EQ(bench.deliver(with_body(bench.request, body)).status, row->status);
  std::string line = std::string(name(error.code)) + ": " + std::string(error.where);
  if (error.offset != Error::no_offset) line += " at byte " + std::to_string(error.offset);
  line = (bench.asked == Endpoint::post_dh ? "/setup/dh.wib: " : "/setup/key.wib: ") + line;
  EXPECT_EQ(as_text(body_of(bench.response)), proof ? "Unauthorized\n" : line + "\n");
  EXPECT_EQ(device.state_for(session.cookie), row->next);
  EXPECT_EQ(device.window_open(), !has(row->effects, Effects::close_window));
  const DeviceSnapshot after = device.snapshot();
  EXPECT_EQ(after.attempts.charged, bench.before.attempts.charged);
  EXPECT_EQ(load_counters(bench.device.store).value().version, writes);
  EXPECT_TRUE(same_bytes(after.gate.seed.view(), bench.before.gate.seed.view()));
  EXPECT_FALSE(*load_identity(bench.device.store, bench.out));
}

TEST_P(EverySuite, ARequestThatIsWrongIsRefusedByTheTable) {
  const std::array fields_of = {Fields{}, share_fields, proof_fields, aead_fields};
  for (const Endpoint endpoint : {Endpoint::post_dh, Endpoint::post_auth, Endpoint::post_key}) {
    const Fields& fields = fields_of[static_cast<std::size_t>(endpoint)];
    Bench bench(*GetParam());
    bench.run_until(endpoint);
    const Bytes good = body_of(bench.request);
    for_each_wrong(good, fields, [&](const Bytes& body, const Error& error) {
      expect_refused(bench, body, error);
    });
    for (std::size_t i = 0; i < fields.size() && endpoint != Endpoint::post_dh; ++i) {
      Values values = decoded(good);
      values[i].second.back() ^= 1U;
      expect_refused(bench, encoded(values), {Errc::bad_tag, fields.back().where});
    }
    bench.device.device.restore(bench.before);
    EXPECT_LT(bench.deliver(bench.request).status, Status::bad_request) << "as it was sent";
  }
}

TEST_P(EverySuite, AShareIsJudgedBeforeAnythingIsDrawnOrCharged) {
  Bench bench(*GetParam());
  bench.run_until(Endpoint::post_dh);
  Bytes off = copy(p256_generator()), hybrid = off;
  off.back() ^= 1U;
  hybrid[0] = 7;
  for (const Bytes& share : {Bytes(65), Bytes{0}, Bytes(64, 4), Bytes(66, 4), off, hybrid}) {
    expect_refused(bench, encoded({{1, share}}), {Errc::out_of_range, "dh.wib: share"});
  }
  // w0*M, which takes somebody who has w0.
  Bytes cancels(65);
  ASSERT_TRUE(real().p256_mul(bench.device.verifier->secrets.w0.view(), spake2plus_m(), cancels));
  expect_refused(bench, encoded({{1, cancels}}), {Errc::out_of_range, "dh.wib: share"});
  bench.device.device.restore(bench.before);
  EXPECT_EQ(bench.deliver(bench.request).status, Status::ok);
  const DeviceSnapshot after = bench.device.device.snapshot();
  EXPECT_EQ(after.attempts.charged, bench.before.attempts.charged + 1) << "a good one is charged";
  EXPECT_FALSE(same_bytes(after.gate.seed.view(), bench.before.gate.seed.view()));
}

TEST_P(EverySuite, AnAnswerThatIsWrongEndsTheRunAndIsNamed) {
  const Fields its_offer(offer_fields.begin() + 3, offer_fields.end());
  const std::array fields_of = {its_offer, answer_fields, Fields{}, aead_fields};
  for (const Endpoint endpoint : {Endpoint::get_dh, Endpoint::post_dh, Endpoint::post_key}) {
    const Fields& fields = fields_of[static_cast<std::size_t>(endpoint)];
    Bench bench(*GetParam());
    bench.run_until(endpoint);
    bench.deliver(bench.request);
    const Bytes good = body_of(bench.response);
    Client& client = bench.client.client;
    const ClientSnapshot before = client.snapshot();
    const auto expect_failure = [&](const Bytes& body, const Error& error) {
      client.restore(before);
      const ClientStep step =
          client.handle({Status::ok, Cookie{}, parsed(bench.suite, bench.asked, body, true)});
      EXPECT_EQ(step.error, error) << step.error.where << " at " << step.error.offset;
      EXPECT_FALSE(step.send);
      client.restore(before);
      const auto stepped = bench.to_client.receive(with_body(bench.response, body), bench.out);
      EXPECT_EQ(stepped.error, error) << stepped.error.where << " at " << stepped.error.offset;
      EXPECT_TRUE(stepped.request.empty());
      EXPECT_EQ(stepped.claim.kind, ClaimKind::aborted);
      EXPECT_EQ(client.state(), ClientState::failed);
    };
    for_each_wrong(good, fields, expect_failure);
    for (std::size_t i = 0; i < fields.size() && endpoint != Endpoint::get_dh; ++i) {
      Values values = decoded(good);  // well-formed, and yet wrong
      const bool point = i == 0 && endpoint == Endpoint::post_dh;
      values[i].second = point ? copy(p256_generator()) : Bytes(values[i].second.size(), 7);
      expect_failure(encoded(values), {Errc::bad_tag, fields.back().where});
    }
    client.restore(before);
    EXPECT_EQ(bench.to_client.receive(bench.response, bench.out).error, Error{}) << "as it came";
  }
}

struct Recorder final : ForwardingCrypto {
  using ForwardingCrypto::ForwardingCrypto;
  bool equal(ByteView a, ByteView b) noexcept override {
    calls += "equal " + std::to_string(b.size()) + "\n";
    return ForwardingCrypto::equal(a, b);
  }
  Result<> before(std::string_view operation) override {
    calls += std::string(operation) + "\n";
    return {};
  }
  std::string calls;
};

TEST_P(EverySuite, AWrongCodeIsLikeAnyOtherWrongProof) {
  Recorder crypto(real());
  Bench bench(*GetParam(), 1, &crypto, "0123456780"), other(*GetParam(), 7);
  other.run_until(Endpoint::post_auth);
  bench.run_until(Endpoint::post_dh);
  const KeyExchangeState kept = bench.client.client.snapshot().key_exchange;
  bench.deliver(bench.request);
  bench.before = bench.device.device.snapshot();
  // What somebody with another code makes of the answer.
  const Session& session = bench.before.sessions[0];
  const std::string id(bench.suite.id().view());
  std::array<Byte, max_run_context_size> buffer;
  const auto context = write_run_context(
      {id, as_bytes(id), session.epoch.view(), session.cookie, as_bytes(toy_serial)}, buffer);
  const Spake2plusIdentity identity{*context, as_bytes(prover_identity), as_bytes(toy_serial)};
  Spake2plusSecrets guess;
  ASSERT_TRUE(spake2plus_finish_p(crypto, kept.prover, identity, kept.exponent.view(),
                                  kept.share.view(), decoded(body_of(bench.response))[0].second,
                                  guess));
  Bytes random(32);
  ASSERT_TRUE(attacks::StreamRandom(1, "test").fill(random));
  std::string head(as_text(bench.request));
  head.replace(head.find("dh.wib"), 6, "auth.wib");
  const auto prove = [&](const Bytes& body, std::uint32_t charged) {
    bench.before.attempts.charged = charged;
    bench.device.device.restore(bench.before);
    crypto.calls.clear();
    return bench.deliver(with_body(copy(as_bytes(head)), body));
  };
  for (const std::uint32_t charged : {1U, attempts_per_press}) {
    prove(encoded({{1, copy(guess.confirm_prover.view())}}), charged);
    const Bytes answer = bench.response;
    const std::string calls = crypto.calls;
    EXPECT_TRUE(calls.ends_with("equal 32\n"));
    for (const Bytes& body :
         {encoded({{1, random}}), body_of(other.request), encoded({{1, random}, {2, random}}),
          encoded({{1, Bytes(31)}}), Bytes{0xff}, Bytes{}}) {
      EXPECT_EQ(prove(body, charged).status, Status::unauthorized);
      EXPECT_EQ(bench.device.device.window_open(), charged == 1);
      EXPECT_EQ(bench.response, answer);
      EXPECT_TRUE(crypto.calls == calls || body.size() != 36);
    }
  }
  EXPECT_EQ(prove(encoded({{1, copy(session.proof.view())}}), 1).status, Status::no_content);
}

// --- Codecs -------------------------------------------------------------------------------------

std::vector<ByteView> members(const Offer& x) {
  return {x.p, x.g, x.group, x.suites, x.salt, x.iterations, x.epoch};
}
std::vector<ByteView> members(const Share& x) { return {x.value, x.confirmation}; }
std::vector<ByteView> members(const Proof& x) { return {x.confirmation}; }
std::vector<ByteView> members(const Sealed& x) { return {x.iv, x.ciphertext, x.tag}; }

// A body read and written again, empty if it is refused; `read`: its members that are not empty.
template <class T, class Write>
Bytes again(const Result<T>& parsed, std::vector<Bytes>& read, Write write) {
  if (!parsed) return {};
  for (const ByteView each : members(*parsed)) {
    if (!each.empty()) read.push_back(copy(each));
  }
  Bytes out(16384);
  return copy(write(*parsed, out).value());
}

RC_GTEST_PROP(Codecs, WriteWhatTheyReadAndReadWhatTheyWrite, ()) {
  Fields offer;
  const auto bits = *rc::gen::inRange(0U, 128U);
  for (unsigned i = 0; i < 7; ++i) {
    if ((bits >> i & 1U) != 0) offer.push_back(offer_fields[i]);
  }
  const auto set = static_cast<OfferFields>(bits);
  const auto codec = *rc::gen::inRange<std::size_t>(0, 4);
  const auto rewrite = [&](ByteView body, std::vector<Bytes>& read) {
    if (codec == 1) return again(parse_confirmed_share(body), read, write_confirmed_share);
    if (codec == 2) return again(parse_proof(body), read, write_proof);
    if (codec == 3) return again(parse_aead(body), read, write_aead);
    const auto write = [&](const Offer& x, ByteSpan out) { return write_offer(x, set, out); };
    return again(parse_offer(body, set), read, write);
  };
  attacks::StreamRandom random(*rc::gen::arbitrary<std::uint64_t>(), "test");
  Values values;
  std::vector<Bytes> expected, read;
  const std::array fields_of = {offer, answer_fields, proof_fields, aead_fields};
  for (const cbor::Field& field : fields_of[codec]) {
    expected.emplace_back(*rc::gen::inRange(field.min_size, field.max_size + 1));
    RC_ASSERT(random.fill(expected.back()).has_value());
    values.emplace_back(field.key, expected.back());
  }
  Bytes body = encoded(values);
  RC_ASSERT(rewrite(body, read) == body);
  RC_ASSERT(read == expected);
  // One byte is another: there is no second way to write anything.
  body[*rc::gen::inRange<std::size_t>(0, body.size())] ^= *rc::gen::inRange<Byte>(1, 255);
  const Bytes mutated = rewrite(body, read);
  RC_ASSERT(mutated.empty() || mutated == body);
}

// --- The transcript -----------------------------------------------------------------------------

TEST(Transcript, HasEveryFieldInItsPlace) {
  using enum Transcript::Item;
  std::set<Bytes> digests;
  std::size_t made = 0;
  const auto add = [&](Transcript::Item item, const std::vector<Bytes>& f, const Bytes& cookie) {
    Body body = Share{f[0], f.size() > 1 ? ByteView(f[1]) : ByteView()};
    if (item == offer) body = Offer{f[0], f[1], f[2], f[3], f[4], f[5], f[6]};
    if (item == auth) body = Proof{f[0]};
    if (item == key) body = Sealed{f[0], f[1], f[2]};
    Transcript transcript;
    for (int i = 0; i < 2; ++i) {  // twice: what was before counts too
      ASSERT_TRUE(transcript.absorb(real(), item, body, cookie));
      digests.insert(copy(transcript.digest()));
      EXPECT_EQ(digests.size(), ++made);
    }
  };
  for (const auto& [item, count] :
       {std::pair{offer, 7U}, {client_share, 2U}, {device_share, 2U}, {auth, 1U}, {key, 3U}}) {
    SCOPED_TRACE(static_cast<int>(item));
    const Bytes cookie(item == offer ? 16 : 0, 9);
    std::vector<Bytes> fields;
    for (Byte i = 0; i < count; ++i) fields.push_back({1, 2, static_cast<Byte>(3 + i)});
    add(item, fields, cookie);
    for (std::size_t i = 0; i < count; ++i) {
      const Byte last = fields[i][2];
      for (const Bytes& value : {Bytes{}, Bytes{1, 2}, Bytes{1, 2, last, 0}, Bytes{0, 1, 2, last},
                                 Bytes{129, 2, last}, Bytes{1, 2, 99}}) {
        std::vector<Bytes> changed = fields;
        changed[i] = value;
        add(item, changed, cookie);
      }
      // Moved: alone at another place, and two that have changed places.
      for (std::size_t j = 0; j < count; ++j) {
        std::vector<Bytes> alone(count), swapped = fields;
        alone[j] = {static_cast<Byte>(100 + i)};
        add(item, alone, cookie);
        std::swap(swapped[i], swapped[j]);
        if (i < j) add(item, swapped, cookie);
      }
    }
  }
  const std::vector<Bytes> same(7, Bytes{1});
  for (const Bytes& cookie : {Bytes(16, 8), Bytes(), Bytes{1}}) add(offer, same, cookie);
}

}  // namespace
}  // namespace wib::props
