/**
 * @file results.h
 * @brief A results folder as the pictures see it: its tables, and names for its ids.
 *
 * A table that is not there has no columns. series.csv is cut into curves: runs
 * of rows of one (metric, place, nationality, item), in the order of the file.
 * All texts are borrowed from the tables or live in the arena.
 * Floor 7 (report).
 */
#ifndef SJ_REPORT_RESULTS_H
#define SJ_REPORT_RESULTS_H
#include "base/arena.h"
#include "base/date.h"
#include "base/mem.h"
#include "io/csv.h"
#include "io/tree.h"
#include <string.h>

/** @brief One row of series.csv: a month. */
typedef struct sji_sample {
    sj_day day;
    double mean, low, high; /* q05, q95; NaN = missing, may be infinite */
    double q25, q50, q75;   /* NaN = missing, in older tables throughout */
} sji_sample;

/** @brief One curve of series.csv. */
typedef struct sji_curve {
    const char *metric, *place, *nationality, *item;
    const sji_sample *at; /* n samples, dates ascending */
    size_t n;
    size_t first; /* sample of the pool that `at` becomes */
    int reps;
} sji_curve;

/** @brief One published count. */
typedef struct sji_observed {
    const char *metric, *place, *nationality, *item, *label, *source;
    sj_day day;
    double value;
    bool is_fitted; /* used to set parameters */
} sji_observed;

typedef struct sji_results {
    char *folder; /* owns */
    sj_arena *arena;
    sj_tree *scenario; /* NULL = no scenario.json */
    sj_tree *manifest; /* NULL = no manifest.json */
    sj_csv series, published, flows, waits, overload, compare;
    SJ_VEC(sji_sample) pool;
    SJ_VEC(sji_curve) curves;
    SJ_VEC(sji_observed) observed;
    int reps;           /* of the first curve, 0 = unknown */
    sj_day first, last; /* of all curves */
} sji_results;

/** @brief Is it the word for all of them? */
static inline bool sji_is_all(const char *text)
{
    return strcmp(text, "ALL") == 0;
}

/** @brief Read a folder; release with sji_results_clear() also on failure. SJ_E_IO: no folder, or
 * none of the tables in it. */
SJ_MUSTUSE sj_status sji_results_load(sji_results *results, const char *folder, sj_err *err);
void sji_results_clear(sji_results *results);

/** @brief The curve of a key, NULL where there is none. O(curves). */
const sji_curve *sji_results_curve(const sji_results *results, const char *metric,
                                   const char *place, const char *nationality, const char *item);

/** @brief Is it the leaf of a country that holds what its cities do not ("col-rest")? Then `whole`
 * gets the id of the country. */
bool sji_results_is_rest(const char *id, char *whole, size_t size);

/** @brief Name of an id of a collection ("places"), else the id; never NULL. The rest of a country
 * has the country's name. Borrowed. */
const char *sji_results_name(const sji_results *results, const char *collection, const char *id);

/** @brief Text at /collection/id/key, NULL where there is none. Borrowed. */
const char *sji_results_text(const sji_results *results, const char *collection, const char *id,
                             const char *key);

/** @brief Is /collection/id/key a list of this one word? */
bool sji_results_list_is(const sji_results *results, const char *collection, const char *id,
                         const char *key, const char *word);

/** @brief Title of the scenario, NULL where there is none. Borrowed. */
const char *sji_results_title(const sji_results *results);

/** @brief Number at /collection/id/key, plain or a value object; false where there is none. */
bool sji_results_number(const sji_results *results, const char *collection, const char *id,
                        const char *key, double *out);

/** @brief Programme and stage of an item "P/S" (stage "" for "P"); both in the arena, false when
 * memory ends. */
bool sji_results_stage(const sji_results *results, const char *item, const char **programme,
                       const char **stage);

/** @brief Name and place in the order of a stage. */
const char *sji_results_stage_name(const sji_results *results, const char *programme,
                                   const char *stage);
double sji_results_stage_order(const sji_results *results, const char *programme,
                               const char *stage);

/** @brief Last sample with a finite mean, NULL where none. */
const sji_sample *sji_curve_last(const sji_curve *curve);

/** @brief Largest finite mean (or upper end, where `of_band`), 0 at least. */
double sji_curve_peak(const sji_curve *curve, bool of_band);

/** @brief A cell as a number: "inf" is infinite, anything else that is no number NaN. */
double sji_results_number_at(const sj_csv *csv, size_t row, int column);

/** @brief A cell as a date; false if it is none. */
bool sji_results_day_at(const sj_csv *csv, size_t row, int column, sj_day *out);

/** @brief Columns of the headings, in order; SJ_E_CSV names the first that is missing. */
SJ_MUSTUSE sj_status sji_results_columns(const sj_csv *csv, const char *const headings[], size_t n,
                                         int column[], sj_err *err);
#endif /* SJ_REPORT_RESULTS_H */
