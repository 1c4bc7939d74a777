#include "edge/fhir/shape.h"

#include "edge/fhir/primitive.h"
#include "edge/fhir/systems.h"

#include <stdio.h>

/* ---- the tables ---- */

enum base { ELEMENT, RESOURCE, DOMAIN };
enum many { ONE, LIST };
enum need { NEED_MAY, NEED_MUST, NEED_NOT };

struct element {
    struct str name; /* empty: the end of a list */
    const char *of;  /* its type; with NEED_NOT: why */
    enum need need;
    enum many many;
    const char *allowed;
};

#define TYPE(type, base)              static const struct element elements_##type[] = {
#define MUST(name, of, many, allowed) {{#name, sizeof(#name) - 1}, #of, NEED_MUST, many, allowed},
#define MAY(name, of, many, allowed)  {{#name, sizeof(#name) - 1}, #of, NEED_MAY, many, allowed},
#define NOT(name, why)                {{#name, sizeof(#name) - 1}, why, NEED_NOT, ONE, ""},
#define END(type)                                                                                                      \
    { {"", 0}, NULL, NEED_MAY, ONE, "" }                                                                               \
    }                                                                                                                  \
    ;
#include "edge/fhir/elements.def"
#undef TYPE
#undef MUST
#undef MAY
#undef NOT
#undef END

struct type {
    struct str name;
    enum base base;
    const struct element *elements;
};

#define TYPE(type, base) {{#type, sizeof(#type) - 1}, base, elements_##type},
#define MUST(name, of, many, allowed)
#define MAY(name, of, many, allowed)
#define NOT(name, why)
#define END(type)
static const struct type types[] = {
#include "edge/fhir/elements.def"
};
#undef TYPE
#undef MUST
#undef MAY
#undef NOT
#undef END

/* What every element, resource and domain resource has besides. */
static const struct element of_element[] = {{{"id", 2}, "string", NEED_MAY, ONE, ""},
                                            {{"extension", 9}, "Extension", NEED_MAY, LIST, ""},
                                            {{"", 0}, NULL, NEED_MAY, ONE, ""}};
static const struct element of_resource[] = {
    {{"resourceType", 12}, "code", NEED_MAY, ONE, ""},
    {{"id", 2}, "id", NEED_MAY, ONE, ""},
    {{"meta", 4}, "Meta", NEED_MAY, ONE, ""},
    {{"language", 8}, "code", NEED_MAY, ONE, ""},
    {{"implicitRules", 13}, "rules that change the meaning are not followed", NEED_NOT, ONE, ""},
    {{"", 0}, NULL, NEED_MAY, ONE, ""}};
static const struct element of_domain[] = {{{"text", 4}, "Narrative", NEED_MAY, ONE, ""},
                                           {{"extension", 9}, "Extension", NEED_MAY, LIST, ""},
                                           {{"", 0}, NULL, NEED_MAY, ONE, ""}};

struct extension {
    struct str url;
    const char *on, *of, *ways;
};
#define EXTENSION(url, on, of, ways, ja, en) {{url, sizeof(url) - 1}, #on, #of, ways},
static const struct extension extensions[] = {
#include "edge/fhir/extensions.def"
};
#undef EXTENSION

static const struct type *type_find(struct str name) {
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (str_eq(types[i].name, name)) return &types[i];
    return NULL;
}

static const struct element *element_in(const struct element *list, struct str name) {
    for (; list->name.n; list++)
        if (str_eq(list->name, name)) return list;
    return NULL;
}

static const struct element *element_find(const struct type *t, struct str name) {
    const struct element *e = element_in(t->elements, name);
    if (e == NULL) e = element_in(t->base == ELEMENT ? of_element : of_resource, name);
    if (e == NULL && t->base == DOMAIN) e = element_in(of_domain, name);
    return e;
}

/* ---- the walk, without recursion: one frame for each object and list that is open ---- */

struct frame {
    struct json next;              /* the member or item to look at next */
    const struct type *type;       /* of the object, or of the object that has this list */
    const struct element *element; /* of a list; NULL for an object */
    unsigned index;                /* in a list */
    size_t path;                   /* length of the path that names this frame */
};

struct walk {
    struct frame frames[JSON_DEPTH_MAX + 2];
    unsigned depth;
    char path[SHAPE_PATH_MAX];
    struct diag *d;
};

