/**
 * @file draw_rare.c
 * @brief Binomials of rare things in a row: exponential gaps (Devroye 1986, ch. X.4, second
 * waiting time method), kept from group to group.
 */
#include "num/draw.h"
#include "base/bug.h"
#include <math.h>

/* with more hits to expect in one group, one binomial is quicker than the gaps between them */
static const double many = 3.0;

int64_t sj_rare_draw(sj_rare *rare, int64_t n, double hazard)
{
    double end = (double)n * hazard;
    SJ_REQUIRE(n >= 0 && hazard >= 0.0);
    if (n == 0) {
        return 0;
    }
    if (end > many) { /* `left` has no memory: it serves the next group as it is */
        return sj_draw_binomial(&rare->gaps, n, -expm1(-hazard));
    }
    int64_t hit = 0;
    double person = -1.0;
    while (rare->left < end) {
        double next = floor(rare->left / hazard);
        hit += next != person;
        person = next;
        rare->left += sj_rng_exponential(&rare->gaps);
    }
    rare->left -= end;
    return hit < n ? hit : n; /* a quotient may be rounded up to n */
}
