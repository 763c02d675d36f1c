/* sojourn need DIR: capacity by month that keeps a metric at or below a level. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "cli/progress.h"
#include "io/format.h"
#include "study/need.h"
#include "study/table.h"

static const sj_option options[] = {
    {"--metric", NULL, true, "utilisation (of a service) or queue_length (of a stage)"},
    {"--place", NULL, true, "place of the service, or country of the programme"},
    {"--item", NULL, true, "sector, or programme/stage"},
    {"--below", NULL, true, "the level that is not to be exceeded"},
    {"--probability", "-p", true, "with which probability, at each record (default 0.9)"},
    {"--check", NULL, false, "run the scenario again with it, and tell what holds"},
    {"--rounds", NULL, true, "checks at most: each asks the run before anew (default 1)"},
    {"--threads", "-j", true, "threads of the check (default 1)"},
    {"--quiet", "-q", false, "no progress, no explanations"}};
enum { N_OPTIONS = sizeof options / sizeof options[0] };

static const char doc[] =
    "Tells the capacity by month that keeps a metric at or below a level with a probability,\n"
    "over the replications of a results folder; writes need.csv and need-policy.json there.\n"
    "\n"
    "utilisation: places = demand / level, of the k-th smallest of n replications, k =\n"
    "  probability x n rounded up; from the record on. Needs `demand` in /record/per_rep; a\n"
    "  probability whose quantile series.csv has will do without.\n"
    "queue_length: officers or slots a day on open days. Each month, given that those before\n"
    "  had theirs, the fewest with which k replications end it at or below the level, by a\n"
    "  recursion in days: people join in equal parts (applications, or passes of the stage\n"
    "  before), are called when their handover is over, no-shows rejoin or are lost, some\n"
    "  leave without service. A rise of officers works after hire_lag_days: those needed\n"
    "  later are hired earlier, and before start + lag nothing can rise: \"not met\". Needs\n"
    "  `queue_length`, `completed` and `applied_total` in /record/per_rep.\n"
    "\n"
    "The probability is that of each record, not of all together. What is not in the answer:\n"
    "feedbacks (a shorter queue or free places attract more people), days between records,\n"
    "chance in service, ranges of no-shows and the like. --check runs the scenario with\n"
    "need-policy.json, same seed and replications, into DIR/need-check, and tells the share\n"
    "of replications that stay at or below the level: it should be about the probability. Where\n"
    "feedbacks are strong it is not; with --rounds the answer is worked out anew from\n"
    "DIR/need-check, where people have answered to the capacity, and checked again.\n"
    "need-policy.json can be given to `run --with`: it sets the value whatever other policies\n"
    "do to it.\n"
    "Exit status 1: the check falls short by more than two standard errors.";

/* ---- what is told ---- */

static void show_rows(const sj_need *need)
{
    (void)printf("%s of %s in %s at most %g, with probability %g at each record: %s\n",
                 need->ask.metric, need->ask.item, need->ask.place, need->ask.below,
                 need->ask.probability, need->unit);
    (void)printf("%-10s  %-10s %12s %12s %12s %8s %8s\n", "from", "record", "there", "needed",
                 "gap", "share", "checked");
    for (size_t i = 0; i < need->rows.n; i++) {
        const sj_need_row *row = &need->rows.at[i];
        char from[SJ_DATE_TEXT], record[SJ_DATE_TEXT], share[2][32] = {"", ""};
        sj_day_format(row->from, from);
        sj_day_format(row->record, record);
        for (int k = 0; k < 2; k++) {
            double x = k == 0 ? row->share : row->checked;
            if (isfinite(x)) {
                (void)snprintf(share[k], sizeof share[k], "%.3g", x);
            }
        }
        (void)printf("%-10s  %-10s %12.6g %12.0f %12.6g %8s %8s%s\n", from, record, row->there,
                     row->needed, row->needed - row->there, share[0], share[1],
                     row->is_met ? "" : "  not met");
    }
}

static void explain(const sj_need *need)
{
    double p = need->ask.probability;
    if (need->n_reps > 0 && need->n_reps * (1 - p) < 1 - 1e-9) {
        (void)fprintf(stderr,
                      "note: of %d replications the largest stands for the quantile %g: more "
                      "replications tell better\n",
                      need->n_reps, p);
    }
    if (need->is_from_bands) {
        (void)fprintf(stderr, "note: from the quantile of series.csv (type 7): reps.csv holds no "
                              "demand\n");
    }
    if (need->has_trigger) {
        (void)fprintf(stderr, "note: a policy with a trigger moves this capacity; \"there\" leaves "
                              "it out\n");
    }
    int unmet = 0;
    for (size_t i = 0; i < need->rows.n; i++) {
        unmet += !need->rows.at[i].is_met;
    }
    if (unmet > 0) {
        (void)fprintf(
            stderr,
            "note: in %d of %zu months no capacity is enough: a hand-over, closed days or "
            "hire_lag_days keep more people waiting; \"needed\" does what can be done\n",
            unmet, need->rows.n);
    }
    if (need->has_fund) {
        (void)fprintf(stderr, "note: places that funds build come on top of what need-policy.json "
                              "sets\n");
    }
    if (need->lag > 0) {
        (void)fprintf(
            stderr,
            "note: a rise of officers works after %d days: need-policy.json hires so much "
            "earlier\n",
            need->lag);
    }
}

