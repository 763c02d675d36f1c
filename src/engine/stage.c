#include "engine/stage.h"

#include "base/bug.h"
#include "base/mem.h"
#include "engine/stage_inside.h"

#include <math.h>

enum { KEEP_BATCHES = 64 /* an empty lane keeps its storage up to this size */ };

static const double slot_rounding = 1e-9;   /* of a slot: sums of fractions are not exact */
static const double slots_at_most = 0x1p53; /* more is as good as no limit */

/* ---- make and release --------------------------------------------------------------------- */

sj_stage *sj_stage_new(sj_discipline discipline)
{
    sj_stage *stage = sj_calloc(1, sizeof *stage);
    if (stage == NULL) {
        return NULL;
    }
    stage->discipline = discipline;
    stage->free_lane = SJI_LANE_NONE;
    stage->list = sj_calloc(1, sizeof *stage->list);
    if (stage->list == NULL) {
        sj_stage_free(stage);
        return NULL;
    }
    stage->list->is_fresh = true;
    return stage;
}

void sj_stage_free(sj_stage *stage)
{
    if (stage == NULL) {
        return;
    }
    for (size_t i = 0; i < stage->n_lanes; i++) {
        free(stage->lanes[i].block);
    }
    free(stage->lanes);
    if (stage->list != NULL) {
        free(stage->list->at);
    }
    free(stage->list);
    free(stage->by_group.at);
    free(stage->by_owner.at);
    free(stage->by_batch.at);
    sji_owners_clear(&stage->owners);
    sji_groups_clear(&stage->groups);
    free(stage);
}

void sj_batches_clear(sj_batches *batches)
{
    free(batches->at);
    *batches = (sj_batches){0};
}

/* ---- days and slots ----------------------------------------------------------------------- */

bool sj_open_on(sj_open_days open, sj_day day)
{
    static const int n_open[] = {[SJ_OPEN_ALL] = 7, [SJ_OPEN_MON_FRI] = 5, [SJ_OPEN_MON_SAT] = 6};
    return sj_day_weekday(day) < n_open[open];
}

int64_t sj_stage_slots(sj_stage *stage, double capacity)
{
    SJ_REQUIRE(capacity >= 0.0);
    double sum = stage->carried + fmin(capacity, slots_at_most);
    double whole = floor(sum + slot_rounding);
    stage->carried = fmax(sum - whole, 0.0);
    return (int64_t)whole;
}

/* ---- lanes -------------------------------------------------------------------------------- */

/* A lane without an owner from the list of free ones; SJI_LANE_NONE when memory ends. */
static uint32_t free_lane(sj_stage *stage)
{
    if (stage->free_lane == SJI_LANE_NONE) {
        void *lanes = stage->lanes;
        bool is_done =
            sj_grow(&lanes, &stage->lane_capacity, stage->n_lanes + 1, sizeof *stage->lanes);
        stage->lanes = lanes;
        if (!is_done) {
            return SJI_LANE_NONE;
        }
        stage->lanes[stage->n_lanes] = (sji_lane){.start = SJI_LANE_NONE};
        stage->free_lane = (uint32_t)stage->n_lanes++;
    }
    return stage->free_lane;
}

static bool reserve_list(sj_stage *stage)
{
    sji_owner_list *list = stage->list;
    void *block = list->at;
    bool is_done = sj_grow(&block, &list->capacity, stage->owners.n + 1, sizeof *list->at);
    list->at = block;
    return is_done;
}

/* Lane of an owner, with room for one batch more; SJI_LANE_NONE when memory ends. */
static uint32_t open_lane(sj_stage *stage, uint32_t owner)
{
    uint32_t i = sji_owners_lane(&stage->owners, owner);
    if (i == SJI_LANE_NONE) {
        i = free_lane(stage);
        if (i == SJI_LANE_NONE || !reserve_list(stage) ||
            !sji_owners_add(&stage->owners, owner, i)) {
            return SJI_LANE_NONE;
        }
        stage->free_lane = stage->lanes[i].start;
        stage->lanes[i].start = 0;
        stage->lanes[i].owner = owner;
        stage->list->is_fresh = false;
    }
    if (!sji_lane_reserve(&stage->lanes[i])) {
        sji_stage_release(stage, i);
        return SJI_LANE_NONE;
    }
    return i;
}

