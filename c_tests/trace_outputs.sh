#!/bin/sh
# trace_outputs.sh ROOT - WINSHM_TRACE where lines cannot be written, where the library is there twice, before
# main and after it, and in programs with more rights than their user: programs go on as if nobody traced them,
# lines are whole, and nothing is written that must not be. Needs gcc and g++; root for some.
# WINSHM_LIBRARY_DIR is where libwinshm.so and libwinshm.a are (default: ROOT/target/release).
#
# Prints a line per failure and the sum; the status is 0 if nothing failed.
# shellcheck disable=SC2154 # what lines.sh and stories.sh set
set -eu
. "$1/c_tests/trace/lines.sh"
compile_program outputs

# traced OUTPUT [PATH] - traced as $trace says.
traced() { WINSHM_TRACE=$trace run ./outputs "$@"; }

# goes_on_as OUTPUT NOTE [PATH] - it goes on, and is told once what is wrong; of nothing if there is no note.
goes_on_as() {
    note=$2
    same "$(traced "$1" ${3:+"$3"} 2>notes)" "went on"
    same "$(cat notes)" "${note:+winshm: WINSHM_TRACE: $note}"
}

# --- outputs that fail --------------------------------------------------------

closes_all() {
    trace=$work/lines
    rm -f lines
    same "$(traced closes_all)" untouched
    has 1 "SetEvent(0x" lines # the file was opened anew
    trace=calls
    same "$(traced closes_all 2>first)" untouched
    has 1 "CreateEventA(" first
}
story "a program that closes all descriptors keeps what it then opens" closes_all

bad_outputs() {
    never="calls are not traced" no_more="calls are traced no more"
    rm -f lines
    run ./outputs make_socket a_socket
    mkfifo nobody_reads
    trace=/dev/full goes_on_as goes_on "a line cannot be written (No space left on device); $no_more"
    trace=errors:/dev/full goes_on_as goes_on ""
    trace=$work/no/folder goes_on_as goes_on "the output cannot be opened (No such file or directory); $never"
    trace=calls:$work goes_on_as goes_on "the output cannot be opened (Is a directory); $never"
    trace=$work/a_socket goes_on_as goes_on "the output cannot be opened (No such device or address); $never"
    trace=$work/nobody_reads goes_on_as goes_on "the output cannot be opened (No such device or address); $never"
    trace=$work/lines goes_on_as no_descriptors "the output cannot be opened (Too many open files); $never"
    trace=calls goes_on_as no_descriptors "the output cannot be opened (Too many open files); $never"
    [ ! -e lines ]
    trace=$work/limited goes_on_as no_larger_file "a line cannot be written (File too large); $no_more"
    [ "$(stat -c %s limited)" -le 2000 ]
    rm limited
    trace=$work/limited goes_on_as keeps_signals "a line cannot be written (File too large); $no_more"
    trace=calls goes_on_as no_reader ""
    trace=calls goes_on_as keeps_signals_of_pipe ""
}
story "a full disk, a limit, a folder, a socket, a pipe without a reader: the program goes on" bad_outputs

full_disk() {
    # shellcheck disable=SC2016 # what the inner shell is told
    unshare -m sh -euc 'mount -t tmpfs -o size=4k,mode=777 full "$1" && cd "$1"
        WINSHM_TRACE=$PWD/lines "$2/outputs" goes_on && stat -c %s lines && tail -c 1 lines' sh "$1" "$work" \
        >printed 2>notes
    # All of it, so that a line is cut.
    same "$(head -n 2 printed)" "went on
4096"
    same "$(cat notes)" "winshm: WINSHM_TRACE: a line cannot be written (No space left on device); calls are traced no more"
}
mkdir disk
if unshare -m mount -t tmpfs -o size=4k full "$work/disk" 2>/dev/null; then
    story "a file system that is full" full_disk "$work/disk"
