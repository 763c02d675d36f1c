/* How many people live in each host: small multiples with published counts. */
#include "report/draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/texts.h"

enum { MOST_PANELS = 12, MOST_YEARS = 6 };

typedef struct host {
    const sji_curve *curve;
    double last;
} host;

static bool is_observed(const sji_results *r, size_t i, const sji_curve *curve)
{
    const sji_observed *row = &r->observed.at[i];
    return strcmp(row->metric, "stock") == 0 && strcmp(row->place, curve->place) == 0 &&
           strcmp(row->nationality, curve->nationality) == 0 && strcmp(row->item, curve->item) == 0;
}

static size_t count_observed(const sji_results *r, const sji_curve *curve)
{
    size_t n = 0;
    for (size_t i = 0; i < r->observed.n; i++) {
        n += is_observed(r, i, curve);
    }
    return n;
}

static bool is_home_of(const sji_results *r, const sji_curve *curve)
{
    const char *home = sji_results_text(r, "nationalities", curve->nationality, "home");
    return home != NULL && strcmp(home, curve->place) == 0;
}

/* Does the sum over nationalities hold the country's own citizens? Then it is no host stock. */
static bool holds_citizens(const sji_results *r, const sji_curve *all)
{
    for (size_t i = 0; i < r->curves.n; i++) {
        const sji_curve *curve = &r->curves.at[i];
        if (strcmp(curve->metric, "stock") == 0 && strcmp(curve->place, all->place) == 0 &&
            is_home_of(r, curve)) {
            return true;
        }
    }
    return false;
}

/* Are they the others, of whom nothing is told but that they are from outside? */
static bool is_from_outside(const sji_results *r, const sji_curve *curve)
{
    const char *home = sji_results_text(r, "nationalities", curve->nationality, "home");
    const char *kind = home == NULL ? NULL : sji_results_text(r, "places", home, "kind");
    return kind != NULL && strcmp(kind, "outside") == 0;
}

/* How well a curve shows the host: with published counts, then the sum, then the largest people
 * whose country is in the model. */
static double fitness(const sji_results *r, const sji_curve *curve)
{
    const sji_sample *last = sji_curve_last(curve);
    double observed = (double)count_observed(r, curve);
    bool is_sum = sji_is_all(curve->nationality);
    if (last == NULL || sji_curve_peak(curve, false) <= 0.0 || is_home_of(r, curve) ||
        (is_sum && holds_citizens(r, curve))) {
        return -1.0;
    }
    return observed * 1e15 + (is_sum ? 1e14 : is_from_outside(r, curve) ? 0.0 : 1e13) + last->mean;
}

static bool is_host(const sji_results *r, const char *place)
{
    char whole[128];
    if (sji_results_is_rest(place, whole, sizeof whole)) {
        return false;
    }
    const char *kind = sji_results_text(r, "places", place, "kind");
    return !sji_is_all(place) && (kind == NULL || strcmp(kind, "country") == 0);
}

static int by_last(const void *a, const void *b)
{
    double x = ((const host *)a)->last, y = ((const host *)b)->last;
    return (x < y) - (x > y);
}

/* Is there a published count of any host for this people? */
static bool is_published(const sji_results *r, const char *nationality)
{
    for (size_t i = 0; i < r->curves.n; i++) {
        const sji_curve *curve = &r->curves.at[i];
        if (strcmp(curve->nationality, nationality) == 0 && is_host(r, curve->place) &&
            count_observed(r, curve) > 0) {
            return true;
        }
    }
    return false;
}

/* Do published counts tell which peoples are meant? Then hosts of others are no panels. */
static size_t keep_published(const sji_results *r, host hosts[], size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        host h = hosts[i];
        if (is_published(r, h.curve->nationality)) {
            hosts[kept++] = h;
        }
    }
    return kept > 0 ? kept : n;
}

