#!/bin/sh
# Bad rows: the first one ends the command, or all of them are put aside.
. "$(dirname "$0")/../lib.sh"

cat >"$tmp/in.csv" <<'EOF'
customer_id,date,amount,note
a,2024-01-01,1,
,2024-01-02,2,no customer
b,2024-13-01,3,"a ""month"" too
many"
c,2024-01-03,x,
d,2024-01-03
e,2024-01-03,4,good
f,2024-01-03,"5"x,broken
g,2024-01-03,"6,open
h,2024-01-03,7,good
EOF
fails 'without --rejects the first bad row ends it' 'rt-log: .*in.csv:3: customer_id: empty$' \
    rt-log "$tmp/in.csv"

log=$(rt-log --rejects "$tmp/bad.csv" --keep note -v "$tmp/in.csv" 2>"$tmp/err")
is 'the exit status is 0' 0 $?
is 'good rows go on' 'customer_id,date,amount,note
a,2024-01-01,1,
e,2024-01-03,4,good
h,2024-01-03,7,good' "$log"
is 'the rejects have the line, the column and the record as it came' \
'file,line,column,reason,record
in.csv,3,customer_id,empty,",2024-01-02,2,no customer"
in.csv,4,date,not a date YYYY-MM-DD,"b,2024-13-01,3,""a """"month"""" too
many"""
in.csv,6,amount,not a number,"c,2024-01-03,x,"
in.csv,7,,2 fields where the header has 4,"d,2024-01-03"' \
    "$(head -n 6 "$tmp/bad.csv" | sed "s,^$tmp/,,")"
is 'of broken quotes the line is put aside' 'in.csv,9,"f,2024-01-03,""5""x,broken"
in.csv,10,"g,2024-01-03,""6,open"' \
    "$(tail -n 2 "$tmp/bad.csv" | sed "s,^$tmp/,,; s/,,[^\"]*,/,/")"
is 'all is counted' 'rt-log: 9 rows read, 3 kept, 6 rejected, 0 merged' "$(cat "$tmp/err")"
for scanner in portable off; do
    rt-log --rejects "$tmp/bad2.csv" --scanner $scanner --keep note "$tmp/in.csv" >"$tmp/out"
    is "the same with the scanner $scanner" "$log" "$(cat "$tmp/out")"
    ok "the same rejects with the scanner $scanner" cmp "$tmp/bad.csv" "$tmp/bad2.csv"
done
is 'stdin is named' 'stdin,2' \
    "$(printf 'customer_id,date\n,2024-01-01\n' |
        rt-log --rejects "$tmp/bad.csv" >"$tmp/out" && sed -n 2p "$tmp/bad.csv" | cut -d , -f 1,2)"
is 'rejects have the delimiter of the input' 'file;line;column;reason;record
stdin;2;customer_id;empty;";2024-01-01"' \
    "$(printf 'customer_id;date\n;2024-01-01\n' |
        rt-log -d ';' --rejects "$tmp/bad.csv" >"$tmp/out" && cat "$tmp/bad.csv")"
is 'a clean input gives a table without rejects' 'file,line,column,reason,record' \
    "$(printf 'customer_id,date\na,2024-01-01\n' |
        rt-log --rejects "$tmp/bad.csv" >"$tmp/out" && cat "$tmp/bad.csv")"

# A mixture of good and bad rows over many blocks: nothing is lost, doubled or moved.
awk 'BEGIN { print "customer_id,date,amount"; for (i = 1; i <= 60000; i++) {
    if (i % 7 == 0) print "c" i ",2024-02-30," i; else if (i % 11 == 0) print "c" i;
    else if (i % 1001 == 0) print "c\"" i; else print "c" i ",2024-02-28," i } }' >"$tmp/many.csv"
grep -v '2024-02-30' "$tmp/many.csv" | grep , >"$tmp/want.csv"
for scanner in auto portable off; do
    rt-log --rejects "$tmp/bad.csv" --scanner $scanner "$tmp/many.csv" >"$tmp/out"
    ok "good rows among many bad ones, scanner $scanner" cmp "$tmp/want.csv" "$tmp/out"
    awk -F , 'NR == FNR { if (FNR > 1 && !/^c[0-9]*,2024-02-28/) want[FNR] = 1; next }
        FNR > 1 { if (!want[$2]) wrong++; delete want[$2] }
        END { for (line in want) wrong++; exit wrong > 0 }' "$tmp/many.csv" "$tmp/bad.csv"
    is "each bad line is named once, scanner $scanner" 0 $?
done

# Lines are counted once, not from the start of a block for each bad row: that took 17 s here.
awk 'BEGIN { print "customer_id,date"; for (i = 0; i < 400000; i++) print "c" i ",never" }' \
    >"$tmp/never.csv"
is 'nothing but bad rows' 'rt-log: 400000 rows read, 0 kept, 400000 rejected, 0 merged' \
    "$(sh -c "ulimit -t 8; exec rt-log -v --rejects '$tmp/bad.csv' '$tmp/never.csv'" 2>&1 >"$tmp/out")"
is 'the last of them is named' "$tmp/never.csv,400001,date" "$(tail -n 1 "$tmp/bad.csv" | cut -d , -f 1-3)"

bad() { rt-log --rejects "$tmp/bad.csv" "$@" "$tmp/in.csv"; }
ok '--max-bad that is met exactly' bad --max-bad 6
rm -f "$tmp/bad.csv"
fails '--max-bad that is passed' '^rt-log: 6 of 8 rows so far are bad, and --max-bad is 5$' bad --max-bad 5
is 'the rejects are there to tell why' 7 "$(grep -c '^file\|in.csv' "$tmp/bad.csv")"
fails '--max-bad 0' '^rt-log: 1 of 2 rows so far are bad, and --max-bad is 0$' bad --max-bad 0
ok 'a percentage that is met exactly' bad --max-bad 66.66666666666667%
fails 'a percentage that is passed' '^rt-log: 6 of 9 rows are bad, and --max-bad is 66.66%$' \
    bad --max-bad 66.66%
ok 'a percentage is judged at the end only' sh -c "printf 'customer_id,date\nx,y\na,2024-01-01\n' |
    rt-log --rejects '$tmp/bad.csv' --max-bad 50%"
for limit in 101% -1 1.5 x % ''; do
    fails "--max-bad '$limit' is refused" '^rt-log: --max-bad: ' bad --max-bad "$limit"
done
fails 'too many bad rows leave nothing finished' 'rows so far are bad' \
    rt-log --rejects "$tmp/bad.csv" --max-bad 9999 "$tmp/many.csv"
fails 'nor does too large a share of them' 'rows are bad, and --max-bad is 1%' \
    rt-log --rejects "$tmp/bad.csv" --max-bad 1% "$tmp/many.csv"
fails '--max-bad wants --rejects' '^rt-log: --max-bad: only with --rejects' rt-log --max-bad 3 "$tmp/in.csv"
fails 'a header that does not fit ends it' 'many.csv' \
    rt-log --rejects "$tmp/bad.csv" "$tmp/in.csv" "$tmp/many.csv"
rm -f "$tmp/bad.csv"
fails 'a column that is missing ends it' 'in.csv' rt-log --rejects "$tmp/bad.csv" --map date=day "$tmp/in.csv"
is 'and leaves no rejects behind' "$tmp/in.csv" "$(ls "$tmp"/in.csv* "$tmp"/bad.csv* 2>/dev/null)"
fails 'rejects that cannot be written' 'nowhere' rt-log --rejects "$tmp/nowhere/bad.csv" "$tmp/in.csv"
if [ -c /dev/full ]; then
    fails 'rejects on a full disk' '^rt-log: /dev/full: ' rt-log --rejects /dev/full "$tmp/in.csv"
else
    skip 'rejects on a full disk' 'no /dev/full'
fi
finish
