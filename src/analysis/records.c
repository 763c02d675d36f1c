#include "analysis/records.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/records_inside.h"
#include "num/stats.h"

static const char *const cover_texts[SJ_N_COVERS] = {
    [SJ_COVERED] = "covered",
    [SJ_NOT_DATES] = "outside the dates of the results",
    [SJ_NOT_RECORDED] = "without a record at an end of the period",
    [SJ_NOT_METRIC] = "of a metric that the results do not hold",
    [SJ_NOT_PLACE] = "of a place that is not in the scenario",
    [SJ_NOT_NATIONALITY] = "of a nationality that is not in the scenario",
    [SJ_NOT_ITEM] = "of an item that is not in the scenario",
    [SJ_NOT_DIVIDED] = "of a sum or a part that the metric is not recorded by",
    [SJ_NOT_VALUE] = "where the results say NA",
};

const char *sj_cover_text(sj_cover cover)
{
    return cover_texts[cover];
}

/* The records that make up a value: curves, and the dates with their sign. */
typedef struct sum {
    SJ_VEC(const sji_curve_rows *) curves;
    SJ_VEC(sj_day) dates;
    SJ_VEC(int) signs;
} sum;

static bool has_record(const sj_records *r, sj_day day)
{
    for (size_t i = 0; i < r->dates.n; i++) {
        if (r->dates.at[i] == day) {
            return true;
        }
    }
    return false;
}

static bool add_date(sum *s, sj_day day, int sign)
{
    return sj_vec_push(&s->dates, day) && sj_vec_push(&s->signs, sign);
}

/* The dates of the records whose sum is asked for; see records.h for which they are. */
static sj_status find_dates(const sj_records *r, const sj_observation *o, sj_observed_kind kind,
                            sum *s, sj_cover *cover)
{
    sj_day first = sj_records_first(r), last = sj_records_last(r), end = o->to + 1;
    bool good = true;
    if (!has_record(r, end) && (kind == SJ_OBSERVED_LEVEL || o->to == last)) {
        end = o->to;
    }
    *cover = end < first || end > last || (kind != SJ_OBSERVED_LEVEL && o->from < first)
                 ? SJ_NOT_DATES
             : !has_record(r, end) || (kind != SJ_OBSERVED_LEVEL && !has_record(r, o->from))
                 ? SJ_NOT_RECORDED
                 : SJ_COVERED;
    if (*cover != SJ_COVERED) {
        return SJ_OK;
    }
    if (kind != SJ_OBSERVED_FLOW) {
        good = add_date(s, end, 1);
    }
    if (kind == SJ_OBSERVED_CHANGE) {
        good = good && add_date(s, o->from, -1);
    }
    for (size_t i = 0; kind == SJ_OBSERVED_FLOW && i < r->dates.n; i++) {
        if (r->dates.at[i] > o->from && r->dates.at[i] <= end) {
            good = good && add_date(s, r->dates.at[i], 1);
        }
    }
    return good ? SJ_OK : SJ_E_NOMEM;
}

/* Is it "item/stage" of this programme? */
static bool is_stage_of(const char *item, const char *programme)
{
    size_t length = strlen(programme);
    return strncmp(item, programme, length) == 0 && item[length] == '/';
}

/* The curves of one metric at one place; a programme's queue is those of its stages. */
static sj_status find_curves_at(const sj_records *r, sj_metric metric, const char *place,
                                const sj_observation *o, sum *s, sj_cover *cover)
{
    const char *key[SJI_N_KEYS] = {sj_metric_table[metric].id, place, o->nationality, o->item};
    const sji_curve_rows *curve = sji_keyed_find(&r->series, key);
    size_t before = s->curves.n;
    if (curve != NULL) {
        return sj_vec_push(&s->curves, curve) ? SJ_OK : SJ_E_NOMEM;
    }
    for (size_t i = sji_keyed_from(&r->series, key);
         metric == SJ_QUEUE_LENGTH && i < r->series.curves.n; i++) {
        const sji_curve_rows *other = &r->series.curves.at[i];
        bool is_same = strcmp(other->key[SJI_METRIC], key[SJI_METRIC]) == 0 &&
                       strcmp(other->key[SJI_PLACE], key[SJI_PLACE]) == 0 &&
                       strcmp(other->key[SJI_NATIONALITY], key[SJI_NATIONALITY]) == 0;
        if (!is_same) {
            break;
        }
        if (is_stage_of(other->key[SJI_ITEM], o->item) && !sj_vec_push(&s->curves, other)) {
            return SJ_E_NOMEM;
        }
    }
    if (s->curves.n == before) {
        *cover = sji_records_absent(r, key);
    }
    return SJ_OK;
}