/* ---- the check ---- */

static bool was_fixed(const char *folder)
{
    sj_problems problems = {0};
    sj_tree *manifest = NULL;
    char *path = sj_path_join(folder, "manifest.json");
    bool fixed = path != NULL && sj_tree_load(&manifest, path, &problems) == SJ_OK &&
                 cJSON_IsTrue(sj_tree_at(manifest, "/fixed"));
    sj_tree_free(manifest);
    sj_problems_clear(&problems);
    free(path);
    return fixed;
}

/* Loads a folder's scenario; warnings have been said when it was run. */
static int load_world(sj_world **out, const char *folder, const sj_load_options *how)
{
    sj_problems problems = {0};
    char *path = sj_path_join(folder, "scenario.json");
    sj_status st = path == NULL ? SJ_E_NOMEM : sj_world_load(out, path, how, &problems);
    int exit_status = st == SJ_OK ? SJ_EXIT_OK : sj_say_problems(&problems);
    sj_problems_clear(&problems);
    free(path);
    return st != SJ_OK && exit_status == SJ_EXIT_OK ? 5 : exit_status;
}

static sj_status run_again(const sj_world *world, const char *folder, const char *base,
                           const sj_args *args, sj_err *err)
{
    long threads = 1;
    SJ_TRY(sj_args_int(args, "--threads", 1, 1024, 1, &threads, err));
    sj_progress progress;
    sj_replicate_options how = {
        .seed = (uint64_t)sj_values_row(world->values, world->spec.run.seed)->base,
        .n = (int)sj_values_row(world->values, world->spec.run.reps)->base,
        .n_threads = (int)threads,
        .fixed = was_fixed(base),
        .self = &progress,
        .progress = sj_progress_show};
    sj_progress_start(&progress, how.n, sj_args_value(args, "--quiet") != NULL);
    sj_replications all = {0};
    SJ_TRY(sj_dir_make(folder, err));
    sj_status st = sj_replicate(&all, world, &how, err);
    sj_progress_end(&progress);
    if (st == SJ_OK) {
        for (int i = 0; i < all.n_main && st == SJ_OK; i++) {
            st = all.at[i].status;
            *err = st == SJ_OK ? *err : all.at[i].err;
        }
        st = st == SJ_OK ? sj_results_write(&all, folder, &how, err) : st;
    }
    sj_replications_clear(&all);
    return st;
}

typedef struct verdict {
    double all, mean; /* shares of replications, see sj_need_check() */
    double slack;     /* standard error of a share, the records being taken as one */
} verdict;

/* One run with the policy into DIR/need-check. */
static int check_once(sj_need *need, const char *folder, const char *again, const char *policy,
                      const sj_args *args, verdict *v)
{
    static const char set[] = "/record/per_rep=[\"demand\",\"utilisation\",\"queue_length\","
                              "\"applied_total\",\"completed\"]";
    const char *with[] = {policy}, *sets[] = {set};
    sj_load_options how = {.with = with, .n_with = 1, .set = sets, .n_set = 1};
    sj_world *world = NULL;
    sj_err err = {0};
    sj_status st = sj_need_write_policy(need, policy, &err);
    if (st != SJ_OK) {
        return sj_say_error(&err);
    }
    int exit_status = load_world(&world, folder, &how);
    if (exit_status == SJ_EXIT_OK) {
        st = run_again(world, again, folder, args, &err);
        if (st == SJ_OK) {
            st = sj_need_check(need, again, &v->all, &v->mean, &err);
        }
        exit_status = st == SJ_OK ? SJ_EXIT_OK : sj_say_error(&err);
    }
    double p = need->ask.probability;
    v->slack = sqrt(p * (1 - p) / (need->n_reps > 0 ? need->n_reps : 1));
    sj_world_free(world);
    return exit_status;
}

/* The same question to the folder of the check; what was there stays what was there. */
static int ask_again(sj_need *need, const char *again)
{
    sj_need next = {0};
    sj_world *world = NULL;
    sj_err err = {0};
    int exit_status = load_world(&world, again, NULL);
    if (exit_status == SJ_EXIT_OK) {
        sj_status st = sj_need_find(&next, &need->ask, again, world, &err);
        for (size_t i = 0; st == SJ_OK && i < next.rows.n && i < need->rows.n; i++) {
            next.rows.at[i].there = need->rows.at[i].there;
        }
        exit_status = st == SJ_OK ? SJ_EXIT_OK : sj_say_error(&err);
    }
    if (exit_status == SJ_EXIT_OK) {
        sj_need before = *need;
        *need = next;
        next = before;
    }
    sj_need_clear(&next);
    sj_world_free(world);
    return exit_status;
}

