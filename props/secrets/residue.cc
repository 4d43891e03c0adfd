// SPDX-License-Identifier: Apache-2.0
//
// What is left of secrets in memory when they have served: of a session both exponents, Z, K and
// the injected private key, of a run of SPAKE2+ both exponents, w0, w1, both points that only the
// two know, and K_shared. They are looked for in every writable byte of the process, as they are
// and reversed (libraries keep numbers in words, least significant first). That a session really
// used the values that are looked for is seen from its draws and from what its operations gave.
//
//   secrets_residue READING      prints what was found, where, and whose it may be: for every
//   backend
//                                and for "core", an arithmetic of this file that keeps nothing, so
//                                that whatever is found then was left by the core
//
// Each runs in a process of its own. Exits with 1 if something is found that the table `known`
// below does not have, or is no longer found that it has. The copy in the device's store is what
// TLS serves with: it is exempt.
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "attacks/search/stream_random.h"
#include "backends/registry.h"
#include "props/secrets/session.h"
#include "props/support/forwarding_crypto.h"
#include "protocol/spake2plus.h"

namespace wib::props {
namespace {

// --- The needles --------------------------------------------------------------------------------

enum class Needle : std::uint8_t {
  device_exponent,
  client_exponent,
  z,
  k,
  private_key,
  pake_x,
  pake_y,
  w0,
  w1,
  pake_unmasked,  // shareV without its mask
  pake_z,
  pake_shared
};
constexpr std::size_t needle_count = 12;
constexpr std::size_t session_needles = 5;
constexpr const char* needle_names[needle_count] = {
    "device's exponent", "client's exponent", "Z",  "K",  "private key",
    "SPAKE2+ x",         "SPAKE2+ y",         "w0", "w1", "SPAKE2+ unmasked share",
    "SPAKE2+ Z",         "SPAKE2+ K_shared"};
constexpr std::size_t window = 16;  // bytes of a secret that make a find

// In memory only under a mask, so that the search does not find itself.
constexpr Byte mask = 0x5a;
using Masked = std::array<std::array<Byte, window>, needle_count>;

void hide(ByteView secret, std::array<Byte, window>& out) {
  for (std::size_t i = 0; i < window; ++i) out[i] = secret[i] ^ mask;
}

// --- An arithmetic that keeps nothing -----------------------------------------------------------

// Of no security: exclusive or for exponentiation (it commutes), a running sum for hashes.
class KeepsNothing final : public Crypto {
 private:
  Result<std::size_t> do_mod_exp(ByteView base, ByteView exponent, ByteView modulus,
                                 ByteSpan out) override {
    for (std::size_t i = 0; i < modulus.size(); ++i) {
      const std::size_t b = base.size() == modulus.size() ? base[i] : 0x80U + i * 7U;
      out[i] = static_cast<Byte>(b ^ exponent[i % exponent.size()]);
    }
    return modulus.size();
  }
  Result<> do_sha256(Pieces message, ByteSpan digest) override { return mix({}, message, digest); }
  Result<> do_hmac_sha256(ByteView key, Pieces message, ByteSpan tag) override {
    return mix(key, message, tag);
  }
  Result<> do_hmac_sha512(ByteView key, Pieces message, ByteSpan tag) override {
    return mix(key, message, tag);
  }
  Result<> do_aes256_cbc_encrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override {
    return do_aes256_ctr(key, iv, in, out);
  }
  Result<> do_aes256_cbc_decrypt(ByteView key, ByteView iv, ByteView in, ByteSpan out) override {
    return do_aes256_ctr(key, iv, in, out);
  }
  Result<> do_aes256_ctr(ByteView key, ByteView counter, ByteView in, ByteSpan out) override {
    for (std::size_t i = 0; i < in.size(); ++i) {
      out[i] = static_cast<Byte>(in[i] ^ key[i % key.size()] ^ counter[i % counter.size()] ^ i);
    }
    return {};
  }
  static Result<> mix(ByteView key, Pieces message, ByteSpan out) {
    std::uint32_t sum = 2166136261U;
    for (const Byte byte : key) sum = (sum ^ byte) * 16777619U;
    message.for_each([&](ByteView piece) {
      for (const Byte byte : piece) sum = (sum ^ byte) * 16777619U;
    });
    for (Byte& byte : out) {
      sum = sum * 1664525U + 1013904223U;
      byte = static_cast<Byte>(sum >> 24U);
    }
    return {};
  }
};

class AnyPair final : public Certificates {
 public:
  Result<CertificateInfo> inspect(ByteView) override {
    return CertificateInfo{KeyType::ec_p256, 256, true, true};
  }
  Result<std::size_t> sign(ByteView, ByteView, ByteSpan) override { return 1; }
  Result<bool> verify(ByteView, ByteView, ByteView) override { return true; }
};

// --- The session --------------------------------------------------------------------------------

// The store: one place that is known, and exempt.
class OnePlace final : public Store {
 public:
  Result<std::optional<std::size_t>> get(Record, ByteSpan) override { return std::nullopt; }
  Result<> put(Record, ByteView contents) override {
    if (contents.size() > place_.size()) return fail(Errc::capacity, "store");
    std::ranges::copy(contents, place_.begin());
    return {};
  }
  [[nodiscard]] ByteView place() const { return place_; }