/* The curves of one metric; every place of a sum has to be covered. */
static sj_status find_curves(const sj_records *r, sj_metric metric, const sj_observation *o, sum *s,
                             sj_cover *cover)
{
    char place[SJ_PLACE_TEXT];
    const char *rest = o->place;
    while (sj_places_next(&rest, place)) {
        sj_cover here = SJ_COVERED;
        SJ_TRY(find_curves_at(r, metric, place, o, s, &here));
        *cover = *cover == SJ_COVERED ? here : *cover;
    }
    return SJ_OK;
}

static double number(const sj_csv *csv, size_t row, int column)
{
    double value;
    return column >= 0 && sj_csv_number(csv, row, column, &value) ? value : NAN;
}

/* Row of a curve at a date; false where there is none. */
static bool find_row(const sji_keyed *table, const sji_curve_rows *curve, sj_day day, size_t *row)
{
    char date[SJ_DATE_TEXT];
    sj_day_format(day, date);
    for (*row = curve->first; *row < curve->first + curve->n; ++*row) {
        if (strcmp(sj_csv_cell(&table->csv, *row, table->date), date) == 0) {
            return true;
        }
    }
    return false;
}

/* Mean of the sum; the band too where one record alone is not 0 for certain. */
static void sum_series(const sj_records *r, const sum *s, sj_estimate *out)
{
    const sj_csv *csv = &r->series.csv;
    size_t n_uncertain = 0, row, only = 0;
    int sign = 1;
    out->mean = 0;
    for (size_t c = 0; c < s->curves.n; c++) {
        for (size_t d = 0; d < s->dates.n; d++) {
            bool is_there = find_row(&r->series, s->curves.at[c], s->dates.at[d], &row);
            double mean = is_there ? number(csv, row, r->mean) : NAN;
            out->mean += s->signs.at[d] * mean;
            bool is_zero = is_there && mean == 0 && number(csv, row, r->q05) == 0 &&
                           number(csv, row, r->q95) == 0;
            if (!is_zero) {
                n_uncertain++;
                only = row;
                sign = s->signs.at[d];
            }
        }
    }
    if (n_uncertain == 0) {
        out->q05 = out->q25 = out->q75 = out->q95 = 0;
    } else if (n_uncertain == 1 && sign > 0 && !isnan(out->mean)) {
        out->q05 = number(csv, only, r->q05);
        out->q25 = number(csv, only, r->q25);
        out->q75 = number(csv, only, r->q75);
        out->q95 = number(csv, only, r->q95);
    }
}

/* Add one curve's records to the sums of the replications; false where reps.csv lacks it. */
static bool add_reps(const sj_records *r, const sji_curve_rows *of, const sum *s, double total[],
                     size_t found[])
{
    const sji_curve_rows *curve = sji_keyed_find(&r->reps, of->key);
    const sj_csv *csv = &r->reps.csv;
    for (size_t row = curve != NULL ? curve->first : 0;
         curve != NULL && row < curve->first + curve->n; row++) {
        double rep = number(csv, row, r->rep);
        sj_day day;
        if (!(rep >= 0 && rep < r->n_reps) ||
            !sj_day_parse(sj_csv_cell(csv, row, r->reps.date), &day)) {
            continue;
        }
        for (size_t d = 0; d < s->dates.n; d++) {
            if (s->dates.at[d] == day) {
                total[(int)rep] += s->signs.at[d] * number(csv, row, r->value);
                found[(int)rep]++;
            }
        }
    }
    return curve != NULL;
}

/* The band from single replications, where reps.csv has all that is summed. */
static sj_status sum_reps(const sj_records *r, const sum *s, sj_estimate *out)
{
    size_t n = (size_t)r->n_reps, kept = 0;
    bool has_all = s->curves.n > 0 && n > 0;
    if (!has_all) {
        return SJ_OK;
    }
    double *total = sj_calloc(n, sizeof *total);
    size_t *found = sj_calloc(n, sizeof *found);
    if (total == NULL || found == NULL) {
        free(total);
        free(found);
        return SJ_E_NOMEM;
    }
    for (size_t c = 0; c < s->curves.n && has_all; c++) {
        has_all = add_reps(r, s->curves.at[c], s, total, found);
    }
    for (size_t i = 0; i < n; i++) {
        if (found[i] == s->curves.n * s->dates.n && !isnan(total[i])) {
            total[kept++] = total[i];
        }
    }
    if (has_all && kept > 0) {
        double mean;
        out->n_reps = (int)kept;
        sj_mean_variance(total, kept, &mean, &out->variance);
        sj_sort(total, kept);
        out->q05 = sj_quantile_sorted(total, kept, 0.05);
        out->q25 = sj_quantile_sorted(total, kept, 0.25);
        out->q75 = sj_quantile_sorted(total, kept, 0.75);
        out->q95 = sj_quantile_sorted(total, kept, 0.95);
    }
    free(total);
    free(found);
    return SJ_OK;
}

