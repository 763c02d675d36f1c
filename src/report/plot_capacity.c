/* Demand for a service against its capacity: small multiples, the worst first. */
#include "report/draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/texts.h"

enum { MOST_PANELS = 12 };

typedef struct service {
    const sji_curve *demand, *capacity;
    double worst; /* largest demand over capacity, at most infinite */
    sj_day when;
} service;

/* Capacity on a day, NaN where it is not known. */
static double capacity_on(const sji_curve *capacity, sj_day day)
{
    for (size_t i = 0; i < capacity->n; i++) {
        if (capacity->at[i].day == day) {
            return capacity->at[i].mean;
        }
    }
    return NAN;
}

static service service_of(const sji_curve *demand, const sji_curve *capacity)
{
    service s = {demand, capacity, -1.0, 0};
    for (size_t i = 0; i < demand->n; i++) {
        double d = demand->at[i].mean, k = capacity_on(capacity, demand->at[i].day);
        double ratio = d > 0.0 ? d / k : 0.0;
        if (isfinite(d) && isfinite(k) && (d > 0.0 || k > 0.0) && ratio > s.worst) {
            s.worst = ratio;
            s.when = demand->at[i].day;
        }
    }
    return s;
}

static int by_worst(const void *a, const void *b)
{
    double x = ((const service *)a)->worst, y = ((const service *)b)->worst;
    return (x < y) - (x > y);
}

/* Has a country its demand and capacity in its cities alone? Then their sum says nothing new. */
static bool is_only_sum(const sji_results *r, const sji_curve *sum)
{
    char whole[128];
    bool has_city = false;
    for (size_t i = 0; i < r->curves.n; i++) {
        const sji_curve *part = &r->curves.at[i];
        if (strcmp(part->metric, "demand") != 0 || strcmp(part->item, sum->item) != 0) {
            continue;
        }
        if (sji_results_is_rest(part->place, whole, sizeof whole) &&
            strcmp(whole, sum->place) == 0) {
            return false;
        }
        const char *parent = sji_results_text(r, "places", part->place, "parent");
        has_city = has_city || (parent != NULL && strcmp(parent, sum->place) == 0);
    }
    return has_city;
}

static size_t pick_services(const sji_results *r, service services[])
{
    size_t n = 0;
    char whole[128];
    for (size_t i = 0; i < r->curves.n; i++) {
        const sji_curve *demand = &r->curves.at[i];
        if (strcmp(demand->metric, "demand") != 0 ||
            sji_results_is_rest(demand->place, whole, sizeof whole) || is_only_sum(r, demand) ||
            strcmp(demand->place, "ALL") == 0 || strcmp(demand->item, "ALL") == 0) {
            continue;
        }
        const sji_curve *capacity =
            sji_results_curve(r, "capacity", demand->place, demand->nationality, demand->item);
        if (capacity != NULL) {
            services[n] = service_of(demand, capacity);
            n += services[n].worst >= 0.0;
        }
    }
    qsort(services, n, sizeof *services, by_worst);
    return n;
}

static int block_of(sji_figure *figure, const service *s)
{
    int block = sji_fig_block(figure, "date demand q05 q95 capacity");
    for (size_t i = 0; i < s->demand->n; i++) {
        const sji_sample *at = &s->demand->at[i];
        double capacity = capacity_on(s->capacity, at->day);
        if (isfinite(at->mean) && isfinite(capacity)) {
            bool has_band = isfinite(at->low) && isfinite(at->high);
            sji_fig_data(figure, "%t %n %n %n %n\n", (int)at->day, at->mean,
                         has_band ? at->low : at->mean, has_band ? at->high : at->mean, capacity);
        }
    }
    return block;
}

static void put_ratio(sj_str *out, double ratio, bool is_short)
{
    if (isfinite(ratio)) {
        sj_str_add(out, is_short ? "at most " : "");
        sji_words_decimal(out, ratio, ratio < 10.0 ? 2 : 0);
        sj_str_add(out, is_short ? " \xC3\x97" : " times its capacity");
    } else {
        sj_str_add(out, is_short ? "no capacity" : "demand without any capacity");
    }
}

