/**
 * @file test_num_uniformize.c
 * @brief Chains that stand still, bookkeeping of transitions, stationary laws by hand and by
 * solving; the law of a run is in stat/.
 *
 * Usage: test_num_uniformize [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "num/uniformize.h"
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <string.h>

static void is_near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance)) {
        fail_msg("%.17g is not %.17g", got, expected);
    }
}

static const double work[9] = {0.0, 3.0, 0.0, 0.75, 0.0, 0.11, 0.15, 0.15, 0.0};

static sj_rng rng_of(uint32_t day)
{
    return sj_rng_start(sj_rng_key_of(2, 0), 4, day, 0);
}

/** Rates 0 or time 0: nobody moves, nothing is drawn. The diagonal does not count. */
static void test_nobody_moves(void **state)
{
    (void)state;
    const double none[9] = {5.0, 0.0, 0.0, 0.0, 5.0, 0.0, 0.0, 0.0, 5.0};
    sj_rng rng = rng_of(1);
    int64_t count[3] = {10, 0, 2147483648}, moves[9] = {0};
    sj_uniformize(&rng, 3, none, 10.0, count, moves);
    sj_uniformize(&rng, 3, work, 0.0, count, moves);
    assert_true(count[0] == 10 && count[1] == 0 && count[2] == 2147483648);
    for (int i = 0; i < 9; i++) {
        assert_true(moves[i] == 0);
    }
    assert_true(rng.counter[0] == 0);
}

static void test_nobody_there(void **state)
{
    (void)state;
    sj_rng rng = rng_of(2);
    int64_t count[3] = {0, 0, 0};
    sj_uniformize(&rng, 3, work, 1.0, count, NULL);
    assert_true(count[0] == 0 && count[1] == 0 && count[2] == 0);
}

/** From class 0 only to class 1, which nobody leaves: in the long run all are there. */
static void test_absorbing(void **state)
{
    (void)state;
    const double rate[4] = {0.0, 2.0, 0.0, 0.0};
    sj_rng rng = rng_of(3);
    int64_t count[2] = {1000, 5}, moves[4] = {0, 7, 0, 0};
    sj_uniformize(&rng, 2, rate, 1000.0, count, moves);
    assert_true(count[0] == 0 && count[1] == 1005);
    assert_true(moves[1] == 1007 && moves[0] == 0 && moves[2] == 0 && moves[3] == 0);
}

/** Counting the transitions changes no draw; one class is a chain too; the largest chain works. */
static void test_bookkeeping(void **state)
{
    (void)state;
    double rate[SJ_CHAIN_MAX * SJ_CHAIN_MAX];
    for (size_t i = 0; i < SJ_CHAIN_MAX * SJ_CHAIN_MAX; i++) {
        rate[i] = (double)(i * 5 % 7) * 0.2;
    }
    for (uint32_t day = 0; day < 300; day++) {
        sj_rng a = rng_of(100 + day), b = a;
        int64_t start[SJ_CHAIN_MAX] = {100, 0, 3, 1, 5000, 0, 1, 20};
        int64_t x[SJ_CHAIN_MAX], y[SJ_CHAIN_MAX];
        int64_t moves[SJ_CHAIN_MAX * SJ_CHAIN_MAX] = {0};
        memcpy(x, start, sizeof x);
        memcpy(y, start, sizeof y);
        sj_uniformize(&a, SJ_CHAIN_MAX, rate, 0.01 * day, x, moves);
        sj_uniformize(&b, SJ_CHAIN_MAX, rate, 0.01 * day, y, NULL);
        assert_memory_equal(x, y, sizeof x);
        for (size_t i = 0; i < SJ_CHAIN_MAX; i++) {
            int64_t net = 0;
            for (size_t j = 0; j < SJ_CHAIN_MAX; j++) {
                net += moves[j * SJ_CHAIN_MAX + i] - moves[i * SJ_CHAIN_MAX + j];
                assert_true(rate[i * SJ_CHAIN_MAX + j] > 0.0 || moves[i * SJ_CHAIN_MAX + j] == 0);
            }
            assert_true(x[i] >= 0 && x[i] == start[i] + net);
        }
    }
    sj_rng rng = rng_of(4);
    int64_t alone[1] = {6};
    const double self[1] = {3.0};
    sj_uniformize(&rng, 1, self, 1.0, alone, NULL);
    assert_true(alone[0] == 6);
}

