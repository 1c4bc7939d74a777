#include "base/powers.h"

#include <errno.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* A list of what stays, so that a system call nobody thought of is gone too. */
static const int kept[] = {
    SCMP_SYS(read),         SCMP_SYS(pread64),        SCMP_SYS(readv),        SCMP_SYS(write),
    SCMP_SYS(writev),       SCMP_SYS(lseek),          SCMP_SYS(close),        SCMP_SYS(fstat),
    SCMP_SYS(munmap),       SCMP_SYS(mremap),         SCMP_SYS(madvise),      SCMP_SYS(brk),
    SCMP_SYS(futex),        SCMP_SYS(clock_gettime),  SCMP_SYS(gettimeofday), SCMP_SYS(time),
    SCMP_SYS(getrandom),    SCMP_SYS(getpid),         SCMP_SYS(gettid),       SCMP_SYS(sched_yield),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction), SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),         SCMP_SYS(exit_group),
};

static int limit(int what, uint64_t value) {
    const struct rlimit l = {value, value};
    return setrlimit((__rlimit_resource_t)what, &l) == 0 ? 0 : -errno;
}

/* Memory that is both written and run is where an attack begins. */
static int keep_memory(scmp_filter_ctx f) {
    const struct scmp_arg_cmp not_run = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    int code = seccomp_rule_add_array(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, &not_run);
    return code ? code : seccomp_rule_add_array(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, &not_run);
}

static int filter(void) {
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int code = f ? 0 : -ENOMEM;
    for (size_t i = 0; code == 0 && i < ARRAY_LEN(kept); i++) code = seccomp_rule_add(f, SCMP_ACT_ALLOW, kept[i], 0);
    if (code == 0) code = keep_memory(f);
    if (code == 0) code = seccomp_load(f); /* sets no_new_privs */
    if (f) seccomp_release(f);
    return code;
}

enum err powers_keep_computing(const struct powers_limits *l, struct diag *d) {
    int code = prctl(PR_SET_DUMPABLE, 0) == 0 ? 0 : -errno;
    if (code == 0) code = limit(RLIMIT_CORE, 0);
    if (code == 0) code = limit(RLIMIT_FSIZE, 0);
    if (code == 0) code = limit(RLIMIT_CPU, l->cpu_seconds);
    if (code == 0) code = limit(RLIMIT_AS, l->memory_bytes);
    if (code == 0) code = filter();
    return code == 0 ? ERR_OK : diag_set(d, ERR_IO, "powers", "%s", strerrorname_np(-code));
}
