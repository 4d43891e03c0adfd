// SPDX-License-Identifier: Apache-2.0
//
// Suites: every row of choices has a name that gives it back and completes an honest run; no code
// asks for the name; and nobody talks a party down from the suite that it has.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "props/support/cbor_bytes.h"
#include "props/support/drive.h"
#include "protocol/setup/endpoint.h"

namespace wib::props {
namespace {

Instant at(int ms) { return std::chrono::milliseconds(ms); }

// --- Names --------------------------------------------------------------------------------------

// All the rows there are: each of the four ciphers, with every choice at the other slots.
const std::vector<Suite>& every_row() {
  static const std::vector<Suite> all = [] {
    std::vector<Suite> rows(suites().begin(), suites().end());
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
      if (slot_names()[slot] == "protection") continue;
      std::vector<Suite> more;
      for (const Suite& row : rows) {
        for (const std::string_view choice : choice_names(slot)) {
          more.push_back(with_choice(row, slot_names()[slot], choice).value());
        }
      }
      rows.swap(more);
    }
    return rows;
  }();
  return all;
}

// The same objects, whatever they are called.
bool same_row(const Suite& a, const Suite& b) {
  return &a.key_exchange == &b.key_exchange && &a.freshness == &b.freshness &&
         &a.key_schedule == &b.key_schedule && &a.protection == &b.protection &&
         &a.group_policy == &b.group_policy && &a.session_policy == &b.session_policy &&
         &a.attempt_limit == &b.attempt_limit && &a.entropy_gate == &b.entropy_gate;
}

std::vector<std::string> differences(const Suite& suite, const Suite& base) {
  std::vector<std::string> found;
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    const std::string choice(choice_name(suite, slot));
    if (choice == choice_name(base, slot)) continue;
    found.push_back(std::string(slot_names()[slot]) + "=" + choice);
  }
  return found;
}

TEST(SuiteNames, TheNamedOnesInTheirReadings) {
  std::string ids;
  for (const Suite& suite : suites()) ids += std::string(suite.id().view()) + " ";
  EXPECT_EQ(ids, "as_posted/cbc as_posted/ctr hardened/gcm hardened/chacha20 ");
  for (const auto& [name, first, second, row] :
       {std::tuple{"as_posted", "cbc", "ctr",
                   "plain_dh none raw_hash encrypt_and_mac take_any several unlimited none "},
        {"hardened", "gcm", "chacha20",
         "spake2plus epoch hkdf_transcript aead named single limited sp800_90b "}}) {
    SCOPED_TRACE(name);
    for (const std::string_view reading : {"", "cbc", "ctr", "gcm", "chacha20", "CBC", " "}) {
      const Suite* found = find_suite(name, reading);
      const bool its = reading.empty() || reading == first || reading == second;
      ASSERT_EQ(found != nullptr, its) << reading;
      if (found == nullptr) continue;
      EXPECT_EQ(found->reading(), reading.empty() ? first : reading) << "the first is the default";
      std::string choices;
      for (std::size_t i = 0; i < slot_count; ++i)
        choices += std::string(choice_name(*found, i)) + " ";
      EXPECT_EQ(choices, row);
    }
    EXPECT_FALSE(*find_suite(name, first) == *find_suite(name, second));
  }
  for (const std::string_view none :
       {"", "Hardened", "hardened ", "hardened/gcm", "as_posted+freshness=epoch"}) {
    EXPECT_EQ(find_suite(none), nullptr) << none;
  }
}

TEST(SuiteNames, EveryRowHasOneThatGivesItBack) {
  ASSERT_EQ(every_row().size(), 1280U);
  const Suite &posted = suites()[0], &hardened = suites()[2];
  std::set<std::string> names;
  for (const Suite& row : every_row()) {
    const SuiteName name = row.name();
    SCOPED_TRACE(std::string(row.id().view()));
    const auto parsed = parse_suite(name.view(), row.reading());
    EXPECT_TRUE(parsed && same_row(*parsed, row) && *parsed == row) << error_of(parsed).where;
    EXPECT_EQ(parse_suite(name.view())->name().view(), name.view()) << "in the default reading";

    // By hand: the nearer base, as_posted if both are as near, and the differences in order.
    const bool far = differences(row, hardened).size() < differences(row, posted).size();
    std::string expected = far ? "hardened" : "as_posted";
    char before = '+';
    for (const std::string& item : differences(row, far ? hardened : posted)) {
      expected += before + item;
      before = ',';
    }
    EXPECT_EQ(name.view(), expected) << "nothing is cut off";
    const std::string id = expected + "/" + std::string(row.reading());
    EXPECT_EQ(row.id().view(), id);
    EXPECT_LE(id.size(), max_suites_size) << "an offer has room for it";
    EXPECT_TRUE(names.insert(id).second) << "two rows of one name";
  }
}

