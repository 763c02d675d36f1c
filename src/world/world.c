/* From a tree to an immutable world: read by the key tables, derive what processes need
 * (indices instead of ids, leaves, edges, stages in order), and collect every problem on the
 * way. A derivation that depends on others begins only where those are sound, so that one
 * mistake is told once. */
#include "world/world.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "world/compose.h"
#include "world/derive.h"

void *sji_make(sj_world *world, size_t n, size_t size)
{
    return sj_arena_calloc(world->arena, n == 0 ? 1 : n, size);
}

double sji_base(const sj_world *world, sj_val value, double absent)
{
    return value == SJ_NO_VALUE ? absent : sj_values_row(world->values, value)->base;
}

const char *sji_name_of(const char *name, const char *id)
{
    return name != NULL ? name : id;
}

int sji_status_code(int ref)
{
    return ref == SJ_NO_REF ? SJ_NO_REF : SJ_FIRST_STATUS + ref;
}

void sji_wrong(sji_derive *d, sj_status status, const char *pointer, const char *key,
               const char *fmt, ...)
{
    char text[400], at[320];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    (void)snprintf(at, sizeof at, "%s%s", pointer, key);
    sj_reader_problem(d->reader, status, at, NULL, "%s", text);
}

void sji_check_sum(sji_derive *d, const sj_numbers *shares, const char *pointer, const char *key,
                   bool at_most)
{
    double sum = 0;
    for (size_t i = 0; i < shares->n; i++) {
        sum += sji_base(d->world, shares->at[i].value, 0);
    }
    if (shares->n > 0 && (sum > 1 + 1e-6 || (!at_most && sum < 1 - 1e-6))) {
        sji_wrong(d, SJ_E_SHARES, pointer, key, "the shares add up to %g, not %s1", sum,
                  at_most ? "at most " : "");
    }
}

static bool good_so_far(const sji_derive *d)
{
    return d->reader->problems->n_errors == 0;
}

static sj_status derive(sji_derive *d)
{
    typedef sj_status (*step)(sji_derive *);
    static const step steps[] = {sji_derive_time,     sji_derive_places,     sji_derive_peoples,
                                 sji_derive_moves,    sji_derive_programmes, sji_derive_chains,
                                 sji_derive_services, sji_derive_published};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (i == 2 && !good_so_far(d)) {
            return SJ_OK; /* without places nothing else can be said */
        }
        SJ_TRY(steps[i](d));
    }
    SJ_TRY(sji_derive_drivers(d, d->reader->problems));
    return sji_derive_policies(d);
}

static sj_status read_world(sj_world *w, sj_problems *problems)
{
    sj_reader reader = {
        .tree = w->tree, .arena = w->arena, .values = w->values, .problems = problems};
    sj_status st = sj_keys_read(&reader, &sj_scenario_keys, &w->spec);
    if (st == SJ_OK && problems->n_errors == 0) {
        sji_derive d = {w, &reader};
        st = derive(&d);
    }
    sj_reader_clear(&reader);
    return st;
}

/* The tree is taken over. */
static sj_status make_world(sj_world **out, sj_tree *tree, const char *path, sj_problems *problems)
{
    sj_world *w = sj_calloc(1, sizeof *w);
    if (w == NULL) {
        sj_tree_free(tree);
        return SJ_E_NOMEM;
    }
    w->tree = tree;
    w->arena = sj_arena_new();
    w->values = sj_values_new();
    w->path = sj_strdup(path);
    sj_status st = w->arena == NULL || w->values == NULL || w->path == NULL
                       ? SJ_E_NOMEM
                       : read_world(w, problems);
    if (st == SJ_OK) {
        st = sj_problems_status(problems);
    }
    if (st == SJ_OK) {
        *out = w;
    } else {
        sj_world_free(w);
    }
    return st;
}

/* A policy stands beside a scenario and is none. */
static bool is_policy(sj_tree *tree, sj_problems *problems)
{
    const cJSON *format = sj_tree_at(tree, "/format");
    if (!cJSON_IsString(format) || strcmp(format->valuestring, "sojourn-policy/1") != 0) {
        return false;
    }
    sj_err err;
    (void)SJ_FAIL(&err, SJ_E_FORMAT, "/format", "this is a policy file, not a scenario");
    (void)snprintf(err.hint, sizeof err.hint, "sojourn run SCENARIO --with FILE");
    sj_tree_place(tree, "/format", false, &err);
    sj_problems_add(problems, &err);
    return true;
}

static sj_status finish_load(sj_world **out, sj_tree *tree, const char *path,
                             const sj_load_options *options, sj_problems *problems)
{
    sj_status st = is_policy(tree, problems) ? SJ_OK : sji_compose(tree, path, options, problems);
    if (st == SJ_OK && problems->n_errors == 0) {
        return make_world(out, tree, path, problems);
    }
    sj_tree_free(tree);
    return st != SJ_OK ? st : sj_problems_status(problems);
}

