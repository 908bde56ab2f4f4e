#!/bin/sh
# Columns, dates and amounts: what comes out, and what is refused.
. "$(dirname "$0")/../lib.sh"

cat >"$tmp/shop.csv" <<'EOF'
note,CustID,Total,channel,InvoiceDate,item,order_id,colour
n1,anna,1.50,web,25/12/2024,tea,o1,red
"n,2",bert,-2,shop,01/02/2025,,o2,"bl""ue"
EOF
map=customer_id=CustID,date=InvoiceDate,amount=Total
is 'columns come in the order of a log, others are dropped' \
'customer_id,date,amount,order_id,item,channel
anna,2024-12-25,1.50,o1,tea,web
bert,2025-02-01,-2,o2,,shop' \
    "$(rt-log --map $map --date-format %d/%m/%Y "$tmp/shop.csv")"
is '--keep puts further columns behind, in the order that was said' \
'customer_id,date,amount,order_id,item,channel,colour,note
anna,2024-12-25,1.50,o1,tea,web,red,n1
bert,2025-02-01,-2,o2,,shop,"bl""ue","n,2"' \
    "$(rt-log --map $map --date-format %d/%m/%Y --keep colour,note "$tmp/shop.csv")"
is '--keep of a column of a log, or twice, changes nothing' \
'customer_id,date,amount,order_id,item,channel,note' \
    "$(rt-log --map $map --date-format %d/%m/%Y --keep item,note,note "$tmp/shop.csv" | head -n 1)"
fails '--keep of an unknown column is named' 'shop.csv.*color' \
    rt-log --map $map --date-format %d/%m/%Y --keep color "$tmp/shop.csv"
fails 'a needed column that is missing is named' 'shop.csv.*customer_id' rt-log "$tmp/shop.csv"

log() { printf 'customer_id,date,amount\n'; cat; }
one() { printf '%s\n' "$1" | log | rt-log 2>&1 | tail -n +2; }

is 'the amount is not needed' 'customer_id,date
a,2024-01-01' "$(printf 'date,customer_id\n2024-01-01,a\n' | rt-log)"
is 'a log stays as it is' 'customer_id,date,amount
a,2024-01-01,1.50
b,2024-01-02,-0.5' "$(printf 'a,2024-01-01,1.50\nb,2024-01-02,-0.5\n' | log | rt-log)"
is 'a header alone is a log without rows' 'customer_id,date,amount' "$(log </dev/null | rt-log)"
is 'an id stays byte for byte, blanks and quotes too' '" ""x"", ",2024-01-01,1' \
    "$(one '" ""x"", ",2024-01-01,1')"
is 'quotes that are not needed go' 'a,2024-01-01,1' "$(one '"a","2024-01-01","1"')"
is 'CRLF, empty lines and a missing last line end' 'customer_id,date,amount
a,2024-01-01,1
b,2024-01-01,2
c,2024-01-01,3' \
    "$(printf 'customer_id,date,amount\r\na,2024-01-01,1\r\n\r\nb,2024-01-01,2\n\nc,2024-01-01,3' |
        rt-log)"
while read -r from to; do
    is "the amount $from leaves as $to" "a,2024-01-01,$to" "$(one "a,2024-01-01,$from")"
done <<'EOF'
0 0
-0 0
-0.00 0.00
+5 5
007.50 7.50
0.10 0.10
-0.10 -0.10
10 10
999999999999999999 999999999999999999
EOF
for amount in 1e3 0x10 1,5 '' ' 1' .5 5. nan 1.2.3 '1 000' --1; do
    printf '"a",2024-01-01,"%s"\n' "$amount" | log >"$tmp/bad.csv"
    fails "the amount '$amount' is refused" "bad.csv:2: amount: " rt-log "$tmp/bad.csv"
done
for date in 2024-1-1 2023-02-29 24-01-01 01/02/2024 2024-01-01T00:00:00 '' ' 2024-01-01' 0000-01-01; do
    printf '"a",%s,1\n' "$date" | log >"$tmp/bad.csv"
    fails "the date '$date' is refused" "bad.csv:2: date: " rt-log "$tmp/bad.csv"
done
printf 'a,2024-01-01,1\n,2024-01-01,secret\n' | log >"$tmp/bad.csv"
fails 'an empty customer is refused' 'rt-log: .*bad.csv:3: customer_id: empty$' rt-log "$tmp/bad.csv"
printf 'a,2024-01-01,1\nb,2024-01-01,secret\n' | log >"$tmp/bad.csv"
not_ok 'a message never shows the value' grep -q secret "$tmp/.err"