 private:
  std::array<Byte, max_bundle_size> place_{};
};

// Draws byte by byte from the seeded stream, and wipes the block that it came from.
class Drawn final : public Random {
 public:
  explicit Drawn(const char* label) : label_(label) {}
  Result<> fill(ByteSpan out) override {
    attacks::StreamRandom stream(2015, label_);
    stream.seek(position_);
    auto done = stream.fill(out);
    position_ += out.size();
    secure_wipe({reinterpret_cast<Byte*>(&stream), sizeof stream});
    return done;
  }

 private:
  const char* label_;
  std::uint64_t position_ = 0;
};

// The secrets of a run of SPAKE2+, made again from nothing each time.
struct Pake {
  std::array<Byte, 2 * spake2plus_ws_size> ws;
  std::array<Byte, p256_scalar_size> x;
  std::array<Byte, p256_scalar_size> y;

  Pake() {
    (void)Drawn("ws").fill(ws);
    (void)Drawn("x").fill(x);
    (void)Drawn("y").fill(y);
  }
  Pake(const Pake&) = delete;
  Pake& operator=(const Pake&) = delete;
  ~Pake() {
    for (const ByteSpan bytes : {ByteSpan(ws), ByteSpan(x), ByteSpan(y)}) secure_wipe(bytes);
  }
};

const Spake2plusIdentity pake_identity = {as_bytes("context"), as_bytes("client"),
                                          as_bytes("device")};

bool run_pake(Crypto& crypto) {
  const Pake pake;
  Spake2plusProver prover;
  Spake2plusVerifier verifier;
  std::array<Byte, p256_point_size> share_p;
  std::array<Byte, p256_point_size> share_v;
  Spake2plusSecrets of_prover;
  Spake2plusSecrets of_verifier;
  return spake2plus_prover(pake.ws, prover) && spake2plus_register(crypto, prover, verifier) &&
         spake2plus_share_p(crypto, prover, pake.x, share_p) &&
         spake2plus_share_v(crypto, verifier, pake.y, share_v) &&
         spake2plus_finish_p(crypto, prover, pake_identity, pake.x, share_p, share_v, of_prover) &&
         spake2plus_finish_v(crypto, verifier, pake_identity, pake.y, share_p, share_v,
                             of_verifier) &&
         crypto.equal(of_prover.shared.view(), of_verifier.shared.view());
}

// The needles of that run; the points by another way: y*G and x*y*G.
bool pake_needles(Crypto& crypto, Masked& found) {
  const Pake pake;
  Spake2plusProver prover;
  Spake2plusVerifier verifier;
  std::array<Byte, p256_point_size> share_p;
  std::array<Byte, p256_point_size> share_v;
  std::array<Byte, p256_point_size> unmasked;
  std::array<Byte, p256_point_size> z;
  Spake2plusSecrets secrets;
  const bool done =
      spake2plus_prover(pake.ws, prover) && spake2plus_register(crypto, prover, verifier) &&
      spake2plus_share_p(crypto, prover, pake.x, share_p) &&
      spake2plus_share_v(crypto, verifier, pake.y, share_v) &&
      spake2plus_finish_p(crypto, prover, pake_identity, pake.x, share_p, share_v, secrets) &&
      crypto.p256_base_mul(pake.y, unmasked) && crypto.p256_mul(pake.x, unmasked, z);
  if (!done) return false;
  hide(pake.x, found[5]);
  hide(pake.y, found[6]);
  hide(prover.w0.view(), found[7]);
  hide(prover.w1.view(), found[8]);
  hide(ByteView(unmasked).subspan(1), found[9]);
  hide(ByteView(z).subspan(1), found[10]);
  hide(secrets.shared.view(), found[11]);
  return true;
}

// What a session drew and computed, under the mask.
class Seen {
 public:
  void add(ByteView bytes) {
    if (bytes.size() < window) return;
    std::array<Byte, window> masked;
    hide(bytes, masked);
    all_.insert(masked);
  }
  [[nodiscard]] bool has(const std::array<Byte, window>& needle) const {
    return all_.contains(needle);
  }

