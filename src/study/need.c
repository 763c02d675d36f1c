#include "study/need.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/stats.h"
#include "study/need_inside.h"
#include "study/table_inside.h"

static const double rounding = 1e-9; /* a share or level reached but for rounding is reached */
static const double most_units = 1e7;

int sj_need_rank(double p, int n)
{
    int rank = (int)ceil(p * n - rounding);
    return rank < 1 ? 1 : rank > n ? n : rank;
}

double sj_need_quantile(const double sample[], int n, double p, double room[])
{
    memcpy(room, sample, (size_t)n * sizeof *room);
    sj_sort(room, (size_t)n);
    return room[sj_need_rank(p, n) - 1];
}

/* ---- queues ---- */

double sj_queue_end(const sj_queue_month *m, double queue, double arrivals, double units)
{
    int n_joining = 0;
    for (int d = 0; d < m->n_days; d++) {
        n_joining += m->arrives[d];
    }
    double a_day = n_joining > 0 ? arrivals / n_joining : 0;
    for (int d = 0; d < m->n_days; d++) {
        double joining = m->arrives[d] ? a_day : 0, fresh = 0;
        int back =
            m->joins_before ? 0 : 1; /* who joined so many days ago is called today at best */
        queue += m->joins_before ? joining : 0;
        for (; back < m->handover_days; back++) {
            fresh += back > d || m->arrives[d - back] ? a_day : 0;
        }
        double ready = queue > fresh ? queue - fresh : 0;
        double slots = fmin(units, m->most[d]) * m->per_unit[d];
        queue -= fmin(slots, ready) * (1 - m->stays);
        queue -= queue * m->leaves_per_day;
        queue += m->joins_before ? 0 : joining;
    }
    return queue;
}

/* How many of n are at or below the level; *rest = what waits beyond it. */
static int count_below(const sj_queue_month *m, const double *const of[3], int n, double below,
                       double units, double *rest)
{
    int count = 0;
    *rest = 0;
    for (int i = 0; i < n; i++) {
        double end = sj_queue_end(m, of[0][i], of[1][i], units) + of[2][i];
        count += end <= below + rounding;
        *rest += end > below ? end - below : 0;
    }
    return count;
}

double sj_queue_need(const sj_queue_month *month, const double queue[], const double arrivals[],
                     const double chance[], int n, double below, double p, bool *is_met)
{
    const double *const of[] = {queue, arrivals, chance};
    double rest, least, low = -1, high = most_units;
    int rank = sj_need_rank(p, n);
    *is_met = count_below(month, of, n, below, high, &least) >= rank;
    while (high - low > 1) {
        double middle = floor((low + high) / 2);
        int count = count_below(month, of, n, below, middle, &rest);
        bool enough = *is_met ? count >= rank : rest <= least * (1 + rounding) + rounding;
        *(enough ? &high : &low) = middle;
    }
    return high;
}

/* ---- what is written ---- */

void sj_need_clear(sj_need *need)
{
    sj_vec_clear(&need->rows);
}

sj_status sj_need_write(const sj_need *need, const char *path, sj_err *err)
{
    sj_out out;
    SJ_TRY(sj_out_open(&out, path, err));
    (void)fprintf(out.stream, "month,record,metric,place,item,below,probability,unit,there,needed,"
                              "gap,met,share,checked\n");
    for (size_t i = 0; i < need->rows.n; i++) {
        const sj_need_row *row = &need->rows.at[i];
        char from[SJ_DATE_TEXT], record[SJ_DATE_TEXT];
        sj_day_format(row->from, from);
        sj_day_format(row->record, record);
        (void)fprintf(out.stream, "%s,%s", from, record);
        sji_cell(out.stream, need->ask.metric, false);
        sji_cell(out.stream, need->ask.place, false);
        sji_cell(out.stream, need->ask.item, false);
        sji_put(out.stream, need->ask.below);
        sji_put(out.stream, need->ask.probability);
        sji_cell(out.stream, need->unit, false);
        sji_put(out.stream, row->there);
        sji_put(out.stream, row->needed);
        sji_put(out.stream, row->needed - row->there);
        sji_cell(out.stream, row->is_met ? "yes" : "no", false);
        sji_put(out.stream, row->share);
        sji_put(out.stream, row->checked);
        (void)fputc('\n', out.stream);
    }
    return sj_out_finish(&out, err);
}

