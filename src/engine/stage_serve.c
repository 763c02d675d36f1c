/* How people leave a stage: by service, drawn out of one owner, or thinned. */
#include "engine/stage.h"

#include "base/bug.h"
#include "base/mem.h"
#include "engine/stage_inside.h"
#include "num/draw.h"

#include <stdlib.h>

/* ---- out of one lane ---------------------------------------------------------------------- */

/* Some batches of a lane, and how many of each leave (by_batch[0] belongs to `from`). */
typedef struct part {
    uint32_t lane;
    size_t from, to;
} part;

static sj_status reserve_out(sj_batches *out, size_t n)
{
    void *block = out->at;
    bool is_done = sj_grow(&block, &out->capacity, out->n + n, sizeof *out->at);
    out->at = block;
    return is_done ? SJ_OK : SJ_E_NOMEM;
}

/* Room for the draw and for the batches that leave. */
static sj_status reserve_part(sj_stage *stage, const part *of, sj_batches *out)
{
    size_t n = of->to - of->from;
    SJ_TRY(reserve_out(out, n));
    return sji_counts_reserve(&stage->by_batch, n) ? SJ_OK : SJ_E_NOMEM;
}

/* m people of a batch leave it, are written to *out, which has room, and leave the books of their
 * day. A batch of nobody stays in the lane until it is swept. */
static void leave_batch(sj_stage *stage, sji_lane *lane, sj_batch *batch, int64_t m,
                        sj_batches *out)
{
    out->at[out->n] = *batch;
    out->at[out->n++].count = m;
    batch->count -= m;
    lane->total -= m;
    stage->total -= m;
    sji_group *group =
        sji_groups_find(&stage->groups, sji_stage_class(stage, batch->priority), batch->joined);
    SJ_REQUIRE(group != NULL);
    sji_group_remove(&stage->groups, group, lane->owner, m);
}

/* Take by_batch[] out of the batches and write them to *out. */
static void remove_part(sj_stage *stage, const part *of, sj_batches *out)
{
    sji_lane *lane = &stage->lanes[of->lane];
    bool has_gaps = false;
    for (size_t i = of->from; i < of->to; i++) {
        int64_t m = stage->by_batch.at[i - of->from];
        if (m > 0) {
            sj_batch *batch = sji_lane_at(lane, i);
            leave_batch(stage, lane, batch, m, out);
            has_gaps = has_gaps || batch->count == 0;
        }
    }
    if (has_gaps) {
        sji_lane_sweep(lane, of->from, of->to);
        sji_stage_release(stage, of->lane);
    }
}

/* Draw m of the people counted in count[n]; in place. */
static void draw(sj_rng *rng, int64_t m, int64_t total, size_t n, int64_t count[])
{
    if (m < total) {
        sj_draw_hypergeometric_multi(rng, m, n, count, count);
    }
}

/* Few people out of many batches: whom they are is drawn first, and one walk finds them. */
static sj_status take_few(sj_stage *stage, sj_rng *rng, uint32_t i, int64_t m, sj_batches *taken)
{
    sji_lane *lane = &stage->lanes[i];
    int64_t who[SJ_POSITIONS_FEW], end = 0;
    size_t n_who = (size_t)m, next = 0, first = lane->n, k = 0;
    SJ_TRY(reserve_out(taken, n_who));
    sj_draw_positions(rng, n_who, lane->total, who);
    for (; next < n_who; k++) {
        sj_batch *batch = sji_lane_at(lane, k);
        end += batch->count;
        int64_t n = sj_positions_below(who, n_who, &next, end);
        if (n > 0) {
            leave_batch(stage, lane, batch, n, taken);
            first = batch->count == 0 && k < first ? k : first;
        }
    }
    if (first < lane->n) {
        sji_lane_sweep(lane, first, k);
        sji_stage_release(stage, i);
    }
    return SJ_OK;
}

/* m of the people of a lane, drawn over its batches. */
static sj_status take_lane(sj_stage *stage, sj_rng *rng, uint32_t i, int64_t m, sj_batches *taken)
{
    const sji_lane *lane = &stage->lanes[i];
    part all = {.lane = i, .from = 0, .to = lane->n};
    if (m <= SJ_POSITIONS_FEW && (size_t)m < lane->n) {
        return take_few(stage, rng, i, m, taken);
    }
    SJ_TRY(reserve_part(stage, &all, taken));
    for (size_t k = 0; k < all.to; k++) {
        stage->by_batch.at[k] = sji_lane_at(lane, k)->count;
    }
    draw(rng, m, lane->total, all.to, stage->by_batch.at);
    remove_part(stage, &all, taken);
    return SJ_OK;
}

sj_status sj_stage_take(sj_stage *stage, sj_rng *rng, uint32_t owner, int64_t m, sj_batches *taken)
{
    taken->n = 0;
    SJ_REQUIRE(m >= 0 && m <= sj_stage_length_of(stage, owner));
    if (m == 0) {
        return SJ_OK;
    }
    SJ_TRY(take_lane(stage, rng, sji_owners_lane(&stage->owners, owner), m, taken));
    sji_groups_trim(&stage->groups);
    return SJ_OK;
}

