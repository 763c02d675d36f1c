/* Driver series, and the values that each op of a policy moves. A pointer with patterns is
 * resolved to the numbers it means once, at loading; whether a policy may move a number is a
 * flag of its key. What contradicts itself is an error, what is only odd (dates outside the
 * run, two sets of one value) a warning. */
#include "world/derive.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "io/csv.h"

static void fail_csv(const sj_csv *csv, size_t row, const char *text, sj_problems *problems)
{
    sj_err err;
    (void)sj_err_set(&err, SJ_E_CSV, "", "%s", text);
    (void)snprintf(err.source, sizeof err.source, "%s", csv->path);
    err.line = csv->line[row + 1];
    err.column = 1;
    sj_problems_add(problems, &err);
}

/* Levels by day of the run; a date's value holds until the next date. */
static sj_status spread_series(sji_derive *d, const sj_csv *csv, sj_level_of *level,
                               sj_problems *problems)
{
    sj_world *w = d->world;
    int date = sj_csv_column(csv, "date"), value = sj_csv_column(csv, "value");
    level->series = sji_make(w, (size_t)w->n_days + 1, sizeof(double));
    if (level->series == NULL) {
        return SJ_E_NOMEM;
    }
    if (date < 0 || value < 0 || csv->n_rows == 0) {
        sji_wrong(d, SJ_E_CSV, level->spec->item.pointer, "/series",
                  "the table needs the columns date and value, and a row");
        return SJ_OK;
    }
    double now = 0;
    int day = 0;
    sj_day last = SJ_NO_DAY;
    for (size_t row = 0; row < csv->n_rows; row++) {
        sj_day on;
        double next;
        if (!sj_day_parse(sj_csv_cell(csv, row, date), &on) || on <= last ||
            !sj_csv_number(csv, row, value, &next) || next < 0 || next > 1) {
            fail_csv(csv, row, "a row is a later date and a level of 0 to 1", problems);
            return SJ_OK;
        }
        for (; day <= w->n_days && w->start + day < on; day++) {
            level->series[day] = row == 0 ? next : now;
        }
        now = next;
        last = on;
    }
    for (; day <= w->n_days; day++) {
        level->series[day] = now;
    }
    return SJ_OK;
}

static sj_status load_series(sji_derive *d, sj_level_of *level, sj_problems *problems)
{
    char pointer[320];
    (void)snprintf(pointer, sizeof pointer, "%s/series", level->spec->item.pointer);
    const char *from = sj_tree_source(d->world->tree, pointer);
    char *path = sj_path_beside(from[0] != '\0' ? from : d->world->path, level->spec->series);
    if (path == NULL) {
        return SJ_E_NOMEM;
    }
    sj_csv csv = {0};
    size_t before = problems->n_errors;
    sj_status st = sj_csv_load(&csv, path, problems);
    if (st == SJ_OK && problems->n_errors == before) {
        st = spread_series(d, &csv, level, problems);
    } else if (st != SJ_E_NOMEM) {
        sji_wrong(d, SJ_E_REFERENCE, level->spec->item.pointer, "/series",
                  "the table \"%s\" cannot be used", level->spec->series);
        st = SJ_OK;
    }
    sj_csv_clear(&csv);
    free(path);
    return st;
}

sj_status sji_derive_drivers(sji_derive *d, sj_problems *problems)
{
    sj_world *w = d->world;
    w->n_drivers = (int)w->spec.drivers.n;
    if (w->n_drivers > SJ_DRIVERS_MAX) {
        sji_wrong(d, SJ_E_LIMIT, "/drivers", "", "a world has at most %d drivers", SJ_DRIVERS_MAX);
        return SJ_OK;
    }
    w->levels = sji_make(w, (size_t)(w->n_drivers * w->n_countries), sizeof *w->levels);
    if (w->levels == NULL) {
        return SJ_E_NOMEM;
    }
    for (int k = 0; k < w->n_drivers; k++) {
        const sj_spec_driver *driver = &w->spec.drivers.at[k];
        for (size_t i = 0; i < driver->levels.n; i++) {
            const sj_spec_level *spec = &driver->levels.at[i];
            int country = w->country_of_place[spec->item.ref];
            sj_level_of *level = &w->levels[k * w->n_countries + country];
            level->spec = spec;
            if ((spec->series == NULL) == (spec->start == SJ_NO_VALUE)) {
                sji_wrong(d, SJ_E_MEANING, spec->item.pointer, "",
                          "a level has either a start or a series");
            } else if (spec->series != NULL) {
                SJ_TRY(load_series(d, level, problems));
            }
        }
    }
    return SJ_OK;
}

