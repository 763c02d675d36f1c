#include "report/corridor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double radians = 0.017453292519943295;

sji_projection sji_map_fit(double lon_low, double lon_high, double lat_low, double lat_high,
                           sji_rect area)
{
    sji_projection p = {.lon0 = (lon_low + lon_high) / 2.0, .lat0 = (lat_low + lat_high) / 2.0};
    p.cosine = fmax(0.2, cos(p.lat0 * radians));
    double wide = fmax(1e-3, (lon_high - lon_low) * p.cosine);
    double high = fmax(1e-3, lat_high - lat_low);
    p.scale = fmin((area.x1 - area.x0) / wide, (area.y1 - area.y0) / high);
    p.x0 = (area.x0 + area.x1) / 2.0;
    p.y0 = (area.y0 + area.y1) / 2.0;
    return p;
}

/* A place along one axis. */
typedef struct stop {
    double at, people;
    size_t place;
} stop;

static int by_stop(const void *a, const void *b)
{
    double x = ((const stop *)a)->at, y = ((const stop *)b)->at;
    return (x > y) - (x < y);
}

/* Fewest stops at the upper end that are far; 0 = none. */
static size_t count_far(const stop s[], size_t n, double all_people)
{
    double people = 0.0;
    for (size_t k = 1; k <= n / 10; k++) {
        size_t first = n - k;
        people += s[first].people;
        double rest = s[first - 1].at - s[0].at, whole = s[n - 1].at - s[0].at;
        bool has_gap = s[first].at - s[first - 1].at > 0.2 * rest;
        if (people <= 0.05 * all_people && has_gap && rest < 2.0 / 3.0 * whole) {
            return k;
        }
    }
    return 0;
}

/* Mark the far ones of one direction: `sign` times longitude or latitude grows towards it. */
static bool mark_far(const sji_point at[], const double people[], size_t n, double sign,
                     bool is_latitude, bool is_far[])
{
    stop *s = sj_calloc(n, sizeof *s);
    double all_people = 0.0;
    size_t n_near = 0;
    for (size_t i = 0; i < n && s != NULL; i++) {
        all_people += people[i];
        if (!is_far[i]) {
            s[n_near++] = (stop){sign * (is_latitude ? at[i].y : at[i].x), people[i], i};
        }
    }
    if (s == NULL) {
        return false;
    }
    if (n_near > 0) {
        qsort(s, n_near, sizeof *s, by_stop);
    }
    for (size_t k = count_far(s, n_near, all_people); k > 0; k--) {
        is_far[s[n_near - k].place] = true;
    }
    free(s);
    return true;
}

bool sji_map_range_of(const sji_point at[], const double people[], size_t n, sji_map_range *out,
                      bool is_far[])
{
    memset(is_far, 0, n * sizeof *is_far);
    for (int i = 0; i < 4; i++) {
        if (!mark_far(at, people, n, i % 2 == 0 ? 1.0 : -1.0, i >= 2, is_far)) {
            return false;
        }
    }
    *out = (sji_map_range){INFINITY, -INFINITY, INFINITY, -INFINITY};
    for (size_t i = 0; i < n; i++) {
        if (!is_far[i]) {
            out->west = fmin(out->west, at[i].x);
            out->east = fmax(out->east, at[i].x);
            out->south = fmin(out->south, at[i].y);
            out->north = fmax(out->north, at[i].y);
        }
    }
    return true;
}

sji_point sji_map_project(const sji_projection *p, double lon, double lat)
{
    return (sji_point){p->x0 + (lon - p->lon0) * p->cosine * p->scale,
                       p->y0 - (lat - p->lat0) * p->scale};
}

void sji_map_unproject(const sji_projection *p, sji_point at, double *lon, double *lat)
{
    *lon = p->lon0 + (at.x - p->x0) / (p->cosine * p->scale);
    *lat = p->lat0 - (at.y - p->y0) / p->scale;
}

/* The quadratic curve a, control, b at t, and its direction (unit). */
static sji_point curve_at(const sji_point c[3], double t, sji_point *direction)
{
    double u = 1.0 - t;
    double dx = u * (c[1].x - c[0].x) + t * (c[2].x - c[1].x);
    double dy = u * (c[1].y - c[0].y) + t * (c[2].y - c[1].y);
    double length = fmax(1e-9, hypot(dx, dy));
    *direction = (sji_point){dx / length, dy / length};
    return (sji_point){u * u * c[0].x + 2.0 * u * t * c[1].x + t * t * c[2].x,
                       u * u * c[0].y + 2.0 * u * t * c[1].y + t * t * c[2].y};
}

static sji_point beside(sji_point at, sji_point direction, double away)
{
    return (sji_point){at.x - direction.y * away, at.y + direction.x * away};
}

/* Parameter where the curve has `left` pixels to go in a straight line to b. */
static double parameter_before(const sji_point c[3], double left)
{
    double low = 0.0, high = 1.0;
    for (int i = 0; i < 40; i++) {
        double t = (low + high) / 2.0;
        sji_point direction, at = curve_at(c, t, &direction);
        if (hypot(c[2].x - at.x, c[2].y - at.y) > left) {
            low = t;
        } else {
            high = t;
        }
    }
    return low;
}

sji_corridor sji_corridor_make(sji_point a, sji_point b, double radius, double width, double bend)
{
    enum { N = SJI_CORRIDOR_STEPS };
    sji_corridor corridor = {.length = 0.0};
    double distance = hypot(b.x - a.x, b.y - a.y);
    double side = 2.0 * bend; /* the control point of a bow of height h stands 2 h off */
    sji_point c[3] = {
        a, {(a.x + b.x) / 2.0 - (b.y - a.y) * side, (a.y + b.y) / 2.0 + (b.x - a.x) * side}, b};
    double head = fmin(distance * 0.35, fmax(7.0, width * 0.9));
    double tip = parameter_before(c, fmin(radius, distance * 0.3));
    double neck = parameter_before(c, fmin(radius, distance * 0.3) + head);
    sji_point direction, before = a;
    for (int i = 0; i <= N; i++) {
        double share = (double)i / N, half = width * (0.5 + 0.5 * share) / 2.0;
        sji_point at = curve_at(c, neck * share, &direction);
        corridor.middle[i] = at;
        corridor.outline[i] = beside(at, direction, half);
        corridor.outline[2 * N + 4 - i] = beside(at, direction, -half);
        corridor.length += hypot(at.x - before.x, at.y - before.y);
        before = at;
    }
    double barb = width / 2.0 + fmax(2.5, width * 0.28);
    corridor.outline[N + 1] = beside(before, direction, barb);
    corridor.outline[N + 2] = curve_at(c, tip, &direction);
    (void)curve_at(c, neck, &direction);
    corridor.outline[N + 3] = beside(before, direction, -barb);
    return corridor;
}
