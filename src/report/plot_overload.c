/* Which services are overloaded, week by week: a calendar heat map. */
#include "report/draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/texts.h"

enum { MOST_ROWS = 60, WEEK = 7 };
static const double cap = 3.0;

typedef struct service {
    const char *place, *sector;
    size_t n_weeks, n_over; /* with a figure; above 1 */
    double load;            /* sum of what is above 1, capped: how bad */
    double place_load;      /* the worst of its place: places stay together */
} service;

static bool is_of(const sj_csv *csv, size_t row, const int c[], const service *s)
{
    return strcmp(sj_csv_cell(csv, row, c[0]), s->place) == 0 &&
           strcmp(sj_csv_cell(csv, row, c[1]), s->sector) == 0;
}

static void count_cell(service *s, double value)
{
    if (!isnan(value)) {
        s->n_weeks++;
        s->n_over += value > 1.0;
        s->load += fmax(0.0, fmin(value, cap) - 1.0);
    }
}

/* All services of the table; false when memory ends. */
static bool list_services(const sj_csv *csv, const int c[], service **out, size_t *n)
{
    SJ_VEC(service) all = {0};
    for (size_t i = 0; i < csv->n_rows; i++) {
        size_t k = all.n;
        while (k > 0 && !is_of(csv, i, c, &all.at[k - 1])) {
            k--;
        }
        if (k == 0) {
            service fresh = {sj_csv_cell(csv, i, c[0]), sj_csv_cell(csv, i, c[1]), 0, 0, 0.0, 0.0};
            if (!sj_vec_push(&all, fresh)) {
                sj_vec_clear(&all);
                return false;
            }
            k = all.n;
        }
        count_cell(&all.at[k - 1], sji_results_number_at(csv, i, c[3]));
    }
    *out = all.at;
    *n = all.n;
    return true;
}

static int by_load(const void *a, const void *b)
{
    double x = ((const service *)a)->load, y = ((const service *)b)->load;
    return (x < y) - (x > y);
}

static int by_place(const void *a, const void *b)
{
    const service *x = a, *y = b;
    if (x->place_load < y->place_load || x->place_load > y->place_load) {
        return x->place_load < y->place_load ? 1 : -1;
    }
    int place = strcmp(x->place, y->place);
    return place != 0 ? place : by_load(a, b);
}

/* The worst first, then by place, the worst place first. Returns how many are shown. */
static size_t arrange(service s[], size_t n)
{
    qsort(s, n, sizeof *s, by_load);
    n = n < MOST_ROWS ? n : MOST_ROWS;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < n; k++) {
            if (strcmp(s[i].place, s[k].place) == 0) {
                s[i].place_load = fmax(s[i].place_load, s[k].load);
            }
        }
    }
    qsort(s, n, sizeof *s, by_place);
    return n;
}

/* One row of the table as cells; a week is drawn up to the next one. */
static sj_status put_cells(sji_figure *figure, const sj_csv *csv, const int c[], const service s[],
                           size_t n, sj_day *first, sj_day *last, sj_err *err)
{
    bool any = false;
    for (size_t row = 0; row < csv->n_rows; row++) {
        size_t i = 0;
        sj_day day;
        double value = sji_results_number_at(csv, row, c[3]);
        while (i < n && !is_of(csv, row, c, &s[i])) {
            i++;
        }
        if (!sji_results_day_at(csv, row, c[2], &day)) {
            return SJ_FAIL(err, SJ_E_DATE, csv->path, "line %d: \"%s\" is not a date",
                           csv->line[row + 1], sj_csv_cell(csv, row, c[2]));
        }
        if (i == n) {
            continue;
        }
        *first = !any || day < *first ? day : *first;
        *last = !any || day + WEEK > *last ? day + WEEK : *last;
        any = true;
        if (!isnan(value)) {
            sji_fig_data(figure, "%t %t %d %n\n", (int)day, (int)day + WEEK, (int)i,
                         fmin(value, cap));
        }
    }
    return SJ_OK;
}

