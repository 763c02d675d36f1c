/**
 * @file figure.h
 * @brief A picture in the making: a gnuplot script and its data, with places in pixels.
 *
 * A figure is a page of width x height pixels (origin top left, y downwards)
 * and layers on it, drawn in order: *page* layers hold texts, boxes and lines
 * at pixels; *panel* layers hold curves of data with axes. Each layer is one
 * `plot` of a multiplot. The script runs in its own folder, reads NAME.dat
 * (blocks of plain numbers and ISO dates, so data can carry no code) and writes
 * NAME.svg, .png or .pdf; a person may edit and rerun it.
 * Memory ending is kept in the texts and found when the figure is saved.
 * Floor 7 (report).
 */
#ifndef SJ_REPORT_FIGURE_H
#define SJ_REPORT_FIGURE_H
#include "base/str.h"
#include "report/axis.h"

/* Colours of Okabe and Ito (2008), told apart by every kind of colour vision, and greys. */
#define SJI_BLUE "#0072B2"
#define SJI_VERMILION "#D55E00"
#define SJI_GREEN "#009E73"
#define SJI_ORANGE "#E69F00"
#define SJI_PURPLE "#CC79A7"
#define SJI_SKY "#56B4E9"
#define SJI_BLACK "#1A1A1A"
#define SJI_GREY "#5F6368"
#define SJI_PALE "#D9DCE0"
#define SJI_BLUE_PALE "#C7E0EE" /* a band of SJI_BLUE on white */

/* The band in a legend. */
#define SJI_BAND_TEXT                                                                              \
    "9 of 10 replications (5\xE2\x80\x93"                                                          \
    "95 %)"

/** @brief The i-th colour for lines on white; repeats after seven. */
const char *sji_fig_colour(size_t i);

/** @brief The same hue, dark enough for a text on white (contrast 4.5 at least). */
const char *sji_fig_text_colour(size_t i);

typedef enum sji_side { SJI_LEFT, SJI_CENTRE, SJI_RIGHT } sji_side;

/** @brief How a text looks. */
typedef struct sji_ink {
    double size; /* pixels */
    bool bold;
    const char *colour;
    sji_side side; /* the side of the text that its point is at */
} sji_ink;

typedef struct sji_figure {
    char stem[96]; /* file name without extension */
    double width, height;
    sj_str script, data;
    sj_str elements; /* of the plot command of the open layer */
    int n_blocks;
} sji_figure;

/** @brief Begin a figure; `stem` is made safe as a file name. End with sji_figure_clear(). */
void sji_figure_init(sji_figure *figure, const char *stem, double width, double height);
void sji_figure_clear(sji_figure *figure);

/** @brief True while no memory was lost. */
bool sji_figure_ok(const sji_figure *figure);

/**
 * @brief Append to the script. `%q` a text as a literal, `%n` a double in pixels or values (any
 * locale), `%s` a word of ours, `%d` an int; nothing else is understood.
 */
void sji_fig_add(sji_figure *figure, const char *fmt, ...);

/** @brief Append to the data; the same conversions, and `%t` a day (int) as ISO date. */
void sji_fig_data(sji_figure *figure, const char *fmt, ...);

/** @brief Begin a block of data (rows must follow); returns its index. */
int sji_fig_block(sji_figure *figure, const char *columns);

/** @brief Add an element to the plot command of the layer: the text after "plot". */
void sji_fig_element(sji_figure *figure, const char *fmt, ...);

/** @brief A page layer: whatever sji_fig_text() and the like put down until its end. */
void sji_fig_page_begin(sji_figure *figure);
void sji_fig_page_end(sji_figure *figure);

/** @brief A text at a pixel, centred on y. */
void sji_fig_text(sji_figure *figure, double x, double y, const char *text, const sji_ink *ink);

/** @brief A filled box between two corners; `colour` may carry an alpha as gnuplot's #AARRGGBB. */
void sji_fig_box(sji_figure *figure, double x0, double y0, double x1, double y1,
                 const char *colour);

/** @brief A straight line; `dash` 1 = solid, 2 = dashed. */
void sji_fig_line(sji_figure *figure, double x0, double y0, double x1, double y1,
                  const char *colour, double thick, int dash);

/** @brief A disc of a radius in pixels: filled, or white with a coloured rim. */
void sji_fig_disc(sji_figure *figure, double x, double y, double radius, const char *colour,
                  bool filled);

/** @brief A panel: its plotting area in pixels and its axes. */
typedef struct sji_panel {
    double left, top, width, height;
    double cell_left; /* pixel where its titles begin */
    sji_axis x, y;
    bool no_x_labels, no_y_labels, no_grid;
} sji_panel;

void sji_panel_begin(sji_figure *figure, const sji_panel *panel);
void sji_panel_end(sji_figure *figure);

/** @brief Pixel of a value of a panel. */
double sji_panel_x(const sji_panel *panel, double x);
double sji_panel_y(const sji_panel *panel, double y);

/** @brief Title, subtitle (either may take two lines) and source line (up to three) of the page,
 * as a page layer. */
void sji_fig_frame(sji_figure *figure, const char *title, const char *subtitle, const char *source);

enum { SJI_WIDTH = 1200, SJI_HEIGHT = 800, SJI_MARGIN = 40, SJI_HEAD = 104, SJI_FOOT = 62 };
#endif /* SJ_REPORT_FIGURE_H */
