#include "cli/load.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/sim.h"
#include "record/check.h"

static int load(sj_world **out, const char *path, const sj_args *args, const char *const more[],
                size_t n_more, int say(const sj_problems *problems))
{
    size_t room = args->n_occurrences + n_more + 1;
    const char **with = sj_calloc(3 * room, sizeof *with);
    *out = NULL;
    if (with == NULL) {
        return 5;
    }
    const char **without = with + room, **set = without + room;
    sj_load_options options = {.with = with, .without = without, .set = set};
    options.n_with = sj_args_values(args, "--with", with);
    options.n_without = sj_args_values(args, "--without", without);
    options.n_set = sj_args_values(args, "--set", set);
    for (size_t i = 0; i < n_more; i++) {
        set[options.n_set++] = more[i];
    }
    sj_problems problems = {0};
    sj_status st = sj_world_load(out, path, &options, &problems);
    if (st == SJ_OK) {
        sj_record_check(*out, &problems);
    }
    int exit_status = say(&problems);
    if (st != SJ_OK && exit_status == SJ_EXIT_OK) {
        exit_status = SJ_EXIT_INVALID;
    }
    if (exit_status != SJ_EXIT_OK) {
        sj_world_free(*out);
        *out = NULL;
    }
    sj_problems_clear(&problems);
    free(with);
    return exit_status;
}

int sj_load_world(sj_world **out, const char *path, const sj_args *args, const char *const more[],
                  size_t n_more)
{
    return load(out, path, args, more, n_more, sj_say_few_problems);
}

int sj_load_and_tell(sj_world **out, const char *path, const sj_args *args)
{
    return load(out, path, args, NULL, 0, sj_say_problems);
}

int sj_try_start(const sj_world *world)
{
    sj_sim *sim = NULL;
    sj_err err = {0};
    sj_sim_options how = {.fixed = true};
    sj_status st = sj_sim_new(&sim, world, &how, NULL, &err);
    sj_sim_free(sim);
    return st == SJ_OK ? SJ_EXIT_OK : sj_say_placed(world, &err);
}

int sj_say_placed(const sj_world *world, const sj_err *err)
{
    sj_err placed = *err;
    if (err->where[0] == '/') {
        sj_tree_place(world->tree, err->where, false, &placed);
    }
    return sj_say_error(&placed);
}
