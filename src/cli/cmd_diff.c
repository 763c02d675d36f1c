/* sojourn diff A B: what differs between two scenarios, a line for each value. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "study/diff.h"

static const sj_option options[] = {SJ_LOAD_OPTIONS};
enum { N_OPTIONS = sizeof options / sizeof options[0] };

static const char doc[] =
    "Tells what differs between two scenario files, two results folders (their\n"
    "scenario.json), or one of each, as they are played: `extends`, policies and tables in\n"
    "files of their own are in place; --with, --without and --set change B. Two policy files\n"
    "can be compared, too. A line for each pointer:\n"
    "\n"
    "  ~ /pointer: VALUE -> VALUE (what changed beside it: mark, source, low, high, ...)\n"
    "  - /pointer: VALUE          only in A\n"
    "  + /pointer: VALUE          only in B\n"
    "\n"
    "Collections go by id, their order does not matter; an array is one value; a bare number\n"
    "has mark A. Series of drivers count by what they hold, not by the name of their file.\n"
    "Exit status: 0 the same, 1 different, 2 and more in trouble.";

/* One of the two: a world, or the bare tree of a policy file. */
typedef struct side {
    char *path; /* owns */
    sj_world *world;
    sj_tree *policy;
} side;

static void clear(side *s)
{
    sj_world_free(s->world);
    sj_tree_free(s->policy);
    free(s->path);
}

/* A policy file is kept as a tree; of others nothing is kept, nor said: they are read in full. */
static void try_policy(side *s)
{
    sj_problems problems = {0};
    if (strcmp(s->path, "-") == 0 || sj_tree_load(&s->policy, s->path, &problems) != SJ_OK) {
        s->policy = NULL;
    } else {
        const cJSON *format = sj_tree_at(s->policy, "/format");
        if (!cJSON_IsString(format) || strcmp(format->valuestring, "sojourn-policy/1") != 0) {
            sj_tree_free(s->policy);
            s->policy = NULL;
        }
    }
    sj_problems_clear(&problems);
}

static int load_side(side *s, const char *path, const sj_args *args)
{
    struct stat about;
    bool is_folder = stat(path, &about) == 0 && S_ISDIR(about.st_mode);
    s->path = is_folder ? sj_path_join(path, "scenario.json") : sj_strdup(path);
    if (s->path == NULL) {
        return 5;
    }
    try_policy(s);
    return s->policy != NULL ? SJ_EXIT_OK : sj_load_world(&s->world, s->path, args, NULL, 0);
}

static int show(const sj_changes *changes)
{
    for (size_t i = 0; i < changes->n; i++) {
        const sj_change *c = &changes->at[i];
        bool is_changed = c->kind == '~';
        bool is_kept = is_changed && strcmp(c->a, c->b) == 0; /* what stands beside it changed */
        (void)printf("%c %s: %s%s%s", c->kind, c->pointer, c->a != NULL ? c->a : c->b,
                     is_changed && !is_kept ? " -> " : "", is_changed && !is_kept ? c->b : "");
        (void)printf(c->about[0] != '\0' ? " (%s)\n" : "%s\n", c->about);
    }
    return changes->n > 0 ? SJ_EXIT_NEGATIVE : SJ_EXIT_OK;
}

static int diff(const sj_args *args)
{
    static const sj_args none = {0};
    side a = {0}, b = {0};
    sj_err err = {0};
    sj_changes changes = {0};
    int exit_status = load_side(&a, args->rest[0], &none);
    if (exit_status == SJ_EXIT_OK) {
        exit_status = load_side(&b, args->rest[1], args);
    }
    if (exit_status == SJ_EXIT_OK) {
        sj_status st;
        if (a.world != NULL && b.world != NULL) {
            st = sj_diff_worlds(&changes, a.world, b.world, &err);
        } else if (a.world == NULL && b.world == NULL && args->n_occurrences == 0) {
            st = sj_diff_trees(&changes, a.policy, b.policy, &err);
        } else {
            st = SJ_FAIL(&err, SJ_E_USAGE, "",
                         "a policy file is compared with another policy file, without options; "
                         "a scenario with a policy is B --with POLICY");
        }
        exit_status = st == SJ_OK ? show(&changes) : sj_say_error(&err);
    }
    sj_changes_clear(&changes);
    clear(&a);
    clear(&b);
    return exit_status;
}

int sj_cmd_diff(int argc, char **argv)
{
    static const sj_usage usage = {.line = "diff A B [options]",
                                   .doc = doc,
                                   .options = options,
                                   .n_options = N_OPTIONS,
                                   .least = 2,
                                   .most = 2,
                                   .takes = "diff takes two scenario files or results folders",
                                   .run = diff};
    return sj_usage_run(&usage, argc, argv);
}
