// SPDX-License-Identifier: Apache-2.0
//
// The state diagrams of protocol/README.md against the transition tables, in both directions: the
// text is what is drawn, and the edges that are read back from it are the table's. And that the
// comparison sees what it is for: any row edited, removed or added, any line of a diagram changed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>
#include <type_traits>

#include "models/diagram/parse.h"
#include "protocol/suites.h"

namespace wib::models {

// For GoogleTest, which finds it by its name.
void PrintTo(const Edge& edge, std::ostream* out) {
  *out << edge.from << ' ' << edge.event << ' ' << edge.judged << " -> " << edge.to << " \""
       << edge.output << '"';
}

namespace {

std::string readme() {
  std::ifstream file(std::string(WIB_SOURCE_DIR) + "/protocol/README.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

template <class Row>
constexpr Party party_of = std::is_same_v<Row, DeviceRow> ? Party::device : Party::client;

std::span<const DeviceRow> rows_of(DeviceRow) { return device_table(); }
std::span<const ClientRow> rows_of(ClientRow) { return client_table(); }
template <class Row>
std::vector<Row> table() {
  const auto rows = rows_of(Row{});
  return {rows.begin(), rows.end()};
}

// What one has and the other has not; copies count.
std::vector<Edge> only_in(const std::vector<Edge>& one, std::vector<Edge> other) {
  std::vector<Edge> only;
  for (const Edge& edge : one) {
    const auto same = std::ranges::find(other, edge);
    if (same != other.end()) {
      other.erase(same);
    } else {
      only.push_back(edge);
    }
  }
  return only;
}

// What is to be empty: how the diagram and the table differ.
struct Difference {
  bool text = false;  // it is not what is drawn
  std::string unread;
  std::vector<Edge> diagram_only;
  std::vector<Edge> table_only;

  [[nodiscard]] bool edges() const {
    return !unread.empty() || !diagram_only.empty() || !table_only.empty();
  }
};

template <class Row>
Difference compare(std::string_view diagram, const std::vector<Row>& rows, Traits suite) {
  const std::vector<Edge> expected = edges(rows, suite);
  Difference difference;
  difference.text = diagram != draw(party_of<Row>, expected);
  const auto read = parse(party_of<Row>, diagram);
  if (!read) {
    difference.unread = read.error();
    return difference;
  }
  difference.diagram_only = only_in(*read, expected);
  difference.table_only = only_in(expected, *read);
  return difference;
}

// --- The README ---------------------------------------------------------------------------------

template <class Row>
void expect_drawn(const std::string& party, const char* suite) {
  const Suite* found = find_suite(suite);
  ASSERT_NE(found, nullptr);
  const std::string block = party + " " + suite;
  const std::vector<Row> rows = table<Row>();
  const std::string drawn = draw(party_of<Row>, edges(rows, found->traits()));
  const auto diagram = extract(readme(), block);
  ASSERT_TRUE(diagram) << "protocol/README.md has not one whole block of that name; it is to be\n"
                       << update("", block, drawn);
  EXPECT_EQ(*diagram, drawn) << "the block is to be\n" << update("", block, drawn);

  const Difference difference = compare(*diagram, rows, found->traits());
  EXPECT_EQ(difference.unread, "");
  EXPECT_EQ(difference.diagram_only, std::vector<Edge>{}) << "the table has not";
  EXPECT_EQ(difference.table_only, std::vector<Edge>{}) << "the README has not";
}

TEST(DiagramReadme, DeviceAsPosted) { expect_drawn<DeviceRow>("device", "as_posted"); }
TEST(DiagramReadme, DeviceHardened) { expect_drawn<DeviceRow>("device", "hardened"); }
TEST(DiagramReadme, ClientAsPosted) { expect_drawn<ClientRow>("client", "as_posted"); }
TEST(DiagramReadme, ClientHardened) { expect_drawn<ClientRow>("client", "hardened"); }

// --- Nothing is lost ----------------------------------------------------------------------------

std::vector<Traits> all_traits() {
  std::vector<Traits> all;
  for (const When sessions : {When::several, When::single}) {
    for (const When attempts : {When::unlimited, When::limited}) {
      for (const When result : {When::bare, When::acknowledged}) {
        all.push_back(Traits(sessions).with(attempts).with(result));
      }
    }
  }
  return all;
}

template <class Row>
class Diagram : public testing::Test {};
using Rows = testing::Types<DeviceRow, ClientRow>;
TYPED_TEST_SUITE(Diagram, Rows);

TYPED_TEST(Diagram, HasAnEdgeForEachRowOfTheSuite) {
  for (const Traits suite : all_traits()) {
    const auto rows = table<TypeParam>();
    const auto all = edges(rows, suite);
    const auto own = [&](const auto& row) { return suite.has(row.when); };
    EXPECT_EQ(all.size(), static_cast<std::size_t>(std::ranges::count_if(rows, own)));
    for (const auto& row : rows) {
      if (!own(row)) continue;
      const auto is_of = [&](const Edge& edge) {
        return edge.from == name(row.on) && edge.event == name(row.event) &&
               edge.judged == name(row.judged) && edge.to == name(row.next);
      };
      EXPECT_EQ(std::ranges::count_if(all, is_of), 1);
    }
  }
}

TYPED_TEST(Diagram, IsReadBackAsTheEdgesThatWereDrawn) {
  for (const Traits suite : all_traits()) {
    const auto all = edges(table<TypeParam>(), suite);
    const auto read = parse(party_of<TypeParam>, draw(party_of<TypeParam>, all));
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(*read, all);
  }
}

TYPED_TEST(Diagram, GoesByTheRowsAndNotByTheirOrder) {
  for (const Traits suite : all_traits()) {
    auto rows = table<TypeParam>();
    const auto all = edges(rows, suite);
    std::ranges::reverse(rows);
    EXPECT_EQ(edges(rows, suite), all);
  }
}

// --- What the comparison sees -------------------------------------------------------------------

// Each row that differs from `row` in one thing that a diagram shows.
std::vector<DeviceRow> edits(const DeviceRow& row) {
  std::vector<DeviceRow> all;
  const auto add = [&](auto change) { change(all.emplace_back(row)); };
  for (std::size_t i = 0; i < device_state_count; ++i) {
    const auto state = static_cast<DeviceState>(i);
    if (state != row.on) add([&](DeviceRow& edited) { edited.on = state; });
    if (state != row.next) add([&](DeviceRow& edited) { edited.next = state; });
  }
  for (std::size_t i = 0; i < device_event_count; ++i) {
    const auto event = static_cast<DeviceEvent>(i);
    if (event != row.event) add([&](DeviceRow& edited) { edited.event = event; });
  }
  for (std::size_t i = 0; i < judged_count; ++i) {
    const auto judged = static_cast<Judged>(i);
    if (judged != row.judged) add([&](DeviceRow& edited) { edited.judged = judged; });
  }
  using enum Status;
  for (const Status status : {none, ok, no_content, bad_request, unauthorized, forbidden, conflict,
                              service_unavailable}) {
    if (status != row.status) add([&](DeviceRow& edited) { edited.status = status; });
  }
  add([](DeviceRow& edited) {
    const auto effects = static_cast<unsigned>(edited.effects);
    edited.effects = static_cast<Effects>(effects ^ static_cast<unsigned>(Effects::create));
  });
  return all;
}

std::vector<ClientRow> edits(const ClientRow& row) {
  std::vector<ClientRow> all;
  const auto add = [&](auto change) { change(all.emplace_back(row)); };
  for (std::size_t i = 0; i < client_state_count; ++i) {
    const auto state = static_cast<ClientState>(i);
    if (state != row.on) add([&](ClientRow& edited) { edited.on = state; });
    if (state != row.next) add([&](ClientRow& edited) { edited.next = state; });
  }
  for (std::size_t i = 0; i < client_event_count; ++i) {
    const auto event = static_cast<ClientEvent>(i);
    if (event != row.event) add([&](ClientRow& edited) { edited.event = event; });
  }
  for (std::size_t i = 0; i < judged_count; ++i) {
    const auto judged = static_cast<Judged>(i);
    if (judged != row.judged) add([&](ClientRow& edited) { edited.judged = judged; });
  }
  for (std::size_t i = 0; i < 4; ++i) {
    const auto request = static_cast<Endpoint>(i);
    if (row.sends && request == row.request) continue;
    add([&](ClientRow& edited) {
      edited.sends = true;
      edited.request = request;
    });
  }
  if (row.sends) add([](ClientRow& edited) { edited.sends = false; });
  return all;
}

std::vector<Traits> named_traits() {
  return {find_suite("as_posted")->traits(), find_suite("hardened")->traits()};
}

// The diagram of the table is held against a copy of it in which one thing is not as it was. What
// the copy has too much and too little is the difference, edge for edge.
template <class Row>
void expect_seen(const std::string& drawn, const std::vector<Row>& edited, Traits suite,
                 std::size_t diagram_only, std::size_t table_only) {
  const Difference difference = compare(drawn, edited, suite);
  EXPECT_TRUE(difference.text);
  EXPECT_EQ(difference.unread, "");
  EXPECT_EQ(difference.diagram_only.size(), diagram_only);
  EXPECT_EQ(difference.table_only.size(), table_only);
}

TYPED_TEST(Diagram, SeesEveryRowThatIsRemoved) {
  for (const Traits suite : named_traits()) {
    const auto rows = table<TypeParam>();
    const std::string drawn = draw(party_of<TypeParam>, edges(rows, suite));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!suite.has(rows[i].when)) continue;
      auto edited = rows;
      edited.erase(edited.begin() + static_cast<std::ptrdiff_t>(i));
      expect_seen(drawn, edited, suite, 1, 0);
      if (this->HasFailure()) return;
    }
  }
}

TYPED_TEST(Diagram, SeesEveryRowThatIsEdited) {
  for (const Traits suite : named_traits()) {
    const auto rows = table<TypeParam>();
    const std::string drawn = draw(party_of<TypeParam>, edges(rows, suite));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!suite.has(rows[i].when)) continue;
      for (const TypeParam& row : edits(rows[i])) {
        auto edited = rows;
        edited[i] = row;
        expect_seen(drawn, edited, suite, 1, 1);
        if (this->HasFailure()) return;
      }
    }
  }
}

