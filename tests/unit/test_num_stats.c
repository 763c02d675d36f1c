/**
 * @file test_num_stats.c
 * @brief Quantiles, moments, intervals and survival against figures worked out by hand.
 *
 * Usage: test_num_stats [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "num/stats.h"
#include <math.h>
#include <stdbool.h>
#include <string.h>

static void is_near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance)) {
        fail_msg("%.17g is not %.17g", got, expected);
    }
}

/** Type 7: at (n - 1) p between the ordered values. */
static void test_quantile(void **state)
{
    (void)state;
    const double x[5] = {1.0, 2.0, 4.0, 8.0, 16.0}, one[1] = {3.0};
    is_near(sj_quantile_sorted(x, 5, 0.0), 1.0, 0.0);
    is_near(sj_quantile_sorted(x, 5, 1.0), 16.0, 0.0);
    is_near(sj_quantile_sorted(x, 5, 0.5), 4.0, 0.0);
    is_near(sj_quantile_sorted(x, 5, 0.25), 2.0, 0.0);
    is_near(sj_quantile_sorted(x, 5, 0.1), 1.4, 1e-15);
    is_near(sj_quantile_sorted(x, 5, 0.9), 12.8, 1e-14);
    is_near(sj_quantile_sorted(x, 4, 0.5), 3.0, 1e-15);
    is_near(sj_quantile_sorted(one, 1, 0.7), 3.0, 0.0);
    const double ends[3] = {-INFINITY, 0.0, INFINITY}, same[2] = {INFINITY, INFINITY};
    assert_true(sj_quantile_sorted(ends, 3, 0.5) == 0.0);
    assert_true(sj_quantile_sorted(ends, 3, 0.75) == INFINITY);
    assert_true(sj_quantile_sorted(same, 2, 0.5) == INFINITY);
}

static void test_sort(void **state)
{
    (void)state;
    double x[7] = {3.0, NAN, -1.0, 0.0, INFINITY, -0.0, NAN};
    sj_sort(x, 7);
    assert_true(x[0] == -1.0 && signbit(x[1]) && x[1] == 0.0 && !signbit(x[2]) && x[2] == 0.0);
    assert_true(x[3] == 3.0 && x[4] == INFINITY && isnan(x[5]) && isnan(x[6]));
    sj_sort(x, 0);
    sj_sort(NULL, 0);
}

static void test_mean_variance(void **state)
{
    (void)state;
    const double x[8] = {2, 4, 4, 4, 5, 5, 7, 9}, far[3] = {1e15 + 1, 1e15 + 2, 1e15 + 3};
    double mean, variance;
    sj_mean_variance(x, 8, &mean, &variance);
    is_near(mean, 5.0, 0.0);
    is_near(variance, 32.0 / 7.0, 1e-15);
    sj_mean_variance(x, 1, &mean, &variance);
    assert_true(mean == 2.0 && variance == 0.0);
    sj_mean_variance(far, 3, &mean, &variance);
    assert_true(mean == 1e15 + 2 && variance == 1.0);
}

/** t(0.975) is 12.7062 at 1, 2.776445 at 4 and 2.364624 at 7 degrees of freedom. */
static void test_mean_interval(void **state)
{
    (void)state;
    const double x[8] = {2, 4, 4, 4, 5, 5, 7, 9}, two[2] = {0.0, 2.0}, same[3] = {4, 4, 4};
    double mean, low, high;
    sj_mean_interval(x, 8, 0.95, &mean, &low, &high);
    double half = 2.3646242510103 * sqrt(32.0 / 7.0 / 8.0);
    is_near(low, 5.0 - half, 1e-9);
    is_near(high, 5.0 + half, 1e-9);
    sj_mean_interval(two, 2, 0.95, &mean, &low, &high);
    is_near(high, 1.0 + 12.7062047361747, 1e-9);
    sj_mean_interval(x, 1, 0.95, &mean, &low, &high);
    assert_true(mean == 2.0 && low == 2.0 && high == 2.0);
    sj_mean_interval(same, 3, 0.95, &mean, &low, &high);
    assert_true(mean == 4.0 && low == 4.0 && high == 4.0);
}

