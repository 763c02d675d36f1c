/**
 * @file test_engine_stage_twin.c
 * @brief Stages under long random use, against two slow twins.
 *
 * The first is a flat list of batches: whatever the stage says has left is taken off the list,
 * must be what the discipline allows, and what remains must be the same. Exact.
 * The second serves person by person, with a draw for each, and must agree in law: two-sample
 * chi-square on the whole story of a small stage, alpha = 1e-3 / 4 (one test a discipline), fixed
 * seeds. With 20,000 stories each, a cell of probability 0.05 that is off by 0.015 is found with
 * power 0.9. Usage: test_engine_stage_twin [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/stage.h"
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- twin 1: a flat list ------------------------------------------------------------------ */

typedef struct listed_stage {
    sj_stage *stage;
    sj_discipline discipline;
    sj_batch *list; /* counts may be 0 */
    size_t n, room;
    sj_rng rng;
    sj_day today;
    uint32_t n_owners, spread;
    sj_batches out;
} listed_stage;

static bool is_same(const sj_batch *a, const sj_batch *b)
{
    return a->owner == b->owner && a->priority == b->priority && a->since == b->since &&
           a->joined == b->joined && a->ready == b->ready;
}

static sj_batch *list_find(listed_stage *both, const sj_batch *batch)
{
    for (size_t i = 0; i < both->n; i++) {
        if (is_same(&both->list[i], batch)) {
            return &both->list[i];
        }
    }
    return NULL;
}

static void both_join(listed_stage *both, const sj_batch *batch)
{
    sj_batch *old = list_find(both, batch);
    assert_int_equal(sj_stage_join(both->stage, batch), SJ_OK);
    if (old != NULL) {
        old->count += batch->count;
        return;
    }
    assert_true(both->n < both->room);
    both->list[both->n++] = *batch;
}

static sj_batch draw_batch(listed_stage *both)
{
    sj_rng *rng = &both->rng;
    sj_batch batch = {.owner = (uint32_t)sj_rng_below(rng, both->n_owners) * both->spread,
                      .priority = (int32_t)sj_rng_below(rng, 3) - 1,
                      .count = (int64_t)sj_rng_below(rng, 12)};
    batch.joined = both->today - (sj_day)sj_rng_below(rng, sj_rng_below(rng, 3) == 0 ? 30 : 2);
    batch.since = batch.joined - (sj_day)sj_rng_below(rng, 3);
    batch.ready = batch.joined + (sj_day)(sj_rng_below(rng, 4) == 0 ? sj_rng_below(rng, 40) : 1);
    return batch;
}

/* Drop what has nobody any more. */
static void list_tidy(listed_stage *both)
{
    size_t kept = 0;
    for (size_t i = 0; i < both->n; i++) {
        if (both->list[i].count > 0) {
            both->list[kept++] = both->list[i];
        }
    }
    both->n = kept;
}

static int64_t list_total(const listed_stage *both, const uint32_t *owner, bool is_ready_only)
{
    int64_t sum = 0;
    for (size_t i = 0; i < both->n; i++) {
        const sj_batch *batch = &both->list[i];
        if ((owner == NULL || batch->owner == *owner) &&
            (!is_ready_only || batch->ready <= both->today)) {
            sum += batch->count;
        }
    }
    return sum;
}

/* Take what the stage gave out off the list; its sum. */
static int64_t list_subtract(listed_stage *both)
{
    int64_t sum = 0;
    for (size_t i = 0; i < both->out.n; i++) {
        sj_batch *batch = list_find(both, &both->out.at[i]);
        assert_non_null(batch);
        assert_true(both->out.at[i].count > 0 && both->out.at[i].count <= batch->count);
        batch->count -= both->out.at[i].count;
        sum += both->out.at[i].count;
    }
    list_tidy(both);
    return sum;
}

/* < 0 if a is served before b, 0 if they are equals. */
static int rank(sj_discipline discipline, const sj_batch *a, const sj_batch *b)
{
    int by_day = (a->joined > b->joined) - (a->joined < b->joined);
    int by_class = (a->priority > b->priority) - (a->priority < b->priority);
    switch (discipline) {
    case SJ_DISCIPLINE_FIFO:
        return by_day;
    case SJ_DISCIPLINE_LIFO:
        return -by_day;
    case SJ_DISCIPLINE_PRIORITY:
        return by_class != 0 ? by_class : by_day;
    case SJ_DISCIPLINE_RANDOM:
        break;
    }
    return 0;
}

