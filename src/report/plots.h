/**
 * @file plots.h
 * @brief Pictures of a results folder, drawn by the external gnuplot.
 *
 * For each picture NAME three files land in DIR/plots/: NAME.gp, the script, NAME.dat,
 * its data, and NAME.svg (png, pdf). The script and the data are made here; gnuplot
 * only draws, and where it is absent scripts and data are written all the same.
 * A picture is made from files alone: no live object is looked at.
 * Floor 7 (report): may include base, num, io and analysis.
 */
#ifndef SJ_REPORT_PLOTS_H
#define SJ_REPORT_PLOTS_H
#include "analysis/observed.h"
#include "base/err.h"
#include "base/str.h"

/** @brief A kind of picture, for `plot --kind` and `list plots`. */
typedef struct sj_plot_kind {
    const char *name;
    const char *doc;   /* one line: the question it answers */
    const char *needs; /* the table it is drawn from */
} sj_plot_kind;

/** @brief All kinds in the order they are drawn; *n is their number. Static. */
const sj_plot_kind *sj_plot_kinds(size_t *n);

/** @brief What to draw. */
typedef struct sj_plot_request {
    const char *folder;       /* a results folder */
    const char *format;       /* "svg", "png" or "pdf" */
    const char *const *kinds; /* names; NULL = all that the folder holds data for */
    size_t n_kinds;
    const sj_observations *observed; /* to show beside the model; NULL = none. Borrowed */
    const char *const *links;        /* ids: crossings by nationality, in `corridor` */
    size_t n_links;
    bool with_way_home; /* links that serve the way home alone are drawn too: map, corridor */
    bool scripts_only;  /* write scripts and data, do not run gnuplot */
} sj_plot_request;

/** @brief What was drawn. Zero-initialise; release with sj_plot_made_clear(). */
typedef struct sj_plot_made {
    char **pictures; /* owns: paths, the folder as given in front */
    size_t n_pictures, capacity;
    size_t n_scripts;
    bool gnuplot_absent; /* scripts and data are there, pictures are not */
    sj_str notes;        /* lines to show: kinds with nothing to draw, what gnuplot said */
} sj_plot_made;

/**
 * @brief Draw. On failure what was drawn before stays and is listed in *made.
 * @retval SJ_E_IO      No such folder, no table of a run in it, a file cannot be written, gnuplot
 *                      failed.
 * @retval SJ_E_CHOICE  An unknown kind or format; err->hint has a suggestion. Nothing is written.
 * @retval SJ_E_DOMAIN  A kind or link asked for by name has no data in the folder.
 * @retval SJ_E_USAGE   Kind `observed` is asked for without observations, or links without kind
 *                      `corridor`.
 * @retval SJ_E_CSV, SJ_E_DATE, SJ_E_SYNTAX ... A table or scenario.json is damaged.
 */
SJ_MUSTUSE sj_status sj_plots_draw(const sj_plot_request *request, sj_plot_made *made, sj_err *err);
void sj_plot_made_clear(sj_plot_made *made);

/** @brief Check names without drawing: SJ_E_CHOICE with a suggestion, SJ_E_USAGE. Looks at no
 * observation, only whether there are any to come. */
SJ_MUSTUSE sj_status sj_plots_check(const sj_plot_request *request, sj_err *err);
#endif /* SJ_REPORT_PLOTS_H */
