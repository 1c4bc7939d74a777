#include "lib/hostile.h"
#include "lib/import_play.h"
#include "lib/unit.h"
#include "state/vault/vault.h"
#include "state/vault/wire.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct scratch scratch;
static struct vault_room *room;
static struct buf reply;

static int begin(void **state) {
    char folder[SCRATCH_PATH_MAX];
    (void)state;
    scratch_make(&scratch);
    buf_init(&reply, VAULT_MESSAGE_MAX);
    return vault_room_open(&room, scratch_path(&scratch, "vault", folder), NULL) == ERR_OK ? 0 : -1;
}

static int end(void **state) {
    (void)state;
    if (room) vault_room_close(room);
    room = NULL;
    buf_fini(&reply);
    scratch_remove(&scratch);
    return 0;
}

static void reopen(void) {
    char folder[SCRATCH_PATH_MAX];
    vault_room_close(room);
    assert_int_equal(vault_room_open(&room, scratch_path(&scratch, "vault", folder), NULL), ERR_OK);
}

static struct str request(struct buf *b, enum vault_request what, unsigned count, const char *const *keys,
                          const char *digits) {
    buf_reset(b);
    buf_u8(b, (uint8_t)what);
    if (what == VAULT_KEEP || what == VAULT_DROP) return buf_str(b);
    buf_varint(b, count);
    for (unsigned i = 0; i < count; i++) {
        buf_bytes(b, str_c(keys[i]));
        for (size_t k = 0; digits && k < 12; k++) buf_u8(b, (uint8_t)(digits[k] - '0'));
    }
    return buf_str(b);
}

static enum err ask(enum vault_request what, const char *key, const char *digits) {
    char bytes[256];
    struct buf b = buf_over(bytes, sizeof bytes);
    vault_room_answer(room, request(&b, what, 1, &key, digits), &reply);
    if (what == VAULT_SEAL) {
        assert_int_equal(reply.n, 0);
        return ERR_OK;
    }
    assert_true(reply.n >= 1);
    return (enum err)(unsigned char)reply.p[0];
}

static struct str name_of(const char *key) {
    assert_int_equal(ask(VAULT_INTRODUCE, key, NULL), ERR_OK);
    assert_int_equal(reply.n, 1 + VAULT_PSEUDONYM_BYTES);
    return str_of(reply.p + 1, VAULT_PSEUDONYM_BYTES);
}

static bool holds(const char *key) { return scratch_holds(&scratch, str_c(key)); }

static void a_pseudonym_depends_on_member_and_secret_alone(void **state) {
    (void)state;
    uint8_t first[16], second[16];
    memcpy(first, name_of("member one").p, 16), memcpy(second, name_of("member two").p, 16);
    assert_memory_not_equal(first, second, 16);
    assert_memory_equal(name_of("member one").p, first, 16);
    reopen();
    assert_memory_equal(name_of("member one").p, first, 16);
    end(NULL), begin(NULL); /* another vault, another secret */
    assert_memory_not_equal(name_of("member one").p, first, 16);
}

static void a_card_is_named_under_a_key_of_its_own(void **state) {
    (void)state;
    uint8_t member[16], card[16], other[16];
    memcpy(member, name_of("the same bytes").p, 16);
    assert_int_equal(ask(VAULT_CARDS, "the same bytes", NULL), ERR_OK);
    assert_int_equal(reply.n, 1 + VAULT_PSEUDONYM_BYTES);
    memcpy(card, reply.p + 1, 16);
    assert_int_equal(ask(VAULT_CARDS, "other bytes", NULL), ERR_OK);
    memcpy(other, reply.p + 1, 16);
    assert_memory_not_equal(member, card, 16);
    assert_memory_not_equal(other, card, 16);
    reopen();
    assert_int_equal(ask(VAULT_CARDS, "the same bytes", NULL), ERR_OK);
    assert_memory_equal(reply.p + 1, card, 16);
    assert_false(holds("the same bytes"));
}

