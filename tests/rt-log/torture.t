#!/bin/sh
# The torture corpus: what must pass gives the rows, the sum and the customers of its manifest,
# what must not names its line, and with --rejects that line alone stops nobody.
. "$(dirname "$0")/../lib.sh"

corpus=$shared/torture
if [ ! -f "$corpus/manifest.csv" ]; then
    skip 'the torture corpus' 'it is not beside this repository'
    finish
fi

# file kind expected rows sum customers err_line also, without the quoted texts between.
manifest() {
    awk 'NR > 1 { line = $0; sub(/\r$/, "", line); count = 0; field = ""; quoted = 0
        for (i = 1; i <= length(line); i++) { c = substr(line, i, 1)
            if (c == "\"") quoted = !quoted
            else if (c == "," && !quoted) { fields[++count] = field; field = "" }
            else field = field c }
        fields[++count] = field
        for (i = 1; i <= count; i++) if (fields[i] == "") fields[i] = "-"
        print fields[1], fields[2], fields[5], fields[6], fields[7], fields[8], fields[9],
            fields[10] }' "$corpus/manifest.csv"
}

# Thousandths, so that no float has a say in it: the amount ends the last line of a record.
sum() {
    awk 'match($0, /,[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9],-?[0-9]+(\.[0-9]+)?$/) {
            sub(/^.*,/, ""); add($0) } END { print total + 0 }
        function add(amount, sign, parts) { sign = sub(/^-/, "", amount) ? -1 : 1
            split(amount, parts, "."); total += sign * (parts[1] substr(parts[2] "000", 1, 3)) }'
}

clean() { rt-log --map date=order_date "$@"; }

passes() {
    file=$1 rows=$2 sum=$3 customers=$4
    counts=$(clean -v "$corpus/$file" 2>&1 >"$tmp/log")
    is "$file: rows" "rt-log: $rows rows read, $rows kept, 0 rejected, 0 merged" "$counts"
    wanted=$(printf 'x,2000-01-01,%s\n' "$sum" | sum)
    is "$file: sum" "$wanted" "$(sum <"$tmp/log")"
    is "$file: customers" "$customers" \
        "$(clean -v --dedupe customer_id "$corpus/$file" 2>&1 >"$tmp/.out" | cut -d ' ' -f 5)"
    same=yes
    clean <"$corpus/$file" | cmp -s - "$tmp/log" || same="stdin differs"
    dd if="$corpus/$file" 2>/dev/null | clean - | cmp -s - "$tmp/log" || same="a pipe differs"
    dd bs=1 if="$corpus/$file" 2>/dev/null | clean | cmp -s - "$tmp/log" || same="bytes one by one differ"
    for scanner in portable off; do
        clean --scanner $scanner "$corpus/$file" | cmp -s - "$tmp/log" || same="scanner $scanner differs"
    done
    clean --rejects "$tmp/bad" "$corpus/$file" | cmp -s - "$tmp/log" || same="--rejects differs"
    rt-log "$tmp/log" | cmp -s - "$tmp/log" || same="cleaning it again differs"
    is "$file: the same by every way in" yes "$same"
    clean --sort "$corpus/$file" >"$tmp/sorted"
    is "$file: sorted, rows and sum" "$rows $wanted" \
        "$(rt-log -v "$tmp/sorted" 2>&1 >"$tmp/.out" | cut -d ' ' -f 2) $(sum <"$tmp/sorted")"
}

refuses() {
    file=$1 line=$2
    for scanner in auto portable off; do
        fails "$file: names line $line, scanner $scanner" "^rt-log: .*/$file:$line: " \
            clean --scanner $scanner "$corpus/$file"
    done
    rm -f "$tmp/bad.csv"
    if [ "$line" -eq 1 ]; then
        fails "$file: --rejects does not help a header" "/$file:1: " \
            clean --rejects "$tmp/bad.csv" "$corpus/$file"
        return
    fi
    clean --rejects "$tmp/bad.csv" "$corpus/$file" >"$tmp/log" 2>"$tmp/err"
    is "$file: --rejects goes on" '0 ' "$? $(cat "$tmp/err")"
    is "$file: the first reject names line $line" "$line" "$(sed -n 2p "$tmp/bad.csv" | cut -d , -f 2)"
    ok "$file: what is left is a log" rt-log "$tmp/log"
}

manifest >"$tmp/manifest"
while read -r file kind expected rows sum customers line also; do
    [ "$kind" = tx ] || continue
    if [ "$expected" = ok ] && { [ "$also" != error ] || clean "$corpus/$file" >"$tmp/.out" 2>&1; }; then
        passes "$file" "$rows" "$sum" "$customers" </dev/null
    elif [ "$expected" = ok ]; then
        fails "$file: refused for its digits" "/$file:[0-9]*: amount: .*digits" clean "$corpus/$file"
    else
        refuses "$file" "$line" </dev/null
    fi
done <"$tmp/manifest"
is 'all files of transactions were tried' "$(grep -c ',tx,' "$corpus/manifest.csv")" \
    "$(grep -c ' tx ' "$tmp/manifest")"
finish
