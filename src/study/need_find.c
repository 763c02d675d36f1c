/* What a need is worked out from: the capacity of the file and its policies, demand or arrivals of
 * every replication. */
#include "study/need.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "io/format.h"
#include "num/stats.h"
#include "record/metric.h"
#include "study/need_inside.h"

static sj_status nomem(sj_err *err)
{
    return SJ_FAIL(err, SJ_E_NOMEM, "need", "out of memory");
}

/* ---- values by day ---- */

/* Value of the file on a day, with the policies that have dates, in the order of the law. */
double sji_need_value(const sj_world *w, sj_val value, sj_day day, bool *has_trigger)
{
    double x = sj_values_row(w->values, value)->base;
    for (int k = 0; k < w->n_ops; k++) {
        const sj_spec_op *op = w->ops[k].spec;
        bool is_of = false;
        for (int i = 0; i < w->ops[k].n_values; i++) {
            is_of = is_of || w->ops[k].values[i] == value;
        }
        if (is_of && op->when.metric != NULL && has_trigger != NULL) {
            *has_trigger = true;
        }
        sj_day from = op->from == SJ_NO_DAY ? w->start : op->from;
        if (!is_of || op->when.metric != NULL || day < from ||
            (op->to != SJ_NO_DAY && day >= op->to)) {
            continue;
        }
        double ramp = sj_values_row(w->values, op->ramp_days)->base;
        double in = ramp > 0 ? fmin(1, (day - from) / ramp) : 1;
        if (op->set != SJ_NO_VALUE) {
            x += in * (sj_values_row(w->values, op->set)->base - x);
        } else if (op->scale != SJ_NO_VALUE) {
            x *= 1 + in * (sj_values_row(w->values, op->scale)->base - 1);
        } else {
            x += in * sj_values_row(w->values, op->add)->base;
        }
    }
    return x;
}

/* ---- what reps.csv must hold ---- */

static bool is_per_rep(const sj_world *w, const char *metric)
{
    for (size_t i = 0; i < w->spec.record.per_rep.n; i++) {
        if (strcmp(w->spec.record.per_rep.at[i], metric) == 0) {
            return true;
        }
    }
    return false;
}

sj_status sji_need_metrics(const sj_world *w, const char *const metrics[], size_t n, sj_err *err)
{
    char list[256] = "";
    bool missing = false;
    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(list);
        missing = missing || !is_per_rep(w, metrics[i]);
        (void)snprintf(list + length, sizeof list - length, "%s\"%s\"", i > 0 ? "," : "",
                       metrics[i]);
    }
    if (!missing) {
        return SJ_OK;
    }
    sj_status st =
        SJ_FAIL(err, SJ_E_REFERENCE, "/record/per_rep",
                "reps.csv of the folder lacks what is needed of every replication: %s", list);
    if (err != NULL) {
        (void)snprintf(err->hint, sizeof err->hint,
                       "run the scenario again with --set '/record/per_rep=[%.180s]'", list);
    }
    return st;
}

/* ---- services ---- */

/* Is it a service of the place that was asked for (its place, or a country and one of its leaves)?
 */
static bool serves(const sj_world *w, const sj_spec_service *s, const char *place)
{
    int country = sj_world_country(w, place);
    return strcmp(w->spec.places.at[s->place].item.id, place) == 0 ||
           strcmp(w->leaves[w->leaf_of_place[s->place]].id, place) == 0 ||
           (country != SJ_NO_REF && w->country_of_place[s->place] == country);
}

static sj_status no_service(const sj_world *w, const sj_need_ask *ask, sj_err *err)
{
    char known[200] = "";
    for (int i = 0; i < w->n_services; i++) {
        const sj_spec_service *s = &w->spec.services.at[i];
        size_t length = strlen(known);
        (void)snprintf(known + length, sizeof known - length, "%s%s of %s", length > 0 ? ", " : "",
                       sj_sector_words[s->sector], w->spec.places.at[s->place].item.id);
    }
    sj_status st = SJ_FAIL(err, SJ_E_REFERENCE, "--item",
                           "no service of the sector \"%s\" in \"%s\"", ask->item, ask->place);
    if (err != NULL && known[0] != '\0') {
        (void)snprintf(err->hint, sizeof err->hint, "there are: %s", known);
    }
    return st;
}

