#include "edge/receipt/folder_answer.h"

#include "base/zip.h"
#include "edge/receipt/answer.h"

enum { JSON_MAX = 64 << 20, XML_MAX = 128 << 20 }; /* an answer to 10,000 questions takes about 15 MB */

static struct tree *header_of(struct arena *a, struct tree *message) {
    struct tree *h = tree_child(message, S("MessageHeader"));
    return h ? h : tree_add(a, message, S("MessageHeader"));
}

static enum err set_encoding(struct arena *a, struct tree *message, enum folder_encoding encoding, struct diag *d) {
    struct tree *h = header_of(a, message);
    struct tree *t = h ? tree_child(h, S("CharacterCodeIdentifier")) : NULL;
    if (h && t == NULL) t = tree_add(a, h, S("CharacterCodeIdentifier"));
    if (t == NULL) return diag_set(d, ERR_MEMORY, NULL, NULL);
    t->text = encoding == FOLDER_SJIS ? S("1") : S("0");
    return ERR_OK;
}

/* 01res, and 02res without its units. */
static bool is_status_step(const struct tree *message, enum message_kind kind) {
    if (kind == MESSAGE_SINGLE || kind == MESSAGE_REGISTER || kind == MESSAGE_STATEMENT || kind == MESSAGE_DISASTER)
        return false;
    return tree_child(tree_child(message, S("MessageBody")), S("BulkConfirmUnit")) == NULL;
}

static enum err put_sjis(struct arena *a, struct tree *message, const struct substitutes *s, struct buf *out,
                         struct diag *d) {
    struct buf utf8;
    enum err e = ERR_OK;
    (void)substitute_message(s, a, message, &e);
    if (e != ERR_OK) return diag_set(d, e, NULL, NULL);
    buf_init(&utf8, XML_MAX);
    tree_put_xml(message, &utf8);
    buf_puts(out, "<?xml version=\"1.0\" encoding=\"Shift_JIS\" standalone=\"no\"?>\r\n");
    bool good = buf_ok(&utf8) && substitute_encode(s, buf_str(&utf8), out);
    buf_fini(&utf8);
    buf_puts(out, "\r\n");
    return good && buf_ok(out) ? ERR_OK : diag_set(d, ERR_MEMORY, NULL, NULL);
}

/* Signed copies are the window's; a receipt computer has no use for three kilobytes of base64. */
static void drop_attestations(struct tree *message) {
    struct tree *body = tree_child(message, S("MessageBody"));
    if (body == NULL) return;
    tree_drop(body, S("Attestation"));
    for (struct tree *u = tree_child(body, S("BulkConfirmUnit")); u; u = tree_again(u)) tree_drop(u, S("Attestation"));
}

enum err folder_message(struct arena *a, struct tree *message, enum message_kind kind, const struct folder_form *form,
                        struct buf *out, struct diag *d) {
    drop_attestations(message);
    TRY(set_encoding(a, message, form->encoding, d));
    if (form->encoding == FOLDER_SJIS) return put_sjis(a, message, form->substitutes, out, d);
    if (is_status_step(message, kind)) buf_puts(out, "\xef\xbb\xbf");
    buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\r\n");
    tree_put_xml(message, out);
    buf_puts(out, "\r\n");
    return buf_ok(out) ? ERR_OK : diag_set(d, ERR_MEMORY, NULL, NULL);
}

static enum err error_tree(struct arena *a, enum message_kind kind, const struct request *asked, int64_t now_us,
                           const struct diag *why, struct tree **out, struct diag *d) {
    struct buf xml;
    struct writer w = writer_of(&xml, CARRIER_XML);
    struct request r = asked ? *asked : (struct request){.kind = kind, .on = DAY_NONE};
    buf_init(&xml, 1 << 20);
    answer_write_error(&w, &r, now_us, why);
    enum err e = buf_ok(&xml) ? tree_read_xml(a, buf_str(&xml), out, d) : diag_set(d, ERR_MEMORY, NULL, NULL);
    buf_fini(&xml);
    return e;
}

enum err folder_answer_error(enum message_kind kind, const struct folder_form *form, int64_t now_us,
                             const struct diag *why, struct folder_response *response, struct diag *d) {
    struct arena a;
    struct tree *message;
    struct request r = {.kind = kind, .on = DAY_NONE, .institution = form->institution};
    arena_init(&a, TREE_ARENA_MAX);
    buf_reset(&response->bytes);
    response->zip = false;
    enum err e = error_tree(&a, kind, &r, now_us, why, &message, d);
    if (e == ERR_OK) e = folder_message(&a, message, kind, form, &response->bytes, d);
    arena_fini(&a);
    return e;
}

