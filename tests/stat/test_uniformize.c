/**
 * @file test_uniformize.c
 * @brief People through a chain against expm(Q t), Poisson jumps and expected transitions.
 *
 * About 240 tests, each at alpha = 1e-3 / 250, fixed seeds; R = 20,000 runs a case. Found with
 * power 0.9 where 200 people run: a shift of an end probability by 0.003 standard deviations of one
 * person, an error of the variance of a class by 8 %, of a number of transitions a shift by 0.042
 * standard deviations of one run.
 *
 * Usage: test_uniformize [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "law.h"
#include "num/uniformize.h"
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_randist.h>
#include <stdio.h>

enum { R = 20000, CASES = 250, K = 3 };

static const double alpha = 1e-3 / CASES;

/* unemployed, informal, formal: the work chain of the small world, a year */
static const double work[K * K] = {0.0, 3.0, 0.0, 0.75, 0.0, 0.11, 0.15, 0.15, 0.0};
static const double days[] = {1.0, 7.0, 30.0, 90.0, 365.0, 3650.0};

static sj_rng rng_of(uint32_t day)
{
    return sj_rng_start(sj_rng_key_of(777, 0), 12, day, 0);
}

static void hold(double p_value, const char *what, double a, double b)
{
    if (!(p_value > alpha)) {
        fail_msg("%s, case (%.17g, %.17g): p = %.3g", what, a, b, p_value);
    }
}

/** expm(Q t) into law[k * k], and the integral of expm(Q s) over 0 ... t into stay[k * k], from the
 * exponential of the matrix (Q I; 0 0). */
static void exact(size_t k, const double rate[], double time, double law[], double stay[])
{
    gsl_matrix *a = gsl_matrix_calloc(2 * k, 2 * k), *e = gsl_matrix_calloc(2 * k, 2 * k);
    for (size_t i = 0; i < k; i++) {
        double out = 0.0;
        for (size_t j = 0; j < k; j++) {
            out += j == i ? 0.0 : rate[i * k + j];
            gsl_matrix_set(a, i, j, rate[i * k + j] * time);
        }
        gsl_matrix_set(a, i, i, -out * time);
        gsl_matrix_set(a, i, k + i, time);
    }
    gsl_linalg_exponential_ss(a, e, GSL_PREC_DOUBLE);
    for (size_t i = 0; i < k * k; i++) {
        law[i] = gsl_matrix_get(e, i / k, i % k);
        stay[i] = gsl_matrix_get(e, i / k, k + i % k);
    }
    gsl_matrix_free(a);
    gsl_matrix_free(e);
}

/** Everybody starts in one class: each end class is binomial, all runs together multinomial. */
static void check_ends(sj_rng *rng, size_t from, int64_t n, double time)
{
    double law[K * K], stay[K * K], p[K];
    int64_t total[K] = {0}, *seen[K];
    exact(K, work, time, law, stay);
    for (size_t i = 0; i < K; i++) {
        seen[i] = calloc((size_t)n + 1, sizeof *seen[i]);
    }
    for (int r = 0; r < R; r++) {
        int64_t count[K] = {0};
        count[from] = n;
        sj_uniformize(rng, K, work, time, count, NULL);
        assert_true(count[0] + count[1] + count[2] == n);
        for (size_t i = 0; i < K; i++) {
            assert_true(count[i] >= 0);
            total[i] += count[i];
            seen[i][count[i]]++;
        }
    }
    for (size_t i = 0; i < K; i++) {
        p[i] = law[from * K + i];
    }
    hold(chi_square(K, total, p, (double)R * (double)n), "all ends", (double)n, time);
    for (size_t i = 0; i < K; i++) {
        double *pdf = calloc((size_t)n + 1, sizeof *pdf);
        for (int64_t x = 0; x <= n; x++) {
            pdf[x] = gsl_ran_binomial_pdf((unsigned)x, p[i], (unsigned)n);
        }
        hold(chi_square((size_t)n + 1, seen[i], pdf, R), "one end", (double)n, time);
        free(pdf);
        free(seen[i]);
    }
}

static void test_ends(void **state)
{
    (void)state;
    const int64_t n[] = {1, 200};
    for (size_t c = 0; c < 2; c++) {
        for (size_t d = 0; d < sizeof days / sizeof days[0]; d++) {
            for (size_t from = 0; from < K; from++) {
                sj_rng rng = rng_of((uint32_t)(100 * c + 10 * d + from));
                check_ends(&rng, from, n[c], days[d] / 365.25);
            }
        }
    }
}