static void a_room_for_cards_does_nothing_else_and_makes_nothing(void **state) {
    (void)state;
    char folder[SCRATCH_PATH_MAX];
    uint8_t card[16];
    assert_int_equal(ask(VAULT_CARDS, "a card", NULL), ERR_OK);
    memcpy(card, reply.p + 1, 16);
    vault_room_close(room), room = NULL;
    assert_int_equal(vault_room_open_cards(&room, scratch_path(&scratch, "vault", folder), NULL), ERR_OK);
    assert_int_equal(ask(VAULT_CARDS, "a card", NULL), ERR_OK);
    assert_memory_equal(reply.p + 1, card, 16);
    static const struct str others[] = {{"\x01\x01\x01k", 4},
                                        {"\x02\x01\x01k123456789018", 16},
                                        {"\x03", 1},
                                        {"\x04", 1},
                                        {"\x06\x01"
                                         "123456789018",
                                         14}};
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        vault_room_answer(room, others[i], &reply);
        assert_int_equal(reply.n, 1);
        assert_int_equal(reply.p[0], ERR_FORBIDDEN);
    }
    vault_room_close(room), room = NULL;
    assert_int_equal(vault_room_open_cards(&room, scratch_path(&scratch, "none", folder), NULL), ERR_NOT_FOUND);
    assert_int_equal(access(folder, F_OK), -1);
}

static void several_are_named_in_their_order(void **state) {
    (void)state;
    static const char *const keys[] = {"a", "b", "c"};
    char bytes[256];
    uint8_t b_name[16];
    struct buf b = buf_over(bytes, sizeof bytes);
    memcpy(b_name, name_of("b").p, 16);
    vault_room_answer(room, request(&b, VAULT_INTRODUCE, 3, keys, NULL), &reply);
    assert_int_equal(reply.n, 1 + 3 * VAULT_PSEUDONYM_BYTES);
    assert_memory_equal(reply.p + 1 + 16, b_name, 16);
}

static struct str token_of(const char *digits) {
    char bytes[256];
    struct buf b = buf_over(bytes, sizeof bytes);
    buf_u8(&b, VAULT_TOKENS);
    buf_varint(&b, 1);
    for (size_t k = 0; k < 12; k++) buf_u8(&b, (uint8_t)(digits[k] - '0'));
    vault_room_answer(room, buf_str(&b), &reply);
    assert_int_equal(reply.n, 1 + VAULT_TOKEN_BYTES);
    assert_int_equal(reply.p[0], ERR_OK);
    return str_of(reply.p + 1, VAULT_TOKEN_BYTES);
}

static void a_token_depends_on_number_and_secret_alone(void **state) {
    (void)state;
    uint8_t first[VAULT_TOKEN_BYTES];
    memcpy(first, token_of("735192640087").p, sizeof first);
    assert_memory_not_equal(token_of("123456789018").p, first, sizeof first);
    reopen();
    assert_memory_equal(token_of("735192640087").p, first, sizeof first);
    assert_false(holds("735192640087"));
    end(NULL), begin(NULL); /* another vault, another secret */
    assert_memory_not_equal(token_of("735192640087").p, first, sizeof first);
}

static void what_is_kept_is_there_and_what_is_dropped_never_was(void **state) {
    (void)state;
    (void)ask(VAULT_SEAL, "member-dropped", "123456789018");
    assert_int_equal(ask(VAULT_DROP, "", NULL), ERR_OK);
    (void)ask(VAULT_SEAL, "member-kept", "123456789018");
    assert_int_equal(ask(VAULT_KEEP, "", NULL), ERR_OK);
    (void)ask(VAULT_SEAL, "member-forgotten", "123456789018");
    reopen();
    assert_true(holds("member-kept"));
    assert_false(holds("member-dropped"));
    assert_false(holds("member-forgotten"));
    assert_int_equal(ask(VAULT_KEEP, "", NULL), ERR_OK); /* nothing to keep is fine */
}

static void the_number_itself_is_in_no_file(void **state) {
    (void)state;
    (void)ask(VAULT_SEAL, "member", "735192640087");
    assert_int_equal(ask(VAULT_KEEP, "", NULL), ERR_OK);
    assert_false(holds("735192640087"));
    assert_false(scratch_holds(&scratch, S("\x07\x03\x05\x01\x09\x02\x06\x04\x00\x00\x08\x07")));
}

static uint64_t bytes_of_store(void) {
    char path[SCRATCH_PATH_MAX];
    struct buf b;
    uint64_t sum = 0;
    buf_init(&b, 1 << 30);
    assert_int_equal(world_read_file(world_real(), scratch_path(&scratch, "vault/data.mdb", path), &b, NULL), ERR_OK);
    for (size_t i = 0; i < b.n; i++) sum = sum * 31 + (unsigned char)b.p[i];
    buf_fini(&b);
    return sum;
}

