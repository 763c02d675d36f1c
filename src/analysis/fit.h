/**
 * @file fit.h
 * @brief How well results folders reproduce observations, beside naive baselines.
 *
 * Joins tables of observations (observed.h) with results folders of one
 * scenario (records.h) and scores them target by target (score.h): the folders by
 * their means and bands, and the forecasters of baseline.h, which know nothing but the
 * observations. Only rows that every folder covers are scored, so that all are
 * compared on the same rows; a baseline that lacks its history somewhere has
 * fewer, and the first folder's score on those stands beside it.
 *
 * Stepping baselines forecast a row from the rows of its series before it; with an
 * origin, from those that end on it or before (growth
 * only for levels). Rolling forecasts are made of the series of
 * whole months of a target, from every origin with 12 observed months up to it (with an origin
 * date: from the months that end on it or after), 1, 3 and 6 months ahead; the model's are *free*
 * (its mean) and *anchored* (its growth since the origin on what was observed there).
 * With a period, the rows whose last day lies in it are scored (rolling: the months forecast);
 * baselines may look back beyond it. Where reps.csv has what is scored, how much chance alone makes
 * of its spread (against a folder of `run --fixed`) and of its error stands beside it (noise.h).
 * A row that sums up others of its target and date (`ALL` where they have an id, a sum of places
 * that holds theirs) is not scored where one of these is, and takes no part in shares and rolling
 * forecasts. Floor 7 (analysis).
 */
#ifndef SJ_ANALYSIS_FIT_H
#define SJ_ANALYSIS_FIT_H
#include "analysis/noise.h"
#include "analysis/records.h"
#include "analysis/score.h"

/** @brief The stepping baselines. */
typedef enum sj_step {
    SJ_STEP_NO_CHANGE,
    SJ_STEP_SHARES,
    SJ_STEP_INCREMENT,
    SJ_STEP_GROWTH,
    SJ_STEP_FLUID,
    SJ_N_STEPS
} sj_step;

/** @brief Name of a stepping baseline as tables show it. Static. */
const char *sj_step_name(sj_step step);

/** @brief One observation beside what is said of it. */
typedef struct sj_fit_row {
    const sj_observation *seen; /* borrowed from the observations */
    size_t target;
    bool is_after;      /* after the origin and in the period, where there are such */
    bool is_sum;        /* sums up other rows */
    bool is_scored;     /* after the origin, covered by every folder, no sum of others that are */
    sj_cover cover;     /* SJ_COVERED where every folder covers it, else the first reason */
    sj_estimate *model; /* one a folder; owns */
    double step[SJ_N_STEPS]; /* NaN = no history */
} sj_fit_row;

/** @brief All rows of one name: the target's, and the parts it is divided by. */
typedef struct sj_fit_target {
    char *name; /* owns: "t05", or "t05 crossings darien" by metric and place */
    size_t n_rows, n_after, n_covered;
    size_t n_sums;             /* covered, but sums of others that are scored */
    size_t n_not[SJ_N_COVERS]; /* of those `is_after`, by reason */
} sj_fit_target;

/** @brief Scores of one forecaster on one target. Shares unless told otherwise; NaN = none. */
typedef struct sj_fit_score {
    size_t target;
    int months;            /* ahead; 0 = the rows as they stand */
    const char *predictor; /* label of a folder or name of a baseline; borrowed */
    const char *kind;      /* "model", "anchored", "free" or "baseline"; static */
    size_t n;              /* rows or pairs of origin and month */
    double wape, wape_given_total, share_distance, log_error, bias;
    sj_coverage half, most;             /* the 50 % and the 90 % band */
    double model_wape, model_log_error; /* of the first folder on the same rows */
    double noise_share;       /* folders with ranges, beside a fixed one: see sj_noise_share() */
    double noise_error_share; /* folders: see sj_noise_error_share() */
    size_t n_noise, n_noise_error; /* rows of the two */
} sj_fit_score;

/** @brief How a row stands to the row of its series whose note begins with `base` or `before`. */
typedef struct sj_fit_change {
    size_t base, row; /* indices of rows */
    double observed;  /* natural logarithm of row over base */
    double *model;    /* the same of each folder's means; owns */
} sj_fit_change;

/** @brief What targets can be divided by. */
enum { SJ_FIT_METRIC, SJ_FIT_PLACE, SJ_FIT_NATIONALITY, SJ_FIT_ITEM, SJ_FIT_N_PARTS };

typedef struct sj_fit_options {
    const char *const *folders; /* n_folders >= 1 */
    size_t n_folders;
    const char *const *tables; /* n_tables >= 1 */
    size_t n_tables;
    bool by[SJ_FIT_N_PARTS]; /* rows of one target are scored apart by these */
    bool has_origin;
    sj_day origin;
    bool has_first, has_last; /* the period that is scored; with both, first <= last */
    sj_day first, last;       /* both included */
} sj_fit_options;

typedef struct sj_fit {
    sj_fit_options options; /* borrows */
    sj_observations observations;
    sj_records **folders; /* n_folders of the options; owns */
    const char **labels;  /* names of the folders; borrowed */
    SJ_VEC(sj_fit_row) rows;
    SJ_VEC(sj_fit_target) targets;
    SJ_VEC(sj_fit_score) scores; /* by target; rows before rolling; folders before baselines */
    SJ_VEC(sj_fit_score) all;    /* a folder each: bands and chance over all targets, no errors */
    SJ_VEC(sj_fit_change) changes;
} sj_fit;

/**
 * @brief Read, join and score. Release with sj_fit_clear(), also on failure.
 * Problems: those of sj_observations_load() and sj_records_load(); SJ_E_MEANING where the folders
 * are of different scenarios, or no row is after the origin or covered.
 */
SJ_MUSTUSE sj_status sj_fit_make(sj_fit *out, const sj_fit_options *options, sj_problems *problems);
void sj_fit_clear(sj_fit *fit);

/** @brief Write fit.csv, fit-rows.csv (of the first folder) and, where there are changes,
 * fit-changes.csv into a folder that exists. */
SJ_MUSTUSE sj_status sj_fit_write(const sj_fit *fit, const char *folder, sj_err *err);
#endif /* SJ_ANALYSIS_FIT_H */