static void test_quantile_counts(void **state)
{
    (void)state;
    const double value[4] = {0.0, 1.0, 2.5, 7.0};
    const int64_t count[4] = {0, 3, 6, 1}, none[4] = {0};
    is_near(sj_quantile_counts(value, count, 4, 0.0), 1.0, 0.0);
    is_near(sj_quantile_counts(value, count, 4, 0.3), 1.0, 0.0);
    is_near(sj_quantile_counts(value, count, 4, 0.31), 2.5, 0.0);
    is_near(sj_quantile_counts(value, count, 4, 0.9), 2.5, 0.0);
    is_near(sj_quantile_counts(value, count, 4, 0.91), 7.0, 0.0);
    is_near(sj_quantile_counts(value, count, 4, 1.0), 7.0, 0.0);
    assert_true(isnan(sj_quantile_counts(value, none, 4, 0.5)));
    assert_true(isnan(sj_quantile_counts(value, none, 0, 0.5)));
    const double pair[2] = {1.0, 2.0};
    const int64_t split[2] = {55, 45}; /* 0.55 x 100 is 55.00000000000001 in doubles */
    is_near(sj_quantile_counts(pair, split, 2, 0.55), 1.0, 0.0);
}

/**
 * Ten people. Day 1: two done of 10, S = 0.8; one lost sight of. Day 3: three done of 7,
 * S = 0.8 x 4/7 = 0.457143; day 4: one lost. Day 6: one done of 3, S = 0.304762; two still wait.
 */
static void test_survival(void **state)
{
    (void)state;
    const int64_t done[8] = {0, 2, 0, 3, 0, 0, 1, 0};
    const int64_t censored[8] = {0, 1, 0, 0, 1, 0, 0, 2};
    is_near(sj_survival_quantile(done, censored, 8, 0.0), 0.0, 0.0);
    is_near(sj_survival_quantile(done, censored, 8, 0.1), 1.0, 0.0);
    is_near(sj_survival_quantile(done, censored, 8, 0.2), 1.0, 0.0);
    is_near(sj_survival_quantile(done, censored, 8, 0.21), 3.0, 0.0);
    is_near(sj_survival_quantile(done, censored, 8, 0.5), 3.0, 0.0);
    is_near(sj_survival_quantile(done, censored, 8, 1.0 - 0.8 * 4 / 7), 3.0, 0.0);
    is_near(sj_survival_quantile(done, censored, 8, 0.6), 6.0, 0.0);
    is_near(sj_survival_quantile(done, censored, 8, 0.695), 6.0, 0.0);
    assert_true(isnan(sj_survival_quantile(done, censored, 8, 0.7)));
    assert_true(isnan(sj_survival_quantile(done, censored, 0, 0.5)));
    assert_true(isnan(sj_survival_quantile(done, censored, 1, 0.5)));
}

/** Without censoring the survival quantile is that of the counts. */
static void test_survival_complete(void **state)
{
    (void)state;
    const int64_t done[5] = {1, 4, 0, 3, 2}, censored[5] = {0};
    const double value[5] = {0, 1, 2, 3, 4};
    for (int i = 1; i <= 20; i++) {
        double p = i / 20.0;
        is_near(sj_survival_quantile(done, censored, 5, p), sj_quantile_counts(value, done, 5, p),
                0.0);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quantile),          cmocka_unit_test(test_sort),
        cmocka_unit_test(test_mean_variance),     cmocka_unit_test(test_mean_interval),
        cmocka_unit_test(test_quantile_counts),   cmocka_unit_test(test_survival),
        cmocka_unit_test(test_survival_complete),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
