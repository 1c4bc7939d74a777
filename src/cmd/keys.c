#include "cmd/cmd.h"
#include "state/trust/card_trust.h"
#include "state/trust/insurer_key.h"
#include "state/trust/jpki.h"
#include "state/trust/reviewer.h"
#include "state/trust/trust.h"

#include <sodium.h>
#include <stdio.h>
#include <time.h>

static const char *day(int64_t unix_s, char text[16]) {
    time_t t = (time_t)unix_s + 9 * 3600; /* Japan's days */
    struct tm parts;
    if (gmtime_r(&t, &parts) == NULL || strftime(text, 16, "%Y-%m-%d", &parts) == 0) text[0] = 0;
    return text;
}

static int bad_usage(const char *why_ja, const char *why_en) {
    fprintf(stderr, "mado keys: %s / %s\n  → mado help keys\n", why_ja, why_en);
    return EXIT_USAGE;
}

static int init(const struct cmd_args *args, const char *folder) {
    struct trust_host hosts[TRUST_HOSTS_MAX];
    struct trust_made made;
    struct diag d;
    size_t count = 0;
    char until[16];
    struct str names = str_c(cmd_value(args, "host"));
    for (; !str_empty(names) && count < TRUST_HOSTS_MAX; count++) hosts[count].name = str_cut(&names, ',');
    if (!str_empty(names)) return bad_usage("--host の名前が多すぎます", "too many names in --host");
    if (trust_init(world_real(), folder, hosts, count, &made, &d) != ERR_OK) return cmd_fail(&d);
    printf(
        made.authority
            ? "認証局を作りました: %s/authority (鍵は外に出さないでください; %s まで)\n"
              "Made the authority: %s/authority (keep its key there; until %s)\n"
            : "認証局はもうあります: %s/authority (%s まで)\nThe authority is there already: %s/authority (until %s)\n",
        folder, day(made.not_after_s, until), folder, until);
    printf(made.server ? "サーバーの鍵を作りました: %s/server\nMade the server's key: %s/server\n"
                       : "サーバーの鍵はもうあります: %s/server\nThe server's key is there already: %s/server\n",
           folder, folder);
    if (made.attestation)
        printf("回答に署名する鍵を作りました: %s/attestation\nMade the key that signs answers: %s/attestation\n",
               folder, folder);
    return 0;
}

static int institution(const struct cmd_args *args, const char *folder, struct institution_code code,
                       const char *text) {
    struct trust_made made;
    struct diag d;
    uint64_t days;
    char until[16];
    if (!cmd_number(args, "days", TRUST_DAYS_MAX, TRUST_INSTITUTION_DAYS, &days)) return EXIT_USAGE;
    if (trust_institution(world_real(), folder, code, (unsigned)days, &made, &d) != ERR_OK) return cmd_fail(&d);
    day(made.not_after_s, until);
    printf(made.institution ? "医療機関 %s の鍵と証明書を作りました (%s まで): %s/institutions/%s\n"
                            : "医療機関 %s の鍵はもうあります (%s まで): %s/institutions/%s\n",
           text, until, folder, text);
    printf(made.institution ? "Made key and certificate of institution %s (until %s): %s/institutions/%s\n"
                            : "Institution %s has its key already (until %s): %s/institutions/%s\n",
           text, until, folder, text);
    return 0;
}

static int revoke(const char *folder, struct institution_code code, const char *text) {
    struct trust_made made;
    struct diag d;
    if (trust_revoke(world_real(), folder, code, &made, &d) != ERR_OK) return cmd_fail(&d);
    printf("医療機関 %s の証明書を失効させました。次の問い合わせから断られます。古い鍵: %s\n", text, made.moved_to);
    printf("Revoked the certificate of institution %s; it is refused from the next question on. The old key: %s\n",
           text, made.moved_to);
    return 0;
}

static int card(const struct cmd_args *args, const char *folder, const char *id) {
    struct jpki_holder h = jpki_nobody();
    struct jpki_made made;
    struct diag d;
    const char *name = cmd_value(args, "name"), *address = cmd_value(args, "address"), *sex = cmd_value(args, "sex");
    const char *birth = cmd_value(args, "birth");
    if (name) h.name = str_c(name);
    if (address) h.address = str_c(address);
    if (sex && strlen(sex) != 1) return bad_usage("--sex は 1、2、9 のどれかです", "--sex is 1, 2 or 9");
    if (sex) h.sex = sex[0];
    if (birth && !day_parse(str_c(birth), &h.birth))
        return bad_usage("--birth の日付が正しくありません", "--birth is not a day of the calendar");
    if (jpki_make(world_real(), folder, str_c(id), &h, &made, &d) != ERR_OK) return cmd_fail(&d);
    printf(made.card ? "試験用カードの鍵と証明書を作りました: %s/jpki/people/%s\n"
                     : "試験用カードの鍵はもうあります: %s/jpki/people/%s\n",
           folder, id);
    printf(made.card ? "Made keys and certificates of a test card: %s/jpki/people/%s\n"
                     : "The test card has its keys already: %s/jpki/people/%s\n",
           folder, id);
    return 0;
}

