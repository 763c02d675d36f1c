/**
 * @file baseline.h
 * @brief Naive forecasters: what a model must beat before its fit says anything.
 *
 * Two families. *Rolling* ones forecast a monthly series h months after an
 * origin t from the values at t and before. They take and give logarithms of
 * counts (sj_log_count), one a month, NaN = not observed; index 0 is the oldest
 * month, 0 <= t < n, h >= 1. *Stepping* ones forecast one published figure
 * from the figures of the same series before it, in its own unit. What lacks the
 * history it needs gives NaN, and so does one whose last value is missing; none
 * looks beyond the origin, which tests/unit/test_baseline.c proves by changing
 * what comes after it. No allocation; thread-safe. Floor 7 (analysis).
 */
#ifndef SJ_ANALYSIS_BASELINE_H
#define SJ_ANALYSIS_BASELINE_H
#include <stddef.h>

enum { SJ_AR1_MONTHS = 36, SJ_TREND_MONTHS = 12 };

/* ---- rolling: logs, by month ---- */

/** @brief Last value: x[t], whatever the horizon. */
double sj_rolling_last(const double x[], size_t t, int h);

/** @brief First-order autoregression with a constant, least squares over the last 36 months up to
 * t (pairs of neighbouring months that both were observed, at least 2), iterated h times. The
 * coefficient is kept within 0 ... 1, so that it never explodes: at 1 it is a random walk with
 * drift. A series that does not vary gives its last value. */
double sj_rolling_ar1(const double x[], size_t t, int h);

/** @brief Straight line by least squares through the last 12 months up to t (at least 2 of them
 * observed), taken h months on. */
double sj_rolling_trend(const double x[], size_t t, int h);

/** @brief Mean of the same calendar month of all years up to t. */
double sj_rolling_seasonal(const double x[], size_t t, int h);

/** @brief Damped momentum: x[t] + g (0.6 + 0.6^2 + ... + 0.6^h), g the exponentially smoothed
 * monthly growth up to t (weight 0.2 on the newest, 0 before the first; months without growth are
 * passed over). Source: damped trend of Gardner and McKenzie (1985). */
double sj_rolling_damped(const double x[], size_t t, int h);

/** @brief A rolling forecaster with its name as tables show it. */
typedef struct sj_rolling {
    const char *name;
    double (*forecast)(const double x[], size_t t, int h);
} sj_rolling;
enum { SJ_N_ROLLING = 5 };
extern const sj_rolling sj_rolling_table[SJ_N_ROLLING];

/* ---- stepping: one figure from those before it ---- */

/** @brief The last two published figures, and how far the one to forecast lies ahead. */
typedef struct sj_history {
    double last, before_last; /* NaN = none */
    double step, ahead; /* time from before_last to last and from last to the forecast, any unit */
} sj_history;

/** @brief No change: the last figure. */
double sj_step_no_change(const sj_history *history);

/** @brief Last increment repeated, in proportion to time; never below 0. */
double sj_step_increment(const sj_history *history);

/** @brief Last growth factor repeated, to the power of the time ahead over the last step. NaN where
 * one of the two is not above 0. */
double sj_step_growth(const sj_history *history);

/** @brief Fluid queue: backlog + applications - completions a period x periods, not below 0.
 * `applications` are those of the whole time ahead; `completions` those of the period before it;
 * `periods` is the time ahead over the length of that period. */
double sj_step_fluid(double backlog, double applications, double completions, double periods);

/**
 * @brief Last shares of a total: out[i] = total x last[i] / sum of last, over the n places with
 * both a last figure and one now (observed[i] not NaN); total is the sum of observed over these.
 * The others, and all where the sum is not above 0 or n < 2, become NaN.
 */
void sj_step_shares(const double observed[], const double last[], double out[], size_t n);
#endif /* SJ_ANALYSIS_BASELINE_H */
