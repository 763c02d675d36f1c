/* People on links: bands of one kind that get to the end of an edge on one day. A leg is the
 * list of bands of one edge and day; it is found by day, of which an edge has few at a time. On
 * a link people have no chains and no cases, only their group, intent and permits. */
#include "world/ledger_inside.h"

#include <stdlib.h>
#include <string.h>

void sj_leg_free(sj_leg *leg)
{
    if (leg == NULL) {
        return;
    }
    for (size_t i = 0; i < leg->bands.n; i++) {
        sj_vec_clear(&leg->bands.at[i].permits);
    }
    sj_vec_clear(&leg->bands);
    free(leg->slots);
    free(leg);
}

static sj_leg *find_leg(const sj_legs *legs, int due)
{
    for (size_t i = 0; i < legs->n; i++) {
        if (legs->at[i]->due == due) {
            return legs->at[i];
        }
    }
    return NULL;
}

static sj_leg *add_leg(sj_ledger *ledger, int edge, int due)
{
    sj_leg *leg = sj_calloc(1, sizeof *leg);
    if (leg == NULL || !sj_vec_push(&ledger->legs[edge], leg)) {
        free(leg);
        sji_ledger_fail(ledger);
        return NULL;
    }
    leg->edge = edge;
    leg->due = due;
    return leg;
}

static size_t first_slot(const sj_leg *leg, int nation, int group, int days, uint64_t slot)
{
    uint64_t kind = slot ^ (uint64_t)nation << 40 ^ (uint64_t)group << 52 ^ (uint64_t)days << 24;
    return (size_t)sj_splitmix64(&kind) & (leg->n_slots - 1);
}

/* Where a band of that kind stands, or the free slot that it would take. */
static size_t find_slot(const sj_leg *leg, int nation, int group, int days, uint64_t slot)
{
    size_t i = first_slot(leg, nation, group, days, slot);
    while (leg->slots[i] != 0) {
        const sj_band *band = &leg->bands.at[leg->slots[i] - 1];
        if (band->slot == slot && band->nation == nation && band->group == group &&
            band->days == days) {
            break;
        }
        i = (i + 1) & (leg->n_slots - 1);
    }
    return i;
}

static bool grow_slots(sj_leg *leg)
{
    size_t n_slots = leg->n_slots == 0 ? 32 : 2 * leg->n_slots;
    uint32_t *slots = sj_calloc(n_slots, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    free(leg->slots);
    leg->slots = slots;
    leg->n_slots = n_slots;
    for (size_t i = 0; i < leg->bands.n; i++) {
        const sj_band *b = &leg->bands.at[i];
        slots[find_slot(leg, b->nation, b->group, b->days, b->slot)] = (uint32_t)i + 1;
    }
    return true;
}

static sj_band *find_band(sj_ledger *ledger, sj_leg *leg, const sj_parcel *parcel, uint64_t slot,
                          int days)
{
    if (2 * leg->bands.n >= leg->n_slots && !grow_slots(leg)) {
        sji_ledger_fail(ledger);
        return NULL;
    }
    size_t i = find_slot(leg, parcel->nation, parcel->group, days, slot);
    if (leg->slots[i] != 0) {
        return &leg->bands.at[leg->slots[i] - 1];
    }
    sj_band band = {.nation = parcel->nation, .group = parcel->group, .days = days, .slot = slot};
    if (!sj_vec_push(&leg->bands, band)) {
        sji_ledger_fail(ledger);
        return NULL;
    }
    leg->slots[i] = (uint32_t)leg->bands.n;
    return &leg->bands.at[leg->bands.n - 1];
}

sj_leg *sj_ledger_board(sj_ledger *ledger, sj_parcel *parcel, int edge, uint64_t slot, int days,
                        bool *is_new)
{
    int due = ledger->day + days;
    sj_leg *leg = find_leg(&ledger->legs[edge], due);
    *is_new = leg == NULL;
    if (leg == NULL) {
        leg = add_leg(ledger, edge, due);
    }
    sj_band *band = leg == NULL ? NULL : find_band(ledger, leg, parcel, slot, days);
    if (band == NULL) {
        return leg;
    }
    sj_ledger_end_cases(ledger, parcel, false);
    for (size_t i = 0; i < parcel->permits.n; i++) {
        if (!sji_permits_add(&band->permits, parcel->permits.at[i].expiry,
                             parcel->permits.at[i].count)) {
            sji_ledger_fail(ledger);
        }
    }
    band->n += parcel->n;
    ledger->on_link += parcel->n;
    parcel->n = 0;
    parcel->permits.n = 0;
    return leg;
}

/* Takes the leg of today off the list of its edge; the last one fills its place. */
sj_leg *sj_ledger_due(sj_ledger *ledger, int edge, int due)
{
    sj_legs *legs = &ledger->legs[edge];
    for (size_t i = 0; i < legs->n; i++) {
        if (legs->at[i]->due == due) {
            sj_leg *leg = legs->at[i];
            legs->at[i] = legs->at[--legs->n];
            return leg;
        }
    }
    return NULL;
}

void sj_ledger_alight(sj_ledger *ledger, sj_band *band, sj_parcel *parcel)
{
    parcel->nation = band->nation;
    parcel->group = band->group;
    parcel->n = band->n;
    parcel->cases.n = parcel->barred.n = parcel->permits.n = 0;
    sj_parcel_reset(ledger, parcel);
    for (size_t i = 0; i < band->permits.n; i++) {
        if (!sj_vec_push(&parcel->permits, band->permits.at[i])) {
            sji_ledger_fail(ledger);
        }
    }
    ledger->on_link -= band->n;
    band->n = 0;
    sj_vec_clear(&band->permits);
}
