#include "report/spread.h"

#include <math.h>

void sji_labels_clear(sji_labels *room)
{
    sj_vec_clear(&room->taken);
    sj_vec_clear(&room->ink);
}

bool sji_labels_take(sji_labels *room, sji_rect rect)
{
    return sj_vec_push(&room->taken, rect);
}

bool sji_rects_touch(sji_rect a, sji_rect b)
{
    return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}

static bool is_free(const sji_labels *room, sji_rect rect)
{
    const sji_rect *in = &room->bounds;
    if (rect.x0 < in->x0 || rect.y0 < in->y0 || rect.x1 > in->x1 || rect.y1 > in->y1) {
        return false;
    }
    for (size_t i = 0; i < room->taken.n; i++) {
        if (sji_rects_touch(rect, room->taken.at[i])) {
            return false;
        }
    }
    return true;
}

static double ink_under(const sji_labels *room, sji_rect rect)
{
    double n = 0.0;
    for (size_t i = 0; i < room->ink.n; i++) {
        sji_point p = room->ink.at[i];
        n += p.x > rect.x0 && p.x < rect.x1 && p.y > rect.y0 && p.y < rect.y1;
    }
    return n;
}

/* The box whose nearest point lies `away` from `at` in a direction. */
static sji_rect box_towards(sji_point at, double angle, double away, double w, double h)
{
    double dx = cos(angle), dy = sin(angle);
    double x = at.x + dx * away + (dx > 0.3 ? 0.0 : dx < -0.3 ? -w : -w / 2.0);
    double y = at.y + dy * away + (dy > 0.3 ? 0.0 : dy < -0.3 ? -h : -h / 2.0);
    return (sji_rect){x, y, x + w, y + h};
}

bool sji_labels_place(sji_labels *room, sji_point at, double gap, double reach, double w, double h,
                      sji_rect *out)
{
    static const int order[] = {0, 15, 1, 14, 2, 8, 7, 9, 6, 10, 4, 12, 3, 13, 5, 11};
    static const double turn = 0.39269908169872414; /* a sixteenth */
    double best = INFINITY;
    for (double away = gap; away <= reach; away += 6.0) {
        for (int i = 0; i < 16; i++) {
            sji_rect rect = box_towards(at, turn * order[i], away, w, h);
            if (is_free(room, rect)) {
                double cost = 3.0 * ink_under(room, rect) + (away - gap) / 3.0 + 0.4 * i;
                if (cost < best) {
                    best = cost;
                    *out = rect;
                }
            }
        }
    }
    return best < (double)INFINITY && sji_labels_take(room, *out);
}

void sji_labels_spread(double y[], size_t n, double gap, double low, double high)
{
    if (n > 1 && gap * (double)(n - 1) > high - low) {
        gap = (high - low) / (double)(n - 1);
    }
    for (int round = 0; round < 200; round++) {
        double moved = 0.0;
        for (size_t i = 0; i + 1 < n; i++) {
            double lack = gap - (y[i + 1] - y[i]);
            if (lack > 1e-9) {
                y[i] -= lack / 2.0;
                y[i + 1] += lack / 2.0;
                moved = fmax(moved, lack);
            }
        }
        for (size_t i = 0; i < n; i++) {
            double floor_i = low + gap * (double)i, ceiling = high - gap * (double)(n - 1 - i);
            y[i] = fmin(fmax(y[i], floor_i), ceiling);
        }
        if (moved < 0.01) {
            return;
        }
    }
}
