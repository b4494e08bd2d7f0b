# shellcheck shell=sh
# count.sh - counts checks; read by the scripts that do them.
passed=0
failed=0

# LABEL COMMAND... - one check.
count() {
    label=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        echo "ok: $label"
    else
        failed=$((failed + 1))
        echo "FAILED: $label"
    fi
}

# COMMAND... - its output stays in the file $said, and is shown only if it fails.
quietly() { "$@" >"${said:?}" 2>&1 || { tail -n 40 "$said"; return 1; }; }

conclude() {
    printf '%s passed, %s failed\n' $passed $failed
    [ $failed -eq 0 ]
}
