/**
 * @file test_num_draw.c
 * @brief Draws whose result is certain, sums that are kept, bounds; the laws are in stat/.
 *
 * Usage: test_num_draw [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "num/draw.h"
#include "num/logfact.h"
#include <gsl/gsl_sf_gamma.h>
#include <string.h>

#define HUGE_COUNT (INT64_C(1) << 31)

static sj_rng rng_of(uint32_t day)
{
    return sj_rng_start(sj_rng_key_of(1, 1), 3, day, 0);
}

static void test_binomial_certain(void **state)
{
    (void)state;
    sj_rng rng = rng_of(1);
    const int64_t n[] = {0, 1, 7, HUGE_COUNT, INT64_C(1) << 53};
    for (size_t i = 0; i < sizeof n / sizeof n[0]; i++) {
        assert_true(sj_draw_binomial(&rng, n[i], 0.0) == 0);
        assert_true(sj_draw_binomial(&rng, n[i], 1.0) == n[i]);
        assert_true(sj_draw_binomial(&rng, n[i], -1e-13) == 0);
        assert_true(sj_draw_binomial(&rng, n[i], 1.0 + 1e-13) == n[i]);
    }
    assert_true(sj_draw_binomial(&rng, 0, 0.3) == 0);
    assert_true(rng.counter[0] == 0); /* what is certain draws nothing */
}

static void test_binomial_bounds(void **state)
{
    (void)state;
    const double p[] = {1e-300, 1e-12, 0.01, 0.3, 0.5, 0.7, 0.99, 1.0 - 0x1p-53};
    const int64_t n[] = {1, 2, 24, 1000, HUGE_COUNT, INT64_C(1) << 53};
    sj_rng rng = rng_of(2);
    for (size_t i = 0; i < sizeof p / sizeof p[0]; i++) {
        for (size_t j = 0; j < sizeof n / sizeof n[0]; j++) {
            for (int r = 0; r < 1000; r++) {
                int64_t x = sj_draw_binomial(&rng, n[j], p[i]);
                assert_true(x >= 0 && x <= n[j]);
            }
        }
    }
    assert_true(sj_draw_binomial(&rng, INT64_C(1) << 53, 1e-300) == 0);
}

/** Below the threshold a draw is an inversion: more with a larger p, from one number. */
static void test_binomial_monotone(void **state)
{
    (void)state;
    for (uint32_t day = 0; day < 200; day++) {
        int64_t before = 0;
        for (int i = 0; i < 12; i++) {
            sj_rng rng = rng_of(1000 + day);
            int64_t x = sj_draw_binomial(&rng, 100, 0.01 * i);
            assert_true(x >= before);
            before = x;
        }
    }
}

static void test_poisson_certain(void **state)
{
    (void)state;
    sj_rng rng = rng_of(3);
    assert_true(sj_draw_poisson(&rng, 0.0) == 0);
    for (int i = 0; i < 1000; i++) {
        assert_true(sj_draw_poisson(&rng, 1e-300) == 0);
        assert_true(sj_draw_poisson(&rng, 10.0) >= 0);
        assert_true(sj_draw_poisson(&rng, 0x1p53) > 0);
    }
}

static void test_hypergeometric_certain(void **state)
{
    (void)state;
    sj_rng rng = rng_of(4);
    const int64_t n[] = {0, 1, 9, HUGE_COUNT};
    for (size_t i = 0; i < sizeof n / sizeof n[0]; i++) {
        int64_t half = n[i] / 2;
        assert_true(sj_draw_hypergeometric(&rng, n[i], 0, half) == half);     /* all marked */
        assert_true(sj_draw_hypergeometric(&rng, 0, n[i], half) == 0);        /* none marked */
        assert_true(sj_draw_hypergeometric(&rng, n[i], 5, n[i] + 5) == n[i]); /* all taken */
        assert_true(sj_draw_hypergeometric(&rng, n[i], 5, 0) == 0);
    }
    assert_true(rng.counter[0] == 0);
}

static void test_hypergeometric_bounds(void **state)
{
    (void)state;
    const int64_t side[] = {1, 2, 50, 1000, HUGE_COUNT, INT64_C(1) << 51};
    sj_rng rng = rng_of(5);
    for (size_t i = 0; i < 6; i++) {
        for (size_t j = 0; j < 6; j++) {
            int64_t marked = side[i], plain = side[j], all = marked + plain;
            const int64_t draw[] = {1, all / 3, all / 2, all - all / 3, all - 1};
            for (size_t d = 0; d < 5; d++) {
                for (int r = 0; r < 200; r++) {
                    int64_t x = sj_draw_hypergeometric(&rng, marked, plain, draw[d]);
                    assert_true(x >= 0 && x <= marked && x <= draw[d]);
                    assert_true(draw[d] - x <= plain);
                }
            }
        }
    }
}

