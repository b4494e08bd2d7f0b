# Reads the dumps of counts.c under callgrind; writes, for each call: its name, the
# instructions of the library, and those of others that it called (the C library,
# the dynamic linker), each for one time.
/^desc: Trigger: Client Request: / { times = $5; call = substr($0, index($0, $6)) }
/^ob=/ { is_library = /\/libwinshm\.so/; is_program = /\/counts$/ }
# The line after this one repeats what stands where the called function is.
/^calls=/ { getline; next }
/^[0-9+*-]/ { if (is_library) own += $2; else if (!is_program) others += $2 }
/^totals: / {
    if (call != "")
        printf "%s,%.1f,%.1f\n", call, own / times, others / times
    call = ""
    own = others = 0
    is_library = is_program = 0
}
