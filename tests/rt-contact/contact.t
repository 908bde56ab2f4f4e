#!/bin/sh
# What may go out and what may not: each rule by itself, and every action in one of two places.
. "$(dirname "$0")/../lib.sh"

header=action_id,customer_id,action,channel,send_on,priority,owner,reason,arm
# actions ROW...: writes the actions, each as id,customer,channel,send_on,priority,arm
actions() {
    {
        echo $header
        printf '%s\n' "$@" | awk -F , -v OFS=, '{ print $1, $2, "do", $3, $4, $5, "", "why", $6 }'
    } >"$tmp/actions.csv"
}
# table NAME LINE...: writes a table
table() {
    file=$1
    shift
    printf '%s\n' "$@" >"$tmp/$file.csv"
}
# verdicts [ARG...]: id=reason of each action, + for one that goes out
verdicts() {
    rt-contact --denied "$tmp/denied.csv" "$@" "$tmp/actions.csv" >"$tmp/list.csv" || return
    {
        tail -n +2 "$tmp/list.csv" | sed 's/,.*/=+/'
        tail -n +2 "$tmp/denied.csv" | sed 's/^\([^,]*\),.*,/\1=/'
    } | sort | tr '\n' ' '
}

actions a,C1,email,2025-01-01,, b,C2,email,2025-01-01,, c,C3,email,2025-01-01,, d,C4,sms,2025-01-01,, \
    e,C5,email,2025-01-01,,
table consent customer_id,channel,status C1,email,yes C2,email,no C4,email,yes C5,email,yes C5,email,no
is 'no row of consent means no' 'a=+ b=no consent c=no consent d=no consent e=no consent ' \
    "$(verdicts --consent "$tmp/consent.csv")"
table consent customer_id,channel,status,date C1,email,no,2024-01-01 C1,email,yes,2024-01-02 \
    C2,email,yes,2024-01-02 C2,email,no,2024-01-03 C3,email,no, C3,email,yes,2020-01-01 \
    C4,sms,yes,2024-02-29 C4,sms,no,2024-02-29 C5,email,yes,2024-01-01 C5,email,no,2023-01-01
is 'the latest date counts, and no on the same day' 'a=+ b=no consent c=+ d=no consent e=+ ' \
    "$(verdicts --consent "$tmp/consent.csv")"
{ head -n 1 "$tmp/consent.csv" && tail -n +2 "$tmp/consent.csv" | sort -r; } >"$tmp/shuffled.csv"
is 'in any order of rows' 'a=+ b=no consent c=+ d=no consent e=+ ' \
    "$(verdicts --consent "$tmp/shuffled.csv")"
is 'without consent being asked for' 'a=+ b=+ c=+ d=+ e=+ ' "$(verdicts --no-consent)"
fails 'consent must be spoken of' '--consent: needed; --no-consent' rt-contact "$tmp/actions.csv"
fails 'in one way' '--no-consent: not with' \
    rt-contact --no-consent --consent "$tmp/consent.csv" "$tmp/actions.csv"
fails 'consent that is not there' 'absent.csv: ' \
    rt-contact --consent "$tmp/absent.csv" "$tmp/actions.csv"
if [ "$(id -u)" -ne 0 ]; then
    cp "$tmp/consent.csv" "$tmp/secret.csv" && chmod 0 "$tmp/secret.csv"
    fails 'consent that cannot be read' 'secret.csv: ' \
        rt-contact --consent "$tmp/secret.csv" "$tmp/actions.csv"
else
    skip 'consent that cannot be read' 'root can read all files'
fi
fails 'consent that is a folder' ': ' rt-contact --consent "$tmp" "$tmp/actions.csv"
: >"$tmp/zero.csv"
fails 'consent of 0 bytes' 'zero.csv:1: ' \
    rt-contact --consent "$tmp/zero.csv" --allow-empty "$tmp/actions.csv"
table none customer_id,channel,status
fails 'consent without rows' 'none.csv: no rows; --allow-empty' \
    rt-contact --consent "$tmp/none.csv" "$tmp/actions.csv"
is 'unless that is allowed: then nobody consented' \
    'a=no consent b=no consent c=no consent d=no consent e=no consent ' \
    "$(verdicts --consent "$tmp/none.csv" --allow-empty)"
fails 'nobody to suppress' 'none.csv: no rows; --allow-empty' \
    rt-contact --no-consent --suppress "$tmp/none.csv" "$tmp/actions.csv"
is 'unless that is allowed' 'a=+ b=+ c=+ d=+ e=+ ' \
    "$(verdicts --no-consent --suppress "$tmp/none.csv" --allow-empty)"
table bad customer_id,channel,status C9,email,maybe
fails 'a status that is neither yes nor no, of anybody' 'bad.csv:2: status: neither yes nor no' \
    rt-contact --consent "$tmp/bad.csv" "$tmp/actions.csv"
