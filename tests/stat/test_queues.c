/**
 * @file test_queues.c
 * @brief Queues in continuous time (calendar, loop, servers, Philox) against theory.
 *
 * M/M/c against Erlang C, M/M/c/c against Erlang B, M/M/1/K, M/G/1 against Pollaczek and
 * Khinchine, two M/M/1 in tandem against Burke and Jackson. Every figure is the mean of R = 30
 * independent replications, each with a warm-up of 30,000 arrivals thrown away; it must lie
 * within the two-sided Student interval at alpha = 0.01 over all 27 figures (0.01 / 27 each,
 * Bonferroni: 4.0 standard errors). Seeds are fixed, so a verdict is one for good. Every test
 * prints, for each figure, the smallest relative error that it finds with power 0.9 (5.3 standard
 * errors): 0.2 to 3 % for probabilities, 1 to 7 % for mean waits (most for M/M/100, rho 0.95).
 * One tick is 1e-6 mean service times of the first server: rounding is far below that.
 * Usage: test_queues [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/loop.h"
#include "engine/servers.h"
#include "num/rng.h"
#include "num/stats.h"
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>

enum {
    R = 30,
    N_FIGURES = 27,
    WARM_UP = 30000, /* arrivals */
    KIND_ARRIVAL = 0,
    KIND_COMPLETION = 1,
    STAGES = 2
};

static const double unit = 1e6; /* ticks a unit of time */
static const double alpha = 0.01 / N_FIGURES;

/* ---- the model ---------------------------------------------------------------------------- */

typedef struct queue queue;

/* What is simulated: arrivals at rate `lambda` pass n_stages stages in a row. */
typedef struct queue_model {
    size_t n_stages, n_servers, room;
    double lambda;
    double mean[STAGES];        /* of service */
    double (*law)(sj_rng *rng); /* of service, with mean 1 */
    double n_arrivals;          /* measured in a replication */
} queue_model;

struct queue {
    const queue_model *model;
    sj_calendar *calendar;
    sj_servers *servers[STAGES];
    sj_rng arrivals, services[STAGES];
    double sojourn; /* in the whole system, summed */
    uint64_t n_left, n_came, n_found_empty;
};

static sj_status enter(queue *q, size_t stage, sj_tick now, int64_t tag)
{
    double service = q->model->mean[stage] * q->model->law(&q->services[stage]);
    return sj_servers_arrive(q->servers[stage], now, (sj_tick)(service * unit), tag, NULL);
}

static bool is_empty(const queue *q)
{
    size_t n = 0;
    for (size_t i = 0; i < q->model->n_stages; i++) {
        n += sj_servers_busy(q->servers[i]);
    }
    return n == 0;
}

static sj_status arrival(void *self, sj_tick now, sj_event event, sj_err *err)
{
    queue *q = self;
    double gap = sj_rng_exponential(&q->arrivals) / q->model->lambda;
    (void)err;
    sj_calendar_post(q->calendar, now + (sj_tick)(gap * unit), 0, event);
    q->n_came++;
    q->n_found_empty += is_empty(q);
    return enter(q, 0, now, now);
}

static sj_status completion(void *self, sj_tick now, sj_event event, sj_err *err)
{
    queue *q = self;
    (void)err;
    SJ_TRY(sj_servers_complete(q->servers[event.index], now));
    if (event.index + 1 < q->model->n_stages) {
        return enter(q, event.index + 1, now, event.data);
    }
    q->sojourn += (double)(now - event.data);
    q->n_left++;
    return SJ_OK;
}

static const sj_event_kind kinds[] = {{"arrival", arrival}, {"completion", completion}};

static void queue_open(queue *q, const queue_model *model, uint64_t seed, uint64_t replication)
{
    sj_rng_key key = sj_rng_key_of(seed, replication);
    *q = (queue){
        .model = model, .calendar = sj_calendar_new(), .arrivals = sj_rng_start(key, 1, 0, 0)};
    for (size_t i = 0; i < model->n_stages; i++) {
        q->services[i] = sj_rng_start(key, 2 + i, 0, 0);
        q->servers[i] = sj_servers_new(&(sj_servers_options){.calendar = q->calendar,
                                                             .kind = KIND_COMPLETION,
                                                             .index = (uint32_t)i,
                                                             .n_servers = model->n_servers,
                                                             .room = model->room});
        assert_non_null(q->servers[i]);
    }
    sj_calendar_post(q->calendar, 0, 0, (sj_event){.kind = KIND_ARRIVAL});
}

static void queue_close(queue *q)
{
    assert_int_equal(sj_calendar_verify(q->calendar, NULL), SJ_OK);
    for (size_t i = 0; i < q->model->n_stages; i++) {
        assert_int_equal(sj_servers_verify(q->servers[i], NULL), SJ_OK);
        sj_servers_free(q->servers[i]);
    }
    sj_calendar_free(q->calendar);
}