event() { printf 'customer_id,date,amount,event\na,2024-01-01,,%s\n' "$1"; }
is 'an event that is no purchase needs no amount' 'a,2024-01-01,,visit' \
    "$(event visit | rt-log | tail -n 1)"
event purchase >"$tmp/bad.csv"
fails 'a purchase needs an amount' 'bad.csv:2: amount: empty' rt-log "$tmp/bad.csv"
event '' >"$tmp/bad.csv"
fails 'a row without an event is a purchase' 'bad.csv:2: amount: empty' rt-log "$tmp/bad.csv"

day() { printf 'customer_id,date\na,%s\n' "$2" | rt-log --date-format "$1" 2>&1 | tail -n 1; }
is 'a two-digit year' a,2024-03-05 "$(day %d.%m.%y 05.03.24)"
is 'a two-digit year of the last century' a,1969-03-05 "$(day %d.%m.%y 05.03.69)"
is 'a month by name' a,2024-03-05 "$(day '%d %b %Y' '05 Mar 2024')"
is 'a time of day and a zone are left out' a,2024-03-05 "$(day %Y-%m-%dT%H:%M:%S%z 2024-03-05T23:59:59+0900)"
is 'a zone with a colon' a,2024-03-05 "$(day %Y-%m-%dT%H:%M:%S%z 2024-03-05T23:59:59-09:30)"
is 'a time of day with fractions and a Z' a,2024-03-05 "$(day %Y-%m-%dT%H:%M:%S.%fZ 2024-03-05T23:59:59.123Z)"
is 'a date without zeros' a,2024-03-05 "$(day %m/%d/%Y 3/5/2024)"
printf 'customer_id,date\na,05.03.2024 12:00\n' >"$tmp/bad.csv"
fails 'what stands behind the format is refused' 'bad.csv:2: date: .*--date-format' \
    rt-log --date-format %d.%m.%Y "$tmp/bad.csv"
printf 'customer_id,date\na,31.02.2024\n' >"$tmp/bad.csv"
fails 'a day that does not exist is refused' 'bad.csv:2: date: ' rt-log --date-format %d.%m.%Y "$tmp/bad.csv"
fails 'a format that cannot be a date is named before reading' '--date-format: .*letter' rt-log --date-format %Q -

euro() { printf 'customer_id,date,amount\na,2024-01-01,"%s"\n' "$1" | rt-log --decimal , --group . 2>&1 | tail -n 1; }
is 'European numbers' a,2024-01-01,1234.56 "$(euro 1.234,56)"
is 'European numbers below a thousand' a,2024-01-01,-0.50 "$(euro -0,50)"
is 'European numbers without groups' a,2024-01-01,1234567.1 "$(euro 1234567,1)"
is 'European millions' a,2024-01-01,1234567 "$(euro 1.234.567)"
for amount in 1.23,4 12.34 1,234.56 1..234 .123 1.2345; do
    printf 'customer_id,date,amount\na,2024-01-01,"%s"\n' "$amount" >"$tmp/bad.csv"
    fails "the European amount $amount is refused" 'bad.csv:2: amount: .*--decimal' \
        rt-log --decimal , --group . "$tmp/bad.csv"
done
is 'American groups' a,2024-01-01,1234.56 \
    "$(printf 'customer_id,date,amount\na,2024-01-01,"1,234.56"\n' | rt-log --group , | tail -n 1)"
fails 'one character cannot be both' '--group: ' rt-log --group . -
fails 'a digit cannot be the decimal point' '--decimal: ' rt-log --decimal 1 -

is 'another delimiter, of the input and of the log' 'customer_id;date;amount
a,b;2024-01-01;1.5' \
    "$(printf 'customer_id;date;amount\n"a,b";2024-01-01;1,5\n' | rt-log -d ';' --decimal ,)"
is 'another delimiter of a log that stays as it is' 'customer_id;date;amount
a,b;2024-01-01;1.5
"a;b";2024-01-01;1.5' \
    "$(printf 'customer_id;date;amount\na,b;2024-01-01;1.5\n"a;b";2024-01-01;1.5\n' | rt-log -d ';')"
for delimiter in - . 7; do
    fails "the delimiter $delimiter is part of dates and numbers" '^rt-log: --delimiter: ' \
        sh -c "printf 'customer_id${delimiter}date\na${delimiter}05/01/2024\n' |
            rt-log -d $delimiter --date-format %d/%m/%Y"
done
printf 'b,2024-01-02,2\n' | log >"$tmp/2.csv"
printf 'a,2024-01-01,1\n' | log >"$tmp/1.csv"
is 'several files are one log' "$(printf 'a,2024-01-01,1\nb,2024-01-02,2\n' | log)" \
    "$(rt-log "$tmp/1.csv" "$tmp/2.csv")"
