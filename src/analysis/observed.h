/**
 * @file observed.h
 * @brief Observations to hold a model against, read from tables and checked row by row.
 *
 * A table has exactly the columns target, metric, place, nationality, item,
 * from, to, value, unit, mark, source, note. `ALL` stands for a sum. A level
 * (metrics.md) is that at the end of day `to` and has no `from`; a flow is what
 * happened on the days `from` to `to`, both included; a total may be either.
 * A `place` such as `col+per` is the sum of these places (links, for `crossings`); what cannot be
 * added up, such as a share, takes none. Two names are read that are no metric of a record:
 * `applied`, and `completed` with a programme as item; both need a `from`. Floor 7 (analysis).
 */
#ifndef SJ_ANALYSIS_OBSERVED_H
#define SJ_ANALYSIS_OBSERVED_H
#include "base/date.h"
#include "base/mem.h"
#include "io/csv.h"
#include "record/metric.h"

/** @brief What the value of an observation is of the model's records. */
typedef enum sj_observed_kind {
    SJ_OBSERVED_LEVEL,  /* a record of a level or total */
    SJ_OBSERVED_FLOW,   /* the sum of the records of a period */
    SJ_OBSERVED_CHANGE, /* the difference of two records of a total */
} sj_observed_kind;

/** @brief Room for one place of a sum, with its end. */
enum { SJ_PLACE_TEXT = 128 };

/** @brief One row of a table. Texts are borrowed from the tables. */
typedef struct sj_observation {
    const char *target, *metric, *place, *nationality, *item, *unit, *mark, *source, *note;
    sj_observed_kind kind;
    sj_metric totals[2]; /* metrics whose sum the value is: one, or granted and refused */
    int n_totals;
    sj_day from, to; /* from = to for a level */
    double value;    /* finite */
    const char *path;
    int line;
} sj_observation;

typedef struct sj_observations {
    SJ_VEC(sj_csv) tables; /* owns */
    SJ_VEC(sj_observation) rows;
} sj_observations;

/**
 * @brief Add the rows of a table. Zero-initialise *observations; release with
 * sj_observations_clear(), also on failure. Every bad row becomes a problem with file, line and
 * column: a wrong set of columns or number (SJ_E_CSV), an empty cell (SJ_E_MISSING_KEY), a metric
 * that there is not (SJ_E_CHOICE), dates (SJ_E_DATE), a period that the metric does not take or
 * that ends before it begins, a row given twice (SJ_E_MEANING), an unknown mark or one without a
 * source (SJ_E_MARK). O(rows squared) comparisons within a table at worst.
 */
SJ_MUSTUSE sj_status sj_observations_load(sj_observations *observations, const char *path,
                                          sj_problems *problems);
void sj_observations_clear(sj_observations *observations);

/** @brief The next place of a sum `a+b+c`, or the one place there is, into place[SJ_PLACE_TEXT]
 * (cut where it is longer). *rest begins as the whole text and becomes NULL at the end, where the
 * function returns false. */
bool sj_places_next(const char **rest, char place[SJ_PLACE_TEXT]);

/** @brief Is `wide` a sum that holds all of `narrow` and more: ALL, or a sum of places? */
bool sj_places_hold(const char *wide, const char *narrow);

/** @brief Are two rows of one series: the same target, metric, place, nationality, item? */
bool sj_observation_is_same(const sj_observation *a, const sj_observation *b);

/** @brief Are two rows of one series of like length: both levels, or periods that differ by three
 * days at most (months and years differ among themselves)? */
bool sj_observation_is_alike(const sj_observation *a, const sj_observation *b);

/** @brief Days of the period; 0 for a level. */
int sj_observation_days(const sj_observation *row);

/** @brief Is it a whole calendar month of a flow or change? */
bool sj_observation_is_month(const sj_observation *row);
#endif /* SJ_ANALYSIS_OBSERVED_H */
