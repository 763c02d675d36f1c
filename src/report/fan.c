#include "report/fan.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/texts.h"

#define BAND_HALF "#8FC1DC" /* the two bands over white, as legends show them */
#define BAND_MOST "#D2E6F1"

void sji_fan_clear(sji_fan *fan)
{
    sj_str_clear(&fan->title);
    sj_str_clear(&fan->line);
    sj_vec_clear(&fan->model);
    sj_vec_clear(&fan->seen);
}

void sji_fans_free(sji_fan fan[], size_t n)
{
    for (size_t i = 0; fan != NULL && i < n; i++) {
        sji_fan_clear(&fan[i]);
    }
    free(fan);
}

/* Does a record divide a month: one of /record/dates in a run that reports by the month? */
static bool is_between(const sji_results *results, sj_day day)
{
    char text[SJ_DATE_TEXT];
    const cJSON *date;
    if (results->scenario == NULL || sj_day_is_first(day)) {
        return false;
    }
    const cJSON *report = sj_tree_at(results->scenario, "/time/report");
    const cJSON *dates = sj_tree_at(results->scenario, "/record/dates");
    if (cJSON_IsString(report) && strcmp(report->valuestring, "month") != 0) {
        return false;
    }
    sj_day_format(day, text);
    cJSON_ArrayForEach(date, dates)
    {
        if (cJSON_IsString(date) && strcmp(date->valuestring, text) == 0) {
            return true;
        }
    }
    return false;
}

bool sji_fan_add_curve(sji_fan *fan, const sji_results *results, const sji_curve *curve,
                       bool is_flow)
{
    sji_fan_at sum = {0};
    sj_day before = curve->n > 0 ? curve->at[0].day : 0;
    for (size_t i = is_flow ? 1 : 0; i < curve->n; i++) {
        const sji_sample *s = &curve->at[i];
        double middle = isfinite(s->q50) ? s->q50 : s->mean;
        sji_fan_at at = {s->day, middle, s->low, s->q25, s->q75, s->high};
        if (is_flow) {
            at = (sji_fan_at){.day = s->day - (s->day - before) / 2,
                              .middle = sum.middle + middle,
                              .q05 = sum.q05 + s->low,
                              .q25 = sum.q25 + s->q25,
                              .q75 = sum.q75 + s->q75,
                              .q95 = sum.q95 + s->high};
            if (i + 1 < curve->n && is_between(results, s->day)) {
                sum = at;
                continue;
            }
            sum = (sji_fan_at){0};
            before = s->day;
        }
        if (!sj_vec_push(&fan->model, at)) {
            return false;
        }
    }
    return true;
}

sj_day sji_fan_middle(const sj_observation *row)
{
    return row->kind == SJ_OBSERVED_LEVEL ? row->to : row->from + (row->to - row->from) / 2;
}

bool sji_fan_add_seen(sji_fan *fan, const sj_observations *observed, const char *metric,
                      const char *place, const char *nationality, const char *item)
{
    for (size_t i = 0; observed != NULL && i < observed->rows.n; i++) {
        const sj_observation *row = &observed->rows.at[i];
        if (strcmp(row->metric, metric) != 0 || strcmp(row->place, place) != 0 ||
            strcmp(row->nationality, nationality) != 0 || strcmp(row->item, item) != 0 ||
            (row->kind != SJ_OBSERVED_LEVEL && !sj_observation_is_month(row))) {
            continue;
        }
        sji_fan_seen seen = {sji_fan_middle(row), row->value};
        bool is_new = true;
        for (size_t k = 0; k < fan->seen.n && is_new; k++) { /* two tables may hold one row */
            is_new = fan->seen.at[k].day != seen.day || fan->seen.at[k].value != seen.value;
        }
        if (is_new && !sj_vec_push(&fan->seen, seen)) {
            return false;
        }
    }
    return true;
}

double sji_fan_peak(const sji_fan *fan)
{
    double peak = 0.0;
    for (size_t i = 0; i < fan->model.n; i++) {
        const sji_fan_at *at = &fan->model.at[i];
        peak = isfinite(at->middle) ? fmax(peak, at->middle) : peak;
        peak = isfinite(at->q95) ? fmax(peak, at->q95) : peak;
    }
    for (size_t i = 0; i < fan->seen.n; i++) {
        peak = fmax(peak, fan->seen.at[i].value);
    }
    return peak;
}

