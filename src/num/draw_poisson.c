/**
 * @file draw_poisson.c
 * @brief Poisson draws: inversion where the mean is small, transformed rejection above.
 */
#include "num/draw.h"
#include "num/logfact.h"
#include "base/bug.h"
#include <math.h>

/* mean from which rejection is quicker; the hat is valid from 10 */
static const double rejection_mean = 20.0;

/* below this probability the tail is lost in the last bit of a uniform */
static const double tail_end = 1e-18;

/* log(2 pi) / 2 */
static const double half_log_two_pi = 0.91893853320467274178;

/** Walk up the probabilities from P(0) = first until they use up u; -1 where rounding did not let
 * them. */
static int64_t walk_up(double u, double first, double mean)
{
    double f = first;
    double x = 0.0;
    while (u >= f) {
        u -= f;
        x += 1.0;
        f *= mean / x;
        if (f < tail_end && x > mean) {
            return -1;
        }
    }
    return (int64_t)x;
}

/** Inversion. P(0) >= 1 - mean, so a rare event that does not happen needs no exponential. */
static int64_t draw_inversion(sj_rng *rng, double mean)
{
    double u = sj_rng_uniform(rng);
    if (u < 1.0 - mean) {
        return 0;
    }
    double first = exp(-mean);
    int64_t x = walk_up(u, first, mean);
    while (x < 0) {
        x = walk_up(sj_rng_uniform(rng), first, mean);
    }
    return x;
}

/** log P(k) of Poisson(mean). */
static double log_mass(double mean, double k)
{
    double e = mean - (k + 1.0);
    return k * sji_log1p(e / (k + 1.0)) - e - 0.5 * log(k + 1.0) - half_log_two_pi -
           sji_stirling_rest(k);
}

/** Transformed rejection with squeeze, PTRS of Hormann (1993); mean >= 10. With his constants the
 * law rises above the hat by up to 0.6 % and below the squeeze by up to 0.5 % for some means from
 * 10 to 1,000, as a search over means shows; so the hat is raised by 1 % and the squeeze lowered by
 * 2 % here, which leaves a margin of 0.4 % on both. */
static int64_t draw_rejection(sj_rng *rng, double mean)
{
    double b = 0.931 + 2.53 * sqrt(mean);
    double a = -0.059 + 0.02483 * b;
    double quick = 0.98 * (0.9277 - 3.6224 / (b - 2.0));
    for (;;) {
        double u = sj_rng_uniform(rng) - 0.5;
        double v = sj_rng_uniform(rng);
        double edge = 0.5 - fabs(u);
        double k = floor((2.0 * a / edge + b) * u + mean + 0.43);
        if (edge >= 0.07 && v <= quick) {
            return (int64_t)k;
        }
        if (!(k >= 0.0 && k < INFINITY) || (edge < 0.013 && v > edge)) {
            continue;
        }
        double inverse_alpha = 1.01 * (1.1239 + 1.1328 / (b - 3.4));
        if (log(v * inverse_alpha / (a / (edge * edge) + b)) <= log_mass(mean, k)) {
            return (int64_t)k;
        }
    }
}

int64_t sj_draw_poisson(sj_rng *rng, double mean)
{
    SJ_REQUIRE(mean >= 0.0 && mean <= 0x1p53);
    if (mean < rejection_mean) {
        return draw_inversion(rng, mean);
    }
    return draw_rejection(rng, mean);
}