/* What `where` asks of a pointer: the country, sector or class of the thing it belongs to. */
static bool matches_where(const sj_world *w, const sj_spec_where *where, const char *pointer)
{
    char head[64] = "", id[128] = "";
    if (sscanf(pointer, "/%63[^/]/%127[^/]", head, id) != 2) {
        return where->country == NULL && where->sector == NULL && where->class == NULL;
    }
    const char *country = NULL, *sector = NULL, *class = NULL;
    bool both = false;
    if (strcmp(head, "services") == 0) {
        for (int i = 0; i < w->n_services; i++) {
            const sj_spec_service *s = &w->spec.services.at[i];
            if (strcmp(s->item.id, id) == 0) {
                country = w->countries[w->country_of_place[s->place]].id;
                sector = sj_sector_words[s->sector];
            }
        }
    } else if (strcmp(head, "channels") == 0 || strcmp(head, "links") == 0) {
        for (int i = 0; i < w->home_channel; i++) {
            if (head[0] == 'c' && strcmp(w->channels[i].id, id) == 0) {
                class = w->channels[i].class == SJ_CLASS_REGULAR ? "regular" : "irregular";
            }
        }
        for (int e = 0; e < w->n_edges && head[0] == 'l'; e++) {
            const sj_edge *edge = &w->edges[e];
            if (!edge->back && strcmp(w->spec.links.at[edge->link].item.id, id) == 0) {
                class = edge->class_allowed[SJ_CLASS_REGULAR]     ? "regular"
                        : edge->class_allowed[SJ_CLASS_IRREGULAR] ? "irregular"
                                                                  : "home";
                both = edge->class_allowed[0] && edge->class_allowed[1];
                country = w->countries[w->leaves[edge->from].country].id;
            }
        }
    } else if (strcmp(head, "programmes") == 0) {
        for (int i = 0; i < w->n_programmes; i++) {
            if (strcmp(w->programmes[i].spec->item.id, id) == 0) {
                country = w->countries[w->programmes[i].country].id;
            }
        }
    } else if (strcmp(head, "places") == 0) {
        for (int i = 0; i < (int)w->spec.places.n; i++) {
            if (strcmp(w->spec.places.at[i].item.id, id) == 0) {
                country = w->countries[w->country_of_place[i]].id;
            }
        }
    }
    return (where->country == NULL || (country != NULL && strcmp(where->country, country) == 0)) &&
           (where->sector == NULL || (sector != NULL && strcmp(where->sector, sector) == 0)) &&
           (where->class == NULL || both || (class != NULL && strcmp(where->class, class) == 0));
}

static sj_status derive_targets(sji_derive *d, sj_op_of *op)
{
    sj_world *w = d->world;
    sj_refs found = {0};
    (void)sj_values_match(w->values, op->spec->at, &found, w->arena);
    op->values = sji_make(w, found.n, sizeof(sj_val));
    if (op->values == NULL) {
        return SJ_E_NOMEM;
    }
    for (size_t i = 0; i < found.n; i++) {
        const sj_value *value = sj_values_row(w->values, found.at[i]);
        if (!matches_where(w, &op->spec->where, value->pointer)) {
            continue;
        }
        if (value->key == NULL || (value->key->flags & SJ_KEY_DYNAMIC) == 0) {
            sji_wrong(d, SJ_E_NOT_DYNAMIC, op->spec->item.pointer, "/at",
                      "%s may not be moved by a policy", value->pointer);
            return SJ_OK;
        }
        op->values[op->n_values++] = found.at[i];
    }
    if (op->n_values == 0) {
        sji_wrong(d, SJ_E_POINTER, op->spec->item.pointer, "/at",
                  "\"%s\" matches no number of the scenario", op->spec->at);
    }
    return SJ_OK;
}

