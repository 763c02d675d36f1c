/**
 * @file ledger.h
 * @brief Where everybody is. Only the ledger changes a count of people.
 *
 * Every person is resident in a stratum, on a link, or gone. A stratum is a
 * count of exchangeable people of one (nationality, leaf, status, group, slot)
 * with marginals that divide it: chains, open cases (held by the stages),
 * permits. Who sets out from home depends on age: there the group is part of the key. Abroad and
 * under way only birth and death and who a chain is for depend on it: there the group is a marginal
 * too (`by_group`), and the group of the key is SJ_MIXED. People move as
 * parcels: sj_ledger_take() draws who leaves by the carry rule (semantics A3: multivariate
 * hypergeometric, marginal by marginal), sj_ledger_put() adds them elsewhere. Stocks, tallies and
 * the conservation check all follow from these two.
 *
 * Newcomers: a stratum knows how many joined since its last review and when on
 * average (sj_since), so that old members and newcomers are reviewed apart,
 * each over its own time. In person resolution settled people are strata of
 * one; nothing else differs.
 *
 * Memory ending makes the ledger fail for good (`status`): calls stay safe and
 * the run stops at its next check. Floor 3 (world).
 */
#ifndef SJ_WORLD_LEDGER_H
#define SJ_WORLD_LEDGER_H
#include "base/mem.h"
#include "world/chance.h"
#include "world/world.h"

/** @brief Decisions that strata take: the processes of semantics A10. */
typedef enum sj_decision {
    SJ_DECIDE_EXIT,
    SJ_DECIDE_NODE,
    SJ_DECIDE_CHAIN,
    SJ_DECIDE_BIRTH,
    SJ_DECIDE_DEATH,
    SJ_DECIDE_LAPSE,
    SJ_DECIDE_TAKE_UP,
    SJ_DECIDE_CHANGE,
    SJ_DECIDE_SPLIT,
    SJ_DECISIONS
} sj_decision;

/** @brief How many joined since the last review, and the sum of their days of joining. */
typedef struct sj_since {
    int64_t n;
    double sum_day;
} sj_since;

/** @brief People whose permit expires on one day (of the calendar). */
typedef struct sj_permit {
    sj_day expiry;
    int64_t count;
} sj_permit;
typedef SJ_VEC(sj_permit) sj_permits; /* ascending by expiry */

/** @brief People who may not apply again before a day. */
typedef struct sj_barred {
    sj_day until;
    int64_t count;
} sj_barred;
typedef SJ_VEC(sj_barred) sj_barreds;

/** @brief Cases of people who move: the stage they wait at, and their batch. */
typedef struct sj_case {
    int stage;
    sj_batch batch;
} sj_case;
typedef SJ_VEC(sj_case) sj_cases;

/** @brief Where travellers are going and what they hold where they come from. */
typedef struct sj_intent {
    int destination, channel; /* country, channel */
    int hold_country;         /* SJ_NO_REF: they hold nothing */
    int hold_status, hold_vintage;
} sj_intent;

enum { SJ_MIXED = SJ_GROUPS /* group of people abroad and under way: by_group divides them */ };

typedef struct sj_stratum {
    uint64_t who, slot; /* the key; see who_of() in ledger.c */
    int nation, leaf, country, status, group;
    int vintage;       /* settled people */
    bool is_plain;     /* nationals at home: a count without marginals */
    bool is_settled;   /* a foreigner who lives here (or an applicant at home) */
    bool is_under_way; /* in transit: the slot is an intent */
    bool is_foreign;
    int64_t n;
    int64_t by_group[SJ_GROUPS]; /* where the group is SJ_MIXED */
    sj_since exits, vital;       /* since the last review of exits, of births and deaths */
    int64_t *old, *fresh;        /* n_chain_classes each; NULL for plain and under way */
    sj_since *chain_since;       /* by chain: the fresh, and the days of their last advance */
    int64_t n_cases, n_barred, n_permits;
    double waited_years, waited_share; /* what sj_waiting_of() found on ... */
    int waited_day;                    /* ... this day of the run plus one; 0 = never */
    unsigned listed;                   /* kinds of lists it stands in */
    sj_barreds barred;
    sj_permits permits;
    uint32_t index;   /* its number: the owner of its cases */
    uint32_t person;  /* number of its one person (person resolution), 0 for cohorts */
    const char *text; /* "ven/col-rest/irregular/18-59/0" */
    char *own_text;
    uint64_t name[SJ_DECISIONS]; /* hashes of "process/" text */
} sj_stratum;

