/* One replication of the shipped worlds on one core: CPU time by process, people ten-fold, and
 * cohort against person resolution. Run from the root of the tree; figures in docs/performance.md.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/sim.h"

enum { ROUNDS = 5 };

static double cpu_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static sj_world *load(const char *path, const char *const set[], size_t n_set)
{
    sj_problems problems = {0};
    sj_load_options options = {.set = set, .n_set = n_set};
    sj_world *world = NULL;
    if (sj_world_load(&world, path, &options, &problems) != SJ_OK) {
        fprintf(stderr, "cannot load %s: %s\n", path, problems.n > 0 ? problems.at[0].text : "");
        exit(1);
    }
    sj_problems_clear(&problems);
    return world;
}

/* CPU seconds of one replication; by process where `by` is not NULL. */
static double run_once(const sj_world *world, uint64_t replication, double by[])
{
    sj_sim *sim = NULL;
    sj_err err = {0};
    bool done = false;
    sj_sim_options options = {.seed = 1, .replication = replication, .fixed = true};
    double start = cpu_seconds();
    if (sj_sim_new(&sim, world, &options, NULL, &err) != SJ_OK) {
        fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
    if (by != NULL) {
        sj_sim_time_processes(sim);
    }
    if (sj_sim_run(sim, world->n_days, 0, &done, &err) != SJ_OK) {
        fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
    for (int k = 0; by != NULL && k < sj_n_process_kinds; k++) {
        by[k] = sj_sim_process_seconds(sim, k);
    }
    double seconds = cpu_seconds() - start;
    sj_sim_free(sim);
    return seconds;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double x[], int n)
{
    qsort(x, (size_t)n, sizeof *x, compare);
    return x[n / 2];
}

static double time_world(const char *path, const char *const set[], size_t n_set, int rounds)
{
    sj_world *world = load(path, set, n_set);
    double seconds[ROUNDS];
    for (int i = 0; i < rounds; i++) {
        seconds[i] = run_once(world, (uint64_t)i, NULL);
    }
    sj_world_free(world);
    return median(seconds, rounds);
}

static void show_processes(const char *path)
{
    sj_world *world = load(path, NULL, 0);
    double by[64] = {0};
    double seconds = run_once(world, 0, by);
    printf("%s: %.2f s a replication, with a clock call around every review\n", path, seconds);
    for (int k = 0; k < sj_n_process_kinds; k++) {
        printf("  %-20s %7.3f s\n", sj_process_kinds[k]->name, by[k]);
    }
    sj_world_free(world);
}

int main(void)
{
    static const char *const worlds[] = {"scenarios/small/two-hosts.json",
                                         "scenarios/funnel/colombia.json",
                                         "scenarios/andes/andes.json"};
    static const char two_hosts[] = "scenarios/small/two-hosts.json";
    static const char *const tenfold[] = {
        "/places/ori/population=100000000",
        "/places/nea/population=200000000",
        "/places/nea-port/population=10000000",
        "/places/far/population=400000000",
        "/stocks/ori/nea=3000000",
        "/stocks/ori/far=200000",
        "/posts/port-post/slots_per_day=600",
        "/programmes/far-asylum/stages/first/officers=300",
        "/programmes/far-asylum/stages/appeal/officers=80",
        "/programmes/far-asylum/backlog={\"ori\": 50000}",
        "/programmes/nea-permit/stages/biometrics/slots_per_day=14000",
        "/programmes/nea-permit/stages/vetting/slots_per_day=7000",
        "/services/port-shelter/capacity=9000",
        "/services/nea-labour/capacity=4000000",
        "/services/nea-labour/host_use=2000000"};
    static const char *const cohort[] = {"/time/end=\"2022-06-30\""};
    static const char *const person[] = {"/time/end=\"2022-06-30\"", "/run/resolution=\"person\""};

    for (size_t i = 0; i < sizeof worlds / sizeof worlds[0]; i++) {
        show_processes(worlds[i]);
    }
    double one = time_world(two_hosts, NULL, 0, ROUNDS);
    double ten = time_world(two_hosts, tenfold, sizeof tenfold / sizeof tenfold[0], ROUNDS);
    printf("two-hosts, median of %d: %.3f s; ten times the people %.3f s: ratio %.2f\n", ROUNDS,
           one, ten, ten / one);
    double c = time_world(two_hosts, cohort, 1, ROUNDS), p = time_world(two_hosts, person, 2, 1);
    printf("two-hosts to 30 June 2022: cohort %.3f s, person %.2f s: ratio %.0f\n", c, p, p / c);
    return 0;
}
