# A line of questions.ndjson as a CoverageEligibilityRequest. $code: who asks.
def core: "http://jpfhir.jp/fhir/core/";
def extension(name; value): if value then [{url: (core + "Extension/StructureDefinition/JP_Coverage_InsuredPerson" + name), valueString: value}] else [] end;
.question | {resourceType: "CoverageEligibilityRequest",
    contained: [
        {resourceType: "Patient", id: "p", birthDate: .birth},
        {resourceType: "Coverage", id: "c", status: "active", beneficiary: {reference: "#p"}, payor: [{reference: "#i"}],
            extension: (extension("Symbol"; .symbol) + extension("Number"; .number) + extension("SubNumber"; .branch))},
        {resourceType: "Organization", id: "i", identifier: [{system: (core + "mhlw/IdSystem/InsurerNumber"), value: .insurer}]}],
    status: "active", purpose: ["validation", "benefits"], patient: {reference: "#p"}, servicedDate: .on, created: "2026-06-01T09:00:00+09:00",
    provider: {identifier: {system: (core + "IdSystem/insurance-medical-institution-no"), value: $code}},
    insurer: {reference: "#i"}, insurance: [{focal: true, coverage: {reference: "#c"}}]}
| if .servicedDate then . else del(.servicedDate) end
