// SPDX-License-Identifier: Apache-2.0
//
// Certificates and keys in files, as PEM or DER: 'c' or 'k', and then the file.
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "attacks/live/files.h"
#include "fuzz/parsers/oracle.h"

namespace wib::fuzz {

const std::string_view invariant =
    "A PEM block is accepted exactly if what is between its lines is canonical base64, and gives "
    "the bytes that base64 writes so; a file that begins as DER does is taken as it is.";

namespace {

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string base64(ByteView bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned bits = 0;
    for (std::size_t k = i; k < i + 3; ++k) bits = bits * 256 + (k < bytes.size() ? bytes[k] : 0);
    for (std::size_t k = 0; k < 4; ++k) {
      text += i + k <= bytes.size() ? digits[bits >> (18 - 6 * k) & 63U] : '=';
    }
  }
  return text;
}

// The file's block without white space, or null if there is none.
std::optional<std::string> block_of(std::string_view text, std::string_view label) {
  const std::string name(label);
  const std::size_t begin = text.find("-----BEGIN " + name + "-----");
  if (begin == std::string_view::npos) return std::nullopt;
  text.remove_prefix(begin + name.size() + 16);
  const std::size_t end = text.find("-----END " + name + "-----");
  if (end == std::string_view::npos) return std::nullopt;
  std::string block;
  for (const char c : text.substr(0, end)) {
    if (c != '\n' && c != '\r' && c != ' ' && c != '\t') block += c;
  }
  return block;
}

// Could be base64 at all: whole groups of digits, padded at the end.
bool is_base64(std::string_view block) {
  if (block.size() % 4 != 0) return false;
  const std::size_t padding = block.size() - std::min(block.find('='), block.size());
  const std::string_view body = block.substr(0, block.size() - padding);
  return padding <= 2 && body.find_first_not_of(digits) == std::string_view::npos &&
         block.substr(body.size()).find_first_not_of('=') == std::string_view::npos;
}

// The text as a file in memory.
const std::string& file_with(std::string_view text) {
  static const int descriptor = ::memfd_create("fuzz", 0);
  static const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
  expect(::ftruncate(descriptor, 0) == 0 &&
             ::pwrite(descriptor, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()),
         "the target's own file");
  return path;
}

}  // namespace

void one_input(ByteView input) {
  Choices choices(input);
  const bool certificate = choices.byte() != 'k';
  const std::string_view text = as_text(choices.rest());
  const std::string_view label = certificate ? "CERTIFICATE" : "PRIVATE KEY";
  const auto block = block_of(text, label);
  const auto der = attacks::decode_pem(text, label);
  expect(!der || block, "a block is needed");
  if (der) expect(base64(*der) == *block, "the bytes that are written so");
  if (!der) {
    expect(!der.error().message.empty(), "an error has words");
    if (block && is_base64(*block)) expect(block->ends_with('='), "only stray bits are wrong");
  }
  if (!one_in(8, input)) return;
  const auto kind = certificate ? attacks::PemKind::certificate : attacks::PemKind::private_key;
  const auto read = attacks::read_pem_or_der(file_with(text), kind);
  if (text.starts_with('0')) {
    expect(read && same_bytes(*read, as_bytes(text)), "DER is taken as it is");
  } else {
    expect(read.has_value() == (der.has_value() && !text.empty()), "the file is what its text is");
    if (read) expect(*read == *der, "the same bytes");
    if (!read) expect(!read.error().message.empty(), "an error has words");
  }
}

}  // namespace wib::fuzz
