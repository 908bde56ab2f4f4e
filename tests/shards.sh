# For the tests of measure commands: shards in any order give the bytes of one run. Set $command,
# then read with:  . "$(dirname "$0")/../shards.sh"
#
#   shard FILE COUNT              $tmp/shard.0 and so on, split by the first column, the customer
#   merged NAME FILE OPTION...    1, 2, 7 and 64 shards, in both orders and with an empty one
#
# What is in $merging is said with -m, and not to the shards.

# shellcheck disable=SC2154 # $command is the test's, $tmp that of lib.sh
merging=

shard() {
    rm -f "$tmp"/shard.*
    awk -F, -v count="$2" -v base="$tmp/shard." '
        NR == 1 { for (i = 0; i < count; i++) print > (base i); next }
        !($1 in of) { of[$1] = customers++ * 7919 % count }
        { print > (base of[$1]) }' "$1"
}

same_as_one() {
    # shellcheck disable=SC2086 # options are words
    "$command" -m $merging "$@" | cmp - "$tmp/one"
}

merged() {
    title=$1
    table=$2
    shift 2
    # shellcheck disable=SC2086
    "$command" "$@" $merging "$table" >"$tmp/one"
    head -n 1 "$table" | "$command" "$@" >"$tmp/empty"
    for shards in 1 2 7 64; do
        shard "$table" $shards
        forward=$tmp/empty
        backward=
        i=0
        while [ $i -lt $shards ]; do
            "$command" "$@" "$tmp/shard.$i" >"$tmp/part.$i"
            forward="$forward $tmp/part.$i"
            backward="$tmp/part.$i $backward"
            i=$((i + 1))
        done
        # shellcheck disable=SC2086 # names of this script's own, without spaces
        ok "$title: $shards shards and an empty one" same_as_one $forward
        # shellcheck disable=SC2086
        ok "$title: $shards shards backwards" same_as_one $backward
    done
}
