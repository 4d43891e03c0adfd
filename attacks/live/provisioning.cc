// SPDX-License-Identifier: Apache-2.0
#include "attacks/live/provisioning.h"

namespace wib::attacks {
namespace {

std::unexpected<LiveError> wrong(const std::filesystem::path& store, std::string_view what) {
  return std::unexpected(LiveError{"the store " + store.string() + ": " + std::string(what)});
}

}  // namespace

LiveResult<> store_verifier(const ProvisioningOptions& options) {
  auto store = DirectoryStore::open(options.store);
  if (!store) return std::unexpected(store.error());
  const auto existing = load_verifier(*store);
  if (!existing) return wrong(options.store, existing.error().where);
  if (*existing) return wrong(options.store, "has a verifier already; its label is the other one");
  std::array<Byte, salt_size> salt;
  if (auto drawn = SystemRandom().fill(salt); !drawn) {
    return std::unexpected(LiveError{"the system gives no randomness"});
  }
  Verifier verifier;
  if (auto done =
          register_verifier(options.crypto, options.label.code.view(),
                            as_bytes(options.label.serial), salt, options.iterations, verifier);
      !done) {
    return std::unexpected(
        LiveError{"the code cannot be registered: " + std::string(done.error().where)});
  }
  std::array<Byte, max_verifier_size> record;
  const WipeGuard wipe(record);
  const auto written = write_verifier(verifier, record);
  if (!written) return wrong(options.store, written.error().where);
  if (auto put = store->put(Record::verifier, *written); !put) {
    return wrong(options.store, put.error().where);
  }
  return {};
}

}  // namespace wib::attacks
