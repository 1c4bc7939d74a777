/* What the benches share: clocks, CPU of other processes, medians, and dying with a word. */
#ifndef BENCH_LIB_FIGURES_H
#define BENCH_LIB_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { ROUNDS_MIN = 5, ROUNDS_MAX = 99, PIDS_MAX = 64 };

/* Ends the program with `what` and errno's text unless ok. */
void must(bool ok, const char *what);
uint64_t steady_ns(void);
uint64_t thread_cpu_ns(void);
uint64_t process_cpu_ns(void);
/* user+sys of processes and all their threads so far. */
uint64_t cpu_of_ns(const pid_t *pids, size_t count);
/* "12,34" → pids; returns how many. */
size_t read_pids(const char *text, pid_t *pids);
uint64_t read_number(const char *text, uint64_t max, const char *what);

/* Sorts v. */
double median(double *v, size_t n);
/* The p-th of 1000 of sorted v. */
double permille(const double *v, size_t n, unsigned p);
int by_value(const void *a, const void *b);
/* xorshift: the same keys in every run */
uint64_t next_random(uint64_t *state);

#endif
