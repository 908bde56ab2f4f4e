#!/bin/sh
# rt-cohort: the whole output, recomputed by SQL from the same definitions.
. "$(dirname "$0")/../lib.sh"

if ! command -v sqlite3 >/dev/null || [ "$(sqlite3 :memory: 'SELECT sqrt(4)' 2>/dev/null)" != 2.0 ]; then
    skip 'the whole output equals that of SQL' 'no sqlite3 with sqrt()'
    finish
fi

# A shop with refunds and channels. Visits and signups are added, these at any age of a customer.
rt-sim --customers 20000 --seed 7 --channels web,shop,app --refunds 6 --order shuffled \
    -o "$tmp/sim.csv"
awk -F, 'NR == 1 { print "customer_id,date,amount,event,channel"; next }
    { print $1 "," $2 "," $3 "," (NR % 3 ? "purchase" : "") "," $5
      if (NR % 5 == 0) print $1 "," $2 ",,visit," $5
      if (NR % 7 == 0) print $1 "," $2 ",,signup," $5 }' "$tmp/sim.csv" >"$tmp/log.csv"

# index UNIT DAY: the number of the period that a Julian day lies in; 0 is a Monday.
index() {
    case $1 in
    day) echo "$2" ;;
    week) echo "($2) / 7" ;;
    sunday) echo "($2 + 1) / 7" ;;
    month) echo "strftime('%Y', $2) * 12 + strftime('%m', $2) - 1" ;;
    quarter) echo "(strftime('%Y', $2) * 12 + strftime('%m', $2) - 1) / 3" ;;
    10d) echo "($2 - 2440592) / 10" ;; # days since 1970-01-05
    esac
}
label() {
    case $1 in
    day) echo 'date(jdn)' ;;
    week) echo "strftime('%Y', jdn / 7 * 7 + 3) || '-W' ||
        printf('%02d', (strftime('%j', jdn / 7 * 7 + 3) - 1) / 7 + 1)" ;;
    sunday) echo 'date((jdn + 1) / 7 * 7 - 1)' ;;
    month) echo "strftime('%Y-%m', jdn)" ;;
    quarter) echo "strftime('%Y', jdn) || '-Q' || ((strftime('%m', jdn) + 2) / 3)" ;;
    10d) echo "date((jdn - 2440592) / 10 * 10 + 2440592)" ;;
    esac
}

