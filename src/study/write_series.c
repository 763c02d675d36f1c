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

static double value_at(const sj_recorder *recorder, int date, size_t row)
{
    return recorder->values.at[(size_t)date * recorder->keys.n + row];
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
                r->sample[i] = value_at(r->done[i], d, row);
            }
            sji_band band = sji_band_of(r->sample, r->n);
            char date[SJ_DATE_TEXT];
            sj_day_format(first->dates[d], date);
            put_key(out.stream, &first->keys.at[row]);
            (void)fprintf(out.stream, ",%s", date);
            sji_put(out.stream, band.mean);
            sji_put(out.stream, band.q05);
            sji_put(out.stream, band.q50);
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
                sji_put(out.stream, value_at(r->done[i], d, row));
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

static void put_flow(const sji_results *r, FILE *stream, int month, int edge, int nation,
                     int channel)
{
    const sj_world *w = r->world;
    int n = w->n_edges * w->n_nations * w->n_channels;
    int at = (edge * w->n_nations + nation) * w->n_channels + channel;
    double sum = 0;
    for (int i = 0; i < r->n; i++) {
        r->sample[i] = r->done[i]->traffic[month * n + at];
        sum += r->sample[i];
    }
    if (sum == 0) {
        return;
    }
    const sj_edge *e = &w->edges[edge];
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

sj_status sji_write_flows(const sji_results *r, const char *folder, sj_err *err)
{
    const sj_world *w = r->world;
    sj_out out;
    SJ_TRY(open_table(&out, folder, "flows.csv", err));
    for (int month = 0; month < r->done[0]->n_months; month++) {
        for (int e = 0; e < w->n_edges; e++) {
            for (int n = 0; n < w->n_nations; n++) {
                for (int m = 0; m < w->n_channels; m++) {
                    put_flow(r, out.stream, month, e, n, m);
                }
            }
        }
    }
    return sj_out_finish(&out, err);
}

sj_status sji_write_waits(const sji_results *r, const char *folder, sj_err *err)
{
    const sj_world *w = r->world;
    sj_out out;
    SJ_TRY(open_table(&out, folder, "waits.csv", err));
    for (int s = 0; s < w->n_stages; s++) {
        const sj_stage_of *stage = &w->stages[s];
        bool post = stage->programme == SJ_NO_REF;
        for (int day = 0; day < SJ_WAIT_DAYS; day++) {
            double completed = 0, waiting = 0;
            for (int i = 0; i < r->n; i++) {
                completed += (double)r->done[i]->waits[s * SJ_WAIT_DAYS + day];
                waiting += (double)r->done[i]->waiting[s * SJ_WAIT_DAYS + day];
            }
            if (completed + waiting == 0) {
                continue;
            }
            sji_cell(out.stream, post ? "post" : w->programmes[stage->programme].spec->item.id,
                     true);
            sji_cell(out.stream, post ? stage->label : stage->spec->item.id, false);
            (void)fprintf(out.stream, ",%d", day);
            sji_put(out.stream, completed / r->n);
            sji_put(out.stream, waiting / r->n);
            (void)fputc('\n', out.stream);
        }
    }
    return sj_out_finish(&out, err);
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
