# A line of questions.ndjson as the field's own message, in JSON. $code: who asks.
.question | {XmlMsg: {
    MessageHeader: ({MedicalInstitutionCode: $code} + if .on then {QualificationConfirmationDate: (.on | gsub("-"; ""))} else {} end),
    MessageBody: {QualificationConfirmSearchInfo: ({
        InsurerNumber: .insurer, InsuredCardSymbol: .symbol, InsuredIdentificationNumber: .number, InsuredBranchNumber: .branch,
        Birthdate: (.birth | gsub("-"; "")), LimitApplicationCertificateRelatedConsFlg: "0"} | with_entries(select(.value != null)))}}}
