/* How far the people of a programme have come: cumulative steps beside dated published counts. */
#include "report/draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/texts.h"

enum { MOST_STEPS = 7 };
static const double label_width = 210.0;

/* One step of a programme: applied, a stage completed, granted. */
typedef struct step {
    const sji_curve *curve;
    const char *name;
    double order;
} step;

typedef struct funnel {
    const char *programme;
    step step[MOST_STEPS];
    size_t n_steps, n_observed;
    double size; /* largest count of the model */
} funnel;

static bool is_cumulative(const char *metric)
{
    return strcmp(metric, "applied_total") == 0 || strcmp(metric, "completed_total") == 0 ||
           strcmp(metric, "granted_total") == 0;
}

static int by_order(const void *a, const void *b)
{
    double x = ((const step *)a)->order, y = ((const step *)b)->order;
    return (x > y) - (x < y);
}

/* Add a curve as a step, unless its kind is there or it counts nobody. */
static void add_step(funnel *f, const sji_results *r, const sji_curve *curve, const char *stage)
{
    step fresh = {curve, "Granted", 1e12};
    if (strcmp(curve->metric, "applied_total") == 0) {
        fresh = (step){curve, "Applied", -1e12};
    } else if (strcmp(curve->metric, "completed_total") == 0) {
        fresh = (step){curve, sji_results_stage_name(r, f->programme, stage),
                       sji_results_stage_order(r, f->programme, stage)};
    }
    for (size_t i = 0; i < f->n_steps; i++) {
        bool is_same = strcmp(f->step[i].curve->metric, curve->metric) == 0;
        if (is_same && (strcmp(f->step[i].curve->item, curve->item) == 0 ||
                        strcmp(curve->metric, "applied_total") == 0)) {
            return; /* another place or nationality; of several "applied" the first */
        }
    }
    if (f->n_steps < MOST_STEPS && sji_curve_last(curve) != NULL) {
        f->step[f->n_steps++] = fresh;
        f->size = fmax(f->size, sji_curve_peak(curve, false));
    }
}

/* Applications are counted for "P" or for its first stage "P/S": both mean the same people. */
static bool is_same_item(const char *metric, const char *a, const char *b)
{
    size_t n = strcspn(a, "/");
    return strcmp(a, b) == 0 ||
           (strcmp(metric, "applied_total") == 0 && n == strcspn(b, "/") && strncmp(a, b, n) == 0);
}

/* The step a published count stands beside; n_steps where there is none. */
static size_t step_of(const funnel *f, const sji_observed *row)
{
    size_t i = 0;
    while (i < f->n_steps && (strcmp(f->step[i].curve->metric, row->metric) != 0 ||
                              !is_same_item(row->metric, f->step[i].curve->item, row->item))) {
        i++;
    }
    return i;
}

static funnel *find_funnel(funnel all[], size_t *n, const char *programme)
{
    for (size_t i = 0; i < *n; i++) {
        if (strcmp(all[i].programme, programme) == 0) {
            return &all[i];
        }
    }
    all[*n] = (funnel){.programme = programme};
    return &all[(*n)++];
}

static bool list_funnels(const sji_results *r, funnel all[], size_t *n)
{
    *n = 0;
    for (size_t i = 0; i < r->curves.n; i++) {
        const sji_curve *curve = &r->curves.at[i];
        const char *programme, *stage;
        if (is_cumulative(curve->metric) && strcmp(curve->item, "ALL") != 0) {
            if (!sji_results_stage(r, curve->item, &programme, &stage)) {
                return false;
            }
            add_step(find_funnel(all, n, programme), r, curve, stage);
        }
    }
    for (size_t i = 0; i < *n; i++) {
        qsort(all[i].step, all[i].n_steps, sizeof *all[i].step, by_order);
        for (size_t k = 0; k < r->observed.n; k++) {
            all[i].n_observed += step_of(&all[i], &r->observed.at[k]) < all[i].n_steps;
        }
    }
    return true;
}

static void draw_curves(sji_figure *figure, const funnel *f, const sji_panel *panel)
{
    int block[MOST_STEPS];
    for (size_t i = 0; i < f->n_steps; i++) {
        block[i] = sji_fig_block_of_curve(figure, f->step[i].curve);
    }
    sji_panel_begin(figure, panel);
    for (size_t i = 0; i < f->n_steps; i++) {
        sji_fig_band(figure, block[i], sji_fig_colour(i));
    }
    for (size_t i = 0; i < f->n_steps; i++) {
        sji_fig_mean(figure, block[i], sji_fig_colour(i), 2.4);
    }
    sji_panel_end(figure);
}

