# What the answer says, in the words of questions.ndjson.
def mado(name): .extension // [] | map(select(.url == "https://mado.invalid/fhir/StructureDefinition/" + name));
(mado("validity")[0].valueCoding.code | tonumber) as $validity
| {validity: $validity, newer: ($validity == 3)}
    + ({ratio: ([.insurance[]?.item[]?.benefit[]? | select(.type.coding[0].code == "copay-percent").allowedUnsignedInt][0]),
        name: ([.contained[]? | select(.resourceType == "Patient").name[]? | select(.use == "official" and .extension[0].valueCode != "SYL").text][0])}
        | with_entries(select(.value != null)))
