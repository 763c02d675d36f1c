#include "report/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { NOT_THERE = 127 };

static void read_talk(int from, sj_str *talk)
{
    char block[4096];
    for (;;) {
        ssize_t n = read(from, block, sizeof block);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return;
        }
        if (talk->n < 65536) { /* the rest is read and dropped */
            sj_str_add_n(talk, block, (size_t)n);
        }
    }
}

/* Exit status of the child, -1 if it ended otherwise. */
static int wait_for(pid_t child)
{
    int how = 0;
    while (waitpid(child, &how, 0) < 0) {
        if (errno != EINTR) {
            return -1;
        }
    }
    return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

/* Standard input from nowhere, both outputs into the pipe. An errno, 0 if it runs. */
static int start(char *const argv[], const int ends[2], pid_t *child)
{
    posix_spawn_file_actions_t actions;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed != 0) {
        return failed;
    }
    failed = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    for (int fd = STDOUT_FILENO; failed == 0 && fd <= STDERR_FILENO; fd++) {
        failed = posix_spawn_file_actions_adddup2(&actions, ends[1], fd);
    }
    if (failed == 0) {
        failed = posix_spawn_file_actions_addclose(&actions, ends[0]);
    }
    if (failed == 0) {
        failed = posix_spawnp(child, argv[0], &actions, NULL, argv, environ);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return failed;
}

/* *exit_status is NOT_THERE where no such program is in PATH. */
static sj_status run(char *const argv[], int *exit_status, sj_str *talk, sj_err *err)
{
    int ends[2];
    pid_t child = 0;
    if (pipe(ends) != 0) {
        return SJ_FAIL(err, SJ_E_IO, argv[0], "cannot make a pipe: %s", strerror(errno));
    }
    int failed = start(argv, ends, &child);
    (void)close(ends[1]);
    if (failed == 0) {
        read_talk(ends[0], talk);
        *exit_status = wait_for(child);
    }
    (void)close(ends[0]);
    if (failed == ENOENT || failed == EACCES || failed == ENOTDIR) {
        *exit_status = NOT_THERE;
    } else if (failed != 0) {
        return SJ_FAIL(err, SJ_E_IO, argv[0], "cannot start: %s", strerror(failed));
    }
    return SJ_OK;
}

/* The picture gets its name when it is whole and not empty. */
static sj_status take_picture(const char *part, const char *picture, int exit_status,
                              const sj_str *talk, sj_err *err)
{
    struct stat about;
    bool is_whole = exit_status == 0 && stat(part, &about) == 0 && about.st_size > 0;
    if (is_whole && rename(part, picture) == 0) {
        return SJ_OK;
    }
    int reason = errno;
    (void)unlink(part);
    if (is_whole) {
        return SJ_FAIL(err, SJ_E_IO, picture, "cannot write: %s", strerror(reason));
    }
    return SJ_FAIL(err, SJ_E_IO, picture, "gnuplot failed (exit status %d): %.400s", exit_status,
                   talk->n > 0 ? talk->text : "it said nothing");
}

/* What gnuplot does before the script: go to its folder, take format and name. A path is put into
 * single quotes, where only a line end could do harm. */
static sj_status put_orders(sj_str *out, const char *folder, const char *stem, const char *format,
                            sj_err *err)
{
    for (const char *c = folder; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20) {
            return SJ_FAIL(err, SJ_E_IO, folder, "a folder with control characters in its name");
        }
    }
    sj_str_add(out, folder[0] == '/' ? "cd '" : "cd './");
    for (const char *c = folder; *c != '\0'; c++) {
        sj_str_add_n(out, c, 1);
        sj_str_add(out, *c == '\'' ? "'" : "");
    }
    sj_str_printf(out, "'; format='%s'; picture='%s.%s.part'", format, stem, format);
    return SJ_OK;
}

sj_status sji_gnuplot_run(const char *folder, const char *stem, const char *format, bool *is_absent,
                          sj_str *talk, sj_err *err)
{
    sj_str orders = {0}, script = {0}, picture = {0}, part = {0}, said = {0};
    char program[] = "gnuplot", defaults[] = "-d", execute[] = "-e";
    int exit_status = 0;
    sj_status st = put_orders(&orders, folder, stem, format, err);
    sj_str_printf(&script, "%s.gp", stem);
    sj_str_printf(&picture, "%s/%s.%s", folder, stem, format);
    sj_str_printf(&part, "%s/%s.%s.part", folder, stem, format);
    if (st == SJ_OK && (orders.failed || script.failed || picture.failed || part.failed)) {
        st = SJ_FAIL(err, SJ_E_NOMEM, stem, "out of memory");
    }
    if (st == SJ_OK) {
        char *const argv[] = {program, defaults, execute, orders.text, script.text, NULL};
        st = run(argv, &exit_status, &said, err);
    }
    *is_absent = st == SJ_OK && exit_status == NOT_THERE;
    if (st == SJ_OK && !*is_absent) {
        st = take_picture(part.text, picture.text, exit_status, &said, err);
    }
    if (said.n > 0) {
        sj_str_add_n(talk, said.text, said.n);
    }
    sj_str_clear(&orders);
    sj_str_clear(&script);
    sj_str_clear(&picture);
    sj_str_clear(&part);
    sj_str_clear(&said);
    return st;
}
