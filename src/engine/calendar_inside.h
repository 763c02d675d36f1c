/**
 * @file calendar_inside.h
 * @brief The shape of a calendar, for calendar.c and for tests that plant faults in it.
 *
 * A key is one 128-bit integer: the tick with its sign bit turned (64 bits), then phase (8),
 * sequence (32) and slot (24), so that one comparison is the whole order. Keys lie in a 4-ary
 * heap whose groups of children fill a cache line; cells behind the last key hold SJI_KEY_LAST,
 * so the smallest of a group is found without asking how many there are. After a pop the root is
 * left hollow (key 0): the next post fills it, which spares half of the work of "take one out,
 * put one in".
 * Private to the room engine.
 */
#ifndef SJ_ENGINE_CALENDAR_INSIDE_H
#define SJ_ENGINE_CALENDAR_INSIDE_H
#include "engine/calendar.h"

__extension__ typedef unsigned __int128 sji_key;

enum {
    SJI_SLOT_BITS = 24,
    SJI_SLOT_END = 1 << SJI_SLOT_BITS, /* slots there can be */
    SJI_GROUP = 4                      /* children of a node, keys of a cache line */
};

#define SJI_SLOT_NONE UINT32_MAX
#define SJI_KEY_LAST (~(sji_key)0)
#define SJI_SEQUENCE_LIMIT UINT32_MAX

struct sj_calendar {
    sji_key *heap; /* heap[0] is the root, heap[4i+1] ... heap[4i+4] the children of i */
    size_t n;      /* keys in the heap, a hollow root included */
    bool hollow;   /* heap[0] is 0 and belongs to no event */
    uint32_t sequence, sequence_limit; /* next sequence; at the limit all are renumbered */

    sj_event *events;     /* by slot */
    uint32_t *position;   /* by slot: index in the heap; of a free slot the next free one */
    uint32_t *generation; /* by slot: odd = pending, even = free */
    size_t n_slots;       /* slots ever used */
    size_t n_retired;     /* slots whose generations are used up */
    size_t capacity;      /* slots there is room for, and keys */
    uint32_t free_slot;   /* head of the list of free slots, SJI_SLOT_NONE = none */

    void *block; /* owns: the storage of the heap, before alignment */
};

static inline uint32_t sji_key_slot(sji_key key)
{
    return (uint32_t)key & (SJI_SLOT_END - 1);
}

static inline uint32_t sji_key_sequence(sji_key key)
{
    return (uint32_t)((uint64_t)key >> SJI_SLOT_BITS);
}

static inline unsigned sji_key_phase(sji_key key)
{
    return (unsigned)((uint64_t)key >> 56);
}

static inline sj_tick sji_key_time(sji_key key)
{
    return (sj_tick)((uint64_t)(key >> 64) ^ (UINT64_C(1) << 63));
}

static inline sji_key sji_key_of(sj_tick time, unsigned phase, uint32_t sequence, uint32_t slot)
{
    uint64_t high = (uint64_t)time ^ (UINT64_C(1) << 63);
    uint64_t low = (uint64_t)phase << 56 | (uint64_t)sequence << SJI_SLOT_BITS | slot;
    return (sji_key)high << 64 | low;
}
#endif /* SJ_ENGINE_CALENDAR_INSIDE_H */
