# shellcheck shell=sh
# Made-up answers for the tests of rt-nps. Read with:  . ".../data.sh"
#
#   answers N SEED MOST     N surveys of N / 3 customers in 2024 with scores up to MOST, one in nine
#                           dismissed, of channels with all kinds of names; some dates out of order

answers() {
    awk -v n="$1" -v seed="$2" -v most="$3" '
        function random(most) { s = (s * 16807) % 2147483647; return s % most }
        BEGIN {
            s = seed
            names[0] = "email"; names[1] = "\"shop, main street\""; names[2] = ""
            names[3] = "a channel with a long name"; names[4] = "\303\251t\303\251"
            print "customer_id,date,score,channel,country"
            for (i = 1; i <= n; i++) {
                day = int(i * 364 / n) + random(9)
                month = 1 + int(day / 31) % 12
                printf "C%05d,2024-%02d-%02d,%s,%s,%s\n", random(int(n / 3) + 1), month,
                    1 + day % 29, random(9) ? most - int(random((most + 1) * (most + 1)) / (most + 1)) \
                    : "", names[random(5)], random(3) ? "DE" : "FR"
            }
        }' | if [ "$3" -lt 10 ]; then awk -F, 'NR == 1 || !/,0,/'; else cat; fi
}