/** @brief A list of strata of one kind: all that are not empty, and some that are. */
typedef SJ_VEC(sj_stratum *) sj_strata;
enum { SJ_LISTED_TRAVELLER = 1, SJ_LISTED_SETTLER = 2, SJ_LISTED_AT_HOME = 4 };

/** @brief Drop the empty strata from the list of a kind. */
void sj_strata_sweep(sj_strata *list, unsigned kind);

/** @brief People between two compartments. Reusable storage: init once, clear at the end. */
typedef struct sj_parcel {
    int nation, group;
    int64_t n;
    int64_t by_group[SJ_GROUPS]; /* where the group is SJ_MIXED */
    int64_t *chain;              /* n_chain_classes */
    sj_since *chain_since;       /* by chain: all of them, with the days of their last advance */
    bool has_chains;
    sj_since exits, vital; /* all of them, with the days of their last review */
    sj_cases cases;
    sj_barreds barred;
    sj_permits permits;
} sj_parcel;

/** @brief What the cause of leaving fixes; everything else is drawn. */
typedef struct sj_fixed {
    bool no_case;      /* all leave from the class without case */
    bool no_open_case; /* all leave from those without case or barred from one */
    bool no_permit;    /* their permits have been taken out before */
    int64_t exits_new; /* how many of them are newcomers of the exit clock; -1 = drawn */
    int64_t vital_new; /* likewise of the births-and-deaths clock */
    int of_group;      /* of a mixed stratum: 1 + the group that all of them are of; 0 = drawn */
} sj_fixed;
#define SJ_NOTHING_FIXED ((sj_fixed){.exits_new = -1, .vital_new = -1})

/** @brief People on one link who get to its end on one day, of one kind. */
typedef struct sj_band {
    int nation;
    int days; /* the leg takes them so long; 0 on an edge without risks, where nobody asks */
    uint64_t slot;
    int64_t n, by_group[SJ_GROUPS];
    sj_permits permits;
} sj_band;

/** @brief Everybody who gets to the end of one edge on one day. */
typedef struct sj_leg {
    int edge;
    int due; /* day of the run */
    SJ_VEC(sj_band) bands;
    uint32_t *slots; /* open addressing by kind: index of the band plus one, 0 = free */
    size_t n_slots;  /* a power of two */
} sj_leg;

enum { SJ_LEG_DAYS = 1024 /* a leg takes at most so many days */ };
typedef SJ_VEC(sj_leg *) sj_legs;

/** @brief Identity of a programme's cases. */
typedef struct sj_caseload {
    int64_t opening, joined, granted, refused, lost, withdrawn, died, closed, acts;
} sj_caseload;

/** @brief Identity of permits: start + granted + born = valid + expired + ended. */
typedef struct sj_permit_count {
    int64_t start, granted, born, expired, ended, valid;
} sj_permit_count;

/** @brief Identity of people, and flows since the start (never reset; takers of differences). */
typedef struct sj_tally {
    int64_t initial, born, inflow, died, left;
    int64_t *departures;  /* nation */
    int64_t *arrivals;    /* leaf x nation x channel */
    int64_t *entries;     /* country x nation x class (SJ_CLASSES: the way home) */
    int64_t *returns;     /* country x nation: set out for home */
    int64_t *onward;      /* country x nation */
    int64_t *deaths;      /* leaf x nation, at places */
    int64_t *link_deaths; /* edge x nation */
    int64_t *caught;      /* edge x nation */
    int64_t *traffic;     /* edge x nation x channel: ended legs */
    int64_t *refused;     /* post */
    int64_t *applied;     /* programme */
    int64_t *completed;   /* stage: passed */
    int64_t *served;      /* stage: attended */
} sj_tally;

/** @brief A place in the table of keys: a stratum (0 = free) and the high half of its key's hash.
 */
typedef struct sj_key_place {
    uint32_t index, high;
} sj_key_place;

