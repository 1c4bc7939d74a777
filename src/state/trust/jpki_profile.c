#include "state/trust/jpki_profile.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <openssl/conf.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

enum { VERSION_3 = 2, RSA_BITS = 2048, SERIAL_BYTES = 4, CONFIG_MAX = 8192, DAY_S = 86400, YEAR_DAYS = 365 };
#define ORGANISATION "JPKI-TEST"
#define MUNICIPALITY "13101" /* the card's CN holds its issuer's code: Chiyoda */

#define JPKI_KIND(name, folder, unit, policy, usage, extended, ocsp) {unit, policy, usage, extended, ocsp},
static const struct profile {
    const char *unit, *policy, *usage, *extended, *ocsp;
} profiles[JPKI_KINDS] = {
#include "state/trust/jpki_kind.def"
};
#undef JPKI_KIND

enum err jpki_key_make(EVP_PKEY **out, struct diag *d) {
    *out = EVP_RSA_gen(RSA_BITS);
    return *out ? ERR_OK : crypto_failed(d, "key");
}

/* ---- the extensions, in the words of x509v3_config(5) ---- */

/* CRLs are found by the name of the municipality that issued the card: there is no address to fetch them from. */
void jpki_point_put(struct buf *out, enum jpki_kind kind) {
    buf_printf(out,
               "[point]\nfullname = dirName:point_name\n[point_name]\nC = JP\nO = " ORGANISATION "\n0.OU = %s\n"
               "1.OU = CRL Distribution Points\n2.OU = Tokyo-to\nCN = Chiyoda-ku CRLDP\n",
               profiles[kind].unit);
}

static void put_authority(struct buf *b) {
    buf_puts(b, "[extensions]\nbasicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign,cRLSign\n"
                "subjectKeyIdentifier = hash\nsubjectAltName = dirName:alternative\n"
                "crlDistributionPoints = own_point\n"
                "[alternative]\nC = JP\nO = " ORGANISATION "\nOU = Test authority\n"
                "[own_point]\nfullname = dirName:alternative\n");
}

static void put_responder(struct buf *b) {
    buf_puts(b, "[extensions]\nkeyUsage = critical,digitalSignature\nextendedKeyUsage = OCSPSigning\nnoCheck = NULL\n"
                "subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid\n");
}

static void put_holder(struct buf *b, const struct jpki_holder *h) {
    struct {
        unsigned arc; /* below 1.2.392.200149.8.5.5, in the order in which cards have them */
        struct str value;
    } rows[6];
    char birth[10], none[JPKI_TEXT_MAX];
    struct buf day = buf_over(birth + 1, sizeof birth - 1);
    day_put_basic(&day, h->birth);
    struct civil c = day_civil(h->birth);
    int full = (c.year * 100 + c.month) * 100 + c.day;
    /* E 1 明治 2 大正 3 昭和 4 平成 5 令和; the year behind it is Gregorian. */
    birth[0] = (char)(full >= 20190501   ? '5'
                      : full >= 19890108 ? '4'
                      : full >= 19261225 ? '3'
                      : full >= 19120730 ? '2'
                                         : '1');
    memset(none, '0', sizeof none); /* one digit a character: 1 where it stands for one that could not be written */
    rows[0].arc = 1, rows[0].value = h->name;
    rows[1].arc = 4, rows[1].value = str_of(birth, sizeof birth - 1);
    rows[2].arc = 3, rows[2].value = str_of(&h->sex, 1);
    rows[3].arc = 5, rows[3].value = h->address;
    rows[4].arc = 2, rows[4].value = str_of(none, utf8_length(h->name));
    rows[5].arc = 6, rows[5].value = str_of(none, utf8_length(h->address));
    buf_puts(b, "[holder]\n");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        buf_printf(b, "otherName.%zu = 1.2.392.200149.8.5.5.%u;FORMAT:UTF8,UTF8String:%.*s\n", i, rows[i].arc,
                   (int)rows[i].value.n, rows[i].value.p);
}

