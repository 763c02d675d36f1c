/* sojourn run FILE: replications over threads, tables into a folder, the numbers that matter. */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "cli/progress.h"
#include "study/table.h"

static const sj_option options[] = {
    SJ_LOAD_OPTIONS,
    {"--reps", "-n", true, "replications (default: the scenario's, 20)"},
    {"--seed", NULL, true, "seed of all chance"},
    {"--threads", "-j", true, "threads (default 1); the results do not depend on it"},
    {"--output", "-o", true, "folder of the results (default results/ID)"},
    {"--until", NULL, true, "last day of the run, YYYY-MM-DD"},
    {"--fixed", NULL, false, "keep every uncertain value at its centre"},
    {"--force", NULL, false, "write into a folder that exists"},
    {"--dry-run", NULL, false, "load and tell what would be run, but run nothing"},
    {"--self-check", NULL, false, "check every identity after every day"},
    {"--time", NULL, false, "tell the CPU time of each process"},
    {"--quiet", "-q", false, "no progress and no closing table"}};
enum { N_OPTIONS = sizeof options / sizeof options[0] };

/* The only writable file-scope variable: a signal handler has no other way to say stop. */
static volatile sig_atomic_t stop_asked;
static volatile int stop_flag;

static void ask_to_stop(int signal_number)
{
    (void)signal_number;
    stop_asked = 1;
    stop_flag = 1;
}

static bool exists(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0;
}

/* The folder of the results, made before the run: what cannot be written is told at once, and two
 * runs at the same time do not take the same one. */
typedef struct folder {
    char *path; /* owns */
    bool is_new, parent_is_new;
} folder;

/* results/ID, results/ID-2, ...: the first that can be made. */
static sj_status make_free_folder(folder *f, const char *id, sj_err *err)
{
    char path[400];
    f->parent_is_new = !exists("results");
    SJ_TRY(sj_dir_make("results", err));
    for (int i = 1; i < 100000; i++) {
        if (i == 1) {
            (void)snprintf(path, sizeof path, "results/%.300s", id);
        } else {
            (void)snprintf(path, sizeof path, "results/%.300s-%d", id, i);
        }
        if (mkdir(path, 0777) == 0) {
            f->is_new = true;
            f->path = sj_strdup(path);
            return f->path != NULL ? SJ_OK : SJ_FAIL(err, SJ_E_NOMEM, "", "out of memory");
        }
        if (errno != EEXIST) {
            break;
        }
    }
    return SJ_FAIL(err, SJ_E_IO, "", "cannot make the folder %s: %s", path, strerror(errno));
}

static sj_status make_folder(folder *f, const sj_world *world, const sj_args *args, sj_err *err)
{
    const char *asked = sj_args_value(args, "--output");
    if (asked == NULL) {
        return make_free_folder(f, world->spec.id, err);
    }
    f->path = sj_strdup(asked);
    if (f->path == NULL) {
        return SJ_FAIL(err, SJ_E_NOMEM, "", "out of memory");
    }
    f->is_new = !exists(asked);
    if (!f->is_new && sj_args_value(args, "--force") == NULL) {
        return SJ_FAIL(err, SJ_E_EXISTS, "", "%s exists: choose another folder, or --force", asked);
    }
    return sj_dir_make(asked, err);
}

/* A folder of ours goes again, as far as nothing was written. */
static void drop_folder(const folder *f)
{
    if (f->is_new && f->path != NULL) {
        (void)rmdir(f->path);
    }
    if (f->parent_is_new) {
        (void)rmdir("results");
    }
}

/* ---- the closing table ---- */

typedef struct number {
    sj_metric metric;
    const char *what;
} number;

static const number numbers_that_matter[] = {
    {SJ_FOREIGN, "foreign residents at the end"}, {SJ_DEPARTURES, "departures from home"},
    {SJ_GRANTED_TOTAL, "cases granted"},          {SJ_REGULAR_SHARE, "share with a regular status"},
    {SJ_EMPLOYMENT, "share of adults with work"}, {SJ_DEATHS, "deaths on the way"},
    {SJ_OVERLOAD, "overload, person-days"},       {SJ_SPENT, "USD spent"}};

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool is_country(const sj_world *w, const char *id)
{
    return sj_world_country(w, id) != SJ_NO_REF;
}

static bool is_shown(const sj_world *w, const sj_series_key *key, const number *n)
{
    if (key->metric != n->metric || strcmp(key->nationality, "ALL") != 0) {
        return false;
    }
    switch (key->metric) {
    case SJ_DEATHS:
        return strcmp(key->place, "links") == 0;
    case SJ_OVERLOAD:
    case SJ_SPENT:
    case SJ_DEPARTURES:
        return strcmp(key->place, "ALL") == 0;
    case SJ_GRANTED_TOTAL:
        return true;
    default:
        return strcmp(key->item, "ALL") == 0 && is_country(w, key->place);
    }
}