static bool has_trigger(const sj_spec_trigger *t)
{
    return t->metric != NULL;
}

static const char *const trigger_metrics[] = {"utilisation", "queue_length", "stock", "arrivals",
                                              "xenophobia"};

static void check_trigger(sji_derive *d, const sj_spec_trigger *t)
{
    if (!has_trigger(t)) {
        return;
    }
    int conditions =
        (t->above != SJ_NO_VALUE) + (t->below != SJ_NO_VALUE) + (t->around != SJ_NO_VALUE);
    if (conditions != 1) {
        sji_wrong(d, SJ_E_MEANING, t->item.pointer, "",
                  "a trigger has one of above, below or around");
    }
    bool known = false;
    for (size_t i = 0; i < sizeof trigger_metrics / sizeof trigger_metrics[0]; i++) {
        known = known || strcmp(t->metric, trigger_metrics[i]) == 0;
    }
    if (!known) {
        sji_wrong(d, SJ_E_REFERENCE, t->item.pointer, "/metric", "no trigger looks at \"%s\"",
                  t->metric);
        return;
    }
    bool queue = strcmp(t->metric, "queue_length") == 0;
    const sj_world *w = d->world;
    if (!queue && (t->place == NULL || (sj_world_country(w, t->place) == SJ_NO_REF &&
                                        sj_world_leaf(w, t->place) == SJ_NO_REF))) {
        sji_wrong(d, SJ_E_REFERENCE, t->item.pointer, t->place == NULL ? "" : "/place",
                  "the trigger needs a place that exists");
    }
    if (queue && (t->of == NULL || sj_world_stage(w, t->of) == SJ_NO_REF)) {
        sji_wrong(d, SJ_E_REFERENCE, t->item.pointer, t->of == NULL ? "" : "/item",
                  "the trigger needs an item programme/stage");
    }
}

static void check_dates(sji_derive *d, const sj_spec_op *op)
{
    const sj_spec_time *time = &d->world->spec.time;
    if (op->from != SJ_NO_DAY && op->to != SJ_NO_DAY && op->to <= op->from) {
        sji_wrong(d, SJ_E_MEANING, op->item.pointer, "/to", "ends before it begins");
    }
    bool is_after = op->from != SJ_NO_DAY && op->from > time->end;
    if ((is_after && !sj_world_is_cut(d->world, op->item.pointer)) ||
        (op->to != SJ_NO_DAY && op->to < time->start)) {
        sj_reader_warning(d->reader, SJ_E_DATE, op->item.pointer, NULL,
                          "the op is in force outside the run only");
    }
}

static sj_status derive_op(sji_derive *d, const sj_spec_op *spec, int policy)
{
    sj_world *w = d->world;
    sj_op_of *op = &w->ops[w->n_ops++];
    op->spec = spec;
    op->policy = policy;
    int ways =
        (spec->set != SJ_NO_VALUE) + (spec->scale != SJ_NO_VALUE) + (spec->add != SJ_NO_VALUE);
    if (ways != 1) {
        sji_wrong(d, SJ_E_MEANING, spec->item.pointer, "",
                  "an op has exactly one of set, scale, add");
    }
    if (has_trigger(&spec->when) && spec->from != SJ_NO_DAY) {
        sji_wrong(d, SJ_E_MEANING, spec->item.pointer, "/from", "an op has either from or when");
    }
    check_dates(d, spec);
    check_trigger(d, &spec->when);
    check_trigger(d, &spec->release);
    return derive_targets(d, op);
}

