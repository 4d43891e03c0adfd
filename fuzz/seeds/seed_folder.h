// SPDX-License-Identifier: Apache-2.0
//
// A folder of seeds: one folder a target, one file a seed, named by its contents, so that the same
// seeds are the same files.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/bytes.h"

namespace wib::fuzz {

inline constexpr std::size_t max_seeds = 30;             // of one target, besides those to keep
inline constexpr std::size_t max_seed_size = 20 * 1024;  // bytes; larger ones are left out

// Collects first, so that what is written is chosen evenly from all that there was.
class SeedFolder {
 public:
  void add(const std::string& target, ByteView bytes) { add_to(seeds_[target], bytes); }
  void add(const std::string& target, std::string_view text) { add(target, as_bytes(text)); }
  // One that is not to be left out.
  void keep(const std::string& target, std::string_view text) { keep(target, as_bytes(text)); }
  void keep(const std::string& target, ByteView bytes) { add_to(kept_[target], bytes); }

  // Writes them all; prints how many there are of each target.
  void write(const std::filesystem::path& path) const;

 private:
  using Seeds = std::vector<std::vector<Byte>>;
  static void add_to(Seeds& all, ByteView bytes);

  std::map<std::string, Seeds> seeds_;
  std::map<std::string, Seeds> kept_;
};

// Where seeds come from.
void add_session_seeds(SeedFolder& seeds);      // messages.cc: what real runs put on the wire
void add_boundary_seeds(SeedFolder& seeds);     // boundaries.cc: at the limits
void add_certificate_seeds(SeedFolder& seeds);  // certificates.cc
void add_text_seeds(SeedFolder& seeds);         // texts.cc: what people type, and JSON
void add_number_seeds(SeedFolder& seeds);       // numbers.cc: records, shares, noise

}  // namespace wib::fuzz
