/**
 * @file fuzz_scenario.c
 * @brief libFuzzer target: a changed scenario is loaded, and if it is small it runs for a few days.
 *
 * Half of the changes are those of bytes, half those of a tree: another number, another word of the
 * same file, a value taken out, copied, moved elsewhere. What must hold: a world or a problem;
 * every identity after every day of the run; the same state the second time; no crash, no leak.
 * Paths in the texts are taken beside tests/fixtures/good/. Usage: fuzz_scenario corpus/scenario.
 */
#include <cjson/cJSON.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/recorder.h"
#include "sim/sim.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

enum { RUN_DAYS = 5, MOST_DAYS = 1500, MOST_CELLS = 20000, MOST_BY_PERSON = 20000 };

static void require(int holds, const char *what)
{
    if (!holds) {
        (void)fprintf(stderr, "does not hold: %s\n", what);
        abort();
    }
}

/* ---- changes of a tree ---- */

typedef struct maker {
    uint64_t state;
    cJSON *node[4096]; /* every node but the root */
    size_t n;
} maker;

static size_t below(maker *m, size_t n)
{
    m->state = m->state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(m->state >> 33) % n;
}

static void gather(maker *m, cJSON *node)
{
    for (cJSON *child = node->child; child != NULL; child = child->next) {
        if (m->n < sizeof m->node / sizeof m->node[0]) {
            m->node[m->n++] = child;
            gather(m, child);
        }
    }
}

