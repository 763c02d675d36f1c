/* Time, leaves, countries, peoples and their stocks. People stand on leaves only (semantics
 * A1): a country without cities is its own leaf, one with cities gets a leaf "-rest" for what
 * they do not hold. Every country has exactly one people of its own. */
#include "world/derive.h"

#include <math.h>
#include <string.h>

const char *const sj_process_words[SJ_PROCESSES + 1] = {
    "departure", "onward", "return",  "journey", "programmes", "chains", "demography",
    "services",  "funds",  "opinion", "beliefs", "noise",      NULL};

enum { MAX_DAYS = 73050 /* 200 years: the day of the run fits the counter of chance */ };

static void derive_off(sji_derive *d)
{
    const sj_texts *off = &d->world->spec.run.off;
    for (size_t i = 0; i < off->n; i++) {
        bool known = false;
        for (int p = 0; p < SJ_PROCESSES; p++) {
            if (strcmp(off->at[i], sj_process_words[p]) == 0) {
                d->world->off[p] = known = true;
            }
        }
        if (!known) {
            sji_wrong(d, SJ_E_REFERENCE, d->world->spec.run.item.pointer, "/off",
                      "no process is called \"%s\"", off->at[i]);
        }
    }
}

sj_status sji_derive_time(sji_derive *d)
{
    sj_world *w = d->world;
    const sj_spec_time *time = &w->spec.time;
    w->off = sji_make(w, SJ_PROCESSES, sizeof(bool));
    if (w->off == NULL) {
        return SJ_E_NOMEM;
    }
    if (strcmp(w->spec.format, "sojourn-scenario/1") != 0) {
        sji_wrong(d, SJ_E_FORMAT, "", "/format",
                  "the format is \"sojourn-scenario/1\", not \"%.80s\"", w->spec.format);
    }
    if (time->end <= time->start) {
        sji_wrong(d, SJ_E_MEANING, "/time", "/end", "the run ends before it starts");
    } else if (time->end - time->start > MAX_DAYS) {
        sji_wrong(d, SJ_E_LIMIT, "/time", "/end", "a run has at most %d days", MAX_DAYS);
    }
    w->start = time->start;
    w->n_days = time->end - time->start;
    w->by_person = w->spec.run.resolution == 1;
    derive_off(d);
    return SJ_OK;
}

static bool has_kind(const sj_spec_place *place, sj_place_kind kind)
{
    return place->kind == (int)kind;
}

static void check_place(sji_derive *d, const sj_spec_place *p)
{
    const sj_spec *spec = &d->world->spec;
    bool part = has_kind(p, SJ_PLACE_CITY) || has_kind(p, SJ_PLACE_NODE);
    if (part && p->parent == SJ_NO_REF) {
        sji_wrong(d, SJ_E_MEANING, p->item.pointer, "", "a city or node needs a parent");
    } else if (part && !has_kind(&spec->places.at[p->parent], SJ_PLACE_COUNTRY)) {
        sji_wrong(d, SJ_E_MEANING, p->item.pointer, "/parent", "the parent must be a country");
    } else if (!part && p->parent != SJ_NO_REF) {
        sji_wrong(d, SJ_E_MEANING, p->item.pointer, "/parent", "only a city or node has a parent");
    }
    bool settled = has_kind(p, SJ_PLACE_COUNTRY) || has_kind(p, SJ_PLACE_CITY);
    if (settled && p->population == SJ_NO_VALUE) {
        sji_wrong(d, SJ_E_MISSING_KEY, p->item.pointer, "",
                  "required key \"population\" is missing");
    }
    if (!part && p->income_usd_per_year == SJ_NO_VALUE) {
        sji_wrong(d, SJ_E_MISSING_KEY, p->item.pointer, "",
                  "required key \"income_usd_per_year\" is missing");
    }
    sji_check_sum(d, &p->default_status_shares, p->item.pointer, "/default_status_shares", false);
}

static bool has_cities(const sj_spec *spec, int country_place)
{
    for (size_t i = 0; i < spec->places.n; i++) {
        if (spec->places.at[i].parent == country_place &&
            has_kind(&spec->places.at[i], SJ_PLACE_CITY)) {
            return true;
        }
    }
    return false;
}

