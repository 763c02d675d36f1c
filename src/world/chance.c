/* One stream of random numbers for each decision (semantics A10). A decision is named by a hash
 * of "process/entity"; how many decisions of that name there were today is its ordinal, so the
 * stream depends on the name, the day and the ordinal, never on what else has been drawn. The
 * table of names is open addressing with linear probing, stamped by day so that a new day
 * empties it at no cost. It is never walked: nothing depends on the order of its slots. */
#include "world/chance.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { FIRST_SLOTS = 4096 };

static bool make_slots(sj_chance *chance, size_t n_slots)
{
    sj_chance_slot *slots = sj_calloc(n_slots, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    chance->slots = slots;
    chance->n_slots = n_slots;
    chance->n_used = 0;
    return true;
}

bool sj_chance_init(sj_chance *chance, uint64_t seed, uint64_t replication)
{
    memset(chance, 0, sizeof *chance);
    chance->key = sj_rng_key_of(seed, replication);
    return make_slots(chance, FIRST_SLOTS);
}

void sj_chance_clear(sj_chance *chance)
{
    free(chance->slots);
    memset(chance, 0, sizeof *chance);
}

void sj_chance_new_day(sj_chance *chance, uint32_t day)
{
    chance->day = day;
    chance->n_used = 0;
}

/* The slot of a name today, or the free one where it would stand. */
static sj_chance_slot *slot_of(const sj_chance *chance, uint64_t name)
{
    size_t mask = chance->n_slots - 1;
    size_t i = (size_t)(name ^ (name >> 29)) & mask;
    while (chance->slots[i].stamp == chance->day + 1 && chance->slots[i].name != name) {
        i = (i + 1) & mask;
    }
    return &chance->slots[i];
}

static void grow(sj_chance *chance)
{
    sj_chance old = *chance;
    if (!make_slots(chance, 2 * old.n_slots)) {
        *chance = old;
        chance->failed = true;
        return;
    }
    for (size_t i = 0; i < old.n_slots; i++) {
        if (old.slots[i].stamp == chance->day + 1) {
            *slot_of(chance, old.slots[i].name) = old.slots[i];
            chance->n_used++;
        }
    }
    free(old.slots);
}

/* The only place where a stream begins. A failed table still gives a stream: the run ends at
 * its next check, and needs no test at each draw. */
sj_rng sj_chance_decide(sj_chance *chance, uint64_t name)
{
    if (2 * chance->n_used >= chance->n_slots && !chance->failed) {
        grow(chance);
    }
    if (chance->failed) {
        return sj_rng_start(chance->key, name, chance->day, 0);
    }
    sj_chance_slot *slot = slot_of(chance, name);
    if (slot->stamp != chance->day + 1) {
        *slot = (sj_chance_slot){.name = name, .stamp = chance->day + 1};
        chance->n_used++;
    }
    uint32_t ordinal = slot->count++;
    if (ordinal >= SJ_RNG_ORDINALS) {
        chance->too_many = true;
        ordinal = SJ_RNG_ORDINALS - 1;
    }
    return sj_rng_start(chance->key, name, chance->day, ordinal);
}

sj_rng sj_chance_fixed(const sj_chance *chance, uint64_t name)
{
    return sj_rng_start(chance->key, name, 0, 0);
}