/* "1,812,004 (84 % of applied)", in the month of the end. */
static void put_end(sj_str *out, const funnel *f, size_t i)
{
    double value = sji_curve_last(f->step[i].curve)->mean;
    double applied = sji_curve_last(f->step[0].curve)->mean;
    sji_words_count(out, value);
    if (i > 0 && applied > 0.0 && strcmp(f->step[0].name, "Applied") == 0) {
        sj_str_printf(out, " (%.0f %% of applied)", 100.0 * value / applied);
    }
}

static void draw_ends(sji_figure *figure, const funnel *f, const sji_panel *panel)
{
    sji_end_label label[MOST_STEPS];
    sj_str text[MOST_STEPS] = {0};
    for (size_t i = 0; i < f->n_steps; i++) {
        const sji_sample *last = sji_curve_last(f->step[i].curve);
        put_end(&text[i], f, i);
        label[i] =
            (sji_end_label){sji_panel_y(panel, last->mean), f->step[i].name, sji_fig_text_colour(i),
                            text[i].text == NULL ? "" : text[i].text};
    }
    sji_fig_end_labels(figure, panel, label, f->n_steps, label_width);
    for (size_t i = 0; i < f->n_steps; i++) {
        sj_str_clear(&text[i]);
    }
}

static void put_label(sj_str *out, const sji_observed *row)
{
    if (row->label[0] != '\0' && strcmp(row->label, "NA") != 0) {
        sji_words_fit(out, row->label, 36.0);
    } else {
        sji_words_count(out, row->value);
    }
    sj_str_add(out, ", ");
    sji_words_day(out, row->day);
}

static void draw_observed(sji_figure *figure, const sji_observed *row, size_t k,
                          const sji_panel *panel, sji_labels *room)
{
    const char *colour = sji_fig_colour(k);
    sji_ink ink = {11.5, false, sji_fig_text_colour(k), SJI_LEFT};
    sji_point at = {sji_panel_x(panel, row->day), sji_panel_y(panel, row->value)};
    sji_rect box;
    sj_str text = {0};
    put_label(&text, row);
    const char *label = text.text == NULL ? "" : text.text;
    sji_fig_disc(figure, at.x, at.y, 5.5, colour, !row->is_fitted);
    if (sji_labels_place(room, at, 11.0, 90.0, sji_words_em(label) * ink.size + 4.0, 15.0, &box)) {
        double x = fmin(fmax(at.x, box.x0), box.x1), y = fmin(fmax(at.y, box.y0), box.y1);
        sji_fig_box(figure, box.x0, box.y0, box.x1, box.y1, "#55FFFFFF");
        if (hypot(x - at.x, y - at.y) > 16.0) {
            sji_fig_line(figure, at.x, at.y, x, y, colour, 0.8, 1);
        }
        sji_fig_text(figure, box.x0 + 2.0, (box.y0 + box.y1) / 2.0, label, &ink);
    }
    sj_str_clear(&text);
}

static void draw_points(sji_figure *figure, const sji_results *r, const funnel *f,
                        const sji_panel *panel, bool used[])
{
    sji_labels room = {.bounds = {panel->left + 4.0, panel->top - 8.0,
                                  panel->left + panel->width - 2.0,
                                  panel->top + panel->height - 2.0}};
    for (size_t i = 0; i < f->n_steps; i++) {
        sji_labels_ink(&room, f->step[i].curve, panel);
    }
    for (int pass = 0; pass < 2; pass++) { /* first all points keep their place, then the labels */
        for (size_t i = 0; i < r->observed.n; i++) {
            const sji_observed *row = &r->observed.at[i];
            size_t k = step_of(f, row);
            if (k == f->n_steps || row->day < panel->x.low || row->day > panel->x.high) {
                continue;
            }
            double x = sji_panel_x(panel, row->day), y = sji_panel_y(panel, row->value);
            used[i] = true;
            if (pass == 0) {
                (void)sji_labels_take(&room, (sji_rect){x - 7.0, y - 7.0, x + 7.0, y + 7.0});
            } else {
                draw_observed(figure, row, k, panel, &room);
            }
        }
    }
    sji_labels_clear(&room);
}

static void draw_legend(sji_figure *figure, bool with_points)
{
    double x = SJI_MARGIN, y = SJI_HEAD - 6.0;
    x = sji_fig_legend(figure, x, y, SJI_SWATCH_LINE, SJI_GREY, "model, mean");
    x = sji_fig_legend(figure, x, y, SJI_SWATCH_BAND, "#DEDFE0", SJI_BAND_TEXT);
    if (with_points) {
        x = sji_fig_legend(figure, x, y, SJI_SWATCH_FILLED, SJI_GREY,
                           "published count, not used for fitting");
        (void)sji_fig_legend(figure, x, y, SJI_SWATCH_HOLLOW, SJI_GREY,
                             "published count, used for fitting");
    }
}

