#include "engine/stage_inside.h"

#include "base/mem.h"

#include <string.h>

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int sji_batch_compare(const sj_batch *a, const sj_batch *b)
{
    int order = compare(a->joined, b->joined);
    if (order == 0) {
        order = compare(a->since, b->since);
    }
    if (order == 0) {
        order = compare(a->ready, b->ready);
    }
    return order != 0 ? order : compare(a->priority, b->priority);
}

bool sji_lane_reserve(sji_lane *lane)
{
    if (lane->start + lane->n < lane->capacity) {
        return true;
    }
    if (lane->start > lane->n / 2) {
        memmove(lane->block, sji_lane_at(lane, 0), lane->n * sizeof *lane->block);
        lane->start = 0;
        return true;
    }
    uint32_t larger = lane->capacity == 0 ? 1 : 2 * lane->capacity + 2;
    sj_batch *block = sj_reallocarray(lane->block, larger, sizeof *block);
    if (block == NULL) {
        return false;
    }
    lane->block = block;
    lane->capacity = larger;
    return true;
}

/* Index of the first batch that is not before `batch`; most come last. */
static size_t place_of(const sji_lane *lane, const sj_batch *batch)
{
    size_t low = 0;
    size_t high = lane->n;
    if (high > 0 && sji_batch_compare(sji_lane_at(lane, high - 1), batch) < 0) {
        return high;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sji_batch_compare(sji_lane_at(lane, middle), batch) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void sji_lane_add(sji_lane *lane, const sj_batch *batch)
{
    size_t i = place_of(lane, batch);
    lane->total += batch->count;
    if (i < lane->n && sji_batch_compare(sji_lane_at(lane, i), batch) == 0) {
        sji_lane_at(lane, i)->count += batch->count;
        return;
    }
    if (lane->start > 0 && i < lane->n / 2) {
        lane->start--;
        memmove(sji_lane_at(lane, 0), sji_lane_at(lane, 1), i * sizeof *batch);
    } else {
        memmove(sji_lane_at(lane, i + 1), sji_lane_at(lane, i), (lane->n - i) * sizeof *batch);
    }
    *sji_lane_at(lane, i) = *batch;
    lane->n++;
}

size_t sji_lane_first(const sji_lane *lane, int64_t day)
{
    size_t low = 0;
    size_t high = lane->n;
    if (high > 0 && sji_lane_at(lane, 0)->joined >= day) {
        return 0;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sji_lane_at(lane, middle)->joined < day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void sji_lane_sweep(sji_lane *lane, size_t from, size_t to)
{
    size_t kept = from;
    for (size_t i = from; i < to; i++) {
        if (sji_lane_at(lane, i)->count > 0) {
            *sji_lane_at(lane, kept++) = *sji_lane_at(lane, i);
        }
    }
    size_t gap = to - kept;
    if (from == 0) { /* all before the gap moves up: at the head that is next to nothing */
        memmove(sji_lane_at(lane, gap), sji_lane_at(lane, 0), kept * sizeof(sj_batch));
        lane->start += (uint32_t)gap;
    } else if (gap > 0) {
        memmove(sji_lane_at(lane, kept), sji_lane_at(lane, to), (lane->n - to) * sizeof(sj_batch));
    }
    lane->n -= (uint32_t)gap;
}