static int judge(const sj_need *need, const verdict *v, long round)
{
    (void)printf("checked: at or below the level in %.3g of the replications, mean of the records "
                 "that can be met; at all of these in %.3g\n",
                 v->mean, v->all);
    if (round > 1) {
        (void)printf("after %ld rounds\n", round);
    }
    if (!(v->mean >= need->ask.probability - 2 * v->slack)) {
        (void)fprintf(stderr,
                      "the check falls short of %g: what the capacity brings about is not "
                      "in the answer; try more --rounds\n",
                      need->ask.probability);
        return SJ_EXIT_NEGATIVE;
    }
    return SJ_EXIT_OK;
}

/* Rounds go on while the mean share is more than half a standard error short. */
static int check(sj_need *need, const char *folder, const char *policy, const sj_args *args)
{
    sj_err err = {0};
    long rounds = 1, round = 1;
    verdict v = {NAN, NAN, 0};
    if (sj_args_int(args, "--rounds", 1, 100, 1, &rounds, &err) != SJ_OK) {
        return sj_say_error(&err);
    }
    char *again = sj_path_join(folder, "need-check");
    int exit_status = again == NULL ? 5 : check_once(need, folder, again, policy, args, &v);
    while (exit_status == SJ_EXIT_OK && round < rounds &&
           v.mean < need->ask.probability - v.slack / 2) {
        exit_status = ask_again(need, again);
        if (exit_status == SJ_EXIT_OK) {
            exit_status = check_once(need, folder, again, policy, args, &v);
        }
        round++;
    }
    if (exit_status == SJ_EXIT_OK) {
        show_rows(need);
        exit_status = judge(need, &v, round);
    }
    free(again);
    return exit_status;
}

/* ---- the command ---- */

static sj_status read_ask(sj_need_ask *ask, const sj_args *args, sj_err *err)
{
    static const char *const required[] = {"--metric", "--place", "--item", "--below"};
    for (size_t i = 0; i < sizeof required / sizeof required[0]; i++) {
        if (sj_args_value(args, required[i]) == NULL) {
            return SJ_FAIL(err, SJ_E_USAGE, "", "need takes %s (see sojourn need --help)",
                           required[i]);
        }
    }
    const char *p = sj_args_value(args, "--probability");
    ask->metric = sj_args_value(args, "--metric");
    ask->place = sj_args_value(args, "--place");
    ask->item = sj_args_value(args, "--item");
    ask->probability = 0.9;
    if (!sj_parse_number(sj_args_value(args, "--below"), &ask->below)) {
        return SJ_FAIL(err, SJ_E_USAGE, "", "--below takes a number, not \"%.40s\"",
                       sj_args_value(args, "--below"));
    }
    if (p != NULL && !sj_parse_number(p, &ask->probability)) {
        return SJ_FAIL(err, SJ_E_USAGE, "", "--probability takes a number, not \"%.40s\"", p);
    }
    return SJ_OK;
}

static int answer(sj_need *need, const char *folder, const sj_args *args)
{
    sj_err err = {0};
    int exit_status = SJ_EXIT_OK;
    bool wants_check = sj_args_value(args, "--check") != NULL;
    char *table = sj_path_join(folder, "need.csv"),
         *policy = sj_path_join(folder, "need-policy.json");
    sj_status st = table == NULL || policy == NULL
                       ? SJ_FAIL(&err, SJ_E_NOMEM, "need", "out of memory")
                       : SJ_OK;
    if (st == SJ_OK && (need->pointer[0] != '\0' || wants_check)) {
        st = sj_need_write_policy(need, policy, &err);
    }
    if (st == SJ_OK && sj_args_value(args, "--quiet") == NULL) {
        explain(need);
    }
    if (st == SJ_OK && wants_check) {
        exit_status = check(need, folder, policy, args);
    } else if (st == SJ_OK) {
        show_rows(need);
    }
    if (st == SJ_OK && exit_status <= SJ_EXIT_NEGATIVE) {
        st = sj_need_write(need, table, &err);
    }
    free(table);
    free(policy);
    return st == SJ_OK ? exit_status : sj_say_error(&err);
}

static int need_of(const sj_args *args)
{
    const char *folder = args->rest[0];
    sj_err err = {0};
    sj_need_ask ask;
    sj_need need = {0};
    sj_world *world = NULL;
    if (read_ask(&ask, args, &err) != SJ_OK) {
        return sj_say_error(&err);
    }
    int exit_status = load_world(&world, folder, NULL);
    if (exit_status == SJ_EXIT_OK) {
        sj_status st = sj_need_find(&need, &ask, folder, world, &err);
        exit_status = st == SJ_OK ? answer(&need, folder, args) : sj_say_error(&err);
    }
    sj_need_clear(&need);
    sj_world_free(world);
    return exit_status;
}

int sj_cmd_need(int argc, char **argv)
{
    static const sj_usage usage = {.line =
                                       "need DIR --metric M --place P --item I --below X [options]",
                                   .doc = doc,
                                   .options = options,
                                   .n_options = N_OPTIONS,
                                   .least = 1,
                                   .most = 1,
                                   .takes = "need takes one results folder",
                                   .run = need_of};
    return sj_usage_run(&usage, argc, argv);
}