/* The scale: blues up to 1, a jump to orange, browns beyond. */
static void draw_scale(sji_figure *figure, double right, double y)
{
    static const sji_ink ink = {11.0, false, SJI_GREY, SJI_CENTRE};
    static const char *const label[] = {"0", "0.5", "1 = full", "1.5", "2", "", "3 or more"};
    sji_panel panel = {.left = right - 300.0, .top = y, .width = 240.0, .height = 12.0};
    sji_axis_numbers(&panel.x, 0.0, cap, 3, "");
    sji_axis_numbers(&panel.y, 0.0, 1.0, 1, "");
    panel.x.n = panel.y.n = 0;
    panel.no_grid = true;
    sji_panel_begin(figure, &panel);
    sji_fig_add(figure, "unset border\nset samples 241\n");
    sji_fig_element(figure, "'+' using ($1):(0.5):(0.0075):(0.5):1 with boxxyerror "
                            "lc palette fs solid noborder");
    sji_panel_end(figure);
    sji_fig_page_begin(figure);
    for (int i = 0; i < 7; i++) {
        sji_fig_text(figure, panel.left + 40.0 * i, y + 22.0, label[i], &ink);
    }
    sji_fig_box(figure, right - 402.0, y, right - 384.0, y + 12.0, "#C4C7CB");
    sji_ink left = {11.0, false, SJI_GREY, SJI_LEFT};
    sji_fig_text(figure, right - 378.0, y + 6.0, "no data", &left);
    sji_fig_page_end(figure);
}

/* Names to the left: the place once, then its sectors, and a line between places. */
static void draw_names(sji_figure *figure, const sji_results *r, const sji_panel *panel,
                       const service s[], size_t n, double row)
{
    double size = row < 17.0 ? 10.5 : 12.0, sector_em = 0.0;
    sji_ink place = {size, true, SJI_BLACK, SJI_LEFT}, sector = {size, false, SJI_BLACK, SJI_RIGHT};
    for (size_t i = 0; i < n; i++) {
        sector_em = fmax(sector_em, fmin(14.0, sji_words_em(s[i].sector)));
    }
    double room = panel->left - SJI_MARGIN - 24.0 - sector_em * size;
    for (size_t i = 0; i < n; i++) {
        double y = panel->top + row * ((double)i + 0.5);
        sj_str name = {0}, words = {0}, kind = {0};
        sji_words_of_id(&words, s[i].sector);
        sji_words_fit(&kind, words.text == NULL ? "" : words.text, 14.0);
        sji_fig_text(figure, panel->left - 10.0, y, kind.text, &sector);
        if (i == 0 || strcmp(s[i].place, s[i - 1].place) != 0) {
            sji_words_fit(&name, sji_results_name(r, "places", s[i].place), room / (size * 1.1));
            sji_fig_text(figure, SJI_MARGIN, y, name.text, &place);
            double line = panel->top + row * (double)i;
            sji_fig_line(figure, SJI_MARGIN, line, panel->left + panel->width, line, SJI_GREY,
                         i == 0 ? 0.0001 : 0.6, 1);
        }
        sj_str_clear(&name);
        sj_str_clear(&words);
        sj_str_clear(&kind);
    }
}

static void draw_cells(sji_figure *figure, const sji_panel *panel, size_t n)
{
    sji_panel_begin(figure, panel);
    sji_fig_add(figure, "set object 1 rectangle from graph 0,0 to graph 1,1 fc rgb '#C4C7CB' fs "
                        "solid noborder behind\n");
    sji_fig_element(figure, "data index 0 using (timecolumn(1,'%%Y-%%m-%%d')):3:"
                            "(timecolumn(1,'%%Y-%%m-%%d')):(timecolumn(2,'%%Y-%%m-%%d')+86400):"
                            "($3-0.5):($3+0.5):4 with boxxyerror lc palette fs solid noborder");
    sji_panel_end(figure);
    sji_fig_page_begin(figure);
    for (size_t i = 1; i < n; i++) {
        double y = panel->top + panel->height * (double)i / (double)n;
        sji_fig_line(figure, panel->left, y, panel->left + panel->width, y, "#FFFFFF", 1.5, 1);
    }
    sji_fig_page_end(figure);
}

