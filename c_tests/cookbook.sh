#!/bin/sh
# cookbook.sh ROOT - the recipes of docs/cookbook.md (examples/cookbook) do what they say, in several processes,
# and when some are killed.
# WINSHM_LIBRARY_DIR is where libwinshm.so is (default: ROOT/target/release), WINSHM_TOOL the program
# `winshm` (default: ROOT/target/tool/release/winshm);
# WINSHM_EXAMPLE_FLAGS are further flags for the compiler.
# shellcheck disable=SC2034,SC2154 # what stories.sh reads and sets
set -eu
root=$(cd "$1" && pwd)
library=$(cd "${WINSHM_LIBRARY_DIR:-$root/target/release}" && pwd)
work=$(mktemp -d)
segment=/cookbook.$$
trap 'rm -rf "$work" "/dev/shm$segment"' EXIT
trap 'exit 1' HUP INT TERM
# Names of this run.
mkdir "$work/names"
export WINSHM_DIR="$work/names"

flags="-std=c11 -Wall -Wextra -Wpedantic -Werror ${WINSHM_EXAMPLE_FLAGS:--O2} -I$root/include -I$root/include/compat"
for source in "$root"/examples/cookbook/*.c; do
    # shellcheck disable=SC2086 # a list of flags
    gcc $flags "$source" -o "$work/$(basename "$source" .c)" -L"$library" -lwinshm "-Wl,-rpath,$library"
done
cd "$work"
. "$root/c_tests/stories.sh"

# --- The latest frame -------------------------------------------------------

frames() {
    jobs=
    for reader in 1 2 3; do
        start latest_frame show "$name"
        tells "waiting for frames"
        jobs="$jobs $job"
    done
    # Publishers are killed while they write as fast as they can.
    for round in 1 2 3 4 5; do
        echo "round $round"
        start latest_frame publish "$name" 1000000000
        tells "publishing"
        is_killed "$pid" "$job"
    done
    says "_: publishing" latest_frame publish "$name" 50
    says "_: publishing" latest_frame publish "$name" 0
    for reader in $jobs; do
        tells "every frame was whole"
        ends 0 "$reader"
    done
}
story "three readers see whole frames of publishers that are killed" frames
story "a frame of no role" fails 2 "usage: latest_frame" latest_frame

# --- The ring ---------------------------------------------------------------

ring() { # who is first
    seq 5000 >sent
    if [ "$1" = sender ]; then
        run ./ring send "$name" <sent >said &
        run ./ring receive "$name" >received
    else
        run ./ring receive "$name" >received &
        run ./ring send "$name" <sent >said
    fi
    ends 0 $!
    cmp sent received
}
# A receiver that takes nothing until it is told to; the sender is held up.
full_ring() {
    start ring receive "$name" slowly
    tells "waiting for the sender"
    receiver=$job receiver_pid=$pid
    seq 10 >sent
    input=sent
    start ring send "$name"
    sender=$job
    tells "waiting for the receiver"
    tells "the ring is full"
}
back_pressure() {
    full_ring
    for line in 1 2 3 4 5 6 7 8 9 10; do
        echo >&5
        same "$(next_line)" $line
    done
    echo >&5
    ends 0 "$receiver"
    ends 0 "$sender"
}
receiver_is_killed() {
    full_ring
    is_killed "$receiver_pid" "$receiver"
    tells "the receiver is gone"
    ends 3 "$sender"
}
# What it has sent arrives.
sender_is_killed() {
    start ring send "$name"
    tells "waiting for the receiver"
    sender=$job sender_pid=$pid
    start ring receive "$name"
    tells "waiting for the sender"
    receiver=$job
    printf 'one\ntwo\n' >&5
    same "$(next_line)" one
    same "$(next_line)" two
    is_killed "$sender_pid" "$sender"
    tells "the sender is gone"
    ends 3 "$receiver"
}
story "a ring, the sender first" ring sender
story "a ring, the receiver first" ring receiver
story "a full ring holds the sender up" back_pressure
story "a sender whose receiver is killed" receiver_is_killed
story "a receiver whose sender is killed" sender_is_killed
story "a ring without a role" fails 2 "usage: ring" ring both

# --- Requests and replies ---------------------------------------------------

serve() {
    start request_reply serve "$name"
    tells "serving"
    server=$job server_pid=$pid
}
clients() {
    fails 3 "there is no server" request_reply ask "$name" early
    serve
    fails 1 "there is a server" request_reply serve "$name"
    asked=
    for text in one two three four; do
        run ./request_reply ask "$name" $text 500 >answer.$text &
        asked="$asked $!"
    done
    # Meanwhile others are killed in the middle of a call.
    for round in 1 2 3 4 5; do
        start request_reply crash "$name" dead
        tells "asked, and now I hang"
        is_killed "$pid" "$job"
    done
    for job in $asked; do ends 0 "$job"; done
    same "$(cat answer.* | sed 's/^[0-9]*: //' | sort | tr '\n' ' ')" "FOUR ONE THREE TWO "
    echo >&5
    ends 0 $server
    fails 3 "there is no server" request_reply ask "$name" late
}
server_is_killed() {
    serve
    run ./request_reply ask "$name" text 1000000000 2>answer &
    asked=$!
    is_killed "$server_pid" "$server"
    ends 3 $asked
    serve
    says "_: AGAIN" request_reply ask "$name" again
    echo >&5
    ends 0 "$server"
}
story "clients of one server, of whom some are killed" clients
story "a server that is killed" server_is_killed
story "a call of no role" fails 2 "usage: request_reply" request_reply

# --- The settings -----------------------------------------------------------

follow() {
    start config follow "$name"
    tells "version $1"
}
settings() {
    follow "0: rate 0, target \"\""
    says "" config set "$name" 10 north
    tells "version 1: rate 10, target \"north\""
    first=$job
    follow "1: rate 10, target \"north\""
    second=$job
    # Half a change is none.
    start config crash "$name" 20 east
    tells "half way in version 2"
    is_killed "$pid" "$job"
    says "" config set "$name" 30 south
    tells "version 2: rate 30, target \"south\""
    tells "version 2: rate 30, target \"south\""
    says "" config set "$name" 0 -
    tells "version 3: rate 0, target \"-\""
    tells "version 3: rate 0, target \"-\""
    ends 0 "$first"
    ends 0 "$second"
}
# Many changes: followers may miss some, but not the last one.
many_settings() {
    for round in 1 2 3 4 5 6 7 8 9 10; do
        echo "round $round"
        follow '0: rate 0, target ""'
        run sed '/rate 0, target "x"/q' <&4 >followed &
        last=$!
        run ./config set "$name" 1 x 5000
        run ./config set "$name" 0 x
        ends 0 $last
        ends 0 "$job"
    done
}
story "settings are followed" settings
story "settings that change often" many_settings
story "settings of no role" fails 2 "usage: config" config

# --- The last messages ------------------------------------------------------

messages() {
    start last_messages keep "$name"
    tells "keeping the log, press Enter to end it"
    seq 3 | run ./last_messages log "$name"
    same "$(run ./last_messages show "$name")" "1: 1
2: 2
3: 3"
    status=0
    seq 20 30 | run ./last_messages crash "$name" >crashed 2>&1 || status=$?
    same $status 134
    seq 31 32 | run ./last_messages log "$name"
    same "$(run ./last_messages show "$name")" "9: 25
10: 26
11: 27
12: 28
13: 29
14: (its writer ended half way)
15: 31
16: 32"
    echo >&5
    ends 0 "$job"
    same "$(run ./last_messages show "$name")" ""
}
story "the last messages, also of a program that crashed" messages
story "messages of no role" fails 2 "usage: last_messages" last_messages

# --- The checkpoint ---------------------------------------------------------

checkpoint() {
    file=$PWD/state
    says "_: going on after step 0
_: step 5, sum 15" checkpoint work "$file" 5
    for round in 1 2; do
        start checkpoint crash "$file"
        [ $round = 1 ] || tells "a step was cut off half way"
        tells "going on after step 5"
        tells "half way in step 6"
        is_killed "$pid" "$job"
    done
    says "_: a step was cut off half way
_: going on after step 5
_: step 10, sum 55" checkpoint work "$file" 5
    says "_: going on after step 10
_: step 10, sum 55" checkpoint work "$file" 0
}
# Killed at any instruction.
checkpoints() {
    file=$PWD/states
    step=0
    for round in 1 2 3 4 5 6 7 8 9 10; do
        start checkpoint work "$file" 1000000000
        line=$(next_line)
        while [ "${line#*: going on}" = "$line" ]; do line=$(next_line); done
        [ "${line##* }" -ge $step ]
        step=${line##* }
        is_killed "${line%%:*}" "$job"
    done
    sum=$(run ./checkpoint work "$file" 0 | tail -n 1)
    step=${sum#*: step } step=${step%,*}
    same "${sum##* }" $((step * (step + 1) / 2))
}
story "work goes on at its checkpoint" checkpoint
story "work that is killed again and again" checkpoints
story "a checkpoint of no role" fails 2 "usage: checkpoint" checkpoint

# --- The supervisor ---------------------------------------------------------

stopped_by_itself() {
    start supervisor run "$name" "./supervisor work $name"
    tells "working"
    says "" supervisor stop "$name"
    tells "asked to stop"
    tells "stopped: the program has ended"
    ends 0 "$job"
    fails 1 "nothing runs under" supervisor stop "$name"
}
had_to_be_ended() {
    start supervisor run "$name" "sh -c \"echo 0: started; exec sleep 1000\""
    tells "started"
    says "" supervisor stop "$name"
    tells "stopped: the program had to be ended"
    ends 0 "$job"
}
fails_always() {
    start supervisor run "$name" "sh -c \"exit 3\""
    tells "the program ended with 3"
    tells "the program ended with 3"
    tells "the program ended with 3"
    tells "that was enough"
    ends 1 "$job"
}
story "a program that fails is started again" fails_always
story "a program that ends well is not" says "_: the program ended with 0" supervisor run Local\\ends true
story "a program that stops when it is asked" stopped_by_itself
story "a program that does not" had_to_be_ended
story "a supervisor of nothing" fails 2 "usage: supervisor" supervisor run "$name"

# --- The tick ---------------------------------------------------------------

ticks() {
    start tick "$name" 5 60
    tells "waiting for a tick"
    first=$job first_pid=$pid
    start tick "$name" 5 60
    tells "waiting for a tick"
    second=$job
    start tick "$name" 5 60
    tells "waiting for a tick"
    is_killed "$first_pid" "$first" # it has set the timer
    tells "60 times done"
    tells "60 times done"
    ends 0 "$second"
    ends 0 "$job"
}
story "a job done by three, of whom one is killed" ticks
story "a tick of no period" fails 2 "usage: tick" tick "$name" 0

# --- The table --------------------------------------------------------------

table() { # who is first
    if [ "$1" = fill ]; then
        run ./growing fill "$name" 1000001 &
        says "_: 1000001 rows, the sum is 500000500000" growing sum "$name"
    else
        start growing sum "$name"
        run ./growing fill "$name" 1000001
        tells "1000001 rows, the sum is 500000500000"
    fi
    ends 0 $!
}
story "a table that is filled first" table fill
story "a table that is read first" table sum
story "a table of too many rows" fails 2 "usage: growing" growing fill "$name" 2000000000

# --- The station ------------------------------------------------------------

station() {
    start station run "$segment" 5
    tells "published 5"
    same "$(run python3 "$root/examples/cookbook/station.py" "$segment")" \
        "version 10, station 7, [25.0, 26.0, 27.0, 28.0]"
    echo >&5
    ends 0 "$job"
    # It stays, also for a program that was started later; and it is the object of that name.
    same "$(run python3 "$root/examples/cookbook/station.py" "$segment" | cut -d, -f 1)" "version 10"
    same "$(od -A n -t u4 -j 4 -N 4 "/dev/shm$segment" | tr -d ' ')" 7
    says "" station free "$segment"
    [ ! -e "/dev/shm$segment" ]
    fails 1 "station: $segment" station free "$segment"
}
if command -v python3 >/dev/null; then
    story "measurements for Python" station
else
    echo "SKIPPED: measurements for Python: there is no python3"
fi
story "a station of no role" fails 2 "usage: station" station

# --- For others -------------------------------------------------------------

# The administrator provides a directory for all; the reader is another user, with a copy of program and library
# that he can reach.
for_others() {
    chmod 755 "$work"
    mkdir -m 711 "$work/names/of_all"
    mkdir -m 777 "$work/names/of_all/.winshm-global"
    chmod 711 "$work/names"
    chmod 777 "$work/names/of_all/.winshm-global"
    cp "$library/libwinshm.so" .
    WINSHM_DIR=$work/names/of_all LD_LIBRARY_PATH=$work
    export WINSHM_DIR LD_LIBRARY_PATH
    name=Global\\$script.$$
    start for_others publish "$name" "the text"
    tells "published, press Enter to end it"
    reader() { run setpriv --reuid 65534 --regid 65534 --clear-groups ./for_others read "$name"; }
    same "$(reader | sed 's/^[0-9]*: //')" "the text
and I cannot write it"
    says "_: the text" for_others read "$name"
    fails 1 "a new section: error 183" for_others publish "$name"
    echo >&5
    ends 0 "$job"
    status=0
    reader 2>said || status=$?
    same $status 1
    grep 'error 2$' said
}
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    story "another user reads" for_others
else
    echo "SKIPPED: another user reads: needs root and setpriv"
fi
story "for others, without a role" fails 2 "usage: for_others" for_others

# --- The guarded command ----------------------------------------------------

guarded() {
    PATH=$(dirname "$tool"):$PATH
    cp "$root/examples/cookbook/guarded.sh" .
    status=0
    run ./guarded.sh "$name" sh -c 'echo "the job"; exit 7' >said 2>&1 || status=$?
    same $status 7
    grep '^the job$' said
    # While one runs, others do not; when it was killed, they do.
    mkfifo go
    run ./guarded.sh "$name" sh -c 'echo "0: running $$"; read -r line <go' >told 2>&1 &
    while line=$(next_line); do case $line in *running*) break ;; esac; done
    status=0
    run ./guarded.sh "$name" echo "a second one" >said 2>&1 || status=$?
    same $status 4
    ! grep '^a second one$' said
    kill -9 "${line##* }"
    ends 137 $!
    run ./guarded.sh "$name" echo "a third one" >said 2>&1
    grep '^a third one$' said
}
tool=${WINSHM_TOOL:-$root/target/tool/release/winshm}
if [ -x "$tool" ]; then
    story "a command that runs once at a time" guarded
else
    echo "SKIPPED: a command that runs once at a time: there is no $tool (./dev tool)"
fi

# --- For Windows ------------------------------------------------------------

builds_for_windows() {
    for source in $(grep -L SharedMemory.h "$root"/examples/cookbook/*.c); do
        x86_64-w64-mingw32-gcc -std=c11 -Wall -Werror -D__USE_MINGW_ANSI_STDIO=1 "$source" -o program.exe -ladvapi32
    done
}
if command -v x86_64-w64-mingw32-gcc >/dev/null; then
    story "what uses Windows' functions alone builds for Windows" builds_for_windows
else
    echo "SKIPPED: builds for Windows: mingw-w64 is not installed"
fi

sum_up
