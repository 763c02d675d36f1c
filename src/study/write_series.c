/* series.csv, reps.csv, summary.csv, variance.csv. */
#include "study/table_inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/stats.h"

static sj_status open_table(sj_out *out, const char *folder, const char *file, sj_err *err)
{
    char *path = sj_path_join(folder, file);
    if (path == NULL) {
        return SJ_FAIL(err, SJ_E_NOMEM, file, "out of memory");
    }
    sj_status st = sj_out_open(out, path, err);
    free(path);
    for (int i = 0; st == SJ_OK && i < sj_n_table_docs; i++) {
        if (strcmp(sj_table_docs[i].file, file) == 0) {
            (void)fprintf(out->stream, "%s\n", sj_table_docs[i].columns);
        }
    }
    return st;
}

static void put_key(FILE *stream, const sj_series_key *key)
{
    sji_cell(stream, sj_metric_table[key->metric].id, true);
    sji_cell(stream, key->place, false);
    sji_cell(stream, key->nationality, false);
    sji_cell(stream, key->item, false);
}

sj_status sji_write_series(const sji_results *r, const char *folder, sj_err *err)
{
    sj_out out;
    SJ_TRY(open_table(&out, folder, "series.csv", err));
    const sj_recorder *first = r->done[0];
    for (size_t k = 0; k < r->n_rows; k++) {
        size_t row = r->order[k];
        for (int d = 0; d < first->n_dates; d++) {
            for (int i = 0; i < r->n; i++) {
                r->sample[i] = sj_recorder_at(r->done[i], d, row);
            }
            sji_band band = sji_band_of(r->sample, r->n);
            char date[SJ_DATE_TEXT];
            sj_day_format(first->dates[d], date);
            put_key(out.stream, &first->keys.at[row]);
            (void)fputc(',', out.stream);
            (void)fputs(date, out.stream);
            sji_put(out.stream, band.mean);
            sji_put(out.stream, band.q05);
            sji_put(out.stream, band.q25);
            sji_put(out.stream, band.q50);
            sji_put(out.stream, band.q75);
            sji_put(out.stream, band.q95);
            (void)fprintf(out.stream, ",%d\n", band.n);
        }
    }
    return sj_out_finish(&out, err);
}

static bool is_per_rep(const sj_world *w, sj_metric metric)
{
    for (size_t i = 0; i < w->spec.record.per_rep.n; i++) {
        if (strcmp(w->spec.record.per_rep.at[i], sj_metric_table[metric].id) == 0) {
            return true;
        }
    }
    return false;
}

sj_status sji_write_reps(const sji_results *r, const char *folder, sj_err *err)
{
    sj_out out;
    SJ_TRY(open_table(&out, folder, "reps.csv", err));
    const sj_recorder *first = r->done[0];
    for (size_t k = 0; k < r->n_rows; k++) {
        size_t row = r->order[k];
        const sj_series_key *key = &first->keys.at[row];
        for (int d = 0; is_per_rep(r->world, key->metric) && d < first->n_dates; d++) {
            char date[SJ_DATE_TEXT];
            sj_day_format(first->dates[d], date);
            for (int i = 0; i < r->n; i++) {
                put_key(out.stream, key);
                (void)fprintf(out.stream, ",%s,%d", date, r->rep[i]);
                sji_put(out.stream, sj_recorder_at(r->done[i], d, row));
                (void)fputc('\n', out.stream);
            }
        }
    }
    return sj_out_finish(&out, err);
}

/* Sums over nationalities or over items keep the table readable. */
static bool in_summary(const sj_series_key *key)
{
    return strcmp(key->nationality, "ALL") == 0 || strcmp(key->item, "ALL") == 0;
}

