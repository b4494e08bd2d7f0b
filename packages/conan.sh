#!/bin/sh
# conan.sh - the Conan package is made, tested and used.
# needs: virtualenv=python3-virtualenv
#
# By the client from PyPI, with a cache of its own and without any remote: shared and
# static, with and without the drop-in headers and the tool; then a program finds the
# package as a dependency, by CMake and by pkg-config.
#
# WINSHM_PACKAGES_DIR  where things are installed and built; kept between runs
set -eu
here=$WINSHM_PACKAGES_DIR
export CONAN_HOME="$here/home"
PATH=$here/venv/bin:$PATH
unset CMAKE_PREFIX_PATH PKG_CONFIG_PATH LD_LIBRARY_PATH

[ -x "$here/venv/bin/conan" ] || { virtualenv -q "$here/venv" && "$here/venv/bin/pip" install -q "conan>=2,<3"; }
[ -e "$CONAN_HOME/profiles/default" ] || conan profile detect >/dev/null 2>&1

. packages/lib/count.sh

said=$here/said

# One folder for cargo: the library is the same in all packages. Nothing is written into
# the source tree.
create() {
    quietly conan create packages/conan --no-remote \
        -c tools.cmake.cmaketoolchain:extra_variables="{'WINSHM_CARGO_TARGET_DIR': '$here/cargo'}" \
        -c tools.cmake.cmake_layout:test_folder="$here/test" "$@"
}
# Says the folder of the package that was made last with these options.
folder() {
    reference=$(conan list 'winshm/*:*' --filter-options="winshm/*:shared=$1" --filter-options="winshm/*:compat=$2" \
        --format=compact 2>/dev/null | grep -o 'winshm/[0-9.]*#[0-9a-f]*:[0-9a-f]*' | tail -n 1)
    conan cache path "$reference"
}
# The files of a package: just these libraries, the headers and the licences.
contains() {
    package=$1
    shift
    [ "$(cd "$package/lib" && echo *)" = "$*" ] || { ls -R "$package/lib"; return 1; }
    [ -e "$package/include/winshm.h" ] && [ -e "$package/licenses/LICENSE-MIT" ]
}

count "shared" create -o 'winshm/*:shared=True'
count "its test ran" grep -q 'a source for Windows owns a mutex' "$said"
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
count "files of the shared one" contains "$(folder True True)" libwinshm.so libwinshm.so.0 "libwinshm.so.$version"
count "static" create -o 'winshm/*:shared=False'
count "files of the static one" contains "$(folder False True)" libwinshm.a
count "static, without drop-in headers, with the tool" \
    create -o 'winshm/*:shared=False' -o 'winshm/*:compat=False' -o 'winshm/*:tool=True'
count "the tool ran" grep -q -x "winshm $version" "$said"
without_compat=$(folder False False) || true # told of below
has_none() { [ ! -e "$without_compat/include/winshm-compat" ] && [ -x "$without_compat/bin/winshm" ]; }
count "files of that one" has_none

# For another system there is none, and it is said.
refused() {
    ! conan create packages/conan --no-remote -s:h arch=armv8 >"$said" 2>&1 &&
        grep -q 'winshm supports Linux on x86-64 only' "$said"
}
count "another processor" refused

# A program that requires it.
used() {
    rm -rf "${here:?}/consumer" && mkdir -p "$here/consumer" && cp packages/conan/test_package/windows.c "$here/consumer" &&
        printf '[requires]\nwinshm/%s\n[options]\nwinshm/*:shared=%s\n[generators]\nPkgConfigDeps\n' "$version" "$1" \
            >"$here/consumer/conanfile.txt" &&
        quietly conan install "$here/consumer" --no-remote --output-folder="$here/consumer" &&
        (
            cd "$here/consumer"
            PKG_CONFIG_PATH=$PWD
            export PKG_CONFIG_PATH
            # shellcheck disable=SC2046 # lists of flags
            gcc windows.c -o windows $(pkg-config --cflags winshm-compat winshm) $(pkg-config --libs winshm) \
                "-Wl,-rpath,$(pkg-config --variable=libdir winshm)" && ./windows
        )
}
count "a program by pkg-config, shared" used True
count "a program by pkg-config, static" used False

# A test that fails is found.
rm -rf "${here:?}/planted"
mkdir -p "$here/planted"
cp -R packages/conan/test_package "$here/planted/test_package"
sed -i 's/strcpy(text, WINSHM_VERSION)/(void)text/' "$here/planted/test_package/plain.c"
planted() {
    ! conan test "$here/planted/test_package" "winshm/$version" --no-remote >"$said" 2>&1 &&
        grep -q 'winshm  shares memory' "$said" # it ran, and read nothing
}
count "a test that fails is told of" planted

conclude
