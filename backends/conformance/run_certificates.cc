// SPDX-License-Identifier: Apache-2.0
//
// Certificates and TLS.
#include <memory>

#include "backends/conformance/operations.h"
#include "backends/conformance/x509.h"

namespace wib::conformance {
namespace {

void run_verify(Subject& subject, const Vector& vector) {
  const Bytes certificate = certificate_around(vector.at("public_key"));
  const auto verified = subject.backend().certificates().verify(certificate, vector.at("message"),
                                                                vector.at("signature"));
  if (vector.verdict == Verdict::acceptable) return;
  if (vector.verdict == Verdict::invalid) {
    return expect("the signature is refused",
                  verified ? !*verified : verified.error().code == Errc::bad_certificate);
  }
  expect("the signature is good", value_of("verify", verified));
}

void run_inspect(Subject& subject, const Vector& vector) {
  const KeyType type = key_type_of(as_text(vector.at("type")));
  const Bytes certificate = certificate_around(vector.at("public_key"));
  const auto info = subject.backend().certificates().inspect(certificate);
  const bool good = info && info->key_type == type;
  if (vector.verdict == Verdict::acceptable) return;
  if (vector.verdict == Verdict::invalid) {
    if (!info) expect("the error is bad_certificate", info.error().code == Errc::bad_certificate);
    return expect("it is no key of that type", !good);
  }
  value_of("inspect", info);
  expect("the key's type is seen", good);
  // An Ed25519 key can be looked at and nothing more.
  if (type == KeyType::ed25519) subject.note(Capability::certificates_ed25519);
}

void run_key_pair(Subject& subject, const Vector& vector) {
  Certificates& certificates = subject.backend().certificates();
  const Bytes& private_key = vector.at("private_key");
  const Bytes certificate =
      value_of("sign", self_signed(certificates, vector.at("public_key"), private_key));
  const CertificateInfo info = value_of("inspect", certificates.inspect(certificate));
  expect("the key's type is seen", info.key_type == key_type_of(as_text(vector.at("type"))));
  value_of("check_pair", certificates.check_pair(certificate, private_key));
  subject.note(capability_of(vector.operation, vector));
}

// Moves all that `from` has to say; true if there was something.
bool deliver(TlsSession& from, TlsSession& to) {
  std::array<Byte, 2000> buffer;
  bool moved = false;
  while (const std::size_t size = from.drain(buffer)) {
    to.feed(ByteView(buffer).first(size));
    moved = true;
  }
  return moved;
}

}  // namespace

void run_certificate(Subject& subject, const Vector& vector) {
  if (vector.operation == Operation::verify) return run_verify(subject, vector);
  if (vector.operation == Operation::inspect) return run_inspect(subject, vector);
  run_key_pair(subject, vector);
}

void run_tls(Subject& subject, const Vector& vector) {
  const Bytes& private_key = vector.at("private_key");
  const TlsVersion version =
      as_text(vector.at("version")) == "1.2" ? TlsVersion::tls1_2 : TlsVersion::tls1_3;
  Backend& backend = subject.backend();
  // An input of TLS, whoever signs it: the backend may have no certificates.
  const auto signers = declaring(Capability::certificates_p256);
  if (signers.empty()) throw BadVector("no backend signs certificates");
  const Bytes certificate = value_of(
      "sign", self_signed(signers.front()->certificates(), vector.at("public_key"), private_key));
  const auto server =
      value_of("server", backend.tls().server(certificate, private_key, {version, version}));
  const auto client =
      value_of("client", backend.tls().client(certificate, "device.local", {version, version}));
  auto at_client = TlsSession::Progress::want_input;
  auto at_server = TlsSession::Progress::want_input;
  const auto talk = [&] {
    for (bool moved = true; moved;) {
      at_client = value_of("client's step", client->step());
      moved = deliver(*client, *server);
      at_server = value_of("server's step", server->step());
      moved = deliver(*server, *client) || moved;
    }
  };
  talk();
  expect("the handshake is done", at_client == TlsSession::Progress::established &&
                                      at_server == TlsSession::Progress::established);
  expect("the version is the one that was asked for",
         client->version() == version && server->version() == version);
  const Bytes question = copy(as_bytes("GET / HTTP/1.1\r\n\r\n"));
  value_of("write", client->write(question));
  talk();
  Bytes heard(100);
  heard.resize(value_of("read", server->read(heard)));
  if (heard != question) differs("what arrives", question, heard);
  subject.note(capability_of(vector.operation, vector));
}

}  // namespace wib::conformance
