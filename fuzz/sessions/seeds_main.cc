// SPDX-License-Identifier: Apache-2.0
//
// Writes the seeds of the session targets: one folder for each target under CORPUS.
//   fuzz_sessions_seeds CORPUS
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "fuzz/sessions/seeds.h"

namespace {

void write(const std::filesystem::path& folder, const std::vector<wib::fuzz::Seed>& seeds) {
  std::filesystem::create_directories(folder);
  for (const auto& seed : seeds) {
    std::ofstream out(folder / seed.name, std::ios::binary);
    out.write(reinterpret_cast<const char*>(seed.bytes.data()),
              static_cast<std::streamsize>(seed.bytes.size()));
  }
  std::printf("%s: %zu seeds\n", folder.c_str(), seeds.size());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s CORPUS\n", argv[0]);
    return 2;
  }
  const std::filesystem::path corpus(argv[1]);
  for (const char* backend : {"", "_openssl", "_wolfssl"}) {
    write(corpus / (std::string("device_session") + backend), wib::fuzz::device_seeds());
    write(corpus / (std::string("client_session") + backend), wib::fuzz::client_seeds());
  }
  write(corpus / "pair_session", wib::fuzz::client_seeds());
  return 0;
}
