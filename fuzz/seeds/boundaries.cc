// SPDX-License-Identifier: Apache-2.0
//
// Seeds at the limits: the largest that is accepted of everything that has a size, and one more.
#include <vector>

#include "fuzz/seeds/seed_folder.h"
#include "protocol/cbor.h"
#include "protocol/http.h"

namespace wib::fuzz {
namespace {

using Bytes = std::vector<Byte>;

// Suite (of message_suites()), what is around, and the fields in the order of their keys.
void add_message(SeedFolder& seeds, const std::string& target, Byte suite,
                 std::initializer_list<std::pair<std::uint64_t, std::size_t>> fields) {
  Bytes input(9000);
  input[0] = suite;
  cbor::Writer writer(ByteSpan(input).subspan(2));
  writer.map(fields.size());
  for (const auto& [key, size] : fields) {
    writer.unsigned_integer(key);
    writer.byte_string(Bytes(size, 0x42));
  }
  const auto written = writer.finish();
  if (!written) return;
  input.resize(2 + written->size());
  seeds.keep(target, input);
}

std::string lines(std::size_t count, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += "X:" + std::string(size - 2, 'x') + "\r\n";
  return text;
}

void add_http(SeedFolder& seeds, const std::string& target, const std::string& start,
              const std::string& needed) {
  const std::size_t taken = start.size() + needed.size() - 4;  // without the two line ends
  const std::string none = "Content-Length: 0\r\n";
  for (const std::size_t more : {0U, 1U}) {
    seeds.keep(target, start + needed + lines(1, http::max_field_line + more) + none + "\r\n");
    seeds.keep(target, start + needed + lines(http::max_fields - 2 + more, 3) + none + "\r\n");
    const std::size_t rest = http::max_head - taken - (none.size() - 2) - 7 * 1024;
    seeds.keep(target, start + needed + none + lines(7, 1024) + lines(1, rest + more) + "\r\n");
    const std::size_t size = http::max_body + more;
    seeds.keep(target, start + needed + "Content-Length: " + std::to_string(size) + "\r\n\r\n" +
                           std::string(size, 'b'));
    seeds.keep(target, start + needed + "Transfer-Encoding: chunked\r\n\r\n1000\r\n" +
                           std::string(0x1000, 'b') +
                           (more == 0 ? "\r\n1000\r\n" : "\r\n1001\r\n") +
                           std::string(0x1000 + more, 'b') + "\r\n0\r\n\r\n");
  }
}

}  // namespace

void add_boundary_seeds(SeedFolder& seeds) {
  seeds.keep("http_response", "HTTP/1.1 200 O\1K\r\n");
  add_http(seeds, "http_request", "POST /setup/dh.wib HTTP/1.1\r\n", "Host: h\r\n");
  add_http(seeds, "http_response", "HTTP/1.1 200 OK\r\n", "Connection: close\r\n");
  for (const std::size_t more : {0U, 1U}) {
    const std::string target = "GET /" + std::string(http::max_target - 1 + more, 't');
    seeds.keep("http_request", target + " HTTP/1.1\r\nHost: h\r\n\r\n");
    for (const Byte suite : {Byte{0}, Byte{2}})
      add_message(seeds, "device_dh", suite, {{1, 1024 + more}});
    add_message(seeds, "device_auth", 2, {{1, 32 + more}});
    for (const std::string name : {"device_auth", "device_key", "client_key"}) {
      add_message(seeds, name, 0, {{1, 16 + more}, {2, 9}, {3, 64}});
      add_message(seeds, name, 0, {{1, 16}, {2, 7680 + more}, {3, 64}});
      add_message(seeds, name, 0, {{1, 16}, {2, 9}, {3, 64 + more}});
      add_message(seeds, name, 4, {{2, 7680 + more}, {3, 16}});
      add_message(seeds, name, 4, {{2, 9}, {3, 16 + more}});
    }
    add_message(seeds, "client_share", 0, {{1, 1024 + more}});
    add_message(seeds, "client_share", 2, {{1, 65 + more}, {2, 32}});
    add_message(seeds, "client_share", 2, {{1, 65}, {2, 32 + more}});
    add_message(seeds, "client_offer", 0, {{1, 1024 + more}, {2, 1}});
    add_message(seeds, "client_offer", 0, {{1, 1}, {2, 1024 + more}});
    add_message(seeds, "client_offer", 7, {{3, 2 + more}});
    for (std::size_t wrong = 0; wrong < 4; ++wrong) {
      const auto size = [&](std::size_t field, std::size_t max) {
        return max + (field == wrong ? more : 0);
      };
      add_message(seeds, "client_offer", 2,
                  {{4, size(0, 256)}, {5, size(1, 16)}, {6, size(2, 4)}, {7, size(3, 8)}});
    }
    Bytes bundle(9000);
    for (const std::size_t wrong : {0U, 1U}) {
      cbor::Writer writer(bundle);
      writer.map(2);
      writer.unsigned_integer(1);
      writer.byte_string(Bytes(4096 + (wrong == 0 ? more : 0), 0x30));
      writer.unsigned_integer(2);
      writer.byte_string(Bytes(3072 + (wrong == 1 ? more : 0), 0x30));
      if (const auto written = writer.finish()) seeds.keep("bundle", *written);
    }
  }
}

}  // namespace wib::fuzz
