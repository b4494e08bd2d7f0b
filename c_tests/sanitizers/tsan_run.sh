#!/bin/sh
# tsan_run.sh PROGRAM [ARGUMENT...] - runs it under ThreadSanitizer, which looks at the program
# alone: the library is not instrumented. The sanitizer of older compilers does not start
# where addresses are very random.
TSAN_OPTIONS="ignore_noninstrumented_modules=1 exitcode=66${TSAN_OPTIONS:+ $TSAN_OPTIONS}"
export TSAN_OPTIONS
if setarch -R true 2>/dev/null; then
    exec setarch -R "$@"
fi
exec "$@"