/* The path from `at` on becomes s, cut where there is no room; returns where it ends. */
static size_t path_put(struct walk *w, size_t at, struct str s) {
    size_t room = sizeof w->path - 1 - at, n = s.n < room ? s.n : room;
    memcpy(w->path + at, s.p, n);
    w->path[at + n] = 0;
    return at + n;
}

static size_t path_member(struct walk *w, size_t at, struct str name) {
    return path_put(w, path_put(w, at, S(".")), name);
}

static size_t path_item(struct walk *w, size_t at, unsigned index) {
    char text[16];
    int n = snprintf(text, sizeof text, "[%u]", index);
    return path_put(w, at, str_of(text, (size_t)n));
}

static void push(struct walk *w, struct json of, const struct type *t, const struct element *list, size_t path) {
    invariant(w->depth < ARRAY_LEN(w->frames)); /* json_read() has bounded the depth */
    w->frames[w->depth++] = (struct frame){json_first(of), t, list, 0, path};
}

/* A stranger's name goes into a path only when it looks like one: nothing else may find its way into a log. */
static bool name_like(struct str name) {
    enum { NAME_BYTES_MAX = 40 };
    if (name.n == 0 || name.n > NAME_BYTES_MAX) return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')) return false;
    }
    return true;
}

static enum err unknown(struct walk *w, const struct type *t, struct str name, size_t at) {
    if (name_like(name)) (void)path_member(w, at, name);
    if (str_eq(name, S("modifierExtension")))
        return diag_set(w->d, ERR_EXTENSION, w->path, "a modifierExtension changes the meaning and is not followed");
    return diag_set(w->d, ERR_UNKNOWN, w->path, "no element of %s that is taken here has this name", t->name.p);
}

/* Opens an object: whatever has to be there is there. */
static enum err open_object(struct walk *w, struct json v, const struct type *t, size_t at) {
    if (json_kind(v) != JSON_OBJECT) return diag_set(w->d, ERR_VALUE, w->path, "has to be an object");
    if (json_none(json_first(v))) return diag_set(w->d, ERR_VALUE, w->path, "an object may not be empty");
    for (const struct element *e = t->elements; e->name.n; e++) {
        if (e->need != NEED_MUST || !json_none(json_get(v, e->name.p))) continue;
        (void)path_member(w, at, e->name);
        return diag_set(w->d, ERR_MISSING, w->path, NULL);
    }
    push(w, v, t, NULL, at);
    return ERR_OK;
}

/* `among`: the names of what may stand here, with spaces between and around. */
static enum err open_resource(struct walk *w, struct json v, const char *among, size_t at) {
    struct str name;
    char spaced[48] = "";
    if (!json_str(json_get(v, "resourceType"), &name))
        return diag_set(w->d, ERR_MISSING, w->path, "resourceType has to say what it is");
    if (name_like(name)) snprintf(spaced, sizeof spaced, " %.*s ", (int)name.n, name.p);
    const struct type *t = type_find(name);
    if (t == NULL || strstr(among, spaced) == NULL)
        return diag_set(w->d, ERR_NOT_SUPPORTED, w->path, "here only these resources are taken:%s", among);
    return open_object(w, v, t, at);
}

static bool listed(const char *list, struct str s) {
    size_t n = strlen(list);
    if (str_find(s, S(" ")) < s.n) return false;
    for (const char *p = list; n >= s.n + 2 && p + s.n + 2 <= list + n; p++)
        if (p[0] == ' ' && memcmp(p + 1, s.p, s.n) == 0 && p[s.n + 1] == ' ') return true;
    return false;
}

/* The codes of the table: in front of the bar they are understood, behind it known and not supported. */
static enum err check_allowed(struct walk *w, const struct element *e, struct json v) {
    struct str s;
    bool b = false;
    if (e->allowed[0] == 0) return ERR_OK;
    if (!json_str(v, &s)) s = json_bool(v, &b) && b ? S("true") : S("false");
    const char *bar = strchr(e->allowed, '|');
    int front = bar ? (int)(bar - e->allowed) : (int)strlen(e->allowed);
    if (!str_eq(s, S("|")) && listed(e->allowed, s)) {
        char good[128];
        snprintf(good, sizeof good, "%.*s", front, e->allowed);
        if (listed(good, s)) return ERR_OK;
        return diag_set(w->d, ERR_NOT_SUPPORTED, w->path, "taken here:%.*s", front, e->allowed);
    }
    bool code = strcmp(e->of, "string") != 0;
    return diag_set(w->d, code ? ERR_CODE : ERR_UNKNOWN, w->path, "taken here:%.*s", front, e->allowed);
}

