/* How many claims are pending: a panel for each asylum programme, the most first. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/fan.h"
#include "report/texts.h"

/* Stages of a programme that have a queue. */
static size_t count_stages(const sji_results *r, const char *programme)
{
    size_t n = 0, length = strlen(programme);
    for (size_t i = 0; i < r->curves.n; i++) {
        const sji_curve *curve = &r->curves.at[i];
        n += strcmp(curve->metric, "queue_length") == 0 &&
             strncmp(curve->item, programme, length) == 0 && curve->item[length] == '/' &&
             strcmp(curve->nationality, "ALL") == 0;
    }
    return n;
}

/* "1,303,211 on 31 Dec 2022". */
static void put_line(sj_str *out, const sji_fan *fan)
{
    const sji_fan_at *last = fan->model.n > 0 ? &fan->model.at[fan->model.n - 1] : NULL;
    if (last != NULL && isfinite(last->middle)) {
        sji_words_count(out, last->middle);
        sj_str_add(out, " on ");
        sji_words_day(out, last->day);
    }
}

/* A programme of one stage is named without it, and counts of the programme are counts of it. */
static bool make_fan(sji_fan *fan, const sji_job *job, const sji_curve *curve,
                     const char *programme, const char *stage)
{
    const sji_results *r = job->results;
    const sj_observations *observed = job->request->observed;
    bool is_only = count_stages(r, programme) == 1;
    const char *name = sji_results_name(r, "programmes", programme);
    sj_str_add(&fan->title, name);
    if (!is_only) {
        sj_str_add(&fan->title, ": ");
        sj_str_add(&fan->title, sji_results_stage_name(r, programme, stage));
    }
    if (!sji_fan_add_curve(fan, r, curve, false) ||
        !sji_fan_add_seen(fan, observed, "queue_length", curve->place, "ALL", curve->item)) {
        return false;
    }
    put_line(&fan->line, fan);
    fan->weight = sji_curve_peak(curve, false);
    return !is_only ||
           sji_fan_add_seen(fan, observed, "queue_length", curve->place, "ALL", programme);
}

static sj_status draw_claims(sji_job *job, sji_fan fan[], size_t n_all, sj_err *err)
{
    sj_str answer = {0};
    size_t n = sji_fans_choose(fan, n_all, SJI_FANS_MOST);
    const sji_fan_at *busiest = sji_fan_busiest(&fan[0]);
    sj_str_add(&answer, "Claims on which no decision has been taken, by month. The most: ");
    sji_words_count(&answer, busiest->middle);
    sj_str_add(&answer, ", ");
    sji_words_fit(&answer, fan[0].title.text == NULL ? "" : fan[0].title.text, 40.0);
    sj_str_add(&answer, ", in ");
    sji_words_month(&answer, busiest->day);
    sj_str_add(&answer, n > 1 ? ". Each panel has its own scale" : "");
    if (n_all > n) {
        sj_str_printf(&answer, "; the %zu with most claims of %zu", n, n_all);
    }
    sj_str_add(&answer, ".");
    sji_fan_page page = {"asylum", "How many asylum claims are pending?", answer.text,
                         "model, median"};
    sj_status st = answer.failed ? SJ_FAIL(err, SJ_E_NOMEM, "asylum", "out of memory")
                                 : sji_fans_draw(job, &page, fan, n, err);
    sj_str_clear(&answer);
    return st;
}

sj_status sji_draw_asylum(sji_job *job, sj_err *err)
{
    const sji_results *r = job->results;
    sji_fan *fan = sj_calloc(r->curves.n, sizeof *fan);
    bool is_whole = fan != NULL;
    size_t n = 0;
    for (size_t i = 0; i < r->curves.n && is_whole; i++) {
        const sji_curve *curve = &r->curves.at[i];
        const char *programme, *stage;
        if (strcmp(curve->metric, "queue_length") != 0 || strchr(curve->item, '/') == NULL ||
            strcmp(curve->nationality, "ALL") != 0 || sji_curve_peak(curve, false) <= 0.0) {
            continue;
        }
        is_whole = sji_results_stage(r, curve->item, &programme, &stage);
        if (is_whole && sji_programme_is_asylum(r, programme)) {
            is_whole = make_fan(&fan[n++], job, curve, programme, stage);
        }
    }
    sj_status st = SJ_OK;
    if (!is_whole) {
        st = SJ_FAIL(err, SJ_E_NOMEM, "asylum", "out of memory");
    } else if (n > 0) {
        st = draw_claims(job, fan, n, err);
    }
    sji_fans_free(fan, n);
    return st;
}