# recompute COHORT AGE MODE RECURRING ZERO CUMULATIVE START RETURN BRACKETS METHOD WITHSUM AS_OF
# The brackets are rows of SQL; METHOD is the definition.
recompute() {
    cohort=$1 age=$2 mode=$3 recurring=$4 zero=$5 cumulative=$6 start=$7 back=$8 brackets=$9
    shift 9
    method=$1 sum=$2 as_of=$3
    sqlite3 -batch :memory: <<SQL
.mode csv
.import '$tmp/log.csv' log
.mode list
.separator ,

CREATE TABLE p AS SELECT coalesce(nullif('$as_of', ''), max(date)) AS until,
    CAST(julianday(coalesce(nullif('$as_of', ''), max(date))) + 0.5 AS INTEGER) AS jdn FROM log;
CREATE TABLE days AS WITH RECURSIVE d(jdn) AS (
    SELECT CAST(julianday('2022-01-01') + 0.5 AS INTEGER) UNION ALL SELECT jdn + 1 FROM d
    WHERE jdn < 2461000) SELECT jdn, date(jdn) AS date,
    CAST($(index "$cohort" jdn) AS INTEGER) AS c, $(label "$cohort") AS label,
    CAST($(index "$age" jdn) AS INTEGER) AS a FROM d;
CREATE INDEX i1 ON days(date);
CREATE TABLE r AS SELECT log.rowid AS n, customer_id, log.date AS date, channel, days.c, days.a,
    CASE event WHEN '' THEN 'purchase' ELSE event END AS event,
    CAST(replace(amount, '.', '') AS INTEGER) AS cents
    FROM log JOIN days USING (date) WHERE log.date <= (SELECT until FROM p);
CREATE TABLE starts AS SELECT * FROM r WHERE event = '$start' AND cents >= 0;
-- The group is that of the first row on the day of the first start.
CREATE TABLE customer AS SELECT customer_id, channel, date AS first, min(date || printf('%09d', n))
    FROM starts GROUP BY customer_id;
CREATE TABLE member AS SELECT customer_id, s.c, min(s.a) AS a, min(s.date) AS start,
    customer.channel AS g FROM starts s JOIN customer USING (customer_id)
    WHERE $recurring OR s.date = first GROUP BY customer_id, s.c;
CREATE INDEX i2 ON member(customer_id);
CREATE TABLE active AS SELECT DISTINCT m.g, m.c, r.a - m.a AS age, m.customer_id
    FROM member m JOIN r USING (customer_id)
    WHERE r.event = '$back' AND r.cents >= 0 AND r.date >= m.start;
CREATE TABLE sums AS SELECT m.g, m.c, r.a - m.a AS age, sum(cents) AS cents, count(*) AS n
    FROM member m JOIN r USING (customer_id)
    WHERE r.event = '$back' AND r.date >= m.start GROUP BY 1, 2, 3;
CREATE INDEX i3 ON sums(g, c, age);
CREATE TABLE cohorts AS SELECT g, c, count(*) AS customers FROM member GROUP BY 1, 2;
CREATE TABLE ends AS SELECT c, max(label) AS label, max(jdn) AS last, max(a) AS a FROM days
    GROUP BY c;
CREATE TABLE over AS SELECT max(a) AS a FROM (SELECT a, max(jdn) AS last FROM days GROUP BY a)
    WHERE last <= (SELECT jdn FROM p);
CREATE TABLE reached AS SELECT c, label, last <= (SELECT jdn FROM p) AS complete,
    CASE WHEN last <= (SELECT jdn FROM p) THEN (SELECT a FROM over) - a ELSE -1 END AS age FROM ends;
CREATE TABLE cell(n, lo, hi, label);
INSERT INTO cell SELECT * FROM (WITH RECURSIVE k(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM k
    WHERE n < (SELECT max(age) FROM active) + (SELECT max(age) FROM reached)
    ) SELECT n, n, n, n FROM k) WHERE '$mode' <> 'bracket';
$([ "$mode" != bracket ] || echo "INSERT INTO cell VALUES $brackets;")
CREATE TABLE counts AS
    SELECT g, c, cell.n AS n, count(DISTINCT customer_id) AS active FROM active
    JOIN cell ON age BETWEEN lo AND hi WHERE '$mode' <> 'rolling' GROUP BY 1, 2, 3;
INSERT INTO counts SELECT g, c, cell.n, count(*) FROM
    (SELECT g, c, customer_id, max(age) AS age FROM active GROUP BY 1, 2, 3) JOIN cell ON lo <= age
    WHERE '$mode' = 'rolling' GROUP BY 1, 2, 3;
CREATE INDEX i4 ON counts(g, c, n);
CREATE TABLE known AS SELECT k.g, k.c, cell.n AS n, cell.lo, cell.hi, cell.label AS age, customers,
    coalesce((SELECT active FROM counts t WHERE t.g = k.g AND t.c = k.c AND t.n = cell.n), 0)
        AS active,
    (SELECT sum(cents) FROM sums s WHERE s.g = k.g AND s.c = k.c AND s.age <= hi AND
        ($cumulative OR s.age >= lo)) AS cents,
    (SELECT count(*) FROM sums s WHERE s.g = k.g AND s.c = k.c AND s.age BETWEEN lo AND hi) AS new,
    hi <= r.age AS is_reached, r.label FROM cohorts k JOIN reached r USING (c) CROSS JOIN cell;
-- All rows: the sort key, then the cells.
CREATE TABLE rows(g, c, part, n, kind, metric, method, cohort, age, active, cents, den);
INSERT INTO rows SELECT g, c, 1, n, 0, 'retention', '$method; wilson 95%', label, age, active, NULL,
    customers FROM known WHERE is_reached AND ($zero OR n > 0 OR '$mode' = 'bracket');
INSERT INTO rows SELECT g, c, 1, n, 1, 'sum:amount', '$method; $sum', label, age, NULL,
    coalesce(cents, 'none'), customers FROM known WHERE is_reached AND '$sum' <> '';
INSERT INTO rows SELECT g, c, 2, n, 0, 'retention_so_far', '$method', label, age, active, NULL,
    customers FROM known WHERE NOT is_reached AND active > 0
    AND ($zero OR n > 0 OR '$mode' = 'bracket');
INSERT INTO rows SELECT g, c, 2, n, 1, 'sum_so_far:amount', '$method; $sum', label, age, NULL, cents,
    customers FROM known WHERE NOT is_reached AND new > 0 AND '$sum' <> '';
INSERT INTO rows SELECT g, 1e9, 1, n, 0, 'retention',
    '$method' || CASE WHEN $recurring THEN '' ELSE '; wilson 95%' END, 'all', age, sum(active), NULL,
    sum(customers) FROM known WHERE is_reached AND ($zero OR n > 0 OR '$mode' = 'bracket')
    GROUP BY g, n;
INSERT INTO rows SELECT g, 1e9, 1, n, 1, 'sum:amount', '$method; $sum', 'all', age, NULL,
    coalesce(sum(cents), 'none'), sum(customers) FROM known WHERE is_reached AND '$sum' <> ''
    GROUP BY g, n;
CREATE TABLE z AS SELECT 1.959963984540054 AS z;
SELECT metric, method, g, cohort, age,
    CASE WHEN part = 2 THEN '' WHEN kind = 0 THEN printf('%.9f', 1.0 * active / den)
        ELSE printf('%.9f', CAST(cents AS REAL) / 100 / den) END AS value,
    CASE WHEN method NOT LIKE '%wilson%' THEN '' WHEN active = 0 THEN '0.000000000' ELSE
        printf('%.9f', (1.0 * active / den + z * z / (2 * den) - z * sqrt(1.0 * active / den
        * (1 - 1.0 * active / den) / den + z * z / (4.0 * den * den))) / (1 + z * z / den)) END,
    CASE WHEN method NOT LIKE '%wilson%' THEN '' WHEN active = den THEN '1.000000000' ELSE
        printf('%.9f', (1.0 * active / den + z * z / (2 * den) + z * sqrt(1.0 * active / den
        * (1 - 1.0 * active / den) / den + z * z / (4.0 * den * den))) / (1 + z * z / den)) END,
    CASE WHEN kind = 0 THEN active WHEN cents = 'none' THEN 0
        ELSE CASE WHEN cents < 0 THEN '-' ELSE '' END ||
            printf('%d.%02d', abs(cents) / 100, abs(cents) % 100) END,
    den, part = 1
    FROM (SELECT * FROM rows UNION ALL SELECT g, c, 0, 0, 2, 'customers', '$method', label, '',
        customers, complete, NULL FROM cohorts JOIN reached USING (c)), z WHERE part > 0
    ORDER BY g, c, part, n, kind;
SELECT 'customers', '$method', g, label, '', customers, '', '', '', '', complete
    FROM cohorts JOIN reached USING (c) ORDER BY g, c;
SQL
}

