/* Strata: keys, creation, and the tallies that follow every change of a count. sji_change_n()
 * is the only function that changes the number of a stratum's people, and it keeps presence,
 * pools and populations right in the same step. Strata are found by key in a hash table and
 * walked by number, in the order in which they came to be. A stratum that empties stays (its
 * number owns queue places); in person resolution it is used again. */
#include "world/ledger_inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"

static const char *const decision_words[SJ_DECISIONS] = {
    "exit/", "node/", "chain/", "birth/", "death/", "lapse/", "take-up/", "change/", "split/"};

void sji_ledger_fail(sj_ledger *ledger)
{
    ledger->status = SJ_E_NOMEM;
}

void sj_since_pour(sj_since *since)
{
    since->n = 0;
    since->sum_day = 0;
}

uint64_t sj_intent_slot(sj_intent intent)
{
    return UINT64_C(1) << 63 | (uint64_t)intent.destination << 48 | (uint64_t)intent.channel << 32 |
           (uint64_t)(intent.hold_country + 1) << 16 | (uint64_t)intent.hold_status << 8 |
           (uint64_t)intent.hold_vintage;
}

sj_intent sj_slot_intent(uint64_t slot)
{
    return (sj_intent){.destination = (int)(slot >> 48 & 0x7fff),
                       .channel = (int)(slot >> 32 & 0xffff),
                       .hold_country = (int)(slot >> 16 & 0xffff) - 1,
                       .hold_status = (int)(slot >> 8 & 0xff),
                       .hold_vintage = (int)(slot & 0xff)};
}

sj_day sj_permit_expiry(sj_day day, int n_days)
{
    return n_days < 400 ? day + n_days : sj_day_next_month(day + n_days);
}

static bool new_counts(sj_ledger *ledger)
{
    const sj_world *w = ledger->world;
    size_t leaves = (size_t)w->n_leaves, nations = (size_t)w->n_nations;
    size_t countries = (size_t)w->n_countries, channels = (size_t)w->n_channels;
    size_t edges = (size_t)w->n_edges;
    struct {
        int64_t **counts;
        size_t n;
    } rooms[] = {{&ledger->present, leaves * nations},
                 {&ledger->settled, leaves * nations},
                 {&ledger->foreign_group, leaves * SJ_GROUPS},
                 {&ledger->settled_group, leaves * SJ_GROUPS},
                 {&ledger->home_pool, nations},
                 {&ledger->population, countries},
                 {&ledger->left_to, nations * countries},
                 {&ledger->tally.departures, nations},
                 {&ledger->tally.arrivals, leaves * nations * channels},
                 {&ledger->tally.entries, countries * nations * (SJ_CLASSES + 1)},
                 {&ledger->tally.returns, countries * nations},
                 {&ledger->tally.onward, countries * nations},
                 {&ledger->tally.deaths, leaves * nations},
                 {&ledger->tally.link_deaths, edges * nations},
                 {&ledger->tally.caught, edges * nations},
                 {&ledger->tally.traffic, edges * nations * channels},
                 {&ledger->tally.refused, (size_t)w->n_posts},
                 {&ledger->tally.applied, (size_t)w->n_programmes},
                 {&ledger->tally.completed, (size_t)w->n_stages},
                 {&ledger->tally.served, (size_t)w->n_stages}};
    bool good = true;
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        *rooms[i].counts = sj_calloc(rooms[i].n, sizeof(int64_t));
        good = good && *rooms[i].counts != NULL;
    }
    return good;
}

static bool new_stages(sj_ledger *ledger)
{
    const sj_world *w = ledger->world;
    ledger->stages = sj_calloc((size_t)w->n_stages, sizeof(sj_stage *));
    if (ledger->stages == NULL) {
        return false;
    }
    for (int i = 0; i < w->n_stages; i++) {
        const sj_spec_stage *spec = w->stages[i].spec;
        ledger->stages[i] =
            sj_stage_new(spec == NULL ? SJ_DISCIPLINE_FIFO : (sj_discipline)spec->discipline);
        if (ledger->stages[i] == NULL) {
            return false;
        }
    }
    return true;
}

