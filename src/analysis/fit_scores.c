/* The scores of a target's rows: folders first, then the stepping baselines. */
#include <math.h>
#include <stdlib.h>

#include "analysis/fit_inside.h"

/* The scored rows of a target side by side; NaN in `forecast` leaves a row out. */
typedef struct sheet {
    size_t n;
    const sj_fit_row **row;
    double *observed, *forecast, *model; /* model: mean of the first folder */
    double *part[3];      /* scratch of one date: observed, forecast, forecast with that total */
    bool *done;           /* scratch: its date has been taken */
    sj_spread *spread[2]; /* scratch: of a fixed folder, of the one under way */
} sheet;

static void clear(sheet *s)
{
    free(s->row);
    free(s->observed);
    free(s->done);
    free(s->spread[0]);
}

enum { ALL_TARGETS = -1 };

static size_t n_covered(const sj_fit *fit, int target)
{
    size_t n = 0;
    for (size_t i = 0; i < fit->targets.n; i++) {
        n += target == ALL_TARGETS || (size_t)target == i ? fit->targets.at[i].n_covered : 0;
    }
    return n;
}

static bool open_sheet(sheet *s, const sj_fit *fit, int target)
{
    size_t n = n_covered(fit, target);
    *s = (sheet){.n = 0};
    s->spread[0] = sj_calloc(2 * n + 1, sizeof(sj_spread));
    s->row = sj_calloc(n + 1, sizeof *s->row);
    s->observed = sj_calloc(6 * n + 1, sizeof *s->observed);
    s->done = sj_calloc(n + 1, sizeof *s->done);
    if (s->row == NULL || s->observed == NULL || s->done == NULL || s->spread[0] == NULL) {
        clear(s);
        return false;
    }
    s->forecast = s->observed + n;
    s->model = s->observed + 2 * n;
    s->spread[1] = s->spread[0] + n;
    for (size_t i = 0; i < 3; i++) {
        s->part[i] = s->observed + (3 + i) * n;
    }
    for (size_t i = 0; i < fit->rows.n; i++) {
        const sj_fit_row *row = &fit->rows.at[i];
        if ((target == ALL_TARGETS || row->target == (size_t)target) && row->is_scored) {
            s->row[s->n] = row;
            s->observed[s->n] = row->seen->value;
            s->model[s->n++] = row->model[0].mean;
        }
    }
    return true;
}

/* The rows of the date of row `first` that are no sums, into the scratch; returns how many. */
static size_t gather(sheet *s, size_t first)
{
    size_t n = 0;
    for (size_t i = first; i < s->n; i++) {
        if (!s->row[i]->is_sum && !isnan(s->forecast[i]) &&
            sji_fit_is_together(s->row[i], s->row[first])) {
            s->part[0][n] = s->observed[i];
            s->part[1][n++] = s->forecast[i];
            s->done[i] = true;
        }
    }
    return n;
}

/* Scores that take a date's rows together: only dates with two rows or more count. */
static void score_dates(sheet *s, sj_fit_score *score)
{
    double error = 0, sum = 0, distance = 0;
    size_t n_dates = 0;
    for (size_t i = 0; i < s->n; i++) {
        s->done[i] = s->row[i]->is_sum || isnan(s->forecast[i]);
    }
    for (size_t i = 0; i < s->n; i++) {
        size_t n = s->done[i] ? 0 : gather(s, i);
        double one = n < 2 ? NAN : sj_score_share_distance(s->part[0], s->part[1], n);
        if (isnan(one)) {
            continue;
        }
        distance += one;
        n_dates++;
        sj_score_scale(s->part[0], s->part[1], s->part[2], n);
        for (size_t k = 0; k < n; k++) {
            error += fabs(s->part[2][k] - s->part[0][k]);
            sum += s->part[0][k];
        }
    }
    score->share_distance = n_dates > 0 ? distance / (double)n_dates : NAN;
    score->wape_given_total = sum > 0 ? error / sum : NAN;
}

