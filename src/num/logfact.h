/**
 * @file logfact.h
 * @brief Differences of log-factorials that stay exact at huge counts.
 *
 * log k! itself has an absolute error of 1e-6 at k = 2^31, too much for a rejection test. Here a
 * ratio of factorials is built from log1p of whole differences, so an error is about 1e-16 times
 * the difference, whatever the counts. Shared by the files of num/ only.
 */
#ifndef SJ_NUM_LOGFACT_H
#define SJ_NUM_LOGFACT_H
#include <math.h>

/** @brief What Stirling's formula leaves: log k! less (k + 1/2) log(k + 1) - (k + 1) + log(2 pi)/2.
 * k whole, >= 0. Absolute error below 2e-12. */
double sji_stirling_rest(double k);

/** @brief log(1 + x), x > -1: the logarithm of the rounded sum, mended by what rounding took.
 * Quicker than log1p and as exact; relies on sums being rounded as written (no -ffast-math). */
static inline double sji_log1p(double x)
{
    double sum = 1.0 + x;
    return log(sum) + (x - (sum - 1.0)) / sum;
}

/** @brief log((m + d)! / m!) less d log(m + 1) and plus d; m and m + d whole, >= 0. The two parts
 * left out cancel or combine exactly in the ratios that need this. */
static inline double sji_log_rise(double m, double d)
{
    return (m + d + 0.5) * sji_log1p(d / (m + 1.0)) +
           (sji_stirling_rest(m + d) - sji_stirling_rest(m));
}
#endif /* SJ_NUM_LOGFACT_H */
