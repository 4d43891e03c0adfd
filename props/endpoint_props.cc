// SPDX-License-Identifier: Apache-2.0
//
// The endpoint: bytes in, bytes out. What HTTP refuses before the state machine hears of it, what
// an answer looks like, and that a refusal changes nothing.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "attacks/world/term.h"
#include "props/support/toy.h"
#include "protocol/setup/endpoint.h"

namespace wib::props {
namespace {

using attacks::ByteVector;

Instant at(int ms) { return std::chrono::milliseconds(ms); }

struct Bench {
  Bench() : device(*find_suite("as_posted")), connection(fresh()) { device.device.press(at(0)); }

  std::unique_ptr<DeviceConnection> fresh() {
    return std::make_unique<DeviceConnection>(device.device);
  }

  // One request over a new connection; the response as text.
  std::string send(std::string_view request) {
    connection = fresh();
    last = connection->receive(at(1), as_bytes(request), out);
    return std::string(as_text(last.response));
  }

  ToyDevice device;
  std::unique_ptr<DeviceConnection> connection;
  DeviceConnection::Served last;
  ByteVector out = ByteVector(max_message_size);
};

std::string post(std::string_view target, std::string_view body, std::string_view more = "") {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: d\r\nContent-Type: application/cbor\r\n" + std::string(more) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

struct Refused {
  std::string_view name;
  std::string request;
  unsigned status;
  std::string_view says;  // a part of the response
};

std::vector<Refused> refused() {
  const std::string get = "GET /setup/dh.wib HTTP/1.1\r\nHost: d\r\n";
  return {
      {"other_target", "GET /setup/dh.wib?x HTTP/1.1\r\nHost: d\r\n\r\n", 404, "target"},
      {"double_slash", "GET //setup/dh.wib HTTP/1.1\r\nHost: d\r\n\r\n", 404, "target"},
      {"percent", "GET /setup/dh%2ewib HTTP/1.1\r\nHost: d\r\n\r\n", 404, "target"},
      {"case", "GET /Setup/dh.wib HTTP/1.1\r\nHost: d\r\n\r\n", 404, "target"},
      {"get_auth", "GET /setup/auth.wib HTTP/1.1\r\nHost: d\r\n\r\n", 405, "Allow: POST\r\n"},
      {"head", "HEAD /setup/dh.wib HTTP/1.1\r\nHost: d\r\n\r\n", 405, "Allow: GET, POST\r\n"},
      {"put", "PUT /setup/key.wib HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n", 405, "Allow"},
      {"no_length",
       "POST /setup/dh.wib HTTP/1.1\r\nHost: d\r\nContent-Type: application/cbor\r\n\r\n", 411,
       "Content-Length"},
      {"no_type", "POST /setup/dh.wib HTTP/1.1\r\nHost: d\r\nContent-Length: 1\r\n\r\na", 415,
       "Content-Type"},
      {"json",
       "POST /setup/dh.wib HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\n"
       "Content-Length: 1\r\n\r\na",
       415, "Content-Type"},
      {"get_with_body", get + "Content-Length: 1\r\n\r\na", 400, "GET has no body"},
      {"cookie_grammar", get + "Cookie: wib=1;wib=2\r\n\r\n", 400, "at byte"},
      {"cookie_twice",
       get + "Cookie: wib=00000000000000000000000000000000; "
             "wib=00000000000000000000000000000000\r\n\r\n",
       400, "malformed"},
      {"too_large",
       "POST /setup/dh.wib HTTP/1.1\r\nHost: d\r\nContent-Type: application/cbor\r\n"
       "Content-Length: 8193\r\n\r\n",
       413, "out of range: content-length: too large at byte 86"},
      {"long_field", get + "X: " + std::string(2000, 'x') + "\r\n\r\n", 431,
       "out of range: head: line too long at byte 1061"},
      {"version", "GET /setup/dh.wib HTTP/2.0\r\nHost: d\r\n\r\n", 505,
       "out of range: http: version not supported at byte 23"},
      {"no_host", "GET /setup/dh.wib HTTP/1.1\r\n\r\n", 400, "missing field: head: no Host"},
      {"bare_lf", "GET /setup/dh.wib HTTP/1.1\nHost: d\n\n", 400, "malformed: http: bare LF"},
      {"obs_fold", get + "X: a\r\n b\r\n\r\n", 400,
       "malformed: field: white space before the name"},
      {"two_lengths", get + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n", 400,
       "malformed: field: comes twice"},
  };
}

class HttpRefusal : public testing::TestWithParam<Refused> {};
INSTANTIATE_TEST_SUITE_P(All, HttpRefusal, testing::ValuesIn(refused()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST_P(HttpRefusal, HasItsStatusAndChangesNothing) {
  Bench bench;
  const std::string response = bench.send(GetParam().request);
  EXPECT_TRUE(response.starts_with("HTTP/1.1 " + std::to_string(GetParam().status) + " "))
      << response;
  EXPECT_NE(response.find(GetParam().says), std::string::npos) << response;
  EXPECT_TRUE(bench.device.device.window_open());
  for (const Session& session : bench.device.device.snapshot().sessions) {
    EXPECT_FALSE(session.live());
  }
}

TEST(Endpoint, AnOfferIsAnswered) {
  Bench bench;
  const std::string response = bench.send("GET /setup/dh.wib HTTP/1.1\r\nHost: d\r\n\r\n");
  EXPECT_TRUE(response.starts_with("HTTP/1.1 200 OK\r\n")) << response;
  EXPECT_NE(response.find("Content-Type: application/cbor\r\n"), std::string::npos);
  const auto cookie = response.find("Set-Cookie: wib=");
  ASSERT_NE(cookie, std::string::npos);
  EXPECT_NE(response.find("; Path=/setup; HttpOnly; SameSite=Strict\r\n"), std::string::npos);
}

TEST(Endpoint, A401NamesASchemeAndNoReason) {
  Bench bench;
  // No cookie at all, a cookie that nobody has, and a body that is nothing: one answer.
  const std::string none = bench.send(post("/setup/auth.wib", "\xa0"));
  EXPECT_TRUE(none.starts_with("HTTP/1.1 401 Unauthorized\r\n")) << none;
  EXPECT_NE(none.find("WWW-Authenticate: wib-setup\r\n"), std::string::npos);
  EXPECT_EQ(bench.send(post("/setup/auth.wib", "\xff",
                            "Cookie: wib=00112233445566778899aabbccddeeff\r\n")),
            none);
  EXPECT_EQ(bench.send(post("/setup/key.wib", "")), none);
}

// auth.wib: a bad body, padding, tag and serial number are one status and one text.
TEST(Endpoint, AuthFailuresAreAlike) {
  std::vector<std::string> answers;
  for (const int how : {0, 1, 2, 3}) {
    Bench bench;
    ToyClient client(*find_suite("as_posted"), 2, "owner", how == 3 ? "TOY-2" : toy_serial);
    ClientStep step = client.client.start();
    ByteVector parts[3];
    while (step.send) {
      if (step.send->endpoint == Endpoint::post_auth) {
        const Sealed sealed = std::get<Sealed>(step.send->body);
        parts[0].assign(sealed.iv.begin(), sealed.iv.end());
        parts[1].assign(sealed.ciphertext.begin(), sealed.ciphertext.end());
        parts[2].assign(sealed.tag.begin(), sealed.tag.end());
        break;
      }
      step = client.client.handle(to_response(bench.device.device.handle(at(1), *step.send)));
    }
    if (how == 1) parts[1].back() ^= 1;  // padding
    if (how == 2) parts[2].back() ^= 1;  // tag
    ByteVector bytes(max_message_size);
    const auto written = encode_request(
        *find_suite("as_posted"),
        {Endpoint::post_auth, step.send->cookie, Sealed{parts[0], parts[1], parts[2]}}, "d", bytes);
    ASSERT_TRUE(written);
    std::string request(as_text(*written));
    if (how == 0) {  // the body is cut, and announced as such
      const auto end = request.find("\r\n\r\n") + 4;
      const std::string head = request.substr(0, end);
      const auto length = head.find("Content-Length: ");
      request = head.substr(0, length) + "Content-Length: 5\r\n\r\n" + request.substr(end, 5);
    }
    answers.push_back(bench.send(request));
  }
  EXPECT_TRUE(answers[0].starts_with("HTTP/1.1 401 ")) << answers[0];
  for (const std::string& answer : answers) EXPECT_EQ(answer, answers[0]);
}

TEST(Endpoint, A400SaysWhatAndWhere) {
  Bench bench;
  const std::string offer = bench.send("GET /setup/dh.wib HTTP/1.1\r\nHost: d\r\n\r\n");
  const std::string cookie = "Cookie: " + offer.substr(offer.find("wib="), 36) + "\r\n";
  // {1: h'', } with a share that is empty, then a map with an unknown key, then no map.
  const std::string empty =
      bench.send(post("/setup/dh.wib", std::string("\xa1\x01\x40", 3), cookie));
  EXPECT_TRUE(empty.starts_with("HTTP/1.1 400 ")) << empty;
  EXPECT_NE(empty.find("\r\n\r\n/setup/dh.wib: out of range: dh.wib: share at byte 2\n"),
            std::string::npos)
      << empty;
  const std::string junk = bench.send(post("/setup/dh.wib", "\xff", cookie));
  EXPECT_NE(junk.find("malformed"), std::string::npos) << junk;
  EXPECT_NE(junk.find("at byte 0"), std::string::npos) << junk;
  // The session is still there.
  const std::string good =
      bench.send(post("/setup/dh.wib", std::string("\xa1\x01\x41\x02", 4), cookie));
  EXPECT_TRUE(good.starts_with("HTTP/1.1 200 ")) << good;
}

// The one line that an answer has.
std::string line_of(const std::string& response) {
  const auto end = response.find("\r\n\r\n");
  return end == std::string::npos ? "no answer: " + response : response.substr(end + 4);
}

TEST(Endpoint, A403SaysWhatAndWhere) {
  Bench bench;
  bench.device.device.restart();
  for (const std::string target : {"/setup/dh.wib", "/setup/auth.wib", "/setup/key.wib"}) {
    const std::string closed = bench.send(post(target, "\xa0"));
    EXPECT_TRUE(closed.starts_with("HTTP/1.1 403 ")) << closed;
    EXPECT_EQ(line_of(closed), target + ": unexpected: state closed waits for the button\n");
  }
}

// The state of the session, what it waits for, and no byte of the session.
TEST(Endpoint, A409SaysWhatAndWhere) {
  for (const DeviceState state :
       {DeviceState::await_share, DeviceState::await_auth, DeviceState::await_key}) {
    for (const Endpoint endpoint : {Endpoint::post_dh, Endpoint::post_auth, Endpoint::post_key}) {
      if (static_cast<int>(endpoint) - static_cast<int>(Endpoint::post_dh) ==
          static_cast<int>(state) - static_cast<int>(DeviceState::await_share)) {
        continue;  // what it waits for
      }
      SCOPED_TRACE(std::string(name(endpoint)) + " in " + std::string(name(state)));
      Bench bench;
      const Reply offer = bench.device.device.handle(at(1), {Endpoint::get_dh, {}, {}});
      DeviceSnapshot snapshot = bench.device.device.snapshot();
      snapshot.sessions[0].state = state;
      bench.device.device.restore(snapshot);
      const std::string target = endpoint == Endpoint::post_dh     ? "/setup/dh.wib"
                                 : endpoint == Endpoint::post_auth ? "/setup/auth.wib"
                                                                   : "/setup/key.wib";
      const std::string awaited = state == DeviceState::await_share  ? "POST dh.wib"
                                  : state == DeviceState::await_auth ? "POST auth.wib"
                                                                     : "POST key.wib";
      const std::string conflict = bench.send(
          post(target, "", "Cookie: wib=" + attacks::to_hex(*offer.set_cookie) + "\r\n"));
      EXPECT_TRUE(conflict.starts_with("HTTP/1.1 409 ")) << conflict;
      EXPECT_EQ(line_of(conflict), target + ": unexpected: state " + std::string(name(state)) +
                                       " waits for " + awaited + "\n");
    }
  }
}

TEST(Endpoint, A503SaysWhatAndWhere) {
  Bench bench;
  const std::string get = "GET /setup/dh.wib HTTP/1.1\r\nHost: d\r\n\r\n";
  for (std::size_t i = 0; i < session_capacity; ++i) bench.send(get);
  const std::string full = bench.send(get);
  EXPECT_TRUE(full.starts_with("HTTP/1.1 503 ")) << full;
  EXPECT_EQ(line_of(full), "/setup/dh.wib: refused: dh.wib: too many sessions\n");
}

// What HTTP refuses names the target, once one of ours was read; never what the peer wrote.
TEST(Endpoint, ARefusalOfHttpNamesItsTarget) {
  Bench bench;
  EXPECT_EQ(line_of(bench.send("PUT /setup/key.wib HTTP/1.1\r\nHost: d\r\n\r\n")),
            "/setup/key.wib: unexpected: http: method\n");
  EXPECT_EQ(line_of(bench.send("POST /setup/auth.wib HTTP/1.1\r\nHost: d\r\n\r\n")),
            "/setup/auth.wib: missing field: http: Content-Length\n");
  EXPECT_EQ(line_of(bench.send("POST /setup/dh.wib HTTP/1.1\r\nHost: d\r\n"
                               "Content-Length: 0\r\n\r\n")),
            "/setup/dh.wib: unexpected: http: Content-Type is not application/cbor\n");
  EXPECT_EQ(line_of(bench.send(post("/setup/key.wib", "", "Cookie: wib\r\n"))),
            "/setup/key.wib: malformed: cookie: no '=' at byte 3\n");
  EXPECT_EQ(line_of(bench.send("GET /setup/<b> HTTP/1.1\r\nHost: d\r\n\r\n")),
            "malformed: request line: target at byte 11\n");
  EXPECT_EQ(line_of(bench.send("GET /setup/b HTTP/1.1\r\nHost: d\r\n\r\n")),
            "unexpected: http: target\n");
}

TEST(Endpoint, WhenTheWindowClosesTheConnectionCloses) {
  Bench bench;
  const std::string open = bench.send("GET /setup/dh.wib HTTP/1.1\r\nHost: d\r\n\r\n");
  EXPECT_EQ(open.find("Connection: close"), std::string::npos);
  bench.device.device.restart();
  const std::string closed = bench.send("GET /setup/dh.wib HTTP/1.1\r\nHost: d\r\n\r\n");
  EXPECT_TRUE(closed.starts_with("HTTP/1.1 403 ")) << closed;
  EXPECT_TRUE(bench.last.close);
  EXPECT_NE(closed.find("Connection: close\r\n"), std::string::npos);
}

TEST(Endpoint, RequestsMayFollowEachOtherAndComeInPieces) {
  const std::string get = "GET /setup/dh.wib HTTP/1.1\r\nHost: d\r\n\r\n";
  Bench bench;
  bench.connection = bench.fresh();
  const std::string two = get + get;
  std::string_view rest = two;
  int answers = 0;
  while (!rest.empty()) {
    // One byte at a time.
    const auto served = bench.connection->receive(at(1), as_bytes(rest.substr(0, 1)), bench.out);
    rest.remove_prefix(served.consumed);
    if (!served.response.empty()) ++answers;
  }
  EXPECT_EQ(answers, 2);
}

// Whatever comes in, the endpoint answers or waits, and an unauthenticated peer changes nothing but
// the sessions that GETs make.
RC_GTEST_PROP(EndpointRandom, NothingButAGetChangesAnything, ()) {
  Bench bench;
  const auto cookie = *rc::gen::arbitrary<std::array<Byte, 16>>();
  const auto target =
      *rc::gen::element<std::string>("/setup/dh.wib", "/setup/auth.wib", "/setup/key.wib");
  const auto body = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  std::string more = "Cookie: wib=" + attacks::to_hex(cookie) + "\r\n";
  const std::string response = bench.send(post(target, body, more));
  RC_ASSERT(response.starts_with(body.size() > http::max_body ? "HTTP/1.1 413" : "HTTP/1.1 401"));
  RC_ASSERT(bench.device.device.window_open());
  for (const Session& session : bench.device.device.snapshot().sessions) {
    RC_ASSERT(!session.live());
  }
}

RC_GTEST_PROP(EndpointRandom, AnyBytesAreAnsweredOrWaitedFor, ()) {
  Bench bench;
  const auto bytes = *rc::gen::arbitrary<ByteVector>();
  bench.connection = bench.fresh();
  const auto served = bench.connection->receive(at(1), bytes, bench.out);
  RC_ASSERT(served.consumed <= bytes.size());
  if (!served.response.empty()) {
    RC_ASSERT(as_text(served.response).starts_with("HTTP/1.1 "));
  }
}

}  // namespace
}  // namespace wib::props
