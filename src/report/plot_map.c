/* Which corridors people travel: places at their position, curved corridors as wide as the flow. */
#include "report/draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/corridor.h"
#include "report/flows.h"
#include "report/ranking.h"
#include "report/texts.h"

enum { N_RANKED = 12, MOST_NAMES = 32, LOWEST = 860, HIGHEST = 1160 };
static const double left = SJI_MARGIN, right = 800.0, top = SJI_HEAD + 14.0;
static const double widest = 22.0, narrowest = 1.8, node_radius = 4.5, small_radius = 3.0;

/* Everything placed on the page. */
typedef struct sheet {
    sji_rect area; /* of the map */
    double height; /* of the page */
    sji_projection projection;
    sji_point *node; /* owns: one a node */
    bool *is_far;    /* owns: stands at the edge */
    bool *is_named;  /* owns */
    sji_labels labels;
} sheet;

static double width_of(const sji_flows *flows, double people)
{
    return fmax(narrowest, widest * people / flows->flow.at[0].people);
}

/* The range of the places and room around it; the page is as high as its shape asks for. */
static void fit_sheet(sheet *s, sji_map_range range)
{
    double pad = 0.07 * fmax(2.0, fmax(range.east - range.west, range.north - range.south));
    sji_map_range wide = {range.west - pad, range.east + pad, range.south - pad, range.north + pad};
    const double foot = SJI_FOOT + 8.0;
    s->area = (sji_rect){left, top, right, 1e6};
    s->projection = sji_map_fit(wide.west, wide.east, wide.south, wide.north, s->area);
    double high = s->projection.scale * (wide.north - wide.south);
    s->height = round(fmin(fmax(top + high + foot, LOWEST), HIGHEST));
    s->area.y1 = s->height - foot;
    s->projection = sji_map_fit(wide.west, wide.east, wide.south, wide.north, s->area);
}