/* Of equals with one chance each it is enough to draw how many go, and then who: a binomial for
 * the lane and a draw of so many of its people. */
static sj_status thin_lane(sj_stage *stage, sj_rng *rng, double p, uint32_t i, sj_batches *taken)
{
    int64_t m = sj_draw_binomial(rng, stage->lanes[i].total, p);
    return m == 0 ? SJ_OK : take_lane(stage, rng, i, m, taken);
}

sj_status sj_stage_thin(sj_stage *stage, sj_rng *rng, double p, sj_batches *taken)
{
    sj_status status = SJ_OK;
    size_t n = 0;
    SJ_REQUIRE(p >= 0.0 && p <= 1.0);
    taken->n = 0;
    const uint32_t *owners = sj_stage_owners(stage, &n);
    for (size_t i = 0; i < n && p > 0.0 && status == SJ_OK; i++) {
        status = thin_lane(stage, rng, p, sji_owners_lane(&stage->owners, owners[i]), taken);
    }
    sji_groups_trim(&stage->groups);
    return status;
}

/* ---- days of a month that is long past ---------------------------------------------------- */

/* Takes the batches of a lane that joined in from ... to - 1 out, and joins them again as one. */
static sj_status merge_lane(sj_stage *stage, uint32_t i, sj_day from, sj_day to, sj_batches *out)
{
    const sji_lane *lane = &stage->lanes[i];
    part of = {.lane = i, .from = sji_lane_first(lane, from), .to = sji_lane_first(lane, to)};
    out->n = 0;
    SJ_TRY(reserve_part(stage, &of, out));
    for (size_t k = of.from; k < of.to; k++) {
        stage->by_batch.at[k - of.from] = sji_lane_at(lane, k)->count;
    }
    remove_part(stage, &of, out);
    for (size_t k = 0; k < out->n; k++) {
        sj_batch batch = out->at[k];
        batch.joined = sj_day_mid_month(from);
        batch.ready = batch.ready < to ? batch.joined : batch.ready; /* a long hand-over goes on */
        batch.since = sj_day_mid_month(batch.since < to ? batch.since : from);
        SJ_TRY(sj_stage_join(stage, &batch));
    }
    return SJ_OK;
}

sj_status sj_stage_merge_month(sj_stage *stage, sj_day month, sj_batches *scratch)
{
    size_t n = 0;
    sj_day from = sj_day_mid_month(month - 1) - 14;
    const uint32_t *owners = sj_stage_owners(stage, &n);
    uint32_t *list = sj_calloc(n, sizeof *list);
    sj_status status = list == NULL ? SJ_E_NOMEM : SJ_OK;
    for (size_t i = 0; i < n && status == SJ_OK; i++) {
        list[i] = owners[i]; /* the list changes while people leave and join */
    }
    for (size_t i = 0; i < n && status == SJ_OK; i++) {
        status = merge_lane(stage, sji_owners_lane(&stage->owners, list[i]), from, month, scratch);
    }
    free(list);
    sji_groups_trim(&stage->groups);
    return status;
}

/* ---- service of one group ----------------------------------------------------------------- */

static part part_of(const sj_stage *stage, const sji_group *group, uint32_t owner)
{
    uint32_t i = sji_owners_lane(&stage->owners, owner);
    SJ_REQUIRE(i != SJI_LANE_NONE);
    const sji_lane *lane = &stage->lanes[i];
    return (part){.lane = i,
                  .from = sji_lane_first(lane, group->joined),
                  .to = sji_lane_first(lane, (int64_t)group->joined + 1)};
}

static bool is_called(const sj_stage *stage, const sji_group *group, const sj_batch *batch,
                      sj_day today)
{
    return batch->ready <= today && sji_stage_class(stage, batch->priority) == group->priority;
}

/* People of an owner in a group who are ready. */
static int64_t ready_of(const sj_stage *stage, const sji_group *group, uint32_t owner, sj_day today)
{
    int64_t sum = 0;
    part of = part_of(stage, group, owner);
    for (size_t i = of.from; i < of.to; i++) {
        const sj_batch *batch = sji_lane_at(&stage->lanes[of.lane], i);
        if (is_called(stage, group, batch, today)) {
            sum += batch->count;
        }
    }
    return sum;
}

/* by_owner[] = the ready people of each owner in the group; *total their sum. */
static sj_status gather(sj_stage *stage, sji_group *group, sj_day today, int64_t *total)
{
    sji_group_settle(group);
    *total = 0;
    if (!sji_counts_reserve(&stage->by_owner, group->n)) {
        return SJ_E_NOMEM;
    }
    bool is_all = group->ready_until <= today;
    for (size_t i = 0; i < group->n; i++) {
        const sji_share *share = &group->at[i];
        int64_t ready = is_all ? share->count : ready_of(stage, group, share->owner, today);
        stage->by_owner.at[i] = ready;
        *total += ready;
    }
    return SJ_OK;
}

