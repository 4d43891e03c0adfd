// SPDX-License-Identifier: Apache-2.0
//
// Backend: one crypto library behind the core's ports. A folder under backends/ that has a
// CMakeLists.txt is a backend; the build generates the registry from the folders.
//
// In the folder, everything lives in `namespace WIB_BACKEND_NAMESPACE`, a macro that the build
// sets for that folder alone, and one symbol is expected:
//
//   namespace WIB_BACKEND_NAMESPACE { wib::Backend& instance(); }
#pragma once

#include <span>
#include <string_view>

#include "protocol/certificates.h"
#include "protocol/crypto.h"
#include "protocol/tls.h"

namespace wib {

class Backend {
 public:
  // The folder's name, as users type it.
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  // The library and the version that runs, in its own words ("OpenSSL 3.0.22 ...").
  [[nodiscard]] virtual std::string_view library() const noexcept = 0;

  [[nodiscard]] virtual Crypto& crypto() noexcept = 0;
  [[nodiscard]] virtual Certificates& certificates() noexcept = 0;
  [[nodiscard]] virtual Tls& tls() noexcept = 0;

 protected:
  ~Backend() = default;
};

}  // namespace wib
