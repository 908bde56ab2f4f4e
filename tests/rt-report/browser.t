#!/bin/sh
# rt-report: the page in headless Chromium, at the width of a phone and of a desktop, light and dark,
# and printed: no message, no request, no sideways scrolling, text that can be read.

. "$(dirname "$0")/../lib.sh"
here=$(cd "$(dirname "$0")" && pwd)

chromium=
for program in chromium chromium-browser google-chrome; do
    [ -n "$chromium" ] || chromium=$(command -v "$program")
done
if [ -z "$chromium" ] || ! command -v python3 >/dev/null; then
    skip 'the page in a browser' 'no Chromium, or no python3'
    finish
fi

rt-sim --customers 400 --seed 1 >"$tmp/log.csv"
rt-churn --period month "$tmp/log.csv" >"$tmp/churn.csv"
rt-cohort --cohort quarter "$tmp/log.csv" >"$tmp/cohort.csv"
rt-sim --table answers --customers 400 --seed 1 | rt-nps --period month --compare >"$tmp/nps.csv"
rt-profile "$tmp/log.csv" | rt-segment | rt-summary --by segment >"$tmp/segments.csv"
long=$(printf '%0300d' 7)
{
    cat "$here/risk.csv"
    printf '%s,high risk,0.1,1,9.5\n<img src=x onerror=alert(1)>,high risk,0.1,1,9.5\n' "$long"
} >"$tmp/risk.csv"
rt-report --title "<script>alert('title')</script> $long" --section "$long" "$here/goals.csv" \
    "$tmp/churn.csv" "$tmp/cohort.csv" "$tmp/nps.csv" "$tmp/segments.csv" "$tmp/risk.csv" \
    >"$tmp/page.html"

# look PAGE: what is wrong with it, then how much was looked at.
look() {
    HOME=$tmp timeout 60 python3 "$here/browser.py" "$chromium" "$1" "$tmp" 2>&1
}

found=$(look "$tmp/page.html")
is 'nothing is wrong with the page' '' "$(printf '%s\n' "$found" | sed '$d')"
like 'more than a thousand texts were looked at' '^[0-9]{4,} texts$' \
    "$(printf '%s\n' "$found" | tail -n 1)"
like 'it can be printed' '^%PDF-' "$(head -c 8 "$tmp/page.pdf")"

# That these can fail at all.
{
    sed '/Content-Security-Policy/d' "$tmp/page.html"
    echo "<p style='color:#999'>pale</p><p style='width:3000px'>wide</p>"
    echo "<p style='font-size:6px'>small</p><img src='absent.png'><script>nothing()</script>"
} >"$tmp/bad.html"
found=$(look "$tmp/bad.html")
for fault in 'contrast [0-9.]*: pale' 'scrolls sideways: 3' 'small, 6.0 px: small' \
    'asks for file:.*/absent.png' 'says: .*nothing is not defined'; do
    like "a bad page is found out: $fault" "$fault" "$found"
done
finish
