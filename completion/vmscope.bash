# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for vmscope: commands, options, columns and PIDs, all of
# which the tool tells itself.

_vmscope_commands()
{
	vmscope --help 2>/dev/null |
		sed -n 's/^  vmscope \([a-z][a-z]*\) .*/\1/p' | uniq
	echo vtop
}

# What follows "kernel".
_vmscope_kernel()
{
	vmscope kernel --help 2>/dev/null |
		sed -n 's/^  vmscope kernel \([a-z][a-z]*\) .*/\1/p'
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
		# A kernel thread has no program.
		[ -e "$dir/exe" ] && echo "${dir#/proc/}"
	done
}

# The command among the words before the cursor, of "kernel" the next word, too;
# the summary has no name.
_vmscope_command()
{
	local word known kernel=
	known=" $(_vmscope_commands | tr '\n' ' ')"
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		case $word in
		-*) ;;
		kernel)
			[ -z "$kernel" ] || return
			kernel=1
			echo kernel
			known=" $(_vmscope_kernel | tr '\n' ' ')"
			;;
		*)
			[[ $known == *" $word "* ]] && echo "$word"
			[[ $word =~ ^[0-9]+$ ]] && echo "$word"
			return
			;;
		esac
	done
}

# A list of columns is completed behind its last comma or plus sign.
_vmscope_list()
{
	local before=${1%"${1##*[,+]}"} last=${1##*[,+]}
	shift
	compgen -P "$before" -W "$(_vmscope_columns "$@")" -- "$last"
}

_vmscope()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	local words
	local -a command
	mapfile -t command < <(_vmscope_command)

	case $prev in
	-o | --output)
		words=$(_vmscope_list "$cur" "${command[@]:-1}")
		;;
	--sort)
		words=$(compgen -W "$(_vmscope_columns "${command[@]:-1}")" -- "$cur")
		;;
	-Q | --filter)
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
			"") words=$(compgen -W "$(_vmscope_commands) $(_vmscope_pids)" -- "$cur") ;;
			kernel) words=$(compgen -W "$(_vmscope_kernel)" -- "$cur") ;;
			"kernel map") words=$(compgen -W "$(_vmscope_regions)" -- "$cur") ;;
			ps | info | what | "kernel layout" | "kernel vmalloc") return ;;
			map | pages | walk | vtop | audit)
				words=$(compgen -W "kernel $(_vmscope_pids)" -- "$cur")
				;;
			*) words=$(compgen -W "$(_vmscope_pids)" -- "$cur") ;;
			esac
			;;
		esac
		;;
	esac
	mapfile -t COMPREPLY <<<"$words"
	[ -n "$words" ] || COMPREPLY=()
	[[ $prev == -o || $prev == --output ]] && compopt -o nospace
}

complete -F _vmscope vmscope
