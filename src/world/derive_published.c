/* Published counts: whose count of whom, and what revises it. The day of the revision is a value
 * like any other, drawn by its pointer, so that all scenarios of a comparison share it. A key of
 * the other rule would do nothing and is refused. */
#include "world/derive.h"

#include <math.h>
#include <string.h>

static void check_whose(sji_derive *d, const sj_spec_published *p)
{
    const sj_world *w = d->world;
    if (w->spec.places.at[p->place].kind != SJ_PLACE_COUNTRY) {
        sji_wrong(d, SJ_E_MEANING, p->item.pointer, "/place", "only a country publishes a count");
    } else if (w->nations[p->nationality].home == w->country_of_place[p->place]) {
        sji_wrong(d, SJ_E_MEANING, p->item.pointer, "/nationality",
                  "\"%s\" are no foreigners there: a published count is of foreigners",
                  w->nations[p->nationality].id);
    }
}

static bool is_said(const sji_derive *d, sj_val value)
{
    return value != SJ_NO_VALUE && sj_values_row(d->world->values, value)->mark != 'D';
}

/* Keys that would do nothing under the rule, or without a programme. */
static void check_keys(sji_derive *d, const sj_spec_published *p)
{
    bool verified = p->rule == SJ_REVISION_VERIFIED;
    struct {
        bool is_there, has_use;
        const char *key, *needs;
    } keys[] = {
        {is_said(d, p->multiplier), verified, "/multiplier", "rule verified"},
        {p->stage != NULL, verified, "/stage", "rule verified"},
        {is_said(d, p->share), !verified, "/share", "rule registrants"},
        {is_said(d, p->multiplier), p->programme != SJ_NO_REF, "/multiplier", "a programme"},
        {p->stage != NULL, p->programme != SJ_NO_REF, "/stage", "a programme"},
        {is_said(d, p->share), p->programme != SJ_NO_REF, "/share", "a programme"},
        {p->revised_from != SJ_NO_DAY, p->programme != SJ_NO_REF, "/revised_from", "a programme"},
        {p->revised_to != SJ_NO_DAY, p->programme != SJ_NO_REF, "/revised_to", "a programme"}};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (keys[i].is_there && !keys[i].has_use) {
            sji_wrong(d, SJ_E_MEANING, p->item.pointer, keys[i].key,
                      "without %s this would do nothing", keys[i].needs);
            return;
        }
    }
}

/* The last stage that nobody fails into: whoever passes it is granted. */
static int last_stage(const sj_world *w, const sj_programme_of *programme)
{
    int last = programme->first_stage;
    for (int i = programme->first_stage; i < programme->first_stage + programme->n_stages; i++) {
        last = w->stages[i].by_failure ? last : i;
    }
    return last;
}

static void derive_stage(sji_derive *d, sj_published_of *p)
{
    const sj_world *w = d->world;
    const sj_programme_of *programme = &w->programmes[p->programme];
    if (programme->country != p->country) {
        sji_wrong(d, SJ_E_MEANING, p->spec->item.pointer, "/programme",
                  "\"%s\" is not an institution of the country that counts",
                  programme->spec->item.id);
    }
    if (p->spec->rule != SJ_REVISION_VERIFIED) {
        return;
    }
    p->stage = last_stage(w, programme);
    if (p->spec->stage == NULL) {
        return;
    }
    p->stage = SJ_NO_REF;
    for (int i = programme->first_stage; i < programme->first_stage + programme->n_stages; i++) {
        p->stage = strcmp(w->stages[i].spec->item.id, p->spec->stage) == 0 ? i : p->stage;
    }
    if (p->stage == SJ_NO_REF) {
        sji_wrong(d, SJ_E_REFERENCE, p->spec->item.pointer, "/stage", "\"%s\" has no stage \"%s\"",
                  programme->spec->item.id, p->spec->stage);
    }
}

