/**
 * @file institution_inside.h
 * @brief Shared by the files of programmes, and by nobody else. Floor 4 (process).
 */
#ifndef SJ_PROCESS_INSTITUTION_INSIDE_H
#define SJ_PROCESS_INSTITUTION_INSIDE_H
#include "process/chain.h"
#include "process/institution.h"

typedef SJ_VEC(int64_t) sj_wait_days;

/* What a stage's service of one day has ended for the people of one stratum. */
typedef struct sji_ending {
    sj_stratum *stratum;
    sj_rng rng;                    /* of all that is drawn for them at the stage today */
    int64_t passed, failed, again; /* not yet sent on: where the day of application is not kept */
    int64_t granted, refused, lost;
    double served, waited_days, ripe; /* of the batches: people, their days, those past a delay */
    int refused_status;               /* of the stage they failed at last */
    int64_t refused_next; /* refused at the door of the next stage, with its own status */
    int refused_next_status;
} sji_ending;

/* People of a nation at home whose case has ended: with a grant they set out, without one they
 * choose once more. */
typedef struct sji_leaver {
    int nation, leaf, programme;
    bool is_granted;
    int64_t by_group[SJ_GROUPS];
} sji_leaver;

/* How a status changes. */
typedef struct sji_change {
    int status;
    sj_day expiry;      /* SJ_NO_DAY: the new status does not expire */
    sj_day barred;      /* no application before this day; SJ_NO_DAY: free at once */
    int applies;        /* programme whose case opens with the change, or SJ_NO_REF */
    bool no_permit;     /* their old permits have been taken out before */
    sj_waiting waiting; /* what waiting has done to those who change */
} sji_change;

/* Strata that may apply in a window, found among the first `scanned` strata. In cohort resolution
 * a stratum's key never changes, so that once is enough. */
typedef struct sji_eligible {
    SJ_VEC(sj_stratum *) strata;
    size_t scanned;
} sji_eligible;

struct sj_institutions {
    sji_eligible **eligible; /* programme: by window */
    sj_batches served;
    sj_parcel parcel;           /* scratch of status changes */
    SJ_VEC(sji_ending) endings; /* of the stage under way */
    SJ_VEC(uint32_t) ending_of; /* stratum: its ending, plus one; 0 = none yet */
    sj_wait_days *waits;        /* stage */
    int64_t *cost_cents;        /* programme */
    double **officers;          /* stage: the last lag + 1 days */
    int *lag;                   /* stage: days until a rise works */
    int closed_day;             /* of the run, of the last review of closure */
    SJ_VEC(sji_leaver) leavers; /* whose programme has ended today at home, until all have */
};

/** @brief Days on which who waits is known by the day of joining; then by its month. */
enum { SJI_DAYS_BY_DAY = 183 };

/** @brief Reviews, in order: stages, closure (weekly), acts, take-up, lapses. */
void sji_serve_stages(sj_run *run);
void sji_close(sj_run *run);
void sji_act(sj_run *run);
void sji_take_up(sj_run *run);
void sji_lapse(sj_run *run);

/** @brief Change the status of m people of a stratum who have no open case (any more). */
void sji_change_status(sj_run *run, sj_stratum *stratum, int64_t m, const sji_change *change);

/** @brief m people whose last stage has been passed (their case has ended): outcome. Where that is
 * a renewal, their old permits have been taken out before. */
void sji_grant(sj_run *run, sj_stratum *s, int programme, int64_t m, sj_waiting waiting);

/** @brief m people without a case apply and take the pending status. */
void sji_apply_pending(sj_run *run, sj_stratum *s, int programme, int64_t m);

/** @brief The ending of a stratum in the service under way, with a stream of its own; NULL when
 * memory ends. Good until the next is made. */
sji_ending *sji_ending_of(sj_run *run, int stage, sj_stratum *stratum);

/** @brief Add a batch to what is known of the waiting of an ending's people, and its mean. */
void sji_count_waiting(const sj_run *run, sji_ending *end, const sj_batch *batch);
sj_waiting sji_waiting_of(const sj_run *run, const sji_ending *end, int programme);

/** @brief m people whose case has ended without a decision. */
void sji_close_cases(sj_run *run, sj_stratum *s, int programme, int64_t m, sj_waiting waiting);

/** @brief m people who asked for a renewal on a day, and get it, give up their old permits. */
void sji_end_old_permits(sj_run *run, sj_stratum *s, int programme, sj_day since, int64_t m,
                         sj_rng *rng);

/** @brief True if a programme renews a status; *within is how many days before the expiry. */
bool sji_renews(const sj_run *run, int programme, int status, sj_day *within);

/** @brief Open renewal cases of a stratum. Case and permit are independent records, but who renews
 * holds a permit that ends soon, or one that has ended while the case was open. */
typedef struct sji_renewals {
    int64_t open, late; /* cases; of them, those whose permit has ended */
    double days;        /* sum of the ages of the cases that are not surely late */
    int64_t young;      /* how many these are */
} sji_renewals;

/** @brief Count them as of a day; `more` people without a permit are none of them. */
sji_renewals sji_renewals_of(const sj_run *run, const sj_stratum *s, sj_day day, int64_t more);

/** @brief m applicants at home whose case has ended leave their stratum: see sji_leave_home(). */
void sji_end_at_home(sj_run *run, sj_stratum *s, int programme, int64_t m, bool is_granted);

/** @brief They go, all of a nation and place together: with a grant on their journey, without one
 * to what they choose once more. */
void sji_leave_home(sj_run *run);

/** @brief m residents of another country with a granted journey set out. */
void sji_send_on_journey(sj_run *run, sj_stratum *s, int programme, int64_t m);
#endif /* SJ_PROCESS_INSTITUTION_INSIDE_H */
