/**
 * @file spread.h
 * @brief Room for labels: boxes that do not touch, and heights pushed apart.
 *
 * Floor 7 (report). All lengths are pixels, y downwards.
 */
#ifndef SJ_REPORT_SPREAD_H
#define SJ_REPORT_SPREAD_H
#include "base/mem.h"

typedef struct sji_rect {
    double x0, y0, x1, y1; /* x0 <= x1, y0 <= y1 */
} sji_rect;

typedef struct sji_point {
    double x, y;
} sji_point;

/** @brief What is taken on a page. Zero-initialise but for `bounds`; release with
 * sji_labels_clear(). */
typedef struct sji_labels {
    sji_rect bounds;
    SJ_VEC(sji_rect) taken; /* labels and marks: never covered twice */
    SJ_VEC(sji_point) ink;  /* points of lines: covered only where nothing else is free */
} sji_labels;

void sji_labels_clear(sji_labels *room);

/** @brief Take a rectangle; false when memory ends. */
bool sji_labels_take(sji_labels *room, sji_rect rect);

/** @brief True where two rectangles share an inner point. */
bool sji_rects_touch(sji_rect a, sji_rect b);

/**
 * @brief Find a free box of w x h near a point at least `gap` away from it, and take it.
 * Tries sixteen directions at growing distances up to `reach`, right first; of the free ones the
 * box that covers least ink and lies nearest. O(candidates x taken).
 * @return False where none is free (nothing taken) or memory ends.
 */
bool sji_labels_place(sji_labels *room, sji_point at, double gap, double reach, double w, double h,
                      sji_rect *out);

/**
 * @brief Move n heights, given in ascending order, so that neighbours are `gap` apart and all lie
 * in [low, high] as far as they fit; each moves as little as the others let it.
 */
void sji_labels_spread(double y[], size_t n, double gap, double low, double high);
#endif /* SJ_REPORT_SPREAD_H */
