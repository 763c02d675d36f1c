/**
 * @file outcome.h
 * @brief What a policy costs for each unit of what it brings: paired, with Fieller's interval.
 *
 * An outcome is a sum of rows of summary.csv (or of reps.csv, where only single rows hold it),
 * replication by replication. Its gain is policy - base, for outcomes that are
 * better when they are fewer (deaths, overload, queues) base - policy. The
 * cost of a unit is mean difference of spent_usd / mean gain. It is no mean of
 * ratios: a single replication whose gain is near 0 would rule it. Fieller's
 * interval of a ratio of paired means is exact for normal differences and
 * exists exactly where the Student interval of the gain does not hold 0.
 * Source: Fieller (1954); Willan and O'Brien (1996) for cost per outcome.
 * Floor 6 (study).
 */
#ifndef SJ_STUDY_OUTCOME_H
#define SJ_STUDY_OUTCOME_H
#include "io/tree.h"
#include "base/mem.h"
#include "study/compare.h"

enum { SJ_OUTCOME_TEXT = 96 };

/** @brief The tables of a results folder that outcomes are read from. */
typedef struct sj_folder {
    const char *path; /* borrowed */
    sj_csv summary;
    sj_csv reps;       /* read when it is asked for */
    sj_tree *scenario; /* NULL = no scenario.json */
    int n_reps;        /* 1 + the largest replication */
} sj_folder;

typedef struct sj_outcome {
    char label[SJ_OUTCOME_TEXT], unit[SJ_OUTCOME_TEXT]; /* "deaths on the way averted", "death" */
    /* metric, place, nationality, item; "" = the row ALL, or the sum where there is none; "*" = the
     * sum, of places that of countries. Once resolved: an id, "ALL" or "*". */
    char part[4][SJ_OUTCOME_TEXT];
    bool of_regular_channels; /* item: channels of class regular */
    bool is_averted;          /* fewer are better */
    bool in_reps;             /* read from reps.csv */
} sj_outcome;

typedef SJ_VEC(sj_outcome) sj_outcomes;

/** @brief Read summary.csv and scenario.json (which may be missing). Release with
 * sj_folder_clear() also on failure. */
SJ_MUSTUSE sj_status sj_folder_load(sj_folder *folder, const char *path, sj_problems *problems);
void sj_folder_clear(sj_folder *folder);

/** @brief Append the outcomes of the rule that the folders know of: people regularised
 * (granted_total), people in work (a metric `employed`, where there is one), deaths on the way
 * averted, overload averted, arrivals by regular channels (where reps.csv holds `arrivals`). */
SJ_MUSTUSE sj_status sj_outcomes_by_rule(sj_outcomes *out, sj_folder folders[], size_t n,
                                         sj_err *err);

/** @brief Append METRIC[:place[:nationality[:item]]]. SJ_E_USAGE: no such metric, too many parts,
 * or rows that do not add up (shares, days); SJ_E_REFERENCE: no folder has such a row. */
SJ_MUSTUSE sj_status sj_outcomes_add(sj_outcomes *out, const char *text, sj_folder folders[],
                                     size_t n, sj_err *err);

/** @brief Fill the cost of a unit in the rows of the outcomes of a comparison of two folders; rows
 * that are sums of several are added, with ALL (regular channels: "regular") as place or item. */
SJ_MUSTUSE sj_status sj_comparison_outcomes(sj_comparison *comparison, const sj_outcomes *outcomes,
                                            const sj_folder *base, const sj_folder *policy,
                                            sj_err *err);

/** @brief The row of an outcome; NULL where the comparison has none. Borrowed. */
const sj_difference *sj_comparison_outcome(const sj_comparison *comparison, const sj_outcome *of);

/** @brief Row by key, NULL where there is none. Borrowed. */
const sj_difference *sj_comparison_find(const sj_comparison *comparison, const char *const key[4]);

/** @brief Ratio of the means of n pairs and its interval at 95 %; all NaN where n < 2, every cost
 * is 0, or the Student interval of the mean gain holds 0. */
void sj_cost_of_unit(const double cost[], const double gain[], size_t n, double *ratio, double *low,
                     double *high);
#endif /* SJ_STUDY_OUTCOME_H */