TYPED_TEST(Diagram, SeesEveryRowThatIsAdded) {
  for (const Traits suite : named_traits()) {
    const auto rows = table<TypeParam>();
    const std::string drawn = draw(party_of<TypeParam>, edges(rows, suite));
    for (const TypeParam& row : rows) {
      if (!suite.has(row.when)) continue;
      auto all = edits(row);
      all.push_back(row);  // a row twice
      for (const TypeParam& added : all) {
        auto edited = rows;
        edited.push_back(added);
        expect_seen(drawn, edited, suite, 0, 1);
        if (this->HasFailure()) return;
      }
    }
  }
}

// An edited table is drawn as what it is, and read back as what it is: neither side repairs.
TYPED_TEST(Diagram, DrawsWhatTheTableSays) {
  for (const Traits suite : named_traits()) {
    const auto rows = table<TypeParam>();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!suite.has(rows[i].when)) continue;
      for (const TypeParam& row : edits(rows[i])) {
        auto edited = rows;
        edited[i] = row;
        edited.push_back(row);  // twice
        const auto expected = edges(edited, suite);
        const auto read = parse(party_of<TypeParam>, draw(party_of<TypeParam>, expected));
        ASSERT_TRUE(read) << read.error();
        ASSERT_EQ(*read, expected);
      }
    }
  }
}

