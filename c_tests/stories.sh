# stories.sh - sourced by scripts that start example programs in several processes, after `cd` into a folder of
# their own, where the programs are.
#
# Nothing here waits by time: programs tell through a pipe what they do, and are told through another to end.
# `timeout` only ends what hangs.
# shellcheck shell=sh disable=SC2034,SC2120 # what the stories use

script=$(basename "$0" .sh)
passed=0
failed=0
name=
input=enter # what programs that are started read

# story TITLE COMMAND... - one test: a function whose every command must succeed.
# Its objects are called $name. Programs that it has started tell on descriptor 4,
# and read from descriptor 5.
story() {
    title=$1 name="Local\\$script.$$.$((passed + failed))"
    shift
    rm -f told enter
    mkfifo told enter
    set +e # in an `if`, or before `||`, the -e of the subshell would have no effect
    (
        set -e
        exec 4<>told 5<>enter # both ways: opening one end would wait for the other
        "$@"
    ) >log 2>&1
    status=$?
    set -e
    if [ $status -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s.sh: failed: %s\n' "$script" "$title"
        sed 's/^/    /' log
    fi
}

run() { timeout 60 "$@" 4>&- 5>&-; }

# start PROGRAM ARGUMENT... - in the background, as $job.
start() {
    program=$1
    shift
    # Not by run: a shell in between would tell, too, that its child was killed.
    timeout 60 "./$program" "$@" <"$input" >told 2>&1 4>&- 5>&- &
    job=$!
}

# same WHAT EXPECTED
same() {
    [ "$1" = "$2" ] || { printf '"%s" where this was expected: "%s"\n' "$1" "$2"; return 1; }
}

# next_line [DESCRIPTOR]
next_line() { run sh -c 'read -r line; printf "%s\n" "$line"' <&"${1:-4}"; }

# tells TEXT - the next line of a program that was started; it is process $pid.
tells() {
    line=$(next_line)
    same "${line#*: }" "$1"
    pid=${line%%:*}
}

# ends STATUS JOB
ends() {
    status=0
    wait "$2" || status=$?
    same "$status" "$1"
}

# is_killed PID JOB - the system has closed its handles when this returns.
is_killed() {
    kill -9 "$1"
    ends 137 "$2"
}

# says TEXT PROGRAM ARGUMENT... - it succeeds, and that is its output, with _ for its process id.
says() {
    expected=$1 program=$2
    shift 2
    output=$(run "./$program" "$@" 2>&1)
    same "$(printf '%s\n' "$output" | sed 's/^[0-9]*: /_: /')" "$expected"
}

# fails STATUS TEXT PROGRAM ARGUMENT... - it ends with that status and complains with that text in it.
fails() {
    expected_status=$1 expected=$2 program=$3
    shift 3
    status=0
    output=$(run "./$program" "$@" 2>&1 </dev/null) || status=$?
    same $status "$expected_status"
    case $output in *"$expected"*) ;; *) same "$output" "$expected" ;; esac
}

# The last line of a script of stories.
sum_up() {
    echo "$passed passed, $failed failed"
    [ $failed -eq 0 ]
}