/* Officers must be there all the days before that the rise takes to work: the most of all months
 * that a day counts for. */
static double value_on(const sj_need *need, sj_day day)
{
    double most = -1;
    for (size_t i = 0; i < need->rows.n; i++) {
        bool is_last = i + 1 == need->rows.n;
        sj_day from = need->rows.at[i].from - need->lag;
        sj_day to = is_last ? INT32_MAX : need->rows.at[i + 1].from;
        if (from <= day && day < to && need->rows.at[i].needed > most) {
            most = need->rows.at[i].needed;
        }
    }
    return most;
}

static void put_op(FILE *stream, const sj_need *need, sj_day from, sj_day to, double value)
{
    char number[SJ_NUMBER_TEXT], date[SJ_DATE_TEXT];
    (void)sj_format_number(value, number);
    sj_day_format(from, date);
    (void)fprintf(stream, "    { \"at\": \"%s\", \"set\": %s, \"from\": \"%s\"", need->pointer,
                  number, date);
    if (to != INT32_MAX) {
        sj_day_format(to, date);
        (void)fprintf(stream, ", \"to\": \"%s\" },\n", date);
    } else {
        (void)fprintf(stream, " }\n");
    }
}

/* Ids hold letters, digits and hyphens, so that nothing is to be escaped. */
sj_status sj_need_write_policy(const sj_need *need, const char *path, sj_err *err)
{
    sj_out out;
    char below[SJ_NUMBER_TEXT], probability[SJ_NUMBER_TEXT];
    if (need->pointer[0] == '\0') {
        return SJ_FAIL(err, SJ_E_REFERENCE, "--place",
                       "%s has several services of the sector %s: name the place of one",
                       need->ask.place, need->ask.item);
    }
    SJ_TRY(sj_out_open(&out, path, err));
    (void)sj_format_number(need->ask.below, below);
    (void)sj_format_number(need->ask.probability, probability);
    (void)fprintf(out.stream,
                  "{\n  \"format\": \"sojourn-policy/1\",\n  \"id\": \"need\",\n"
                  "  \"title\": \"Capacity that keeps %s of %s at %s at most, with probability "
                  "%s\",\n  \"ops\": [\n",
                  need->ask.metric, need->ask.item, below, probability);
    sj_day last = need->rows.at[need->rows.n - 1].record, from = need->start + 1;
    while (from <= last && value_on(need, from) < 0) {
        from++;
    }
    for (sj_day day = from; day <= last; day++) {
        if (day == last || value_on(need, day + 1) != value_on(need, from)) {
            put_op(out.stream, need, from, day == last ? INT32_MAX : day + 1, value_on(need, from));
            from = day + 1;
        }
    }
    (void)fprintf(out.stream, "  ]\n}\n");
    return sj_out_finish(&out, err);
}

/* ---- what a run with it tells ---- */

sj_status sj_need_check(sj_need *need, const char *folder, double *all, double *mean, sj_err *err)
{
    sji_reps reps = {0};
    sji_panel panel = {0};
    double sum = 0;
    int n_met = 0, n_good = 0;
    sj_status st = sji_reps_load(&reps, folder, err);
    if (st == SJ_OK) {
        st = sji_panel_read(&panel, &reps, need->ask.metric, need->ask.place, need->ask.item, err);
    }
    for (int r = 0; st == SJ_OK && r < reps.n_reps; r++) {
        bool good = true;
        for (size_t i = 0; i < need->rows.n; i++) {
            sj_need_row *row = &need->rows.at[i];
            int date = sji_reps_date(&reps, row->record);
            double x = date < 0 ? (double)NAN : panel.at[date * reps.n_reps + r];
            bool below = x <= need->ask.below + rounding;
            row->checked = (r == 0 ? 0 : row->checked) + (double)below / reps.n_reps;
            good = good && (below || !row->is_met);
        }
        n_good += good;
    }
    for (size_t i = 0; st == SJ_OK && i < need->rows.n; i++) {
        n_met += need->rows.at[i].is_met;
        sum += need->rows.at[i].is_met ? need->rows.at[i].checked : 0;
    }
    *all = reps.n_reps > 0 ? (double)n_good / reps.n_reps : (double)NAN;
    *mean = n_met > 0 ? sum / n_met : (double)NAN;
    sji_panel_clear(&panel);
    sji_reps_clear(&reps);
    return st;
}
