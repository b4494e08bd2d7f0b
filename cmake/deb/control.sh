#!/bin/sh
# control.sh SOURCE_DIR OUTPUT_DIR LIBRARY TOOL VERSION RELEASE MAINTAINER - writes what
# Debian packages have beside the installed files: the copyright file, the changelogs, the
# packages that they depend on, and for the package of the runtime which symbols there are
# since when, and what must run after it was installed.
#
# LIBRARY              libwinshm.so with versioned symbols, named by its SONAME
# SOURCE_DATE_EPOCH    the time of the release; else that of CHANGELOG.md
set -eu

source_dir=$1 output=$2 library=$3 tool=$4 version=$5 release=$6 maintainer=$7
here=$(cd "$(dirname "$0")" && pwd)
soname=$(basename "$library")
number=${soname##*.}
package=libwinshm$number
mkdir -p "$output"

"$here/copyright.sh" "$source_dir" >"$output/copyright"

time=${SOURCE_DATE_EPOCH:-$(stat -c %Y "$source_dir/CHANGELOG.md")}
gzip -9 -n -c "$source_dir/CHANGELOG.md" >"$output/changelog.gz"
gzip -9 -n -c >"$output/changelog.Debian.gz" <<EOF
winshm ($version-$release) unstable; urgency=medium

  * Package of winshm $version; changelog.gz tells what is new.

 -- $maintainer  $(LC_ALL=C date -u -R -d "@$time")
EOF

# Programs that use a function need the version that brought it: abi/ remembers which.
# What is not in that file, or is gone, is an error.
dpkg-gensymbols -q -c4 "-p$package" "-v$version" "-I$source_dir/abi/$package.symbols" "-e$library" "-O$output/symbols"
echo "libwinshm $number $package (>= $version)" >"$output/shlibs"
echo "activate-noawait ldconfig" >"$output/triggers"

# CPack would ask dpkg-shlibdeps itself, but then it also runs ldconfig in scripts, for
# which Debian has the trigger.
mkdir -p "$output/shlibdeps/debian"
printf 'Source: winshm\n\nPackage: %s\nArchitecture: any\n' "$package" >"$output/shlibdeps/debian/control"
depends() { (cd "$output/shlibdeps" && dpkg-shlibdeps --warnings=0 -O "$1" | sed -n 's/^shlibs:Depends=//p'); }
cat >"$output/depends.cmake" <<EOF
set(CPACK_DEBIAN_RUNTIME_PACKAGE_DEPENDS "$(depends "$library")")
set(CPACK_DEBIAN_TOOL_PACKAGE_DEPENDS "$(depends "$tool")")
EOF
