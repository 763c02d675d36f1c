#include "study/replicate.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What the threads share. */
typedef struct crew {
    sj_replications *all;
    const sj_replicate_options *options;
    pthread_mutex_t lock;
    int next, done;
    const sj_recorder *keeper; /* of the keys of all; under the lock */
} crew;

bool sj_world_has_ranges(const sj_world *world)
{
    for (size_t i = 0; i < sj_values_length(world->values); i++) {
        if (sj_values_row(world->values, (sj_val)i)->law != SJ_LAW_FIXED) {
            return true;
        }
    }
    return false;
}

static double cpu_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void keep_times(sj_replication *task, const sj_sim *sim)
{
    task->by_process = sj_numbers_new((size_t)sj_n_process_kinds);
    for (int i = 0; task->by_process != NULL && i < sj_n_process_kinds; i++) {
        task->by_process[i] = sj_sim_process_seconds(sim, i);
    }
}

static sj_status run_one(const crew *c, sj_replication *task, sj_recorder *recorder)
{
    const sj_replicate_options *o = c->options;
    sj_sim_options options = {.seed = o->seed,
                              .replication = task->replication,
                              .draw = task->draw,
                              .fixed = o->fixed,
                              .self_check = o->self_check,
                              .stop = o->stop};
    sj_observer observer = {recorder, sj_recorder_observe};
    sj_sim *sim = NULL;
    bool done = false;
    SJ_TRY(sj_sim_new(&sim, c->all->world, &options, &observer, &task->err));
    if (o->time_processes) {
        sj_sim_time_processes(sim);
    }
    sj_status st = sj_sim_run(sim, c->all->world->n_days, 0, &done, &task->err);
    if (o->time_processes) {
        keep_times(task, sim);
    }
    sj_sim_free(sim);
    return st;
}

static void work_on(crew *c, sj_replication *task)
{
    double start = cpu_seconds();
    sj_recorder *recorder = sj_recorder_new(c->all->world);
    task->status = recorder == NULL ? SJ_FAIL(&task->err, SJ_E_NOMEM, "recorder", "out of memory")
                                    : run_one(c, task, recorder);
    if (task->status == SJ_OK && recorder->failed) {
        task->status = SJ_FAIL(&task->err, SJ_E_NOMEM, "recorder", "out of memory");
    }
    if (task->status == SJ_OK) {
        task->recorder = recorder;
    } else {
        sj_recorder_free(recorder);
    }
    task->seconds = cpu_seconds() - start;
}

/* Keys are the same in all: the first that is done keeps them. */
static void share_keys(crew *c, sj_recorder *recorder)
{
    if (recorder == NULL) {
        return;
    }
    c->keeper = c->keeper == NULL ? recorder : c->keeper;
    sj_recorder_share_keys(recorder, c->keeper);
}

static void *work(void *self)
{
    crew *c = self;
    int total = c->all->n_main + c->all->n_twins;
    for (;;) {
        (void)pthread_mutex_lock(&c->lock);
        int mine = c->next < total && !(c->options->stop && *c->options->stop) ? c->next++ : -1;
        (void)pthread_mutex_unlock(&c->lock);
        if (mine < 0) {
            return NULL;
        }
        work_on(c, &c->all->at[mine]);
        (void)pthread_mutex_lock(&c->lock);
        c->done++;
        share_keys(c, c->all->at[mine].recorder);
        if (c->options->progress != NULL && c->all->at[mine].status == SJ_OK) {
            c->options->progress(c->options->self, c->done, total);
        }
        (void)pthread_mutex_unlock(&c->lock);
    }
}

static sj_status list_tasks(sj_replications *all, const sj_replicate_options *options, sj_err *err)
{
    bool twins = !options->fixed && options->n >= 2 && sj_world_has_ranges(all->world);
    all->n_main = options->n;
    all->n_twins = twins ? (options->n / 4 > 2 ? options->n / 4 : 2) : 0;
    int total = all->n_main + all->n_twins;
    all->at = sj_calloc((size_t)total, sizeof *all->at);
    if (all->at == NULL) {
        return SJ_FAIL(err, SJ_E_NOMEM, "replications", "out of memory");
    }
    for (int i = 0; i < total; i++) {
        int twin = i - all->n_main;
        int draw = twin < 0 ? i : options->n >= 8 ? 4 * twin : twin;
        all->at[i].replication = (uint64_t)i;
        all->at[i].draw = (uint64_t)draw;
        all->at[i].status = SJ_E_INTERRUPTED;
    }
    return SJ_OK;
}

static void run_crew(crew *c, int n_threads)
{
    pthread_t *threads = sj_calloc((size_t)n_threads, sizeof *threads);
    int started = 0;
    while (threads != NULL && started < n_threads - 1 &&
           pthread_create(&threads[started], NULL, work, c) == 0) {
        started++;
    }
    (void)work(c);
    for (int i = 0; i < started; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    free(threads);
}

sj_status sj_replicate(sj_replications *out, const sj_world *world,
                       const sj_replicate_options *options, sj_err *err)
{
    memset(out, 0, sizeof *out);
    out->world = world;
    SJ_TRY(list_tasks(out, options, err));
    crew c = {.all = out, .options = options};
    (void)pthread_mutex_init(&c.lock, NULL);
    run_crew(&c, options->n_threads < 1 ? 1 : options->n_threads);
    (void)pthread_mutex_destroy(&c.lock);
    for (int i = 0; i < out->n_main; i++) {
        out->n_done += out->at[i].status == SJ_OK;
    }
    return SJ_OK;
}

void sj_replications_clear(sj_replications *replications)
{
    for (int i = 0; replications->at != NULL && i < replications->n_main + replications->n_twins;
         i++) {
        sj_recorder_free(replications->at[i].recorder);
        free(replications->at[i].by_process);
    }
    free(replications->at);
    memset(replications, 0, sizeof *replications);
}
