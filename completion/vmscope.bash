# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for vmscope. The tool itself lists commands, arguments, options
# and columns.

# First words of the commands, or the words after "kernel".
_vmscope_commands()
{
	vmscope --list-commands 2>/dev/null | sed -n "s/^${1:+$1 }\([a-z]*\).*/\1/p" | sort -u
}

# Arguments of a command, as in its help.
_vmscope_takes()
{
	vmscope --list-commands 2>/dev/null | sed -n "s/^$*	//p"
}

_vmscope_regions()
{
	vmscope kernel layout -q -r -n -o region 2>/dev/null | sort -u
}

_vmscope_options()
{
	vmscope "$@" --help 2>/dev/null |
		sed -n 's/^  \(-[A-Za-z]\)\{0,1\}[, ]*\(--[a-z-]*\).*/\1 \2/p'
}

_vmscope_columns()
{
	vmscope "$@" -H 2>/dev/null | sed -n 's/^  \([a-z0-9_]*\) .*/\1/p'
}

_vmscope_pids()
{
	local dir
	for dir in /proc/[0-9]*; do
		# A kernel thread has no executable.
		[ -e "$dir/exe" ] && echo "${dir#/proc/}"
	done
}

# The words before the cursor that are neither options nor their arguments.
_vmscope_words()
{
	local word skip=
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		if [ -n "$skip" ]; then
			skip=
			continue
		fi
		case $word in
		-o | --output | -Q | --filter | --sort | --by | --pid | --depth | =) skip=1 ;;
		-*) ;;
		*) echo "$word" ;;
		esac
	done
}

# Complete a list of columns after its last comma or plus sign.
_vmscope_list()
{
	local before=${1%"${1##*[,+]}"} last=${1##*[,+]}
	shift
	compgen -P "$before" -W "$(_vmscope_columns "$@")" -- "$last"
}

# Words for the cursor, from the arguments of the command and those given.
_vmscope_arguments()
{
	local takes=$1 given=$2
	case $given:$takes in
	0:PID\|kernel*) echo kernel && _vmscope_pids ;;
	0:PID*) _vmscope_pids ;;
	0:\[RANGE\]) _vmscope_regions ;;
	1:PID\|kernel\ \[RANGE\]) [ "$3" = kernel ] && _vmscope_regions ;;
	esac
}

_vmscope()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	local words names
	local -a command given
	mapfile -t given < <(_vmscope_words)
	command=("${given[@]:0:1}")
	[ "${given[0]}" = kernel ] && command=("${given[@]:0:2}")
	given=("${given[@]:${#command[@]}}")

	case $prev in
	-o | --output)
		words=$(_vmscope_list "$cur" "${command[@]:-1}")
		;;
	--sort)
		words=$(compgen -W "$(_vmscope_columns "${command[@]:-1}")" -- "$cur")
		;;
	--pid)
		words=$(compgen -W "$(_vmscope_pids)" -- "$cur")
		;;
	--by)
		words=$(compgen -W node -- "$cur")
		;;
	-Q | --filter | --depth)
		return
		;;
	*)
		case $cur in
		--color=* | =*)
			words=$(compgen -W "auto always never" -- "${cur##*=}")
			;;
		-*)
			words=$(compgen -W "$(_vmscope_options "${command[@]}")" -- "$cur")
			;;
		*)
			case ${command[*]} in
			"") names="$(_vmscope_commands) $(_vmscope_pids)" ;;
			kernel) names=$(_vmscope_commands kernel) ;;
			*) names=$(_vmscope_arguments "$(_vmscope_takes "${command[@]}")" \
				"${#given[@]}" "${given[0]}") ;;
			esac
			words=$(compgen -W "$names" -- "$cur")
			;;
		esac
		;;
	esac
	mapfile -t COMPREPLY <<<"$words"
	[ -n "$words" ] || COMPREPLY=()
	[[ $prev == -o || $prev == --output ]] && compopt -o nospace
}

complete -F _vmscope vmscope
