// SPDX-License-Identifier: Apache-2.0
//
// Covers: what a manifest says of borrowing is true, and one that is wrong is found.
#include <gtest/gtest.h>

#include "backends/conformance/probe.h"
#include "backends/registry.h"

namespace wib::conformance {
namespace {

// Says what it is told to, and has nothing.
class Borrower final : public Backend {
 public:
  explicit Borrower(Manifest manifest) : manifest_(manifest) {}

  std::string_view name() const noexcept override { return "borrower"; }
  std::string_view library() const noexcept override { return "none"; }
  Manifest manifest() const noexcept override { return manifest_; }
  Crypto& crypto() noexcept override { return crypto_; }
  Certificates& certificates() noexcept override {
    return lender_ != nullptr ? lender_->certificates() : Backend::certificates();
  }

  // Its certificates are another's than the manifest says.
  void take_certificates_of(Backend& lender) { lender_ = &lender; }

 private:
  class NoCrypto final : public Crypto {};

  Manifest manifest_;
  NoCrypto crypto_;
  Backend* lender_ = nullptr;
};

// What is wrong with certificates, or TLS, from that lender.
std::string fault(const Manifest& manifest) {
  Borrower borrower(manifest);
  const auto faults = borrowing_faults(borrower);
  return faults.empty() ? "" : faults.front();
}

bool has_certificates(const Manifest& manifest) {
  return Borrower(manifest).certificates().inspect({}).error().code != Errc::unsupported;
}

TEST(Manifests, MayBorrowFromARealOwner) {
  EXPECT_EQ(fault({}), "");
  EXPECT_EQ(fault({.certificates_from = "openssl", .tls_from = "wolfssl"}), "");
  EXPECT_TRUE(has_certificates({.certificates_from = "openssl"}));
  EXPECT_EQ(fault({.certificates_from = "ideal", .real = false}), "");
}

TEST(Manifests, DoNotDeclareWhatIsBorrowed) {
  EXPECT_EQ(fault({.has = {Capability::certificates_ed25519}, .certificates_from = "openssl"}),
            "borrower, certificates.ed25519: declared, and borrowed as well");
  EXPECT_EQ(fault({.has = {Capability::tls1_3}, .tls_from = "openssl"}),
            "borrower, tls1.3: declared, and borrowed as well");
}

TEST(Manifests, LeaveARealBackendNothingOfAnUnrealOne) {
  EXPECT_EQ(fault({.certificates_from = "ideal"}),
            "borrower, certificates: the lender is no real crypto");
  EXPECT_FALSE(has_certificates({.certificates_from = "ideal"}));
}

TEST(Manifests, NameALenderThatIsHereAndNotTheBorrower) {
  EXPECT_EQ(fault({.certificates_from = "nobody"}),
            "borrower, certificates: the lender is not here");
  EXPECT_FALSE(has_certificates({.certificates_from = "nobody"}));
  EXPECT_EQ(fault({.tls_from = "borrower"}), "borrower, TLS: borrowed from itself");
  EXPECT_EQ(fault({.tls_from = "ideal", .real = false}), "borrower, TLS: the lender has none");
}

TEST(Manifests, NameTheLenderWhoseObjectItIs) {
  Borrower borrower({.certificates_from = "openssl"});
  borrower.take_certificates_of(*find_backend("openssl"));
  EXPECT_TRUE(borrowing_faults(borrower).empty());
  borrower.take_certificates_of(*find_backend("wolfssl"));
  ASSERT_EQ(borrowing_faults(borrower).size(), 1U);
  EXPECT_EQ(borrowing_faults(borrower).front(),
            "borrower, certificates: borrowed, and not the lender's object");
}

}  // namespace
}  // namespace wib::conformance