static sj_stratum *new_stratum(sj_ledger *ledger)
{
    sj_stratum *stratum = sj_calloc(1, sizeof *stratum);
    if (stratum == NULL || !sj_grow((void **)&ledger->strata, &ledger->strata_capacity,
                                    ledger->n_strata + 1, sizeof(sj_stratum *))) {
        free(stratum);
        sji_ledger_fail(ledger);
        return NULL;
    }
    stratum->text = "";
    ledger->strata[ledger->n_strata++] = stratum;
    return stratum;
}

sj_ledger *sj_ledger_new(const sj_world *world, sj_chance *chance)
{
    sj_ledger *ledger = sj_calloc(1, sizeof *ledger);
    if (ledger == NULL) {
        return NULL;
    }
    ledger->world = world;
    ledger->chance = chance;
    ledger->today = world->start;
    ledger->by_person = world->by_person;
    size_t n_rings = (size_t)world->n_leaves * SJ_GROUPS;
    ledger->legs = sj_calloc((size_t)world->n_edges * (SJ_LEG_DAYS + 1), sizeof(sj_leg *));
    ledger->retention = sj_calloc(n_rings, sizeof(double));
    ledger->caseload = sj_calloc((size_t)world->n_programmes, sizeof *ledger->caseload);
    if (ledger->legs == NULL || ledger->retention == NULL || ledger->caseload == NULL ||
        !new_counts(ledger) || !new_stages(ledger) || !sj_parcel_init(&ledger->spare, world) ||
        !sj_parcel_init(&ledger->of_group, world) || new_stratum(ledger) == NULL) {
        sj_ledger_free(ledger);
        return NULL;
    }
    for (size_t i = 0; i < n_rings; i++) {
        ledger->retention[i] = 1.0;
    }
    return ledger;
}

static void drop_chains(sj_stratum *s)
{
    free(s->old);
    free(s->fresh);
    free(s->chain_since);
    s->old = s->fresh = NULL;
    s->chain_since = NULL;
}

static void free_stratum(sj_stratum *stratum)
{
    drop_chains(stratum);
    free(stratum->own_text);
    sj_vec_clear(&stratum->barred);
    sj_vec_clear(&stratum->permits);
    free(stratum);
}

static void free_legs(sj_ledger *ledger)
{
    size_t n = (size_t)ledger->world->n_edges * (SJ_LEG_DAYS + 1);
    for (size_t i = 0; ledger->legs != NULL && i < n; i++) {
        sj_leg_free(ledger->legs[i]);
    }
    for (size_t i = 0; i < ledger->spare_legs.n; i++) {
        sj_leg_free(ledger->spare_legs.at[i]);
    }
    sj_vec_clear(&ledger->spare_legs);
    free(ledger->legs);
}

void sj_ledger_free(sj_ledger *ledger)
{
    if (ledger == NULL) {
        return;
    }
    free(ledger->by_key);
    for (size_t i = 0; i < ledger->n_strata; i++) {
        free_stratum(ledger->strata[i]);
    }
    free(ledger->strata);
    sj_vec_clear(&ledger->vacant);
    sj_vec_clear(&ledger->travellers);
    sj_vec_clear(&ledger->at_home);
    sj_vec_clear(&ledger->settlers);
    for (int i = 0; ledger->stages != NULL && i < ledger->world->n_stages; i++) {
        sj_stage_free(ledger->stages[i]);
    }
    free(ledger->stages);
    free_legs(ledger);
    int64_t *counts[] = {ledger->present,         ledger->settled,           ledger->foreign_group,
                         ledger->settled_group,   ledger->home_pool,         ledger->population,
                         ledger->left_to,         ledger->tally.departures,  ledger->tally.arrivals,
                         ledger->tally.entries,   ledger->tally.returns,     ledger->tally.onward,
                         ledger->tally.deaths,    ledger->tally.link_deaths, ledger->tally.caught,
                         ledger->tally.traffic,   ledger->tally.refused,     ledger->tally.applied,
                         ledger->tally.completed, ledger->tally.served};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        free(counts[i]);
    }
    free(ledger->retention);
    free(ledger->caseload);
    sj_parcel_clear(&ledger->spare);
    sj_parcel_clear(&ledger->of_group);
    sj_vec_clear(&ledger->held);
    sj_vec_clear(&ledger->batches);
    free(ledger);
}

