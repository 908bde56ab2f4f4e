# shellcheck shell=sh
# A table of made-up customers for the tests of rt-summary. Read with:  . ".../data.sh"
#
#   customers N SEED    N profile rows with segments, computed reals of up to 17 digits, empty cells

customers() {
    awk -v n="$1" -v seed="$2" '
        function random(most) { s = (s * 16807) % 2147483647; return s % most }
        BEGIN {
            s = seed
            split("champions,loyal,at_risk,lost,\"new, promising\",", names, ",")
            names[5] = "\"new, promising\""; names[6] = ""; names[7] = "\303\251lite"
            print "customer_id,orders,revenue,aov,recency_days,prev_segment,segment,country"
            for (i = 1; i <= n; i++) {
                orders = 1 + random(12)
                cents = random(200000) - 5000
                aov = sprintf("%.17g", cents / 100 / orders)
                if (aov ~ /e/) aov = "0"
                if (random(10) == 0) aov = ""
                printf "C%05d,%d,%s%d.%02d,%s,%d,%s,%s,%s\n", i, orders, cents < 0 ? "-" : "",
                    int((cents < 0 ? -cents : cents) / 100), (cents < 0 ? -cents : cents) % 100,
                    aov, random(400), names[1 + random(7)], names[1 + random(7)],
                    random(3) ? "DE" : "FR"
            }
        }'
}
