#include "report/draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/texts.h"

sji_grid sji_grid_for(size_t n, int most, double *page_height)
{
    static const int columns[] = {1, 1, 2, 3, 2, 3, 3, 4, 4, 3, 4, 4, 4};
    sji_grid grid = {.columns = n < 13 ? columns[n] : 4};
    grid.columns = grid.columns < most ? grid.columns : most;
    grid.rows = n == 0 ? 1 : (int)((n + (size_t)grid.columns - 1) / (size_t)grid.columns);
    double top = SJI_HEAD + 8.0;
    double row = fmax(220.0, (SJI_HEIGHT - top - SJI_FOOT) / grid.rows);
    row = fmin(row, grid.columns == 1 ? 618.0 : 430.0);
    *page_height = round(top + row * grid.rows + SJI_FOOT);
    grid.left = SJI_MARGIN;
    grid.top = top;
    grid.width = SJI_WIDTH - 2.0 * SJI_MARGIN;
    grid.height = row * grid.rows;
    return grid;
}

double sji_axis_em(const sji_axis *axis)
{
    double em = 0.0;
    for (int i = 0; i < axis->n; i++) {
        em = fmax(em, sji_words_em(axis->tick[i].label));
    }
    return em;
}

void sji_grid_place(const sji_grid *grid, size_t i, double right, sji_panel *panel)
{
    const double head = 48.0, foot = 32.0;
    double cell_w = grid->width / grid->columns, cell_h = grid->height / grid->rows;
    double labels = fmax(grid->columns > 1 ? 68.0 : 0.0, sji_axis_em(&panel->y) * 11.0 + 10.0);
    panel->cell_left = grid->left + cell_w * (double)(i % (size_t)grid->columns);
    panel->left = panel->cell_left + labels;
    panel->top = grid->top + cell_h * (double)(i / (size_t)grid->columns) + head;
    panel->width = cell_w - labels - right;
    panel->height = cell_h - head - foot;
}

void sji_panel_title(sji_figure *figure, const sji_panel *panel, const char *title,
                     const char *line)
{
    static const sji_ink bold = {14.0, true, SJI_BLACK, SJI_LEFT};
    static const sji_ink plain = {12.0, false, SJI_GREY, SJI_LEFT};
    double width = panel->left + panel->width + 24.0 - panel->cell_left;
    bool has_line = line != NULL && line[0] != '\0';
    sj_str cut = {0};
    sji_words_fit(&cut, title, width / (bold.size * 1.1));
    sji_fig_text(figure, panel->cell_left, panel->top - (has_line ? 37.0 : 20.0), cut.text, &bold);
    sj_str_clear(&cut);
    if (has_line) {
        sji_words_fit(&cut, line, width / plain.size);
        sji_fig_text(figure, panel->cell_left, panel->top - 19.0, cut.text, &plain);
        sj_str_clear(&cut);
    }
}

double sji_fig_legend(sji_figure *figure, double x, double y, sji_swatch swatch, const char *colour,
                      const char *text)
{
    static const sji_ink ink = {12.0, false, SJI_BLACK, SJI_LEFT};
    switch (swatch) {
    case SJI_SWATCH_LINE:
    case SJI_SWATCH_DASHED:
        sji_fig_line(figure, x, y, x + 26.0, y, colour, 2.2, swatch == SJI_SWATCH_DASHED ? 2 : 1);
        break;
    case SJI_SWATCH_BAND:
        sji_fig_box(figure, x, y - 7.0, x + 26.0, y + 7.0, colour);
        break;
    default:
        sji_fig_disc(figure, x + 13.0, y, 5.0, colour, swatch == SJI_SWATCH_FILLED);
        break;
    }
    sji_fig_text(figure, x + 33.0, y, text, &ink);
    return x + 33.0 + sji_words_em(text) * ink.size + 26.0;
}

void sji_labels_ink(sji_labels *labels, const sji_curve *curve, const sji_panel *panel)
{
    const int parts = 8;
    for (size_t i = 0; i + 1 < curve->n; i++) {
        const sji_sample *a = &curve->at[i], *b = &curve->at[i + 1];
        for (int k = 0; k < parts; k++) {
            double t = (double)k / parts, u = 1.0 - t;
            sji_point p = {sji_panel_x(panel, u * a->day + t * b->day),
                           sji_panel_y(panel, u * a->mean + t * b->mean)};
            if (isfinite(p.y) && !sj_vec_push(&labels->ink, p)) {
                return;
            }
        }
    }
}

static int by_height(const void *a, const void *b)
{
    double x = ((const sji_end_label *)a)->y, y = ((const sji_end_label *)b)->y;
    return (x > y) - (x < y);
}

void sji_fig_end_labels(sji_figure *figure, const sji_panel *panel, sji_end_label label[], size_t n,
                        double width)
{
    enum { MOST = 16 };
    double y[MOST];
    n = n < MOST ? n : MOST;
    qsort(label, n, sizeof *label, by_height);
    for (size_t i = 0; i < n; i++) {
        y[i] = label[i].y;
    }
    double gap = n > 0 && label[0].below != NULL ? 36.0 : 17.0;
    sji_labels_spread(y, n, gap, panel->top + 4.0, panel->top + panel->height - gap + 13.0);
    double x = panel->left + panel->width;
    for (size_t i = 0; i < n; i++) {
        sji_ink ink = {12.0, true, label[i].colour, SJI_LEFT};
        sj_str line = {0};
        sji_words_fit(&line, label[i].text, (width - 18.0) / (ink.size * 1.08));
        sji_fig_line(figure, x + 2.0, label[i].y, x + 13.0, y[i], label[i].colour, 0.8, 1);
        sji_fig_text(figure, x + 16.0, y[i], line.text, &ink);
        if (label[i].below != NULL) {
            ink.bold = false;
            sji_fig_text(figure, x + 16.0, y[i] + 16.0, label[i].below, &ink);
        }
        sj_str_clear(&line);
    }
}
