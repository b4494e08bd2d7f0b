#!/bin/sh
# run.sh SOURCE_DIR - uses winshm in each way in which a program can: by
# add_subdirectory, FetchContent, find_package after an install that was moved,
# pkg-config, and plain gcc. Looks at the library, too: its name, its flags, its
# symbols, its version.
#
# WINSHM_CARGO_TARGET_DIR   where cargo builds, to be kept between runs
# WINSHM_LIBRARY_DIR        the result of `cargo build --release`, if it is there
set -eu

source_dir=$(cd "$1" && pwd)
here=$source_dir/c_tests/cmake
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo_dir=${WINSHM_CARGO_TARGET_DIR:-$work/cargo}
cargo=${CARGO:-cargo}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$source_dir/Cargo.toml")
soname=libwinshm.so.${version%%.*}
unset LD_LIBRARY_PATH LD_RUN_PATH
git_before=$(git -C "$source_dir" status --porcelain 2>/dev/null || echo "no git")

say() { echo "-- $*"; }
fail() { echo "cmake: $*" >&2; exit 1; }

# Configures and builds the project in this folder, and runs its programs.
use_by_cmake() {
    way=$1
    shift
    say "$way"
    cmake -S "$here" -B "$work/$way" -DWAY="$way" -DWINSHM_CARGO_TARGET_DIR="$cargo_dir" "$@"
    cmake --build "$work/$way" -j2
    for program in app_c app_cxx app_c_static app_cxx_static; do
        "$work/$way/$program" || fail "$program does not run by $way"
    done
    needs "$work/$way/app_c" "$soname"
    needs "$work/$way/app_cxx" "$soname"
    needs_no_winshm "$work/$way/app_c_static"
    needs_no_winshm "$work/$way/app_cxx_static"
}

needs() {
    readelf -d "$1" | grep "NEEDED.*\[$2\]" >/dev/null || fail "$1 does not need $2"
}

needs_no_winshm() {
    ! readelf -d "$1" | grep "NEEDED.*winshm" || fail "$1 needs the shared library"
}

# Each export must be in the table of the documentation; winshm_Foo32 stands there
# as Foo, which must be an export too.
check_reference() {
    sed 's/^winshm_\(.*\)32$/\1/' "$work/exported" | sort -u >"$work/functions"
    twins=$(comm -23 "$work/functions" "$work/exported")
    [ -z "$twins" ] || fail "no function for 16-bit units beside the one for 32-bit units:" $twins
    grep -o '`[A-Za-z0-9_]*`' "$source_dir/docs/reference.md" | tr -d '`' | sort -u >"$work/documented"
    missing=$(comm -23 "$work/functions" "$work/documented")
    [ -z "$missing" ] || fail "not in docs/reference.md:" $missing
}

# GetProcAddress must find every function, in the width of the caller's wchar_t; also
# where the library is linked into the program, which has no symbols at run time then.
check_found_by_name() {
    how=$1 libraries=$2
    sh "$here/function_table.sh" --names "$source_dir/include/winshm.h" "$source_dir/include/winshm_nt.h" \
        "$source_dir/include/SharedMemory.h" >"$work/table.c"
    for form in -fno-short-wchar -fshort-wchar; do
        # shellcheck disable=SC2086 # a list of flags
        gcc -fPIC $form -Wno-deprecated-declarations -I"$source_dir/include" -I"$work" "$here/found_by_name.c" \
            -o "$work/found_by_name" $libraries
        "$work/found_by_name" || fail "$how: functions are not found by name ($form)"
    done
}

# Checks the shared library with a versioned name.
check_library() {
    readelf -d "$1" | grep "SONAME.*\[$soname\]" >/dev/null || fail "$1: wrong SONAME"
    # Threads may end after dlclose, in code that must still be there.
    readelf -d "$1" | grep NODELETE >/dev/null || fail "$1 may be unloaded"
    "$here/exports.sh" "$1" >"$work/exported" || fail "$1 has other functions than the headers"
    check_reference
}

