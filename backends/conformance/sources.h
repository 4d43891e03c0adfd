// SPDX-License-Identifier: Apache-2.0
//
// Where vectors come from. Each source is one file, with its reader and the least number of vectors
// that it must give: a reader that reads nothing is a failure, not a pass.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "backends/conformance/vector.h"

namespace wib::conformance {

enum class Origin : std::uint8_t {
  typed,   // facts/: from RFCs and NIST's documents, in this tree
  debian,  // the package python3-cryptography-vectors
  shared   // ../shared/vectors, beside the project: Wycheproof, Botan, OpenSSL
};
[[nodiscard]] std::string_view name(Origin origin) noexcept;

// The folder of an origin.
[[nodiscard]] std::filesystem::path folder(Origin origin);

struct Source {
  Origin origin;
  std::string_view path;  // below the origin's folder; with the origin, the source's name
  std::size_t at_least;   // vectors, those that are skipped included
  std::vector<Vector> (*read)(const std::filesystem::path& file);

  [[nodiscard]] std::string name() const;
};

[[nodiscard]] const std::vector<Source>& sources();

// --- Readers: one for each shape of file -----------------------------------------------------

using Path = std::filesystem::path;
std::vector<Vector> read_facts(const Path& file);

std::vector<Vector> read_wycheproof_hmac(const Path& file);
std::vector<Vector> read_wycheproof_hkdf(const Path& file);
std::vector<Vector> read_wycheproof_pbkdf2(const Path& file);
std::vector<Vector> read_wycheproof_cbc(const Path& file);
std::vector<Vector> read_wycheproof_aead(const Path& file);
std::vector<Vector> read_wycheproof_ecdh(const Path& file);
std::vector<Vector> read_wycheproof_verify(const Path& file);

std::vector<Vector> read_nist_sha256(const Path& file);
std::vector<Vector> read_nist_monte(const Path& file);
std::vector<Vector> read_nist_hmac(const Path& file);
std::vector<Vector> read_nist_hkdf(const Path& file);
std::vector<Vector> read_nist_cbc(const Path& file);
std::vector<Vector> read_nist_ctr(const Path& file);
std::vector<Vector> read_nist_gcm(const Path& file);
std::vector<Vector> read_nist_chacha(const Path& file);
std::vector<Vector> read_nist_x25519(const Path& file);
std::vector<Vector> read_nist_ecdh(const Path& file);
std::vector<Vector> read_nist_ecdsa(const Path& file);
std::vector<Vector> read_nist_rsa(const Path& file);
std::vector<Vector> read_nist_ffdh(const Path& file);
std::vector<Vector> read_rfc3526(const Path& file);
std::vector<Vector> read_decimal_dh(const Path& file);
std::vector<Vector> read_bad_exchange(const Path& file);
std::vector<Vector> read_points(const Path& file);

std::vector<Vector> read_botan_ctr(const Path& file);
std::vector<Vector> read_botan_dh(const Path& file);
std::vector<Vector> read_botan_dh_invalid(const Path& file);
std::vector<Vector> read_botan_spake2p(const Path& file);

std::vector<Vector> read_openssl_hkdf(const Path& file);
std::vector<Vector> read_openssl_derive(const Path& file);
std::vector<Vector> read_openssl_parameters(const Path& file);

}  // namespace wib::conformance
