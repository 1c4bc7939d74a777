#include "edge/receipt/face.h"

#include "edge/receipt/answer.h"

#include <limits.h>
#include <stdio.h>

enum { MESSAGE_MAX = 1 << 20 };

static bool plain_id(struct str id) {
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))) return false;
    }
    return id.n > 0 && id.n <= 64;
}

static enum err path_of(struct world *w, const char *folder, struct str id, char path[PATH_MAX], struct diag *d) {
    char stamp[32];
    struct buf b = buf_over(stamp, sizeof stamp - 1);
    time_put_field(&b, w->now_us(w));
    stamp[b.n] = 0;
    int n = snprintf(path, PATH_MAX, "%s/OQSsiquc01res_face_%.*s_%s.xml", folder, (int)id.n, id.p, stamp);
    return n > 0 && n < PATH_MAX ? ERR_OK : diag_set(d, ERR_LIMIT, "path", NULL);
}

enum err face_put(struct world *w, const char *folder, struct str id, struct str message_json,
                  const struct folder_form *form, struct diag *d) {
    struct arena a;
    struct buf bytes;
    struct tree *message;
    char path[PATH_MAX];
    if (!plain_id(id)) return diag_set(d, ERR_VALUE, "id", "letters and digits, at most %d", FACE_ID_MAX);
    TRY(path_of(w, folder, id, path, d));
    arena_init(&a, TREE_ARENA_MAX);
    buf_init(&bytes, MESSAGE_MAX);
    enum err e = tree_read_json(&a, message_json, &message, d);
    if (e == ERR_OK) e = folder_message(&a, message, MESSAGE_SINGLE, form, &bytes, d);
    if (e == ERR_OK) e = world_replace_file(w, path, buf_str(&bytes), 0664, d);
    buf_fini(&bytes);
    arena_fini(&a);
    return e;
}

/* A quotation mark within a text is escaped, so the member's name stands where it stands; and what is behind it must be one message. */
enum err face_put_reply(struct world *w, const char *folder, struct str id, struct str reply,
                        const struct folder_form *form, struct diag *d) {
    static const char member[] = "\"message\":";
    size_t at = str_find(reply, str_of(member, sizeof member - 1));
    struct str message = at < reply.n ? str_skip(reply, at + sizeof member - 1) : S("");
    while (str_ends(message, S("\n")) || str_ends(message, S(" "))) message.n--;
    if (!str_ends(message, S("}"))) return diag_set(d, ERR_SYNTAX, "message", NULL);
    message.n--; /* of the reply itself */
    return face_put(w, folder, id, message, form, d);
}

enum err face_put_answer(struct world *w, const char *folder, const struct answer *a, const struct folder_form *form,
                         struct diag *d) {
    char id_room[2 * AUDIT_ID_BYTES];
    struct buf json, id = buf_over(id_room, sizeof id_room);
    struct unit asked = {.question = a->question};
    struct request r = {.kind = MESSAGE_SINGLE,
                        .institution = form->institution,
                        .on = a->question.on,
                        .units = &asked,
                        .unit_count = 1};
    buf_init(&json, MESSAGE_MAX);
    buf_hex(&id, str_of(a->event_id, sizeof a->event_id));
    struct writer out = writer_of(&json, CARRIER_JSON);
    answer_write(&out, &r, a);
    enum err e = buf_ok(&json) ? world_make_folder(folder, d) : diag_set(d, ERR_MEMORY, "face", NULL);
    if (e == ERR_OK) e = face_put(w, folder, buf_str(&id), buf_str(&json), form, d);
    buf_fini(&json);
    return e;
}
