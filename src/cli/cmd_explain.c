/* sojourn explain KEY|CODE|FILE, explain FILE ID. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/str.h"
#include "cli/commands.h"
#include "cli/examples.h"
#include "cli/load.h"
#include "io/format.h"
#include "record/metric.h"

static const char *const type_words[] = {"number",
                                         "whole number",
                                         "true or false",
                                         "text",
                                         "date",
                                         "one of",
                                         "id",
                                         "ids",
                                         "words",
                                         "texts",
                                         "numbers by key",
                                         "object",
                                         "objects by id",
                                         "list of objects",
                                         "any"};

static void show_number(const char *before, double x)
{
    char text[SJ_NUMBER_TEXT];
    (void)sj_format_number(x, text);
    (void)printf("%s%s", before, text);
}

static void show_key(const char *pointer, const sj_key *key)
{
    (void)printf("%s\n  %s\n  type: %s", pointer, key->doc, type_words[key->type]);
    for (size_t i = 0; key->words != NULL && key->words[i] != NULL; i++) {
        (void)printf("%s%s", i == 0 ? " " : ", ", key->words[i]);
    }
    if (key->of != NULL) {
        (void)printf(" of /%s", key->of);
    }
    (void)printf("\n");
    if (key->unit[0] != '\0') {
        (void)printf("  unit: %s\n", key->unit);
    }
    if (isfinite(key->low) && key->type <= SJ_KEY_INTEGER) {
        show_number("  range: ", key->low);
        show_number(" to ", key->high);
        (void)printf("%s\n",
                     (key->flags & SJ_KEY_OPEN_LOW) != 0 ? " (the low end itself excluded)" : "");
    }
    if ((key->flags & SJ_KEY_DEFAULT) != 0) {
        show_number("  default: ", key->fallback);
        (void)printf("%s%s\n", key->source[0] != '\0' ? ", " : "", key->source);
    } else {
        (void)printf("  default: none%s\n",
                     (key->flags & SJ_KEY_REQUIRED) != 0 ? ", required" : "");
    }
    (void)printf("  moved by policies: %s\n", (key->flags & SJ_KEY_DYNAMIC) != 0 ? "yes" : "no");
}

enum { MOST_DEPTH = 8 };

/* Every row with that name, in all tables: a bare word needs no pointer. */
static int show_named(const sj_key_table *table, const char *pointer, const char *name, int depth)
{
    int found = 0;
    for (size_t i = 0; depth < MOST_DEPTH && i < table->n_keys; i++) {
        const sj_key *key = &table->keys[i];
        sj_str at = {0};
        sj_str_printf(&at, "%s/%s", pointer, key->name);
        if (!at.failed && strcmp(key->name, name) == 0) {
            show_key(at.text, key);
            found++;
        }
        bool has_ids = key->type == SJ_KEY_MAP || key->type == SJ_KEY_LIST;
        if (has_ids && key->name[0] != '*') {
            sj_str_add(&at, "/ID");
        }
        if (!at.failed && key->table != NULL) {
            found += show_named(key->table, at.text, name, depth + 1);
        }
        sj_str_clear(&at);
    }
    return found;
}

static bool show_error_code(const char *word)
{
    size_t n;
    const sj_error_row *rows = sj_error_table(&n);
    for (size_t i = 0; i < n; i++) {
        char code[16];
        (void)snprintf(code, sizeof code, "E%04d", (int)rows[i].status);
        if (strcmp(word, code) == 0 || strcmp(word, rows[i].name) == 0) {
            (void)printf("%s %s: %s\n  exit status %d\n", code, rows[i].name, rows[i].text,
                         rows[i].exit_status);
            return true;
        }
    }
    return false;
}

static bool show_metric(const char *word)
{
    int m = sj_metric_named(word);
    if (m < 0) {
        return false;
    }
    const sj_metric_row *row = &sj_metric_table[m];
    (void)printf("metric %s\n  %s\n  unit: %s\n  place: %s\n  item: %s\n", row->id, row->doc,
                 row->unit, row->place, row->item[0] != '\0' ? row->item : "none");
    return true;
}

/* A word may name both, such as "capacity". */
static bool show_metric_and_keys(const char *word)
{
    bool is_metric = show_metric(word);
    return show_named(&sj_scenario_keys, "", word, 0) > 0 || is_metric;
}

