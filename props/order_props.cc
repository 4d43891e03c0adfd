// SPDX-License-Identifier: Apache-2.0
//
// The order in which a request is looked at: requests with one fault, and with every pair of faults
// that can be in one request. The list of protocol/README.md says which of the two is answered.
#include <gtest/gtest.h>

#include <set>

#include "attacks/world/term.h"
#include "props/support/readme_table.h"
#include "props/support/toy.h"
#include "protocol/setup/endpoint.h"

namespace wib::props {
namespace {

Instant at(int ms) { return std::chrono::milliseconds(ms); }

// A request in its parts, as it was meant: POST dh.wib in a session that waits for it.
struct Draft {
  std::string method = "POST";
  std::string target = "/setup/dh.wib";
  std::string version = "HTTP/1.1";
  std::string host = "Host: d\r\n";
  std::string fields;  // that nobody needs
  std::string cookie;  // the session's, as a field
  std::string type = "Content-Type: application/cbor\r\n";
  std::string framing = "Content-Length: 4\r\n";
  std::string body = std::string("\xa1\x01\x41\x02", 4);
  bool window = true;

  [[nodiscard]] std::string bytes() const {
    return method + " " + target + " " + version + "\r\n" + host + fields + cookie + type +
           framing + "\r\n" + body;
  }
};

// The parts that a fault needs for itself: two faults that share one are in no request together.
enum Part : unsigned {
  method_part = 1,
  target_part = 2,
  version_part = 4,
  host_part = 8,
  fields_part = 16,
  cookie_part = 32,
  type_part = 64,
  body_part = 128,
  window_part = 256,
  get_part = 512,  // GET auth.wib is another fault than either half
};

struct Fault {
  std::string_view name;
  std::string_view step;  // of the list
  unsigned status;
  unsigned parts;
  void (*commit)(Draft&);
};

void chunks(Draft& draft, std::string_view body) {
  draft.framing = "Transfer-Encoding: chunked\r\n";
  draft.body = body;
}

const std::vector<Fault>& faults() {
  static const std::vector<Fault> all = {
      {"target_character", "line", 400, target_part, [](Draft& d) { d.target = "/\"setup"; }},
      {"target_too_long", "line", 404, target_part,
       [](Draft& d) { d.target = "/" + std::string(64, 'x'); }},
      {"line_too_long", "line", 431, method_part | target_part | version_part,
       [](Draft& d) { d.method = std::string(1100, 'P'); }},
      {"no_version", "line", 400, version_part, [](Draft& d) { d.version = "HTTP/1"; }},
      {"other_version", "line", 505, version_part, [](Draft& d) { d.version = "HTTP/2.0"; }},
      {"unknown_method", "method", 400, method_part, [](Draft& d) { d.method = "FETCH"; }},
      {"no_slash", "method", 400, target_part, [](Draft& d) { d.target = "setup/dh.wib"; }},
      {"field_name", "fields", 400, fields_part, [](Draft& d) { d.fields = "X : y\r\n"; }},
      {"long_field", "fields", 431, fields_part,
       [](Draft& d) { d.fields = "X: " + std::string(1100, 'x') + "\r\n"; }},
      {"many_fields", "fields", 431, fields_part,
       [](Draft& d) {
         for (int i = 0; i < 33; ++i) d.fields += "X: y\r\n";
       }},
      {"large_head", "fields", 431, fields_part,
       [](Draft& d) {
         for (int i = 0; i < 9; ++i) d.fields += "X: " + std::string(1000, 'x') + "\r\n";
       }},
      {"two_types", "fields", 400, type_part, [](Draft& d) { d.type += d.type; }},
      {"two_lengths", "fields", 400, body_part, [](Draft& d) { d.framing += d.framing; }},
      {"large_length", "fields", 413, body_part,
       [](Draft& d) { d.framing = "Content-Length: 8193\r\n"; }},
      {"no_host", "host", 400, host_part, [](Draft& d) { d.host.clear(); }},
      {"chunk_size", "content", 400, body_part, [](Draft& d) { chunks(d, "x\r\n"); }},
      {"large_chunk", "content", 413, body_part, [](Draft& d) { chunks(d, "2001\r\n"); }},
      {"other_target", "target", 404, target_part, [](Draft& d) { d.target = "/setup/dh"; }},
      {"put", "allow", 405, method_part, [](Draft& d) { d.method = "PUT"; }},
      {"get_auth", "allow", 405, method_part | target_part,
       [](Draft& d) {
         d.method = "GET";
         d.target = "/setup/auth.wib";
       }},
      {"get_with_body", "bodiless", 400, method_part | body_part | get_part,
       [](Draft& d) { d.method = "GET"; }},
      {"no_length", "length", 411, body_part,
       [](Draft& d) {
         d.framing.clear();
         d.body.clear();
       }},
      {"no_type", "type", 415, type_part, [](Draft& d) { d.type.clear(); }},
      {"json", "type", 415, type_part,
       [](Draft& d) { d.type = "Content-Type: application/json\r\n"; }},
      {"cookie_grammar", "cookie", 400, cookie_part,
       [](Draft& d) { d.cookie = "Cookie: wib\r\n"; }},
      {"cookie_twice", "cookie", 400, cookie_part,
       [](Draft& d) { d.cookie = "Cookie: wib=1; wib=2\r\n"; }},
      {"closed", "window", 403, window_part, [](Draft& d) { d.window = false; }},
      {"no_cookie", "session", 401, cookie_part, [](Draft& d) { d.cookie.clear(); }},
      {"unknown_cookie", "session", 401, cookie_part,
       [](Draft& d) { d.cookie = "Cookie: wib=00112233445566778899aabbccddeeff\r\n"; }},
      {"too_early", "state", 409, target_part | get_part,
       [](Draft& d) { d.target = "/setup/auth.wib"; }},
      {"no_map", "body", 400, body_part, [](Draft& d) { d.body = "\xff\xff\xff\xff"; }},
  };
  return all;
}

std::size_t position(std::string_view step) {
  static const auto order = readme_order();
  const auto found =
      std::ranges::find_if(order, [&](const OrderStep& each) { return each.name == step; });
  EXPECT_NE(found, order.end()) << "the list has no " << step;
  return static_cast<std::size_t>(found - order.begin());
}

// What a device that waits for the share answers to `faults`, all in one request. Checks that a
// refusal that comes before the state machine changes nothing.
unsigned answer(std::initializer_list<const Fault*> committed) {
  ToyDevice toy(*find_suite("as_posted"));
  toy.device.press(at(0));
  const Reply offer = toy.device.handle(at(1), {Endpoint::get_dh, {}, {}});
  Draft draft;
  draft.cookie = "Cookie: wib=" + attacks::to_hex(*offer.set_cookie) + "\r\n";
  std::size_t first = readme_order().size();
  for (const Fault* fault : committed) {
    fault->commit(draft);
    first = std::min(first, position(fault->step));
  }
  if (!draft.window) {
    DeviceSnapshot closed = toy.device.snapshot();
    closed.window_open = false;
    toy.device.restore(closed);
  }
  const auto connection = std::make_unique<DeviceConnection>(toy.device);
  std::vector<Byte> out(max_message_size);
  const auto served = connection->receive(at(1), as_bytes(draft.bytes()), out);
  EXPECT_FALSE(served.response.empty()) << "waits for more of " << draft.bytes();
  if (first < position("window")) {
    EXPECT_EQ(toy.device.window_open(), draft.window);
    EXPECT_EQ(toy.device.snapshot().sessions[0].state, DeviceState::await_share);
  }
  return static_cast<unsigned>(served.status);
}

TEST(Order, WithoutAFaultTheAnswerIs200) { EXPECT_EQ(answer({}), 200U); }

TEST(Order, EveryFaultHasItsStatus) {
  for (const Fault& fault : faults()) EXPECT_EQ(answer({&fault}), fault.status) << fault.name;
}

TEST(Order, OfTwoFaultsTheEarlierIsAnswered) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const Fault& one : faults()) {
    for (const Fault& other : faults()) {
      if ((one.parts & other.parts) != 0 || position(one.step) >= position(other.step)) continue;
      seen.insert({one.step, other.step});
      EXPECT_EQ(answer({&one, &other}), one.status) << one.name << " and " << other.name;
    }
  }
  // Every two steps that stand beside each other were in one request, but for a GET with a body
  // behind 405 (get_auth has one, and says 405 by itself), and no body behind a body.
  const auto order = readme_order();
  std::vector<std::string> apart;
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (!seen.contains({order[i - 1].name, order[i].name})) apart.push_back(order[i].name);
  }
  EXPECT_EQ(apart, (std::vector<std::string>{"bodiless", "length"}));
}

