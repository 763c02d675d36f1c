/* Channels, links in both directions, posts. An edge is a link in one direction; a link for
 * both ways gives two, and only the way forth passes the post. Behind the channels of the file
 * stands the way home, which nobody chooses by utility. */
#include "world/derive.h"

#include <string.h>

static sj_status derive_channel(sji_derive *d, const sj_spec_channel *spec, sj_channel_of *channel)
{
    sj_world *w = d->world;
    *channel = (sj_channel_of){.id = spec->item.id,
                               .name = sji_name_of(spec->name, spec->item.id),
                               .spec = spec,
                               .class = spec->class,
                               .entry_status = sji_status_code(spec->entry_status),
                               .lapses_to = sji_status_code(spec->lapses_to),
                               .applies = spec->applies,
                               .requires = spec->requires,
                               .leads_to = sji_make(w, (size_t)w->n_countries, sizeof(bool)),
                               .used_by = sji_make(w, (size_t)w->n_nations, sizeof(bool))};
    if (channel->leads_to == NULL || channel->used_by == NULL) {
        return SJ_E_NOMEM;
    }
    for (size_t i = 0; i < spec->to.n; i++) {
        if (w->spec.places.at[spec->to.at[i]].parent != SJ_NO_REF) {
            sji_wrong(d, SJ_E_MEANING, spec->item.pointer, "/to", "a channel leads to countries");
        }
        channel->leads_to[w->country_of_place[spec->to.at[i]]] = true;
    }
    for (int n = 0; n < w->n_nations; n++) {
        channel->used_by[n] = spec->nationalities.n == 0;
    }
    for (size_t i = 0; i < spec->nationalities.n; i++) {
        channel->used_by[spec->nationalities.at[i]] = true;
    }
    if (spec->stay_days != SJ_NO_VALUE && spec->lapses_to == SJ_NO_REF) {
        sji_wrong(d, SJ_E_MISSING_KEY, spec->item.pointer, "",
                  "a stay of stay_days needs \"lapses_to\"");
    }
    if (spec->stay_days == SJ_NO_VALUE && spec->lapses_to != SJ_NO_REF) {
        sji_wrong(d, SJ_E_MEANING, spec->item.pointer, "/lapses_to",
                  "without stay_days nothing lapses");
    }
    return SJ_OK;
}

static sj_status derive_channels(sji_derive *d)
{
    sj_world *w = d->world;
    w->n_channels = (int)w->spec.channels.n + 1;
    w->home_channel = w->n_channels - 1;
    w->channels = sji_make(w, (size_t)w->n_channels, sizeof *w->channels);
    if (w->channels == NULL) {
        return SJ_E_NOMEM;
    }
    for (int i = 0; i < w->home_channel; i++) {
        const sj_spec_channel *spec = &w->spec.channels.at[i];
        if (strcmp(spec->item.id, "home") == 0) {
            sji_wrong(d, SJ_E_ID, spec->item.pointer, "", "\"home\" is built in");
        }
        SJ_TRY(derive_channel(d, spec, &w->channels[i]));
    }
    sj_channel_of *home = &w->channels[w->home_channel];
    *home = (sj_channel_of){.id = "home",
                            .name = "the way home",
                            .class = SJ_CLASSES,
                            .entry_status = SJ_RETURNEE,
                            .lapses_to = SJ_NO_REF,
                            .applies = SJ_NO_REF,
                            .requires = SJ_NO_REF,
                            .leads_to = sji_make(w, (size_t)w->n_countries, sizeof(bool)),
                            .used_by = sji_make(w, (size_t)w->n_nations, sizeof(bool))};
    return home->leads_to == NULL || home->used_by == NULL ? SJ_E_NOMEM : SJ_OK;
}

static void add_edge(sj_world *w, int link, bool back)
{
    const sj_spec_link *spec = &w->spec.links.at[link];
    sj_edge *edge = &w->edges[w->n_edges++];
    int from = w->leaf_of_place[spec->from], to = w->leaf_of_place[spec->to];
    *edge = (sj_edge){.link = link,
                      .from = back ? to : from,
                      .to = back ? from : to,
                      .back = back,
                      .post = SJ_NO_REF};
    for (size_t i = 0; i < spec->classes.n; i++) {
        edge->class_allowed[spec->classes.at[i]] = true;
    }
}

static sj_status derive_edges(sji_derive *d)
{
    sj_world *w = d->world;
    w->edges = sji_make(w, 2 * w->spec.links.n, sizeof *w->edges);
    if (w->edges == NULL) {
        return SJ_E_NOMEM;
    }
    for (size_t i = 0; i < w->spec.links.n; i++) {
        const sj_spec_link *link = &w->spec.links.at[i];
        if (link->from == link->to) {
            sji_wrong(d, SJ_E_MEANING, link->item.pointer, "/to", "a link ends where it begins");
        }
        if (link->classes.n == 0) {
            sji_wrong(d, SJ_E_MEANING, link->item.pointer, "/classes", "a link serves some class");
        }
        add_edge(w, (int)i, false);
        if (sji_base(w, link->both_ways, 0) > 0) {
            add_edge(w, (int)i, true);
        }
    }
    return SJ_OK;
}

