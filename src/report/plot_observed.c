/* How near the model comes to observations: a page a target, a panel a series of its table. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/records.h"
#include "analysis/score.h"
#include "report/fan.h"
#include "report/texts.h"

/* A series of a target: its rows, as indices of observations, and its panel. */
typedef struct series {
    const sj_observation *first;
    sj_coverage most;
    bool is_alike; /* all rows are of one length */
} series;

/* One target on its way to a page. */
typedef struct target {
    sji_job *job;
    const sj_records *records;
    const char *name;
    series *of; /* owns: beside fan[] until that is sorted */
    sji_fan *fan;
    size_t n;
    sj_coverage most;
    size_t n_rows, n_covered;
    bool is_one_metric;
    bool has[3][2]; /* rows by place, nationality, item: of one, of ALL */
} target;

/* ---- words ---- */

static void put_metric(sj_str *out, const series *s)
{
    for (const char *c = s->first->metric; *c != '\0'; c++) {
        sj_str_add_n(out, *c == '_' ? " " : c, 1);
    }
    if (s->first->kind != SJ_OBSERVED_LEVEL && s->is_alike) {
        int days = sj_observation_days(s->first);
        sj_str_add(out, sj_observation_is_month(s->first) ? " a month"
                        : days > 360 && days < 370        ? " a year"
                                                          : "");
    } else if (!s->is_alike) {
        sj_str_add(out, " in periods of several lengths");
    }
}

/* Places of a sum, col+per. */
static size_t n_summands(const char *place)
{
    size_t n = 1;
    for (; *place != '\0'; place++) {
        n += *place == '+';
    }
    return n;
}

static bool is_link(const sji_results *r, const char *place)
{
    return sji_results_text(r, "links", place, "from") != NULL;
}

/* "Colombia: Venezuelans", "Asylum, Peru", "Protection statute, Colombia: vetting"; at a link,
 * whose name is long and stands below, "Venezuelans". */
static bool put_title(sj_str *out, const sji_results *r, const sj_observation *row)
{
    const char *programme = "", *stage = "";
    if (!sji_results_stage(r, row->item, &programme, &stage)) {
        return false;
    }
    bool is_programme = sji_results_text(r, "programmes", programme, "country") != NULL;
    if (is_programme) {
        sj_str_add(out, sji_results_name(r, "programmes", programme));
    } else if (strchr(row->place, '+') != NULL) {
        sj_str_printf(out, "%zu places together", n_summands(row->place));
    } else if (!is_link(r, row->place)) {
        sji_words_place(out, r, row->place, "ALL");
    } else if (sji_is_all(row->nationality)) {
        sj_str_add(out, "All nationalities");
    }
    if (!sji_is_all(row->nationality)) {
        sj_str_add(out, out->n > 0 ? ": " : "");
        sj_str_add(out, sji_results_name(r, "nationalities", row->nationality));
    }
    if (is_programme ? stage[0] != '\0' : !sji_is_all(row->item)) {
        sj_str_add(out, ", ");
        if (is_programme) {
            sj_str_add(out, sji_results_stage_name(r, programme, stage));
        } else {
            sji_words_of_id(out, row->item);
        }
    }
    return true;
}

/* "queue length; 3 of 6 in the band": the metric only where the page has several. */
static void put_line(sj_str *out, const target *t, const series *s)
{
    sj_str tail = {0};
    if (s->most.n > 0) {
        sj_str_printf(&tail, "%zu of %zu in the band", s->most.inside, s->most.n);
    }
    if (!t->is_one_metric) {
        put_metric(out, s);
    }
    if (is_link(t->job->results, s->first->place)) {
        sj_str link = {0};
        sji_words_link(&link, t->job->results, s->first->place);
        sj_str_add(out, out->n > 0 ? ", " : "");
        sji_words_fit(out, link.text == NULL ? "" : link.text, 16.0);
        sj_str_clear(&link);
    }
    sj_str_add(out, out->n > 0 && tail.n > 0 ? "; " : "");
    sj_str_add(out, tail.text == NULL ? "" : tail.text);
    sj_str_clear(&tail);
}

/* ---- series ---- */

static bool add_model(sji_fan *fan, sj_day day, const sj_estimate *e)
{
    sji_fan_at at = {day, e->mean, e->q05, e->q25, e->q75, e->q95};
    return sj_vec_push(&fan->model, at);
}

/* The model at a row: a point, what was seen, and whether it lies in the band. Periods that differ
 * in length are mostly counts since one day: they stand at their end. */
