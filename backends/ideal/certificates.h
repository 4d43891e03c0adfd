// SPDX-License-Identifier: Apache-2.0
//
// IdealCertificates: certificates and keys as their encodings have them (protocol/pkix.h), and
// signatures that are terms over the public part. No private number is looked at: a key is the key
// of its public part (RSA's n and e; EC's point, which must be in the encoding). A real backend
// finds the scalar that is not the point's, or the primes that are not n's; this one does not.
#pragma once

#include <array>

#include "arena.h"

namespace WIB_BACKEND_NAMESPACE {

using wib::Result;

// The last few results of a function of two byte strings: certificates and keys are few, and they
// come again and again.
template <class Value>
class Recent {
 public:
  // The value for these two strings, if it is among the last; null if not. Valid until add().
  [[nodiscard]] const Value* find(ByteView first, ByteView second) const noexcept {
    for (const Entry& entry : entries_) {
      if (entry.used && wib::same_bytes(entry.first, first) &&
          wib::same_bytes(entry.second, second)) {
        return &entry.value;
      }
    }
    return nullptr;
  }

  void add(ByteView first, ByteView second, const Value& value) {
    Entry& entry = entries_[next_];
    next_ = (next_ + 1) % entries_.size();
    entry.used = true;
    entry.first.assign(first.begin(), first.end());
    entry.second.assign(second.begin(), second.end());
    entry.value = value;
  }

 private:
  struct Entry {
    bool used = false;
    std::vector<Byte> first;
    std::vector<Byte> second;
    Value value;
  };
  std::array<Entry, 16> entries_;
  std::size_t next_ = 0;
};

class IdealCertificates final : public wib::Certificates {
 public:
  // `arena` must outlive this object.
  explicit IdealCertificates(Arena& arena) noexcept : arena_(arena) {}

  Result<wib::CertificateInfo> inspect(ByteView certificate) override;
  Result<std::size_t> sign(ByteView private_key, ByteView message, ByteSpan signature) override;
  Result<bool> verify(ByteView certificate, ByteView message, ByteView signature) override;
  // The core's judgement, over the three above; each pair is judged once.
  Result<> check_pair(ByteView certificate, ByteView private_key) override;

 private:
  // A public key as one string.
  using PublicPart = std::vector<Byte>;
  struct Parsed {
    wib::CertificateInfo info;
    PublicPart key;
  };

  [[nodiscard]] static Result<Parsed> parse(ByteView certificate);
  [[nodiscard]] static Result<PublicPart> public_part_of(ByteView private_key);
  [[nodiscard]] Result<Id> signature_of(const PublicPart& key, ByteView message);

  Arena& arena_;
  Recent<Result<>> judged_;
};

}  // namespace WIB_BACKEND_NAMESPACE
