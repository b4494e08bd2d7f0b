#!/bin/sh
# trace.sh ROOT - WINSHM_TRACE: the mistakes print what docs/tracing.md says, every function can be
# seen, and programs that are traced do what they do otherwise. Needs gcc.
# WINSHM_LIBRARY_DIR is where libwinshm.so is (default: ROOT/target/release).
#
# Prints a line per failure and the sum; the status is 0 if nothing failed.
# shellcheck disable=SC2154 # what lines.sh and stories.sh set
set -eu
. "$1/c_tests/trace/lines.sh"
for program in mistakes conditions interruptions everything; do
    compile_program $program
done

# traced CONDITION - traced as $trace says.
traced() { WINSHM_TRACE=$trace run ./conditions "$1" 4>&- 5>&-; }

# --- the mistakes -------------------------------------------------------------

# What the page says of each: its rows are | `mistake` | what it is | `call`<br>`hint` |
awk -F' \\| ' '/^## Mistakes/ { mistakes = 1 } mistakes && /^\| `[a-z_0-9]*` \| / {
    mistake = $1; gsub(/[|` ]/, "", mistake)
    lines = $3; sub(/ \|$/, "", lines); gsub(/`<br>`/, "\n", lines); gsub(/`/, "", lines); gsub(/\\\|/, "|", lines)
    print lines > ("page." mistake); close("page." mistake); print mistake
}' "$root/docs/tracing.md" >in_page

mistake_is_on_the_page() {
    WINSHM_TRACE=errors run ./mistakes "$1" >printed 2>traced
    same "$(cat printed)" ""
    are_whole traced
    plain traced | sed 's/^  hint/hint/' >seen
    diff "page.$1" seen
}
page_is_complete() {
    run ./mistakes | sort >made
    sort in_page >on_page
    diff on_page made
    [ "$(wc -l <made)" -ge 10 ]
}
story "the page has all mistakes, and no others" page_is_complete
for mistake in $(./mistakes); do
    if [ "$mistake" = closed_to_others ] && [ "$(id -u)" != 0 ]; then
        echo "trace.sh: SKIPPED: the mistake $mistake: needs root"
        continue
    fi
    story "the mistake $mistake prints what the page says" mistake_is_on_the_page "$mistake"
done

# --- what is traced -----------------------------------------------------------

at_once_calls() {
    trace=$work/lines
    traced at_once
    are_whole lines
    has 6 "SetEvent(0x" lines
    has 2 "ResetEvent(0x" lines
    has 4 "ReleaseSemaphore(0x" lines
    has 2 "ReleaseMutex(0x" lines
    has 6 "WaitForSingleObject(0x" lines
    has 2 "WaitForSingleObjectEx(0x" lines
    has 2 "WaitForMultipleObjects(2, [0x" lines
    has 2 "WaitForMultipleObjectsEx(2, [0x" lines
    for function in Write Read WriteAt ReadAt; do has 2 "SharedMemory$function(0x" lines; done
    has 1 "SharedMemoryCreate(\"at-once\", 64, [0x" lines
    has 0 "SharedMemoryCreateMode" lines
    same "$(stat -c %a lines)" 600
}
story "calls that are done at once are lines of their own, those inside of others are not" at_once_calls

errors_alone() {
    trace=errors:$work/lines
    rm -f lines
    traced at_once
    [ ! -s lines ]
    traced errors
    are_whole lines
    same "$(plain lines | head -n 1)" 'OpenEventA(SYNCHRONIZE, FALSE, "nobody has it") = NULL, ERROR_FILE_NOT_FOUND (2)'
    same "$(grep -vc '^  hint' lines)" 2
}
story "errors are all that is shown, if they are wanted; errno and the last error stay" errors_alone

every_function() {
    # (The one that would sleep, and has no result.)
    functions=$(nm -D --defined-only "$library/libwinshm.so" | awk '$2 == "T" && $3 != "Sleep" { sub(/@.*/, "", $3); print $3 }')
    [ "$(printf '%s\n' "$functions" | wc -l)" -gt 180 ]
    # shellcheck disable=SC2086 # they are words
    for trace in '' "calls:$work/lines" "errors:$work/lines"; do
        WINSHM_TRACE=$trace run ./everything $functions >"every.${trace%%:*}" </dev/null 2>/dev/null
    done
    diff every. every.calls
    diff every. every.errors
}
story "every function has the same result, last error and errno" every_function

