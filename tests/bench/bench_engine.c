/**
 * @file bench_engine.c
 * @brief What the engine costs, against bare loops of the same models written here by hand.
 *
 * Queues: M/M/1 and M/M/100 at rho 0.9, per customer; ours is calendar, loop, servers and Philox,
 * the bare one a heap of its own with xoshiro256++ and doubles. Hold model: N pending, take the
 * first, put it back later; sj_calendar against a bare 4-ary heap with the same 16-byte keys, the
 * root replaced in place, no handles, no payload; the same increments for both. Both sides
 * alternate in one run; medians of CPU time of the thread. Judge the ratios: the machine may be
 * shared. Usage: bench_engine [rounds], default 9.
 */
#include "engine/loop.h"
#include "engine/servers.h"
#include "num/rng.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_ROUNDS = 99, CUSTOMERS = 1000000, HOLDS = 1000000, TABLE = 4096 };

static const double unit = 1e6; /* ticks a mean service time */

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void fail_if(bool is_wrong, const char *what)
{
    if (is_wrong) {
        fprintf(stderr, "bench_engine: %s\n", what);
        exit(1);
    }
}

/* ---- bare: xoshiro256++ (Blackman and Vigna 2019) ------------------------------------------- */

typedef struct xoshiro {
    uint64_t s[4];
} xoshiro;

