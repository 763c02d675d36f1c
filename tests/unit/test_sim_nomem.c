/**
 * @file test_sim_nomem.c
 * @brief Memory ends at the n-th allocation of a load, a short run, its tables and a comparison:
 * no crash, a failure that says so, no half file, and under ASan nothing leaks.
 *
 * Every n at first, then in growing steps; once with all allocations after the n-th failing too,
 * once with the n-th alone. What ends well all the same must be what it is undisturbed. Linked with
 * --wrap=malloc,calloc,realloc; cJSON allocates through its hooks; the functions of GSL in use
 * allocate nothing. Usage: test_sim_nomem [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <cjson/cJSON.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "nomem.h"
#include "sim_kit.h"
#include "study/compare.h"
#include "study/table.h"
#include "temp.h"

/* ---- what is swept ---- */

static char folder[TEMP_NAME], scenario[TEMP_NAME + 32], policy[TEMP_NAME + 32];
static char results[TEMP_NAME + 32];
static sj_world *world;       /* loaded undisturbed */
static sj_replications whole; /* run undisturbed */

static const char *const settings[] = {
    "/time/start=\"2022-01-28\"", "/time/end=\"2022-02-03\"",
    "/programmes/nea-permit/windows/irregular/opens=\"2022-01-30\"",
    "/programmes/nea-permit/windows/irregular/announced=\"2022-01-29\""};

static const sj_replicate_options how = {.seed = 3, .n = 2, .n_threads = 1, .self_check = true};

static sj_status load(sj_world **out)
{
    const char *with[] = {policy}, *without[] = {"more-vetting"};
    sj_load_options options = {.with = with,
                               .n_with = 1,
                               .without = without,
                               .n_without = 1,
                               .set = settings,
                               .n_set = sizeof settings / sizeof settings[0]};
    sj_problems problems = {0};
    sj_status st = sj_world_load(out, scenario, &options, &problems);
    assert_int_equal(*out == NULL, st != SJ_OK);
    assert_int_equal(st != SJ_OK, problems.n_errors > 0);
    for (size_t i = 0; i < problems.n; i++) {
        if (problems.at[i].status != SJ_E_NOMEM) {
            n_allowed = -1;
            fail_msg("memory ends, and it says: %s: %s", problems.at[i].where, problems.at[i].text);
        }
    }
    sj_problems_clear(&problems);
    return st;
}

static sj_status use_load(void)
{
    sj_world *w = NULL;
    sj_status st = load(&w);
    if (st == SJ_OK) {
        assert_int_equal(sj_values_length(w->values), sj_values_length(world->values));
    }
    sj_world_free(w);
    return st;
}

static void same_records(const sj_recorder *a, const sj_recorder *b)
{
    assert_int_equal(a->keys.n, b->keys.n);
    assert_int_equal(a->n_dates, b->n_dates);
    for (int d = 0; d < a->n_dates; d++) {
        for (size_t row = 0; row < a->keys.n; row++) {
            double x = sj_recorder_at(a, d, row), y = sj_recorder_at(b, d, row);
            assert_memory_equal(&x, &y, sizeof x);
        }
    }
}

static sj_status use_run(void)
{
    sj_replications all;
    sj_err err = {0};
    sj_status st = sj_replicate(&all, world, &how, &err);
    int n_all = all.n_main + all.n_twins, n_good = 0;
    for (int i = 0; st == SJ_OK && i < n_all; i++) {
        assert_int_equal(all.at[i].recorder != NULL, all.at[i].status == SJ_OK);
        if (all.at[i].status == SJ_OK) {
            same_records(all.at[i].recorder, whole.at[i].recorder);
            n_good++;
        } else {
            assert_int_equal(all.at[i].status, SJ_E_NOMEM);
            assert_string_not_equal(all.at[i].err.text, "");
        }
    }
    st = st == SJ_OK && n_good < n_all ? SJ_E_NOMEM : st;
    sj_replications_clear(&all);
    return st;
}

/* Every name in the folder, whole files only. */
static int count_files(const char *path)
{
    DIR *dir = opendir(path);
    int n = 0;
    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        assert_null(strstr(entry->d_name, ".part"));
        n += entry->d_name[0] != '.';
    }
    (void)closedir(dir);
    return n;
}

static sj_status use_tables(void)
{
    sj_err err = {0};
    sj_status st = sj_results_write(&whole, results, &how, &err);
    long kept = n_allowed;
    n_allowed = -1;
    assert_int_equal(st != SJ_OK, err.text[0] != '\0');
    (void)count_files(results);
    n_allowed = kept;
    return st;
}

