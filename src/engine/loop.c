#include "engine/loop.h"

#include "base/bug.h"

/* Why sj_calendar_pop_until() gave nothing. */
static sj_loop_end nothing_until(const sj_loop *loop)
{
    return sj_calendar_length(loop->calendar) == 0 ? SJ_LOOP_EMPTY : SJ_LOOP_TIME;
}

static sj_status happen(sj_loop *loop, sj_tick now, sj_event event, sj_err *err)
{
    SJ_REQUIRE(event.kind < loop->n_kinds);
    const sj_event_kind *kind = &loop->kinds[event.kind];
    if (now < loop->now && loop->n_events > 0) {
        return SJ_FAIL(err, SJ_E_INTERNAL, kind->name, "event at tick %lld lies before now, %lld",
                       (long long)now, (long long)loop->now);
    }
    loop->now = now;
    loop->n_events++;
    return kind->happen(loop->self, now, event, err);
}

sj_loop_end sj_loop_run(sj_loop *loop, sj_tick until, uint64_t max_events, sj_status *status,
                        sj_err *err)
{
    uint64_t end = max_events == 0 ? UINT64_MAX : loop->n_events + max_events;
    *status = SJ_OK;
    for (;;) {
        sj_tick now = 0;
        unsigned phase = 0;
        sj_event event;
        if (loop->stop != NULL && *loop->stop != 0) {
            return SJ_LOOP_STOPPED;
        }
        if (loop->n_events >= end) {
            return SJ_LOOP_EVENTS;
        }
        if (!sj_calendar_pop_until(loop->calendar, until, &now, &phase, &event)) {
            return nothing_until(loop);
        }
        *status = happen(loop, now, event, err);
        if (*status != SJ_OK) {
            return SJ_LOOP_FAILED;
        }
    }
}
