#!/bin/sh
# symbol_versions.sh - the library with versioned symbols does what the plain one does.
# needs: readelf=binutils
#
# Built as distributions build it (-DWINSHM_SYMBOL_VERSIONS=ON): every function has a
# version, the exports are the headers', it is as small, takes as many instructions, and
# passes the tests in C. WINSHM_FULL=1: all of those, not a part.
#
# WINSHM_LIBRARY_DIR       where the plain library is
# WINSHM_PACKAGES_DIR      where to build; kept between runs
# WINSHM_CARGO_TARGET_DIR  where cargo builds for CMake; the same
set -eu

. packages/lib/count.sh
plain=$WINSHM_LIBRARY_DIR/libwinshm.so
build=$WINSHM_PACKAGES_DIR/build
lib=$build/lib
versioned=$lib/libwinshm.so

cmake -S . -B "$build" -DWINSHM_BUILD_TESTS=OFF -DWINSHM_SYMBOL_VERSIONS=ON \
    -DWINSHM_CARGO_TARGET_DIR="$WINSHM_CARGO_TARGET_DIR"
cmake --build "$build"

# Says what is wrong with the library $1, and fails.
check() {
    c_tests/cmake/exports.sh "$1" >/dev/null || return 1
    without=$(nm -D --defined-only "$1" | awk '$2 != "A" && $3 !~ /@@WINSHM_0$/ { print $3 }')
    [ -z "$without" ] || { printf 'exports without the version WINSHM_0: %.200s\n' "$(echo $without)"; return 1; }
    dynamic=$(readelf -dW "$1")
    for word in '[libwinshm.so.0]' NODELETE BIND_NOW; do
        case $dynamic in *"$word"*) ;; *) echo "no $word in $1"; return 1 ;; esac
    done
    readelf -lW "$1" | grep -q GNU_RELRO || { echo "no RELRO in $1"; return 1; }
    ! readelf -rW "$1" | grep -q '@@WINSHM_0 + ' || { echo "$1 leaves to the loader which functions of its own it calls"; return 1; }
    # A thread's variables by descriptors, which the calls that return at once count on.
    [ "$(tls "$1")" = "$(tls "$plain")" ] || { echo "variables of threads otherwise than in $plain"; return 1; }
    [ "$(size_of "$1")" -le $(($(size_of "$plain") * 102 / 100)) ] || { echo "$1 is 2 % larger than $plain"; return 1; }
}
tls() { readelf -rW "$1" | grep -o -E 'R_X86_64_(TLSDESC|TPOFF64)|__tls_get_addr' | sort; }
size_of() {
    strip -o "$build/stripped" "$1"
    wc -c <"$build/stripped"
}

# What check says of the library $1 must contain $2.
refuses() {
    ! check "$1" >"$build/said" 2>&1 && grep -q -F -e "$2" "$build/said"
}

# WORDS EDIT FLAGS... - of a library that is linked by a script of versions which sed has
# edited, and with these flags, check says WORDS.
planted() {
    words=$1 edit=$2
    shift 2
    sed "$edit" "$build/versioned/libwinshm.so.map" >"$build/planted.map"
    gcc -shared -o "$build/planted.so" -Wl,--whole-archive "$lib/libwinshm.a" -Wl,--no-whole-archive \
        "-Wl,--version-script,$build/planted.map" -Wl,--gc-sections -Wl,-z,relro -Wl,-z,now "$@"
    count "planted: $words" refuses "$build/planted.so" "$words"
}

echo "plain: $(size_of "$plain") bytes stripped; versioned: $(size_of "$versioned")"
count "the library" check "$versioned"
count "the plain library" refuses "$plain" "without the version"
soname=-Wl,-soname,libwinshm.so.0
planted "without the version WINSHM_0: AddAcc" s/WINSHM_0/WINSHM_1/ $soname -Wl,-z,nodelete
planted "< CloseHandle" /CloseHandle/d $soname -Wl,-z,nodelete
planted "> rust_eh_personality" 's/CloseHandle;/& rust_eh_personality;/' $soname -Wl,-z,nodelete
planted "no [libwinshm.so.0]" "" -Wl,-z,nodelete
planted "no NODELETE" "" $soname
planted "which functions of its own" "" $soname -Wl,-z,nodelete

WINSHM_LIBRARY_DIR=$WINSHM_LIBRARY_DIR c_tests/counts/measure.sh >"$build/plain.csv"
WINSHM_LIBRARY_DIR=$lib c_tests/counts/measure.sh >"$build/versioned.csv"
count "instructions" c_tests/counts/compare.sh "$build/plain.csv" "$build/versioned.csv" >"$build/counts"
grep -v ' passed, ' "$build/counts" || true

tests='test_(create|handle|view|mutex|event|wait|timer|module|wide|shared_memory|thread)|process_(share|fork|exit|killed|mutex)'
[ "${WINSHM_FULL:-0}" = 0 ] || tests=.
cmake -G "Unix Makefiles" -S c_tests -B "$build/c_tests" -DWINSHM_LIBRARY_DIR="$lib" >/dev/null
for program in $(ctest --test-dir "$build/c_tests" -N -R "^c[.]shared[.]($tests)" | sed -n 's/.*: \(c[.]shared[.].*\)/\1/p'); do
    programs="${programs-} $program"
done
# shellcheck disable=SC2086 # a list of targets
make -C "$build/c_tests" -j2 $programs >/dev/null
ctest --test-dir "$build/c_tests" -j$(($(nproc) * 2)) --output-on-failure -R "^c[.]shared[.]($tests)"

conclude
