// SPDX-License-Identifier: Apache-2.0
//
// Connections: what the client makes of answers that are HTTP and yet wrong, when either side
// closes, and lines that are too long.
#include <gtest/gtest.h>

#include "props/support/toy.h"
#include "protocol/setup/endpoint.h"

namespace wib::props {
namespace {

const Suite& suite() { return *find_suite("as_posted"); }

// A client that has asked for the offer.
struct Asked {
  explicit Asked(std::string_view host = "d") : connection(client.client, host) {
    first = connection.start(out);
  }
  ClientConnection::Stepped answer(std::string_view response) {
    return connection.receive(as_bytes(response), out);
  }

  ToyClient client{suite()};
  ClientConnection connection;
  std::vector<Byte> out = std::vector<Byte>(max_message_size);
  ClientConnection::Stepped first;
};

TEST(ClientEndpoint, AnOfferOfAnotherMediaTypeIsNone) {
  for (const std::string type : {"", "Content-Type: text/plain\r\n"}) {
    Asked asked;
    const auto stepped = asked.answer("HTTP/1.1 200 OK\r\n" + type + "Content-Length: 1\r\n\r\na");
    EXPECT_TRUE(stepped.answered);
    EXPECT_TRUE(stepped.request.empty());
    EXPECT_EQ(stepped.error, (Error{Errc::malformed, "http: Content-Type"}));
    EXPECT_EQ(stepped.claim.kind, ClaimKind::aborted);
  }
}

TEST(ClientEndpoint, ItIsSaidWhenTheServerCloses) {
  for (const bool close : {false, true}) {
    Asked asked;
    const auto stepped = asked.answer("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n" +
                                      std::string(close ? "Connection: close\r\n" : "") + "\r\n");
    EXPECT_TRUE(stepped.answered);
    EXPECT_EQ(stepped.close, close);
  }
}

TEST(ClientEndpoint, ARequestThatCannotBeWrittenIsAnError) {
  Asked asked("d\r\nCookie: x");
  EXPECT_TRUE(asked.first.request.empty());
  EXPECT_EQ(asked.first.error, (Error{Errc::out_of_range, "request: host"}));
  EXPECT_EQ(asked.first.claim.kind, ClaimKind::aborted);
  EXPECT_EQ(asked.client.client.state(), ClientState::failed);
}

TEST(DeviceEndpoint, ClosesWhenTheClientAsksForIt) {
  for (const bool close : {false, true}) {
    ToyDevice device(suite());
    device.device.press(Instant{});
    const auto connection = std::make_unique<DeviceConnection>(device.device);
    std::vector<Byte> out(max_message_size);
    const auto served =
        connection->receive(Instant{},
                            as_bytes("GET /setup/dh.wib HTTP/1.1\r\nHost: d\r\n" +
                                     std::string(close ? "Connection: close\r\n" : "") + "\r\n"),
                            out);
    EXPECT_EQ(served.status, Status::ok);
    EXPECT_EQ(served.close, close);
    EXPECT_EQ(as_text(served.response).find("Connection: close\r\n") != std::string_view::npos,
              close);
  }
}

TEST(DeviceEndpoint, MediaTypesHaveNoCase) {
  ToyDevice device(suite());
  device.device.press(Instant{});
  const auto connection = std::make_unique<DeviceConnection>(device.device);
  std::vector<Byte> out(max_message_size);
  const auto served = connection->receive(
      Instant{},
      as_bytes("POST /setup/dh.wib HTTP/1.1\r\nHost: d\r\nContent-Type: Application/CBOR\r\n"
               "Content-Length: 0\r\n\r\n"),
      out);
  EXPECT_EQ(served.status, Status::unauthorized) << "it got as far as the state machine";
}

TEST(DeviceEndpoint, ALineThatIsTooLongIsCut) {
  const std::string where(1000, 'x');
  std::vector<Byte> out(max_message_size);
  const auto written =
      encode_refusal({Status::bad_request, {Errc::malformed, where}, {}, {}}, false, out);
  ASSERT_TRUE(written);
  EXPECT_TRUE(as_text(*written).ends_with("\r\n\r\nmalformed: " + std::string(149, 'x')));
}

}  // namespace
}  // namespace wib::props