void sji_stage_release(sj_stage *stage, uint32_t i)
{
    sji_lane *lane = &stage->lanes[i];
    if (lane->n > 0) {
        return;
    }
    sji_owners_remove(&stage->owners, lane->owner);
    if (lane->capacity > KEEP_BATCHES) {
        free(lane->block);
        lane->block = NULL;
        lane->capacity = 0;
    }
    lane->start = stage->free_lane;
    stage->free_lane = i;
    stage->list->is_fresh = false;
}

bool sji_counts_reserve(sji_counts *counts, size_t n)
{
    void *block = counts->at;
    bool is_done = sj_grow(&block, &counts->capacity, n, sizeof *counts->at);
    counts->at = block;
    return is_done;
}

/* ---- join --------------------------------------------------------------------------------- */

sj_status sj_stage_join(sj_stage *stage, const sj_batch *batch)
{
    SJ_REQUIRE(batch->count >= 0);
    if (batch->count == 0) {
        return SJ_OK;
    }
    int32_t priority = sji_stage_class(stage, batch->priority);
    uint32_t lane = open_lane(stage, batch->owner);
    if (lane == SJI_LANE_NONE) {
        return SJ_E_NOMEM;
    }
    sji_group *group = sji_groups_reserve(&stage->groups, priority, batch->joined);
    if (group == NULL) {
        sji_stage_release(stage, lane);
        sji_groups_trim(&stage->groups);
        return SJ_E_NOMEM;
    }
    sji_lane_add(&stage->lanes[lane], batch);
    sji_group_add(&stage->groups, group, batch->owner, batch->count, batch->ready);
    stage->total += batch->count;
    return SJ_OK;
}

/* ---- look --------------------------------------------------------------------------------- */

int64_t sj_stage_length(const sj_stage *stage)
{
    return stage->total;
}

int64_t sj_stage_length_of(const sj_stage *stage, uint32_t owner)
{
    uint32_t lane = sji_owners_lane(&stage->owners, owner);
    return lane == SJI_LANE_NONE ? 0 : stage->lanes[lane].total;
}

const sj_batch *sj_stage_batches(const sj_stage *stage, uint32_t owner, size_t *n)
{
    uint32_t lane = sji_owners_lane(&stage->owners, owner);
    *n = lane == SJI_LANE_NONE ? 0 : stage->lanes[lane].n;
    return *n == 0 ? NULL : sji_lane_at(&stage->lanes[lane], 0);
}

const uint32_t *sj_stage_owners(const sj_stage *stage, size_t *n)
{
    sji_owner_list *list = stage->list;
    if (!list->is_fresh) {
        sji_owners_list(&stage->owners, list->at);
        list->n = stage->owners.n;
        list->is_fresh = true;
    }
    *n = list->n;
    return list->at;
}

void sj_stage_ages(const sj_stage *stage, sj_day today, size_t n_days, int64_t count_of_day[])
{
    SJ_REQUIRE(n_days > 0);
    for (size_t i = 0; i < stage->groups.n; i++) {
        const sji_group *group = sji_group_at(&stage->groups, i);
        int64_t age = (int64_t)today - group->joined;
        size_t day = age < 0 ? 0 : (size_t)age;
        count_of_day[day < n_days ? day : n_days - 1] += group->total;
    }
}

/* ---- verify ------------------------------------------------------------------------------- */

static sj_status verify_batch(const sji_lane *lane, size_t i, sj_err *err)
{
    const sj_batch *batch = sji_lane_at(lane, i);
    if (batch->owner != lane->owner || batch->count <= 0) {
        return SJ_FAIL(err, SJ_E_INTERNAL, "stage", "batch %zu of owner %lu has count %lld", i,
                       (unsigned long)lane->owner, (long long)batch->count);
    }
    if (i > 0 && sji_batch_compare(batch - 1, batch) >= 0) {
        return SJ_FAIL(err, SJ_E_INTERNAL, "stage", "batches of owner %lu are out of order at %zu",
                       (unsigned long)lane->owner, i);
    }
    return SJ_OK;
}

static sj_status verify_lane(const sj_stage *stage, const sji_lane *lane, sj_err *err)
{
    int64_t sum = 0;
    for (size_t i = 0; i < lane->n; i++) {
        SJ_TRY(verify_batch(lane, i, err));
        sum += sji_lane_at(lane, i)->count;
    }
    if (sum != lane->total || sum != sj_stage_length_of(stage, lane->owner)) {
        return SJ_FAIL(err, SJ_E_INTERNAL, "stage", "batches of owner %lu sum to %lld, not %lld",
                       (unsigned long)lane->owner, (long long)sum, (long long)lane->total);
    }
    return SJ_OK;
}

