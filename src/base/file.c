#include "base/file.h"

#include <errno.h>
#include <sha2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"

static sj_status read_stream(FILE *stream, const char *path, char **text, size_t *length,
                             sj_err *err)
{
    char *block = NULL;
    size_t capacity = 0, n = 0;
    for (;;) {
        if (!sj_grow((void **)&block, &capacity, n + 65536 + 1, 1)) {
            free(block);
            return SJ_FAIL(err, SJ_E_NOMEM, path, "out of memory");
        }
        size_t got = fread(block + n, 1, 65536, stream);
        n += got;
        if (got == 0) {
            break;
        }
    }
    if (ferror(stream)) {
        int reason = errno;
        free(block);
        return SJ_FAIL(err, SJ_E_IO, path, "cannot read: %s", strerror(reason));
    }
    block[n] = '\0';
    *text = block;
    *length = n;
    return SJ_OK;
}

sj_status sj_file_read(const char *path, char **text, size_t *length, sj_err *err)
{
    *text = NULL;
    *length = 0;
    if (strcmp(path, "-") == 0) {
        return read_stream(stdin, "standard input", text, length, err);
    }
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        return SJ_FAIL(err, SJ_E_IO, path, "cannot open: %s", strerror(errno));
    }
    sj_status st = read_stream(stream, path, text, length, err);
    (void)fclose(stream);
    return st;
}

sj_status sj_out_open(sj_out *out, const char *path, sj_err *err)
{
    memset(out, 0, sizeof *out);
    sj_str temporary = {0};
    sj_str_printf(&temporary, "%s.%ld.part", path, (long)getpid());
    out->path = sj_strdup(path);
    out->temporary = temporary.text;
    if (temporary.failed || out->path == NULL) {
        sj_out_abandon(out);
        return SJ_FAIL(err, SJ_E_NOMEM, path, "out of memory");
    }
    out->stream = fopen(out->temporary, "wb");
    if (out->stream == NULL) {
        int reason = errno;
        sj_out_abandon(out);
        return SJ_FAIL(err, SJ_E_IO, path, "cannot write: %s", strerror(reason));
    }
    return SJ_OK;
}

sj_status sj_out_finish(sj_out *out, sj_err *err)
{
    FILE *stream = out->stream;
    out->stream = NULL;
    bool bad = ferror(stream) || fflush(stream) != 0 || fsync(fileno(stream)) != 0;
    int reason = errno;
    if (fclose(stream) != 0 && !bad) {
        bad = true;
        reason = errno;
    }
    if (!bad && rename(out->temporary, out->path) != 0) {
        bad = true;
        reason = errno;
    }
    sj_status st = SJ_OK;
    if (bad) {
        st = SJ_FAIL(err, SJ_E_IO, out->path, "cannot write: %s", strerror(reason));
        (void)unlink(out->temporary);
    }
    sj_out_abandon(out);
    return st;
}

void sj_out_abandon(sj_out *out)
{
    if (out->stream != NULL) {
        (void)fclose(out->stream);
        (void)unlink(out->temporary);
    }
    free(out->path);
    free(out->temporary);
    memset(out, 0, sizeof *out);
}

sj_status sj_dir_make(const char *path, sj_err *err)
{
    char *copy = sj_strdup(path);
    if (copy == NULL) {
        return SJ_FAIL(err, SJ_E_NOMEM, path, "out of memory");
    }
    sj_status st = SJ_OK;
    for (char *end = copy + 1; st == SJ_OK && *copy != '\0'; end++) {
        if (*end != '/' && *end != '\0') {
            continue;
        }
        char kept = *end;
        *end = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST) {
            st = SJ_FAIL(err, SJ_E_IO, path, "cannot make the folder: %s", strerror(errno));
        }
        *end = kept;
        if (kept == '\0') {
            break;
        }
    }
    struct stat about;
    if (st == SJ_OK && (stat(path, &about) != 0 || !S_ISDIR(about.st_mode))) {
        st = SJ_FAIL(err, SJ_E_IO, path, "is not a folder");
    }
    free(copy);
    return st;
}

char *sj_path_join(const char *folder, const char *name)
{
    sj_str path = {0};
    sj_str_printf(&path, "%s/%s", folder, name);
    if (path.failed) {
        sj_str_clear(&path);
    }
    return path.text;
}

char *sj_path_beside(const char *base, const char *path)
{
    const char *slash = strrchr(base, '/');
    if (path[0] == '/' || slash == NULL) {
        return sj_strdup(path);
    }
    sj_str beside = {0};
    sj_str_add_n(&beside, base, (size_t)(slash - base) + 1);
    sj_str_add(&beside, path);
    if (beside.failed) {
        sj_str_clear(&beside);
    }
    return beside.text;
}

void sj_sha256(const void *data, size_t length, char hex[65])
{
    (void)SHA256Data(data, length, hex);
}