/* Hashes of "process/" text, one a kind of decision: a stratum has the same streams whenever it
 * came to be. */
static bool name_stratum(sj_ledger *ledger, sj_stratum *s, uint32_t index)
{
    const sj_world *w = ledger->world;
    sj_str text = {0};
    sj_str_printf(&text, "%s/%s/%s/%s/%llx", w->nations[s->nation].id, w->leaves[s->leaf].id,
                  w->statuses[s->status].id,
                  s->group == SJ_MIXED ? "mixed" : sj_group_words[s->group],
                  (unsigned long long)s->slot);
    if (ledger->by_person && s->is_settled) {
        sj_str_printf(&text, "/p%u", index);
    }
    if (text.failed) {
        sj_str_clear(&text);
        return false;
    }
    s->text = s->own_text = text.text;
    for (int i = 0; i < SJ_DECISIONS; i++) {
        s->name[i] = sj_hash_text(sj_hash_text(SJ_HASH_START, decision_words[i]), text.text);
    }
    return true;
}

/* Settled foreigners have chains, applicants at home do not. */
static bool give_chains(sj_ledger *ledger, sj_stratum *s)
{
    if (!s->is_settled || !s->is_foreign || ledger->world->n_chains == 0) {
        drop_chains(s);
        return true;
    }
    if (s->old != NULL) {
        return true;
    }
    size_t classes = (size_t)ledger->world->n_chain_classes;
    s->old = sj_calloc(classes, sizeof(int64_t));
    s->fresh = sj_calloc(classes, sizeof(int64_t));
    s->chain_since = sj_calloc((size_t)ledger->world->n_chains, sizeof(sj_since));
    if (s->old != NULL && s->fresh != NULL && s->chain_since != NULL) {
        return true;
    }
    drop_chains(s); /* all or none: whoever sees `old` uses the others */
    return false;
}

/* What follows from the key, kept beside it because every process asks. */
static void describe(const sj_world *w, sj_stratum *s, int nation, int leaf, int status, int group,
                     uint64_t slot)
{
    s->nation = nation;
    s->leaf = leaf;
    s->country = w->leaves[leaf].country;
    s->status = status;
    s->group = group;
    s->slot = slot;
    s->is_foreign = s->country != w->nations[nation].home;
    s->is_under_way = status >= SJ_TRANSIT && status < SJ_FIRST_STATUS;
    s->is_plain = !s->is_foreign && (status == SJ_CITIZEN || status == SJ_RETURNEE);
    s->is_settled = !s->is_plain && !s->is_under_way;
    s->vintage = s->is_under_way ? 0 : (int)slot;
}

/* The key of a stratum is this and its slot; both fit 64 bits by the limits checked at loading. */
static uint64_t who_of(int nation, int leaf, int status, int group)
{
    return (uint64_t)nation << 48 | (uint64_t)leaf << 24 | (uint64_t)status << 8 | (uint64_t)group;
}

/* A stratum of one for person resolution: an emptied one, or a new one. */
static sj_stratum *new_person(sj_ledger *ledger, int nation, int leaf, int status, int group,
                              uint64_t slot)
{
    sj_stratum *s;
    uint32_t index;
    if (ledger->vacant.n > 0) {
        index = ledger->vacant.at[--ledger->vacant.n];
        s = ledger->strata[index];
        free(s->own_text);
        s->own_text = NULL;
        s->text = "";
    } else {
        s = new_stratum(ledger);
        index = (uint32_t)(ledger->n_strata - 1);
    }
    if (s == NULL) {
        return ledger->strata[0];
    }
    describe(ledger->world, s, nation, leaf, status, group, slot);
    s->who = who_of(nation, leaf, status, group);
    s->index = index;
    s->waited_day = 0;
    sj_since_pour(&s->exits);
    sj_since_pour(&s->vital);
    for (int c = 0; s->chain_since != NULL && c < ledger->world->n_chains; c++) {
        sj_since_pour(&s->chain_since[c]);
    }
    s->person = ++ledger->n_persons;
    if (!name_stratum(ledger, s, s->person) || !give_chains(ledger, s)) {
        sji_ledger_fail(ledger);
    }
    return s;
}

