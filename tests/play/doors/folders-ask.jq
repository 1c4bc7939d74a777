# A line of questions.ndjson as a receipt computer's request file: the whole text of one on each line. $code: who asks.
def element(name): if . == null then "" else "<\(name)>\(@html)</\(name)>" end;
.question | "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader>"
    + ($code | element("MedicalInstitutionCode")) + (.on | if . then gsub("-"; "") else . end | element("QualificationConfirmationDate"))
    + "</MessageHeader><MessageBody><QualificationConfirmSearchInfo>"
    + (.insurer | element("InsurerNumber")) + (.symbol | element("InsuredCardSymbol")) + (.number | element("InsuredIdentificationNumber"))
    + (.branch | element("InsuredBranchNumber")) + (.birth | gsub("-"; "") | element("Birthdate"))
    + "<LimitApplicationCertificateRelatedConsFlg>0</LimitApplicationCertificateRelatedConsFlg>"
    + "</QualificationConfirmSearchInfo></MessageBody></XmlMsg>"
