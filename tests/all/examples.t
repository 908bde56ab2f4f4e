#!/bin/sh
# The examples of README.md and of the pages of section 7 print what they say, and both name every
# command. An example is a line behind '$ ', what is behind '> ' below it, and its output.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/samples.sh"

# Each command as a file, and what should come of it as another.
blocks='
    /^```console$/ || /^\.Bd -literal/ { inside = 1; next }
    /^```/ || /^\.Ed/ { inside = 0; file = "" }
    !inside { next }
    FILENAME ~ /\.7$/ { gsub(/\\e/, "\\"); gsub(/\\&/, "") }
    /^\$ / {
        file = sprintf("%s/%03d", folder, ++number)
        print substr($0, 3) >(file ".sh")
        printf "" >(file ".out")
        next
    }
    file != "" && /^> / { print substr($0, 3) >(file ".sh"); next }
    file != "" { print >(file ".out") }
'

# Of one document, in the order of the text and in one folder, so that one may use what an earlier
# one made.
check_examples() {
    name=${1##*/}
    mkdir "$tmp/$name" "$tmp/$name.work"
    awk -v folder="$tmp/$name" "$blocks" "$1"
    cd "$tmp/$name.work" || exit 99
    for example in "$tmp/$name"/*.sh; do
        [ -f "$example" ] || continue
        is "$name: $(head -n 1 "$example" | cut -c 1-100)" "$(cat "${example%.sh}.out")" \
            "$(sh "$example" 2>&1)"
    done
}

for document in "$top/README.md" "$top"/man/*.7; do
    check_examples "$document"
done

for command in $commands; do
    ok "README.md names $command" grep -q "^| $command " "$top/README.md"
    ok "retain(7) names $command" grep -q "^\\.Xr $command 1" "$top/man/retain.7"
    ok "retain(5) names $command" grep -q "^\\.Xr $command 1" "$top/man/retain.5"
done
is 'NEWS begins with the version' "retain $("${commands##* }" --version | sed 's/.* //')" \
    "$(head -n 1 "$top/NEWS")"
finish
