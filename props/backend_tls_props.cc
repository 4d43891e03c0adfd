// SPDX-License-Identifier: Apache-2.0
//
// Covers: TLS between every two backends, in every version that both have: data arrives, and a
// client talks to nobody but the server that it trusts.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <memory>

#include "attacks/world/identities.h"
#include "props/backend_support.h"
#include "protocol/der.h"

namespace wib::props {
namespace {

using attacks::Identity;
using attacks::identity;
using Progress = TlsSession::Progress;

constexpr std::array versions = {TlsVersion::tls1_2, TlsVersion::tls1_3};
constexpr std::string_view host = "device.local";

TlsVersions only(TlsVersion version) { return {version, version}; }

// True if the backend's Tls, its own or a borrowed one, has the version.
bool speaks(const Backend& backend, TlsVersion version) {
  const Manifest manifest = backend.manifest();
  const Backend* const owner =
      manifest.tls_from.empty() ? &backend : find_backend(manifest.tls_from);
  return owner != nullptr &&
         owner->manifest().has.has(version == TlsVersion::tls1_3 ? Capability::tls1_3
                                                                 : Capability::tls1_2);
}

// The backends that have TLS of some kind.
std::vector<Backend*> speakers() {
  std::vector<Backend*> all;
  for (Backend* const backend : backends()) {
    if (speaks(*backend, TlsVersion::tls1_2) || speaks(*backend, TlsVersion::tls1_3)) {
      all.push_back(backend);
    }
  }
  return all;
}

// Moves all that `from` has to send; returns how much that was.
std::size_t deliver(TlsSession& from, TlsSession& to) {
  std::array<Byte, 1000> buffer;
  std::size_t total = 0;
  while (const std::size_t size = from.drain(buffer)) {
    to.feed(ByteView(buffer).first(size));
    total += size;
  }
  return total;
}

Bytes read_all(TlsSession& session) {
  Bytes bytes;
  std::array<Byte, 3000> buffer;
  for (;;) {
    const auto size = session.read(buffer);
    EXPECT_TRUE(size.has_value()) << session.last_error();
    if (!size || *size == 0) return bytes;
    bytes = std::move(bytes) + ByteView(buffer).first(*size);
  }
}

struct Connection {
  std::unique_ptr<TlsSession> server;
  std::unique_ptr<TlsSession> client;
  Result<Progress> at_server = Progress::want_input;
  Result<Progress> at_client = Progress::want_input;

  // Lets both sides talk until they have nothing more to say.
  void run() {
    std::size_t moved = 1;
    while (moved != 0) {
      at_client = client->step();
      moved = deliver(*client, *server);
      at_server = server->step();
      moved += deliver(*server, *client);
    }
  }

  [[nodiscard]] bool established() const {
    return at_server == Progress::established && at_client == Progress::established;
  }
};

struct Setting {
  Backend* server;
  Backend* client;
  TlsVersion version;
};

std::vector<Setting> settings() {
  std::vector<Setting> all;
  for (Backend* const server : backends()) {
    for (Backend* const client : backends()) {
      for (const TlsVersion version : versions) {
        if (speaks(*server, version) && speaks(*client, version)) {
          all.push_back({server, client, version});
        }
      }
    }
  }
  return all;
}

std::string name_of(const Setting& setting) {
  return std::string(setting.server->name()) + "_serves_" + std::string(setting.client->name()) +
         (setting.version == TlsVersion::tls1_3 ? "_tls13" : "_tls12");
}

void PrintTo(const Setting& setting, std::ostream* stream) { *stream << name_of(setting); }

std::string setting_name(const testing::TestParamInfo<Setting>& info) {
  return name_of(info.param);
}

class Pairing : public testing::TestWithParam<Setting> {
 protected:
  static Connection connect(const Identity& served, ByteView trusted, std::string_view expected,
                            TlsVersions server_versions = only(GetParam().version),
                            TlsVersions client_versions = {}) {
    auto server =
        GetParam().server->tls().server(served.certificate, served.private_key, server_versions);
    auto client = GetParam().client->tls().client(trusted, expected, client_versions);
    EXPECT_TRUE(server.has_value() && client.has_value());
    Connection connection{std::move(server.value()), std::move(client.value())};
    connection.run();
    return connection;
  }

