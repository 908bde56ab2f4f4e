-- What rt-churn prints, by the definitions of its page and nothing else: for .param :idle and
-- :kind (month or week), groups by channel, 95%. Read from a table log(customer_id, date, amount,
-- channel) of text. Days are numbers since 1970-01-01; periods have a first and a last day.

CREATE TABLE entry AS
    SELECT customer_id, CAST(julianday(date) - 2440587.5 AS INTEGER) AS day,
        CAST(round(amount * 100) AS INTEGER) AS cents, channel
    FROM log;

CREATE TABLE as_of AS SELECT max(day) AS day FROM entry;

-- The group of a customer: that of the first day with a purchase, the least of several.
CREATE TABLE customer AS
    SELECT customer_id, min(day) AS first, channel FROM (
        SELECT customer_id, day, min(channel) AS channel FROM entry WHERE cents >= 0
        GROUP BY customer_id, day)
    GROUP BY customer_id;
CREATE UNIQUE INDEX customer_key ON customer(customer_id);

CREATE TABLE occasion AS
    SELECT DISTINCT customer_id, day FROM entry WHERE cents >= 0;
CREATE UNIQUE INDEX occasion_key ON occasion(customer_id, day);

CREATE TABLE period AS
    WITH RECURSIVE p(first) AS (
        SELECT CASE :kind WHEN 'month'
            THEN CAST(julianday((SELECT min(day) FROM entry) + 2440587.5, 'start of month')
                - 2440587.5 AS INTEGER)
            ELSE (SELECT min(day) FROM entry) - ((SELECT min(day) FROM entry) + 3) % 7 END
        UNION ALL
        SELECT CASE :kind WHEN 'month'
            THEN CAST(julianday(first + 2440587.5, '+1 month') - 2440587.5 AS INTEGER)
            ELSE first + 7 END AS next
        FROM p WHERE next <= (SELECT day FROM as_of))
    SELECT first,
        CASE :kind WHEN 'month'
            THEN CAST(julianday(first + 2440587.5, '+1 month') - 2440587.5 AS INTEGER) - 1
            ELSE first + 6 END AS whole,
        CASE :kind WHEN 'month' THEN strftime('%Y-%m', first + 2440587.5)
            -- The week of a Monday: that of its Thursday, and this is how many weeks into its year.
            ELSE strftime('%Y', first + 3 + 2440587.5) || '-W'
                || substr('0' || ((strftime('%j', first + 3 + 2440587.5) + 6) / 7), -2) END AS label
    FROM p;
ALTER TABLE period ADD COLUMN last;
UPDATE period SET last = min(whole, (SELECT day FROM as_of));

-- Customer by period: the last purchase before it, the last up to its end, purchases in it.
CREATE TABLE seen AS
    SELECT c.customer_id, c.channel, c.first AS born, p.first, p.last,
        (SELECT max(day) FROM occasion o WHERE o.customer_id = c.customer_id AND day < p.first)
            AS before,
        (SELECT max(day) FROM occasion o WHERE o.customer_id = c.customer_id AND day <= p.last)
            AS latest,
        (SELECT count(*) FROM occasion o WHERE o.customer_id = c.customer_id
            AND day BETWEEN p.first AND p.last) AS orders
    FROM customer c JOIN period p ON c.first <= p.last;
CREATE TABLE state AS
    SELECT *, coalesce(before + :idle >= first - 1, 0) AS s, latest + :idle >= last AS e,
        born >= first AS n
    FROM seen;

CREATE TABLE sold AS
    SELECT p.first, coalesce(c.channel, e.channel) AS channel, sum(cents) AS revenue,
        sum(CASE WHEN c.first >= p.first AND c.first <= p.whole THEN cents ELSE 0 END) AS revenue_new
    FROM entry e JOIN period p ON e.day BETWEEN p.first AND p.last LEFT JOIN customer c USING (customer_id)
    GROUP BY 1, 2;