# What rustc says about a static library of this crate; no optimiser is needed
# for the answer.
check_native_libs() {
    wanted=$(cd "$source_dir" && "$cargo" rustc --locked --lib --crate-type staticlib \
        --target-dir "$cargo_dir" --color never -- --print native-static-libs 2>&1 |
        sed -n 's/.*native-static-libs: //p')
    [ -n "$wanted" ] || fail "rustc does not name the native libraries"
    given=" $(pkg-config --static --libs winshm) "
    for library in $wanted; do
        case $given in
            *" $library "*) ;;
            *) fail "rustc wants $library, winshm.pc has$given" ;;
        esac
    done
}

check_versions() {
    [ "$(pkg-config --modversion winshm)" = "$version" ] || fail "winshm.pc is not version $version"
    grep "^#define WINSHM_VERSION.* \"$version\"" "$source_dir/include/winshm.h" >/dev/null ||
        fail "winshm.h is not version $version"
}

# gcc and g++ with the given flags for headers and libraries.
use_by_hand() {
    way=$1 headers=$2 libraries=$3
    say "$way"
    # shellcheck disable=SC2086 # these are lists of flags
    {
        gcc -std=c11 "$here/app.c" $headers -o "$work/by_hand_c" $libraries
        g++ -std=c++17 "$here/app.cpp" $headers -o "$work/by_hand_cxx" $libraries
    }
    "$work/by_hand_c" || fail "app.c does not run by $way"
    "$work/by_hand_cxx" || fail "app.cpp does not run by $way"
}

use_by_cmake add_subdirectory -DWINSHM_SOURCE_DIR="$source_dir"
# What the first build fetched is there now: from here on without network.
use_by_cmake FetchContent -DFETCHCONTENT_SOURCE_DIR_WINSHM="$source_dir" -DWINSHM_OFFLINE=ON

say "install"
cmake -S "$source_dir" -B "$work/build" -DWINSHM_BUILD_TESTS=OFF -DWINSHM_OFFLINE=ON \
    -DWINSHM_CARGO_TARGET_DIR="$cargo_dir" -DCMAKE_INSTALL_LIBDIR=lib
cmake --build "$work/build"
cmake --install "$work/build" --prefix "$work/staged"
mv "$work/staged" "$work/moved"
prefix=$work/moved
check_library "$prefix/lib/libwinshm.so"
use_by_cmake find_package -DCMAKE_PREFIX_PATH="$prefix" -DWANTED_VERSION="$version"

export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
compat=-I$(pkg-config --variable=compatdir winshm)
use_by_hand pkg-config "$(pkg-config --cflags winshm) $compat" \
    "$(pkg-config --libs winshm) -Wl,-rpath,$prefix/lib"
needs "$work/by_hand_c" "$soname"
check_versions
check_native_libs

rm "$prefix"/lib/libwinshm.so*
use_by_hand "pkg-config --static" "$(pkg-config --cflags winshm) $compat" \
    "$(pkg-config --static --libs winshm)"
needs_no_winshm "$work/by_hand_c"

library_dir=${WINSHM_LIBRARY_DIR:-$source_dir/target/release}
if [ ! -e "$library_dir/libwinshm.so" ]; then
    library_dir=$cargo_dir/release
    (cd "$source_dir" && "$cargo" build --release --lib --locked --target-dir "$cargo_dir")
fi
# Links, because a list of flags cannot hold a path with a space. Without
# WINSHM_SONAME the library has no SONAME: cargo makes no link for one.
ln -s "$source_dir/include" "$work/include"
ln -s "$library_dir" "$work/library"
use_by_hand "plain gcc" "-I$work/include -I$work/include/compat" \
    "-L$work/library -lwinshm -Wl,-rpath,$work/library"
needs "$work/by_hand_c" libwinshm.so

say "functions by name"
check_found_by_name "shared library" "-L$work/library -lwinshm -Wl,-rpath,$work/library"
native_libs=$(pkg-config --static --libs-only-l winshm | sed 's/-lwinshm //')
check_found_by_name "static library" "$work/library/libwinshm.a $native_libs -pthread"
gcc "$here/opened_alone.c" -o "$work/opened_alone"
"$work/opened_alone" "$work/library/libwinshm.so" || fail "opened alone, the library does not find its functions"

[ "$(git -C "$source_dir" status --porcelain 2>/dev/null || echo "no git")" = "$git_before" ] ||
    fail "the source tree was changed"
say "all ways work"
