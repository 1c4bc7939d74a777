/* Any bytes as a JSON document: refused with a place inside the text, or accepted; then the tree can be walked, every
 * string in it is UTF-8 without a zero character, no object names a member twice, and nothing is deeper than promised. */
#include "base/json.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_leaf(struct json v) {
    struct str s;
    uint64_t u = 0;
    bool b = false;
    if (json_str(v, &s)) invariant(utf8_valid(s));
    if (json_uint(v, 1000, &u)) invariant(u <= 1000);
    invariant(json_bool(v, &b) == (json_kind(v) == JSON_BOOL));
    invariant(json_kind(v) != JSON_NONE);
}

static void check_object(struct json v) {
    for (struct json m = json_first(v); !json_none(m); m = json_next(m)) {
        struct str name = json_name(m);
        char c_name[256];
        invariant(utf8_valid(name));
        if (str_to_c(name, c_name, sizeof c_name)) invariant(json_get(v, c_name).node == m.node);
    }
}

static void walk(struct json v, unsigned depth) {
    struct json level[JSON_DEPTH_MAX + 2];
    level[0] = v;
    for (;;) {
        struct json at = level[depth];
        check_leaf(at);
        if (json_kind(at) == JSON_OBJECT) check_object(at);
        if (!json_none(json_first(at))) {
            invariant(depth < JSON_DEPTH_MAX);
            level[++depth] = json_first(at);
            continue;
        }
        while (depth > 0 && json_none(json_next(level[depth]))) depth--;
        if (depth == 0) return;
        level[depth] = json_next(level[depth]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct arena a;
    struct json root;
    struct diag d = {0};
    arena_init(&a, 1 << 20);
    if (json_read(&a, str_of(data, n), &root, &d) == ERR_OK) walk(root, 0);
    else invariant(d.err != ERR_OK && d.column <= n + 1 && d.line <= n + 1);
    arena_fini(&a);
    return 0;
}
