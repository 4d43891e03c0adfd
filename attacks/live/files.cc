// SPDX-License-Identifier: Apache-2.0
#include "attacks/live/files.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace wib::attacks {
namespace {

std::unexpected<LiveError> wrong(std::string message) {
  return std::unexpected(LiveError{std::move(message)});
}

std::string reason() { return std::strerror(errno); }

// Closes what it holds.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] bool open() const { return descriptor_ >= 0; }
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

bool write_all(int descriptor, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  return -1;
}

// RFC 4648 section 4, with line breaks between, full padding, and zero bits in it.
LiveResult<std::vector<Byte>> decode_base64(std::string_view text) {
  std::vector<Byte> bytes;
  std::uint32_t bits = 0;
  int count = 0;
  int padding = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r' || c == ' ' || c == '\t') continue;
    if (c == '=') {
      ++padding;
      bits <<= 6U;
    } else {
      const int value = base64_value(c);
      if (value < 0 || padding != 0) return wrong("not base64");
      bits = bits << 6U | static_cast<std::uint32_t>(value);
    }
    if (++count % 4 != 0) continue;
    if (padding > 2) return wrong("too much padding");
    for (int i = 0; i < 3; ++i) {
      const auto byte = static_cast<Byte>(bits >> (16 - 8 * i));
      if (i < 3 - padding) {
        bytes.push_back(byte);
      } else if (byte != 0) {
        return wrong("bits in the padding");
      }
    }
    bits = 0;
  }
  if (count % 4 != 0) return wrong("base64 is cut short");
  return bytes;
}

}  // namespace

LiveResult<std::string> read_file(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    return wrong("cannot read " + path.string() + ": Is a directory");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return wrong("cannot read " + path.string() + ": " + reason());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

LiveResult<> write_file(const std::filesystem::path& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) return wrong("cannot write " + path.string() + ": " + reason());
  return {};
}

LiveResult<std::vector<Byte>> decode_pem(std::string_view text, std::string_view label) {
  const std::string begin = "-----BEGIN " + std::string(label) + "-----";
  const std::string end = "-----END " + std::string(label) + "-----";
  const auto first = text.find(begin);
  if (first == std::string_view::npos) return wrong("no \"" + begin + "\"");
  const auto start = first + begin.size();
  const auto last = text.find(end, start);
  if (last == std::string_view::npos) return wrong("no \"" + end + "\"");
  return decode_base64(text.substr(start, last - start));
}

LiveResult<std::vector<Byte>> read_pem_or_der(const std::filesystem::path& path, PemKind kind) {
  const auto text = read_file(path);
  if (!text) return std::unexpected(text.error());
  const bool certificate = kind == PemKind::certificate;
  if (text->empty()) return wrong(path.string() + " is empty");
  if (text->starts_with('\x30')) return std::vector<Byte>(text->begin(), text->end());
  const auto der = decode_pem(*text, certificate ? "CERTIFICATE" : "PRIVATE KEY");
  if (der) return der;
  for (const std::string_view other :
       {"ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"}) {
    if (!certificate && text->find("BEGIN " + std::string(other)) != std::string::npos) {
      return wrong(path.string() + " holds an \"" + std::string(other) +
                   "\"; convert it: openssl pkcs8 -topk8 -nocrypt -in " + path.string());
    }
  }
  return wrong(path.string() + " is no " + (certificate ? "certificate" : "PKCS#8 private key") +
               " in PEM or DER: " + der.error().message);
}

LiveResult<DirectoryStore> DirectoryStore::open(const std::filesystem::path& directory) {
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return wrong("cannot make the store " + directory.string() + ": " + reason());
  }
  if (::access(directory.c_str(), R_OK | W_OK | X_OK) != 0) {
    return wrong("cannot use the store " + directory.string() + ": " + reason());
  }
  std::error_code error;
  if (!std::filesystem::is_directory(directory, error)) {
    return wrong("the store " + directory.string() + " is not a directory");
  }
  return DirectoryStore(directory);
}

Result<std::optional<std::size_t>> DirectoryStore::get(Record record, ByteSpan out) {
  const auto path = directory_ / name(record);
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) {
    if (errno == ENOENT) return std::nullopt;
    return fail(Errc::storage, "store: open");
  }
  std::size_t size = 0;
  while (true) {
    Byte extra;
    const bool full = size == out.size();
    const ssize_t got = full ? ::read(file.get(), &extra, 1)
                             : ::read(file.get(), out.data() + size, out.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(Errc::storage, "store: read");
    if (got == 0) return size;
    if (full) return fail(Errc::capacity, "store: record too large");
    size += static_cast<std::size_t>(got);
  }
}

Result<> DirectoryStore::put(Record record, ByteView contents) {
  const auto path = directory_ / name(record);
  const auto beside = directory_ / (std::string(name(record)) + ".new");
  {
    const File file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file.open()) return fail(Errc::storage, "store: create");
    // A file left over from a crash keeps its mode: set it, whatever the umask was then.
    if (::fchmod(file.get(), 0600) != 0 || !write_all(file.get(), contents) ||
        ::fsync(file.get()) != 0) {
      ::unlink(beside.c_str());
      return fail(Errc::storage, "store: write");
    }
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) {
    ::unlink(beside.c_str());
    return fail(Errc::storage, "store: rename");
  }
  // The new name is durable once the directory is.
  const File directory(::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.open() || ::fsync(directory.get()) != 0) {
    return fail(Errc::storage, "store: sync");
  }
  return {};
}

Result<> SystemRandom::fill(ByteSpan out) {
  while (!out.empty()) {
    const ssize_t got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return fail(Errc::entropy, "getrandom");
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

}  // namespace wib::attacks
