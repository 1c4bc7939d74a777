# What a result file says, in the words of questions.ndjson. The line: validity|share of the elderly certificate|share|name.
def given: select(. != "");
split("|") | (.[0] | tonumber) as $validity
| {validity: $validity, newer: ($validity == 3)}
    + ({ratio: ([.[1, 2] | given | tonumber][0]), name: ([.[3] | given][0])} | with_entries(select(.value != null)))
