// SPDX-License-Identifier: Apache-2.0
//
// wib-conformance: every vector of every source on every real backend, then every manifest. One
// program and one run, so that what was exercised is known at its end and the counts are of all.
//
//   wib-conformance [--json=FILE] [GoogleTest's options]
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <map>

#include "backends/conformance/operations.h"
#include "backends/conformance/probe.h"
#include "backends/conformance/sources.h"
#include "backends/conformance/tally.h"
#include "backends/registry.h"

namespace wib::conformance {
namespace {

// What the tests of one run share.
struct Run {
  Tally tally;
  std::map<const Source*, std::vector<Vector>> vectors;
  std::map<const Backend*, Subject> subjects;

  Subject& subject(Backend& backend) {
    return subjects.try_emplace(&backend, backend).first->second;
  }
};

Run& shared_run() {
  static Run one;
  return one;
}

class Case : public testing::Test {};

class ReadSource final : public Case {
 public:
  explicit ReadSource(const Source& source) : source_(source) {}

  void TestBody() override {
    const Path file = folder(source_.origin) / source_.path;
    if (source_.origin == Origin::shared && !exists(folder(Origin::shared))) {
      shared_run().tally.absent(source_.name(), "../shared/vectors is not beside this tree");
      GTEST_SKIP() << "no ../shared/vectors";
    }
    ASSERT_TRUE(exists(file)) << file << " is missing"
                              << (source_.origin == Origin::debian ? ": run ci/setup" : "");
    try {
      std::vector<Vector> vectors = source_.read(file);
      EXPECT_GE(vectors.size(), source_.at_least) << "fewer vectors than this file has";
      shared_run().vectors[&source_] = std::move(vectors);
    } catch (const std::exception& error) {
      FAIL() << source_.name() << ": " << error.what();
    }
  }

 private:
  const Source& source_;
};

class RunSource final : public Case {
 public:
  RunSource(Backend& backend, const Source& source) : backend_(backend), source_(source) {}

  void TestBody() override {
    const auto vectors = shared_run().vectors.find(&source_);
    if (vectors == shared_run().vectors.end()) GTEST_SKIP() << "not read";
    for (const Vector& vector : vectors->second) run_one(vector);
  }

 private:
  void run_one(const Vector& vector) {
    Tally& tally = shared_run().tally;
    const std::string source = source_.name();
    if (vector.skip != Skip::none) return tally.add_skipped(backend_, source, vector.skip);
    if (!backend_.manifest().has.has_all(needs(vector))) {
      return tally.add_skipped(backend_, source, Skip::not_declared);
    }
    std::string failure;
    try {
      run(shared_run().subject(backend_), vector);
    } catch (const std::exception& error) {
      failure = error.what();
    }
    tally.add(backend_, source, vector, failure.empty());
    if (failure.empty()) return;
    ADD_FAILURE() << backend_.name() << ", " << source << ", " << vector.id << " ("
                  << name(vector.operation) << "): " << failure;
  }

  Backend& backend_;
  const Source& source_;
};

// Declared is exercised, and not declared is unsupported. The operations of what is no real crypto
// are called once each; no vector is for it.
class CheckManifest final : public Case {
 public:
  explicit CheckManifest(Backend& backend) : backend_(backend) {}

  void TestBody() override {
    const Manifest manifest = backend_.manifest();
    Exercised exercised = manifest.real ? shared_run().subject(backend_).exercised() : Exercised();
    for (const Capability capability : all_capabilities()) {
      const bool declared = manifest.has.has(capability);
      if (!declared && is_borrowed(manifest, capability)) continue;
      try {
        if (!declared) {
          expect_unsupported(capability);
        } else if (!manifest.real) {
          expect_works(capability, exercised);
        }
      } catch (const std::exception& error) {
        ADD_FAILURE() << backend_.name() << ", " << wib::name(capability) << ": " << error.what();
      }
      if (declared && exercised.times(capability) == 0) {
        ADD_FAILURE() << backend_.name() << " declares " << wib::name(capability)
                      << ", and no test exercised it with success";
      }
    }
    for (const std::string& fault : borrowing_faults(backend_)) ADD_FAILURE() << fault;
    shared_run().tally.exercised(backend_, exercised);
  }

 private:
  void expect_unsupported(Capability capability) {
    for (const auto& [operation, code] : probe(backend_, capability)) {
      EXPECT_EQ(wib::name(code), wib::name(Errc::unsupported))
          << backend_.name() << " does not declare " << wib::name(capability) << ": " << operation;
    }
  }

  void expect_works(Capability capability, Exercised& exercised) {
    for (const auto& [operation, code] : probe(backend_, capability)) {
      EXPECT_EQ(code, Errc::none) << backend_.name() << " declares " << wib::name(capability)
                                  << "; " << operation << " ended with: " << wib::name(code);
      if (code == Errc::none) exercised.note(capability);
    }
  }

  Backend& backend_;
};

std::string as_test_name(std::string text) {
  for (char& c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return text;
}

template <class Test, class... Arguments>
void add_test(const std::string& suite, const std::string& name, Arguments&... arguments) {
  testing::RegisterTest(suite.c_str(), as_test_name(name).c_str(), nullptr, nullptr, __FILE__,
                        __LINE__, [&]() -> Case* { return new Test(arguments...); });
}

void add_tests() {
  for (const Source& source : sources()) {
    add_test<ReadSource>("sources", source.name(), source);
  }
  for (Backend* const backend : real_backends()) {
    for (const Source& source : sources()) {
      add_test<RunSource>("vectors_" + std::string(backend->name()), source.name(), *backend,
                          source);
    }
  }
  for (Backend* const backend : all_backends()) {
    add_test<CheckManifest>("manifest", std::string(backend->name()), *backend);
  }
}

}  // namespace
}  // namespace wib::conformance

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  std::string json = "conformance.json";
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (!argument.starts_with("--json=")) {
      std::cerr << "usage: wib-conformance [--json=FILE]\n";
      return 2;
    }
    json = argument.substr(7);
  }
  wib::conformance::add_tests();
  const int result = RUN_ALL_TESTS();
  if (testing::GTEST_FLAG(list_tests)) return result;
  const auto& tally = wib::conformance::shared_run().tally;
  tally.print(std::cout);
  bool written = tally.write(json);
  // That the vectors were run just now: counts.cmake looks for it, and removes it.
  if (written && tally.ran()) written = std::ofstream(json + ".fresh").good();
  if (!written) {
    std::cerr << "wib-conformance: cannot write " << json << "\n";
    return 2;
  }
  return result;
}
