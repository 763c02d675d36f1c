/* Programmes: stages in order, what failing leads to, outcomes, cut-off dates. A stage that
 * somebody fails into (an appeal) is skipped by those who pass. Cut-off dates of a country,
 * over all its programmes, number its vintages. A status lapses to one other status whoever
 * gave it, because a permit record holds an expiry and nothing else. */
#include "world/derive.h"

#include <stdlib.h>
#include <string.h>

static void check_capacity(sji_derive *d, const sj_spec_stage *s)
{
    int ways = (s->slots_per_day != SJ_NO_VALUE) + (s->officers != SJ_NO_VALUE) +
               (s->served_per_day != SJ_NO_VALUE);
    if (s->discipline == SJ_DISCIPLINE_PRIORITY) {
        sji_wrong(d, SJ_E_MEANING, s->item.pointer, "/discipline",
                  "no key gives people a class of priority yet: use fifo, lifo or random");
    }
    if (ways != 1) {
        sji_wrong(d, SJ_E_MEANING, s->item.pointer, "",
                  "a stage has exactly one of slots_per_day, officers and served_per_day");
    } else if (s->served_per_day != SJ_NO_VALUE && sji_base(d->world, s->handover_days, 0) > 0) {
        sji_wrong(d, SJ_E_MEANING, s->item.pointer, "/handover_days",
                  "a stage that serves by chance has no hand-over delay");
    } else if ((s->officers != SJ_NO_VALUE) != (s->cases_per_officer_day != SJ_NO_VALUE)) {
        sji_wrong(d, SJ_E_MISSING_KEY, s->item.pointer, "",
                  "officers and cases_per_officer_day go together");
    }
}