/* Written in order of service, then of owner; and nobody who is ready comes before the last. */
static void check_order(const listed_stage *both)
{
    const sj_batches *out = &both->out;
    for (size_t i = 0; i < out->n; i++) {
        assert_true(out->at[i].ready <= both->today);
        if (i > 0) {
            int order = rank(both->discipline, &out->at[i - 1], &out->at[i]);
            assert_true(order < 0 || (order == 0 && out->at[i - 1].owner <= out->at[i].owner));
        }
    }
    for (size_t i = 0; i < both->n && out->n > 0; i++) {
        if (both->list[i].ready <= both->today) {
            assert_true(rank(both->discipline, &out->at[out->n - 1], &both->list[i]) <= 0);
        }
    }
}

static void both_serve(listed_stage *both)
{
    int64_t slots = (int64_t)sj_rng_below(&both->rng, 120);
    int64_t ready = list_total(both, NULL, true);
    assert_int_equal(sj_stage_serve(both->stage, &both->rng, both->today, slots, &both->out),
                     SJ_OK);
    assert_int_equal(list_subtract(both), slots < ready ? slots : ready);
    check_order(both);
}

static void both_take(listed_stage *both)
{
    uint32_t owner = (uint32_t)sj_rng_below(&both->rng, both->n_owners) * both->spread;
    int64_t here = list_total(both, &owner, false);
    assert_int_equal(sj_stage_length_of(both->stage, owner), here);
    int64_t m = (int64_t)sj_rng_below(&both->rng, (uint64_t)here + 1);
    assert_int_equal(sj_stage_take(both->stage, &both->rng, owner, m, &both->out), SJ_OK);
    assert_int_equal(list_subtract(both), m);
    for (size_t i = 0; i < both->out.n && sj_rng_below(&both->rng, 2) == 0; i++) {
        sj_batch back = both->out.at[i]; /* they move to another stratum and keep their case */
        back.owner = (uint32_t)sj_rng_below(&both->rng, both->n_owners) * both->spread;
        both_join(both, &back);
    }
}

static void both_thin(listed_stage *both)
{
    assert_int_equal(sj_stage_thin(both->stage, &both->rng, 0.02, &both->out), SJ_OK);
    list_subtract(both);
}

static void check_same(listed_stage *both)
{
    size_t n_owners = 0, n_seen = 0;
    sj_err err = {0};
    if (sj_stage_verify(both->stage, &err) != SJ_OK) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(sj_stage_length(both->stage), list_total(both, NULL, false));
    const uint32_t *owners = sj_stage_owners(both->stage, &n_owners);
    for (size_t i = 0; i < n_owners; i++) {
        size_t n = 0;
        const sj_batch *batches = sj_stage_batches(both->stage, owners[i], &n);
        assert_true(n > 0 && (i == 0 || owners[i - 1] < owners[i]));
        for (size_t k = 0; k < n; k++) {
            const sj_batch *listed = list_find(both, &batches[k]);
            assert_non_null(listed);
            assert_int_equal(listed->count, batches[k].count);
        }
        n_seen += n;
    }
    list_tidy(both);
    assert_int_equal(n_seen, both->n);
}

static void check_ages(const listed_stage *both)
{
    enum { DAYS = 20 };
    int64_t ages[DAYS] = {0}, expected[DAYS] = {0};
    sj_stage_ages(both->stage, both->today, DAYS, ages);
    for (size_t i = 0; i < both->n; i++) {
        int age = both->today - both->list[i].joined;
        expected[age < DAYS ? age : DAYS - 1] += both->list[i].count;
    }
    assert_memory_equal(ages, expected, sizeof ages);
}

static void both_use(listed_stage *both, size_t n_days)
{
    for (size_t day = 0; day < n_days; day++, both->today++) {
        size_t n_join = sj_rng_below(&both->rng, day % 50 < 25 ? 30 : 10);
        for (size_t i = 0; i < n_join; i++) {
            sj_batch batch = draw_batch(both);
            both_join(both, &batch);
        }
        both_serve(both);
        for (size_t i = sj_rng_below(&both->rng, 6); i > 0; i--) {
            both_take(both);
        }
        if (sj_rng_below(&both->rng, 20) == 0) {
            both_thin(both);
        }
        check_same(both);
        check_ages(both);
    }
}

static void test_same_as_list(void **state)
{
    static const struct {
        uint32_t n_owners, spread;
    } worlds[] = {{3, 1}, {40, 3}, {300, 50021}};
    for (size_t k = 0; k < 12; k++) {
        listed_stage both = {.discipline = (sj_discipline)(k % 4),
                             .n_owners = worlds[k / 4].n_owners,
                             .spread = worlds[k / 4].spread,
                             .room = 20000,
                             .today = -200,
                             .rng = sj_rng_start(sj_rng_key_of(31, k), 5, 0, 0)};
        both.stage = sj_stage_new(both.discipline);
        both.list = calloc(both.room, sizeof *both.list);
        both_use(&both, 400);
        sj_batches_clear(&both.out);
        free(both.list);
        sj_stage_free(both.stage);
    }
}

