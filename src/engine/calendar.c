#include "engine/calendar.h"

#include "base/bug.h"
#include "base/mem.h"
#include "engine/calendar_inside.h"

#include <string.h>

enum { CACHE_LINE = 64, PREFETCH_FROM = 1 << 13 /* keys: the heap outgrows the first cache */ };

/* ---- storage ------------------------------------------------------------------------------ */

/* New block with room for `capacity` keys, groups of children on cache lines, all cells last. */
static sji_key *heap_new(size_t capacity, void **block)
{
    size_t cells = capacity + 3 * SJI_GROUP;
    unsigned char *start = sj_calloc(cells + SJI_GROUP, sizeof(sji_key));
    if (start == NULL) {
        return NULL;
    }
    *block = start;
    size_t past = (size_t)((uintptr_t)start % CACHE_LINE);
    sji_key *line = (sji_key *)(void *)(start + (past == 0 ? 0 : CACHE_LINE - past));
    for (size_t i = 0; i < cells; i++) {
        line[i] = SJI_KEY_LAST;
    }
    return line + SJI_GROUP - 1;
}

static bool grow_heap(sj_calendar *calendar, size_t capacity)
{
    void *block = NULL;
    sji_key *heap = heap_new(capacity, &block);
    if (heap == NULL) {
        return false;
    }
    if (calendar->n > 0) {
        memcpy(heap, calendar->heap, calendar->n * sizeof *heap);
    }
    free(calendar->block);
    calendar->block = block;
    calendar->heap = heap;
    return true;
}

static bool grow_array(void **array, size_t n, size_t size)
{
    void *larger = sj_reallocarray(*array, n, size);
    if (larger == NULL) {
        return false;
    }
    *array = larger;
    return true;
}

/* Room for more slots and keys. On failure the calendar is as it was. */
static bool grow(sj_calendar *calendar)
{
    size_t capacity = calendar->capacity < 16 ? 16 : 2 * calendar->capacity;
    void *events = calendar->events;
    void *position = calendar->position;
    void *generation = calendar->generation;
    if (calendar->capacity == SJI_SLOT_END) {
        return false;
    }
    bool is_done = grow_array(&events, capacity, sizeof(sj_event));
    calendar->events = events;
    is_done = is_done && grow_array(&position, capacity, sizeof(uint32_t));
    calendar->position = position;
    is_done = is_done && grow_array(&generation, capacity, sizeof(uint32_t));
    calendar->generation = generation;
    if (!is_done || !grow_heap(calendar, capacity)) {
        return false;
    }
    calendar->capacity = capacity;
    return true;
}

sj_calendar *sj_calendar_new(void)
{
    sj_calendar *calendar = sj_calloc(1, sizeof *calendar);
    if (calendar == NULL) {
        return NULL;
    }
    calendar->free_slot = SJI_SLOT_NONE;
    calendar->sequence_limit = SJI_SEQUENCE_LIMIT;
    if (!grow(calendar)) {
        sj_calendar_free(calendar);
        return NULL;
    }
    return calendar;
}

void sj_calendar_free(sj_calendar *calendar)
{
    if (calendar == NULL) {
        return;
    }
    free(calendar->block);
    free(calendar->events);
    free(calendar->position);
    free(calendar->generation);
    free(calendar);
}

/* ---- slots -------------------------------------------------------------------------------- */

static bool take_slot(sj_calendar *calendar, uint32_t *slot)
{
    if (calendar->free_slot != SJI_SLOT_NONE) {
        *slot = calendar->free_slot;
        calendar->free_slot = calendar->position[*slot];
    } else {
        if (calendar->n_slots == calendar->capacity && !grow(calendar)) {
            return false;
        }
        *slot = (uint32_t)calendar->n_slots++;
        calendar->generation[*slot] = 0;
    }
    calendar->generation[*slot]++;
    return true;
}

/* A slot whose generations are used up is never given out again: no stale handle can match. */
static void release_slot(sj_calendar *calendar, uint32_t slot)
{
    if (++calendar->generation[slot] == 0) {
        calendar->n_retired++;
        return;
    }
    calendar->position[slot] = calendar->free_slot;
    calendar->free_slot = slot;
}

static sj_handle handle_of(const sj_calendar *calendar, uint32_t slot)
{
    return (sj_handle)calendar->generation[slot] << SJI_SLOT_BITS | slot;
}

bool sj_calendar_is_pending(const sj_calendar *calendar, sj_handle handle)
{
    uint64_t slot = handle & (SJI_SLOT_END - 1);
    uint64_t generation = handle >> SJI_SLOT_BITS;
    return (generation & 1) == 1 && slot < calendar->n_slots &&
           calendar->generation[slot] == generation;
}

/* ---- the heap ----------------------------------------------------------------------------- */

static inline void put(sj_calendar *calendar, size_t i, sji_key key)
{
    calendar->heap[i] = key;
    calendar->position[sji_key_slot(key)] = (uint32_t)i;
}