typedef struct sj_ledger {
    const sj_world *world;
    sj_chance *chance;
    bool by_person;                                         /* settled people are strata of one */
    sj_status status;                                       /* SJ_OK, or why the run must stop */
    sj_day today;                                           /* civil day */
    int day;                                                /* of the run */
    double exits_reviewed, vital_reviewed, chains_reviewed; /* days of the last reviews */

    sj_stratum **strata; /* [0] is nowhere: it takes what failed memory could not place */
    size_t n_strata, strata_capacity;
    sj_key_place *by_key; /* open addressing */
    size_t n_keys, n_slots;
    SJ_VEC(uint32_t) vacant; /* strata of one that emptied (person resolution) */
    sj_strata travellers;    /* under way */
    sj_strata settlers;      /* foreigners settled */
    sj_strata at_home;       /* nationals at home, applicants too */
    uint32_t n_persons;      /* numbered so far (person resolution) */
    sj_stage **stages;
    sj_leg **legs;      /* pending: edge x due day modulo SJ_LEG_DAYS + 1 */
    sj_legs spare_legs; /* empty ones, to be used again */
    int64_t on_link;

    int64_t *present;       /* leaf x nation: everybody */
    int64_t *settled;       /* leaf x nation: foreigners settled */
    int64_t *foreign_group; /* leaf x group: foreigners, in transit too */
    int64_t *settled_group; /* leaf x group: foreigners settled */
    int64_t *home_pool;     /* nation */
    int64_t *population;    /* country */
    int64_t *left_to;       /* nation x country: gone to an outside, less those who came back */
    double *retention;      /* leaf x group: share of past arrivals still there, cumulated */
    sj_tally tally;
    sj_caseload *caseload; /* programme */
    sj_permit_count permits;
    sj_parcel spare;      /* for splits */
    sj_parcel of_group;   /* for splits by group */
    SJ_VEC(int64_t) held; /* for draws over permits: how many of each record */
    sj_batches batches;   /* for takes from stages */
} sj_ledger;

/** @brief New empty ledger; NULL when memory ends. Borrows world and chance. */
sj_ledger *sj_ledger_new(const sj_world *world, sj_chance *chance);
void sj_ledger_free(sj_ledger *ledger);

/** @brief The stratum of settled people or nationals at home; made where there is none. Abroad it
 * holds all groups, whatever `group` is. In person resolution a settled stratum is always a new
 * one. */
sj_stratum *sj_ledger_settled(sj_ledger *ledger, int nation, int leaf, int status, int group,
                              int vintage);

/** @brief The stratum of travellers at a place with an intent, of all groups. */
sj_stratum *sj_ledger_waiting(sj_ledger *ledger, int nation, int leaf, int status, uint64_t slot);

/** @brief Key of an intent, and back. */
uint64_t sj_intent_slot(sj_intent intent);
sj_intent sj_slot_intent(uint64_t slot);

bool sj_parcel_init(sj_parcel *parcel, const sj_world *world);
void sj_parcel_clear(sj_parcel *parcel);

/** @brief Draw m of a stratum's people by the carry rule into *parcel (its content is replaced). */
void sj_ledger_take(sj_ledger *ledger, sj_stratum *from, int64_t m, sj_fixed fixed, sj_rng *rng,
                    sj_parcel *parcel);

/** @brief Draw m people of a parcel into *out. */
void sj_ledger_split(sj_ledger *ledger, sj_parcel *parcel, int64_t m, sj_rng *rng, sj_parcel *out);

/** @brief Take people of stated groups out of a mixed parcel, into a mixed one. */
void sj_ledger_split_groups(sj_ledger *ledger, sj_parcel *parcel, const int64_t by_group[SJ_GROUPS],
                            sj_rng *rng, sj_parcel *out);

/** @brief Make a parcel a mixed one of nobody, of a nation. */
void sj_parcel_open(sj_parcel *parcel, int nation);

/** @brief Make a parcel of one group a mixed one of the same people. */
void sj_parcel_mix(sj_parcel *parcel);

/** @brief People on the way join a mixed parcel of their nation with their permits; chains
 * and clocks stay behind, cases must have ended. The other parcel is empty afterwards. */
void sj_ledger_pool(sj_ledger *ledger, sj_parcel *mixed, sj_parcel *parcel);

/** @brief Add all of a parcel to a stratum; the parcel is empty afterwards. Chains of people who
 * have none start today. */
void sj_ledger_put(sj_ledger *ledger, sj_parcel *parcel, sj_stratum *to);

/** @brief Settle a parcel: as sj_ledger_put into sj_ledger_settled, group by group at home, one by
 * one in person resolution. */
void sj_ledger_settle(sj_ledger *ledger, sj_parcel *parcel, int leaf, int status, int vintage,
                      sj_rng *rng);

/** @brief m people of a group grow into the next, in a mixed stratum: nothing else of them changes
 * but that chains which end with their group are dropped, and those that begin with the next
 * start today. */