/* A marked event concerns the destinations and channels that its ops name. */
static void warn_of_silence(sji_derive *d)
{
    const sj_world *w = d->world;
    for (size_t i = 0; i < w->spec.policies.n; i++) {
        const sj_spec_policy *policy = &w->spec.policies.at[i];
        bool heard = sji_base(w, policy->marked, 0) <= 0;
        for (int k = 0; k < w->n_ops && !heard; k++) {
            const sj_op_of *op = &w->ops[k];
            for (int j = 0; op->policy == (int)i && j < op->n_values && !heard; j++) {
                const char *pointer = sj_values_row(w->values, op->values[j])->pointer;
                heard = strncmp(pointer, "/channels/", 10) == 0 ||
                        strncmp(pointer, "/places/", 8) == 0 ||
                        strncmp(pointer, "/programmes/", 12) == 0;
            }
        }
        if (!heard) {
            sj_reader_warning(d->reader, SJ_E_MEANING, policy->item.pointer, NULL,
                              "a marked event that names no channel, programme or place concerns "
                              "nobody: beliefs and travellers do not hear of it");
        }
    }
}

/* Two sets of one value at one time: the later wins, and that deserves a word. */
static void warn_of_overlap(sji_derive *d, const sj_op_of *a, const sj_op_of *b)
{
    const sj_spec_op *x = a->spec, *y = b->spec;
    bool apart = (x->to != SJ_NO_DAY && y->from != SJ_NO_DAY && x->to <= y->from) ||
                 (y->to != SJ_NO_DAY && x->from != SJ_NO_DAY && y->to <= x->from);
    if (x->set == SJ_NO_VALUE || y->set == SJ_NO_VALUE || apart || has_trigger(&x->when) ||
        has_trigger(&y->when)) {
        return;
    }
    for (int i = 0; i < a->n_values; i++) {
        for (int k = 0; k < b->n_values; k++) {
            if (a->values[i] == b->values[k]) {
                sj_reader_warning(d->reader, SJ_E_MEANING, y->item.pointer,
                                  "policies act in the order of the file, those of --with last; "
                                  "\"scale\" would act on all of its values",
                                  "sets %s at a time when %s sets it too: this one acts later and "
                                  "wins",
                                  sj_values_row(d->world->values, a->values[i])->pointer,
                                  x->item.pointer);
                return;
            }
        }
    }
}

/* A published figure names a place and a people of this world. */
static void check_observations(sji_derive *d)
{
    const sj_world *w = d->world;
    for (size_t i = 0; i < w->spec.observations.n; i++) {
        const sj_spec_observation *o = &w->spec.observations.at[i];
        bool everywhere = o->place == NULL || strcmp(o->place, "ALL") == 0;
        if (!everywhere && sj_world_country(w, o->place) == SJ_NO_REF &&
            sj_world_leaf(w, o->place) == SJ_NO_REF) {
            sji_wrong(d, SJ_E_REFERENCE, o->item.pointer, "/place", "no place is called \"%s\"",
                      o->place);
        }
        bool everybody = o->nationality == NULL || strcmp(o->nationality, "ALL") == 0;
        if (!everybody && sj_world_nation(w, o->nationality) == SJ_NO_REF) {
            sji_wrong(d, SJ_E_REFERENCE, o->item.pointer, "/nationality",
                      "no nationality is called \"%s\"", o->nationality);
        }
    }
}

static bool is_moved(const sj_world *w, sj_val value)
{
    for (int i = 0; i < w->n_ops; i++) {
        for (int k = 0; k < w->ops[i].n_values; k++) {
            if (w->ops[i].values[k] == value) {
                return true;
            }
        }
    }
    return false;
}

/* A value that is 0 in every replication and that no policy moves. */
static bool is_always_zero(const sj_world *w, sj_val value)
{
    const sj_value *row = sj_values_row(w->values, value);
    return row->base == 0 && row->law == SJ_LAW_FIXED && !is_moved(w, value);
}