else
    echo "trace_outputs.sh: SKIPPED: a file system that is full: this process cannot mount one"
fi

file_goes() {
    trace=$work/lines
    rm -f lines
    goes_on_as removed "" "$work/lines"
    [ ! -e lines ]
    goes_on_as no_more_descriptors ""
    are_whole lines
    has 50 "SetEvent(0x" lines
    [ "$(id -u)" = 0 ] || return 0
    rm lines
    mkdir -p another_root
    goes_on_as in_another_root "" "$work/another_root"
    has 50 "SetEvent(0x" lines
    same "$(ls another_root)" ""
}
story "a file that is removed, or out of reach, gets the lines that it would have" file_goes

closed_often() {
    trace=$work/lines
    rm -f lines
    # The path as the system shows it
    same "$(traced closed_again_and_again "$(realpath "$work")/lines")" "descriptors of the output: 1"
    are_whole lines
}
story "descriptors are closed under threads that trace: no line is torn, no descriptor is lost" closed_often

readers() {
    mkfifo slow
    trace=$work/slow
    exec 6<>slow
    traced nobody_reads "$work/slow" 6>&-
    exec 6>&-
    trace=calls
    traced somebody_reads_later
}
story "a FIFO that nobody reads loses a line after a second; the standard error output waits" readers

crowds() {
    trace=$work/lines
    rm -f lines
    traced crowd
    are_whole lines
    has 10000 "SetEvent(0x" lines
    trace=calls
    { traced crowd 2>&1 >/dev/null; } | cat >piped
    are_whole piped
    has 10000 "SetEvent(0x" piped
}
story "two hundred threads write whole lines to a file and to a pipe" crowds

sandboxes() {
    trace=$work/lines
    rm -f lines
    traced may_not_write
    has 0 "SetEvent(0x" lines
    WINSHM_TRACE=calls run ./outputs may_not_write
    goes_on_as may_not_open "the output cannot be opened (Operation not permitted); calls are not traced"
    rm lines
    traced may_not_look
    are_whole lines
    grep -q 'OpenEventA(SYNCHRONIZE, FALSE, 0x[0-9a-f]*?) = NULL, ERROR_FILE_NOT_FOUND (2)' lines
}
story "sandboxes that refuse to write, to open a file or to look at memory" sandboxes

descriptors() {
    trace=$work/lines
    rm -f lines
    traced numbers </dev/null
    has 1 "SetEvent(0x" lines
    has 1 'CreateEventA(NULL, FALSE, FALSE, "after exec")' lines
}
story "no low number is taken, and no program inherits the descriptor" descriptors

# --- two copies ---------------------------------------------------------------

two_copies() {
    run "./$1" "$work/copy.so" >plainly
    sets=$(($(cat plainly) * 2 + 2)) # of the threads by both copies; one before, and one after
    rm -f lines
    for trace in "$work/lines" calls; do
        WINSHM_TRACE=$trace run "./$1" "$work/copy.so" >printed 2>errors
        same "$(cat printed)" "$(cat plainly)"
        [ "$trace" = calls ] || mv lines errors
        are_whole errors
        has $sets 'SetEvent(0x4) = TRUE' errors
        has 1 'SetEvent(NULL) = FALSE, ERROR_INVALID_HANDLE (6)' errors
        has 1 'SetEvent(0x4) = FALSE, ERROR_INVALID_HANDLE (6)' errors
        has 1 'CreateEventA(NULL, TRUE, FALSE, "its") = 0x4' errors
        has 1 'NtClose(0x4) = STATUS_SUCCESS' errors
    done
}
cp "$library/libwinshm.so" copy.so
compile copies.c -o linked "-L$library" -lwinshm "-Wl,-rpath,$library" -ldl
compile copies.c -o with_archive "$library/libwinshm.a" -rdynamic -ldl -lgcc_s
for program in linked with_archive; do
    story "two copies of the library, one of them $program" two_copies $program
done

