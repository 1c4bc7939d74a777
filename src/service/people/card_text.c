#include "service/people/text.h"

static void full_width(struct buf *b, struct str s) {
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        char wide[3] = {(char)0xef, (char)0xbc, (char)(0x80 + c - 0x20)};
        invariant(c > 0x20 && c < 0x60);
        buf_put(b, str_of(wide, 3));
    }
}

/* Symbols that change with the owner: the workplace, a number that grows with the people. */
static void put_symbol(struct buf *b, const struct insurer *i, uint64_t owner) {
    char room[24];
    struct buf digits = {room, 0, sizeof room, sizeof room, false};
    uint64_t office = 100 + owner / 200000;
    switch (i->scheme) {
    case KYOKAI: buf_uint(b, 21010203 + owner / 250); break;
    case SEAMEN: buf_uint(b, 1300000 + owner / 1000); break;
    case SOCIETY:
        if (i->style == 5) buf_puts(b, "12-");
        buf_uint(&digits, office);
        if (i->style == 4) full_width(b, buf_str(&digits));
        else buf_put(b, buf_str(&digits));
        break;
    case KOKUHO:
        buf_put(b, i->symbol);
        if (i->style == 3) buf_uint(b, office);
        break;
    case KOKUHO_SOCIETY:
        buf_puts(b, "組");
        buf_uint(b, office);
        break;
    case MUTUAL: buf_put(b, i->symbol); break;
    case DEFENCE: buf_puts(b, "防"); break;
    case KOUKI:
    case AID:
    case SCHEMES: break;
    }
}

static void put_number(struct buf *b, const struct nation *n, const struct insurer *i, uint64_t owner, unsigned slot) {
    char room[32];
    struct buf digits = {room, 0, sizeof room, sizeof room, false};
    if (i->scheme == KYOKAI) buf_uint(b, 1000 + owner % 250 * 4 + slot);
    else if (i->scheme == KOUKI) buf_uint(b, (slot == SLOT_NOBODY ? 20000000u * 10 : 10000000u) + owner);
    else {
        buf_uint(&digits, n->number_base + owner * 4 + slot);
        bool padded = (i->scheme == SOCIETY || i->scheme == KOKUHO) && i->style == 1;
        if (padded) buf_puts(b, "00");
        if (i->scheme == KOKUHO && i->style == 6) full_width(b, buf_str(&digits));
        else buf_put(b, buf_str(&digits));
    }
}

void card_text_make(const struct nation *n, const struct insurer *i, uint64_t owner, unsigned slot,
                    struct card_text *out) {
    struct buf symbol = {out->symbol_bytes, 0, CARD_TEXT_BYTES, CARD_TEXT_BYTES, false};
    struct buf number = {out->number_bytes, 0, CARD_TEXT_BYTES, CARD_TEXT_BYTES, false};
    put_symbol(&symbol, i, owner);
    put_number(&number, n, i, owner, slot);
    out->symbol = buf_str(&symbol), out->number = buf_str(&number);
}