/* Overload, a restart, an overloaded proxy: asked again. Everything else is an answer. */
static bool try_again(int status) { return status == 429 || status == 502 || status == 503 || status == 504; }

/* What a reply that is no message means: the centre refused before it looked, or it is another kind of server. */
static enum err plain_refusal(int status) {
    switch (status) {
    case 401: return ERR_UNAUTHENTICATED;
    case 403: return ERR_FORBIDDEN;
    case 404: return ERR_PATH;
    case 413: return ERR_LIMIT;
    default: return ERR_UNAVAILABLE;
    }
}

/* What is remembered is remembered signed: the question asks for a signed copy. */
static enum err want_attestation(struct arena *a, enum message_kind kind, struct tree *request,
                                 const struct folder_form *form, struct diag *d) {
    if (form->known == NULL || (kind != MESSAGE_SINGLE && kind != MESSAGE_BULK)) return ERR_OK;
    struct tree *h = tree_child(request, S("MessageHeader"));
    struct tree *t = h ? tree_child(h, S("AttestationFlag")) : NULL;
    if (h == NULL) return ERR_OK; /* the centre will say what is missing */
    if (t == NULL) t = tree_add(a, h, S("AttestationFlag"));
    if (t == NULL) return diag_set(d, ERR_MEMORY, NULL, NULL);
    t->text = S("1"), t->first = t->last = NULL;
    return ERR_OK;
}

static enum err ask_centre(enum message_kind kind, const struct tree *message, const struct centre *centre, int *status,
                           struct str *reply, struct diag *d) {
    struct buf json;
    buf_init(&json, JSON_MAX);
    tree_put_json(message, &json);
    enum err e = buf_ok(&json)
                     ? centre->ask(centre->context, message_kind_info(kind)->path, buf_str(&json), status, reply, d)
                     : diag_set(d, ERR_LIMIT, NULL, NULL);
    buf_fini(&json);
    return e;
}

/* The centre saw JSON, which has no lines: when it found the fault that we find too, ours names the line in the file. */
static bool same_fault(const struct tree *reply, const struct diag *ours) {
    struct buf code;
    buf_init(&code, 64);
    error_code_put(&code, ours->err);
    bool same = str_eq(tree_text(tree_child(reply, S("MessageHeader")), S("ErrorCode")), buf_str(&code));
    buf_fini(&code);
    return same;
}

/* The reply as a message; a reply that is none becomes an error message. */
static enum err reply_tree(struct arena *a, enum message_kind kind, const struct tree *request,
                           const struct folder_form *form, int64_t now_us, int status, struct str reply,
                           struct tree **out, struct diag *d) {
    struct request asked;
    struct diag why = {0}, ours = {0};
    enum err found = request_read(a, request, kind, &asked, &ours); /* on a fault as much as could be read */
    if (tree_read_json(a, reply, out, &why) == ERR_OK) {
        if (found == ERR_OK || !same_fault(*out, &ours)) return ERR_OK;
        why = ours;
    } else {
        (void)!diag_set(&why, plain_refusal(status), "", "HTTP %d", status);
    }
    if (asked.institution.n == 0) asked.institution = form->institution;
    return error_tree(a, kind, &asked, now_us, &why, out, d);
}

static bool is_bulk_result(const struct tree *message, enum message_kind kind) {
    return (kind == MESSAGE_BULK_RESULT || kind == MESSAGE_REGISTER_BULK_RESULT) && !is_status_step(message, kind);
}

static enum err put_response(struct arena *a, struct tree *message, enum message_kind kind,
                             const struct folder_form *form, const char *file_name, struct folder_response *response,
                             struct diag *d) {
    struct buf xml, name;
    response->zip = form->zip && is_bulk_result(message, kind);
    if (!response->zip) return folder_message(a, message, kind, form, &response->bytes, d);
    buf_init(&xml, XML_MAX), buf_init(&name, 512);
    buf_printf(&name, "%s.xml%c", file_name, 0);
    enum err e = folder_message(a, message, kind, form, &xml, d);
    if (e == ERR_OK) e = zip_write_one(name.p, buf_str(&xml), &response->bytes, d);
    buf_fini(&xml), buf_fini(&name);
    return e;
}

