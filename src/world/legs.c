/* People on links: bands of one kind that get to the end of an edge on one day. A leg is the
 * list of bands of one edge and day, and stands in a ring of days. On a link people have no
 * chains and no cases, only their groups, intent and permits. How long the leg takes them is
 * part of a band's kind only where something at its end depends on it. */
#include "world/ledger_inside.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 32 };

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

sj_leg **sji_leg_at(const sj_ledger *ledger, int edge, int due)
{
    return &ledger->legs[edge * (SJ_LEG_DAYS + 1) + due % (SJ_LEG_DAYS + 1)];
}

const sj_leg *sj_ledger_leg(const sj_ledger *ledger, int edge, int in_days)
{
    return *sji_leg_at(ledger, edge, ledger->day + in_days);
}

static sj_leg *new_leg(sj_ledger *ledger, int edge, int due)
{
    sj_leg *leg = ledger->spare_legs.n > 0 ? ledger->spare_legs.at[--ledger->spare_legs.n]
                                           : sj_calloc(1, sizeof *leg);
    if (leg == NULL) {
        sji_ledger_fail(ledger);
        return NULL;
    }
    leg->edge = edge;
    leg->due = due;
    *sji_leg_at(ledger, edge, due) = leg;
    return leg;
}

void sj_ledger_leg_done(sj_ledger *ledger, sj_leg *leg)
{
    for (size_t i = 0; i < leg->bands.n; i++) {
        sj_vec_clear(&leg->bands.at[i].permits);
    }
    leg->bands.n = 0;
    if (leg->n_slots > 0) {
        memset(leg->slots, 0, leg->n_slots * sizeof leg->slots[0]);
    }
    if (!sj_vec_push(&ledger->spare_legs, leg)) {
        sj_leg_free(leg);
        sji_ledger_fail(ledger);
    }
}

/* Where a band of that kind stands, or the free slot that it would take. */
static size_t find_slot(const sj_leg *leg, int nation, int days, uint64_t slot)
{
    uint64_t kind = slot ^ (uint64_t)nation << 40 ^ (uint64_t)days << 24;
    size_t i = (size_t)sj_splitmix64(&kind) & (leg->n_slots - 1);
    while (leg->slots[i] != 0) {
        const sj_band *band = &leg->bands.at[leg->slots[i] - 1];
        if (band->slot == slot && band->nation == nation && band->days == days) {
            break;
        }
        i = (i + 1) & (leg->n_slots - 1);
    }
    return i;
}

static bool grow_slots(sj_leg *leg)
{
    size_t n_slots = leg->n_slots == 0 ? FIRST_SLOTS : 2 * leg->n_slots;
    uint32_t *slots = sj_calloc(n_slots, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    free(leg->slots);
    leg->slots = slots;
    leg->n_slots = n_slots;
    for (size_t i = 0; i < leg->bands.n; i++) {
        const sj_band *b = &leg->bands.at[i];
        slots[find_slot(leg, b->nation, b->days, b->slot)] = (uint32_t)i + 1;
    }
    return true;
}

static sj_band *find_band(sj_ledger *ledger, sj_leg *leg, int nation, uint64_t slot, int days)
{
    if (2 * leg->bands.n >= leg->n_slots && !grow_slots(leg)) {
        sji_ledger_fail(ledger);
        return NULL;
    }
    size_t i = find_slot(leg, nation, days, slot);
    if (leg->slots[i] != 0) {
        return &leg->bands.at[leg->slots[i] - 1];
    }
    sj_band band = {.nation = nation, .days = days, .slot = slot};
    if (!sj_vec_push(&leg->bands, band)) {
        sji_ledger_fail(ledger);
        return NULL;
    }
    leg->slots[i] = (uint32_t)leg->bands.n;
    return &leg->bands.at[leg->bands.n - 1];
}

/* The band that people join who board an edge today for so many days; NULL when memory ends. */
static sj_band *board(sj_ledger *ledger, int nation, int edge, uint64_t slot, int days,
                      sj_leg **leg, bool *is_new)
{
    int due = ledger->day + days;
    *leg = *sji_leg_at(ledger, edge, due);
    *is_new = *leg == NULL;
    if (*leg == NULL) {
        *leg = new_leg(ledger, edge, due);
    }
    return *leg == NULL ? NULL
                        : find_band(ledger, *leg, nation, slot,
                                    ledger->world->edges[edge].has_risks ? days : 0);
}

static void add_people(sj_ledger *ledger, sj_band *band, const int64_t by_group[SJ_GROUPS])
{
    for (int g = 0; g < SJ_GROUPS; g++) {
        band->by_group[g] += by_group[g];
        band->n += by_group[g];
        ledger->on_link += by_group[g];
    }
}

sj_leg *sj_ledger_board_groups(sj_ledger *ledger, int nation, const int64_t by_group[SJ_GROUPS],
                               int edge, uint64_t slot, int days, bool *is_new)
{
    sj_leg *leg;
    sj_band *band = board(ledger, nation, edge, slot, days, &leg, is_new);
    if (band != NULL) {
        add_people(ledger, band, by_group);
    }
    return leg;
}

sj_leg *sj_ledger_board(sj_ledger *ledger, sj_parcel *parcel, int edge, uint64_t slot, int days,
                        bool *is_new)
{
    sj_leg *leg;
    sj_band *band = board(ledger, parcel->nation, edge, slot, days, &leg, is_new);
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
    sj_parcel_mix(parcel);
    add_people(ledger, band, parcel->by_group);
    memset(parcel->by_group, 0, sizeof parcel->by_group);
    parcel->n = 0;
    parcel->permits.n = 0;
    return leg;
}

sj_leg *sj_ledger_due(sj_ledger *ledger, int edge, int due)
{
    sj_leg **at = sji_leg_at(ledger, edge, due), *leg = *at;
    if (leg == NULL || leg->due != due) {
        return NULL;
    }
    *at = NULL;
    return leg;
}

void sj_ledger_alight(sj_ledger *ledger, sj_band *band, sj_parcel *parcel)
{
    sj_parcel_open(parcel, band->nation);
    parcel->n = band->n;
    memcpy(parcel->by_group, band->by_group, sizeof parcel->by_group);
    sj_parcel_reset(ledger, parcel);
    for (size_t i = 0; i < band->permits.n; i++) {
        if (!sj_vec_push(&parcel->permits, band->permits.at[i])) {
            sji_ledger_fail(ledger);
        }
    }
    ledger->on_link -= band->n;
    band->n = 0;
    memset(band->by_group, 0, sizeof band->by_group);
    sj_vec_clear(&band->permits);
}
