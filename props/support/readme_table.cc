// SPDX-License-Identifier: Apache-2.0
#include "props/support/readme_table.h"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

namespace wib::props {
namespace {

[[noreturn]] void give_up(const std::string& why) {
  std::cerr << "protocol/README.md: " << why << std::endl;
  std::abort();
}

using Cells = std::vector<std::string>;

std::vector<Cells> read_table(const std::string& table) {
  std::ifstream file(std::string(WIB_SOURCE_DIR) + "/protocol/README.md");
  if (!file) give_up("cannot be read");
  std::vector<Cells> rows;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line == "<!-- table: " + table + " -->") {
      inside = true;
      continue;
    }
    if (!inside) continue;
    if (!line.starts_with('|')) break;
    Cells cells;
    std::istringstream stream(line.substr(1));
    for (std::string cell; std::getline(stream, cell, '|');) {
      const auto first = cell.find_first_not_of(' ');
      const auto last = cell.find_last_not_of(' ');
      cells.push_back(first == std::string::npos ? "" : cell.substr(first, last - first + 1));
    }
    rows.push_back(cells);
  }
  if (rows.size() < 3) give_up("no table \"" + table + "\"");
  rows.erase(rows.begin(), rows.begin() + 2);  // the head and its rule
  return rows;
}

template <class T>
T word(const std::string& text, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (name(static_cast<T>(i)) == text) return static_cast<T>(i);
  }
  give_up("unknown word \"" + text + "\"");
}

Effects effects(const std::string& text) {
  Effects set = Effects::none;
  if (text == "-") return set;
  std::istringstream words(text);
  for (std::string each; words >> each;) {
    bool found = false;
    for (unsigned bit = 1; bit <= static_cast<unsigned>(Effects::set_keys); bit <<= 1U) {
      if (name(static_cast<Effects>(bit)) != each) continue;
      set = set | static_cast<Effects>(bit);
      found = true;
    }
    if (!found) give_up("unknown effect \"" + each + "\"");
  }
  return set;
}

}  // namespace

std::vector<DeviceRow> readme_device_table() {
  std::vector<DeviceRow> rows;
  for (const Cells& cells : read_table("device")) {
    if (cells.size() != 7) give_up("a device row has seven cells");
    const int status = cells[3] == "-" ? 0 : std::atoi(cells[3].c_str());
    rows.push_back({word<DeviceState>(cells[0], device_state_count),
                    word<DeviceEvent>(cells[1], device_event_count),
                    word<Judged>(cells[2], judged_count), static_cast<Status>(status),
                    word<DeviceState>(cells[4], device_state_count), effects(cells[5]),
                    word<When>(cells[6], when_count)});
  }
  return rows;
}

std::vector<ClientRow> readme_client_table() {
  std::vector<ClientRow> rows;
  for (const Cells& cells : read_table("client")) {
    if (cells.size() != 6) give_up("a client row has six cells");
    const bool sends = cells[4] != "-";
    rows.push_back(
        {word<ClientState>(cells[0], client_state_count),
         word<ClientEvent>(cells[1], client_event_count), word<Judged>(cells[2], judged_count),
         word<ClientState>(cells[3], client_state_count), sends,
         sends ? word<Endpoint>(cells[4], 4) : Endpoint::get_dh, word<When>(cells[5], when_count)});
  }
  return rows;
}

std::vector<OrderStep> readme_order() {
  std::ifstream file(std::string(WIB_SOURCE_DIR) + "/protocol/README.md");
  std::vector<OrderStep> steps;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line == "<!-- list: order -->") {
      inside = true;
    } else if (inside && line.empty()) {
      break;
    } else if (inside && !line.starts_with(' ')) {  // else the item before goes on
      const std::string number = std::to_string(steps.size() + 1) + ". `";
      const auto name_end = line.find("` ");
      const auto statuses_end = line.find(": ");
      if (!line.starts_with(number) || name_end == std::string::npos ||
          statuses_end == std::string::npos) {
        give_up("not an item of the list: " + line);
      }
      OrderStep step{line.substr(number.size(), name_end - number.size()), {}};
      std::istringstream words(line.substr(name_end + 2, statuses_end - name_end - 2));
      for (unsigned status = 0; words >> status;) step.statuses.push_back(status);
      steps.push_back(step);
    }
  }
  if (steps.empty()) give_up("no list \"order\"");
  return steps;
}

}  // namespace wib::props
