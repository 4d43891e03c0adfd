#!/usr/bin/env bash
# Builds every fuzz target as OSS-Fuzz and ClusterFuzzLite want it, from their variables: $CC $CXX
# $CFLAGS $CXXFLAGS $LIB_FUZZING_ENGINE $SRC $WORK $OUT. What is in $OUT then:
#   fuzz_NAME  fuzz_NAME_seed_corpus.zip  fuzz_NAME.dict  fuzz_NAME.options  lib/
# WIB_SOURCE: the sources, if not $SRC/wib. WIB_CANARY=1: with the canary, which is made to crash
# and therefore is not sent where crashes are alarms.
set -euo pipefail

source=${WIB_SOURCE:-$SRC/wib}
build=$WORK/wib

# WIB_SANITIZE stays empty: what to instrument is said by the flags. Libraries that are not in the
# image where the targets run go beside them: DT_RPATH (not RUNPATH) for those that they need, too.
cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE= \
  -DCMAKE_C_COMPILER="$CC" -DCMAKE_CXX_COMPILER="$CXX" \
  -DCMAKE_C_FLAGS="$CFLAGS" -DCMAKE_CXX_FLAGS="$CXXFLAGS" \
  -DWIB_SANITIZE= -DWIB_FUZZ_ENGINE="$LIB_FUZZING_ENGINE" \
  -DCMAKE_BUILD_RPATH='$ORIGIN/lib' -DCMAKE_EXE_LINKER_FLAGS=-Wl,--disable-new-dtags
cmake --build "$build" --target fuzz_targets -j "${WIB_JOBS:-$(nproc)}"

exec python3 -B "$source/.clusterfuzzlite/pack.py" "$source" "$build" "$OUT"
