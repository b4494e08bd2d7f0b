# What compare.sh does under equal conditions. A call may be missing in neither file.
BEGIN { FS = ","; tolerance = 0.03 }
/^#/ || /^call,/ { next }
NR == FNR { recorded[$1] = $2; next }
!($1 in recorded) { print_row($1, "-", $2, "  IS NOT RECORDED"); next }
{
    change = recorded[$1] > 0 ? $2 / recorded[$1] - 1 : ($2 > 0)
    verdict = change > tolerance ? "  IS MORE" : change < -tolerance ? "  IS LESS" : ""
    print_row($1, recorded[$1], $2, verdict, sprintf("%+.1f %%", 100 * change))
    delete recorded[$1]
}
END {
    for (call in recorded)
        print_row(call, recorded[call], "-", "  WAS NOT MEASURED")
    if (failed)
        print "If that is what a change is meant to do, bless it: ./dev counts record"
    printf "%d passed, %d failed\n", passed, failed
    exit failed > 0 || passed == 0
}
function print_row(call, was, is, verdict, change) {
    if (verdict == "") passed++; else failed++
    printf "%-62s %8s %8s %9s%s\n", call, was, is, change, verdict
}