# same NAME METHOD-AND-SO-ON -- OPTION...: the rows without their order, but for the first.
same() {
    name=$1
    shift
    recompute "$@" >"$tmp/theirs"
    shift 12
    rt-cohort --by channel --digits 9 "$@" "$tmp/log.csv" | tail -n +3 >"$tmp/ours"
    # The customers of each cohort come last there.
    grep -v '^customers,' "$tmp/ours" >"$tmp/sorted"
    grep '^customers,' "$tmp/ours" >>"$tmp/sorted"
    if [ -s "$tmp/theirs" ] && cmp -s "$tmp/theirs" "$tmp/sorted"; then
        pass "$name ($(wc -l <"$tmp/ours") rows)"
    else
        fail "$name"
        explain "$(diff "$tmp/theirs" "$tmp/sorted" | head -n 12)"
    fi
}

same 'months, with sums' month month exact 0 1 0 purchase purchase '' \
    'first-time month cohorts; exact month ages from 0' 'sum per customer' '' \
    --zero --sum amount
same 'months, rolling, cumulative sums, another date' month month rolling 0 0 1 purchase purchase '' \
    'first-time month cohorts; rolling month ages' 'cumulative sum per customer' 2024-08-15 \
    --mode rolling --sum amount --cumulative --as-of 2024-08-15
same 'weekly cohorts, daily ages' week day exact 0 0 0 purchase purchase '' \
    'first-time week cohorts; exact day ages' '' 2023-09-30 --cohort week --age day --as-of 2023-09-30
same 'daily ages in brackets, with sums' quarter day bracket 0 0 0 purchase purchase \
    "(0, 0, 7, '0-7'), (1, 8, 30, '8-30'), (2, 60, 400, '60-400'), (3, 20, 70, '20-70')" \
    'first-time quarter cohorts; bracket day ages 0-7 8-30 60-400 20-70' 'sum per customer' '' \
    --cohort quarter --age day --mode bracket=0-7,8-30,60-400,20-70 --sum amount
same 'recurring, weeks from Sunday' sunday sunday exact 1 1 0 purchase purchase '' \
    'recurring week-sunday cohorts; exact week-sunday ages from 0' '' 2024-03-20 \
    --cohort week --week sunday --recurring --zero --as-of 2024-03-20
same 'recurring, ages of 10 days, rolling' month 10d rolling 1 0 0 purchase visit '' \
    'recurring month cohorts; rolling 10d ages; return visit' '' '' \
    --recurring --age 10d --mode rolling --return visit
same 'signup, then purchase' month month exact 0 1 0 signup purchase '' \
    'first-time month cohorts; exact month ages from 0; start signup' 'sum per customer' '' \
    --start signup --zero --sum amount
finish
