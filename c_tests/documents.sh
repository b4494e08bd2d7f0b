#!/bin/sh
# documents.sh ROOT - the programs of examples/documents do what they say, with
# each other and with raw ones, started in any order, and leave nothing behind.
# WINSHM_LIBRARY_DIR is where libwinshm.so is (default: ROOT/target/release).
# shellcheck disable=SC2154 # what stories.sh sets
set -eu
root=$(cd "$1" && pwd)
library=$(cd "${WINSHM_LIBRARY_DIR:-$root/target/release}" && pwd)
work=$(mktemp -d)

# Names of this run: winshm's in a directory of its own, the others by the process id.
posix=/documents.$$
key=$((0x50000000 + $$ * 4)) # and the next one
clean_up() {
    rm -rf "$work" "/dev/shm$posix."*
    ipcrm -M $key -M $((key + 1)) >/dev/null 2>&1 || true
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM
mkdir "$work/names"
export WINSHM_DIR="$work/names"

for source in "$root"/examples/documents/*.c; do
    gcc -std=c11 -Wall -Wextra -Wpedantic -Werror "-I$root/include" "$source" \
        -o "$work/$(basename "$source" .c)" "-L$library" -lwinshm "-Wl,-rpath,$library"
done
for source in "$root"/examples/documents/*.cpp; do
    g++ -std=c++17 -Wall -Wextra -Wpedantic -Werror "-I$root/include" "-DKEY_NUM=$((key + 1))" "$source" \
        -o "$work/$(basename "$source" .cpp)" "-L$library" -lwinshm "-Wl,-rpath,$library"
done
cd "$work"
. "$root/c_tests/stories.sh"

# What ipcs says about the segment of key $1; nothing if there is none.
ipcs_line() { ipcs -m | grep -i "^$(printf '0x%08x' "$1") " || true; }

# --- 1. POSIX hello ---------------------------------------------------------

hello() { # who writes, who reads, what
    says "$1 wrote: $3" "$1" "$posix.hello"
    [ -e "/dev/shm$posix.hello" ]
    says "$2 read: $3" "$2" "$posix.hello"
    [ ! -e "/dev/shm$posix.hello" ]
}
story "hello from the library to itself" hello posix_hello posix_hello "Hello from SharedMemoryWrite!"
story "hello from the library to shm_open" hello posix_hello posix_hello_raw "Hello from SharedMemoryWrite!"
story "hello from shm_open to the library" hello posix_hello_raw posix_hello "Hello from shm_open!"

# --- 2. First and second process --------------------------------------------

second_waits() {
    start first_process
    tells "created, press Enter to write"
    first=$job
    mkfifo second
    run ./second_process >second &
    second=$!
    exec 6<second
    same "$(next_line 6)" "second: waiting"
    ipcs_line $((key + 1)) | grep ' 666 * 4096 '
    echo >&5
    tells "wrote 4096 bytes"
    same "$(next_line 6)" "second: received 4096 of 4096 bytes"
    ends 0 $second
    ends 0 "$first"
    same "$(ipcs_line $((key + 1)))" ""
}
second_comes_later() {
    echo >line
    run ./first_process <line
    says "second: received 4096 of 4096 bytes" second_process
}
story "the second process waits for the first" second_waits
story "the second process comes when the first has ended" second_comes_later
story "the second process without the first" fails 1 "second: there is no segment" second_process

# --- 3. write | read --------------------------------------------------------

message() { # name
    fails 1 "there is no segment" write_read read "$1"
    says "" write_read write "$1"
    fails 1 "has a message that nobody read yet" write_read write "$1"
    says "from writer: This is writer!!!" write_read read "$1"
    fails 1 "there is no segment" write_read read "$1"
}
story "write | read, without an argument" fails 2 "usage: write_read write|read" write_read
story "write | read, with another argument" fails 2 "usage: write_read write|read" write_read wirte
story "write | read in POSIX memory" message "$posix.message"
story "write | read in System V memory" message "SysV\\$key"

# --- 4. Chunks, 5. numbers --------------------------------------------------

# in_turns FIRST SECOND NAME - starts both, with their outputs in files.
in_turns() {
    run ./"$1" "$3" >"$1.out" &
    run ./"$2" "$3" >"$2.out"
    wait $!
}

{
    for letter in A B C D E; do
        printf 'segment contains : \n"'
        head -c 1023 /dev/zero | tr '\0' $letter
        printf '"\nReading Process: Shared Memory: Read 1023 bytes\n'
    done
    echo "Reading Process: Reading Done, Detaching Shared Memory"
    echo "Reading Process: Complete"
} >chunks.read
{
    for letter in A B C D E; do echo "Writing Process: Shared Memory Write: Wrote 1023 bytes"; done
    echo "Writing Process: Wrote 5 times"
    echo "Writing Process: Complete"
} >chunks.written

chunks() { # who is started first, second, name
    in_turns "$@"
    diff chunks.written chunk_writer.out
    diff chunks.read chunk_reader.out
}
numbers() { # the same
    in_turns "$@"
    same "$(tr ' ' '\n' <number_reader.out)" "$(seq 100)"
    same "$(cat number_writer.out)" "number_writer: 100 numbers were read"
}
for segment in own "$posix.turns" "SysV\\$key"; do
    story "chunks, the writer first, in $segment" chunks chunk_writer chunk_reader "$segment"
    story "chunks, the reader first, in $segment" chunks chunk_reader chunk_writer "$segment"
    story "numbers, the writer first, in $segment" numbers number_writer number_reader "$segment"
    story "numbers, the reader first, in $segment" numbers number_reader number_writer "$segment"
done

# --- 6. The file copier -----------------------------------------------------

copies() { # a size; half of the bytes are NUL
    head -c "$1" /dev/urandom | tr '\1-\177' '\0' >source
    says "" file_copier source copy
    cmp source copy
}
# The parent is killed while it waits for bytes of its source, and the child for the first block.
parent_is_killed() {
    mkfifo slow_source slow_copy
    ./file_copier slow_source slow_copy 2>told &
    exec 5>slow_source 6<slow_copy # now the child has opened its copy
    is_killed $! $!
    tells "the other process ended"
}
for size in 0 1 65535 65536 65537 131072 1000000; do
    story "a copy of $size bytes" copies $size
done
story "the file copier without arguments" fails 2 "usage: file_copier" file_copier
story "a copy of nothing" fails 1 "no_such_file" file_copier no_such_file copy
story "a copy to nowhere" fails 1 "the other process ended" file_copier counter no_such_folder/copy
story "a copy that is too long" fails 1 "No space left" file_copier counter /dev/full
story "the child does not outlive its parent" parent_is_killed

# --- 7. Counter -------------------------------------------------------------

# Only whole numbers, each more than the one before, but for the second counter, which begins again.
is_counted() {
    awk '!/^[0-9]+$/ { exit 1 } NR > 1 && $1 <= last && ++again > 1 { exit 1 } { last = $1 }' "$1"
}
three_readers() { # name
    mkfifo shown1 shown2 shown3
    for reader in 1 2 3; do
        run ./show_counter "$1" >shown$reader 2>&1 &
    done
    exec 4<shown1 5<shown2 6<shown3
    for reader in 4 5 6; do same "$(next_line $reader)" "show_counter: waiting for $1"; done
    ./counter "$1" -1 1 &
    # Each has shown something.
    [ -n "$(next_line 4)" ] && [ -n "$(next_line 5)" ] && [ -n "$(next_line 6)" ]
    is_killed $! $!
    # Another one goes on in the same memory, and ends.
    run ./counter "$1" 10 1
    cat <&4 >numbers1
    cat <&5 >numbers2
    cat <&6 >numbers3
    wait
    for reader in 1 2 3; do is_counted numbers$reader; done
    rm shown1 shown2 shown3
}
in_ipcs() {
    start show_counter "SysV\\$key"
    tells "waiting for SysV\\$key"
    ipcs_line $key | grep ' 600 * 1024 '
    run ./counter "SysV\\$key" 3 1
    ends 0 "$job"
    same "$(ipcs_line $key)" ""
}
for segment in own "$posix.counter" "SysV\\$key"; do
    story "three readers of a counter that is killed, in $segment" three_readers "$segment"
done
story "ipcs shows the counter" in_ipcs

nothing_is_left() {
    same "$(find names -type f)" ""
    same "$(find /dev/shm -name "${posix#/}.*")" ""
    same "$(ipcs_line $key)$(ipcs_line $((key + 1)))" ""
}
story "nothing is left" nothing_is_left

sum_up
