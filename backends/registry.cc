// SPDX-License-Identifier: Apache-2.0
#include "backends/registry.h"

#include <algorithm>
#include <vector>

namespace wib {
namespace {

// Those that run the suites first, then the other real ones, then the rest; by name within each.
struct Registry {
  std::vector<Backend*> all;
  std::size_t whole = 0;
  std::size_t real = 0;

  Registry() {
    const auto add = [&](auto belongs) {
      std::ranges::copy_if(linked_backends(), std::back_inserter(all), belongs);
      return all.size();
    };
    const auto runs_all = [](const Backend* backend) {
      return backend->manifest().real && std::ranges::all_of(suites(), [&](const Suite& suite) {
               return runs(*backend, suite);
             });
    };
    whole = add(runs_all);
    real =
        add([&](const Backend* backend) { return backend->manifest().real && !runs_all(backend); });
    add([](const Backend* backend) { return !backend->manifest().real; });
  }
};

const Registry& registry() {
  static const Registry built;
  return built;
}

}  // namespace

Capabilities needs(const Suite& suite) noexcept {
  // By the choices' names; what is not listed needs nothing but SHA-256, which all do.
  struct Need {
    std::string_view choice;
    Capabilities of;
  };
  using enum Capability;
  static const auto all = std::to_array<Need>({
      {"plain_dh", {mod_exp}},
      {"spake2plus", {p256, hkdf_sha256, hmac_sha256, pbkdf2_sha256}},
      {"hkdf_transcript", {hkdf_sha256}},
      {"cbc", {aes256_cbc, hmac_sha512}},
      {"ctr", {aes256_ctr, hmac_sha512}},
      {"gcm", {aes256_gcm}},
      {"chacha20", {chacha20_poly1305}},
      {"named_p256", {p256}},
      {"named_x25519", {x25519}},
      {"sp800_90b", {hmac_sha256, hkdf_sha256}},
  });
  Capabilities needed = {sha256};
  const auto add = [&](std::string_view choice) {
    for (const Need& need : all) {
      if (need.choice != choice) continue;
      for (const Capability capability : all_capabilities()) {
        if (need.of.has(capability)) needed.add(capability);
      }
    }
  };
  for (std::size_t slot = 0; slot < slot_count; ++slot) add(choice_name(suite, slot));
  add(suite.reading());
  return needed;
}

bool runs(const Backend& backend, const Suite& suite) noexcept {
  const Manifest manifest = backend.manifest();
  const bool judges_pairs =
      manifest.has.has(Capability::certificates_p256) || !manifest.certificates_from.empty();
  return manifest.has.has_all(needs(suite)) && judges_pairs;
}

std::span<Backend* const> all_backends() noexcept { return registry().all; }

std::span<Backend* const> real_backends() noexcept { return all_backends().first(registry().real); }

std::span<Backend* const> backends() noexcept { return all_backends().first(registry().whole); }

Backend* find_backend(std::string_view name) noexcept {
  const auto found = std::ranges::find(all_backends(), name, &Backend::name);
  return found == all_backends().end() ? nullptr : *found;
}

}  // namespace wib
