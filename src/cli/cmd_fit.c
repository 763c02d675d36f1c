/* sojourn fit DIR...: a table a target, and fit.csv, fit-rows.csv beside the first folder's tables.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/fit.h"
#include "base/mem.h"
#include "cli/args.h"
#include "cli/commands.h"

enum { N_OPTIONS = 6, NAME_WIDTH = 28 };

static const sj_option options[N_OPTIONS] = {
    {"--observed", NULL, true, "a table of observations; may be repeated"},
    {"--origin", NULL, true, "score only what is after this date; baselines see what is not"},
    {"--from", NULL, true,
     "score only what ends on this date or after; baselines see what was before"},
    {"--until", NULL, true, "score only what ends on this date or before"},
    {"--by", NULL, true, "divide targets by metric, place, nationality, item (commas between)"},
    {"--target", NULL, true, "show only this target, whole or its parts"}};

/* A number in a column, "-" where there is none. */
static void put(double value, int width, int decimals)
{
    if (isnan(value)) {
        (void)printf(" %*s", width, "-");
    } else if (fabs(value) >= 1000) {
        (void)printf(" %*.1e", width, value);
    } else {
        (void)printf(" %*.*f", width, decimals, value);
    }
}

static void put_coverage(const sj_coverage *coverage)
{
    char text[48];
    (void)snprintf(text, sizeof text, "%zu/%zu (%.0f %%)", coverage->inside, coverage->n,
                   100 * sj_coverage_share(coverage));
    (void)printf(" %16s", coverage->n > 0 ? text : "-");
}

static const sj_fit_score *rows_score(const sj_fit *fit, size_t target, size_t *i)
{
    for (; *i < fit->scores.n; ++*i) {
        const sj_fit_score *s = &fit->scores.at[*i];
        if (s->target == target && s->months == 0) {
            return &fit->scores.at[(*i)++];
        }
    }
    return NULL;
}

static void show_rows(const sj_fit *fit, size_t target)
{
    const sj_fit_score *s;
    (void)printf("  %-*s %5s %7s %7s %7s %7s %8s %16s %16s %13s\n", NAME_WIDTH, "", "rows", "WAPE",
                 "shares", "moved", "in logs", "bias", "in 50 % band", "in 90 % band",
                 "model there");
    for (size_t i = 0; (s = rows_score(fit, target, &i)) != NULL;) {
        (void)printf("  %-*s %5zu", NAME_WIDTH, s->predictor, s->n);
        put(s->wape, 7, 3);
        put(s->wape_given_total, 7, 3);
        put(s->share_distance, 7, 3);
        put(s->log_error, 7, 2);
        put(s->bias, 8, 3);
        if (strcmp(s->kind, "model") == 0) {
            put_coverage(&s->half);
            put_coverage(&s->most);
        } else {
            (void)printf(" %16s %16s", "", "");
            put(s->model_wape, 13, 3);
        }
        (void)putchar('\n');
    }
}

static void put_share(double share, size_t n, int width)
{
    char text[48];
    (void)snprintf(text, sizeof text, "%.3f (%zu)", share, n);
    (void)printf(" %*s", width, n > 0 && !isnan(share) ? text : "-");
}

static void show_noise_of(const sj_fit_score *s)
{
    (void)printf("  %-*s", NAME_WIDTH, s->predictor);
    put_share(s->noise_share, s->n_noise, 16);
    put_share(s->noise_error_share, s->n_noise_error, 16);
    (void)putchar('\n');
}

static void show_noise_heading(void)
{
    (void)printf("  %-*s %16s %16s\n", NAME_WIDTH, "chance alone, share (rows)", "of the variance",
                 "of sq. error");
}

static bool has_noise(const sj_fit_score *s)
{
    return !isnan(s->noise_share) || !isnan(s->noise_error_share);
}

