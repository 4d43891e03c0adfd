// SPDX-License-Identifier: Apache-2.0
//
// Two readers that have to agree. One, in this file, cuts the stream into lines and counted
// content, and applies the rules and limits of http.h; a line is judged once it is whole, so it
// makes no difference how the stream was cut. The other is llhttp, which is given each piece as
// soon as the first reader has let it pass, and says what it makes of the start line and of the
// framing. A piece that llhttp refuses, and a head or a message that ends elsewhere for llhttp than
// for us, is refused: what two parsers read differently is what request smuggling is made of.
#include <llhttp.h>

#include <cstring>
#include <memory>
#include <new>

#include "protocol/http_head.h"

namespace wib::http {
namespace detail {
namespace {

constexpr std::size_t crlf_size = 2;
// Hexadecimal digits of a chunk size, leading zeros included. Eight would say 4 GiB.
constexpr std::size_t max_chunk_line = 16;

enum class State : std::uint8_t {
  head,
  content,       // as many bytes as Content-Length said
  chunk_size,    // the line before a chunk
  chunk_data,    // as many bytes as that line said
  chunk_end,     // the line end behind a chunk
  trailer_line,  // the line behind the last chunk, which has to be empty
  complete,
  refused,
};

template <std::size_t N>
[[nodiscard]] bool append(Buffer<N>& buffer, ByteView bytes) noexcept {
  const std::size_t size = buffer.size();
  if (!buffer.resize(size + bytes.size())) return false;
  if (!bytes.empty()) std::memcpy(buffer.span().data() + size, bytes.data(), bytes.size());
  return true;
}

template <std::size_t N>
void wipe(Buffer<N>& buffer) noexcept {
  secure_wipe(buffer.span());
  buffer.clear();
}

}  // namespace

class Parser {
 public:
  explicit Parser(Direction direction) noexcept;
  ~Parser() { wipe_contents(); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  [[nodiscard]] Fed feed(ByteView bytes) noexcept;
  [[nodiscard]] bool finish() const noexcept;
  void reset() noexcept;

  [[nodiscard]] const Request& request() const noexcept { return request_; }
  [[nodiscard]] const Response& response() const noexcept { return response_; }
  [[nodiscard]] const Refusal& refusal() const noexcept { return refusal_; }

 private:
  static Parser& of(llhttp_t* llhttp) noexcept { return *static_cast<Parser*>(llhttp->data); }
  static int on_headers_complete(llhttp_t* llhttp) noexcept;
  static int on_body(llhttp_t* llhttp, const char* at, std::size_t length) noexcept;
  static int on_message_complete(llhttp_t* llhttp) noexcept;
  static const llhttp_settings_t& settings() noexcept;

  [[nodiscard]] bool running() const noexcept {
    return state_ != State::complete && state_ != State::refused;
  }
  [[nodiscard]] bool counting() const noexcept {
    return state_ == State::content || state_ == State::chunk_data;
  }
  void start() noexcept;
  void wipe_contents() noexcept;

  [[nodiscard]] std::size_t take_counted(ByteView bytes) noexcept;
  [[nodiscard]] std::size_t take_line(ByteView bytes) noexcept;
  [[nodiscard]] std::size_t line_limit() const noexcept;
  void end_line(ByteView line) noexcept;
  [[nodiscard]] Refusal refuse_long_line(std::string_view line) noexcept;
  [[nodiscard]] Parsed<State> judge_line(std::string_view line) noexcept;
  [[nodiscard]] Parsed<State> judge_head_line(std::string_view line) noexcept;
  [[nodiscard]] Parsed<State> judge_chunk_size(std::string_view line) noexcept;

  void run_llhttp(ByteView piece, State next) noexcept;
  void refuse_with(const Refusal& refusal) noexcept;
  void publish() noexcept;

  llhttp_t llhttp_;
  Direction direction_;
  State state_ = State::head;
  bool llhttp_head_done_ = false;
  bool llhttp_done_ = false;
  std::uint32_t position_ = 0;  // of the next piece, from the first byte of the message
  std::size_t remaining_ = 0;   // bytes of the content or of the chunk that are to come
  Request request_;
  Response response_;
  Refusal refusal_;
  Head head_;
  Buffer<max_field_line + crlf_size> line_;  // what came so far of a line that was cut
  Buffer<max_body> body_;
};

Parser::Parser(Direction direction) noexcept : direction_(direction), head_(direction) { start(); }

void Parser::start() noexcept {
  const bool request = direction_ == Direction::request;
  llhttp_init(&llhttp_, request ? HTTP_REQUEST : HTTP_RESPONSE, &settings());
  llhttp_.data = this;
}

void Parser::wipe_contents() noexcept {
  head_.reset();
  wipe(line_);
  wipe(body_);
}

void Parser::reset() noexcept {
  wipe_contents();
  state_ = State::head;
  llhttp_head_done_ = llhttp_done_ = false;
  position_ = 0;
  remaining_ = 0;
  request_ = {};
  response_ = {};
  refusal_ = {};
  start();
}

Fed Parser::feed(ByteView bytes) noexcept {
  std::size_t consumed = 0;
  while (running() && consumed < bytes.size()) {
    const ByteView rest = bytes.subspan(consumed);
    consumed += counting() ? take_counted(rest) : take_line(rest);
  }
  const Progress progress = state_ == State::complete  ? Progress::complete
                            : state_ == State::refused ? Progress::refused
                                                       : Progress::need_more;
  return {consumed, progress};
}

bool Parser::finish() const noexcept {
  if (state_ == State::complete) return true;
  return state_ == State::head && !head_.started() && line_.empty();
}

std::size_t Parser::take_counted(ByteView bytes) noexcept {
  const ByteView piece = bytes.first(std::min(bytes.size(), remaining_));
  remaining_ -= piece.size();
  State next = state_;
  if (remaining_ == 0) next = state_ == State::content ? State::complete : State::chunk_end;
  run_llhttp(piece, next);
  return piece.size();
}

// Takes bytes up to and with the next LF, but no more than the longest line that may come now.
std::size_t Parser::take_line(ByteView bytes) noexcept {
  const std::size_t room = line_limit() + crlf_size - line_.size();
  const ByteView window = bytes.first(std::min(bytes.size(), room));
  const void* found = std::memchr(window.data(), '\n', window.size());
  if (found == nullptr) {
    // Cannot fail: no limit is above the buffer's capacity.
    if (!append(line_, window)) return 0;
    // The last byte may be the CR of a line end, whose LF would come too late.
    if (window.size() == room) {
      refuse_with(refuse_long_line(as_text(line_.view().first(line_.size() - 1))));
    }
    return window.size();
  }
  const std::size_t size =
      static_cast<std::size_t>(static_cast<const Byte*>(found) - bytes.data()) + 1;
  if (line_.empty()) {
    end_line(window.first(size));
  } else if (append(line_, window.first(size))) {
    end_line(line_.view());
    wipe(line_);
  }
  return size;
}

// Behind a chunk, and behind the last one, only the empty line may come.
std::size_t Parser::line_limit() const noexcept {
  switch (state_) {
    case State::head: return head_.line_limit();
    case State::chunk_size: return max_chunk_line;
    default: return 0;
  }
}

// `line` is what came of a line, one byte longer than a line may be now.
Refusal Parser::refuse_long_line(std::string_view line) noexcept {
  switch (state_) {
    case State::head: return head_.refuse_long_line(line);
    case State::chunk_size:
      // What is wrong with the part that is there (an extension) says more than the length does.
      if (const auto judged = judge_chunk_size(line); !judged) return judged.error();
      return refuse("chunk: size too long", max_chunk_line).error();
    case State::chunk_end: return refuse("chunk: no CRLF behind the data", 0).error();
    default: return refuse("chunk: trailer", 0).error();
  }
}

// `line` ends in LF. RFC 9112 section 2.2 lets a recipient take a bare LF for a line end; this one
// does not.
void Parser::end_line(ByteView line) noexcept {
  const std::string_view text = as_text(line);
  if (text.size() < crlf_size || text[text.size() - crlf_size] != '\r') {
    return refuse_with(refuse("http: bare LF", text.size() - 1).error());
  }
  const auto next = judge_line(part(text, 0, text.size() - crlf_size));
  if (!next) return refuse_with(next.error());
  run_llhttp(line, *next);
}

// Returns the state behind the line.
Parsed<State> Parser::judge_line(std::string_view line) noexcept {
  switch (state_) {
    case State::head: return judge_head_line(line);
    case State::chunk_size: return judge_chunk_size(line);
    case State::chunk_end: return State::chunk_size;  // empty: no other line fits line_limit()
    default: return State::complete;                  // likewise, behind the last chunk
  }
}

Parsed<State> Parser::judge_head_line(std::string_view line) noexcept {
  if (!line.empty() || !head_.started()) {
    if (const auto taken = head_.take_line(line); !taken) return std::unexpected(taken.error());
    return State::head;
  }
  const auto framing = head_.end();
  if (!framing) return std::unexpected(framing.error());
  if (framing->chunked) return State::chunk_size;
  remaining_ = framing->length;
  return remaining_ == 0 ? State::complete : State::content;
}

Parsed<State> Parser::judge_chunk_size(std::string_view line) noexcept {
  const auto size = parse_chunk_size(line, max_body - body_.size());
  if (!size) return std::unexpected(size.error());
  remaining_ = *size;
  return *size == 0 ? State::trailer_line : State::chunk_data;
}

// Gives llhttp the piece that brought us to `next`, and goes there if llhttp is there too.
void Parser::run_llhttp(ByteView piece, State next) noexcept {
  const char* data = as_text(piece).data();
  const llhttp_errno_t error = llhttp_execute(&llhttp_, data, piece.size());
  const std::size_t stopped =
      error == HPE_OK ? piece.size() : static_cast<std::size_t>(llhttp_.error_pos - data);
  if (error != HPE_OK && error != HPE_PAUSED) {
    return refuse_with(refuse(llhttp_.reason, stopped).error());
  }
  const bool agreed = stopped == piece.size() && llhttp_head_done_ == (next != State::head) &&
                      llhttp_done_ == (next == State::complete);
  if (!agreed) return refuse_with(refuse("framing: two readers disagree", stopped).error());
  position_ += static_cast<std::uint32_t>(piece.size());
  state_ = next;
  if (next == State::complete) publish();
}

// `refusal` counts from the first byte of the piece.
void Parser::refuse_with(const Refusal& refusal) noexcept {
  refusal_ = refusal;
  refusal_.error.offset += position_;
  state_ = State::refused;
}

void Parser::publish() noexcept {
  if (direction_ == Direction::response) {
    response_ = {.status = head_.status(),
                 .has_set_cookie = head_.has(FieldName::set_cookie),
                 .set_cookie = head_.cookie(),
                 .has_content_type = head_.has(FieldName::content_type),
                 .content_type = head_.content_type(),
                 .body = body_.view(),
                 .keep_alive = head_.keep_alive()};
    return;
  }
  const auto method = static_cast<llhttp_method_t>(llhttp_.method);
  request_ = {.method = method == HTTP_GET    ? Method::get
                        : method == HTTP_POST ? Method::post
                                              : Method::other,
              .target = head_.target(),
              .has_cookie = head_.has(FieldName::cookie),
              .cookie = head_.cookie(),
              .has_content_type = head_.has(FieldName::content_type),
              .content_type = head_.content_type(),
              .has_content = head_.has_framing(),
              .body = body_.view(),
              .keep_alive = head_.keep_alive()};
}

// RFC 9110 section 7.8: "A server MAY ignore a received Upgrade header field". Left as it is, the
// flag would make llhttp stop behind the head of an Upgrade or CONNECT request and leave its
// content unread.
int Parser::on_headers_complete(llhttp_t* llhttp) noexcept {
  llhttp->upgrade = 0;
  of(llhttp).llhttp_head_done_ = true;
  return 0;
}

int Parser::on_body(llhttp_t* llhttp, const char* at, std::size_t length) noexcept {
  return append(of(llhttp).body_, as_bytes({at, length})) ? 0 : -1;
}

// The pause keeps llhttp from starting on the next message.
int Parser::on_message_complete(llhttp_t* llhttp) noexcept {
  of(llhttp).llhttp_done_ = true;
  return HPE_PAUSED;
}

const llhttp_settings_t& Parser::settings() noexcept {
  static constexpr llhttp_settings_t instance = [] {
    llhttp_settings_t settings{};
    settings.on_headers_complete = on_headers_complete;
    settings.on_body = on_body;
    settings.on_message_complete = on_message_complete;
    return settings;
  }();
  return instance;
}

namespace {

template <class Storage>
[[nodiscard]] auto& parser_in(Storage& storage) noexcept {
  using Target = std::conditional_t<std::is_const_v<Storage>, const Parser, Parser>;
  return *std::launder(reinterpret_cast<Target*>(storage.data()));
}

template <class Storage>
void make_parser(Storage& storage, Direction direction) noexcept {
  static_assert(sizeof(Parser) <= parser_size && alignof(Parser) <= alignof(std::max_align_t));
  ::new (static_cast<void*>(storage.data())) Parser(direction);
}

}  // namespace
}  // namespace detail

RequestParser::RequestParser() noexcept {
  detail::make_parser(storage_, detail::Direction::request);
}
RequestParser::~RequestParser() { std::destroy_at(&parser()); }
Fed RequestParser::feed(ByteView bytes) noexcept { return parser().feed(bytes); }
bool RequestParser::finish() const noexcept { return parser().finish(); }
const Request& RequestParser::request() const noexcept { return parser().request(); }
const Refusal& RequestParser::refusal() const noexcept { return parser().refusal(); }
void RequestParser::reset() noexcept { parser().reset(); }
detail::Parser& RequestParser::parser() noexcept { return detail::parser_in(storage_); }
const detail::Parser& RequestParser::parser() const noexcept { return detail::parser_in(storage_); }

ResponseParser::ResponseParser() noexcept {
  detail::make_parser(storage_, detail::Direction::response);
}
ResponseParser::~ResponseParser() { std::destroy_at(&parser()); }
Fed ResponseParser::feed(ByteView bytes) noexcept { return parser().feed(bytes); }
bool ResponseParser::finish() const noexcept { return parser().finish(); }
const Response& ResponseParser::response() const noexcept { return parser().response(); }
const Refusal& ResponseParser::refusal() const noexcept { return parser().refusal(); }
void ResponseParser::reset() noexcept { parser().reset(); }
detail::Parser& ResponseParser::parser() noexcept { return detail::parser_in(storage_); }
const detail::Parser& ResponseParser::parser() const noexcept {
  return detail::parser_in(storage_);
}

}  // namespace wib::http
