/**
 * @file stats.h
 * @brief Summaries of samples: quantiles, moments, paired intervals, survival. Floor 1 (num).
 */
#ifndef SJ_NUM_STATS_H
#define SJ_NUM_STATS_H
#include <stddef.h>
#include <stdint.h>

/** @brief Quantile of type 7 (Hyndman and Fan 1996) of a sorted sample, n >= 1, 0 <= p <= 1. */
double sj_quantile_sorted(const double sorted[], size_t n, double p);

/** @brief Sort a sample in place, -0 before 0, NaN last. */
void sj_sort(double sample[], size_t n);

/** @brief Mean, and sample variance (n - 1; 0 for n = 1) of finite values. */
void sj_mean_variance(const double sample[], size_t n, double *mean, double *variance);

/** @brief Two-sided Student t interval of the mean of a sample at `level` (such as 0.95); for
 * n = 1 it is the point. */
void sj_mean_interval(const double sample[], size_t n, double level, double *mean, double *low,
                      double *high);

/** @brief Quantile of weighted counts: smallest value[i] somebody has whose cumulated count reaches
 * p of the sum, but for rounding (1e-12). value ascending; NaN where nobody counts. */
double sj_quantile_counts(const double value[], const int64_t count[], size_t n, double p);

/** @brief Kaplan-Meier quantile of times by whole days: done[d] completed after d days,
 * censored[d] still waiting after d days; on one day the completed go first. Smallest d with
 * survival <= 1 - p but for rounding (1e-12); NaN where it is not reached. Source: Kaplan and Meier
 * (1958). */
double sj_survival_quantile(const int64_t done[], const int64_t censored[], size_t n_days,
                            double p);
#endif /* SJ_NUM_STATS_H */
