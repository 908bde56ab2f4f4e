#!/bin/sh
# Completion in bash and zsh: options, words of a choice, files, columns.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/samples.sh"

# bash_completes WORD...: the answers where the cursor is at the end of the last word.
bash_completes() {
    bash --norc -c '
        source "$1"
        shift
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        _retain 2>/dev/null
        printf "%s\n" "${COMPREPLY[@]}"
    ' bash "$top/libretain/completion.bash" "$@" | sort
}

if command -v bash >/dev/null; then
    for command in $commands; do
        is "$command in bash: options" "$("$command" --complete | cut -f 1 | sort)" \
            "$(bash_completes "$command" --)"
        like "$command in bash: serves it" "_retain $command\$" \
            "$(bash --norc -c '. "$1"; complete -p' bash "$top/libretain/completion.bash")"
        # The words of every choice (in small letters, unlike N|P%), and with them the form --name=word.
        "$command" --complete | awk -F '\t' '$3 ~ /[|]/ && $3 !~ /[A-Z]/ { print $1, $3 }' >"$tmp/choices"
        while read -r option words; do
            expected=$(echo "$words" | tr '|' '\n' | sort)
            is "$command in bash: $option" "$expected" "$(bash_completes "$command" "$option" '')"
            is "$command in bash: $option=" "$expected" "$(bash_completes "$command" "$option" = '')"
        done <"$tmp/choices"
    done
    command=${commands# }
    command=${command%% *}
    cd "$tmp" || exit 99
    echo 'customer_id,"date",amount' >orders.csv
    is 'bash: files' orders.csv "$(bash_completes "$command" ord)"
    cat >rt-try <<'END'
#!/bin/sh
printf '%s\t%s\t%s\t%s\n' --by -b COLS 'the columns' --cuts '' FILE 'a file' --all -a '' 'all of it'
END
    chmod 755 rt-try
    PATH=$tmp:$PATH
    is 'bash: columns' 'date' "$(bash_completes rt-try orders.csv --by d)"
    is 'bash: columns of a list' 'amount,customer_id' "$(bash_completes rt-try orders.csv -b amount,c)"
    is 'bash: columns behind =' 'amount' "$(bash_completes rt-try orders.csv --by = a)"
    is 'bash: columns of a pair' 'amount' "$(bash_completes rt-try orders.csv -b amount = a)"
    is 'bash: columns of a second pair' 'date' \
        "$(bash_completes rt-try orders.csv -b amount = amount,date = d)"
    is 'bash: a file as a value' orders.csv "$(bash_completes rt-try --cuts or)"
    is 'bash: a flag has no value' orders.csv "$(bash_completes rt-try --all or)"
else
    skip 'completion in bash' 'no bash'
fi

# What _arguments is asked for where the words are those given.
zsh_asks() {
    zsh -f -c '
        _arguments() { print -rl -- "$@" }
        file=$1
        shift
        words=("$@")
        source $file
    ' zsh "$top/libretain/completion.zsh" "$@"
}

if command -v zsh >/dev/null; then
    for command in $commands; do
        is "$command in zsh: options" "$("$command" --complete | cut -f 1 | sort)" \
            "$(zsh_asks "$command" | sed -n 's/^\(--[a-z-]*\)=*\[.*/\1/p' | sort)"
        is "$command in zsh: choices" \
            "$("$command" --complete | awk -F '\t' '$3 ~ /[|]/ && $3 !~ /[A-Z]/ { gsub("[|]", " ", $3); print $1, $3 }')" \
            "$(zsh_asks "$command" | sed -n 's/^\(--[a-z-]*\)=.*:value:(\(.*\))$/\1 \2/p')"
    done
else
    skip 'completion in zsh' 'no zsh'
fi
finish
