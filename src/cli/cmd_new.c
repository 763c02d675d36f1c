/* sojourn new NAME [--from EXAMPLE]: a scenario of your own, with its tables. */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "cli/args.h"
#include "cli/commands.h"
#include "cli/examples.h"
#include "io/format.h"

enum { EXTENDS_DEPTH = 8 /* semantics A11 */ };

static const sj_option options[] = {
    {"--from", NULL, true, "example to copy (default two-hosts; see `sojourn list examples`)"}};

static bool is_id(const char *name)
{
    bool good = isalpha((unsigned char)name[0]) != 0 && strncmp(name, "x-", 2) != 0;
    for (const char *c = name; *c != '\0'; c++) {
        good = good && (isalnum((unsigned char)*c) != 0 || *c == '-');
    }
    return good;
}

static sj_status copy_text(const char *path, const char *text, size_t length, sj_err *err)
{
    sj_out out;
    struct stat about;
    if (stat(path, &about) == 0) {
        return SJ_FAIL(err, SJ_E_EXISTS, "", "%s exists already", path);
    }
    SJ_TRY(sj_out_open(&out, path, err));
    (void)fwrite(text, 1, length, out.stream);
    return sj_out_finish(&out, err);
}

/* The example's text with its "id" replaced: everything else stays as it was written. */
static sj_status write_scenario(const sj_example *example, const char *name, const char *path,
                                sj_err *err)
{
    char *text = NULL, find[160];
    size_t length = 0;
    SJ_TRY(sj_file_read(example->path, &text, &length, err));
    (void)snprintf(find, sizeof find, "\"%.100s\"", example->id);
    char *key = strstr(text, "\"id\"");
    char *at = key == NULL ? NULL : strstr(key, find);
    sj_str changed = {0};
    if (at != NULL) {
        sj_str_add_n(&changed, text, (size_t)(at - text));
        sj_str_printf(&changed, "\"%s\"%s", name, at + strlen(find));
    }
    sj_status st = at == NULL       ? SJ_FAIL(err, SJ_E_INTERNAL, "",
                                              "%s has no id of its own to replace", example->path)
                   : changed.failed ? SJ_FAIL(err, SJ_E_NOMEM, "", "out of memory")
                                    : copy_text(path, changed.text, changed.n, err);
    sj_str_clear(&changed);
    free(text);
    return st;
}

/* A table that is there already must be the same: the scenario would read it as its own. */
static sj_status check_same(const char *path, const char *text, size_t length, sj_err *err)
{
    char *there = NULL;
    size_t n = 0;
    SJ_TRY(sj_file_read(path, &there, &n, err));
    bool same = n == length && memcmp(there, text, n) == 0;
    free(there);
    return same ? SJ_OK
                : SJ_FAIL(err, SJ_E_EXISTS, "", "%s exists already and is another table", path);
}

static sj_status copy_table(const char *from_folder, const char *to_folder, const char *file,
                            sj_err *err)
{
    char *from = sj_path_join(from_folder, file), *to = sj_path_join(to_folder, file), *text = NULL;
    size_t length = 0;
    struct stat about;
    sj_status st = from == NULL || to == NULL ? SJ_FAIL(err, SJ_E_NOMEM, "", "out of memory")
                                              : sj_file_read(from, &text, &length, err);
    if (st == SJ_OK) {
        st = stat(to, &about) == 0 ? check_same(to, text, length, err)
                                   : copy_text(to, text, length, err);
    }
    free(from);
    free(to);
    free(text);
    return st;
}

/* The files of a folder beside the scenario ("data", "policies") that its text names. */
static sj_status copy_named(const char *path, const char *folder, const char *sub, sj_err *err)
{
    char *from = sj_path_beside(path, sub), *to = sj_path_join(folder, sub);
    char *text = NULL;
    size_t length = 0;
    sj_status st = from == NULL || to == NULL ? SJ_FAIL(err, SJ_E_NOMEM, "", "out of memory")
                                              : sj_file_read(path, &text, &length, err);
    DIR *dir = st == SJ_OK ? opendir(from) : NULL;
    struct dirent *entry;
    while (dir != NULL && st == SJ_OK && (entry = readdir(dir)) != NULL) {
        char named[300];
        (void)snprintf(named, sizeof named, "%s/%.255s\"", sub, entry->d_name);
        if (entry->d_name[0] == '.' || strstr(text, named) == NULL) {
            continue;
        }
        st = sj_dir_make(to, err);
        if (st == SJ_OK) {
            st = copy_table(from, to, entry->d_name, err);
        }
    }
    if (dir != NULL) {
        (void)closedir(dir);
    }
    free(from);
    free(to);
    free(text);
    return st;
}