/* The ledger counts the cases of a programme, not whose they are. */
static void warn_of_others(sji_derive *d, const sj_published_of *p)
{
    const sj_spec_programme *programme = d->world->programmes[p->programme].spec;
    for (size_t i = 0; i < programme->windows.n; i++) {
        const sj_refs *who = &programme->windows.at[i].eligible.nationalities;
        if (who->n != 1 || who->at[0] != p->nation) {
            sj_reader_warning(d->reader, SJ_E_MEANING, p->spec->item.pointer, NULL,
                              "window \"%s\" of \"%s\" admits other nationalities too: all its "
                              "cases count here",
                              programme->windows.at[i].item.id, programme->item.id);
            return;
        }
    }
}

/* The day of the revision lies in [from, to]: the whole part of a uniform number, whose middle is
 * the middle day. */
static sj_status derive_day(sji_derive *d, sj_published_of *p)
{
    const sj_spec_published *spec = p->spec;
    sj_world *w = d->world;
    if (spec->revised_from == SJ_NO_DAY || spec->revised_to == SJ_NO_DAY) {
        sji_wrong(d, SJ_E_MISSING_KEY, spec->item.pointer, "",
                  "a revised count needs \"revised_from\" and \"revised_to\"");
        return SJ_OK;
    }
    if (spec->revised_to < spec->revised_from) {
        sji_wrong(d, SJ_E_MEANING, spec->item.pointer, "/revised_to",
                  "the last possible day comes before the first");
        return SJ_OK;
    }
    bool is_after = spec->revised_from > w->spec.time.end;
    if (spec->revised_to <= w->start || (is_after && !sj_world_is_cut(w, spec->item.pointer))) {
        sj_reader_warning(d->reader, SJ_E_DATE, spec->item.pointer, NULL,
                          "the revision lies outside the run");
    }
    double from = (double)spec->revised_from - w->start, to = (double)spec->revised_to - w->start;
    char *pointer = sj_arena_printf(w->arena, "%s/revised", spec->item.pointer);
    p->revised = pointer == NULL
                     ? SJ_NO_VALUE
                     : sj_values_add_uniform(w->values, pointer, from, from == to ? to : to + 1);
    return p->revised == SJ_NO_VALUE ? SJ_E_NOMEM : SJ_OK;
}

static sj_status derive_one(sji_derive *d, const sj_spec_published *spec)
{
    sj_world *w = d->world;
    sj_published_of *p = &w->published[w->n_published];
    *p = (sj_published_of){.spec = spec,
                           .country = w->country_of_place[spec->place],
                           .nation = spec->nationality,
                           .programme = spec->programme,
                           .stage = SJ_NO_REF,
                           .revised = SJ_NO_VALUE};
    int *at = &w->published_at[p->country * w->n_nations + p->nation];
    if (*at != SJ_NO_REF) {
        sji_wrong(d, SJ_E_MEANING, spec->item.pointer, "",
                  "\"%s\" is a count of the same people there: a host publishes one",
                  w->published[*at].spec->item.id);
    }
    *at = w->n_published++;
    check_whose(d, spec);
    check_keys(d, spec);
    if (p->programme == SJ_NO_REF) {
        return SJ_OK;
    }
    derive_stage(d, p);
    warn_of_others(d, p);
    return derive_day(d, p);
}

sj_status sji_derive_published(sji_derive *d)
{
    sj_world *w = d->world;
    size_t n = (size_t)w->n_countries * (size_t)w->n_nations;
    w->published = sji_make(w, w->spec.published.n, sizeof *w->published);
    w->published_at = sji_make(w, n, sizeof(int));
    if (w->published == NULL || w->published_at == NULL) {
        return SJ_E_NOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        w->published_at[i] = SJ_NO_REF;
    }
    for (size_t i = 0; i < w->spec.published.n; i++) {
        SJ_TRY(derive_one(d, &w->spec.published.at[i]));
    }
    return SJ_OK;
}
