#!/bin/sh
# --map: which column is meant, and what is said where none is.
. "$(dirname "$0")/../lib.sh"

printf 'date,when,who\n2020-01-01,2024-01-05,ann\n' >"$tmp/log.csv"
is "a mapped name wins over one of the file's" 2024-01-05 \
    "$(rt-profile --map customer_id=who,date=when "$tmp/log.csv" | tail -n 1 | cut -d, -f2)"
fails "the file's names are listed, not the mapped ones" \
    "log.csv:1: no column 'day'; there are: date, when, who" \
    rt-profile --map customer_id=who,date=day "$tmp/log.csv"
fails "one column cannot have two names" "log.csv:1: column 'who' is mapped twice" \
    rt-profile --map customer_id=who,date=who "$tmp/log.csv"
fails "two columns cannot have one name" "log.csv:1: column 'date' is there 2 times" \
    rt-profile --map customer_id=who,date=when,date=date "$tmp/log.csv"
fails "the nearest name is offered" "did you mean 'who'" \
    rt-profile --map customer_id=whom "$tmp/log.csv"
printf 'customer_id;date\na;2024-01-01\n' >"$tmp/semicolon.csv"
fails "another delimiter is offered" "is the delimiter ';'\? \(-d ';'\)" \
    rt-profile "$tmp/semicolon.csv"
ok "and works" rt-profile -d ';' "$tmp/semicolon.csv"
finish
