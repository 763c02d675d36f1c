/* Values that a policy sets later: whoever changes one, in a file that extends another or with
 * --set, changes it up to that day only, and is told so. */
#include <string.h>

#include "world/derive.h"

/* Does an op set the value on days of the run that are known beforehand? */
static bool sets(const sj_world *w, const sj_op_of *op, sj_val value)
{
    const sj_spec_op *spec = op->spec;
    bool in_run = (spec->from == SJ_NO_DAY || spec->from <= w->spec.time.end) &&
                  (spec->to == SJ_NO_DAY || spec->to > w->spec.time.start);
    if (spec->set == SJ_NO_VALUE || spec->when.metric != NULL || !in_run) {
        return false;
    }
    for (int i = 0; i < op->n_values; i++) {
        if (op->values[i] == value) {
            return true;
        }
    }
    return false;
}

/* The op with `set` on a value that comes into force first during the run, by date and not by a
 * trigger; SJ_NO_REF where there is none. */
static int first_setter(const sj_world *w, sj_val value)
{
    int first = SJ_NO_REF; /* a day that is not given, SJ_NO_DAY, is before all others */
    for (int i = 0; i < w->n_ops; i++) {
        if (sets(w, &w->ops[i], value) &&
            (first == SJ_NO_REF || w->ops[i].spec->from < w->ops[first].spec->from)) {
            first = i;
        }
    }
    return first;
}

static bool is_from(const char *source, const char *file)
{
    return strcmp(source, strcmp(file, "-") == 0 ? "standard input" : file) == 0;
}

/* Does the value come from the file itself or from --set, and the policy from a file below it? A
 * policy of --with was chosen beside the value. */
static bool is_overruled(const sji_derive *d, const sj_value *value, const sj_op_of *op)
{
    const sj_world *w = d->world;
    const char *policy = w->spec.policies.at[op->policy].item.pointer;
    const char *changed = sj_tree_source(d->reader->tree, value->pointer);
    const char *declared = sj_tree_source(d->reader->tree, policy);
    bool by_set = strcmp(changed, SJ_SOURCE_COMMAND_LINE) == 0;
    if (value->mark == 'D' || strcmp(declared, SJ_SOURCE_COMMAND_LINE) == 0) {
        return false;
    }
    return by_set || (is_from(changed, w->path) && !is_from(declared, w->path) &&
                      !is_from(sj_tree_source(d->reader->tree, op->spec->item.pointer), w->path));
}

static void warn(sji_derive *d, const sj_value *value, const sj_op_of *op)
{
    const sj_world *w = d->world;
    const char *policy = w->spec.policies.at[op->policy].item.id;
    static const char hint[] = "a policy with \"scale\" acts on all of its values";
    if (op->spec->from == SJ_NO_DAY || op->spec->from <= w->spec.time.start) {
        sj_reader_warning(d->reader, SJ_E_MEANING, value->pointer, hint,
                          "your value is not used: policy %s sets it from the first day", policy);
        return;
    }
    char last[SJ_DATE_TEXT], from[SJ_DATE_TEXT];
    sj_day_format(op->spec->from - 1, last);
    sj_day_format(op->spec->from, from);
    sj_reader_warning(d->reader, SJ_E_MEANING, value->pointer, hint,
                      "your value holds until %s only: policy %s sets it from %s", last, policy,
                      from);
}

void sji_warn_of_overruled(sji_derive *d)
{
    const sj_world *w = d->world;
    for (int i = 0; i < w->n_ops; i++) {
        const sj_op_of *op = &w->ops[i];
        for (int k = 0; op->spec->set != SJ_NO_VALUE && k < op->n_values; k++) {
            const sj_value *value = sj_values_row(w->values, op->values[k]);
            if (is_overruled(d, value, op) && first_setter(w, op->values[k]) == i) {
                warn(d, value, op);
            }
        }
    }
}