static bool add_row(target *t, series *s, sji_fan *fan, const sj_observation *row)
{
    sj_estimate e;
    if (sj_records_estimate(t->records, row, &e) != SJ_OK) {
        return false;
    }
    sji_fan_seen seen = {s->is_alike ? sji_fan_middle(row) : row->to, row->value};
    t->n_rows++;
    if (e.cover != SJ_COVERED) {
        return true;
    }
    t->n_covered++;
    (void)sj_coverage_add(&s->most, row->value, e.q05, e.q95);
    (void)sj_coverage_add(&t->most, row->value, e.q05, e.q95);
    fan->weight += row->value;
    return sj_vec_push(&fan->seen, seen) && add_model(fan, seen.day, &e);
}

/* The series of a row, made where it is new; NULL when memory ends. */
static series *find_series(target *t, const sj_observation *row, sji_fan **fan)
{
    size_t i = 0;
    while (i < t->n && !sj_observation_is_same(t->of[i].first, row)) {
        i++;
    }
    *fan = &t->fan[i];
    if (i == t->n) {
        t->n++;
        t->of[i] = (series){.first = row, .is_alike = true};
        (*fan)->group = row->place;
        if (!put_title(&(*fan)->title, t->job->results, row)) {
            return NULL;
        }
    }
    t->of[i].is_alike = t->of[i].is_alike && sj_observation_is_alike(t->of[i].first, row);
    return &t->of[i];
}

static int by_day(const void *a, const void *b)
{
    sj_day x = ((const sji_fan_at *)a)->day, y = ((const sji_fan_at *)b)->day;
    return (x > y) - (x < y);
}

/* The days to ask a level or a month for, between two records that follow each other. */
static sj_observation step_of(const sj_observation *row, sj_day before, sj_day record)
{
    sj_observation step = *row;
    step.to = record - 1;
    step.from = row->kind == SJ_OBSERVED_LEVEL ? step.to : before;
    return step;
}

/* The first of the month before. */
static sj_day month_before(sj_day first)
{
    int year, month, day;
    sj_day_civil(first - 1, &year, &month, &day);
    return first - day;
}

/* A series of levels or of whole months: the model all the way, not at the observed dates alone. */
static bool add_line(const target *t, const series *s, sji_fan *fan)
{
    const sji_results *r = t->job->results;
    const sji_curve *dates = &r->curves.at[0];
    bool is_month = sj_observation_is_month(s->first);
    fan->is_apart = !s->is_alike || !(s->first->kind == SJ_OBSERVED_LEVEL || is_month);
    for (size_t i = 1; i < dates->n && !fan->is_apart; i++) {
        sj_day record = dates->at[i].day, before = dates->at[i - 1].day;
        if (is_month) { /* whole, also where /record/dates divides it */
            before = sj_day_is_first(record) ? month_before(record) : before;
        }
        sj_observation step = step_of(s->first, before, record);
        sj_estimate e;
        if (is_month && !sj_observation_is_month(&step)) {
            continue;
        }
        if (sj_records_estimate(t->records, &step, &e) != SJ_OK ||
            (e.cover == SJ_COVERED && !add_model(fan, sji_fan_middle(&step), &e))) {
            return false;
        }
    }
    if (fan->model.n > 0) {
        qsort(fan->model.at, fan->model.n, sizeof *fan->model.at, by_day);
    }
    return true;
}

/* The rows of the target that has to be made, or with `is_second` their points. */
static bool take_rows(target *t, bool is_second)
{
    const sj_observations *all = t->job->request->observed;
    for (size_t i = 0; i < all->rows.n; i++) {
        const sj_observation *row = &all->rows.at[i];
        sji_fan *fan;
        if (strcmp(row->target, t->name) != 0) {
            continue;
        }
        series *s = find_series(t, row, &fan);
        if (s == NULL || (is_second && !add_row(t, s, fan, row))) {
            return false;
        }
        t->has[0][sji_is_all(row->place)] = true;
        t->has[1][sji_is_all(row->nationality)] = true;
        t->has[2][sji_is_all(row->item)] = true;
        t->is_one_metric =
            t->is_one_metric && strcmp(t->of[0].first->metric, row->metric) == 0 && s->is_alike;
    }
    return true;
}

/* All series of the target, those that the results tell about in front. */
static sj_status make_series(target *t, sj_err *err)
{
    size_t n = 0;
    bool is_whole = take_rows(t, false) && take_rows(t, true);
    for (size_t i = 0; i < t->n && is_whole; i++) {
        put_line(&t->fan[i].line, t, &t->of[i]);
        is_whole = add_line(t, &t->of[i], &t->fan[i]);
    }
    for (size_t i = 0; i < t->n && is_whole; i++) {
        if (t->fan[i].seen.n > 0) {
            SJ_SWAP(sji_fan, t->fan[n], t->fan[i]);
            n++;
        }
    }
    return is_whole ? SJ_OK : SJ_FAIL(err, SJ_E_NOMEM, "observed", "out of memory");
}

