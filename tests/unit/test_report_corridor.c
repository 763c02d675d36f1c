/**
 * @file test_report_corridor.c
 * @brief Geometry of the flow map: projection, corridors, room for labels.
 * Usage: test_report_corridor [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/corridor.h"
#include <math.h>

static const sji_point a = {100.0, 500.0}, b = {400.0, 100.0}; /* 500 pixels apart */

static double distance(sji_point p, sji_point q)
{
    return hypot(p.x - q.x, p.y - q.y);
}

/* Twice the signed area of the triangle a, b, p; positive to the right of a -> b on the screen. */
static double side(sji_point p)
{
    return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
}

static void test_projection_keeps_shape(void **state)
{
    sji_rect area = {0.0, 0.0, 800.0, 600.0};
    sji_projection p = sji_map_fit(-80.0, -60.0, -20.0, 10.0, area);
    double lon, lat, cosine = cos(-5.0 * acos(-1.0) / 180.0);
    sji_point west = sji_map_project(&p, -71.0, -5.0), east = sji_map_project(&p, -69.0, -5.0);
    sji_point south = sji_map_project(&p, -70.0, -6.0), north = sji_map_project(&p, -70.0, -4.0);
    assert_true(fabs((east.x - west.x) / (south.y - north.y) - cosine) < 1e-9);
    assert_true(north.y < south.y && west.x < east.x);
    sji_point corner = sji_map_project(&p, -80.0, 10.0);
    assert_true(corner.x >= -1e-9 && corner.y >= -1e-9);
    sji_map_unproject(&p, corner, &lon, &lat);
    assert_true(fabs(lon + 80.0) < 1e-9 && fabs(lat - 10.0) < 1e-9);
}

/* A chain of places a degree apart going south, and one place far to the east. */
static void test_far_places_stand_outside(void **state)
{
    enum { N = 20 };
    sji_point at[N];
    double people[N];
    bool is_far[N];
    sji_map_range range;
    for (int i = 0; i < N; i++) {
        at[i] = (sji_point){-70.0 + i % 5, 10.0 - i};
        people[i] = 100.0;
    }
    assert_true(sji_map_range_of(at, people, N, &range, is_far)); /* nobody is far */
    assert_true(range.west == -70.0 && range.east == -66.0);
    assert_true(range.south == -9.0 && range.north == 10.0);
    at[7].x = -3.0;
    people[7] = 10.0;
    assert_true(sji_map_range_of(at, people, N, &range, is_far));
    for (int i = 0; i < N; i++) {
        assert_int_equal(is_far[i], i == 7);
    }
    assert_true(range.west == -70.0 && range.east == -66.0);
    at[8].y = 90.0; /* the other axis, at the same time */
    people[8] = 10.0;
    assert_true(sji_map_range_of(at, people, N, &range, is_far));
    assert_true(is_far[7] && is_far[8] && range.north == 10.0);
    people[7] = 1000.0; /* too many people to stand aside */
    assert_true(sji_map_range_of(at, people, N, &range, is_far));
    assert_true(!is_far[7] && range.east == -3.0);
}

static void test_few_places_are_all_shown(void **state)
{
    sji_point at[] = {{-70.0, 0.0}, {-69.0, 1.0}, {-3.0, 40.0}};
    double people[] = {1000.0, 1000.0, 1.0};
    bool is_far[3];
    sji_map_range range;
    assert_true(sji_map_range_of(at, people, 3, &range, is_far));
    assert_true(!is_far[0] && !is_far[1] && !is_far[2] && range.east == -3.0);
    assert_true(sji_map_range_of(at, people, 1, &range, is_far));
    assert_true(range.west == -70.0 && range.east == -70.0 && range.north == 0.0);
}

static void test_corridor_tapers(void **state)
{
    const double width = 20.0;
    sji_corridor c = sji_corridor_make(a, b, 7.0, width, 0.13);
    enum { N = SJI_CORRIDOR_STEPS };
    double before = 0.0;
    for (int i = 0; i <= N; i++) {
        double wide = distance(c.outline[i], c.outline[2 * N + 4 - i]);
        assert_true(wide > before);
        before = wide;
        sji_point middle = {(c.outline[i].x + c.outline[2 * N + 4 - i].x) / 2.0,
                            (c.outline[i].y + c.outline[2 * N + 4 - i].y) / 2.0};
        assert_true(distance(middle, c.middle[i]) < 1e-6);
    }
    assert_true(fabs(distance(c.outline[0], c.outline[2 * N + 4]) - width / 2.0) < 1e-6);
    assert_true(fabs(before - width) < 1e-6);
    assert_true(distance(c.outline[N + 1], c.outline[N + 3]) > width); /* barbs stand out */
}

