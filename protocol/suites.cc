// SPDX-License-Identifier: Apache-2.0
#include "protocol/suites.h"

namespace wib {
namespace {

Suite as_posted(std::string_view reading, const Protection& protection) noexcept {
  return Suite{
      .name = "as_posted",
      .reading = reading,
      .key_exchange = plain_dh(),
      .freshness = no_freshness(),
      .key_schedule = raw_hash(),
      .protection = protection,
      .group_policy = take_any(),
      .session_policy = several_sessions(),
      .attempt_limit = unlimited_attempts(),
      .entropy_gate = no_gate(),
  };
}

}  // namespace

std::span<const Suite> suites() noexcept {
  static const std::array<Suite, 2> all = {
      as_posted("cbc", aes_cbc_encrypt_and_mac()),
      as_posted("ctr", aes_ctr_encrypt_and_mac()),
  };
  return all;
}

const Suite* find_suite(std::string_view name, std::string_view reading) noexcept {
  for (const Suite& suite : suites()) {
    if (suite.name == name && (reading.empty() || suite.reading == reading)) return &suite;
  }
  return nullptr;
}

}  // namespace wib