/* ---- pages ---- */

static size_t count_shown(const target *t)
{
    size_t n = 0;
    while (n < t->n && t->fan[n].seen.n > 0) {
        n++;
    }
    return n;
}

/* Are there rows of ALL beside rows of one? `fit` scores the latter alone. */
static bool has_sums(const target *t)
{
    bool has = false;
    for (int i = 0; i < 3; i++) {
        has = has || (t->has[i][0] && t->has[i][1]);
    }
    return has;
}

static void put_answer(sj_str *out, const target *t, size_t n, size_t n_all)
{
    if (t->is_one_metric) {
        put_metric(out, &t->of[0]);
        if (out->text != NULL) {
            out->text[0] = (char)toupper((unsigned char)out->text[0]);
        }
        sj_str_add(out, ". ");
    }
    if (t->most.n > 0) {
        sj_str_printf(out,
                      "%zu of %zu observations (%.0f %%)%s lie in the band of 9 of 10 "
                      "replications",
                      t->most.inside, t->most.n, 100.0 * sj_coverage_share(&t->most),
                      has_sums(t) ? ", sums too," : "");
    } else {
        sj_str_printf(out, "%zu observations, without a band", t->n_covered);
    }
    if (t->n_rows > t->n_covered) {
        sj_str_printf(out, "; %zu more %s not covered by the results", t->n_rows - t->n_covered,
                      t->n_rows - t->n_covered == 1 ? "is" : "are");
    }
    sj_str_add(out, n > 1 ? ". Each panel has its own scale" : "");
    if (n_all > n) {
        sj_str_printf(out, "; %zu of %zu series, in turn the largest of each place", n, n_all);
    }
    sj_str_add(out, ".");
}

static sj_status draw_page(target *t, sj_err *err)
{
    sj_str title = {0}, stem = {0}, answer = {0};
    size_t n_all = count_shown(t);
    if (n_all == 0) {
        return SJ_OK;
    }
    size_t n = sji_fans_choose(t->fan, n_all, SJI_FANS_MOST);
    sj_str_printf(&stem, "observed-%s", t->name);
    sj_str_add(&title, "How near does the model come to what was observed? Target ");
    sji_words_fit(&title, t->name, 40.0);
    put_answer(&answer, t, n, n_all);
    sj_status st = SJ_FAIL(err, SJ_E_NOMEM, "observed", "out of memory");
    if (!title.failed && !stem.failed && !answer.failed) {
        sji_fan_page page = {stem.text, title.text, answer.text, "model, mean"};
        st = sji_fans_draw(t->job, &page, t->fan, n, err);
    }
    sj_str_clear(&title);
    sj_str_clear(&stem);
    sj_str_clear(&answer);
    return st;
}

static sj_status draw_target(sji_job *job, const sj_records *records, const char *name, sj_err *err)
{
    size_t n = job->request->observed->rows.n;
    target t = {.job = job, .records = records, .name = name, .is_one_metric = true};
    t.of = sj_calloc(n, sizeof *t.of);
    t.fan = sj_calloc(n, sizeof *t.fan);
    sj_status st = t.of != NULL && t.fan != NULL
                       ? make_series(&t, err)
                       : SJ_FAIL(err, SJ_E_NOMEM, "observed", "out of memory");
    if (st == SJ_OK) {
        st = draw_page(&t, err);
    }
    sji_fans_free(t.fan, t.n);
    free(t.of);
    return st;
}

static bool is_first_of_target(const sj_observations *all, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (strcmp(all->rows.at[k].target, all->rows.at[i].target) == 0) {
            return false;
        }
    }
    return true;
}

sj_status sji_draw_observed(sji_job *job, sj_err *err)
{
    const sj_observations *all = job->request->observed;
    sj_records *records = NULL;
    sj_problems problems = {0};
    if (all == NULL || job->results->curves.n == 0) {
        return SJ_OK;
    }
    sj_status st = sj_records_load(&records, job->results->folder, &problems);
    if (st != SJ_OK && problems.overflow) {
        st = SJ_FAIL(err, SJ_E_NOMEM, "observed", "out of memory");
    } else if (st != SJ_OK && problems.n > 0 && err != NULL) {
        *err = problems.at[0];
    }
    for (size_t i = 0; i < all->rows.n && st == SJ_OK; i++) {
        if (is_first_of_target(all, i)) {
            st = draw_target(job, records, all->rows.at[i].target, err);
        }
    }
    sj_problems_clear(&problems);
    sj_records_free(records);
    return st;
}