const sji_fan_at *sji_fan_busiest(const sji_fan *fan)
{
    const sji_fan_at *best = NULL;
    for (size_t i = 0; i < fan->model.n; i++) {
        const sji_fan_at *at = &fan->model.at[i];
        if (isfinite(at->middle) && (best == NULL || at->middle > best->middle)) {
            best = at;
        }
    }
    return best;
}

/* ---- choice ---- */

static bool is_same_group(const sji_fan *a, const sji_fan *b)
{
    return a->group != NULL && b->group != NULL && strcmp(a->group, b->group) == 0;
}

static double weight_of_group(const sji_fan fan[], size_t n, size_t i)
{
    double weight = 0.0;
    for (size_t k = 0; k < n; k++) {
        weight += k == i || is_same_group(&fan[k], &fan[i]) ? fan[k].weight : 0.0;
    }
    return weight;
}

/* How many of the group of `i` stand among the first `n_front`. */
static size_t rank_in_front(const sji_fan fan[], size_t n_front, size_t i)
{
    size_t n = 0;
    for (size_t k = 0; k < n_front; k++) {
        n += is_same_group(&fan[k], &fan[i]);
    }
    return n;
}

/* Move the panel at `from` to `to` before it; those between move up one. */
static void move_front(sji_fan fan[], size_t from, size_t to)
{
    sji_fan kept = fan[from];
    memmove(&fan[to + 1], &fan[to], (from - to) * sizeof *fan);
    fan[to] = kept;
}

/* The next to show: of the groups with fewest panels so far the heaviest panel. */
static size_t next_to_show(const sji_fan fan[], size_t n, size_t n_front)
{
    size_t best = n_front;
    for (size_t i = n_front + 1; i < n; i++) {
        size_t a = rank_in_front(fan, n_front, i), b = rank_in_front(fan, n_front, best);
        if (a < b || (a == b && fan[i].weight > fan[best].weight)) {
            best = i;
        }
    }
    return best;
}

/* The next in order: the heaviest of the group shown last, else of the heaviest group. */
static size_t next_in_order(const sji_fan fan[], size_t n, size_t n_front)
{
    size_t best = n_front;
    for (size_t i = n_front + 1; i < n; i++) {
        bool a = n_front > 0 && is_same_group(&fan[i], &fan[n_front - 1]);
        bool b = n_front > 0 && is_same_group(&fan[best], &fan[n_front - 1]);
        double x = weight_of_group(fan, n, i), y = weight_of_group(fan, n, best);
        if (a != b ? a : x != y ? x > y : fan[i].weight > fan[best].weight) {
            best = i;
        }
    }
    return best;
}

size_t sji_fans_choose(sji_fan fan[], size_t n, size_t most)
{
    size_t n_shown = n < most ? n : most;
    for (size_t i = 0; i < n_shown; i++) {
        move_front(fan, next_to_show(fan, n, i), i);
    }
    for (size_t i = 0; i < n_shown; i++) {
        move_front(fan, next_in_order(fan, n_shown, i), i);
    }
    return n_shown;
}

/* ---- drawing ---- */

static int block_of(sji_figure *figure, const sji_fan *fan)
{
    int block = sji_fig_block(figure, "date middle q05 q25 q75 q95");
    bool in_gap = true;
    for (size_t i = 0; i < fan->model.n; i++) {
        const sji_fan_at *at = &fan->model.at[i];
        if (!isfinite(at->middle)) {
            sji_fig_data(figure, in_gap ? "" : "\n"); /* one empty line breaks the line */
            in_gap = true;
            continue;
        }
        bool has_most = isfinite(at->q05) && isfinite(at->q95);
        bool has_half = isfinite(at->q25) && isfinite(at->q75);
        sji_fig_data(figure, "%t %n %n %n %n %n\n", (int)at->day, at->middle,
                     has_most ? at->q05 : at->middle, has_half ? at->q25 : at->middle,
                     has_half ? at->q75 : at->middle, has_most ? at->q95 : at->middle);
        in_gap = false;
    }
    return block;
}

static bool has_middle(const sji_fan *fan)
{
    return sji_fan_busiest(fan) != NULL;
}