table bad customer_id,channel,status,date C9,email,yes,yesterday
fails 'a date that is none' 'bad.csv:2: date: not a date' \
    rt-contact --consent "$tmp/bad.csv" "$tmp/actions.csv"
table bad customer_id,channel,state C9,email,yes
fails 'a column that is missing' "bad.csv:1: no column 'status'" \
    rt-contact --consent "$tmp/bad.csv" "$tmp/actions.csv"

table suppress customer_id,channel C1, C2,sms C4,sms
table more customer_id C5
is 'who is suppressed, on all channels or one, in one table or two' \
    'a=suppressed b=+ c=+ d=suppressed e=suppressed ' \
    "$(verdicts --no-consent --suppress "$tmp/suppress.csv" --suppress "$tmp/more.csv")"
table history customer_id,date,channel,event C1,2024-12-01,email,unsubscribed \
    C2,2024-12-01,sms,complained C3,2024-12-01,email,complained
is 'who took it back in a contact' 'a=no consent b=+ c=no consent d=+ e=+ ' \
    "$(verdicts --no-consent --history "$tmp/history.csv")"
table consent customer_id,channel,status,date C1,email,yes,2024-12-02 C3,email,yes,2024-11-30
is 'counts by its date' 'a=+ b=no consent c=no consent d=no consent e=no consent ' \
    "$(verdicts --consent "$tmp/consent.csv" --history "$tmp/history.csv")"

actions a,C1,email,2025-01-01,2, b,C1,email,2025-01-01,1, c,C1,email,2025-01-02,, a,C1,email,2025-01-09,0, \
    d,C2,email,2025-01-05,,control e,C2,email,2025-01-05,,control f,C3,,2025-01-01,,treatment
is 'one message a day, by priority; an id once; no channel; the control arm' \
    'a=duplicate a=window b=+ c=+ d=control e=window f=no channel ' "$(verdicts --no-consent)"
is 'a wider window' 'a=duplicate a=window b=+ c=window d=control e=window f=no channel ' \
    "$(verdicts --no-consent --window 2d)"
is 'no window' 'a=+ a=duplicate b=+ c=+ d=control e=control f=no channel ' \
    "$(verdicts --no-consent --window 0d)"
is 'caps, by priority' 'a=+ a=duplicate b=+ c=cap 2/7d d=control e=control f=no channel ' \
    "$(verdicts --no-consent --window 0d --cap 2/7d)"
is 'several caps' 'a=cap 1/1d a=duplicate b=+ c=+ d=control e=cap 1/1d f=no channel ' \
    "$(verdicts --no-consent --window 0d --cap 2/7d --cap 1/1d)"
table history customer_id,date,event,action_id,denied C1,2024-12-31,sent,, C1,2024-12-25,sent,, \
    C1,2024-12-30,opened,, 'C1,2024-12-30,sent,,no consent' C2,2025-01-01,sent,d, C9,2025-01-01,,e,
is 'with a history: only what was sent counts' \
    'a=duplicate a=window b=+ c=cap 2/7d d=done e=control f=no channel ' \
    "$(verdicts --no-consent --history "$tmp/history.csv" --cap 2/7d)"
table history customer_id,date C1,2025-01-07 C1,2025-01-08
is 'what is to be sent later counts, too' \
    'a=cap 2/7d a=duplicate b=+ c=cap 2/7d d=control e=control f=no channel ' \
    "$(verdicts --no-consent --window 0d --cap 2/7d --history "$tmp/history.csv")"
rt-contact --no-consent --denied "$tmp/first-denied.csv" "$tmp/actions.csv" >"$tmp/first.csv"
is 'the first list as history leaves an empty second one' 1 \
    "$(rt-contact --no-consent --history "$tmp/first.csv" --history "$tmp/first-denied.csv" \
        --window 9d "$tmp/actions.csv" | wc -l)"
is 'and the control arm is done as the other' 'done' \
    "$(verdicts --no-consent --history "$tmp/first-denied.csv" | tr ' ' '\n' | sed -n 's/^d=//p')"