/** Shares of a chain solved by LU: pi Q = 0 with the last equation replaced by sum pi = 1. */
static void solve(size_t k, const double rate[], double share[])
{
    gsl_matrix *a = gsl_matrix_calloc(k, k);
    gsl_vector *b = gsl_vector_calloc(k), *x = gsl_vector_calloc(k);
    gsl_permutation *order = gsl_permutation_alloc(k);
    int sign;
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j < k; j++) {
            if (j != i) {
                gsl_matrix_set(a, j, i, rate[i * k + j]);
                *gsl_matrix_ptr(a, i, i) -= rate[i * k + j];
            }
        }
    }
    for (size_t i = 0; i < k; i++) {
        gsl_matrix_set(a, k - 1, i, 1.0);
    }
    gsl_vector_set(b, k - 1, 1.0);
    gsl_linalg_LU_decomp(a, order, &sign);
    gsl_linalg_LU_solve(a, order, b, x);
    for (size_t i = 0; i < k; i++) {
        share[i] = gsl_vector_get(x, i);
    }
    gsl_permutation_free(order);
    gsl_vector_free(x);
    gsl_vector_free(b);
    gsl_matrix_free(a);
}

static void test_stationary_solves(void **state)
{
    (void)state;
    sj_rng rng = rng_of(5);
    for (int r = 0; r < 500; r++) {
        size_t k = 2 + (size_t)(r % 7);
        double rate[64], share[8], other[8], sum = 0.0;
        for (size_t i = 0; i < k * k; i++) {
            double u = sj_rng_uniform(&rng);
            bool ring = i % k == (i / k + 1) % k; /* keeps it irreducible */
            rate[i] = u < 0.4 && !ring ? 0.0 : exp(4.0 * u) * 0.1;
        }
        sj_stationary(k, rate, share);
        solve(k, rate, other);
        for (size_t i = 0; i < k; i++) {
            assert_true(fabs(share[i] - other[i]) < 1e-12);
            sum += share[i];
        }
        assert_true(fabs(sum - 1.0) < 1e-14);
    }
}

/** The work chain by hand: x_I = 1; flow over the cuts around U and around F. */
static void test_stationary_by_hand(void **state)
{
    (void)state;
    double share[3];
    sj_stationary(3, work, share);
    double f = 0.11 / 0.30, u = (0.75 + 0.15 * f) / 3.0, sum = 1.0 + f + u;
    is_near(share[0], u / sum, 1e-15);
    is_near(share[1], 1.0 / sum, 1e-15);
    is_near(share[2], f / sum, 1e-15);
}

/** Rates that differ by 10^12: no digits are lost (two classes in balance are known exactly). */
static void test_stationary_stiff(void **state)
{
    (void)state;
    const double rate[9] = {0.0, 1e6, 0.0, 1e-6, 0.0, 1e-6, 0.0, 1e6, 0.0};
    double share[3], small = 1e-12 / (1.0 + 2e-12);
    sj_stationary(3, rate, share);
    assert_true(fabs(share[0] / small - 1.0) < 1e-14);
    assert_true(fabs(share[2] / small - 1.0) < 1e-14);
}

static void check(size_t k, const double rate[], const double expected[])
{
    double share[SJ_CHAIN_MAX];
    sj_stationary(k, rate, share);
    for (size_t i = 0; i < k; i++) {
        is_near(share[i], expected[i], 1e-14);
    }
}

/** Chains that fall apart: where class 0 leads in the long run. */
static void test_stationary_reducible(void **state)
{
    (void)state;
    const double none[4] = {1.0, 0.0, 0.0, 0.0}, in_0[2] = {1.0, 0.0};
    check(2, none, in_0);
    check(1, none, in_0);
    const double away[4] = {0.0, 2.0, 0.0, 0.0}, in_1[2] = {0.0, 1.0};
    check(2, away, in_1);
    const double unreached[9] = {0.0, 1.0, 0.0, 3.0, 0.0, 0.0, 5.0, 5.0, 0.0};
    const double in_01[3] = {0.75, 0.25, 0.0};
    check(3, unreached, in_01);
    /* 0 goes to 1 at rate 1 and to 2 at rate 2; 2 goes on to 1 or to 3 alike; 3 and 4 in balance */
    const double two_ends[25] = {0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0,
                                 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0};
    const double ends[5] = {0.0, 2.0 / 3.0, 0.0, 2.0 / 9.0, 1.0 / 9.0};
    check(5, two_ends, ends);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nobody_moves),      cmocka_unit_test(test_nobody_there),
        cmocka_unit_test(test_absorbing),         cmocka_unit_test(test_bookkeeping),
        cmocka_unit_test(test_stationary_solves), cmocka_unit_test(test_stationary_by_hand),
        cmocka_unit_test(test_stationary_stiff),  cmocka_unit_test(test_stationary_reducible),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