/* Which of four keys is the smallest, without a branch. */
static inline size_t smallest(const sji_key group[SJI_GROUP])
{
    const sji_key *right = group + 2;
    size_t a = group[1] < group[0];
    size_t b = right[1] < right[0];
    size_t is_right = right[b] < group[a];
    return a + ((2 + b - a) & (0 - is_right));
}

/* The 16 grandchildren of a node are four cache lines in a row: fetch them side by side. (A macro:
 * gcc takes a function that only prefetches for one that does nothing.) */
#if defined(__GNUC__)
#define PREFETCH_FOUR_LINES(at)                                                                    \
    (__builtin_prefetch(at), __builtin_prefetch((at) + SJI_GROUP),                                 \
     __builtin_prefetch((at) + 2 * SJI_GROUP), __builtin_prefetch((at) + 3 * SJI_GROUP))
#else
#define PREFETCH_FOUR_LINES(at) (void)(at)
#endif

/* Put `key` into the empty cell i or below it. */
static void sift_down(sj_calendar *calendar, size_t i, sji_key key)
{
    for (size_t first = SJI_GROUP * i + 1; first < calendar->n; first = SJI_GROUP * i + 1) {
        if (calendar->n > PREFETCH_FROM && SJI_GROUP * first + 1 < calendar->n) {
            PREFETCH_FOUR_LINES(calendar->heap + SJI_GROUP * first + 1);
        }
        size_t child = first + smallest(calendar->heap + first);
        if (key < calendar->heap[child]) {
            break;
        }
        put(calendar, i, calendar->heap[child]);
        i = child;
    }
    put(calendar, i, key);
}

/* Put `key` into the empty cell i or above it. */
static void sift_up(sj_calendar *calendar, size_t i, sji_key key)
{
    while (i > 0) {
        size_t parent = (i - 1) / SJI_GROUP;
        if (calendar->heap[parent] < key) {
            break;
        }
        put(calendar, i, calendar->heap[parent]);
        i = parent;
    }
    put(calendar, i, key);
}

static void place(sj_calendar *calendar, size_t i, sji_key key)
{
    if (i > 0 && key < calendar->heap[(i - 1) / SJI_GROUP]) {
        sift_up(calendar, i, key);
    } else {
        sift_down(calendar, i, key);
    }
}

/* Take the key in cell i out of the heap. */
static void close_cell(sj_calendar *calendar, size_t i)
{
    size_t last = --calendar->n;
    sji_key key = calendar->heap[last];
    calendar->heap[last] = SJI_KEY_LAST;
    if (i != last) {
        place(calendar, i, key);
    }
}

static inline void fill_hollow(sj_calendar *calendar)
{
    if (calendar->hollow) {
        calendar->hollow = false;
        close_cell(calendar, 0);
    }
}

/* ---- sequence ----------------------------------------------------------------------------- */

static int compare_keys(const void *left, const void *right)
{
    const sji_key *a = left;
    const sji_key *b = right;
    return (*a > *b) - (*a < *b);
}

/* Give the pending events the sequences 0 ... n - 1 in their order; a sorted array is a heap. */
static void renumber(sj_calendar *calendar)
{
    fill_hollow(calendar);
    qsort(calendar->heap, calendar->n, sizeof *calendar->heap, compare_keys);
    for (size_t i = 0; i < calendar->n; i++) {
        sji_key key = calendar->heap[i];
        put(calendar, i,
            sji_key_of(sji_key_time(key), sji_key_phase(key), (uint32_t)i, sji_key_slot(key)));
    }
    calendar->sequence = (uint32_t)calendar->n;
    SJ_REQUIRE(calendar->sequence < calendar->sequence_limit);
}

static inline uint32_t next_sequence(sj_calendar *calendar)
{
    if (calendar->sequence >= calendar->sequence_limit) {
        renumber(calendar);
    }
    return calendar->sequence++;
}

/* ---- what others call --------------------------------------------------------------------- */

sj_handle sj_calendar_post(sj_calendar *calendar, sj_tick time, unsigned phase, sj_event event)
{
    uint32_t slot = 0;
    SJ_REQUIRE(phase <= 255);
    uint32_t sequence = next_sequence(calendar);
    if (!take_slot(calendar, &slot)) {
        return 0;
    }
    calendar->events[slot] = event;
    sji_key key = sji_key_of(time, phase, sequence, slot);
    if (calendar->hollow) {
        calendar->hollow = false;
        sift_down(calendar, 0, key);
    } else {
        sift_up(calendar, calendar->n++, key);
    }
    return handle_of(calendar, slot);
}

bool sj_calendar_cancel(sj_calendar *calendar, sj_handle handle)
{
    if (!sj_calendar_is_pending(calendar, handle)) {
        return false;
    }
    uint32_t slot = (uint32_t)(handle & (SJI_SLOT_END - 1));
    close_cell(calendar, calendar->position[slot]);
    release_slot(calendar, slot);
    return true;
}

