# What the answer says, in the words of questions.ndjson.
# From 70 to 74 the share stands in the elderly certificate.
def one(name): [.. | objects | .[name] // empty][0];
(one("QualificationValidity") | tonumber) as $validity
| {validity: $validity, newer: ($validity == 3)}
    + ({ratio: (one("ElderlyRecipientContributionRatio") // one("InsuredPartialContributionRatio") | if . then tonumber else . end), name: one("Name")} | with_entries(select(.value != null)))