static void the_same_number_again_writes_nothing(void **state) {
    (void)state;
    (void)ask(VAULT_SEAL, "member", "123456789018");
    assert_int_equal(ask(VAULT_KEEP, "", NULL), ERR_OK);
    uint64_t before = bytes_of_store();
    (void)ask(VAULT_SEAL, "member", "123456789018");
    assert_int_equal(ask(VAULT_KEEP, "", NULL), ERR_OK);
    assert_true(bytes_of_store() == before);
    (void)ask(VAULT_SEAL, "member", "000000000000");
    assert_int_equal(ask(VAULT_KEEP, "", NULL), ERR_OK);
    assert_false(bytes_of_store() == before);
}

static void a_fault_of_a_seal_is_told_when_it_is_to_be_kept(void **state) {
    (void)state;
    (void)ask(VAULT_SEAL, "member-good", "123456789018");
    vault_room_answer(room, S("\x02\x01\x03"), &reply); /* cut off */
    assert_int_equal(reply.n, 0);
    assert_int_equal(ask(VAULT_KEEP, "", NULL), ERR_SYNTAX);
    assert_int_equal(ask(VAULT_KEEP, "", NULL), ERR_OK);
    reopen();
    assert_false(holds("member-good"));
}

static void what_is_no_request_is_answered_with_an_error(void **state) {
    (void)state;
    static const struct {
        const char *what;
        struct str bytes;
    } rows[] = {
        {"nothing", {"", 0}},
        {"unknown", {"\x09", 1}},
        {"zero", {"\0", 1}},
        {"count missing", {"\x01", 1}},
        {"key missing", {"\x01\x01", 2}},
        {"key empty", {"\x01\x01\x00", 3}},
        {"key cut",
         {"\x01\x01\x05"
          "ab",
          5}},
        {"something behind",
         {"\x01\x01\x01"
          "ab",
          5}},
        {"too many", {"\x01\xff\xff\xff\x7f", 5}},
        {"count beyond 64 bits", {"\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 11}},
        {"keep with more", {"\x03\x01", 2}},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        vault_room_answer(room, rows[i].bytes, &reply);
        row_check(reply.n == 1 && reply.p[0] == ERR_SYNTAX, rows[i].what);
    }
}

static void feed(void *context, struct str s) {
    (void)context;
    vault_room_answer(room, s, &reply);
    assert_true(reply.n == 0 || reply.p[0] != ERR_OK || (reply.n - 1) % VAULT_PSEUDONYM_BYTES == 0);
    vault_room_answer(room, S("\x04"), &reply);
    assert_true(reply.n == 1 && reply.p[0] == ERR_OK);
}

static void hostile_requests_do_no_harm(void **state) {
    (void)state;
    char bytes[256];
    struct buf b = buf_over(bytes, sizeof bytes);
    static const char *const keys[] = {"first", "second"};
    assert_true(hostile_all(request(&b, VAULT_INTRODUCE, 2, keys, NULL), feed, NULL) > 0);
    assert_true(hostile_all(request(&b, VAULT_SEAL, 2, keys, "123456789018"), feed, NULL) > 0);
    (void)name_of("still there");
}

static void the_key_is_for_its_owner_alone_and_must_be_whole(void **state) {
    (void)state;
    char path[SCRATCH_PATH_MAX], folder[SCRATCH_PATH_MAX];
    struct stat st;
    struct vault_room *second = NULL;
    struct diag d = {0};
    assert_int_equal(stat(scratch_path(&scratch, "vault/key", path), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(st.st_size, 32);
    vault_room_close(room), room = NULL;
    assert_int_equal(truncate(path, 31), 0);
    assert_int_equal(vault_room_open(&second, scratch_path(&scratch, "vault", folder), &d), ERR_CORRUPT);
}

/* ---- the process ---- */

static void a_vault_process_seals_and_names(void **state) {
    (void)state;
    struct vault_client c;
    struct mynumber m;
    struct diag d = {0};
    struct vault_entry entries[2] = {{.member_key = S("one")}, {.member_key = S("two")}};
    vault_room_close(room), room = NULL;
    assert_int_equal(vault_start(&c, "/proc/self/exe", scratch.folder, &d), ERR_OK);
    assert_int_equal(vault_introduce(&c, entries, 2, &d), ERR_OK);
    assert_memory_not_equal(entries[0].pseudonym, entries[1].pseudonym, 16);
    assert_int_equal(mynumber_parse(S("123456789018"), &m), ERR_OK);
    struct vault_number n = {S("member-sealed"), &m};
    for (unsigned i = 0; i < 100; i++) assert_int_equal(vault_seal(&c, &n, 1, &d), ERR_OK);
    assert_int_equal(vault_keep(&c, &d), ERR_OK);
    n.member_key = S("member-dropped");
    assert_int_equal(vault_seal(&c, &n, 1, &d), ERR_OK);
    assert_int_equal(vault_drop(&c, &d), ERR_OK);
    vault_close(&c);
    assert_true(holds("member-sealed"));
    assert_false(holds("member-dropped"));
}

static void a_process_for_cards_names_one(void **state) {
    (void)state;
    struct vault_client c;
    struct diag d = {0};
    uint8_t name[16];
    assert_int_equal(ask(VAULT_CARDS, "a card", NULL), ERR_OK);
    vault_room_close(room), room = NULL;
    assert_int_equal(vault_start_cards(&c, "/proc/self/exe", scratch.folder, &d), ERR_OK);
    assert_int_equal(vault_name_card(&c, S("a card"), name, &d), ERR_OK);
    assert_memory_equal(reply.p + 1, name, 16);
    assert_int_equal(vault_keep(&c, &d), ERR_FORBIDDEN);
    assert_int_equal(kill(c.process, SIGKILL), 0);
    assert_int_equal(vault_name_card(&c, S("a card"), name, &d), ERR_UNAVAILABLE);
    vault_close(&c);
}

static void a_vault_that_is_killed_is_an_error_and_no_wait(void **state) {
    (void)state;
    struct vault_client c;
    struct diag d = {0};
    struct vault_entry entry = {.member_key = S("one")};
    vault_room_close(room), room = NULL;
    assert_int_equal(vault_start(&c, "/proc/self/exe", scratch.folder, &d), ERR_OK);
    assert_int_equal(kill(c.process, SIGKILL), 0);
    assert_int_equal(vault_introduce(&c, &entry, 1, &d), ERR_UNAVAILABLE);
    assert_int_equal(vault_keep(&c, &d), ERR_UNAVAILABLE);
    vault_close(&c);
}

static void a_vault_that_cannot_open_says_why(void **state) {
    (void)state;
    struct vault_client c;
    struct diag d = {0};
    char path[SCRATCH_PATH_MAX];
    vault_room_close(room), room = NULL;
    assert_int_equal(truncate(scratch_path(&scratch, "vault/key", path), 3), 0);
    assert_int_equal(vault_start(&c, "/proc/self/exe", scratch.folder, &d), ERR_CORRUPT);
    assert_string_equal(d.where, "vault");
}

static void a_message_too_long_for_the_reader_is_refused(void **state) {
    (void)state;
    int pair[2];
    struct buf small;
    struct diag d = {0};
    buf_init(&small, 8);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(wire_send(pair[0], S("123456789"), &d), ERR_OK);
    assert_int_equal(wire_receive(pair[1], &small, &d), ERR_LIMIT);
    assert_int_equal(write(pair[0],
                           "\x05\0\0\0"
                           "ab",
                           6),
                     6);
    close(pair[0]);
    char rest[9];
    assert_int_equal(read(pair[1], rest, sizeof rest), 9);
    assert_int_equal(wire_receive(pair[1], &small, &d), ERR_UNAVAILABLE); /* broke in the middle */
    assert_int_equal(wire_receive(pair[1], &small, &d), ERR_NOT_FOUND);   /* and between messages */
    close(pair[1]);
    buf_fini(&small);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        TEST(a_pseudonym_depends_on_member_and_secret_alone),
        TEST(a_card_is_named_under_a_key_of_its_own),
        TEST(a_room_for_cards_does_nothing_else_and_makes_nothing),
        TEST(several_are_named_in_their_order),
        TEST(a_token_depends_on_number_and_secret_alone),
        TEST(what_is_kept_is_there_and_what_is_dropped_never_was),
        TEST(the_number_itself_is_in_no_file),
        TEST(the_same_number_again_writes_nothing),
        TEST(a_fault_of_a_seal_is_told_when_it_is_to_be_kept),
        TEST(what_is_no_request_is_answered_with_an_error),
        TEST(hostile_requests_do_no_harm),
        TEST(the_key_is_for_its_owner_alone_and_must_be_whole),
        TEST(a_vault_process_seals_and_names),
        TEST(a_process_for_cards_names_one),
        TEST(a_vault_that_is_killed_is_an_error_and_no_wait),
        TEST(a_vault_that_cannot_open_says_why),
        TEST(a_message_too_long_for_the_reader_is_refused),
    };
    if (import_play_vault(argc, argv)) return 0;
    return cmocka_run_group_tests_name("vault", tests, NULL, NULL);
}
