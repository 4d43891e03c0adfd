// SPDX-License-Identifier: Apache-2.0
#include "models/mutants/mutants.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

namespace wib::models {
namespace {

using json = nlohmann::ordered_json;

// Thrown and caught in this file: what is wrong, and where.
struct Wrong {
  std::string what;
};

// The value whose name() that is.
template <class Enum>
Enum parse(const json& item, const char* field, std::size_t count) {
  const auto text = item.at(field).get<std::string>();
  for (std::size_t i = 0; i < count; ++i) {
    if (name(static_cast<Enum>(i)) == text) return static_cast<Enum>(i);
  }
  throw Wrong{std::string(field) + " \"" + text + "\" is none"};
}

Effects parse_effects(const std::string& text) {
  Effects set = Effects::none;
  if (text == "none") return set;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, '+');) {
    bool known = false;
    for (unsigned bit = 1; bit <= static_cast<unsigned>(Effects::set_keys); bit <<= 1) {
      if (name(static_cast<Effects>(bit)) != part) continue;
      set = set | static_cast<Effects>(bit);
      known = true;
    }
    if (!known) throw Wrong{"effects \"" + text + "\": \"" + part + "\" is none"};
  }
  return set;
}

template <class Row>
auto same_row(const Row& row) {
  return [&row](const Row& other) {
    return other.on == row.on && other.event == row.event && other.judged == row.judged &&
           other.when == row.when;
  };
}

template <class Row>
void must_replace(std::span<const Row> table, const Row& row, const json& item) {
  if (std::ranges::count_if(table, same_row(row)) != 1) {
    throw Wrong{"no row of the table has state, event, judged and when as in " + item.dump()};
  }
}

DeviceRow device_row(const json& item) {
  const DeviceRow row{
      .on = parse<DeviceState>(item, "state", device_state_count),
      .event = parse<DeviceEvent>(item, "event", device_event_count),
      .judged = parse<Judged>(item, "judged", judged_count),
      .status = static_cast<Status>(item.at("status").get<std::uint16_t>()),
      .next = parse<DeviceState>(item, "next", device_state_count),
      .effects = parse_effects(item.at("effects").get<std::string>()),
      .when = item.contains("when") ? parse<When>(item, "when", when_count) : When::always};
  must_replace(device_table(), row, item);
  return row;
}

ClientRow client_row(const json& item) {
  ClientRow row{
      .on = parse<ClientState>(item, "state", client_state_count),
      .event = parse<ClientEvent>(item, "event", client_event_count),
      .judged = parse<Judged>(item, "judged", judged_count),
      .next = parse<ClientState>(item, "next", client_state_count),
      .sends = false,
      .request = {},
      .when = item.contains("when") ? parse<When>(item, "when", when_count) : When::always};
  must_replace(client_table(), row, item);
  return row;
}

Suite suite_named(const std::string& text) {
  const auto suite = parse_suite(text);
  if (!suite) throw Wrong{"\"" + text + "\" is no suite"};
  return *suite;
}

Counterpart counterpart(const json& item) {
  Counterpart code;
  if (item.size() != 1) throw Wrong{"code: one of table, client_table, suite, none"};
  for (const json& row : item.value("table", json::array())) code.device.push_back(device_row(row));
  for (const json& row : item.value("client_table", json::array()))
    code.client.push_back(client_row(row));
  if (item.contains("suite")) code.suite.emplace(suite_named(item.at("suite").get<std::string>()));
  code.none = item.value("none", std::string());
  if (code.device.empty() && code.client.empty() && !code.suite && code.none.empty()) {
    throw Wrong{"code: says nothing"};
  }
  return code;
}

Ask parse_ask(const std::string& text) {
  if (text == "table") return {Ask::Kind::table, nullptr, {}};
  std::istringstream words(text);
  std::string first, second, third, more;
  words >> first >> second;
  const bool spin = first == "spin";
  if (spin) {
    first = second;
    words >> second;
  }
  const Scenario* scenario = find_scenario(first);
  if (scenario == nullptr) throw Wrong{"\"" + text + "\": no scenario \"" + first + "\""};
  const bool known = spin || std::ranges::find(scenario->questions, second, &Question::property) !=
                                 scenario->questions.end();
  if (!known || second.empty() || words >> more) {
    throw Wrong{"\"" + text + "\" is no question of scenario " + first};
  }
  return {spin ? Ask::Kind::spin : Ask::Kind::maude, scenario, second};
}

