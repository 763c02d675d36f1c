/* fit.csv, fit-rows.csv and fit-changes.csv. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/fit_inside.h"
#include "base/file.h"
#include "io/format.h"

static void put_text(FILE *stream, const char *text)
{
    sj_csv_write(stream, text);
    (void)fputc(',', stream);
}

static void put_number(FILE *stream, double value, char after)
{
    char text[SJ_NUMBER_TEXT];
    (void)sj_format_number(value, text);
    (void)fprintf(stream, "%s%c", text, after);
}

static void put_key(FILE *stream, const sj_observation *o)
{
    put_text(stream, o->target);
    put_text(stream, o->metric);
    put_text(stream, o->place);
    put_text(stream, o->nationality);
    put_text(stream, o->item);
}

static void put_period(FILE *stream, const sj_observation *o)
{
    char day[SJ_DATE_TEXT];
    sj_day_format(o->from, day);
    put_text(stream, o->kind == SJ_OBSERVED_LEVEL ? "" : day);
    sj_day_format(o->to, day);
    put_text(stream, day);
}

static void put_coverage(FILE *stream, const sj_coverage *coverage)
{
    (void)fprintf(stream, "%zu,%zu,", coverage->n, coverage->inside);
    put_number(stream, sj_coverage_share(coverage), ',');
}

static void put_score(FILE *stream, const sj_fit_target *target, const sj_fit_score *s)
{
    put_text(stream, target->name);
    (void)fprintf(stream, "%d,", s->months);
    put_text(stream, s->predictor);
    put_text(stream, s->kind);
    (void)fprintf(stream, "%zu,%zu,%zu,", target->n_after, target->n_covered, s->n);
    put_number(stream, s->wape, ',');
    put_number(stream, s->wape_given_total, ',');
    put_number(stream, s->share_distance, ',');
    put_number(stream, s->log_error, ',');
    put_number(stream, s->bias, ',');
    put_coverage(stream, &s->half);
    put_coverage(stream, &s->most);
    put_number(stream, s->model_wape, ',');
    put_number(stream, s->model_log_error, ',');
    put_number(stream, s->noise_share, ',');
    (void)fprintf(stream, "%zu,", s->n_noise);
    put_number(stream, s->noise_error_share, ',');
    (void)fprintf(stream, "%zu\n", s->n_noise_error);
}

static void write_scores(FILE *stream, const sj_fit *fit)
{
    (void)fputs("target,months_ahead,predictor,kind,rows,covered,n,wape,wape_given_total,"
                "share_distance,log_error,bias,n50,inside50,coverage50,n90,inside90,coverage90,"
                "model_wape,model_log_error,noise_share,n_noise,noise_error_share,n_noise_error\n",
                stream);
    for (size_t i = 0; i < fit->scores.n; i++) {
        put_score(stream, &fit->targets.at[fit->scores.at[i].target], &fit->scores.at[i]);
    }
    char name[] = "ALL";
    sj_fit_target all = {.name = name};
    for (size_t i = 0; i < fit->targets.n; i++) {
        all.n_after += fit->targets.at[i].n_after;
        all.n_covered += fit->targets.at[i].n_covered;
    }
    for (size_t i = 0; i < fit->all.n; i++) {
        put_score(stream, &all, &fit->all.at[i]);
    }
}

/* "1", "0", or NA where there is no band. */
static void put_inside(FILE *stream, double observed, double low, double high)
{
    sj_coverage one = {0};
    int inside = sj_coverage_add(&one, observed, low, high);
    put_number(stream, inside < 0 ? (double)NAN : inside, ',');
}

static void write_rows(FILE *stream, const sj_fit *fit)
{
    (void)fputs("target,metric,place,nationality,item,from,to,observed,mean,q05,q25,q75,q95,"
                "inside50,inside90,error,variance\n",
                stream);
    for (size_t i = 0; i < fit->rows.n; i++) {
        const sj_fit_row *row = &fit->rows.at[i];
        const sj_estimate *e = &row->model[0];
        if (!row->is_after) {
            continue;
        }
        put_key(stream, row->seen);
        put_period(stream, row->seen);
        put_number(stream, row->seen->value, ',');
        put_number(stream, e->mean, ',');
        put_number(stream, e->q05, ',');
        put_number(stream, e->q25, ',');
        put_number(stream, e->q75, ',');
        put_number(stream, e->q95, ',');
        put_inside(stream, row->seen->value, e->q25, e->q75);
        put_inside(stream, row->seen->value, e->q05, e->q95);
        put_number(stream, e->mean - row->seen->value, ',');
        put_number(stream, e->variance, '\n');
    }
}

static void write_changes(FILE *stream, const sj_fit *fit)
{
    (void)fputs("target,metric,place,nationality,item,base_from,base_to,from,to,note,results,"
                "observed,model\n",
                stream);
    for (size_t i = 0; i < fit->changes.n; i++) {
        const sj_fit_change *c = &fit->changes.at[i];
        for (size_t k = 0; k < fit->options.n_folders; k++) {
            put_key(stream, fit->rows.at[c->row].seen);
            put_period(stream, fit->rows.at[c->base].seen);
            put_period(stream, fit->rows.at[c->row].seen);
            put_text(stream, fit->rows.at[c->row].seen->note);
            put_text(stream, fit->labels[k]);
            put_number(stream, c->observed, ',');
            put_number(stream, c->model[k], '\n');
        }
    }
}

static sj_status write_table(const sj_fit *fit, const char *folder, const char *name,
                             void (*write)(FILE *, const sj_fit *), sj_err *err)
{
    sj_out out = {0};
    char *path = sj_path_join(folder, name);
    if (path == NULL) {
        return SJ_FAIL(err, SJ_E_NOMEM, name, "out of memory");
    }
    sj_status st = sj_out_open(&out, path, err);
    if (st == SJ_OK) {
        write(out.stream, fit);
        st = sj_out_finish(&out, err);
    }
    free(path);
    return st;
}

sj_status sj_fit_write(const sj_fit *fit, const char *folder, sj_err *err)
{
    SJ_TRY(write_table(fit, folder, "fit.csv", write_scores, err));
    SJ_TRY(write_table(fit, folder, "fit-rows.csv", write_rows, err));
    return fit->changes.n == 0 ? SJ_OK
                               : write_table(fit, folder, "fit-changes.csv", write_changes, err);
}