to_standard_error() {
    trace=calls
    traced errors 2>to_there
    are_whole to_there
    has 2 "CloseHandle(0x" to_there
    traced errors 2>&- # nobody to tell
    trace=
    traced errors 2>to_there
    [ ! -s to_there ]
}
story "without a file, the standard error output is it" to_standard_error

lives() {
    trace=$work/lines
    rm -f lines
    child=$(traced lives | sed -n 's/^child //p')
    are_whole lines
    has 6 "SetEvent(0x" lines # 1 in a thread, 1 and 3 at the end of one, 1 at exit
    has 1 "ExitThread(7)" lines
    has 1 "WaitForSingleObject(0x8, INFINITE) = WAIT_OBJECT_0" lines
    grep " $child\\.$child PulseEvent" lines
}
story "threads to their end, exit handlers and forked children are traced" lives

in_handlers() {
    trace=$work/lines
    rm -f lines
    same "$(traced handler)" "caught some"
    are_whole lines
    grep -q 'SetEvent(0x' lines
    traced leave_by_jump
    has 2 "SleepEx(" lines
    grep -q 'SleepEx(0, FALSE) = 0' lines
    grep -q 'SleepEx(5000, FALSE) \.\.\. sleeps' lines
    are_whole lines
}
story "handlers that set an event within a traced call, or leave it by longjmp" in_handlers

interrupted() {
    trace=$work/lines
    WINSHM_TRACE=$trace run ./interruptions cancelled
    for bytes in $(WINSHM_TRACE=$trace run ./interruptions small_stack); do [ "$bytes" -le 4096 ]; done
    are_whole lines
    rm -f lines
    rounds=$(WINSHM_TRACE=$trace run ./interruptions at_any_instruction)
    are_whole lines
    [ "$rounds" = 0 ] || { has "$rounds" "SetEvent(0x4)" lines && has "$rounds" "SetEvent(0x8)" lines; }
}
story "a cancelled thread, a handler's small stack, a handler between any two instructions" interrupted

sleepers() {
    trace=$work/lines
    rm -f lines
    WINSHM_TRACE=$trace run ./interruptions sleeps
    are_whole lines
    same "$(sed -n 's/^[^ ]* [^ ]* \([A-Za-z]*\)(.* sleeps$/\1/p' lines)" "ReadFile
LockFileEx"
}
story "reads of pipes and waits for locks say that they sleep" sleepers

is_killed_asleep() {
    trace=$work/lines
    rm -f lines
    traced killed &
    job=$!
    until grep -q 'sleeps$' lines 2>/dev/null; do sleep 0.05; done
    sleeper=$(sed -n 's/^[^ ]* \([0-9]*\)\..*sleeps$/\1/p' lines)
    kill -9 "$sleeper"
    ends 137 $job
    same "$(plain lines | tail -n 1)" "WaitForSingleObject(0x4, INFINITE) ... sleeps"
    are_whole lines
}
story "of a call that never returns there is the beginning" is_killed_asleep

several_processes() {
    trace=errors:$work/lines
    rm -f lines
    traced together
    are_whole lines
    same "$(grep -c 'OpenMutexA' lines)" 1600
}
story "several processes and threads add whole lines to one file" several_processes

# --- off ----------------------------------------------------------------------

looks() { WINSHM_TRACE=$1 run strace -f -e trace=process_vm_readv ./conditions off 2>&1 | grep -c process_vm_readv || true; }
off() {
    same "$(looks '')" 0
    [ "$(looks "$work/lines")" -gt 0 ] # what it looks for can be seen
}
if command -v strace >/dev/null 2>&1; then
    story "without WINSHM_TRACE nothing is looked at" off
else
    echo "trace.sh: SKIPPED: without WINSHM_TRACE nothing is looked at: no strace"
fi

sum_up