/* The leaf of a place: itself, or the rest of a country that has cities. */
static void add_leaf(sj_world *w, int place, bool is_rest)
{
    const sj_spec_place *p = &w->spec.places.at[place];
    sj_leaf *leaf = &w->leaves[w->n_leaves];
    leaf->id = is_rest ? sj_arena_printf(w->arena, "%s-rest", p->item.id) : p->item.id;
    leaf->name = is_rest
                     ? sj_arena_printf(w->arena, "%s, elsewhere", sji_name_of(p->name, p->item.id))
                     : sji_name_of(p->name, p->item.id);
    leaf->place = place;
    leaf->country = w->country_of_place[place];
    leaf->is_node = has_kind(p, SJ_PLACE_NODE);
    leaf->population = sji_base(w, p->population, 0);
    leaf->settle_weight = sji_base(w, p->settle_weight, 1);
    w->leaf_of_place[place] = w->n_leaves++;
}

/* The rest of a country holds what its cities do not. */
static void settle_rest(sji_derive *d, int place)
{
    sj_world *w = d->world;
    sj_leaf *rest = &w->leaves[w->leaf_of_place[place]];
    for (size_t i = 0; i < w->spec.places.n; i++) {
        const sj_spec_place *city = &w->spec.places.at[i];
        if (city->parent == place && has_kind(city, SJ_PLACE_CITY)) {
            rest->population -= sji_base(w, city->population, 0);
        }
    }
    if (rest->population < 0) {
        sji_wrong(d, SJ_E_MEANING, w->spec.places.at[place].item.pointer, "/population",
                  "its cities hold more people than the country");
        rest->population = 0;
    }
}

/* Countries are the places without a parent, in the order of the file; cities and nodes point
 * at theirs. */
static sj_status derive_countries(sj_world *w)
{
    size_t n = w->spec.places.n;
    w->countries = sji_make(w, n, sizeof *w->countries);
    w->leaf_of_place = sji_make(w, n, sizeof(int));
    w->country_of_place = sji_make(w, n, sizeof(int));
    w->leaves = sji_make(w, n, sizeof *w->leaves);
    if (w->countries == NULL || w->leaf_of_place == NULL || w->country_of_place == NULL ||
        w->leaves == NULL) {
        return SJ_E_NOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        const sj_spec_place *p = &w->spec.places.at[i];
        if (p->parent != SJ_NO_REF) {
            continue;
        }
        sj_country *c = &w->countries[w->n_countries];
        c->id = p->item.id;
        c->name = sji_name_of(p->name, p->item.id);
        c->place = (int)i;
        c->is_outside = has_kind(p, SJ_PLACE_OUTSIDE);
        c->population = sji_base(w, p->population, 0);
        w->country_of_place[i] = w->n_countries++;
    }
    for (size_t i = 0; i < n; i++) {
        int parent = w->spec.places.at[i].parent;
        if (parent != SJ_NO_REF) {
            w->country_of_place[i] = w->country_of_place[parent];
        }
    }
    return SJ_OK;
}

/* By population x weight; equal shares where nobody lives. */
static sj_status derive_settling(sj_world *w, sj_country *c)
{
    int country = (int)(c - w->countries);
    c->settled = sji_make(w, (size_t)w->n_leaves, sizeof(int));
    c->settle_share = sji_make(w, (size_t)w->n_leaves, sizeof(double));
    if (c->settled == NULL || c->settle_share == NULL) {
        return SJ_E_NOMEM;
    }
    double sum = 0;
    for (int i = 0; i < w->n_leaves; i++) {
        if (w->leaves[i].country == country && !w->leaves[i].is_node) {
            double weight = w->leaves[i].population * w->leaves[i].settle_weight;
            c->settle_share[c->n_settled] = weight;
            c->settled[c->n_settled++] = i;
            sum += weight;
        }
    }
    for (int i = 0; i < c->n_settled; i++) {
        c->settle_share[i] = sum > 0 ? c->settle_share[i] / sum : 1.0 / c->n_settled;
    }
    return SJ_OK;
}