static void put_card(struct buf *b, enum jpki_kind kind, const struct jpki_holder *h) {
    const struct profile *p = &profiles[kind];
    buf_printf(b, "[extensions]\nkeyUsage = critical,%s\n", p->usage);
    if (p->extended[0]) buf_printf(b, "extendedKeyUsage = %s\n", p->extended);
    buf_puts(b, "certificatePolicies = critical,@policy\n");
    if (kind == JPKI_SIGN) buf_puts(b, "subjectAltName = @holder\n");
    buf_printf(b,
               "issuerAltName = dirName:issuer\ncrlDistributionPoints = point\nauthorityInfoAccess = OCSP;URI:%s\n"
               "authorityKeyIdentifier = keyid,issuer:always\nsubjectKeyIdentifier = hash\n",
               p->ocsp);
    buf_printf(b, "[policy]\npolicyIdentifier = %s\nCPS.1 = http://www.example.jp/cps.html\n", p->policy);
    buf_puts(b, "[issuer]\nC = JP\nO = " ORGANISATION "\nOU = Test authority\n");
    jpki_point_put(b, kind);
    if (kind == JPKI_SIGN) put_holder(b, h);
}

static bool add_extensions(X509 *c, X509 *issuer, const struct buf *config) {
    X509V3_CTX context;
    CONF *conf = NCONF_new(NULL);
    BIO *bio = buf_ok(config) ? BIO_new_mem_buf(config->p, (int)config->n) : NULL;
    X509V3_set_ctx(&context, issuer, c, NULL, NULL, 0);
    bool ok = conf && bio && NCONF_load_bio(conf, bio, NULL) > 0;
    if (ok) X509V3_set_nconf(&context, conf);
    ok = ok && X509V3_EXT_add_nconf(conf, &context, "extensions", c);
    BIO_free(bio);
    NCONF_free(conf);
    return ok;
}

/* ---- certificates ---- */

struct name_part {
    const char *kind, *value;
};

static bool set_subject(X509 *c, const struct name_part *parts, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!X509_NAME_add_entry_by_txt(X509_get_subject_name(c), parts[i].kind, MBSTRING_UTF8,
                                        (const unsigned char *)parts[i].value, -1, -1, 0))
            return false;
    return true;
}

/* Four bytes, as the one real certificate we read has. */
static bool set_serial(X509 *c, struct world *w) {
    unsigned char bytes[SERIAL_BYTES];
    w->random(w, bytes, sizeof bytes);
    int64_t n = (int64_t)((bytes[0] & 0x7f) | 0x40) << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
    return ASN1_INTEGER_set_int64(X509_get_serialNumber(c), n) == 1;
}

/* Takes the config. `by` NULL: signed by itself. */
static enum err make(struct world *w, const struct name_part *subject, size_t parts, int64_t from_s, int64_t to_s,
                     EVP_PKEY *key, const struct authority *by, struct buf *config, X509 **out, struct diag *d) {
    X509 *c = X509_new(), *issuer = by ? by->certificate : c;
    bool ok = c && X509_set_version(c, VERSION_3) && set_serial(c, w) && set_subject(c, subject, parts) &&
              ASN1_TIME_set(X509_getm_notBefore(c), (time_t)from_s) &&
              ASN1_TIME_set(X509_getm_notAfter(c), (time_t)to_s) && X509_set_pubkey(c, key) &&
              X509_set_issuer_name(c, X509_get_subject_name(issuer)) && add_extensions(c, issuer, config) &&
              X509_sign(c, by ? by->key : key, EVP_sha256()) > 0;
    buf_fini(config);
    if (ok) *out = c;
    else X509_free(c);
    return ok ? ERR_OK : crypto_failed(d, "certificate");
}

static int64_t now_s(struct world *w) { return w->now_us(w) / 1000000; }
static int64_t years(int n) { return (int64_t)n * YEAR_DAYS * DAY_S; }

enum err jpki_authority_make(struct world *w, enum jpki_kind kind, struct authority *out, struct diag *d) {
    /* All generations of the real ones share one name each, so that an issuer is told by its key alone. */
    const struct name_part subject[] = {
        {"C", "JP"}, {"O", ORGANISATION}, {"OU", profiles[kind].unit}, {"OU", "Mado test authority"}};
    struct buf config;
    *out = (struct authority){0};
    TRY(jpki_key_make(&out->key, d));
    buf_init(&config, CONFIG_MAX);
    put_authority(&config);
    /* Old enough to have issued what has ended by now. */
    enum err e = make(w, subject, ARRAY_LEN(subject), now_s(w) - years(JPKI_CERTIFICATE_YEARS + 2),
                      now_s(w) + years(JPKI_AUTHORITY_YEARS), out->key, NULL, &config, &out->certificate, d);
    if (e == ERR_OK) return ERR_OK;
    EVP_PKEY_free(out->key);
    out->key = NULL;
    return e;
}

