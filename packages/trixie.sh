#!/bin/sh
# trixie.sh - the Debian packages of this machine serve Debian 13, which builds the project with its own cargo.
# needs: dpkg-gensymbols=dpkg-dev debootstrap=debootstrap
#
# In a fresh root of that release all is done that deb.sh does in one of this machine's. Its
# cargo, of the oldest version that the project promises to serve, builds library and tool,
# and checks the tests, without network. Needs the rights of root.
#
# WINSHM_PACKAGES_DIR      where to build; kept between runs
# WINSHM_CARGO_TARGET_DIR  where cargo builds for CMake; the same
set -eu

. packages/lib/count.sh
in_root() { packages/deb/root.sh "$WINSHM_PACKAGES_DIR/root" "$1" "$debs" trixie cargo,rustc; }

if [ "$(id -u)" != 0 ]; then
    printf '\n*** SKIPPED: Debian 13: this needs root ***\n\n'
elif [ ! -e /usr/share/debootstrap/scripts/trixie ]; then
    printf '\n*** SKIPPED: Debian 13: this debootstrap does not know it ***\n\n'
else
    debs=$(packages/deb/build.sh "$WINSHM_PACKAGES_DIR/build")
    in_root packages/deb/round_trip.sh || count "what is done in the root" false
    # What cargo would fetch, beside the packages: the root has no network.
    cargo vendor --quiet --locked "$debs/vendor" >/dev/null
    in_root packages/deb/own_cargo.sh || count "what is built in the root" false
fi
conclude