/* Stages of a programme as indices of its spec, by `order`. */
static void sort_stages(const sj_world *w, const sj_spec_programme *p, int order[])
{
    for (int i = 0; i < (int)p->stages.n; i++) {
        int at = i;
        double rank = sji_base(w, p->stages.at[i].order, 0);
        while (at > 0 && sji_base(w, p->stages.at[order[at - 1]].order, 0) > rank) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
}

static int stage_named(const sj_world *w, const sj_programme_of *p, const char *id)
{
    for (int i = 0; i < p->n_stages; i++) {
        if (strcmp(w->stages[p->first_stage + i].spec->item.id, id) == 0) {
            return p->first_stage + i;
        }
    }
    return SJ_NO_REF;
}

/* "none", a stage of the programme, or a status: in this order of reading. */
static void derive_fail(sji_derive *d, const sj_programme_of *p, int index)
{
    sj_world *w = d->world;
    sj_stage_of *stage = &w->stages[index];
    const char *fail = stage->spec->fail;
    stage->fail_stage = SJ_NO_REF;
    stage->fail_status = SJ_FAIL_NONE;
    if (fail == NULL || strcmp(fail, "none") == 0) {
        return;
    }
    stage->fail_stage = stage_named(w, p, fail);
    if (stage->fail_stage == index) {
        sji_wrong(d, SJ_E_MEANING, stage->spec->item.pointer, "/fail", "a stage fails into itself");
    }
    if (stage->fail_stage != SJ_NO_REF) {
        w->stages[stage->fail_stage].by_failure = true;
        return;
    }
    stage->fail_status = sj_world_status(w, fail);
    if (stage->fail_status == SJ_NO_REF) {
        sji_wrong(d, SJ_E_REFERENCE, stage->spec->item.pointer, "/fail",
                  "\"%s\" is neither a stage of the programme nor a status nor none", fail);
        stage->fail_status = SJ_FAIL_NONE;
    }
}

/* A pass leads to the next stage that is not reserved for those who failed elsewhere. */
static void derive_next(sj_world *w, const sj_programme_of *p)
{
    for (int i = p->first_stage; i < p->first_stage + p->n_stages; i++) {
        w->stages[i].next = SJ_NO_REF;
        for (int k = i + 1; k < p->first_stage + p->n_stages && !w->stages[i].by_failure; k++) {
            if (!w->stages[k].by_failure) {
                w->stages[i].next = k;
                break;
            }
        }
    }
}

static void check_windows(sji_derive *d, const sj_spec_programme *p)
{
    for (size_t i = 0; i < p->windows.n; i++) {
        const sj_spec_window *window = &p->windows.at[i];
        if (window->closes != SJ_NO_DAY && window->closes < window->opens) {
            sji_wrong(d, SJ_E_MEANING, window->item.pointer, "/closes",
                      "the window closes before it opens");
        }
        for (size_t k = 0; k < window->eligible.places.n; k++) {
            int place = window->eligible.places.at[k];
            if (d->world->country_of_place[place] != d->world->country_of_place[p->country] &&
                p->outcome.channel == SJ_NO_REF) {
                sji_wrong(d, SJ_E_MEANING, window->eligible.item.pointer, "/places",
                          "\"%s\" is not in the programme's country",
                          d->world->spec.places.at[place].item.id);
            }
        }
    }
    if (p->windows.n == 0 && p->take_up.rate_per_day != SJ_NO_VALUE) {
        sj_reader_warning(d->reader, SJ_E_MEANING, p->take_up.item.pointer, NULL,
                          "without a window that says who applies and when, nobody takes it up");
    }
    if (p->windows.n > 0 && p->take_up.rate_per_day == SJ_NO_VALUE) {
        sji_wrong(d, SJ_E_MISSING_KEY, p->item.pointer, "", "windows need a \"take_up\"");
    }
}

static void check_outcome(sji_derive *d, const sj_spec_programme *p)
{
    const sj_spec_outcome *o = &p->outcome;
    if ((o->status == SJ_NO_REF) == (o->channel == SJ_NO_REF)) {
        sji_wrong(d, SJ_E_MEANING, p->item.pointer, "/outcome",
                  "an outcome is either a status or a journey by a channel");
    }
    if ((o->permit_days == SJ_NO_VALUE) != (o->lapses_to == SJ_NO_REF)) {
        sji_wrong(d, SJ_E_MEANING, p->item.pointer, "/outcome",
                  "permit_days and lapses_to go together");
    }
    if (p->backlog.n > 0 && p->pending_status == SJ_NO_REF && p->outcome.channel == SJ_NO_REF) {
        sji_wrong(d, SJ_E_MEANING, p->item.pointer, "/backlog",
                  "a backlog is taken out of the stock with pending_status: name that status");
    }
    if (d->world->spec.places.at[p->country].parent != SJ_NO_REF) {
        sji_wrong(d, SJ_E_MEANING, p->item.pointer, "/country", "the country must be a country");
    }
}

static sj_status derive_programme(sji_derive *d, int index)
{
    sj_world *w = d->world;
    const sj_spec_programme *spec = &w->spec.programmes.at[index];
    sj_programme_of *p = &w->programmes[index];
    *p = (sj_programme_of){.spec = spec,
                           .country = w->country_of_place[spec->country],
                           .first_stage = w->n_stages,
                           .n_stages = (int)spec->stages.n,
                           .pending_status = sji_status_code(spec->pending_status),
                           .outcome_status = sji_status_code(spec->outcome.status),
                           .lapses_to = sji_status_code(spec->outcome.lapses_to)};
    int *order = sji_make(w, spec->stages.n, sizeof(int));
    if (order == NULL) {
        return SJ_E_NOMEM;
    }
    if (p->n_stages == 0) {
        sji_wrong(d, SJ_E_MEANING, spec->item.pointer, "/stages", "a programme has a stage");
    }
    sort_stages(w, spec, order);
    for (int i = 0; i < p->n_stages; i++) {
        const sj_spec_stage *stage = &spec->stages.at[order[i]];
        check_capacity(d, stage);
        w->stages[w->n_stages++] = (sj_stage_of){
            .programme = index,
            .post = SJ_NO_REF,
            .spec = stage,
            .label = sj_arena_printf(w->arena, "%s/%s", spec->item.id, stage->item.id)};
    }
    for (int i = 0; i < p->n_stages; i++) {
        derive_fail(d, p, p->first_stage + i);
        if (i > 0 && sji_base(w, spec->stages.at[order[i]].order, 0) ==
                         sji_base(w, spec->stages.at[order[i - 1]].order, 0)) {
            sji_wrong(d, SJ_E_MEANING, spec->stages.at[order[i]].item.pointer, "/order",
                      "two stages have the same order");
        }
    }
    derive_next(w, p);
    p->closed_status = sji_status_code(spec->closed_status);
    if (p->closed_status == SJ_NO_REF && p->n_stages > 0) {
        int last = p->first_stage + p->n_stages - 1;
        p->closed_status = w->stages[last].fail_status;
    }
    check_windows(d, spec);
    check_outcome(d, spec);
    return SJ_OK;
}

static int compare_days(const void *a, const void *b)
{
    sj_day x = *(const sj_day *)a, y = *(const sj_day *)b;
    return (x > y) - (x < y);
}

/* The cut-off dates (entered_before) of all programmes of a country, once each. */
static sj_status derive_cutoffs(sj_world *w, int country, size_t n_windows)
{
    sj_country *c = &w->countries[country];
    c->cutoffs = sji_make(w, n_windows, sizeof(sj_day));
    if (c->cutoffs == NULL) {
        return SJ_E_NOMEM;
    }
    int n = 0;
    for (int p = 0; p < w->n_programmes; p++) {
        for (size_t i = 0;
             w->programmes[p].country == country && i < w->programmes[p].spec->windows.n; i++) {
            sj_day cutoff = w->programmes[p].spec->windows.at[i].eligible.entered_before;
            if (cutoff != SJ_NO_DAY) {
                c->cutoffs[n++] = cutoff;
            }
        }
    }
    qsort(c->cutoffs, (size_t)n, sizeof(sj_day), compare_days);
    for (int i = 0; i < n; i++) {
        if (c->n_cutoffs == 0 || c->cutoffs[c->n_cutoffs - 1] != c->cutoffs[i]) {
            c->cutoffs[c->n_cutoffs++] = c->cutoffs[i];
        }
    }
    c->cutoff_of = sji_make(w, (size_t)(c->n_cutoffs * w->n_nations), sizeof(bool));
    return c->cutoff_of == NULL ? SJ_E_NOMEM : SJ_OK;
}

/* The nations that the windows with a cut-off are open to. */
static void mark_cutoff(sj_world *w, int country, const sj_spec_eligible *e)
{
    sj_country *c = &w->countries[country];
    for (int i = 0; i < c->n_cutoffs; i++) {
        for (int n = 0; c->cutoffs[i] == e->entered_before && n < w->n_nations; n++) {
            bool open = e->nationalities.n == 0;
            for (size_t k = 0; k < e->nationalities.n; k++) {
                open = open || e->nationalities.at[k] == n;
            }
            c->cutoff_of[i * w->n_nations + n] = c->cutoff_of[i * w->n_nations + n] || open;
        }
    }
}

static void mark_cutoffs(sj_world *w)
{
    for (int p = 0; p < w->n_programmes; p++) {
        for (size_t i = 0; i < w->programmes[p].spec->windows.n; i++) {
            mark_cutoff(w, w->programmes[p].country,
                        &w->programmes[p].spec->windows.at[i].eligible);
        }
    }
}

/* Notes what a status lapses to; two answers contradict each other. */
static void lapses(sji_derive *d, int status, int to, const char *pointer)
{
    int *lapse = d->world->lapse_of;
    if (status == SJ_NO_REF || to == SJ_NO_REF) {
        return;
    }
    if (lapse[status] != SJ_NO_REF && lapse[status] != to) {
        sji_wrong(d, SJ_E_MEANING, pointer, "/lapses_to",
                  "status \"%s\" lapses to \"%s\" elsewhere: one status has one successor",
                  d->world->statuses[status].id, d->world->statuses[lapse[status]].id);
    }
    lapse[status] = to;
}

static bool lapses_somewhere(const sj_world *w, int status)
{
    return w->lapse_of[SJ_FIRST_STATUS + status] != SJ_NO_REF;
}

/* What every status becomes at the end of its stay or permit. */
static sj_status derive_lapses(sji_derive *d)
{
    sj_world *w = d->world;
    w->lapse_of = sji_make(w, (size_t)w->n_statuses, sizeof(int));
    if (w->lapse_of == NULL) {
        return SJ_E_NOMEM;
    }
    for (int s = 0; s < w->n_statuses; s++) {
        w->lapse_of[s] = SJ_NO_REF;
    }
    for (int m = 0; m < w->home_channel; m++) {
        lapses(d, w->channels[m].entry_status, w->channels[m].lapses_to,
               w->channels[m].spec->item.pointer);
    }
    for (int p = 0; p < w->n_programmes; p++) {
        lapses(d, w->programmes[p].outcome_status, w->programmes[p].lapses_to,
               w->programmes[p].spec->outcome.item.pointer);
    }
    for (size_t i = 0; i < w->spec.stocks.n; i++) {
        for (size_t k = 0; k < w->spec.stocks.at[i].in.n; k++) {
            const sj_spec_stock *stock = &w->spec.stocks.at[i].in.at[k];
            for (size_t e = 0; e < stock->permit_expiry.n; e++) {
                if (!lapses_somewhere(w, stock->permit_expiry.at[e].item.ref)) {
                    sji_wrong(d, SJ_E_MEANING, stock->permit_expiry.at[e].item.pointer, "",
                              "no channel or programme says what the status lapses to");
                }
            }
        }
    }
    return SJ_OK;
}

/* A channel that requires a programme is granted by it. */
static void check_requirements(sji_derive *d)
{
    const sj_world *w = d->world;
    for (int m = 0; m < w->home_channel; m++) {
        int programme = w->channels[m].requires;
        if (programme != SJ_NO_REF && w->programmes[programme].spec->outcome.channel != m) {
            sji_wrong(d, SJ_E_MEANING, w->channels[m].spec->item.pointer, "/requires",
                      "the outcome of \"%s\" is no journey by this channel",
                      w->programmes[programme].spec->item.id);
        }
    }
}

sj_status sji_derive_programmes(sji_derive *d)
{
    sj_world *w = d->world;
    size_t n_stages = w->spec.posts.n, n_windows = 0;
    for (size_t i = 0; i < w->spec.programmes.n; i++) {
        n_stages += w->spec.programmes.at[i].stages.n;
        n_windows += w->spec.programmes.at[i].windows.n;
    }
    w->n_programmes = (int)w->spec.programmes.n;
    w->programmes = sji_make(w, w->spec.programmes.n, sizeof *w->programmes);
    w->stages = sji_make(w, n_stages, sizeof *w->stages);
    if (w->programmes == NULL || w->stages == NULL) {
        return SJ_E_NOMEM;
    }
    for (int i = 0; i < w->n_programmes; i++) {
        SJ_TRY(derive_programme(d, i));
    }
    for (int p = 0; p < w->n_posts; p++) {
        w->stages[w->n_stages++] = (sj_stage_of){.programme = SJ_NO_REF,
                                                 .post = p,
                                                 .next = SJ_NO_REF,
                                                 .fail_stage = SJ_NO_REF,
                                                 .fail_status = SJ_FAIL_NONE,
                                                 .label = w->spec.posts.at[p].item.id};
    }
    for (int c = 0; c < w->n_countries; c++) {
        SJ_TRY(derive_cutoffs(w, c, n_windows));
        if (w->countries[c].n_cutoffs > 255) {
            sji_wrong(d, SJ_E_LIMIT, "/programmes", "", "a country has at most 255 cut-off dates");
        }
    }
    mark_cutoffs(w);
    check_requirements(d);
    return derive_lapses(d);
}
