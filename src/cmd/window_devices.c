#include "cmd/window_devices.h"

#include "base/log.h"
#include "base/world.h"
#include "edge/receipt/face.h"

/* ---- the card reader, and the centre behind it ---- */

static enum err post(void *context, const char *path, struct str json, int *status, struct str *reply, struct diag *d) {
    const struct client_reply *r;
    TRY(client_post(context, path, "application/json", json, &r, d));
    *status = r->status, *reply = buf_str(&r->body);
    return ERR_OK;
}

static enum err open_card(struct window_devices *w, const struct client_settings *centre, struct kiosk_devices *out,
                          struct diag *d) {
    bool any = str_eq(str_c(w->reader), S(WINDOW_ANY_READER));
    if (w->reader[0] == 0) return ERR_OK;
    TRY(client_open(&w->client, centre, d));
    w->post = (struct card_post){.post = post, .context = w->client};
    out->card = card_side_pcsc(&w->on_reader, any ? S("") : str_c(w->reader));
    out->centre = card_centre_of(&w->post);
    return ERR_OK;
}

/* ---- the face reader ---- */

static enum err look(void *context, const char *visit, struct str certificate, enum face_answer *out, struct diag *d) {
    const struct window_devices *w = context;
    enum err e = face_reader_ask(&w->face_reader, visit, certificate, out, d);
    if (e != ERR_OK) log_diag(LOG_WARNING, "the face reader was not believed, or did not answer", d);
    return e;
}

/* ---- the receipt computer ---- */

enum err window_encoding(const char *given, enum folder_encoding *out, struct diag *d) {
    struct str s = str_c(given && given[0] ? given : "sjis");
    *out = str_eq(s, S("utf8")) ? FOLDER_UTF8 : FOLDER_SJIS;
    if (*out == FOLDER_UTF8 || str_eq(s, S("sjis"))) return ERR_OK;
    return diag_set(d, ERR_USAGE, "--encoding", "sjis or utf8");
}

static void tell(void *context, const char *id, struct str reply) {
    struct window_devices *w = context;
    struct diag d = {0};
    if (face_put_reply(world_real(), w->folder, str_c(id), reply, &w->form, &d) != ERR_OK)
        log_diag(LOG_WARNING, "an answer by card could not be put into face; the page has it", &d);
}

static enum err open_form(struct window_devices *w, struct institution_code institution, struct diag *d) {
    TRY(window_encoding(w->encoding, &w->form.encoding, d));
    TRY(substitutes_open(&w->substitutes_open, world_real(), w->substitutes[0] ? w->substitutes : NULL, d));
    w->form.substitutes = &w->substitutes_open;
    w->form.institution = institution;
    return ERR_OK;
}

enum err window_devices_open(struct window_devices *w, const struct client_settings *centre,
                             struct institution_code institution, struct kiosk_devices *out, struct diag *d) {
    *out = (struct kiosk_devices){.face_context = w, .answered = tell, .answered_context = w};
    w->face_reader = (struct face_reader){.world = world_real(), .socket = w->face, .keys = w->face_keys};
    if (w->face[0]) out->face = look;
    TRY(open_form(w, institution, d));
    return open_card(w, centre, out, d);
}

void window_devices_close(struct window_devices *w) {
    client_close(w->client);
    if (w->form.substitutes) substitutes_close(&w->substitutes_open);
}