static void put_answer(sj_str *out, const sji_results *r, const service s[], size_t n, size_t n_all)
{
    size_t worst = 0, over = 0;
    for (size_t i = 0; i < n; i++) {
        worst = s[i].load > s[worst].load ? i : worst;
        over += s[i].n_over > 0;
    }
    sj_str_add(out, "Use of the places there are, by week, mean of all replications; orange and "
                    "brown: more people than places. ");
    if (over == 0) {
        sj_str_add(out, "No service is overloaded in any week.");
    } else {
        sj_str_printf(out, "%zu of %zu services are overloaded in some week; worst: ", over, n);
        sji_words_place(out, r, s[worst].place, s[worst].sector);
        sj_str_printf(out, ", %zu of %zu weeks.", s[worst].n_over, s[worst].n_weeks);
    }
    if (n_all > n) {
        sj_str_printf(out, " Shown are the %zu worst of %zu.", n, n_all);
    }
}

static double names_width(const sji_results *r, const service s[], size_t n)
{
    double em = 0.0, sector_em = 0.0;
    for (size_t i = 0; i < n; i++) {
        em = fmax(em, sji_words_em(sji_results_name(r, "places", s[i].place)));
        sector_em = fmax(sector_em, fmin(14.0, sji_words_em(s[i].sector)));
    }
    return fmin(24.0, em) * 13.2 + sector_em * 12.0 + 26.0;
}

static sj_status draw_calendar(sji_job *job, const int c[], const service s[], size_t n,
                               size_t n_all, sj_err *err)
{
    const sji_results *r = job->results;
    const sj_csv *csv = &r->overload;
    double row = fmin(38.0, fmax(15.0, 560.0 / (double)n)), top = SJI_HEAD + 42.0;
    sji_figure figure;
    sj_day first = 0, last = 1;
    sj_str answer = {0}, source = {0};
    sji_figure_init(&figure, "overload", SJI_WIDTH,
                    round(fmax(420.0, top + row * (double)n + 36.0 + SJI_FOOT)));
    put_answer(&answer, r, s, n, n_all);
    sji_words_source(&source, r, NULL, false);
    sji_fig_frame(&figure, "Which services are overloaded, and when?", answer.text, source.text);
    sji_fig_add(&figure,
                "unset colorbox\nset cbrange [0:%n]\nset palette defined (0 '#F2F7FB', "
                "0.6 '#A9CCE3', 1 '#2E86C1', 1.0001 '#FDB863', 2 '#D55E00', 3 '#5B2006')\n",
                cap);
    (void)sji_fig_block(&figure, "monday next_monday row utilisation");
    sj_status st = put_cells(&figure, csv, c, s, n, &first, &last, err);
    sji_panel panel = {.left = SJI_MARGIN + names_width(r, s, n), .top = top, .no_grid = true};
    panel.width = SJI_WIDTH - SJI_MARGIN - 10.0 - panel.left;
    panel.height = row * (double)n;
    sji_axis_dates(&panel.x, first, last, panel.width);
    panel.y = (sji_axis){.low = (double)n - 0.5, .high = -0.5};
    draw_scale(&figure, SJI_WIDTH - SJI_MARGIN, SJI_HEAD - 8.0);
    draw_cells(&figure, &panel, n);
    sji_fig_page_begin(&figure);
    draw_names(&figure, r, &panel, s, n, row);
    sji_fig_page_end(&figure);
    if (st == SJ_OK) {
        st = sji_job_save(job, &figure, err);
    }
    sji_figure_clear(&figure);
    sj_str_clear(&answer);
    sj_str_clear(&source);
    return st;
}

sj_status sji_draw_overload(sji_job *job, sj_err *err)
{
    static const char *const heading[] = {"place", "sector", "date", "utilisation"};
    const sj_csv *csv = &job->results->overload;
    service *services = NULL;
    size_t n_all = 0;
    int c[4];
    if (csv->n_columns == 0) {
        return SJ_OK;
    }
    SJ_TRY(sji_results_columns(csv, heading, 4, c, err));
    if (!list_services(csv, c, &services, &n_all)) {
        return SJ_FAIL(err, SJ_E_NOMEM, "overload", "out of memory");
    }
    size_t with_data = 0;
    for (size_t i = 0; i < n_all; i++) {
        with_data += services[i].n_weeks;
    }
    sj_status st = SJ_OK;
    if (with_data > 0) {
        st = draw_calendar(job, c, services, arrange(services, n_all), n_all, err);
    }
    free(services);
    return st;
}
