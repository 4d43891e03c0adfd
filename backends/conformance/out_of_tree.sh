#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A backend that lives elsewhere (WIB_BACKEND_DIRS): a copy of backends/openssl under another name,
# with a mark planted in what it computes, is built and linked beside its original, and each is
# called by its own name. Then what must be refused: a name that is taken, a folder that is none.
#
#   out_of_tree.sh SOURCE-DIR SCRATCH-DIR [cmake options...]
set -euo pipefail
source=$1
scratch=$2
shift 2

fail() {
  echo "out_of_tree: $*" >&2
  exit 1
}

elsewhere=$scratch/elsewhere
build=$scratch/build
rm -rf "$elsewhere"
mkdir -p "$elsewhere/openssl" "$elsewhere/empty" "$elsewhere/no_call" "$elsewhere/Copy-SSL"
cp -r "$source/backends/openssl" "$elsewhere/copyssl"

# The mark: the copy's SHA-256 is 77 77 77 ..., and it says who it is.
sed -i 's|^Result<> OpensslCrypto::do_sha256(Pieces message, ByteSpan digest) {$|&\
  message.for_each([](ByteView) {});\
  for (Byte\& byte : digest) byte = 0x77;\
  if (!digest.empty()) return {};|' "$elsewhere/copyssl/crypto.cc"
sed -i 's|return OpenSSL_version(OPENSSL_VERSION);|return "planted in the copy";|' \
  "$elsewhere/copyssl/backend.cc"
for file in crypto backend; do
  ! cmp -s "$elsewhere/copyssl/$file.cc" "$source/backends/openssl/$file.cc" ||
    fail "could not plant a mark in $file.cc"
done

# The example of backends/README.md, as it stands there.
mkdir -p "$elsewhere/mylib"
awk -v folder="$elsewhere/mylib" '
  /^<!-- file: / { file = folder "/" $3; next }
  file != "" && /^```/ { if (inside) { file = ""; inside = 0 } else { inside = 1 }; next }
  inside { print > file }
' "$source/backends/README.md"
[ -s "$elsewhere/mylib/CMakeLists.txt" ] && [ -s "$elsewhere/mylib/backend.cc" ] ||
  fail "backends/README.md has no example"

configure() {
  cmake -S "$source" -B "$build" -G Ninja "${options[@]}" "-DWIB_BACKEND_DIRS=$1" \
    >"$scratch/configure.log" 2>&1
}
options=("$@")

configure "$elsewhere/copyssl;$elsewhere/mylib" || {
  cat "$scratch/configure.log"
  fail "a copy under another name is not configured"
}
cmake --build "$build" --target wib-print-registry >"$scratch/build.log" 2>&1 || {
  tail -40 "$scratch/build.log"
  fail "a copy under another name is not built"
}
lines=$(find "$build" -name wib-print-registry -type f -exec {} \;)
echo "$lines"
marked=$(printf '77%.0s' {1..32})
genuine=ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
grep -qxF "copyssl $marked planted in the copy" <<<"$lines" || fail "the copy is not called"
grep -qxF "mylib $genuine mylib 1.0" <<<"$lines" || fail "the example of README.md is not called"
grep -q "^openssl $genuine OpenSSL 3\." <<<"$lines" || fail "the original is not called"

# refused FOLDERS MESSAGE
refused() {
  ! configure "$1" || fail "taken: $1"
  tr -s ' \n' ' ' <"$scratch/configure.log" | grep -qF -- "$2" || {
    cat "$scratch/configure.log"
    fail "$1: refused, but not with: $2"
  }
  echo "refused: $2"
}
cp "$elsewhere/copyssl/CMakeLists.txt" "$elsewhere/openssl/"
cp "$elsewhere/copyssl/CMakeLists.txt" "$elsewhere/Copy-SSL/"
touch "$elsewhere/no_call/CMakeLists.txt"
refused "$elsewhere/openssl" "there is a backend 'openssl' already; rename $elsewhere/openssl"
refused "$elsewhere/copyssl;$elsewhere/copyssl" "there is a backend 'copyssl' already"
refused "$elsewhere/empty" "$elsewhere/empty has no CMakeLists.txt"
refused "$elsewhere/nowhere" "$elsewhere/nowhere has no CMakeLists.txt"
refused "$elsewhere/no_call" "$elsewhere/no_call/CMakeLists.txt did not call wib_add_backend()"
refused "$elsewhere/Copy-SSL" "backend 'Copy-SSL': the name of its folder is a C++ name"
