// SPDX-License-Identifier: Apache-2.0
//
// Covers: the strict reading of DER and of certificates that comes before every library, and that
// the libraries take what it lets through.
#include "protocol/pkix.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "attacks/world/identities.h"
#include "props/backend_support.h"
#include "protocol/der.h"

namespace wib::props {
namespace {

using attacks::identity;

Bytes element(Byte tag, ByteView content) {
  Bytes bytes = {tag};
  const auto size = static_cast<unsigned>(content.size());
  if (size >= 0x100) {
    bytes = std::move(bytes) + Bytes{0x82, static_cast<Byte>(size >> 8U)};
  } else if (size >= 0x80) {
    bytes.push_back(0x81);
  }
  bytes.push_back(static_cast<Byte>(size));
  return std::move(bytes) + content;
}

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes bytes;
  for (const Bytes& part : parts) bytes = std::move(bytes) + part;
  return bytes;
}

Bytes sequence(std::initializer_list<Bytes> parts) { return element(0x30, joined(parts)); }

// --- DER -----------------------------------------------------------------------------------------

TEST(Der, TakesOneElementInItsOnlyEncoding) {
  for (const std::string_view good :
       {"0500",       "020100", "02017f",   "02020080", "0201ff", "0202ff7f",   "010100",
        "0101ff",     "030100", "03020780", "0400",     "0401ff", "06032a0304", "3000",
        "3003020101", "3100",   "a000",     "a0020500", "8000",   "8001ff",     "0c0161"}) {
    EXPECT_TRUE(der::well_formed(hex(good))) << good;
  }
  for (const std::string_view bad :
       {"",         "05",           "0501",         "050000",        "05000500",
        "0281017f", "028001000000", "0200",         "02020001",      "0202ff80",
        "010101",   "0100",         "01020000",     "0300",          "030101",
        "030108",   "03020781",     "030200",       "0600",          "060180",
        "060281",   "0602807f",     "060380802a",   "1000",          "1100",
        "0000",     "2000",         "240404020000", "2303030100",    "1f0100",
        "3f810100", "30020201",     "3001",         "30803080",      "a0010500",
        "a00105",   "0483000001ff", "048200",       "04840000000100"}) {
    EXPECT_FALSE(der::well_formed(hex(bad))) << bad;
  }
}

TEST(Der, LongLengthsAreTheShortestThatFit) {
  for (const std::size_t size : {0U, 127U, 128U, 255U, 256U, 4000U}) {
    EXPECT_TRUE(der::well_formed(element(0x04, Bytes(size)))) << size;
  }
  EXPECT_FALSE(der::well_formed(hex("048200ff") + Bytes(255)));
  EXPECT_FALSE(der::well_formed(hex("0483000100") + Bytes(256)));
}

TEST(Der, NestingHasABound) {
  Bytes nested = hex("0500");
  for (int depth = 0; depth < 16; ++depth) nested = element(0x30, nested);
  EXPECT_TRUE(der::well_formed(nested));
  EXPECT_FALSE(der::well_formed(element(0x30, nested)));
}

RC_GTEST_PROP(Der, ReadsItsOwnElementsAndNoPrefixOfThem, ()) {
  const Bytes content = *rc::gen::arbitrary<Bytes>();
  const Bytes whole = element(0x04, content);
  der::Reader reader(whole);
  const auto read = reader.next();
  RC_ASSERT(read.has_value() && reader.empty());
  RC_ASSERT(copy(read->content) == content);
  const auto size = *rc::gen::inRange<std::size_t>(0, whole.size());
  der::Reader prefix(ByteView(whole).first(size));
  RC_ASSERT(!prefix.next());
}

// --- Certificates
// ----------------------------------------------------------------------------------

// SubjectPublicKeyInfo of "owner".
Bytes owner_key_info() {
  const ByteView point = check_certificate(identity("owner").certificate).value().point;
  return sequence(
      {hex("301306072a8648ce3d020106082a8648ce3d030107"), element(0x03, Bytes{0} + point)});
}

const Bytes critical = hex("0101ff");
const Bytes not_critical;

Bytes extension(std::string_view oid, const Bytes& critical_or_not, std::string_view value) {
  return sequence({element(0x06, hex(oid)), critical_or_not, element(0x04, hex(value))});
}

// A certificate in parts, good until one is changed. Nobody looks at the signature.
struct Parts {
  Bytes version = hex("a003020102");
  Bytes serial = hex("020101");
  Bytes algorithm = hex("300a06082a8648ce3d040302");
  Bytes issuer = hex("300c310a300806035504030c0161");
  Bytes validity = hex("301e170d3230303130313030303030305a170d3439303130313030303030305a");
  Bytes subject = hex("300c310a300806035504030c0161");
  Bytes key_info = owner_key_info();
  std::vector<Bytes> extensions;
  Bytes outer_algorithm = {};
  Bytes signature = hex("03090030060201010201ff");

