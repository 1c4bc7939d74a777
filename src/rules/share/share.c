#include "rules/share/share.h"

#include "core/age.h"

enum { SCHOOL_AGE = 6, EARLY_ELDERLY_AGE = 70, LATE_STAGE_AGE = 75, DENIED = 100 };

static const unsigned char percents[LOWER_SHARES] = {[LOWER_0] = 0, [LOWER_10] = 10, [LOWER_20] = 20, [LOWER_30] = 30};

enum lower_share lower_share_of(unsigned percent) {
    for (int s = LOWER_0; s < (int)LOWER_SHARES; s++)
        if (percents[s] == percent) return (enum lower_share)s;
    return LOWER_UNKNOWN;
}

/* The lowest share there is at that age, of those who are insured (健康保険法74条, 高齢者の医療の確保に関する法律67条). */
static enum lower_share lowest_at(struct day birth, struct day on) {
    if (!day_is(birth) || !day_is(on)) return LOWER_30;
    if (age_reached(birth, LATE_STAGE_AGE, on)) return LOWER_10;
    if (age_reached(birth, EARLY_ELDERLY_AGE, on)) return LOWER_20;
    return age_within_school_year(birth, SCHOOL_AGE, on) ? LOWER_20 : LOWER_30;
}

static struct share lower(enum lower_share s, enum share_why why) { return (struct share){percents[s], why}; }

struct share share_decide(const struct share_facts *f) {
    if (f->denial) return (struct share){DENIED, SHARE_DENIED};
    if (f->told != LOWER_UNKNOWN) return lower(f->told, SHARE_TOLD);
    if (f->stated != LOWER_UNKNOWN) return lower(f->stated, SHARE_STATED);
    return lower(lowest_at(f->birth, f->on), SHARE_BY_AGE);
}

unsigned share_percent(struct share s) { return s.made_by_share_decide; }

const char *share_why_ja(enum share_why w) {
    static const char *const texts[SHARE_WHYS] = {[SHARE_TOLD] = "保険者の回答による負担割合",
                                                  [SHARE_STATED] = "本人の申立てによる負担割合",
                                                  [SHARE_BY_AGE] = "年齢から最も低い負担割合",
                                                  [SHARE_DENIED] = "保険者の署名のある回答により資格がありません"};
    return (unsigned)w < SHARE_WHYS ? texts[w] : "";
}

const char *share_why_en(enum share_why w) {
    static const char *const texts[SHARE_WHYS] = {[SHARE_TOLD] = "as the insurer told",
                                                  [SHARE_STATED] = "as the person states",
                                                  [SHARE_BY_AGE] = "the lowest at that age",
                                                  [SHARE_DENIED] = "denied by the insurer, signed"};
    return (unsigned)w < SHARE_WHYS ? texts[w] : "";
}