/* How much chance makes of the spread and of the error, where the replications are known. */
static void show_noise(const sj_fit *fit, size_t target)
{
    const sj_fit_score *s;
    bool is_first = true;
    for (size_t i = 0; (s = rows_score(fit, target, &i)) != NULL;) {
        if (strcmp(s->kind, "model") == 0 && has_noise(s)) {
            if (is_first) {
                show_noise_heading();
            }
            show_noise_of(s);
            is_first = false;
        }
    }
}

/* Bands and chance over all targets; a row in two of them counts in both. */
static void show_all(const sj_fit *fit)
{
    bool is_first = true;
    (void)printf("all targets\n  %-*s %5s %16s %16s\n", NAME_WIDTH, "", "rows", "in 50 % band",
                 "in 90 % band");
    for (size_t k = 0; k < fit->all.n; k++) {
        const sj_fit_score *s = &fit->all.at[k];
        (void)printf("  %-*s %5zu", NAME_WIDTH, s->predictor, s->n);
        put_coverage(&s->half);
        put_coverage(&s->most);
        (void)putchar('\n');
    }
    for (size_t k = 0; k < fit->all.n; k++) {
        if (has_noise(&fit->all.at[k])) {
            if (is_first) {
                show_noise_heading();
            }
            show_noise_of(&fit->all.at[k]);
            is_first = false;
        }
    }
    (void)putchar('\n');
}

/* One line of the rolling table begins with the score at `i` and ends where the name changes. */
static size_t show_rolling_line(const sj_fit *fit, size_t i)
{
    const sj_fit_score *first = &fit->scores.at[i], *s = first;
    char name[120];
    (void)snprintf(name, sizeof name, "%.90s%s%s", first->predictor,
                   strcmp(first->kind, "baseline") == 0 ? "" : ", ",
                   strcmp(first->kind, "baseline") == 0 ? "" : first->kind);
    (void)printf("  %-*s", NAME_WIDTH, name);
    for (; i < fit->scores.n; i++) {
        s = &fit->scores.at[i];
        if (s->target != first->target || s->months == 0 || s->predictor != first->predictor ||
            s->kind != first->kind) {
            break;
        }
        char text[48];
        (void)snprintf(text, sizeof text, "%.2f (%zu)", s->log_error, s->n);
        (void)printf(" %14s", text);
    }
    (void)putchar('\n');
    return i;
}

static void show_rolling(const sj_fit *fit, size_t target)
{
    size_t i = 0;
    while (i < fit->scores.n &&
           (fit->scores.at[i].target != target || fit->scores.at[i].months == 0)) {
        i++;
    }
    if (i == fit->scores.n) {
        return;
    }
    (void)printf("  months ahead, error in logs (pairs):");
    for (size_t k = i;
         k < fit->scores.n && fit->scores.at[k].predictor == fit->scores.at[i].predictor &&
         fit->scores.at[k].kind == fit->scores.at[i].kind;
         k++) {
        (void)printf("%s%d", k == i ? " " : ", ", fit->scores.at[k].months);
    }
    (void)putchar('\n');
    while (i < fit->scores.n && fit->scores.at[i].target == target) {
        i = show_rolling_line(fit, i);
    }
}

static void show_changes(const sj_fit *fit, size_t target)
{
    bool is_first = true;
    for (size_t i = 0; i < fit->changes.n; i++) {
        const sj_fit_change *c = &fit->changes.at[i];
        const sj_fit_row *row = &fit->rows.at[c->row];
        if (row->target != target) {
            continue;
        }
        if (is_first) {
            (void)printf("  %-*s %-10s %-10s %8s", NAME_WIDTH, "log change since the base", "base",
                         "to", "observed");
            for (size_t k = 0; k < fit->options.n_folders; k++) {
                (void)printf(" %12.12s", fit->labels[k]);
            }
            (void)printf("  note\n");
        }
        char name[120], base[SJ_DATE_TEXT], to[SJ_DATE_TEXT];
        (void)snprintf(name, sizeof name, "%.30s %.30s %.30s", row->seen->place,
                       row->seen->nationality, row->seen->item);
        sj_day_format(fit->rows.at[c->base].seen->to, base);
        sj_day_format(row->seen->to, to);
        (void)printf("  %-*s %-10s %-10s", NAME_WIDTH, name, base, to);
        put(c->observed, 8, 2);
        for (size_t k = 0; k < fit->options.n_folders; k++) {
            put(c->model[k], 12, 2);
        }
        (void)printf("  %s\n", row->seen->note);
        is_first = false;
    }
}

