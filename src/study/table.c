#include "study/table.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "num/stats.h"
#include "study/table_inside.h"

const sj_table_doc sj_table_docs[] = {
    {"series.csv", "metric,place,nationality,item,date,mean,q05,q25,q50,q75,q95,reps",
     "every metric at every record, with its band over replications"},
    {"reps.csv", "metric,place,nationality,item,date,rep,value",
     "single replications of the metrics in /record/per_rep"},
    {"summary.csv", "metric,place,nationality,item,rep,value",
     "one number a run: the end of a level, the sum of a flow"},
    {"variance.csv", "metric,place,nationality,item,variance,monte_carlo_share",
     "variance of the summary over replications, and the share of it that is Monte Carlo"},
    {"flows.csv", "date,from,to,link,nationality,channel,mean,q05,q95",
     "people who ended a leg in the month that begins on the date"},
    {"waits.csv", "programme,stage,days,completed,waiting",
     "people by days waited at a stage, and those waiting at the end; mean over replications"},
    {"overload.csv", "place,sector,date,utilisation,overloaded",
     "mean utilisation of the week, and the share of replications above 1"},
    {"observed.csv",
     "id,metric,place,nationality,item,date,observed,fitted,label,source,mean,q05,q50,q95",
     "published figures beside the model's at their dates"},
    {"events.csv", "rep,time,kind,where,what", "policies that came into force, overloads"}};
const int sj_n_table_docs = sizeof sj_table_docs / sizeof sj_table_docs[0];

void sji_cell(FILE *stream, const char *text, bool first)
{
    if (!first) {
        (void)fputc(',', stream);
    }
    sj_csv_write(stream, text);
}

void sji_put(FILE *stream, double value)
{
    char text[SJ_NUMBER_TEXT];
    (void)sj_format_number(value, text);
    (void)fputc(',', stream);
    (void)fputs(text, stream);
}

sji_band sji_band_of(double sample[], int n)
{
    int kept = 0;
    double sum = 0;
    for (int i = 0; i < n; i++) {
        if (!isnan(sample[i])) {
            sum += sample[i];
            sample[kept++] = sample[i];
        }
    }
    if (kept == 0) {
        return (sji_band){NAN, NAN, NAN, NAN, NAN, NAN, 0};
    }
    size_t n_kept = (size_t)kept;
    sj_sort(sample, n_kept);
    return (sji_band){.mean = sum / kept,
                      .q05 = sj_quantile_sorted(sample, n_kept, 0.05),
                      .q25 = sj_quantile_sorted(sample, n_kept, 0.25),
                      .q50 = sj_quantile_sorted(sample, n_kept, 0.5),
                      .q75 = sj_quantile_sorted(sample, n_kept, 0.75),
                      .q95 = sj_quantile_sorted(sample, n_kept, 0.95),
                      .n = kept};
}

double sj_reduce(const sj_recorder *recorder, size_t row)
{
    if (sj_metric_table[recorder->keys.at[row].metric].kind != SJ_METRIC_FLOW) {
        return sj_recorder_at(recorder, recorder->n_dates - 1, row);
    }
    double sum = 0;
    for (int d = 0; d < recorder->n_dates; d++) {
        sum += sj_recorder_at(recorder, d, row);
    }
    return sum;
}

typedef struct sorted_row {
    const sj_series_key *key;
    size_t row;
} sorted_row;

static int compare_rows(const void *a, const void *b)
{
    const sj_series_key *x = ((const sorted_row *)a)->key, *y = ((const sorted_row *)b)->key;
    int c = strcmp(sj_metric_table[x->metric].id, sj_metric_table[y->metric].id);
    c = c != 0 ? c : strcmp(x->place, y->place);
    c = c != 0 ? c : strcmp(x->nationality, y->nationality);
    return c != 0 ? c : strcmp(x->item, y->item);
}