Edit parse_edit(const json& item, const std::string& file) {
  Edit edit{.file = file.empty() ? item.at("file").get<std::string>() : file,
            .find = item.at("find").get<std::string>(),
            .replace = item.at("replace").get<std::string>()};
  if (edit.find.empty() || edit.find == edit.replace) throw Wrong{"an edit that changes nothing"};
  return edit;
}

std::optional<Bound> parse_bound(const json& item) {
  if (!item.contains("bound")) return std::nullopt;
  const json& bound = item.at("bound");
  return Bound{.sessions = bound.at("sessions").get<unsigned>(),
               .presses = bound.at("presses").get<unsigned>(),
               .restarts = bound.value("restarts", 0U),
               .expiries = bound.value("expiries", 0U),
               .tries = bound.value("tries", 1U)};
}

Mutant parse_mutant(const json& item) {
  Mutant mutant{.id = item.at("id").get<std::string>(),
                .title = item.at("title").get<std::string>(),
                .suite = suite_named(item.at("suite").get<std::string>()),
                .bound = parse_bound(item),
                .edits = {},
                .code = counterpart(item.at("code")),
                .asked = {},
                .killed_by = item.value("killed_by", std::vector<std::string>{}),
                .equivalent = item.value("equivalent", std::string())};
  for (const json& edit : item.value("maude", json::array()))
    mutant.edits.push_back(parse_edit(edit, {}));
  for (const json& edit : item.value("spin", json::array()))
    mutant.edits.push_back(parse_edit(edit, "life.pml"));
  if (mutant.edits.empty()) throw Wrong{"maude, spin: no edit"};
  if (mutant.killed_by.empty() == mutant.equivalent.empty()) {
    throw Wrong{"one of killed_by and equivalent"};
  }
  // What it is said to survive is asked as well; the table always.
  std::vector<std::string> asked = mutant.killed_by;
  const auto survives = item.value("survives", std::vector<std::string>{});
  asked.insert(asked.end(), survives.begin(), survives.end());
  if (std::ranges::find(asked, "table") == asked.end()) asked.insert(asked.begin(), "table");
  for (const std::string& text : asked) {
    if (std::ranges::count(asked, text) != 1) throw Wrong{"\"" + text + "\" is there twice"};
    mutant.asked.push_back(parse_ask(text));
    const Ask& ask = mutant.asked.back();
    if (ask.kind == Ask::Kind::table) continue;
    if (const auto why = ask.scenario->not_applicable(mutant.suite); !why.empty()) {
      throw Wrong{"\"" + text + "\": " + std::string(why)};
    }
    if (ask.kind == Ask::Kind::maude) {
      const auto question =
          std::ranges::find(ask.scenario->questions, ask.what, &Question::property);
      const auto why = vacuous(*question, *ask.scenario, mutant.bound.value_or(ask.scenario->fast));
      if (!why.empty()) throw Wrong{"\"" + text + "\": " + std::string(why)};
    }
  }
  if (mutant.equivalent.empty() == false && mutant.asked.size() < 2) {
    throw Wrong{"equivalent, and nothing is asked of it (survives)"};
  }
  return mutant;
}

template <class Row>
std::vector<Row> edited(std::span<const Row> table, const std::vector<Row>& instead) {
  std::vector<Row> rows(table.begin(), table.end());
  for (const Row& row : instead) *std::ranges::find_if(rows, same_row(row)) = row;
  return rows;
}

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

std::string Ask::text() const {
  switch (kind) {
    case Kind::table: return "table";
    case Kind::maude: return std::string(scenario->id) + " " + what;
    case Kind::spin: return "spin " + std::string(scenario->id) + " " + what;
  }
  return "?";
}

std::string_view Ask::goal() const {
  return std::ranges::find(scenario->questions, what, &Question::property)->goal;
}

std::string Counterpart::text() const {
  if (suite) return "suite " + std::string(suite->name().view());
  if (!none.empty()) return "none: " + none;
  const std::size_t rows = device.size() + client.size();
  return rows == 1 ? "a row" : std::to_string(rows) + " rows";
}

