#include "service/link/packed.h"

enum err packed_put(struct arena *a, const struct person *p, const struct str names[PACKED_NAMES], struct packed *out) {
    const struct str texts[PACKED_TEXTS] = {p->name, p->kana,    p->other_name, p->other_kana, p->former_name,
                                            p->post, p->address, names[0],      names[1],      names[2]};
    size_t n = 0;
    *out = (struct packed){.sex = p->sex, .birth = p->birth};
    for (size_t i = 0; i < PACKED_TEXTS; i++) {
        n += texts[i].n;
        if (n > UINT16_MAX) return ERR_LIMIT;
        out->end[i] = (uint16_t)n;
    }
    char *to = arena_new(a, n);
    if (to == NULL) return ERR_MEMORY;
    out->texts = to;
    for (size_t i = 0; i < PACKED_TEXTS; i++) {
        if (texts[i].n) memcpy(to, texts[i].p, texts[i].n);
        to += texts[i].n;
    }
    return ERR_OK;
}

static struct str text(const struct packed *p, size_t i) {
    size_t from = i ? p->end[i - 1] : 0;
    return str_of(p->texts + from, p->end[i] - from);
}

struct person packed_person(const struct packed *p) {
    return (struct person){.name = text(p, 0),
                           .kana = text(p, 1),
                           .other_name = text(p, 2),
                           .other_kana = text(p, 3),
                           .former_name = text(p, 4),
                           .post = text(p, 5),
                           .address = text(p, 6),
                           .birth = p->birth,
                           .sex = p->sex};
}

struct str packed_first(const struct packed *p) {
    return text(p, 7);
}
struct str packed_second(const struct packed *p) {
    return text(p, 8);
}
struct str packed_third(const struct packed *p) {
    return text(p, 9);
}
