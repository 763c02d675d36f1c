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
    int exit_status = sj_load_and_tell(&world, path, args);
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

static int validate_all(const sj_args *args)
{
    int exit_status = SJ_EXIT_OK;
    for (size_t i = 0; i < args->n_rest; i++) {
        int one = validate(args->rest[i], args);
        exit_status = exit_status == SJ_EXIT_OK ? one : exit_status;
    }
    return exit_status;
}

int sj_cmd_validate(int argc, char **argv)
{
    static const sj_usage usage = {
        .line = "validate FILE... [options]",
        .doc = "Checks scenarios: every problem with file, line and column.",
        .options = options,
        .n_options = N_OPTIONS,
        .least = 1,
        .most = SIZE_MAX,
        .takes = "validate takes scenario files",
        .run = validate_all};
    return sj_usage_run(&usage, argc, argv);
}
