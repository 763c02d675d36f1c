/* Which corridors people travel: places at their position, curved corridors as wide as the flow. */
#include "report/draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/corridor.h"
#include "report/flows.h"
#include "report/texts.h"

enum { MOST_CORRIDORS = 150, N_RANKED = 12, MAP_HEIGHT = 1000 };
static const sji_rect area = {SJI_MARGIN, SJI_HEAD + 14.0, 800.0, MAP_HEIGHT - SJI_FOOT - 8.0};
static const double widest = 26.0, narrowest = 2.2, node_radius = 5.0;

/* Everything placed on the page. */
typedef struct sheet {
    sji_projection projection;
    sji_point *node; /* owns: one a node */
    sji_labels labels;
} sheet;

static double width_of(const sji_flows *flows, double people)
{
    return fmax(narrowest, widest * people / flows->flow.at[0].people);
}

static sji_projection projection_of(const sji_flows *flows)
{
    const sji_node *node = flows->node.at;
    double west = node[0].lon, east = west, south = node[0].lat, north = south;
    for (size_t i = 1; i < flows->node.n; i++) {
        west = fmin(west, node[i].lon);
        east = fmax(east, node[i].lon);
        south = fmin(south, node[i].lat);
        north = fmax(north, node[i].lat);
    }
    double pad = 0.09 * fmax(2.0, fmax(east - west, north - south));
    return sji_map_fit(west - pad, east + pad, south - pad, north + pad, area);
}

static double graticule_step(double degrees)
{
    static const double steps[] = {1.0, 2.0, 5.0, 10.0, 20.0, 30.0};
    size_t i = 0;
    while (i < 5 && degrees / steps[i] > 9.0) {
        i++;
    }
    return steps[i];
}

static void draw_degree(sji_figure *figure, double x, double y, double degrees, const char *side)
{
    static const sji_ink ink = {10.0, false, "#8A9097", SJI_LEFT};
    sj_str text = {0};
    sji_words_decimal(&text, fabs(degrees), 0);
    sj_str_add(&text, "\xC2\xB0");
    sj_str_add(&text, fabs(degrees) < 0.5 ? "" : side);
    sji_fig_text(figure, x, y, text.text, &ink);
    sj_str_clear(&text);
}

static void draw_graticule(sji_figure *figure, const sji_projection *p)
{
    double west, east, south, north;
    sji_map_unproject(p, (sji_point){area.x0, area.y1}, &west, &south);
    sji_map_unproject(p, (sji_point){area.x1, area.y0}, &east, &north);
    double step = graticule_step(fmax(east - west, north - south));
    sji_fig_page_begin(figure);
    sji_fig_box(figure, area.x0, area.y0, area.x1, area.y1, "#F4F7F9");
    for (double lon = ceil(west / step) * step; lon < east; lon += step) {
        double x = sji_map_project(p, lon, 0.0).x;
        sji_fig_line(figure, x, area.y0, x, area.y1, SJI_PALE, 0.8, 1);
        if (x < area.x1 - 40.0) {
            draw_degree(figure, x + 3.0, area.y1 - 8.0, lon, lon < 0.0 ? " W" : " E");
        }
    }
    for (double lat = ceil(south / step) * step; lat < north; lat += step) {
        double y = sji_map_project(p, 0.0, lat).y;
        sji_fig_line(figure, area.x0, y, area.x1, y, SJI_PALE, 0.8, 1);
        if (y > area.y0 + 14.0 && y < area.y1 - 20.0) {
            draw_degree(figure, area.x0 + 3.0, y - 8.0, lat, lat < 0.0 ? " S" : " N");
        }
    }
    sji_fig_page_end(figure);
}

static sji_corridor corridor_of(const sji_flows *flows, const sheet *s, size_t i)
{
    const sji_flow *flow = &flows->flow.at[i];
    return sji_corridor_make(s->node[flow->a], s->node[flow->b], node_radius + 2.0,
                             width_of(flows, flow->people), 0.13);
}

