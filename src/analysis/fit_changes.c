/* Changes since a base: what an event did to a series, observed and in the model. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/fit_inside.h"

/* Does the note begin with this word? */
static bool begins(const char *note, const char *word)
{
    size_t length = strlen(word);
    char next = strncmp(note, word, length) == 0 ? note[length] : 'x';
    return next == '\0' || strchr(" ,;:.", next) != NULL;
}

static bool is_base(const sj_observation *o)
{
    return begins(o->note, "base") || begins(o->note, "before");
}

static double change(double from, double to)
{
    return from > 0 && to > 0 ? log(to / from) : NAN;
}

/* The base of a row: that of its series which ends last before it; rows.n where there is none. */
static size_t base_of(const sj_fit *fit, const sj_fit_row *row)
{
    size_t found = fit->rows.n;
    for (size_t i = 0; i < fit->rows.n; i++) {
        const sj_observation *o = fit->rows.at[i].seen;
        if (o->to < row->seen->to && is_base(o) && sj_observation_is_alike(o, row->seen) &&
            (found == fit->rows.n || o->to > fit->rows.at[found].seen->to)) {
            found = i;
        }
    }
    return found;
}

sj_status sji_fit_changes(sj_fit *fit)
{
    for (size_t i = 0; i < fit->rows.n; i++) {
        const sj_fit_row *row = &fit->rows.at[i];
        size_t base = row->is_after && !is_base(row->seen) ? base_of(fit, row) : fit->rows.n;
        if (base == fit->rows.n) {
            continue;
        }
        const sj_fit_row *from = &fit->rows.at[base];
        sj_fit_change one = {base, i, change(from->seen->value, row->seen->value), NULL};
        one.model = sj_calloc(fit->options.n_folders, sizeof *one.model);
        for (size_t k = 0; one.model != NULL && k < fit->options.n_folders; k++) {
            one.model[k] = change(from->model[k].mean, row->model[k].mean);
        }
        if (one.model == NULL || !sj_vec_push(&fit->changes, one)) {
            free(one.model);
            return SJ_E_NOMEM;
        }
    }
    return SJ_OK;
}