static void put_day(bool is_there, const char *word, sj_day day)
{
    char text[SJ_DATE_TEXT];
    sj_day_format(day, text);
    (void)printf("%s%s", is_there ? word : "", is_there ? text : "");
}

static void show_target(const sj_fit *fit, size_t target)
{
    const sj_fit_target *t = &fit->targets.at[target];
    const sj_fit_options *o = &fit->options;
    (void)printf("%s: %zu row%s", t->name, t->n_after, t->n_after == 1 ? "" : "s");
    put_day(o->has_origin, " after ", o->origin);
    put_day(o->has_first, " from ", o->first);
    put_day(o->has_last, " until ", o->last);
    (void)printf(", %zu covered\n", t->n_covered);
    for (int k = SJ_NOT_DATES; k < SJ_N_COVERS; k++) {
        if (t->n_not[k] > 0) {
            (void)printf("  not covered: %zu %s\n", t->n_not[k], sj_cover_text((sj_cover)k));
        }
    }
    if (t->n_sums > 0) {
        (void)printf("  not scored: %zu sum%s of other rows\n", t->n_sums,
                     t->n_sums == 1 ? "" : "s");
    }
    if (t->n_covered > 0) {
        show_rows(fit, target);
    }
    show_noise(fit, target);
    show_rolling(fit, target);
    show_changes(fit, target);
    (void)putchar('\n');
}

/* Is it the target of this name, or a part of it? */
static bool is_shown(const sj_fit_target *target, const char *only)
{
    size_t length = only != NULL ? strlen(only) : 0;
    return only == NULL || (strncmp(target->name, only, length) == 0 &&
                            (target->name[length] == '\0' || target->name[length] == ' '));
}

/* Words between commas. */
static sj_status read_parts(const char *text, bool by[], sj_err *err)
{
    static const char *const words[SJ_FIT_N_PARTS] = {"metric", "place", "nationality", "item"};
    while (text != NULL) {
        size_t length = strcspn(text, ",");
        bool found = false;
        for (int i = 0; i < SJ_FIT_N_PARTS; i++) {
            if (strlen(words[i]) == length && strncmp(words[i], text, length) == 0) {
                by[i] = found = true;
            }
        }
        if (!found) {
            return SJ_FAIL(err, SJ_E_USAGE, "",
                           "--by takes metric, place, nationality, item, not \"%.*s\"",
                           length < 40 ? (int)length : 40, text);
        }
        text = text[length] == ',' ? text + length + 1 : NULL;
    }
    return SJ_OK;
}

static sj_status read_date(const sj_args *args, const char *name, bool *is_there, sj_day *out,
                           sj_err *err)
{
    const char *text = sj_args_value(args, name);
    *is_there = text != NULL;
    return text == NULL || sj_day_parse(text, out)
               ? SJ_OK
               : SJ_FAIL(err, SJ_E_USAGE, "", "%s takes a date YYYY-MM-DD, not \"%.40s\"", name,
                         text);
}

static sj_status read_dates(const sj_args *args, sj_fit_options *what, sj_err *err)
{
    SJ_TRY(read_date(args, "--origin", &what->has_origin, &what->origin, err));
    SJ_TRY(read_date(args, "--from", &what->has_first, &what->first, err));
    SJ_TRY(read_date(args, "--until", &what->has_last, &what->last, err));
    return what->has_first && what->has_last && what->first > what->last
               ? SJ_FAIL(err, SJ_E_USAGE, "", "--from is later than --until")
               : SJ_OK;
}

