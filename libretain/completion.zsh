#compdef -p rt-*
# zsh completion of the commands of retain. They tell it themselves what options they have:
# --complete prints a line an option, its name, letter, value and help apart by tabs.

# The names of the columns in the header of the first file among the words; a,b,c is a list.
_retain_columns() {
    local word
    local -a columns
    for word in "${words[@]:1}"; do
        if [[ $word != -* && -f $word ]]; then
            columns=("${(@f)$(head -c 65536 -- $word | head -n 1 | tr -d '\r"' | tr ',;\t' '\n\n\n')}")
            break
        fi
    done
    _values -s , column $columns
}

_retain() {
    local line name letter value help action spec
    local -a fields specs
    for line in "${(@f)$("$words[1]" --complete 2>/dev/null)}"; do
        fields=("${(@s:	:)line}")
        name=$fields[1] letter=$fields[2] value=$fields[3] help=$fields[4]
        help=${${help//\[/(}//\]/)}
        case $value in
        ('') action= ;;
        (*[A-Z]*'|'*|*'|'*[A-Z]*) action=":${value//:/ }: " ;; # N|P%: a form, not words
        (*'|'*) action=":value:(${value//|/ })" ;;
        (*COL*) action=:column:_retain_columns ;;
        (*FILE*) action=:file:_files ;;
        (*) action=":${value//:/ }: " ;;
        esac
        [[ -z $letter ]] || specs+=("$letter${action:++}[$help]$action")
        [[ -n $action ]] && specs+=("$name=[$help]$action") || specs+=("$name""[$help]")
    done
    _arguments -s $specs '*:file:_files'
}

_retain "$@"
