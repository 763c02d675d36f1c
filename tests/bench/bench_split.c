/**
 * @file bench_split.c
 * @brief What a draw costs, against GSL on its mt19937: both alternated in one run, medians.
 *
 * CPU time of the thread. Judge the ratios: the machine may be shared.
 * Usage: bench_split [rounds], default 9.
 */
#include "num/draw.h"
#include <gsl/gsl_randist.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { K_MAX = 100, MAX_ROUNDS = 99 };

/** What one row of the table times. */
typedef struct bench_case {
    const char *name;
    int64_t n, other, draw; /* hypergeometric: marked, plain, draw */
    double p;               /* or mean */
    size_t k;
    double goal; /* ratio to reach, 0 = none stated */
    int repeats; /* draws of one measurement */
    void (*ours)(struct bench_case *bench);
    void (*theirs)(struct bench_case *bench);
    sj_rng rng;
    gsl_rng *gsl;
    sj_split *split;
    double weight[K_MAX];
    int64_t sum; /* keeps the results from being optimised away */
} bench_case;

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void our_split(bench_case *b)
{
    int64_t out[K_MAX];
    sj_split_draw(b->split, &b->rng, b->n, out);
    b->sum += out[b->k - 1];
}

static void gsl_split(bench_case *b)
{
    unsigned out[K_MAX];
    gsl_ran_multinomial(b->gsl, b->k, (unsigned)b->n, b->weight, out);
    b->sum += out[b->k - 1];
}

static void our_uniform(bench_case *b)
{
    b->sum += sj_rng_uniform(&b->rng) < 0.5;
}

static void gsl_uniform(bench_case *b)
{
    b->sum += gsl_rng_uniform(b->gsl) < 0.5;
}

/** A decision of its own for every number. */
static void our_decision(bench_case *b)
{
    sj_rng rng = sj_rng_start(b->rng.key, (uint64_t)b->sum * 77, 5, 0);
    b->sum += 1 + (sj_rng_uniform(&rng) < 0.5);
}

static void our_binomial(bench_case *b)
{
    b->sum += sj_draw_binomial(&b->rng, b->n, b->p);
}

static void gsl_binomial(bench_case *b)
{
    b->sum += gsl_ran_binomial(b->gsl, b->p, (unsigned)b->n);
}

static void our_poisson(bench_case *b)
{
    b->sum += sj_draw_poisson(&b->rng, b->p);
}

static void gsl_poisson(bench_case *b)
{
    b->sum += gsl_ran_poisson(b->gsl, b->p);
}

static void our_hypergeometric(bench_case *b)
{
    b->sum += sj_draw_hypergeometric(&b->rng, b->n, b->other, b->draw);
}

static void gsl_hypergeometric(bench_case *b)
{
    b->sum += gsl_ran_hypergeometric(b->gsl, (unsigned)b->n, (unsigned)b->other, (unsigned)b->draw);
}

#define SPLIT(NAME, N, K, GOAL, REPEATS)                                                           \
    {                                                                                              \
        .name = NAME, .n = N, .k = K, .goal = GOAL, .repeats = REPEATS, .ours = our_split,         \
        .theirs = gsl_split                                                                        \
    }
#define BINOMIAL(NAME, N, P)                                                                       \
    {                                                                                              \
        .name = NAME, .n = N, .p = P, .repeats = 20000, .ours = our_binomial,                      \
        .theirs = gsl_binomial                                                                     \
    }
#define POISSON(NAME, MEAN)                                                                        \
    {                                                                                              \
        .name = NAME, .p = MEAN, .repeats = 10000, .ours = our_poisson, .theirs = gsl_poisson      \
    }
#define URN(NAME, MARKED, PLAIN, DRAW, REPEATS)                                                    \
    {                                                                                              \
        .name = NAME, .n = MARKED, .other = PLAIN, .draw = DRAW, .repeats = REPEATS,               \
        .ours = our_hypergeometric, .theirs = gsl_hypergeometric                                   \
    }