/* The file that a scenario extends, where its text names one; the caller frees it. */
static char *base_of(const char *text)
{
    const char *key = strstr(text, "\"extends\"");
    const char *begin = key == NULL ? NULL : strchr(key + strlen("\"extends\""), '"');
    const char *end = begin == NULL ? NULL : strchr(begin + 1, '"');
    return end == NULL ? NULL : sj_strndup(begin + 1, (size_t)(end - begin - 1));
}

static sj_status copy_tables(const char *path, const char *folder, sj_err *err)
{
    SJ_TRY(copy_named(path, folder, "policies", err));
    return copy_named(path, folder, "data", err);
}

/* Its tables, then the file it extends, under its own name, with the tables of that, and so on. */
static sj_status copy_rest(const char *path, const char *folder, int depth, sj_err *err)
{
    char *text = NULL;
    size_t length = 0;
    SJ_TRY(copy_tables(path, folder, err));
    char *here = sj_path_beside(path, ".");
    sj_status st = sj_file_read(path, &text, &length, err);
    char *base = st == SJ_OK ? base_of(text) : NULL;
    char *full = base == NULL ? NULL : sj_path_beside(path, base);
    if (st == SJ_OK && full != NULL && here != NULL && strchr(base, '/') == NULL && depth > 0) {
        st = copy_table(here, folder, base, err);
        st = st == SJ_OK ? copy_rest(full, folder, depth - 1, err) : st;
    }
    free(here);
    free(text);
    free(base);
    free(full);
    return st;
}

static const sj_example *find_example(const sj_examples *all, const char *id, sj_err *err)
{
    const char *names[256];
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++) {
        if (strcmp(all->at[i].id, id) == 0) {
            return &all->at[i];
        }
        if (n < 256) {
            names[n++] = all->at[i].id;
        }
    }
    const char *near = sj_suggest(id, names, n);
    (void)SJ_FAIL(err, SJ_E_USAGE, "", "no example is called \"%.80s\"", id);
    if (near != NULL) {
        (void)snprintf(err->hint, sizeof err->hint, "did you mean \"%s\"?", near);
    }
    return NULL;
}

static int make_scenario(const char *name, const char *from)
{
    sj_err err = {0};
    sj_examples all;
    char path[300];
    sj_status st = sj_examples_find(&all, &err);
    const sj_example *example = st == SJ_OK ? find_example(&all, from, &err) : NULL;
    struct stat about;
    (void)snprintf(path, sizeof path, "%.250s.json", name);
    if (example != NULL && stat(path, &about) == 0) {
        st = SJ_FAIL(&err, SJ_E_EXISTS, "", "%s exists already", path);
    } else if (example != NULL) {
        st = copy_rest(example->path, ".", EXTENDS_DEPTH, &err);
        if (st == SJ_OK) {
            st = write_scenario(example, name, path, &err);
        }
    } else if (st == SJ_OK) {
        st = err.status;
    }
    sj_examples_clear(&all);
    if (st != SJ_OK) {
        return sj_say_error(&err);
    }
    (void)printf("%s\n", path);
    (void)fprintf(stderr, "next: sojourn validate %s; sojourn run %s\n", path, path);
    return SJ_EXIT_OK;
}

static int new_scenario(const sj_args *args)
{
    sj_err err = {0};
    const char *from = sj_args_value(args, "--from");
    if (!is_id(args->rest[0])) {
        (void)SJ_FAIL(&err, SJ_E_USAGE, "",
                      "new takes one name: letters, digits and -, a letter first");
        return sj_say_error(&err);
    }
    return make_scenario(args->rest[0], from != NULL ? from : "two-hosts");
}

int sj_cmd_new(int argc, char **argv)
{
    static const sj_usage usage = {
        .line = "new NAME [--from EXAMPLE]",
        .doc = "Writes NAME.json (and its tables under data/) into this folder.",
        .options = options,
        .n_options = 1,
        .least = 1,
        .most = 1,
        .takes = "new takes one name: letters, digits and -, a letter first",
        .run = new_scenario};
    return sj_usage_run(&usage, argc, argv);
}
