#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A backend that lives elsewhere (WIB_BACKEND_DIRS): a copy of backends/openssl under another name,
# with a mark planted in what it computes, is built and linked beside its original, and each is
# called by its own name. Then the example of backends/README.md under a name in front of all others:
# the conformance tests pass with it. Then what must be refused: a name that is taken or reserved, a
# folder that is none.
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

elsewhere="$scratch/else where"
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

# The same in front of all others, with one function of bare() and one divergence, which its own
# folder declares.
cp -r "$elsewhere/mylib" "$elsewhere/a_lib"
sed -i 's|^class MyBackend .*|class MyBare final : public wib::Bare {\
  Outcome hmac_sha256(ByteView key, ByteView message) override {\
    if (key.empty() \&\& message.empty()) return {.refused = true};\
    return {.offered = false};\
  }\
};\
&|
s|^  wib::Crypto& crypto() .*|&\
  wib::Bare* bare() noexcept override { return \&bare_; }|
s|^  MyCrypto crypto_;|&\
  MyBare bare_;|' "$elsewhere/a_lib/backend.cc"
cat >"$elsewhere/a_lib/divergences.json" <<'END'
[{"id": "no key, no message", "operation": "hmac_sha256",
  "inputs": {"key": "empty", "message": "empty"}, "bare": {"a_lib": "refused"}, "why": "a test",
  "wib": "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"}]
END

configure() {
  cmake -S "$source" -B "$build" -G Ninja "${options[@]}" "-DWIB_BACKEND_DIRS=$1" \
    >"$scratch/configure.log" 2>&1
}
options=("$@")

# An empty element; a path with a blank in it, one relative to the project.
configure ";$elsewhere/copyssl;;$(realpath --relative-to="$source" "$elsewhere/mylib")/" || {
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

# The conformance tests with a backend that has little and comes first.
tests=(wib-conformance wib-conformance-pairs wib-conformance-divergences)
configure "$elsewhere/a_lib" || {
  cat "$scratch/configure.log"
  fail "the example in front is not configured"
}
cmake --build "$build" --target "${tests[@]}" >"$scratch/build.log" 2>&1 || {
  tail -40 "$scratch/build.log"
  fail "the conformance tests are not built"
}
# passes TEST OPTION...
passes() {
  (cd "$scratch" && RC_PARAMS="seed=2015 max_success=20" \
    "$build/backends/conformance/$1" --gtest_brief=1 "${@:2}") >"$scratch/test.log" 2>&1
}
# Every source for the new one and every manifest; the others are in conformance.vectors.
passes wib-conformance --gtest_filter='sources.*:vectors_a_lib.*:manifest.*a_lib*:Manifests.*' &&
  passes wib-conformance-pairs && passes wib-conformance-divergences || {
  tail -40 "$scratch/test.log"
  fail "the conformance tests fail with the example in front"
}
mv "$elsewhere/a_lib/divergences.json" "$elsewhere/a_lib/undeclared.json"
! passes wib-conformance-divergences || fail "a divergence that is not declared is not found"
echo "a_lib: the conformance tests pass"

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
mkdir -p "$elsewhere/support" "$elsewhere/conformance" "$elsewhere/c++" "$elsewhere/open"
cp "$elsewhere/copyssl/CMakeLists.txt" "$elsewhere/support/"
cp "$elsewhere/copyssl/CMakeLists.txt" "$elsewhere/conformance/"
touch "$elsewhere/no_call/CMakeLists.txt"
refused "$elsewhere/openssl" "there is a backend 'openssl' already; rename $elsewhere/openssl"
refused "$elsewhere/copyssl;$elsewhere/copyssl" "there is a backend 'copyssl' already"
refused "$elsewhere/empty" "$elsewhere/empty has no CMakeLists.txt"
refused "$elsewhere/nowhere" "$elsewhere/nowhere has no CMakeLists.txt"
refused "$elsewhere/no_call" "$elsewhere/no_call/CMakeLists.txt did not call wib_add_backend()"
refused "$elsewhere/Copy-SSL" "backend 'Copy-SSL': the name of its folder is a C++ name"
refused "$elsewhere/c++" "backend 'c++': the name of its folder is a C++ name"
refused "$elsewhere/open" "$elsewhere/open has no CMakeLists.txt"
refused "$elsewhere/support" "backend 'support': the name is reserved"
refused "$elsewhere/conformance" "backend 'conformance': the name is reserved"
