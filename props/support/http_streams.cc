// SPDX-License-Identifier: Apache-2.0
#include "props/support/http_streams.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace wib::props {
namespace {

using Strings = std::vector<std::string>;

std::string weighted(std::size_t usual, const std::string& one, const Strings& others) {
  return *rc::gen::weightedOneOf<std::string>(
      {{usual, rc::gen::just(one)}, {1, rc::gen::elementOf(others)}});
}

std::string any_content(bool chunks) {
  const std::string content = *strings_of("ab\r\n0;: ", 30);
  if (!chunks) return content;
  std::string stream;
  std::size_t begin = 0;
  while (begin < content.size()) {
    const auto size = *rc::gen::inRange<std::size_t>(1, content.size() - begin + 1);
    std::array<char, 20> digits{};
    std::snprintf(digits.data(), digits.size(), "%zx", size);
    stream += digits.data() + weighted(30, "\r\n", {"\n", ";x\r\n", " \r\n", "\r"});
    stream += content.substr(begin, size) + weighted(30, "\r\n", {"\n", "", "\r"});
    begin += size;
  }
  return stream +
         weighted(20, "0\r\n\r\n", {"0\r\nX: y\r\n\r\n", "0\r\n", "0\n\n", "00\r\n\r\n", "\r\n"});
}

std::string any_fields() {
  std::string fields;
  const auto count = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) {
    fields += *rc::gen::weightedOneOf<std::string>(
        {{12, rc::gen::elementOf(Strings{"Cookie: wib=1", "Set-Cookie: a=b", "Content-Type: t/s",
                                         "X-Y:\t z ", "Accept: */*", "Connection: close",
                                         "Connection: keep-alive", "Connection: upgrade",
                                         "Upgrade: h2c", "Connection: close, keep-alive"})},
         {1, rc::gen::elementOf(Strings{" folded", "Host: again", "Content-Length : 3", "nothing",
                                        "Content-Length: 3", "Transfer-Encoding: gzip", "",
                                        "Connection: close\r", std::string("X: \0", 4)})}});
    fields += "\r\n";
  }
  return fields;
}

// Up to two bytes replaced, inserted or taken out.
void damage(std::string& stream) {
  const auto edits = *rc::gen::weightedElement<int>({{4, 0}, {2, 1}, {1, 2}});
  for (int i = 0; i < edits && !stream.empty(); ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, stream.size());
    const char byte =
        *rc::gen::weightedOneOf<char>({{3, rc::gen::elementOf(std::string("\r\n\t\0 :;,0a1", 12))},
                                       {1, rc::gen::arbitrary<char>()}});
    switch (*rc::gen::inRange(0, 3)) {
      case 0: stream.insert(stream.begin() + at, byte); break;
      case 1: stream.erase(stream.begin() + at); break;
      default: stream[at] = byte;
    }
  }
}

std::string any_message(const std::string& start) {
  const int framing = *rc::gen::weightedElement<int>({{4, 0}, {4, 1}, {4, 2}, {1, 3}});
  std::string content;
  if (framing > 0) content = any_content(framing >= 2);
  std::string stream = start + any_fields();
  if (framing == 1 || framing == 3) {
    stream += "Content-Length: " +
              weighted(15, std::to_string(content.size()),
                       {std::to_string(content.size() + 1), "0", "1", "+1", "1,1", "9000", "0x1"}) +
              "\r\n";
  }
  if (framing >= 2) {
    stream += "Transfer-Encoding: " +
              weighted(15, "chunked", {"Chunked", "xchunked", "gzip, chunked", "chunked, x", ""}) +
              "\r\n";
  }
  stream += "\r\n" + content;
  damage(stream);
  return stream + weighted(3, "", {"GET / HTTP/1.1\r\n\r\n", "\r\n", "0", "x"});
}

}  // namespace

rc::Gen<std::string> strings_of(std::string alphabet, int max_size) {
  return rc::gen::mapcat(rc::gen::inRange(0, max_size), [=](int size) {
    return rc::gen::container<std::string>(static_cast<std::size_t>(size),
                                           rc::gen::elementOf(alphabet));
  });
}

rc::Gen<std::string> near_requests() {
  return rc::gen::exec([] {
    const std::string methods =
        weighted(1, "GET", {"POST", "POST", "HEAD", "PUT", "OPTIONS", "CONNECT", "get", "FOO"});
    const std::string target = methods == "CONNECT"
                                   ? "h:80"
                                   : weighted(3, "/setup",
                                              {"/", "*", "//x", "/a?b", "http://h/x", "x", "/#",
                                               std::string(64, '/'), std::string(65, '/')});
    const std::string version =
        weighted(12, "HTTP/1.1", {"HTTP/1.0", "HTTP/2.0", "HTTP/1.2", "http/1.1"});
    return any_message(methods + " " + target + " " + version + "\r\n" +
                       weighted(12, "Host: h\r\n", {""}));
  });
}

rc::Gen<std::string> near_responses() {
  return rc::gen::exec([] {
    const std::string version = weighted(12, "HTTP/1.1", {"HTTP/1.0", "HTTP/2.0", "http/1.1"});
    const std::string status = weighted(
        3, "200 OK",
        {"204 No Content", "304 ", "400 Bad Request", "503 x", "100 Continue", "999 x", "200"});
    return any_message(version + " " + status + "\r\n");
  });
}

std::vector<std::size_t> any_cuts(std::size_t size) {
  std::vector<std::size_t> cuts;
  const auto count = *rc::gen::inRange(0, 6);
  for (int i = 0; i < count; ++i) cuts.push_back(*rc::gen::inRange<std::size_t>(0, size + 1));
  std::ranges::sort(cuts);
  return cuts;
}

}  // namespace wib::props