static uint64_t hash_of_key(uint64_t who, uint64_t slot)
{
    uint64_t mixed = who * UINT64_C(0x9e3779b97f4a7c15) ^ slot;
    return sj_splitmix64(&mixed);
}

/* Where a key stands in the table, or the free place that it would take. Most others are told by
 * their hash, without a look at the stratum. */
static sj_key_place *place_of_key(const sj_ledger *ledger, uint64_t who, uint64_t slot)
{
    uint64_t hash = hash_of_key(who, slot);
    uint32_t high = (uint32_t)(hash >> 32);
    size_t i = (size_t)hash & (ledger->n_slots - 1);
    for (; ledger->by_key[i].index != 0; i = (i + 1) & (ledger->n_slots - 1)) {
        if (ledger->by_key[i].high == high) {
            const sj_stratum *s = ledger->strata[ledger->by_key[i].index];
            if (s->who == who && s->slot == slot) {
                break;
            }
        }
    }
    ledger->by_key[i].high = high;
    return &ledger->by_key[i];
}

static bool grow_keys(sj_ledger *ledger)
{
    sj_key_place *old = ledger->by_key;
    size_t n_old = ledger->n_slots, n_slots = n_old == 0 ? 1024 : 2 * n_old;
    sj_key_place *grown = sj_calloc(n_slots, sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    ledger->by_key = grown;
    ledger->n_slots = n_slots;
    for (size_t i = 0; i < n_old; i++) {
        if (old[i].index != 0) {
            const sj_stratum *s = ledger->strata[old[i].index];
            place_of_key(ledger, s->who, s->slot)->index = old[i].index;
        }
    }
    free(old);
    return true;
}

/* By key; a new stratum is numbered next, and its number never changes. */
static sj_stratum *find_or_make(sj_ledger *ledger, int nation, int leaf, int status, int group,
                                uint64_t slot)
{
    if (2 * ledger->n_keys >= ledger->n_slots && !grow_keys(ledger)) {
        sji_ledger_fail(ledger);
        return ledger->strata[0];
    }
    uint64_t who = who_of(nation, leaf, status, group);
    sj_key_place *place = place_of_key(ledger, who, slot);
    if (place->index != 0) {
        return ledger->strata[place->index];
    }
    sj_stratum *s = new_stratum(ledger);
    if (s == NULL) {
        return ledger->strata[0];
    }
    s->who = who;
    s->index = (uint32_t)(ledger->n_strata - 1);
    describe(ledger->world, s, nation, leaf, status, group, slot);
    place->index = s->index;
    ledger->n_keys++;
    if (!name_stratum(ledger, s, 0) || !give_chains(ledger, s)) {
        sji_ledger_fail(ledger);
    }
    return s;
}

sj_stratum *sj_ledger_settled(sj_ledger *ledger, int nation, int leaf, int status, int group,
                              int vintage)
{
    bool foreign = ledger->world->leaves[leaf].country != ledger->world->nations[nation].home;
    bool plain = !foreign && status != SJ_APPLICANT;
    group = foreign ? SJ_MIXED : group;
    if (ledger->by_person && !plain) {
        return new_person(ledger, nation, leaf, status, group, (uint64_t)vintage);
    }
    return find_or_make(ledger, nation, leaf, status, group, plain ? 0 : (uint64_t)vintage);
}

sj_stratum *sj_ledger_waiting(sj_ledger *ledger, int nation, int leaf, int status, uint64_t slot)
{
    return find_or_make(ledger, nation, leaf, status, SJ_MIXED, slot);
}

/* A stratum that is not empty stands in the list of its kind; lists drop the empty ones later. */
static void list_stratum(sj_ledger *ledger, sj_stratum *s)
{
    unsigned kind = s->is_under_way ? SJ_LISTED_TRAVELLER
                    : s->is_foreign ? SJ_LISTED_SETTLER
                                    : SJ_LISTED_AT_HOME;
    if (s->n <= 0 || (s->listed & kind) != 0) {
        return;
    }
    sj_strata *list = s->is_under_way ? &ledger->travellers
                      : s->is_foreign ? &ledger->settlers
                                      : &ledger->at_home;
    if (sj_vec_push(list, s)) {
        s->listed |= kind;
    } else {
        sji_ledger_fail(ledger);
    }
}

void sj_strata_sweep(sj_strata *list, unsigned kind)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->n; i++) {
        sj_stratum *s = list->at[i];
        if (s->n > 0) {
            list->at[kept++] = s;
        } else {
            s->listed &= ~kind;
        }
    }
    list->n = kept;
}

