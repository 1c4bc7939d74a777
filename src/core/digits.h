/* Numbers that carry a check digit. A value of these types can only come from its parser, so a digit was checked. */
#ifndef CORE_DIGITS_H
#define CORE_DIGITS_H

#include "base/buf.h"
#include "base/err.h"

/* 保険者番号: 8 digits (法別 2, prefecture 2, insurer 3, check 1) or 6 for 国保 (no 法別). Kept as the 8-digit number. */
struct insurer_number {
    uint32_t n;
};

/* Digits, with spaces or zeros before a 6-digit number as the field pads it. ERR_VALUE or ERR_CHECK_DIGIT. */
MUST_USE enum err insurer_number_parse(struct str s, struct insurer_number *out);
/* As written on the card: 8 digits, or 6 for 国保. */
void insurer_number_put(struct buf *b, struct insurer_number i);
/* 8 wide, a 6-digit number with spaces on the left, as responses carry it. */
void insurer_number_put_padded(struct buf *b, struct insurer_number i);
/* Puts the check digit behind the first 7 (or 5) digits given as a number. */
struct insurer_number insurer_number_make(uint32_t without_check_digit);
/* 法別番号, 0 for 国保. */
static inline unsigned insurer_number_law(struct insurer_number i) { return i.n / 1000000; }
static inline bool insurer_is_kokuho(struct insurer_number i) { return i.n < 1000000; }
/* 退職者医療（国保）, law 67 */
static inline bool insurer_is_retired_kokuho(struct insurer_number i) { return insurer_number_law(i) == 67; }
static inline bool insurer_is_elderly(struct insurer_number i) { return insurer_number_law(i) == 39; }
static inline bool insurer_is_medical_aid(struct insurer_number i) { return insurer_number_law(i) == 12; }
/* "協会けんぽ", "後期高齢者医療" …; "" when the 法別番号 is not in scheme.def. */
const char *insurer_scheme_ja(struct insurer_number i);
const char *insurer_scheme_en(struct insurer_number i);

/* 医療機関コード: 10 digits. Its check digit is told apart, because test environments of the field use codes without one. */
struct institution_code {
    uint64_t n; /* 0: none */
};
/* Ten digits with a prefecture 01–47 and a fee table 1, 3, 4, 5 or 6. ERR_VALUE otherwise. */
MUST_USE enum err institution_code_parse(struct str s, struct institution_code *out);
bool institution_code_check_digit(struct institution_code c);
void institution_code_put(struct buf *b, struct institution_code c);

/* マイナンバー. Cannot be printed: there is no function for it, and only the vault's room may look inside. */
struct mynumber {
    unsigned char sealed_digits[12];
};
/* 12 digits with the check digit of 総務省令85号5条. ERR_VALUE or ERR_CHECK_DIGIT. */
MUST_USE enum err mynumber_parse(struct str s, struct mynumber *out);
void mynumber_forget(struct mynumber *m);
/* The check digit of 11 digits; for makers of synthetic people. */
unsigned mynumber_check_digit(const unsigned char digits[11]);

/* The check digit of insurers and institutions: weights 2,1,2,1… from the right, digits of products added, 10 − sum mod 10. */
unsigned check_digit_21(uint64_t without);

#endif
