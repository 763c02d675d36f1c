/**
 * @file test_report_survival.c
 * @brief Kaplan-Meier survival of waits. Usage: test_report_survival [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/survival.h"
#include <math.h>

/* The 6-MP arm of the remission data of Freireich et al. (1963), the textbook example; survival
 * as printed in Kleinbaum and Klein, Survival Analysis: days are weeks here. */
static void test_textbook(void **state)
{
    sji_wait wait[] = {{6, 3, 1, 0},  {7, 1, 0, 0},  {9, 0, 1, 0},  {10, 1, 1, 0},
                       {11, 0, 1, 0}, {13, 1, 0, 0}, {16, 1, 0, 0}, {17, 0, 1, 0},
                       {19, 0, 1, 0}, {20, 0, 1, 0}, {22, 1, 0, 0}, {23, 1, 0, 0},
                       {25, 0, 1, 0}, {32, 0, 2, 0}, {34, 0, 1, 0}, {35, 0, 1, 0}};
    static const double expected[] = {.8571, .8067, .8067, .7529, .7529, .6902, .6275, .6275,
                                      .6275, .6275, .5378, .4482, .4482, .4482, .4482, .4482};
    double median = sji_wait_survival(wait, sizeof wait / sizeof wait[0]);
    assert_true(median >= 23.0 && median <= 23.0);
    for (size_t i = 0; i < sizeof wait / sizeof wait[0]; i++) {
        assert_true(fabs(wait[i].survival - expected[i]) < 5e-5);
    }
}

static void test_without_censoring_is_the_share(void **state)
{
    sji_wait wait[] = {{3, 2, 0, 0}, {1, 5, 0, 0}, {2, 3, 0, 0}}; /* not sorted */
    double median = sji_wait_survival(wait, 3);
    assert_true(median >= 1.0 && median <= 1.0);
    assert_true(fabs(wait[0].survival - 0.5) < 1e-12);
    assert_true(fabs(wait[1].survival - 0.2) < 1e-12);
    assert_true(fabs(wait[2].survival) < 1e-12);
}

static void test_median_not_reached(void **state)
{
    sji_wait wait[] = {{10, 1, 0, 0}, {20, 0, 99, 0}};
    assert_true(isnan(sji_wait_survival(wait, 2)));
    assert_true(fabs(wait[1].survival - 0.99) < 1e-12);
    assert_true(isnan(sji_wait_survival(wait, 0)));
}

static void test_rows_of_one_day_count_together(void **state)
{
    sji_wait split[] = {{4, 1, 0, 0}, {4, 0, 3, 0}, {4, 2, 0, 0}, {9, 4, 0, 0}};
    sji_wait whole[] = {{4, 3, 3, 0}, {9, 4, 0, 0}};
    (void)sji_wait_survival(split, 4);
    (void)sji_wait_survival(whole, 2);
    assert_true(fabs(split[0].survival - whole[0].survival) < 1e-12);
    assert_true(fabs(split[2].survival - whole[0].survival) < 1e-12);
    assert_true(fabs(whole[0].survival - 0.7) < 1e-12);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_textbook),
        cmocka_unit_test(test_without_censoring_is_the_share),
        cmocka_unit_test(test_median_not_reached),
        cmocka_unit_test(test_rows_of_one_day_count_together),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