is '-o writes the same into a file' "$(rt-log "$tmp/1.csv")" \
    "$(rt-log -o "$tmp/o.csv" "$tmp/1.csv" && cat "$tmp/o.csv")"
is '-v counts on stderr' 'rt-log: 2 rows read, 2 kept, 0 rejected, 0 merged' \
    "$(rt-log -v "$tmp/1.csv" "$tmp/2.csv" 2>&1 >"$tmp/.out")"
is 'stderr is empty when all is well' '' "$(rt-log "$tmp/1.csv" 2>&1 >"$tmp/.out")"
if [ -c /dev/full ]; then
    for option in '' --sort '--refunds net' '--dedupe date'; do
        not_ok "a full disk is an error $option" sh -c "rt-log $option '$tmp/1.csv' >/dev/full"
    done
else
    skip 'a full disk is an error' 'no /dev/full'
fi

# The way rows take through the command must not show: as they stand, or cell by cell.
awk 'BEGIN { srand(7); print "customer_id,date,amount"; for (i = 0; i < 30000; i++)
    printf "c%d,2024-%02d-%02d,%d.%02d%s\n", rand() * 999, 1 + rand() * 12, 1 + rand() * 28,
        rand() * 100, rand() * 100, i % 501 ? "" : "\n" }' >"$tmp/many.csv"
grep . "$tmp/many.csv" >"$tmp/want.csv"
rt-log --date-format %Y-%m-%d "$tmp/many.csv" >"$tmp/cells.csv"
for scanner in auto portable off; do
    rt-log --scanner $scanner "$tmp/many.csv" >"$tmp/got.csv"
    ok "rows that are copied are the same, scanner $scanner" cmp "$tmp/want.csv" "$tmp/got.csv"
done
sed 's/\.[0-9]*$/&0000/; s/,\([0-9]*\)\.\([0-9]*\)0000$/,+\1.\2/' "$tmp/many.csv" |
    rt-log >"$tmp/got.csv"
sed 's/,0\{1,\}\([0-9]\)/,\1/2' "$tmp/want.csv" | cmp - "$tmp/got.csv" >"$tmp/.out" 2>&1
is 'amounts that must be written anew are the same' 0 $?
tr '\n' '~' <"$tmp/many.csv" | sed 's/~/\r~/g' | tr '~' '\n' | rt-log >"$tmp/got.csv"
ok 'CRLF gives the same rows' cmp "$tmp/want.csv" "$tmp/got.csv"
ok 'dates in a format give the same rows' cmp "$tmp/want.csv" "$tmp/cells.csv"

# The same of rows of every kind, good and bad, in any mixture.
awk 'function pick(list, words) { return words[1 + int(rand() * split(list, words, " "))] }
    BEGIN { srand(5); print "customer_id,date,amount"
    for (i = 0; i < 30000; i++) {
        mostly = rand() < 0.9
        id = mostly ? "c" i : pick("_ \"\" \"a,b\" \"a\"\"b\" \"a a\"b \303\251 \351 \"a~b\"")
        date = mostly || rand() < 0.8 ? "2024-02-29" : pick("_ 2023-02-29 \"2024-01-01\" 2024-1-1")
        amount = pick("1 1.50 -2 0.10 -0.10 0 -0 -0.0 +5 05 00.5 -05.5 10 " (mostly ? "7" : "_ . x 1e3 \"3\""))
        line = id "," date "," amount (mostly || rand() < 0.9 ? "" : ",")
        gsub("_", "", line); gsub("~", "\n", line)
        printf "%s%s", line, rand() < 0.95 ? "\n" : rand() < 0.5 ? "\r\n" : "\n\n" } }' >"$tmp/kinds.csv"
rt-log --group "'" --scanner off --rejects "$tmp/want-bad.csv" "$tmp/kinds.csv" >"$tmp/want.csv"
cut -d , -f 1-3,5- "$tmp/want-bad.csv" >"$tmp/want-rejects.csv"
for scanner in auto portable off; do
    rt-log --scanner $scanner --rejects "$tmp/got-bad.csv" "$tmp/kinds.csv" >"$tmp/got.csv"
    ok "rows of every kind, scanner $scanner" cmp "$tmp/want.csv" "$tmp/got.csv"
    cut -d , -f 1-3,5- "$tmp/got-bad.csv" >"$tmp/got-rejects.csv"
    ok "rejects of every kind, scanner $scanner" cmp "$tmp/want-rejects.csv" "$tmp/got-rejects.csv"
done
ok 'there are good ones and bad ones' [ "$(wc -l <"$tmp/want.csv")" -gt 20000 -a \
    "$(wc -l <"$tmp/want-rejects.csv")" -gt 1000 ]
finish