/* A failure that left no problem behind is memory ending: say so. */
static sj_status said(sj_status st, sj_problems *problems)
{
    if (st != SJ_OK && problems->n_errors == 0) {
        sj_err err;
        (void)SJ_FAIL(&err, st, "", "%s", sj_error_row_of(st)->text);
        sj_problems_add(problems, &err);
    }
    return st;
}

sj_status sj_world_load(sj_world **out, const char *path, const sj_load_options *options,
                        sj_problems *problems)
{
    *out = NULL;
    sj_tree *tree = NULL;
    sj_status st = sj_tree_load(&tree, path, problems);
    if (st == SJ_OK && tree != NULL) {
        st = finish_load(out, tree, path, options, problems);
    }
    return said(st == SJ_OK ? sj_problems_status(problems) : st, problems);
}

sj_status sj_world_parse(sj_world **out, const char *source, const char *text, size_t length,
                         sj_problems *problems)
{
    *out = NULL;
    sj_tree *tree = NULL;
    sj_status st = sj_tree_parse(&tree, source, text, length, problems);
    if (st == SJ_OK && tree != NULL) {
        st = finish_load(out, tree, source, NULL, problems);
    }
    return said(st == SJ_OK ? sj_problems_status(problems) : st, problems);
}

void sj_world_free(sj_world *world)
{
    if (world == NULL) {
        return;
    }
    sj_tree_free(world->tree);
    sj_values_free(world->values);
    sj_arena_free(world->arena);
    free(world->path);
    free(world);
}

int sj_world_vintage(const sj_world *world, int country, int nation, sj_day day)
{
    const sj_country *c = &world->countries[country];
    int vintage = 0;
    for (int i = 0; i < c->n_cutoffs && c->cutoffs[i] <= day; i++) {
        vintage += c->cutoff_of[i * world->n_nations + nation];
    }
    return vintage;
}

static bool is_told(const sj_world *world, const char *pointer)
{
    return strcmp(sj_tree_source(world->tree, pointer), SJ_SOURCE_COMMAND_LINE) == 0;
}

bool sj_world_is_cut(const sj_world *world, const char *pointer)
{
    return is_told(world, "/time/end") && !is_told(world, pointer);
}

int sj_sector_named(const char *id)
{
    for (int i = 0; id != NULL && i < SJ_SECTORS; i++) {
        if (strcmp(sj_sector_words[i], id) == 0) {
            return i;
        }
    }
    return SJ_NO_REF;
}

int sj_world_country(const sj_world *world, const char *id)
{
    for (int i = 0; i < world->n_countries; i++) {
        if (strcmp(world->countries[i].id, id) == 0) {
            return i;
        }
    }
    return SJ_NO_REF;
}

int sj_world_leaf(const sj_world *world, const char *id)
{
    for (int i = 0; i < world->n_leaves; i++) {
        if (strcmp(world->leaves[i].id, id) == 0) {
            return i;
        }
    }
    return SJ_NO_REF;
}

int sj_world_status(const sj_world *world, const char *id)
{
    for (int i = 0; i < world->n_statuses; i++) {
        if (strcmp(world->statuses[i].id, id) == 0) {
            return i;
        }
    }
    return SJ_NO_REF;
}

int sj_world_nation(const sj_world *world, const char *id)
{
    for (int i = 0; i < world->n_nations; i++) {
        if (strcmp(world->nations[i].id, id) == 0) {
            return i;
        }
    }
    return SJ_NO_REF;
}

int sj_world_stage(const sj_world *world, const char *label)
{
    for (int i = 0; i < world->n_stages; i++) {
        if (strcmp(world->stages[i].label, label) == 0) {
            return i;
        }
    }
    return SJ_NO_REF;
}

/* Largest remainder; ties go to the earlier share (semantics A9). */
void sj_divide(int64_t n, const double share[], int k, int64_t out[])
{
    double sum = 0;
    for (int i = 0; i < k; i++) {
        sum += share[i];
    }
    int64_t given = 0;
    for (int i = 0; i < k; i++) {
        out[i] = sum > 0 ? (int64_t)floor((double)n * share[i] / sum) : 0;
        given += out[i];
    }
    /* The largest fraction not yet served gets one more, as long as some are left over. */
    for (; given < n; given++) {
        int best = -1;
        double best_left = -1;
        for (int i = 0; i < k; i++) {
            double left = sum > 0 ? (double)n * share[i] / sum - (double)out[i] : 0;
            if (left > best_left + 1e-9) {
                best = i;
                best_left = left;
            }
        }
        out[best]++;
    }
}