CREATE TABLE tally AS
    SELECT g.channel, p.first, p.last, p.label, p.last = p.whole AS complete,
        coalesce(sum(s), 0) AS start, coalesce(sum(n), 0) AS came,
        coalesce(sum(NOT s AND NOT n AND orders > 0), 0) AS back,
        coalesce(sum((s OR orders > 0) AND NOT e), 0) AS lost, coalesce(sum(e), 0) AS "end",
        coalesce(sum(s AND NOT e), 0) AS lost_start,
        coalesce(sum((s OR n) AND NOT e), 0) AS lost_stripe,
        coalesce(sum(orders > 0), 0) AS buyers, coalesce(sum(orders > 1), 0) AS repeaters,
        coalesce(sum(orders), 0) AS orders, coalesce(sum(CASE WHEN n THEN orders END), 0) AS orders_new,
        coalesce(max(sold.revenue), 0) AS revenue, coalesce(max(sold.revenue_new), 0) AS revenue_new
    FROM (SELECT DISTINCT channel FROM customer UNION SELECT channel FROM sold) g
        CROSS JOIN period p
        LEFT JOIN state ON state.channel = g.channel AND state.first = p.first
        LEFT JOIN sold ON sold.channel = g.channel AND sold.first = p.first
    GROUP BY 1, 2;

-- One row for each metric of a group and period; shares get Wilson's interval below.
CREATE TABLE wanted AS
    SELECT channel, first, label, complete, 1 AS place, 'customers_start' AS metric, 'active' AS method,
        start + 0.0 AS value, NULL AS num, NULL AS den, 0 AS share FROM tally
    UNION ALL SELECT channel, first, label, complete, 2, 'new', 'first purchase', came, NULL, NULL, 0 FROM tally
    UNION ALL SELECT channel, first, label, complete, 3, 'returned', 'active again', back, NULL, NULL, 0 FROM tally
    UNION ALL SELECT channel, first, label, complete, 4, 'lost', 'active no more', lost, NULL, NULL, 0 FROM tally
    UNION ALL SELECT channel, first, label, complete, 5, 'customers_end', 'active', "end", NULL, NULL, 0 FROM tally
    UNION ALL SELECT channel, first, label, complete, 6, 'churn_rate', 'set; wilson 95%',
        lost_start * 1.0 / start, lost_start, start, 1 FROM tally
    UNION ALL SELECT channel, first, label, complete, 7, 'churn_rate', 'stripe; wilson 95%',
        lost_stripe * 1.0 / (start + came), lost_stripe, start + came, 1 FROM tally
    UNION ALL SELECT channel, first, label, complete, 8, 'retention_rate', 'set; wilson 95%',
        (start - lost_start) * 1.0 / start, start - lost_start, start, 1 FROM tally
    UNION ALL SELECT channel, first, label, complete, 9, 'retention_rate', '(E-N)/S',
        ("end" - came) * 1.0 / start, "end" - came, start, 0 FROM tally
    UNION ALL SELECT channel, first, label, complete, 10, 'churn_rate_month', 'set; rescaled; wilson 95%',
        1 - pow(1 - lost_start * 1.0 / start, 365.0 / 12 / (last - first + 1)), lost_start, start,
        365.0 / 12 / (last - first + 1) FROM tally
    UNION ALL SELECT channel, first, label, complete, 11, 'churn_rate_year', 'set; rescaled; wilson 95%',
        1 - pow(1 - lost_start * 1.0 / start, 365.0 / (last - first + 1)), lost_start, start,
        365.0 / (last - first + 1) FROM tally
    UNION ALL SELECT channel, first, label, complete, 13, 'repeat_rate', 'two orders or more; wilson 95%',
        repeaters * 1.0 / buyers, repeaters, buyers, 1 FROM tally
    UNION ALL SELECT channel, first, label, complete, 14, 'purchase_frequency', 'orders per buyer',
        orders * 1.0 / buyers, orders, buyers, 0 FROM tally
    UNION ALL SELECT channel, first, label, complete, 15, 'orders', 'days with purchases', orders, NULL, NULL, 0 FROM tally
    UNION ALL SELECT channel, first, label, complete, 16, 'aov', 'revenue per order',
        revenue / 100.0 / orders, revenue / 100.0, orders, 0 FROM tally
    UNION ALL SELECT channel, first, label, complete, 17, 'aov_new', 'revenue per order',
        revenue_new / 100.0 / orders_new, revenue_new / 100.0, orders_new, 0 FROM tally
    UNION ALL SELECT channel, first, label, complete, 18, 'aov_returning', 'revenue per order',
        (revenue - revenue_new) / 100.0 / (orders - orders_new), (revenue - revenue_new) / 100.0,
        orders - orders_new, 0 FROM tally
    UNION ALL SELECT channel, first, label, complete, 19, 'revenue', 'exact sum', revenue / 100.0, NULL, NULL, 0 FROM tally
    UNION ALL SELECT channel, first, label, complete, 20, 'share_of_revenue_returning', 'ratio of sums',
        CASE WHEN revenue > 0 THEN (revenue - revenue_new) * 1.0 / revenue END,
        (revenue - revenue_new) / 100.0, revenue / 100.0, 0 FROM tally;

