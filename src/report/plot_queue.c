/* How many people wait at each stage: one panel a programme. Asylum has its own picture. */
#include "report/draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/texts.h"

enum { MOST_STAGES = 7, MOST_PANELS = 8 };
static const double label_width = 170.0;

typedef struct stage {
    const sji_curve *curve;
    const char *name;
    double order;
} stage;

typedef struct queue {
    const char *programme;
    stage stage[MOST_STAGES];
    size_t n_stages;
    double peak;
} queue;

static int by_order(const void *a, const void *b)
{
    double x = ((const stage *)a)->order, y = ((const stage *)b)->order;
    return (x > y) - (x < y);
}

static int by_peak(const void *a, const void *b)
{
    double x = ((const queue *)a)->peak, y = ((const queue *)b)->peak;
    return (x < y) - (x > y);
}

static void add_stage(queue *q, const sji_results *r, const sji_curve *curve, const char *id)
{
    for (size_t i = 0; i < q->n_stages; i++) {
        if (strcmp(q->stage[i].curve->item, curve->item) == 0) {
            return; /* another place or nationality */
        }
    }
    if (q->n_stages < MOST_STAGES && sji_curve_last(curve) != NULL) {
        q->stage[q->n_stages++] = (stage){curve, sji_results_stage_name(r, q->programme, id),
                                          sji_results_stage_order(r, q->programme, id)};
        q->peak = fmax(q->peak, sji_curve_peak(curve, true));
    }
}

/* All programmes with a queue, the longest first; false when memory ends. */
static bool list_queues(const sji_results *r, queue all[], size_t *n)
{
    *n = 0;
    for (size_t i = 0; i < r->curves.n; i++) {
        const sji_curve *curve = &r->curves.at[i];
        const char *programme, *id;
        size_t k = 0;
        if (strcmp(curve->metric, "queue_length") != 0 || strchr(curve->item, '/') == NULL) {
            continue;
        }
        if (!sji_results_stage(r, curve->item, &programme, &id)) {
            return false;
        }
        if (sji_programme_is_asylum(r, programme)) {
            continue;
        }
        while (k < *n && strcmp(all[k].programme, programme) != 0) {
            k++;
        }
        if (k == *n) {
            all[(*n)++] = (queue){.programme = programme};
        }
        add_stage(&all[k], r, curve, id);
    }
    for (size_t i = 0; i < *n; i++) {
        qsort(all[i].stage, all[i].n_stages, sizeof *all[i].stage, by_order);
    }
    qsort(all, *n, sizeof *all, by_peak);
    while (*n > 0 && all[*n - 1].peak <= 0.0) {
        --*n;
    }
    return true;
}

static void draw_ends(sji_figure *figure, const queue *q, const sji_panel *panel)
{
    sji_end_label label[MOST_STAGES];
    for (size_t i = 0; i < q->n_stages; i++) {
        label[i] = (sji_end_label){sji_panel_y(panel, sji_curve_last(q->stage[i].curve)->mean),
                                   q->stage[i].name, sji_fig_text_colour(i), NULL};
    }
    sji_fig_end_labels(figure, panel, label, q->n_stages, label_width);
}

static void draw_queue(sji_figure *figure, const sji_results *r, const queue *q,
                       const sji_grid *grid, size_t i)
{
    sji_panel panel = {0};
    int block[MOST_STAGES];
    sji_axis_numbers(&panel.y, 0.0, q->peak * 1.02, 4, "");
    sji_grid_place(grid, i, label_width, &panel);
    sji_axis_dates(&panel.x, r->first, r->last, panel.width);
    for (size_t k = 0; k < q->n_stages; k++) {
        block[k] = sji_fig_block_of_curve(figure, q->stage[k].curve);
    }
    sji_panel_begin(figure, &panel);
    for (size_t k = 0; k < q->n_stages; k++) {
        sji_fig_band(figure, block[k], sji_fig_colour(k));
        sji_fig_mean(figure, block[k], sji_fig_colour(k), 2.2);
    }
    sji_panel_end(figure);
    sji_fig_page_begin(figure);
    sji_panel_title(figure, &panel, sji_results_name(r, "programmes", q->programme), "");
    draw_ends(figure, q, &panel);
    sji_fig_page_end(figure);
}

