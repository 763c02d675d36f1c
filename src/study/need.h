/**
 * @file need.h
 * @brief How much capacity, month by month, keeps a metric at or below a level with a probability.
 *
 * The answer is the smallest whole capacity with which at least the share p of
 * the replications stay at or below the level: the k-th smallest of n, k =
 * ceil(p n), no interpolation. Two metrics have one: `utilisation` of a service
 * (places = demand / level) and `queue_length` of a programme's stage (officers
 * or slots a day, by a fluid recursion). Neither holds feedbacks: people who
 * come because places are free or queues short; a run with the policy that
 * sj_need_write_policy() writes tells. Floor 6 (study).
 */
#ifndef SJ_STUDY_NEED_H
#define SJ_STUDY_NEED_H
#include "base/mem.h"
#include "world/world.h"

/** @brief What is asked for. Texts are borrowed. */
typedef struct sj_need_ask {
    const char *metric, *place, *item;
    double below;       /* the level, itself allowed; > 0 for utilisation, >= 0 for queues */
    double probability; /* 0 < p < 1 */
} sj_need_ask;

/** @brief One month: capacity from a day on, judged at a record. */
typedef struct sj_need_row {
    sj_day from, record; /* first day of the capacity; date of the record it is for */
    double there;        /* as it is: mean over replications (places), by the file (officers) */
    double needed;       /* whole */
    double share;        /* of the replications at or below the level with it; NaN = not known */
    double checked;      /* the same in a run with all of it; NaN = not run */
    bool is_met;         /* false: no capacity is enough; `needed` does what can be done */
} sj_need_row;

typedef struct sj_need {
    sj_need_ask ask;
    const char *unit;  /* "places", "officers", "slots a day"; static */
    char pointer[320]; /* of the value to set; "" where several services make up the place */
    sj_day start;      /* first day of the run */
    int n_reps;
    int lag;            /* a rise of officers works after so many days */
    bool has_trigger;   /* a policy with a trigger moves the capacity: not in `there` */
    bool has_fund;      /* a fund builds places of this service */
    bool is_from_bands; /* from quantiles of series.csv */
    SJ_VEC(sj_need_row) rows;
} sj_need;

/** @brief Work it out from the tables of a folder and its world. SJ_E_USAGE, SJ_E_REFERENCE,
 * SJ_E_CSV or SJ_E_DOMAIN say what is missing and how to get it. Release with sj_need_clear(). */
SJ_MUSTUSE sj_status sj_need_find(sj_need *out, const sj_need_ask *ask, const char *folder,
                                  const sj_world *world, sj_err *err);
void sj_need_clear(sj_need *need);

/** @brief Read the shares of a second results folder, run with the policy, into `checked`.
 * all = share of its replications that are at or below the level at every record that can be met;
 * *mean = mean of the shares of these records. */
SJ_MUSTUSE sj_status sj_need_check(sj_need *need, const char *folder, double *all, double *mean,
                                   sj_err *err);

/** @brief Write need.csv, and need-policy.json (an error where pointer is ""). */
SJ_MUSTUSE sj_status sj_need_write(const sj_need *need, const char *path, sj_err *err);
SJ_MUSTUSE sj_status sj_need_write_policy(const sj_need *need, const char *path, sj_err *err);

/* ---- the arithmetic ---- */

/** @brief ceil(p n), at least 1, but for rounding. */
int sj_need_rank(double p, int n);

/** @brief The rank-th smallest of n values; `room` holds n. */
double sj_need_quantile(const double sample[], int n, double p, double room[]);

/** @brief A month of one stage, day by day. */
typedef struct sj_queue_month {
    int n_days;
    const double *most;     /* day: most units at work; 0 while closed, INFINITY without limit */
    const double *per_unit; /* day: people a unit calls */
    const bool *arrives;    /* day: do people join? one day at least */
    double stays;           /* share of those called who rejoin: no-shows who do not give up */
    double leaves_per_day;  /* share of those waiting who leave without service */
    int handover_days;      /* from joining to the first call */
    bool joins_before;      /* people of a day join before its service */
} sj_queue_month;

/** @brief People waiting at the end of a month that began with `queue`, joined by `arrivals` in
 * equal parts, with `units` at work. O(days). */
double sj_queue_end(const sj_queue_month *month, double queue, double arrivals, double units);

/** @brief Fewest whole units with which the rank-th smallest end of n replications is at most
 * `below`, each end moved by its `chance`; *is_met = false where none are enough, then the fewest
 * that do as much as any number. O(days x n x log units). */
double sj_queue_need(const sj_queue_month *month, const double queue[], const double arrivals[],
                     const double chance[], int n, double below, double p, bool *is_met);
#endif /* SJ_STUDY_NEED_H */