static bool is_day_of(const sj_records *r, size_t row, const sj_observation *o, sj_day day)
{
    const char *key[SJI_N_KEYS] = {o->metric, o->place, o->nationality, o->item};
    sj_day date;
    for (int i = 0; i < SJI_N_KEYS; i++) {
        if (strcmp(sj_csv_cell(&r->days, row, r->day_key[i]), key[i]) != 0) {
            return false;
        }
    }
    return sj_day_parse(sj_csv_cell(&r->days, row, r->day_date), &date) && date == day;
}

/* A level between two records, where observed.csv has it: the next day's, or that day's. */
static void take_day(const sj_records *r, const sj_observation *o, sj_estimate *out)
{
    for (sj_day day = o->to + 1; day >= o->to && out->cover == SJ_NOT_RECORDED; day--) {
        for (size_t row = 0; row < r->days.n_rows; row++) {
            if (is_day_of(r, row, o, day) && !isnan(number(&r->days, row, r->day_mean))) {
                *out = (sj_estimate){SJ_COVERED,
                                     number(&r->days, row, r->day_mean),
                                     number(&r->days, row, r->day_q05),
                                     number(&r->days, row, r->day_q25),
                                     number(&r->days, row, r->day_q75),
                                     number(&r->days, row, r->day_q95),
                                     NAN,
                                     0};
                break;
            }
        }
    }
}

/* What is neither dated nor named wrongly: the sum of the records found. */
static sj_status estimate(const sj_records *r, const sj_observation *o, sum *s, sj_estimate *out)
{
    static const char *const stages = "completed";
    sj_observed_kind kind = o->kind;
    sj_cover absent = SJ_COVERED;
    bool is_post = strcmp(o->metric, stages) == 0 && o->n_totals == 2;
    if (is_post) {
        const char *key[SJI_N_KEYS] = {stages, o->place, o->nationality, o->item};
        is_post = sji_keyed_find(&r->series, key) != NULL;
        kind = is_post ? SJ_OBSERVED_FLOW : kind;
    }
    SJ_TRY(find_dates(r, o, kind, s, &out->cover));
    if (kind == SJ_OBSERVED_LEVEL && out->cover == SJ_NOT_RECORDED) {
        take_day(r, o, out);
        return SJ_OK;
    }
    for (int i = 0; i < (is_post ? 1 : o->n_totals) && out->cover == SJ_COVERED; i++) {
        sj_cover cover = SJ_COVERED;
        SJ_TRY(find_curves(r, is_post ? SJ_COMPLETED : o->totals[i], o, s, &cover));
        absent = cover != SJ_COVERED ? cover : absent;
    }
    if (out->cover == SJ_COVERED && (s->curves.n == 0 || strchr(o->place, '+') != NULL)) {
        out->cover = absent;
    }
    if (out->cover != SJ_COVERED) {
        return SJ_OK;
    }
    sum_series(r, s, out);
    if (isnan(out->mean)) {
        out->cover = SJ_NOT_VALUE;
        return SJ_OK;
    }
    return sum_reps(r, s, out);
}

sj_status sj_records_estimate(const sj_records *records, const sj_observation *row,
                              sj_estimate *out)
{
    sum s = {0};
    *out = (sj_estimate){SJ_COVERED, NAN, NAN, NAN, NAN, NAN, NAN, 0};
    sj_status st = estimate(records, row, &s, out);
    if (st != SJ_OK || out->cover != SJ_COVERED) {
        out->mean = out->q05 = out->q25 = out->q75 = out->q95 = out->variance = NAN;
        out->cover = st != SJ_OK ? SJ_NOT_VALUE : out->cover;
    }
    sj_vec_clear(&s.curves);
    sj_vec_clear(&s.dates);
    sj_vec_clear(&s.signs);
    return st;
}