# The channel: stated, by the customer's own responses, by everybody's.
actions a,C1,,2025-01-01,, b,C2,,2025-01-01,, c,C3,,2025-01-01,, d,C4,sms,2025-01-01,, e,C5,,2025-01-01,,
{
    echo customer_id,date,channel,event
    # C1: email 40 of 100, sms 1 of 1; C2 likes post best; C3 is new.
    awk 'BEGIN { for (i = 0; i < 100; i++) print "C1,2024-01-01,email,sent"
                 for (i = 0; i < 40; i++) print "C1,2024-01-02,email,opened" }'
    printf '%s\n' C1,2024-01-01,sms,sent C1,2024-01-01,sms,opened C2,2024-01-01,email,sent \
        C2,2024-01-01,email,opened C2,2023-01-01,sms,preferred C2,2024-01-01,post,preferred
} >"$tmp/contacts.csv"
channels() {
    rt-contact --channel-from "$tmp/contacts.csv" "$@" "$tmp/actions.csv" | tail -n +2 |
        awk -F , '{ printf "%s=%s ", $1, $4 }'
}
is 'stated first, then the better lower bound, then that of all; a channel that is there stays' \
    'a=email b=post c=email d=sms e=email ' "$(channels --no-consent)"
table consent customer_id,channel,status C1,sms,yes C2,sms,yes C2,email,yes C3,sms,yes C4,sms,yes C4,email,yes
is 'only where there is consent' 'a=sms b=sms c=sms d=sms ' "$(channels --consent "$tmp/consent.csv")"
table suppress customer_id,channel C1,email C2,post
is 'and no suppression' 'a=sms b=sms c=email d=sms e=email ' \
    "$(channels --no-consent --suppress "$tmp/suppress.csv")"
sed '/,sms,opened/s/opened/clicked/' "$tmp/contacts.csv" >"$tmp/clicks.csv"
mv "$tmp/clicks.csv" "$tmp/contacts.csv"
is 'another response' 'a=sms b=post c=sms d=sms e=sms ' "$(channels --no-consent --response clicked)"

# Names and addresses.
actions a,C1,email,2025-01-01,, b,C2,email,2025-01-01,,
table attrs city,customer_id,name 'Ulm,C1,"Ann, B."' Bonn,C9,Bo
is 'attributes are joined last, and who has none is denied' "$header,city,name
a,C1,do,email,2025-01-01,,,why,,Ulm,\"Ann, B.\"" \
    "$(rt-contact --no-consent --attrs "$tmp/attrs.csv" "$tmp/actions.csv")"
is 'with the reason' 'a=+ b=no attributes ' "$(verdicts --no-consent --attrs "$tmp/attrs.csv")"
table bad customer_id,name C1,Ann C1,Bo
fails 'attributes of a customer twice' 'bad.csv:3: a customer for the second time' \
    rt-contact --no-consent --attrs "$tmp/bad.csv" "$tmp/actions.csv"
table bad customer_id,owner C1,Ann
fails 'a column that is there already' 'the column owner would be there twice' \
    rt-contact --no-consent --attrs "$tmp/bad.csv" "$tmp/actions.csv"

# The identity, and who is bad input.
sed '1s/$/,denied/; 2,$s/$/,/' "$tmp/actions.csv" >"$tmp/again.csv"
fails 'a column denied that is there already' 'the column denied would be there twice' \
    rt-contact --no-consent --denied "$tmp/x.csv" "$tmp/again.csv"
not_ok 'leaves no file' [ -e "$tmp/x.csv" ]
for row in '5:send_on:a,C1,do,email,2025-02-29,,,,' '6:priority:a,C1,do,email,2025-01-01,high,,,' \
    '9:arm:a,C1,do,email,2025-01-01,,,,controls' '1:action_id:,C1,do,email,2025-01-01,,,,' \
    '2:customer_id:a,,do,email,2025-01-01,,,,' '5:send_on:a,C1,do,email,,,,,'; do
    column=${row#*:}
    table bad $header "b,C1,do,email,2025-01-01,,,,
${column#*:}"
    fails "a bad ${column%%:*}" "bad.csv:3: ${column%%:*}: " rt-contact --no-consent "$tmp/bad.csv"
done
for option in '--cap 0/7d' '--cap 2/0d' '--cap 2' '--cap 2/7' '--window 7' '--hours 20-9' '--hours 9-25' \
    '--hours 9' '--sender a@b.c' '--format mbox'; do
    # shellcheck disable=SC2086 # an option and its value
    fails "refused: $option" "--(cap|window|hours|sender): " \
        rt-contact --no-consent $option "$tmp/actions.csv"
done
awk -v header=$header 'BEGIN { print header; for (i = 0; i <= 10000; i++) print i ",C1,do,email,2025-01-01,,,," }' \
    >"$tmp/many.csv"
fails 'more actions of a customer than anybody should get' \
    'many.csv:10002: customer_id: more than 10000 actions' rt-contact --no-consent "$tmp/many.csv"
awk 'BEGIN { print "customer_id,channel,status"; for (i = 0; i <= 1000; i++) print "C1,c" i ",yes" }' >"$tmp/many.csv"
fails 'more channels than there are' 'many.csv:10[0-9]*: channel: more than 1000' \
    rt-contact --consent "$tmp/many.csv" "$tmp/actions.csv"
finish