# --- before main, and after it ------------------------------------------------

lifetimes() {
    run ./lifetimes ./plugin.so >plainly
    same "$(cat plainly)" "attached
detached
main"
    trace=$work/lines
    rm -f lines
    WINSHM_TRACE=$trace run ./lifetimes ./plugin.so >printed
    WINSHM_TRACE=calls run ./lifetimes ./plugin.so 2>errors >>printed
    same "$(cat printed)" "$(cat plainly plainly)"
    for output in lines errors; do
        are_whole $output
        has 1 'CreateEventA(NULL, TRUE, FALSE, "global")' $output
        has 2 'CreateEventA(NULL, TRUE, FALSE, "of a thread")' $output
        has 1 'CreateEventA(NULL, TRUE, FALSE, "last round")' $output
        has 2 'CreateEventA(NULL, TRUE, FALSE, "at exit")' $output
        has 1 'CreateMutexA(NULL, TRUE, "attached")' $output
        has 1 'CreateMutexA(NULL, TRUE, "detached")' $output
        has 3 'CreateThread(' $output
        has 1 'ExitThread(3)' $output
    done
}
compiler="g++ -std=gnu++17"
compile lifetimes.cpp -o lifetimes "-L$library" -lwinshm "-Wl,-rpath,$library" -ldl
compile lifetimes.cpp -DPLUGIN -shared -fPIC -o plugin.so "-L$library" -lwinshm "-Wl,-rpath,$library"
story "globals, DllMain, a thread's variables and exit handlers" lifetimes

# --- more rights than the user ------------------------------------------------

# by_user PROGRAM - of a caller who is user 65533.
by_user() {
    run setpriv --reuid 65533 --regid 65533 --clear-groups env "WINSHM_TRACE=$trace" "WINSHM_DIR=$work/callers" \
        WINSHM_DEBUG_OUTPUT=1 "TMP=$work/callers" "./$1" privileged
}
more_rights() {
    for rights in as_user set_group capabilities; do cp privileged $rights; done
    chgrp 65534 set_group && chmod 2755 set_group
    for trace in calls "$work/callers/lines" "calls:$work/callers/lines" "errors:$work/callers/lines"; do
        for rights in set_user set_group capabilities; do
            [ $rights != capabilities ] || setcap cap_dac_override+ep capabilities 2>/dev/null || continue
            user=65533
            [ $rights != set_user ] || user=65534
            same "$(by_user $rights 2>errors)" "privileged as $user, in /tmp/"
            same "$(cat errors)" ""
            same "$(ls -A callers)" ""
        done
    done
    # The same, as it is for others.
    trace=$work/callers/lines
    same "$(by_user as_user 2>errors)" "as others as 65533, in $work/callers/"
    same "$(cat errors)" said
    are_whole callers/lines
    [ -d callers/.winshm-65533 ]
}
set_uid_is_heeded() {
    cp privileged set_user
    chown 65534 set_user && chmod 4755 set_user
    trace=
    same "$(by_user set_user 2>/dev/null)" "privileged as 65534, in /tmp/"
}
# Where such programs have their names; what was there stays.
shared_directories=
for directory in /dev/shm/.winshm-65533 /dev/shm/.winshm-65534; do
    [ -e $directory ] || shared_directories="$shared_directories $directory"
done
# shellcheck disable=SC2086 # they are words
clean_up() {
    rm -rf "$work"
    [ -z "$shared_directories" ] || rmdir $shared_directories 2>/dev/null || true
}
mkdir callers
chmod 777 callers
compile outputs.c -o privileged "$library/libwinshm.a" -ldl -lgcc_s

if [ "$(id -u)" = 0 ] && set_uid_is_heeded >/dev/null; then
    story "programs with more rights than their user write nothing where the caller says" more_rights
else
    echo "trace_outputs.sh: SKIPPED: programs with more rights than their user: needs root, and set-uid programs in $work"
fi

sum_up
