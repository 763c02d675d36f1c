#include "engine/servers.h"

#include "base/bug.h"
#include "base/mem.h"

__extension__ typedef unsigned __int128 wide;

enum { FIRST_LINE = 16 /* people a line has room for at first; a power of two */ };

typedef struct person {
    sj_tick arrived, service;
    int64_t tag;
} person;

/* Integers, so that no order of adding matters. */
typedef struct wait_sums {
    uint64_t n_arrived, n_turned_away, n_started, n_delayed;
    wide wait, wait_squared, service;
} wait_sums;

struct sj_servers {
    sj_servers_options options;
    size_t n_busy;
    sj_tick last;               /* latest tick told */
    person *line;               /* owns: a ring */
    size_t first, n_line, ring; /* ring = capacity, a power of two */
    uint64_t n_entered, n_left; /* for ever */
    wait_sums sums;             /* since the last reset */
};

sj_servers *sj_servers_new(const sj_servers_options *options)
{
    SJ_REQUIRE(options->n_servers >= 1 && options->phase <= 255);
    SJ_REQUIRE(options->room == 0 || options->room >= options->n_servers);
    sj_servers *servers = sj_calloc(1, sizeof *servers);
    person *line = sj_calloc(FIRST_LINE, sizeof *line);
    if (servers == NULL || line == NULL) {
        free(servers);
        free(line);
        return NULL;
    }
    servers->options = *options;
    servers->line = line;
    servers->ring = FIRST_LINE;
    servers->last = INT64_MIN;
    return servers;
}

void sj_servers_free(sj_servers *servers)
{
    if (servers != NULL) {
        free(servers->line);
        free(servers);
    }
}

/* ---- line --------------------------------------------------------------------------------- */

static bool widen(sj_servers *servers)
{
    size_t n = servers->n_line;
    person *line = sj_reallocarray(NULL, 2 * servers->ring, sizeof *line);
    if (line == NULL) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        line[i] = servers->line[(servers->first + i) & (servers->ring - 1)];
    }
    free(servers->line);
    servers->line = line;
    servers->first = 0;
    servers->ring *= 2;
    return true;
}

static sj_status join_line(sj_servers *servers, const person *who)
{
    if (servers->n_line == servers->ring && !widen(servers)) {
        return SJ_E_NOMEM;
    }
    servers->line[(servers->first + servers->n_line++) & (servers->ring - 1)] = *who;
    return SJ_OK;
}

/* ---- service ------------------------------------------------------------------------------ */

static inline void add_wait(wait_sums *sums, sj_tick wait, sj_tick service, bool is_delayed)
{
    wide w = (uint64_t)wait;
    sums->n_started++;
    sums->n_delayed += is_delayed;
    sums->wait += w;
    sums->wait_squared += w * w;
    sums->service += (uint64_t)service;
}

static inline sj_status start(sj_servers *servers, sj_tick now, const person *who, bool is_delayed)
{
    const sj_servers_options *options = &servers->options;
    sj_event event = {.kind = options->kind, .index = options->index, .data = who->tag};
    if (sj_calendar_post(options->calendar, now + who->service, options->phase, event) == 0) {
        return SJ_E_NOMEM;
    }
    servers->n_busy++;
    add_wait(&servers->sums, now - who->arrived, who->service, is_delayed);
    if (options->hook.started != NULL) {
        options->hook.started(options->hook.self, now - who->arrived, who->service, who->tag);
    }
    return SJ_OK;
}

/* The first of the line starts, if there is one. */
static inline sj_status start_next(sj_servers *servers, sj_tick now)
{
    if (servers->n_line == 0) {
        return SJ_OK;
    }
    SJ_TRY(start(servers, now, &servers->line[servers->first], true));
    servers->first = (servers->first + 1) & (servers->ring - 1);
    servers->n_line--;
    return SJ_OK;
}

static inline void note_time(sj_servers *servers, sj_tick now)
{
    SJ_REQUIRE(now >= servers->last);
    servers->last = now;
}

