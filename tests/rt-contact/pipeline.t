#!/bin/sh
# From a log to a list, every night: the second run has nothing to do, and cron can run it.
. "$(dirname "$0")/../lib.sh"

mkdir "$tmp/shop" && cd "$tmp/shop" || exit 99
rt-sim --customers 2000 --seed 5 -o orders.csv
rt-sim --customers 2000 --seed 5 --table contacts -o contacts.csv
cat >rules.csv <<'END'
rule_id,when,then,channel,priority,owner,cooldown_days
lapsing,recency_days > 90 AND orders >= 3,winback,,1,,60
vip,segment = 'champions',thank,,2,Ann,180
new,orders = 1 AND days_since(first_date) <= 60,welcome,email,3,,
END
{
    echo customer_id,channel,status
    rt-profile orders.csv | awk -F , 'NR > 1 && NR % 4 { print $1 ",email,yes" } NR > 1 && NR % 3 == 0 { print $1 ",sms,yes" }'
} >consent.csv
night() {
    rt-profile orders.csv | rt-segment | rt-act --rules rules.csv --holdout 10% --salt spring "$@" >actions.csv &&
        rt-contact --consent consent.csv --cap 2/7d --history contacts.csv --channel-from contacts.csv \
            --hours 9-20 --weekdays --denied denied.csv -o list.csv actions.csv
}
night
cp list.csv first.csv && cp denied.csv first-denied.csv && cp actions.csv first-actions.csv
ok 'the first night has something to do' [ "$(wc -l <first.csv)" -gt 200 ]
is 'in = allowed + denied' "$(tail -n +2 actions.csv | cut -d , -f 1 | sort)" \
    "$({ tail -n +2 list.csv && tail -n +2 denied.csv; } | cut -d , -f 1 | sort)"
is 'nobody of the control arm goes out' 0 "$(grep -c ',control' list.csv)"
ok 'but there is a control arm' grep -q ',control,control$' denied.csv
is 'whoever goes out has consented' '' "$(awk -F , 'NR == FNR { yes[$1, $2] = 1; next }
    FNR > 1 && !(($2, $4) in yes)' consent.csv list.csv)"
is 'on a Tuesday, from 9 on' '2024-12-31T09:00' "$(tail -n +2 list.csv | cut -d , -f 5 | sort -u)"

night --history first.csv --history first-denied.csv
{ tail -n +2 first.csv && grep ',control$' first-denied.csv; } | cut -d , -f 1 | sort >finished
cut -d , -f 1 actions.csv | sort >again
is 'of what was done, nothing is done again' '' "$(comm -12 finished again)"
is 'the second night has nothing to do' 1 "$(wc -l <list.csv)"
night --history first-actions.csv
is 'nor has it where the rules themselves are the history' 1 "$(wc -l <actions.csv)"

night
rt-profile orders.csv | rt-segment | { read -r header && echo "$header" && sort -t , -k 5; } |
    rt-act --rules rules.csv --holdout 10% --salt spring |
    rt-contact --consent consent.csv --cap 2/7d --history contacts.csv --channel-from contacts.csv \
        --hours 9-20 --weekdays >shuffled.csv
is 'another order of customers gives the same list' "$(sort first.csv)" "$(sort shuffled.csv)"
rt-profile orders.csv | rt-segment -o whole.csv
for shard in 0 1 2; do
    awk -v shard=$shard 'NR == 1 || NR % 3 == shard' whole.csv |
        rt-act --rules rules.csv --as-of 2024-12-31 --holdout 10% --salt spring |
        rt-contact --consent consent.csv --cap 2/7d --history contacts.csv --channel-from contacts.csv \
            --hours 9-20 --weekdays | tail -n +2
done | sort >shards.csv
is 'three shards of customers do, too' "$(tail -n +2 first.csv | sort)" "$(cat shards.csv)"

# With how likely each customer is to be gone, and who is expected to need what again.
cat >risk.csv <<'END'
rule_id,when,then,channel,priority,owner,cooldown_days
save,band = 'medium risk' AND revenue > 200,call,,1,Ann,90
remind,p_alive > 0.9 AND overdue > 0.5,remind,email,5,,30
END
risky() {
    rt-profile orders.csv | rt-segment | rt-risk |
        rt-act --rules risk.csv --holdout 20% --salt save "$@" >actions.csv &&
        rt-contact --consent consent.csv --cap 2/7d --channel-from contacts.csv --denied denied.csv \
            -o list.csv actions.csv
}
risky
ok 'profile, segment, risk, act, contact' [ "$(wc -l <list.csv)" -gt 50 ]
is 'a reason holds what the rule looks at' 'remind: overdue=N; p_alive=N
save: band=medium risk; revenue=N' "$(tail -n +2 actions.csv | cut -d , -f 8 | sed 's/[0-9][0-9.]*/N/g' | sort -u)"
is 'in = allowed + denied, again' "$(tail -n +2 actions.csv | cut -d , -f 1 | sort)" \
    "$({ tail -n +2 list.csv && tail -n +2 denied.csv; } | cut -d , -f 1 | sort)"
cp list.csv risk-first.csv && cp denied.csv risk-denied.csv
risky --history risk-first.csv --history risk-denied.csv
is 'and nothing to do in the second night' 1 "$(wc -l <list.csv)"

rt-sim --customers 500 --seed 5 --items 4 -o lines.csv
printf '%s\n' rule_id,when,then,channel 'due,days_to_due BETWEEN 0 AND 59 AND intervals >= 1,restock,email' >due.csv
rt-next --item lines.csv | rt-act --rules due.csv --as-of 2024-12-31 --period 14d >restock.csv
is 'an item that is due is why' '0' "$(tail -n +2 restock.csv | cut -d , -f 8 |
    grep -Evc '^due: days_to_due=[1-5]?[0-9]; intervals=[0-9]+$')"
rt-contact --no-consent --denied denied.csv restock.csv >list.csv
is 'of several items that are due at a time, one message tells' \
    "$(tail -n +2 restock.csv | cut -d , -f 2 | sort -u | wc -l)" "$(tail -n +2 list.csv | wc -l)"
is 'the others are the same action' "$(($(wc -l <restock.csv) - $(wc -l <list.csv)))" \
    "$(grep -c ',duplicate$' denied.csv)"
ok 'of which there are some' grep -q ',duplicate$' denied.csv

# The line of the manual page, as cron runs it: sh, HOME, a PATH and nothing else.
line=$(sed -n '/test crontab/,/^\.Ed/s/^0 3 \* \* \* //p' "$top/man/rt-act.1")
ok 'the manual page has a line for crontab' [ -n "$line" ]
head -n 1 first.csv >sent.csv
crontab() {
    env -i HOME="$tmp" LOGNAME=nobody SHELL=/bin/sh PATH="$rt:/usr/bin:/bin" /bin/sh -c "$line"
}
is 'it runs without a word' '' "$(crontab 2>&1)"
sent=$(wc -l <sent.csv)
ok 'and does something' [ "$sent" -gt 50 ]
is 'the next night it runs without a word' '' "$(crontab 2>&1)"
is 'and does nothing again' "$sent" "$(wc -l <sent.csv)"
is 'which is no longer on the list' 1 "$(wc -l <today.csv)"
rm consent.csv
crontab >said 2>&1
is 'where consent is missing, it fails' 2 $?
like 'and says so in one line' '^rt-contact: consent.csv: ' "$(cat said)"
is 'and leaves what was sent as it was' "$sent" "$(wc -l <sent.csv)"
finish