TYPED_TEST(Diagram, HasNothingOfARowOfAnotherSuite) {
  for (const Traits suite : named_traits()) {
    auto rows = table<TypeParam>();
    const std::string drawn = draw(party_of<TypeParam>, edges(rows, suite));
    std::erase_if(rows, [&](const auto& row) { return !suite.has(row.when); });
    EXPECT_EQ(draw(party_of<TypeParam>, edges(rows, suite)), drawn);
  }
}

// What it does not see: an effect other than `create`. props/table_props.cc does.
TEST(DiagramLimits, OtherEffectsAreNotDrawn) {
  const Traits suite = find_suite("as_posted")->traits();
  auto rows = table<DeviceRow>();
  for (DeviceRow& row : rows) {
    row.effects = has(row.effects, Effects::create) ? Effects::create : Effects::none;
  }
  const Difference difference = compare(device_diagram(suite), rows, suite);
  EXPECT_FALSE(difference.text);
  EXPECT_FALSE(difference.edges());
}

// --- The README's side: a diagram that was changed by hand --------------------------------------

template <class Row>
std::vector<std::string> diagrams() {
  std::vector<std::string> all;
  for (const Traits suite : named_traits()) {
    all.push_back(draw(party_of<Row>, edges(table<Row>(), suite)));
  }
  return all;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

template <class Row>
bool edges_differ(const std::string& edited, Traits suite) {
  return compare(edited, table<Row>(), suite).edges();
}

TYPED_TEST(Diagram, SeesEveryLineThatIsRemovedOrThereTwice) {
  const auto suites = named_traits();
  const auto all = diagrams<TypeParam>();
  for (std::size_t s = 0; s < suites.size(); ++s) {
    const auto lines = lines_of(all[s]);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      auto edited = lines;
      edited.erase(edited.begin() + static_cast<std::ptrdiff_t>(i));
      EXPECT_TRUE(edges_differ<TypeParam>(joined(edited), suites[s])) << "without " << lines[i];
      edited = lines;
      edited.insert(edited.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
      EXPECT_TRUE(edges_differ<TypeParam>(joined(edited), suites[s])) << "twice " << lines[i];
    }
  }
}

// Every word, replaced by another that may stand there, or by one that may not. The exception is
// the state that the note stands beside: that says nothing of any edge, and only the text differs.
TYPED_TEST(Diagram, SeesEveryWordThatIsReplaced) {
  const auto suites = named_traits();
  const auto all = diagrams<TypeParam>();
  const std::vector<std::string> others = {
      "closed", "await_auth", "failed", "idle", "bad", "good",    "POST",  "GET",
      "dh",     "key",        "200",    "204",  "409", "refusal", "press", "nonsense"};
  for (std::size_t s = 0; s < suites.size(); ++s) {
    const std::string& text = all[s];
    const auto is_word = [&](std::size_t at) {
      return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 ||
                                  text[at] == '_' || text[at] == '-');
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (!is_word(at) || (at > 0 && is_word(at - 1))) continue;
      std::size_t end = at;
      while (is_word(end)) ++end;
      const std::string word = text.substr(at, end - at);
      const bool beside = text.substr(0, at).ends_with("note right of ");
      for (const std::string& other : others) {
        if (other == word) continue;
        std::string edited = text;
        edited.replace(at, end - at, other);
        const Difference difference = compare(edited, table<TypeParam>(), suites[s]);
        EXPECT_TRUE(difference.text);
        EXPECT_TRUE(beside || difference.edges()) << edited.substr(at > 60 ? at - 60 : 0, 120);
      }
    }
  }
}

