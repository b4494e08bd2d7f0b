#!/bin/sh
# build.sh BUILD_DIR - builds the Debian packages, afresh but for what cargo has, and
# prints the folder in which they are.
#
# WINSHM_CARGO_TARGET_DIR  where cargo builds; kept between runs
set -eu

build=$1
umask 077 # of him who builds; not of the packages
multiarch=$(dpkg-architecture -qDEB_HOST_MULTIARCH)
rm -rf "$build"
mkdir -p "$build"
{
    cmake -S . -B "$build" -DWINSHM_DEB=ON -DWINSHM_BUILD_TESTS=OFF -DCMAKE_INSTALL_PREFIX=/usr \
        "-DCMAKE_INSTALL_LIBDIR=lib/$multiarch" -DWINSHM_CARGO_TARGET_DIR="$WINSHM_CARGO_TARGET_DIR"
    cmake --build "$build"
    (cd "$build" && cpack -G DEB)
} >"$build/log" 2>&1 || { cat "$build/log" >&2; exit 1; }
echo "$build/deb/packages"