TEST(SuiteNames, ChoicesAreWhatASlotTakes) {
  const Error no_choice = {Errc::out_of_range, "suite: the slot has no such choice"};
  const Error no_slot = {Errc::out_of_range, "suite: no such slot"};
  std::set<std::string> pool = {"", "?", "single ", "NONE", "named_", "ffdhe2048", "cbc", "gcm"};
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    for (const std::string_view choice : choice_names(slot)) {
      pool.insert({std::string(choice), std::string(choice) + "x",
                   std::string(choice.substr(0, choice.size() - 1))});
    }
  }
  for (const Suite& suite : suites()) {
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
      std::set<std::string> taken;
      for (const std::string& choice : pool) {
        const auto changed = with_choice(suite, slot_names()[slot], choice);
        if (!changed) {
          EXPECT_EQ(changed.error(), no_choice);
          continue;
        }
        taken.insert(choice);
        const bool same = choice == choice_name(suite, slot);
        EXPECT_EQ(choice_name(*changed, slot), choice);
        EXPECT_EQ(differences(*changed, suite).size(), same ? 0U : 1U);
        EXPECT_EQ(same_row(*changed, suite), same) << "its own choice keeps the cipher";
      }
      const auto listed = choice_names(slot);
      EXPECT_EQ(taken, std::set<std::string>(listed.begin(), listed.end())) << slot_names()[slot];
      EXPECT_EQ(taken.size(), listed.size()) << "each once";
    }
    for (const std::string_view slot : {"", "Freshness", "key_exchange ", "cipher"}) {
      EXPECT_EQ(error_of(with_choice(suite, slot, "none")), no_slot);
    }
  }
}

// Any order will do, and a choice that is the base's own is no difference.
TEST(SuiteNames, ARowMayBeWrittenInOtherWays) {
  const std::string hardened =
      "as_posted+entropy_gate=sp800_90b,attempt_limit=limited,session_policy=single,"
      "group_policy=named,protection=aead,key_schedule=hkdf_transcript,freshness=epoch,"
      "key_exchange=spake2plus";
  EXPECT_TRUE(same_row(parse_suite(hardened).value(), suites()[2]));
  EXPECT_TRUE(same_row(parse_suite(hardened, "chacha20").value(), suites()[3]));
  EXPECT_TRUE(same_row(parse_suite("as_posted+freshness=none", "ctr").value(), suites()[1]));
}

TEST(SuiteNames, WhatIsNoneIsSaidWithItsPlace) {
  // "E": as_posted+freshness=epoch, 25 bytes. Behind a slash: the reading.
  const std::vector<std::pair<Error, std::vector<std::string>>> cases = {
      {{Errc::out_of_range, "suite: no such name", 0},
       {"", "+freshness=epoch", "posted/cbc", "AS_POSTED", "as_posted,freshness=epoch"}},
      {{Errc::out_of_range, "suite: no such slot", 10},
       {"as_posted+colour=red", "as_posted+Freshness=epoch", "as_posted+ freshness=epoch",
        "as_posted+=epoch", "as_posted++freshness=epoch"}},
      {{Errc::out_of_range, "suite: no such slot", 26}, {"E,colour=red", "E,=", "E, freshness=a"}},
      {{Errc::out_of_range, "suite: the slot has no such choice", 10},
       {"as_posted+freshness=single", "as_posted+freshness=", "E=epoch", "E ", "E+",
        "E+key_exchange=spake2plus"}},
      {{Errc::out_of_range, "suite: the slot has no such choice", 26},
       {"E,group_policy=ffdhe2048", "E,protection=gcm/gcm"}},
      {{Errc::malformed, "suite: a slot twice", 26}, {"E,freshness=epoch", "E,freshness=none"}},
      {{Errc::malformed, "suite: SLOT=CHOICE is expected", 10},
       {"as_posted+freshness", "as_posted+", "as_posted+,freshness=epoch"}},
      {{Errc::malformed, "suite: SLOT=CHOICE is expected", 26},
       {"E,", "E,/gcm", "E,,key_exchange=spake2plus", "E,spake2plus"}},
      {{Errc::out_of_range, "suite: no such reading"},
       {"as_posted/gcm", "as_posted/CBC", "hardened/cbc", "as_posted+protection=aead/ctr",
        "hardened+protection=encrypt_and_mac/chacha20", "E/none"}},
  };
  for (const auto& [error, texts] : cases) {
    for (const std::string& text : texts) {
      std::string name = text.substr(0, text.find('/'));
      if (name.starts_with('E')) name.replace(0, 1, "as_posted+freshness=epoch");
      const Error found =
          error_of(parse_suite(name, text.contains('/') ? text.substr(text.find('/') + 1) : ""));
      EXPECT_EQ(found, error) << text << ": " << found.where << " at " << found.offset;
    }
  }
  EXPECT_FALSE(parse_suite("hardened/gcm")) << "a name is no id";
}

