// SPDX-License-Identifier: Apache-2.0
//
// What the live parties stand on: files as people have them, addresses as people type them, a store
// that replaces records whole; the limits that a device sets its peers; what can be said of a real
// device and a real client. (ci/live-test runs the processes themselves.)
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "attacks/live/address.h"
#include "attacks/live/device_host.h"
#include "attacks/live/files.h"
#include "attacks/live/real_parties.h"
#include "attacks/live/setup_client.h"
#include "attacks/live/stream.h"
#include "attacks/live/tls_speaker.h"
#include "attacks/world/identities.h"
#include "backends/registry.h"

namespace {

// The disk of these tests: which files were synced, and whether a directory's sync fails.
std::vector<ino_t> synced;
bool directory_sync_fails = false;

}  // namespace

// In the place of the system's.
extern "C" int fsync(int descriptor) {
  struct stat status{};
  if (::fstat(descriptor, &status) == 0) synced.push_back(status.st_ino);
  if (directory_sync_fails && S_ISDIR(status.st_mode)) {
    errno = EIO;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

namespace wib::props {
namespace {

using namespace std::chrono_literals;

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

ino_t inode(const std::filesystem::path& path) {
  struct stat status{};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_ino;
}

TEST_F(Store, AFailedSyncOfTheDirectoryBringsTheOldContentsBack) {
  auto store = DirectoryStore::open(path());
  directory_sync_fails = true;
  EXPECT_FALSE(store->put(Record::identity, Bytes{1}));
  directory_sync_fails = false;
  Bytes none(10);
  EXPECT_FALSE(*store->get(Record::identity, none)) << "there was no record before";

  ASSERT_TRUE(store->put(Record::identity, Bytes{1}));
  directory_sync_fails = true;
  const auto put = store->put(Record::identity, Bytes{2});
  directory_sync_fails = false;
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, Errc::storage);
  EXPECT_EQ(get(*store), Bytes{1});
  ASSERT_TRUE(store->put(Record::identity, Bytes{3}));
  EXPECT_EQ(get(*store), Bytes{3});
  EXPECT_FALSE(std::filesystem::exists(path() / "identity.old"));
}

TEST_F(Store, ADirectoryThatCannotBeSyncedIsFoundOutBeforeTheNewContentsAreThere) {
  // Root may read everything.
  const uid_t self = ::geteuid();
  constexpr uid_t nobody = 65534;
  const bool root = self == 0;
  ASSERT_TRUE(!root || (::chown(path().c_str(), nobody, nobody) == 0 && ::seteuid(nobody) == 0));
  auto store = DirectoryStore::open(path());
  EXPECT_TRUE(store->put(Record::identity, Bytes{1}));
  ::chmod(path().c_str(), 0300);  // files can be made and found, but the directory not opened
  EXPECT_FALSE(store->put(Record::identity, Bytes{2}));
  EXPECT_EQ(get(*store), Bytes{1});
  ::chmod(path().c_str(), 0700);
  ASSERT_TRUE(!root || ::seteuid(self) == 0);
}

TEST_F(Store, ANewDirectoryIsDurable) {
  synced.clear();
  ASSERT_TRUE(DirectoryStore::open(path() / "new/"));
  EXPECT_NE(std::ranges::find(synced, inode(path())), synced.end());
  directory_sync_fails = true;
  EXPECT_FALSE(DirectoryStore::open(path() / "other"));
  EXPECT_TRUE(DirectoryStore::open(path() / "new")) << "it is there already";
  directory_sync_fails = false;
  EXPECT_FALSE(std::filesystem::exists(path() / "other"));
}

TEST_F(Store, WhatAPowerCutLeftIsRemoved) {
  file("identity", "record");
  file("identity.old", "an old key");
  file("identity.new", "half a new");
  ASSERT_TRUE(DirectoryStore::open(path()));
  EXPECT_TRUE(std::filesystem::exists(path() / "identity"));
  EXPECT_FALSE(std::filesystem::exists(path() / "identity.old"));
  EXPECT_FALSE(std::filesystem::exists(path() / "identity.new"));
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

TEST_F(Files, AreReadUpToALimit) {
  const std::string text(200000, 'x');
  EXPECT_EQ(*read_file(file("whole", text), text.size()), text);
  const auto larger = read_file(file("larger", text + "x"), text.size());
  ASSERT_FALSE(larger);
  EXPECT_NE(larger.error().message.find("is larger than"), std::string::npos);
  EXPECT_FALSE(read_file("/dev/zero", 1U << 20U)) << "has no end";
  EXPECT_FALSE(read_pem_or_der("/dev/zero", PemKind::private_key));
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
  EXPECT_TRUE(refused.error().refused);
  const auto nowhere = Stream::connect({"224.0.0.1", 80}, 1s);
  ASSERT_FALSE(nowhere);
  EXPECT_FALSE(nowhere.error().refused) << nowhere.error().message;
}

// --- Real parties -------------------------------------------------------------------------------

// An address at which nobody listens.
Address closed_address() { return StreamListener::open({"127.0.0.1", 0})->address(); }

TEST(RealDevice, APersonIsAskedToPressAndTheWindowIsWaitedFor) {
  const Address address = closed_address();
  int asked = 0;
  std::optional<StreamListener> window;
  const auto device = make_real_device(address, 5s, [&] {
    ++asked;
    window.emplace(std::move(*StreamListener::open(address)));
  });
  EXPECT_TRUE(device->press());
  EXPECT_EQ(asked, 1);
  EXPECT_TRUE(device->press()) << "the window is open";
  EXPECT_EQ(asked, 1);
}

TEST(RealDevice, SaysWhatItCannotDo) {
  int asked = 0;
  const auto device = make_real_device(closed_address(), 500ms, [&] { ++asked; });
  const auto press = device->press();
  ASSERT_FALSE(press) << "nobody has pressed it";
  EXPECT_EQ(press.error().code, Errc::unexpected);
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(device->restart().error().code, Errc::unexpected);
  EXPECT_EQ(device->wait(501ms).error().code, Errc::unexpected);
  const auto before = std::chrono::steady_clock::now();
  EXPECT_TRUE(device->wait(50ms));
  EXPECT_GE(std::chrono::steady_clock::now() - before, 50ms);
}

TEST(RealDevice, OnlyARefusedConnectionIsRefused) {
  const auto refuses = make_real_device(closed_address(), 1s, [] {});
  EXPECT_EQ(refuses->exchange(as_bytes("x")).error().code, Errc::refused);
  const auto unreachable = make_real_device({"224.0.0.1", 80}, 1s, [] {});
  EXPECT_EQ(unreachable->exchange(as_bytes("x")).error().code, Errc::unexpected);
  EXPECT_EQ(unreachable->press().error().code, Errc::unexpected);
}

std::string post(const std::string& target, const std::string& body = {}) {
  return "POST " + target +
         " HTTP/1.1\r\nHost: d\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

// What a client claims that sends `request` and is answered with `response`, and then is silent.
ClaimKind claim_after(std::string_view request, std::string_view response) {
  const auto listener =
      std::make_shared<StreamListener>(std::move(*StreamListener::open({"127.0.0.1", 0})));
  const auto party = make_real_client(listener, {}, 300ms);
  auto client = Stream::connect(listener->address(), 5s);
  EXPECT_TRUE(client->write(as_bytes(request), 5s));
  const auto started = party->start();
  EXPECT_TRUE(started);
  const auto last = party->exchange(as_bytes(response));
  return last ? last->claim.kind : ClaimKind::none;
}

TEST(RealClient, HasCompletedWhenItsKeyWasAnsweredWith204) {
  const std::string key = post("/setup/key.wib");
  EXPECT_EQ(claim_after(key, "HTTP/1.1 204 No Content\r\n\r\n"), ClaimKind::completed);
  EXPECT_NE(claim_after(key, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), ClaimKind::completed);
  EXPECT_NE(claim_after(key, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
            ClaimKind::completed);
  EXPECT_NE(
      claim_after(post("/setup/auth.wib", "/setup/key.wib"), "HTTP/1.1 204 No Content\r\n\r\n"),
      ClaimKind::completed);
}

// --- TLS ----------------------------------------------------------------------------------------

struct Flight {
  Bytes bytes;
  void add(TlsSession& from) {
    std::array<Byte, 1000> buffer;
    while (const std::size_t size = from.drain(buffer)) {
      bytes.insert(bytes.end(), buffer.begin(), buffer.begin() + static_cast<long>(size));
    }
  }
};

// The client's handshake with `speaker` up to where the client may talk; what it would send next
// stays in `client`.
void shake_hands(TlsSession& client, TlsSpeaker& speaker) {
  for (int i = 0; i < 10; ++i) {
    const auto progress = client.step();
    ASSERT_TRUE(progress) << client.last_error();
    if (*progress == TlsSession::Progress::established) return;
    Flight flight;
    flight.add(client);
    const auto answer = speaker.receive(flight.bytes);
    ASSERT_FALSE(answer.close);
    client.feed(answer.bytes);
  }
  FAIL() << "no handshake";
}

class TlsPage : public testing::TestWithParam<std::tuple<Backend*, TlsVersion>> {
 protected:
  TlsPage() {
    const auto [backend, version] = GetParam();
    const Identity& owner = identity("owner");
    client_ = std::move(*backend->tls().client(owner.issuer, "localhost", {version, version}));
    speaker_ = std::make_unique<TlsSpeaker>(
        std::move(*backend->tls().server(owner.certificate, owner.private_key, {})), "the page");
  }

  // The client's next flight: `text`, and its close if it is to be there.
  Speaker::Answer say(std::string_view text, bool close) {
    EXPECT_TRUE(client_->write(as_bytes(text)));
    if (close) client_->close();
    Flight flight;
    flight.add(*client_);
    return speaker_->receive(flight.bytes);
  }

  std::string heard(const Speaker::Answer& answer) {
    client_->feed(answer.bytes);
    std::array<Byte, 2000> buffer;
    const auto size = client_->read(buffer);
    return size ? std::string(as_text(ByteView(buffer).first(*size))) : "nothing";
  }

  std::unique_ptr<TlsSession> client_;
  std::unique_ptr<TlsSpeaker> speaker_;
};

TEST_P(TlsPage, IsServedThoughThePeerClosesBehindItsRequest) {
  shake_hands(*client_, *speaker_);
  const auto answer = say("GET / HTTP/1.1\r\nHost: d\r\n\r\n", true);
  EXPECT_TRUE(answer.close);
  EXPECT_NE(heard(answer).find("the page"), std::string::npos);
}

TEST_P(TlsPage, IsServedThoughTheRequestComesInPieces) {
  shake_hands(*client_, *speaker_);
  const auto first = say("GET / HTTP/1.1\r\nHo", false);
  EXPECT_FALSE(first.close);
  EXPECT_TRUE(first.pending);
  const auto answer = say("st: d\r\n\r\n", true);
  EXPECT_TRUE(answer.close);
  client_->feed(first.bytes);
  EXPECT_NE(heard(answer).find("the page"), std::string::npos);
}

TEST_P(TlsPage, IsNotWaitedForBehindAClose) {
  shake_hands(*client_, *speaker_);
  EXPECT_TRUE(say("GET / HTTP/1.1\r\nHo", true).close);
}

std::string page_name(const testing::TestParamInfo<TlsPage::ParamType>& info) {
  const auto& [backend, version] = info.param;
  return std::string(backend->name()) + (version == TlsVersion::tls1_2 ? "_1_2" : "_1_3");
}

// Every backend in every version that its manifest has.
std::vector<TlsPage::ParamType> pages() {
  std::vector<TlsPage::ParamType> all;
  for (Backend* backend : backends()) {
    const Manifest manifest = backend->manifest();
    const bool borrowed = !manifest.tls_from.empty();
    const auto has = borrowed ? find_backend(manifest.tls_from)->manifest().has : manifest.has;
    if (has.has(Capability::tls1_2)) all.emplace_back(backend, TlsVersion::tls1_2);
    if (has.has(Capability::tls1_3)) all.emplace_back(backend, TlsVersion::tls1_3);
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(EachBackend, TlsPage, testing::ValuesIn(pages()), page_name);

// --- A device's limits --------------------------------------------------------------------------

class ShortWindow final : public SessionPolicy {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "short"; }
  [[nodiscard]] bool strict() const noexcept override { return false; }
  [[nodiscard]] std::size_t max_sessions() const noexcept override { return 1; }
  [[nodiscard]] Instant window() const noexcept override { return 500ms; }
  [[nodiscard]] Instant lifetime() const noexcept override { return 500ms; }
};

// A device in a process of its own, for as long as the test.
class RunningDevice : public Folder {
 protected:
  ~RunningDevice() override {
    if (process_ <= 0) return;
    int status = 0;
    ::kill(process_, SIGTERM);
    ::waitpid(process_, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }

  void start(const ConnectionLimits& limits, const Suite& suite = suites().front()) {
    process_ = ::fork();
    ASSERT_GE(process_, 0);
    if (process_ != 0) return;
    std::ofstream out(path() / "log");
    const auto ran = run_device({.listen = {"127.0.0.1", 0},
                                 .tls_listen = {"127.0.0.1", 0},
                                 .store = path() / "store",
                                 .serial = "S",
                                 .suite = &suite,
                                 .backend = backends().front(),
                                 .press = true,
                                 .limits = limits},
                                out);
    ::_exit(ran ? 0 : 1);
  }

  // Waits until the device has said that `what` is open `times` times; where.
  Address opened(const std::string& what, int times = 1) {
    for (int i = 0; i < 500; ++i) {
      std::ifstream log(path() / "log");
      std::string line;
      int seen = 0;
      while (std::getline(log, line)) {
        const auto at = line.find(": " + what + " ");
        if (at == std::string::npos || !line.ends_with(" open")) continue;
        const auto start = at + what.size() + 3;
        if (++seen == times) return *parse_address(line.substr(start, line.size() - start - 5));
      }
      std::this_thread::sleep_for(10ms);
    }
    ADD_FAILURE() << "not open: " << what;
    return {};
  }

  void press() const { ::kill(process_, SIGUSR1); }

  // Gives it a pair, over HTTP.
  void set_up() {
    const Identity& owner = identity("owner");
    std::ostringstream out;
    const auto run = run_setup({.url = "http://" + opened("http").text(),
                                .serial = "S",
                                .certificate = file("cert.der", as_text(owner.certificate)),
                                .private_key = file("key.der", as_text(owner.private_key)),
                                .suite = &suites().front(),
                                .backend = backends().front()},
                               out);
    ASSERT_TRUE(run && *run == SetupOutcome::completed) << out.str();
  }

 private:
  pid_t process_ = 0;
};

constexpr std::string_view request = "GET /setup/dh.wib HTTP/1.1\r\nHost: d\r\n\r\n";

Stream connect(const Address& address) { return std::move(*Stream::connect(address, 5s)); }

// The peer closes, and says nothing before, within the time.
bool closes(Stream& stream, Timeout within = 5s) {
  Bytes in(100);
  const auto got = stream.read(in, within);
  return got ? *got == 0 : got.error().message.find("in time") == std::string::npos;
}

bool answers(Stream& stream) {
  Bytes in(4096);
  if (!stream.write(as_bytes(request), 5s)) return false;
  const auto got = stream.read(in, 5s);
  return got && *got > 0;
}

TEST_F(RunningDevice, ClosesAConnectionOnWhichNothingIsAsked) {
  start({.idle = 300ms, .request = 1min});
  auto peer = connect(opened("http"));
  EXPECT_TRUE(answers(peer));
  EXPECT_TRUE(closes(peer));
}

TEST_F(RunningDevice, GivesARequestItsTimeAndNoMoreForEachByte) {
  start({.idle = 1min, .request = 600ms});
  auto peer = connect(opened("http"));
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(peer.write(as_bytes("GET /setup/dh.wib HTTP/1.1\r\nA: b"), 5s));
  int drops = 0;
  while (drops < 100 && peer.write(as_bytes("b"), 5s)) {
    ++drops;
    std::this_thread::sleep_for(50ms);
  }
  const auto time = std::chrono::steady_clock::now() - begin;
  EXPECT_GE(time, 500ms);
  EXPECT_LT(time, 3s);
}

TEST_F(RunningDevice, MakesRoomByClosingTheConnectionThatWasIdleLongest) {
  start({.connections = 2, .idle = 1min, .request = 1min});
  auto first = connect(opened("http"));
  auto second = connect(opened("http"));
  EXPECT_TRUE(answers(second));
  EXPECT_TRUE(answers(first));  // now the second has rested longer
  auto third = connect(opened("http"));
  EXPECT_TRUE(answers(third));
  EXPECT_TRUE(closes(second));
  EXPECT_TRUE(answers(first));
  // Requests that have begun are not given up for a newcomer.
  ASSERT_TRUE(first.write(as_bytes("G"), 5s));
  ASSERT_TRUE(third.write(as_bytes("G"), 5s));
  std::this_thread::sleep_for(100ms);
  auto fourth = connect(opened("http"));
  EXPECT_TRUE(closes(fourth));
}

TEST_F(RunningDevice, PlainConnectionsAndTlsHandshakesDoNotTakeEachOthersPlace) {
  start({.connections = 1, .idle = 1min, .request = 800ms});
  set_up();
  press();
  auto plain = connect(opened("http", 2));
  EXPECT_TRUE(answers(plain));
  ASSERT_TRUE(plain.write(as_bytes("G"), 5s));
  const auto begin = std::chrono::steady_clock::now();
  auto handshake = connect(opened("tls"));
  ASSERT_TRUE(handshake.write(Bytes{0x16}, 5s));
  std::this_thread::sleep_for(100ms);
  auto refused = connect(opened("tls"));
  EXPECT_TRUE(closes(refused, 500ms)) << "the place for TLS is taken";
  ASSERT_TRUE(plain.write(as_bytes(request.substr(1)), 5s));
  Bytes in(4096);
  const auto got = plain.read(in, 5s);
  EXPECT_TRUE(got && *got > 0) << "and the plain connection is still there";
  EXPECT_TRUE(closes(handshake)) << "a handshake has a time as well";
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 700ms) << "and it had it";
}

TEST_F(RunningDevice, ClosesPlainConnectionsWithTheWindow) {
  const Suite& base = suites().front();
  const ShortWindow window;
  start({.idle = 1min, .request = 1min},
        {base.key_exchange, base.freshness, base.key_schedule, base.protection, base.group_policy,
         window, base.attempt_limit, base.entropy_gate});
  auto idle = connect(opened("http"));
  auto begun = connect(opened("http"));
  EXPECT_TRUE(answers(idle));
  ASSERT_TRUE(begun.write(as_bytes("G"), 5s));
  EXPECT_TRUE(closes(idle));
  EXPECT_TRUE(closes(begun));
  const auto late = Stream::connect(opened("http"), 5s);
  ASSERT_FALSE(late);
  EXPECT_TRUE(late.error().refused);
}

}  // namespace
}  // namespace wib::props