static sj_status find_service(sj_need *out, const sj_world *w, sj_err *err)
{
    int n = 0, sector = sj_sector_named(out->ask.item);
    out->unit = "places";
    for (int i = 0; i < w->n_services; i++) {
        const sj_spec_service *s = &w->spec.services.at[i];
        if (s->sector == sector && serves(w, s, out->ask.place)) {
            (void)snprintf(out->pointer, sizeof out->pointer, "/services/%.200s/capacity",
                           s->item.id);
            n++;
            for (size_t f = 0; f < w->spec.funds.n; f++) {
                const sj_numbers *spend = &w->spec.funds.at[f].spend;
                for (size_t k = 0; k < spend->n; k++) {
                    out->has_fund = out->has_fund || spend->at[k].ref == i;
                }
            }
        }
    }
    if (n > 1) {
        out->pointer[0] = '\0';
    }
    return n > 0 ? SJ_OK : no_service(w, &out->ask, err);
}

/* series.csv: a column by date, of the row asked for; of `metric`. NaN where there is none. */
static double band_at(const sj_csv *csv, const sj_need_ask *ask, const char *metric,
                      const char *column, sj_day day)
{
    int c = sj_csv_column(csv, column);
    const char *const key[] = {metric, ask->place, "ALL", ask->item};
    static const char *const headings[] = {"metric", "place", "nationality", "item"};
    char date[SJ_DATE_TEXT];
    sj_day_format(day, date);
    for (size_t row = 0; c >= 0 && row < csv->n_rows; row++) {
        bool is_of = strcmp(sj_csv_cell(csv, row, sj_csv_column(csv, "date")), date) == 0;
        for (int i = 0; is_of && i < 4; i++) {
            is_of = strcmp(sj_csv_cell(csv, row, sj_csv_column(csv, headings[i])), key[i]) == 0;
        }
        double x;
        if (is_of) {
            return sj_csv_number(csv, row, c, &x) ? x : (double)NAN;
        }
    }
    return 0; /* rows that are 0 throughout are left out */
}

static sj_status load_series(sj_csv *csv, const char *folder, sj_err *err)
{
    static const char *const headings[] = {"metric", "place", "nationality",
                                           "item",   "date",  "mean"};
    sj_problems problems = {0};
    char *path = sj_path_join(folder, "series.csv");
    sj_status st = path == NULL ? nomem(err) : sj_csv_load(csv, path, &problems);
    st = st == SJ_OK ? sj_problems_status(&problems) : st;
    if (st != SJ_OK && problems.n > 0) {
        *err = problems.at[0];
    }
    for (size_t i = 0; st == SJ_OK && i < sizeof headings / sizeof headings[0]; i++) {
        if (sj_csv_column(csv, headings[i]) < 0) {
            st = SJ_FAIL(err, SJ_E_CSV, path, "has no column \"%s\"", headings[i]);
        }
    }
    sj_problems_clear(&problems);
    free(path);
    return st;
}

/* "q95" for 0.95, "" where series.csv has no such quantile. */
static void band_name(double p, const sj_csv *series, char name[16])
{
    (void)snprintf(name, 16, "q%02.0f", 100 * p);
    if (fabs(100 * p - round(100 * p)) > 1e-9 || sj_csv_column(series, name) < 0) {
        name[0] = '\0';
    }
}

static bool push_places(sj_need *out, const sj_csv *series, sj_day from, double demand,
                        double share)
{
    sj_need_row row = {.from = from,
                       .record = from,
                       .there = band_at(series, &out->ask, "capacity", "mean", from),
                       .needed = fmax(0, ceil(demand / out->ask.below - 1e-9)),
                       .share = share,
                       .checked = NAN,
                       .is_met = true};
    return sj_vec_push(&out->rows, row);
}

static sj_status places_by_rep(sj_need *out, const sj_csv *series, const char *folder, sj_err *err)
{
    const sj_need_ask *ask = &out->ask;
    sji_reps reps = {0};
    sji_panel demand = {0};
    sj_status st = sji_reps_load(&reps, folder, err);
    if (st == SJ_OK) {
        st = sji_panel_read(&demand, &reps, "demand", ask->place, ask->item, err);
    }
    double *room = sj_calloc((size_t)reps.n_reps, sizeof *room);
    st = st == SJ_OK && room == NULL ? nomem(err) : st;
    out->n_reps = reps.n_reps;
    for (size_t d = 0; st == SJ_OK && reps.n_reps > 0 && d < reps.dates.n; d++) {
        const double *sample = demand.at + d * reps.numbers.n;
        double need = sj_need_quantile(sample, reps.n_reps, ask->probability, room);
        double places = fmax(0, ceil(need / ask->below - 1e-9));
        int n = 0;
        for (int r = 0; r < reps.n_reps; r++) {
            n += sample[r] <= ask->below * places + 1e-9;
        }
        if (reps.dates.at[d] > out->start &&
            !push_places(out, series, reps.dates.at[d], need, (double)n / reps.n_reps)) {
            st = nomem(err);
        }
    }
    free(room);
    sji_panel_clear(&demand);
    sji_reps_clear(&reps);
    return st;
}

