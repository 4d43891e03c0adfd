// SPDX-License-Identifier: Apache-2.0
#include "backends/conformance/probe.h"

#include "backends/conformance/sources.h"
#include "backends/conformance/subject.h"
#include "backends/conformance/x509.h"
#include "backends/registry.h"

namespace wib::conformance {
namespace {

using Ends = std::vector<std::pair<std::string_view, Errc>>;

template <class T>
Errc code_of(const Result<T>& result) {
  return result ? Errc::none : result.error().code;
}

Ends probe_aead(Subject& subject, Capability aead) {
  const Bytes key(aead_key_size, 1);
  const Bytes nonce(aead_nonce_size, 2);
  const Bytes plain(20, 3);
  const auto sealed = subject.seal(aead, key, nonce, {}, plain);
  const Bytes cipher = sealed ? sealed->cipher : plain;
  const Bytes tag = sealed ? sealed->tag : Bytes(aead_tag_size);
  return {{"seal", code_of(sealed)},
          {"open", code_of(subject.open(aead, key, nonce, {}, cipher, tag))}};
}

Ends probe_p256(Subject& subject) {
  Bytes two(p256_scalar_size);
  two.back() = 2;
  const auto made = subject.p256_base_mul(two);
  // What is no real crypto has points of its own.
  const Bytes point = made ? *made : copy(p256_generator());
  Ends ends = {{"p256_base_mul", code_of(made)},
               {"p256_mul", code_of(subject.p256_mul(two, point))},
               {"p256_mul_add", code_of(subject.p256_mul_add(two, point, two, point))}};
  // The core's judgement, which needs no library.
  if (made) ends.emplace_back("check_p256_share", code_of(subject.check_p256_share(point)));
  return ends;
}

Ends probe_x25519(Subject& subject) {
  const Bytes scalar(x25519_size, 4);
  Bytes nine(x25519_size);
  nine.front() = 9;
  const auto made = subject.x25519(scalar, nine);
  const Bytes peer = made ? *made : nine;
  return {{"x25519", code_of(made)}, {"x25519_agree", code_of(subject.x25519_agree(scalar, peer))}};
}

// A test key of that type, from the facts.
const Vector& key_of(std::string_view type) {
  static const std::vector<Vector> facts = read_facts(folder(Origin::typed) / "certificates.txt");
  for (const Vector& vector : facts) {
    if ((vector.operation == Operation::key_pair || type == "ed25519") &&
        vector.verdict == Verdict::valid && as_text(vector.at("type")) == type) {
      return vector;
    }
  }
  throw BadVector("no test key of type " + std::string(type));
}

Ends probe_certificates(Backend& backend, std::string_view type) {
  const Vector& key = key_of(type);
  Certificates& certificates = backend.certificates();
  const Bytes certificate = certificate_around(key.at("public_key"));
  Ends ends = {{"inspect", code_of(certificates.inspect(certificate))}};
  if (type == "ed25519") return ends;
  Bytes signature(max_signature_size);
  const auto size = certificates.sign(key.at("private_key"), as_bytes("m"), signature);
  ends.emplace_back("sign", code_of(size));
  ends.emplace_back("verify",
                    code_of(certificates.verify(certificate, as_bytes("m"),
                                                ByteView(signature).first(size ? *size : 70))));
  return ends;
}

Ends probe_tls(Backend& backend, TlsVersion version) {
  const Vector& key = key_of("p256");
  const Bytes certificate = certificate_around(key.at("public_key"));
  return {
      {"server",
       code_of(backend.tls().server(certificate, key.at("private_key"), {version, version}))},
      {"client", code_of(backend.tls().client(certificate, "device.local", {version, version}))}};
}

// One family of capabilities: who lends it, and something that every lender of it has.
struct Family {
  std::string_view what;
  std::string_view from;
  Capability sample;
};

}  // namespace

bool is_borrowed(const Manifest& manifest, Capability capability) {
  if (capability >= Capability::tls1_2) return !manifest.tls_from.empty();
  return capability >= Capability::certificates_rsa && !manifest.certificates_from.empty();
}

std::vector<std::string> borrowing_faults(Backend& backend) {
  const Manifest manifest = backend.manifest();
  std::vector<std::string> faults;
  const auto fault = [&](std::string_view what, std::string_view wrong) {
    faults.push_back(std::string(backend.name()) + ", " + std::string(what) + ": " +
                     std::string(wrong));
  };
  for (const Capability capability : all_capabilities()) {
    if (manifest.has.has(capability) && is_borrowed(manifest, capability)) {
      fault(wib::name(capability), "declared, and borrowed as well");
    }
  }
  const auto check = [&](const Family& family, auto object_of) {
    if (family.from.empty()) return;
    Backend* const lender = find_backend(family.from);
    if (family.from == backend.name()) return fault(family.what, "borrowed from itself");
    if (lender == nullptr) return fault(family.what, "the lender is not here");
    const Manifest lent = lender->manifest();
    if (manifest.real && !lent.real) return fault(family.what, "the lender is no real crypto");
    if (is_borrowed(lent, family.sample)) return fault(family.what, "the lender borrows it");
    if (!lent.has.has(family.sample)) return fault(family.what, "the lender has none");
    if (object_of(backend) != object_of(*lender)) {
      fault(family.what, "borrowed, and not the lender's object");
    }
  };
  check({"certificates", manifest.certificates_from, Capability::certificates_p256},
        [](Backend& one) { return &one.certificates(); });
  check({"TLS", manifest.tls_from, Capability::tls1_2}, [](Backend& one) { return &one.tls(); });
  return faults;
}

Ends probe(Backend& backend, Capability capability) {
  Subject subject(backend);
  const Bytes key(32, 1);
  const Bytes block(16, 2);
  switch (capability) {
    case Capability::sha256: return {{"sha256", code_of(subject.sha256(Pieces(block)))}};
    case Capability::hmac_sha256:
      return {{"hmac_sha256", code_of(subject.hmac_sha256(key, Pieces(block)))},
              {"verify_hmac_sha256", code_of(subject.verify_hmac_sha256(key, block, key))}};
    case Capability::hmac_sha512:
      return {{"hmac_sha512", code_of(subject.hmac_sha512(key, Pieces(block)))},
              {"verify_hmac_sha512", code_of(subject.verify_hmac_sha512(key, block, key))}};
    case Capability::hkdf_sha256:
      return {{"hkdf_sha256", code_of(subject.hkdf_sha256(block, key, block, 40))}};
    case Capability::pbkdf2_sha256:
      return {{"pbkdf2_sha256", code_of(subject.pbkdf2_sha256(key, block, 2, 40))}};
    case Capability::aes256_cbc:
      return {{"aes256_cbc_encrypt", code_of(subject.aes256_cbc_encrypt(key, block, block))},
              {"aes256_cbc_decrypt", code_of(subject.aes256_cbc_decrypt(key, block, block))}};
    case Capability::aes256_ctr:
      return {{"aes256_ctr", code_of(subject.aes256_ctr(key, block, block))}};
    case Capability::aes256_gcm:
    case Capability::chacha20_poly1305: return probe_aead(subject, capability);
    case Capability::mod_exp:
      return {{"mod_exp", code_of(subject.mod_exp(Bytes{5}, Bytes{3}, Bytes{23}))}};
    case Capability::x25519: return probe_x25519(subject);
    case Capability::p256: return probe_p256(subject);
    case Capability::certificates_rsa: return probe_certificates(backend, "rsa");
    case Capability::certificates_p256: return probe_certificates(backend, "p256");
    case Capability::certificates_p384: return probe_certificates(backend, "p384");
    case Capability::certificates_p521: return probe_certificates(backend, "p521");
    case Capability::certificates_ed25519: return probe_certificates(backend, "ed25519");
    case Capability::tls1_2: return probe_tls(backend, TlsVersion::tls1_2);
    case Capability::tls1_3: return probe_tls(backend, TlsVersion::tls1_3);
    case Capability::dane: return {};
  }
  return {};
}

}  // namespace wib::conformance
