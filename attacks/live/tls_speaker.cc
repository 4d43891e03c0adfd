// SPDX-License-Identifier: Apache-2.0
#include "attacks/live/tls_speaker.h"

#include <array>

namespace wib::attacks {
namespace {

constexpr std::size_t read_size = 4096;

}  // namespace

Speaker::Answer TlsSpeaker::receive(ByteView bytes) {
  Answer answer{.pending = true};
  session_->feed(bytes);
  const auto progress = session_->step();
  if (!progress) {
    answer.close = true;  // the alert, if any, goes out first
  } else if (*progress != TlsSession::Progress::want_input) {
    answer_request(answer);
  }
  drain(answer);
  return answer;
}

void TlsSpeaker::answer_request(Answer& answer) {
  std::array<Byte, read_size> plain;
  std::array<Byte, 1024> out;
  while (true) {
    const auto got = session_->read(plain);
    if (!got || *got == 0) {
      // Nothing more for now, or ever: what was read before the end is not a whole request.
      answer.close = !got || session_->step() != TlsSession::Progress::established;
      return;
    }
    const auto fed = parser_.feed(ByteView(plain).first(*got));
    if (fed.progress == http::Progress::need_more) continue;
    const bool get = fed.progress == http::Progress::complete &&
                     parser_.request().method == http::Method::get &&
                     parser_.request().target == "/";
    const http::ResponseHead head{.status = get ? Status::ok : Status::not_found,
                                  .content_type = "text/plain",
                                  .close = true};
    const auto written = http::write_response(head, as_bytes(get ? page_ : "Not Found\n"), out);
    if (written) (void)session_->write(*written);
    session_->close();
    answer.close = true;
    return;
  }
}

void TlsSpeaker::drain(Answer& answer) {
  std::array<Byte, read_size> out;
  while (const std::size_t size = session_->drain(out)) {
    answer.bytes.insert(answer.bytes.end(), out.begin(), out.begin() + static_cast<long>(size));
  }
}

}  // namespace wib::attacks
