#include "record/published.h"

#include <limits.h>
#include <math.h>

/* Everybody of a nation in a country, at its nodes and in its queues too. */
static double present(const sj_run *run, int country, int nation)
{
    const sj_world *w = run->world;
    int64_t n = 0;
    for (int leaf = 0; leaf < w->n_leaves; leaf++) {
        n += w->leaves[leaf].country == country ? run->ledger->present[leaf * w->n_nations + nation]
                                                : 0;
    }
    return (double)n;
}

static int day_of_revision(const sj_run *run, const sj_published_of *p)
{
    if (p->revised == SJ_NO_VALUE || run->drawn[p->spec->revise] <= 0) {
        return INT_MAX;
    }
    int day = (int)floor(run->drawn[p->revised]);
    int last = p->spec->revised_to - run->world->start;
    return day < last ? day : last;
}

static void begin(sji_count *count, const sj_run *run, const sj_published_of *p)
{
    double here = present(run, p->country, p->nation);
    double start = p->spec->start == SJ_NO_VALUE ? here : run->drawn[p->spec->start];
    count->counted = run->drawn[p->spec->counted];
    count->kept = start - count->counted * here;
    count->revised = day_of_revision(run, p);
}

static void revise(sji_count *count, const sj_run *run, const sj_published_of *p)
{
    const sj_tally *tally = &run->ledger->tally;
    if (p->spec->rule == SJ_REVISION_VERIFIED) {
        double verified = run->drawn[p->spec->multiplier] * (double)tally->completed[p->stage];
        double carried = count->counted * present(run, p->country, p->nation);
        count->kept = fmax(count->kept, verified - carried);
    } else if (!count->is_done) {
        count->kept += run->drawn[p->spec->share] * (double)tally->applied[p->programme];
        count->is_done = true;
    }
}

void sji_published_look(sj_recorder *r, const sj_run *run)
{
    const sj_world *w = r->world;
    for (int i = 0; i < w->n_published; i++) {
        if (run->day == 0) {
            begin(&r->counts[i], run, &w->published[i]);
        }
        if (run->day >= r->counts[i].revised) {
            revise(&r->counts[i], run, &w->published[i]);
        }
    }
}

double sji_published(const sj_recorder *r, const sj_run *run, int country, int nation)
{
    const sj_world *w = r->world;
    int at = w->published_at[country * w->n_nations + nation];
    double here = present(run, country, nation);
    return at == SJ_NO_REF ? here : fmax(0, r->counts[at].kept + r->counts[at].counted * here);
}