/** Two steps of 45 days and one of 90 have one law; so has a mixed start. */
static void test_steps_compose(void **state)
{
    (void)state;
    double law[K * K], stay[K * K];
    int64_t total[K] = {0};
    double p[K] = {0.0};
    const int64_t start[K] = {36, 124, 40};
    exact(K, work, 90.0 / 365.25, law, stay);
    sj_rng rng = rng_of(300);
    for (int r = 0; r < R; r++) {
        int64_t count[K];
        memcpy(count, start, sizeof start);
        sj_uniformize(&rng, K, work, 45.0 / 365.25, count, NULL);
        sj_uniformize(&rng, K, work, 45.0 / 365.25, count, NULL);
        for (size_t i = 0; i < K; i++) {
            total[i] += count[i];
        }
    }
    for (size_t i = 0; i < K; i++) { /* means; the variance is that of three binomials */
        double variance = 0.0;
        for (size_t from = 0; from < K; from++) {
            double q = law[from * K + i];
            p[i] += (double)start[from] * q;
            variance += (double)start[from] * q * (1.0 - q);
        }
        double z = ((double)total[i] - R * p[i]) / sqrt(R * variance);
        hold(z_value(z), "two steps", (double)i, 0);
    }
}

/** Numbers of transitions: consistent with the net change, and as expected. */
static void check_moves(sj_rng *rng, double time, const int64_t start[K])
{
    double law[K * K], stay[K * K];
    double sum[K * K] = {0.0}, squares[K * K] = {0.0};
    exact(K, work, time, law, stay);
    for (int r = 0; r < R; r++) {
        int64_t count[K], moves[K * K] = {0};
        memcpy(count, start, sizeof count);
        sj_uniformize(rng, K, work, time, count, moves);
        for (size_t i = 0; i < K; i++) {
            int64_t net = 0;
            for (size_t j = 0; j < K; j++) {
                net += moves[j * K + i] - moves[i * K + j];
            }
            assert_true(moves[i * K + i] == 0 && count[i] == start[i] + net);
        }
        for (size_t i = 0; i < K * K; i++) {
            sum[i] += (double)moves[i];
            squares[i] += (double)moves[i] * (double)moves[i];
        }
    }
    for (size_t i = 0; i < K * K; i++) {
        double expected = 0.0;
        for (size_t from = 0; from < K; from++) {
            expected += (double)start[from] * stay[from * K + i / K] * work[i];
        }
        double mean = sum[i] / R, variance = squares[i] / R - mean * mean;
        if (!(expected > 0.0)) {
            assert_true(sum[i] == 0.0);
        } else if (expected * R > 1000.0) {
            hold(z_value((mean - expected) / sqrt(variance / R)), "moves", time, (double)i);
        }
    }
}

static void test_moves(void **state)
{
    (void)state;
    const int64_t mixed[K] = {180, 620, 200}, one[K] = {1, 0, 0};
    for (size_t d = 0; d < sizeof days / sizeof days[0]; d++) {
        sj_rng rng = rng_of((uint32_t)(400 + d));
        check_moves(&rng, days[d] / 365.25, mixed);
        check_moves(&rng, days[d] / 365.25, one);
    }
}

/** In a ring of equal rates every jump is a transition: a person makes Poisson(t) of them. Means at
 * both sides of where time is cut into pieces. */
static void test_jumps_are_poisson(void **state)
{
    (void)state;
    const double mean[] = {1e-3, 0.3, 5.0, 31.9, 32.1, 100.0};
    const double ring[K * K] = {0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0};
    for (size_t c = 0; c < sizeof mean / sizeof mean[0]; c++) {
        int64_t seen[401] = {0};
        double pdf[401];
        sj_rng rng = rng_of((uint32_t)(500 + c));
        for (int r = 0; r < 10 * R; r++) {
            int64_t count[K] = {0, 1, 0}, moves[K * K] = {0}, sum = 0;
            sj_uniformize(&rng, K, ring, mean[c], count, moves);
            for (size_t i = 0; i < K * K; i++) {
                sum += moves[i];
            }
            assert_true(sum <= 400);
            seen[sum]++;
        }
        for (unsigned i = 0; i <= 400; i++) {
            pdf[i] = gsl_ran_poisson_pdf(i, mean[c]);
        }
        hold(chi_square(401, seen, pdf, 10.0 * R), "jumps", mean[c], 0);
    }
}

/** Two thousand million people: means to one part in 10^5. */
static void test_huge_counts(void **state)
{
    (void)state;
    double law[K * K], stay[K * K];
    const double n = 2147483648.0;
    exact(K, work, 90.0 / 365.25, law, stay);
    sj_rng rng = rng_of(600);
    for (int r = 0; r < 10; r++) {
        int64_t count[K] = {(int64_t)n, 0, 0};
        sj_uniformize(&rng, K, work, 90.0 / 365.25, count, NULL);
        for (size_t i = 0; i < K; i++) {
            double z = ((double)count[i] - n * law[i]) / sqrt(n * law[i] * (1.0 - law[i]));
            hold(z_value(z), "huge", (double)i, r);
        }
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ends),        cmocka_unit_test(test_steps_compose),
        cmocka_unit_test(test_moves),       cmocka_unit_test(test_jumps_are_poisson),
        cmocka_unit_test(test_huge_counts),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
