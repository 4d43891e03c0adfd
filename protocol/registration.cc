// SPDX-License-Identifier: Apache-2.0
#include "protocol/registration.h"

#include "protocol/big_endian.h"
#include "protocol/cbor.h"

namespace wib {
namespace {

constexpr std::array<cbor::Field, 4> fields = {{
    {1, "verifier: w0", p256_scalar_size, p256_scalar_size},
    {2, "verifier: L", p256_point_size, p256_point_size},
    {3, "verifier: salt", salt_size, salt_size},
    {4, "verifier: iterations", 4, 4},
}};

constexpr std::size_t max_identity_size = 64;

// The port's judgements, which take no library.
class Judge final : public Crypto {};

// len(pw) || pw || len(idProver) || idProver || len(idVerifier) || idVerifier, lengths as in TT.
class PasswordInput {
 public:
  void add(ByteView part) noexcept {
    for (unsigned i = 0; i < 8; ++i) {
      bytes_[size_++] = static_cast<Byte>(static_cast<std::uint64_t>(part.size()) >> (8U * i));
    }
    std::ranges::copy(part, bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += part.size();
  }
  [[nodiscard]] ByteView view() const noexcept { return ByteView(bytes_).first(size_); }
  ~PasswordInput() { secure_wipe(bytes_); }

 private:
  std::array<Byte, 3 * 8 + Password::max_code_size + 2 * max_identity_size> bytes_;
  std::size_t size_ = 0;
};

}  // namespace

Result<> register_prover(Crypto& crypto, ByteView code, ByteView serial, ByteView salt,
                         std::uint32_t iterations, Spake2plusProver& prover) {
  if (iterations < min_iterations || iterations > max_iterations) {
    return fail(Errc::out_of_range, "offer: iterations");
  }
  if (code.empty() || code.size() > Password::max_code_size) {
    return fail(Errc::out_of_range, "setup code: size");
  }
  if (salt.size() != salt_size) return fail(Errc::out_of_range, "offer: salt");
  if (serial.size() > max_identity_size) return fail(Errc::out_of_range, "serial: size");
  PasswordInput input;
  input.add(code);
  input.add(as_bytes(prover_identity));
  input.add(serial);
  std::array<Byte, 2 * spake2plus_ws_size> stretched;
  const WipeGuard wipe(stretched);
  if (auto done = crypto.pbkdf2_sha256(input.view(), salt, iterations, stretched); !done) {
    return done;
  }
  return spake2plus_prover(stretched, prover);
}

Result<> register_verifier(Crypto& crypto, ByteView code, ByteView serial, ByteView salt,
                           std::uint32_t iterations, Verifier& verifier) {
  Spake2plusProver prover;
  if (auto done = register_prover(crypto, code, serial, salt, iterations, prover); !done) {
    return done;
  }
  std::ranges::copy(salt, verifier.salt.begin());
  write_u64(iterations, verifier.iterations);
  return spake2plus_register(crypto, prover, verifier.secrets);
}

Result<Verifier> parse_verifier(ByteView bytes) {
  const auto values = cbor::read_fields(bytes, fields);
  if (!values) return std::unexpected(values.error());
  if (!Judge().check_p256_share((*values)[1])) return fail(Errc::out_of_range, "verifier: L");
  const std::uint64_t iterations = read_u64((*values)[3]);
  if (iterations < min_iterations || iterations > max_iterations) {
    return fail(Errc::out_of_range, "verifier: iterations");
  }
  Verifier verifier;
  if (!verifier.secrets.w0.assign((*values)[0]) || !verifier.secrets.l.assign((*values)[1])) {
    return fail(Errc::capacity, "verifier");
  }
  std::ranges::copy((*values)[2], verifier.salt.begin());
  std::ranges::copy((*values)[3], verifier.iterations.begin());
  return verifier;
}

Result<ByteView> write_verifier(const Verifier& verifier, ByteSpan out) {
  return cbor::write_fields(
      fields,
      std::array<ByteView, 4>{verifier.secrets.w0.view(), verifier.secrets.l.view(), verifier.salt,
                              verifier.iterations},
      out);
}

Result<std::optional<Verifier>> load_verifier(Store& store) {
  std::array<Byte, max_verifier_size> record;
  const WipeGuard wipe(record);
  const auto size = store.get(Record::verifier, record);
  if (!size) return fail(Errc::storage, "store: verifier");
  if (!*size) return std::nullopt;
  auto verifier = parse_verifier(ByteView(record).first(**size));
  if (!verifier) return fail(Errc::storage, "store: verifier", verifier.error().offset);
  return *verifier;
}

Password::Password(ByteView code, ByteView serial) noexcept : serial_(serial) {
  (void)code_.assign(code);  // one that does not fit stays empty, and is refused when it is used
}

Result<const Spake2plusProver*> Password::prover(Crypto& crypto, ByteView salt,
                                                 std::uint32_t iterations) {
  if (iterations_ != 0 && iterations_ == iterations && same_bytes(salt_.view(), salt)) {
    return &prover_;
  }
  iterations_ = 0;
  if (auto done = register_prover(crypto, code_.view(), serial_, salt, iterations, prover_);
      !done) {
    return std::unexpected(done.error());
  }
  if (!salt_.assign(salt)) return fail(Errc::capacity, "offer: salt");
  iterations_ = iterations;
  return &prover_;
}

}  // namespace wib
