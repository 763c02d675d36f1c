#include "analysis/fit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/fit_inside.h"
#include "base/str.h"

bool sji_fit_is_together(const sj_fit_row *a, const sj_fit_row *b)
{
    return a->target == b->target && a->seen->to == b->seen->to && a->seen->from == b->seen->from &&
           strcmp(a->seen->metric, b->seen->metric) == 0;
}

bool sji_fit_is_asked(const sj_fit *fit, sj_day last_day)
{
    return (!fit->options.has_first || last_day >= fit->options.first) &&
           (!fit->options.has_last || last_day <= fit->options.last);
}

static sj_status no_memory(sj_problems *problems)
{
    sj_err err;
    sj_status st = SJ_FAIL(&err, SJ_E_NOMEM, "fit", "out of memory");
    sj_problems_add(problems, &err);
    return st;
}

/* All tables are read, so that all that is wrong in them is told at once. */
static sj_status load_tables(sj_fit *fit, sj_problems *problems)
{
    sj_status st = SJ_OK;
    for (size_t i = 0; i < fit->options.n_tables; i++) {
        sj_status one = sj_observations_load(&fit->observations, fit->options.tables[i], problems);
        st = st == SJ_OK ? one : st;
    }
    return st;
}

static sj_status load_folders(sj_fit *fit, sj_problems *problems)
{
    for (size_t i = 0; i < fit->options.n_folders; i++) {
        SJ_TRY(sj_records_load(&fit->folders[i], fit->options.folders[i], problems));
        const char *first = sj_records_scenario(fit->folders[0]);
        const char *other = sj_records_scenario(fit->folders[i]);
        if (strcmp(first, other) != 0) {
            sj_err err;
            sj_status st = SJ_FAIL(&err, SJ_E_MEANING, "",
                                   "%.100s is a run of scenario %.60s, %.100s one of %.60s",
                                   fit->options.folders[i], other, fit->options.folders[0], first);
            (void)snprintf(err.hint, sizeof err.hint,
                           "folders side by side are runs of one scenario; `fit` takes others one "
                           "by one");
            sj_problems_add(problems, &err);
            return st;
        }
    }
    return SJ_OK;
}

/* Last part of a path; the whole path where it ends with a slash. */
static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

static void name_folders(sj_fit *fit)
{
    size_t n = fit->options.n_folders;
    const char *const *paths = fit->options.folders;
    for (size_t i = 0; i < n; i++) {
        fit->labels[i] = last_part(paths[i]);
        for (size_t k = 0; k < n; k++) {
            if (k != i && strcmp(last_part(paths[k]), last_part(paths[i])) == 0) {
                fit->labels[i] = paths[i];
            }
        }
    }
}

/* Name of the target that a row belongs to. Returns new, NULL when memory ends. */
static char *target_name(const sj_fit *fit, const sj_observation *seen)
{
    const char *parts[SJ_FIT_N_PARTS] = {seen->metric, seen->place, seen->nationality, seen->item};
    sj_str name = {0};
    sj_str_add(&name, seen->target);
    for (int i = 0; i < SJ_FIT_N_PARTS; i++) {
        if (fit->options.by[i]) {
            sj_str_add(&name, " ");
            sj_str_add(&name, parts[i]);
        }
    }
    char *text = name.failed ? NULL : sj_strdup(name.text);
    sj_str_clear(&name);
    return text;
}

static bool find_target(sj_fit *fit, const sj_observation *seen, size_t *out)
{
    sj_fit_target target = {.name = target_name(fit, seen)};
    for (*out = 0; target.name != NULL && *out < fit->targets.n; ++*out) {
        if (strcmp(fit->targets.at[*out].name, target.name) == 0) {
            free(target.name);
            return true;
        }
    }
    if (target.name == NULL || !sj_vec_push(&fit->targets, target)) {
        free(target.name);
        return false;
    }
    return true;
}

static sj_status add_row(sj_fit *fit, const sj_observation *seen)
{
    sj_fit_row row = {.seen = seen, .cover = SJ_COVERED};
    sj_day begin = seen->kind == SJ_OBSERVED_LEVEL ? seen->to : seen->from;
    row.is_after = (!fit->options.has_origin || begin > fit->options.origin) &&
                   sji_fit_is_asked(fit, seen->to);
    if (!find_target(fit, seen, &row.target)) {
        return SJ_E_NOMEM;
    }
    row.model = sj_calloc(fit->options.n_folders, sizeof *row.model);
    if (row.model == NULL || !sj_vec_push(&fit->rows, row)) {
        free(row.model);
        return SJ_E_NOMEM;
    }
    sj_fit_row *added = &fit->rows.at[fit->rows.n - 1];
    for (size_t i = 0; i < fit->options.n_folders; i++) {
        SJ_TRY(sj_records_estimate(fit->folders[i], seen, &added->model[i]));
        added->cover = added->cover == SJ_COVERED ? added->model[i].cover : added->cover;
    }
    sj_fit_target *target = &fit->targets.at[added->target];
    target->n_rows++;
    target->n_after += added->is_after;
    added->is_scored = added->is_after && added->cover == SJ_COVERED;
    target->n_covered += added->is_scored;
    target->n_not[added->cover] += added->is_after;
    return SJ_OK;
}

/* Is a the sum of what b is a part of: equal, but ALL in some fields where b has an id, or a sum of
 * places that holds b's? */
