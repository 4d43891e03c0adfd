// SPDX-License-Identifier: Apache-2.0
#include "props/support/report_records.h"

namespace wib::props {

using namespace attacks;  // NOLINT: the records are all of it

const std::string hostile = "<script>alert('x')</script>&\"\x1b[31m\xff\xe2\x80\xae";

namespace {

std::vector<PropertyResult> findings(std::initializer_list<Property> broken) {
  std::vector<PropertyResult> results;
  for (const PropertyInfo& info : properties()) {
    const bool is_broken = std::ranges::find(broken, info.property) != broken.end();
    results.push_back({info.property, is_broken ? Finding::broken : Finding::holds,
                       is_broken ? "the witness" : ""});
  }
  return results;
}

}  // namespace

RunRecord run(const std::string& id, const std::string& reading, const std::string& device,
              const std::string& client) {
  RunRecord record;
  record.id = id;
  record.family = id.substr(0, id.find('.'));
  record.variant = id.size() > 3 ? id.substr(4) : "";
  record.title = "title of " + id;
  record.suite = "as_posted";
  record.reading = reading;
  record.device_backend = device;
  record.client_backend = client;
  record.seed = 7;
  record.device_entropy = "full";
  record.conduct = "active";
  record.target = "simulation";
  record.outcome = Outcome::succeeded;
  record.expected = Outcome::succeeded;
  record.verdict = Verdict::pass;
  record.reason = "the attack succeeds, as expected";
  record.aims = {Property::s2};
  record.properties = findings({Property::s2});
  record.seconds = 0.25;
  record.trace = "traces/" + id + ".jsonl";
  record.story = {
      {.kind = StoryLine::Kind::event, .step = 1, .from = "device", .label = "button pressed"},
      {.kind = StoryLine::Kind::message,
       .step = 2,
       .from = "owner",
       .to = "attacker",
       .label = "GET /setup/dh.wib"},
      {.kind = StoryLine::Kind::message,
       .step = 3,
       .from = "attacker",
       .to = "device",
       .label = "GET /setup/dh.wib",
       .note = "passed on"},
      {.kind = StoryLine::Kind::message,
       .step = 4,
       .from = "attacker",
       .to = "owner",
       .label = "200 OK",
       .detail = "share 00",
       .forged = true},
      {.kind = StoryLine::Kind::knowledge,
       .step = 5,
       .from = "attacker",
       .label = "learns: K",
       .detail = "sha256(wire 1.share)"},
  };
  record.thefts = {{.owner = "owner",
                    .label = "bundle",
                    .derivation = "unseal(sha256(wire 1.share))",
                    .steps = {{"K", "sha256(wire 1.share)"}, {"bundle", "unseal(K)"}}}};
  return record;
}

RunRecord control(RunRecord record) {
  record.control = true;
  record.outcome = Outcome::blocked;
  record.expected = Outcome::blocked;
  record.reason = "the attack is blocked, as expected";
  record.properties = findings({});
  record.thefts.clear();
  return record;
}

RunRecord failing(RunRecord record) {
  record.outcome = record.outcome == Outcome::blocked ? Outcome::succeeded : Outcome::blocked;
  record.verdict = Verdict::fail;
  record.reason = "the attack was expected to succeed and was blocked";
  return record;
}

RunRecord poisoned(RunRecord record) {
  for (std::string* text :
       {&record.id, &record.family, &record.variant, &record.title, &record.suite, &record.reading,
        &record.device_backend, &record.client_backend, &record.device_entropy, &record.conduct,
        &record.target, &record.reason, &record.trace}) {
    *text += hostile;
  }
  record.verdict = Verdict::error;
  record.irregularities = {hostile};
  record.metrics = {{hostile, 3, hostile + "/s"}};
  record.thefts = {{hostile, hostile, hostile, {{hostile, hostile}}}};
  for (PropertyResult& result : record.properties) result.witness = hostile;
  for (const auto kind :
       {StoryLine::Kind::event, StoryLine::Kind::message, StoryLine::Kind::knowledge}) {
    record.story.push_back({kind, 9, hostile, hostile, hostile, hostile, hostile, true, true});
  }
  return record;
}

std::vector<RunRecord> sample() {
  std::vector<RunRecord> records = {
      run("A00", "cbc", "openssl", "openssl"),
      run("A00", "cbc", "openssl", "wolfssl"),
      control(run("A00.passive", "cbc", "openssl", "openssl")),
      failing(run("D14.takeover", "cbc", "openssl", "openssl")),
      run("E02.cookie", "cbc", "openssl", "openssl"),
  };
  records[1].story.clear();
  records[4].title = "Ein 16-Bit-Startwert, geprüft an der Sitzungskennung";
  records[4].metrics = {{"cookie search: rate", 2.5e6, "seeds/s"},
                        {"share search: rate", 5e4, "seeds/s"}};
  return records;
}

ReportHeader header() {
  return {.version = "0.1.0",
          .command = "wib attack run --seed 7 && echo '<done>'",
          .libraries = {{"openssl", "OpenSSL 3.0"}, {"wolfssl", "wolfSSL 5.5.4"}}};
}

}  // namespace wib::props
