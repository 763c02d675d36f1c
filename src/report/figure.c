#include "report/figure.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "io/format.h"
#include "report/texts.h"

const char *sji_fig_text_colour(size_t i)
{
    static const char *const colour[] = {SJI_BLUE,  "#B34D00", "#00745A", "#9C4A78",
                                         "#8F6300", "#23749F", SJI_BLACK};
    return colour[i % (sizeof colour / sizeof colour[0])];
}

const char *sji_fig_colour(size_t i)
{
    static const char *const colour[] = {SJI_BLUE,   SJI_VERMILION, SJI_GREEN, SJI_PURPLE,
                                         SJI_ORANGE, SJI_SKY,       SJI_BLACK};
    return colour[i % (sizeof colour / sizeof colour[0])];
}

/* Two decimals below a million, as gnuplot reads it. */
static void put_number(sj_str *out, double value)
{
    char text[SJ_NUMBER_TEXT];
    if (!isfinite(value)) {
        sj_str_add(out, "NaN");
        return;
    }
    double scale = fabs(value) < 10.0 ? 1e6 : fabs(value) < 1e9 ? 1e3 : 1.0;
    (void)sj_format_number(round(value * scale) / scale, text);
    sj_str_add(out, text);
}

static void put_one(sj_str *out, char conversion, va_list *args)
{
    char date[SJ_DATE_TEXT];
    switch (conversion) {
    case 'q':
        sji_words_quote(out, va_arg(*args, const char *));
        break;
    case 's':
        sj_str_add(out, va_arg(*args, const char *));
        break;
    case 'd':
        sj_str_printf(out, "%d", va_arg(*args, int));
        break;
    case 'n':
        put_number(out, va_arg(*args, double));
        break;
    case 't':
        sj_day_format((sj_day)va_arg(*args, int), date);
        sj_str_add(out, date);
        break;
    default:
        sj_str_add(out, "%");
        break;
    }
}

static void put(sj_str *out, const char *fmt, va_list *args)
{
    while (*fmt != '\0') {
        size_t n = strcspn(fmt, "%");
        sj_str_add_n(out, fmt, n);
        fmt += n;
        if (*fmt == '%' && fmt[1] != '\0') {
            put_one(out, fmt[1], args);
            fmt += 2;
        }
    }
}

void sji_fig_add(sji_figure *figure, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    put(&figure->script, fmt, &args);
    va_end(args);
}

void sji_fig_data(sji_figure *figure, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    put(&figure->data, fmt, &args);
    va_end(args);
}

void sji_fig_element(sji_figure *figure, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    sj_str_add(&figure->elements, figure->elements.n == 0 ? "plot " : ", \\\n     ");
    put(&figure->elements, fmt, &args);
    va_end(args);
}

int sji_fig_block(sji_figure *figure, const char *columns)
{
    sji_fig_data(figure, "%s# %s\n", figure->n_blocks > 0 ? "\n\n" : "", columns);
    return figure->n_blocks++;
}

/* Sizes are pixels of the SVG; a PNG of the same pixels and a PDF of 1/100 inch a pixel look alike:
 * cairo's points are 4/3 of a pixel there and 1/72 inch here. */
static void put_terminals(sji_figure *figure)
{
    double w = figure->width, h = figure->height;
    sji_fig_add(figure, "if (!exists('format')) format = 'svg'\n");
    sji_fig_add(figure, "# emoji in PNG and PDF need a font that has them: symbols = 1\n"
                        "if (!exists('symbols')) symbols = (format eq 'svg')\n");
    sji_fig_add(figure, "if (!exists('picture')) picture = '%s.' . format\n", figure->stem);
    sji_fig_add(figure,
                "if (format eq 'svg') set terminal svg noenhanced size %n,%n font 'sans-serif,12' "
                "background '#ffffff'\n",
                w, h);
    sji_fig_add(figure,
                "if (format eq 'png') set terminal pngcairo noenhanced size %n,%n fontscale 0.75 "
                "font 'sans-serif,12' background '#ffffff'\n",
                w, h);
    sji_fig_add(
        figure,
        "if (format eq 'pdf') set terminal pdfcairo noenhanced size %nin,%nin fontscale 0.54 "
        "font 'sans-serif,12' linewidth 0.72 background '#ffffff'\n",
        w / 100.0, h / 100.0);
}