/* Serve m of the ready people of one owner in a group. */
static sj_status serve_owner(sj_stage *stage, sj_rng *rng, const sji_group *group, uint32_t owner,
                             sj_day today, int64_t m, sj_batches *served)
{
    int64_t total = 0;
    part of = part_of(stage, group, owner);
    SJ_TRY(reserve_part(stage, &of, served));
    for (size_t i = of.from; i < of.to; i++) {
        const sj_batch *batch = sji_lane_at(&stage->lanes[of.lane], i);
        int64_t ready = is_called(stage, group, batch, today) ? batch->count : 0;
        stage->by_batch.at[i - of.from] = ready;
        total += ready;
    }
    draw(rng, m, total, of.to - of.from, stage->by_batch.at);
    remove_part(stage, &of, served);
    return SJ_OK;
}

/* Serve up to *slots ready people of a group; they are equals. Lowers *slots by those served. */
static sj_status serve_group(sj_stage *stage, sj_rng *rng, sji_group *group, sj_day today,
                             int64_t *slots, sj_batches *served)
{
    int64_t total = 0;
    SJ_TRY(gather(stage, group, today, &total));
    int64_t m = *slots < total ? *slots : total;
    draw(rng, m, total, group->n, stage->by_owner.at);
    for (size_t i = 0; i < group->n && m > 0; i++) {
        int64_t m_of = stage->by_owner.at[i];
        if (m_of > 0) {
            SJ_TRY(serve_owner(stage, rng, group, group->at[i].owner, today, m_of, served));
            *slots -= m_of;
        }
    }
    if (*slots > 0 && group->total > 0) {
        group->ready_from = today + 1; /* all who were ready are served */
    }
    return SJ_OK;
}

static bool is_waiting(const sji_group *group, sj_day today)
{
    return group->total > 0 && group->ready_from <= today;
}

/* ---- disciplines -------------------------------------------------------------------------- */

static sj_status serve_in_order(sj_stage *stage, sj_rng *rng, sj_day today, int64_t slots,
                                sj_batches *served)
{
    bool is_last_first = stage->discipline == SJ_DISCIPLINE_LIFO;
    for (size_t k = 0; k < stage->groups.n && slots > 0; k++) {
        size_t i = is_last_first ? stage->groups.n - 1 - k : k;
        sji_group *group = sji_group_at(&stage->groups, i);
        if (is_waiting(group, today)) {
            SJ_TRY(serve_group(stage, rng, group, today, &slots, served));
        }
    }
    return SJ_OK;
}

/* by_group[] = the ready people of each group; *total their sum. */
static sj_status gather_groups(sj_stage *stage, sj_day today, int64_t *total)
{
    *total = 0;
    if (!sji_counts_reserve(&stage->by_group, stage->groups.n)) {
        return SJ_E_NOMEM;
    }
    for (size_t i = 0; i < stage->groups.n; i++) {
        int64_t ready = 0;
        sji_group *group = sji_group_at(&stage->groups, i);
        if (group->ready_until <= today) {
            ready = group->total;
        } else if (is_waiting(group, today)) {
            SJ_TRY(gather(stage, group, today, &ready));
        }
        stage->by_group.at[i] = ready;
        *total += ready;
    }
    return SJ_OK;
}

static int compare_served(const void *left, const void *right)
{
    const sj_batch *a = left;
    const sj_batch *b = right;
    int order = (a->owner > b->owner) - (a->owner < b->owner);
    return order != 0 ? order : sji_batch_compare(a, b);
}

/* All who are ready are equals: the days share the slots at random, then the owners of a day. */
static sj_status serve_at_random(sj_stage *stage, sj_rng *rng, sj_day today, int64_t slots,
                                 sj_batches *served)
{
    int64_t total = 0;
    SJ_TRY(gather_groups(stage, today, &total));
    draw(rng, slots < total ? slots : total, total, stage->groups.n, stage->by_group.at);
    for (size_t i = 0; i < stage->groups.n; i++) {
        int64_t m = stage->by_group.at[i];
        if (m > 0) {
            SJ_TRY(serve_group(stage, rng, sji_group_at(&stage->groups, i), today, &m, served));
        }
    }
    if (served->n > 0) {
        qsort(served->at, served->n, sizeof *served->at, compare_served);
    }
    return SJ_OK;
}

sj_status sj_stage_serve(sj_stage *stage, sj_rng *rng, sj_day today, int64_t slots,
                         sj_batches *served)
{
    sj_status status = SJ_OK;
    served->n = 0;
    if (slots <= 0 || stage->total == 0) {
        return SJ_OK;
    }
    if (stage->discipline == SJ_DISCIPLINE_RANDOM) {
        status = serve_at_random(stage, rng, today, slots, served);
    } else {
        status = serve_in_order(stage, rng, today, slots, served);
    }
    sji_groups_trim(&stage->groups);
    return status;
}