  [[nodiscard]] Bytes build() const {
    Bytes list;
    for (const Bytes& extension : extensions) list = std::move(list) + extension;
    const Bytes tagged = list.empty() ? Bytes{} : element(0xa3, element(0x30, list));
    return sequence(
        {sequence({version, serial, algorithm, issuer, validity, subject, key_info, tagged}),
         outer_algorithm.empty() ? algorithm : outer_algorithm, signature});
  }
};

void expect_accepted(const Parts& parts, std::string_view what) {
  const Bytes certificate = parts.build();
  EXPECT_TRUE(check_certificate(certificate).has_value())
      << what << ": " << check_certificate(certificate).error().where;
  for (Backend* const backend : backends()) {
    EXPECT_TRUE(backend->certificates().inspect(certificate).has_value())
        << backend->name() << ": " << what;
  }
}

void expect_refused(const Parts& parts, std::string_view what) {
  EXPECT_EQ(code_of(check_certificate(parts.build())), Errc::bad_certificate) << what;
}

Parts with(Bytes Parts::* member, std::string_view value) {
  Parts parts;
  parts.*member = hex(value);
  return parts;
}

Parts with_extensions(std::vector<Bytes> extensions) {
  Parts parts;
  parts.extensions = std::move(extensions);
  return parts;
}

TEST(Certificate, PlainOnesAreAccepted) {
  expect_accepted({}, "version 3");
  expect_accepted(with(&Parts::version, ""), "version 1");
  expect_accepted(with(&Parts::serial, "020100"), "serial 0");
  expect_accepted(with(&Parts::subject, "3000"), "no subject");
  expect_accepted(with(&Parts::subject, "300c310a30080603550403130161"), "PrintableString");
  expect_accepted(with(&Parts::subject, "300d310b300906035504031e020061"), "BMPString");
  expect_accepted(with(&Parts::subject, "300f310d300b06035504030c04f09f9880"), "UTF-8");
  expect_accepted(with(&Parts::algorithm, "300d06092a864886f70d01010b0500"), "signed by RSA");
}

TEST(Certificate, TheFrameIsStrict) {
  expect_refused(with(&Parts::version, "a003020100"), "the default version written out");
  expect_refused(with(&Parts::version, "a003020103"), "version 4");
  expect_refused(with(&Parts::serial, "0201ff"), "negative serial");
  expect_refused(with(&Parts::serial,
                      "0215"
                      "01"
                      "0000000000000000000000000000000000000000"),
                 "serial of 21 octets");
  expect_refused(with(&Parts::algorithm, "300d06092a864886f70d0101050500"), "SHA-1");
  expect_refused(with(&Parts::outer_algorithm, "300a06082a8648ce3d040303"), "two algorithms");
  expect_refused(with(&Parts::signature, "03020780"), "signature of one bit");
  expect_refused(with(&Parts::issuer, "3000"), "no issuer");
  expect_refused(with(&Parts::issuer, "30023100"), "an empty set");
  expect_refused(with(&Parts::subject, "300c310a300806035504030c01ff"), "not UTF-8");
  expect_refused(with(&Parts::subject, "300d310b300906035504030c02c080"), "overlong UTF-8");
  expect_refused(with(&Parts::subject, "300e310c300a06035504030c03eda080"), "a surrogate");
  expect_refused(with(&Parts::subject, "300c310a300806035504031e0161"), "half a BMP character");
  expect_refused(with(&Parts::subject, "300d310b300906035504031e02d800"), "a BMP surrogate");
  expect_refused(with(&Parts::subject, "300c310a30080603550403040161"), "not a string");
  expect_refused(
      with(&Parts::validity, "301c170b323030313031303030305a170d3439303130313030303030305a"),
      "no seconds");
  expect_refused(
      with(&Parts::validity, "301e170d3230303130313030303030302b170d3439303130313030303030305a"),
      "no Z");
  expect_refused(with(&Parts::validity, "300f170d3230303130313030303030305a"), "one date");
}

TEST(Certificate, KeysOutOfTheOrdinaryAreOther) {
  const auto type_of = [](const Bytes& key_info) {
    Parts parts;
    parts.key_info = key_info;
    expect_accepted(parts, "key");
    return check_certificate(parts.build()).value().type;
  };
  const Bytes rsa_name = hex("300d06092a864886f70d0101010500");
  const auto rsa = [&](std::size_t size, Byte top, const Bytes& exponent) {
    Bytes n(size, 0xff);
    n.front() = top;
    if (top >= 0x80) n = Bytes{0} + ByteView(n);
    const Bytes numbers = sequence({element(0x02, n), element(0x02, exponent)});
    return sequence({rsa_name, element(0x03, Bytes{0} + ByteView(numbers))});
  };
  EXPECT_EQ(type_of(owner_key_info()), KeyType::ec_p256);
  EXPECT_EQ(type_of(rsa(256, 0xff, {1, 0, 1})), KeyType::rsa);
  EXPECT_EQ(type_of(rsa(512, 0xff, {3})), KeyType::rsa);
  EXPECT_EQ(type_of(rsa(128, 0x7f, {3})), KeyType::other);  // 1023 bits
  EXPECT_EQ(type_of(rsa(513, 0x01, {3})), KeyType::other);  // 4097 bits
  EXPECT_EQ(type_of(rsa(256, 0xff, {1})), KeyType::other);
  EXPECT_EQ(type_of(rsa(256, 0xff, {4})), KeyType::other);
  EXPECT_EQ(type_of(rsa(256, 0xff, {1, 0, 0, 0, 0, 0, 0, 0, 1})), KeyType::other);
  // X25519; secp256k1; explicit curve parameters.
  EXPECT_EQ(type_of(sequence({hex("300506032b656e"), element(0x03, Bytes(33))})), KeyType::other);
  EXPECT_EQ(
      type_of(sequence({hex("301006072a8648ce3d020106052b8104000a"), element(0x03, Bytes(66))})),
      KeyType::other);
  EXPECT_EQ(type_of(sequence({hex("300d06072a8648ce3d02013002"
                                  "0500"),
                              element(0x03, Bytes(66))})),
            KeyType::other);

  const auto refused = [](const Bytes& key_info, std::string_view what) {
    Parts parts;
    parts.key_info = key_info;
    expect_refused(parts, what);
  };
  Bytes compressed = Bytes(34);
  compressed[1] = 0x02;
  refused(sequence({hex("301306072a8648ce3d020106082a8648ce3d030107"), element(0x03, compressed)}),
          "compressed point");
  refused(sequence({hex("300506032b6570"), element(0x03, Bytes(32))}), "short Ed25519 key");
  refused(sequence({hex("300b06092a864886f70d010101"), element(0x03, Bytes(3))}), "RSA, no NULL");
  refused(sequence({rsa_name, element(0x03, Bytes{0} + hex("3006020100020103"))}), "modulus 0");
  refused(sequence({rsa_name, element(0x03, Bytes{0} + hex("3006020181020103"))}), "below 0");
}

TEST(Certificate, ExtensionsThatMeanSomethingAreRead) {
  const std::vector<std::pair<std::string_view, Bytes>> good = {
      {"digitalSignature", extension("551d0f", critical, "03020780")},
      {"nine bits of keyUsage", extension("551d0f", critical, "0303070080")},
      {"two purposes",
       extension("551d25", not_critical, "301406082b0601050507030106082b06010505070302")},
      {"no authority", extension("551d13", critical, "3000")},
      {"no authority, written out", extension("551d13", critical, "3003010100")},
      {"an authority with a path", extension("551d13", critical, "30060101ff020101")},
      {"not critical, written out", extension("551d13", hex("010100"), "3000")},
      {"names", extension("551d11", not_critical, "300d82016187040102030486023a2f")},
      {"a directory name",
       extension("551d11", not_critical, "3010a40e300c310a300806035504030c0161")},
      {"key identifiers", extension("551d0e", not_critical, "04020102")},
      {"authority key identifier", extension("551d23", not_critical, "300480020102")},
      {"something unknown", extension("2a0304", not_critical, "0c0161")},
  };
  for (const auto& [what, bytes] : good) expect_accepted(with_extensions({bytes}), what);
}

TEST(Certificate, ExtensionsThatAreWrongAreRefused) {
  const std::vector<std::pair<std::string_view, Bytes>> bad = {
      {"unknown and critical", extension("2a0304", critical, "0c0161")},
      {"identifier may not be critical", extension("551d0e", critical, "04020102")},
      {"not DER", extension("2a0304", not_critical, "0c0261")},
      {"no usage", extension("551d0f", critical, "03020700")},
      {"empty keyUsage", extension("551d0f", critical, "030100")},
      {"long keyUsage", extension("551d0f", critical, "03040780808080")},
      {"keyUsage of another type", extension("551d0f", critical, "04020780")},
      {"no purpose", extension("551d25", critical, "3000")},
      {"purpose of another type", extension("551d25", critical, "3003020101")},
      {"a path without authority", extension("551d13", critical, "3003020101")},
      {"a long path", extension("551d13", critical, "30070101ff02020080")},
      {"a negative path", extension("551d13", critical, "30060101ff0201ff")},
      {"no names", extension("551d11", critical, "3000")},
      {"an address of five", extension("551d11", critical, "300787050102030405")},
      {"x400Address", extension("551d11", critical, "3002a300")},
      {"otherName without value", extension("551d11", critical, "3006a00406022a03")},
      {"empty key identifier", extension("551d0e", not_critical, "0400")},
      {"empty authority's", extension("551d23", not_critical, "30028000")},
      {"authority's fields out of order", extension("551d23", not_critical, "3006820101800101")},
      {"extra field", sequence({hex("06022a03"), hex("0101ff"), hex("04020500"), hex("0500")})},
  };
  for (const auto& [what, bytes] : bad) expect_refused(with_extensions({bytes}), what);

  const Bytes usage = extension("551d0f", critical, "03020780");
  const Bytes other = extension("2a0304", not_critical, "0500");
  expect_accepted(with_extensions({usage, other}), "two");
  expect_refused(with_extensions({usage, usage}), "one twice");
  expect_refused(with_extensions({other, usage, other}), "an unknown one twice");
  Parts old = with_extensions({usage});
  old.version = {};
  expect_refused(old, "extensions in version 1");
  old.version = hex("a003020101");
  expect_refused(old, "extensions in version 2");
}

}  // namespace
}  // namespace wib::props