  // The client must have refused, and the server must know that nothing came of it.
  static void expect_refused(const Connection& connection, std::string_view what) {
    EXPECT_EQ(code_of(connection.at_client), Errc::refused) << what;
    EXPECT_FALSE(connection.client->last_error().empty()) << what;
    // In TLS 1.3 OpenSSL's client sends this alert unprotected, which wolfSSL's server does not
    // take for an alert.
    EXPECT_TRUE(code_of(connection.at_server) == Errc::refused ||
                code_of(connection.at_server) == Errc::malformed)
        << what;
    std::array<Byte, 10> buffer;
    EXPECT_FALSE(connection.client->read(buffer).has_value()) << what;
    EXPECT_FALSE(connection.client->write(as_bytes("secret")).has_value()) << what;
  }
};

INSTANTIATE_TEST_SUITE_P(Tls, Pairing, testing::ValuesIn(settings()), setting_name);

TEST_P(Pairing, EstablishesTheAskedVersionAndCarriesData) {
  for (const std::string_view name :
       {"owner", "owner-rsa", "owner-p384", "owner-p521", "owner-plain", "stranger"}) {
    const Identity& served = identity(name);
    Connection connection = connect(served, served.issuer, host);
    ASSERT_TRUE(connection.established())
        << name << ": " << connection.client->last_error() << connection.server->last_error();
    EXPECT_EQ(connection.server->version(), GetParam().version);
    EXPECT_EQ(connection.client->version(), GetParam().version);

    Bytes request(100'000);
    for (std::size_t i = 0; i < request.size(); ++i) request[i] = static_cast<Byte>(i * 7);
    ASSERT_TRUE(connection.client->write(request));
    deliver(*connection.client, *connection.server);
    EXPECT_EQ(read_all(*connection.server), request);
    ASSERT_TRUE(connection.server->write(as_bytes("answer")));
    ASSERT_TRUE(connection.server->write({}));
    deliver(*connection.server, *connection.client);
    EXPECT_EQ(read_all(*connection.client), copy(as_bytes("answer")));
  }
}

TEST_P(Pairing, SaysWhenThePeerHasClosedAndNotBeforeTheDataIsRead) {
  const Identity& owner = identity("owner");
  Connection connection = connect(owner, owner.issuer, host);
  ASSERT_TRUE(connection.client->write(as_bytes("last words")));
  connection.client->close();
  deliver(*connection.client, *connection.server);
  EXPECT_EQ(connection.server->step(), Progress::established);
  EXPECT_EQ(read_all(*connection.server), copy(as_bytes("last words")));
  EXPECT_EQ(connection.server->step(), Progress::closed);
  connection.server->close();
  deliver(*connection.server, *connection.client);
  EXPECT_EQ(connection.client->step(), Progress::closed);
}

TEST_P(Pairing, TheClientsVersionsCountToo) {
  const Identity& owner = identity("owner");
  const TlsVersion version = GetParam().version;
  Connection connection = connect(owner, owner.issuer, host, {}, only(version));
  ASSERT_TRUE(connection.established());
  EXPECT_EQ(connection.server->version(), version);

  for (const TlsVersion other : versions) {
    if (other == version || !speaks(*GetParam().client, other)) continue;
    Connection failed = connect(owner, owner.issuer, host, only(version), only(other));
    EXPECT_FALSE(failed.at_server.has_value());
    EXPECT_FALSE(failed.at_client.has_value());
  }
}

TEST_P(Pairing, TrustsTheServersOwnCertificate) {
  for (const std::string_view name : {"self-signed", "owner", "owner-rsa"}) {
    const Identity& served = identity(name);
    EXPECT_TRUE(connect(served, served.certificate, host).established()) << name;
    expect_refused(connect(served, served.certificate, "evil.local"), name);
    expect_refused(connect(served, identity("thief").certificate, host), name);
  }
  expect_refused(connect(identity("expired"), identity("expired").certificate, host), "expired");
  expect_refused(connect(identity("client-only"), identity("client-only").certificate, host),
                 "client-only");
}

TEST_P(Pairing, ALeafThatIsTrustedVouchesForNoOther) {
  expect_refused(connect(identity("impostor"), identity("owner").certificate, host), "impostor");
  expect_refused(connect(identity("owner"), identity("stranger").issuer, host), "other issuer");
  expect_refused(connect(identity("owner"), identity("stranger").certificate, host), "other leaf");
  expect_refused(connect(identity("impostor"), identity("owner").issuer, host), "no chain");
  expect_refused(connect(identity("self-signed"), identity("owner").issuer, host), "self-signed");
}

TEST_P(Pairing, RefusesCertificatesThatAreNoGood) {
  for (const std::string_view name : {"expired", "client-only"}) {
    expect_refused(connect(identity(name), identity(name).issuer, host), name);
  }
}

TEST_P(Pairing, TheHostMustBeNamed) {
  const Identity& owner = identity("owner");
  for (const std::string_view good : {"device.local", "localhost", "LocalHost", "127.0.0.1", ""}) {
    EXPECT_TRUE(connect(owner, owner.issuer, good).established()) << good;
  }
  for (const std::string_view bad :
       {"local", "evil.local", "device.local.evil", "xdevice.local", "127.0.0.2", "::1"}) {
    expect_refused(connect(owner, owner.issuer, bad), bad);
  }
}

TEST_P(Pairing, OnlyNamesOfHostsCount) {
  const Identity& odd = identity("odd-names");
  for (const std::string_view good : {"a.wild.example", "A.Wild.Example"}) {
    EXPECT_TRUE(connect(odd, odd.issuer, good).established()) << good;
  }
  // A DNS name that looks like an address, the common name, an URI, an e-mail address, and what the
  // wildcards do not reach.
  for (const std::string_view bad :
       {"127.0.0.2", "common.example", "uri.example", "email.example", "wild.example",
        "a.b.wild.example", "a.top", "wa.part.example", "device.local"}) {
    expect_refused(connect(odd, odd.issuer, bad), bad);
  }
  const Identity& none = identity("no-names");
  EXPECT_TRUE(connect(none, none.issuer, "").established());
  expect_refused(connect(none, none.issuer, "common.example"), "the common name alone");
}

TEST_P(Pairing, ADamagedRecordIsNotRead) {
  const Identity& owner = identity("owner");
  Connection connection = connect(owner, owner.issuer, host);
  ASSERT_TRUE(connection.client->write(as_bytes("pay 10 coins")));
  std::array<Byte, 1000> record;
  const std::size_t size = connection.client->drain(record);
  record[size - 5] ^= 1U;
  connection.server->feed(ByteView(record).first(size));
  EXPECT_EQ(code_of(connection.server->step()), Errc::malformed);
  EXPECT_EQ(code_of(connection.server->step()), Errc::malformed);  // and so for good
  std::array<Byte, 100> buffer;
  EXPECT_FALSE(connection.server->read(buffer).has_value());
}

// --- One backend at a time -----------------------------------------------------------------------

class Session : public EachBackend {
 protected:
  Tls& tls() { return GetParam()->tls(); }
};

INSTANTIATE_TEST_SUITE_P(Backends, Session, testing::ValuesIn(speakers()), backend_name);

TEST_P(Session, AServerNeedsAPairThatWorks) {
  const Identity& owner = identity("owner");
  const Identity& rsa = identity("owner-rsa");
  const auto code = [&](ByteView certificate, ByteView key) {
    return code_of(tls().server(certificate, key, {}));
  };
  EXPECT_EQ(code(owner.certificate, owner.private_key), Errc::none);
  EXPECT_EQ(code(owner.certificate, identity("thief").private_key), Errc::bad_key);
  EXPECT_EQ(code(owner.certificate, rsa.private_key), Errc::bad_key);
  EXPECT_EQ(code(rsa.certificate, owner.private_key), Errc::bad_key);
  EXPECT_EQ(code(owner.certificate, {}), Errc::bad_key);
  EXPECT_EQ(code(owner.certificate, copy(owner.private_key) + Bytes{0}), Errc::bad_key);
  EXPECT_EQ(code({}, owner.private_key), Errc::bad_certificate);
  EXPECT_EQ(code(copy(owner.certificate) + Bytes{0}, owner.private_key), Errc::bad_certificate);
  const Identity& weak = identity("rsa-1024");
  EXPECT_EQ(code(weak.certificate, weak.private_key), Errc::bad_certificate);
}

TEST_P(Session, AClientNeedsACertificateToTrust) {
  const Identity& owner = identity("owner");
  EXPECT_EQ(code_of(tls().client(owner.issuer, host, {})), Errc::none);
  EXPECT_EQ(code_of(tls().client({}, host, {})), Errc::bad_certificate);
  EXPECT_EQ(code_of(tls().client(owner.private_key, host, {})), Errc::bad_certificate);
  EXPECT_EQ(code_of(tls().client(copy(owner.issuer) + Bytes{0}, host, {})), Errc::bad_certificate);
  EXPECT_EQ(code_of(tls().client(owner.issuer, ".local", {})), Errc::out_of_range);
  EXPECT_EQ(code_of(tls().client(owner.issuer, {"device.local\0x", 14}, {})), Errc::out_of_range);
}

TEST_P(Session, NoVersionIsNotAVersion) {
  const Identity& owner = identity("owner");
  const TlsVersions none = {TlsVersion::tls1_3, TlsVersion::tls1_2};
  EXPECT_EQ(code_of(tls().server(owner.certificate, owner.private_key, none)), Errc::crypto);
  EXPECT_EQ(code_of(tls().client(owner.issuer, host, none)), Errc::crypto);
}

TEST_P(Session, AVersionThatIsNotThereIsUnsupported) {
  const Identity& owner = identity("owner");
  for (const TlsVersion version : versions) {
    const Errc expected = speaks(*GetParam(), version) ? Errc::none : Errc::unsupported;
    EXPECT_EQ(code_of(tls().server(owner.certificate, owner.private_key, only(version))), expected);
    EXPECT_EQ(code_of(tls().client(owner.issuer, host, only(version))), expected);
  }
}

TEST_P(Session, WaitsInSilenceUntilTheHandshakeIsDone) {
  const Identity& owner = identity("owner");
  const auto server = tls().server(owner.certificate, owner.private_key, {}).value();
  const auto client = tls().client(owner.issuer, host, {}).value();
  std::array<Byte, 2000> buffer;
  EXPECT_EQ(client->drain(buffer), 0U);
  EXPECT_EQ(server->step(), Progress::want_input);
  EXPECT_EQ(server->drain(buffer), 0U);
  EXPECT_EQ(client->step(), Progress::want_input);
  EXPECT_GT(client->drain({}) + client->drain(buffer), 0U);  // its hello
  EXPECT_EQ(client->step(), Progress::want_input);
  EXPECT_EQ(code_of(client->read(buffer)), Errc::unexpected);
  EXPECT_EQ(code_of(client->write(as_bytes("early"))), Errc::unexpected);
  EXPECT_TRUE(client->last_error().empty());
  client->close();
  server->close();
}

TEST_P(Session, EveryServerTakesTheHelloOctetByOctet) {
  const Identity& owner = identity("owner");
  for (Backend* const other : speakers()) {
    Connection connection{other->tls().server(owner.certificate, owner.private_key, {}).value(),
                          tls().client(owner.issuer, host, {}).value()};
    ASSERT_EQ(connection.client->step(), Progress::want_input);
    Byte octet = 0;
    std::size_t count = 0;
    while (connection.client->drain({&octet, 1}) == 1) {
      connection.server->feed({&octet, 1});
      ASSERT_EQ(connection.server->step(), Progress::want_input) << ++count;
    }
    deliver(*connection.server, *connection.client);
    connection.run();
    EXPECT_TRUE(connection.established()) << other->name();
  }
}

RC_GTEST_PROP(AllBackends, NoiseIsNoHandshake, ()) {
  const Identity& owner = identity("owner");
  const Bytes noise = *rc::gen::suchThat(rc::gen::arbitrary<Bytes>(),
                                         [](const Bytes& bytes) { return bytes.size() > 20; });
  for (Backend* const backend : speakers()) {
    const auto server = backend->tls().server(owner.certificate, owner.private_key, {}).value();
    const auto client = backend->tls().client(owner.issuer, host, {}).value();
    for (TlsSession* const session : {server.get(), client.get()}) {
      session->feed(noise);
      const auto progress = session->step();
      // Noise may be the beginning of a long record.
      RC_ASSERT((progress == Progress::want_input || code_of(progress) == Errc::malformed ||
                 code_of(progress) == Errc::refused));
    }
  }
}

}  // namespace
}  // namespace wib::props