/* The fittest curve of each host, largest first. Returns how many hosts there are in all. */
static size_t pick_hosts(const sji_results *r, host hosts[], size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i < r->curves.n; i++) {
        const sji_curve *curve = &r->curves.at[i];
        if (strcmp(curve->metric, "stock") != 0 || !sji_is_all(curve->item) ||
            !is_host(r, curve->place) || fitness(r, curve) < 0.0) {
            continue;
        }
        size_t k = 0;
        while (k < n && strcmp(hosts[k].curve->place, curve->place) != 0) {
            k++;
        }
        if (k == n && n == most) {
            break;
        }
        if (k == n || fitness(r, curve) > fitness(r, hosts[k].curve)) {
            hosts[k] = (host){curve, sji_curve_last(curve)->mean};
            n += k == n;
        }
    }
    n = keep_published(r, hosts, n);
    qsort(hosts, n, sizeof *hosts, by_last);
    return n;
}

/* "Venezuelans: 2,459,831 in Jan 2023". */
static void put_line_of(sj_str *out, const sji_results *r, const sji_curve *curve)
{
    const sji_sample *last = sji_curve_last(curve);
    if (!sji_is_all(curve->nationality)) {
        sji_words_fit(out, sji_results_name(r, "nationalities", curve->nationality), 16.0);
        sj_str_add(out, ": ");
    }
    sji_words_count(out, last->mean);
    sj_str_add(out, " in ");
    sji_words_month(out, last->day);
}

/* Published counts as points with their year, where the label finds room; many points have none. */
static void draw_points(sji_figure *figure, const sji_results *r, const sji_curve *curve,
                        const sji_panel *panel)
{
    static const sji_ink ink = {11.0, true, "#B34D00", SJI_CENTRE};
    sji_labels room = {.bounds = {panel->left, panel->top - 6.0, panel->left + panel->width + 30.0,
                                  panel->top + panel->height}};
    sji_labels_ink(&room, curve, panel);
    for (size_t i = 0; i < r->observed.n; i++) {
        const sji_observed *row = &r->observed.at[i];
        if (!is_observed(r, i, curve) || row->day < panel->x.low || row->day > panel->x.high) {
            continue;
        }
        sji_point at = {sji_panel_x(panel, row->day), sji_panel_y(panel, row->value)};
        sji_rect box;
        int year, month, day;
        sj_str text = {0};
        sji_fig_disc(figure, at.x, at.y, 4.5, SJI_VERMILION, !row->is_fitted);
        sj_day_civil(row->day, &year, &month, &day);
        sj_str_printf(&text, "%d", year);
        if (count_observed(r, curve) <= MOST_YEARS &&
            sji_labels_take(&room, (sji_rect){at.x - 5.0, at.y - 5.0, at.x + 5.0, at.y + 5.0}) &&
            sji_labels_place(&room, at, 8.0, 24.0, 32.0, 13.0, &box)) {
            sji_fig_text(figure, (box.x0 + box.x1) / 2.0, (box.y0 + box.y1) / 2.0, text.text, &ink);
        }
        sj_str_clear(&text);
    }
    sji_labels_clear(&room);
}

static void draw_host(sji_figure *figure, const sji_results *r, const sji_curve *curve,
                      const sji_grid *grid, size_t i)
{
    sji_panel panel = {0};
    sj_str line = {0};
    double peak = sji_curve_peak(curve, true);
    for (size_t k = 0; k < r->observed.n; k++) {
        if (is_observed(r, k, curve)) {
            peak = fmax(peak, r->observed.at[k].value);
        }
    }
    sji_axis_numbers(&panel.y, 0.0, peak * 1.04, 4, "");
    sji_grid_place(grid, i, 36.0, &panel);
    sji_axis_dates(&panel.x, r->first, r->last, panel.width);
    int block = sji_fig_block_of_curve(figure, curve);
    sji_panel_begin(figure, &panel);
    sji_fig_band(figure, block, SJI_BLUE);
    sji_fig_mean(figure, block, SJI_BLUE, 2.2);
    sji_panel_end(figure);
    sji_fig_page_begin(figure);
    put_line_of(&line, r, curve);
    sji_panel_title(figure, &panel, sji_results_name(r, "places", curve->place), line.text);
    sj_str_clear(&line);
    draw_points(figure, r, curve, &panel);
    sji_fig_page_end(figure);
}