void sji_figure_init(sji_figure *figure, const char *stem, double width, double height)
{
    memset(figure, 0, sizeof *figure);
    figure->width = width;
    figure->height = height;
    sj_str safe = {0};
    sji_words_stem(&safe, stem);
    (void)snprintf(figure->stem, sizeof figure->stem, "%s", safe.text == NULL ? "plot" : safe.text);
    sj_str_clear(&safe);
    sji_fig_add(figure, "# Drawn by sojourn plot. Edit and run in this folder: gnuplot %s.gp\n",
                figure->stem);
    sji_fig_add(figure, "# Other formats: gnuplot -e \"format='pdf'\" %s.gp\n", figure->stem);
    sji_fig_add(figure, "set encoding utf8\nset decimalsign '.'\n");
    put_terminals(figure);
    sji_fig_add(figure, "data = '%s.dat'\n", figure->stem);
    sji_fig_add(figure,
                "set output picture\nset multiplot\nunset key\nset timefmt '%%Y-%%m-%%d'\n");
}

void sji_figure_clear(sji_figure *figure)
{
    sj_str_clear(&figure->script);
    sj_str_clear(&figure->data);
    sj_str_clear(&figure->elements);
}

bool sji_figure_ok(const sji_figure *figure)
{
    return !figure->script.failed && !figure->data.failed && !figure->elements.failed;
}

static void put_margins(sji_figure *figure, double left, double top, double width, double height)
{
    sji_fig_add(figure, "set lmargin at screen %n\nset rmargin at screen %n\n",
                left / figure->width, (left + width) / figure->width);
    sji_fig_add(figure, "set tmargin at screen %n\nset bmargin at screen %n\n",
                1.0 - top / figure->height, 1.0 - (top + height) / figure->height);
}

/* The plot command, then nothing of this layer is left for the next. */
static void put_plot(sji_figure *figure)
{
    if (figure->elements.n > 0) {
        sj_str_add_n(&figure->script, figure->elements.text, figure->elements.n);
    }
    sj_str_add(&figure->script, "\nunset label\nunset object\nunset arrow\n");
    figure->elements.n = 0;
}

void sji_fig_page_begin(sji_figure *figure)
{
    sji_fig_add(figure, "\n# page, in pixels\nset xdata\nunset border\nunset tics\nunset grid\n");
    put_margins(figure, 0.0, 0.0, figure->width, figure->height);
    sji_fig_add(figure, "set xrange [0:%n]\nset yrange [%n:0]\n", figure->width, figure->height);
}

void sji_fig_page_end(sji_figure *figure)
{
    sji_fig_element(figure, "-1e6 notitle");
    put_plot(figure);
}

void sji_fig_text(sji_figure *figure, double x, double y, const char *text, const sji_ink *ink)
{
    static const char *const side[] = {"left", "center", "right"};
    if (text == NULL) { /* a text that was made found no memory */
        figure->script.failed = true;
        return;
    }
    sji_fig_add(figure, "set label %q at %n,%n %s font 'sans-serif%s,%n' tc rgb '%s' front\n", text,
                x, y, side[ink->side], ink->bold ? " Bold" : "", ink->size, ink->colour);
}

void sji_fig_box(sji_figure *figure, double x0, double y0, double x1, double y1, const char *colour)
{
    sji_fig_add(figure,
                "set object rectangle from %n,%n to %n,%n fc rgb '%s' fs solid noborder back\n", x0,
                y0, x1, y1, colour);
}

void sji_fig_line(sji_figure *figure, double x0, double y0, double x1, double y1,
                  const char *colour, double thick, int dash)
{
    sji_fig_add(figure, "set arrow from %n,%n to %n,%n nohead lc rgb '%s' lw %n dt %s front\n", x0,
                y0, x1, y1, colour, thick, dash == 2 ? "(6,3)" : "1");
}

void sji_fig_disc(sji_figure *figure, double x, double y, double radius, const char *colour,
                  bool filled)
{
    sji_fig_add(
        figure,
        "set object ellipse center %n,%n size %n,%n fc rgb '%s' fs solid border lc rgb '%s' "
        "lw 1.5 front\n",
        x, y, 2.0 * radius, 2.0 * radius, filled ? colour : "#ffffff", colour);
}