static bool may_use(const sj_world *w, int channel, const sj_edge *edge)
{
    const sj_refs *only = &w->spec.links.at[edge->link].channels;
    bool named = only->n == 0;
    for (size_t i = 0; i < only->n; i++) {
        named = named || only->at[i] == channel;
    }
    return named && edge->class_allowed[w->channels[channel].class];
}

static bool same_way(const sj_world *w, int a, int b)
{
    for (int e = 0; e < w->n_edges; e++) {
        if (may_use(w, a, &w->edges[e]) != may_use(w, b, &w->edges[e])) {
            return false;
        }
    }
    return true;
}

/* A link that names channels must name such as its classes let in. */
static void check_channels_of_links(sji_derive *d)
{
    const sj_world *w = d->world;
    for (size_t i = 0; i < w->spec.links.n; i++) {
        const sj_spec_link *link = &w->spec.links.at[i];
        for (size_t k = 0; k < link->channels.n; k++) {
            int class = w->channels[link->channels.at[k]].class;
            bool has = false;
            for (size_t c = 0; c < link->classes.n; c++) {
                has = has || (int)link->classes.at[c] == class;
            }
            if (!has) {
                sji_wrong(d, SJ_E_MEANING, link->item.pointer, "/channels",
                          "a channel's class is not among the link's classes");
                return;
            }
        }
    }
}

/* Channels that may use the same links share their routes: they go the same way. */
static sj_status derive_ways(sji_derive *d)
{
    sj_world *w = d->world;
    for (int m = 0; m < w->home_channel; m++) {
        w->channels[m].way = w->n_ways;
        for (int k = 0; k < m && w->channels[m].way == w->n_ways; k++) {
            if (same_way(w, k, m)) {
                w->channels[m].way = w->channels[k].way;
            }
        }
        w->n_ways += w->channels[m].way == w->n_ways;
    }
    w->channels[w->home_channel].way = w->n_ways;
    for (int e = 0; e < w->n_edges; e++) {
        bool *on_way = w->edges[e].on_way = sji_make(w, (size_t)w->n_ways + 1, sizeof(bool));
        if (on_way == NULL) {
            return SJ_E_NOMEM;
        }
        for (int m = 0; m < w->home_channel; m++) {
            on_way[w->channels[m].way] = may_use(w, m, &w->edges[e]);
        }
    }
    check_channels_of_links(d);
    return SJ_OK;
}

static void derive_posts(sji_derive *d)
{
    sj_world *w = d->world;
    w->n_posts = (int)w->spec.posts.n;
    for (int p = 0; p < w->n_posts; p++) {
        const sj_spec_post *post = &w->spec.posts.at[p];
        bool slots = post->slots_per_day != SJ_NO_VALUE;
        bool officers = post->officers != SJ_NO_VALUE && post->cases_per_officer_day != SJ_NO_VALUE;
        if (slots == officers) {
            sji_wrong(d, SJ_E_MEANING, post->item.pointer, "",
                      "a post has either slots_per_day or officers and cases_per_officer_day");
        }
        for (int e = 0; e < w->n_edges; e++) {
            sj_edge *edge = &w->edges[e];
            if (edge->link != post->link || edge->back) {
                continue;
            }
            if (!edge->class_allowed[SJ_CLASS_REGULAR]) {
                sji_wrong(d, SJ_E_MEANING, post->item.pointer, "/link",
                          "no regular channel may use that link");
            }
            if (edge->post != SJ_NO_REF) {
                sji_wrong(d, SJ_E_MEANING, post->item.pointer, "/link",
                          "the link has a post already");
            }
            edge->post = p;
        }
    }
}

sj_status sji_derive_moves(sji_derive *d)
{
    SJ_TRY(derive_channels(d));
    SJ_TRY(derive_edges(d));
    SJ_TRY(derive_ways(d));
    derive_posts(d);
    double cells = (double)d->world->n_nations * d->world->n_channels;
    double most = d->world->n_leaves > d->world->n_edges ? d->world->n_leaves : d->world->n_edges;
    if (cells * most > 1e9 || cells * d->world->n_countries * 365 > 2e9) {
        sji_wrong(d, SJ_E_LIMIT, "/places", "", "places x nationalities x channels are too many");
    }
    if (d->world->n_edges > 4096) {
        sji_wrong(d, SJ_E_LIMIT, "/links", "", "a world has at most 4,096 directed links");
    }
    if (d->world->n_countries > 4000 || d->world->n_channels > 4000) {
        sji_wrong(d, SJ_E_LIMIT, "", "", "a world has at most 4,000 countries and channels");
    }
    return SJ_OK;
}