static void show_marks(const sj_world *w)
{
    static const char marks[] = "SVFRAD";
    static const char *const meanings[] = {
        "the founding document",   "read in a source", "fitted or computed", "recalled", "assumed",
        "default of the key table"};
    for (size_t m = 0; m < sizeof meanings / sizeof meanings[0]; m++) {
        size_t n = 0, ranged = 0;
        for (size_t i = 0; i < sj_values_length(w->values); i++) {
            const sj_value *value = sj_values_row(w->values, (sj_val)i);
            n += value->mark == marks[m];
            ranged += value->mark == marks[m] && value->law != SJ_LAW_FIXED;
        }
        (void)printf("  %c  %5zu values, %zu with a range: %s\n", marks[m], n, ranged, meanings[m]);
    }
}

/* Below the pointer; or with a segment that is the word, or begins with it and a dash, whatever the
 * case. */
static bool is_about(const char *pointer, const char *word)
{
    size_t n = strlen(word);
    if (word[0] == '/') {
        return strncmp(pointer, word, n) == 0 && (pointer[n] == '\0' || pointer[n] == '/');
    }
    for (const char *at = strchr(pointer, '/'); at != NULL; at = strchr(at + 1, '/')) {
        if (strncasecmp(at + 1, word, n) == 0 && strchr("/-", at[1 + n]) != NULL) {
            return true; /* strchr finds the end of the text too */
        }
    }
    return false;
}

/* The id of the place that has the name, or whose name begins with these words; else the word. */
static const char *id_of(const sj_world *w, const char *word)
{
    size_t n = strlen(word);
    const char *begins = NULL;
    for (size_t i = 0; i < w->spec.places.n; i++) {
        const sj_spec_place *place = &w->spec.places.at[i];
        const char *name = place->name != NULL ? place->name : place->item.id;
        if (strcasecmp(place->item.id, word) == 0 || strcasecmp(name, word) == 0) {
            return place->item.id;
        }
        if (begins == NULL && strncasecmp(name, word, n) == 0 && name[n] == ' ') {
            begins = place->item.id;
        }
    }
    return begins != NULL ? begins : word;
}

/* Is it a place of the country with that id, or the place itself? */
static bool is_at(const sj_world *w, int place, const char *id)
{
    int country = w->country_of_place[place];
    return strcmp(w->spec.places.at[place].item.id, id) == 0 ||
           (country >= 0 && strcmp(w->countries[country].id, id) == 0);
}

/* Does the pointer belong to a border post whose link begins or ends at the place? */
static bool is_post_at(const sj_world *w, const char *pointer, const char *id)
{
    for (size_t i = 0; i < w->spec.posts.n; i++) {
        const sj_spec_post *post = &w->spec.posts.at[i];
        const sj_spec_link *link = &w->spec.links.at[post->link];
        if (is_about(pointer, post->item.pointer)) {
            return is_at(w, link->from, id) || is_at(w, link->to, id);
        }
    }
    return false;
}

static bool has_value(const sj_op_of *op, sj_val value)
{
    for (int i = 0; i < op->n_values; i++) {
        if (op->values[i] == value) {
            return true;
        }
    }
    return false;
}

static bool is_moved(const sj_world *w, sj_val value)
{
    for (int i = 0; i < w->n_ops; i++) {
        if (has_value(&w->ops[i], value)) {
            return true;
        }
    }
    return false;
}

/* "utilisation of nea-port shelter" */
static void show_watched(const sj_spec_trigger *t)
{
    const char *const where[] = {t->place, t->of};
    (void)printf("%s of", t->metric);
    for (int k = 0; k < 2; k++) {
        (void)printf("%s%s", where[k] != NULL ? " " : "", where[k] != NULL ? where[k] : "");
    }
}

/* " when utilisation of nea-port shelter is above 1 for 14 days", " by chance, 0.1 a year ..." */
static void show_trigger(const sj_world *w, const sj_spec_trigger *t)
{
    if (t->around != SJ_NO_VALUE) {
        show_number(" by chance, ", sj_values_row(w->values, t->hazard_per_year)->base);
        (void)printf(" a year where ");
        show_watched(t);
        show_number(" is ", sj_values_row(w->values, t->around)->base);
        show_number(", times exp of ", sj_values_row(w->values, t->sensitivity)->base);
        (void)printf(" for 1 above");
        return;
    }
    bool above = t->above != SJ_NO_VALUE;
    double days = sj_values_row(w->values, t->for_days)->base;
    (void)printf(" when ");
    show_watched(t);
    (void)printf(" is %s", above ? "above" : "below");
    show_number(" ", sj_values_row(w->values, above ? t->above : t->below)->base);
    show_number(" for ", days);
    (void)printf(days > 1 ? " days" : " day");
}

