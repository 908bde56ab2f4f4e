#!/bin/sh
# rt-report: what stands on the page, that data are only text, and that input is read with care.

. "$(dirname "$0")/../lib.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$here" || exit 99

page=$(rt-report --title 'A & B' --section 'What we want' goals.csv metrics.csv risk.csv)

# has NAME TEXT: the page has this text, whatever tags are in it.
flat=$(printf '%s' "$page" | tr '\n' ' ' | sed 's/<style>.*<\/style>//; s/<[^>]*>/ /g; s/  */ /g')
has() {
    case $flat in
    *"$2"*) pass "$1" ;;
    *) fail "$1" ;;
    esac
}

like 'the title is that of the user' '<title>A &amp; B</title>' "$page"
like 'the as-of date is said' 'As of 2024-03-20' "$page"
has 'the headline is the latest complete value, its change and what to think of it' \
    "Churn rate 35.0% ▲ 15.0 pp since 2024-01 worse: 5.0 pp to 25.0 pp 2024-02, between 30.0% and 40.0%"
thin=$(printf '\342\200\257')
has 'a change without an interval has no verdict' "Revenue 1${thin}234${thin}560.39 ▼ 7.50 since 2024-01 2024-02"
has 'goals have their figures in the unit of the metric' \
    'Churn below 15% 16.6% (14.1% to 19.5%) ≤ 15.0% ✗ off track 31% 2025-03-31 Ada'
like 'goals as rt-goal has them: group, what is expected, state' \
    'a west 20.0% ≤ 15.0% 17.5% open, ✗ off track 31% .*b east 12.0% ≤ 15.0% 12.0% ✓ met 100%' "$({
        echo goal,metric,method,channel,period,value,lo,hi,op,target,due,owner,state,on_track,p_reach,expected
        echo 'a,churn_rate,set,west,2024-05,0.2,,,<=,0.15,2024-12-31,ann,open,0,0.31,0.175'
        echo 'b,churn_rate,set,east,2024-05,0.12,,,<=,0.15,2024-12-31,ann,met,1,1,0.12'
    } | rt-report | tr '\n' ' ' | sed 's/<[^>]*>/ /g; s/  */ /g')"
like 'alerts are rows' '<th[^>]*>news</th>' \
    "$(printf 'metric,method,period,value,lo,hi,alert,news\na,b,2024,1,2,3,up,1\n' | rt-report)"
like 'a change that may be chance' 'may be chance: −5.0 pp to 25.0 pp' \
    "$(sed 's/0.15,0.05,0.25/0.15,-0.05,0.25/' metrics.csv | rt-report)"
has 'definitions' 'Of the customers who were active when the period began, the share who were not when it ended'
has 'numerator, denominator, method, as-of date' \
    'Numerator: active at the start, not at the end. Denominator: active at the start. Method: set; wilson 95%. As of 2024-03-20.'
has 'what the input was' 'metrics.csv metric rows 2024-03-20 9 risk.csv customers with a risk 6'
has 'what is not complete has a mark' '5.0%*'
has 'how many are at risk, and who is worth most first' \
    '3 of 6 customers are at risk; those with the greatest revenue first.'
is 'the order of customers at risk' '&lt;script&gt;alert(1)&lt;/script&gt; C1 名前' \
    "$(printf '%s\n' "$page" | sed -n 's/<tr><td[^>]*>\(.*\)<\/td><td class=.b.>\(very \)*high risk.*/\1/p' |
        grep -v '^high' | tr '\n' ' ' | sed 's/ $//')"
is 'bands from high to low' 'very high risk,high risk,medium risk,low risk,not known,' \
    "$(printf '%s\n' "$page" | sed -n 's/.*<td class=.b.>\(.*risk\|not known\)<\/td><td class=.n b.>[0-9]<.*/\1/p' |
        tr '\n' ',')"
is 'sections in the order of the files' 'What we want,Churn rate,Who is at risk,What the numbers mean,What the input was,' \
    "$(printf '%s\n' "$page" | sed -n 's/^<h2>\(.*\)<\/h2>$/\1/p' | tr '\n' ',')"
is '--section names the first files' 'One,Two,Who is at risk' "$(
    rt-report --section One --section Two goals.csv metrics.csv risk.csv |
        sed -n 's/^<h2>\(.*\)<\/h2>$/\1/p' | head -n 3 | paste -sd, -
)"
is 'another order of files' 'Who is at risk,Churn rate' "$(
    rt-report risk.csv metrics.csv | sed -n 's/^<h2>\(.*\)<\/h2>$/\1/p' | head -n 2 | paste -sd, -
)"
is 'markup in names is text' '' "$(printf '%s\n' "$page" | grep -iE '<script|<b>|<img|onerror=' || true)"
is 'nothing is loaded' '' "$(printf '%s\n' "$page" |
    grep -iE '(src|href) *=|url\(|@import|http://|https://' |
    grep -v "xmlns='http://www.w3.org/2000/svg'" | grep -v "href='data:,'" || true)"
