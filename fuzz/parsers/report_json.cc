// SPDX-License-Identifier: Apache-2.0
//
// The models' verdicts, as `wib report --models` takes them from anybody.
#include <nlohmann/json.hpp>

#include "attacks/report/model_verdicts.h"
#include "fuzz/parsers/oracle.h"

namespace wib::fuzz {

const std::string_view invariant =
    "Verdicts that are accepted hold each answer of the file and no other; an error names a place "
    "that the file has.";

namespace {

using attacks::report::EngineAnswer;
using attacks::report::ModelVerdict;
using attacks::report::ModelVerdicts;
using nlohmann::json;

std::string text_of(const json& item, const char* name) {
  const auto found = item.find(name);
  return found == item.end() ? "" : found->get<std::string>();
}

void expect_answer(const json& item, const EngineAnswer& answer) {
  expect(answer.bound == text_of(item, "bound") && answer.problem == text_of(item, "problem"),
         "its words");
  expect(answer.states == item.at("states").get<std::uint64_t>(), "its states");
  const std::string found = text_of(item, "found");
  expect(answer.found.has_value() != found.empty(), "an answer if it has one");
  if (answer.found) {
    expect(name(*answer.found) == found, "the answer");
    expect(answer.as_expected == item.at("good").get<bool>(), "as it was expected");
  }
}

}  // namespace

void one_input(ByteView input) {
  const std::string_view text = as_text(input);
  const auto models = ModelVerdicts::parse(text);
  const json document = json::parse(text, nullptr, false);
  const bool has_verdicts = document.is_object() && document.contains("verdicts");
  if (!models) {
    const std::string& error = models.error();
    const std::string_view place = "verdicts[";
    expect(!error.empty(), "an error says what is wrong");
    if (!error.starts_with(place)) {
      expect(!has_verdicts || !document.at("verdicts").is_array(), "the place of what is wrong");
      return;
    }
    const auto index = std::strtoul(error.c_str() + place.size(), nullptr, 10);
    expect(index < document.at("verdicts").size(), "a verdict that the file has");
    return;
  }
  std::size_t answers = 0;
  for (const json& item : document.at("verdicts")) {
    const std::string suite = text_of(item, "suite");
    const ModelVerdict* verdict =
        models->find(suite, text_of(item, "scenario"), text_of(item, "property"));
    expect(models->knows(suite) && verdict != nullptr, "each verdict is there");
    const auto answer =
        std::ranges::find(verdict->answers, text_of(item, "engine"), &EngineAnswer::engine);
    expect(answer != verdict->answers.end(), "with each engine's answer");
    expect_answer(item, *answer);
    if (answers++ < 4) expect(!verdict->words().empty() || verdict->effort().empty(), "words");
  }
  expect(!models->find("no such suite", "", ""), "and no other");
}

}  // namespace wib::fuzz