static void test_corridor_ends(void **state)
{
    sji_corridor c = sji_corridor_make(a, b, 7.0, 20.0, 0.13);
    assert_true(distance(c.middle[0], a) < 1e-9);
    assert_true(fabs(distance(c.outline[SJI_CORRIDOR_STEPS + 2], b) - 7.0) < 0.01);
    assert_true(c.length > 450.0 && c.length < 520.0);
}

static void test_ways_lie_apart(void **state)
{
    sji_corridor there = sji_corridor_make(a, b, 7.0, 20.0, 0.13);
    sji_corridor back = sji_corridor_make(b, a, 7.0, 20.0, 0.13);
    for (int i = 1; i <= SJI_CORRIDOR_STEPS; i++) {
        assert_true(side(there.middle[i]) > 0.0); /* to the right of the way there */
        assert_true(side(back.middle[i]) < 0.0);
    }
    sji_corridor straight = sji_corridor_make(a, b, 7.0, 20.0, 0.0);
    assert_true(fabs(side(straight.middle[12])) < 1e-6);
}

static void test_short_corridors_are_finite(void **state)
{
    for (double apart = 0.5; apart < 60.0; apart *= 1.7) {
        sji_point near = {a.x + apart, a.y};
        sji_corridor c = sji_corridor_make(a, near, 7.0, 26.0, 0.13);
        for (int i = 0; i < SJI_CORRIDOR_POINTS; i++) {
            assert_true(isfinite(c.outline[i].x) && isfinite(c.outline[i].y));
            assert_true(distance(c.outline[i], a) < apart + 40.0);
        }
    }
}

static void test_labels_do_not_touch(void **state)
{
    sji_labels labels = {.bounds = {0.0, 0.0, 400.0, 300.0}};
    sji_rect box[40];
    int n = 0;
    for (int i = 0; i < 40; i++) {
        sji_point at = {150.0 + 7.0 * (i % 8), 120.0 + 9.0 * (i / 8)};
        n += sji_labels_place(&labels, at, 8.0, 90.0, 60.0, 15.0, &box[n]);
    }
    assert_true(n >= 12);
    for (int i = 0; i < n; i++) {
        assert_true(box[i].x0 >= 0.0 && box[i].x1 <= 400.0 && box[i].y0 >= 0.0 &&
                    box[i].y1 <= 300.0);
        for (int k = 0; k < i; k++) {
            assert_false(sji_rects_touch(box[i], box[k]));
        }
    }
    assert_int_equal(labels.taken.n, n); /* a label without room takes none */
    sji_labels_clear(&labels);
}

static void test_labels_leave_ink_free(void **state)
{
    sji_labels labels = {.bounds = {0.0, 0.0, 400.0, 300.0}};
    sji_rect box;
    for (int x = 200; x < 300; x++) { /* a line to the right, where labels go first */
        sji_point p = {x, 150.0};
        assert_true(sj_vec_push(&labels.ink, p));
    }
    assert_true(sji_labels_place(&labels, (sji_point){200.0, 150.0}, 8.0, 40.0, 60.0, 15.0, &box));
    assert_true(box.y1 < 150.0 || box.y0 > 150.0 || box.x1 < 200.0);
    sji_labels_clear(&labels);
}

static void test_spread(void **state)
{
    double y[] = {10.0, 11.0, 12.0, 90.0};
    sji_labels_spread(y, 4, 15.0, 0.0, 100.0);
    for (int i = 0; i < 3; i++) {
        assert_true(y[i + 1] - y[i] > 15.0 - 0.02);
    }
    assert_true(y[0] >= 0.0 && fabs(y[3] - 90.0) < 1e-9);
    double tight[] = {50.0, 50.0, 50.0, 50.0}; /* more than there is room for: evenly */
    sji_labels_spread(tight, 4, 60.0, 0.0, 90.0);
    for (int i = 0; i < 4; i++) {
        assert_true(fabs(tight[i] - 30.0 * i) < 0.05);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_projection_keeps_shape),
        cmocka_unit_test(test_far_places_stand_outside),
        cmocka_unit_test(test_few_places_are_all_shown),
        cmocka_unit_test(test_corridor_tapers),
        cmocka_unit_test(test_corridor_ends),
        cmocka_unit_test(test_ways_lie_apart),
        cmocka_unit_test(test_short_corridors_are_finite),
        cmocka_unit_test(test_labels_do_not_touch),
        cmocka_unit_test(test_labels_leave_ink_free),
        cmocka_unit_test(test_spread),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