static const struct extension *extension_find(struct str url, const char *on) {
    for (size_t i = 0; i < ARRAY_LEN(extensions); i++)
        if (str_eq(extensions[i].url, url) && strcmp(extensions[i].on, on) == 0) return &extensions[i];
    return NULL;
}

/* url and the one value of its type, nothing else. */
static enum err open_extension(struct walk *w, struct json v, const struct type *on, size_t at) {
    struct str url;
    char value_name[32];
    if (!json_str(json_get(v, "url"), &url))
        return diag_set(w->d, ERR_MISSING, w->path, "an extension has to have a url");
    const struct extension *x = extension_find(url, on->name.p);
    if (x == NULL || x->ways[0] != 'R')
        return diag_set(w->d, ERR_EXTENSION, w->path, "no extension of this url is known on %s", on->name.p);
    snprintf(value_name, sizeof value_name, "value%c%s", x->of[0] & ~0x20, x->of + 1);
    struct json value = json_get(v, value_name);
    size_t end = path_member(w, at, str_c(value_name));
    if (json_none(value)) return diag_set(w->d, ERR_MISSING, w->path, NULL);
    w->path[at] = 0;
    for (struct json m = json_first(v); !json_none(m); m = json_next(m)) {
        bool known = str_eq(json_name(m), S("url")) || str_eq(json_name(m), S("id")) || m.node == value.node;
        if (!known)
            return diag_set(w->d, ERR_EXTENSION, w->path, "this extension has a url and a %s, nothing else",
                            value_name);
    }
    (void)path_member(w, at, str_c(value_name));
    const struct type *t = type_find(str_c(x->of));
    return t ? open_object(w, value, t, end) : primitive_check(x->of, value, w->path, w->d);
}

/* One value, its path being w->path with length `at`. */
static enum err check_value(struct walk *w, struct json v, const struct type *t, const struct element *e, size_t at) {
    if (strcmp(e->of, "Resource") == 0)
        return open_resource(
            w, v, str_eq(e->name, S("contained")) ? " Patient Coverage Organization " : " CoverageEligibilityRequest ",
            at);
    if (strcmp(e->of, "Extension") == 0) return open_extension(w, v, t, at);
    const struct type *of = type_find(str_c(e->of));
    if (of) return open_object(w, v, of, at);
    TRY(primitive_check(e->of, v, w->path, w->d));
    return check_allowed(w, e, v);
}

static enum err check_member(struct walk *w, const struct frame *f, struct json member) {
    struct str name = json_name(member);
    const struct element *e = element_find(f->type, name);
    if (e == NULL) return unknown(w, f->type, name, f->path);
    size_t at = path_member(w, f->path, e->name);
    if (e->need == NEED_NOT) return diag_set(w->d, ERR_NOT_SUPPORTED, w->path, "%s", e->of);
    if (e->many == ONE) return check_value(w, member, f->type, e, at);
    if (json_kind(member) != JSON_ARRAY) return diag_set(w->d, ERR_VALUE, w->path, "has to be a list");
    if (json_none(json_first(member))) return diag_set(w->d, ERR_VALUE, w->path, "a list may not be empty");
    push(w, member, f->type, e, at);
    return ERR_OK;
}

static enum err step(struct walk *w) {
    struct frame *f = &w->frames[w->depth - 1];
    struct json at = f->next;
    w->path[f->path] = 0;
    if (json_none(at)) return w->depth--, ERR_OK;
    f->next = json_next(at);
    if (f->element == NULL) return check_member(w, f, at);
    size_t path = path_item(w, f->path, f->index++);
    return check_value(w, at, f->type, f->element, path);
}

enum err shape_check(struct json root, struct diag *d) {
    struct walk w = {.d = d};
    struct str name;
    if (json_kind(root) != JSON_OBJECT) return diag_set(d, ERR_VALUE, "", "the body has to be a FHIR resource");
    if (json_str(json_get(root, "resourceType"), &name) && name_like(name)) (void)path_put(&w, 0, name);
    TRY(open_resource(&w, root, " CoverageEligibilityRequest Parameters ", strlen(w.path)));
    while (w.depth > 0) TRY(step(&w));
    return ERR_OK;
}