 private:
  std::set<std::array<Byte, window>> all_;
};

class SeenCrypto final : public ForwardingCrypto {
 public:
  SeenCrypto(Crypto& real, Seen& seen) : ForwardingCrypto(real), seen_(seen) {}

 private:
  void after(std::string_view, ByteView output) override { seen_.add(output); }
  Seen& seen_;
};

class SeenRandom final : public Random {
 public:
  SeenRandom(const char* label, Seen& seen) : real_(label), seen_(seen) {}
  Result<> fill(ByteSpan out) override {
    auto done = real_.fill(out);
    seen_.add(out);
    return done;
  }

 private:
  Drawn real_;
  Seen& seen_;
};

constexpr std::string_view session_serial = "WIB-2015-12-0042";
constexpr std::string_view session_code = "0123456789";

ByteView code_of(const Suite& suite) {
  return suite.key_exchange.reveals_with_share() ? as_bytes(session_code) : ByteView{};
}

struct Task {
  const Suite* suite = nullptr;
  bool pake = true;
  Crypto* crypto = nullptr;
  Certificates* certificates = nullptr;
  Store* store = nullptr;
  bool completed = false;
};

void* run(void* argument) {
  Task& task = *static_cast<Task*>(argument);
  Drawn device("device");
  Drawn client("client");
  task.completed = run_session({*task.suite, *task.crypto, *task.certificates, device, client,
                                *task.store, as_bytes(session_serial), code_of(*task.suite)});
  if (task.pake) task.completed = run_pake(*task.crypto) && task.completed;
  return nullptr;
}

// The scalar of the owner's P-256 key: RFC 5915 in PKCS#8, 04 20 in front of it.
void hide_private_key(std::array<Byte, window>& out) {
  const ByteView der = attacks::identity("owner").private_key;
  for (std::size_t i = 2; i + 32 <= der.size(); ++i) {
    if (der[i - 2] == 0x04 && der[i - 1] == 0x20) return hide(der.subspan(i), out);
  }
}

// The needles of an as-posted session.
bool posted_needles(const Suite& suite, Crypto& crypto, Masked& found) {
  std::array<Byte, cookie_size> skipped;
  std::array<std::array<Byte, exponent_size>, 2> x;
  attacks::StreamRandom device(2015, "device");
  attacks::StreamRandom client(2015, "client");
  (void)device.fill(skipped);
  (void)device.fill(x[0]);
  (void)client.fill(x[1]);
  std::vector<Byte> share(256);
  std::vector<Byte> z(256);
  Keys keys;
  const Group group = ffdhe2048();
  const bool done = crypto.mod_exp(group.g, x[0], group.p, share) &&
                    crypto.mod_exp(share, x[1], group.p, z) &&
                    suite.key_schedule.derive(crypto, z, {}, keys);
  hide(x[0], found[0]);
  hide(x[1], found[1]);
  hide(z, found[2]);
  hide(keys.to_device.encryption.view(), found[3]);
  hide_private_key(found[4]);
  return done;
}

// The needles of a hardened session: what both sides drew, and what is made of the code.
bool hardened_needles(Crypto& crypto, const Suite& suite, Masked& found) {
  std::array<Byte, exponent_size> x;
  std::array<Byte, exponent_size> y;
  std::array<Byte, cookie_size> cookie;
  attacks::StreamRandom client(2015, "client");
  (void)client.fill(x);
  attacks::ProfileNoise noise = session_noise();
  GateState gate;
  Spake2plusProver prover;
  const bool done = suite.entropy_gate.ready(crypto, noise, gate) &&
                    suite.entropy_gate.fill(crypto, client, gate, cookie) &&
                    suite.entropy_gate.fill(crypto, client, gate, y) &&
                    register_prover(crypto, as_bytes(session_code), as_bytes(session_serial),
                                    session_salt, min_iterations, prover);
  if (!done) return false;
  hide_private_key(found[static_cast<std::size_t>(Needle::private_key)]);
  hide(x, found[static_cast<std::size_t>(Needle::pake_x)]);
  hide(y, found[static_cast<std::size_t>(Needle::pake_y)]);
  hide(prover.w0.view(), found[static_cast<std::size_t>(Needle::w0)]);
  hide(prover.w1.view(), found[static_cast<std::size_t>(Needle::w1)]);
  return true;
}

// Which needles there are.
using Used = std::vector<std::size_t>;

Used needles_of(const Suite& suite, bool pake) {
  if (suite.key_exchange.reveals_with_share()) {
    Used used;
    for (const Needle needle :
         {Needle::private_key, Needle::pake_x, Needle::pake_y, Needle::w0, Needle::w1}) {
      used.push_back(static_cast<std::size_t>(needle));
    }
    return used;
  }
  Used used(pake ? needle_count : session_needles);
  std::iota(used.begin(), used.end(), std::size_t{0});
  return used;
}

// Computed in a process of its own, so that computing leaves nothing in this one.
bool find_needles(const Suite& suite, Crypto& crypto, Certificates& certificates, bool pake,
                  Masked& needles) {
  std::array<int, 2> pipe_ends{};
  if (pipe(pipe_ends.data()) != 0) return false;
  const pid_t child = fork();
  if (child == 0) {
    Masked found{};
    bool done = false;
    if (suite.key_exchange.reveals_with_share()) {
      done = hardened_needles(crypto, suite, found);
    } else {
      done = posted_needles(suite, crypto, found);
    }
    // A session draws and computes just these.
    Seen seen;
    SeenCrypto seen_crypto(crypto, seen);
    SeenRandom device_random("device", seen);
    SeenRandom client_random("client", seen);
    OnePlace store;
    bool used = run_session({suite, seen_crypto, certificates, device_random, client_random, store,
                             as_bytes(session_serial), code_of(suite)});
    // The owner's key is nobody's to draw, and w0 and w1 are made of what PBKDF2 gives.
    for (const std::size_t n : needles_of(suite, false)) {
      const auto needle = static_cast<Needle>(n);
      const bool made =
          needle == Needle::private_key || needle == Needle::w0 || needle == Needle::w1;
      used = used && (made || seen.has(found[n]));
    }
    if (pake) used = pake_needles(crypto, found) && used;
    const bool sent = used && done && write(pipe_ends[1], &found, sizeof found) == sizeof found;
    _exit(sent ? 0 : 1);
  }
  close(pipe_ends[1]);
  const bool got = read(pipe_ends[0], &needles, sizeof needles) == sizeof needles;
  int status = 1;
  waitpid(child, &status, 0);
  return got && status == 0;
}

// --- The search ---------------------------------------------------------------------------------

struct Region {
  const Byte* begin;
  const Byte* end;
  std::string kind;  // "stack", "heap", "program", or a library's file name
};

std::vector<Region> writable_regions(const Byte* stack, std::size_t stack_size) {
  std::vector<Region> regions;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::size_t begin = 0;
    std::size_t end = 0;
    char mode[8] = {};
    int path_at = 0;
    if (std::sscanf(line.c_str(), "%zx-%zx %7s %*s %*s %*s %n", &begin, &end, mode, &path_at) < 3 ||
        mode[0] != 'r' || mode[1] != 'w') {
      continue;
    }
    const std::string path = line.substr(static_cast<std::size_t>(path_at));
    const auto* from = reinterpret_cast<const Byte*>(begin);
    const auto* to = reinterpret_cast<const Byte*>(end);
    std::string kind = "heap";
    if (from < stack + stack_size && to > stack) {
      kind = "stack";
    } else if (path == "[stack]") {
      continue;  // of the searching thread
    } else if (path.starts_with("[v")) {
      continue;
    } else if (!path.empty() && path[0] == '/') {
      kind = path.find(".so") == std::string::npos ? "program" : path.substr(path.rfind('/') + 1);
    }
    regions.push_back({from, to, kind});
  }
  return regions;
}

// Compared under the mask, so that no needle is ever in the clear.
bool matches(const Byte* at, const std::array<Byte, window>& needle, bool reversed) {
  for (std::size_t i = 0; i < window; ++i) {
    const Byte wanted = reversed ? needle[window - 1 - i] : needle[i];
    if ((at[i] ^ mask) != wanted) return false;
  }
  return true;
}

using Finds = std::map<std::pair<Needle, std::string>, std::size_t>;

Finds search(const Masked& needles, const Used& used, const std::vector<Region>& regions,
             ByteView exempt) {
  Finds finds;
  for (const Region& region : regions) {
    for (const Byte* at = region.begin; at + window <= region.end; ++at) {
      if (at >= exempt.data() && at < exempt.data() + exempt.size()) continue;
      const Byte first = *at ^ mask;
      for (const std::size_t n : used) {
        const bool forward = first == needles[n][0] && matches(at, needles[n], false);
        const bool backward = first == needles[n][window - 1] && matches(at, needles[n], true);
        if (forward || backward) ++finds[{static_cast<Needle>(n), region.kind}];
      }
    }
  }
  return finds;
}

// --- What is known ------------------------------------------------------------------------------

struct Known {
  std::string_view backend;
  Needle needle;
  std::string_view where;
  std::string_view why;
};

// Measured with the versions of Debian 12.
constexpr auto known = std::to_array<Known>({
    {"wolfssl", Needle::pake_shared, "stack", "wc_HKDF leaves its last block there"},
});

int report(std::string_view backend, const Finds& finds, const Used& used) {
  int failures = 0;
  for (const auto& [what, count] : finds) {
    const auto& [needle, where] = what;
    const auto* entry = std::ranges::find_if(known, [&](const Known& k) {
      return k.backend == backend && k.needle == needle && k.where == where;
    });
    const bool is_known = entry != known.end();
    std::printf("%s: %s in the %s, %zu time(s): %s\n", std::string(backend).c_str(),
                needle_names[static_cast<std::size_t>(needle)], where.c_str(), count,
                is_known ? std::string(entry->why).c_str() : "NOT KNOWN");
    if (!is_known) ++failures;
  }
  for (const Known& k : known) {
    const bool looked_for =
        std::ranges::find(used, static_cast<std::size_t>(k.needle)) != used.end();
    if (k.backend == backend && looked_for && !finds.contains({k.needle, std::string(k.where)})) {
      std::printf("%s: %s in the %s is known, and was not found: STALE\n",
                  std::string(backend).c_str(), needle_names[static_cast<std::size_t>(k.needle)],
                  std::string(k.where).c_str());
      ++failures;
    }
  }
  if (finds.empty()) std::printf("%s: nothing is left\n", std::string(backend).c_str());
  return failures == 0 ? 0 : 1;
}

int main_of(std::string_view name, std::string_view reading) {
  static KeepsNothing keeps_nothing;
  static AnyPair any_pair;
  static OnePlace store;
  const bool core = name == "core";
  Backend* const backend = core ? nullptr : find_backend(name);
  const auto all = suites();
  const auto suite = std::ranges::find(all, reading, &Suite::reading);
  if ((!core && backend == nullptr) || suite == all.end()) {
    std::fprintf(stderr, "no such backend or reading\n");
    return 2;
  }
  // What keeps nothing has no curve; a hardened session has a run of SPAKE2+ in it.
  const bool hardened = suite->key_exchange.reveals_with_share();
  if (core && hardened) return 0;
  Task task{.suite = &*suite,
            .pake = !core && !hardened,
            .crypto = core ? &keeps_nothing : &backend->crypto(),
            .certificates = core ? &any_pair : &backend->certificates(),
            .store = &store};
  static Masked needles;
  if (!find_needles(*suite, *task.crypto, *task.certificates, task.pake, needles)) {
    std::fprintf(stderr, "the secrets could not be computed\n");
    return 2;
  }

  // The session runs on a stack of its own, which is there to be searched afterwards.
  constexpr std::size_t stack_size = std::size_t{1} << 20U;
  auto* const stack = static_cast<Byte*>(
      mmap(nullptr, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_t thread{};
  if (stack == MAP_FAILED || pthread_attr_setstack(&attributes, stack, stack_size) != 0 ||
      pthread_create(&thread, &attributes, run, &task) != 0 || pthread_join(thread, nullptr) != 0) {
    std::fprintf(stderr, "no thread\n");
    return 2;
  }
  if (!task.completed) {
    std::fprintf(stderr, "the session did not complete\n");
    return 2;
  }
  // The search must be able to find: the exempt copy is there.
  const Used used = needles_of(*suite, task.pake);
  if (search(needles, used,
             {{store.place().data(), store.place().data() + store.place().size(), "store"}}, {})
          .empty()) {
    std::fprintf(stderr, "the search does not find what is there\n");
    return 2;
  }
  return report(name, search(needles, used, writable_regions(stack, stack_size), store.place()),
                used);
}

}  // namespace
}  // namespace wib::props

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s READING\n", argv[0]);
    return 2;
  }
  std::vector<std::string> names = {"core"};
  for (const wib::Backend* backend : wib::backends()) names.emplace_back(backend->name());
  int failures = 0;
  for (const std::string& name : names) {
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
      const int result = wib::props::main_of(name, argv[1]);
      std::fflush(stdout);
      _exit(result);
    }
    int status = 1;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) ++failures;
  }
  return failures == 0 ? 0 : 1;
}