void sj_ledger_age(sj_ledger *ledger, sj_stratum *stratum, int group, int64_t m, sj_rng *rng);

/** @brief Reset what another country or birth resets: chains to their start, clocks to today. */
void sj_parcel_reset(sj_ledger *ledger, sj_parcel *parcel);

/** @brief End the cases of a parcel, or its permits. `died` tells withdrawn from died waiting. */
void sj_ledger_end_cases(sj_ledger *ledger, sj_parcel *parcel, bool died);
void sj_ledger_end_permits(sj_ledger *ledger, sj_parcel *parcel);

/** @brief Take the permits that have run out by today off a list; returns how many. The caller
 * keeps the count of a stratum's permits. */
int64_t sj_ledger_expire(sj_ledger *ledger, sj_permits *permits);

/** @brief Give everybody of a parcel a permit until `expiry`. */
void sj_ledger_grant_permits(sj_ledger *ledger, sj_parcel *parcel, sj_day expiry);

/** @brief The parcel dies, or leaves the world for an outside country. Parcel empty afterwards. */
void sj_ledger_die(sj_ledger *ledger, sj_parcel *parcel);
void sj_ledger_leave(sj_ledger *ledger, sj_parcel *parcel, int country);

/** @brief n people come into the world: born, or from an outside. They are put by the caller. */
void sj_ledger_enter(sj_ledger *ledger, sj_parcel *parcel, int nation, int group, int64_t n,
                     bool born);

/** @brief Put a parcel on an edge for `days` days. Cases must have ended; chains are forgotten.
 * *is_new tells that this is the first band of that edge and day. */
sj_leg *sj_ledger_board(sj_ledger *ledger, sj_parcel *parcel, int edge, uint64_t slot, int days,
                        bool *is_new);

/** @brief The same for people without permits, by group: by_group[] may be of any who go by. */
sj_leg *sj_ledger_board_groups(sj_ledger *ledger, int nation, const int64_t by_group[SJ_GROUPS],
                               int edge, uint64_t slot, int days, bool *is_new);

/** @brief The leg of an edge that ends in so many days (0 to SJ_LEG_DAYS); NULL where none does. */
const sj_leg *sj_ledger_leg(const sj_ledger *ledger, int edge, int in_days);

/** @brief Take a leg that is due off the list; the caller empties its bands by
 * sj_ledger_alight() and gives it back by sj_ledger_leg_done(). NULL: none is due. */
sj_leg *sj_ledger_due(sj_ledger *ledger, int edge, int due);
void sj_ledger_alight(sj_ledger *ledger, sj_band *band, sj_parcel *parcel);
void sj_ledger_leg_done(sj_ledger *ledger, sj_leg *leg);
void sj_leg_free(sj_leg *leg);

/** @brief A parcel of settled foreigners has left a leaf for good: the ring of arrivals thins. */
void sj_ledger_thin(sj_ledger *ledger, int leaf, const sj_parcel *parcel);

/** @brief Old members and newcomers of a clock are one again. */
void sj_since_pour(sj_since *since);

/** @brief Open a case (person of class none) of m people of a stratum, today. The day of
 * application is kept where something depends on it (sj_programme_of.keeps_since). */
void sj_ledger_open_case(sj_ledger *ledger, sj_stratum *stratum, int stage, int64_t m, sj_day since,
                         sj_day ready, int priority);

/** @brief Bar m people (of class none) from applying before a day. */
void sj_ledger_bar(sj_ledger *ledger, sj_stratum *stratum, int64_t m, sj_day until);

/** @brief Those of a mixed count whom a chain is for. */
int64_t sj_chain_members(const sj_chain_of *chain, const int64_t by_group[SJ_GROUPS]);

/** @brief People of a stratum without a case and not barred today. */
int64_t sj_stratum_free(const sj_stratum *stratum);

/** @brief First day of the month after n days from `day` (permits of 400 days and more), or the
 * day itself below. */
sj_day sj_permit_expiry(sj_day day, int n_days);

/** @brief People present in all strata and on links. */
int64_t sj_ledger_people(const sj_ledger *ledger);

/** @brief Check every identity of semantics A2 to A5; SJ_E_CONSERVATION says which fails. Queues
 * by their sums, or `thorough`ly, batch by batch. */
SJ_MUSTUSE sj_status sj_ledger_verify(const sj_ledger *ledger, bool thorough, sj_err *err);
#endif /* SJ_WORLD_LEDGER_H */
