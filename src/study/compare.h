/**
 * @file compare.h
 * @brief Two results folders side by side: paired differences, their intervals, a verdict.
 *
 * Replications of one number meet the same chance and the same parameter draw
 * in both, so that differences are paired (common random numbers). The verdict
 * holds the difference against what is not known: the spread of the base over
 * replications. What a unit of an outcome costs is added by outcome.h. Floor 6 (study).
 */
#ifndef SJ_STUDY_COMPARE_H
#define SJ_STUDY_COMPARE_H
#include "base/err.h"
#include "io/csv.h"
#include <stdbool.h>

typedef struct sj_difference {
    char *metric, *place, *nationality, *item;  /* own */
    int n;                                      /* pairs */
    double base, policy, difference, low, high; /* means; interval of the mean difference, 95 % */
    double spread;                              /* sd of the base over replications */
    double correlation;                         /* of the pairs; NaN where one does not vary */
    const char *verdict;                        /* one of three sentences, static */
    double usd, usd_low, usd_high; /* difference of cost / gain; NaN = NA, or no outcome */
} sj_difference;

typedef struct sj_comparison {
    sj_difference *at;
    size_t n, capacity;
    bool is_paired; /* same seed in both manifests */
} sj_comparison;

/** @brief Compare summary.csv of two folders. Rows that one folder lacks count as 0 there. */
SJ_MUSTUSE sj_status sj_compare(sj_comparison *out, const char *base, const char *policy,
                                sj_problems *problems);
void sj_comparison_clear(sj_comparison *comparison);

/** @brief Fill the numbers of *d from two samples by replication, NaN where one lacks it; `room`
 * holds n values of the base, n of the policy and room for n more: pairs are moved to the front of
 * each third, their differences to the last. The texts of *d are left alone. */
void sj_difference_fill(sj_difference *d, double room[], int n);

/** @brief The row of a key, in its place among the sorted rows; a new one has no numbers yet. NULL
 * when memory ends. Borrowed until the next call. */
sj_difference *sj_comparison_row(sj_comparison *comparison, const char *const key[4]);

/** @brief Number of replications in summary.csv, 1 + the largest. */
int sj_summary_reps(const sj_csv *summary);

/** @brief Write compare.csv (metric,place,nationality,item,base,policy,difference,low,high,
 * correlation,verdict,usd_per_unit,usd_low,usd_high) to a file. */
SJ_MUSTUSE sj_status sj_comparison_write(const sj_comparison *comparison, const char *path,
                                         sj_err *err);
#endif /* SJ_STUDY_COMPARE_H */
