// SPDX-License-Identifier: Apache-2.0
//
// Target: a certificate and a private key, of the test identities and changed by the input, or the
// input itself, judged by every real backend that has certificates of its own.
#include <optional>
#include <string>
#include <vector>

#include "attacks/world/identities.h"
#include "backends/registry.h"
#include "fuzz/driver/target.h"
#include "protocol/der.h"

namespace wib::fuzz {
namespace {

using ByteVector = std::vector<Byte>;

// One of the identities', with some bytes changed, or cut, or what is left of the input.
ByteVector changed(Choices& choices, ByteView from) {
  ByteVector bytes(from.begin(), from.end());
  for (std::size_t count = choices.below(4); count > 0 && !bytes.empty(); --count) {
    const std::size_t at = choices.word() % bytes.size();
    switch (choices.below(5)) {
      case 0: bytes[at] ^= static_cast<Byte>(1U << choices.below(8)); break;
      case 1: bytes[at] = choices.byte(); break;
      case 2: bytes.resize(at); break;
      case 3: bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(at)); break;
      default: bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), choices.byte()); break;
    }
  }
  return bytes;
}

struct Verdict {
  Errc inspected = Errc::none;
  CertificateInfo info;
  Errc pair = Errc::none;

  friend bool operator==(const Verdict& a, const Verdict& b) {
    return a.inspected == b.inspected && a.pair == b.pair && a.info.key_type == b.info.key_type &&
           a.info.key_bits == b.info.key_bits && a.info.may_sign == b.info.may_sign &&
           a.info.may_serve_tls == b.info.may_serve_tls;
  }
};

Verdict ask(Certificates& certificates, ByteView certificate, ByteView key) {
  Verdict verdict;
  const auto inspected = certificates.inspect(certificate);
  if (inspected) {
    verdict.info = *inspected;
  } else {
    verdict.inspected = inspected.error().code;
  }
  const auto pair = certificates.check_pair(certificate, key);
  if (!pair) verdict.pair = pair.error().code;
  return verdict;
}

std::string describe(const Backend& backend, const Verdict& verdict) {
  return std::string(backend.name()) + ": inspect " + std::string(name(verdict.inspected)) +
         ", type " + std::to_string(static_cast<unsigned>(verdict.info.key_type)) + ", bits " +
         std::to_string(verdict.info.key_bits) + ", signs " +
         std::to_string(verdict.info.may_sign) + ", serves " +
         std::to_string(verdict.info.may_serve_tls) + ", pair " + std::string(name(verdict.pair));
}

// Declared: what stands in an extension that is not critical and none of the four that the profile
// (protocol/pkix.h) is about is the library's own to judge, or not to look at.
//   - OpenSSL and wolfSSL refuse a malformed nameConstraints, mbed TLS passes it over.
//   - wolfSSL 5.5 knows an extension by the sum of the bytes of its OID, and so takes 1.29.29.35,
//     which nobody knows, for basicConstraints.
// A certificate with such an extension is not compared; key identifiers of the usual form are.
bool is_plain(ByteView oid, ByteView value) {
  if (oid.size() != 3 || oid[0] != 0x55 || oid[1] != 0x1d) return false;
  der::Reader reader(value);
  switch (oid[2]) {
    case 14: return reader.take_last(der::Tag::octet_string).has_value();  // subjectKeyIdentifier
    case 35: {                                                             // authority's
      der::Reader inner(reader.take_last(der::Tag::sequence).value_or(ByteView{}));
      const auto identifier = inner.next();
      return identifier && identifier->tag == 0x80 && inner.empty();
    }
    case 15:  // keyUsage
    case 17:  // subjectAltName
    case 19:  // basicConstraints
    case 37:  // extendedKeyUsage
      return true;
    default: return false;
  }
}

bool has_other_extension(ByteView certificate) {
  der::Reader whole(certificate);
  const auto outer = whole.take(der::Tag::sequence);
  if (!outer) return false;
  der::Reader middle(*outer);
  const auto body = middle.take(der::Tag::sequence);
  if (!body) return false;
  der::Reader fields(*body);
  while (const auto field = fields.next()) {
    if (field->tag != static_cast<Byte>(der::Tag::context_3)) continue;
    der::Reader frame(field->content);
    der::Reader list(frame.take(der::Tag::sequence).value_or(ByteView{}));
    while (const auto extension = list.take(der::Tag::sequence)) {
      der::Reader parts(*extension);
      const auto oid = parts.take(der::Tag::oid);
      (void)parts.take(der::Tag::boolean);
      const auto value = parts.take(der::Tag::octet_string);
      if (oid && value && !is_plain(*oid, *value)) return true;
    }
  }
  return false;
}

// Those that do not borrow.
const std::vector<Backend*>& owners() {
  static const std::vector<Backend*> all = [] {
    std::vector<Backend*> found;
    for (Backend* const backend : real_backends()) {
      const Manifest manifest = backend->manifest();
      if (manifest.certificates_from.empty() && manifest.has.has(Capability::certificates_p256)) {
        found.push_back(backend);
      }
    }
    return found;
  }();
  return all;
}

}  // namespace

const std::string_view invariant =
    "every real backend says the same of a certificate, and of whether a pair works";

void one_input(ByteView input) {
  Choices choices(input);
  const auto known = attacks::identities();
  const attacks::Identity& first = known[choices.below(known.size())];
  const attacks::Identity& second =
      choices.below(4) == 3 ? known[choices.below(known.size())] : first;
  const bool raw = choices.below(8) == 7;
  const bool raw_key = choices.below(8) == 7;
  ByteVector certificate = raw ? ByteVector{} : changed(choices, first.certificate);
  ByteVector key = raw_key ? ByteVector{} : changed(choices, second.private_key);
  const ByteView rest = choices.rest();
  if (raw) certificate.assign(rest.begin(), rest.end());
  if (raw_key) key.assign(rest.begin(), rest.end());

  if (has_other_extension(certificate)) return;
  std::optional<Verdict> wanted;
  for (Backend* const backend : owners()) {
    const Verdict verdict = ask(backend->certificates(), certificate, key);
    if (!wanted) wanted = verdict;
    if (*wanted == verdict) continue;
    expect(false, describe(*owners().front(), *wanted) + "; " + describe(*backend, verdict));
  }
}

}  // namespace wib::fuzz
