#!/bin/sh
# deb.sh - Debian packages are built, and are installed, used and removed in a fresh root.
# needs: dpkg-gensymbols=dpkg-dev lintian=lintian debootstrap=debootstrap file=file
#
# The root is one of this machine's release, from where its apt gets packages; made once
# and kept. It needs the rights of root, without which only the packages are checked.
#
# WINSHM_PACKAGES_DIR      where to build; kept between runs
# WINSHM_CARGO_TARGET_DIR  where cargo builds for CMake; the same
set -eu

. packages/lib/count.sh
debs=$(packages/deb/build.sh "$WINSHM_PACKAGES_DIR/build")
count "three packages" [ "$(cd "$debs" && echo *_amd64.deb | wc -w)" = 3 ]

for deb in "$debs"/*.deb; do
    dpkg-deb -c "$deb" | sed -n 's/^[^d].* \.\(\/[^ ]*\)\( -> .*\)\{0,1\}$/\1/p'
done | sort >"$debs/files"
count "no file is in two packages" [ -z "$(uniq -d "$debs/files")" ]
for file in $(cd include && find . -name '*.[hH]' | sed 's/^\.\///; s/^compat\//winshm-compat\//'); do
    grep -q -x "/usr/include/$file" "$debs/files" || { count "the header $file is in a package" false; }
done

count "lintian" lintian --fail-on error,warning --info --tag-display-limit 0 "$debs"/*.deb
# Lintian, too, is seen to fail.
dpkg-deb -R "$debs"/libwinshm0_*.deb "$debs/planted"
cp -L "$WINSHM_PACKAGES_DIR/build/lib/libwinshm.so" "$debs/planted/usr/lib/"*/libwinshm.so.0.* # not stripped
dpkg-deb --root-owner-group -b "$debs/planted" "$debs/planted.deb" >/dev/null
finds() { ! lintian --fail-on error,warning "$2" >"$debs/said" && grep "$1" "$debs/said"; }
count "lintian finds what is planted" finds unstripped-binary-or-object "$debs/planted.deb"
rm -r "$debs/planted" "$debs/planted.deb"

if [ "$(id -u)" = 0 ]; then
    packages/deb/root.sh "$WINSHM_PACKAGES_DIR/root" packages/deb/round_trip.sh "$debs" ||
        count "in a fresh root" false
else
    printf '\n*** SKIPPED: installing in a fresh root: this needs root ***\n\n'
fi
conclude