/* The line is down or the centre is: not so when it refused us, and not when it only asks for patience. */
static bool is_silence(enum err e, int status) {
    return e == ERR_OK ? status >= 502 && status <= 504 : e == ERR_UNAVAILABLE || e == ERR_TIMEOUT;
}

/* What was known from before, when there is such a thing; otherwise the outcome stays as it is and d with it. */
static enum folder_outcome recall(struct arena *a, enum message_kind kind, struct tree *request,
                                  const struct folder_form *form, int64_t now_us, const char *file_name,
                                  struct folder_response *response, struct diag *d) {
    struct tree *message;
    struct diag why = {0};
    if (kind != MESSAGE_SINGLE || form->known == NULL) return FOLDER_SILENT;
    if (known_answer(form->known, a, request, now_us, &message, &why) != ERR_OK) return FOLDER_SILENT;
    response->recalled = true;
    return put_response(a, message, kind, form, file_name, response, d) == ERR_OK ? FOLDER_ANSWERED : FOLDER_FAILED;
}

/* What is wrong with a message is answered; what is wrong with us leaves it where it is. */
static bool is_ours(enum err e) { return err_info(e)->http >= 500; }

/* No line is needed for it: it is in the journal before it is answered, and delivered when there is one. */
static enum folder_outcome take_statement(struct arena *a, struct tree *request, const struct folder_form *form,
                                          int64_t now_us, const char *file_name, struct folder_response *response,
                                          struct diag *d) {
    struct tree *message;
    struct diag why = {0};
    const struct request asked = {.kind = MESSAGE_STATEMENT, .on = DAY_NONE, .institution = form->institution};
    enum err e = form->statements
                     ? statements_take(form->statements, form->known, a, request, file_name, now_us, &message, &why)
                     : diag_set(&why, ERR_NOT_SUPPORTED, "", NULL);
    if (e != ERR_OK && is_ours(e)) {
        *d = why;
        return FOLDER_FAILED;
    }
    if (e != ERR_OK) e = error_tree(a, MESSAGE_STATEMENT, &asked, now_us, &why, &message, d);
    if (e == ERR_OK) e = put_response(a, message, MESSAGE_STATEMENT, form, file_name, response, d);
    return e == ERR_OK ? FOLDER_ANSWERED : FOLDER_FAILED;
}

static enum folder_outcome answer_in(struct arena *a, enum message_kind kind, struct str bytes,
                                     const struct folder_form *form, const struct centre *centre, int64_t now_us,
                                     const char *file_name, struct folder_response *response, struct diag *d) {
    struct tree *request, *message;
    struct str reply;
    int status = 0;
    enum err e = tree_read_xml(a, bytes, &request, d);
    if (e == ERR_MEMORY) return FOLDER_FAILED;
    if (e != ERR_OK) return FOLDER_UNREADABLE;
    if (kind == MESSAGE_STATEMENT) return take_statement(a, request, form, now_us, file_name, response, d);
    e = want_attestation(a, kind, request, form, d);
    if (e == ERR_OK) e = ask_centre(kind, request, centre, &status, &reply, d);
    if (e == ERR_MEMORY) return FOLDER_FAILED;
    if (e == ERR_OK && try_again(status))
        (void)!diag_set(d, status == 429 ? ERR_BUSY : ERR_UNAVAILABLE, "", "HTTP %d", status);
    if (is_silence(e, status)) return recall(a, kind, request, form, now_us, file_name, response, d);
    if (e != ERR_OK || try_again(status)) return FOLDER_SILENT;
    e = reply_tree(a, kind, request, form, now_us, status, reply, &message, d);
    if (e == ERR_OK) e = put_response(a, message, kind, form, file_name, response, d);
    response->told = reply;
    return e == ERR_OK ? FOLDER_ANSWERED : FOLDER_FAILED;
}

enum folder_outcome folder_answer(enum message_kind kind, struct str request, const struct folder_form *form,
                                  const struct centre *centre, int64_t now_us, const char *file_name,
                                  struct folder_response *response, struct diag *d) {
    struct arena a;
    arena_init(&a, 2 * (size_t)TREE_ARENA_MAX); /* the request's tree and the answer's */
    buf_reset(&response->bytes);
    response->recalled = false, response->told = S("");
    enum folder_outcome o = answer_in(&a, kind, request, form, centre, now_us, file_name, response, d);
    arena_fini(&a);
    return o;
}