static bool is_sum_of(const sj_observation *a, const sj_observation *b)
{
    const char *of_a[] = {a->place, a->nationality, a->item};
    const char *of_b[] = {b->place, b->nationality, b->item};
    bool is_wider = false;
    for (int i = 0; i < 3; i++) {
        if (strcmp(of_a[i], of_b[i]) != 0) {
            if (i == 0 ? !sj_places_hold(of_a[i], of_b[i]) : strcmp(of_a[i], "ALL") != 0) {
                return false;
            }
            is_wider = true;
        }
    }
    return is_wider;
}

/* A sum is told by the rows; whether it counts twice, by whether these are scored as well. */
static void mark_sums(sj_fit *fit)
{
    for (size_t i = 0; i < fit->rows.n; i++) {
        sj_fit_row *row = &fit->rows.at[i];
        bool is_twice = false;
        for (size_t k = 0; k < fit->rows.n; k++) {
            const sj_fit_row *other = &fit->rows.at[k];
            if (sji_fit_is_together(row, other) && is_sum_of(row->seen, other->seen)) {
                row->is_sum = true;
                is_twice = is_twice || (other->is_after && other->cover == SJ_COVERED);
            }
        }
        if (row->is_scored && is_twice) {
            row->is_scored = false;
            fit->targets.at[row->target].n_sums++;
        }
    }
}

/* Rows that cannot be scored at all are the user's mistake: say what is wrong with most. */
static sj_status check_common(const sj_fit *fit, sj_problems *problems)
{
    size_t n_after = 0, n_covered = 0, n_not[SJ_N_COVERS] = {0}, worst = SJ_NOT_DATES;
    sj_err err;
    char first[SJ_DATE_TEXT], last[SJ_DATE_TEXT];
    for (size_t i = 0; i < fit->targets.n; i++) {
        n_after += fit->targets.at[i].n_after;
        n_covered += fit->targets.at[i].n_covered;
        for (size_t k = 0; k < SJ_N_COVERS; k++) {
            n_not[k] += fit->targets.at[i].n_not[k];
        }
    }
    if (n_covered > 0) {
        return SJ_OK;
    }
    for (size_t k = SJ_NOT_DATES; k < SJ_N_COVERS; k++) {
        worst = n_not[k] > n_not[worst] ? k : worst;
    }
    sj_day_format(sj_records_first(fit->folders[0]), first);
    sj_day_format(sj_records_last(fit->folders[0]), last);
    bool has_period = fit->options.has_first || fit->options.has_last;
    (void)SJ_FAIL(&err, SJ_E_MEANING, fit->options.folders[0], "no row of the observations is %s",
                  n_after > 0 || !(fit->options.has_origin || has_period) ? "covered by the results"
                  : has_period ? "in the period asked for"
                               : "after the origin");
    (void)snprintf(err.hint, sizeof err.hint, "%zu of %zu rows are %s; the records are of %s to %s",
                   n_not[worst], fit->rows.n, sj_cover_text((sj_cover)worst), first, last);
    if (n_after == 0) {
        (void)snprintf(err.hint, sizeof err.hint, "the tables hold %zu rows", fit->rows.n);
    }
    sj_problems_add(problems, &err);
    return err.status;
}

static sj_status join(sj_fit *fit)
{
    for (size_t i = 0; i < fit->observations.rows.n; i++) {
        SJ_TRY(add_row(fit, &fit->observations.rows.at[i]));
    }
    mark_sums(fit);
    return SJ_OK;
}

static sj_status score(sj_fit *fit)
{
    SJ_TRY(sji_fit_steps(fit));
    for (size_t i = 0; i < fit->targets.n; i++) {
        SJ_TRY(sji_fit_score_rows(fit, i));
        SJ_TRY(sji_fit_score_rolling(fit, i));
    }
    SJ_TRY(sji_fit_score_all(fit));
    return sji_fit_changes(fit);
}

sj_status sj_fit_make(sj_fit *out, const sj_fit_options *options, sj_problems *problems)
{
    memset(out, 0, sizeof *out);
    out->options = *options;
    out->folders = sj_calloc(options->n_folders, sizeof(sj_records *));
    out->labels = sj_calloc(options->n_folders, sizeof *out->labels);
    if (out->folders == NULL || out->labels == NULL) {
        return no_memory(problems);
    }
    SJ_TRY(load_tables(out, problems));
    SJ_TRY(load_folders(out, problems));
    name_folders(out);
    if (join(out) != SJ_OK) {
        return no_memory(problems);
    }
    SJ_TRY(check_common(out, problems));
    return score(out) == SJ_OK ? SJ_OK : no_memory(problems);
}

void sj_fit_clear(sj_fit *fit)
{
    for (size_t i = 0; i < fit->rows.n; i++) {
        free(fit->rows.at[i].model);
    }
    for (size_t i = 0; i < fit->changes.n; i++) {
        free(fit->changes.at[i].model);
    }
    for (size_t i = 0; i < fit->targets.n; i++) {
        free(fit->targets.at[i].name);
    }
    for (size_t i = 0; fit->folders != NULL && i < fit->options.n_folders; i++) {
        sj_records_free(fit->folders[i]);
    }
    sj_vec_clear(&fit->rows);
    sj_vec_clear(&fit->targets);
    sj_vec_clear(&fit->scores);
    sj_vec_clear(&fit->all);
    sj_vec_clear(&fit->changes);
    sj_observations_clear(&fit->observations);
    free(fit->folders);
    free(fit->labels);
    memset(fit, 0, sizeof *fit);
}
