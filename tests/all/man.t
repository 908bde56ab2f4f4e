#!/bin/sh
# Every page is well formed, and those of the commands say what --help says.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/samples.sh"

# The options that a page lists: the words behind Fl of its .It lines, "o" and "-output" each.
page_options() {
    awk '$1 == ".It" { for (i = 2; i < NF; i++) if ($i == "Fl") print $(i + 1) }' "$1" |
        tr -d '\\' | sort -u
}

lower_first() {
    awk '{ print tolower(substr($0, 1, 1)) substr($0, 2) }'
}

for command in $commands; do
    page=$top/man/$command.1
    [ -f "$page" ] || continue
    "$command" --complete | awk -F '\t' '{ print substr($1, 2) } $2 != "" { print substr($2, 2) }' |
        sort -u >"$tmp/options"
    is "$command: the page and the command have the same options" "$(cat "$tmp/options")" \
        "$(page_options "$page")"
    is "$command: the page and the command have the same purpose" \
        "$(sed -n 's/^\.Nd \(.*\)/\1./p' "$page" | lower_first)" \
        "$("$command" --help | sed -n 3p | lower_first)"
    for section in NAME SYNOPSIS DESCRIPTION 'EXIT STATUS' EXAMPLES 'SEE ALSO'; do
        ok "$command: the page has the section $section" grep -qx "\\.Sh $section" "$page"
    done
done

for page in "$top"/man/*.[157]; do
    if command -v mandoc >/dev/null; then
        is "${page##*/} is well formed" '' "$(mandoc -T lint "$page" 2>&1 |
            grep -Ev 'referenced manual not found|outdated mandoc\.db')"
    else
        skip "${page##*/} is well formed" 'no mandoc'
    fi
done
finish
