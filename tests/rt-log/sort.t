#!/bin/sh
# --sort: by customer and date, through sort(1).
. "$(dirname "$0")/../lib.sh"

cat >"$tmp/in.csv" <<'EOF'
customer_id,date,amount,item
b,2024-01-02,1,x
a,2024-01-02,2,"two
lines"
B,2024-01-01,3,
a,2024-01-02,4,"tab	and \ backslash \n"
ab,2024-01-01,5,
"a,b",2024-01-01,6,
a b,2024-01-01,7,
"a
b",2024-01-01,8,
a	b,2024-01-01,9,
é,2024-01-01,10,"é"
a,2023-12-31,11,
10,2024-01-01,12,
9,2024-01-01,13,
EOF
cat >"$tmp/want.csv" <<'EOF'
customer_id,date,amount,item
10,2024-01-01,12,
9,2024-01-01,13,
B,2024-01-01,3,
a,2023-12-31,11,
a,2024-01-02,2,"two
lines"
a,2024-01-02,4,tab	and \ backslash \n
a	b,2024-01-01,9,
"a
b",2024-01-01,8,
a b,2024-01-01,7,
"a,b",2024-01-01,6,
ab,2024-01-01,5,
b,2024-01-02,1,x
é,2024-01-01,10,é
EOF
is 'by the bytes of the customer, then by date, then as they came; quoted newlines stay whole' "$(cat "$tmp/want.csv")" "$(rt-log --sort "$tmp/in.csv")"
is 'sorting again changes nothing' "$(cat "$tmp/want.csv")" "$(rt-log --sort "$tmp/want.csv")"
is 'a log without rows' 'customer_id,date' "$(printf 'customer_id,date\n' | rt-log --sort)"
is 'the environment does not matter' "$(cat "$tmp/want.csv")" \
    "$(LC_ALL=de_DE.UTF-8 TMPDIR=/nowhere POSIXLY_CORRECT=1 PATH="$rt" rt-log --sort "$tmp/in.csv")"
mkdir "$tmp/fake"
printf '#!/bin/sh\necho fake\n' >"$tmp/fake/sort"
chmod 755 "$tmp/fake/sort"
is 'a sort in the PATH of the user is not run' "$(cat "$tmp/want.csv")" \
    "$(PATH=$tmp/fake:$rt:$PATH rt-log --sort "$tmp/in.csv")"
is 'where signals of children are ignored' "$(cat "$tmp/want.csv")" \
    "$(trap '' CHLD PIPE; rt-log --sort "$tmp/in.csv")"

awk 'BEGIN { srand(11); print "customer_id,date,amount,item"; for (i = 0; i < 40000; i++)
    printf "\"c%d%s\",%d-%02d-%02d,%d,\"%s\"\n", rand() * 300, rand() < 0.2 ? "\n" : "",
        1999 + rand() * 30, 1 + rand() * 12, 1 + rand() * 28, i, rand() < 0.3 ? "x\ny" : "z" }' \
    >"$tmp/many.csv"
rt-log --sort "$tmp/many.csv" >"$tmp/sorted.csv"
if command -v python3 >/dev/null && python3 -c 'import csv'; then
    python3 - "$tmp/many.csv" >"$tmp/reference.csv" <<'EOF'
import csv, sys
rows = list(csv.reader(open(sys.argv[1], newline="", encoding="utf-8")))
out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(rows[0])
out.writerows(sorted(rows[1:], key=lambda row: (row[0].encode(), row[1])))
EOF
    ok 'the same as a stable sort done by Python' cmp "$tmp/reference.csv" "$tmp/sorted.csv"
else
    skip 'the same as a stable sort done by Python' 'no python3'
fi

# The order within a customer's day is that of the input; where there is one row a day, any order
# of the input gives the same bytes.
awk 'BEGIN { for (i = 0; i < 20000; i++) printf "c%03d,2024-%02d-%02d,%d\n", i % 97,
    1 + int(i / 97) % 12, 1 + int(i / 97 / 12), i }' | LC_ALL=C sort >"$tmp/rows"
{ echo customer_id,date,amount; cat "$tmp/rows"; } >"$tmp/want.csv"
{ echo customer_id,date,amount; awk '{ print (NR * 7919) % 20011 "\t" $0 }' "$tmp/rows" |
    sort -n | cut -f 2-; } >"$tmp/shuffled.csv"
not_ok 'the shuffled rows are not sorted' cmp -s "$tmp/want.csv" "$tmp/shuffled.csv"
rt-log --sort "$tmp/shuffled.csv" >"$tmp/out"
ok 'shuffled rows come back in order' cmp "$tmp/want.csv" "$tmp/out"
is '-v counts' 'rt-log: 20000 rows read, 20000 kept, 0 rejected, 0 merged' \
    "$(rt-log -v --sort "$tmp/shuffled.csv" 2>&1 >"$tmp/out")"
fails 'a bad row leaves nothing finished' 'stdin:3: ' \
    sh -c 'printf "customer_id,date\na,2024-01-01\nb,x\n" | rt-log --sort'

# With little memory sort(1) has to write temporary files.
if sh -c 'ulimit -v 60000; exec rt-log --version' >"$tmp/out" 2>&1; then
    awk 'BEGIN { print "customer_id,date"; for (i = 0; i < 900000; i++)
        print "customer-" i * 7919 % 900000 "-of-the-shop-at-the-corner,2024-01-01" }' >"$tmp/big.csv"
    fails 'what sort(1) says ends the command' '^rt-log: .*sort: .*nowhere' \
        sh -c "ulimit -v 60000; exec rt-log --sort --temporary '$tmp/nowhere' '$tmp/big.csv'"
    mkdir "$tmp/here"
    rt-log --sort --temporary "$tmp/here" "$tmp/big.csv" >"$tmp/whole"
    sh -c "ulimit -v 60000; exec rt-log --sort --temporary '$tmp/here' '$tmp/big.csv'" >"$tmp/bounded"
    ok 'little memory gives the same bytes' cmp "$tmp/whole" "$tmp/bounded"
    is 'temporary files go away' '' "$(ls "$tmp/here")"
else
    skip 'sorting in little memory' 'the commands are built with a sanitizer or wrapped'
fi
finish