static bench_case cases[] = {
    SPLIT("split K=20 n=1e3", 1000, 20, 5.0, 10000),
    SPLIT("split K=100 n=1e3", 1000, 100, 15.0, 5000),
    SPLIT("split K=20 n=1e6", 1000000, 20, 1.4, 5000),
    SPLIT("split K=100 n=1e6", 1000000, 100, 1.4, 1000),
    SPLIT("split K=20 n=10", 10, 20, 0.0, 20000),
    {.name = "uniform", .repeats = 200000, .ours = our_uniform, .theirs = gsl_uniform},
    {.name = "start + uniform", .repeats = 100000, .ours = our_decision, .theirs = gsl_uniform},
    BINOMIAL("binomial 10, .05", 10, 0.05),
    BINOMIAL("binomial 1e3, 1e-5", 1000, 1e-5),
    BINOMIAL("binomial 1e3, .001", 1000, 0.001),
    BINOMIAL("binomial 1e3, .005", 1000, 0.005),
    BINOMIAL("binomial 1e3, .0099", 1000, 0.0099),
    BINOMIAL("binomial 1e3, .013", 1000, 0.013),
    BINOMIAL("binomial 1e3, .018", 1000, 0.018),
    BINOMIAL("binomial 1e3, .05", 1000, 0.05),
    BINOMIAL("binomial 1e3, .3", 1000, 0.3),
    BINOMIAL("binomial 1e6, 1e-5", 1000000, 1e-5),
    BINOMIAL("binomial 1e6, .3", 1000000, 0.3),
    POISSON("poisson 0.1", 0.1),
    POISSON("poisson 5", 5.0),
    POISSON("poisson 11", 11.0),
    POISSON("poisson 15", 15.0),
    POISSON("poisson 1e3", 1000.0),
    POISSON("poisson 1e6", 1e6),
    URN("urn 50 of 1000, draw 10", 50, 950, 10, 20000),
    URN("urn 300 of 1e3, draw 50", 300, 700, 50, 5000),
    URN("urn 300 of 1e3, draw 80", 300, 700, 80, 5000),
    URN("urn 300 of 1e4, draw 1e3", 300, 9700, 1000, 1000),
    URN("urn 3e5 of 1e6, draw 1e4", 300000, 700000, 10000, 100),
};

/** 95 % stay, the others go to classes of unequal weight. */
static void make_weights(bench_case *b)
{
    double sum = 0.0;
    for (size_t i = 1; i < b->k; i++) {
        sum += 1.0 + (double)(i * 7 % 13);
    }
    b->weight[0] = 0.95;
    for (size_t i = 1; i < b->k; i++) {
        b->weight[i] = 0.05 * (1.0 + (double)(i * 7 % 13)) / sum;
    }
    b->split = sj_split_new(b->k, b->weight);
    if (b->split == NULL) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
}

static double measure(bench_case *b, void (*draw)(bench_case *))
{
    double start = now_ns();
    for (int i = 0; i < b->repeats; i++) {
        draw(b);
    }
    return (now_ns() - start) / b->repeats;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double sample[], int n)
{
    qsort(sample, (size_t)n, sizeof sample[0], compare);
    return sample[n / 2];
}

static int64_t run_case(bench_case *b, int rounds, gsl_rng *gsl)
{
    double ours[MAX_ROUNDS], theirs[MAX_ROUNDS], ratio[MAX_ROUNDS];
    b->gsl = gsl;
    b->rng = sj_rng_start(sj_rng_key_of(1, 0), 7, 0, 0);
    if (b->k > 0) {
        make_weights(b);
    }
    for (int i = 0; i < rounds; i++) {
        ours[i] = measure(b, b->ours);
        theirs[i] = measure(b, b->theirs);
        ratio[i] = theirs[i] / ours[i];
    }
    printf("%-26s %10.1f %10.1f %8.2f", b->name, median(ours, rounds), median(theirs, rounds),
           median(ratio, rounds));
    if (b->goal > 0.0) {
        printf("   goal %.1f", b->goal);
    }
    putchar('\n');
    sj_split_free(b->split);
    return b->sum;
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 9;
    if (rounds < 1 || rounds > MAX_ROUNDS) {
        fputs("rounds: 1 ... 99\n", stderr);
        return 2;
    }
    gsl_rng *gsl = gsl_rng_alloc(gsl_rng_mt19937);
    if (gsl == NULL) {
        return 1;
    }
    int64_t sum = 0;
    printf("%-26s %10s %10s %8s   (ns a draw, medians of %d)\n", "", "ours", "GSL", "ratio",
           rounds);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sum += run_case(&cases[i], rounds, gsl);
    }
    gsl_rng_free(gsl);
    return sum == 42; /* the sum is used, so nothing above is left out */
}