/* Person resolution: many owners of one person each, joining in no order. */
static void test_many_owners(void **state)
{
    enum { N = 200000, DAYS = 20 };
    sj_rng rng = sj_rng_start(sj_rng_key_of(3, 0), 1, 0, 0);
    sj_batches served = {0};
    int64_t n_served = 0;
    sj_stage *stage = sj_stage_new(SJ_DISCIPLINE_FIFO);
    for (uint32_t i = 0; i < N; i++) {
        uint32_t owner = (uint32_t)((uint64_t)i * 123457 % N);
        sj_day joined = (sj_day)(owner % 4);
        sj_batch batch = {owner, 0, joined, joined, joined, 1};
        assert_int_equal(sj_stage_join(stage, &batch), SJ_OK);
    }
    for (sj_day day = 10; day < 10 + DAYS; day++) {
        assert_int_equal(sj_stage_serve(stage, &rng, day, 3000, &served), SJ_OK);
        n_served += (int64_t)served.n;
        for (uint32_t i = 0; i < 1000; i++) {
            uint32_t owner = (uint32_t)sj_rng_below(&rng, N);
            int64_t m = sj_stage_length_of(stage, owner);
            assert_int_equal(sj_stage_take(stage, &rng, owner, m, &served), SJ_OK);
            n_served += m;
        }
    }
    assert_int_equal(sj_stage_length(stage), N - n_served);
    assert_int_equal(sj_stage_verify(stage, NULL), SJ_OK);
    sj_batches_clear(&served);
    sj_stage_free(stage);
}

/* ---- twin 2: person by person, in law ------------------------------------------------------- */

enum { PEOPLE = 32, OWNERS = 2, STORIES = 20000, KINDS = 1 << 14 };

static const double alpha = 1e-3 / 4;

typedef struct people {
    sj_batch who[PEOPLE]; /* count is 1 each */
    size_t n;
    sj_discipline discipline;
} people;

/* One of the people who may come next, each equally likely; PEOPLE if there is none. */
static size_t crowd_next(const people *crowd, sj_rng *rng, sj_day today)
{
    size_t found = PEOPLE;
    uint64_t n_equal = 0;
    for (size_t i = 0; i < crowd->n; i++) {
        const sj_batch *who = &crowd->who[i];
        if (who->ready > today) {
            continue;
        }
        int order = found == PEOPLE ? -1 : rank(crowd->discipline, who, &crowd->who[found]);
        n_equal = order < 0 ? 1 : n_equal + (order == 0);
        if (order < 0 || (order == 0 && sj_rng_below(rng, n_equal) == 0)) {
            found = i;
        }
    }
    return found;
}

static void crowd_remove(people *crowd, size_t i)
{
    crowd->who[i] = crowd->who[--crowd->n];
}

/* What one small stage goes through; either twin plays it. `served` counts people of owner 0,
 * `old` those of an application before day 0. */
typedef struct actor {
    void *self;
    void (*join)(void *self, sj_batch batch);
    void (*serve)(void *self, sj_rng *rng, sj_day today, int64_t slots, int64_t *served,
                  int64_t *old);
    void (*take)(void *self, sj_rng *rng, int64_t m);
    int64_t (*length)(void *self);
} actor;

static sj_batch batch_of(uint32_t owner, int32_t priority, sj_day since, sj_day joined,
                         sj_day ready, int64_t count)
{
    return (sj_batch){owner, priority, since, joined, ready, count};
}

/* The story in one number: who was served on three days, and who is left. */
static size_t story(const actor *play, sj_rng *rng)
{
    int64_t served[3] = {0}, old[3] = {0};
    play->join(play->self, batch_of(0, 0, -3, 0, 0, 3));
    play->join(play->self, batch_of(0, 1, 0, 0, 0, 2));
    play->join(play->self, batch_of(1, 0, 0, 0, 0, 4));
    play->join(play->self, batch_of(0, 0, -1, 1, 3, 2));
    play->join(play->self, batch_of(1, 1, 1, 1, 1, 3));
    play->serve(play->self, rng, 1, 5, &served[0], &old[0]);
    play->join(play->self, batch_of(0, 0, -2, 1, 2, served[0])); /* all fail to come */
    play->take(play->self, rng, play->length(play->self) / 2);
    play->serve(play->self, rng, 2, 3, &served[1], &old[1]);
    play->serve(play->self, rng, 3, 2, &served[2], &old[2]);
    size_t kind = 0;
    for (size_t i = 0; i < 3; i++) {
        kind = kind * 6 + (size_t)served[i];
        kind = kind * (i == 0 ? 4 : 3) + (size_t)(old[i] < 3 ? old[i] : i == 0 ? 3 : 2);
    }
    return kind % KINDS;
}

