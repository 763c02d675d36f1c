#include "cli/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static double seconds_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void sj_progress_start(sj_progress *progress, int n_asked, bool is_quiet)
{
    progress->n_asked = n_asked;
    progress->is_terminal = isatty(STDERR_FILENO) == 1;
    progress->is_quiet = is_quiet;
    progress->last_tenth = 0;
    progress->started = seconds_now();
}

static void draw_bar(int done, int total, double left)
{
    enum { WIDTH = 30 };
    int full = WIDTH * done / total;
    (void)fprintf(stderr, "\r[");
    for (int i = 0; i < WIDTH; i++) {
        (void)fputc(i < full ? '#' : '.', stderr);
    }
    (void)fprintf(stderr, "] %d of %d, %.0f s left   ", done, total, left);
    (void)fflush(stderr);
}

/* Why there are more replications than were asked for: some parameter draws are played twice. */
static void tell_second_plays(const sj_progress *progress, int total, const char *before)
{
    if (total > progress->n_asked) {
        (void)fprintf(stderr, "%s(%d and %d second plays for variance.csv)", before,
                      progress->n_asked, total - progress->n_asked);
    }
}

void sj_progress_show(void *self, int done, int total)
{
    sj_progress *progress = self;
    double left = (seconds_now() - progress->started) / done * (total - done);
    int tenth = 10 * done / total;
    if (progress->is_quiet) {
        return;
    }
    if (progress->is_terminal) {
        if (done == 1 && total > progress->n_asked) {
            tell_second_plays(progress, total, "");
            (void)fprintf(stderr, "\n");
        }
        draw_bar(done, total, left);
    } else if (tenth > progress->last_tenth) {
        progress->last_tenth = tenth;
        (void)fprintf(stderr, "%d of %d replications, %.0f s left", done, total, left);
        tell_second_plays(progress, total, " ");
        (void)fprintf(stderr, "\n");
    }
}

void sj_progress_end(sj_progress *progress)
{
    if (progress->is_terminal && !progress->is_quiet) {
        (void)fprintf(stderr, "\r%60s\r", "");
    }
}