static double top_of(const sji_results *r, const funnel *f)
{
    double top = 0.0;
    for (size_t i = 0; i < f->n_steps; i++) {
        top = fmax(top, sji_curve_peak(f->step[i].curve, true));
    }
    for (size_t i = 0; i < r->observed.n; i++) {
        if (step_of(f, &r->observed.at[i]) < f->n_steps) {
            top = fmax(top, r->observed.at[i].value);
        }
    }
    return top;
}

/* The day to begin with: two months before the first application or published count. */
static sj_day begin_of(const sji_results *r, const funnel *f)
{
    enum { LEAD = 61 };
    sj_day first = r->last;
    for (size_t i = 0; i < f->n_steps; i++) {
        const sji_curve *curve = f->step[i].curve;
        for (size_t k = 0; k < curve->n && curve->at[k].day < first; k++) {
            if (curve->at[k].mean > 0.0) {
                first = curve->at[k].day;
            }
        }
    }
    for (size_t i = 0; i < r->observed.n; i++) {
        const sji_observed *row = &r->observed.at[i];
        if (step_of(f, row) < f->n_steps && row->day < first) {
            first = row->day;
        }
    }
    return first - LEAD > r->first ? first - LEAD : r->first;
}

static void draw_page(sji_figure *figure, const sji_results *r, const funnel *f, bool used[])
{
    sji_panel panel = {.top = SJI_HEAD + 18.0};
    sj_str title = {0}, subtitle = {0}, source = {0};
    sji_axis_numbers(&panel.y, 0.0, top_of(r, f) * 1.03, 6, "");
    panel.left = SJI_MARGIN + sji_axis_em(&panel.y) * 11.0 + 10.0;
    panel.width = SJI_WIDTH - SJI_MARGIN - label_width - panel.left;
    panel.height = figure->height - SJI_FOOT - 36.0 - panel.top;
    sji_axis_dates(&panel.x, begin_of(r, f), r->last, panel.width);
    draw_curves(figure, f, &panel);
    sji_fig_page_begin(figure);
    draw_ends(figure, f, &panel);
    draw_points(figure, r, f, &panel, used);
    draw_legend(figure, f->n_observed > 0);
    sji_fig_page_end(figure);
    sj_str_add(&title, "How far have people come in \xE2\x80\x9C");
    sji_words_fit(&title, sji_results_name(r, "programmes", f->programme), 38.0);
    sj_str_add(&title, "\xE2\x80\x9D?");
    sj_str_add(&subtitle, "People since the start of the run, cumulative, by stage. On the right: "
                          "the count in ");
    sji_words_month(&subtitle, sji_curve_last(f->step[0].curve)->day);
    sj_str_add(&subtitle, strcmp(f->step[0].name, "Applied") == 0
                              ? " and its share of those who applied."
                              : ".");
    sji_words_source(&source, r, used, true);
    sji_fig_frame(figure, title.text, subtitle.text, source.text);
    sj_str_clear(&title);
    sj_str_clear(&subtitle);
    sj_str_clear(&source);
}

static sj_status draw_funnel(sji_job *job, const funnel *f, sj_err *err)
{
    sji_figure figure;
    sj_str stem = {0};
    bool *used = sj_calloc(job->results->observed.n, sizeof *used);
    if (used == NULL) {
        return SJ_FAIL(err, SJ_E_NOMEM, "funnel", "out of memory");
    }
    sj_str_printf(&stem, "funnel-%s", f->programme);
    sji_figure_init(&figure, stem.failed ? "funnel" : stem.text, SJI_WIDTH, SJI_HEIGHT);
    draw_page(&figure, job->results, f, used);
    sj_status st = sji_job_save(job, &figure, err);
    sji_figure_clear(&figure);
    sj_str_clear(&stem);
    free(used);
    return st;
}

sj_status sji_draw_funnel(sji_job *job, sj_err *err)
{
    const sji_results *r = job->results;
    size_t n = 0, largest = 0;
    funnel *all = sj_calloc(r->curves.n, sizeof *all);
    if (all == NULL || !list_funnels(r, all, &n)) {
        free(all);
        return SJ_FAIL(err, SJ_E_NOMEM, "funnel", "out of memory");
    }
    for (size_t i = 0; i < n; i++) {
        largest = all[i].size > all[largest].size ? i : largest;
    }
    sj_status st = SJ_OK;
    for (size_t i = 0; i < n && st == SJ_OK; i++) {
        if (all[i].size > 0.0 && (all[i].n_observed > 0 || i == largest)) {
            st = draw_funnel(job, &all[i], err);
        }
    }
    free(all);
    return st;
}
