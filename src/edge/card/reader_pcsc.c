#include "edge/card/reader_pcsc.h"

#include "edge/card/apdu.h"

#include <stdlib.h>
#include <winscard.h>

struct pcsc {
    SCARDCONTEXT context;
    SCARDHANDLE card;
    const SCARD_IO_REQUEST *protocol;
};

/* SCARD_* as an error. libpcsclite's codes are 32 bits in a LONG of 64. */
static enum err pcsc_failed(LONG code, struct diag *d) {
    const char *text = pcsc_stringify_error(code);
    switch ((uint32_t)code) {
    case (uint32_t)SCARD_E_NO_SERVICE:
    case (uint32_t)SCARD_E_SERVICE_STOPPED:
        return diag_set(d, ERR_UNAVAILABLE, "reader", "pcscd が動いていません / pcscd is not running");
    case (uint32_t)SCARD_E_NO_READERS_AVAILABLE:
    case (uint32_t)SCARD_E_UNKNOWN_READER: return diag_set(d, ERR_NOT_FOUND, "reader", "%s", text);
    case (uint32_t)SCARD_E_NO_SMARTCARD:
    case (uint32_t)SCARD_W_REMOVED_CARD:
        return diag_set(d, ERR_NOT_FOUND, "card", "カードがありません / there is no card on the reader");
    case (uint32_t)SCARD_W_UNRESPONSIVE_CARD:
    case (uint32_t)SCARD_W_UNPOWERED_CARD: return diag_set(d, ERR_UNAVAILABLE, "card", "%s", text);
    case (uint32_t)SCARD_E_SHARING_VIOLATION:
        return diag_set(d, ERR_LOCKED, "card", "他のプログラムが使っています / another program has it");
    case (uint32_t)SCARD_E_NO_MEMORY: return diag_set(d, ERR_MEMORY, "reader", NULL);
    default: return diag_set(d, ERR_UNAVAILABLE, "reader", "%s", text);
    }
}

static enum err pcsc_send(void *line, struct str command, struct buf *answer, struct diag *d) {
    struct pcsc *p = line;
    unsigned char got[APDU_ANSWER_MAX + 2];
    DWORD n = sizeof got;
    LONG code = SCardTransmit(p->card, p->protocol, (const unsigned char *)command.p, (DWORD)command.n, NULL, got, &n);
    if (code != SCARD_S_SUCCESS) {
        enum err e = pcsc_failed(code, d);
        return e == ERR_NOT_FOUND
                   ? diag_set(d, ERR_UNAVAILABLE, "card", "カードが外されました / the card was taken away")
                   : e;
    }
    buf_put(answer, str_of(got, n));
    explicit_bzero(got, sizeof got);
    return buf_ok(answer) ? ERR_OK : diag_set(d, ERR_LIMIT, "card", "an answer too long");
}

static void pcsc_leave(void *line) {
    struct pcsc *p = line;
    /* Both say reset: whatever happens to the one, no verified PIN outlives us. */
    if (p->card) (void)SCardEndTransaction(p->card, SCARD_RESET_CARD), (void)SCardDisconnect(p->card, SCARD_RESET_CARD);
    (void)SCardReleaseContext(p->context);
    free(p);
}

/* A list of C strings, an empty one at its end. */
static enum err list(SCARDCONTEXT context, char names[READER_NAMES_MAX], struct diag *d) {
    DWORD n = READER_NAMES_MAX;
    memset(names, 0, READER_NAMES_MAX);
    LONG code = SCardListReaders(context, NULL, names, &n);
    if (code == SCARD_E_INSUFFICIENT_BUFFER) return diag_set(d, ERR_LIMIT, "reader", "too many readers");
    return code == SCARD_S_SUCCESS ? ERR_OK : pcsc_failed(code, d);
}

static enum err take(struct pcsc *p, const char *name, struct diag *d) {
    DWORD protocol = 0;
    LONG code = SCardConnect(p->context, name, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &p->card,
                             &protocol);
    if (code != SCARD_S_SUCCESS) {
        p->card = 0;
        return pcsc_failed(code, d);
    }
    p->protocol = protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
    code = SCardBeginTransaction(p->card);
    return code == SCARD_S_SUCCESS ? ERR_OK : pcsc_failed(code, d);
}

static enum err take_any(struct pcsc *p, struct str wanted, struct diag *d) {
    char names[READER_NAMES_MAX];
    TRY(list(p->context, names, d));
    enum err e =
        diag_set(d, ERR_NOT_FOUND, "reader", "その名前のリーダーはありません / there is no reader of that name");
    for (const char *name = names; *name; name += strlen(name) + 1) {
        if (!str_empty(wanted) && !str_eq(str_c(name), wanted)) continue;
        e = take(p, name, d);
        if (e != ERR_NOT_FOUND) return e; /* a reader without a card: perhaps the next one */
    }
    return e;
}

enum err reader_pcsc_open(struct reader *out, struct str name, struct diag *d) {
    static const struct reader_kind kind = {pcsc_send, pcsc_leave};
    struct pcsc *p = calloc(1, sizeof *p);
    *out = (struct reader){0};
    if (p == NULL) return diag_set(d, ERR_MEMORY, "reader", NULL);
    LONG code = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &p->context);
    if (code != SCARD_S_SUCCESS) {
        free(p);
        return pcsc_failed(code, d);
    }
    enum err e = take_any(p, name, d);
    if (e == ERR_OK) *out = (struct reader){&kind, p};
    else pcsc_leave(p);
    return e;
}

enum err reader_pcsc_list(struct buf *out, struct diag *d) {
    char names[READER_NAMES_MAX];
    SCARDCONTEXT context;
    LONG code = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context);
    if (code != SCARD_S_SUCCESS) return pcsc_failed(code, d);
    enum err e = list(context, names, d);
    (void)SCardReleaseContext(context);
    if (e == ERR_NOT_FOUND) return ERR_OK;
    TRY(e);
    for (const char *name = names; *name; name += strlen(name) + 1) buf_puts(out, name), buf_putc(out, '\n');
    return ERR_OK;
}