std::vector<DeviceRow> Mutant::device_rows() const { return edited(device_table(), code.device); }
std::vector<ClientRow> Mutant::client_rows() const { return edited(client_table(), code.client); }

std::string mutants_path() { return WIB_MODELS_DIR "/mutants.json"; }

Outcome<std::vector<Mutant>> read_mutants(const std::string& path) {
  const auto wrong = [&](const std::string& what) { return std::unexpected(path + ": " + what); };
  std::ifstream in(path);
  if (!in) return wrong("cannot be read");
  const json document = json::parse(in, nullptr, false);
  if (document.is_discarded()) return wrong("is no JSON");
  std::vector<Mutant> mutants;
  std::string where = "mutants";
  try {
    for (const json& item : document.at("mutants")) {
      where = "mutant " + std::to_string(mutants.size() + 1);
      where = "mutant " + item.at("id").get<std::string>();
      mutants.push_back(parse_mutant(item));
      if (std::ranges::count(mutants, mutants.back().id, &Mutant::id) != 1) throw Wrong{"twice"};
    }
  } catch (const Wrong& error) {
    return wrong(where + ": " + error.what);
  } catch (const json::exception& error) {
    return wrong(where + ": " + error.what());
  }
  return mutants;
}

Outcome<Planted> Planted::plant(const std::vector<Edit>& edits, const ModelFiles& from) {
  Planted planted;
  planted.scratch_ = std::make_unique<ScratchDirectory>();
  const std::string& folder = planted.scratch_->path();
  std::error_code failed;
  std::filesystem::copy(from.directory, folder, failed);
  if (failed) return std::unexpected(from.directory + ": " + failed.message());
  for (const Edit& edit : edits) {
    const std::string path = folder + "/" + edit.file;
    if (edit.file == "life.pml" && !planted.in_spin_) {
      planted.in_spin_ = true;
      (void)planted.scratch_->write(edit.file, text_of(WIB_MODELS_DIR "/spin/life.pml"));
    }
    std::string text = text_of(path);
    const auto at = text.find(edit.find);
    const bool once = at != std::string::npos && text.find(edit.find, at + 1) == std::string::npos;
    if (!once) {
      return std::unexpected(edit.file + (at == std::string::npos ? " has not: " : " has twice: ") +
                             edit.find);
    }
    (void)planted.scratch_->write(edit.file, text.replace(at, edit.find.size(), edit.replace));
  }
  return planted;
}

Outcome<SpinModel> Planted::spin() const {
  if (!in_spin_) return project_spin();
  // Searched once and small: what an optimiser takes is more than it saves.
  return compile_spin(scratch_->path() + "/life.pml", {"-O0"});
}

Outcome<std::vector<bool>> answers(std::span<const Ask> asked, const Suite& suite,
                                   const std::optional<Bound>& within, const ModelFiles& files,
                                   const SpinModel& spin) {
  constexpr unsigned seconds = 120;
  std::map<const Scenario*, Answers> searched;
  std::vector<bool> broken;
  for (const Ask& ask : asked) {
    if (ask.kind == Ask::Kind::table) {
      const auto differences = table_differences(files);
      if (!differences) return std::unexpected(differences.error());
      broken.push_back(!differences->empty());
      continue;
    }
    const Bound bound = within.value_or(ask.scenario->fast);
    if (ask.kind == Ask::Kind::spin) {
      const auto said =
          ask_spin(spin, spin_environment(suite, *ask.scenario, bound), ask.what, seconds);
      if (!said) return std::unexpected(said.error());
      broken.push_back(said->violated);
      continue;
    }
    if (!searched.contains(ask.scenario)) {
      std::vector<std::string_view> goals;
      for (const Ask& other : asked) {
        if (other.kind == Ask::Kind::maude && other.scenario == ask.scenario) {
          goals.push_back(other.goal());
        }
      }
      // One question ends at the first state that answers it.
      const std::string_view stop = goals.size() == 1 ? goals.front() : std::string_view{};
      auto said = ask_maude(files, initial_term(suite, *ask.scenario, bound), goals, stop, seconds);
      if (!said) return std::unexpected(said.error());
      searched.emplace(ask.scenario, std::move(*said));
    }
    broken.push_back(searched.at(ask.scenario).broken.contains(ask.goal()));
  }
  return broken;
}

}  // namespace wib::models