void sji_change_group(sj_ledger *ledger, sj_stratum *s, int group, int64_t change)
{
    int at = s->leaf * SJ_GROUPS + group;
    s->by_group[group] += change;
    if (s->is_foreign) {
        ledger->foreign_group[at] += change;
        ledger->settled_group[at] += s->is_settled ? change : 0;
    }
}

void sji_change_n(sj_ledger *ledger, sj_stratum *s, int64_t change,
                  const int64_t by_group[SJ_GROUPS])
{
    const sj_world *w = ledger->world;
    s->n += change;
    size_t at_leaf = (size_t)(s->leaf * w->n_nations + s->nation);
    ledger->present[at_leaf] += change;
    ledger->population[s->country] += change;
    for (int g = 0; g < SJ_GROUPS && s->group == SJ_MIXED; g++) {
        sji_change_group(ledger, s, g, change < 0 ? -by_group[g] : by_group[g]);
    }
    if (!s->is_under_way) {
        *(s->is_foreign ? &ledger->settled[at_leaf] : &ledger->home_pool[s->nation]) += change;
    }
    list_stratum(ledger, s);
    if (s->n == 0 && ledger->by_person && s->is_settled && s != ledger->strata[0] &&
        !sj_vec_push(&ledger->vacant, s->index)) {
        sji_ledger_fail(ledger);
    }
}

/* The ring of arrivals does not know who of them has left: all past arrivals of the leaf thin
 * alike, by one factor kept apart. */
void sj_ledger_thin(sj_ledger *ledger, int leaf, const sj_parcel *parcel)
{
    for (int g = 0; g < SJ_GROUPS; g++) {
        int at = leaf * SJ_GROUPS + g;
        double left = (double)parcel->by_group[g], stay = (double)ledger->settled_group[at];
        if (left > 0) {
            ledger->retention[at] *= stay <= 0 ? 0.0 : 1.0 - left / (left + stay);
        }
    }
}

void sj_ledger_open_case(sj_ledger *ledger, sj_stratum *stratum, int stage, int64_t m, sj_day since,
                         sj_day ready, int priority)
{
    int programme = ledger->world->stages[stage].programme;
    bool keeps = programme != SJ_NO_REF && ledger->world->programmes[programme].keeps_since;
    sj_batch batch = {.owner = stratum->index,
                      .priority = priority,
                      .since = keeps ? since : ledger->today,
                      .joined = ledger->today,
                      .ready = ready,
                      .count = m};
    if (sj_stage_join(ledger->stages[stage], &batch) != SJ_OK) {
        sji_ledger_fail(ledger);
    }
    stratum->n_cases += m;
}

void sj_ledger_bar(sj_ledger *ledger, sj_stratum *stratum, int64_t m, sj_day until)
{
    if (m == 0) {
        return;
    }
    stratum->n_barred += m;
    for (size_t i = 0; i < stratum->barred.n; i++) {
        if (stratum->barred.at[i].until == until) {
            stratum->barred.at[i].count += m;
            return;
        }
    }
    if (!sj_vec_push(&stratum->barred, ((sj_barred){until, m}))) {
        sji_ledger_fail(ledger);
    }
}

int64_t sj_stratum_free(const sj_stratum *stratum)
{
    return stratum->n - stratum->n_cases - stratum->n_barred;
}

int64_t sj_ledger_people(const sj_ledger *ledger)
{
    int64_t people = ledger->on_link;
    for (int c = 0; c < ledger->world->n_countries; c++) {
        people += ledger->population[c];
    }
    return people;
}