/* Warm up, forget, measure. */
static void queue_run(queue *q)
{
    sj_status status;
    sj_loop loop = {.calendar = q->calendar, .kinds = kinds, .n_kinds = 2, .self = q};
    double arrivals[2] = {WARM_UP, WARM_UP + q->model->n_arrivals};
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < q->model->n_stages; k++) {
            sj_servers_reset_waits(q->servers[k]);
        }
        q->sojourn = 0.0;
        q->n_left = q->n_came = q->n_found_empty = 0;
        sj_tick until = (sj_tick)(arrivals[i] / q->model->lambda * unit);
        assert_int_equal(sj_loop_run(&loop, until, 0, &status, NULL), SJ_LOOP_TIME);
        assert_int_equal(status, SJ_OK);
    }
}

/* ---- judgement ---------------------------------------------------------------------------- */

static void expect(const char *what, double theory, const double sample[R])
{
    double mean = 0.0, variance = 0.0;
    sj_mean_variance(sample, R, &mean, &variance);
    double error = sqrt(variance / R);
    double reach = gsl_cdf_tdist_Qinv(alpha / 2.0, R - 1);
    double power = gsl_cdf_tdist_Qinv(0.1, R - 1);
    print_message("%-34s theory %-10.6g seen %-10.6g z %5.2f  finds %.2f %%\n", what, theory, mean,
                  (mean - theory) / error, 100.0 * (reach + power) * error / theory);
    if (!(fabs(mean - theory) <= reach * error)) {
        fail_msg("%s: %g expected, %g +- %g seen", what, theory, mean, error);
    }
}

static double exponential(sj_rng *rng)
{
    return sj_rng_exponential(rng);
}

static double deterministic(sj_rng *rng)
{
    (void)rng;
    return 1.0;
}

/* Gamma with shape 2: squared coefficient of variation 1/2. */
static double gamma_2(sj_rng *rng)
{
    double first = sj_rng_exponential(rng);
    return 0.5 * (first + sj_rng_exponential(rng));
}

/* Lognormal with sigma^2 = log 3: squared coefficient of variation 2. */
static double lognormal(sj_rng *rng)
{
    double sigma = sqrt(log(3.0));
    return exp(sigma * sj_rng_normal(rng) - 0.5 * sigma * sigma);
}

/* Probability that all of c servers are busy and one who comes is turned away; a = offered load. */
static double erlang_b(size_t c, double a)
{
    double b = 1.0;
    for (size_t k = 1; k <= c; k++) {
        b = a * b / ((double)k + a * b);
    }
    return b;
}

static double erlang_c(size_t c, double a)
{
    double b = erlang_b(c, a);
    return b / (1.0 - a / (double)c * (1.0 - b));
}

/* ---- tests -------------------------------------------------------------------------------- */

/* Source: Erlang (1917). Two figures each, and the variance of the wait in M/M/1. */
static void test_erlang_c(void **state)
{
    static const struct {
        size_t c;
        double rho, n;
    } set[] = {{1, 0.5, 2e5}, {1, 0.9, 4e5},  {2, 0.8, 2e5},
               {5, 0.9, 3e5}, {20, 0.8, 2e5}, {100, 0.95, 1.2e6}};
    for (size_t k = 0; k < sizeof set / sizeof set[0]; k++) {
        char name[64];
        double delayed[R], wait[R], variance[R];
        double c = (double)set[k].c, a = set[k].rho * c;
        queue_model model = {.n_stages = 1,
                             .n_servers = set[k].c,
                             .lambda = a,
                             .mean = {1.0},
                             .law = exponential,
                             .n_arrivals = set[k].n};
        for (uint64_t r = 0; r < R; r++) {
            queue q;
            queue_open(&q, &model, 1000 + k, r);
            queue_run(&q);
            sj_waits waits = sj_servers_waits(q.servers[0]);
            delayed[r] = (double)waits.n_delayed / (double)waits.n_started;
            wait[r] = waits.mean_wait / unit;
            variance[r] = waits.variance_wait / unit / unit;
            queue_close(&q);
        }
        snprintf(name, sizeof name, "M/M/%zu rho %g, P(wait > 0)", set[k].c, set[k].rho);
        expect(name, erlang_c(set[k].c, a), delayed);
        snprintf(name, sizeof name, "M/M/%zu rho %g, mean wait", set[k].c, set[k].rho);
        expect(name, erlang_c(set[k].c, a) / (c - a), wait);
        if (k == 0) {
            expect("M/M/1 rho 0.5, variance of the wait", 0.5 * 1.5 / 0.25, variance);
        }
    }
}

static double turned_away(const queue_model *model, uint64_t seed, uint64_t r)
{
    queue q;
    queue_open(&q, model, seed, r);
    queue_run(&q);
    sj_waits waits = sj_servers_waits(q.servers[0]);
    queue_close(&q);
    return (double)waits.n_turned_away / (double)waits.n_arrived;
}