static bool add_score(sj_fit *fit, sheet *s, sj_fit_score *score)
{
    for (size_t i = 0; i < s->n; i++) {
        score->n += isnan(s->forecast[i]) ? 0 : 1;
    }
    score->wape = sj_score_wape(s->observed, s->forecast, s->n);
    score->bias = sj_score_bias(s->observed, s->forecast, s->n);
    score->log_error = sj_score_log_error(s->observed, s->forecast, s->n);
    score_dates(s, score);
    for (size_t i = 0; i < s->n; i++) { /* the model where there is a forecast, nowhere else */
        s->forecast[i] = isnan(s->forecast[i]) ? NAN : s->model[i];
    }
    score->model_wape = sj_score_wape(s->observed, s->forecast, s->n);
    score->model_log_error = sj_score_log_error(s->observed, s->forecast, s->n);
    return score->n == 0 || sj_vec_push(&fit->scores, *score);
}

/* The first folder whose values were all at their centres; n_folders where there is none. */
static size_t fixed_folder(const sj_fit *fit)
{
    size_t k = 0;
    while (k < fit->options.n_folders && !sj_records_is_fixed(fit->folders[k])) {
        k++;
    }
    return k;
}

static void take_spreads(const sheet *s, size_t folder, sj_spread spread[])
{
    for (size_t i = 0; i < s->n; i++) {
        const sj_estimate *e = &s->row[i]->model[folder];
        spread[i] = (sj_spread){e->variance, e->n_reps};
    }
}

/* How a folder's means and bands lie; its means stay in `forecast`. */
static sj_fit_score look_at_folder(const sj_fit *fit, sheet *s, size_t folder)
{
    sj_fit_score score = {.predictor = fit->labels[folder], .kind = "model", .noise_share = NAN};
    size_t fixed = fixed_folder(fit);
    for (size_t i = 0; i < s->n; i++) {
        const sj_estimate *e = &s->row[i]->model[folder];
        s->forecast[i] = e->mean;
        (void)sj_coverage_add(&score.half, s->observed[i], e->q25, e->q75);
        (void)sj_coverage_add(&score.most, s->observed[i], e->q05, e->q95);
    }
    take_spreads(s, folder, s->spread[1]);
    score.noise_error_share =
        sj_noise_error_share(s->observed, s->forecast, s->spread[1], s->n, &score.n_noise_error);
    if (fixed < fit->options.n_folders && !sj_records_is_fixed(fit->folders[folder])) {
        take_spreads(s, fixed, s->spread[0]);
        score.noise_share = sj_noise_share(s->spread[0], s->spread[1], s->n, &score.n_noise);
    }
    return score;
}

static bool score_folder(sj_fit *fit, sheet *s, size_t target, size_t folder)
{
    sj_fit_score score = look_at_folder(fit, s, folder);
    score.target = target;
    return add_score(fit, s, &score);
}

sj_status sji_fit_score_all(sj_fit *fit)
{
    sheet s;
    bool good = open_sheet(&s, fit, ALL_TARGETS);
    if (!good) {
        return SJ_E_NOMEM;
    }
    for (size_t k = 0; k < fit->options.n_folders && good; k++) {
        sj_fit_score score = look_at_folder(fit, &s, k);
        score.n = s.n;
        score.wape = score.wape_given_total = score.share_distance = score.log_error = NAN;
        score.bias = score.model_wape = score.model_log_error = NAN;
        good = sj_vec_push(&fit->all, score);
    }
    clear(&s);
    return good ? SJ_OK : SJ_E_NOMEM;
}

sj_status sji_fit_score_rows(sj_fit *fit, size_t target)
{
    sheet s;
    if (!open_sheet(&s, fit, (int)target)) {
        return SJ_E_NOMEM;
    }
    bool good = true;
    for (size_t k = 0; k < fit->options.n_folders; k++) {
        good = good && score_folder(fit, &s, target, k);
    }
    for (int k = 0; k < SJ_N_STEPS; k++) {
        sj_fit_score score = {.target = target,
                              .predictor = sj_step_name((sj_step)k),
                              .kind = "baseline",
                              .noise_share = NAN,
                              .noise_error_share = NAN};
        for (size_t i = 0; i < s.n; i++) {
            s.forecast[i] = s.row[i]->step[k];
        }
        good = good && add_score(fit, &s, &score);
    }
    clear(&s);
    return good ? SJ_OK : SJ_E_NOMEM;
}
