#!/bin/sh
# The examples of README.md print what it says, and it names every command.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/samples.sh"

# Each command of a console block as a file, and what should come of it as another.
mkdir "$tmp/examples" "$tmp/work"
awk -v folder="$tmp/examples" '
    /^```console$/ { inside = 1; next }
    /^```/ { inside = 0 }
    inside && /^\$ / {
        file = sprintf("%s/%02d", folder, ++number)
        print substr($0, 3) >(file ".sh")
        printf "" >(file ".out")
        next
    }
    inside { print >(file ".out") }
' "$top/README.md"

cd "$tmp/work" || exit 99
for example in "$tmp"/examples/*.sh; do
    line=$(cat "$example")
    is "$(printf '%s' "$line" | cut -c 1-100)" "$(cat "${example%.sh}.out")" "$(sh "$example" 2>&1)"
done

for command in $commands; do
    ok "README.md names $command" grep -q "^| $command " "$top/README.md"
    ok "retain(7) names $command" grep -q "^\\.Xr $command 1" "$top/man/retain.7"
done
is 'NEWS begins with the version' "retain $("${commands##* }" --version | sed 's/.* //')" \
    "$(head -n 1 "$top/NEWS")"
finish
