/* What a policy changes: paired differences with their intervals, as shares of the base. */
#include "report/draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/texts.h"

enum { MOST_ROWS = 36 };

typedef struct row {
    const char *metric, *place, *item, *verdict;
    double at, low, high; /* percent of the base */
} row;

static int by_size(const void *a, const void *b)
{
    double x = fabs(((const row *)a)->at), y = fabs(((const row *)b)->at);
    return (x < y) - (x > y);
}

static int by_value(const void *a, const void *b)
{
    double x = ((const row *)a)->at, y = ((const row *)b)->at;
    return (x < y) - (x > y);
}

static bool is_certain(const row *line)
{
    return line->low > 0.0 || line->high < 0.0;
}

/* Rows with a base other than zero and a finite interval. */
static size_t take_rows(const sj_csv *csv, const int c[], row rows[])
{
    size_t n = 0;
    for (size_t i = 0; i < csv->n_rows; i++) {
        double base = fabs(sji_results_number_at(csv, i, c[3]));
        row line = {sj_csv_cell(csv, i, c[0]),
                    sj_csv_cell(csv, i, c[1]),
                    sj_csv_cell(csv, i, c[2]),
                    sj_csv_cell(csv, i, c[7]),
                    100.0 * sji_results_number_at(csv, i, c[4]) / base,
                    100.0 * sji_results_number_at(csv, i, c[5]) / base,
                    100.0 * sji_results_number_at(csv, i, c[6]) / base};
        if (isfinite(base) && isfinite(line.at) && isfinite(line.low) && isfinite(line.high)) {
            rows[n++] = line;
        }
    }
    return n;
}

/* "queue length: Biometrics, Colombia". */
static void put_name(sj_str *out, const sji_results *r, const row *line)
{
    const char *programme = "", *stage = "";
    sji_words_of_id(out, line->metric);
    if (strcmp(line->item, "ALL") != 0 && sji_results_stage(r, line->item, &programme, &stage)) {
        const char *name = sji_results_name(r, "programmes", programme);
        sj_str_add(out, ": ");
        if (stage[0] != '\0') {
            sji_words_fit(out, sji_results_stage_name(r, programme, stage), 16.0);
        } else if (name != programme) {
            sji_words_fit(out, name, 16.0);
        } else {
            sji_words_of_id(out, programme);
        }
    }
    sj_str_add(out, ", ");
    sj_str_add(out, strcmp(line->place, "ALL") == 0 ? "all places"
                                                    : sji_results_name(r, "places", line->place));
}

static void draw_row(sji_figure *figure, const sji_results *r, const row *line,
                     const sji_panel *panel, double y)
{
    static const sji_ink name_ink = {12.5, false, SJI_BLACK, SJI_RIGHT};
    static const sji_ink verdict_ink = {12.0, false, SJI_GREY, SJI_LEFT};
    const char *colour = !is_certain(line) ? SJI_GREY : line->at > 0.0 ? SJI_BLUE : SJI_VERMILION;
    sj_str name = {0}, shown = {0}, verdict = {0};
    put_name(&name, r, line);
    sji_words_fit(&shown, name.text == NULL ? "" : name.text, 29.5);
    sji_words_fit(&verdict, line->verdict, 19.0);
    sji_fig_text(figure, panel->left - 14.0, y, shown.text, &name_ink);
    sji_fig_text(figure, panel->left + panel->width + 24.0, y, verdict.text, &verdict_ink);
    double x0 = fmax(panel->left, sji_panel_x(panel, line->low));
    double x1 = fmin(panel->left + panel->width, sji_panel_x(panel, line->high));
    sji_fig_line(figure, x0, y, x1, y, colour, 2.4, 1);
    sji_fig_disc(figure, sji_panel_x(panel, line->at), y, 5.5, colour, is_certain(line));
    sj_str_clear(&name);
    sj_str_clear(&shown);
    sj_str_clear(&verdict);
}

