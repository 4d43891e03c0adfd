// SPDX-License-Identifier: Apache-2.0
#include "attacks/live/files.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

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

ByteSpan bytes_of(std::string& text) { return {reinterpret_cast<Byte*>(text.data()), text.size()}; }

// Makes room for as much again; nothing of the text is left where it was.
void grow(std::string& text) {
  std::string larger;
  larger.reserve(2 * text.capacity());
  larger = text;
  secure_wipe(bytes_of(text));
  text.swap(larger);
}

// A certificate or a key, however it is written.
constexpr std::size_t max_pem_file_size = std::size_t{1} << 20U;

// RFC 4648 section 4, with line breaks between, full padding, and zero bits in it.
LiveResult<std::vector<Byte>> decode_base64(std::string_view text) {
  std::vector<Byte> bytes;
  bytes.reserve(text.size());  // never moved: it may be a key
  const auto stop = [&](std::string what) {
    secure_wipe(bytes);
    return wrong(std::move(what));
  };
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
      if (value < 0 || padding != 0) return stop("not base64");
      bits = bits << 6U | static_cast<std::uint32_t>(value);
    }
    if (++count % 4 != 0) continue;
    if (padding > 2) return stop("too much padding");
    for (int i = 0; i < 3; ++i) {
      const auto byte = static_cast<Byte>(bits >> (16 - 8 * i));
      if (i < 3 - padding) {
        bytes.push_back(byte);
      } else if (byte != 0) {
        return stop("bits in the padding");
      }
    }
    bits = 0;
  }
  if (count % 4 != 0) return stop("base64 is cut short");
  return bytes;
}

}  // namespace

LiveResult<std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  std::array<char, 65536> buffer;
  const WipeGuard wipe(ByteSpan(reinterpret_cast<Byte*>(buffer.data()), buffer.size()));
  while (true) {
    const ssize_t got = file.open() ? ::read(file.get(), buffer.data(), buffer.size()) : -1;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      const std::string why = reason();
      secure_wipe(bytes_of(text));
      return wrong("cannot read " + path.string() + ": " + why);
    }
    if (got == 0) return text;
    const auto size = static_cast<std::size_t>(got);
    if (size > limit - text.size()) {
      secure_wipe(bytes_of(text));
      return wrong(path.string() + " is larger than " + std::to_string(limit >> 20U) + " MiB");
    }
    while (text.size() + size > text.capacity()) grow(text);
    text.append(buffer.data(), size);
  }
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
  auto text = read_file(path, max_pem_file_size);
  if (!text) return std::unexpected(text.error());
  const WipeGuard wipe(bytes_of(*text));
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
  if (::mkdir(directory.c_str(), 0700) == 0) {
    // The new directory is durable once the one that it is in is.
    const File parent(::open((directory / "..").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!parent.open() || ::fsync(parent.get()) != 0) {
      const std::string why = reason();
      ::rmdir(directory.c_str());
      return wrong("cannot make the store " + directory.string() + ": " + why);
    }
  } else if (errno != EEXIST) {
    return wrong("cannot make the store " + directory.string() + ": " + reason());
  }
  if (::access(directory.c_str(), R_OK | W_OK | X_OK) != 0) {
    return wrong("cannot use the store " + directory.string() + ": " + reason());
  }
  std::error_code error;
  if (!std::filesystem::is_directory(directory, error)) {
    return wrong("the store " + directory.string() + " is not a directory");
  }
  for (const char* left_over : {".new", ".old"}) {
    ::unlink((directory / (std::string(name(Record::identity)) + left_over)).c_str());
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
  const auto before = directory_ / (std::string(name(record)) + ".old");
  // Whatever can fail does so before the new contents take the name.
  const File directory(::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.open()) return fail(Errc::storage, "store: directory");
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
  // The old contents keep a name until the new ones are durable.
  ::unlink(before.c_str());
  const bool kept = ::link(path.c_str(), before.c_str()) == 0;
  if (!kept && errno != ENOENT) {
    ::unlink(beside.c_str());
    return fail(Errc::storage, "store: keep the old");
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) {
    ::unlink(beside.c_str());
    ::unlink(before.c_str());
    return fail(Errc::storage, "store: rename");
  }
  // The new name is durable once the directory is.
  if (::fsync(directory.get()) != 0) {
    if (kept) {
      ::rename(before.c_str(), path.c_str());
    } else {
      ::unlink(path.c_str());
    }
    return fail(Errc::storage, "store: sync");
  }
  // An old key is not to lie about. If a power cut brings its name back, open() removes it.
  ::unlink(before.c_str());
  ::fsync(directory.get());
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