/* "from 2019-01-01 until 2020-01-01", "from the first day", "when utilisation ..." */
static void show_when(const sj_world *w, const sj_spec_op *op)
{
    char day[SJ_DATE_TEXT];
    if (op->when.metric != NULL) {
        show_trigger(w, &op->when);
    }
    if (op->from != SJ_NO_DAY && op->from > w->start) {
        sj_day_format(op->from, day);
        (void)printf(" from %s", day);
    } else if (op->when.metric == NULL) {
        (void)printf(" from the first day");
    }
    if (op->to != SJ_NO_DAY) {
        sj_day_format(op->to, day);
        (void)printf(" until %s", day);
    }
}

static bool is_switch(const sj_world *w, sj_val value)
{
    const sj_key *key = sj_values_row(w->values, value)->key;
    return key != NULL && key->type == SJ_KEY_BOOL;
}

/* Below a value: what policies do with it, in the order in which they act. */
static void show_ops(const sj_world *w, sj_val value)
{
    for (int i = 0; i < w->n_ops; i++) {
        const sj_spec_op *op = w->ops[i].spec;
        if (!has_value(&w->ops[i], value)) {
            continue;
        }
        bool sets = op->set != SJ_NO_VALUE, scales = op->scale != SJ_NO_VALUE;
        sj_val operand = sets ? op->set : scales ? op->scale : op->add;
        double x = sj_values_row(w->values, operand)->base;
        if (sets && is_switch(w, value)) {
            (void)printf("    set to %s", x > 0 ? "true" : "false");
        } else {
            show_number(sets ? "    set to " : scales ? "    scaled by " : "    added: ", x);
        }
        show_when(w, op);
        (void)printf(": policy %s\n", w->spec.policies.at[w->ops[i].policy].item.id);
    }
}

/* Behind the number of an op: what it acts on. */
static void show_target(const sj_world *w, sj_val value)
{
    for (int i = 0; i < w->n_ops; i++) {
        const sj_spec_op *op = w->ops[i].spec;
        if (op->set == value || op->scale == value || op->add == value) {
            (void)printf("; acts on %s", op->at);
        }
    }
}

static void show_value(const sj_world *w, sj_val index)
{
    const sj_value *v = sj_values_row(w->values, index);
    (void)printf("%s", v->pointer);
    if (is_switch(w, index)) {
        (void)printf(" %s", v->base > 0 ? "true" : "false");
    } else {
        show_number(" ", v->base);
    }
    if (v->law == SJ_LAW_TRIANGULAR) {
        show_number(" (", v->a);
        show_number(" to ", v->b);
        (void)printf(")");
    }
    if (v->key != NULL && v->key->unit[0] != '\0') {
        (void)printf(" %s", v->key->unit);
    }
    (void)printf(", %c%s%s%s%s", v->mark, v->source != NULL ? " " : "",
                 v->source != NULL ? v->source : "", v->note != NULL ? ": " : "",
                 v->note != NULL ? v->note : "");
    show_target(w, index);
    (void)printf("\n");
    show_ops(w, index);
}

/* The values that the files give: what is a default of the key table is said only where a policy
 * moves it. */
static int show_values(const char *path, const char *word, const sj_args *args)
{
    sj_world *w = NULL;
    struct stat about;
    sj_err err;
    if (strcmp(path, "-") != 0 && stat(path, &about) != 0) {
        (void)SJ_FAIL(&err, SJ_E_USAGE, "", "of two words the first is a file; \"%.100s\" is none",
                      path);
        return sj_say_error(&err);
    }
    int exit_status = sj_load_world(&w, path, args, NULL, 0);
    size_t found = 0;
    const char *id = exit_status == SJ_EXIT_OK ? id_of(w, word) : word;
    for (size_t i = 0; exit_status == SJ_EXIT_OK && i < sj_values_length(w->values); i++) {
        const sj_value *v = sj_values_row(w->values, (sj_val)i);
        bool is_told = v->mark != 'D' || is_moved(w, (sj_val)i);
        if (is_told && (is_about(v->pointer, id) || is_post_at(w, v->pointer, id))) {
            show_value(w, (sj_val)i);
            found++;
        }
    }
    if (exit_status == SJ_EXIT_OK && found == 0) {
        (void)SJ_FAIL(&err, SJ_E_USAGE, "", "no value of %s is about \"%.100s\"", path, word);
        (void)snprintf(err.hint, sizeof err.hint,
                       "a pointer such as /programmes, or the id or name of a country: "
                       "sojourn list countries FILE");
        exit_status = sj_say_error(&err);
    }
    sj_world_free(w);
    return exit_status;
}