enum err jpki_responder_make(struct world *w, enum jpki_kind kind, const struct authority *by, EVP_PKEY *key,
                             X509 **out, struct diag *d) {
    const struct name_part subject[] = {
        {"C", "JP"}, {"O", ORGANISATION}, {"OU", profiles[kind].unit}, {"CN", "OCSP responder"}};
    struct buf config;
    buf_init(&config, CONFIG_MAX);
    put_responder(&config);
    return make(w, subject, ARRAY_LEN(subject), now_s(w) - DAY_S, now_s(w) + years(JPKI_AUTHORITY_YEARS - 1), key, by,
                &config, out, d);
}

/* The config language gives meaning to most of ASCII's punctuation, and so would a name that has any. */
static bool plain(struct str s) {
    if (str_empty(s) || s.n > JPKI_TEXT_MAX || !utf8_valid(s)) return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c >= 0x80;
        bool inside = i > 0 && i + 1 < s.n && (c == ' ' || c == '-');
        if (!word && !inside) return false;
    }
    return true;
}

enum err jpki_holder_check(const struct jpki_holder *h, struct diag *d) {
    if (!plain(h->name)) return diag_set(d, ERR_VALUE, "name", "letters and digits, no ASCII punctuation but -");
    if (!plain(h->address)) return diag_set(d, ERR_VALUE, "address", "letters and digits, no ASCII punctuation but -");
    if (h->sex != '1' && h->sex != '2' && h->sex != '9') return diag_set(d, ERR_VALUE, "sex", "1, 2 or 9");
    return day_is(h->birth) ? ERR_OK : diag_set(d, ERR_DATE, "birth", NULL);
}

/* "997794E9AGCIEG13221003A": a number, six letters, the municipality, three digits and a letter. */
static void common_name(struct world *w, char out[32]) {
    unsigned char r[12];
    struct buf b = buf_over(out, 31);
    w->random(w, r, sizeof r);
    for (size_t i = 0; i < 4; i++) buf_printf(&b, "%02X", r[i]);
    for (size_t i = 4; i < 10; i++) buf_putc(&b, (char)('A' + r[i] % 16));
    buf_printf(&b, MUNICIPALITY "%03uA", (unsigned)((r[10] << 8 | r[11]) % 1000));
    out[b.n] = 0;
}

enum err jpki_issue(struct world *w, enum jpki_kind kind, enum jpki_standing standing, const struct authority *by,
                    EVP_PKEY *key, const struct jpki_holder *holder, X509 **out, struct diag *d) {
    char cn[32];
    struct buf config;
    TRY(jpki_holder_check(holder, d));
    common_name(w, cn);
    const struct name_part auth[] = {{"C", "JP"}, {"CN", cn}}, sign[] = {{"C", "JP"}, {"L", "Chiyoda-ku"}, {"CN", cn}};
    int64_t to = now_s(w) + (standing == JPKI_EXPIRED ? -30 * (int64_t)DAY_S : years(JPKI_CERTIFICATE_YEARS) - DAY_S);
    int64_t from = standing == JPKI_EXPIRED ? to - years(JPKI_CERTIFICATE_YEARS) : now_s(w) - DAY_S;
    buf_init(&config, CONFIG_MAX);
    put_card(&config, kind, holder);
    return make(w, kind == JPKI_SIGN ? sign : auth, kind == JPKI_SIGN ? ARRAY_LEN(sign) : ARRAY_LEN(auth), from, to,
                key, by, &config, out, d);
}

enum err jpki_put_der(X509 *certificate, struct buf *out, struct diag *d) {
    int n = i2d_X509(certificate, NULL);
    unsigned char *at = n > 0 ? (unsigned char *)buf_room(out, (size_t)n) : NULL;
    if (at == NULL || i2d_X509(certificate, &at) != n) return crypto_failed(d, "certificate");
    out->n += (size_t)n;
    return ERR_OK;
}
