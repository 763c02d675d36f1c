/* sojourn validate FILE...: all problems in one pass. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/load.h"

static const sj_option options[] = {SJ_LOAD_OPTIONS,
                                    {"--quiet", "-q", false, "say nothing where all is well"}};
enum { N_OPTIONS = sizeof options / sizeof options[0] };

static int validate(const char *path, const sj_args *args)
{
    sj_world *world = NULL;
    int exit_status = sj_load_world(&world, path, args, NULL, 0);
    if (exit_status == SJ_EXIT_OK) {
        exit_status = sj_try_start(world);
    }
    if (exit_status == SJ_EXIT_OK && sj_args_value(args, "--quiet") == NULL) {
        (void)printf("%s: well formed, %d places, %d peoples, %zu values\n", path, world->n_leaves,
                     world->n_nations, sj_values_length(world->values));
    }
    sj_world_free(world);
    return exit_status;
}

int sj_cmd_validate(int argc, char **argv)
{
    sj_args args;
    sj_err err = {0};
    int exit_status = SJ_EXIT_OK;
    if (sj_args_parse(&args, options, N_OPTIONS, argc, argv, &err) != SJ_OK) {
        exit_status = sj_say_error(&err);
    } else if (args.wants_help) {
        exit_status = sj_say_help("validate FILE... [options]",
                                  "Checks scenarios: every problem with file, line and column.",
                                  options, N_OPTIONS);
    } else if (args.n_rest == 0) {
        (void)SJ_FAIL(&err, SJ_E_USAGE, "", "validate takes scenario files");
        exit_status = sj_say_error(&err);
    }
    for (size_t i = 0; i < args.n_rest && !args.wants_help; i++) {
        int one = validate(args.rest[i], &args);
        exit_status = exit_status == SJ_EXIT_OK ? one : exit_status;
    }
    sj_args_clear(&args);
    return exit_status;
}