/* Where the places stand: at their position, far ones at the edge towards it. */
static bool place_nodes(sheet *s, const sji_flows *flows)
{
    size_t n = flows->node.n;
    double *people = sj_calloc(n, sizeof *people);
    sji_map_range range = {0};
    for (size_t i = 0; i < n && people != NULL; i++) {
        s->node[i] = (sji_point){flows->node.at[i].lon, flows->node.at[i].lat};
        people[i] = flows->node.at[i].people;
    }
    bool is_whole = people != NULL && sji_map_range_of(s->node, people, n, &range, s->is_far);
    free(people);
    if (is_whole) {
        const double inset = 24.0;
        fit_sheet(s, range);
        for (size_t i = 0; i < n; i++) {
            sji_point p = sji_map_project(&s->projection, s->node[i].x, s->node[i].y);
            s->node[i] = (sji_point){fmin(fmax(p.x, s->area.x0 + inset), s->area.x1 - inset),
                                     fmin(fmax(p.y, s->area.y0 + inset), s->area.y1 - inset)};
        }
    }
    return is_whole;
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

static void draw_graticule(sji_figure *figure, const sheet *s)
{
    const sji_projection *p = &s->projection;
    const sji_rect area = s->area;
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
    return sji_corridor_make(s->node[flow->a], s->node[flow->b], node_radius + 1.5,
                             width_of(flows, flow->people), 0.13);
}

static bool is_drawn(const sji_flows *flows, const sheet *s, size_t i)
{
    sji_point a = s->node[flows->flow.at[i].a], b = s->node[flows->flow.at[i].b];
    return hypot(b.x - a.x, b.y - a.y) > 2.5 * node_radius;
}

/* Points all over a corridor, the more the wider it is; false when memory ends. */
static bool ink_corridor(sheet *s, const sji_corridor *corridor, double width)
{
    enum { N = SJI_CORRIDOR_STEPS };
    int across = 1 + (int)(width / 5.0);
    for (int i = 0; i <= N; i++) {
        sji_point a = corridor->outline[i], b = corridor->outline[2 * N + 4 - i];
        for (int k = 0; k <= across; k++) {
            double t = (double)k / across;
            sji_point p = {(1.0 - t) * a.x + t * b.x, (1.0 - t) * a.y + t * b.y};
            if (!sj_vec_push(&s->labels.ink, p)) {
                return false;
            }
        }
    }
    return sj_vec_push(&s->labels.ink, corridor->outline[N + 2]);
}

/* Corridors as outlines, the widest at the bottom; labels rather leave them free. */
static bool draw_corridors(sji_figure *figure, const sji_flows *flows, sheet *s)
{
    sji_fig_page_begin(figure);
    for (size_t i = 0; i < flows->flow.n; i++) {
        if (!is_drawn(flows, s, i)) {
            continue;
        }
        sji_corridor corridor = corridor_of(flows, s, i);
        int block = sji_fig_block(figure, "x y of a corridor, pixels");
        for (int k = 0; k < SJI_CORRIDOR_POINTS; k++) {
            sji_fig_data(figure, "%n %n\n", corridor.outline[k].x, corridor.outline[k].y);
        }
        if (!ink_corridor(s, &corridor, width_of(flows, flows->flow.at[i].people))) {
            return false;
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

static bool is_free(const sheet *s, sji_rect rect)
{
    for (size_t j = 0; j < s->labels.taken.n; j++) {
        if (sji_rects_touch(rect, s->labels.taken.at[j])) {
            return false;
        }
    }
    return true;
}

/* The rank of a corridor in a disc on it, where there is no room beside it. */
static void draw_rank(sji_figure *figure, const sji_flows *flows, sheet *s, size_t i)
{
    static const int tries[] = {12, 10, 14, 8, 16, 6, 18, 4, 20};
    static const sji_ink ink = {10.5, true, SJI_BLACK, SJI_CENTRE};
    const double radius = 8.5;
    sji_corridor corridor = corridor_of(flows, s, i);
    const char *colour = sji_fig_colour(flows->flow.at[i].group);
    sji_point on = corridor.middle[tries[0]], at = on;
    bool has_room = false;
    for (size_t k = 0; k < sizeof tries / sizeof tries[0] && !has_room; k++) {
        at = corridor.middle[tries[k]];
        sji_rect rect = {at.x - radius, at.y - radius, at.x + radius, at.y + radius};
        has_room = is_free(s, rect) && sji_labels_take(&s->labels, rect);
    }
    sji_rect box;
    if (!has_room &&
        sji_labels_place(&s->labels, on, 10.0, 80.0, 2.0 * radius, 2.0 * radius, &box)) {
        at = (sji_point){(box.x0 + box.x1) / 2.0, (box.y0 + box.y1) / 2.0};
        sji_fig_line(figure, on.x, on.y, at.x, at.y, SJI_BLACK, 0.8, 1);
        has_room = true;
    }
    if (has_room) {
        sj_str rank = {0};
        sj_str_printf(&rank, "%zu", i + 1);
        sji_fig_disc(figure, at.x, at.y, radius, colour, false);
        sji_fig_text(figure, at.x, at.y, rank.text, &ink);
        sj_str_clear(&rank);
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

/* Mark who is named: the ends of the ranked corridors, then who has most people. */
static void choose_names(const sji_flows *flows, bool is_named[])
{
    size_t n = 0;
    for (size_t i = 0; i < flows->flow.n && i < N_RANKED; i++) {
        n += !is_named[flows->flow.at[i].a];
        is_named[flows->flow.at[i].a] = true;
        n += !is_named[flows->flow.at[i].b];
        is_named[flows->flow.at[i].b] = true;
    }
    for (; n < MOST_NAMES && n < flows->node.n; n++) {
        size_t best = SIZE_MAX;
        for (size_t i = 0; i < flows->node.n; i++) {
            if (!is_named[i] &&
                (best == SIZE_MAX || flows->node.at[i].people > flows->node.at[best].people)) {
                best = i;
            }
        }
        is_named[best] = true;
    }
}

static void draw_nodes(sji_figure *figure, const sji_flows *flows, sheet *s)
{
    choose_names(flows, s->is_named);
    sji_fig_page_begin(figure);
    for (size_t i = 0; i < flows->node.n; i++) {
        sji_point p = s->node[i];
        double radius = s->is_named[i] ? node_radius : small_radius;
        sji_fig_disc(figure, p.x, p.y, radius, s->is_far[i] ? SJI_GREY : SJI_BLACK, false);
        (void)sji_labels_take(&s->labels,
                              (sji_rect){p.x - radius, p.y - radius, p.x + radius, p.y + radius});
    }
    for (size_t i = 0; i < flows->flow.n && i < N_RANKED; i++) {
        if (is_drawn(flows, s, i)) {
            draw_rank(figure, flows, s, i);
        }
    }
    for (size_t i = 0; i < flows->node.n; i++) {
        if (s->is_named[i]) {
            draw_name(figure, s, s->node[i], flows->node.at[i].name);
        }
    }
    sji_fig_page_end(figure);
}

/* " Spain and Rest of the world stand at the edge." */
static void put_far(sj_str *out, const sji_flows *flows, const sheet *s)
{
    size_t n = 0, left_over = 0;
    for (size_t i = 0; i < flows->node.n; i++) {
        left_over += s->is_far[i];
    }
    for (size_t i = 0; i < flows->node.n; i++) {
        if (s->is_far[i]) {
            sj_str_add(out, n == 0 ? " " : left_over == 1 ? " and " : ", ");
            sji_words_fit(out, flows->node.at[i].name, 20.0);
            left_over--;
            n++;
        }
    }
    sj_str_add(out, n == 0 ? "" : n == 1 ? " stands at the edge." : " stand at the edge.");
}

static void put_subtitle(sj_str *out, const sji_results *r, const sji_flows *flows, const sheet *s)
{
    bool has_series = r->pool.n > 0; /* its first record is the start of the run */
    double shown = 0.0;
    for (size_t i = 0; i < flows->flow.n; i++) {
        shown += flows->flow.at[i].people;
    }
    sj_str_add(out, "People who came to the end of a link from ");
    sji_words_day(out, has_series ? r->first : flows->first);
    sj_str_add(out, " to ");
    sji_words_day(out, has_series ? r->last : flows->last);
    sj_str_add(out, ", mean of all replications. Width: people; the curves are not roads.");
    if (flows->flow.n < flows->n_all) {
        sj_str_printf(out, " The %zu largest of %zu corridors, %.0f %% of the people.",
                      flows->flow.n, flows->n_all, 100.0 * shown / flows->people);
    }
    if (flows->way_home > 0.0) {
        sj_str_add(out, " Without links of the way home.");
    }
    put_far(out, flows, s);
    if (flows->n_without > 0) {
        sj_str_printf(out, " %zu corridors have no position.", flows->n_without);
    }
}

static sj_status draw_page(sji_job *job, const sji_flows *flows, sheet *s, sj_err *err)
{
    sji_figure figure;
    sj_str subtitle = {0}, source = {0};
    const sji_rect area = s->area;
    s->labels.bounds = (sji_rect){area.x0 + 4.0, area.y0 + 4.0, area.x1 - 4.0, area.y1 - 18.0};
    sji_figure_init(&figure, "map", SJI_WIDTH, s->height);
    put_subtitle(&subtitle, job->results, flows, s);
    sji_words_source(&source, job->results, NULL, false);
    sji_fig_frame(&figure, "Which corridors do people travel, and how many?", subtitle.text,
                  source.text);
    draw_graticule(&figure, s);
    sj_status st = SJ_OK;
    if (!draw_corridors(&figure, flows, s)) {
        st = SJ_FAIL(err, SJ_E_NOMEM, "map", "out of memory");
    } else {
        draw_nodes(&figure, flows, s);
        sji_draw_ranking(&figure, job->results, flows, N_RANKED, top + 12.0);
        st = sji_job_save(job, &figure, err);
    }
    sji_figure_clear(&figure);
    sj_str_clear(&subtitle);
    sj_str_clear(&source);
    return st;
}

static sj_status draw_map(sji_job *job, const sji_flows *flows, sj_err *err)
{
    sheet s = {.node = sj_calloc(flows->node.n, sizeof *s.node),
               .is_far = sj_calloc(flows->node.n, sizeof *s.is_far),
               .is_named = sj_calloc(flows->node.n, sizeof *s.is_named)};
    bool is_whole = s.node != NULL && s.is_far != NULL && s.is_named != NULL;
    sj_status st = is_whole && place_nodes(&s, flows)
                       ? draw_page(job, flows, &s, err)
                       : SJ_FAIL(err, SJ_E_NOMEM, "map", "out of memory");
    free(s.node);
    free(s.is_far);
    free(s.is_named);
    sji_labels_clear(&s.labels);
    return st;
}

sj_status sji_draw_map(sji_job *job, sj_err *err)
{
    sji_flows flows;
    sj_status st = sji_flows_make(&flows, job->results, job->request->with_way_home, err);
    if (st == SJ_OK && flows.flow.n > 0) {
        st = draw_map(job, &flows, err);
    }
    sji_flows_clear(&flows);
    return st;
}
