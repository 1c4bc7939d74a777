#include "rules/identity/account_judge.h"

static const struct account_alarm_info infos[ACCOUNT_ALARM_COUNT] = {
#define ACCOUNT_ALARM(name, code, ja, en, todo_ja, todo_en) {code, ja, en, todo_ja, todo_en},
#include "rules/identity/account_alarm.def"
#undef ACCOUNT_ALARM
};

const struct account_alarm_info *account_alarm_info(enum account_alarm a) {
    invariant(a < ACCOUNT_ALARM_COUNT);
    return &infos[a];
}

enum account_alarm account_judge(const struct account_evidence *e) {
    if (!e->resident_known) return ACCOUNT_ALARM_NO_RESIDENT;
    if (account_is_own(e->own)) return e->anothers ? ACCOUNT_ALARM_NAMESAKE : ACCOUNT_ALARM_NONE;
    if (e->own->level == LEVEL_UNKNOWN) return e->left_open ? ACCOUNT_ALARM_SESSION : ACCOUNT_ALARM_NO_NAME;
    if (e->family) return ACCOUNT_ALARM_FAMILY;
    if (e->left_open) return ACCOUNT_ALARM_SESSION;
    if (e->anothers) return ACCOUNT_ALARM_ANOTHERS;
    if (comparison_has(e->own, REASON_ACCOUNT_ORGANISATION)) return ACCOUNT_ALARM_ORGANISATION;
    if (e->own->level == LEVEL_DIFFERENT) return ACCOUNT_ALARM_STRANGER;
    return comparison_has(e->own, REASON_ACCOUNT_GIVEN) ? ACCOUNT_ALARM_FORMER_NAME : ACCOUNT_ALARM_FAMILY_NAME;
}
