#include "cli/examples.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

static bool ends_in_json(const char *name)
{
    size_t n = strlen(name);
    return n > 5 && strcmp(name + n - 5, ".json") == 0;
}

static char *text_of(const cJSON *root, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(root, key);
    return sj_strdup(cJSON_IsString(item) ? item->valuestring : "");
}

/* A file is an example if it says that it is a scenario. */
static void add_file(sj_examples *examples, const char *path)
{
    char *text = NULL;
    size_t length = 0;
    if (sj_file_read(path, &text, &length, NULL) != SJ_OK) {
        return;
    }
    cJSON *root = cJSON_Parse(text);
    const cJSON *format = cJSON_GetObjectItemCaseSensitive(root, "format");
    if (cJSON_IsString(format) && strcmp(format->valuestring, "sojourn-scenario/1") == 0) {
        sj_example one = {sj_strdup(path), text_of(root, "id"), text_of(root, "title")};
        if (one.path == NULL || one.id == NULL || one.title == NULL ||
            !sj_vec_push(examples, one)) {
            free(one.path);
            free(one.id);
            free(one.title);
        }
    }
    cJSON_Delete(root);
    free(text);
}

static void look_in(sj_examples *examples, const char *folder, int depth)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        char *path = sj_path_join(folder, entry->d_name);
        if (path != NULL && ends_in_json(entry->d_name)) {
            add_file(examples, path);
        } else if (path != NULL && depth > 0 && entry->d_name[0] != '.') {
            look_in(examples, path, depth - 1);
        }
        free(path);
    }
    if (dir != NULL) {
        (void)closedir(dir);
    }
}

static void look_beside_program(sj_examples *examples, const char *relative)
{
    char program[1024];
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    if (n <= 0) {
        return;
    }
    program[n] = '\0';
    for (int up = 0; up < 3 && examples->n == 0; up++) {
        char *slash = strrchr(program, '/');
        if (slash == NULL) {
            return;
        }
        *slash = '\0';
        char *folder = sj_path_join(program, relative);
        if (folder != NULL) {
            look_in(examples, folder, 1);
        }
        free(folder);
    }
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const sj_example *)a)->id, ((const sj_example *)b)->id);
}

sj_status sj_examples_find(sj_examples *examples, sj_err *err)
{
    memset(examples, 0, sizeof *examples);
    const char *asked = getenv("SOJOURN_SCENARIOS");
    if (asked != NULL) {
        look_in(examples, asked, 1);
    } else {
        look_beside_program(examples, "scenarios");
        if (examples->n == 0) {
            look_beside_program(examples, "share/sojourn/scenarios");
        }
    }
    if (examples->n == 0) {
        return SJ_FAIL(err, SJ_E_IO, "", "no example scenarios found: set SOJOURN_SCENARIOS");
    }
    qsort(examples->at, examples->n, sizeof examples->at[0], compare);
    return SJ_OK;
}

void sj_examples_clear(sj_examples *examples)
{
    for (size_t i = 0; i < examples->n; i++) {
        free(examples->at[i].path);
        free(examples->at[i].id);
        free(examples->at[i].title);
    }
    sj_vec_clear(examples);
}
