#!/bin/sh
# screens.sh [FOLDER] - the pictures of the tool: runs it in a terminal (tmux) beside three
# programs, and draws what stands there as SVG, into FOLDER or beside this file. Needs gcc,
# tmux and python3, the library in WINSHM_LIBRARY_DIR or target/release and the tool as
# WINSHM_TOOL or target/tool/release/winshm. As root it has a /dev/shm of its own, small as
# that of a container, and draws doctor's report on it too.
set -eu

if [ "$(id -u)" = 0 ] && [ -z "${WINSHM_SCREENS_ALONE:-}" ]; then
    exec unshare -m env WINSHM_SCREENS_ALONE=yes "$0" "$@"
fi
unset WINSHM_DIR

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
folder=${1:-$here}
library=${WINSHM_LIBRARY_DIR:-$root/target/release}
tool=${WINSHM_TOOL:-$root/target/tool/release/winshm}

if [ -n "${WINSHM_SCREENS_ALONE:-}" ]; then
    mount -t tmpfs -o size=64m,mode=1777,noexec tmpfs /dev/shm
fi
work=$(mktemp -d)
mkdir "$work/bin"
screen="tmux -L winshm-screens-$$ -f /dev/null"
programs=
end() {
    # shellcheck disable=SC2086 # several of them
    [ -z "$programs" ] || kill $programs 2>/dev/null || :
    $screen kill-server 2>/dev/null || :
    rm -rf "$work"
}
trap end EXIT
trap 'exit 1' INT TERM

gcc -O1 "$here/screens.c" -o "$work/bin/camera" -I"$root/include" -I"$root/include/compat" \
    -L"$library" -lwinshm "-Wl,-rpath,$library"
ln "$work/bin/camera" "$work/bin/viewer"
ln "$work/bin/camera" "$work/bin/recorder"
ln -s "$tool" "$work/bin/winshm"
PATH=$work/bin:$PATH
export PATH

for program in camera recorder viewer; do
    "$program" &
    programs="$programs $!"
done
# Until the viewer sleeps and the recorder owns what it wants, or the picture is wrong.
tries=0
until winshm show --json settings 2>/dev/null | grep -q recorder && winshm ls | grep -q viewer; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || { echo "screens.sh: the programs do not come up" >&2; exit 1; }
    sleep 0.1
done

# capture NAME COLUMNS LINES WANTED COMMAND... - the screen of a command, once WANTED, a
# regular expression, is on it, with its colours; of a longer one the first lines.
capture() {
    name=$1 columns=$2 lines=$3 wanted=$4
    shift 4
    $screen new-session -d -x "$columns" -y 100 \
        "export PATH='$PATH'; printf '\033[32m$\033[0m $*\n'; $*; exec sleep 60"
    tries=0
    until $screen capture-pane -e -p >"$work/$name" && grep -qE "$wanted" "$work/$name"; do
        tries=$((tries + 1))
        [ "$tries" -lt 200 ] || { echo "screens.sh: $name does not show $wanted" >&2; exit 1; }
        sleep 0.1
    done
    $screen kill-session
    python3 "$here/screen.py" "winshm $name" "$columns" "$lines" <"$work/$name" >"$folder/$name.svg"
}

capture ls 126 20 'Local.stop' winshm ls
capture show 84 40 'held by.*viewer' winshm show frame
capture watch 84 20 '43m[0-9a-f]{2}' winshm watch frame --length 224
if [ -n "${WINSHM_SCREENS_ALONE:-}" ]; then
    capture doctor 100 26 '^.*winshm works here' winshm doctor
fi