static void draw_model(sji_figure *figure, const sji_fan *fan, int block)
{
    if (fan->is_apart) {
        sji_fig_element(figure,
                        "data index %d using 1:3:(0):($6-$3) with vectors nohead lw 7 lc rgb '%s'",
                        block, BAND_MOST);
        sji_fig_element(figure,
                        "data index %d using 1:4:(0):($5-$4) with vectors nohead lw 7 lc rgb '%s'",
                        block, BAND_HALF);
        sji_fig_element(figure, "data index %d using 1:2 with points pt 7 ps 0.6 lc rgb '%s'",
                        block, SJI_BLUE);
        return;
    }
    sji_fig_element(figure,
                    "data index %d using 1:3:6 with filledcurves lc rgb '%s' fs solid "
                    "noborder",
                    block, BAND_MOST);
    sji_fig_element(figure,
                    "data index %d using 1:4:5 with filledcurves lc rgb '%s' fs solid "
                    "noborder",
                    block, BAND_HALF);
    sji_fig_mean(figure, block, SJI_BLUE, 2.0);
}

static void draw_seen(sji_figure *figure, const sji_fan *fan, const sji_panel *panel)
{
    double radius = fan->seen.n > 30 ? 2.6 : fan->seen.n > 12 ? 3.2 : 4.0;
    for (size_t i = 0; i < fan->seen.n; i++) {
        const sji_fan_seen *seen = &fan->seen.at[i];
        if (seen->day >= panel->x.low && seen->day <= panel->x.high) {
            sji_fig_disc(figure, sji_panel_x(panel, seen->day), sji_panel_y(panel, seen->value),
                         radius, SJI_VERMILION, true);
        }
    }
}

static void draw_fan(sji_figure *figure, const sji_results *r, const sji_fan *fan,
                     const sji_grid *grid, size_t i)
{
    sji_panel panel = {0};
    int block = has_middle(fan) ? block_of(figure, fan) : -1;
    sji_axis_numbers(&panel.y, 0.0, sji_fan_peak(fan) * 1.02, 4, "");
    sji_grid_place(grid, i, 36.0, &panel);
    sji_axis_dates(&panel.x, r->first, r->last, panel.width);
    sji_panel_begin(figure, &panel);
    if (block >= 0) {
        draw_model(figure, fan, block);
    }
    sji_panel_end(figure);
    sji_fig_page_begin(figure);
    sji_panel_title(figure, &panel, fan->title.text == NULL ? "" : fan->title.text, fan->line.text);
    draw_seen(figure, fan, &panel);
    sji_fig_page_end(figure);
}

static void draw_legend(sji_figure *figure, const sji_fan fan[], size_t n, const char *middle)
{
    bool any_seen = false;
    double x = SJI_MARGIN, y = SJI_HEAD - 6.0;
    for (size_t i = 0; i < n; i++) {
        any_seen = any_seen || fan[i].seen.n > 0;
    }
    sji_fig_page_begin(figure);
    x = sji_fig_legend(figure, x, y, SJI_SWATCH_LINE, SJI_BLUE, middle);
    x = sji_fig_legend(figure, x, y, SJI_SWATCH_BAND, BAND_HALF,
                       "half of the replications (25\xE2\x80\x93"
                       "75 %)");
    x = sji_fig_legend(figure, x, y, SJI_SWATCH_BAND, BAND_MOST, SJI_BAND_TEXT);
    if (any_seen) {
        (void)sji_fig_legend(figure, x, y, SJI_SWATCH_FILLED, SJI_VERMILION, "observed");
    }
    sji_fig_page_end(figure);
}

sj_status sji_fans_draw(sji_job *job, const sji_fan_page *page, const sji_fan fan[], size_t n,
                        sj_err *err)
{
    sji_figure figure;
    double height;
    sj_str source = {0};
    sji_grid grid = sji_grid_for(n, 3, &height);
    bool is_whole = true;
    sji_figure_init(&figure, page->stem, SJI_WIDTH, height);
    sji_words_source(&source, job->results, NULL, false);
    sji_fig_frame(&figure, page->title, page->answer, source.text);
    draw_legend(&figure, fan, n, page->middle);
    for (size_t i = 0; i < n; i++) {
        is_whole = is_whole && !fan[i].title.failed && !fan[i].line.failed;
        draw_fan(&figure, job->results, &fan[i], &grid, i);
    }
    sj_status st = is_whole ? sji_job_save(job, &figure, err)
                            : SJ_FAIL(err, SJ_E_NOMEM, page->stem, "out of memory");
    sji_figure_clear(&figure);
    sj_str_clear(&source);
    return st;
}
