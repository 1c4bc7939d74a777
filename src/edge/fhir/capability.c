#include "edge/fhir/systems.h"
#include "edge/fhir/writing.h"

/* The day of the sources this was built from, given by mk/fhir.mk. */
#ifndef MADO_DATE
#define MADO_DATE "2026-11-22"
#endif

static void put_security(struct buf *out) {
    PUT(out, "\"security\":{\"cors\":false,\"service\":[{\"coding\":[{\"system\":\"" TERMINOLOGY
             "restful-security-service\",\"code\":\"Certificates\"}],\"text\":\"mutual TLS\"}],\"description\":");
    buf_json(
        out,
        S("Mutual TLS 1.3 (1.2 allowed). The client certificate names the institution by its 10-digit code in the subject's "
          "serialNumber; a provider in the message has to be the same. Nothing else authorises. / 相互TLS。クライアント証明書の"
          "serialNumber（医療機関コード10桁）が問い合わせる医療機関です。"));
    buf_putc(out, '}');
}

void fhir_write_capability(struct buf *out, struct str base) {
    PUT(out,
        "{\"resourceType\":\"CapabilityStatement\",\"id\":\"mado\",\"name\":\"Mado\",\"title\":\"Mado (窓)\",\"version\":\"" MADO_VERSION
        "\",\"status\":\"active\",\"date\":\"" MADO_DATE "\",\"kind\":\"instance\",\"description\":");
    buf_json(
        out,
        S("Eligibility of insured persons in Japan: one question, one answer. What is not listed here does not exist, and "
          "what a request holds beyond it is refused."));
    PUT(out, ",\"software\":{\"name\":\"mado\",\"version\":\"" MADO_VERSION "\",\"releaseDate\":\"" MADO_DATE
             "\"},\"implementation\":{\"description\":\"オンライン資格確認 / online eligibility verification\"");
    fhir_put_text(out, S(",\"url\":"), base);
    PUT(out,
        "},\"fhirVersion\":\"4.0.1\",\"format\":[\"application/fhir+json\",\"json\"],\"rest\":[{\"mode\":\"server\",");
    put_security(out);
    PUT(out,
        ",\"resource\":[{\"type\":\"CoverageEligibilityRequest\","
        "\"documentation\":\"The patient, the coverage and the insurer are contained, or the insurer is named by its number.\","
        "\"operation\":[{\"name\":\"submit\",\"definition\":\"http://hl7.org/fhir/OperationDefinition/CoverageEligibilityRequest-"
        "submit\",\"documentation\":\"" MADO_FHIR
        "/OperationDefinition/submit says which part of it is done here.\"}]}]}]}\n");
}
