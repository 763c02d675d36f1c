/**
 * @file run.h
 * @brief One replication on its way: what the processes share.
 *
 * The world is immutable; the ledger holds the people; `value` is what every
 * number of the scenario is worth today (drawn for this replication, then
 * moved by policies). What a process computes for others stands here as plain
 * arrays; what it keeps for itself is behind its own pointer. A process is a
 * descriptor (sj_process_kind) with steps, each in one phase of the day
 * (semantics A7). Floor 4 (process).
 */
#ifndef SJ_PROCESS_RUN_H
#define SJ_PROCESS_RUN_H
#include "engine/calendar.h"
#include "world/ledger.h"

/** @brief Order of an instant. */
enum {
    SJ_PHASE_DRIVERS = 10,
    SJ_PHASE_NOISE,
    SJ_PHASE_POLICY,
    SJ_PHASE_LAPSE,
    SJ_PHASE_MONEY,
    SJ_PHASE_TABLES,
    SJ_PHASE_ARRIVALS = 20,
    SJ_PHASE_POSTS = 30,
    SJ_PHASE_STAGES,
    SJ_PHASE_DEMAND,
    SJ_PHASE_CLOSURE = 40,
    SJ_PHASE_NODES,
    SJ_PHASE_TAKE_UP,
    SJ_PHASE_OPINION = 50,
    SJ_PHASE_BELIEFS,
    SJ_PHASE_CHAINS,
    SJ_PHASE_BIRTHS,
    SJ_PHASE_DEATHS,
    SJ_PHASE_CHOICE,
    SJ_PHASE_EXITS,
    SJ_PHASE_DEPARTURE,
    SJ_PHASE_RECORD = 60
};

typedef struct sj_routes sj_routes;
typedef struct sj_choice sj_choice;
typedef struct sj_beliefs sj_beliefs;
typedef struct sj_institutions sj_institutions;
typedef struct sj_capacity sj_capacity;
typedef struct sj_funds sj_funds;
typedef struct sj_exits sj_exits;
typedef struct sj_policies sj_policies;
typedef struct sj_departures sj_departures;
typedef struct sj_journeys sj_journeys;

typedef struct sj_run {
    const sj_world *world;
    sj_ledger *ledger;
    sj_chance chance;
    sj_calendar *calendar;
    double *drawn;                  /* values of this replication before policies */
    double *value;                  /* ... and after: index by sj_val */
    int day;                        /* of the run */
    sj_day today;                   /* civil */
    sj_parcel parcel, other, third; /* scratch, valid within one decision */

    double *level, *level_start; /* driver x country, 0 to 1 */
    double *inner_level;         /* driver x country: before the shift of policies */
    double *past_population;     /* country x 365: a ring of days */
    double *hostility;           /* country: xenophobia, 0 to 1 */
    double *service_level;       /* service: q = min(1, K/D) */
    double *demand, *supply;     /* service: D and K, places */
    double *utilisation;         /* country: worst sector, at most 3 */
    double *pool_noise;          /* nation, log */
    double *channel_noise;       /* nation x channel, log */
    double *host_noise;          /* country, utility */
    double *anticipation;        /* nation: A of today */
    double *index;               /* country x status: integration index */
    double *employment;          /* nation x country: employed share of settled adults, or -1 */
    bool routes_stale, choice_stale;
    bool turning;                      /* a marked event has happened today ... */
    bool *turn_channel, *turn_country; /* ... that concerns these */

    sj_policies *policies;
    sj_routes *routes;
    sj_choice *choice;
    sj_beliefs *beliefs;
    sj_journeys *journeys;
    sj_institutions *institutions;
    sj_capacity *capacity;
    sj_funds *funds;
    sj_exits *exits;
    sj_departures *departures;
} sj_run;

/** @brief When a step looks. */
typedef enum sj_rhythm { SJ_DAILY, SJ_EXIT_DAYS, SJ_CHOICE_DAYS, SJ_MONTHLY } sj_rhythm;

/** @brief One step of a process. */
typedef struct sj_step {
    unsigned phase;
    sj_rhythm rhythm;
    void (*review)(sj_run *run);
} sj_step;

/** @brief A process: to add one is to add a file and a line in the table of processes. */
typedef struct sj_process_kind {
    const char *name, *doc;
    int switch_off;              /* the sj_process that /run/off names, or -1: always runs */
    bool (*create)(sj_run *run); /* false when memory ends; NULL: nothing to create */
    void (*begin)(sj_run *run);  /* once, on day 0, after everybody is in place */
    void (*destroy)(sj_run *run);
    sj_status (*verify)(const sj_run *run, sj_err *err); /* NULL: nothing to check */
    sj_step steps[5];
    int n_steps;
} sj_process_kind;

/** @brief All processes, in the order in which they are created and begin. */
extern const sj_process_kind *const sj_process_kinds[];
extern const int sj_n_process_kinds;

/** @brief Value of an index today, `absent` where the scenario does not have it. */
static inline double sj_value_or(const sj_run *run, sj_val index, double absent)
{
    return index == SJ_NO_VALUE ? absent : run->value[index];
}

/** @brief True while a process runs. */
static inline bool sj_runs(const sj_run *run, sj_process process)
{
    return !run->world->off[process];
}

/** @brief Home country of a nation; country of a leaf. */
static inline int sj_home_of(const sj_run *run, int nation)
{
    return run->world->nations[nation].home;
}
static inline int sj_country_of(const sj_run *run, int leaf)
{
    return run->world->leaves[leaf].country;
}

/** @brief Generator of a decision named by up to three ids ("" = none). */
sj_rng sj_run_decide(sj_run *run, const char *process, const char *a, const char *b, const char *c);

/** @brief Generator of a decision of travellers: at an entity, of a nation, with an
 * intent (its hexadecimal digits are part of the name), `days` under way (0 = none). */
sj_rng sj_run_decide_travellers(sj_run *run, const char *process, const char *entity, int nation,
                                uint64_t slot, int days);

/** @brief n zeroed numbers; NULL when memory ends. */
double *sj_numbers_new(size_t n);

#define SJ_DAYS_A_YEAR 365.25

/** @brief Rush before a door closes (model.md 4.3): 1 + alpha for the last 2 T days before it,
 * fading backwards before that. `days_left` > 0. */
double sj_rush(const sj_run *run, double days_left);

/** @brief Chance that an exponential clock of `rate_per_year` rings within `days`. */
double sj_chance_within(double rate_per_year, double days);
#endif /* SJ_PROCESS_RUN_H */
