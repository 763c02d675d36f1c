/**
 * @file test_study_nomem.c
 * @brief Memory ends at the n-th allocation while outcomes, differences and needs are worked out:
 * no crash, a status that says so, and under ASan nothing leaks. Linked with
 * --wrap=malloc,calloc,realloc.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "nomem.h"
#include "study/diff.h"
#include "study/need.h"
#include "study/outcome.h"
#include "study/table.h"
#include "temp.h"

#define TWO_HOSTS "scenarios/small/two-hosts.json"

/* ---- what is swept ---- */

static char results[TEMP_NAME];
static sj_world *world, *other;

static sj_status load(sj_world **out, const char *const set[], size_t n)
{
    sj_load_options options = {.set = set, .n_set = n};
    sj_problems problems = {0};
    sj_status st = sj_world_load(out, TWO_HOSTS, &options, &problems);
    sj_problems_clear(&problems);
    return st;
}

static sj_status use_outcomes(void)
{
    sj_folder folders[2] = {0};
    sj_comparison c = {0};
    sj_outcomes outcomes = {0};
    sj_problems problems = {0};
    sj_err err = {0};
    sj_status st = sj_folder_load(&folders[0], results, &problems);
    st = st == SJ_OK ? sj_folder_load(&folders[1], results, &problems) : st;
    st = st == SJ_OK ? sj_outcomes_by_rule(&outcomes, folders, 2, &err) : st;
    st = st == SJ_OK
             ? sj_outcomes_add(&outcomes, "queue_length:far:ALL:far-asylum/first", folders, 2, &err)
             : st;
    st = st == SJ_OK ? sj_compare(&c, results, results, &problems) : st;
    st = st == SJ_OK ? sj_comparison_outcomes(&c, &outcomes, &folders[0], &folders[1], &err) : st;
    assert_true(st != SJ_OK || outcomes.n >= 3);
    sj_comparison_clear(&c);
    sj_vec_clear(&outcomes);
    sj_folder_clear(&folders[0]);
    sj_folder_clear(&folders[1]);
    sj_problems_clear(&problems);
    return st;
}

static sj_status use_diff(void)
{
    sj_changes changes;
    sj_err err = {0};
    sj_status st = sj_diff_worlds(&changes, world, other, &err);
    assert_true(st != SJ_OK || changes.n == 3);
    sj_changes_clear(&changes);
    return st;
}

static sj_status use_need(const sj_need_ask *ask)
{
    sj_need need;
    sj_err err = {0};
    char path[TEMP_NAME + 32];
    (void)snprintf(path, sizeof path, "%.200s/need.csv", results);
    sj_status st = sj_need_find(&need, ask, results, world, &err);
    if (st == SJ_OK) {
        assert_int_equal(need.rows.n, 2);
        st = sj_need_write(&need, path, &err);
        st = st == SJ_OK ? sj_need_write_policy(&need, path, &err) : st;
        double all, mean;
        st = st == SJ_OK ? sj_need_check(&need, results, &all, &mean, &err) : st;
    }
    sj_need_clear(&need);
    return st;
}

static sj_status use_places(void)
{
    static const sj_need_ask ask = {"utilisation", "nea-port", "shelter", 1, 0.9};
    return use_need(&ask);
}

static sj_status use_officers(void)
{
    static const sj_need_ask ask = {"queue_length", "far", "far-asylum/first", 1000, 0.9};
    return use_need(&ask);
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
            } else if (st != SJ_E_NOMEM && !(only_once && st == SJ_OK)) {
                fail_msg("allocation %ld fails: status %d", n, (int)st);
            }
        }
    }
}

static void test_outcomes(void **state)
{
    sweep(use_outcomes, 60);
}

static void test_diff(void **state)
{
    sweep(use_diff, 100);
}

static void test_places(void **state)
{
    sweep(use_places, 100);
}

static void test_officers(void **state)
{
    sweep(use_officers, 100);
}

static int make_all(void **state)
{
    static const char *const set[] = {"/time/end=\"2022-02-15\"",
                                      "/record/per_rep=[\"arrivals\",\"demand\",\"utilisation\","
                                      "\"queue_length\",\"applied_total\"]"};
    static const char *const more[] = {"/time/end=\"2022-02-20\"", "/record/per_rep=[\"stock\"]",
                                       "/stocks/ori/nea=5"};
    sj_replicate_options how = {.seed = 1, .n = 3, .n_threads = 1, .fixed = true};
    sj_replications all = {0};
    sj_err err = {0};
    temp_name(results, "study-nomem");
    bool good = mkdtemp(results) != NULL && load(&world, set, 2) == SJ_OK &&
                load(&other, more, 3) == SJ_OK && sj_replicate(&all, world, &how, &err) == SJ_OK &&
                sj_results_write(&all, results, &how, &err) == SJ_OK;
    sj_replications_clear(&all);
    cJSON_Hooks hooks = {__wrap_malloc, free};
    cJSON_InitHooks(&hooks);
    return good ? 0 : -1;
}

static void remove_folder(const char *path)
{
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

static int clear_all(void **state)
{
    n_allowed = -1;
    sj_world_free(world);
    sj_world_free(other);
    remove_folder(results);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_outcomes), cmocka_unit_test(test_diff),
                                       cmocka_unit_test(test_places),
                                       cmocka_unit_test(test_officers)};
    return cmocka_run_group_tests_name("memory ends in a study", tests, make_all, clear_all);
}
