/* Rolling forecasts of the monthly series of a target, and the model's beside them. */
#include <math.h>
#include <stdlib.h>

#include "analysis/baseline.h"
#include "analysis/fit_inside.h"

enum { N_HORIZONS = 3, HISTORY_MONTHS = 12 };
static const int horizons[N_HORIZONS] = {1, 3, 6};

/* Sum of absolute errors of one forecaster at one horizon, and of the model's on the same pairs. */
typedef struct tally {
    double error, model;
    size_t n, n_model;
} tally;

/* One series, a month an element; logs of counts, NaN = none. */
typedef struct months {
    size_t n;
    int first;        /* month of the first element */
    double *observed; /* owns the room of all */
    double *model;    /* folder x month */
} months;

/* What one target is scored with: 2 lines a folder (anchored, free), then the baselines. */
typedef struct roll {
    sj_fit *fit;
    size_t target, n_lines;
    tally *tally;    /* line x horizon */
    bool is_covered; /* somewhere by every folder: then only such pairs count */
    bool looks;      /* a first pass that finds out */
} roll;

static bool is_member(const sj_fit_row *row, const sj_fit_row *of)
{
    return !row->is_sum && sj_observation_is_month(row->seen) &&
           sj_observation_is_same(row->seen, of->seen);
}

static bool open_months(months *m, const sj_fit *fit, size_t first)
{
    const sj_fit_row *of = &fit->rows.at[first];
    size_t n_folders = fit->options.n_folders;
    int low = sj_day_month_index(of->seen->from), high = low;
    for (size_t i = first; i < fit->rows.n; i++) {
        int month = sj_day_month_index(fit->rows.at[i].seen->from);
        if (is_member(&fit->rows.at[i], of)) {
            low = month < low ? month : low;
            high = month > high ? month : high;
        }
    }
    m->first = low;
    m->n = (size_t)(high - low + 1);
    m->observed = sj_calloc(m->n * (1 + n_folders), sizeof *m->observed);
    if (m->observed == NULL) {
        return false;
    }
    m->model = m->observed + m->n;
    for (size_t i = 0; i < m->n * (1 + n_folders); i++) {
        m->observed[i] = NAN;
    }
    for (size_t i = first; i < fit->rows.n; i++) {
        const sj_fit_row *row = &fit->rows.at[i];
        size_t at = (size_t)(sj_day_month_index(row->seen->from) - low);
        for (size_t k = 0; is_member(row, of) && k < n_folders; k++) {
            m->observed[at] = sj_log_count(row->seen->value);
            m->model[k * m->n + at] = sj_log_count(row->model[k].mean);
        }
    }
    return true;
}

/* The last day of a month of the series. */
static sj_day last_day(const months *m, size_t t)
{
    int next = m->first + (int)t + 1;
    return sj_day_of(next / 12, next % 12 + 1, 1) - 1;
}

/* May a forecast start here: 12 observed months, and not before the origin date? */
static bool is_origin(const sj_fit *fit, const months *m, size_t t)
{
    size_t n = 0;
    for (size_t i = 0; i <= t; i++) {
        n += isnan(m->observed[i]) ? 0 : 1;
    }
    return n >= HISTORY_MONTHS && !isnan(m->observed[t]) &&
           (!fit->options.has_origin || last_day(m, t) >= fit->options.origin);
}

/* Is a month in the period that is scored? */
static bool is_asked(const sj_fit *fit, const months *m, size_t t)
{
    return sji_fit_is_asked(fit, last_day(m, t));
}

static bool is_modelled(const roll *r, const months *m, size_t t, size_t to)
{
    for (size_t k = 0; k < r->fit->options.n_folders; k++) {
        if (isnan(m->model[k * m->n + t]) || isnan(m->model[k * m->n + to])) {
            return false;
        }
    }
    return true;
}

static void count(roll *r, size_t line, int horizon, double error, double model)
{
    tally *to = &r->tally[line * N_HORIZONS + (size_t)horizon];
    if (!isnan(error)) {
        to->error += fabs(error);
        to->n++;
        to->model += isnan(model) ? 0 : fabs(model);
        to->n_model += isnan(model) ? 0 : 1;
    }
}