sj_status sji_write_summary(const sji_results *r, const char *folder, sj_err *err)
{
    sj_out out;
    SJ_TRY(open_table(&out, folder, "summary.csv", err));
    const sj_recorder *first = r->done[0];
    for (size_t k = 0; k < r->n_rows; k++) {
        const sj_series_key *key = &first->keys.at[r->order[k]];
        for (int i = 0; in_summary(key) && i < r->n; i++) {
            put_key(out.stream, key);
            (void)fprintf(out.stream, ",%d", r->rep[i]);
            sji_put(out.stream, sj_reduce(r->done[i], r->order[k]));
            (void)fputc('\n', out.stream);
        }
    }
    return sj_out_finish(&out, err);
}

/* Half the mean squared difference of twins: the variance that chance alone makes. */
static double chance_variance(const sji_results *r, size_t row)
{
    double sum = 0;
    int pairs = 0;
    for (int t = r->all->n_main; t < r->all->n_main + r->all->n_twins; t++) {
        const sj_replication *twin = &r->all->at[t], *main = &r->all->at[twin->draw];
        if (twin->status == SJ_OK && main->status == SJ_OK) {
            double d = sj_reduce(twin->recorder, row) - sj_reduce(main->recorder, row);
            sum += isnan(d) ? 0 : d * d / 2;
            pairs += !isnan(d);
        }
    }
    return pairs == 0 ? NAN : sum / pairs;
}

sj_status sji_write_variance(const sji_results *r, const char *folder, sj_err *err)
{
    sj_out out;
    SJ_TRY(open_table(&out, folder, "variance.csv", err));
    const sj_recorder *first = r->done[0];
    for (size_t k = 0; k < r->n_rows; k++) {
        const sj_series_key *key = &first->keys.at[r->order[k]];
        double mean = NAN, variance = NAN;
        int n = 0;
        for (int i = 0; i < r->n; i++) {
            double x = sj_reduce(r->done[i], r->order[k]);
            if (isfinite(x)) {
                r->sample[n++] = x;
            }
        }
        if (!in_summary(key) || n < 2) {
            continue;
        }
        sj_mean_variance(r->sample, (size_t)n, &mean, &variance);
        double chance = r->all->n_twins > 0 ? chance_variance(r, r->order[k]) : variance;
        double share = variance > 0 ? chance / variance : NAN;
        put_key(out.stream, key);
        sji_put(out.stream, variance);
        sji_put(out.stream, share > 1 ? 1 : share);
        (void)fputc('\n', out.stream);
    }
    return sj_out_finish(&out, err);
}

/* ---- flows.csv, waits.csv, overload.csv, observed.csv, events.csv ---- */

/* One row: the people of a cell in a month, r->sample by replication. */
static void put_flow(const sji_results *r, FILE *stream, int month, uint32_t cell)
{
    const sj_world *w = r->world;
    int channel = (int)(cell % (uint32_t)w->n_channels);
    int nation = (int)(cell / (uint32_t)w->n_channels % (uint32_t)w->n_nations);
    const sj_edge *e = &w->edges[cell / (uint32_t)(w->n_channels * w->n_nations)];
    char date[SJ_DATE_TEXT];
    int index = sj_day_month_index(w->start) + month;
    sj_day first = sj_day_of(index / 12, index % 12 + 1, 1);
    sj_day_format(first < w->start ? w->start : first, date);
    sji_band band = sji_band_of(r->sample, r->n);
    sji_cell(stream, date, true);
    sji_cell(stream, w->leaves[e->from].id, false);
    sji_cell(stream, w->leaves[e->to].id, false);
    sji_cell(stream, w->spec.links.at[e->link].item.id, false);
    sji_cell(stream, w->nations[nation].id, false);
    sji_cell(stream, w->channels[channel].id, false);
    sji_put(stream, band.mean);
    sji_put(stream, band.q05);
    sji_put(stream, band.q95);
    (void)fputc('\n', stream);
}

/* The next cell of a month that any replication has, UINT32_MAX when all are through; `at` are the
 * places where the replications have got to. The sample is filled. */