static bool is_drawn(const sji_flows *flows, const sheet *s, size_t i)
{
    sji_point a = s->node[flows->flow.at[i].a], b = s->node[flows->flow.at[i].b];
    return hypot(b.x - a.x, b.y - a.y) > 2.5 * node_radius;
}

/* Corridors as outlines, the widest at the bottom; their middle lines are ink for the labels. */
static bool draw_corridors(sji_figure *figure, const sji_flows *flows, sheet *s, size_t n)
{
    sji_fig_page_begin(figure);
    for (size_t i = 0; i < n; i++) {
        if (!is_drawn(flows, s, i)) {
            continue;
        }
        sji_corridor corridor = corridor_of(flows, s, i);
        int block = sji_fig_block(figure, "x y of a corridor, pixels");
        for (int k = 0; k < SJI_CORRIDOR_POINTS; k++) {
            sji_fig_data(figure, "%n %n\n", corridor.outline[k].x, corridor.outline[k].y);
            if (!sj_vec_push(&s->labels.ink, corridor.outline[k])) {
                return false;
            }
        }
        bool has_rim = width_of(flows, flows->flow.at[i].people) > 4.0;
        sji_fig_element(figure,
                        "data index %d using 1:2 with filledcurves closed lc rgb '%s' lw 0.8 fs "
                        "transparent solid 0.82 %s",
                        block, sji_fig_colour(flows->flow.at[i].group),
                        has_rim ? "border lc rgb '#FFFFFF'" : "noborder");
    }
    sji_fig_page_end(figure);
    return true;
}

/* The rank of a corridor in a disc on it, where there is room. */
static void draw_rank(sji_figure *figure, const sji_flows *flows, sheet *s, size_t i)
{
    static const int tries[] = {12, 9, 15, 6, 18, 20, 4};
    static const sji_ink ink = {10.5, true, SJI_BLACK, SJI_CENTRE};
    sji_corridor corridor = corridor_of(flows, s, i);
    for (size_t k = 0; k < sizeof tries / sizeof tries[0]; k++) {
        sji_point at = corridor.middle[tries[k]];
        sji_rect rect = {at.x - 9.0, at.y - 9.0, at.x + 9.0, at.y + 9.0};
        bool is_free = true;
        for (size_t j = 0; j < s->labels.taken.n; j++) {
            is_free = is_free && !sji_rects_touch(rect, s->labels.taken.at[j]);
        }
        if (is_free && sji_labels_take(&s->labels, rect)) {
            sj_str rank = {0};
            sj_str_printf(&rank, "%zu", i + 1);
            sji_fig_disc(figure, at.x, at.y, 9.0, sji_fig_colour(flows->flow.at[i].group), false);
            sji_fig_text(figure, at.x, at.y, rank.text, &ink);
            sj_str_clear(&rank);
            return;
        }
    }
}

/* A name on one line or two. */
static void draw_name(sji_figure *figure, sheet *s, sji_point at, const char *name)
{
    static const sji_ink ink = {12.5, true, SJI_BLACK, SJI_LEFT};
    const double line_em = 17.0, step = 15.0;
    sj_str first = {0}, second = {0};
    sji_rect box;
    size_t n = sji_words_break(name, line_em);
    const char *rest = name + n + strspn(name + n, " ");
    sj_str_add_n(&first, name, n);
    sji_words_fit(&second, rest, line_em);
    const char *a = first.text == NULL ? "" : first.text;
    const char *b = second.text == NULL ? "" : second.text;
    double w = fmax(sji_words_em(a), sji_words_em(b)) * ink.size * 1.08 + 6.0;
    double h = b[0] == '\0' ? 17.0 : 17.0 + step;
    if (sji_labels_place(&s->labels, at, node_radius + 3.0, 90.0, w, h, &box)) {
        double x = fmin(fmax(at.x, box.x0), box.x1), y = fmin(fmax(at.y, box.y0), box.y1);
        if (hypot(x - at.x, y - at.y) > 16.0) {
            sji_fig_line(figure, at.x, at.y, x, y, SJI_GREY, 0.8, 1);
        }
        sji_fig_box(figure, box.x0, box.y0, box.x1, box.y1, "#48FFFFFF");
        sji_fig_text(figure, box.x0 + 3.0, box.y0 + 8.5, a, &ink);
        sji_fig_text(figure, box.x0 + 3.0, box.y0 + 8.5 + step, b, &ink);
    }
    sj_str_clear(&first);
    sj_str_clear(&second);
}