static void crowd_join(void *self, sj_batch batch)
{
    people *crowd = self;
    for (int64_t k = 0; k < batch.count; k++) {
        crowd->who[crowd->n] = batch;
        crowd->who[crowd->n++].count = 1;
    }
}

static void crowd_serve(void *self, sj_rng *rng, sj_day today, int64_t slots, int64_t *served,
                        int64_t *old)
{
    people *crowd = self;
    for (int64_t k = 0; k < slots; k++) {
        size_t i = crowd_next(crowd, rng, today);
        if (i == PEOPLE) {
            return;
        }
        *served += crowd->who[i].owner == 0;
        *old += crowd->who[i].since < 0;
        crowd_remove(crowd, i);
    }
}

static int64_t crowd_length(void *self)
{
    people *crowd = self;
    int64_t n = 0;
    for (size_t i = 0; i < crowd->n; i++) {
        n += crowd->who[i].owner == 0;
    }
    return n;
}

static void crowd_take(void *self, sj_rng *rng, int64_t m)
{
    people *crowd = self;
    while (m > 0) {
        size_t i = sj_rng_below(rng, crowd->n); /* by rejection: one of owner 0 */
        if (crowd->who[i].owner == 0) {
            crowd_remove(crowd, i);
            m--;
        }
    }
}

static void stage_join(void *self, sj_batch batch)
{
    assert_int_equal(sj_stage_join(self, &batch), SJ_OK);
}

static void stage_serve(void *self, sj_rng *rng, sj_day today, int64_t slots, int64_t *served,
                        int64_t *old)
{
    sj_batches out = {0};
    assert_int_equal(sj_stage_serve(self, rng, today, slots, &out), SJ_OK);
    for (size_t i = 0; i < out.n; i++) {
        *served += out.at[i].owner == 0 ? out.at[i].count : 0;
        *old += out.at[i].since < 0 ? out.at[i].count : 0;
    }
    sj_batches_clear(&out);
}

static void stage_take(void *self, sj_rng *rng, int64_t m)
{
    sj_batches out = {0};
    assert_int_equal(sj_stage_take(self, rng, 0, m, &out), SJ_OK);
    sj_batches_clear(&out);
}

static int64_t stage_length(void *self)
{
    return sj_stage_length_of(self, 0);
}

/* p-value that both samples come from one law; rare kinds are pooled. */
static double p_same(const int64_t a[], const int64_t b[], size_t n)
{
    double chi = 0.0, rest_a = 0.0, rest_b = 0.0;
    int df = -1;
    for (size_t i = 0; i < n; i++) {
        double sum = (double)(a[i] + b[i]);
        if (sum < 20.0) {
            rest_a += (double)a[i];
            rest_b += (double)b[i];
        } else {
            chi += pow((double)(a[i] - b[i]), 2) / sum;
            df++;
        }
    }
    if (rest_a + rest_b >= 20.0) {
        chi += pow(rest_a - rest_b, 2) / (rest_a + rest_b);
        df++;
    }
    assert_true(df > 5);
    return gsl_cdf_chisq_Q(chi, df);
}

static void test_same_law_as_persons(void **state)
{
    for (int d = SJ_DISCIPLINE_FIFO; d <= SJ_DISCIPLINE_RANDOM; d++) {
        int64_t *seen = calloc(2 * KINDS, sizeof *seen);
        for (uint32_t r = 0; r < STORIES; r++) {
            sj_rng rng = sj_rng_start(sj_rng_key_of(8, (uint64_t)d), 1, r, 0);
            sj_rng other = sj_rng_start(sj_rng_key_of(8, (uint64_t)d), 2, r, 0);
            people crowd = {.discipline = (sj_discipline)d};
            sj_stage *stage = sj_stage_new((sj_discipline)d);
            actor plays[2] = {{stage, stage_join, stage_serve, stage_take, stage_length},
                              {&crowd, crowd_join, crowd_serve, crowd_take, crowd_length}};
            seen[story(&plays[0], &rng)]++;
            seen[KINDS + story(&plays[1], &other)]++;
            sj_stage_free(stage);
        }
        assert_true(p_same(seen, seen + KINDS, KINDS) > alpha);
        free(seen);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_as_list),
        cmocka_unit_test(test_many_owners),
        cmocka_unit_test(test_same_law_as_persons),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
