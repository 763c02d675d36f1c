/**
 * @file recorder.h
 * @brief What one replication leaves behind: series, flows, waits, events.
 *
 * The recorder looks at a run at the end of days and changes nothing. The rows
 * of its series are the same for every replication of a world and come in one
 * order, so that replications can be put side by side by index. Levels are
 * NaN where nobody is to count. Floor 4 (record).
 */
#ifndef SJ_RECORD_RECORDER_H
#define SJ_RECORD_RECORDER_H
#include "process/run.h"
#include "record/metric.h"

/** @brief Key of a row of the series; texts are borrowed from the world, "ALL" for a sum. */
typedef struct sj_series_key {
    sj_metric metric;
    const char *place, *nationality, *item;
} sj_series_key;

/** @brief Something that happened on a day. */
typedef struct sj_happening {
    int day;
    const char *kind;  /* "policy", "overload", "relief" */
    const char *where; /* id of the policy or service */
    double value;      /* utilisation of an overload; number of the op */
} sj_happening;

typedef struct sj_recorder {
    const sj_world *world;
    int n_dates; /* records */
    sj_day *dates;
    SJ_VEC(sj_series_key) keys;
    SJ_VEC(double) values; /* record x row */
    SJ_VEC(double) last;   /* row: cumulative value at the last record (flows) */
    double *observed;      /* observation: value at its date, NaN before */
    double *traffic;       /* month x edge x nation x channel */
    int n_months;
    int64_t *last_traffic;
    double *weekly; /* week x service: mean utilisation, at most 99 */
    int *over_days; /* service: days in a row above 1 */
    bool *op_active;
    SJ_VEC(sj_happening) happenings;
    int64_t *waits, *waiting; /* stage x SJ_WAIT_DAYS: filled at the end */
    int64_t *ages;            /* scratch: people by days in a queue */
    double *irregular_before; /* country: irregular and regular arrivals at the last record */
    size_t row;               /* the next row of the measurement under way */
    bool is_first, failed;
    bool peek; /* the measurement under way is taken back: nothing is remembered */
} sj_recorder;

enum { SJ_WAIT_DAYS = 3653 /* waits of ten years and more share the last class */ };

/** @brief New recorder of one replication, NULL when memory ends. */
sj_recorder *sj_recorder_new(const sj_world *world);
void sj_recorder_free(sj_recorder *recorder);

/** @brief Observe the end of a day: matches sj_observer. */
void sj_recorder_observe(void *self, const sj_run *run);

/** @brief Index of a row, SJ_NO_REF where there is none. */
int sj_recorder_row(const sj_recorder *recorder, const sj_series_key *key);

/** @brief Number of weeks of a run, and the Monday (or the start) that week `i` begins with. */
int sj_record_weeks(const sj_world *world);
sj_day sj_record_week(const sj_world *world, int i);
#endif /* SJ_RECORD_RECORDER_H */