/* All forecasts of one month from one origin. */
static void take_pair(roll *r, const months *m, size_t t, int horizon)
{
    size_t to = t + (size_t)horizons[horizon], n_folders = r->fit->options.n_folders;
    double seen = m->observed[to], first = NAN;
    for (size_t k = 0; k < n_folders; k++) {
        const double *model = m->model + k * m->n;
        double anchored = m->observed[t] + model[to] - model[t] - seen;
        first = k == 0 ? anchored : first;
        count(r, 2 * k, horizon, anchored, first);
        count(r, 2 * k + 1, horizon, model[to] - seen, first);
    }
    for (size_t b = 0; b < SJ_N_ROLLING; b++) {
        double forecast = sj_rolling_table[b].forecast(m->observed, t, horizons[horizon]);
        count(r, 2 * n_folders + b, horizon, forecast - seen, first);
    }
}

static void take_series(roll *r, const months *m)
{
    for (size_t t = 0; t < m->n; t++) {
        bool good = is_origin(r->fit, m, t);
        for (int h = 0; h < N_HORIZONS && good; h++) {
            size_t to = t + (size_t)horizons[h];
            if (to >= m->n || isnan(m->observed[to]) || !is_asked(r->fit, m, to)) {
                continue;
            }
            bool is_modelled_here = is_modelled(r, m, t, to);
            if (r->looks) {
                r->is_covered = r->is_covered || is_modelled_here;
            } else if (is_modelled_here || !r->is_covered) {
                take_pair(r, m, t, h);
            }
        }
    }
}

/* Every series of the target, at its first monthly row. */
static sj_status take_target(roll *r, bool looks)
{
    const sj_fit *fit = r->fit;
    r->looks = looks;
    for (size_t i = 0; i < fit->rows.n; i++) {
        const sj_fit_row *row = &fit->rows.at[i];
        bool is_first = row->target == r->target && is_member(row, row);
        for (size_t k = 0; k < i && is_first; k++) {
            is_first = fit->rows.at[k].target != r->target || !is_member(&fit->rows.at[k], row);
        }
        if (is_first) {
            months m;
            if (!open_months(&m, fit, i)) {
                return SJ_E_NOMEM;
            }
            take_series(r, &m);
            free(m.observed);
        }
    }
    return SJ_OK;
}

static sj_fit_score score_of(const roll *r, size_t line, int horizon)
{
    const tally *t = &r->tally[line * N_HORIZONS + (size_t)horizon];
    size_t n_folders = r->fit->options.n_folders;
    bool is_folder = line < 2 * n_folders;
    return (sj_fit_score){.target = r->target,
                          .months = horizons[horizon],
                          .predictor = is_folder ? r->fit->labels[line / 2]
                                                 : sj_rolling_table[line - 2 * n_folders].name,
                          .kind = !is_folder      ? "baseline"
                                  : line % 2 == 0 ? "anchored"
                                                  : "free",
                          .n = t->n,
                          .wape = NAN,
                          .wape_given_total = NAN,
                          .share_distance = NAN,
                          .log_error = t->n > 0 ? t->error / (double)t->n : NAN,
                          .bias = NAN,
                          .model_wape = NAN,
                          .model_log_error = t->n_model > 0 ? t->model / (double)t->n_model : NAN,
                          .noise_share = NAN,
                          .noise_error_share = NAN};
}

sj_status sji_fit_score_rolling(sj_fit *fit, size_t target)
{
    roll r = {.fit = fit, .target = target, .n_lines = 2 * fit->options.n_folders + SJ_N_ROLLING};
    r.tally = sj_calloc(r.n_lines * N_HORIZONS, sizeof *r.tally);
    sj_status st = r.tally != NULL ? take_target(&r, true) : SJ_E_NOMEM;
    if (st == SJ_OK) {
        st = take_target(&r, false);
    }
    for (size_t i = 0; st == SJ_OK && i < r.n_lines * N_HORIZONS; i++) {
        sj_fit_score score = score_of(&r, i / N_HORIZONS, (int)(i % N_HORIZONS));
        if (score.n > 0 && !sj_vec_push(&fit->scores, score)) {
            st = SJ_E_NOMEM;
        }
    }
    free(r.tally);
    return st;
}