static int insurer(const struct cmd_args *args, const char *folder) {
    for (size_t i = 2; i < args->rest_count; i++) {
        struct insurer_number number;
        struct diag d = {0};
        bool made;
        const char *text = args->rest[i];
        enum err e = insurer_number_parse(str_c(text), &number);
        if (e != ERR_OK) e = diag_set(&d, e, text, "保険者番号は 8 桁か 6 桁 / an insurer number has 8 or 6 digits");
        if (e == ERR_OK) e = insurer_key_make(world_real(), folder, number, &made, &d);
        if (e != ERR_OK) return cmd_fail(&d);
        printf(
            made
                ? "保険者 %s の署名の鍵を作りました: %s/insurers/%s\nMade the signing key of insurer %s: %s/insurers/%s\n"
                : "保険者 %s の署名の鍵はもうあります: %s/insurers/%s\n"
                  "Insurer %s has its signing key already: %s/insurers/%s\n",
            text, folder, text, text, folder, text);
    }
    return 0;
}

static int reviewer(const char *folder, const char *name) {
    char passphrase[PASSPHRASE_CHARACTERS + 1];
    struct diag d = {0};
    bool made = false;
    if (sodium_init() < 0) return cmd_fail(&(struct diag){.err = ERR_CRYPTO});
    if (reviewer_make(world_real(), folder, str_c(name), passphrase, &made, &d) != ERR_OK) return cmd_fail(&d);
    if (!made) {
        printf("審査する人 %s はもういます。作り直すには %s/reviewers/%s を消してください。\n", name, folder, name);
        printf("Reviewer %s is there already; to make a new passphrase, remove %s/reviewers/%s.\n", name, folder, name);
        return 0;
    }
    printf("審査する人 %s の合い言葉（今だけ表示します） / The passphrase of reviewer %s (shown this once):\n%s\n",
           name, name, passphrase);
    sodium_memzero(passphrase, sizeof passphrase);
    return 0;
}

static int trust(const struct cmd_args *args, const char *folder) {
    for (size_t i = 2; i < args->rest_count; i++) {
        struct diag d = {0};
        enum card_trust_kind kind;
        const char *file = args->rest[i];
        if (card_trust_add(world_real(), folder, file, &kind, &d) != ERR_OK) return cmd_fail(&d);
        printf(kind == CARD_TRUST_AUTHORITY ? "カードの認証局を信じます: %s\nCards of this authority are believed: %s\n"
                                            : "失効リストを置きました: %s\nThe list of revoked cards is in place: %s\n",
               file, file);
    }
    return 0;
}

int cmd_keys(const struct cmd_args *args) {
    const char *verb = args->rest_count ? args->rest[0] : "", *folder = args->rest_count > 1 ? args->rest[1] : NULL;
    struct institution_code code;
    if (str_eq(str_c(verb), S("init")) && args->rest_count == 2) return init(args, folder);
    if (str_eq(str_c(verb), S("card")) && args->rest_count == 3) return card(args, folder, args->rest[2]);
    if (str_eq(str_c(verb), S("reviewer")) && args->rest_count == 3) return reviewer(folder, args->rest[2]);
    if (str_eq(str_c(verb), S("insurer")) && args->rest_count > 2) return insurer(args, folder);
    if (str_eq(str_c(verb), S("trust")) && args->rest_count > 2) return trust(args, folder);
    bool issues = str_eq(str_c(verb), S("institution")), revokes = str_eq(str_c(verb), S("revoke"));
    if ((!issues && !revokes) || args->rest_count != 3)
        return bad_usage(
            "init DIR、institution DIR CODE、insurer DIR NUMBER、reviewer DIR NAME、revoke DIR CODE、card DIR ID、trust DIR FILE のどれかです",
            "one of init, institution, insurer, reviewer, revoke, card, trust");
    const char *text = args->rest[2];
    if (institution_code_parse(str_c(text), &code) != ERR_OK) {
        struct diag d;
        (void)!diag_set(&d, ERR_VALUE, "institution code", "ten digits: prefecture, fee table 1 3 4 5 6, and so on");
        return cmd_fail(&d);
    }
    if (issues && !institution_code_check_digit(code))
        fprintf(stderr,
                "注意: 医療機関コード %s は検証番号が合いません（試験用なら構いません）\n"
                "Note: the check digit of institution code %s is wrong (fine for a test environment)\n",
                text, text);
    return issues ? institution(args, folder, code, text) : revoke(folder, code, text);
}
