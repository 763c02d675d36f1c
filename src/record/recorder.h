/**
 * @file recorder.h
 * @brief What one replication leaves behind: series, flows, waits, events.
 *
 * The recorder looks at a run at the end of days and changes nothing. The rows
 * of its series are the same for every replication of a world and come in one
 * order, so that replications can be put side by side by index. Levels are
 * NaN where nobody is to count. Most rows of a large world are 0 or missing
 * throughout: such a row costs four bytes, and the others one number a record.
 * Flows and waits are kept as lists of what is not 0. Floor 4 (record).
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

/** @brief People of one cell (edge x nation x channel) who ended a leg in one month; never 0. */
typedef struct sj_flow_cell {
    uint32_t cell;
    int64_t n;
} sj_flow_cell;

/** @brief People by days waited at a stage: completed, and waiting at the end; never both 0. */
typedef struct sj_wait_cell {
    int stage, days;
    int64_t completed, waiting;
} sj_wait_cell;

enum { SJ_WAIT_DAYS = 3653 /* waits of ten years and more share the last class */ };

/** @brief A published count under way: kept + counted x people present. */
typedef struct sji_count {
    double kept, counted;
    int revised;  /* day of the run on which it is revised; INT_MAX: never */
    bool is_done; /* rule registrants: it has risen */
} sji_count;

typedef struct sj_recorder {
    const sj_world *world;
    int n_dates;   /* records */
    sj_day *dates; /* room for n_records */
    int n_records;
    SJ_VEC(sj_series_key) keys; /* borrowed after sj_recorder_share_keys() */
    bool borrows_keys;
    uint32_t *index;            /* open addressing by key: row plus one, 0 = free; goes with keys */
    size_t n_index;             /* a power of two */
    uint32_t *slot;             /* row: silent, or where its values are; see series.c */
    SJ_VEC(double *) blocks;    /* values of the rows that say something */
    uint32_t n_open;            /* such rows */
    double *observed;           /* observation: value at its date, NaN before */
    SJ_VEC(sj_flow_cell) flows; /* by month, then cell */
    size_t *month_end;          /* month: flows up to here are of it or before */
    int n_months;
    SJ_VEC(sj_wait_cell) waits; /* by stage, then days: filled at the end */
    double *weekly;             /* week x service: mean utilisation, at most 99 */
    SJ_VEC(sj_happening) happenings;

    /* of the run under way; gone at its end */
    SJ_VEC(double) now;  /* row: the measurement under way */
    SJ_VEC(double) last; /* row: cumulative value at the last record (flows) */
    int64_t *last_traffic;
    int *over_days; /* service: days in a row above 1 */
    bool *op_active;
    int64_t *ages;            /* people by days in a queue: SJ_WAIT_DAYS */
    double *irregular_before; /* country: irregular and regular arrivals at the last record */
    int64_t *arrivals;        /* nation x channel: of the place under way */
    sji_count *counts;        /* published count */
    size_t row;               /* the next row of the measurement under way */
    bool is_first, failed;
    bool peek; /* the measurement under way is taken back: nothing is remembered */
} sj_recorder;

/** @brief New recorder of one replication, NULL when memory ends. */
sj_recorder *sj_recorder_new(const sj_world *world);
void sj_recorder_free(sj_recorder *recorder);

/** @brief Observe the end of a day: matches sj_observer. */
void sj_recorder_observe(void *self, const sj_run *run);

/** @brief Value of a row at a record, 0 <= record < n_dates. */
double sj_recorder_at(const sj_recorder *recorder, int record, size_t row);

/** @brief False for a row that is 0 throughout, or missing throughout. */
bool sj_recorder_says(const sj_recorder *recorder, size_t row);

/** @brief Index of a row, SJ_NO_REF where there is none. O(1). */
int sj_recorder_row(const sj_recorder *recorder, const sj_series_key *key);

/** @brief Use the keys of another finished recorder of the same world, which lives longer. */
void sj_recorder_share_keys(sj_recorder *recorder, const sj_recorder *other);

/** @brief Number of weeks of a run, and the Monday (or the start) that week `i` begins with. */
int sj_record_weeks(const sj_world *world);
sj_day sj_record_week(const sj_world *world, int i);
#endif /* SJ_RECORD_RECORDER_H */
