/* How many people cross a link, month by month: the busiest links, or one link by nationality. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/format.h"
#include "report/fan.h"
#include "report/texts.h"

static const char *const metric = "crossings";

/* Over the run; the first record is of no period. */
static double people_of(const sji_curve *curve)
{
    double people = 0.0;
    for (size_t i = 1; i < curve->n; i++) {
        people += isfinite(curve->at[i].mean) ? curve->at[i].mean : 0.0;
    }
    return people;
}

/* Is the curve one that is looked at: of the link, or with NULL the sum of any link's people? */
static bool is_looked_at(const sji_job *job, const sji_curve *curve, const char *link)
{
    if (strcmp(curve->metric, metric) != 0 || !sji_is_all(curve->item) ||
        sji_is_all(curve->place)) {
        return false;
    }
    if (link != NULL) {
        return strcmp(curve->place, link) == 0;
    }
    return sji_is_all(curve->nationality) &&
           (job->request->with_way_home || !sji_link_is_way_home(job->results, curve->place));
}

/* "1,204,511 over the run; at most 23,110, in Dec 2021". */
static void put_line(sj_str *out, const sji_fan *fan)
{
    const sji_fan_at *busiest = sji_fan_busiest(fan);
    sji_words_count(out, fan->weight);
    sj_str_add(out, " over the run");
    if (busiest != NULL) {
        sj_str_add(out, "; at most ");
        sji_words_count(out, busiest->middle);
        sj_str_add(out, ", ");
        sji_words_month(out, busiest->day);
    }
}

static bool make_fan(sji_fan *fan, const sji_job *job, const sji_curve *curve, bool by_nationality)
{
    const sji_results *r = job->results;
    fan->weight = people_of(curve);
    if (!by_nationality) {
        sji_words_link(&fan->title, r, curve->place);
    } else {
        sj_str_add(&fan->title, sji_is_all(curve->nationality)
                                    ? "All nationalities"
                                    : sji_results_name(r, "nationalities", curve->nationality));
    }
    return sji_fan_add_curve(fan, r, curve, true) &&
           sji_fan_add_seen(fan, job->request->observed, metric, curve->place, curve->nationality,
                            curve->item);
}

static void put_answer(sj_str *out, const char *link, const sji_fan *first, size_t n, size_t n_all)
{
    sj_str_add(out, link == NULL ? "People who came to the end of a link, month by month"
                                 : "People who came to its end, by nationality, month by month");
    sj_str_add(out, "; who was caught there and who comes again counts each time");
    if (link == NULL) {
        sj_str_add(out, ". The busiest: ");
        sji_words_fit(out, first->title.text == NULL ? "" : first->title.text, 30.0);
    }
    sj_str_add(out, n > 1 ? ". Each panel has its own scale" : "");
    if (n_all > n) {
        sj_str_printf(out, "; the %zu with most people of %zu", n, n_all);
    }
    sj_str_add(out, ".");
}

static sj_status draw_fans(sji_job *job, const char *link, sji_fan fan[], size_t n_all, sj_err *err)
{
    sj_str title = {0}, answer = {0}, stem = {0};
    size_t n = sji_fans_choose(fan, n_all, SJI_FANS_MOST);
    for (size_t i = 0; i < n; i++) {
        put_line(&fan[i].line, &fan[i]);
    }
    sj_str_printf(&stem, "corridor%s%s", link == NULL ? "" : "-", link == NULL ? "" : link);
    sj_str_add(&title, "How many people cross");
    sj_str_add(&title, link == NULL ? " the busiest links?" : " here? ");
    if (link != NULL) {
        sji_words_link(&title, job->results, link);
    }
    put_answer(&answer, link, &fan[0], n, n_all);
    sj_status st = SJ_FAIL(err, SJ_E_NOMEM, "corridor", "out of memory");
    if (!title.failed && !answer.failed && !stem.failed) {
        sji_fan_page page = {stem.text, title.text, answer.text, "model, median"};
        st = sji_fans_draw(job, &page, fan, n, err);
    }
    sj_str_clear(&title);
    sj_str_clear(&answer);
    sj_str_clear(&stem);
    return st;
}

/* One page: a link by nationality, or with NULL the busiest. *n is the number of curves found. */
static sj_status draw_page(sji_job *job, const char *link, size_t *n, sj_err *err)
{
    const sji_results *r = job->results;
    sji_fan *fan = sj_calloc(r->curves.n, sizeof *fan);
    bool is_whole = fan != NULL;
    *n = 0;
    for (size_t i = 0; i < r->curves.n && is_whole; i++) {
        const sji_curve *curve = &r->curves.at[i];
        if (is_looked_at(job, curve, link) && people_of(curve) > 0.0) {
            is_whole = make_fan(&fan[(*n)++], job, curve, link != NULL);
        }
    }
    sj_status st = SJ_OK;
    if (!is_whole) {
        st = SJ_FAIL(err, SJ_E_NOMEM, "corridor", "out of memory");
    } else if (*n > 0) {
        st = draw_fans(job, link, fan, *n, err);
    }
    sji_fans_free(fan, *n);
    return st;
}

static sj_status fail_link(const sji_results *r, const char *link, sj_err *err)
{
    SJ_VEC(const char *) ids = {0};
    sj_status st = SJ_FAIL(err, SJ_E_DOMAIN, "--link", "nobody crosses a link \"%.80s\" in %.200s",
                           link, r->series.path == NULL ? r->folder : r->series.path);
    bool is_whole = true;
    for (size_t i = 0; i < r->curves.n && is_whole; i++) {
        if (strcmp(r->curves.at[i].metric, metric) == 0) {
            is_whole = sj_vec_push(&ids, r->curves.at[i].place);
        }
    }
    const char *best = ids.n > 0 ? sj_suggest(link, ids.at, ids.n) : NULL;
    if (best != NULL && err != NULL) {
        (void)snprintf(err->hint, sizeof err->hint, "did you mean \"%.80s\"?", best);
    }
    sj_vec_clear(&ids);
    return st;
}

sj_status sji_draw_corridor(sji_job *job, sj_err *err)
{
    size_t n;
    SJ_TRY(draw_page(job, NULL, &n, err));
    for (size_t i = 0; i < job->request->n_links; i++) {
        SJ_TRY(draw_page(job, job->request->links[i], &n, err));
        if (n == 0) {
            return fail_link(job->results, job->request->links[i], err);
        }
    }
    return SJ_OK;
}