static cJSON *parent_of(cJSON *root, const cJSON *node)
{
    for (cJSON *child = root->child; child != NULL; child = child->next) {
        cJSON *found = child == node ? root : parent_of(child, node);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

static cJSON *some(maker *m)
{
    return m->node[below(m, m->n)];
}

static void change_number(maker *m, cJSON *node)
{
    static const double numbers[] = {0,    1,      -1,       2,    0.5,  1e-9,
                                     1e9,  100,    365,      1000, 3650, 1e300,
                                     1e15, 1e-300, 0.999999, 7,    30,   4294967296.0};
    double x = node->valuedouble;
    switch (below(m, 4)) {
    case 0:
        x *= below(m, 2) ? 10 : 0.1;
        break;
    case 1:
        x += below(m, 2) ? 1 : -1;
        break;
    default:
        x = numbers[below(m, sizeof numbers / sizeof numbers[0])];
    }
    (void)cJSON_SetNumberHelper(node, x);
}

/* A word of elsewhere: a text or a key, so that references stay references. */
static void change_text(maker *m, cJSON *node)
{
    const cJSON *other = some(m);
    const char *word = cJSON_IsString(other) ? other->valuestring : other->string;
    cJSON *made = word == NULL ? NULL : cJSON_CreateString(word);
    if (made != NULL) {
        char *kept = node->valuestring;
        node->valuestring = made->valuestring;
        made->valuestring = kept;
        cJSON_Delete(made);
    }
}

static void put(cJSON *parent, cJSON *made, const char *key)
{
    bool done = cJSON_IsArray(parent)    ? cJSON_AddItemToArray(parent, made)
                : cJSON_IsObject(parent) ? cJSON_AddItemToObject(parent, key, made)
                                         : false;
    if (!done) {
        cJSON_Delete(made);
    }
}

static void change_tree(maker *m, cJSON *root)
{
    m->n = 0;
    gather(m, root);
    if (m->n == 0) {
        return;
    }
    cJSON *node = some(m), *other = some(m), *parent = parent_of(root, node);
    char key[64];
    (void)snprintf(key, sizeof key, "%.60s", other->string != NULL ? other->string : "x");
    switch (below(m, 8)) {
    case 0:
        cJSON_Delete(cJSON_DetachItemViaPointer(parent, node));
        break;
    case 1:
        put(parent, cJSON_Duplicate(node, true), key); /* the same under a key of elsewhere */
        break;
    case 2:
        put(cJSON_IsObject(other) || cJSON_IsArray(other) ? other : root,
            cJSON_Duplicate(node, true), node->string != NULL ? node->string : key);
        break;
    default:
        if (cJSON_IsNumber(node)) {
            change_number(m, node);
        } else if (cJSON_IsString(node)) {
            change_text(m, node);
        } else if (cJSON_IsBool(node)) {
            node->type = cJSON_IsTrue(node) ? cJSON_False : cJSON_True;
        }
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    static maker m;
    m.state = seed;
    cJSON *root = below(&m, 4) == 0 ? NULL : cJSON_ParseWithLength((const char *)data, size);
    if (root == NULL) {
        return LLVMFuzzerMutate(data, size, max_size);
    }
    for (size_t n = 1 + below(&m, 4); n > 0; n--) {
        change_tree(&m, root);
    }
    char *text = cJSON_PrintUnformatted(root);
    size_t length = text == NULL ? 0 : strlen(text);
    if (length > 0 && length <= max_size) {
        memcpy(data, text, length);
        size = length;
    }
    cJSON_free(text);
    cJSON_Delete(root);
    return size;
}

/* ---- the test ---- */

static bool is_small(const sj_world *w)
{
    double most = w->by_person ? MOST_BY_PERSON : 1e300, people = 0;
    for (int c = 0; c < w->n_countries; c++) {
        people += w->countries[c].population;
    }
    return people <= most && w->n_days <= MOST_DAYS &&
           w->n_edges * w->n_nations * w->n_channels <= MOST_CELLS && w->n_stages <= 50 &&
           w->n_leaves * w->n_nations * w->n_statuses <= MOST_CELLS && w->n_services <= 50;
}

/* The sum of what is recorded and where everybody stands. */
static double state_of(const sj_sim *sim, const sj_recorder *recorder)
{
    double sum = (double)sj_sim_events(sim);
    const sj_ledger *ledger = sj_sim_state(sim)->ledger;
    for (size_t i = 0; i < ledger->n_strata; i++) {
        sum += (double)ledger->strata[i]->n * (double)(i % 97 + 1);
    }
    for (int d = 0; d < recorder->n_dates; d++) {
        for (size_t row = 0; row < recorder->keys.n; row++) {
            double value = sj_recorder_at(recorder, d, row);
            sum += isfinite(value) ? value : 0;
        }
    }
    return sum;
}

static double run(const sj_world *w, bool self_check)
{
    sj_sim_options options = {.seed = 7, .replication = 1, .draw = 1, .self_check = self_check};
    sj_recorder *recorder = sj_recorder_new(w);
    sj_observer observer = {recorder, sj_recorder_observe};
    sj_sim *sim = NULL;
    sj_err err = {0};
    bool done = false;
    double state = -1;
    require(recorder != NULL, "memory lasts");
    sj_status st = sj_sim_new(&sim, w, &options, &observer, &err);
    if (st == SJ_OK) {
        st = sj_sim_run(sim, RUN_DAYS, 0, &done, &err);
        state = st == SJ_OK ? state_of(sim, recorder) : -1;
    }
    if (st != SJ_OK && sj_error_row_of(st)->exit_status != 3) {
        (void)fprintf(stderr, "%s: %s\n", err.where, err.text);
        require(false, "a run ends, or says what is wrong with its scenario");
    }
    sj_sim_free(sim);
    sj_recorder_free(recorder);
    return state;
}

static void check_problems(const sj_problems *problems, bool loaded)
{
    char text[4096];
    require(loaded == (problems->n_errors == 0), "a world or a problem");
    for (size_t i = 0; i < problems->n; i++) {
        require(problems->at[i].text[0] != '\0', "a problem has a text");
        require(problems->at[i].status != SJ_E_NOMEM, "memory lasts");
        require(problems->at[i].status != SJ_E_INTERNAL,
                "a problem of the text is one of the text");
        (void)sj_err_format(&problems->at[i], text, sizeof text);
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    (void)gsl_set_error_handler_off(); /* as the program does */
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sj_problems problems = {0};
    sj_world *world = NULL;
    sj_status st = sj_world_parse(&world, "tests/fixtures/good/fuzz.json", (const char *)data, size,
                                  &problems);
    require((world != NULL) == (st == SJ_OK), "a world where all is well");
    check_problems(&problems, world != NULL);
    if (world != NULL && is_small(world)) {
        double once = run(world, true);
        require(once == run(world, false), "the same state again");
    }
    sj_world_free(world);
    sj_problems_clear(&problems);
    return 0;
}