// --- Every mix of defences ----------------------------------------------------------------------

TEST(EveryMix, CompletesAnHonestRun) {
  Backend& backend = *find_backend("openssl");  // the quickest
  std::uint64_t seed = 0;
  for (const Suite& row : every_row()) {
    SCOPED_TRACE(std::string(row.id().view()));
    ToyDevice device(row, ++seed, device_table(), backend);
    ToyClient client(row, seed, "owner", toy_serial, backend);
    device.device.press(at(0));
    const Driven run = drive(device.device, client.client);
    ASSERT_EQ(run.client, ClientState::completed);
    ASSERT_EQ(run.replies.size(), 4U);
    const Reply& last = run.replies[3];
    EXPECT_EQ(last.status, row.protection.name() == "aead" ? Status::ok : Status::no_content);
    EXPECT_EQ(last.claim.kind, ClaimKind::installed);
    EXPECT_TRUE(same_bytes(last.claim.transcript, client.client.snapshot().transcript.digest()));
    EXPECT_EQ(last.claim.fingerprint, client.client.snapshot().fingerprint);
    EXPECT_EQ(last.claim.session, client.client.snapshot().cookie);
    Bytes stored(max_bundle_size);
    const auto installed = load_identity(device.store, stored);
    ASSERT_TRUE(installed && *installed);
    EXPECT_TRUE(same_bytes((*installed)->certificate, attacks::identity("owner").certificate));
  }
}

// --- No code asks which suite it is -------------------------------------------------------------

// C++ without its comments, which all begin with "//"; what stands between quotes stays.
std::string code_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string code;
  for (std::string line; std::getline(file, line); code += line + "\n") {
    for (auto at = line.find("//"); at != std::string::npos; at = line.find("//", at + 1)) {
      if (std::ranges::count(line.substr(0, at), '"') % 2 == 0) line.erase(at);
    }
  }
  return code;
}

TEST(NoCode, AsksWhichSuiteItIs) {
  namespace fs = std::filesystem;
  const fs::path root(WIB_SOURCE_DIR);
  // What names the rows, what is about the named ones by its subject, and what people are told.
  const std::set<std::string> exempt = {"suites.cc", "expected.cc", "catalogue.cc"};
  const std::set<std::string> folders = {"scenarios", "cli", "report"};
  std::size_t read = 0;
  for (const char* part : {"protocol", "attacks"}) {
    for (auto entry = fs::recursive_directory_iterator(root / part);
         entry != fs::recursive_directory_iterator(); ++entry) {
      const fs::path& path = entry->path();
      if (entry->is_directory() && folders.contains(path.filename())) {
        entry.disable_recursion_pending();
      }
      if (path.extension() != ".cc" && path.extension() != ".h") continue;
      if (exempt.contains(path.filename())) continue;
      ++read;
      const std::string code = code_of(path);
      EXPECT_FALSE(code.contains("hardened") || code.contains("as_posted")) << path;
    }
  }
  EXPECT_GT(read, 100U);
  EXPECT_TRUE(code_of(root / "protocol/suites.cc").contains("\"hardened\""));
}

// --- Downgrades ---------------------------------------------------------------------------------

class Downgrade : public EverySuite {
 protected:
  // A device that says it offers those suites, brought into an open window.
  void begin(std::string_view offered = {}, std::uint64_t seed = 1) {
    toy = std::make_unique<ToyDevice>(suite, seed);
    device = std::make_unique<Device>(DeviceConfig{suite, device_table(), as_bytes(toy_serial),
                                                   toy_group(), toy->verifier.get(), offered},
                                      DevicePorts{crypto, backends().front()->certificates(),
                                                  toy->random, toy->noise, toy->store});
    device->press(at(0));
    client = std::make_unique<ToyClient>(suite);
    step = client->client.start();
  }
  // Delivers the client's request; the answer is the device's own.
  Reply ask() { return device->handle(at(1), *step.send); }
  void tell(const Reply& reply) { step = client->client.handle(to_response(reply)); }
  void expect_refused(const Error& error) const {
    EXPECT_EQ(step.error, error) << name(step.error.code) << ": " << step.error.where;
    EXPECT_FALSE(step.send);
    EXPECT_EQ(step.claim.kind, ClaimKind::aborted);
    EXPECT_EQ(client->client.state(), ClientState::failed);
  }

