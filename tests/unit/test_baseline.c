/**
 * @file test_baseline.c
 * @brief Naive forecasters against figures worked out by hand; none looks beyond its origin.
 *
 * Usage: test_baseline [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "analysis/baseline.h"
#include <math.h>

static void is_near(double got, double expected)
{
    if (!(fabs(got - expected) <= 1e-9)) {
        fail_msg("%.17g is not %.17g", got, expected);
    }
}

static void test_last(void **state)
{
    const double x[3] = {1, 2, NAN};
    is_near(sj_rolling_last(x, 0, 1), 1);
    is_near(sj_rolling_last(x, 1, 6), 2);
    assert_true(isnan(sj_rolling_last(x, 2, 1)));
}

static void test_ar1(void **state)
{
    /* y = 1 + x / 2 exactly: pairs (0, 1), (1, 1.5), (1.5, 1.75); next 1.875, then 1.9375 */
    const double half[4] = {0, 1, 1.5, 1.75};
    is_near(sj_rolling_ar1(half, 3, 1), 1.875);
    is_near(sj_rolling_ar1(half, 3, 2), 1.9375);
    /* doubling: the slope of 2 is kept at 1, a random walk with drift. Pairs (1, 2), (2, 4),
     * (4, 8): means 7/3 and 14/3, drift 7/3 */
    const double doubling[4] = {1, 2, 4, 8};
    is_near(sj_rolling_ar1(doubling, 3, 1), 8 + 7.0 / 3);
    is_near(sj_rolling_ar1(doubling, 3, 3), 8 + 7.0);
    /* up and down: the slope of -1 is kept at 0, the mean of what followed: (1 + 0 + 1) / 3 */
    const double zigzag[4] = {0, 1, 0, 1};
    is_near(sj_rolling_ar1(zigzag, 3, 1), 2.0 / 3);
    const double flat[4] = {3, 3, 3, 3};
    is_near(sj_rolling_ar1(flat, 3, 6), 3);
    assert_true(isnan(sj_rolling_ar1(half, 1, 1))); /* one pair */
    assert_true(isnan(sj_rolling_ar1(half, 0, 1)));
    const double gap[6] = {0, 1, 1.5, NAN, 1.5, 1.75}; /* a gap breaks a pair, no more */
    is_near(sj_rolling_ar1(gap, 5, 1), 1.875);
    assert_true(isnan(sj_rolling_ar1(gap, 3, 1))); /* last value missing */
}

/** Only the last 36 months count: what is older changes nothing. */
static void test_ar1_window(void **state)
{
    double x[40], y[40];
    for (int i = 0; i < 40; i++) {
        x[i] = sin(i);
        y[i] = i < 4 ? 1 - x[i] : x[i];
    }
    assert_true(sj_rolling_ar1(x, 39, 6) == sj_rolling_ar1(y, 39, 6)); /* months 4 to 39 */
    assert_true(sj_rolling_ar1(x, 38, 6) != sj_rolling_ar1(y, 38, 6)); /* months 3 to 38 */
}

static void test_trend(void **state)
{
    double x[14];
    for (int i = 0; i < 14; i++) {
        x[i] = i < 2 ? 500 : 2 + 0.5 * i; /* a line through the last 12 months */
    }
    is_near(sj_rolling_trend(x, 13, 1), 2 + 0.5 * 14);
    is_near(sj_rolling_trend(x, 13, 6), 2 + 0.5 * 19);
    /* (0, 1), (1, 3), (2, 2): slope 1/2 about the mean (1, 2); at 3: 3 */
    const double three[3] = {1, 3, 2};
    is_near(sj_rolling_trend(three, 2, 1), 3);
    is_near(sj_rolling_trend(three, 1, 1), 5); /* two points */
    assert_true(isnan(sj_rolling_trend(three, 0, 1)));
    const double gap[4] = {1, NAN, 5, NAN};
    is_near(sj_rolling_trend(gap, 2, 1), 7);
    assert_true(isnan(sj_rolling_trend(gap, 3, 1)));
}

static void test_seasonal(void **state)
{
    double x[25];
    for (int i = 0; i < 25; i++) {
        x[i] = i % 12 + 100 * (i / 12);
    }
    is_near(sj_rolling_seasonal(x, 24, 1), 51);   /* months 1 and 13: 1 and 101 */
    is_near(sj_rolling_seasonal(x, 24, 12), 100); /* months 0, 12, 24: 0, 100, 200 */
    is_near(sj_rolling_seasonal(x, 11, 3), 2);    /* month 14 is like month 2 */
    is_near(sj_rolling_seasonal(x, 11, 1), 0);    /* the first month */
    assert_true(isnan(sj_rolling_seasonal(x, 5, 1)));
    x[1] = NAN;
    is_near(sj_rolling_seasonal(x, 24, 1), 101);
}

