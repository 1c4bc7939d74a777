/* statement: 被保険者資格申立書, what a patient who can show nothing states about themself, and what the claim for their treatment then needs.
 *
 * Source: 保発0710第1号 (2023-07-10) and the 事務連絡 after it, as the field reports them: the claim names the current number, else a past one, else
 * 不詳: 7 in as many digits as the field has, 77777777 for the insurer (77777779 where a receipt computer insists on the check digit: 事務連絡
 * of 2023-09-15), and in the remarks 不詳, name in kana, kind of insurance, names of insurer and employer, address, contact and its day. */
#ifndef CORE_STATEMENT_H
#define CORE_STATEMENT_H

#include "core/coverage.h"

enum { STATEMENT_TEXT_CHARACTERS = 200, STATEMENT_ID = 32 };

#define INSURANCE(name, number, ja, en) INSURANCE_##name = number,
enum insurance_kind {
    INSURANCE_NONE,
#include "core/insurance_kind.def"
};
#undef INSURANCE
/* "" for a number that is none. */
const char *insurance_kind_ja(unsigned k);
const char *insurance_kind_en(unsigned k);
bool insurance_kind_known(unsigned k);

/* Texts are borrowed. Needed are kana, birth, sex and that it is the person's own word; all else as far as they know it: nobody is turned
 * away for having no telephone. */
struct statement {
    struct str name, kana, post, address, phone, insurer_name, workplace;
    struct day birth, on;
    uint8_t sex, insurance;        /* OQSCD007; enum insurance_kind */
    uint8_t ratio;                 /* percent as stated: 0, 10, 20, 30, or RATIO_NONE */
    struct insurer_number insurer; /* a number they remember or that is known from before; n 0: none */
    struct insured_id id;          /* with it */
};

/* What a claim is made with while nothing better is known. */
#define STATEMENT_UNKNOWN_INSURER         "77777777"
#define STATEMENT_UNKNOWN_INSURER_CHECKED "77777779"
#define STATEMENT_UNKNOWN_NUMBER          "777777777"
/* The claim's remarks: "不詳　カナ氏名：…　保険種別：…". What was not stated is left out. */
void statement_put_remarks(struct buf *out, const struct statement *s);

#endif
