/**
 * @file test_score.c
 * @brief Scores of forecasts against figures worked out by hand: ties, zeros, one point, none.
 *
 * Usage: test_score [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "analysis/score.h"
#include <math.h>

static void is_near(double got, double expected)
{
    if (!(fabs(got - expected) <= 1e-12)) {
        fail_msg("%.17g is not %.17g", got, expected);
    }
}

static void test_log_count(void **state)
{
    is_near(sj_log_count(0), log(20.0));
    is_near(sj_log_count(80), log(100.0));
    is_near(sj_log_count(-5), log(20.0)); /* no fewer than nobody */
    assert_true(isnan(sj_log_count(NAN)));
}

static void test_wape_and_bias(void **state)
{
    const double seen[4] = {100, 50, 0, 50}, told[4] = {110, 40, 10, 50};
    is_near(sj_score_wape(seen, told, 4), 0.15); /* (10 + 10 + 10 + 0) / 200 */
    is_near(sj_score_bias(seen, told, 4), 0.05); /* (10 - 10 + 10 + 0) / 200 */
    is_near(sj_score_wape(seen, seen, 4), 0);    /* perfect */
    is_near(sj_score_wape(seen, told, 1), 0.1);  /* one point */
    is_near(sj_score_bias(told, seen, 2), 0);    /* errors of -10 and 10 cancel */
    const double double_all[4] = {200, 100, 0, 100};
    is_near(sj_score_wape(seen, double_all, 4), 1);
    is_near(sj_score_bias(seen, double_all, 4), 1);
}

static void test_empty(void **state)
{
    const double zeros[2] = {0, 0}, ones[2] = {1, 1}, none[2] = {NAN, NAN};
    assert_true(isnan(sj_score_wape(ones, ones, 0)));
    assert_true(isnan(sj_score_bias(ones, ones, 0)));
    assert_true(isnan(sj_score_log_error(ones, ones, 0)));
    assert_true(isnan(sj_score_share_distance(ones, ones, 0)));
    assert_true(isnan(sj_score_wape(zeros, ones, 2))); /* nothing to divide by */
    assert_true(isnan(sj_score_bias(zeros, ones, 2)));
    assert_true(isnan(sj_score_wape(ones, none, 2)));
    assert_true(isnan(sj_score_log_error(none, ones, 2)));
    is_near(sj_score_log_error(zeros, zeros, 2), 0); /* zeros are counts like others */
}

/** Pairs with a missing value are left out, not counted as 0. */
static void test_missing(void **state)
{
    const double seen[4] = {10, NAN, 30, 60}, told[4] = {20, 5, NAN, 60};
    is_near(sj_score_wape(seen, told, 4), 10.0 / 70); /* pairs (10, 20), (60, 60) */
    is_near(sj_score_bias(seen, told, 4), 10.0 / 70);
    is_near(sj_score_log_error(seen, told, 4), log(40.0 / 30) / 2);
}

static void test_log_error(void **state)
{
    const double seen[3] = {0, 80, 20}, told[3] = {20, 30, 20};
    /* ln 40/20 = 0.6931..., ln 100/50 = 0.6931..., 0: mean two thirds of ln 2 */
    is_near(sj_score_log_error(seen, told, 3), 2 * log(2.0) / 3);
    is_near(sj_score_log_error(told, seen, 3), 2 * log(2.0) / 3); /* both ways */
    is_near(sj_score_log_error(seen, told, 1), log(2.0));
}

static void test_share_distance(void **state)
{
    const double seen[3] = {50, 30, 20}, told[3] = {40, 40, 20}, far[3] = {0, 0, 7};
    is_near(sj_score_share_distance(seen, told, 3), 0.1); /* .5 .3 .2 against .4 .4 .2 */
    is_near(sj_score_share_distance(seen, far, 3), 0.8);  /* (.5 + .3 + .8) / 2 */
    const double tenfold[3] = {500, 300, 200};
    is_near(sj_score_share_distance(seen, tenfold, 3), 0); /* the sum does not matter */
    const double here[2] = {5, 0}, there[2] = {0, 9};
    is_near(sj_score_share_distance(here, there, 2), 1);
    assert_true(isnan(sj_score_share_distance(seen, told, 1))); /* one place has all */
    const double zeros[3] = {0};
    assert_true(isnan(sj_score_share_distance(zeros, told, 3)));
    assert_true(isnan(sj_score_share_distance(seen, zeros, 3)));
}

static void test_scale(void **state)
{
    const double seen[4] = {50, 30, 20, NAN}, told[4] = {10, 30, 10, 99}, zeros[4] = {0};
    double out[4];
    sj_score_scale(seen, told, out, 4); /* 100 / 50: doubled */
    is_near(out[0], 20);
    is_near(out[1], 60);
    is_near(out[2], 20);
    assert_true(isnan(out[3]));
    sj_score_scale(seen, zeros, out, 3);
    assert_true(isnan(out[0]) && isnan(out[1]) && isnan(out[2]));
    double in_place[2] = {1, 3};
    const double eight[2] = {2, 6};
    sj_score_scale(eight, in_place, in_place, 2);
    is_near(in_place[0], 2);
    is_near(in_place[1], 6);
}

static void test_coverage(void **state)
{
    sj_coverage c = {0};
    assert_true(isnan(sj_coverage_share(&c)));
    assert_int_equal(sj_coverage_add(&c, 5, 4, 6), 1);
    assert_int_equal(sj_coverage_add(&c, 4, 4, 6), 1); /* the ends are inside */
    assert_int_equal(sj_coverage_add(&c, 6, 4, 6), 1);
    assert_int_equal(sj_coverage_add(&c, 0, 0, 0), 1); /* a band of one point */
    assert_int_equal(sj_coverage_add(&c, 7, 4, 6), 0);
    assert_int_equal(sj_coverage_add(&c, NAN, 4, 6), -1);
    assert_int_equal(sj_coverage_add(&c, 5, NAN, 6), -1);
    assert_int_equal(sj_coverage_add(&c, 5, 4, NAN), -1);
    assert_int_equal(c.n, 5);
    assert_int_equal(c.inside, 4);
    is_near(sj_coverage_share(&c), 0.8);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log_count), cmocka_unit_test(test_wape_and_bias),
        cmocka_unit_test(test_empty),     cmocka_unit_test(test_missing),
        cmocka_unit_test(test_log_error), cmocka_unit_test(test_share_distance),
        cmocka_unit_test(test_scale),     cmocka_unit_test(test_coverage),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
