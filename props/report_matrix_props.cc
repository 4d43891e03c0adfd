// SPDX-License-Identifier: Apache-2.0
//
// The report on a terminal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "attacks/report/report.h"
#include "attacks/report/text.h"
#include "props/support/report_records.h"

namespace wib::attacks {
namespace {

using namespace props;  // NOLINT: the whole test is made of it
using ::testing::HasSubstr;
using ::testing::Not;

std::string matrix(const std::vector<RunRecord>& records, bool colour) {
  std::ostringstream out;
  print_matrix(out, records, colour);
  return out.str();
}

TEST(ReportMatrix, IsExact) {
  EXPECT_EQ(matrix(sample(), false),
            R"(5 runs: 1 not as expected, 4 as expected.
  D14.takeover  as_posted/cbc  device openssl, client openssl
    not as expected: the attack was expected to succeed and was blocked

                                                                    as_posted/cbc
attack                                                              o>o   o>w
A00  title of A00                                                   S ok  S ok
  A00.passive  control: title of A00.passive                        B ok  .
D14.takeover  title of D14.takeover                                 B !!  .
E02.cookie  Ein 16-Bit-Startwert, geprüft an der Sitzungskennung    S ok  .

S succeeded, B blocked; ok as expected, !! not as expected, ?? blocked without proof,
-- without an expectation; n not applicable; ERR no outcome; . not run
columns: backend of the device > of the client: o = openssl, w = wolfssl
)");
}

std::vector<RunRecord> all_combinations(std::initializer_list<const char*> readings) {
  std::vector<RunRecord> records;
  for (const char* reading : readings) {
    for (const char* device : {"openssl", "wolfssl"}) {
      for (const char* client : {"openssl", "wolfssl"}) {
        records.push_back(run("D14.takeover", reading, device, client));
        records.back().title = std::string(200, 'x') + hostile;
      }
    }
  }
  return records;
}

TEST(ReportMatrix, FitsOnAPage) {
  for (const std::string& text : {matrix(all_combinations({"cbc", "ctr"}), false),
                                  matrix(all_combinations({"a", "b", "c", "d", "e"}), false)}) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(report::columns(line), 100U) << line;
    }
  }
}

TEST(ReportMatrix, SendsNoControlCharactersOfItsOwnOrOthers) {
  auto records = sample();
  for (RunRecord& record : records) record = poisoned(record);
  EXPECT_THAT(matrix(records, false), Not(HasSubstr("\x1b")));
  EXPECT_THAT(matrix(sample(), true), HasSubstr("\x1b[1;37;41mB !!\x1b[0m"));
}

TEST(ReportMatrix, TellsBackendsOfLikeNamesApart) {
  const std::vector<RunRecord> records = {run("A00", "cbc", "openssl", "openssl-fips"),
                                          run("A00", "cbc", "wolfssl", "opaque")};
  EXPECT_THAT(matrix(records, false),
              HasSubstr("openssl = openssl, openssl- = openssl-fips, w = wolfssl, opa = opaque"));
}

TEST(ReportMatrix, NothingIsSaidToBeNothing) {
  EXPECT_EQ(matrix({}, false), "No runs: nothing was tested.\n");
}

}  // namespace
}  // namespace wib::attacks
