// SPDX-License-Identifier: Apache-2.0
//
// Writes seeds for all targets from real runs, the same each time:
//
//   fuzz_make_seeds OUT_DIR
#include <cstdio>
#include <fstream>

#include "fuzz/seeds/seed_folder.h"

namespace wib::fuzz {

namespace {

std::string name_of(ByteView bytes) {
  std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
  for (const Byte byte : bytes) hash = (hash ^ byte) * 0x100000001b3U;
  std::array<char, 17> name{};
  std::snprintf(name.data(), name.size(), "%016llx", static_cast<unsigned long long>(hash));
  return name.data();
}

}  // namespace

void SeedFolder::add_to(Seeds& all, ByteView bytes) {
  std::vector<Byte> seed(bytes.begin(), bytes.end());
  if (seed.size() > max_seed_size || std::ranges::find(all, seed) != all.end()) return;
  all.push_back(std::move(seed));
}

void SeedFolder::write(const std::filesystem::path& path) const {
  const auto write_one = [&](const std::string& target, ByteView seed) {
    std::filesystem::create_directories(path / target);
    std::ofstream out(path / target / name_of(seed), std::ios::binary | std::ios::trunc);
    out << as_text(seed);
  };
  for (const auto& [target, all] : seeds_) {
    const std::size_t count = std::min(all.size(), max_seeds);
    for (std::size_t i = 0; i < count; ++i) write_one(target, all[i * all.size() / count]);
    std::printf("%-18s %zu of %zu\n", target.c_str(), count, all.size());
  }
  for (const auto& [target, all] : kept_) {
    for (const auto& seed : all) write_one(target, seed);
  }
}

}  // namespace wib::fuzz

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s OUT_DIR\n", argv[0]);
    return 2;
  }
  wib::fuzz::SeedFolder seeds;
  wib::fuzz::add_session_seeds(seeds);
  wib::fuzz::add_boundary_seeds(seeds);
  wib::fuzz::add_certificate_seeds(seeds);
  wib::fuzz::add_text_seeds(seeds);
  wib::fuzz::add_number_seeds(seeds);
  seeds.write(argv[1]);
  return 0;
}