static uint32_t next_cell(const sji_results *r, int month, size_t at[])
{
    uint32_t next = UINT32_MAX;
    for (int i = 0; i < r->n; i++) {
        if (at[i] < r->done[i]->month_end[month] && r->done[i]->flows.at[at[i]].cell < next) {
            next = r->done[i]->flows.at[at[i]].cell;
        }
    }
    for (int i = 0; i < r->n; i++) {
        bool here =
            at[i] < r->done[i]->month_end[month] && r->done[i]->flows.at[at[i]].cell == next;
        r->sample[i] = here ? (double)r->done[i]->flows.at[at[i]].n : 0;
        at[i] += here;
    }
    return next;
}

sj_status sji_write_flows(const sji_results *r, const char *folder, sj_err *err)
{
    sj_out out;
    size_t *at = sj_calloc((size_t)r->n, sizeof *at);
    sj_status st = at == NULL ? SJ_FAIL(err, SJ_E_NOMEM, "flows.csv", "out of memory")
                              : open_table(&out, folder, "flows.csv", err);
    if (st == SJ_OK) {
        for (int month = 0; month < r->done[0]->n_months; month++) {
            uint32_t cell;
            while ((cell = next_cell(r, month, at)) != UINT32_MAX) {
                put_flow(r, out.stream, month, cell);
            }
        }
        st = sj_out_finish(&out, err);
    }
    free(at);
    return st;
}

/* Sums over replications by days, of one stage; `at` are the places where they have got to. */
static void add_waits(const sji_results *r, int stage, size_t at[], double completed[],
                      double waiting[])
{
    memset(completed, 0, SJ_WAIT_DAYS * sizeof *completed);
    memset(waiting, 0, SJ_WAIT_DAYS * sizeof *waiting);
    for (int i = 0; i < r->n; i++) {
        const sj_recorder *rec = r->done[i];
        for (; at[i] < rec->waits.n && rec->waits.at[at[i]].stage == stage; at[i]++) {
            completed[rec->waits.at[at[i]].days] += (double)rec->waits.at[at[i]].completed;
            waiting[rec->waits.at[at[i]].days] += (double)rec->waits.at[at[i]].waiting;
        }
    }
}

static void put_waits(const sji_results *r, FILE *stream, int stage, const double completed[],
                      const double waiting[])
{
    const sj_world *w = r->world;
    const sj_stage_of *of = &w->stages[stage];
    bool post = of->programme == SJ_NO_REF;
    for (int day = 0; day < SJ_WAIT_DAYS; day++) {
        if (completed[day] + waiting[day] == 0) {
            continue;
        }
        sji_cell(stream, post ? "post" : w->programmes[of->programme].spec->item.id, true);
        sji_cell(stream, post ? of->label : of->spec->item.id, false);
        (void)fprintf(stream, ",%d", day);
        sji_put(stream, completed[day] / r->n);
        sji_put(stream, waiting[day] / r->n);
        (void)fputc('\n', stream);
    }
}

sj_status sji_write_waits(const sji_results *r, const char *folder, sj_err *err)
{
    sj_out out;
    size_t *at = sj_calloc((size_t)r->n, sizeof *at);
    double *sums = sj_numbers_new(2 * (size_t)SJ_WAIT_DAYS);
    sj_status st = at == NULL || sums == NULL
                       ? SJ_FAIL(err, SJ_E_NOMEM, "waits.csv", "out of memory")
                       : open_table(&out, folder, "waits.csv", err);
    if (st == SJ_OK) {
        for (int s = 0; s < r->world->n_stages; s++) {
            add_waits(r, s, at, sums, sums + SJ_WAIT_DAYS);
            put_waits(r, out.stream, s, sums, sums + SJ_WAIT_DAYS);
        }
        st = sj_out_finish(&out, err);
    }
    free(at);
    free(sums);
    return st;
}

