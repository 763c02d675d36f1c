/**
 * @file stage_inside.h
 * @brief How a stage stores its people: lanes by owner, groups by day, a map from owner to lane.
 *
 * Every batch lies once, in the lane of its owner. The groups say, for each joined day (and
 * class, where the discipline is priority), how many people each owner has there; serving walks
 * the groups in order and touches only the lanes it serves, so no service looks at the whole
 * queue. A group knows bounds of its ready days, so that people who are not ready are passed
 * over without looking at them.
 * Private to the room engine.
 */
#ifndef SJ_ENGINE_STAGE_INSIDE_H
#define SJ_ENGINE_STAGE_INSIDE_H
#include "engine/stage.h"

/* ---- stage_lane.c: the batches of one owner, ordered by (joined, since, ready, priority) ---- */

typedef struct sji_lane {
    sj_batch *block; /* owns */
    int64_t total;   /* people */
    uint32_t owner;
    uint32_t start, n, capacity; /* the batches are block[start] ... block[start + n - 1] */
} sji_lane;

static inline sj_batch *sji_lane_at(const sji_lane *lane, size_t i)
{
    return lane->block + lane->start + i;
}

/** @brief Order of two batches of one owner: < 0, 0 (they merge), > 0. */
int sji_batch_compare(const sj_batch *a, const sj_batch *b);

/** @brief Make room for one batch more; false when memory ends. */
bool sji_lane_reserve(sji_lane *lane);

/** @brief Add a batch, merging equals. Room must have been reserved. O(log n) and a move. */
void sji_lane_add(sji_lane *lane, const sj_batch *batch);

/** @brief Index of the first batch that joined on `day` or later. O(log n). */
size_t sji_lane_first(const sji_lane *lane, int64_t day);

/** @brief Close the gaps that batches of count 0 leave among from ... to - 1. */
void sji_lane_sweep(sji_lane *lane, size_t from, size_t to);

/* ---- stage_group.c: who joined on one day ------------------------------------------------- */

typedef struct sji_share {
    int64_t count;
    uint32_t owner;
} sji_share;

typedef struct sji_group {
    sji_share *at; /* owns; ascending by owner up to n_sorted, an owner may recur behind it */
    size_t n, n_sorted, n_zero, capacity;
    int64_t total; /* people; 0 in a group that waits to be dropped */
    sj_day joined;
    int32_t priority;               /* 0 but for the discipline priority */
    sj_day ready_from, ready_until; /* no one is ready before, everybody is ready from */
} sji_group;

typedef struct sji_groups {
    sji_group *block;          /* owns */
    size_t start, n, capacity; /* ascending by (priority, joined) */
    size_t n_empty;            /* of them with nobody */
    size_t hint;               /* where the last search ended */
} sji_groups;

static inline sji_group *sji_group_at(const sji_groups *groups, size_t i)
{
    return groups->block + groups->start + i;
}

/** @brief The group of a class and day; NULL where there is none. O(log n). */
sji_group *sji_groups_find(sji_groups *groups, int32_t priority, sj_day joined);

/** @brief The same, made if need be, with room for one owner more; NULL when memory ends. */
sji_group *sji_groups_reserve(sji_groups *groups, int32_t priority, sj_day joined);

/** @brief Add people of an owner who are ready from `ready`. Room must have been reserved. */
void sji_group_add(sji_groups *groups, sji_group *group, uint32_t owner, int64_t count,
                   sj_day ready);

/** @brief Take people of an owner out; they must be there. */
void sji_group_remove(sji_groups *groups, sji_group *group, uint32_t owner, int64_t count);

/** @brief Put the owners of a group in order, each once, and drop those with nobody. */
void sji_group_settle(sji_group *group);

/** @brief Drop empty groups at both ends, and in the middle where they are many. */
void sji_groups_trim(sji_groups *groups);

void sji_groups_clear(sji_groups *groups);

/* ---- stage_owner.c: owner -> lane, in pages of ascending owners ------------------------------ */

#define SJI_LANE_NONE UINT32_MAX

typedef struct sji_owner_page sji_owner_page;

typedef struct sji_owners {
    sji_owner_page **page; /* owns; NULL where no owner of the page is known */
    size_t n_pages, capacity;
    size_t n; /* owners known */
} sji_owners;

/** @brief Lane of an owner, SJI_LANE_NONE if unknown. O(1). */
uint32_t sji_owners_lane(const sji_owners *owners, uint32_t owner);

/** @brief Make an owner known; it must not be. False when memory ends. O(1). */
bool sji_owners_add(sji_owners *owners, uint32_t owner, uint32_t lane);

/** @brief Forget an owner who is known. O(1). */
void sji_owners_remove(sji_owners *owners, uint32_t owner);

/** @brief Write the known owners, ascending, to out[n]. */
void sji_owners_list(const sji_owners *owners, uint32_t out[]);

void sji_owners_clear(sji_owners *owners);

/* ---- stage.c, stage_serve.c: the stage ------------------------------------------------------- */

typedef struct sji_owner_list {
    uint32_t *at; /* owns; room for all owners known */
    size_t n, capacity;
    bool is_fresh;
} sji_owner_list;

typedef struct sji_counts {
    int64_t *at; /* owns */
    size_t capacity;
} sji_counts;

struct sj_stage {
    sj_discipline discipline;
    int64_t total;  /* people */
    double carried; /* fraction of a slot, [0, 1) */

    sji_lane *lanes; /* owns */
    size_t n_lanes, lane_capacity;
    uint32_t free_lane; /* list through `start`, SJI_LANE_NONE = none */

    sji_owners owners;
    sji_groups groups;
    sji_owner_list *list;                    /* owns; made when it is asked for */
    sji_counts by_group, by_owner, by_batch; /* scratch of a draw */
};

/** @brief Class under which a batch is grouped. */
static inline int32_t sji_stage_class(const sj_stage *stage, int32_t priority)
{
    return stage->discipline == SJ_DISCIPLINE_PRIORITY ? priority : 0;
}

/** @brief Room for n counts; false when memory ends. */
bool sji_counts_reserve(sji_counts *counts, size_t n);

/** @brief Let an empty lane's owner go. */
void sji_stage_release(sj_stage *stage, uint32_t lane);
#endif /* SJ_ENGINE_STAGE_INSIDE_H */
