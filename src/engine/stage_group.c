#include "engine/stage_inside.h"

#include "base/bug.h"
#include "base/mem.h"

#include <string.h>

enum { MOVE_AT_MOST = 4096 /* shares moved to keep a group in order at once */ };

/* ---- one group ---------------------------------------------------------------------------- */

/* Index of the first sorted share whose owner is not below `owner`; most come last. */
static size_t place_of(const sji_group *group, uint32_t owner)
{
    size_t low = 0;
    size_t high = group->n_sorted;
    if (high > 0 && group->at[high - 1].owner < owner) {
        return high;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (group->at[middle].owner < owner) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool has_at(const sji_group *group, size_t i, uint32_t owner)
{
    return i < group->n_sorted && group->at[i].owner == owner;
}

static int compare_shares(const void *left, const void *right)
{
    const sji_share *a = left;
    const sji_share *b = right;
    return (a->owner > b->owner) - (a->owner < b->owner);
}

void sji_group_settle(sji_group *group)
{
    size_t kept = 0;
    if (group->n_sorted == group->n && group->n_zero == 0) {
        return;
    }
    if (group->n_sorted < group->n) {
        qsort(group->at, group->n, sizeof *group->at, compare_shares);
    }
    for (size_t i = 0; i < group->n; i++) {
        sji_share share = group->at[i];
        if (share.count > 0 && kept > 0 && group->at[kept - 1].owner == share.owner) {
            group->at[kept - 1].count += share.count;
        } else if (share.count > 0) {
            group->at[kept++] = share;
        }
    }
    group->n = kept;
    group->n_sorted = kept;
    group->n_zero = 0;
}

static bool reserve_share(sji_group *group)
{
    if (group->n < group->capacity) {
        return true;
    }
    sji_group_settle(group);
    if (group->n + group->n / 4 < group->capacity) {
        return true;
    }
    void *block = group->at;
    bool is_done = sj_grow(&block, &group->capacity, group->n + 1, sizeof *group->at);
    group->at = block;
    return is_done;
}

static void insert_share(sji_group *group, size_t i, sji_share share)
{
    bool is_sorted = group->n_sorted == group->n && group->n - i <= MOVE_AT_MOST;
    if (is_sorted) {
        memmove(group->at + i + 1, group->at + i, (group->n - i) * sizeof share);
        group->at[i] = share;
        group->n_sorted++;
    } else {
        group->at[group->n] = share;
    }
    group->n++;
}

void sji_group_add(sji_groups *groups, sji_group *group, uint32_t owner, int64_t count,
                   sj_day ready)
{
    size_t i = place_of(group, owner);
    if (has_at(group, i, owner)) {
        group->n_zero -= (size_t)(group->at[i].count == 0);
        group->at[i].count += count;
    } else {
        insert_share(group, i, (sji_share){.count = count, .owner = owner});
    }
    if (group->total == 0) {
        groups->n_empty--;
        group->ready_from = ready;
        group->ready_until = ready;
    }
    group->total += count;
    group->ready_from = ready < group->ready_from ? ready : group->ready_from;
    group->ready_until = ready > group->ready_until ? ready : group->ready_until;
}

void sji_group_remove(sji_groups *groups, sji_group *group, uint32_t owner, int64_t count)
{
    size_t i = place_of(group, owner);
    if (!has_at(group, i, owner) || group->at[i].count < count) {
        sji_group_settle(group);
        i = place_of(group, owner);
    }
    SJ_REQUIRE(has_at(group, i, owner) && group->at[i].count >= count);
    group->at[i].count -= count;
    group->n_zero += (size_t)(group->at[i].count == 0);
    group->total -= count;
    if (group->total == 0) {
        groups->n_empty++;
    }
}

/* ---- all groups --------------------------------------------------------------------------- */

static bool is_before(const sji_group *group, int32_t priority, sj_day joined)
{
    return group->priority < priority || (group->priority == priority && group->joined < joined);
}

static bool is_of(const sji_groups *groups, size_t i, int32_t priority, sj_day joined)
{
    return i < groups->n && sji_group_at(groups, i)->priority == priority &&
           sji_group_at(groups, i)->joined == joined;
}

/* Index of the first group that is not before (priority, joined). */
static size_t group_place(const sji_groups *groups, int32_t priority, sj_day joined)
{
    size_t low = 0;
    size_t high = groups->n;
    if (high > 0 && is_before(sji_group_at(groups, high - 1), priority, joined)) {
        return high;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (is_before(sji_group_at(groups, middle), priority, joined)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

sji_group *sji_groups_find(sji_groups *groups, int32_t priority, sj_day joined)
{
    if (!is_of(groups, groups->hint, priority, joined)) {
        groups->hint = group_place(groups, priority, joined);
    }
    return is_of(groups, groups->hint, priority, joined) ? sji_group_at(groups, groups->hint)
                                                         : NULL;
}

static bool reserve_group(sji_groups *groups)
{
    if (groups->start + groups->n < groups->capacity) {
        return true;
    }
    if (groups->start > groups->n / 2) {
        memmove(groups->block, sji_group_at(groups, 0), groups->n * sizeof *groups->block);
        groups->start = 0;
        return true;
    }
    void *block = groups->block;
    bool is_done =
        sj_grow(&block, &groups->capacity, groups->start + groups->n + 1, sizeof *groups->block);
    groups->block = block;
    return is_done;
}

sji_group *sji_groups_reserve(sji_groups *groups, int32_t priority, sj_day joined)
{
    sji_group *group = sji_groups_find(groups, priority, joined);
    if (group == NULL) {
        if (!reserve_group(groups)) {
            return NULL;
        }
        size_t i = groups->hint;
        group = sji_group_at(groups, i);
        memmove(group + 1, group, (groups->n - i) * sizeof *group);
        *group = (sji_group){.priority = priority, .joined = joined};
        groups->n++;
        groups->n_empty++;
    }
    return reserve_share(group) ? group : NULL;
}

/* Drop all empty groups. */
static void compact(sji_groups *groups)
{
    size_t kept = 0;
    for (size_t i = 0; i < groups->n; i++) {
        sji_group *group = sji_group_at(groups, i);
        if (group->total > 0) {
            *sji_group_at(groups, kept++) = *group;
        } else {
            free(group->at);
        }
    }
    groups->n = kept;
    groups->n_empty = 0;
}

void sji_groups_trim(sji_groups *groups)
{
    if (groups->n_empty > 8 + groups->n / 4) {
        compact(groups);
    }
    while (groups->n > 0 && sji_group_at(groups, 0)->total == 0) {
        free(sji_group_at(groups, 0)->at);
        groups->start++;
        groups->n--;
        groups->n_empty--;
    }
    while (groups->n > 0 && sji_group_at(groups, groups->n - 1)->total == 0) {
        free(sji_group_at(groups, groups->n - 1)->at);
        groups->n--;
        groups->n_empty--;
    }
}

void sji_groups_clear(sji_groups *groups)
{
    for (size_t i = 0; i < groups->n; i++) {
        free(sji_group_at(groups, i)->at);
    }
    free(groups->block);
    *groups = (sji_groups){0};
}
