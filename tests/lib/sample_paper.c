#include "lib/sample_paper.h"

const struct insurer_number sample_insurer = {6139448};

struct str sample_paper_payload(void) {
    return S("{\"iss\":\"https://cards.invalid/insurers/06139448\",\"nbf\":1795532400,\"exp\":1953298800,"
             "\"vc\":{\"type\":[\"https://smarthealth.cards#health-card\"],\"rid\":\"" SAMPLE_PAPER_RID "\","
             "\"credentialSubject\":{\"fhirVersion\":\"4.0.1\",\"fhirBundle\":{\"resourceType\":\"Bundle\","
             "\"type\":\"collection\",\"entry\":[{\"fullUrl\":\"resource:0\",\"resource\":"
             "{\"resourceType\":\"Patient\",\"name\":[{\"text\":\"髙橋　﨑子\"},{\"text\":\"タカハシ　サキコ\"}],"
             "\"gender\":\"female\",\"birthDate\":\"1985-04-01\"}},{\"fullUrl\":\"resource:1\",\"resource\":"
             "{\"resourceType\":\"Coverage\",\"status\":\"active\",\"type\":{\"coding\":[{\"code\":\"certificate\"}]},"
             "\"identifier\":[{\"system\":\"http://jpfhir.jp/fhir/core/mhlw/IdSystem/InsuredPersonSymbol\","
             "\"value\":\"12-34\"},{\"system\":\"http://jpfhir.jp/fhir/core/mhlw/IdSystem/InsuredPersonNumber\","
             "\"value\":\"4260\"},{\"system\":\"http://jpfhir.jp/fhir/core/mhlw/IdSystem/InsuredPersonSubnumber\","
             "\"value\":\"01\"}],\"beneficiary\":{\"reference\":\"resource:0\"},\"period\":{\"start\":\"2020-04-01\"},"
             "\"payor\":[{\"identifier\":{\"system\":\"http://jpfhir.jp/fhir/core/mhlw/IdSystem/InsurerNumber\","
             "\"value\":\"06139448\"},\"display\":\"見本健康保険組合\"}],"
             "\"costToBeneficiary\":[{\"valueQuantity\":{\"value\":30,\"unit\":\"%\"}}]}}]}}}}");
}

void sample_insurer_make(const struct scratch *s, struct insurer_number insurer) {
    bool made;
    invariant(insurer_key_make(world_real(), s->folder, insurer, &made, NULL) == ERR_OK);
}

void sample_jws(const struct scratch *s, struct insurer_number insurer, struct str payload, struct buf *out) {
    struct insurer_key *key = NULL;
    invariant(insurer_key_open(&key, world_real(), s->folder, insurer, NULL) == ERR_OK);
    invariant(jws_put(out, payload, key, NULL) == ERR_OK);
    insurer_key_close(key);
}

void sample_code(const struct scratch *s, struct insurer_number insurer, struct str payload, struct buf *out) {
    struct buf jws;
    buf_init(&jws, 1 << 20);
    sample_jws(s, insurer, payload, &jws);
    buf_puts(out, "shc:/");
    for (size_t i = 0; i < jws.n; i++) buf_uint_pad(out, (unsigned char)jws.p[i] - 45u, 2);
    buf_fini(&jws);
}