static void draw_service(sji_figure *figure, const sji_results *r, const service *s,
                         const sji_grid *grid, size_t i)
{
    sji_panel panel = {0};
    sj_str line = {0};
    double peak = fmax(sji_curve_peak(s->demand, true), sji_curve_peak(s->capacity, false));
    sji_axis_numbers(&panel.y, 0.0, peak * 1.02, 4, "");
    sji_grid_place(grid, i, 36.0, &panel);
    sji_axis_dates(&panel.x, r->first, r->last, panel.width);
    int block = block_of(figure, s);
    sji_panel_begin(figure, &panel);
    sji_fig_band(figure, block, SJI_BLUE);
    sji_fig_element(figure,
                    "data index %d using 1:($2>$5?$2:$5):5 with filledcurves lc rgb '%s' fs "
                    "transparent solid 0.45 noborder",
                    block, SJI_ORANGE);
    sji_fig_mean(figure, block, SJI_BLUE, 2.2);
    sji_fig_element(figure, "data index %d using 1:5 with lines lc rgb '%s' lw 2 dt (6,3)", block,
                    SJI_BLACK);
    sji_panel_end(figure);
    sji_fig_page_begin(figure);
    sji_words_of_id(&line, s->demand->item);
    sj_str_add(&line, ": ");
    put_ratio(&line, s->worst, true);
    sj_str_add(&line, ", ");
    sji_words_month(&line, s->when);
    sji_panel_title(figure, &panel, sji_results_name(r, "places", s->demand->place), line.text);
    sji_fig_page_end(figure);
    sj_str_clear(&line);
}

static void draw_legend(sji_figure *figure)
{
    double x = SJI_MARGIN, y = SJI_HEAD - 6.0;
    sji_fig_page_begin(figure);
    x = sji_fig_legend(figure, x, y, SJI_SWATCH_LINE, SJI_BLUE, "demand, mean");
    x = sji_fig_legend(figure, x, y, SJI_SWATCH_BAND, SJI_BLUE_PALE, SJI_BAND_TEXT);
    x = sji_fig_legend(figure, x, y, SJI_SWATCH_DASHED, SJI_BLACK, "capacity");
    (void)sji_fig_legend(figure, x, y, SJI_SWATCH_BAND, "#F3CF8C", "demand above capacity");
    sji_fig_page_end(figure);
}

static sj_status draw_services(sji_job *job, const service services[], size_t n_all, sj_err *err)
{
    const sji_results *r = job->results;
    size_t n = n_all < MOST_PANELS ? n_all : MOST_PANELS;
    sji_figure figure;
    double height;
    sj_str answer = {0}, source = {0};
    sji_grid grid = sji_grid_for(n, 4, &height);
    sji_figure_init(&figure, "capacity", SJI_WIDTH, height);
    sj_str_add(&answer, "Places in use and places there are, by month. Worst: ");
    sji_words_place(&answer, r, services[0].demand->place, services[0].demand->item);
    sj_str_add(&answer, ", ");
    put_ratio(&answer, services[0].worst, false);
    sj_str_add(&answer, " in ");
    sji_words_month(&answer, services[0].when);
    sj_str_add(&answer,
               n > 1 ? ". Each panel has its own scale; \xC3\x97 = times the capacity" : "");
    if (n_all > n) {
        sj_str_printf(&answer, "; the %zu worst of %zu services", n, n_all);
    }
    sj_str_add(&answer, ".");
    sji_words_source(&source, r, NULL, true);
    sji_fig_frame(&figure, "Where does demand go beyond capacity?", answer.text, source.text);
    draw_legend(&figure);
    for (size_t i = 0; i < n; i++) {
        draw_service(&figure, r, &services[i], &grid, i);
    }
    sj_status st = sji_job_save(job, &figure, err);
    sji_figure_clear(&figure);
    sj_str_clear(&answer);
    sj_str_clear(&source);
    return st;
}

sj_status sji_draw_capacity(sji_job *job, sj_err *err)
{
    service *services = sj_calloc(job->results->curves.n, sizeof *services);
    if (services == NULL) {
        return SJ_FAIL(err, SJ_E_NOMEM, "capacity", "out of memory");
    }
    size_t n = pick_services(job->results, services);
    sj_status st = n > 0 ? draw_services(job, services, n, err) : SJ_OK;
    free(services);
    return st;
}
