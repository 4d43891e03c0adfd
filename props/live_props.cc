// SPDX-License-Identifier: Apache-2.0
//
// What the live parties stand on: files as people have them, addresses as people type them, a store
// that replaces records whole. (ci/live-test runs the processes themselves.)
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "attacks/live/address.h"
#include "attacks/live/files.h"
#include "attacks/live/stream.h"

namespace wib::props {
namespace {

using namespace attacks;  // NOLINT: the whole test is about it
using Bytes = std::vector<Byte>;

class Folder : public testing::Test {
 protected:
  Folder() {
    std::string name = testing::TempDir() + "wib-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  ~Folder() override { std::filesystem::remove_all(path_); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  std::filesystem::path file(std::string_view name, std::string_view text) {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

using Store = Folder;
using Files = Folder;

Bytes get(DirectoryStore& store) {
  Bytes bytes(100);
  const auto size = store.get(Record::identity, bytes);
  EXPECT_TRUE(size && *size);
  bytes.resize(size && *size ? **size : 0);
  return bytes;
}

TEST_F(Store, ReplacesARecordWholeAndForItsOwnerAlone) {
  ::umask(0);
  auto store = DirectoryStore::open(path() / "store");
  ASSERT_TRUE(store);
  Bytes none(10);
  EXPECT_FALSE(*store->get(Record::identity, none));
  const Bytes first = {1, 2, 3};
  const Bytes second = {4, 5};
  ASSERT_TRUE(store->put(Record::identity, first));
  EXPECT_EQ(get(*store), first);
  ASSERT_TRUE(store->put(Record::identity, second));
  EXPECT_EQ(get(*store), second);

  struct stat status{};
  ASSERT_EQ(::stat((path() / "store" / "identity").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  ASSERT_EQ(::stat((path() / "store").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700U);
  EXPECT_FALSE(std::filesystem::exists(path() / "store" / "identity.new"));

  // Another process sees it.
  auto again = DirectoryStore::open(path() / "store");
  EXPECT_EQ(get(*again), second);
}

TEST_F(Store, AFileLeftOverFromACrashIsNoRecordAndNoObstacle) {
  auto store = DirectoryStore::open(path());
  ASSERT_TRUE(store->put(Record::identity, Bytes{1}));
  // Power went while the new contents were being written.
  const auto left = file("identity.new", "half a rec");
  ::chmod(left.c_str(), 0644);
  EXPECT_EQ(get(*store), Bytes{1});
  ASSERT_TRUE(store->put(Record::identity, Bytes{2}));
  EXPECT_EQ(get(*store), Bytes{2});
  struct stat status{};
  ASSERT_EQ(::stat((path() / "identity").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(Store, AFailureKeepsTheOldContents) {
  auto store = DirectoryStore::open(path());
  ASSERT_TRUE(store->put(Record::identity, Bytes{1}));
  // The new contents cannot be written beside the old: a directory is in the way.
  std::filesystem::create_directory(path() / "identity.new");
  const auto put = store->put(Record::identity, Bytes{2});
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, Errc::storage);
  EXPECT_EQ(get(*store), Bytes{1});
}

TEST_F(Store, ARecordThatIsTooLargeIsNotCut) {
  auto store = DirectoryStore::open(path());
  ASSERT_TRUE(store->put(Record::identity, Bytes(11, 7)));
  Bytes small(10);
  const auto read = store->get(Record::identity, small);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::capacity);
}

TEST_F(Store, WhatCannotBeAStoreIsSaid) {
  const auto taken = file("file", "x");
  const auto store = DirectoryStore::open(taken);
  ASSERT_FALSE(store);
  EXPECT_NE(store.error().message.find(taken.string()), std::string::npos);
  EXPECT_FALSE(DirectoryStore::open(path() / "no" / "such"));
}

constexpr std::string_view pem =
    "text before\n-----BEGIN CERTIFICATE-----\nMAMC\r\nAQU=\n-----END CERTIFICATE-----\n";
const Bytes der = {0x30, 0x03, 0x02, 0x01, 0x05};

TEST_F(Files, PemAndDerAreTheSame) {
  EXPECT_EQ(*read_pem_or_der(file("a.pem", pem), PemKind::certificate), der);
  EXPECT_EQ(
      *read_pem_or_der(file("a.der", std::string(der.begin(), der.end())), PemKind::certificate),
      der);
}

TEST_F(Files, WhatIsWrongIsSaidWithTheFile) {
  struct Case {
    std::string_view name, text, says;
    PemKind kind;
  };
  for (const Case& each : {
           Case{"empty", "", "is empty", PemKind::certificate},
           {"junk", "hello", "no certificate", PemKind::certificate},
           {"cert-for-key", pem, "no PKCS#8 private key", PemKind::private_key},
           {"sec1", "-----BEGIN EC PRIVATE KEY-----\n", "openssl pkcs8 -topk8 -nocrypt",
            PemKind::private_key},
           {"pkcs1", "-----BEGIN RSA PRIVATE KEY-----\n", "RSA PRIVATE KEY", PemKind::private_key},
           {"encrypted", "-----BEGIN ENCRYPTED PRIVATE KEY-----\n", "ENCRYPTED",
            PemKind::private_key},
           {"no-end", "-----BEGIN CERTIFICATE-----\nMAMC\n", "END CERTIFICATE",
            PemKind::certificate},
           {"not-base64", "-----BEGIN CERTIFICATE-----\nM!MC\n-----END CERTIFICATE-----\n",
            "not base64", PemKind::certificate},
           {"cut", "-----BEGIN CERTIFICATE-----\nMAM\n-----END CERTIFICATE-----\n", "cut short",
            PemKind::certificate},
           {"slack", "-----BEGIN CERTIFICATE-----\nMAMCAQV=\n-----END CERTIFICATE-----\n", "",
            PemKind::certificate},
       }) {
    const auto where = file(each.name, each.text);
    const auto read = read_pem_or_der(where, each.kind);
    if (each.says.empty()) continue;
    ASSERT_FALSE(read) << each.name;
    EXPECT_NE(read.error().message.find(each.says), std::string::npos) << read.error().message;
    EXPECT_NE(read.error().message.find(where.string()), std::string::npos);
  }
  const auto missing = read_pem_or_der(path() / "missing", PemKind::certificate);
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("No such file"), std::string::npos);
  EXPECT_FALSE(read_pem_or_der(path(), PemKind::certificate)) << "a directory";
}

RC_GTEST_PROP(Pem, Base64SurvivesAnEncoder, (const Bytes& bytes)) {
  // An encoder of its own, from RFC 4648's table.
  static constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text = "-----BEGIN CERTIFICATE-----\n";
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto at = [&](std::size_t k) { return k < bytes.size() ? bytes[k] : Byte{0}; };
    const unsigned bits = static_cast<unsigned>(at(i) << 16U | at(i + 1) << 8U | at(i + 2));
    text += alphabet[bits >> 18U & 63U];
    text += alphabet[bits >> 12U & 63U];
    text += i + 1 < bytes.size() ? alphabet[bits >> 6U & 63U] : '=';
    text += i + 2 < bytes.size() ? alphabet[bits & 63U] : '=';
    if (i % 48 == 45) text += "\n";
  }
  text += "\n-----END CERTIFICATE-----\n";
  const auto decoded = decode_pem(text, "CERTIFICATE");
  RC_ASSERT(static_cast<bool>(decoded));
  RC_ASSERT(*decoded == bytes);
}

TEST(Addresses, AsPeopleTypeThem) {
  EXPECT_EQ(parse_address("127.0.0.1:8080")->text(), "127.0.0.1:8080");
  EXPECT_EQ(parse_address("[::1]:0")->host, "::1");
  EXPECT_EQ(parse_address("[::1]:80")->text(), "[::1]:80");
  EXPECT_EQ(parse_url("http://device.local")->port, 80);
  EXPECT_EQ(parse_url("http://[::1]")->port, 80);
  EXPECT_EQ(parse_url("http://127.0.0.1:8080/")->port, 8080);
  for (const std::string_view wrong :
       {"", "8080", "host", "host:", ":80", "host:x", "host:65536", "host:-1", "::1:80"}) {
    EXPECT_FALSE(parse_address(wrong)) << wrong;
  }
  for (const std::string_view wrong :
       {"", "host:80", "https://host", "http://", "http://host/path", "http://host:0"}) {
    EXPECT_FALSE(parse_url(wrong)) << wrong;
  }
}

TEST(Streams, SayWhatWentWrongAndNeverHang) {
  auto listener = StreamListener::open({"127.0.0.1", 0});
  ASSERT_TRUE(listener);
  EXPECT_FALSE(StreamListener::open(listener->address())) << "the port is in use";
  EXPECT_FALSE(listener->accept(std::chrono::milliseconds(20))) << "nobody comes";

  auto client = Stream::connect(listener->address(), std::chrono::seconds(5));
  ASSERT_TRUE(client);
  auto server = listener->accept(std::chrono::seconds(5));
  ASSERT_TRUE(server);
  const Bytes hello = {1, 2, 3};
  ASSERT_TRUE(client->write(hello, std::chrono::seconds(5)));
  Bytes in(10);
  EXPECT_EQ(*server->read(in, std::chrono::seconds(5)), 3U);
  EXPECT_FALSE(server->read(in, std::chrono::milliseconds(20))) << "no more comes";

  const Address address = listener->address();
  {
    const auto gone = std::move(*listener);
  }
  const auto refused = Stream::connect(address, std::chrono::seconds(5));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find(address.text()), std::string::npos);
}

}  // namespace
}  // namespace wib::props
