#include "core/digits.h"

unsigned check_digit_21(uint64_t without) {
    unsigned sum = 0;
    for (unsigned weight = 2; without; without /= 10, weight = 3 - weight) {
        unsigned product = (unsigned)(without % 10) * weight;
        sum += product / 10 + product % 10;
    }
    return (10 - sum % 10) % 10;
}

static bool known_law(unsigned law) {
#define SCHEME(number, ja, en)                                                                                         \
    if (law == (number)) return true;
#include "core/scheme.def"
#undef SCHEME
    return false;
}

enum err insurer_number_parse(struct str s, struct insurer_number *out) {
    uint64_t n = 0;
    while (s.n > 6 && s.p[0] == ' ') s = str_skip(s, 1);
    if ((s.n != 6 && s.n != 8) || !str_uint(s, 99999999, &n) || n < 10000 || !known_law((unsigned)(n / 1000000)))
        return ERR_VALUE;
    if (check_digit_21(n / 10) != n % 10) return ERR_CHECK_DIGIT;
    out->n = (uint32_t)n;
    return ERR_OK;
}

void insurer_number_put(struct buf *b, struct insurer_number i) { buf_uint_pad(b, i.n, insurer_is_kokuho(i) ? 6 : 8); }

void insurer_number_put_padded(struct buf *b, struct insurer_number i) {
    if (insurer_is_kokuho(i)) buf_puts(b, "  ");
    insurer_number_put(b, i);
}

struct insurer_number insurer_number_make(uint32_t without_check_digit) {
    return (struct insurer_number){without_check_digit * 10 + check_digit_21(without_check_digit)};
}

const char *insurer_scheme_ja(struct insurer_number i) {
#define SCHEME(number, ja, en)                                                                                         \
    if (insurer_number_law(i) == (number)) return ja;
#include "core/scheme.def"
#undef SCHEME
    return "";
}

const char *insurer_scheme_en(struct insurer_number i) {
#define SCHEME(number, ja, en)                                                                                         \
    if (insurer_number_law(i) == (number)) return en;
#include "core/scheme.def"
#undef SCHEME
    return "";
}

enum err institution_code_parse(struct str s, struct institution_code *out) {
    uint64_t n = 0;
    if (s.n != 10 || !str_uint(s, 9999999999u, &n)) return ERR_VALUE;
    uint64_t prefecture = n / 100000000, table = n / 10000000 % 10;
    if (prefecture < 1 || prefecture > 47 || (table != 1 && table != 3 && table != 4 && table != 5 && table != 6))
        return ERR_VALUE;
    out->n = n;
    return ERR_OK;
}

bool institution_code_check_digit(struct institution_code c) { return check_digit_21(c.n / 10) == c.n % 10; }

void institution_code_put(struct buf *b, struct institution_code c) { buf_uint_pad(b, c.n, 10); }

unsigned mynumber_check_digit(const unsigned char digits[11]) {
    unsigned sum = 0;
    for (unsigned n = 1; n <= 11; n++) sum += digits[11 - n] * (n <= 6 ? n + 1 : n - 5);
    unsigned rest = sum % 11;
    return rest <= 1 ? 0 : 11 - rest;
}

enum err mynumber_parse(struct str s, struct mynumber *out) {
    if (s.n != 12) return ERR_VALUE;
    for (size_t i = 0; i < 12; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') return ERR_VALUE;
        out->sealed_digits[i] = (unsigned char)(s.p[i] - '0');
    }
    if (mynumber_check_digit(out->sealed_digits) == out->sealed_digits[11]) return ERR_OK;
    mynumber_forget(out);
    return ERR_CHECK_DIGIT;
}

void mynumber_forget(struct mynumber *m) { explicit_bzero(m, sizeof *m); }