  const Suite& suite = *GetParam();
  const std::string own{suite.id().view()};
  Crypto& crypto = backends().front()->crypto();
  std::unique_ptr<ToyDevice> toy;  // for its ports
  std::unique_ptr<Device> device;
  std::unique_ptr<ToyClient> client;
  ClientStep step;
};
INSTANTIATE_TEST_SUITE_P(Hardened, Downgrade, testing::Values(&suites()[2], &suites()[3]),
                         reading_of);

TEST_P(Downgrade, AListWithoutItsOwnSuiteIsRefused) {
  const std::string tail = own.substr(1), other(suites()[own.ends_with("gcm") ? 3 : 2].id().view());
  for (const std::string& list :
       {std::string(), std::string("as_posted/cbc as_posted/ctr"), other, own + "x", "x" + own,
        tail, own.substr(0, own.size() - 1), own + ",as_posted/cbc", own + "\n", "H" + tail,
        "hardened " + std::string(suite.reading()), std::string("hardened")}) {
    begin();
    Reply offer = ask();
    std::get<Offer>(offer.body).suites = as_bytes(list);
    tell(offer);
    expect_refused({Errc::weak_suite, "offer: suites"});
  }
}

// A man in the middle who edits the offer, so that both suites are there, or one is not, or
// anything else of it is another: the two sides do not confirm one another.
TEST_P(Downgrade, AnOfferThatWasEditedIsNotConfirmed) {
  const std::string both = own + " as_posted/cbc", swapped = "as_posted/cbc " + own;
  static constexpr std::array<Byte, 16> other = {0, 0, 7, 208, 1, 2, 3};
  const ByteView view(other);
  const auto run = [&](const std::string& offered, auto edit) {
    begin(offered);
    Reply offer = ask();
    edit(std::get<Offer>(offer.body), *offer.set_cookie);
    tell(offer);
    ASSERT_TRUE(step.send);
    step.send->cookie = device->snapshot().sessions[0].cookie;  // he puts it back on the way
    tell(ask());
  };
  const Error unconfirmed = {Errc::bad_tag, "dh.wib: confirmation"};
  for (const auto& [said, heard] :
       {std::pair{own, both}, {own, swapped}, {both, own}, {both, swapped}, {swapped, both}}) {
    SCOPED_TRACE(said + " > " + heard);
    run(said, [&](Offer& offer, Cookie&) { offer.suites = as_bytes(heard); });
    expect_refused(unconfirmed);
    run(said, [](Offer&, Cookie&) {});
    EXPECT_TRUE(step.send) << "as it was said";
  }
  run(own, [&](Offer& offer, Cookie&) { offer.salt = view; });
  expect_refused(unconfirmed);
  run(own, [&](Offer& offer, Cookie&) { offer.iterations = view.first(4); });
  expect_refused(unconfirmed);
  run(own, [&](Offer& offer, Cookie&) { offer.epoch = view.first(8); });
  expect_refused(unconfirmed);
  run(own, [&](Offer&, Cookie& cookie) { cookie[15] ^= 1U; });
  expect_refused(unconfirmed);
}