static const char *place_name(const sj_world *w, const char *id)
{
    for (size_t i = 0; i < w->spec.places.n; i++) {
        if (strcmp(w->spec.places.at[i].item.id, id) == 0 && w->spec.places.at[i].name != NULL) {
            return w->spec.places.at[i].name;
        }
    }
    return id;
}

static void with_separators(double x, char out[40])
{
    char plain[32];
    (void)snprintf(plain, sizeof plain, fabs(x) >= 100 || x == floor(x) ? "%.0f" : "%.3g", x);
    size_t digits = strspn(plain + (plain[0] == '-'), "0123456789");
    size_t n = 0, lead = plain[0] == '-';
    for (size_t i = 0; plain[i] != '\0' && n < 38; i++) {
        out[n++] = plain[i];
        size_t left = i >= lead && i < lead + digits ? lead + digits - i - 1 : 0;
        if (left > 0 && left % 3 == 0 && plain[i] != '-') {
            out[n++] = ',';
        }
    }
    out[n] = '\0';
}

static void show_row(const sj_replications *all, size_t row, const char *what, double *sample)
{
    const sj_recorder *first = NULL;
    int n = 0;
    double sum = 0;
    for (int i = 0; i < all->n_main; i++) {
        if (all->at[i].status == SJ_OK) {
            first = first == NULL ? all->at[i].recorder : first;
            double x = sj_reduce(all->at[i].recorder, row);
            if (isfinite(x)) {
                sample[n++] = x;
                sum += x;
            }
        }
    }
    if (n == 0 || (sum == 0 && sample[0] == 0)) {
        return;
    }
    qsort(sample, (size_t)n, sizeof(double), compare_doubles);
    const sj_series_key *key = &first->keys.at[row];
    char mean[40], low[40], high[40], label[160];
    with_separators(sum / n, mean);
    with_separators(sample[0], low);
    with_separators(sample[n - 1], high);
    bool place = strcmp(key->place, "ALL") != 0 && strcmp(key->place, "links") != 0;
    bool item = strcmp(key->item, "ALL") != 0;
    (void)snprintf(label, sizeof label, "%s%s%.60s%s%.60s", what, place || item ? ": " : "",
                   place ? place_name(all->world, key->place) : "", place && item ? ", " : "",
                   item ? key->item : "");
    (void)fprintf(stderr, "%-62s %14s %14s %14s\n", label, mean, low, high);
}

static void show_numbers(const sj_replications *all)
{
    const sj_recorder *first = NULL;
    for (int i = 0; i < all->n_main && first == NULL; i++) {
        first = all->at[i].status == SJ_OK ? all->at[i].recorder : NULL;
    }
    double *sample = sj_calloc((size_t)all->n_main, sizeof *sample);
    if (first == NULL || sample == NULL) {
        free(sample);
        return;
    }
    (void)fprintf(stderr, "\n%-62s %14s %14s %14s\n", "The numbers that matter", "mean", "lowest",
                  "highest");
    size_t n = sizeof numbers_that_matter / sizeof numbers_that_matter[0];
    for (size_t k = 0; k < n; k++) {
        for (size_t row = 0; row < first->keys.n; row++) {
            if (is_shown(all->world, &first->keys.at[row], &numbers_that_matter[k])) {
                show_row(all, row, numbers_that_matter[k].what, sample);
            }
        }
    }
    free(sample);
}

static void show_times(const sj_replications *all)
{
    double sum = 0;
    int n = 0;
    for (int i = 0; i < all->n_main; i++) {
        n += all->at[i].by_process != NULL;
        sum += all->at[i].seconds;
    }
    if (n == 0) {
        return;
    }
    (void)fprintf(stderr, "\nCPU time a replication: %.3f s\n", sum / all->n_main);
    for (int k = 0; k < sj_n_process_kinds; k++) {
        double of_kind = 0;
        for (int i = 0; i < all->n_main; i++) {
            of_kind += all->at[i].by_process != NULL ? all->at[i].by_process[k] : 0;
        }
        (void)fprintf(stderr, "  %-20s %.4f\n", sj_process_kinds[k]->name, of_kind / n);
    }
}

/* ---- the command ---- */

enum { FAILURES_SHOWN = 5 };

static int show_failures(const sj_replications *all, const char *file)
{
    int failed = 0;
    for (int i = 0; i < all->n_main + all->n_twins; i++) {
        const sj_replication *task = &all->at[i];
        if (task->status != SJ_OK && task->status != SJ_E_INTERRUPTED &&
            failed++ < FAILURES_SHOWN) {
            (void)fprintf(stderr, "replication %d of %s failed:\n", i, file);
            (void)sj_say_placed(all->world, &task->err);
        }
    }
    if (failed > FAILURES_SHOWN) {
        (void)fprintf(stderr, "... and %d more replications\n", failed - FAILURES_SHOWN);
    }
    return failed;
}