static sj_status verify_lanes(const sj_stage *stage, sj_err *err)
{
    int64_t sum = 0;
    size_t n_busy = 0;
    for (size_t i = 0; i < stage->n_lanes; i++) {
        if (stage->lanes[i].n > 0) {
            SJ_TRY(verify_lane(stage, &stage->lanes[i], err));
            sum += stage->lanes[i].total;
            n_busy++;
        }
    }
    if (sum != stage->total || n_busy != stage->owners.n) {
        return SJ_FAIL(err, SJ_E_INTERNAL, "stage",
                       "%zu owners with %lld people, not %zu with %lld", n_busy, (long long)sum,
                       stage->owners.n, (long long)stage->total);
    }
    return SJ_OK;
}

/* People of an owner in a group, by its lane; *is_within tells whether ready days lie in bounds. */
static int64_t count_in_lane(const sj_stage *stage, const sji_group *group, uint32_t owner,
                             bool *is_within)
{
    int64_t sum = 0;
    uint32_t i = sji_owners_lane(&stage->owners, owner);
    if (i == SJI_LANE_NONE) {
        return 0;
    }
    const sji_lane *lane = &stage->lanes[i];
    size_t to = sji_lane_first(lane, (int64_t)group->joined + 1);
    for (size_t k = sji_lane_first(lane, group->joined); k < to; k++) {
        const sj_batch *batch = sji_lane_at(lane, k);
        if (sji_stage_class(stage, batch->priority) == group->priority) {
            sum += batch->count;
            *is_within = *is_within && batch->ready >= group->ready_from &&
                         batch->ready <= group->ready_until;
        }
    }
    return sum;
}

static sj_status verify_group(const sj_stage *stage, sji_group *group, sj_err *err)
{
    int64_t sum = 0;
    bool is_within = true;
    sji_group_settle(group);
    for (size_t i = 0; i < group->n; i++) {
        const sji_share *share = &group->at[i];
        sum += share->count;
        if (share->count != count_in_lane(stage, group, share->owner, &is_within)) {
            return SJ_FAIL(err, SJ_E_INTERNAL, "stage", "owner %lu differs from its day %ld",
                           (unsigned long)share->owner, (long)group->joined);
        }
    }
    if (sum != group->total || !is_within) {
        return SJ_FAIL(err, SJ_E_INTERNAL, "stage", "day %ld holds %lld people, not %lld",
                       (long)group->joined, (long long)sum, (long long)group->total);
    }
    return SJ_OK;
}

static bool is_after(const sji_group *group, const sji_group *other)
{
    return group->priority > other->priority ||
           (group->priority == other->priority && group->joined > other->joined);
}

sj_status sj_stage_verify_sums(const sj_stage *stage, sj_err *err)
{
    int64_t in_lanes = 0, in_days = 0;
    for (size_t i = 0; i < stage->n_lanes; i++) {
        in_lanes += stage->lanes[i].n > 0 ? stage->lanes[i].total : 0;
    }
    for (size_t i = 0; i < stage->groups.n; i++) {
        in_days += sji_group_at(&stage->groups, i)->total;
    }
    if (in_lanes != stage->total || in_days != stage->total) {
        return SJ_FAIL(err, SJ_E_INTERNAL, "stage",
                       "owners have %lld people, days %lld, the stage %lld", (long long)in_lanes,
                       (long long)in_days, (long long)stage->total);
    }
    return SJ_OK;
}

sj_status sj_stage_verify(const sj_stage *stage, sj_err *err)
{
    int64_t sum = 0;
    size_t n_empty = 0;
    SJ_TRY(verify_lanes(stage, err));
    for (size_t i = 0; i < stage->groups.n; i++) {
        sji_group *group = sji_group_at(&stage->groups, i);
        SJ_TRY(verify_group(stage, group, err));
        if (i > 0 && !is_after(group, group - 1)) {
            return SJ_FAIL(err, SJ_E_INTERNAL, "stage", "day %ld stands out of order",
                           (long)group->joined);
        }
        sum += group->total;
        n_empty += (size_t)(group->total == 0);
    }
    if (sum != stage->total || n_empty != stage->groups.n_empty) {
        return SJ_FAIL(err, SJ_E_INTERNAL, "stage", "days hold %lld people, the stage %lld",
                       (long long)sum, (long long)stage->total);
    }
    if (!(stage->carried >= 0.0 && stage->carried < 1.0)) {
        return SJ_FAIL(err, SJ_E_INTERNAL, "stage", "carried fraction is %g", stage->carried);
    }
    return SJ_OK;
}