/* Only where people may die or be caught does it matter how long a leg has taken them. */
static void find_risks(sj_world *w)
{
    for (int e = 0; e < w->n_edges; e++) {
        const sj_spec_link *link = &w->spec.links.at[w->edges[e].link];
        w->edges[e].has_risks =
            !is_always_zero(w, link->death_per_journey) || !is_always_zero(w, link->caught);
    }
}

/* Does the age of an open case give people of this status a right? */
static bool waits_for_a_right(const sj_world *w, int status)
{
    const sj_spec_status *spec = status == SJ_NO_REF ? NULL : w->statuses[status].spec;
    return spec != NULL && !is_always_zero(w, spec->work_after_days);
}

static bool window_asks_since(const sj_world *w, const sj_spec_eligible *e)
{
    for (size_t i = 0; i < e->statuses.n; i++) {
        if (waits_for_a_right(w, SJ_FIRST_STATUS + e->statuses.at[i])) {
            return true;
        }
    }
    for (int i = SJ_FIRST_STATUS; e->statuses.n == 0 && i < w->n_statuses; i++) {
        if (waits_for_a_right(w, i)) {
            return true;
        }
    }
    return e->permit_expires_within_days != SJ_NO_VALUE;
}

/* The day of application is kept where a right, the limbo of waiting or a renewal asks for it. */
static bool asks_since(const sj_world *w, int programme)
{
    const sj_programme_of *p = &w->programmes[programme];
    bool asks = waits_for_a_right(w, p->pending_status);
    for (int c = 0; c < w->n_chains; c++) {
        asks = asks || !is_always_zero(w, w->chains[c].spec->limbo);
    }
    for (int m = 0; m < w->home_channel; m++) {
        asks = asks || (w->channels[m].applies == programme &&
                        waits_for_a_right(w, w->channels[m].entry_status));
    }
    for (size_t i = 0; i < p->spec->windows.n && !asks; i++) {
        asks = window_asks_since(w, &p->spec->windows.at[i].eligible);
    }
    const sj_spec_eligible everybody = {.permit_expires_within_days = SJ_NO_VALUE};
    return asks || (p->spec->windows.n == 0 && p->pending_status == SJ_NO_REF &&
                    window_asks_since(w, &everybody));
}

/* Ops act in the order in which the policies stand in the composed file, --with last (semantics
 * A11); the spec holds them sorted by id. */
static sj_status derive_ops(sji_derive *d)
{
    const sj_world *w = d->world;
    const cJSON *policies = sj_tree_at(d->reader->tree, "/policies");
    for (const cJSON *entry = policies == NULL ? NULL : policies->child; entry != NULL;
         entry = entry->next) {
        for (size_t i = 0; i < w->spec.policies.n; i++) {
            const sj_spec_policy *policy = &w->spec.policies.at[i];
            for (size_t k = 0; strcmp(policy->item.id, entry->string) == 0 && k < policy->ops.n;
                 k++) {
                SJ_TRY(derive_op(d, &policy->ops.at[k], (int)i));
            }
        }
    }
    return SJ_OK;
}

sj_status sji_derive_policies(sji_derive *d)
{
    check_observations(d);
    sj_world *w = d->world;
    size_t n = 0;
    for (size_t i = 0; i < w->spec.policies.n; i++) {
        n += w->spec.policies.at[i].ops.n;
    }
    w->ops = sji_make(w, n, sizeof *w->ops);
    if (w->ops == NULL) {
        return SJ_E_NOMEM;
    }
    SJ_TRY(derive_ops(d));
    find_risks(w);
    for (int p = 0; p < w->n_programmes; p++) {
        w->programmes[p].keeps_since = asks_since(w, p);
    }
    warn_of_silence(d);
    sji_warn_of_overruled(d);
    for (int i = 0; i < w->n_ops; i++) {
        for (int k = 0; k < i; k++) {
            warn_of_overlap(d, &w->ops[k], &w->ops[i]);
        }
    }
    return SJ_OK;
}
