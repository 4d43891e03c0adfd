// SPDX-License-Identifier: Apache-2.0
//
// The tables and lists of protocol/README.md, as they are written there: the model that the tests
// go by.
#pragma once

#include <string>
#include <vector>

#include "protocol/setup/transitions.h"

namespace wib::props {

// The rows of the table that the comment "<!-- table: NAME -->" announces. Ends the test program
// with a message if the file or the table cannot be read, or a word in it is unknown.
[[nodiscard]] std::vector<DeviceRow> readme_device_table();
[[nodiscard]] std::vector<ClientRow> readme_client_table();

// An item of the numbered list "order": "1. `name` 400 404: text".
struct OrderStep {
  std::string name;
  std::vector<unsigned> statuses;
};
// The items behind the comment "<!-- list: order -->", in their order.
[[nodiscard]] std::vector<OrderStep> readme_order();

}  // namespace wib::props
