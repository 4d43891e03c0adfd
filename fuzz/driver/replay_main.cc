// SPDX-License-Identifier: Apache-2.0
//
// A fuzz target as an ordinary program: replays files, and all files of folders, once each.
//
//   fuzz_NAME FILE_OR_FOLDER...
//
// Exits 0 if the invariant held for all, 2 for a wrong use (nothing to replay is one). A violation
// aborts; the file that did it is named before.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/driver/target.h"

namespace {

std::string current;  // what is being tried

void say_which(int signal) {
  std::fprintf(stderr, "fuzz: died on %s\n", current.c_str());
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

std::vector<std::filesystem::path> files_of(const std::filesystem::path& path) {
  std::vector<std::filesystem::path> files;
  if (!std::filesystem::is_directory(path)) return {path};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGABRT, say_which);
  std::signal(SIGSEGV, say_which);
  std::size_t replayed = 0;
  for (int i = 1; i < argc; ++i) {
    if (argv[i][0] == '-') continue;  // an engine's option
    if (!std::filesystem::exists(argv[i])) {
      std::fprintf(stderr, "fuzz: %s: no such file or folder\n", argv[i]);
      return 2;
    }
    for (const auto& file : files_of(argv[i])) {
      current = file.string();
      std::ifstream stream(file, std::ios::binary);
      const std::vector<char> bytes{std::istreambuf_iterator<char>(stream), {}};
      const std::vector<wib::Byte> input(bytes.begin(), bytes.end());
      wib::fuzz::one_input(input);
      ++replayed;
    }
  }
  if (replayed == 0) {
    std::fprintf(stderr, "usage: %s FILE_OR_FOLDER...\n", argv[0]);
    return 2;
  }
  std::printf("%zu inputs replayed: the invariant held\n", replayed);
  return 0;
}