/* Rows that are 0 or missing throughout say nothing and are left out. */
static bool says_something(const sji_results *r, size_t row)
{
    for (int i = 0; i < r->n; i++) {
        const sj_recorder *rec = r->done[i];
        for (int d = 0; sj_recorder_says(rec, row) && d < rec->n_dates; d++) {
            double x = sj_recorder_at(rec, d, row);
            if (!isnan(x) && x != 0) {
                return true;
            }
        }
    }
    return false;
}

static sj_status sort_rows(sji_results *r, sj_err *err)
{
    const sj_recorder *first = r->done[0];
    sorted_row *rows = sj_calloc(first->keys.n, sizeof *rows);
    r->order = sj_calloc(first->keys.n, sizeof *r->order);
    if (rows == NULL || r->order == NULL) {
        free(rows);
        return SJ_FAIL(err, SJ_E_NOMEM, "results", "out of memory");
    }
    size_t n = 0;
    for (size_t i = 0; i < first->keys.n; i++) {
        if (says_something(r, i)) {
            rows[n++] = (sorted_row){&first->keys.at[i], i};
        }
    }
    qsort(rows, n, sizeof *rows, compare_rows);
    for (size_t i = 0; i < n; i++) {
        r->order[i] = rows[i].row;
    }
    r->n_rows = n;
    free(rows);
    return SJ_OK;
}

static sj_status gather(sji_results *r, const sj_replications *all, sj_err *err)
{
    r->all = all;
    r->world = all->world;
    r->done = sj_calloc((size_t)all->n_main, sizeof *r->done);
    r->rep = sj_calloc((size_t)all->n_main, sizeof(int));
    r->sample = sj_numbers_new((size_t)all->n_main);
    if (r->done == NULL || r->rep == NULL || r->sample == NULL) {
        return SJ_FAIL(err, SJ_E_NOMEM, "results", "out of memory");
    }
    for (int i = 0; i < all->n_main; i++) {
        if (all->at[i].status == SJ_OK) {
            r->done[r->n] = all->at[i].recorder;
            r->rep[r->n++] = i;
        }
    }
    return r->n == 0 ? SJ_FAIL(err, SJ_E_INTERRUPTED, "results", "no replication was finished")
                     : sort_rows(r, err);
}

/* Tables of a run before are no longer described by its manifest, nor what other commands made of
 * them: these go first and the manifest comes last, so that a folder with one is whole. */
static sj_status take_back(const char *folder, sj_err *err)
{
    static const char *const files[] = {"manifest.json", "datapackage.json", "compare.csv",
                                        "fit.csv",       "fit-rows.csv",     "fit-changes.csv",
                                        "need.csv",      "need-policy.json"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char *path = sj_path_join(folder, files[i]);
        if (path == NULL) {
            return SJ_FAIL(err, SJ_E_NOMEM, files[i], "out of memory");
        }
        bool bad = unlink(path) != 0 && errno != ENOENT;
        sj_status st =
            bad ? SJ_FAIL(err, SJ_E_IO, path, "cannot remove: %s", strerror(errno)) : SJ_OK;
        free(path);
        SJ_TRY(st);
    }
    return SJ_OK;
}

sj_status sj_results_write(const sj_replications *replications, const char *folder,
                           const sj_replicate_options *options, sj_err *err)
{
    typedef sj_status (*writer)(const sji_results *, const char *, sj_err *);
    static const writer writers[] = {sji_write_series,   sji_write_reps,     sji_write_summary,
                                     sji_write_variance, sji_write_flows,    sji_write_waits,
                                     sji_write_overload, sji_write_observed, sji_write_events,
                                     sji_write_scenario};
    sji_results r = {0};
    sj_status st = gather(&r, replications, err);
    if (st == SJ_OK) {
        st = take_back(folder, err);
    }
    for (size_t i = 0; st == SJ_OK && i < sizeof writers / sizeof writers[0]; i++) {
        st = writers[i](&r, folder, err);
    }
    if (st == SJ_OK) {
        st = sji_write_manifest(&r, folder, options, err);
    }
    free(r.done);
    free(r.rep);
    free(r.order);
    free(r.sample);
    return st;
}
