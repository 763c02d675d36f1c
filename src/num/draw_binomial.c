/**
 * @file draw_binomial.c
 * @brief Binomial draws: inversion where the mean is small, transformed rejection above.
 */
#include "num/draw.h"
#include "num/logfact.h"
#include "base/bug.h"
#include <math.h>
#include <stdbool.h>

/* mean from which rejection is quicker; the hat is valid from 10 */
static const double rejection_mean = 12.0;

/* so near the mode a product is quicker than logarithms; 2^53 to this power does not overflow */
static const double near_steps = 16.0;

/* below this probability the tail is lost in the last bit of a uniform */
static const double tail_end = 1e-18;

/** Walk up the probabilities from P(0) = first until they use up u; -1 where rounding did not let
 * them. */
static int64_t walk_up(double u, double first, double n, double odds)
{
    double f = first;
    double x = 0.0;
    while (u >= f) {
        u -= f;
        f *= (n - x) / (x + 1.0) * odds;
        x += 1.0;
        if (f < tail_end && x > n * odds) {
            return -1;
        }
    }
    return (int64_t)x;
}

/** Inversion, p <= 1/2. P(0) >= 1 - n p, so a cohort of whom nobody moves needs no logarithm. */
static int64_t draw_inversion(sj_rng *rng, double n, double p)
{
    double u = sj_rng_uniform(rng);
    if (u < 1.0 - n * p) {
        return 0;
    }
    double first = exp(n * sji_log1p(-p));
    double odds = p / (1.0 - p);
    int64_t x = walk_up(u, first, n, odds);
    while (x < 0) {
        x = walk_up(sj_rng_uniform(rng), first, n, odds);
    }
    return x;
}

/** x without its fraction, 0 <= x < 2^63: where the processor has no such operation, floor() is a
 * call. */
static inline double whole(double x)
{
    return (double)(int64_t)x;
}

/** What the rejection needs to know of a law. */
typedef struct hat {
    double n, p, m; /* m = the mode */
    double variance;
} hat;

/** Is v <= P(k) / P(m)? By the product of the steps between, for k near m. */
static bool is_below_near(const hat *h, double v, double k)
{
    double upper = 1.0, lower = v;
    double odds = h->p / (1.0 - h->p);
    for (double i = h->m + 1.0; i <= k; i += 1.0) {
        upper *= (h->n - i + 1.0) * odds;
        lower *= i;
    }
    for (double i = k + 1.0; i <= h->m; i += 1.0) {
        upper *= i;
        lower *= (h->n - i + 1.0) * odds;
    }
    return lower <= upper;
}

/** The same by logarithms. The bounds of Kachitvichyanukul and Schmeiser (1988) decide most. */
static bool is_below_far(const hat *h, double v, double k)
{
    double d = k - h->m, far = fabs(d);
    double log_v = log(v);
    if (far < h->variance / 2.0 - 1.0) {
        double share = far / h->variance;
        double middle = -far * share / 2.0;
        double slack = share * (((far / 3.0 + 0.625) * far + 1.0 / 6.0) / h->variance + 0.5);
        if (log_v < middle - slack) {
            return true;
        }
        if (log_v > middle + slack) {
            return false;
        }
    }
    double odds = h->p * (h->n - h->m + 1.0) / ((1.0 - h->p) * (h->m + 1.0));
    return log_v <= d * log(odds) - sji_log_rise(h->m, d) - sji_log_rise(h->n - h->m, -d);
}

/** Transformed rejection with squeeze, BTRS of Hormann (1993); p <= 1/2, n p >= 10. */
static int64_t draw_rejection(sj_rng *rng, double n, double p)
{
    hat h = {n, p, whole((n + 1.0) * p), n * p * (1.0 - p)};
    double spread = sqrt(h.variance);
    double b = 1.15 + 2.53 * spread;
    double a = -0.0873 + 0.0248 * b + 0.01 * p;
    double centre = n * p + 0.5;
    double quick = 0.92 - 4.2 / b;
    for (;;) {
        double u = sj_rng_uniform(rng) - 0.5;
        double v = sj_rng_uniform(rng);
        double edge = 0.5 - fabs(u);
        double x = (2.0 * a / edge + b) * u + centre;
        if (edge >= 0.07 && v <= quick) {
            return (int64_t)x;
        }
        if (!(x >= 0.0 && x < n + 1.0)) {
            continue;
        }
        double k = whole(x);
        v *= (2.83 + 5.1 / b) * spread / (a / (edge * edge) + b);
        if (fabs(k - h.m) <= near_steps ? is_below_near(&h, v, k) : is_below_far(&h, v, k)) {
            return (int64_t)k;
        }
    }
}

int64_t sj_draw_binomial(sj_rng *rng, int64_t n, double p)
{
    SJ_REQUIRE(n >= 0 && p > -1e-12 && p < 1.0 + 1e-12);
    if (n == 0 || p <= 0.0) {
        return 0;
    }
    if (p > 0.5) {
        return p >= 1.0 ? n : n - sj_draw_binomial(rng, n, 1.0 - p);
    }
    if ((double)n * p < rejection_mean) {
        return draw_inversion(rng, (double)n, p);
    }
    return draw_rejection(rng, (double)n, p);
}
