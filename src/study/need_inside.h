/**
 * @file need_inside.h
 * @brief Shared by the files of need: reps.csv as panels (a metric by date and replication). Floor
 * 6 (study).
 */
#ifndef SJ_STUDY_NEED_INSIDE_H
#define SJ_STUDY_NEED_INSIDE_H
#include "base/date.h"
#include "io/csv.h"
#include "study/need.h"

/** @brief reps.csv, its dates in order and its replications. */
typedef struct sji_reps {
    sj_csv csv;
    int column[7]; /* metric, place, nationality, item, date, rep, value */
    SJ_VEC(sj_day) dates;
    SJ_VEC(int) numbers; /* of the replications, ascending */
    int n_reps;
} sji_reps;

/** @brief Values of one row: date x n_reps + replication. 0 where the table leaves it out. */
typedef struct sji_panel {
    double *at; /* owns */
} sji_panel;

/** @brief Read DIR/reps.csv. SJ_E_CSV where it is none or empty. Release also on failure. */
SJ_MUSTUSE sj_status sji_reps_load(sji_reps *reps, const char *folder, sj_err *err);
void sji_reps_clear(sji_reps *reps);

/** @brief Index of a date, -1 where there is none. */
int sji_reps_date(const sji_reps *reps, sj_day day);

/** @brief The row of nationality ALL. */
SJ_MUSTUSE sj_status sji_panel_read(sji_panel *panel, const sji_reps *reps, const char *metric,
                                    const char *place, const char *item, sj_err *err);
void sji_panel_clear(sji_panel *panel);

/** @brief Value of the file on a day, with the policies that have dates, in the order of the law;
 * *has_trigger (may be NULL) becomes true where one with a trigger moves it. */
double sji_need_value(const sj_world *world, sj_val value, sj_day day, bool *has_trigger);

/** @brief SJ_E_REFERENCE with the key to add where /record/per_rep lacks one of the metrics. */
SJ_MUSTUSE sj_status sji_need_metrics(const sj_world *world, const char *const metrics[], size_t n,
                                      sj_err *err);

/** @brief The rows of a stage: officers or slots a day. */
SJ_MUSTUSE sj_status sji_need_units(sj_need *out, const char *folder, const sj_world *world,
                                    sj_err *err);
#endif /* SJ_STUDY_NEED_INSIDE_H */
