// SPDX-License-Identifier: Apache-2.0
//
// The words of the diagrams, by hand; what their reader cannot read; the blocks of a README that
// have them.
#include <gtest/gtest.h>

#include <algorithm>

#include "models/diagram/parse.h"
#include "protocol/suites.h"

namespace wib::models {

// For GoogleTest, which finds it by its name.
void PrintTo(const Edge& edge, std::ostream* out) {
  *out << edge.from << ' ' << edge.event << ' ' << edge.judged << " -> " << edge.to << " \""
       << edge.output << '"';
}

namespace {

// The words of statuses and requests, by hand: what is read back is what was drawn even if both are
// wrong.
TEST(DiagramWords, AreAsTheyAreOnTheWire) {
  const std::vector<Edge> device = edges(device_table(), find_suite("as_posted")->traits());
  for (const Edge& edge : {Edge{"closed", "press", "any", "", "no_session"},
                           Edge{"await_key", "get_dh", "good", "200 new session", "await_share"},
                           Edge{"await_auth", "post_auth", "bad", "401", "no_session"},
                           Edge{"await_key", "post_key", "good", "204", "closed"}}) {
    EXPECT_EQ(std::ranges::count(device, edge), 1) << testing::PrintToString(edge);
  }
  const std::vector<Edge> client = edges(client_table(), find_suite("hardened")->traits());
  for (const Edge& edge :
       {Edge{"idle", "start", "any", "sends GET dh", "expect_offer"},
        Edge{"expect_auth_result", "no_content", "good", "sends POST key", "expect_key_result"},
        Edge{"expect_key_result", "ok", "good", "", "completed"}}) {
    EXPECT_EQ(std::ranges::count(client, edge), 1) << testing::PrintToString(edge);
  }
  const std::vector<Edge> one = {{"await_auth", "post_auth", "bad", "401", "no_session"},
                                 {"await_auth", "session_expired", "any", "", "no_session"}};
  EXPECT_EQ(draw(Party::device, one),
            "stateDiagram-v2\n"
            "  closed : closed\n"
            "  no_session : no_session\n"
            "  await_share : await_share\n"
            "  await_auth : await_auth\n"
            "  await_key : await_key\n"
            "  [*] --> closed\n"
            "  await_auth --> no_session : session expired<br/>POST auth 401 (bad)");
  const std::vector<Edge> other = {
      {"expect_auth_result", "no_content", "good", "sends POST key", "expect_key_result"},
      {"expect_auth_result", "ok", "any", "", "failed"}};
  EXPECT_EQ(draw(Party::client, other),
            "stateDiagram-v2\n"
            "  idle : idle\n"
            "  expect_offer : expect_offer\n"
            "  expect_share : expect_share\n"
            "  expect_auth_result : expect_auth_result\n"
            "  expect_key_result : expect_key_result\n"
            "  completed : completed\n"
            "  failed : failed\n"
            "  [*] --> idle\n"
            "  expect_auth_result --> expect_key_result : 204 sends POST key (good)\n"
            "  expect_auth_result --> failed : 200");
}

TEST(DiagramParse, SaysWhatItCannotRead) {
  const std::string drawn = device_diagram(find_suite("as_posted")->traits());
  const auto why = [&](const std::string& from, const std::string& to) -> std::string {
    std::string edited = drawn;
    const auto at = edited.find(from);
    if (at == std::string::npos) return "not there";
    const auto read = parse(Party::device, edited.replace(at, from.size(), to));
    return read ? "" : read.error();
  };
  EXPECT_EQ(why("press", "press"), "");
  EXPECT_EQ(why("stateDiagram-v2", "stateDiagram"), "no \"stateDiagram-v2\": stateDiagram");
  EXPECT_EQ(why("[*] --> closed", "[*] --> await_key"),
            "not the initial state:   [*] --> await_key");
  EXPECT_EQ(why("  [*] --> closed\n", ""), "no initial state");
  EXPECT_EQ(why("  [*]", "  [*] --> closed\n  [*]"), "two initial states:   [*] --> closed");
  EXPECT_EQ(why(" : press, long press\n  no", "\n  no"), "no label:   closed --> no_session");
  EXPECT_EQ(why("closed --> no", "open --> no"),
            "no state \"open\":   open --> no_session : press, long press");
  EXPECT_EQ(why("POST auth 204 (good)", "POST auth 204 (any)"),
            "no judgement \"any\":   await_auth --> await_key : POST auth 204 (any)");
  EXPECT_EQ(why("POST auth 204 (good)", "204)"), "a bracket:   await_auth --> await_key : 204)");
  EXPECT_EQ(why("POST auth 204", "PUT auth 204"),
            "no event \"PUT auth 204\":   await_auth --> await_key : PUT auth 204 (good)");
  EXPECT_EQ(why("POST dh, POST auth 409", "POST dh 409, POST auth"),
            "an output in the midst:   await_key : POST dh 409, POST auth");
  EXPECT_EQ(why("  await_auth : await_auth\n", ""),
            "a box without a title:   await_auth : POST dh 409");
  EXPECT_EQ(why("  await_key : await_key\n  await_key : POST dh, POST auth 409\n", ""),
            "a state without a box");
  EXPECT_EQ(why(" alike", ""), "a note about nothing:     await_share, await_auth, await_key");
  EXPECT_EQ(why("stay on", "go on"), "not of a note:     go on GET dh 503 (bad, failed)");
  EXPECT_EQ(why("\n  end note", ""), "a note without an end");
  EXPECT_FALSE(parse(Party::device, ""));
  EXPECT_FALSE(parse(Party::client, drawn));
}

// --- Blocks -------------------------------------------------------------------------------------

TEST(DiagramBlock, IsFoundAndReplacedByItsName) {
  const std::string text =
      "before\n\n<!-- diagram: a -->\n```mermaid\nx\ny\n```\n<!-- end diagram -->\n\n"
      "between\n<!-- diagram: a b -->\n```mermaid\nz\n```\n<!-- end diagram -->\nafter\n";
  EXPECT_EQ(extract(text, "a"), "x\ny");
  EXPECT_EQ(extract(text, "a b"), "z");
  EXPECT_EQ(extract(text, "b"), std::nullopt);
  EXPECT_EQ(update(text, "a", "x\ny"), text);
  const std::string updated = update(text, "a", "one");
  EXPECT_EQ(updated,
            "before\n\n<!-- diagram: a -->\n```mermaid\none\n```\n<!-- end diagram -->\n\n"
            "between\n<!-- diagram: a b -->\n```mermaid\nz\n```\n<!-- end diagram -->\nafter\n");
  EXPECT_EQ(extract(updated, "a"), "one");
}

TEST(DiagramBlock, IsAddedWhereItIsNot) {
  const std::string block = "<!-- diagram: a -->\n```mermaid\nx\n```\n<!-- end diagram -->\n";
  EXPECT_EQ(update("", "a", "x"), block);
  EXPECT_EQ(update("text", "a", "x"), "text\n\n" + block);
  EXPECT_EQ(update("text\n", "a", "x"), "text\n\n" + block);
  EXPECT_EQ(extract(update("text", "a", "x"), "a"), "x");
}

// A block that is not whole is nobody's to repair; in particular it does not reach into the next.
TEST(DiagramBlock, IsLeftAloneWhereItIsNotWhole) {
  const std::string open = "<!-- diagram: a -->\n";
  const std::string fence = "```mermaid\nx\n```\n";
  const std::string end = "<!-- end diagram -->\n";
  const std::string next = "<!-- diagram: b -->\n" + fence + end;
  for (const std::string& text :
       {open, open + fence, open + fence + next, open + end + next, open + next,
        open + "```mermaid\nx\n" + end, open + "```\nx\n```\n" + end, open + "\n" + fence + end,
        open + fence + "\n" + end, open + fence + end + open + fence + end}) {
    EXPECT_EQ(extract(text, "a"), std::nullopt) << text;
    EXPECT_EQ(update(text, "a", "y"), text);
  }
  EXPECT_EQ(extract("x " + open + fence + end, "a"), std::nullopt);  // not a line of its own
}

}  // namespace
}  // namespace wib::models
