// SPDX-License-Identifier: Apache-2.0
#include "fuzz/differential/compare.h"

namespace wib::fuzz {
namespace {

std::string describe(const Asked& asked, const Answer& answer) {
  std::string text = std::string(asked.name) + " " + std::string(name(answer.code)) + " ";
  for (const Byte byte : ByteView(answer.out).first(std::min<std::size_t>(answer.out.size(), 40))) {
    static constexpr std::string_view digits = "0123456789abcdef";
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text + " (" + std::to_string(answer.out.size()) + " bytes)";
}

}  // namespace

std::string difference(ByteView input, std::span<const Asked> all) {
  Choices choices(input);
  const Question question = make_question(choices, *all.front().crypto);
  const Answer wanted = question.ask(*all.front().crypto);
  for (const Asked& asked : all.subspan(1)) {
    const Answer answer = question.ask(*asked.crypto);
    if (answer.code == Errc::unsupported || answer == wanted) continue;
    return std::string(question.operation) + ": " + describe(all.front(), wanted) + ", " +
           describe(asked, answer);
  }
  return {};
}

}  // namespace wib::fuzz