static void test_damped(void **state)
{
    /* growths 1, 1: g = 0.2, then 0.8 x 0.2 + 0.2 = 0.36 */
    const double x[3] = {0, 1, 2};
    is_near(sj_rolling_damped(x, 2, 1), 2 + 0.36 * 0.6);
    is_near(sj_rolling_damped(x, 2, 3), 2 + 0.36 * (0.6 + 0.36 + 0.216));
    is_near(sj_rolling_damped(x, 1, 1), 1 + 0.2 * 0.6);
    is_near(sj_rolling_damped(x, 0, 6), 0); /* no growth yet */
    const double gap[4] = {0, 1, NAN, 7};   /* only the growth of the first month is known */
    is_near(sj_rolling_damped(gap, 3, 1), 7 + 0.2 * 0.6);
    assert_true(isnan(sj_rolling_damped(gap, 2, 1)));
}

/** What comes after the origin changes no forecast. */
static void test_no_look_ahead(void **state)
{
    double x[60];
    for (int i = 0; i < 60; i++) {
        x[i] = sin(i) + 0.1 * i;
    }
    for (int b = 0; b < SJ_N_ROLLING; b++) {
        for (int h = 1; h <= 12; h++) {
            double y[60];
            for (int i = 0; i < 60; i++) {
                y[i] = i <= 40 ? x[i] : 1e6;
            }
            double one = sj_rolling_table[b].forecast(x, 40, h);
            assert_true(isfinite(one) && one == sj_rolling_table[b].forecast(y, 40, h));
        }
    }
}

static void test_steps(void **state)
{
    const sj_history h = {.last = 120, .before_last = 100, .step = 12, .ahead = 6};
    is_near(sj_step_no_change(&h), 120);
    is_near(sj_step_increment(&h), 130);          /* 20 a year: 10 in half a year */
    is_near(sj_step_growth(&h), 120 * sqrt(1.2)); /* 20 % a year */
    const sj_history falls = {.last = 10, .before_last = 100, .step = 12, .ahead = 12};
    is_near(sj_step_increment(&falls), 0); /* not below nobody */
    is_near(sj_step_growth(&falls), 1);
    const sj_history from_none = {.last = 10, .before_last = 0, .step = 12, .ahead = 12};
    is_near(sj_step_increment(&from_none), 20);
    assert_true(isnan(sj_step_growth(&from_none)));
    const sj_history single = {.last = 10, .before_last = NAN, .step = NAN, .ahead = 12};
    is_near(sj_step_no_change(&single), 10);
    assert_true(isnan(sj_step_increment(&single)));
    assert_true(isnan(sj_step_growth(&single)));
    const sj_history empty = {NAN, NAN, NAN, NAN};
    assert_true(isnan(sj_step_no_change(&empty)));
}

static void test_fluid(void **state)
{
    is_near(sj_step_fluid(1000, 300, 200, 1), 1100);
    is_near(sj_step_fluid(1000, 650, 200, 2), 1250); /* two years of last year's completions */
    is_near(sj_step_fluid(100, 50, 400, 1), 0);      /* no queue is shorter than none */
    assert_true(isnan(sj_step_fluid(100, NAN, 4, 1)));
}

static void test_shares(void **state)
{
    double out[4];
    const double seen[4] = {60, 30, 10, NAN}, last[4] = {10, 10, NAN, 10};
    sj_step_shares(seen, last, out, 4); /* total 90 over the two with a past: halves */
    is_near(out[0], 45);
    is_near(out[1], 45);
    assert_true(isnan(out[2]) && isnan(out[3]));
    const double zeros[2] = {0, 0};
    sj_step_shares(seen, zeros, out, 2);
    assert_true(isnan(out[0]) && isnan(out[1]));
    sj_step_shares(seen, last, out, 1); /* one place has all of the total: says nothing */
    assert_true(isnan(out[0]));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_last),          cmocka_unit_test(test_ar1),
        cmocka_unit_test(test_ar1_window),    cmocka_unit_test(test_trend),
        cmocka_unit_test(test_seasonal),      cmocka_unit_test(test_damped),
        cmocka_unit_test(test_no_look_ahead), cmocka_unit_test(test_steps),
        cmocka_unit_test(test_fluid),         cmocka_unit_test(test_shares),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