/* The node with most people that is not yet named. */
static size_t next_node(const sji_flows *flows, const bool is_named[])
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < flows->node.n; i++) {
        if (!is_named[i] &&
            (best == SIZE_MAX || flows->node.at[i].people > flows->node.at[best].people)) {
            best = i;
        }
    }
    return best;
}

static void draw_nodes(sji_figure *figure, const sji_flows *flows, sheet *s, bool is_named[])
{
    sji_fig_page_begin(figure);
    for (size_t i = 0; i < flows->node.n; i++) {
        sji_point p = s->node[i];
        sji_fig_disc(figure, p.x, p.y, node_radius, SJI_BLACK, false);
        (void)sji_labels_take(&s->labels, (sji_rect){p.x - 6.0, p.y - 6.0, p.x + 6.0, p.y + 6.0});
    }
    for (size_t i = 0; i < flows->flow.n && i < N_RANKED; i++) {
        if (is_drawn(flows, s, i)) {
            draw_rank(figure, flows, s, i);
        }
    }
    for (size_t i = next_node(flows, is_named); i != SIZE_MAX; i = next_node(flows, is_named)) {
        is_named[i] = true;
        draw_name(figure, s, s->node[i], flows->node.at[i].name);
    }
    sji_fig_page_end(figure);
}

/* "1  Venezuela to Cúcuta   1,560,000" over a bar. */
static void draw_entry(sji_figure *figure, const sji_flows *flows, size_t i, double y)
{
    static const sji_ink rank_ink = {12.0, true, SJI_BLACK, SJI_RIGHT};
    static const sji_ink name_ink = {12.5, false, SJI_BLACK, SJI_LEFT};
    static const sji_ink count_ink = {12.5, true, SJI_BLACK, SJI_RIGHT};
    const sji_flow *flow = &flows->flow.at[i];
    double left = 852.0, right = 1200.0 - SJI_MARGIN;
    sj_str rank = {0}, name = {0}, count = {0};
    sj_str_printf(&rank, "%zu", i + 1);
    sji_words_count(&count, flow->people);
    double em = (right - left) / 12.5 - sji_words_em(count.text == NULL ? "" : count.text) * 1.1;
    double other = sji_words_em(flows->node.at[flow->b].name);
    sji_words_fit(&name, flows->node.at[flow->a].name, fmax(em / 2.0 - 1.0, em - other) - 2.0);
    sj_str_add(&name, " \xE2\x86\x92 ");
    sji_words_fit(&name, flows->node.at[flow->b].name,
                  em - 1.0 - sji_words_em(name.text == NULL ? "" : name.text));
    sji_fig_text(figure, left - 10.0, y, rank.text, &rank_ink);
    sji_fig_text(figure, left, y, name.text, &name_ink);
    sji_fig_text(figure, right, y, count.text, &count_ink);
    sji_fig_box(figure, left, y + 11.0,
                left + (right - left) * flow->people / flows->flow.at[0].people, y + 18.0,
                sji_fig_colour(flow->group));
    sj_str_clear(&rank);
    sj_str_clear(&name);
    sj_str_clear(&count);
}

