/**
 * @file test_noise.c
 * @brief Shares of chance against figures worked out by hand, and sums of places.
 *
 * Usage: test_noise [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "analysis/noise.h"
#include "analysis/observed.h"
#include "num/rng.h"
#include <math.h>
#include <string.h>

static void is_near(double got, double expected)
{
    if (!(fabs(got - expected) <= 1e-12)) {
        fail_msg("%.17g is not %.17g", got, expected);
    }
}

/* digamma(1) = -gamma, digamma(1/2) = -gamma - 2 ln 2, digamma(x + 1) = digamma(x) + 1/x */
static void test_log_bias(void **state)
{
    const double gamma = 0.57721566490153286;
    is_near(sj_spread_log_bias(2), -gamma - log(2.0));
    is_near(sj_spread_log_bias(3), -gamma);
    is_near(sj_spread_log_bias(5), 1 - gamma - log(2.0));
    is_near(sj_spread_log_bias(7), 1.5 - gamma - log(3.0));
}

static void test_share_of_variance(void **state)
{
    size_t n;
    /* of one size no bias is left: the geometric mean of 1/4 and 1/9 */
    const sj_spread fixed[2] = {{1, 5}, {4, 5}}, drawn[2] = {{4, 5}, {36, 5}};
    is_near(sj_noise_share(fixed, drawn, 2, &n), 1.0 / 6);
    assert_int_equal(n, 2);
    /* of 3 and 5 values: 1/4 x exp(gamma + 1 - gamma - ln 2) = e / 8 */
    const sj_spread few[1] = {{1, 3}};
    is_near(sj_noise_share(few, drawn, 1, &n), exp(1.0) / 8);
    /* what has no spread, or one value, or is not known, is left out */
    const sj_spread odd[5] = {{0, 5}, {1, 5}, {1, 1}, {NAN, 0}, {8, 5}};
    const sj_spread all[5] = {{1, 5}, {0, 5}, {1, 5}, {1, 5}, {2, 5}};
    is_near(sj_noise_share(odd, all, 5, &n), 4); /* it may exceed 1 */
    assert_int_equal(n, 1);
    assert_true(isnan(sj_noise_share(odd, all, 4, &n)));
    assert_int_equal(n, 0);
}

/* Normal samples of known variances: 4 of 16 is chance, whatever the numbers of replications. */
static void test_share_is_not_biased(void **state)
{
    enum { N_ROWS = 4000, N_FIXED = 4, N_DRAWN = 9 };
    static sj_spread fixed[N_ROWS], drawn[N_ROWS];
    sj_rng rng = sj_rng_start(sj_rng_key_of(7, 0), 0, 0, 0);
    size_t n;
    for (int i = 0; i < N_ROWS; i++) {
        sj_spread *of[2] = {&fixed[i], &drawn[i]};
        const int size[2] = {N_FIXED, N_DRAWN};
        for (int k = 0; k < 2; k++) {
            double sum = 0, squares = 0;
            for (int j = 0; j < size[k]; j++) {
                double x = (k == 0 ? 2 : 4) * sj_rng_normal(&rng);
                sum += x;
                squares += x * x;
            }
            *of[k] = (sj_spread){(squares - sum * sum / size[k]) / (size[k] - 1), size[k]};
        }
    }
    /* sd of a log ratio: sqrt(trigamma(1.5) + trigamma(4)) = 1.1; of the mean of 4000: 0.018 */
    double share = sj_noise_share(fixed, drawn, N_ROWS, &n);
    assert_true(fabs(log(share / 0.25)) < 4 * 0.018);
    assert_int_equal(n, N_ROWS);
}

static void test_share_of_error(void **state)
{
    size_t n;
    /* means of 80 and 180: a tenth of 100 squared over 4, a fifth of 200 squared over 4 */
    const double seen[2] = {30, 180}, mean[2] = {80, 180};
    const sj_spread spread[2] = {{100, 4}, {1600, 4}};
    double error = log(2.0) * log(2.0);
    is_near(sj_noise_error_share(seen, mean, spread, 2, &n), (0.0025 + 0.01) / error);
    assert_int_equal(n, 2);
    is_near(sj_noise_error_share(seen, mean, spread, 1, &n), 0.0025 / error);
    /* nothing missed, nothing known, no forecast */
    assert_true(isnan(sj_noise_error_share(mean, mean, spread, 2, &n)));
    assert_int_equal(n, 2);
    const sj_spread none[2] = {{NAN, 0}, {5, 1}};
    assert_true(isnan(sj_noise_error_share(seen, mean, none, 2, &n)));
    assert_int_equal(n, 0);
    const double gone[2] = {NAN, 80};
    is_near(sj_noise_error_share(seen, gone, spread, 2, &n), 0.04 / (log(2.0) * log(2.0)));
    assert_int_equal(n, 1);
    /* means without spread: no chance in them */
    const sj_spread still[1] = {{0, 4}};
    is_near(sj_noise_error_share(seen, mean, still, 1, &n), 0);
}

static void test_places(void **state)
{
    char place[SJ_PLACE_TEXT];
    const char *rest = "col+per+";
    static const char *const parts[] = {"col", "per", ""};
    for (int i = 0; i < 3; i++) {
        assert_true(sj_places_next(&rest, place));
        assert_string_equal(place, parts[i]);
    }
    assert_false(sj_places_next(&rest, place));
    char longest[2 * SJ_PLACE_TEXT];
    memset(longest, 'a', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    rest = longest;
    assert_true(sj_places_next(&rest, place));
    assert_int_equal(strlen(place), SJ_PLACE_TEXT - 1);
    assert_false(sj_places_next(&rest, place));
    assert_true(sj_places_hold("ALL", "col"));
    assert_true(sj_places_hold("ALL", "col+per"));
    assert_false(sj_places_hold("ALL", "ALL"));
    assert_true(sj_places_hold("per+col", "col"));
    assert_true(sj_places_hold("per+col+ecu", "ecu+per"));
    assert_false(sj_places_hold("per+col", "col+per")); /* the same, no more */
    assert_false(sj_places_hold("col", "col"));
    assert_false(sj_places_hold("col", "col+per"));
    assert_false(sj_places_hold("col+per", "co"));
    assert_false(sj_places_hold("col+per", "ALL"));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log_bias),
        cmocka_unit_test(test_share_of_variance),
        cmocka_unit_test(test_share_is_not_biased),
        cmocka_unit_test(test_share_of_error),
        cmocka_unit_test(test_places),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