sj_status sji_write_overload(const sji_results *r, const char *folder, sj_err *err)
{
    const sj_world *w = r->world;
    sj_out out;
    SJ_TRY(open_table(&out, folder, "overload.csv", err));
    for (int s = 0; s < w->n_services; s++) {
        const sj_spec_service *service = &w->spec.services.at[s];
        for (int week = 0; week < sj_record_weeks(w); week++) {
            double sum = 0, over = 0;
            for (int i = 0; i < r->n; i++) {
                double x = r->done[i]->weekly[week * w->n_services + s];
                sum += x;
                over += x > 1;
            }
            char date[SJ_DATE_TEXT];
            sj_day_format(sj_record_week(w, week), date);
            sji_cell(out.stream, w->spec.places.at[service->place].item.id, true);
            sji_cell(out.stream, sj_sector_words[service->sector], false);
            sji_cell(out.stream, date, false);
            sji_put(out.stream, sum / r->n);
            sji_put(out.stream, over / r->n);
            (void)fputc('\n', out.stream);
        }
    }
    return sj_out_finish(&out, err);
}

sj_status sji_write_observed(const sji_results *r, const char *folder, sj_err *err)
{
    const sj_world *w = r->world;
    sj_out out;
    SJ_TRY(open_table(&out, folder, "observed.csv", err));
    for (size_t o = 0; o < w->spec.observations.n; o++) {
        const sj_spec_observation *obs = &w->spec.observations.at[o];
        const sj_value *value = sj_values_row(w->values, obs->value);
        for (int i = 0; i < r->n; i++) {
            r->sample[i] = r->done[i]->observed[o];
        }
        sji_band band = sji_band_of(r->sample, r->n);
        char date[SJ_DATE_TEXT];
        sj_day_format(obs->date, date);
        sji_cell(out.stream, obs->item.id, true);
        sji_cell(out.stream, obs->metric, false);
        sji_cell(out.stream, obs->place ? obs->place : "ALL", false);
        sji_cell(out.stream, obs->nationality ? obs->nationality : "ALL", false);
        sji_cell(out.stream, obs->of ? obs->of : "ALL", false);
        sji_cell(out.stream, date, false);
        sji_put(out.stream, value->base);
        sji_cell(out.stream, sj_values_row(w->values, obs->fitted)->base > 0 ? "yes" : "no", false);
        sji_cell(out.stream, obs->label ? obs->label : obs->item.id, false);
        sji_cell(out.stream, value->source ? value->source : "", false);
        sji_put(out.stream, band.mean);
        sji_put(out.stream, band.q05);
        sji_put(out.stream, band.q50);
        sji_put(out.stream, band.q95);
        (void)fputc('\n', out.stream);
    }
    return sj_out_finish(&out, err);
}

static void put_happening(const sj_world *w, FILE *stream, int rep, const sj_happening *h)
{
    char date[SJ_DATE_TEXT], what[160];
    sj_day_format(w->start + h->day, date);
    if (strcmp(h->kind, "overload") == 0) {
        (void)snprintf(what, sizeof what, "utilisation %.3g for 14 days", h->value);
    } else {
        (void)snprintf(what, sizeof what, "%.120s", w->ops[(int)h->value].spec->at);
    }
    (void)fprintf(stream, "%d,%s", rep, date);
    sji_cell(stream, h->kind, false);
    sji_cell(stream, h->where, false);
    sji_cell(stream, what, false);
    (void)fputc('\n', stream);
}

sj_status sji_write_events(const sji_results *r, const char *folder, sj_err *err)
{
    sj_out out;
    SJ_TRY(open_table(&out, folder, "events.csv", err));
    for (int i = 0; i < r->n; i++) {
        for (size_t k = 0; k < r->done[i]->happenings.n; k++) {
            put_happening(r->world, out.stream, r->rep[i], &r->done[i]->happenings.at[k]);
        }
    }
    return sj_out_finish(&out, err);
}
