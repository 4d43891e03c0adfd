// SPDX-License-Identifier: Apache-2.0
//
// The CBOR reader, item by item, against nlohmann-json (which reads all of CBOR) and the writer.
#include <nlohmann/json.hpp>

#include "fuzz/parsers/oracle.h"
#include "fuzz/parsers/plain_cbor.h"
#include "protocol/cbor.h"

namespace wib::fuzz {

const std::string_view invariant =
    "An item is accepted by exactly the reader of its type, if it is in the core deterministic "
    "encoding; an independent decoder reads the same, and the writer writes the same bytes.";

namespace {

using nlohmann::json;

// The item that `bytes` are for nlohmann-json.
json decoded(ByteView bytes) { return json::from_cbor(bytes.begin(), bytes.end(), true, false); }

// Text that is not UTF-8 is dropped by one way of writing it and replaced by the other.
bool is_utf8(ByteView bytes) {
  const json text(as_text(bytes));
  using Handler = json::error_handler_t;
  return text.dump(-1, ' ', false, Handler::ignore) == text.dump(-1, ' ', false, Handler::replace);
}

// What another decoder reads at the front of `rest`, if that is one of the four types and written
// as we write it. Of a map its head alone.
std::optional<unsigned> type_at(ByteView rest) {
  const auto head = plain_head(rest);
  if (!head) return std::nullopt;
  if (head->major == 0 || head->major == 5) return head->major;
  if (head->major != 2 && head->major != 3) return std::nullopt;
  if (head->argument > rest.size() - head->size) return std::nullopt;
  const ByteView item = rest.first(head->size + static_cast<std::size_t>(head->argument));
  if (head->major == 3 && !is_utf8(item.subspan(head->size))) return std::nullopt;
  return head->major;
}

template <class Value>
void expect_refused(const Result<Value>& read, const cbor::Reader& reader, std::uint32_t before) {
  expect(!read, "no other reader accepts the item");
  expect(read.error() == Error{Errc::malformed, "fuzz", before}, "an error at the item's offset");
  expect(reader.offset() == before, "a refused item is not consumed");
}

// What the item's bytes are to nlohmann-json; asked for an eighth of the inputs, since it is dear.
template <class Holds>
void ask(ByteView input, ByteView item, Holds holds) {
  if (one_in(8, input)) expect(holds(decoded(item)), "an independent decoder reads the same");
}

// Reads the next item with all four readers; false if there is none.
bool read_item(cbor::Reader& reader, ByteView input, cbor::Writer& writer, cbor::Writer& narrow) {
  const std::uint32_t before = reader.offset();
  const ByteView rest = input.subspan(before);
  const auto type = type_at(rest);
  cbor::Reader as_number = reader;
  cbor::Reader as_bytes_ = reader;
  cbor::Reader as_text_ = reader;
  cbor::Reader as_map = reader;
  const auto number = as_number.unsigned_integer("fuzz");
  const auto bytes = as_bytes_.byte_string("fuzz");
  const auto text = as_text_.text_string("fuzz");
  const auto map = as_map.map("fuzz");
  if (type != 0) expect_refused(number, as_number, before);
  if (type != 2) expect_refused(bytes, as_bytes_, before);
  if (type != 3) expect_refused(text, as_text_, before);
  if (type != 5) expect_refused(map, as_map, before);
  if (!type) return false;
  const auto took = [&](const cbor::Reader& one) {
    return input.subspan(before, one.offset() - before);
  };
  switch (*type) {
    case 0:
      expect(number.has_value(), "a number is accepted");
      ask(input, took(as_number), [&](const json& item) { return item == json(*number); });
      writer.unsigned_integer(*number);
      narrow.unsigned_integer(*number);
      reader = as_number;
      break;
    case 2:
      expect(bytes && inside(*bytes, input), "bytes are accepted");
      ask(input, took(as_bytes_), [&](const json& item) {
        return item.is_binary() && std::ranges::equal(item.get_binary(), *bytes);
      });
      writer.byte_string(*bytes);
      narrow.byte_string(*bytes);
      reader = as_bytes_;
      break;
    case 3:
      expect(text && inside(as_bytes(*text), input), "text is accepted");
      ask(input, took(as_text_), [&](const json& item) { return item == json(*text); });
      writer.text_string(*text);
      narrow.text_string(*text);
      reader = as_text_;
      break;
    default:
      expect(map && *map == plain_head(rest)->argument, "the number of pairs");
      writer.map(*map);
      narrow.map(*map);
      reader = as_map;
  }
  return true;
}

}  // namespace

void one_input(ByteView input) {
  static std::array<Byte, 4096> buffer;
  static std::array<Byte, 256> small;
  const std::size_t room = hash_of(input) % small.size();
  cbor::Reader reader(input);
  cbor::Writer writer(buffer);
  cbor::Writer narrow{ByteSpan(small).first(room)};
  for (int items = 0; items < 64; ++items) {
    if (!read_item(reader, input, writer, narrow)) break;
  }
  const std::size_t read = reader.offset();
  expect(reader.end("fuzz").has_value() == (read == input.size()), "the end");
  const auto written = writer.finish();
  expect(written && same_bytes(*written, input.first(read)), "written as it was");
  const auto fitted = narrow.finish();
  expect(fitted.has_value() == (read <= room), "what does not fit is an error");
  if (fitted) expect(same_bytes(*fitted, *written), "the same in any buffer");
}

}  // namespace wib::fuzz
