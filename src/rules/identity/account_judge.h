/* account_judge: from what is known of one registration of a bank account, what speaks against it. */
#ifndef RULES_IDENTITY_ACCOUNT_JUDGE_H
#define RULES_IDENTITY_ACCOUNT_JUDGE_H

#include "rules/identity/comparison.h"

#define ACCOUNT_ALARM(name, code, ja, en, todo_ja, todo_en) ACCOUNT_ALARM_##name,
enum account_alarm {
#include "rules/identity/account_alarm.def"
    ACCOUNT_ALARM_COUNT,
    ACCOUNT_ALARM_NONE = ACCOUNT_ALARM_COUNT
};
#undef ACCOUNT_ALARM

struct account_alarm_info {
    const char *code, *ja, *en, *todo_ja, *todo_en;
};
const struct account_alarm_info *account_alarm_info(enum account_alarm a);

/* Gathered by service/accounts. */
struct account_evidence {
    bool resident_known;
    const struct comparison *own; /* the account's name against this person's names; NULL without a resident */
    bool family;                  /* it is the name of somebody in the same household */
    bool anothers;  /* somebody else, whose name it is, has registered the same account (not of the household) */
    bool left_open; /* the registration before this one at its terminal was another household's, of the same account */
};

enum account_alarm account_judge(const struct account_evidence *e);
/* Whether the name says that the account is the person's own. */
static inline bool account_is_own(const struct comparison *c) { return c->level <= LEVEL_NEAR; }

#endif