// An edge that is in the README alone, in each of the forms that it may have there.
TEST(DiagramEdited, AnEdgeInTheReadmeAloneIsOne) {
  const Traits suite = find_suite("as_posted")->traits();
  const std::string drawn = device_diagram(suite);
  const auto with = [&](const std::string& before, const std::string& text) {
    std::string edited = drawn;
    const auto at = edited.find(before);
    EXPECT_NE(at, std::string::npos) << before;
    return edited.insert(at, text);
  };
  const Edge arrow = {"await_auth", "post_key", "good", "204", "closed"};
  const Edge inside = {"await_auth", "post_key", "any", "409", "await_auth"};
  const std::vector<std::pair<std::string, std::vector<Edge>>> cases = {
      {with("  note", "  await_auth --> closed : POST key 204 (good)\n"), {arrow}},
      {with("<br/>POST key 400", "<br/>POST auth 204 (good)"),
       {{"await_key", "post_auth", "good", "204", "closed"}}},
      {with("  await_key : await_key", "  await_auth : POST key 409\n"), {inside}},
      {with("  end note", "    to closed on long press\n"),
       {{"await_share", "long_press", "any", "", "closed"},
        {"await_auth", "long_press", "any", "", "closed"},
        {"await_key", "long_press", "any", "", "closed"}}},
      {with("  end note", "    stay on POST key 409\n"),
       {{"await_share", "post_key", "any", "409", "await_share"},
        inside,
        {"await_key", "post_key", "any", "409", "await_key"}}},
  };
  for (const auto& [edited, expected] : cases) {
    const Difference difference = compare(edited, table<DeviceRow>(), suite);
    EXPECT_EQ(difference.unread, "");
    EXPECT_EQ(difference.diagram_only, expected);
    EXPECT_EQ(difference.table_only, std::vector<Edge>{});
  }
}

}  // namespace
}  // namespace wib::models
