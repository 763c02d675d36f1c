/**
 * @file records.h
 * @brief What a results folder says about an observation: mean and bands over replications.
 *
 * A record is the state at 00:00 of its date. So the end of day `to` is the record of
 * the day after it, and where there is none (the run ended) that of `to` itself,
 * which lacks one day (a level between records: that of observed.csv, if there); a period begins at
 * the record of its first day. A period of several records is their sum: its mean follows from
 * series.csv, its band only from reps.csv, where the metric is listed in /record/per_rep. Rows that
 * are 0 throughout are left out of tables, so a key that is not there is 0
 * where the scenario knows its ids and the metric is divided that way, and not
 * covered otherwise. `queue_length` of a programme is the sum over its stages. A sum of places
 * needs each of them. Floor 7 (analysis).
 */
#ifndef SJ_ANALYSIS_RECORDS_H
#define SJ_ANALYSIS_RECORDS_H
#include "analysis/observed.h"

typedef struct sj_records sj_records; /* opaque: see analysis/records.c */

/** @brief Whether the results tell about an observation, and why not. */
typedef enum sj_cover {
    SJ_COVERED,
    SJ_NOT_DATES,       /* before the first record or after the last */
    SJ_NOT_RECORDED,    /* no record at an end of the period */
    SJ_NOT_METRIC,      /* the tables hold no row of the metric */
    SJ_NOT_PLACE,       /* no such place, or one outside the model */
    SJ_NOT_NATIONALITY, /* no such nationality */
    SJ_NOT_ITEM,        /* no such item */
    SJ_NOT_DIVIDED,     /* the metric is not recorded by such sums or parts */
    SJ_NOT_VALUE,       /* NA there */
    SJ_N_COVERS
} sj_cover;

/** @brief The reason as part of a sentence; "covered" for SJ_COVERED. Static. */
const char *sj_cover_text(sj_cover cover);

/** @brief What the model says: in the metric's unit, NaN = not known. Quantiles of type 7. */
typedef struct sj_estimate {
    sj_cover cover;
    double mean, q05, q25, q75, q95;
    double variance; /* over the replications of reps.csv (n - 1); NaN without them */
    int n_reps;      /* of those; 0 = none */
} sj_estimate;

/**
 * @brief Read manifest.json, series.csv and, where they are, reps.csv, observed.csv, scenario.json.
 * @param[out] out New, NULL on failure; release with sj_records_free().
 * Problems: SJ_E_IO without folder, manifest or series; SJ_E_FORMAT for a manifest that is none of
 * a run; SJ_E_CSV for tables without their columns; SJ_E_DATE.
 */
SJ_MUSTUSE sj_status sj_records_load(sj_records **out, const char *folder, sj_problems *problems);
void sj_records_free(sj_records *records);

/** @brief Id of the scenario, and the folder as it was given. Borrowed. */
const char *sj_records_scenario(const sj_records *records);
const char *sj_records_folder(const sj_records *records);

/** @brief Were all values left at their centres (`run --fixed`), as the manifest says? */
bool sj_records_is_fixed(const sj_records *records);

/** @brief First and last date that has a record. */
sj_day sj_records_first(const sj_records *records);
sj_day sj_records_last(const sj_records *records);

/** @brief The model's value of an observation. O(log curves + records of it x replications).
 * @retval SJ_E_NOMEM Memory ended; *out is not covered. */
SJ_MUSTUSE sj_status sj_records_estimate(const sj_records *records, const sj_observation *row,
                                         sj_estimate *out);
#endif /* SJ_ANALYSIS_RECORDS_H */
