/**
 * @file test_hats.c
 * @brief Do the hats of the rejection samplers cover the laws, and lie the squeezes below them?
 *
 * A hat that is too low by half a per cent in a few places cuts a law too thinly for any sample to
 * show, so the inequalities themselves are tried here, with the constants of draw_binomial.c,
 * draw_poisson.c and draw_hypergeometric.c, over laws from the branch points up to a mean of 10^6.
 * Nothing is random in the outcome: the laws are a fixed low-discrepancy sequence.
 *
 * Usage: test_hats [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "num/logfact.h"
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdbool.h>

enum { LAWS = 1500, GRID = 20000 };

/** Point i of the additive sequence of the golden ratio or of the square root of 2, in (0, 1). */
static double at(int i, double step)
{
    double x = (i + 0.5) * step;
    return x - floor(x);
}

static double spread_over(double low, double high, double u)
{
    return low * pow(high / low, u);
}

static double log_factorial(double k)
{
    return gsl_sf_lngamma(k + 1.0);
}

/** BTRS: for u in (-1/2, 1/2) the law at k(u) is below the hat, and above the squeeze where |u| <=
 * 0.43. */
static void test_binomial_hat(void **state)
{
    double over = 0.0, under = INFINITY;
    for (int i = 0; i < LAWS; i++) {
        double p = i % 3 == 0 ? spread_over(1e-6, 0.5, at(i, 0.41421356)) : at(i, 0.41421356) / 2.0;
        double n = ceil(spread_over(12.0, i % 2 == 0 ? 50.0 : 1e5, at(i, 0.61803399)) / p);
        double spread = sqrt(n * p * (1.0 - p)), m = floor((n + 1.0) * p);
        double b = 1.15 + 2.53 * spread, a = -0.0873 + 0.0248 * b + 0.01 * p;
        double quick = 0.92 - 4.2 / b, alpha = (2.83 + 5.1 / b) * spread;
        double top = log_factorial(m) + log_factorial(n - m), odds = log(p / (1.0 - p));
        for (int t = 1; t < GRID; t++) {
            double u = (double)t / GRID - 0.5, edge = 0.5 - fabs(u);
            double k = floor((2.0 * a / edge + b) * u + n * p + 0.5);
            bool inside = k >= 0.0 && k <= n;
            assert_true(inside || edge < 0.07);
            if (inside) {
                double ratio = exp(top - log_factorial(k) - log_factorial(n - k) + (k - m) * odds);
                double share = ratio * (a / (edge * edge) + b) / alpha;
                over = fmax(over, share);
                under = edge >= 0.07 ? fmin(under, share / quick) : under;
            }
        }
    }
    assert_true(over < 1.0 && over > 0.98);
    assert_true(under > 1.0 && under < 1.05);
}

/** PTRS, with the constants as mended in draw_poisson.c; and what is cut off beforehand. */
static void test_poisson_hat(void **state)
{
    double over = 0.0, under = INFINITY, cut = 0.0;
    for (int i = 0; i < LAWS; i++) {
        double mean = spread_over(10.0, i % 2 == 0 ? 100.0 : 1e6, at(i, 0.61803399));
        double b = 0.931 + 2.53 * sqrt(mean), a = -0.059 + 0.02483 * b;
        double quick = 0.98 * (0.9277 - 3.6224 / (b - 2.0));
        double inverse_alpha = 1.01 * (1.1239 + 1.1328 / (b - 3.4));
        for (int t = 1; t < GRID; t++) {
            double u = (double)t / GRID - 0.5, edge = 0.5 - fabs(u);
            double k = floor((2.0 * a / edge + b) * u + mean + 0.43);
            assert_true(k >= 0.0 || edge < 0.07);
            if (k >= 0.0) {
                double p = exp(k * log(mean) - mean - log_factorial(k));
                double share = p * (a / (edge * edge) + b) / inverse_alpha;
                over = fmax(over, share);
                under = edge >= 0.07 ? fmin(under, share / quick) : under;
                cut = edge < 0.013 ? fmax(cut, share / edge) : cut;
            }
        }
    }
    assert_true(over < 1.0 && over > 0.98);
    assert_true(under > 1.0 && under < 1.05);
    assert_true(cut < 1.0);
}

/** HRUA: the rectangle holds the region 0 < v <= sqrt(P(k) / P(m)), k = floor(centre + w / v). */
static void test_hypergeometric_hat(void **state)
{
    double over = 0.0;
    for (int i = 0; i < 4 * LAWS; i++) {
        double all = floor(spread_over(100.0, 1e7, at(i, 0.61803399)));
        double x = floor(all * 0.5 * at(i, 0.41421356));
        double y = floor(all * spread_over(1e-4, 0.5, at(i, 0.73205081)));
        double small = fmin(x, y), large = fmax(x, y), spare = all - small - large;
        if (small * large < 26.0 * all) {
            continue;
        }
        double share = large / all, centre = small * share + 0.5;
        double variance = small * share * (1.0 - share) * ((all - small) / (all - 1.0));
        double width = 1.7155277699214135 * sqrt(variance + 0.5) + 0.8989161620588988;
        double m = floor((small + 1.0) * ((large + 1.0) / (all + 2.0)));
        double top = log_factorial(m) + log_factorial(small - m) + log_factorial(large - m) +
                     log_factorial(spare + m);
        double reach = floor(8.0 * sqrt(variance));
        for (double k = fmax(0.0, m - reach); k <= fmin(small, m + reach); k += 1.0) {
            double v = exp(0.5 * (top - log_factorial(k) - log_factorial(small - k) -
                                  log_factorial(large - k) - log_factorial(spare + k)));
            over = fmax(over, v * fmax(fabs(k - centre), fabs(k + 1.0 - centre)) * 2.0 / width);
        }
    }
    assert_true(over < 1.0 && over > 0.98);
}

/** The bounds of Kachitvichyanukul and Schmeiser hold beyond 16 steps from the mode. */
static void test_binomial_bounds(void **state)
{
    for (int i = 0; i < 40 * LAWS; i++) {
        double p = i % 3 == 0 ? spread_over(1e-6, 0.5, at(i, 0.41421356)) : at(i, 0.41421356) / 2.0;
        double n = ceil(spread_over(12.0, 1e9, at(i, 0.61803399)) / p);
        double variance = n * p * (1.0 - p), m = floor((n + 1.0) * p);
        double odds = log(p * (n - m + 1.0) / ((1.0 - p) * (m + 1.0)));
        for (int j = 0; j < 40; j++) {
            double far = floor(17.0 + pow(at(j, 0.73205081), 3.0) * 10.0 * sqrt(variance));
            double k = j % 2 == 0 ? m + far : m - far, d = k - m;
            if (!(far < variance / 2.0 - 1.0) || k < 0.0 || k > n) {
                continue;
            }
            double ratio = d * odds - sji_log_rise(m, d) - sji_log_rise(n - m, -d);
            double share = far / variance, middle = -far * share / 2.0;
            double slack = share * (((far / 3.0 + 0.625) * far + 1.0 / 6.0) / variance + 0.5);
            assert_true(ratio >= middle - slack && ratio <= middle + slack);
        }
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_binomial_hat),
        cmocka_unit_test(test_poisson_hat),
        cmocka_unit_test(test_hypergeometric_hat),
        cmocka_unit_test(test_binomial_bounds),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
