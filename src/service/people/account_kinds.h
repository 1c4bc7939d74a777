/* account_kinds: what a made-up registration of a bank account can be like (account_kinds.def). */
#ifndef SERVICE_PEOPLE_ACCOUNT_KINDS_H
#define SERVICE_PEOPLE_ACCOUNT_KINDS_H

enum account_kind {
#define ACCOUNT_KIND(name, per_million, wrong, of, ja, en, source) ACCOUNT_KIND_##name,
#include "service/people/account_kinds.def"
#undef ACCOUNT_KIND
    ACCOUNT_KINDS
};

const char *account_kind_name(enum account_kind k);

#endif