// Within a step of the parser, what stands first.
TEST(Order, OfTwoFaultsInOneStepTheFirstInTheBytesIsAnswered) {
  for (const auto& [one, other] : {std::pair{"target_character", "other_version"},
                                   {"target_too_long", "no_version"},
                                   {"target_too_long", "other_version"},
                                   {"field_name", "two_types"},
                                   {"long_field", "two_types"},
                                   {"field_name", "large_length"},
                                   {"two_types", "large_length"},
                                   {"many_fields", "large_length"}}) {
    const auto find = [](std::string_view name) {
      return &*std::ranges::find(faults(), name, &Fault::name);
    };
    EXPECT_EQ(answer({find(one), find(other)}), find(one)->status) << one << " and " << other;
  }
}

TEST(Order, TheListHasTheStatusesOfItsFaults) {
  for (const OrderStep& step : readme_order()) {
    std::set<unsigned> here;
    for (const Fault& fault : faults()) {
      if (fault.step == step.name) here.insert(fault.status);
    }
    // 401 at auth.wib: Endpoint.AuthFailuresAreAlike.
    if (step.name == "body") here.insert(401);
    EXPECT_EQ(here, std::set<unsigned>(step.statuses.begin(), step.statuses.end())) << step.name;
  }
}

}  // namespace
}  // namespace wib::props