sj_status sji_derive_places(sji_derive *d)
{
    sj_world *w = d->world;
    int n = (int)w->spec.places.n;
    for (int i = 0; i < n; i++) {
        check_place(d, &w->spec.places.at[i]);
    }
    if (d->reader->problems->n_errors > 0) {
        return SJ_OK;
    }
    if (n > 10000) {
        sji_wrong(d, SJ_E_LIMIT, "/places", "", "a world has at most 10,000 places");
        return SJ_OK;
    }
    SJ_TRY(derive_countries(w));
    for (int i = 0; i < n; i++) {
        bool rest = w->spec.places.at[i].parent == SJ_NO_REF && has_cities(&w->spec, i);
        add_leaf(w, i, rest);
    }
    for (int i = 0; i < n; i++) {
        if (has_cities(&w->spec, i)) {
            settle_rest(d, i);
        }
    }
    for (int c = 0; c < w->n_countries; c++) {
        SJ_TRY(derive_settling(w, &w->countries[c]));
    }
    return SJ_OK;
}

static void derive_groups(const sj_world *w, const sj_numbers *shares, double out[SJ_GROUPS])
{
    static const double usual[SJ_GROUPS] = {0.08, 0.22, 0.58, 0.12};
    for (int g = 0; g < SJ_GROUPS; g++) {
        out[g] = shares->n > 0 ? 0.0 : usual[g];
    }
    for (size_t i = 0; i < shares->n; i++) {
        out[shares->at[i].ref] = sji_base(w, shares->at[i].value, 0);
    }
}

static void check_leaf_shares(sji_derive *d, const sj_spec_stock *stock, int country)
{
    const sj_world *w = d->world;
    for (size_t i = 0; i < stock->leaf_shares.n; i++) {
        int leaf = sj_world_leaf(w, stock->leaf_shares.at[i].id);
        if (leaf < 0 || w->leaves[leaf].country != country || w->leaves[leaf].is_node) {
            sji_wrong(d, SJ_E_REFERENCE, stock->item.pointer, "/leaf_shares",
                      "\"%s\" is no leaf of the country where people settle",
                      stock->leaf_shares.at[i].id);
        }
    }
}

static void check_stock(sji_derive *d, const sj_spec_stock *stock, int nation, double foreign[])
{
    const sj_world *w = d->world;
    const sj_spec_place *place = &w->spec.places.at[stock->item.ref];
    int country = w->country_of_place[stock->item.ref];
    if (place->parent != SJ_NO_REF) {
        sji_wrong(d, SJ_E_MEANING, stock->item.pointer, "", "stocks are given by country");
        return;
    }
    if (w->nations[nation].home == country) {
        sji_wrong(d, SJ_E_MEANING, stock->item.pointer, "",
                  "nationals at home follow from the population of the place");
    }
    foreign[country] += sji_base(w, stock->count, 0);
    if (sji_base(w, stock->settled_last_year, 0) > sji_base(w, stock->count, 0)) {
        sji_wrong(d, SJ_E_MEANING, stock->item.pointer, "/settled_last_year",
                  "more people settled last year than there are");
    }
    sji_check_sum(d, &stock->leaf_shares, stock->item.pointer, "/leaf_shares", false);
    sji_check_sum(d, &stock->status_shares, stock->item.pointer, "/status_shares", false);
    sji_check_sum(d, &stock->group_shares, stock->item.pointer, "/group_shares", false);
    check_leaf_shares(d, stock, country);
    if (!w->countries[country].is_outside && stock->status_shares.n == 0 &&
        place->default_status_shares.n == 0 && sji_base(w, stock->count, 0) > 0) {
        sji_wrong(d, SJ_E_MEANING, stock->item.pointer, "",
                  "neither status_shares here nor default_status_shares of the country");
    }
    for (size_t i = 0; i < stock->permit_expiry.n; i++) {
        if (stock->permit_expiry.at[i].to < stock->permit_expiry.at[i].from) {
            sji_wrong(d, SJ_E_MEANING, stock->permit_expiry.at[i].item.pointer, "/to",
                      "ends before it begins");
        }
    }
}

