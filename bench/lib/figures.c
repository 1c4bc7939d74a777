#include "bench/lib/figures.h"

#include "base/str.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void must(bool ok, const char *what) {
    if (ok) return;
    fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
    exit(1);
}

static uint64_t clock_ns(clockid_t id) {
    struct timespec t;
    must(clock_gettime(id, &t) == 0, "clock");
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t steady_ns(void) { return clock_ns(CLOCK_MONOTONIC); }
uint64_t thread_cpu_ns(void) { return clock_ns(CLOCK_THREAD_CPUTIME_ID); }
uint64_t process_cpu_ns(void) { return clock_ns(CLOCK_PROCESS_CPUTIME_ID); }

uint64_t cpu_of_ns(const pid_t *pids, size_t count) {
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        clockid_t id;
        errno = clock_getcpuclockid(pids[i], &id);
        must(errno == 0, "the server's CPU clock");
        sum += clock_ns(id);
    }
    return sum;
}

uint64_t read_number(const char *text, uint64_t max, const char *what) {
    uint64_t v = 0;
    if (str_uint(str_c(text), max, &v)) return v;
    fprintf(stderr, "bench: %s: a number up to %llu\n", what, (unsigned long long)max);
    exit(2);
}

size_t read_pids(const char *text, pid_t *pids) {
    struct str rest = str_c(text);
    size_t n = 0;
    uint64_t v = 0;
    while (rest.n && n < PIDS_MAX && str_uint(str_cut(&rest, ','), INT32_MAX, &v)) pids[n++] = (pid_t)v;
    must(rest.n == 0, "pids");
    return n;
}

int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

double median(double *v, size_t n) {
    qsort(v, n, sizeof *v, by_value);
    return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

double permille(const double *v, size_t n, unsigned p) { return n ? v[(n - 1) * p / 1000] : 0; }

uint64_t next_random(uint64_t *state) {
    uint64_t x = *state;
    x ^= x << 13, x ^= x >> 7, x ^= x << 17;
    return *state = x;
}
