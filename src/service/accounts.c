#include "service/accounts.h"

#include <stdlib.h>

enum {
    GROUP_MAX = 1000
}; /* of those who share one account, the first: beyond that it is no person's, and every pair would be looked at */

void account_book_init(struct account_book *b, size_t text_limit) {
    *b = (struct account_book){0};
    arena_init(&b->texts, text_limit);
}

void account_book_fini(struct account_book *b) {
    free(b->people), free(b->registrations);
    arena_fini(&b->texts);
    *b = (struct account_book){0};
}

/* Room for one more element; the list is doubled. */
static enum err make_room(void **list, size_t *room, size_t count, size_t size, struct diag *d) {
    if (count < *room) return ERR_OK;
    if (count >= BOOK_MAX) return diag_set(d, ERR_LIMIT, "lines", "%d at most", BOOK_MAX);
    size_t more = *room ? *room * 2 : 1024;
    void *larger = realloc(*list, more * size);
    if (larger == NULL) return diag_set(d, ERR_MEMORY, "lines", NULL);
    *list = larger, *room = more;
    return ERR_OK;
}

static enum err keep(struct arena *a, struct str *s, struct diag *d) {
    *s = arena_copy(a, *s);
    return s->p ? ERR_OK : diag_set(d, ERR_MEMORY, "texts", NULL);
}

enum err account_book_person(struct account_book *b, const struct account_person *p, struct diag *d) {
    void *list = b->people;
    TRY(make_room(&list, &b->person_room, b->person_count, sizeof *p, d));
    b->people = list;
    struct account_person copy = *p;
    TRY(keep(&b->texts, &copy.id, d));
    TRY(keep(&b->texts, &copy.household, d));
    for (size_t i = 0; i < PERSON_NAMES; i++) TRY(keep(&b->texts, &copy.names[i], d));
    b->people[b->person_count++] = copy;
    return ERR_OK;
}

enum err account_book_registration(struct account_book *b, const struct account_registration *r, struct diag *d) {
    void *list = b->registrations;
    TRY(make_room(&list, &b->registration_room, b->registration_count, sizeof *r, d));
    b->registrations = list;
    struct account_registration copy = *r;
    TRY(keep(&b->texts, &copy.resident, d));
    TRY(keep(&b->texts, &copy.name, d));
    TRY(keep(&b->texts, &copy.terminal, d));
    b->registrations[b->registration_count++] = copy;
    return ERR_OK;
}

/* ---- orders ---- */

static int by_id(const void *a, const void *b) {
    return str_cmp(((const struct account_person *)a)->id, ((const struct account_person *)b)->id);
}
static int by_household(const void *a, const void *b) {
    const struct account_person *x = *(const struct account_person *const *)a,
                                *y = *(const struct account_person *const *)b;
    int order = str_cmp(x->household, y->household);
    return order ? order : str_cmp(x->id, y->id);
}
/* A registration with what is found out about it. */
struct look {
    const struct account_registration *r;
    const struct account_person *person, *of;
    enum level own; /* by the account's name */
    bool left_open;
    enum account_alarm alarm;
};
static int by_line(const struct look *x, const struct look *y) {
    return (x->r->line > y->r->line) - (x->r->line < y->r->line);
}
static int by_account(const void *a, const void *b) {
    const struct look *x = a, *y = b;
    int order = memcmp(&x->r->account, &y->r->account, sizeof x->r->account);
    return order ? order : by_line(x, y);
}
static int by_terminal(const void *a, const void *b) {
    const struct look *x = a, *y = b;
    int order = str_cmp(x->r->terminal, y->r->terminal);
    if (order == 0) order = (x->r->at_s > y->r->at_s) - (x->r->at_s < y->r->at_s);
    return order ? order : by_line(x, y);
}
static int by_rank(const void *a, const void *b) {
    const struct look *x = a, *y = b;
    int order = (int)x->alarm - (int)y->alarm;
    return order ? order : by_line(x, y);
}

/* ---- evidence ---- */

struct inspecting {
    struct account_book *book;
    const struct account_person **households; /* the people by household */
    struct look *looks;
    size_t count;
};

static const struct account_person *find_person(const struct account_book *b, struct str id) {
    const struct account_person key = {.id = id};
    return b->person_count ? bsearch(&key, b->people, b->person_count, sizeof key, by_id) : NULL;
}

static bool same_household(const struct account_person *a, const struct account_person *b) {
    return a && b && (a == b || (a->household.n && str_eq(a->household, b->household)));
}

/* Asked again where the reasons matter: kept for every registration they would take most of the memory. */
static enum err compare_own(const struct look *l, struct comparison *out, struct diag *d) {
    *out = comparison_of(FACT_ACCOUNT), out->level = LEVEL_UNKNOWN;
    if (l->person == NULL) return ERR_OK;
    enum err e = account_names_compare(l->r->name, l->person->names, PERSON_NAMES, out, d);
    if (e != ERR_OK && d) d->line = l->r->line;
    return e;
}

static bool is_own(const struct look *l) { return l->own <= LEVEL_NEAR; }

/* The first of the household, in the list that is in that order. */
static size_t household_start(const struct inspecting *x, struct str household) {
    size_t low = 0, high = x->book->person_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (str_cmp(x->households[mid]->household, household) < 0) low = mid + 1;
        else high = mid;
    }
    return low;
}

