/* The cost of a unit: ratio of paired means, Fieller's interval, and where there is none. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "num/stats.h"
#include "study/outcome.h"

static void near(double x, double expected, double slack)
{
    if (!(fabs(x - expected) <= slack)) {
        print_error("%.17g is not %.17g\n", x, expected);
        fail();
    }
}

static void a_gain_that_does_not_vary_gives_students_interval(void **state)
{
    const double cost[] = {1, 2, 3}, gain[] = {2, 2, 2};
    double ratio, low, high;
    sj_cost_of_unit(cost, gain, 3, &ratio, &low, &high);
    near(ratio, 1, 0);
    near(low, (2 - 4.302652730 / sqrt(3)) / 2, 1e-8);
    near(high, (2 + 4.302652730 / sqrt(3)) / 2, 1e-8);
}

static void a_cost_in_proportion_has_no_doubt(void **state)
{
    const double cost[] = {27, 30, 33}, gain[] = {9, 10, 11};
    double ratio, low, high;
    sj_cost_of_unit(cost, gain, 3, &ratio, &low, &high);
    near(ratio, 3, 1e-12);
    near(low, 3, 1e-6);
    near(high, 3, 1e-6);
}

/* At either end x the mean of cost - x gain lies just at the edge of its Student interval. */
static void the_ends_are_where_the_difference_is_just_not_0(void **state)
{
    const double cost[] = {10, 14, 9, -3, 15}, gain[] = {-5, -4, -6.5, -5, -4.2};
    double ratio, end[2], mean, low, high, d[5];
    sj_cost_of_unit(cost, gain, 5, &ratio, &end[0], &end[1]);
    near(ratio, 45.0 / -24.7, 1e-12);
    assert_true(end[0] < ratio && ratio < end[1]);
    for (int e = 0; e < 2; e++) {
        for (int i = 0; i < 5; i++) {
            d[i] = cost[i] - end[e] * gain[i];
        }
        sj_mean_interval(d, 5, 0.95, &mean, &low, &high);
        near(e == 0 ? high : low, 0, 1e-9);
    }
}

static void nothing_is_said_where_nothing_can_be(void **state)
{
    const double cost[] = {10, 14, 9}, free_of[] = {0, 0, 0}, noise[] = {-1, 0, 2},
                 gain[] = {5, 5, 5};
    double ratio, low, high;
    sj_cost_of_unit(cost, noise, 3, &ratio, &low, &high);
    assert_true(isnan(ratio) && isnan(low) && isnan(high));
    sj_cost_of_unit(free_of, gain, 3, &ratio, &low, &high);
    assert_true(isnan(ratio) && isnan(low) && isnan(high));
    sj_cost_of_unit(cost, gain, 1, &ratio, &low, &high);
    assert_true(isnan(ratio) && isnan(low) && isnan(high));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gain_that_does_not_vary_gives_students_interval),
        cmocka_unit_test(a_cost_in_proportion_has_no_doubt),
        cmocka_unit_test(the_ends_are_where_the_difference_is_just_not_0),
        cmocka_unit_test(nothing_is_said_where_nothing_can_be)};
    return cmocka_run_group_tests_name("the cost of a unit", tests, NULL, NULL);
}