static int finish(const sj_replications *all, const folder *f, const sj_args *args,
                  const sj_replicate_options *how, const char *file)
{
    sj_err err = {0};
    int failed = show_failures(all, file);
    if (all->n_done == 0) {
        const sj_error_row *row = sj_error_row_of(all->at[0].status);
        drop_folder(f);
        return stop_flag                                           ? 130
               : failed > 0 && row->exit_status == SJ_EXIT_INVALID ? SJ_EXIT_INVALID
                                                                   : SJ_EXIT_NEGATIVE;
    }
    if (sj_results_write(all, f->path, how, &err) != SJ_OK) {
        drop_folder(f);
        return sj_say_error(&err);
    }
    if (sj_args_value(args, "--quiet") == NULL) {
        const char *title = all->world->spec.title;
        show_numbers(all);
        (void)fprintf(stderr, "\n%d replication%s of \"%s\"\n", all->n_done,
                      all->n_done == 1 ? "" : "s", title != NULL ? title : file);
    }
    show_times(all);
    (void)printf("%s\n", f->path);
    return stop_flag ? 130 : failed > 0 ? SJ_EXIT_NEGATIVE : SJ_EXIT_OK;
}

static void tell_plan(const sj_world *w, const sj_replicate_options *how)
{
    (void)printf("%s: %d days, %d countries, %d leaves, %d peoples, %d channels, %d edges, "
                 "%d stages, %d ops, %d replications, seed %llu\n",
                 w->spec.id, w->n_days, w->n_countries, w->n_leaves, w->n_nations, w->n_channels,
                 w->n_edges, w->n_stages, w->n_ops, how->n, (unsigned long long)how->seed);
}

static int run_world(const sj_world *world, const sj_args *args, long threads, const char *file)
{
    sj_progress progress;
    sj_replicate_options how = {
        .seed = (uint64_t)sj_values_row(world->values, world->spec.run.seed)->base,
        .n = (int)sj_values_row(world->values, world->spec.run.reps)->base,
        .n_threads = (int)threads,
        .fixed = sj_args_value(args, "--fixed") != NULL,
        .self_check = sj_args_value(args, "--self-check") != NULL,
        .time_processes = sj_args_value(args, "--time") != NULL,
        .stop = &stop_flag,
        .self = &progress,
        .progress = sj_progress_show};
    sj_progress_start(&progress, how.n, sj_args_value(args, "--quiet") != NULL);
    if (sj_args_value(args, "--dry-run") != NULL) {
        tell_plan(world, &how);
        return SJ_EXIT_OK;
    }
    int start = sj_try_start(world);
    if (start != SJ_EXIT_OK) {
        return start;
    }
    sj_err err = {0};
    sj_replications all = {0};
    folder f = {0};
    sj_status st = make_folder(&f, world, args, &err);
    if (st == SJ_OK) {
        st = sj_replicate(&all, world, &how, &err);
        sj_progress_end(&progress);
    }
    int exit_status = st == SJ_OK ? finish(&all, &f, args, &how, file) : sj_say_error(&err);
    if (st != SJ_OK) {
        drop_folder(&f);
    }
    sj_replications_clear(&all);
    free(f.path);
    return exit_status;
}

static int run_file(const sj_args *args)
{
    sj_err err = {0};
    long threads = 1, reps = 0, seed = -1;
    char text[3][96];
    const char *more[3];
    size_t n_more = 0;
    sj_status st = sj_args_int(args, "--threads", 1, 1024, 1, &threads, &err);
    if (st == SJ_OK) {
        st = sj_args_int(args, "--reps", 1, 1000000, 0, &reps, &err);
    }
    if (st == SJ_OK) {
        st = sj_args_int(args, "--seed", 0, 9007199254740991, -1, &seed, &err);
    }
    if (st != SJ_OK) {
        return sj_say_error(&err);
    }
    if (reps > 0) {
        (void)snprintf(text[n_more], sizeof text[0], "/run/reps=%ld", reps);
        more[n_more] = text[n_more];
        n_more++;
    }
    if (seed >= 0) {
        (void)snprintf(text[n_more], sizeof text[0], "/run/seed=%ld", seed);
        more[n_more] = text[n_more];
        n_more++;
    }
    const char *until = sj_args_value(args, "--until");
    if (until != NULL) {
        (void)snprintf(text[n_more], sizeof text[0], "/time/end=\"%.60s\"", until);
        more[n_more] = text[n_more];
        n_more++;
    }
    sj_world *world = NULL;
    int exit_status = sj_load_world(&world, args->rest[0], args, more, n_more);
    if (stop_flag) {
        exit_status = 130;
    } else if (exit_status == SJ_EXIT_OK) {
        exit_status = run_world(world, args, threads, args->rest[0]);
    }
    sj_world_free(world);
    return exit_status;
}

int sj_cmd_run(int argc, char **argv)
{
    struct sigaction action = {.sa_handler = ask_to_stop};
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    static const sj_usage usage = {
        .line = "run FILE [options]",
        .doc = "Runs a scenario and writes its tables into a new folder, whose "
               "name goes to standard output.",
        .options = options,
        .n_options = N_OPTIONS,
        .least = 1,
        .most = 1,
        .takes = "run takes one scenario file",
        .run = run_file};
    return sj_usage_run(&usage, argc, argv);
}
