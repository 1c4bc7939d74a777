#include "base/buf.h"
#include "cmd/check_card.h"
#include "edge/receipt/face.h"
#include "edge/terminal/answer.h"
#include "service/verify_desk.h"

#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

enum { OPERATOR_SEGMENT = 256 << 10, ANSWER_MAX = 64 << 10, ARENA_MAX = 4 << 20 };

static enum err read_question(const struct cmd_args *args, struct verify_call *c, struct diag *d) {
    struct question *q = &c->question;
    const char *symbol = cmd_value(args, "symbol"), *branch = cmd_value(args, "branch"), *on = cmd_value(args, "on");
    const char *institution = cmd_value(args, "institution");
    enum err e = insurer_number_parse(str_c(cmd_value(args, "insurer")), &q->insurer);
    if (e != ERR_OK) return diag_set(d, e, "--insurer", "8 桁、国保は 6 桁 / 8 digits, or 6");
    q->id = (struct insured_id){str_c(symbol), str_c(cmd_value(args, "number")), BRANCH_NONE};
    q->limit_consent = cmd_flag(args, "limit-consent");
    q->on = DAY_NONE;
    if ((e = insured_part_check(q->id.symbol)) != ERR_OK) return diag_set(d, e, "--symbol", NULL);
    if ((e = insured_part_check(q->id.number)) != ERR_OK) return diag_set(d, e, "--number", NULL);
    if (q->id.number.n == 0) return diag_set(d, ERR_MISSING, "--number", NULL);
    if ((e = branch_parse(str_c(branch), &q->id.branch)) != ERR_OK) return diag_set(d, e, "--branch", NULL);
    if (!day_parse(str_c(cmd_value(args, "birth")), &q->birth)) return diag_set(d, ERR_DATE, "--birth", NULL);
    if (on && !day_parse(str_c(on), &q->on)) return diag_set(d, ERR_DATE, "--on", NULL);
    if (institution && (e = institution_code_parse(str_c(institution), &c->asker.institution)) != ERR_OK)
        return diag_set(d, e, "--institution", "10 桁の医療機関コード / a code of 10 digits");
    if (cmd_flag(args, "face") && !institution)
        return diag_set(d, ERR_MISSING, "--institution",
                        "--face は医療機関の結果です / --face is an institution's result");
    return ERR_OK;
}

static void done(struct verify_call *c) { (void)c; } /* it is read when all is settled */

static enum err ask(const struct cmd_args *args, struct verify_call *c, struct diag *d) {
    struct verify_desk desk;
    struct verify_desk_settings s = {
        .store = cmd_value(args, "store"), .writer = "operator", .segment_bytes = OPERATOR_SEGMENT};
    TRY(verify_desk_open(&desk, world_real(), &s, d));
    c->kind = AUDIT_QUESTION;
    c->asker.door = DOOR_COMMAND, c->asker.purpose = PURPOSE_OPERATION, c->asker.user = (uint32_t)getuid();
    c->done = done;
    verify_start(&desk, c);
    verify_settle(&desk);
    verify_desk_close(&desk);
    if (c->err != ERR_OK) *d = c->diag;
    return c->err;
}

/* The result as a receipt computer would find it in its face folder. */
static enum err put_face(const char *folder, const struct verify_call *c, struct diag *d) {
    struct substitutes nearest;
    struct folder_form form = {.encoding = FOLDER_SJIS, .substitutes = &nearest, .institution = c->asker.institution};
    TRY(substitutes_open(&nearest, world_real(), NULL, d));
    enum err e = face_put_answer(world_real(), folder, &c->answer, &form, d);
    substitutes_close(&nearest);
    return e;
}

static bool missing(const struct cmd_args *args) {
    static const char *const needed[] = {"store", "insurer", "number", "birth"};
    for (size_t i = 0; i < ARRAY_LEN(needed); i++) {
        if (cmd_flag(args, needed[i])) continue;
        fprintf(stderr, "mado check: 必要な指定がありません / missing option: --%s\n  → mado help check\n", needed[i]);
        return true;
    }
    return false;
}

int cmd_check(const struct cmd_args *args) {
    struct arena arena;
    struct buf out;
    struct verify_call c = {0};
    struct diag d = {0};
    if (sodium_init() < 0) return cmd_fail(&(struct diag){.err = ERR_CRYPTO});
    if (cmd_flag(args, "card")) return check_by_card(args);
    if (missing(args)) return EXIT_USAGE;
    arena_init(&arena, ARENA_MAX);
    buf_init(&out, ANSWER_MAX);
    c.arena = &arena;
    enum err e = read_question(args, &c, &d);
    if (e != ERR_OK) {
        (void)cmd_fail(&d);
        return EXIT_USAGE;
    }
    e = ask(args, &c, &d);
    if (e == ERR_OK && cmd_flag(args, "face")) e = put_face(cmd_value(args, "face"), &c, &d);
    if (e == ERR_OK && cmd_flag(args, "json")) answer_put_json(&out, &c.answer);
    else if (e == ERR_OK) answer_put_text(&out, &c.answer, isatty(STDOUT_FILENO));
    if (e == ERR_OK) fwrite(out.p, 1, out.n, stdout);
    buf_fini(&out);
    arena_fini(&arena);
    return e == ERR_OK ? 0 : cmd_fail(&d);
}
