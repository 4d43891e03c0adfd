// SPDX-License-Identifier: Apache-2.0
//
// Covers: what every backend makes of certificates and private keys: which pairs work, which
// encodings are refused, and that all backends come to the same verdict.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "attacks/world/identities.h"
#include "props/backend_support.h"
#include "protocol/der.h"
#include "protocol/pkix.h"

namespace wib::props {
namespace {

using attacks::Identity;
using attacks::identity;

class CertificateHandling : public EachBackend {
 protected:
  Certificates& certificates() { return GetParam()->certificates(); }

  Error check_pair(ByteView certificate, ByteView key) {
    const auto result = certificates().check_pair(certificate, key);
    return result ? Error{} : result.error();
  }

  Bytes sign(ByteView key, ByteView message) {
    Bytes signature(max_signature_size);
    const auto size = certificates().sign(key, message, signature);
    if (!size) return {};
    signature.resize(*size);
    return signature;
  }
};

INSTANTIATE_TEST_SUITE_P(Backends, CertificateHandling, testing::ValuesIn(backends()),
                         backend_name);

// The structure inside a PKCS#8 key: PKCS#1 for RSA, SEC1 for EC.
Bytes inner_key(ByteView private_key) {
  der::Reader outer(private_key);
  der::Reader fields(outer.take(der::Tag::sequence).value());
  EXPECT_TRUE(fields.take(der::Tag::integer).has_value());
  EXPECT_TRUE(fields.take(der::Tag::sequence).has_value());
  return copy(fields.take(der::Tag::octet_string).value());
}

// `bytes` with those that `part`, a view into `whole`, covers replaced from its end on.
Bytes replaced(ByteView whole, ByteView part, ByteView by) {
  Bytes bytes = copy(whole);
  const auto end = (part.data() - whole.data()) + static_cast<std::ptrdiff_t>(part.size());
  std::ranges::copy(by, bytes.begin() + end - static_cast<std::ptrdiff_t>(by.size()));
  return bytes;
}

// The same key with one bit of one of its numbers flipped.
Bytes with_flipped(ByteView key, ByteView PrivateKeyView::* number) {
  const ByteView part = read_private_key(key).value().*number;
  const Bytes last = {static_cast<Byte>(part.back() ^ 2U)};
  return replaced(key, part, last);
}

TEST_P(CertificateHandling, InspectReadsTypeSizeAndUsage) {
  struct Example {
    std::string_view name;
    KeyType type;
    std::uint32_t bits;
    bool may_sign, may_serve_tls;
  };
  for (const auto& [name, type, bits, may_sign, may_serve_tls] : std::initializer_list<Example>{
           {"owner", KeyType::ec_p256, 256, true, true},
           {"owner-rsa", KeyType::rsa, 2048, true, true},
           {"owner-p384", KeyType::ec_p384, 384, true, true},
           {"owner-p521", KeyType::ec_p521, 521, true, true},
           {"owner-plain", KeyType::ec_p256, 256, true, true},
           {"expired", KeyType::ec_p256, 256, true, true},  // dates are not looked at
           {"client-only", KeyType::ec_p256, 256, true, false},
           {"key-agreement-only", KeyType::ec_p256, 256, false, true},
           {"ed25519", KeyType::ed25519, 0, true, true},
           {"rsa-1024", KeyType::rsa, 1024, true, true}}) {
    const auto info = certificates().inspect(identity(name).certificate);
    ASSERT_TRUE(info.has_value()) << name << ": " << info.error().where;
    EXPECT_EQ(info->key_type, type) << name;
    EXPECT_EQ(info->key_bits, bits) << name;
    EXPECT_EQ(info->may_sign, may_sign) << name;
    EXPECT_EQ(info->may_serve_tls, may_serve_tls) << name;
  }
}

TEST_P(CertificateHandling, PairsThatBelongTogetherWork) {
  for (const std::string_view name : {"owner", "owner-rsa", "owner-p384", "owner-p521",
                                      "owner-plain", "thief", "stranger", "self-signed"}) {
    const Identity& pair = identity(name);
    EXPECT_EQ(check_pair(pair.certificate, pair.private_key).code, Errc::none) << name;
  }
}

TEST_P(CertificateHandling, UnusableCertificatesAreNamed) {
  const auto where = [&](std::string_view name) {
    const Error error = check_pair(identity(name).certificate, identity(name).private_key);
    EXPECT_EQ(error.code, Errc::bad_certificate) << name;
    return error.where;
  };
  EXPECT_EQ(where("client-only"), "certificate: extendedKeyUsage");
  EXPECT_EQ(where("key-agreement-only"), "certificate: keyUsage");
  EXPECT_EQ(where("ed25519"), "certificate: public key");
  EXPECT_EQ(where("rsa-1024"), "certificate: public key");
}

TEST_P(CertificateHandling, AnotherKeyDoesNotFit) {
  for (const std::string_view name : {"thief", "owner-p384", "owner-rsa", "stranger"}) {
    EXPECT_EQ(check_pair(identity("owner").certificate, identity(name).private_key).code,
              Errc::bad_key)
        << name;
  }
  EXPECT_EQ(check_pair(identity("owner-rsa").certificate, identity("owner").private_key).code,
            Errc::bad_key);
}

TEST_P(CertificateHandling, NothingMayFollowOrBeMissing) {
  const Identity& owner = identity("owner");
  for (const Byte extra : {Byte{0x00}, Byte{0x30}}) {
    const Bytes tail = {extra};
    EXPECT_EQ(code_of(certificates().inspect(copy(owner.certificate) + tail)),
              Errc::bad_certificate);
    EXPECT_EQ(code_of(certificates().verify(copy(owner.certificate) + tail, {}, {})),
              Errc::bad_certificate);
    EXPECT_EQ(check_pair(owner.certificate, copy(owner.private_key) + tail).code, Errc::bad_key);
  }
  for (std::size_t size = 0; size < owner.certificate.size(); size += 1 + size / 16) {
    EXPECT_EQ(code_of(certificates().inspect(owner.certificate.first(size))),
              Errc::bad_certificate);
  }
  for (std::size_t size = 0; size < owner.private_key.size(); ++size) {
    EXPECT_EQ(check_pair(owner.certificate, owner.private_key.first(size)).code, Errc::bad_key);
  }
}

TEST_P(CertificateHandling, OnlyPkcs8KeysAreRead) {
  for (const std::string_view name : {"owner", "owner-rsa"}) {
    const Identity& pair = identity(name);
    EXPECT_EQ(check_pair(pair.certificate, inner_key(pair.private_key)).code, Errc::bad_key);
  }
  Bytes signature(max_signature_size);
  EXPECT_EQ(code_of(certificates().sign(identity("ed25519").private_key, {}, signature)),
            Errc::bad_key);
}

TEST_P(CertificateHandling, Pkcs8MayHaveAttributesAndNothingElse) {
  const Identity& owner = identity("owner");
  // The outer SEQUENCE of this key is 30 81 87; the additions keep it below 256 octets.
  const auto with_tail = [&](std::string_view tail) {
    Bytes key = copy(owner.private_key) + hex(tail);
    key[2] = static_cast<Byte>(key.size() - 3);
    return key;
  };
  EXPECT_EQ(check_pair(owner.certificate, with_tail("")).code, Errc::none);
  EXPECT_EQ(check_pair(owner.certificate, with_tail("a00d300b0603551d0f310403020780")).code,
            Errc::none);
  EXPECT_EQ(check_pair(owner.certificate, with_tail("0500")).code, Errc::bad_key);
  EXPECT_EQ(check_pair(owner.certificate, with_tail("81020000")).code, Errc::bad_key);
  Bytes next_version = copy(owner.private_key);
  next_version[5] = 1;
  EXPECT_EQ(check_pair(owner.certificate, next_version).code, Errc::bad_key);
}

TEST_P(CertificateHandling, AnEcdsaSignatureHasOneEncoding) {
  const Identity& owner = identity("owner");
  const Bytes good = sign(owner.private_key, as_bytes("m"));
  // 30 len 02 len r ...: with one more zero before r, or with a longer length.
  Bytes padded = good;
  padded.insert(padded.begin() + 4, Byte{0});
  padded[1] = static_cast<Byte>(padded[1] + 1);
  padded[3] = static_cast<Byte>(padded[3] + 1);
  Bytes long_form = good;
  long_form.insert(long_form.begin() + 1, Byte{0x81});
  for (const Bytes& bad : {padded, long_form}) {
    EXPECT_EQ(certificates().verify(owner.certificate, as_bytes("m"), bad), false);
  }
}

TEST_P(CertificateHandling, AnEcKeyMayLeaveOutItsPublicPoint) {
  const Identity& owner = identity("owner");
  const Bytes bare = hex("3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420") +
                     read_private_key(owner.private_key).value().scalar;
  EXPECT_EQ(check_pair(owner.certificate, bare).code, Errc::none);
}

TEST_P(CertificateHandling, AnEcKeyWithSomebodyElsesPointIsRefused) {
  const Identity& owner = identity("owner");
  const Identity& thief = identity("thief");
  const PrivateKeyView owners = read_private_key(owner.private_key).value();
  const PrivateKeyView thiefs = read_private_key(thief.private_key).value();
  const Bytes mixed = replaced(owner.private_key, owners.point, thiefs.point);
  EXPECT_EQ(check_pair(owner.certificate, mixed).code, Errc::bad_key);
  EXPECT_EQ(check_pair(thief.certificate, mixed).code, Errc::bad_key);
}

TEST_P(CertificateHandling, AnEcScalarIsBetweenZeroAndTheOrder) {
  const Identity& owner = identity("owner");
  const Bytes prefix =
      hex("3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420");
  const Bytes order = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  Bytes less = order;
  less.back() -= 1;
  for (const Bytes& scalar : {Bytes(32), order, Bytes(32, 0xff)}) {
    EXPECT_EQ(check_pair(owner.certificate, prefix + scalar),
              (Error{Errc::bad_key, "key: EC scalar"}));
  }
  EXPECT_EQ(check_pair(owner.certificate, prefix + less).where,
            "key: does not match the certificate");
}

TEST_P(CertificateHandling, AnRsaKeyWithOneWrongNumberIsRefused) {
  const Identity& pair = identity("owner-rsa");
  using View = PrivateKeyView;
  for (ByteView View::* const number : {&View::n, &View::e, &View::d, &View::p, &View::q,
                                        &View::d_p, &View::d_q, &View::q_inverse}) {
    EXPECT_EQ(check_pair(pair.certificate, with_flipped(pair.private_key, number)).code,
              Errc::bad_key);
  }
}

TEST_P(CertificateHandling, APublicPointIsOnItsCurve) {
  for (const std::string_view name : {"owner", "owner-p384", "owner-p521"}) {
    const ByteView good = identity(name).certificate;
    const ByteView point = check_certificate(good).value().point;
    const Bytes last = {static_cast<Byte>(point.back() ^ 1U)};
    EXPECT_EQ(code_of(certificates().inspect(replaced(good, point, last))), Errc::bad_certificate);
  }
}

TEST_P(CertificateHandling, SignatureBuffersHaveASize) {
  Bytes small(max_signature_size - 1);
  EXPECT_EQ(code_of(certificates().sign(identity("owner").private_key, {}, small)),
            Errc::out_of_range);
}

TEST_P(CertificateHandling, EveryBackendVerifiesWhatThisOneSigns) {
  const ByteView message = as_bytes("message");
  for (const std::string_view name :
       {"owner", "owner-rsa", "owner-p384", "owner-p521", "rsa-1024"}) {
    const Identity& pair = identity(name);
    const Bytes good = sign(pair.private_key, message);
    const Bytes empty = sign(pair.private_key, {});
    for (Backend* const backend : backends()) {
      Certificates& verifier = backend->certificates();
      const auto verify = [&](ByteView text, ByteView signature) {
        return verifier.verify(pair.certificate, text, signature);
      };
      EXPECT_EQ(verify(message, good), true) << name;
      EXPECT_EQ(verify({}, empty), true) << name;
      EXPECT_EQ(verify({}, good), false) << name;
      EXPECT_EQ(verify(message, empty), false) << name;
      EXPECT_EQ(verify(message, {}), false) << name;
      EXPECT_EQ(verify(message, good + Bytes{0}), false) << name;
      EXPECT_EQ(verify(message, Bytes{0} + ByteView(good)), false) << name;
      EXPECT_EQ(verify(message, ByteView(good).first(good.size() - 1)), false) << name;
      EXPECT_EQ(verify(message, Bytes(max_signature_size + 1, 0xff)), false) << name;
      EXPECT_EQ(verifier.verify(identity("thief").certificate, message, good), false) << name;
      EXPECT_EQ(verifier.verify(identity("ed25519").certificate, message, good), false) << name;
    }
  }
}

TEST_P(CertificateHandling, AnRsaSignatureKeepsItsLeadingZero) {
  const Identity& pair = identity("owner-rsa");
  // One signature in 256 begins with a zero.
  for (int i = 0; i < 4000; ++i) {
    const std::string message = std::to_string(i);
    const Bytes signature = sign(pair.private_key, as_bytes(message));
    ASSERT_EQ(signature.size(), 256U);
    if (signature.front() != 0) continue;
    const auto verify = [&](ByteView candidate) {
      return certificates().verify(pair.certificate, as_bytes(message), candidate);
    };
    EXPECT_EQ(verify(signature), true);
    EXPECT_EQ(verify(ByteView(signature).subspan(1)), false);
    return;
  }
  FAIL() << "no signature begins with a zero";
}

// --- All backends come to one verdict ------------------------------------------------------------

// Positions in a certificate that name an extension of RFC 5280 (2.5.29.x). wolfSSL tells
// identifiers apart by the sum of their octets, and refuses a certificate with one that it does not
// know but that has the sum of one that it does: there, and only there, the verdicts may differ.
bool in_extension_identifier(ByteView certificate, std::size_t position) {
  const Bytes pattern = hex("0603551d");
  const auto from =
      certificate.begin() + static_cast<std::ptrdiff_t>(position > 4 ? position - 4 : 0);
  const auto to =
      certificate.begin() + static_cast<std::ptrdiff_t>(std::min(certificate.size(), position + 4));
  return std::search(from, to, pattern.begin(), pattern.end()) != to;
}

Identity any_identity() { return *rc::gen::elementOf(attacks::identities()); }

// `original` with one octet changed, or cut off.
Bytes damaged(ByteView original) {
  Bytes bytes = copy(original);
  const auto position = *rc::gen::inRange<std::size_t>(0, bytes.size());
  if (*rc::gen::inRange(0, 20) == 0) {
    bytes.resize(position);
    return bytes;
  }
  const auto change =
      *rc::gen::oneOf(rc::gen::nonZero<Byte>(), rc::gen::element<Byte>(1, 2, 0x20, 0x80, 0xff));
  RC_PRE(!in_extension_identifier(original, position));
  bytes[position] = static_cast<Byte>(bytes[position] ^ change);
  return bytes;
}

template <class Judge>
void assert_one_verdict(Judge judge) {
  const auto first = judge(backends().front()->certificates());
  for (Backend* const backend : backends().subspan(1)) {
    RC_ASSERT((judge(backend->certificates()) == first));
  }
}

RC_GTEST_PROP(AllBackends, InspectDamagedCertificatesAlike, ()) {
  const Bytes certificate = damaged(any_identity().certificate);
  assert_one_verdict([&](Certificates& certificates) {
    const auto info = certificates.inspect(certificate);
    if (!info) return std::make_tuple(info.error().code, KeyType::other, 0U, false, false);
    return std::make_tuple(Errc::none, info->key_type, info->key_bits, info->may_sign,
                           info->may_serve_tls);
  });
}

RC_GTEST_PROP(AllBackends, JudgeDamagedKeysAlike, ()) {
  const Identity pair = any_identity();
  const Bytes key = damaged(pair.private_key);
  assert_one_verdict([&](Certificates& certificates) {
    return code_of(certificates.check_pair(pair.certificate, key));
  });
}

RC_GTEST_PROP(AllBackends, JudgeDamagedSignaturesAlike, ()) {
  const Identity& pair = identity(*rc::gen::element<std::string>("owner", "owner-rsa"));
  Bytes signature(max_signature_size);
  const auto size =
      backends().front()->certificates().sign(pair.private_key, as_bytes("m"), signature);
  const Bytes wrong = damaged(ByteView(signature).first(size.value()));
  assert_one_verdict([&](Certificates& certificates) {
    return certificates.verify(pair.certificate, as_bytes("m"), wrong).value();
  });
}

RC_GTEST_PROP(AllBackends, RefuseNoise, ()) {
  const Bytes noise = *rc::gen::arbitrary<Bytes>();
  for (Backend* const backend : backends()) {
    RC_ASSERT(code_of(backend->certificates().inspect(noise)) == Errc::bad_certificate);
    RC_ASSERT(code_of(backend->certificates().check_pair(identity("owner").certificate, noise)) ==
              Errc::bad_key);
  }
}

}  // namespace
}  // namespace wib::props