static sj_status check_stocks(sji_derive *d)
{
    sj_world *w = d->world;
    double *foreign = sji_make(w, (size_t)w->n_countries, sizeof(double));
    if (foreign == NULL) {
        return SJ_E_NOMEM;
    }
    for (size_t i = 0; i < w->spec.stocks.n; i++) {
        const sj_spec_stocks *of = &w->spec.stocks.at[i];
        for (size_t k = 0; k < of->in.n; k++) {
            check_stock(d, &of->in.at[k], of->item.ref, foreign);
        }
    }
    for (int c = 0; c < w->n_countries; c++) {
        if (!w->countries[c].is_outside && foreign[c] > w->countries[c].population) {
            sji_wrong(d, SJ_E_MEANING, w->spec.places.at[w->countries[c].place].item.pointer,
                      "/population", "%.0f foreigners are more than its population", foreign[c]);
        }
    }
    return SJ_OK;
}

/* Every country has one people of its own: whoever lives there is somebody. */
static void check_homes(sji_derive *d)
{
    const sj_world *w = d->world;
    for (int c = 0; c < w->n_countries; c++) {
        int peoples = 0, last = 0;
        for (int n = 0; n < w->n_nations; n++) {
            if (w->nations[n].home == c) {
                peoples++;
                last = n;
            }
        }
        if (peoples != 1 && !w->countries[c].is_outside) {
            bool none = peoples == 0;
            sji_wrong(d, SJ_E_MEANING,
                      none ? w->spec.places.at[w->countries[c].place].item.pointer
                           : w->spec.nationalities.at[last].item.pointer,
                      none ? "" : "/home",
                      "%d nationalities have their home in %s: a country has one (departs: false "
                      "if nobody leaves)",
                      peoples, w->countries[c].id);
        }
    }
}

sj_status sji_derive_peoples(sji_derive *d)
{
    sj_world *w = d->world;
    w->n_nations = (int)w->spec.nationalities.n;
    w->nations = sji_make(w, (size_t)w->n_nations, sizeof *w->nations);
    w->n_statuses = SJ_FIRST_STATUS + (int)w->spec.statuses.n;
    w->statuses = sji_make(w, (size_t)w->n_statuses, sizeof *w->statuses);
    if (w->nations == NULL || w->statuses == NULL) {
        return SJ_E_NOMEM;
    }
    static const sj_status_of built_in[SJ_FIRST_STATUS] = {
        {"citizen", "citizen", SJ_STANDING_CITIZEN, NULL},
        {"applicant", "applicant at home", SJ_STANDING_CITIZEN, NULL},
        {"returnee", "returnee", SJ_STANDING_CITIZEN, NULL},
        {"naturalised", "naturalised", SJ_STANDING_CITIZEN, NULL},
        {"transit", "in transit", SJ_STANDING_NONE, NULL},
        {"stranded", "stranded", SJ_STANDING_NONE, NULL},
        {"detained", "detained", SJ_STANDING_NONE, NULL}};
    memcpy(w->statuses, built_in, sizeof built_in);
    for (size_t i = 0; i < w->spec.statuses.n; i++) {
        const sj_spec_status *s = &w->spec.statuses.at[i];
        for (int b = 0; b < SJ_FIRST_STATUS; b++) {
            if (strcmp(s->item.id, built_in[b].id) == 0) {
                sji_wrong(d, SJ_E_ID, s->item.pointer, "", "\"%s\" is built in", s->item.id);
            }
        }
        w->statuses[SJ_FIRST_STATUS + (int)i] =
            (sj_status_of){s->item.id, sji_name_of(s->name, s->item.id), s->standing, s};
    }
    if (w->n_statuses > 255 || w->n_nations > 255) {
        sji_wrong(d, SJ_E_LIMIT, "", "", "a world has at most 248 statuses and 255 nationalities");
    }
    for (int i = 0; i < w->n_nations; i++) {
        const sj_spec_nationality *spec = &w->spec.nationalities.at[i];
        sj_nation *nation = &w->nations[i];
        *nation = (sj_nation){.id = spec->item.id,
                              .name = sji_name_of(spec->name, spec->item.id),
                              .spec = spec,
                              .home = w->country_of_place[spec->home],
                              .departs = sji_base(w, spec->departs, 1) > 0};
        derive_groups(w, &spec->group_shares, nation->group_share);
        sji_check_sum(d, &spec->group_shares, spec->item.pointer, "/group_shares", false);
        if (w->spec.places.at[spec->home].parent != SJ_NO_REF) {
            sji_wrong(d, SJ_E_MEANING, spec->item.pointer, "/home", "the home must be a country");
        }
    }
    check_homes(d);
    return check_stocks(d);
}
