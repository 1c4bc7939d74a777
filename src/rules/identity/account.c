#include "rules/identity/account.h"

#include "rules/identity/reading.h"
#include "rules/identity/zengin.h"

static const struct str nothing = {0};

static const char *const organisations[] = {
#define ACCOUNT_WORD(word, ja, en) word,
#include "rules/identity/account_word.def"
#undef ACCOUNT_WORD
};

enum { WORDS_MAX = 12, ROOM = TEXT_MAX * 3 };

/* A name in the bank's writing, as text and as bytes, and its words, which spaces and dots part. */
struct written {
    struct str original;
    struct text text;
    char room[ROOM];
    struct str bytes, words[WORDS_MAX];
    size_t word_count;
};

static enum err write_name(struct str s, struct written *w, const char *where, struct diag *d) {
    struct text t;
    TRY(text_read(s, &t, where, d));
    w->original = s, w->word_count = 0;
    (void)zengin_write(&t, &w->text);
    struct buf b = buf_over(w->room, sizeof w->room);
    zengin_put(&b, &w->text);
    w->bytes = buf_str(&b);
    size_t from = 0;
    for (size_t i = 0; i <= w->bytes.n; i++) {
        if (i < w->bytes.n && w->bytes.p[i] != ' ' && w->bytes.p[i] != '.') continue;
        if (i > from && w->word_count < WORDS_MAX) w->words[w->word_count++] = str_of(w->bytes.p + from, i - from);
        from = i + 1;
    }
    return ERR_OK;
}

static bool is_organisation(const struct written *w) {
    char room[32];
    for (size_t i = 0; i < ARRAY_LEN(organisations); i++) {
        struct buf head = buf_over(room, sizeof room);
        buf_putc(&head, '('), buf_puts(&head, organisations[i]), buf_putc(&head, ')');
        struct str both = buf_str(&head), closed = str_skip(both, 1), opened = str_head(both, both.n - 1);
        if (str_starts(w->bytes, closed) || str_ends(w->bytes, opened) || str_find(w->bytes, both) < w->bytes.n)
            return true;
    }
    return false;
}

static bool words_hold(const struct written *more, const struct written *fewer) {
    uint32_t taken = 0;
    for (size_t i = 0; i < fewer->word_count; i++) {
        size_t k = 0;
        while (k < more->word_count && ((taken >> k & 1) || !str_eq(more->words[k], fewer->words[i]))) k++;
        if (k == more->word_count) return false;
        taken |= 1u << k;
    }
    return true;
}

/* Two words at least: a family name alone is a part, not a person. */
static enum level compare_words(const struct written *a, const struct written *n, enum reason *r) {
    const struct written *more = a->word_count >= n->word_count ? a : n, *fewer = more == a ? n : a;
    if (fewer->word_count < 2 || !words_hold(more, fewer)) return LEVEL_DIFFERENT;
    bool all = more->word_count == fewer->word_count, in_order = true;
    for (size_t i = 0; all && i < more->word_count; i++) in_order = in_order && str_eq(more->words[i], fewer->words[i]);
    *r = !all ? REASON_ACCOUNT_NAMES_LEFT_OUT : in_order ? REASON_SPACING : REASON_ORDER;
    return all && in_order ? LEVEL_VARIANT : LEVEL_NEAR;
}

/* The account is held without a space: only as the head or the end of it can a part be seen. */
static enum level compare_unspaced(const struct written *a, const struct written *n, enum reason *r) {
    if (a->word_count != 1 || n->word_count != 2) return LEVEL_DIFFERENT;
    bool family = str_starts(a->bytes, n->words[0]), given = str_ends(a->bytes, n->words[1]);
    if (family && given && a->bytes.n == n->words[0].n + n->words[1].n) return *r = REASON_SPACING, LEVEL_VARIANT;
    if (!family && !given) return LEVEL_DIFFERENT;
    return *r = family ? REASON_ACCOUNT_FAMILY : REASON_ACCOUNT_GIVEN, LEVEL_PART;
}

static enum reason as_account(enum reason r) {
    if (r == REASON_FAMILY_SAME) return REASON_ACCOUNT_FAMILY;
    return r == REASON_GIVEN_SAME ? REASON_ACCOUNT_GIVEN : r;
}

/* The writings are compared as kana; their findings would end with them, so only what they say is taken over. */
static enum err compare_kana(const struct written *a, const struct written *n, struct comparison *out, struct diag *d) {
    struct comparison c;
    TRY(kana_compare(a->bytes, n->bytes, &c, d));
    out->level = c.level;
    for (size_t i = 0; i < c.finding_count; i++) {
        enum reason r = c.findings[i].reason;
        if (r != REASON_GIVEN_DIFFERS && r != REASON_FAMILY_DIFFERS && r != REASON_OTHER_KANA)
            comparison_find(out, as_account(r), a->original, n->original);
    }
    return ERR_OK;
}

static bool some_kanji(struct str s) {
    struct text t;
    struct diag d;
    if (text_read(s, &t, "", &d) != ERR_OK) return false;
    for (size_t i = 0; i < t.n; i++)
        if (is_kanji(t.c[i])) return true;
    return false;
}

static struct str family_of(struct str s) {
    size_t narrow = str_find(s, S(" ")), wide = str_find(s, S("　"));
    return str_head(s, narrow < wide ? narrow : wide);
}

static enum err reads(struct str kanji, struct str kana, bool *out, struct diag *d) {
    struct reading r;
    TRY(reading_judge(kanji, kana, &r, d));
    *out = r.score >= READING_ACCEPTED;
    return ERR_OK;
}

/* A name in kanji alone, which is all that there was to compare when the wrong accounts were registered. Only where no kana is known: readings of given names are so many that
 * a family member's often passes. */