sj_status sj_servers_arrive(sj_servers *servers, sj_tick now, sj_tick service, int64_t tag,
                            sj_arrival *arrival)
{
    person who = {.arrived = now, .service = service, .tag = tag};
    sj_arrival what = SJ_ARRIVAL_TURNED_AWAY;
    size_t room = servers->options.room;
    SJ_REQUIRE(service >= 0);
    note_time(servers, now);
    if (servers->n_busy < servers->options.n_servers) {
        what = SJ_ARRIVAL_SERVED;
        SJ_TRY(start(servers, now, &who, false));
    } else if (room == 0 || servers->n_busy + servers->n_line < room) {
        what = SJ_ARRIVAL_WAITS;
        SJ_TRY(join_line(servers, &who));
    }
    servers->sums.n_arrived++;
    servers->sums.n_turned_away += what == SJ_ARRIVAL_TURNED_AWAY;
    servers->n_entered += what != SJ_ARRIVAL_TURNED_AWAY;
    if (arrival != NULL) {
        *arrival = what;
    }
    return SJ_OK;
}

sj_status sj_servers_complete(sj_servers *servers, sj_tick now)
{
    SJ_REQUIRE(servers->n_busy > 0);
    note_time(servers, now);
    servers->n_busy--;
    servers->n_left++;
    return start_next(servers, now);
}

/* ---- look --------------------------------------------------------------------------------- */

size_t sj_servers_busy(const sj_servers *servers)
{
    return servers->n_busy;
}

size_t sj_servers_line(const sj_servers *servers)
{
    return servers->n_line;
}

sj_waits sj_servers_waits(const sj_servers *servers)
{
    const wait_sums *sums = &servers->sums;
    sj_waits waits = {.n_arrived = sums->n_arrived,
                      .n_turned_away = sums->n_turned_away,
                      .n_started = sums->n_started,
                      .n_delayed = sums->n_delayed};
    if (sums->n_started > 0) {
        double n = (double)sums->n_started;
        waits.mean_wait = (double)sums->wait / n;
        waits.mean_service = (double)sums->service / n;
        double variance = (double)sums->wait_squared / n - waits.mean_wait * waits.mean_wait;
        waits.variance_wait = variance > 0.0 ? variance : 0.0;
    }
    return waits;
}

void sj_servers_reset_waits(sj_servers *servers)
{
    servers->sums = (wait_sums){0};
}

/* ---- verify ------------------------------------------------------------------------------- */

static sj_status verify_line(const sj_servers *servers, sj_err *err)
{
    sj_tick last = INT64_MIN;
    for (size_t i = 0; i < servers->n_line; i++) {
        const person *who = &servers->line[(servers->first + i) & (servers->ring - 1)];
        if (who->arrived < last || who->arrived > servers->last || who->service < 0) {
            return SJ_FAIL(err, SJ_E_INTERNAL, "servers", "the line is out of order at %zu", i);
        }
        last = who->arrived;
    }
    return SJ_OK;
}

sj_status sj_servers_verify(const sj_servers *servers, sj_err *err)
{
    const sj_servers_options *options = &servers->options;
    size_t here = servers->n_busy + servers->n_line;
    if (servers->n_entered != servers->n_left + here) {
        return SJ_FAIL(err, SJ_E_INTERNAL, "servers", "%llu entered, %llu left, but %zu are here",
                       (unsigned long long)servers->n_entered, (unsigned long long)servers->n_left,
                       here);
    }
    if (servers->n_busy > options->n_servers || (options->room > 0 && here > options->room)) {
        return SJ_FAIL(err, SJ_E_INTERNAL, "servers", "%zu in service and %zu in line: no room",
                       servers->n_busy, servers->n_line);
    }
    if (servers->n_line > 0 && servers->n_busy < options->n_servers) {
        return SJ_FAIL(err, SJ_E_INTERNAL, "servers", "a server is idle while %zu wait",
                       servers->n_line);
    }
    if (servers->sums.n_delayed > servers->sums.n_started) {
        return SJ_FAIL(err, SJ_E_INTERNAL, "servers", "more were delayed than started");
    }
    return verify_line(servers, err);
}
