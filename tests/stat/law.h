/**
 * @file law.h
 * @brief Samples against exact laws: chi-square with pooled cells, moments, p-values.
 *
 * A law of whole numbers is given by the ratio P(k + 1) / P(k). Its probabilities are built from
 * the mode outwards and made to sum to 1, so no log-factorial is needed and they are exact to about
 * 1e-12 even where counts are 2^31.
 * Include cmocka.h before it.
 */
#ifndef SJ_TESTS_STAT_LAW_H
#define SJ_TESTS_STAT_LAW_H
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/** A law of whole numbers on low ... high; a, b, c are its parameters. */
typedef struct whole_law {
    double (*up)(const struct whole_law *law, double k); /* P(k + 1) / P(k) */
    double a, b, c;
    int64_t low, high, mode;
} whole_law;

/** Its probabilities on first ... first + n - 1, in cells of `width` values. */
typedef struct law_cells {
    int64_t first, width;
    size_t n;
    double *p;                     /* owns: n */
    double mean, variance, fourth; /* central moments */
} law_cells;

/** Add P(k) and its part of the moments (about the mode) to the cell. */
static inline void law_add(law_cells *cells, const whole_law *law, int64_t k, double p,
                           double moment[5])
{
    double d = (double)(k - law->mode), power = p;
    cells->p[(k - cells->first) / cells->width] += p;
    for (int i = 0; i < 5; i++) {
        moment[i] += power;
        power *= d;
    }
}

/** Cells over at least 12 standard deviations (`spread`) to both sides of the mode. */
static inline law_cells law_make_cells(const whole_law *law, double spread)
{
    law_cells cells = {0};
    int64_t reach = (int64_t)(12.0 * spread) + 60;
    int64_t low = law->mode - law->low < reach ? law->low : law->mode - reach;
    int64_t high = law->high - law->mode < reach ? law->high : law->mode + reach;
    cells.first = low;
    cells.width = (high - low) / 2000 + 1;
    cells.n = (size_t)((high - low) / cells.width + 1);
    cells.p = calloc(cells.n, sizeof *cells.p);
    double moment[5] = {0.0};
    double p = 1.0;
    for (int64_t k = law->mode; k <= high; k++) {
        law_add(&cells, law, k, p, moment);
        p *= law->up(law, (double)k);
    }
    p = 1.0;
    for (int64_t k = law->mode - 1; k >= low; k--) {
        p /= law->up(law, (double)k);
        law_add(&cells, law, k, p, moment);
    }
    for (size_t i = 0; i < cells.n; i++) {
        cells.p[i] /= moment[0];
    }
    double m1 = moment[1] / moment[0], m2 = moment[2] / moment[0];
    double m3 = moment[3] / moment[0], m4 = moment[4] / moment[0];
    cells.mean = (double)law->mode + m1;
    cells.variance = m2 - m1 * m1;
    cells.fourth = m4 - 4.0 * m1 * m3 + 6.0 * m1 * m1 * m2 - 3.0 * m1 * m1 * m1 * m1;
    return cells;
}

/** p-value of Pearson's chi-square; neighbours are pooled until 10 are expected. Seeing what has
 * probability 0 gives 0. A law of one cell gives 1. */
static inline double chi_square(size_t n, const int64_t seen[], const double p[], double total)
{
    double sum = 0.0, expected = 0.0, got = 0.0, covered = 0.0, covered_seen = 0.0;
    int freedom = -1;
    for (size_t i = 0; i < n; i++) {
        if (!(p[i] > 0.0) && seen[i] > 0) {
            return 0.0;
        }
        expected += p[i] * total;
        got += (double)seen[i];
        if (expected >= 10.0 && total - covered - expected >= 10.0) {
            sum += (got - expected) * (got - expected) / expected;
            covered += expected;
            covered_seen += got;
            expected = got = 0.0;
            freedom++;
        }
    }
    expected = total - covered;
    got = total - covered_seen;
    if (expected > 1e-9 * total) {
        sum += (got - expected) * (got - expected) / expected;
        freedom++;
    }
    return freedom > 0 ? gsl_cdf_chisq_Q(sum, freedom) : 1.0;
}

/** Two-sided p-value of a standard normal. */
static inline double z_value(double z)
{
    return 2.0 * gsl_cdf_ugaussian_Q(fabs(z));
}

static inline double binomial_up(const whole_law *law, double k) /* a = n, b = p */
{
    return (law->a - k) / (k + 1.0) * (law->b / (1.0 - law->b));
}

static inline whole_law binomial_law(int64_t n, double p)
{
    int64_t mode = (int64_t)(((double)n + 1.0) * p);
    return (whole_law){binomial_up, (double)n, p, 0.0, 0, n, mode < n ? mode : n};
}

static inline double poisson_up(const whole_law *law, double k) /* a = mean */
{
    return law->a / (k + 1.0);
}

static inline whole_law poisson_law(double mean)
{
    return (whole_law){poisson_up, mean, 0.0, 0.0, 0, INT64_MAX / 4, (int64_t)mean};
}

static inline double hypergeometric_up(const whole_law *law,
                                       double k) /* a marked, b plain, c drawn */
{
    return (law->a - k) * (law->c - k) / ((k + 1.0) * (law->b - law->c + k + 1.0));
}

static inline whole_law hypergeometric_law(int64_t marked, int64_t plain, int64_t draw)
{
    double all = (double)(marked + plain);
    int64_t low = draw > plain ? draw - plain : 0, high = draw < marked ? draw : marked;
    int64_t mode = (int64_t)(((double)draw + 1.0) * (((double)marked + 1.0) / (all + 2.0)));
    mode = mode < low ? low : mode > high ? high : mode;
    return (whole_law){
        hypergeometric_up, (double)marked, (double)plain, (double)draw, low, high, mode};
}
/** What was drawn of one law. */
typedef struct sample {
    whole_law law;
    law_cells cells;
    int64_t *seen;       /* owns */
    double sum, squares; /* about the mean */
    double n;
} sample;

static inline sample sample_of(whole_law law, double variance)
{
    sample s = {.law = law, .cells = law_make_cells(&law, sqrt(variance))};
    s.seen = calloc(s.cells.n, sizeof *s.seen);
    assert_non_null(s.seen);
    return s;
}

static inline void see(sample *s, int64_t k)
{
    int64_t at = (k - s->cells.first) / s->cells.width;
    double d = (double)k - s->cells.mean;
    assert_true(k >= s->cells.first && (size_t)at < s->cells.n);
    s->seen[at]++;
    s->sum += d;
    s->squares += d * d;
    s->n += 1.0;
}

#endif /* SJ_TESTS_STAT_LAW_H */