bool sj_calendar_reschedule(sj_calendar *calendar, sj_handle handle, sj_tick time, unsigned phase)
{
    SJ_REQUIRE(phase <= 255);
    if (!sj_calendar_is_pending(calendar, handle)) {
        return false;
    }
    uint32_t slot = (uint32_t)(handle & (SJI_SLOT_END - 1));
    uint32_t sequence = next_sequence(calendar);
    place(calendar, calendar->position[slot], sji_key_of(time, phase, sequence, slot));
    return true;
}

bool sj_calendar_next(const sj_calendar *calendar, sj_tick *time, unsigned *phase)
{
    size_t i = 0;
    if (calendar->n == (size_t)calendar->hollow) {
        return false;
    }
    if (calendar->hollow) {
        i = 1 + smallest(calendar->heap + 1);
    }
    *time = sji_key_time(calendar->heap[i]);
    *phase = sji_key_phase(calendar->heap[i]);
    return true;
}

bool sj_calendar_pop_until(sj_calendar *calendar, sj_tick until, sj_tick *time, unsigned *phase,
                           sj_event *event)
{
    fill_hollow(calendar);
    if (calendar->n == 0 || sji_key_time(calendar->heap[0]) > until) {
        return false;
    }
    sji_key key = calendar->heap[0];
    uint32_t slot = sji_key_slot(key);
    *time = sji_key_time(key);
    *phase = sji_key_phase(key);
    *event = calendar->events[slot];
    release_slot(calendar, slot);
    calendar->heap[0] = 0;
    calendar->hollow = true;
    return true;
}

bool sj_calendar_pop(sj_calendar *calendar, sj_tick *time, unsigned *phase, sj_event *event)
{
    return sj_calendar_pop_until(calendar, INT64_MAX, time, phase, event);
}

size_t sj_calendar_length(const sj_calendar *calendar)
{
    return calendar->n - (size_t)calendar->hollow;
}

/* ---- verify ------------------------------------------------------------------------------- */

static sj_status verify_key(const sj_calendar *calendar, size_t i, sj_err *err)
{
    sji_key key = calendar->heap[i];
    uint32_t slot = sji_key_slot(key);
    if (i > 0 && key <= calendar->heap[(i - 1) / SJI_GROUP]) {
        return SJ_FAIL(err, SJ_E_INTERNAL, "calendar", "heap order is broken at key %zu", i);
    }
    if (slot >= calendar->n_slots || (calendar->generation[slot] & 1) == 0) {
        return SJ_FAIL(err, SJ_E_INTERNAL, "calendar", "key %zu names a slot not in use", i);
    }
    if (calendar->position[slot] != i) {
        return SJ_FAIL(err, SJ_E_INTERNAL, "calendar", "slot of key %zu has position %lu", i,
                       (unsigned long)calendar->position[slot]);
    }
    if (sji_key_sequence(key) >= calendar->sequence) {
        return SJ_FAIL(err, SJ_E_INTERNAL, "calendar", "key %zu has a sequence to come", i);
    }
    return SJ_OK;
}

static sj_status verify_slots(const sj_calendar *calendar, sj_err *err)
{
    size_t n_free = 0;
    for (uint32_t slot = calendar->free_slot; slot != SJI_SLOT_NONE;
         slot = calendar->position[slot]) {
        if (slot >= calendar->n_slots || (calendar->generation[slot] & 1) == 1 ||
            ++n_free > calendar->n_slots) {
            return SJ_FAIL(err, SJ_E_INTERNAL, "calendar", "list of free slots is broken");
        }
    }
    if (sj_calendar_length(calendar) + n_free + calendar->n_retired != calendar->n_slots) {
        return SJ_FAIL(err, SJ_E_INTERNAL, "calendar",
                       "%zu pending, %zu free and %zu retired slots, but %zu in all",
                       sj_calendar_length(calendar), n_free, calendar->n_retired,
                       calendar->n_slots);
    }
    return SJ_OK;
}

sj_status sj_calendar_verify(const sj_calendar *calendar, sj_err *err)
{
    if (calendar->hollow && (calendar->n == 0 || calendar->heap[0] != 0)) {
        return SJ_FAIL(err, SJ_E_INTERNAL, "calendar", "the root should be hollow");
    }
    for (size_t i = (size_t)calendar->hollow; i < calendar->n; i++) {
        SJ_TRY(verify_key(calendar, i, err));
    }
    for (size_t i = calendar->n; i < calendar->n + SJI_GROUP; i++) {
        if (calendar->heap[i] != SJI_KEY_LAST) {
            return SJ_FAIL(err, SJ_E_INTERNAL, "calendar", "cell %zu should be empty", i);
        }
    }
    return verify_slots(calendar, err);
}
