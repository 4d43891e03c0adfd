// SPDX-License-Identifier: Apache-2.0
#include "protocol/error.h"

namespace wib {

std::string_view name(Errc code) noexcept {
  switch (code) {
    case Errc::none: return "none";
    case Errc::malformed: return "malformed";
    case Errc::missing_field: return "missing field";
    case Errc::unknown_field: return "unknown field";
    case Errc::out_of_range: return "out of range";
    case Errc::bad_padding: return "bad padding";
    case Errc::bad_tag: return "bad tag";
    case Errc::bad_identity: return "bad identity";
    case Errc::bad_certificate: return "bad certificate";
    case Errc::bad_key: return "bad key";
    case Errc::unexpected: return "unexpected";
    case Errc::refused: return "refused";
    case Errc::exhausted: return "exhausted";
    case Errc::weak_suite: return "weak suite";
    case Errc::entropy: return "entropy";
    case Errc::crypto: return "crypto";
    case Errc::unsupported: return "unsupported";
    case Errc::storage: return "storage";
    case Errc::capacity: return "capacity";
  }
  return "unknown error";
}

}  // namespace wib
