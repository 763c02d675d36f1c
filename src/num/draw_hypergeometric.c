/**
 * @file draw_hypergeometric.c
 * @brief Hypergeometric draws: inversion where the mean is small, ratio of uniforms above.
 */
#include "num/draw.h"
#include "num/logfact.h"
#include "base/bug.h"
#include <math.h>
#include <stdbool.h>

/* mean from which rejection is quicker */
static const double rejection_mean = 26.0;

/* so near the mode a product is quicker than logarithms */
static const double near_steps = 12.0;

/* below this probability the tail is lost in the last bit of a uniform */
static const double tail_end = 1e-18;

/* up to so many factors P(0) is a plain product */
static const double product_terms = 12.0;

/** Marked among a draw, turned by the symmetries of the law so that small <= large and
 * small + large <= all: `small` things taken, `large` things marked of `all`. */
typedef struct urn {
    double small, large, all;
} urn;

/** P(nothing marked taken) = (all - large)! (all - small)! / (all! (all - large - small)!). */
static double none_marked(const urn *u)
{
    if (u->small <= product_terms) {
        double product = 1.0;
        for (double i = 0.0; i < u->small; i += 1.0) {
            product *= 1.0 - u->large / (u->all - i);
        }
        return product;
    }
    double lower = u->all - u->large - u->small;
    double upper = u->all - u->small;
    return exp(u->small * sji_log1p(-u->large / (upper + 1.0)) + sji_log_rise(lower, u->small) -
               sji_log_rise(upper, u->small));
}

/** P(x + 1) / P(x). */
static double step_up(const urn *u, double x)
{
    double spare = u->all - u->small - u->large + 1.0;
    return (u->small - x) * (u->large - x) / ((x + 1.0) * (spare + x));
}

/** Walk up the probabilities from P(0) = first until they use up v; -1 where rounding did not let
 * them. */
static int64_t walk_up(double v, double first, const urn *u)
{
    double f = first;
    double x = 0.0;
    while (v >= f) {
        v -= f;
        f *= step_up(u, x);
        x += 1.0;
        if (f < tail_end && x * u->all > u->small * u->large) {
            return -1;
        }
    }
    return (int64_t)x;
}

/** Inversion. P(0) >= 1 - mean, so a rare thing that is not met needs no product. */
static int64_t draw_inversion(sj_rng *rng, const urn *u)
{
    double v = sj_rng_uniform(rng);
    if (v < 1.0 - u->small * u->large / u->all) {
        return 0;
    }
    double first = none_marked(u);
    int64_t x = walk_up(v, first, u);
    while (x < 0) {
        x = walk_up(sj_rng_uniform(rng), first, u);
    }
    return x;
}

/** Is v^2 <= P(k) / P(m)? By the product of the steps between, for k near m. */
static bool is_below_near(const urn *u, double v, double m, double k)
{
    double upper = 1.0, lower = v * v;
    for (double x = m; x < k; x += 1.0) {
        upper *= step_up(u, x);
    }
    for (double x = k; x < m; x += 1.0) {
        lower *= step_up(u, x);
    }
    return lower <= upper;
}

/** The same by logarithms, with the quick tests of Stadlober (1990). */
static bool is_below_far(const urn *u, double v, double m, double k)
{
    double d = k - m;
    double spare = u->all - u->small - u->large + m;
    double step = (u->small - m + 1.0) / (m + 1.0) * ((u->large - m + 1.0) / (spare + 1.0));
    double height = d * log(step) - sji_log_rise(m, d) - sji_log_rise(u->small - m, -d) -
                    sji_log_rise(u->large - m, -d) - sji_log_rise(spare, d);
    if (v * (4.0 - v) - 3.0 <= height) {
        return true;
    }
    return v * (v - height) < 1.0 && 2.0 * log(v) <= height;
}

/** Ratio of uniforms with a table mountain hat, HRUA of Stadlober (1990). */
static int64_t draw_rejection(sj_rng *rng, const urn *u)
{
    double share = u->large / u->all;
    double centre = u->small * share + 0.5;
    double variance = u->small * share * (1.0 - share) * ((u->all - u->small) / (u->all - 1.0));
    /* 2 sqrt(2 / e) and 3 - 2 sqrt(3 / e) */
    double width = 1.7155277699214135 * sqrt(variance + 0.5) + 0.8989161620588988;
    double mode = floor((u->small + 1.0) * ((u->large + 1.0) / (u->all + 2.0)));
    for (;;) {
        double v = sj_rng_uniform_positive(rng);
        double k = floor(centre + width * (sj_rng_uniform(rng) - 0.5) / v);
        if (!(k >= 0.0 && k <= u->small)) {
            continue;
        }
        bool near = fabs(k - mode) <= near_steps;
        if (near ? is_below_near(u, v, mode, k) : is_below_far(u, v, mode, k)) {
            return (int64_t)k;
        }
    }
}

/** Draw from an urn whose small and large fit in its half. */
static int64_t draw_urn(sj_rng *rng, int64_t marked, int64_t taken, int64_t all)
{
    urn u = {(double)(marked < taken ? marked : taken), (double)(marked < taken ? taken : marked),
             (double)all};
    if (u.small * u.large < rejection_mean * u.all) {
        return draw_inversion(rng, &u);
    }
    return draw_rejection(rng, &u);
}

int64_t sj_draw_hypergeometric(sj_rng *rng, int64_t marked, int64_t plain, int64_t draw)
{
    int64_t all = marked + plain;
    SJ_REQUIRE(marked >= 0 && plain >= 0 && draw >= 0 && draw <= all);
    if (marked == 0 || draw == 0) {
        return 0;
    }
    if (plain == 0 || draw == all) {
        return plain == 0 ? draw : marked;
    }
    int64_t left = all - draw;
    if (marked <= plain) {
        return draw <= left ? draw_urn(rng, marked, draw, all)
                            : marked - draw_urn(rng, marked, left, all);
    }
    return draw <= left ? draw - draw_urn(rng, plain, draw, all)
                        : draw - plain + draw_urn(rng, plain, left, all);
}
