/**
 * @file stage.h
 * @brief A queueing stage: people wait in batches and are served in a stated order.
 *
 * A batch is (owner, since, joined, ready, class, count): `owner` is an id of
 * the caller's (a stratum), `since` the day of application, `joined` the day
 * of arrival at this stage, `ready` the first day it may be served, `class`
 * its priority. The stage holds whole people and nothing else of theirs.
 * Order: FIFO and LIFO by `joined`; priority = class (low first), then FIFO;
 * random among people with the same joined day (and class), across owners:
 * multivariate hypergeometric, owners in ascending order. Two ways to serve:
 *   - by day: slots per open day, of which only the fraction of a slot
 *     carries over (sj_open_on, sj_stage_slots, sj_stage_serve);
 *   - by servers: c servers whose completions are posted on a calendar
 *     (sj_servers of servers.h, for queueing models in continuous time).
 * Waits are exact for every person: a batch that leaves says since when it waited.
 * Cost: join O(log batches of the owner + log days); a service follows the
 * owners of the days it serves and the batches it takes, never the queue.
 * Owners should be small numbers (storage follows the largest / 1024), days
 * and classes few (thousands). Order of draws: days in order of service, owners ascending,
 * batches by (joined, since, ready, priority). Where memory ends while people are
 * taken out, those written to the list have left, the others still wait.
 * Not thread-safe, not even two readers of one stage. Floor 2 (engine).
 */
#ifndef SJ_ENGINE_STAGE_H
#define SJ_ENGINE_STAGE_H
#include "base/date.h"
#include "base/err.h"
#include "num/rng.h"

typedef enum sj_discipline {
    SJ_DISCIPLINE_FIFO,
    SJ_DISCIPLINE_LIFO,
    SJ_DISCIPLINE_PRIORITY,
    SJ_DISCIPLINE_RANDOM /* random among all who are ready */
} sj_discipline;

typedef enum sj_open_days { SJ_OPEN_ALL, SJ_OPEN_MON_FRI, SJ_OPEN_MON_SAT } sj_open_days;

typedef struct sj_batch {
    uint32_t owner;
    int32_t priority;
    sj_day since, joined, ready;
    int64_t count;
} sj_batch;

typedef struct sj_stage sj_stage;

/** @brief New empty stage, NULL when memory ends; the caller frees it. */
sj_stage *sj_stage_new(sj_discipline discipline);

/** @brief Release a stage with all who wait; NULL is allowed. */
void sj_stage_free(sj_stage *stage);

/** @brief True if the calendar is open on that weekday. */
bool sj_open_on(sj_open_days open, sj_day day);

/** @brief Add a batch (count >= 0; 0 is nothing). Equal batches are merged. SJ_E_NOMEM. */
SJ_MUSTUSE sj_status sj_stage_join(sj_stage *stage, const sj_batch *batch);

/** @brief People waiting, in all and of one owner. O(1). */
int64_t sj_stage_length(const sj_stage *stage);
int64_t sj_stage_length_of(const sj_stage *stage, uint32_t owner);

/** @brief Whole slots of an open day with `capacity` >= 0 slots (not whole: officers x cases a
 * day): floor(carried fraction + capacity), the new fraction is kept. A sum less than 1e-9 below a
 * whole number is that number (ten days of 0.1 are one slot); capacity beyond 2^53 counts as 2^53.
 */
int64_t sj_stage_slots(sj_stage *stage, double capacity);

/** @brief A growable list of batches. Zero-initialise it once and keep it from call to call. */
typedef struct sj_batches {
    sj_batch *at; /* owns */
    size_t n, capacity;
} sj_batches;

/** @brief Release a list of batches; it is empty and usable afterwards. */
void sj_batches_clear(sj_batches *batches);

/**
 * @brief Serve up to `slots` people who are ready on `today`, in order; they leave the stage.
 *
 * What was served replaces the content of *served, as batches in order of service, then of
 * owner (random: all who are served are equals, so in order of owner). Slots <= 0 serve nobody;
 * slots that find nobody ready lapse. SJ_E_NOMEM.
 */
SJ_MUSTUSE sj_status sj_stage_serve(sj_stage *stage, sj_rng *rng, sj_day today, int64_t slots,
                                    sj_batches *served);

/** @brief Take `m` people of an owner out at random (hypergeometric over its batches, in order);
 * 0 <= m <= length of the owner. `taken` as in sj_stage_serve. */
SJ_MUSTUSE sj_status sj_stage_take(sj_stage *stage, sj_rng *rng, uint32_t owner, int64_t m,
                                   sj_batches *taken);

/** @brief Take people of all owners out, each with probability p (closure, service by chance): a
 * binomial for each owner, spread over its batches. */
SJ_MUSTUSE sj_status sj_stage_thin(sj_stage *stage, sj_rng *rng, double p, sj_batches *taken);

/**
 * @brief Forget the days of those who joined in the month before `month` (its first day): all of
 * them joined, and were ready, on the 15th, and applied on the 15th of the month in which they did.
 * They are equals from then on. Long queues stay short lists: a batch an owner and month instead
 * of a day. `scratch` as `taken` in sj_stage_take. Where memory ends some have left the stage.
 */
SJ_MUSTUSE sj_status sj_stage_merge_month(sj_stage *stage, sj_day month, sj_batches *scratch);

/** @brief Batches of one owner in order of (joined, since); borrowed until the next change. */
const sj_batch *sj_stage_batches(const sj_stage *stage, uint32_t owner, size_t *n);

/** @brief Owners with people waiting, ascending; borrowed until the next change. */
const uint32_t *sj_stage_owners(const sj_stage *stage, size_t *n);

/** @brief Add to count_of_day[d], d = min(today - joined, n_days - 1), the people waiting. */
void sj_stage_ages(const sj_stage *stage, sj_day today, size_t n_days, int64_t count_of_day[]);

/** @brief Check that owners and days add up to those who wait. O(owners + days). SJ_E_INTERNAL. */
SJ_MUSTUSE sj_status sj_stage_verify_sums(const sj_stage *stage, sj_err *err);

/** @brief Check sums, order and signs of every batch; SJ_E_INTERNAL says which does not hold. */
SJ_MUSTUSE sj_status sj_stage_verify(const sj_stage *stage, sj_err *err);
#endif /* SJ_ENGINE_STAGE_H */
