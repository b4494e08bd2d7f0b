#!/bin/sh
# guarded.sh NAME COMMAND... - runs the command, unless one runs under that name already: then the status is 4.
# Otherwise it is the command's.
set -eu
name=$1
shift
# [docs: guard]
winshm create mutex "$name" -- winshm acquire --timeout 0 "$name" -- "$@"
# [docs: end]
