#!/bin/sh
# reports.sh TEXT COMMAND... - the command fails, and says TEXT.
set -eu
text=$1
shift
if said=$("$@" 2>&1); then
    printf '%s\n' "$said" "$*: nothing was reported"
    exit 1
fi
case $said in
    *"$text"*) ;;
    *) printf '%s\n' "$said" "$*: failed, but not with: $text"; exit 1 ;;
esac
