#include "base/powers.h"

#include "lib/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* AddressSanitizer's shadow is larger than any memory: under it the limit is no limit, and what is claimed of it is not tried. */
#ifdef __SANITIZE_ADDRESS__
#define LIMIT_BYTES ((uint64_t)1 << 62)
#else
#define LIMIT_BYTES ((uint64_t)512 << 20)
#endif

/* What the child found, one bit a claim; it has no other way to tell. */
enum { GAVE_UP = 1, NO_FILE = 2, NO_PROCESS = 4, NO_SOCKET = 8, NO_PROGRAM_TEXT = 16, COMPUTES = 32 };

static bool denied(bool failed) { return failed && errno == EPERM; }

static int look_around(void) {
    const struct powers_limits limits = {LIMIT_BYTES, 10};
    int found = powers_keep_computing(&limits, NULL) == ERR_OK ? GAVE_UP : 0;
    if (denied(open("/etc/passwd", O_RDONLY) < 0)) found |= NO_FILE;
    if (denied(fork() < 0)) found |= NO_PROCESS;
    if (denied(socket(AF_INET, SOCK_STREAM, 0) < 0)) found |= NO_SOCKET;
    if (denied(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED))
        found |= NO_PROGRAM_TEXT;
    if (mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED) found |= COMPUTES;
    return found;
}

static int in_child(int (*does)(void)) {
    int status = 0;
    pid_t pid = fork();
    while (pid == 0)
        syscall(SYS_exit_group, does()); /* not _exit(): the sanitizer makes system calls of its own before it */
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

enum { WANTED = GAVE_UP | NO_FILE | NO_PROCESS | NO_SOCKET | NO_PROGRAM_TEXT | COMPUTES };

static void what_is_given_up_is_gone_and_computing_stays(void **state) {
    (void)state;
    assert_int_equal(in_child(look_around), WANTED);
}

static int takes_too_much(void) {
    const struct powers_limits limits = {LIMIT_BYTES, 10};
    if (powers_keep_computing(&limits, NULL) != ERR_OK) return 1;
    return mmap(NULL, LIMIT_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? 42 : 2;
}

static void memory_has_its_limit(void **state) {
    (void)state;
    if (LIMIT_BYTES > (uint64_t)1 << 40) skip();
    assert_int_equal(in_child(takes_too_much), 42);
}

static int computes_for_ever(void) {
    const struct powers_limits limits = {LIMIT_BYTES, 1};
    volatile unsigned n = 0;
    if (powers_keep_computing(&limits, NULL) != ERR_OK) return 1;
    for (;;) n++;
}

static void computing_for_ever_ends(void **state) {
    (void)state;
    assert_true(in_child(computes_for_ever) < 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_given_up_is_gone_and_computing_stays),
        cmocka_unit_test(memory_has_its_limit),
        cmocka_unit_test(computing_for_ever_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
