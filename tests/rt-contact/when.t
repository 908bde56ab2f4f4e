#!/bin/sh
# --hours and --weekdays move send_on, over the ends of days, weeks, months and years.
. "$(dirname "$0")/../lib.sh"

# moved SEND_ON [ARG...]: where it ends
moved() {
    from=$1
    shift
    printf 'action_id,customer_id,channel,send_on,priority,arm\na,C1,email,%s,,\n' "$from" |
        rt-contact --no-consent "$@" | sed -n '2p' | cut -d , -f 4
}
while read -r from to options; do
    # shellcheck disable=SC2086 # options, or none
    is "$from $options" "$to" "$(moved "$from" $options)"
done <<'END'
2025-01-07 2025-01-07
2025-01-07T03:07 2025-01-07T03:07
2025-01-07 2025-01-07T09:00 --hours 9-20
2025-01-07T03:07 2025-01-07T09:00 --hours 9-20
2025-01-07T09:00 2025-01-07T09:00 --hours 9-20
2025-01-07T19:59 2025-01-07T19:59 --hours 9-20
2025-01-07T20:00 2025-01-08T09:00 --hours 9-20
2024-12-31T23:59 2025-01-01T09:00 --hours 9-20
2024-02-28T21:00 2024-02-29T09:00 --hours 9-20
2024-02-29T21:00 2024-03-01T09:00 --hours 9-20
2025-02-28T21:00 2025-03-01T09:00 --hours 9-20
2025-01-07T23:59 2025-01-07T23:59 --hours 0-24
2025-01-07 2025-01-07T00:00 --hours 0-1
2025-01-03 2025-01-03 --weekdays
2025-01-04 2025-01-06 --weekdays
2025-01-05 2025-01-06 --weekdays
2025-01-05T18:30 2025-01-06T00:00 --weekdays
2025-01-06T18:30 2025-01-06T18:30 --weekdays
2024-08-31 2024-09-02 --weekdays
2024-03-30 2024-04-01 --weekdays
1969-12-27 1969-12-29 --weekdays
2025-01-03T21:00 2025-01-06T09:00 --hours 9-20 --weekdays
2025-01-05T18:30 2025-01-06T09:00 --hours 9-20 --weekdays
2024-02-29T20:00 2024-03-01T09:00 --hours 9-20 --weekdays
END
fails 'beyond the calendar' '-:2: send_on: moves beyond the calendar|stdin:2: send_on' sh -c \
    "printf 'action_id,customer_id,channel,send_on,priority,arm\na,C1,email,9999-12-31T23:00,,\n' |
        rt-contact --no-consent --hours 9-20"
{
    echo action_id,customer_id,channel,send_on,priority,arm
    echo a,C1,email,2025-01-04,,
    echo b,C1,email,2025-01-06,1,
} >"$tmp/two.csv"
is 'windows are counted where things were moved to' 'b' \
    "$(rt-contact --no-consent --weekdays "$tmp/two.csv" | tail -n +2 | cut -d , -f 1)"
finish