if command -v python3 >/dev/null; then
    # Each tag that is opened is closed, in order.
    is 'the page is well formed' '' "$(printf '%s' "$page" | python3 -c '
import html.parser, sys
class Check(html.parser.HTMLParser):
    stack = []
    def handle_starttag(self, tag, attributes):
        if tag not in ("meta", "link", "br"):
            self.stack.append(tag)
    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            print("</%s> at %s" % (tag, self.getpos()))
check = Check(convert_charrefs=True)
check.feed(sys.stdin.read())
check.close()
print("".join(check.stack), end="")' 2>&1)"
else
    skip 'the page is well formed' 'no python3'
fi

like '--rows cuts tables and counts' '2 more of 3 customers at risk are not shown' \
    "$(rt-report --rows 1 risk.csv)"
like '--periods cuts tables and counts' '2 more of 3 periods are not shown' \
    "$(rt-report --periods 1 metrics.csv)"
like 'other rows are shown, a column of numbers with the same places' '<td class=.n b.>10.0</td>' \
    "$(printf 'a,b\nx,1.5\ny,10\n' | rt-report)"
like 'p_alive is enough' '1 of 2 customers are at risk.*below 50%' \
    "$(printf 'customer_id,p_alive\na,0.4\nb,0.6\n' | rt-report | tr '\n' ' ')"
like 'the headline of cohorts is that of all, at the first age' \
    '25.0% mean of all, age in months: 1, between 20.0% and 30.0%' "$({
        echo metric,method,cohort,age,value,lo,hi,num,den,complete
        echo 'retention,exact month ages; wilson 95%,2024-01,1,0.3,,,3,10,1'
        echo 'retention,exact month ages; wilson 95%,all,1,0.25,0.2,0.3,5,20,1'
        echo 'retention,exact month ages; wilson 95%,all,2,0.2,,,2,10,1'
    } | rt-report | tr '\n' ' ' | sed 's/<[^>]*>/ /g; s/  */ /g; s/ ,/,/g')"
is 'groups make no headline' '' "$(printf 'metric,method,channel,period,value,lo,hi,num,den,complete\nnps,x,web,2024,5,,,,,1\nnps,x,shop,2024,5,,,,,1\n' |
    rt-report | grep "class='card'" || true)"
like 'bands of names unknown here are left to p_alive' '1 of 2 customers are at risk.*below 50%' \
    "$(printf 'customer_id,band,p_alive\na,red,0.4\nb,green,0.6\n' | rt-report | tr '\n' ' ')"
like 'a table without rows' 'The table has no rows' "$(head -n 1 risk.csv | rt-report)"
for input in '' - risk.csv; do
    # shellcheck disable=SC2086 # no word where there is none
    is "the same page from '${input:-nothing}'" "$(rt-report risk.csv | grep -v risk.csv)" \
        "$(rt-report $input <risk.csv | grep -v -e risk.csv -e 'standard input')"
done
sed 's/$/\r/' metrics.csv >"$tmp/metrics.csv"
is 'CRLF and a byte order mark' "$(rt-report <metrics.csv)" \
    "$({ printf '\357\273\277' && cat "$tmp/metrics.csv"; } | rt-report)"
"$tests/all/csv" delimit ';' <metrics.csv >"$tmp/semicolons.csv"
is '-d' "$(rt-report <metrics.csv)" "$(rt-report -d ';' <"$tmp/semicolons.csv")"
is '--map' "$(rt-report <risk.csv)" "$(sed 's/^customer_id/who/' risk.csv |
    rt-report --map customer_id=who)"
like '-v tells the rows of each file' 'metrics.csv: 9 rows' \
    "$(rt-report -v metrics.csv risk.csv 2>&1 >"$tmp/out")"
printf 'metric,method,value\nx\n' >"$tmp/broken.csv"
fails 'a broken record' 'broken.csv:2: ' rt-report metrics.csv "$tmp/broken.csv"
: >"$tmp/empty.csv"
fails 'an empty file' 'empty.csv:1: ' rt-report metrics.csv "$tmp/empty.csv"
fails 'a missing file' 'absent' rt-report metrics.csv absent.csv
fails 'a heading too many' 'section' rt-report --section a --section b metrics.csv
finish