static sj_status use_comparison(void)
{
    sj_comparison c;
    sj_problems problems = {0};
    char path[TEMP_NAME + 64];
    (void)snprintf(path, sizeof path, "%s/compare.csv", results);
    sj_status st = sj_compare(&c, results, results, &problems);
    assert_int_equal(st != SJ_OK, problems.n_errors > 0);
    if (st == SJ_OK) {
        sj_err err = {0};
        assert_true(c.n > 100 && (c.is_paired || n_denied > 0));
        st = sj_comparison_write(&c, path, &err);
    }
    sj_comparison_clear(&c);
    sj_problems_clear(&problems);
    return st;
}

/* ---- the sweep ---- */

/* Every n up to `growth`, then steps of n / growth. */
static void sweep(sj_status (*use)(void), long growth)
{
    for (int once = 0; once < 2; once++) {
        only_once = once == 1;
        n_denied = 1;
        for (long n = 0; n_denied > 0; n += 1 + n / growth) {
            assert_true(n < 10000000);
            n_allowed = n;
            n_denied = 0;
            sj_status st = use();
            n_allowed = -1;
            if (n_denied == 0) {
                assert_int_equal(st, SJ_OK);
                print_message("# %ld allocations at most\n", n);
            } else if (!only_once && st != SJ_E_NOMEM) {
                fail_msg("allocation %ld and all after it fail: status %d", n, (int)st);
            } else if (st != SJ_OK && st != SJ_E_NOMEM) {
                fail_msg("allocation %ld fails: status %d", n, (int)st);
            }
        }
    }
}

static void test_load(void **state)
{
    sweep(use_load, 2000);
}

static void test_run(void **state)
{
    sweep(use_run, 60);
}

static void test_tables(void **state)
{
    sweep(use_tables, 40);
    assert_true(count_files(results) > 10);
}

static void test_comparison(void **state)
{
    assert_int_equal(use_tables(), SJ_OK);
    sweep(use_comparison, 100);
}

static bool write_file(const char *path, const char *text)
{
    sj_out out;
    if (sj_out_open(&out, path, NULL) != SJ_OK) {
        return false;
    }
    (void)fputs(text, out.stream);
    return sj_out_finish(&out, NULL) == SJ_OK;
}

static int make_all(void **state)
{
    char here[512], text[1024], stocks[TEMP_NAME + 32];
    temp_name(folder, "sim-nomem");
    if (mkdtemp(folder) == NULL || getcwd(here, sizeof here) == NULL) {
        return -1;
    }
    (void)snprintf(scenario, sizeof scenario, "%s/scenario.json", folder);
    (void)snprintf(policy, sizeof policy, "%s/policy.json", folder);
    (void)snprintf(stocks, sizeof stocks, "%s/stocks.csv", folder);
    (void)snprintf(results, sizeof results, "%s/results", folder);
    (void)snprintf(text, sizeof text,
                   "{\"extends\": \"%s/" TWO_HOSTS "\", \"stocks\": {\"ori\": null, "
                   "\"file\": \"stocks.csv\"}, "
                   "\"programmes\": {\"far-asylum\": {\"backlog\": {\"ori\": 300}}}}",
                   here);
    bool good =
        write_file(scenario, text) &&
        write_file(stocks, "nationality,country,count,mark,note\nori,nea,2000,A,small\n"
                           "ori,far,5500,A,\n") &&
        write_file(policy,
                   "{\"format\": \"sojourn-policy/1\", \"id\": \"beds\", \"ops\": [{\"at\": "
                   "\"/services/*/capacity\", \"add\": 10, \"from\": \"2022-01-30\"}]}") &&
        sj_dir_make(results, NULL) == SJ_OK;
    sj_err err = {0};
    good = good && load(&world) == SJ_OK && sj_replicate(&whole, world, &how, &err) == SJ_OK &&
           whole.n_done == how.n;
    cJSON_Hooks hooks = {__wrap_malloc, free};
    cJSON_InitHooks(&hooks);
    return good ? 0 : -1;
}

static void remove_folder(const char *path)
{
    n_allowed = -1;
    DIR *dir = opendir(path);
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        char *name = sj_path_join(path, entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            unlink(name) != 0) {
            remove_folder(name);
        }
        free(name);
    }
    if (dir != NULL) {
        (void)closedir(dir);
    }
    (void)rmdir(path);
}

static int remove_all(void **state)
{
    sj_replications_clear(&whole);
    sj_world_free(world);
    remove_folder(folder);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_load), cmocka_unit_test(test_run),
                                       cmocka_unit_test(test_tables),
                                       cmocka_unit_test(test_comparison)};
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, make_all, remove_all);
}