static void test_multinomial(void **state)
{
    (void)state;
    sj_rng rng = rng_of(6);
    const double none[3] = {0.0, 0.0, 0.0}, one[3] = {0.0, 5.0, 0.0};
    const double several[5] = {0.1, 0.0, 0.7, 0.3, 0.0};
    int64_t out[5] = {9, 9, 9, 9, 9};
    sj_draw_multinomial(&rng, 0, 3, none, out);
    assert_true(out[0] == 0 && out[1] == 0 && out[2] == 0);
    sj_draw_multinomial(&rng, HUGE_COUNT, 3, one, out);
    assert_true(out[0] == 0 && out[1] == HUGE_COUNT && out[2] == 0);
    for (int64_t n = 0; n < 3000; n += 7) {
        sj_draw_multinomial(&rng, n, 5, several, out);
        assert_true(out[0] >= 0 && out[2] >= 0 && out[3] >= 0 && out[1] == 0 && out[4] == 0);
        assert_true(out[0] + out[2] + out[3] == n);
    }
    sj_draw_multinomial(&rng, 0, 0, NULL, NULL);
}

/** Every m from 0 to all, over class counts that lead through each of the three ways. */
static void test_hypergeometric_multi(void **state)
{
    (void)state;
    enum { K = 300 };
    int64_t have[K], out[K], all = 0;
    sj_rng rng = rng_of(7);
    for (int i = 0; i < K; i++) {
        have[i] = i % 4;
        all += have[i];
    }
    for (int64_t m = 0; m <= all; m++) {
        int64_t sum = 0, same[K];
        sj_rng copy = rng;
        sj_draw_hypergeometric_multi(&rng, m, K, have, out);
        for (int i = 0; i < K; i++) {
            assert_true(out[i] >= 0 && out[i] <= have[i]);
            sum += out[i];
        }
        assert_true(sum == m);
        memcpy(same, have, sizeof same); /* in place */
        sj_draw_hypergeometric_multi(&copy, m, K, same, same);
        assert_memory_equal(same, out, sizeof out);
    }
}

static void test_split(void **state)
{
    (void)state;
    const double weight[6] = {0.9, 0.0, 0.05, 0.0, 0.05, 0.0}, one[1] = {1.0};
    const double two[2] = {0.0, 3.0}, stay[3] = {2.0, 0.0, 0.0}, none[3] = {0.0, 0.0, 0.0};
    sj_rng rng = rng_of(8);
    int64_t out[6];
    sj_split *split = sj_split_new(6, weight);
    for (int64_t n = 0; n < 5000; n += 3) {
        sj_split_draw(split, &rng, n, out);
        assert_true(out[1] == 0 && out[3] == 0 && out[5] == 0);
        assert_true(out[0] >= 0 && out[2] >= 0 && out[4] >= 0);
        assert_true(out[0] + out[2] + out[4] == n);
    }
    sj_split_free(split);
    split = sj_split_new(1, one);
    sj_split_draw(split, &rng, 7, out);
    assert_true(out[0] == 7);
    sj_split_free(split);
    split = sj_split_new(2, two);
    sj_split_draw(split, &rng, HUGE_COUNT, out);
    assert_true(out[0] == 0 && out[1] == HUGE_COUNT);
    sj_split_free(split);
    split = sj_split_new(3, stay);
    sj_split_draw(split, &rng, 7, out);
    assert_true(out[0] == 7 && out[1] == 0 && out[2] == 0);
    sj_split_free(split);
    split = sj_split_new(3, none);
    sj_split_draw(split, &rng, 0, out);
    assert_true(out[0] == 0 && out[1] == 0 && out[2] == 0);
    sj_split_free(split);
    sj_split_free(NULL);
}

/** The rest of Stirling's formula and the logarithm against GSL, and at huge counts against the
 * exact difference log(m + 1) + ... + log(m + d) = d log(m + 1) + sum log1p. */
static void test_log_factorials(void **state)
{
    (void)state;
    for (int k = 0; k < 170; k++) {
        double x = k + 1.0;
        double stirling = (k + 0.5) * log(x) - x + 0.91893853320467274178;
        double size = 1.0 + fabs(stirling);
        assert_true(fabs(sji_stirling_rest(k) - (gsl_sf_lnfact((unsigned)k) - stirling)) <
                    2e-12 + 4e-15 * size);
    }
    for (double x = -0.999; x < 3.0; x += 0.0137) {
        assert_true(fabs(sji_log1p(x) - log1p(x)) <= 4e-16 * fabs(log1p(x)));
    }
    assert_true(sji_log1p(1e-30) == 1e-30 && sji_log1p(-1e-17) == -1e-17);
    for (double m = 100.0; m < 0x1p53; m *= 64.0) {
        const int steps = 90;
        double rise = 0.0;
        for (int i = 1; i <= steps; i++) {
            rise += log1p((i - 1.0) / (m + 1.0));
        }
        double got = sji_log_rise(m, steps) - steps;
        assert_true(fabs(got - rise) < 1e-11);
        double down = sji_log_rise(m + steps, -steps) + steps; /* log m! / (m + d)! */
        down += -steps * log1p(steps / (m + 1.0));
        assert_true(fabs(down + rise) < 1e-11);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_binomial_certain),
        cmocka_unit_test(test_binomial_bounds),
        cmocka_unit_test(test_binomial_monotone),
        cmocka_unit_test(test_poisson_certain),
        cmocka_unit_test(test_hypergeometric_certain),
        cmocka_unit_test(test_hypergeometric_bounds),
        cmocka_unit_test(test_multinomial),
        cmocka_unit_test(test_hypergeometric_multi),
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_log_factorials),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
