/**
 * @file calendar.h
 * @brief The calendar of pending events: what happens next, in one total order.
 *
 * An event's key is (time, phase, insertion): earlier time first, then lower
 * phase, then first in first out. Times are int64 ticks whose length the
 * calendar does not know. Events are cancelled and rescheduled by handle;
 * a stale handle is recognised. No result depends on addresses.
 * Shape: 4-ary heap of 16-byte keys, payload in slots, position index; 40
 * bytes a pending event (calendar_inside.h). Sequences are 32 bits; when they
 * are used up, all pending events are renumbered in order (O(n log n), once
 * in 4e9 posts). A handle stays stale for good: a slot is retired before its
 * generations repeat. Not thread-safe; calendars share nothing.
 * Floor 2 (engine).
 */
#ifndef SJ_ENGINE_CALENDAR_H
#define SJ_ENGINE_CALENDAR_H
#include "base/err.h"
#include <stdint.h>

typedef int64_t sj_tick;
typedef struct sj_calendar sj_calendar;

/** @brief Name of a pending event; 0 names none. */
typedef uint64_t sj_handle;

/** @brief What an event carries; the calendar does not look at it. */
typedef struct sj_event {
    uint32_t kind;
    uint32_t index;
    int64_t data;
} sj_event;

/** @brief New empty calendar, NULL when memory ends. */
sj_calendar *sj_calendar_new(void);

/** @brief Release a calendar with all that is pending; NULL is allowed. */
void sj_calendar_free(sj_calendar *calendar);

/** @brief Add an event; phase 0-255, any tick. Returns its handle, never 0; 0 when memory ends or
 * 2^24 events are pending, and the calendar is as it was. O(log n). */
sj_handle sj_calendar_post(sj_calendar *calendar, sj_tick time, unsigned phase, sj_event event);

/** @brief Take an event out; false if it has happened or was cancelled. O(log n). */
bool sj_calendar_cancel(sj_calendar *calendar, sj_handle handle);

/** @brief Move an event to another time and phase, as if inserted now; its handle stays. False if
 * the handle is stale. O(log n). */
bool sj_calendar_reschedule(sj_calendar *calendar, sj_handle handle, sj_tick time, unsigned phase);

/** @brief True while the event is pending. O(1). */
bool sj_calendar_is_pending(const sj_calendar *calendar, sj_handle handle);

/** @brief Time of the next event; false where none is pending. O(1). */
bool sj_calendar_next(const sj_calendar *calendar, sj_tick *time, unsigned *phase);

/** @brief Take the next event out; its handle is stale from now on. False where none is pending.
 * O(log n). */
bool sj_calendar_pop(sj_calendar *calendar, sj_tick *time, unsigned *phase, sj_event *event);

/** @brief The same, but only if the next event's time is <= until; false otherwise. O(log n). */
bool sj_calendar_pop_until(sj_calendar *calendar, sj_tick until, sj_tick *time, unsigned *phase,
                           sj_event *event);

/** @brief Pending events. O(1). */

size_t sj_calendar_length(const sj_calendar *calendar);

/** @brief Check heap order and the index; SJ_E_INTERNAL names what is wrong. O(n). */
SJ_MUSTUSE sj_status sj_calendar_verify(const sj_calendar *calendar, sj_err *err);
#endif /* SJ_ENGINE_CALENDAR_H */
