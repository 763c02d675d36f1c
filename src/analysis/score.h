/**
 * @file score.h
 * @brief How near forecasts come to what was observed: numbers for pairs of arrays.
 *
 * Every score takes n pairs and leaves out those where either value is NaN; a
 * score of no pair is NaN. Observed values are counts or shares, not negative.
 * Nothing is weighted by its uncertainty, and no score looks at dates or
 * places: what belongs together is the caller's business (fit.h). No
 * allocation; thread-safe. Floor 7 (analysis).
 */
#ifndef SJ_ANALYSIS_SCORE_H
#define SJ_ANALYSIS_SCORE_H
#include <stddef.h>

/** @brief Natural logarithm of count + 20, so that months with few people or none say little;
 * counts below 0 are taken as 0. NaN stays NaN. */
double sj_log_count(double count);

/** @brief Weighted absolute percentage error, sum |forecast - observed| / sum |observed|: a share,
 * 0 is perfect. NaN where the observed are all 0. Source: Kolassa and Schuetz (2007), MAD/mean. */
double sj_score_wape(const double observed[], const double forecast[], size_t n);

/** @brief (sum of forecasts - sum of observed) / sum |observed|: a share, above 0 = too many. */
double sj_score_bias(const double observed[], const double forecast[], size_t n);

/** @brief Mean |sj_log_count(forecast) - sj_log_count(observed)|: 0.7 is a factor of two. */
double sj_score_log_error(const double observed[], const double forecast[], size_t n);

/** @brief Total variation of shares, half the sum of |forecast_i / sum - observed_i / sum|: the
 * share of people in the wrong place, 0 ... 1. NaN where a sum is not above 0 or n < 2. */
double sj_score_share_distance(const double observed[], const double forecast[], size_t n);

/** @brief Forecasts with their sum set to that of the observed, into scaled[n] (may be `forecast`);
 * NaN where either of a pair is, and throughout where the forecasts do not add up to more than
 * 0. */
void sj_score_scale(const double observed[], const double forecast[], double scaled[], size_t n);

/** @brief How many observations lie within their bands, the ends too. */
typedef struct sj_coverage {
    size_t n, inside;
} sj_coverage;

/** @brief Count a band; nothing where an end or the observation is NaN. Returns 1 inside, 0
 * outside, -1 not counted. */
int sj_coverage_add(sj_coverage *coverage, double observed, double low, double high);

/** @brief Share inside; NaN where nothing was counted. */
double sj_coverage_share(const sj_coverage *coverage);
#endif /* SJ_ANALYSIS_SCORE_H */