/* Dates of the rows of one key in series.csv. */
static sj_status places_by_band(sj_need *out, const sj_csv *series, const char *band, sj_err *err)
{
    int date = sj_csv_column(series, "date"), metric = sj_csv_column(series, "metric");
    int place = sj_csv_column(series, "place"), item = sj_csv_column(series, "item");
    out->is_from_bands = true;
    for (size_t row = 0; row < series->n_rows; row++) {
        sj_day day;
        if (strcmp(sj_csv_cell(series, row, metric), "demand") == 0 &&
            strcmp(sj_csv_cell(series, row, place), out->ask.place) == 0 &&
            strcmp(sj_csv_cell(series, row, item), out->ask.item) == 0 &&
            sj_day_parse(sj_csv_cell(series, row, date), &day) && day > out->start &&
            !push_places(out, series, day, band_at(series, &out->ask, "demand", band, day), NAN)) {
            return nomem(err);
        }
    }
    return SJ_OK;
}

static sj_status find_places(sj_need *out, const char *folder, const sj_world *w, sj_err *err)
{
    static const char *const metrics[] = {"demand"};
    sj_csv series = {0};
    char band[16];
    SJ_TRY(find_service(out, w, err));
    sj_status st = load_series(&series, folder, err);
    if (st == SJ_OK) {
        band_name(out->ask.probability, &series, band);
        st = is_per_rep(w, "demand") ? places_by_rep(out, &series, folder, err)
             : band[0] != '\0'       ? places_by_band(out, &series, band, err)
                                     : sji_need_metrics(w, metrics, 1, err);
    }
    sj_csv_clear(&series);
    return st;
}

/* ---- the question ---- */

static sj_status check_ask(const sj_need_ask *ask, bool is_queue, sj_err *err)
{
    if (!(ask->probability > 0 && ask->probability < 1)) {
        return SJ_FAIL(err, SJ_E_USAGE, "--probability", "lies between 0 and 1, such as 0.9");
    }
    if (is_queue ? !(ask->below >= 0) : !(ask->below > 0)) {
        return SJ_FAIL(err, SJ_E_USAGE, "--below",
                       is_queue ? "is a number of people, 0 or more"
                                : "is a utilisation above 0, such as 1");
    }
    return SJ_OK;
}

static sj_status other_metric(const char *metric, sj_err *err)
{
    static const char *const known[] = {"utilisation", "queue_length"};
    const char *near = sj_suggest(metric, known, 2);
    sj_status st = SJ_FAIL(
        err, SJ_E_USAGE, "--metric",
        "need knows utilisation (of services) and queue_length (of stages), not "
        "\"%.60s\"%s",
        metric,
        sj_metric_named(metric) >= 0 ? ": what it takes does not follow from the tables" : "");
    if (err != NULL && near != NULL) {
        (void)snprintf(err->hint, sizeof err->hint, "did you mean \"%s\"?", near);
    }
    return st;
}

sj_status sj_need_find(sj_need *out, const sj_need_ask *ask, const char *folder,
                       const sj_world *world, sj_err *err)
{
    memset(out, 0, sizeof *out);
    out->ask = *ask;
    out->start = world->start;
    bool is_queue = strcmp(ask->metric, "queue_length") == 0;
    if (!is_queue && strcmp(ask->metric, "utilisation") != 0) {
        return other_metric(ask->metric, err);
    }
    SJ_TRY(check_ask(ask, is_queue, err));
    SJ_TRY(is_queue ? sji_need_units(out, folder, world, err)
                    : find_places(out, folder, world, err));
    return out->rows.n > 0 ? SJ_OK
                           : SJ_FAIL(err, SJ_E_CSV, folder, "its tables hold no %s of %s in %s",
                                     is_queue ? "queue" : "demand", ask->item, ask->place);
}