/* Somebody else of the household whose name it is. */
static enum err find_family(const struct inspecting *x, struct look *l, struct diag *d) {
    if (l->person == NULL || l->person->household.n == 0) return ERR_OK;
    for (size_t i = household_start(x, l->person->household);
         l->of == NULL && i < x->book->person_count && same_household(x->households[i], l->person); i++) {
        struct comparison c;
        TRY(account_names_compare(l->r->name, x->households[i]->names, PERSON_NAMES, &c, d));
        if (account_is_own(&c)) l->of = x->households[i];
    }
    return ERR_OK;
}

/* The terminal's registration just before was another household's, with the same account. Looks stand in order of terminal and time. */
static void see_sessions(struct inspecting *x) {
    for (size_t i = 1; i < x->count; i++) {
        struct look *l = &x->looks[i];
        const struct look *before = &x->looks[i - 1];
        if (l->r->terminal.n == 0 || !str_eq(l->r->terminal, before->r->terminal)) continue;
        if (l->r->at_s == NO_TIME || before->r->at_s == NO_TIME || l->r->at_s - before->r->at_s > SESSION_S) continue;
        if (str_eq(l->r->resident, before->r->resident) || same_household(l->person, before->person)) continue;
        l->left_open = account_number_eq(&l->r->account, &before->r->account);
        if (l->left_open && !is_own(l)) l->of = before->person;
    }
}

/* Somebody else, not of the household, whose name it is and who has registered the account too. The group has one account. */
static const struct account_person *find_another(const struct look *group, size_t n, const struct look *l) {
    for (size_t i = 0; i < n && i < GROUP_MAX; i++) {
        const struct look *other = &group[i];
        if (other->person && !str_eq(other->r->resident, l->r->resident) && is_own(other) &&
            !same_household(other->person, l->person))
            return other->person;
    }
    return NULL;
}

static enum err judge(struct inspecting *x, struct look *l, const struct look *group, size_t n, struct diag *d) {
    const struct account_person *another = find_another(group, n, l), *before = l->of;
    struct comparison own;
    l->of = NULL;
    TRY(compare_own(l, &own, d));
    if (!is_own(l)) TRY(find_family(x, l, d));
    const struct account_evidence e = {.resident_known = l->person != NULL,
                                       .own = &own,
                                       .family = l->of != NULL,
                                       .anothers = another != NULL,
                                       .left_open = l->left_open};
    l->alarm = account_judge(&e);
    if (l->of == NULL) l->of = l->left_open ? before : another;
    return ERR_OK;
}

static enum err judge_all(struct inspecting *x, struct diag *d) {
    for (size_t i = 0, end; i < x->count; i = end) {
        for (end = i + 1; end < x->count; end++)
            if (!account_number_eq(&x->looks[i].r->account, &x->looks[end].r->account)) break;
        for (size_t k = i; k < end; k++) TRY(judge(x, &x->looks[k], x->looks + i, end - i, d));
    }
    return ERR_OK;
}

static enum err gather(struct inspecting *x, struct diag *d) {
    struct account_book *b = x->book;
    qsort(b->people, b->person_count, sizeof b->people[0], by_id);
    for (size_t i = 1; i < b->person_count; i++)
        if (str_eq(b->people[i - 1].id, b->people[i].id)) return diag_set(d, ERR_DUPLICATE, "residents: id", NULL);
    for (size_t i = 0; i < b->person_count; i++) x->households[i] = &b->people[i];
    qsort(x->households, b->person_count, sizeof x->households[0], by_household);
    for (size_t i = 0; i < x->count; i++) {
        struct look *l = &x->looks[i];
        *l = (struct look){.r = &b->registrations[i], .person = find_person(b, b->registrations[i].resident)};
        struct comparison own;
        TRY(compare_own(l, &own, d));
        l->own = own.level;
    }
    qsort(x->looks, x->count, sizeof x->looks[0], by_terminal);
    see_sessions(x);
    qsort(x->looks, x->count, sizeof x->looks[0], by_account);
    TRY(judge_all(x, d));
    qsort(x->looks, x->count, sizeof x->looks[0], by_rank);
    return ERR_OK;
}

enum err account_book_inspect(struct account_book *b,
                              enum err (*found)(void *context, const struct account_finding *f, struct diag *d),
                              void *context, struct account_result *out, struct diag *d) {
    struct inspecting x = {.book = b, .count = b->registration_count};
    *out = (struct account_result){.registrations = b->registration_count, .residents = b->person_count};
    x.households = calloc(b->person_count + 1, sizeof *x.households);
    x.looks = calloc(x.count + 1, sizeof *x.looks);
    enum err e = x.households && x.looks ? gather(&x, d) : diag_set(d, ERR_MEMORY, "accounts", NULL);
    for (size_t i = 0; e == ERR_OK && i < x.count && x.looks[i].alarm != ACCOUNT_ALARM_NONE; i++) {
        const struct look *l = &x.looks[i];
        struct account_finding f = {.alarm = l->alarm, .registration = l->r, .of = l->of};
        out->of[l->alarm]++;
        e = compare_own(l, &f.own, d);
        if (e == ERR_OK) e = found(context, &f, d);
    }
    free(x.households), free(x.looks);
    return e;
}
