/**
 * @file draw.h
 * @brief What the kinds of picture share: the job, saving, panels of curves, labels.
 *
 * A kind is one const row {name, doc, has_data, draw}; to add a picture is to
 * add one file and one row in plots.c. Floor 7 (report), inside the room.
 */
#ifndef SJ_REPORT_DRAW_H
#define SJ_REPORT_DRAW_H
#include "report/figure.h"
#include "report/plots.h"
#include "report/results.h"
#include "report/spread.h"

/** @brief One drawing of a folder. */
typedef struct sji_job {
    const sji_results *results;
    const sj_plot_request *request;
    const char *folder;   /* plots/ */
    SJ_VEC(char *) stems; /* owns: figures written */
} sji_job;

/** @brief Write STEM.gp and STEM.dat; a stem used before gets a number. */
SJ_MUSTUSE sj_status sji_job_save(sji_job *job, sji_figure *figure, sj_err *err);

/* The kinds. Each draws its figures and saves them; nothing to draw is no error. */
sj_status sji_draw_stock(sji_job *job, sj_err *err);
sj_status sji_draw_capacity(sji_job *job, sj_err *err);
sj_status sji_draw_overload(sji_job *job, sj_err *err);
sj_status sji_draw_funnel(sji_job *job, sj_err *err);
sj_status sji_draw_queue(sji_job *job, sj_err *err);
sj_status sji_draw_asylum(sji_job *job, sj_err *err);
sj_status sji_draw_waits(sji_job *job, sj_err *err);
sj_status sji_draw_map(sji_job *job, sj_err *err);
sj_status sji_draw_corridor(sji_job *job, sj_err *err);
sj_status sji_draw_observed(sji_job *job, sj_err *err);
sj_status sji_draw_compare(sji_job *job, sj_err *err);

/** @brief True where the curves of a metric are there. */
bool sji_results_has(const sji_results *results, const char *metric);

/** @brief Append the source line: the sources of the observed rows that `is_used` marks (NULL =
 * none), then the model. `band` adds what the bands are. */
void sji_words_source(sj_str *out, const sji_results *results, const bool is_used[], bool band);

/** @brief Append "Bogotá" or "Bogotá, shelter". */
void sji_words_place(sj_str *out, const sji_results *results, const char *place, const char *item);

/** @brief Append the name of a link, else its ends: "Bogotá → Tulcán". */
void sji_words_link(sj_str *out, const sji_results *results, const char *link);

/** @brief Does a link serve the way home alone? */
bool sji_link_is_way_home(const sji_results *results, const char *link);

/** @brief Do people hold a status of their own while a case of the programme is open, as those who
 * ask for asylum do? */
bool sji_programme_is_asylum(const sji_results *results, const char *programme);

/** @brief Write a curve as a block (date mean low high); -1 where it has no finite mean. */
int sji_fig_block_of_curve(sji_figure *figure, const sji_curve *curve);

/** @brief Band and line of such a block in the open panel. */
void sji_fig_band(sji_figure *figure, int block, const char *colour);
void sji_fig_mean(sji_figure *figure, int block, const char *colour, double thick);

/** @brief Grid of panels: columns and rows for n, and the plotting area of the i-th. */
typedef struct sji_grid {
    int columns, rows;
    double left, top, width, height; /* of the whole, pixels */
} sji_grid;

/** @brief A grid for n panels, in at most `most` columns, on a page of the usual width; sets its
 * height too. */
sji_grid sji_grid_for(size_t n, int most, double *page_height);

/** @brief Place of the i-th panel, whose y axis is made; `right` pixels beside it stay free for
 * labels. */
void sji_grid_place(const sji_grid *grid, size_t i, double right, sji_panel *panel);

/** @brief Widest y label of an axis in em. */
double sji_axis_em(const sji_axis *axis);

/** @brief Title above a panel and a second line ("" = none), each cut to its width. */
void sji_panel_title(sji_figure *figure, const sji_panel *panel, const char *title,
                     const char *line);

/** @brief A curve of a panel is ink that labels rather leave free. */
void sji_labels_ink(sji_labels *labels, const sji_curve *curve, const sji_panel *panel);

/** @brief A legend entry at a pixel; returns where the next may begin. */
typedef enum sji_swatch {
    SJI_SWATCH_LINE,
    SJI_SWATCH_DASHED,
    SJI_SWATCH_BAND,
    SJI_SWATCH_FILLED,
    SJI_SWATCH_HOLLOW
} sji_swatch;
double sji_fig_legend(sji_figure *figure, double x, double y, sji_swatch swatch, const char *colour,
                      const char *text);

/** @brief A label at the right end of a curve. */
typedef struct sji_end_label {
    double y; /* pixel of the curve's end */
    const char *text, *colour;
    const char *below; /* second line, plain; NULL = none (for all) */
} sji_end_label;

/** @brief Write labels to the right of x, in `width` pixels, none over another; reorders them. */
void sji_fig_end_labels(sji_figure *figure, const sji_panel *panel, sji_end_label label[], size_t n,
                        double width);
#endif /* SJ_REPORT_DRAW_H */
