/**
 * @file loop.h
 * @brief The loop: takes events off the calendar in order and hands them to their kind.
 *
 * A kind is a constant descriptor. The loop knows descriptors only, is
 * bounded in time and in number of events, and resumes where it stopped, so
 * progress, interruption and time limits are the caller's business.
 * Floor 2 (engine).
 */
#ifndef SJ_ENGINE_LOOP_H
#define SJ_ENGINE_LOOP_H
#include "engine/calendar.h"

/** @brief One kind of event: its name and what it does. `self` is the caller's. */
typedef struct sj_event_kind {
    const char *name;
    sj_status (*happen)(void *self, sj_tick now, sj_event event, sj_err *err);
} sj_event_kind;

/** @brief Why the loop came back. */
typedef enum sj_loop_end {
    SJ_LOOP_EMPTY,   /* no event is pending */
    SJ_LOOP_TIME,    /* the next event lies after `until` */
    SJ_LOOP_EVENTS,  /* max_events have happened */
    SJ_LOOP_STOPPED, /* *stop was set */
    SJ_LOOP_FAILED   /* an event failed; err is filled */
} sj_loop_end;

typedef struct sj_loop {
    sj_calendar *calendar;      /* borrows */
    const sj_event_kind *kinds; /* borrows; event.kind indexes it */
    size_t n_kinds;
    void *self;               /* handed to every kind */
    const volatile int *stop; /* looked at between events; NULL = never */
    sj_tick now;              /* time of the last event */
    uint64_t n_events;        /* happened since the loop was made */
} sj_loop;

/**
 * @brief Let events with time <= until happen, `max_events` at most (0 = no bound).
 *
 * Looks, before each event, at the stop flag, then at the bound, then at the calendar. The loop
 * may be run again after any end but SJ_LOOP_FAILED, and goes on as if it had never stopped. An
 * event that fails has been taken off the calendar and is counted.
 * @param[out]    status SJ_OK, or on SJ_LOOP_FAILED what the event returned; SJ_E_INTERNAL where
 *                       an event lies before `now`.
 * @param[in,out] err    Filled on SJ_LOOP_FAILED; may be NULL.
 */
sj_loop_end sj_loop_run(sj_loop *loop, sj_tick until, uint64_t max_events, sj_status *status,
                        sj_err *err);
#endif /* SJ_ENGINE_LOOP_H */
