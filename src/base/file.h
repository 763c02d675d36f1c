/**
 * @file file.h
 * @brief Whole files in and out; a reader never sees half a file. Floor 0 (base).
 */
#ifndef SJ_BASE_FILE_H
#define SJ_BASE_FILE_H
#include "base/err.h"
#include <stdio.h>

/**
 * @brief Read a whole file ("-" is standard input). *text is new (caller frees it), with a NUL
 * after its *length bytes; NULL on failure. SJ_E_IO names the file and the reason.
 */
SJ_MUSTUSE sj_status sj_file_read(const char *path, char **text, size_t *length, sj_err *err);

/** @brief A file being written under a temporary name beside its own. */
typedef struct sj_out {
    FILE *stream;    /* write here; NULL after finish or abandon */
    char *path;      /* owns: the final name */
    char *temporary; /* owns: the name while it is written */
} sj_out;

/** @brief Open a temporary file beside `path`. On success end with finish or abandon. */
SJ_MUSTUSE sj_status sj_out_open(sj_out *out, const char *path, sj_err *err);

/** @brief Flush, sync, close, rename to the final name. A full disk is an error, the old file
 * stays. */
SJ_MUSTUSE sj_status sj_out_finish(sj_out *out, sj_err *err);

/** @brief Close and remove the temporary file. Safe on a zeroed or finished sj_out. */
void sj_out_abandon(sj_out *out);

/** @brief Make a folder and its parents; an existing folder is no error. */
SJ_MUSTUSE sj_status sj_dir_make(const char *path, sj_err *err);

/** @brief `path` taken relative to the folder of file `base` (absolute paths as they are). New. */
char *sj_path_beside(const char *base, const char *path);

/** @brief "folder/name". Returns new, NULL when memory ends. */
char *sj_path_join(const char *folder, const char *name);

/** @brief SHA-256 of a block as 64 hexadecimal digits and a NUL. */
void sj_sha256(const void *data, size_t length, char hex[65]);
#endif /* SJ_BASE_FILE_H */
