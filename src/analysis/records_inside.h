/**
 * @file records_inside.h
 * @brief Shared by what reads a results folder and what looks values up. Floor 7 (analysis).
 */
#ifndef SJ_ANALYSIS_RECORDS_INSIDE_H
#define SJ_ANALYSIS_RECORDS_INSIDE_H
#include "analysis/records.h"
#include "io/tree.h"

enum { SJI_METRIC, SJI_PLACE, SJI_NATIONALITY, SJI_ITEM, SJI_N_KEYS };

/** @brief A run of rows of one key; texts are borrowed from the table. */
typedef struct sji_curve_rows {
    const char *key[SJI_N_KEYS];
    size_t first, n;
} sji_curve_rows;

/** @brief A table whose curves can be found by key. */
typedef struct sji_keyed {
    sj_csv csv;
    SJ_VEC(sji_curve_rows) curves; /* sorted by key */
    int key[SJI_N_KEYS], date;     /* columns */
} sji_keyed;

struct sj_records {
    char *folder, *scenario; /* own */
    bool is_fixed;
    sji_keyed series, reps;                   /* reps without columns where there is no reps.csv */
    int mean, q05, q25, q75, q95, rep, value; /* columns, -1 = none */
    int n_reps;                               /* largest number of a replication + 1 */
    sj_tree *tree;                            /* scenario.json, NULL = none */
    SJ_VEC(sj_day) dates;                     /* of records, ascending */
    sj_csv days;                              /* observed.csv, no columns where there is none */
    int day_key[SJI_N_KEYS], day_date, day_mean, day_q05, day_q25, day_q75, day_q95;
};

/** @brief Curve of a key, NULL where there is none. O(log curves). */
const sji_curve_rows *sji_keyed_find(const sji_keyed *table, const char *const key[SJI_N_KEYS]);

/** @brief First curve whose key is not before `key` (curves.n: none). */
size_t sji_keyed_from(const sji_keyed *table, const char *const key[SJI_N_KEYS]);

/** @brief Can a key that is not in the tables be taken for 0? SJ_COVERED where it can. */
sj_cover sji_records_absent(const sj_records *records, const char *const key[SJI_N_KEYS]);
#endif /* SJ_ANALYSIS_RECORDS_INSIDE_H */