static void draw_axes(sji_figure *figure, const sji_panel *panel, const row rows[], size_t n)
{
    int block = sji_fig_block(figure, "row difference low high (percent of the base)");
    for (size_t i = 0; i < n; i++) {
        sji_fig_data(figure, "%d %n %n %n\n", (int)i, rows[i].at, rows[i].low, rows[i].high);
    }
    sji_panel_begin(figure, panel);
    sji_fig_add(figure,
                "set grid xtics lt 1 lc rgb '%s' lw 0.7\nset arrow from first 0, graph 0 to first "
                "0, graph 1 nohead lw 1.2 lc rgb '%s' back\n",
                SJI_PALE, SJI_BLACK);
    sji_fig_element(figure, "data index %d using 2:1 with dots lc rgb '%s'", block, SJI_PALE);
    sji_panel_end(figure);
}

static void draw_legend(sji_figure *figure)
{
    double x = SJI_MARGIN, y = SJI_HEAD - 20.0;
    sji_fig_page_begin(figure);
    x = sji_fig_legend(figure, x, y, SJI_SWATCH_FILLED, SJI_BLUE, "more, interval clear of zero");
    x = sji_fig_legend(figure, x, y, SJI_SWATCH_FILLED, SJI_VERMILION,
                       "less, interval clear of zero");
    (void)sji_fig_legend(figure, x, y, SJI_SWATCH_HOLLOW, SJI_GREY, "interval holds zero");
    sji_fig_page_end(figure);
}

static sj_status draw_rows(sji_job *job, row rows[], size_t n_all, size_t n_table, sj_err *err)
{
    const sji_results *r = job->results;
    double low = 0.0, high = 0.0;
    sji_figure figure;
    sj_str subtitle = {0}, source = {0};
    qsort(rows, n_all, sizeof *rows, by_size);
    size_t n = n_all < MOST_ROWS ? n_all : MOST_ROWS;
    qsort(rows, n, sizeof *rows, by_value);
    for (size_t i = 0; i < n; i++) {
        low = fmin(low, rows[i].low);
        high = fmax(high, rows[i].high);
    }
    double step = n > 18 ? 22.0 : 34.0;
    sji_panel panel = {.left = 430.0, .top = SJI_HEAD + 4.0, .width = 490.0};
    panel.height = step * (double)n;
    sji_axis_numbers(&panel.x, low, high, 6, " %");
    panel.y = (sji_axis){.low = (double)n - 0.5, .high = -0.5};
    panel.no_grid = true;
    sji_figure_init(&figure, "compare", SJI_WIDTH,
                    round(panel.top + panel.height + 40.0 + SJI_FOOT));
    sj_str_add(&subtitle, "Policy minus baseline, paired by replication, in percent of the "
                          "baseline; bars are intervals.");
    if (n_table > n) {
        sj_str_printf(&subtitle, " %zu of %zu lines: the largest with a base other than zero.", n,
                      n_table);
    }
    sji_words_source(&source, r, NULL, false);
    sji_fig_frame(&figure, "What does the policy change?", subtitle.text, source.text);
    draw_legend(&figure);
    draw_axes(&figure, &panel, rows, n);
    sji_fig_page_begin(&figure);
    for (size_t i = 0; i < n; i++) {
        draw_row(&figure, r, &rows[i], &panel, panel.top + step * ((double)i + 0.5));
    }
    sji_fig_page_end(&figure);
    sj_status st = sji_job_save(job, &figure, err);
    sji_figure_clear(&figure);
    sj_str_clear(&subtitle);
    sj_str_clear(&source);
    return st;
}

sj_status sji_draw_compare(sji_job *job, sj_err *err)
{
    static const char *const heading[] = {"metric",     "place", "item", "base",
                                          "difference", "low",   "high", "verdict"};
    const sj_csv *csv = &job->results->compare;
    int c[8];
    if (csv->n_columns == 0) {
        return SJ_OK;
    }
    SJ_TRY(sji_results_columns(csv, heading, 8, c, err));
    row *rows = sj_calloc(csv->n_rows, sizeof *rows);
    if (rows == NULL) {
        return SJ_FAIL(err, SJ_E_NOMEM, csv->path, "out of memory");
    }
    size_t n = take_rows(csv, c, rows);
    sj_status st = n > 0 ? draw_rows(job, rows, n, csv->n_rows, err) : SJ_OK;
    free(rows);
    return st;
}
