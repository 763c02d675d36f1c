/**
 * @file fan.h
 * @brief Panels of one curve with its 50 % and 90 % bands and what was observed.
 *
 * What `corridor`, `asylum` and `observed` share. A flow is drawn at the middle of the days it
 * happened on, a level at its date. Values known at single dates only (*apart*) are bars, without a
 * line from one to the next. Floor 7 (report), inside the room.
 */
#ifndef SJ_REPORT_FAN_H
#define SJ_REPORT_FAN_H
#include "report/draw.h"

/** @brief What the model says of a date; NaN = not known. */
typedef struct sji_fan_at {
    sj_day day;
    double middle; /* median, or mean: the caller says which in its legend */
    double q05, q25, q75, q95;
} sji_fan_at;

/** @brief An observation. */
typedef struct sji_fan_seen {
    sj_day day;
    double value;
} sji_fan_seen;

/** @brief One panel. Zero-initialise; release with sji_fan_clear(). */
typedef struct sji_fan {
    sj_str title, line; /* above it; `line` may be empty */
    SJ_VEC(sji_fan_at) model;
    SJ_VEC(sji_fan_seen) seen;
    bool is_apart;
    double weight;     /* how much it matters: see who sorts */
    const char *group; /* borrowed; NULL = none: see sji_fans_choose() */
} sji_fan;

void sji_fan_clear(sji_fan *fan);

/** @brief Clear n panels and free the array. */
void sji_fans_free(sji_fan fan[], size_t n);

/** @brief Append a curve with its medians; a flow's first record, which is of no period, is left
 * out. The parts of a month that /record/dates divides are put together, quantiles added: the band
 * of such a month is somewhat too wide. False when memory ends. */
bool sji_fan_add_curve(sji_fan *fan, const sji_results *results, const sji_curve *curve,
                       bool is_flow);

/** @brief Append the observations of a metric and key: levels, or whole months of a flow. False
 * when memory ends. */
bool sji_fan_add_seen(sji_fan *fan, const sj_observations *observed, const char *metric,
                      const char *place, const char *nationality, const char *item);

/** @brief The day of a level, the middle of a period. */
sj_day sji_fan_middle(const sj_observation *row);

/** @brief Largest value shown, bands and observations too; 0 at least. */
double sji_fan_peak(const sji_fan *fan);

/** @brief The sample with the largest middle, NULL where there is none. */
const sji_fan_at *sji_fan_busiest(const sji_fan *fan);

/**
 * @brief Put the panels that are shown to the front: in turn the heaviest of each group, until
 * there are `most`; then those of a group side by side, heaviest groups and panels first. Ties keep
 * the order they came in. O(n most).
 * @return How many are shown.
 */
size_t sji_fans_choose(sji_fan fan[], size_t n, size_t most);

enum { SJI_FANS_MOST = 12 };

/** @brief The words of a page of panels. */
typedef struct sji_fan_page {
    const char *stem, *title, *answer;
    const char *middle; /* what the line is: "model, median" */
} sji_fan_page;

/** @brief Draw and save a page of n panels, 1 ... SJI_FANS_MOST. */
SJ_MUSTUSE sj_status sji_fans_draw(sji_job *job, const sji_fan_page *page, const sji_fan fan[],
                                   size_t n, sj_err *err);
#endif /* SJ_REPORT_FAN_H */