/* Source: Erlang (1917). The law of service makes no difference: once deterministic. */
static void test_erlang_b(void **state)
{
    static const struct {
        size_t c;
        double a;
        double (*law)(sj_rng *rng);
    } set[] = {{1, 1.0, exponential},
               {5, 4.0, exponential},
               {20, 18.0, deterministic},
               {100, 100.0, exponential},
               {10, 9.0, lognormal}};
    for (size_t k = 0; k < sizeof set / sizeof set[0]; k++) {
        char name[64];
        double sample[R];
        queue_model model = {.n_stages = 1,
                             .n_servers = set[k].c,
                             .room = set[k].c,
                             .lambda = set[k].a,
                             .mean = {1.0},
                             .law = set[k].law,
                             .n_arrivals = 2e5};
        for (uint64_t r = 0; r < R; r++) {
            sample[r] = turned_away(&model, 2000 + k, r);
        }
        snprintf(name, sizeof name, "M/G/%zu/%zu load %g, P(full)", set[k].c, set[k].c, set[k].a);
        expect(name, erlang_b(set[k].c, set[k].a), sample);
    }
}

static void test_limited_line(void **state)
{
    double sample[R], rho = 0.8;
    queue_model model = {.n_stages = 1,
                         .n_servers = 1,
                         .room = 5,
                         .lambda = rho,
                         .mean = {1.0},
                         .law = exponential,
                         .n_arrivals = 2e5};
    for (uint64_t r = 0; r < R; r++) {
        sample[r] = turned_away(&model, 3000, r);
    }
    expect("M/M/1/5 rho 0.8, P(full)", (1.0 - rho) * pow(rho, 5) / (1.0 - pow(rho, 6)), sample);
}

/* Source: Pollaczek (1930), Khinchine (1932): lambda E[S^2] / (2 (1 - rho)). */
static void test_pollaczek_khinchine(void **state)
{
    static const struct {
        const char *name;
        double (*law)(sj_rng *rng);
        double cv2;
    } set[] = {{"M/D/1 rho 0.8, mean wait", deterministic, 0.0},
               {"M/M/1 rho 0.8, mean wait", exponential, 1.0},
               {"M/gamma(2)/1 rho 0.8, mean wait", gamma_2, 0.5},
               {"M/lognormal/1 rho 0.8, mean wait", lognormal, 2.0}};
    for (size_t k = 0; k < sizeof set / sizeof set[0]; k++) {
        double sample[R];
        queue_model model = {.n_stages = 1,
                             .n_servers = 1,
                             .lambda = 0.8,
                             .mean = {1.0},
                             .law = set[k].law,
                             .n_arrivals = 3e5};
        for (uint64_t r = 0; r < R; r++) {
            queue q;
            queue_open(&q, &model, 4000 + k, r);
            queue_run(&q);
            sample[r] = sj_servers_waits(q.servers[0]).mean_wait / unit;
            queue_close(&q);
        }
        expect(set[k].name, 0.8 * (1.0 + set[k].cv2) / (2.0 * 0.2), sample);
    }
}

/* What flows out of M/M/1 is Poisson (Burke 1956), so the second is M/M/1 too and the state is a
 * product (Jackson 1957): arrivals find both empty with (1 - rho1)(1 - rho2). */
static void test_tandem(void **state)
{
    double wait[STAGES][R], sojourn[R], empty[R];
    double rho[STAGES] = {0.7, 0.8};
    queue_model model = {.n_stages = STAGES,
                         .n_servers = 1,
                         .lambda = 0.7,
                         .mean = {1.0, 0.8 / 0.7},
                         .law = exponential,
                         .n_arrivals = 3e5};
    for (uint64_t r = 0; r < R; r++) {
        queue q;
        queue_open(&q, &model, 5000, r);
        queue_run(&q);
        for (size_t i = 0; i < STAGES; i++) {
            wait[i][r] = sj_servers_waits(q.servers[i]).mean_wait / unit;
        }
        sojourn[r] = q.sojourn / (double)q.n_left / unit;
        empty[r] = (double)q.n_found_empty / (double)q.n_came;
        queue_close(&q);
    }
    expect("tandem, wait at the first", rho[0] * model.mean[0] / (1.0 - rho[0]), wait[0]);
    expect("tandem, wait at the second", rho[1] * model.mean[1] / (1.0 - rho[1]), wait[1]);
    expect("tandem, time in the system",
           model.mean[0] / (1.0 - rho[0]) + model.mean[1] / (1.0 - rho[1]), sojourn);
    expect("tandem, P(both empty)", (1.0 - rho[0]) * (1.0 - rho[1]), empty);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_erlang_c),     cmocka_unit_test(test_erlang_b),
        cmocka_unit_test(test_limited_line), cmocka_unit_test(test_pollaczek_khinchine),
        cmocka_unit_test(test_tandem),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
