#!/bin/sh
# round_trip.sh - run in a fresh root by root.sh: what a user does with the packages in
# /debs, from installing them to removing them, and what is left then.
set -eu

cd /tmp
. /source/packages/lib/count.sh

# shellcheck disable=SC2034 # for quietly
said=log
apt() { quietly apt-get -q -y --no-install-recommends "$@"; }
installed() { dpkg-query -W -f '${db:Status-Status} ${Version}\n' "$1" 2>/dev/null; }

# All files, but for what apt, dpkg and ldconfig write for themselves.
files() {
    find / -xdev \( -path /proc -o -path /dev -o -path /tmp -o -path /source -o -path /debs -o -path /var/log \
        -o -path /var/cache -o -path /var/lib/apt -o -path '/var/lib/dpkg/*-old' -o -path /var/lib/dpkg/triggers \) \
        -prune -o ! -name '*.pyc' -printf '%y %m %u %p\n' | sort
}
files >before

# --- programs run, the tool is there
count "the runtime and the tool are installed" apt install /debs/libwinshm0_*.deb /debs/winshm_*.deb
count "the loader finds the library" sh -c 'ldconfig -p | grep -q "libwinshm.so.0 (.*/libwinshm.so.0"'
count "no header comes along" [ ! -e /usr/include/winshm.h ]
count "winshm --version" sh -c 'winshm --version | grep -q "^winshm [0-9.]*$"'
count "winshm ls" quietly winshm ls
count "winshm doctor" quietly winshm doctor
for command in "" -ls -create -doctor; do
    count "man winshm$command" sh -c 'man "$1" 2>/dev/null | grep -q SYNOPSIS' sh "winshm$command"
done
for shell in bash-completion/completions/winshm zsh/vendor-completions/_winshm fish/vendor_completions.d/winshm.fish; do
    count "completions: $shell" grep -q doctor /usr/share/$shell
done

# --- programs are compiled
count "the development files are installed" apt install /debs/libwinshm-dev_*.deb
tests=/source/c_tests/cmake
compat=-I$(pkg-config --variable=compatdir winshm)
# PROGRAM COMPILER SOURCE FLAGS... - compiles a program, and runs it.
program() {
    output=$1 compiler=$2 source=$3
    shift 3
    "$compiler" -Wall -Werror "$source" -o "$output" "$@" && "./$output"
}
# shellcheck disable=SC2046 # flags
{
    count "C by pkg-config" program by_c gcc $tests/app.c $(pkg-config --cflags --libs winshm)
    count "C++ by pkg-config" program by_cxx g++ $tests/app.cpp "$compat" $(pkg-config --cflags --libs winshm)
    count "the static library by pkg-config" program by_static gcc $tests/app.c $(pkg-config --cflags winshm) \
        $(pkg-config --static --libs winshm | sed 's/-lwinshm/-l:libwinshm.a/')
}
count "plain gcc" program by_hand gcc $tests/app.c -lwinshm
count "the program asks for versioned symbols" sh -c 'readelf -VW by_c | grep -q WINSHM_0'
version=$(sed -n 's/^version = "\(.*\)"/\1/p' /source/Cargo.toml)
mkdir -p debian
printf 'Source: program\n\nPackage: program\nArchitecture: any\n' >debian/control
count "its package depends on the runtime" sh -c 'dpkg-shlibdeps -O by_c | grep -q "libwinshm0 (>= 0[.]1[.]0)"'
by_cmake() { cmake -S $tests -B cmake -DWAY=find_package -DWANTED_VERSION="$version" && cmake --build cmake; }
count "programs by CMake" quietly by_cmake
for program in app_c app_cxx app_c_static app_cxx_static; do
    count "$program" cmake/$program
done
examples=/usr/share/doc/libwinshm-dev/examples
for example in producer consumer; do
    count "the example $example" gcc $examples/$example.c "$compat" -o $example -lwinshm
done

# --- a program goes on through an upgrade
for deb in /debs/*.deb; do # the same packages with the next revision
    dpkg-deb -R "$deb" next
    sed -i "s/^Version: .*/&+next/; s/^\(Depends: libwinshm0 (= [^)]*\))/\1+next)/" next/DEBIAN/control
    dpkg-deb --root-owner-group -b next "next_$(basename "$deb")" >/dev/null
    rm -r next
done
./producer --hold 'Local\Upgrade' >producer.log &
holder=$!
for _ in $(seq 100); do
    grep -q 'wrote up to' producer.log && break
    sleep 0.1
done
count "winshm ls shows what the program has" sh -c 'winshm ls | grep -q "Upgrade.*producer"'
count "installed anew over themselves" apt install --reinstall /debs/*.deb
count "upgraded" apt install ./next_*.deb
count "all three are of the next revision" [ "$(for package in libwinshm0 libwinshm-dev winshm; do installed $package; done |
    grep -c '^installed .*+next$')" = 3 ]
count "a program of before shares memory with one of now" ./consumer 'Local\Upgrade'
kill $holder
wait $holder || true
count "downgrading the runtime alone is refused" sh -c '! apt-get -y --allow-downgrades --no-remove install /debs/libwinshm0_*.deb >/dev/null 2>&1'

# --- nothing is left
count "the development files are removed" apt remove libwinshm-dev
count "programs still run" ./by_c
count "the runtime and the tool are purged" apt purge libwinshm0 winshm libwinshm-dev
count "the loader does not find the library" sh -c '! ldconfig -p | grep -q winshm'
touch /usr/lib/planted
files >after
rm /usr/lib/planted
count "a file that is left is seen" sh -c 'diff before after | grep -q /usr/lib/planted'
files >after
count "the files are those of before" diff before after
count "nothing is left in shared memory" [ -z "$(ls /dev/shm)" ]
conclude
