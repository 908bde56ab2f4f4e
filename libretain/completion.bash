# bash completion of the commands of retain. They tell it themselves what options they have:
# --complete prints a line an option, its name, letter, value and help apart by tabs.

# The names of the columns in the header of the first file among the words.
_retain_columns() {
    local word
    for word in "${COMP_WORDS[@]:1}"; do
        if [[ $word != -* && -f $word ]]; then
            head -c 65536 -- "$word" | head -n 1 | tr -d '\r"' | sed 's/[,;\t]/\n/g'
            return
        fi
    done
}

# What the value of an option may be, given how --help names it.
_retain_value() {
    local value=$1 current=$2 before='' IFS=$'\n'
    case $value in
    *[A-Z]*'|'* | *'|'*[A-Z]*) ;; # N|P%: a form, not words
    *'|'*)
        mapfile -t COMPREPLY < <(compgen -W "${value//|/$'\n'}" -- "$current")
        ;;
    *COL*)
        # Of a list a,b,c the last name is completed.
        [[ $current == *,* ]] && before=${current%,*},
        mapfile -t COMPREPLY < <(compgen -P "$before" -W "$(_retain_columns)" -- "${current##*,}")
        ;;
    *FILE*)
        _retain_files "$current"
        ;;
    esac
}

_retain_files() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

_retain() {
    local current=${COMP_WORDS[COMP_CWORD]} previous name letter value names=''
    COMPREPLY=()
    local -i at=COMP_CWORD-1
    # bash cuts words at '=': --name=value is three of them, --map a=b,c=d has five behind --map.
    [[ $current == '=' ]] && current='' at+=1
    while [[ $at -ge 2 && ${COMP_WORDS[at]} == '=' ]]; do
        at+=-1
        [[ ${COMP_WORDS[at]} == -* ]] || at+=-1
    done
    previous=${COMP_WORDS[at]}
    # A tab would be white space to read, and empty fields would be lost.
    while IFS=$'\037' read -r name letter value _; do
        if [[ -n $value && -n $previous && ($previous == "$name" || $previous == "$letter") ]]; then
            _retain_value "$value" "$current"
            return
        fi
        names+=" $name"
    done < <("${COMP_WORDS[0]}" --complete 2>/dev/null | tr '\t' '\037')
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$names" -- "$current")
    else
        _retain_files "$current"
    fi
}

# Installed, the file is named after the command; sourced by hand, it serves all that are there.
if [[ ${BASH_SOURCE[0]##*/} == rt-* ]]; then
    complete -F _retain "${BASH_SOURCE[0]##*/}"
else
    mapfile -t _retain_commands < <(compgen -c rt- | sort -u)
    [[ ${#_retain_commands[@]} -eq 0 ]] || complete -F _retain "${_retain_commands[@]}"
    unset _retain_commands
fi