// What a client says to the offer of another suite's device, over bytes.
TEST_P(Downgrade, TheOfferOfAnotherSuiteIsRefused) {
  const auto meet = [&](const Suite& device_suite, const Suite& client_suite) {
    ToyDevice server(device_suite);
    server.device.press(at(0));
    Client& asking = (client = std::make_unique<ToyClient>(client_suite))->client;
    const auto to_device = std::make_unique<DeviceConnection>(server.device);
    const auto to_client = std::make_unique<ClientConnection>(asking, "d");
    Bytes request(max_message_size), response(max_message_size);
    const auto served = to_device->receive(at(1), to_client->start(request).request, response);
    EXPECT_EQ(served.status, Status::ok);
    const auto stepped = to_client->receive(served.response, request);
    EXPECT_TRUE(stepped.request.empty());
    EXPECT_EQ(asking.state(), ClientState::failed);
    return stepped.error;
  };
  for (const Suite& posted : posted_suites()) {
    EXPECT_EQ(meet(posted, suite), (Error{Errc::unknown_field, "cbor: unknown key", 1}));
    EXPECT_EQ(meet(suite, posted), (Error{Errc::missing_field, "offer: p", 1}));
  }
  const Suite stale = with_choice(suite, "freshness", "none").value();
  EXPECT_EQ(meet(stale, suite), (Error{Errc::missing_field, "offer: epoch",
                                       static_cast<std::uint32_t>(28 + stale.id().view().size())}));
  EXPECT_EQ(meet(with_choice(suite, "session_policy", "several").value(), suite),
            (Error{Errc::weak_suite, "offer: suites"}));
  // Typed: whatever a codec would have made of it.
  const Bytes p = {23}, g = {5};
  const Error map = {Errc::malformed, "cbor: map", 0};
  for (const auto& [its, body, error] :
       {std::tuple<const Suite&, Body, Error>{
            suite, Offer{.p = p, .g = g}, {Errc::weak_suite, "offer: suites"}},
        {suite, map, map},
        {suite, {}, {Errc::missing_field, "offer"}},
        {suites()[0], Offer{.suites = as_bytes(own)}, {Errc::out_of_range, "offer: p is zero"}}}) {
    client = std::make_unique<ToyClient>(its);
    (void)client->client.start();
    step = client->client.handle({Status::ok, Cookie{}, body});
    expect_refused(error);
  }
}

TEST_P(Downgrade, NothingButItsOwnAcknowledgementCompletes) {
  const auto acknowledged = [&](std::uint64_t seed) {
    begin({}, seed);
    while (step.send && step.send->endpoint != Endpoint::post_key) tell(ask());
    const Reply reply = ask();
    EXPECT_EQ(reply.status, Status::ok);
    const Sealed& sealed = std::get<Sealed>(reply.body);
    return std::pair{copy(sealed.ciphertext), copy(sealed.tag)};
  };
  const auto foreign = acknowledged(2);
  const Bytes foreign_digest = copy(client->client.snapshot().transcript.digest());
  auto [ciphertext, tag] = acknowledged(1);
  const ClientSnapshot before = client->client.snapshot();
  const auto answer = [&](Status status, const Body& body) {
    client->client.restore(before);
    step = client->client.handle({status, {}, body});
  };
  const Error bad = {Errc::bad_tag, "sealed: tag"};
  answer(Status::no_content, {});
  expect_refused({Errc::unexpected, "no_content"});
  answer(Status::ok, {});
  expect_refused({Errc::missing_field, "sealed"});
  answer(Status::ok, Sealed{{}, foreign.first, foreign.second});
  expect_refused(bad);
  for (Bytes* part : {&ciphertext, &tag}) {
    for (Byte& byte : *part) {
      byte ^= 0x10U;
      answer(Status::ok, Sealed{{}, ciphertext, tag});
      expect_refused(bad);
      byte ^= 0x10U;
    }
  }
  // Sealed by one who has the keys: only this place, in this conversation, with what was sent.
  attacks::StreamRandom random(1, "test");
  Bytes out(64);
  const auto seal = [&](const DirectionKeys& keys, const SealContext& context, ByteView plaintext) {
    answer(Status::ok,
           suite.protection.seal(crypto, random, keys, context, plaintext, out).value());
  };
  const ByteView digest = before.transcript.digest(), said = before.fingerprint;
  const DirectionKeys &right = before.keys.to_client, &wrong = before.keys.to_device;
  for (const SealContext& context : {SealContext{Endpoint::post_key, digest, 0, false},
                                     {Endpoint::post_key, digest, 1, true},
                                     {Endpoint::post_auth, digest, 0, true},
                                     {Endpoint::post_key, foreign_digest, 0, true}}) {
    seal(right, context, said);
    expect_refused(bad);
  }
  const SealContext context{Endpoint::post_key, digest, 0, true};
  seal(wrong, context, said);
  expect_refused(bad);
  for (const ByteView other : {said.first(31), ByteView(foreign_digest), ByteView()}) {
    seal(right, context, other);
    expect_refused({Errc::unexpected, "key.wib: acknowledgement"});
  }
  seal(right, context, said);
  EXPECT_EQ(step.claim.kind, ClaimKind::completed);
  answer(Status::ok, Sealed{{}, ciphertext, tag});
  EXPECT_EQ(step.claim.kind, ClaimKind::completed);
}

}  // namespace
}  // namespace wib::props
