# shellcheck shell=sh
# Helper of tests that threads show nowhere. Read behind lib.sh, with the command's name in $command.
#
#   same NAME TABLE OPTION...   $tmp/TABLE.csv gives the same in many small blocks, by two threads and
#                               through a pipe, as by one thread; what is said on stderr included

same() {
    name=$1 file=$tmp/$2.csv
    shift 2
    one=$("$command" --threads 1 "$@" <"$file" 2>&1)
    for block in 500 3000; do
        is "$name, blocks of $block bytes" "$one" "$("$command" --block $block "$@" <"$file" 2>&1)"
        is "$name, a pipe" "$one" "$(cat "$file" | "$command" --block $block "$@" 2>&1)"
    done
}
