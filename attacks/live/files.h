// SPDX-License-Identifier: Apache-2.0
//
// Files and the operating system's randomness, for the live parties.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "protocol/noise_source.h"
#include "protocol/random.h"
#include "protocol/store.h"

namespace wib::attacks {

// What a person is told when something about a file, an address or a peer is wrong: one line that
// names what and where.
struct LiveError {
  std::string message;
  bool refused = false;  // nobody listens at the address (ECONNREFUSED); never for other reasons
};
template <class T = void>
using LiveResult = std::expected<T, LiveError>;

inline constexpr std::size_t max_file_size = std::size_t{64} << 20U;  // 64 MiB

// All of a file, if it is no larger than `limit`. Memory that held bytes of it on the way is wiped;
// the text itself is the caller's to wipe, where it is secret.
[[nodiscard]] LiveResult<std::string> read_file(const std::filesystem::path& path,
                                                std::size_t limit = max_file_size);
[[nodiscard]] LiveResult<> write_file(const std::filesystem::path& path, std::string_view text);

// A certificate (PEM "CERTIFICATE", the first in the file, or DER), or an unencrypted PKCS#8
// private key (PEM "PRIVATE KEY", or DER). The error tells how to convert other forms.
enum class PemKind : std::uint8_t { certificate, private_key };
[[nodiscard]] LiveResult<std::vector<Byte>> read_pem_or_der(const std::filesystem::path& path,
                                                            PemKind kind);

// Strict PEM (RFC 7468) of one block with that label: the DER inside, or what is wrong.
[[nodiscard]] LiveResult<std::vector<Byte>> decode_pem(std::string_view text,
                                                       std::string_view label);

// Records as files in a directory: written beside, synced, renamed over, and the directory synced;
// readable by the owner alone (0600). The directory is made (0700) if it is not there, durably.
//
// When put() fails, get() gives what it gave before. If it was the directory's sync that failed,
// the disk may keep either name, and a power cut then leaves the old or the new record, whole.
// open() removes what a power cut left beside a record. One process at a time uses a directory.
class DirectoryStore final : public Store {
 public:
  [[nodiscard]] static LiveResult<DirectoryStore> open(const std::filesystem::path& directory);

  [[nodiscard]] Result<std::optional<std::size_t>> get(Record record, ByteSpan out) override;
  [[nodiscard]] Result<> put(Record record, ByteView contents) override;

 private:
  explicit DirectoryStore(std::filesystem::path directory) : directory_(std::move(directory)) {}
  std::filesystem::path directory_;
};

// getrandom(2).
class SystemRandom final : public Random {
 public:
  [[nodiscard]] Result<> fill(ByteSpan out) override;
};

// The kernel's generator posing as raw noise: there is no raw source to be had here, so it claims
// full entropy and nothing can be learnt from testing it.
class SystemNoise final : public NoiseSource {
 public:
  [[nodiscard]] Result<> sample(ByteSpan samples) override { return random_.fill(samples); }
  [[nodiscard]] std::uint32_t claimed_millibits() const noexcept override { return 8000; }

 private:
  SystemRandom random_;
};

}  // namespace wib::attacks
