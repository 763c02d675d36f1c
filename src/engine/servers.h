/**
 * @file servers.h
 * @brief Some servers and a line before them, in continuous time.
 *
 * The stage of queueing theory: people arrive one by one, start service at
 * once where a server is free, else wait in a line, first come first served;
 * where the room is limited, who finds it full is turned away (M/M/c/c). The
 * caller draws service times (with the arrival, so that they belong to the
 * person) and owns the calendar; sj_servers posts an event for every
 * completion, and the caller's kind answers it with sj_servers_complete().
 * It knows ticks, not their length, and no distribution. Waits are summed
 * exactly, in integers. Ties are broken by the calendar. For service by days
 * and slots see stage.h. Not thread-safe. Floor 2 (engine).
 */
#ifndef SJ_ENGINE_SERVERS_H
#define SJ_ENGINE_SERVERS_H
#include "engine/calendar.h"

typedef struct sj_servers sj_servers;

/** @brief Told of each person as service starts; `self` is the caller's. */
typedef struct sj_wait_hook {
    void (*started)(void *self, sj_tick wait, sj_tick service, int64_t tag);
    void *self;
} sj_wait_hook;

/** @brief How the servers work; copied. */
typedef struct sj_servers_options {
    sj_calendar *calendar; /* borrows, as long as the servers live */
    uint32_t kind, index;  /* of the events of completion; event.data is the person's tag */
    unsigned phase;        /* of the events of completion, 0-255 */
    size_t n_servers;      /* >= 1 */
    size_t room;           /* people in service and line at most, >= n_servers; 0 = no limit */
    sj_wait_hook hook;     /* .started = NULL: none */
} sj_servers_options;

/** @brief What happened to who arrived. */
typedef enum sj_arrival { SJ_ARRIVAL_SERVED, SJ_ARRIVAL_WAITS, SJ_ARRIVAL_TURNED_AWAY } sj_arrival;

/** @brief Sums over the people who arrived and started since the last reset. Ticks, as double. */
typedef struct sj_waits {
    uint64_t n_arrived;     /* those turned away included */
    uint64_t n_turned_away; /* found the room full */
    uint64_t n_started;     /* began service: the people the sums are over */
    uint64_t n_delayed;     /* of these, found no server free */
    double mean_wait;       /* until service begins; 0 where nobody started */
    double variance_wait;   /* sum of squares / n - mean^2 */
    double mean_service;
} sj_waits;

/** @brief New free servers and an empty line, NULL when memory ends; the caller frees them. */
sj_servers *sj_servers_new(const sj_servers_options *options);

/** @brief Release the servers; events they posted stay on the calendar. NULL is allowed. */
void sj_servers_free(sj_servers *servers);

/**
 * @brief A person arrives. O(log pending) if a server is free, else O(1).
 *
 * @param[in]  now     Tick of the arrival; never before the last one told.
 * @param[in]  service Ticks the service takes, >= 0.
 * @param[in]  tag     The caller's, given back with the completion (such as a tick of entry).
 * @param[out] arrival What happened; may be NULL.
 * @retval SJ_E_NOMEM The person did not arrive.
 */
SJ_MUSTUSE sj_status sj_servers_arrive(sj_servers *servers, sj_tick now, sj_tick service,
                                       int64_t tag, sj_arrival *arrival);

/** @brief A service is complete: call it once for each event posted. The first of the line starts.
 * O(log pending). SJ_E_NOMEM: the next person still waits, a server stays free. */
SJ_MUSTUSE sj_status sj_servers_complete(sj_servers *servers, sj_tick now);

/** @brief People in service, and in line. O(1). */
size_t sj_servers_busy(const sj_servers *servers);
size_t sj_servers_line(const sj_servers *servers);

/** @brief Sums since the last reset. O(1). */
sj_waits sj_servers_waits(const sj_servers *servers);

/** @brief Forget the sums (end of a warm-up); who is here stays, with the tick of arrival. */
void sj_servers_reset_waits(sj_servers *servers);

/** @brief Check that people are conserved and no server idles while someone waits. O(line). */
SJ_MUSTUSE sj_status sj_servers_verify(const sj_servers *servers, sj_err *err);
#endif /* SJ_ENGINE_SERVERS_H */