static void put_tics(sji_figure *figure, char which, const sji_axis *axis, bool hidden)
{
    static const sji_ink ink = {11.0, false, SJI_GREY, SJI_LEFT};
    if (axis->n == 0) {
        sji_fig_add(figure, "unset %stics\n", which == 'x' ? "x" : "y");
        return;
    }
    sji_fig_add(figure, "set %stics scale 0.4 nomirror font 'sans-serif,%n' tc rgb '%s' (",
                which == 'x' ? "x" : "y", ink.size, ink.colour);
    for (int i = 0; i < axis->n; i++) {
        const char *label = hidden ? "" : axis->tick[i].label;
        sji_fig_add(figure, "%s", i > 0 ? ", " : "");
        /* gnuplot takes a tick label as a format: its percent signs stand doubled */
        sj_str safe = {0};
        for (const char *c = label; *c != '\0'; c++) {
            sj_str_add(&safe, *c == '%' ? "%%" : (char[]){*c, '\0'});
        }
        sji_fig_add(figure, "%q ", safe.text);
        sj_str_clear(&safe);
        if (axis->is_date) {
            sji_fig_add(figure, "'%t'", (int)axis->tick[i].at);
        } else {
            sji_fig_add(figure, "%n", axis->tick[i].at);
        }
    }
    sji_fig_add(figure, ")\n");
}

static void put_range(sji_figure *figure, char which, const sji_axis *axis)
{
    if (axis->is_date) {
        sji_fig_add(figure, "set xdata time\nset xrange ['%t':'%t']\n", (int)axis->low,
                    (int)axis->high);
    } else {
        sji_fig_add(figure, "set %srange [%n:%n]\n", which == 'x' ? "x" : "y", axis->low,
                    axis->high);
    }
}

void sji_panel_begin(sji_figure *figure, const sji_panel *panel)
{
    sji_fig_add(figure, "\n# panel\nset xdata\nset border 1 lc rgb '%s' lw 1\n", SJI_GREY);
    put_margins(figure, panel->left, panel->top, panel->width, panel->height);
    put_range(figure, 'x', &panel->x);
    put_range(figure, 'y', &panel->y);
    put_tics(figure, 'x', &panel->x, panel->no_x_labels);
    put_tics(figure, 'y', &panel->y, panel->no_y_labels);
    if (panel->no_grid) {
        sji_fig_add(figure, "unset grid\n");
    } else {
        sji_fig_add(figure, "set grid ytics lt 1 lc rgb '%s' lw 0.7\n", SJI_PALE);
    }
}

void sji_panel_end(sji_figure *figure)
{
    put_plot(figure);
}

double sji_panel_x(const sji_panel *panel, double x)
{
    return panel->left + panel->width * sji_axis_share(&panel->x, x);
}

double sji_panel_y(const sji_panel *panel, double y)
{
    return panel->top + panel->height * (1.0 - sji_axis_share(&panel->y, y));
}

/* Lines of at most `em`, the last one cut; returns how many were written. */
static int put_lines(sji_figure *figure, double y, double step, const char *text,
                     const sji_ink *ink, int n_lines)
{
    double em = (figure->width - 2.0 * SJI_MARGIN) / (ink->size * (ink->bold ? 1.1 : 1.0));
    int i = 0;
    for (; text != NULL && i < n_lines && *text != '\0'; i++) {
        sj_str line = {0};
        size_t n = sji_words_break(text, em);
        if (i + 1 == n_lines) {
            sji_words_fit(&line, text, em);
        } else {
            sj_str_add_n(&line, text, n);
        }
        sji_fig_text(figure, SJI_MARGIN, y + step * i, line.text, ink);
        sj_str_clear(&line);
        text += n;
        text += strspn(text, " ");
    }
    return i;
}

void sji_fig_frame(sji_figure *figure, const char *title, const char *subtitle, const char *source)
{
    static const sji_ink head = {21.0, true, SJI_BLACK, SJI_LEFT};
    static const sji_ink sub = {14.0, false, SJI_GREY, SJI_LEFT};
    static const sji_ink foot = {10.5, false, SJI_GREY, SJI_LEFT};
    sji_fig_page_begin(figure);
    (void)put_lines(figure, 30.0, 26.0, title, &head, 1);
    (void)put_lines(figure, 56.0, 18.0, subtitle, &sub, 2);
    sji_fig_line(figure, SJI_MARGIN, figure->height - SJI_FOOT + 8.0, figure->width - SJI_MARGIN,
                 figure->height - SJI_FOOT + 8.0, SJI_PALE, 1.0, 1);
    (void)put_lines(figure, figure->height - SJI_FOOT + 22.0, 14.0, source, &foot, 3);
    sji_fig_page_end(figure);
}