static void put_answer(sj_str *out, const sji_results *r, const host hosts[], size_t n,
                       size_t n_all)
{
    const sji_sample *last = sji_curve_last(hosts[0].curve);
    sj_str_add(out, "People by month");
    sj_str_add(out, sji_is_all(hosts[0].curve->nationality) || count_observed(r, hosts[0].curve) > 0
                        ? ""
                        : ", of each host the largest nationality from abroad");
    sj_str_add(out, ". The most live in ");
    sji_words_place(out, r, hosts[0].curve->place, "ALL");
    sj_str_add(out, ": ");
    sji_words_count(out, last->mean);
    sj_str_add(out, " in ");
    sji_words_month(out, last->day);
    if (isfinite(last->low) && isfinite(last->high) && last->high > last->low) {
        sj_str_add(out, " (");
        sji_words_count(out, last->low);
        sj_str_add(out, " to ");
        sji_words_count(out, last->high);
        sj_str_add(out, ")");
    }
    sj_str_add(out, n > 1 ? ". Each panel has its own scale" : "");
    if (n_all > n) {
        sj_str_printf(out, "; the %zu largest of %zu hosts", n, n_all);
    }
    sj_str_add(out, ".");
}

static void draw_legend(sji_figure *figure, bool with_points)
{
    sji_fig_page_begin(figure);
    double x = SJI_MARGIN, y = SJI_HEAD - 6.0;
    x = sji_fig_legend(figure, x, y, SJI_SWATCH_LINE, SJI_BLUE, "model, mean");
    x = sji_fig_legend(figure, x, y, SJI_SWATCH_BAND, SJI_BLUE_PALE, SJI_BAND_TEXT);
    if (with_points) {
        x = sji_fig_legend(figure, x, y, SJI_SWATCH_FILLED, SJI_VERMILION,
                           "published count, not used for fitting");
        (void)sji_fig_legend(figure, x, y, SJI_SWATCH_HOLLOW, SJI_VERMILION,
                             "published count, used for fitting");
    }
    sji_fig_page_end(figure);
}

static sj_status draw_hosts(sji_job *job, const host hosts[], size_t n_all, bool used[],
                            sj_err *err)
{
    const sji_results *r = job->results;
    size_t n = n_all < MOST_PANELS ? n_all : MOST_PANELS;
    sji_figure figure;
    double height;
    bool any = false;
    sj_str answer = {0}, source = {0};
    sji_grid grid = sji_grid_for(n, 4, &height);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < r->observed.n; k++) {
            used[k] = used[k] || is_observed(r, k, hosts[i].curve);
            any = any || used[k];
        }
    }
    sji_figure_init(&figure, "stock", SJI_WIDTH, height);
    put_answer(&answer, r, hosts, n, n_all);
    sji_words_source(&source, r, used, true);
    sji_fig_frame(&figure, "How many people live in each host country?", answer.text, source.text);
    draw_legend(&figure, any);
    for (size_t i = 0; i < n; i++) {
        draw_host(&figure, r, hosts[i].curve, &grid, i);
    }
    sj_status st = sji_job_save(job, &figure, err);
    sji_figure_clear(&figure);
    sj_str_clear(&answer);
    sj_str_clear(&source);
    return st;
}

sj_status sji_draw_stock(sji_job *job, sj_err *err)
{
    const sji_results *r = job->results;
    host *hosts = sj_calloc(r->curves.n, sizeof *hosts);
    bool *used = sj_calloc(r->observed.n, sizeof *used);
    sj_status st = SJ_OK;
    if (hosts == NULL || used == NULL) {
        st = SJ_FAIL(err, SJ_E_NOMEM, "stock", "out of memory");
    } else {
        size_t n = pick_hosts(r, hosts, r->curves.n);
        st = n > 0 ? draw_hosts(job, hosts, n, used, err) : SJ_OK;
    }
    free(hosts);
    free(used);
    return st;
}