/* Show and write what has been made. */
static int tell(const sj_fit *fit, const char *only)
{
    sj_err err = {0};
    bool found = only == NULL;
    for (size_t i = 0; i < fit->targets.n; i++) {
        found = found || is_shown(&fit->targets.at[i], only);
    }
    if (!found) {
        (void)SJ_FAIL(&err, SJ_E_USAGE, "", "the tables have no target \"%.80s\"", only);
        return sj_say_error(&err);
    }
    for (size_t i = 0; i < fit->targets.n; i++) {
        if (is_shown(&fit->targets.at[i], only)) {
            show_target(fit, i);
        }
    }
    if (only == NULL && fit->targets.n > 1) {
        show_all(fit);
    }
    const char *folder = fit->options.folders[0];
    if (sj_fit_write(fit, folder, &err) != SJ_OK) {
        return sj_say_error(&err);
    }
    (void)fflush(stdout);
    (void)fprintf(stderr, "all scores: %s/fit.csv; all rows: %s/fit-rows.csv\n", folder, folder);
    return SJ_EXIT_OK;
}

static int fit_folders(const sj_args *args, const char **tables)
{
    sj_fit fit;
    sj_err err = {0};
    sj_problems problems = {0};
    sj_fit_options what = {.folders = args->rest, .n_folders = args->n_rest, .tables = tables};
    what.n_tables = sj_args_values(args, "--observed", tables);
    if (what.n_tables == 0) {
        (void)SJ_FAIL(&err, SJ_E_USAGE, "", "fit needs --observed, a table of observations");
    }
    if (err.status != SJ_OK || read_dates(args, &what, &err) != SJ_OK ||
        read_parts(sj_args_value(args, "--by"), what.by, &err) != SJ_OK) {
        return sj_say_error(&err);
    }
    sj_status st = sj_fit_make(&fit, &what, &problems);
    int exit_status = sj_say_problems(&problems);
    sj_problems_clear(&problems);
    if (st == SJ_OK) {
        exit_status = tell(&fit, sj_args_value(args, "--target"));
    }
    sj_fit_clear(&fit);
    return exit_status;
}

static int fit_on_tables(const sj_args *args)
{
    sj_err err = {0};
    const char **tables = sj_calloc(args->n_occurrences + 1, sizeof *tables);
    if (tables == NULL) {
        (void)SJ_FAIL(&err, SJ_E_NOMEM, "", "out of memory");
        return sj_say_error(&err);
    }
    int exit_status = fit_folders(args, tables);
    free(tables);
    return exit_status;
}

int sj_cmd_fit(int argc, char **argv)
{
    static const sj_usage usage = {
        .line = "fit DIR... --observed CSV...",
        .doc =
            "Holds results folders of one scenario against observations, target by target, beside\n"
            "naive baselines, and writes fit.csv (scores) and fit-rows.csv (each observation with\n"
            "its mean and bands) into the first. The table of observations has the columns\n"
            "target,metric,place,nationality,item,from,to,value,unit,mark,source,note.\n\n"
            "WAPE     sum of absolute errors over the sum of what was observed\n"
            "shares   the same with the sum of each date set to the observed one\n"
            "moved    part of the people who are in the wrong place, given the sum\n"
            "in logs  mean absolute error in logarithms of count + 20\n"
            "bias     sum of errors over the sum of what was observed\n"
            "model there  WAPE of the first folder on the rows a baseline has\n"
            "of the variance  share that a folder of `run --fixed` has of it: chance alone\n"
            "of sq. error     share that is there because replications are few",
        .options = options,
        .n_options = N_OPTIONS,
        .least = 1,
        .most = SIZE_MAX,
        .takes = "fit takes a results folder or more",
        .run = fit_on_tables};
    return sj_usage_run(&usage, argc, argv);
}
