/**
 * @file table_inside.h
 * @brief Shared by the writers of tables. Floor 6 (study).
 */
#ifndef SJ_STUDY_TABLE_INSIDE_H
#define SJ_STUDY_TABLE_INSIDE_H
#include "base/file.h"
#include "io/csv.h"
#include "io/format.h"
#include "study/table.h"

/** @brief The finished replications, and the order of their rows. */
typedef struct sji_results {
    const sj_replications *all;
    const sj_world *world;
    const sj_recorder **done; /* n finished main replications, in order */
    int *rep;                 /* their numbers */
    int n;
    size_t *order; /* rows by metric, place, nationality, item */
    size_t n_rows;
    double *sample; /* scratch: one value a replication */
} sji_results;

/** @brief Mean and quantiles of the sample of n values (NaN left out); NA where none. */
typedef struct sji_band {
    double mean, q05, q25, q50, q75, q95;
    int n;
} sji_band;
sji_band sji_band_of(double sample[], int n);

/** @brief Write ",value" with the fewest digits. */
void sji_put(FILE *stream, double value);

/** @brief Write a text cell, with a comma before it unless first. */
void sji_cell(FILE *stream, const char *text, bool first);

sj_status sji_write_series(const sji_results *r, const char *folder, sj_err *err);
sj_status sji_write_reps(const sji_results *r, const char *folder, sj_err *err);
sj_status sji_write_summary(const sji_results *r, const char *folder, sj_err *err);
sj_status sji_write_variance(const sji_results *r, const char *folder, sj_err *err);
sj_status sji_write_flows(const sji_results *r, const char *folder, sj_err *err);
sj_status sji_write_waits(const sji_results *r, const char *folder, sj_err *err);
sj_status sji_write_overload(const sji_results *r, const char *folder, sj_err *err);
sj_status sji_write_observed(const sji_results *r, const char *folder, sj_err *err);
sj_status sji_write_events(const sji_results *r, const char *folder, sj_err *err);
sj_status sji_write_scenario(const sji_results *r, const char *folder, sj_err *err);
sj_status sji_write_manifest(const sji_results *r, const char *folder,
                             const sj_replicate_options *options, sj_err *err);
#endif /* SJ_STUDY_TABLE_INSIDE_H */
