# A row of the table from a line of results: the values stand in a fixed order, what follows "load" is kept as it is.
function value(name,   rest) {
    if (!match($0, "\"" name "\":(\"[^\"]*\"|\\[[^]]*\\]|[^,}]*)")) return ""
    rest = substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3)
    gsub(/["\[\]]/, "", rest)
    return rest
}
function more(   at) {
    at = match($0, /"load":"[^"]*"/)
    rest = substr($0, RSTART + RLENGTH)
    sub(/^,/, "", rest)
    sub(/}$/, "", rest)
    gsub(/"/, "", rest)
    gsub(/,/, ", ", rest)
    gsub(/:/, " ", rest)
    return rest == "" ? "" : "; " rest
}
{
    goal = substr($0, 2, 2)
    printf "| %s | %s %s%s | %s: %s | %s (%s) | %s | %s | %s%s |\n", goal, value("figure"), value("unit"), more(), value("reference_is"), value("reference"),
        value("ratio"), value("spread"), value("goal"), value("people"), value("load"), value("commit") == commit ? "" : ", measured at " value("commit")
}