static inline uint64_t rotate(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

static inline double bare_exponential(xoshiro *x)
{
    uint64_t *s = x->s;
    uint64_t out = rotate(s[0] + s[3], 23) + s[0], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return -log(((double)(out >> 12) + 0.5) * 0x1p-52);
}

/* ---- bare: 4-ary heap, the root replaced in place ----------------------------------------------
 */

__extension__ typedef unsigned __int128 bare_key; /* tick, sequence, index */

typedef struct bare_heap {
    bare_key *at; /* at[3] on a cache line: children of i at 4i + 1 ... 4i + 4 lie in one */
    void *block;
    size_t n;
    uint32_t sequence;
} bare_heap;

static inline bare_key bare_key_of(int64_t time, uint32_t sequence, uint32_t index)
{
    return (bare_key)(uint64_t)time << 64 | (uint64_t)sequence << 24 | index;
}

static bare_heap bare_heap_new(size_t n)
{
    bare_heap heap = {.block = malloc((n + 16) * sizeof(bare_key))};
    fail_if(heap.block == NULL, "out of memory");
    size_t past = (uintptr_t)heap.block % 64;
    heap.at = (bare_key *)(void *)((char *)heap.block + (past == 0 ? 0 : 64 - past)) + 3;
    for (size_t i = 0; i < n + 4; i++) {
        heap.at[i] = ~(bare_key)0;
    }
    return heap;
}

static inline void bare_up(bare_heap *heap, size_t i, bare_key key)
{
    for (; i > 0 && key < heap->at[(i - 1) / 4]; i = (i - 1) / 4) {
        heap->at[i] = heap->at[(i - 1) / 4];
    }
    heap->at[i] = key;
}

static inline void bare_replace_top(bare_heap *heap, bare_key key)
{
    size_t i = 0;
    for (size_t first = 1; first < heap->n; first = 4 * i + 1) {
        const bare_key *k = heap->at + first, *right = k + 2;
        size_t a = k[1] < k[0], b = right[1] < right[0];
        size_t m = a + ((2 + b - a) & (0 - (size_t)(right[b] < k[a])));
        if (key < k[m]) {
            break;
        }
        heap->at[i] = k[m];
        i = first + m;
    }
    heap->at[i] = key;
}

static inline void bare_push(bare_heap *heap, bare_key key)
{
    bare_up(heap, heap->n++, key);
}

static inline void bare_drop_top(bare_heap *heap)
{
    bare_key last = heap->at[--heap->n];
    heap->at[heap->n] = ~(bare_key)0;
    if (heap->n > 0) {
        bare_replace_top(heap, last);
    }
}

/* ---- bare: M/M/c ---------------------------------------------------------------------------- */

typedef struct bare_queue {
    bare_heap heap; /* index 0 = arrival, 1 = completion */
    int64_t *line;  /* ring of ticks of arrival */
    size_t first, n_line, ring;
    size_t n_busy, n_servers;
    double gap, sum, squares;
    uint64_t n_started;
    xoshiro x;
} bare_queue;

/* Key of the completion of who starts now. */
static inline bare_key bare_start(bare_queue *q, int64_t now, int64_t arrived)
{
    double wait = (double)(now - arrived);
    q->n_started++;
    q->sum += wait;
    q->squares += wait * wait;
    return bare_key_of(now + (int64_t)(bare_exponential(&q->x) * unit), q->heap.sequence++, 1);
}

static inline void bare_join(bare_queue *q, int64_t now)
{
    if (q->n_line == q->ring) {
        int64_t *line = malloc(2 * q->ring * sizeof *line);
        fail_if(line == NULL, "out of memory");
        for (size_t i = 0; i < q->n_line; i++) {
            line[i] = q->line[(q->first + i) & (q->ring - 1)];
        }
        free(q->line);
        q->line = line;
        q->first = 0;
        q->ring *= 2;
    }
    q->line[(q->first + q->n_line++) & (q->ring - 1)] = now;
}

static inline void bare_step(bare_queue *q)
{
    bare_key top = q->heap.at[0];
    int64_t now = (int64_t)(uint64_t)(top >> 64);
    if (((uint32_t)top & 1) == 0) {
        int64_t next = now + (int64_t)(bare_exponential(&q->x) * q->gap);
        bare_replace_top(&q->heap, bare_key_of(next, q->heap.sequence++, 0));
        if (q->n_busy < q->n_servers) {
            q->n_busy++;
            bare_push(&q->heap, bare_start(q, now, now));
        } else {
            bare_join(q, now);
        }
    } else if (q->n_line > 0) {
        int64_t arrived = q->line[q->first];
        q->first = (q->first + 1) & (q->ring - 1);
        q->n_line--;
        bare_replace_top(&q->heap, bare_start(q, now, arrived));
    } else {
        q->n_busy--;
        bare_drop_top(&q->heap);
    }
}

/* Mean wait of the customers who started, in mean service times. */
static double bare_run(size_t c, uint64_t seed)
{
    bare_queue q = {.heap = bare_heap_new(c + 1),
                    .n_servers = c,
                    .gap = unit / (0.9 * (double)c),
                    .ring = 1024};
    sj_rng rng = sj_rng_start(sj_rng_key_of(seed, 0), 9, 0, 0);
    for (size_t i = 0; i < 4; i++) {
        q.x.s[i] = sj_rng_next(&rng);
    }
    q.line = malloc(q.ring * sizeof *q.line);
    fail_if(q.line == NULL, "out of memory");
    bare_push(&q.heap, bare_key_of(0, q.heap.sequence++, 0));
    while (q.n_started < CUSTOMERS) {
        bare_step(&q);
    }
    free(q.line);
    free(q.heap.block);
    return q.sum / (double)q.n_started / unit;
}

/* ---- ours: M/M/c ---------------------------------------------------------------------------- */

typedef struct our_queue {
    sj_calendar *calendar;
    sj_servers *servers;
    sj_rng arrivals, services;
    double gap;
} our_queue;

static sj_status arrival(void *self, sj_tick now, sj_event event, sj_err *err)
{
    our_queue *q = self;
    (void)err;
    sj_tick next = now + (sj_tick)(sj_rng_exponential(&q->arrivals) * q->gap);
    if (sj_calendar_post(q->calendar, next, 0, event) == 0) {
        return SJ_E_NOMEM;
    }
    sj_tick service = (sj_tick)(sj_rng_exponential(&q->services) * unit);
    return sj_servers_arrive(q->servers, now, service, now, NULL);
}

static sj_status completion(void *self, sj_tick now, sj_event event, sj_err *err)
{
    (void)event, (void)err;
    return sj_servers_complete(((our_queue *)self)->servers, now);
}

static const sj_event_kind kinds[] = {{"arrival", arrival}, {"completion", completion}};

static double our_run(size_t c, uint64_t seed)
{
    sj_status status = SJ_OK;
    sj_rng_key key = sj_rng_key_of(seed, 0);
    our_queue q = {.calendar = sj_calendar_new(),
                   .arrivals = sj_rng_start(key, 1, 0, 0),
                   .services = sj_rng_start(key, 2, 0, 0),
                   .gap = unit / (0.9 * (double)c)};
    q.servers =
        sj_servers_new(&(sj_servers_options){.calendar = q.calendar, .kind = 1, .n_servers = c});
    fail_if(q.servers == NULL, "out of memory");
    sj_loop loop = {.calendar = q.calendar, .kinds = kinds, .n_kinds = 2, .self = &q};
    sj_calendar_post(q.calendar, 0, 0, (sj_event){0});
    /* two events a customer: run until as many have started as in the bare loop */
    for (uint64_t left = CUSTOMERS; left > 0;) {
        sj_loop_run(&loop, INT64_MAX, left, &status, NULL);
        fail_if(status != SJ_OK, "an event failed");
        uint64_t n = sj_servers_waits(q.servers).n_started;
        left = n < CUSTOMERS ? CUSTOMERS - n : 0;
    }
    double wait = sj_servers_waits(q.servers).mean_wait / unit;
    sj_servers_free(q.servers);
    sj_calendar_free(q.calendar);
    return wait;
}

/* ---- hold model ----------------------------------------------------------------------------- */

static int64_t increments[TABLE];

/* Time of the last event; *ns the CPU time of the holds. */
static int64_t bare_hold(size_t n, double *ns)
{
    bare_heap heap = bare_heap_new(n);
    int64_t now = 0;
    for (size_t i = 0; i < n; i++) {
        bare_push(&heap, bare_key_of(increments[i % TABLE], heap.sequence++, (uint32_t)i));
    }
    double start = now_ns();
    for (size_t i = 0; i < HOLDS; i++) {
        bare_key top = heap.at[0];
        now = (int64_t)(uint64_t)(top >> 64);
        bare_replace_top(&heap, bare_key_of(now + increments[i % TABLE], heap.sequence++,
                                            (uint32_t)top & 0xffffff));
    }
    *ns = (now_ns() - start) / HOLDS;
    free(heap.block);
    return now;
}

static int64_t our_hold(size_t n, double *ns)
{
    sj_calendar *calendar = sj_calendar_new();
    fail_if(calendar == NULL, "out of memory");
    sj_tick now = 0;
    unsigned phase;
    sj_event event;
    for (size_t i = 0; i < n; i++) {
        sj_calendar_post(calendar, increments[i % TABLE], 0, (sj_event){.index = (uint32_t)i});
    }
    double start = now_ns();
    for (size_t i = 0; i < HOLDS; i++) {
        sj_calendar_pop(calendar, &now, &phase, &event);
        sj_calendar_post(calendar, now + increments[i % TABLE], 0, event);
    }
    *ns = (now_ns() - start) / HOLDS;
    sj_calendar_free(calendar);
    return now;
}

/* ---- table ---------------------------------------------------------------------------------- */

static int compare(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static double median(double sample[], int n)
{
    qsort(sample, (size_t)n, sizeof *sample, compare);
    return n % 2 == 1 ? sample[n / 2] : 0.5 * (sample[n / 2 - 1] + sample[n / 2]);
}

static void print_row(const char *name, double ours[], double bare[], double ratio[], int rounds,
                      double goal)
{
    double r = median(ratio, rounds);
    printf("%-28s %9.1f %9.1f %8.2f %8.2f  %s\n", name, median(ours, rounds), median(bare, rounds),
           r, goal, r <= goal ? "reached" : "MISSED");
}

static void bench_queue(size_t c, int rounds, double goal)
{
    char name[64];
    double ours[MAX_ROUNDS], bare[MAX_ROUNDS], ratio[MAX_ROUNDS], wait[2] = {0};
    for (int i = 0; i < rounds; i++) {
        double t0 = now_ns();
        wait[0] += our_run(c, (uint64_t)i) / rounds;
        double t1 = now_ns();
        wait[1] += bare_run(c, (uint64_t)i) / rounds;
        double t2 = now_ns();
        ours[i] = (t1 - t0) / CUSTOMERS;
        bare[i] = (t2 - t1) / CUSTOMERS;
        ratio[i] = ours[i] / bare[i];
    }
    snprintf(name, sizeof name, "M/M/%zu rho 0.9, a customer", c);
    print_row(name, ours, bare, ratio, rounds, goal);
    printf("%-28s %9.3f %9.3f\n", "  mean wait, service times", wait[0], wait[1]);
}

static void bench_hold(size_t n, int rounds, double goal)
{
    char name[64];
    double ours[MAX_ROUNDS], bare[MAX_ROUNDS], ratio[MAX_ROUNDS];
    for (int i = 0; i < rounds; i++) {
        int64_t last = our_hold(n, &ours[i]);
        fail_if(last != bare_hold(n, &bare[i]), "the orders differ");
        ratio[i] = ours[i] / bare[i];
    }
    snprintf(name, sizeof name, "hold, %zu pending", n);
    print_row(name, ours, bare, ratio, rounds, goal);
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 9;
    sj_rng rng = sj_rng_start(sj_rng_key_of(1, 0), 1, 0, 0);
    rounds = rounds < 1 ? 1 : rounds > MAX_ROUNDS ? MAX_ROUNDS : rounds;
    for (size_t i = 0; i < TABLE; i++) {
        increments[i] = 1 + (int64_t)(sj_rng_exponential(&rng) * 1e9);
    }
    printf("%-28s %9s %9s %8s %8s   (ns, medians of %d)\n", "", "ours", "bare", "ratio", "goal",
           rounds);
    bench_queue(1, rounds, 2.5);
    bench_queue(100, rounds, 2.0);
    for (size_t n = 100; n <= 100000; n *= 10) {
        bench_hold(n, rounds, 1.5);
    }
    return 0;
}
