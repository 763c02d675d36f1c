/**
 * @file noise.h
 * @brief How much of a spread, and of an error, chance alone makes.
 *
 * A run with ranges spreads by its parameters and by chance; a run with all values at their centres
 * (`--fixed`) by chance alone. The ratio of the two variances, row by row, is the share that is
 * Monte Carlo *at the centres*: elsewhere in the ranges chance may be larger or smaller, so it can
 * exceed 1. Variances of few replications scatter by factors; so the ratio is pooled over rows, in
 * logs, each log freed of its bias for normal samples (digamma). Rows are not independent, and no
 * interval is given. No allocation; thread-safe. Floor 7 (analysis).
 */
#ifndef SJ_ANALYSIS_NOISE_H
#define SJ_ANALYSIS_NOISE_H
#include <stddef.h>

/** @brief A sample variance (n - 1) and the number of values it is of. */
typedef struct sj_spread {
    double variance; /* NaN = not known */
    int n;
} sj_spread;

/** @brief Expected log of the variance of n >= 2 normal values less the log of the true one, below
 * 0: digamma((n - 1) / 2) - ln((n - 1) / 2). */
double sj_spread_log_bias(int n);

/**
 * @brief Share of variance that chance alone makes: exp of the mean over rows of
 * (ln fixed - bias) - (ln drawn - bias). Rows where either is not above 0 or of fewer than two
 * values are left out.
 * @param[out] n_used Rows that counted; with none the result is NaN.
 */
double sj_noise_share(const sj_spread fixed[], const sj_spread drawn[], size_t n, size_t *n_used);

/**
 * @brief Share of the mean squared error of means that is there because replications are few:
 * sum of se^2 over sum of (ln(mean + 20) - ln(observed + 20))^2, where se^2 = variance / n /
 * (mean + 20)^2 (counts below 0 are taken as 0). With ever more replications it goes to 0, and 1
 * or more says that the error cannot be told from chance. Rows of fewer than two values are left
 * out; NaN without any, or where all errors are 0.
 */
double sj_noise_error_share(const double observed[], const double mean[], const sj_spread spread[],
                            size_t n, size_t *n_used);
#endif /* SJ_ANALYSIS_NOISE_H */
