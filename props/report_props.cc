// SPDX-License-Identifier: Apache-2.0
//
// Covers: the report writers (JSON, HTML, terminal), their escaping, and the order of a story.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "attacks/report/overview.h"
#include "attacks/report/report.h"
#include "attacks/report/storyboard.h"
#include "attacks/report/text.h"

namespace wib::attacks {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string hostile = "<script>alert('x')</script>&\"\x1b[31m\xff\xe2\x80\xae";

// --- Records ----------------------------------------------------------------------------------

std::vector<PropertyResult> findings(std::initializer_list<Property> broken) {
  std::vector<PropertyResult> results;
  for (const PropertyInfo& info : properties()) {
    const bool is_broken = std::ranges::find(broken, info.property) != broken.end();
    results.push_back({info.property, is_broken ? Finding::broken : Finding::holds,
                       is_broken ? "the witness" : ""});
  }
  return results;
}

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

// Every text that a peer or a trace could have a say in.
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

// A control, an attack of each family, a failure, an empty story, text that is not ASCII.
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

// --- Reading HTML back -------------------------------------------------------------------------

// A small XML reader: throws std::runtime_error where the text is not well-formed. Good enough for
// what one writer writes: no comments, no CDATA.
class XmlReader {
 public:
  struct Attribute {
    std::string element, name, value;
  };

  explicit XmlReader(std::string_view text) : rest_(text) {
    expect("<!DOCTYPE html>\n");
    element();
    if (rest_ != "\n") fail("text after the root");
  }

  [[nodiscard]] const std::vector<Attribute>& attributes() const { return attributes_; }
  [[nodiscard]] std::vector<std::string> values(std::string_view name) const {
    std::vector<std::string> found;
    for (const Attribute& attribute : attributes_) {
      if (attribute.name == name) found.push_back(attribute.value);
    }
    return found;
  }
  // Text of the elements with that value of `class`, in order.
  [[nodiscard]] const std::vector<std::string>& text_of(const std::string& style) {
    return texts_[style];
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error(what + " at: " + std::string(rest_.substr(0, 80)));
  }
  void expect(std::string_view text) {
    if (!rest_.starts_with(text)) fail("expected " + std::string(text));
    rest_.remove_prefix(text.size());
  }
  std::string name() {
    std::size_t size = 0;
    while (size < rest_.size() &&
           (std::isalnum(static_cast<unsigned char>(rest_[size])) != 0 || rest_[size] == '-')) {
      ++size;
    }
    if (size == 0) fail("expected a name");
    const std::string found(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return found;
  }
  // Characters up to one of `stops`, with the entities that are allowed decoded.
  std::string characters(std::string_view stops) {
    static const std::vector<std::pair<std::string_view, char>> entities = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
    std::string text;
    while (!rest_.empty() && stops.find(rest_[0]) == std::string_view::npos) {
      const auto byte = static_cast<unsigned char>(rest_[0]);
      if (byte < 0x20 && byte != '\n' && byte != '\t') fail("control character");
      if (rest_[0] != '&') {
        text += rest_[0];
        rest_.remove_prefix(1);
        continue;
      }
      const auto entity = std::ranges::find_if(
          entities, [&](const auto& one) { return rest_.starts_with(one.first); });
      if (entity == entities.end()) fail("bare ampersand");
      text += entity->second;
      rest_.remove_prefix(entity->first.size());
    }
    return text;
  }
  std::string element() {
    expect("<");
    const std::string tag = name();
    std::string style;
    std::set<std::string> seen;
    while (rest_.starts_with(" ")) {
      expect(" ");
      Attribute attribute{tag, name(), {}};
      expect("=\"");
      attribute.value = characters("\"<");
      expect("\"");
      if (!seen.insert(attribute.name).second) fail("attribute twice");
      if (attribute.name == "class") style = attribute.value;
      attributes_.push_back(std::move(attribute));
    }
    if (rest_.starts_with("/>")) {
      expect("/>");
      return {};
    }
    expect(">");
    std::string text;
    while (!rest_.starts_with("</")) {
      if (rest_.empty()) fail("not closed: " + tag);
      text += rest_.starts_with("<") ? element() : characters("<");
    }
    expect("</" + tag + ">");
    texts_[style].push_back(text);
    return text;
  }

  std::string_view rest_;
  std::vector<Attribute> attributes_;
  std::map<std::string, std::vector<std::string>> texts_;
};

// Well-formed, nothing fetched, every link inside the page has its target once.
void check_page(const std::string& html) {
  const XmlReader page(html);
  std::multiset<std::string> ids;
  for (const std::string& id : page.values("id")) ids.insert(id);
  for (const std::string& id : ids) EXPECT_EQ(ids.count(id), 1U) << id;
  for (const std::string& link : page.values("href")) {
    const bool inside = link.starts_with("#");
    EXPECT_TRUE(inside || link.starts_with("./")) << link;
    if (inside) {
      EXPECT_EQ(ids.count(link.substr(1)), 1U) << link;
    }
  }
  for (const XmlReader::Attribute& attribute : page.attributes()) {
    EXPECT_THAT(attribute.name, Not(StartsWith("on"))) << attribute.element;
    for (const char* name : {"src", "srcset", "action", "style", "xlink:href"}) {
      EXPECT_NE(attribute.name, name);
    }
    for (const char* element : {"script", "iframe", "object", "embed", "link", "img", "form"}) {
      EXPECT_NE(attribute.element, element);
    }
  }
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("url(")));
  EXPECT_THAT(html, Not(HasSubstr("@import")));
}