static void draw_ranking(sji_figure *figure, const sji_results *r, const sji_flows *flows)
{
    static const sji_ink head = {14.0, true, SJI_BLACK, SJI_LEFT};
    static const sji_ink text = {12.5, false, SJI_BLACK, SJI_LEFT};
    bool is_used[SJI_FLOW_GROUPS] = {false};
    double y = area.y0 + 12.0;
    sji_fig_page_begin(figure);
    sji_fig_text(figure, 828.0, y, "The largest corridors, people over the run", &head);
    size_t n = flows->flow.n < N_RANKED ? flows->flow.n : N_RANKED;
    for (size_t i = 0; i < n; i++) {
        draw_entry(figure, flows, i, y + 34.0 + 44.0 * (double)i);
    }
    y += 34.0 + 44.0 * (double)n + 20.0;
    for (size_t i = 0; i < flows->flow.n; i++) {
        is_used[flows->flow.at[i].group] = true;
    }
    sji_fig_text(figure, 828.0, y,
                 flows->by_nationality ? "Most of a corridor's people are from"
                                       : "Most of a corridor's people use",
                 &head);
    for (size_t k = 0; k < flows->n_groups; k++) {
        if (is_used[k]) {
            sj_str name = {0};
            y += 24.0;
            sji_words_fit(&name,
                          flows->by_nationality
                              ? sji_results_name(r, "nationalities", flows->group[k])
                              : flows->group[k],
                          22.0);
            sji_fig_box(figure, 828.0, y - 6.0, 858.0, y + 6.0, sji_fig_colour(k));
            sji_fig_text(figure, 868.0, y, name.text, &text);
            sj_str_clear(&name);
        }
    }
    sji_fig_page_end(figure);
}

static void put_subtitle(sj_str *out, const sji_results *r, const sji_flows *flows, size_t n)
{
    bool has_series = r->pool.n > 0; /* its first record is the start of the run */

    sj_str_add(out, "People who set out on each link from ");
    sji_words_day(out, has_series ? r->first : flows->first);
    sj_str_add(out, " to ");
    sji_words_day(out, has_series ? r->last : flows->last);
    sj_str_add(out, ", mean of all replications. Width: people; the head shows the direction. "
                    "Positions are true, the curves are not roads.");
    if (flows->flow.n > n) {
        sj_str_printf(out, " The %zu largest of %zu corridors.", n, flows->flow.n);
    }
    if (flows->n_without > 0) {
        sj_str_printf(out, " %zu corridors have no position.", flows->n_without);
    }
}

static sj_status draw_map(sji_job *job, const sji_flows *flows, sheet *s, bool is_named[],
                          sj_err *err)
{
    sji_figure figure;
    sj_str subtitle = {0}, source = {0};
    size_t n = flows->flow.n < MOST_CORRIDORS ? flows->flow.n : MOST_CORRIDORS;
    s->projection = projection_of(flows);
    s->labels.bounds = (sji_rect){area.x0 + 4.0, area.y0 + 4.0, area.x1 - 4.0, area.y1 - 18.0};
    for (size_t i = 0; i < flows->node.n; i++) {
        s->node[i] = sji_map_project(&s->projection, flows->node.at[i].lon, flows->node.at[i].lat);
    }
    sji_figure_init(&figure, "map", 1200.0, MAP_HEIGHT);
    put_subtitle(&subtitle, job->results, flows, n);
    sji_words_source(&source, job->results, NULL, false);
    sji_fig_frame(&figure, "Which corridors do people travel, and how many?", subtitle.text,
                  source.text);
    draw_graticule(&figure, &s->projection);
    sj_status st = SJ_OK;
    if (!draw_corridors(&figure, flows, s, n)) {
        st = SJ_FAIL(err, SJ_E_NOMEM, "map", "out of memory");
    } else {
        draw_nodes(&figure, flows, s, is_named);
        draw_ranking(&figure, job->results, flows);
        st = sji_job_save(job, &figure, err);
    }
    sji_figure_clear(&figure);
    sj_str_clear(&subtitle);
    sj_str_clear(&source);
    return st;
}

sj_status sji_draw_map(sji_job *job, sj_err *err)
{
    sji_flows flows;
    sheet s = {.node = NULL};
    bool *is_named = NULL;
    sj_status st = sji_flows_make(&flows, job->results, err);
    if (st == SJ_OK && flows.flow.n > 0) {
        s.node = sj_calloc(flows.node.n, sizeof *s.node);
        is_named = sj_calloc(flows.node.n, sizeof *is_named);
        st = s.node != NULL && is_named != NULL ? draw_map(job, &flows, &s, is_named, err)
                                                : SJ_FAIL(err, SJ_E_NOMEM, "map", "out of memory");
    }
    free(s.node);
    free(is_named);
    sji_labels_clear(&s.labels);
    sji_flows_clear(&flows);
    return st;
}