static int show_scenario(const char *path, const sj_args *args)
{
    sj_world *w = NULL;
    int exit_status = sj_load_world(&w, path, args, NULL, 0);
    if (exit_status != SJ_EXIT_OK) {
        return exit_status;
    }
    char start[SJ_DATE_TEXT], end[SJ_DATE_TEXT];
    sj_day_format(w->start, start);
    sj_day_format(w->start + w->n_days, end);
    (void)printf(
        "%s: %s\n%s to %s, %d countries, %d peoples, %d links, %d programmes, %d services, "
        "%zu policies\n\nwhere its values come from:\n",
        w->spec.id, w->spec.title ? w->spec.title : "", start, end, w->n_countries, w->n_nations,
        (int)w->spec.links.n, w->n_programmes, w->n_services, w->spec.policies.n);
    show_marks(w);
    for (size_t i = 0; i < w->spec.policies.n; i++) {
        const sj_spec_policy *p = &w->spec.policies.at[i];
        (void)printf("%s  policy %s: %s\n", i == 0 ? "\n" : "", p->item.id,
                     p->title ? p->title : "");
    }
    sj_world_free(w);
    return SJ_EXIT_OK;
}

static bool is_example(const char *word)
{
    sj_examples all = {0};
    sj_err err;
    bool found = false;
    if (sj_examples_find(&all, &err) == SJ_OK) {
        for (size_t i = 0; i < all.n; i++) {
            found = found || strcmp(all.at[i].id, word) == 0;
        }
    }
    sj_examples_clear(&all);
    return found;
}

static int explain(const char *word, const sj_args *args)
{
    struct stat about;
    if (strcmp(word, "keys") == 0) {
        char *text = sj_keys_markdown(&sj_scenario_keys);
        (void)fputs(text != NULL ? text : "", stdout);
        free(text);
        return text != NULL ? SJ_EXIT_OK : 5;
    }
    if (word[0] == '/' && stat(word, &about) != 0) {
        const sj_key *key = sj_keys_find(&sj_scenario_keys, word);
        if (key != NULL) {
            show_key(word, key);
            return SJ_EXIT_OK;
        }
    } else if (show_error_code(word) || show_metric_and_keys(word)) {
        return SJ_EXIT_OK;
    } else if (strcmp(word, "-") == 0 || stat(word, &about) == 0) {
        return show_scenario(word, args);
    }
    sj_err err;
    (void)SJ_FAIL(&err, SJ_E_USAGE, "", "\"%.100s\" is no key, error code, metric or file", word);
    (void)snprintf(err.hint, sizeof err.hint,
                   is_example(word)
                       ? "an example, to be copied first: sojourn new NAME --from %.100s"
                       : "an id of a scenario: sojourn explain FILE %.100s",
                   word);
    return sj_say_error(&err);
}

static const sj_option options[] = {SJ_LOAD_OPTIONS};

static int explain_it(const sj_args *args)
{
    return args->n_rest == 2 ? show_values(args->rest[0], args->rest[1], args)
                             : explain(args->rest[0], args);
}

int sj_cmd_explain(int argc, char **argv)
{
    static const sj_usage usage = {
        .line = "explain KEY|POINTER|CODE|METRIC|FILE|keys, explain FILE ID|NAME|POINTER",
        .doc = "Tells what a key means (its unit, range, default and source), an "
               "error code,\na metric or a scenario file; `keys` prints the whole "
               "reference as Markdown.\nWith a file and an id (a country, a programme), the "
               "name of a place or a\npointer: the values it has there, with range, unit, mark, "
               "source and note. The posts\nat its borders belong to a country.",
        .options = options,
        .n_options = 3,
        .least = 1,
        .most = 2,
        .takes = "explain takes one word, or a file and an id or pointer",
        .run = explain_it};
    return sj_usage_run(&usage, argc, argv);
}
