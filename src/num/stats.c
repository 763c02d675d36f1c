/**
 * @file stats.c
 * @brief Summaries of samples.
 */
#include "num/stats.h"
#include "base/bug.h"
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

/* a share reached but for rounding counts as reached */
static const double slack = 1e-12;

double sj_quantile_sorted(const double sorted[], size_t n, double p)
{
    SJ_REQUIRE(n >= 1 && p >= 0.0 && p <= 1.0);
    double at = (double)(n - 1) * p;
    size_t low = (size_t)at;
    double part = at - (double)low;
    if (part <= 0.0 || sorted[low] == sorted[low + 1]) {
        return sorted[low];
    }
    return sorted[low] + part * (sorted[low + 1] - sorted[low]);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    if (isnan(x) || isnan(y)) {
        return (isnan(x) != 0) - (isnan(y) != 0);
    }
    if (x == y) { /* -0 before 0, so equal samples sort to equal bytes */
        return (signbit(y) != 0) - (signbit(x) != 0);
    }
    return x < y ? -1 : 1;
}

void sj_sort(double sample[], size_t n)
{
    if (n > 1) {
        qsort(sample, n, sizeof sample[0], compare);
    }
}

void sj_mean_variance(const double sample[], size_t n, double *mean, double *variance)
{
    SJ_REQUIRE(n >= 1);
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += sample[i];
    }
    double centre = sum / (double)n;
    double rest = 0.0, squares = 0.0; /* two passes: the second corrects the first */
    for (size_t i = 0; i < n; i++) {
        double d = sample[i] - centre;
        rest += d;
        squares += d * d;
    }
    *mean = centre + rest / (double)n;
    squares -= rest * rest / (double)n;
    *variance = n > 1 && squares > 0.0 ? squares / (double)(n - 1) : 0.0;
}

void sj_mean_interval(const double sample[], size_t n, double level, double *mean, double *low,
                      double *high)
{
    SJ_REQUIRE(level > 0.0 && level < 1.0);
    double variance;
    double half = 0.0;
    sj_mean_variance(sample, n, mean, &variance);
    if (variance > 0.0) {
        half =
            gsl_cdf_tdist_Qinv((1.0 - level) / 2.0, (double)(n - 1)) * sqrt(variance / (double)n);
    }
    *low = *mean - half;
    *high = *mean + half;
}

double sj_quantile_counts(const double value[], const int64_t count[], size_t n, double p)
{
    SJ_REQUIRE(p >= 0.0 && p <= 1.0);
    int64_t total = 0;
    for (size_t i = 0; i < n; i++) {
        total += count[i];
    }
    double need = p * (double)total * (1.0 - slack);
    int64_t reached = 0;
    for (size_t i = 0; i < n; i++) {
        reached += count[i];
        if (reached > 0 && (double)reached >= need) {
            return value[i];
        }
    }
    return NAN;
}

double sj_survival_quantile(const int64_t done[], const int64_t censored[], size_t n_days, double p)
{
    SJ_REQUIRE(p >= 0.0 && p <= 1.0);
    int64_t waiting = 0;
    for (size_t d = 0; d < n_days; d++) {
        waiting += done[d] + censored[d];
    }
    double survival = 1.0;
    for (size_t d = 0; d < n_days && waiting > 0; d++) {
        survival *= (double)(waiting - done[d]) / (double)waiting;
        if (survival <= (1.0 - p) * (1.0 + slack)) {
            return (double)d;
        }
        waiting -= done[d] + censored[d];
    }
    return NAN;
}