-- Wilson's limits of num of den, and 1 - (1 - limit)^power where the share is rescaled.
CREATE TABLE limited AS
    WITH z(z) AS (VALUES (1.959963984540054)),
    w AS (SELECT *, num * 1.0 / den + z * z / (2 * den) AS middle,
            z * sqrt(num * 1.0 / den * (1 - num * 1.0 / den) / den + z * z / (4.0 * den * den)) AS half,
            1 + z * z / den AS scale
        FROM wanted, z)
    SELECT channel, first, label, complete, place, metric, method, value, num, den,
        CASE WHEN share > 0 AND den > 0 THEN 1 - pow(1 - CASE num WHEN 0 THEN 0.0 ELSE (middle - half) / scale END, share) END AS lo,
        CASE WHEN share > 0 AND den > 0 THEN 1 - pow(max(0, 1 - CASE num WHEN den THEN 1.0 ELSE (middle + half) / scale END), share) END AS hi
    FROM w;

-- Newcombe's limits of the change of churn from the period before, by the limits of both.
INSERT INTO limited
    SELECT channel, first, label, complete, 12, 'churn_rate_change', 'set; newcombe 95%',
        value - p, NULL, NULL,
        value - p - sqrt((value - lo) * (value - lo) + (h - p) * (h - p)),
        value - p + sqrt((hi - value) * (hi - value) + (p - l) * (p - l))
    FROM (SELECT *, lag(value) OVER before AS p, lag(lo) OVER before AS l, lag(hi) OVER before AS h
        FROM limited WHERE place = 6 WINDOW before AS (PARTITION BY channel ORDER BY first));

-- Who is still active on the as-of date.
CREATE TABLE still AS
    SELECT channel, strftime('%Y-%m-%d', latest + 2440587.5) AS label,
        CASE WHEN s THEN 'start' WHEN n THEN 'new' ELSE 'returned' END AS method, count(*) AS value
    FROM state WHERE e AND last = (SELECT day FROM as_of) GROUP BY 1, 2, 3;

SELECT metric, method, channel, label, value, lo, hi, num, den, complete FROM (
    SELECT 0 AS whole, '' AS channel, '' AS first, 0 AS place, 'as_of' AS metric,
        :kind || '; last date' AS method, strftime('%Y-%m-%d', day + 2440587.5) AS label,
        NULL AS value, NULL AS lo, NULL AS hi, NULL AS num, NULL AS den, 1 AS complete FROM as_of
    UNION ALL SELECT 0, '', '', 1, 'idle_days', 'given', '', :idle, NULL, NULL, NULL, NULL, 1
    UNION ALL SELECT 1, channel, first, place, metric, method, label, value, lo, hi, num, den, complete FROM limited
    UNION ALL SELECT 1, channel, label,
        CASE method WHEN 'start' THEN 21 WHEN 'new' THEN 22 ELSE 23 END,
        'last_purchase', method, label, value, NULL, NULL, NULL, NULL, 1 FROM still)
    -- Numbers come before texts, so that the days of last purchases follow the periods.
    ORDER BY whole, channel, first, place;
