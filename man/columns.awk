# SPDX-License-Identifier: GPL-2.0-or-later
# vmscope-columns(7) from "vmscope -H"; commands with the same columns share a list.

function heading(line)
{
	sub(/:$/, "", line)
	return line == "PID" ? "The summary, vmscope PID" : "vmscope " line
}

function text(line)
{
	gsub(/\\/, "\\e", line)
	return line ~ /^[.']/ ? "\\&" line : line
}

BEGIN {
	print ".\\\" SPDX-License-Identifier: GPL-2.0-or-later"
	print ".Dd November 28, 2026\n.Dt VMSCOPE-COLUMNS 7\n.Os"
	print ".Sh NAME\n.Nm vmscope-columns\n.Nd columns of the commands of vmscope"
	print ".Sh DESCRIPTION"
	print "The columns that\n.Xr vmscope 8\nselects with\n.Fl o ."
	print "Headings are in upper case, JSON keys in lower case."
	print "Columns may be added; the meaning of a column never changes."
	print "The terms are explained in the section TERMS of\n.Xr vmscope 8 ."
}

/^[^ ]/ { name[++nr] = heading($0) }

/^  / {
	column = $1
	sub(/^ *[^ ]+ +/, "")
	list[nr] = list[nr] ".It Cm " column "\n" text($0) "\n"
}

END {
	for (i = 1; i <= nr; i++)
		if (list[i] in first)
			name[first[list[i]]] = name[first[list[i]]] ", " name[i]
		else
			first[list[i]] = i
	for (i = 1; i <= nr; i++)
		if (first[list[i]] == i)
			printf ".Ss %s\n.Bl -tag -width pagemap_soft_dirty -compact\n%s.El\n",
				name[i], list[i]
	print ".Sh SEE ALSO\n.Xr vmscope 8"
}
