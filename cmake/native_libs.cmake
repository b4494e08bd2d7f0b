# The system libraries that a program needs beside libwinshm.a: what
# `rustc --print native-static-libs` says. c_tests/cmake/run.sh compares.
set(WINSHM_NATIVE_LIBS gcc_s util rt pthread m dl c)
