#!/bin/sh
# root.sh CACHE SCRIPT FOLDER [RELEASE PACKAGES] - runs the script in a copy of a minimal
# root of this machine's release, or of that other one of Debian, with compilers and with the
# further packages (a,b), as `SCRIPT` in the source tree at /source and with the folder at
# /debs. The root is made by debootstrap once, and kept in CACHE. Needs root.
#
# The copy has processes, mounts, a network and System V objects of its own: nothing is
# left of it when it ends, however that is.
set -eu

cache=$1 script=$2 folder=$3
include=gcc,g++,libc6-dev,make,cmake,pkg-config,dpkg-dev,man-db${5:+,$5}
this=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
codename=${4:-$this}

# Where apt gets the packages of this release, which has those of other releases too if it
# is one of Debian; empty is what debootstrap takes itself.
mirror=
if [ "$codename" = "$this" ] || grep -q '^ID=debian$' /etc/os-release; then
    mirror=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
        sed -n "s/^$this main //p" | head -n 1)
fi

base=$cache/$codename-$(printf '%s' "$include" | cksum | cut -d' ' -f1)
if [ ! -d "$base" ]; then
    echo "a root of $codename is made by debootstrap"
    rm -rf "$cache"
    mkdir -p "$cache"
    # shellcheck disable=SC2086 # a mirror or none
    unshare --mount debootstrap --variant=minbase "--include=$include" "$codename" "$base.new" $mirror >"$cache/log" 2>&1 || {
        tail -n 20 "$cache/log" >&2
        exit 1
    }
    rm -rf "$base.new"/var/cache/apt/archives/*.deb
    mv "$base.new" "$base"
fi

work=$cache/work
rm -rf "$work"
cp -a --reflink=auto "$base" "$work"
status=0
unshare --mount --pid --fork --ipc --net --uts sh -eu -c '
    work=$1 source=$2 folder=$3
    mkdir -p "$work/source" "$work/debs"
    mount --bind -o ro "$source" "$work/source"
    mount --bind -o ro "$folder" "$work/debs"
    mount -t proc proc "$work/proc"
    mount -t tmpfs tmpfs "$work/dev"
    for node in null zero full random urandom tty; do
        : >"$work/dev/$node"
        mount --bind "/dev/$node" "$work/dev/$node"
    done
    mkdir "$work/dev/shm" "$work/dev/pts"
    chmod 1777 "$work/dev/shm"
    ln -s /proc/self/fd "$work/dev/fd"
    exec chroot "$work" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive TMPDIR=/tmp sh "/source/$4"
' sh "$work" "$PWD" "$folder" "$script" || status=$?
rm -rf "$work"
exit $status
