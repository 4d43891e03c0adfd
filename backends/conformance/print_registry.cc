// SPDX-License-Identifier: Apache-2.0
//
// One line for each backend in this program: its name, what its SHA-256 makes of "abc", and its
// library. out_of_tree.sh reads them.
#include <iostream>

#include "backends/conformance/vector.h"
#include "backends/registry.h"

int main() {
  for (wib::Backend* const backend : wib::all_backends()) {
    wib::conformance::Bytes digest(wib::sha256_size);
    const bool done = backend->crypto().sha256(wib::as_bytes("abc"), digest).has_value();
    std::cout << backend->name() << " " << (done ? wib::conformance::to_hex(digest) : "failed")
              << " " << backend->library() << "\n";
  }
}