static bool has_asylum(const sji_results *r)
{
    for (size_t i = 0; i < r->curves.n; i++) {
        const char *programme, *id, *item = r->curves.at[i].item;
        if (strcmp(r->curves.at[i].metric, "queue_length") == 0 && strchr(item, '/') != NULL &&
            sji_results_stage(r, item, &programme, &id) && sji_programme_is_asylum(r, programme)) {
            return true;
        }
    }
    return false;
}

static void put_answer(sj_str *out, const sji_results *r, const queue all[], size_t n, size_t n_all)
{
    const stage *most = NULL;
    double peak = -1.0;
    sj_day when = 0;
    for (size_t i = 0; i < all[0].n_stages; i++) {
        const stage *s = &all[0].stage[i];
        for (size_t k = 0; k < s->curve->n; k++) {
            if (isfinite(s->curve->at[k].mean) && s->curve->at[k].mean > peak) {
                peak = s->curve->at[k].mean;
                when = s->curve->at[k].day;
                most = s;
            }
        }
    }
    sj_str_add(out, "People in the queue, by month. The longest: ");
    sji_words_count(out, peak);
    sj_str_add(out, " people at \xE2\x80\x9C");
    sji_words_fit(out, most == NULL ? "" : most->name, 24.0);
    sj_str_add(out, "\xE2\x80\x9D of ");
    sji_words_fit(out, sji_results_name(r, "programmes", all[0].programme), 28.0);
    sj_str_add(out, " in ");
    sji_words_month(out, when);
    sj_str_add(out, n > 1 ? ". Each panel has its own scale" : "");
    if (n_all > n) {
        sj_str_printf(out, "; the %zu longest of %zu programmes", n, n_all);
    }
    sj_str_add(out, has_asylum(r) ? ". Claims for asylum are drawn apart" : "");
    sj_str_add(out, ".");
}

static sj_status draw_queues(sji_job *job, const queue all[], size_t n_all, sj_err *err)
{
    const sji_results *r = job->results;
    size_t n = n_all < MOST_PANELS ? n_all : MOST_PANELS;
    sji_figure figure;
    double height;
    sj_str answer = {0}, source = {0};
    sji_grid grid = sji_grid_for(n, 2, &height);
    sji_figure_init(&figure, "queue", SJI_WIDTH, height);
    put_answer(&answer, r, all, n, n_all);
    sji_words_source(&source, r, NULL, true);
    sji_fig_frame(&figure, "How many people wait, and where?", answer.text, source.text);
    sji_fig_page_begin(&figure);
    double x = sji_fig_legend(&figure, SJI_MARGIN, SJI_HEAD - 6.0, SJI_SWATCH_LINE, SJI_GREY,
                              "model, mean");
    (void)sji_fig_legend(&figure, x, SJI_HEAD - 6.0, SJI_SWATCH_BAND, "#DEDFE0", SJI_BAND_TEXT);
    sji_fig_page_end(&figure);
    for (size_t i = 0; i < n; i++) {
        draw_queue(&figure, r, &all[i], &grid, i);
    }
    sj_status st = sji_job_save(job, &figure, err);
    sji_figure_clear(&figure);
    sj_str_clear(&answer);
    sj_str_clear(&source);
    return st;
}

sj_status sji_draw_queue(sji_job *job, sj_err *err)
{
    size_t n = 0;
    queue *all = sj_calloc(job->results->curves.n, sizeof *all);
    if (all == NULL || !list_queues(job->results, all, &n)) {
        free(all);
        return SJ_FAIL(err, SJ_E_NOMEM, "queue", "out of memory");
    }
    sj_status st = n > 0 ? draw_queues(job, all, n, err) : SJ_OK;
    free(all);
    return st;
}