// --- Text --------------------------------------------------------------------------------------

TEST(ReportText, EscapesWhatMarkupMeans) {
  EXPECT_EQ(report::escape("<a href=\"x\">&'</a>\n"),
            "&lt;a href=&quot;x&quot;&gt;&amp;&#39;&lt;/a&gt;\n");
  EXPECT_EQ(report::escape("Prüfung \u2713"), "Prüfung \u2713");
}

TEST(ReportText, ShowsWhatWouldHide) {
  EXPECT_EQ(report::visible("a\nb\tc\r"), "a\\nb\\tc\\r");
  EXPECT_EQ(report::visible("\x1b[2J\x7f"), "\\x1b[2J\\x7f");
  EXPECT_EQ(report::visible("\u202eevil\u200b\u0085"), "\\u{202e}evil\\u{200b}\\u{85}");
  EXPECT_EQ(report::visible(std::string("\0", 1)), "\\x00");
  // Not UTF-8: a stray byte, an overlong form, a surrogate, beyond the last, cut off.
  EXPECT_EQ(report::visible("\xff"), "\\xff");
  EXPECT_EQ(report::visible("\xc0\xaf"), "\\xc0\\xaf");
  EXPECT_EQ(report::visible("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");
  EXPECT_EQ(report::visible("\xed\xa0\x80"), "\\xed\\xa0\\x80");
  EXPECT_EQ(report::visible("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
  EXPECT_EQ(report::visible("\xe2\x9c"), "\\xe2\\x9c");
  EXPECT_EQ(report::visible("\xf0\x9f\x94\x92 \U0010ffff"), "\xf0\x9f\x94\x92 \\u{10ffff}");
}

RC_GTEST_PROP(ReportText, EscapedTextIsInert, (const std::string& text)) {
  const std::string escaped = report::escape(text);
  RC_ASSERT(escaped.find_first_of("<>\"'") == std::string::npos);
  for (std::size_t at = escaped.find('&'); at != std::string::npos;
       at = escaped.find('&', at + 1)) {
    const std::size_t end = escaped.find(';', at);
    RC_ASSERT(end != std::string::npos);
    const std::set<std::string> entities = {"amp", "lt", "gt", "quot", "#39"};
    RC_ASSERT(entities.contains(escaped.substr(at + 1, end - at - 1)));
  }
  // Valid UTF-8 throughout: visible() has nothing left to do but line ends and tabs.
  const std::string once = report::visible(text);
  RC_ASSERT(report::visible(once) == once);
}

RC_GTEST_PROP(ReportText, WrapsWithinItsWidth, (const std::string& text)) {
  const auto width = *rc::gen::inRange<std::size_t>(1, 40);
  const auto lines = *rc::gen::inRange<std::size_t>(1, 5);
  const auto wrapped = report::wrap(text, width, lines);
  RC_ASSERT(wrapped.size() <= lines);
  RC_ASSERT(wrapped.empty() == text.empty());
  for (const std::string& line : wrapped) RC_ASSERT(report::columns(line) <= width);
}

TEST(ReportText, WrapsBetweenWordsAndElides) {
  EXPECT_THAT(report::wrap("one two three four", 9, 3), ElementsAre("one two", "three", "four"));
  EXPECT_THAT(report::wrap("one two three four", 9, 2), ElementsAre("one two", "three fo…"));
  EXPECT_THAT(report::wrap("cookie 00 (2 bytes), iv 01", 24, 2),
              ElementsAre("cookie 00 (2 bytes),", "iv 01"));
  EXPECT_THAT(report::wrap("", 9, 2), ElementsAre());
  EXPECT_EQ(report::elide("Prüfung", 7), "Prüfung");
  EXPECT_EQ(report::elide("Prüfungen", 7), "Prüfun…");
}

TEST(ReportText, MakesPathsHarmless) {
  EXPECT_EQ(report::shell_path("traces/A00.jsonl"), "traces/A00.jsonl");
  EXPECT_EQ(report::shell_path("-rf"), "./-rf");
  EXPECT_EQ(report::shell_path("a b'; rm $x"), "'a b'\\''; rm $x'");
  EXPECT_EQ(report::href("traces/A00.jsonl"), "./traces/A00.jsonl");
  EXPECT_EQ(report::href("javascript:alert(1)"), "./javascript%3aalert%281%29");
  EXPECT_EQ(report::href("a#b?c"), "./a%23b%3fc");
}

TEST(ReportText, WritesNumbersForPeople) {
  EXPECT_EQ(report::number(0), "0");
  EXPECT_EQ(report::number(65536), "65,536");
  EXPECT_EQ(report::number(999999), "999,999");
  EXPECT_EQ(report::number(-1234), "-1,234");
  EXPECT_EQ(report::number(2.34e6), "2.34 million");
  EXPECT_EQ(report::number(3e9), "3 billion");
  EXPECT_EQ(report::number(0.03125), "0.0312");
  EXPECT_EQ(report::number(std::numeric_limits<double>::quiet_NaN()), "not a number");
  EXPECT_EQ(report::number(std::numeric_limits<double>::infinity()), "infinite");
}

// --- Overview and story ------------------------------------------------------------------------

TEST(ReportOverview, PutsControlsBehindTheirAttack) {
  const std::vector<RunRecord> records = {
      run("E02.share", "cbc", "a", "a"),
      run("E02.share-20-bit", "cbc", "a", "a"),
      run("E02.cookie", "cbc", "a", "a"),
      control(run("E02.cookie-full-entropy", "cbc", "a", "a")),
      control(run("E02.share-full-entropy", "cbc", "a", "a")),
      control(run("E02.other", "cbc", "a", "a")),
  };
  const report::Overview overview(records);
  std::vector<std::string> order;
  for (const auto& scenario : overview.families().at(0).scenarios) order.push_back(scenario.id);
  EXPECT_THAT(order, ElementsAre("E02.share", "E02.share-full-entropy", "E02.other",
                                 "E02.share-20-bit", "E02.cookie", "E02.cookie-full-entropy"));
}

TEST(ReportOverview, NoRunsAreNotASuccess) {
  EXPECT_EQ(report::Overview({}).summary(), "No runs: nothing was tested.");
  EXPECT_THAT(to_html(header(), {}), HasSubstr("No runs: nothing was tested."));
  check_page(to_html(header(), {}));
}

TEST(ReportOverview, TellsLackOfProofFromLackOfExpectation) {
  RunRecord record = run("A00", "cbc", "a", "a");
  record.verdict = Verdict::inconclusive;
  EXPECT_TRUE(needs_attention(report::standing(record)));
  record.expected.reset();
  EXPECT_FALSE(needs_attention(report::standing(record)));
}

std::vector<std::string> rows_of(const std::vector<StoryLine>& story) {
  std::vector<std::string> words;
  for (const report::Row& row : report::arrange(story)) words.push_back(report::in_words(row));
  return words;
}

TEST(ReportStory, JoinsWhatIsPassedOnAndTellsReplays) {
  using Kind = StoryLine::Kind;
  const auto message = [](const char* from, const char* to, const char* label, bool forged) {
    return StoryLine{Kind::message, 1, from, to, label, "d", {}, forged, false};
  };
  const std::vector<StoryLine> story = {
      message("owner", "attacker", "GET", false),
      message("attacker", "device", "GET", false),
      message("device", "attacker", "200 OK", false),
      {Kind::event, 1, "device", {}, "installs the pair", {}, {}, false, false},
      message("attacker", "owner", "200 OK", false),
      message("owner", "attacker", "POST", false),
      {Kind::knowledge, 1, "attacker", {}, "learns: K", {}, {}, false, false},
      message("attacker", "device", "POST", false),
      message("attacker", "device", "POST", true),
      message("attacker", "device", "GET", false),
      {Kind::message, 1, "device", "attacker", "connection refused", {}, {}, false, true},
      message("owner/2", "attacker", "GET", false),
  };
  EXPECT_THAT(
      rows_of(story),
      ElementsAre("owner to device, passed on unchanged: #0 GET", "device: installs the pair",
                  "device to owner, passed on unchanged: #1 200 OK", "owner to attacker: #2 POST",
                  "attacker: learns: K", "attacker to device: #2 POST",
                  "attacker to device, forged: #3 POST", "attacker to device, replayed: #0 GET",
                  "device to attacker: connection refused", "owner/2 to attacker: #4 GET"));
  EXPECT_THAT(report::lanes(story), ElementsAre("owner", "owner/2", "attacker", "device"));
}

// --- JSON --------------------------------------------------------------------------------------

TEST(ReportJson, HasWhatIsPromised) {
  const auto records = sample();
  const json document = json::parse(to_json(header(), records));
  EXPECT_EQ(document.at("schema"), report_schema_version);
  EXPECT_EQ(document.at("header").at("version"), "0.1.0");
  EXPECT_EQ(document.at("header").at("libraries").at(1).at("backend"), "wolfssl");
  EXPECT_EQ(document.at("summary").at("runs"), 5);
  EXPECT_EQ(document.at("summary").at("pass"), 4);
  EXPECT_EQ(document.at("summary").at("fail"), 1);
  EXPECT_EQ(document.at("summary").at("attention"), json::array({3}));
  ASSERT_EQ(document.at("results").size(), records.size());
  for (const json& result : document.at("results")) {
    for (const char* key : {"id",       "family",  "variant",        "title",          "control",
                            "suite",    "reading", "device_backend", "client_backend", "outcome",
                            "expected", "verdict", "reason",         "aims",           "properties",
                            "cwe",      "trace",   "seed",           "device_entropy", "conduct",
                            "target",   "thefts",  "metrics",        "irregularities", "seconds"}) {
      EXPECT_TRUE(result.contains(key)) << key;
    }
    EXPECT_EQ(result.at("properties").size(), property_count);
  }
  const json& first = document.at("results").at(0);
  EXPECT_EQ(first.at("id"), "A00");
  EXPECT_EQ(first.at("cwe"), "CWE-300");
  EXPECT_EQ(first.at("aims"), json::array({"P-S2"}));
  EXPECT_EQ(first.at("properties").at(2),
            json({{"id", "P-S2"}, {"finding", "broken"}, {"witness", "the witness"}}));
  EXPECT_EQ(first.at("thefts").at(0).at("steps").at(0).at("name"), "K");
  EXPECT_EQ(document.at("results").at(3).at("verdict"), "fail");
  EXPECT_EQ(document.at("results").at(4).at("metrics").at(0).at("value"), 2.5e6);
}

TEST(ReportJson, KeepsItsOrderAndItsNumbers) {
  auto records = sample();
  records[0].seed = 0xffffffffffffffff;
  records[0].expected.reset();
  records[0].trace.clear();
  const std::string text = to_json(header(), records);
  EXPECT_EQ(text, to_json(header(), records));
  EXPECT_THAT(text, StartsWith("{\n  \"schema\": 1,\n  \"header\": {\n    \"tool\": \"wib\","));
  EXPECT_LT(text.find("\"id\""), text.find("\"family\""));
  const json first = json::parse(text).at("results").at(0);
  EXPECT_EQ(first.at("seed"), 0xffffffffffffffff);
  EXPECT_TRUE(first.at("expected").is_null());
  EXPECT_TRUE(first.at("trace").is_null());
}

TEST(ReportJson, SurvivesHostileText) {
  const std::vector<RunRecord> records = {poisoned(run("A00", "cbc", "a", "a"))};
  const json document = json::parse(to_json(header(), records));
  EXPECT_THAT(document.at("results").at(0).at("title").get<std::string>(),
              HasSubstr("<script>alert('x')</script>"));
}

// --- HTML --------------------------------------------------------------------------------------

TEST(ReportHtml, IsOneWellFormedFile) { check_page(to_html(header(), sample())); }

TEST(ReportHtml, EscapesEverything) {
  auto records = sample();
  for (RunRecord& record : records) record = poisoned(record);
  records.push_back(poisoned(control(run("Z99", "cbc", "a", "a"))));
  ReportHeader head = header();
  for (std::string* text : {&head.tool, &head.version, &head.command}) *text += hostile;
  head.libraries.emplace_back(hostile, hostile);
  const std::string html = to_html(head, records);
  check_page(html);
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(html, Not(HasSubstr("\x1b")));
  EXPECT_THAT(html, Not(HasSubstr("\xe2\x80\xae")));
}

TEST(ReportHtml, NamesUnexpectedResultsFirst) {
  const std::string html = to_html(header(), sample());
  XmlReader page(html);
  ASSERT_EQ(page.text_of("headline").size(), 1U);
  EXPECT_EQ(page.text_of("headline")[0], "✗ 5 runs: 1 not as expected, 4 as expected.");
  ASSERT_EQ(page.text_of("attention").size(), 1U);
  EXPECT_THAT(page.text_of("attention")[0],
              HasSubstr("D14.takeover on as_posted/cbc, device on openssl, client on openssl: "
                        "not as expected: the attack was expected to succeed and was blocked"));
  EXPECT_LT(html.find("class=\"attention\""), html.find("class=\"matrix\""));
  EXPECT_THAT(html, HasSubstr("href=\"#run-3\""));

  auto good = sample();
  good.erase(good.begin() + 3);
  XmlReader good_page(to_html(header(), good));
  EXPECT_EQ(good_page.text_of("headline")[0], "✓ 4 runs, all as expected.");
  EXPECT_TRUE(good_page.text_of("attention").empty());
}

TEST(ReportHtml, SaysInWordsWhatCellsShowInColour) {
  auto records = sample();
  records[0].verdict = Verdict::inconclusive;
  records[4].verdict = Verdict::error;
  XmlReader page(to_html(header(), records));
  std::vector<std::string> cells;
  for (const char* style : {"cell first", "cell", "cell none first", "cell none"}) {
    for (const std::string& text : page.text_of(style)) {
      EXPECT_GE(text.size(), 8U) << text;
      cells.push_back(text);
    }
  }
  for (const char* words : {"● succeeded ? no proof", "○ blocked ✓ expected",
                            "○ blocked ✗ unexpected", "no outcome ! error", "· not run"}) {
    EXPECT_THAT(cells, ::testing::Contains(words));
  }
}

TEST(ReportHtml, TellsTheStory) {
  const std::string html = to_html(header(), sample());
  XmlReader page(html);
  EXPECT_THAT(html, HasSubstr("role=\"img\""));
  EXPECT_THAT(html, HasSubstr("#1 200 OK · forged"));
  EXPECT_THAT(html, HasSubstr("wib attack replay traces/A00.jsonl"));
  EXPECT_THAT(html, HasSubstr("CWE-300"));
  EXPECT_THAT(html, HasSubstr("control of A00"));
  EXPECT_THAT(html, HasSubstr("seeds/s"));
  EXPECT_THAT(html, HasSubstr("wib attack run --seed 7 &amp;&amp; echo"));
  EXPECT_THAT(page.text_of("derivation").at(0), HasSubstr("bundle = unseal(K)"));
}

TEST(ReportHtml, ShowsAnEmptyStoryAndAnUnknownFamily) {
  RunRecord record = run("Z99.new", "cbc", "a", "a");
  record.story.clear();
  record.target = "http://192.0.2.1";
  const std::string html = to_html(header(), std::vector{record});
  check_page(html);
  EXPECT_THAT(html, HasSubstr("No steps were recorded."));
  EXPECT_THAT(html, HasSubstr("not in the catalogue"));
  EXPECT_THAT(html, Not(HasSubstr("wib attack replay")));
}

// --- Terminal ----------------------------------------------------------------------------------

std::string matrix(const std::vector<RunRecord>& records, bool colour) {
  std::ostringstream out;
  print_matrix(out, records, colour);
  return out.str();
}

TEST(ReportMatrix, IsExact) {
  EXPECT_EQ(matrix(sample(), false),
            R"(5 runs: 1 not as expected, 4 as expected.
  D14.takeover  as_posted/cbc  device openssl, client openssl
    not as expected: the attack was expected to succeed and was blocked

                                                                    as_posted/cbc
attack                                                              o>o   o>w
A00  title of A00                                                   S ok  S ok
  A00.passive  control: title of A00.passive                        B ok  .
D14.takeover  title of D14.takeover                                 B !!  .
E02.cookie  Ein 16-Bit-Startwert, geprüft an der Sitzungskennung    S ok  .

S succeeded, B blocked; ok as expected, !! not as expected, ?? blocked without proof,
-- without an expectation; ERR no outcome; . not run
columns: backend of the device > of the client: o = openssl, w = wolfssl
)");
}

std::vector<RunRecord> all_combinations(std::initializer_list<const char*> readings) {
  std::vector<RunRecord> records;
  for (const char* reading : readings) {
    for (const char* device : {"openssl", "wolfssl"}) {
      for (const char* client : {"openssl", "wolfssl"}) {
        records.push_back(run("D14.takeover", reading, device, client));
        records.back().title = std::string(200, 'x') + hostile;
      }
    }
  }
  return records;
}

TEST(ReportMatrix, FitsOnAPage) {
  for (const std::string& text : {matrix(all_combinations({"cbc", "ctr"}), false),
                                  matrix(all_combinations({"a", "b", "c", "d", "e"}), false)}) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(report::columns(line), 100U) << line;
    }
  }
}

TEST(ReportMatrix, SendsNoControlCharactersOfItsOwnOrOthers) {
  auto records = sample();
  for (RunRecord& record : records) record = poisoned(record);
  EXPECT_THAT(matrix(records, false), Not(HasSubstr("\x1b")));
  EXPECT_THAT(matrix(sample(), true), HasSubstr("\x1b[1;37;41mB !!\x1b[0m"));
}

TEST(ReportMatrix, TellsBackendsOfLikeNamesApart) {
  const std::vector<RunRecord> records = {run("A00", "cbc", "openssl", "openssl-fips"),
                                          run("A00", "cbc", "wolfssl", "opaque")};
  EXPECT_THAT(matrix(records, false),
              HasSubstr("openssl = openssl, openssl- = openssl-fips, w = wolfssl, opa = opaque"));
}

TEST(ReportMatrix, NothingIsSaidToBeNothing) {
  EXPECT_EQ(matrix({}, false), "No runs: nothing was tested.\n");
}

}  // namespace
}  // namespace wib::attacks