static enum err compare_kanji(struct str account, struct str name, struct comparison *out, struct diag *d) {
    bool whole = false, family = false;
    *out = comparison_of(FACT_ACCOUNT);
    TRY(reads(name, account, &whole, d));
    struct str a = family_of(account), n = family_of(name);
    if (!whole && a.n < account.n && n.n < name.n) TRY(reads(n, a, &family, d));
    out->level = whole ? LEVEL_NEAR : family ? LEVEL_PART : LEVEL_DIFFERENT;
    enum reason r = whole ? REASON_READING : family ? REASON_ACCOUNT_FAMILY : REASON_NO_READING;
    return comparison_find(out, r, account, name), ERR_OK;
}

/* The account's family name: before the space, or before a given name of the person's. */
static enum err account_family(const struct written *a, const struct str *names, size_t count, struct str *out,
                               struct diag *d) {
    struct written n;
    *out = a->word_count > 1 ? a->words[0] : nothing;
    for (size_t i = 0; i < count && out->n == 0; i++) {
        TRY(write_name(names[i], &n, "B", d));
        if (n.word_count == 2 && str_ends(a->bytes, n.words[1])) *out = str_head(a->bytes, a->bytes.n - n.words[1].n);
    }
    return ERR_OK;
}

/* The given name agrees in kana: whether the account's family name is a reading of one known in kanji alone, as former names are. */
static enum err compare_former(const struct written *a, const struct str *names, size_t count, struct comparison *out,
                               struct diag *d) {
    struct str family;
    TRY(account_family(a, names, count, &family, d));
    for (size_t i = 0; i < count && family.n; i++) {
        bool fits = false;
        if (!some_kanji(names[i])) continue;
        TRY(reads(family_of(names[i]), family, &fits, d));
        if (!fits) continue;
        *out = comparison_of(FACT_ACCOUNT), out->level = LEVEL_NEAR;
        return comparison_find(out, REASON_READING, a->original, names[i]), ERR_OK;
    }
    return ERR_OK;
}

static bool better(enum level l, enum level than) { return l < than; }

static enum err compare_one(const struct written *a, struct str name, struct comparison *out, struct diag *d) {
    struct written n;
    *out = comparison_of(FACT_ACCOUNT);
    TRY(write_name(name, &n, "B", d));
    enum reason r = str_eq(a->original, name) ? REASON_ALL : REASON_ACCOUNT_FORM;
    if (str_eq(a->bytes, n.bytes)) return out->level = LEVEL_SAME, comparison_find(out, r, a->original, name), ERR_OK;
    if (zengin_full(a->text.n) && str_starts(n.bytes, a->bytes)) {
        out->level = LEVEL_VARIANT;
        return comparison_find(out, REASON_ACCOUNT_CUT, a->original, name), ERR_OK;
    }
    enum level words = compare_words(a, &n, &r);
    if (!better(words, LEVEL_PART)) words = compare_unspaced(a, &n, &r);
    TRY(compare_kana(a, &n, out, d));
    /* Unspaced, one kana apart in the given name looks like one slip in the whole: it tells twins apart here too. */
    bool maybe_twin = words == LEVEL_PART && comparison_has(out, REASON_ONE_KANA);
    if (better(words, out->level) || maybe_twin) {
        *out = comparison_of(FACT_ACCOUNT), out->level = words;
        comparison_find(out, r, a->original, name);
    }
    if (out->level == LEVEL_DIFFERENT) comparison_find(out, REASON_ACCOUNT_STRANGER, a->original, name);
    return ERR_OK;
}

/* Those of one script, kanji or not; *any: there was one. */
static enum err compare_all(const struct written *a, const struct str *names, size_t count, bool kanji, bool *any,
                            struct comparison *out, struct diag *d) {
    for (size_t i = 0; i < count; i++) {
        struct comparison c;
        if (str_trim(names[i]).n == 0 || some_kanji(names[i]) != kanji) continue;
        if (kanji) TRY(compare_kanji(a->original, names[i], &c, d));
        else TRY(compare_one(a, names[i], &c, d));
        if (!*any || better(c.level, out->level)) *out = c;
        *any = true;
    }
    return ERR_OK;
}

enum err account_names_compare(struct str account, const struct str *names, size_t count, struct comparison *out,
                               struct diag *d) {
    struct written a;
    bool any = false;
    *out = comparison_of(FACT_ACCOUNT), out->level = LEVEL_UNKNOWN;
    TRY(write_name(account, &a, "A", d));
    if (a.bytes.n == 0) return comparison_find(out, REASON_EMPTY, account, nothing), ERR_OK;
    TRY(compare_all(&a, names, count, false, &any, out, d));
    if (!any) TRY(compare_all(&a, names, count, true, &any, out, d));
    else if (comparison_has(out, REASON_ACCOUNT_GIVEN)) TRY(compare_former(&a, names, count, out, d));
    if (!any) return comparison_find(out, REASON_EMPTY, account, nothing), ERR_OK;
    if (!is_organisation(&a)) return ERR_OK;
    *out = comparison_of(FACT_ACCOUNT);
    return comparison_find(out, REASON_ACCOUNT_ORGANISATION, account, nothing), ERR_OK;
}

/* The names of the second side with ; between. */
enum err account_compare(struct str a, struct str b, struct comparison *out, struct diag *d) {
    struct str names[ACCOUNT_NAMES_MAX], rest = b;
    size_t n = 0;
    while (rest.n) {
        if (n == ACCOUNT_NAMES_MAX) return diag_set(d, ERR_LIMIT, "B", "%d 個まで / names at most", ACCOUNT_NAMES_MAX);
        names[n++] = str_cut(&rest, ';');
    }
    return account_names_compare(a, names, n, out, d);
}
