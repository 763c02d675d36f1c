#include "analysis/observed.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "io/format.h"

enum {
    TARGET,
    METRIC,
    PLACE,
    NATIONALITY,
    ITEM,
    FROM,
    TO,
    VALUE,
    UNIT,
    MARK,
    SOURCE,
    NOTE,
    N_HEADINGS
};

static const char *const headings[N_HEADINGS] = {"target", "metric", "place",  "nationality",
                                                 "item",   "from",   "to",     "value",
                                                 "unit",   "mark",   "source", "note"};

static const char *const columns_hint =
    "the columns are target,metric,place,nationality,item,from,to,value,unit,mark,source,note";

/* State of one reading. */
typedef struct reader {
    sj_observations *out;
    const sj_csv *csv;
    const char *text; /* the file, for places of cells */
    sj_problems *problems;
    int column[N_HEADINGS];
    size_t row;
    bool is_bad; /* the row has a problem */
} reader;

/* Start of line `line` (from 1) of a text. */
static const char *line_at(const char *text, int line)
{
    for (int i = 1; i < line && text != NULL; i++) {
        const char *end = strchr(text, '\n');
        text = end != NULL ? end + 1 : NULL;
    }
    return text;
}

static int characters(const char *from, const char *to)
{
    int n = 0;
    for (; from < to; from++) {
        n += ((unsigned char)*from & 0xC0) != 0x80;
    }
    return n;
}

/* What a terminal would obey is shown as "?". */
static void make_printable(char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < ' ' || *text == '\x7f') {
            *text = '?';
        }
    }
}

/* Place of a cell: its column counts characters from 1, quotes and all. */
static void place(const reader *r, int column, sj_err *err)
{
    int line = r->csv->line[r->row + 1];
    const char *start = line_at(r->text, line), *at = start, *end;
    (void)snprintf(err->source, sizeof err->source, "%.255s", r->csv->path);
    err->line = line;
    err->column = err->length = 1;
    if (start == NULL) {
        return;
    }
    for (int k = 0;; k++) {
        bool is_quoted = false;
        for (end = at; *end != '\0' && (is_quoted || strchr(",\r\n", *end) == NULL); end++) {
            is_quoted = is_quoted != (*end == '"');
        }
        if (k == column || *end != ',') {
            break;
        }
        at = end + 1;
    }
    err->column = 1 + characters(start, at);
    err->length = end > at ? characters(at, end) : 1;
    size_t shown = strcspn(start, "\r\n");
    if (shown < sizeof err->excerpt) {
        memcpy(err->excerpt, start, shown);
        err->excerpt[shown] = '\0';
        make_printable(err->excerpt);
    }
}

static void fail(reader *r, int heading, sj_status status, const char *hint, const char *fmt, ...)
    SJ_PRINTF(5, 6);

static void fail(reader *r, int heading, sj_status status, const char *hint, const char *fmt, ...)
{
    sj_err err;
    char text[300];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    make_printable(text);
    (void)SJ_FAIL(&err, status, "", "%s", text);
    (void)snprintf(err.hint, sizeof err.hint, "%s", hint);
    place(r, r->column[heading], &err);
    sj_problems_add(r->problems, &err);
    r->is_bad = true;
}

static const char *cell(const reader *r, int heading)
{
    return sj_csv_cell(r->csv, r->row, r->column[heading]);
}

/* The kind of value, and the metrics whose records it is made of. */
static void read_metric(reader *r, sj_observation *o)
{
    bool has_from = cell(r, FROM)[0] != '\0';
    bool is_programme = strchr(o->item, '/') == NULL && strcmp(o->item, "ALL") != 0;
    int metric = sj_metric_named(o->metric);
    o->n_totals = 1;
    if (strcmp(o->metric, "applied") == 0) {
        o->kind = SJ_OBSERVED_CHANGE;
        o->totals[0] = SJ_APPLIED_TOTAL;
    } else if (metric == SJ_COMPLETED && is_programme) {
        o->kind = SJ_OBSERVED_CHANGE; /* the reader of results makes it a flow for a post */
        o->totals[0] = SJ_GRANTED_TOTAL;
        o->totals[1] = SJ_REFUSED_TOTAL;
        o->n_totals = 2;
    } else if (metric >= 0) {
        sj_metric_kind kind = sj_metric_table[metric].kind;
        o->kind = kind == SJ_METRIC_FLOW                ? SJ_OBSERVED_FLOW
                  : kind == SJ_METRIC_TOTAL && has_from ? SJ_OBSERVED_CHANGE
                                                        : SJ_OBSERVED_LEVEL;
        o->totals[0] = (sj_metric)metric;
    } else {
        const char *names[SJ_N_METRICS + 1];
        char hint[120] = "`sojourn list metrics` names them";
        for (int i = 0; i < SJ_N_METRICS; i++) {
            names[i] = sj_metric_table[i].id;
        }
        names[SJ_N_METRICS] = "applied";
        const char *near = sj_suggest(o->metric, names, SJ_N_METRICS + 1);
        if (near != NULL) {
            (void)snprintf(hint, sizeof hint, "did you mean \"%s\"?", near);
        }
        fail(r, METRIC, SJ_E_CHOICE, hint, "unknown metric \"%.80s\"", o->metric);
    }
}

/* Can values of this metric be added up over places? */
static bool is_additive(const char *metric)
{
    static const char *const others[] = {"share", "ratio", "index", "days"};
    int of = sj_metric_named(metric);
    for (size_t i = 0; of >= 0 && i < sizeof others / sizeof others[0]; i++) {
        if (strcmp(sj_metric_table[of].unit, others[i]) == 0) {
            return false;
        }
    }
    return true;
}

/* A sum of places names each once. */
static void read_places(reader *r, const sj_observation *o)
{
    static const char *const hint = "a sum of places is written col+per, each once";
    char place[SJ_PLACE_TEXT], other[SJ_PLACE_TEXT];
    const char *rest = o->place;
    if (strchr(o->place, '+') == NULL) {
        return;
    }
    if (!is_additive(o->metric)) {
        fail(r, PLACE, SJ_E_MEANING, "", "%s cannot be added up over places", o->metric);
        return;
    }
    while (sj_places_next(&rest, place)) {
        const char *more = rest;
        if (place[0] == '\0' || strcmp(place, "ALL") == 0) {
            fail(r, PLACE, SJ_E_MEANING, hint, "a sum of places holds %s",
                 place[0] == '\0' ? "an empty one" : "ALL");
            return;
        }
        while (sj_places_next(&more, other)) {
            if (strcmp(place, other) == 0) {
                fail(r, PLACE, SJ_E_MEANING, hint, "a sum of places holds %.80s twice", place);
                return;
            }
        }
    }
}

static bool read_day(reader *r, int heading, sj_day *out)
{
    if (sj_day_parse(cell(r, heading), out)) {
        return true;
    }
    fail(r, heading, SJ_E_DATE, "a date is written YYYY-MM-DD, such as 2022-01-31",
         "\"%.40s\" in column %s is not a date", cell(r, heading), headings[heading]);
    return false;
}

static void read_period(reader *r, sj_observation *o)
{
    bool has_from = cell(r, FROM)[0] != '\0';
    bool is_level = o->kind == SJ_OBSERVED_LEVEL;
    if (has_from && is_level) {
        fail(r, FROM, SJ_E_MEANING, "leave `from` empty; `to` is the day",
             "%s is a level and has no period", o->metric);
    } else if (!has_from && !is_level) {
        fail(r, FROM, SJ_E_MEANING, "`from` is the first day of the period, `to` the last",
             "%s is a flow and needs the first day of its period", o->metric);
    }
    bool good = read_day(r, TO, &o->to);
    o->from = o->to;
    if (has_from && !is_level && read_day(r, FROM, &o->from) && good && o->from > o->to) {
        fail(r, FROM, SJ_E_MEANING, "`from` is the first day of the period, `to` the last",
             "the period ends before it begins");
    }
}

static void read_mark(reader *r, const sj_observation *o)
{
    if (strlen(o->mark) != 1 || strchr("SVFRA", o->mark[0]) == NULL) {
        fail(r, MARK, SJ_E_MARK, "one of S, V, F, R, A", "\"%.40s\" is no mark of evidence",
             o->mark);
    } else if (strchr("VS", o->mark[0]) != NULL && o->source[0] == '\0') {
        fail(r, SOURCE, SJ_E_MARK, "name the source, or use the mark A", "mark %s needs a source",
             o->mark);
    }
}

static void check_twice(reader *r, const sj_observation *o)
{
    for (size_t i = 0; i < r->out->rows.n && !r->is_bad; i++) {
        const sj_observation *other = &r->out->rows.at[i];
        if (other->to == o->to && other->from == o->from && sj_observation_is_same(other, o)) {
            fail(r, TARGET, SJ_E_MEANING, "one value for each place and date of a target",
                 "the row stands twice, first in line %d of %.100s", other->line, other->path);
        }
    }
}

static bool read_row(reader *r)
{
    sj_observation o = {.target = cell(r, TARGET),
                        .metric = cell(r, METRIC),
                        .place = cell(r, PLACE),
                        .nationality = cell(r, NATIONALITY),
                        .item = cell(r, ITEM),
                        .unit = cell(r, UNIT),
                        .mark = cell(r, MARK),
                        .source = cell(r, SOURCE),
                        .note = cell(r, NOTE),
                        .path = r->csv->path,
                        .line = r->csv->line[r->row + 1]};
    static const int needed[] = {TARGET, METRIC, PLACE, NATIONALITY, ITEM, TO, VALUE, MARK};
    r->is_bad = false;
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (cell(r, needed[i])[0] == '\0') {
            fail(r, needed[i], SJ_E_MISSING_KEY,
                 needed[i] >= PLACE && needed[i] <= ITEM ? "write ALL for a sum" : "",
                 "column %s is empty", headings[needed[i]]);
        }
    }
    if (r->is_bad) {
        return true;
    }
    read_metric(r, &o);
    if (!r->is_bad) {
        read_places(r, &o);
        read_period(r, &o);
    }
    if (!sj_csv_number(r->csv, r->row, r->column[VALUE], &o.value)) {
        fail(r, VALUE, SJ_E_CSV, "numbers have a point and no thousands separators",
             "\"%.40s\" is not a number", cell(r, VALUE));
    }
    read_mark(r, &o);
    check_twice(r, &o);
    return r->is_bad || sj_vec_push(&r->out->rows, o);
}

static bool check_headings(reader *r)
{
    sj_err err;
    bool good = r->csv->n_columns == N_HEADINGS;
    const char *wrong = NULL;
    for (int i = 0; i < N_HEADINGS; i++) {
        r->column[i] = i;
        if (sj_csv_column(r->csv, headings[i]) < 0 && wrong == NULL) {
            wrong = headings[i];
        }
        good = good && strcmp(r->csv->cell[i], headings[i]) == 0;
    }
    if (good) {
        return true;
    }
    (void)SJ_FAIL(&err, SJ_E_CSV, "",
                  wrong != NULL ? "column \"%s\" is missing"
                                : "there are other columns, or they stand in another order%s",
                  wrong != NULL ? wrong : "");
    (void)snprintf(err.hint, sizeof err.hint, "%s", columns_hint);
    (void)snprintf(err.source, sizeof err.source, "%.255s", r->csv->path);
    err.line = r->csv->line[0];
    err.column = err.length = 1;
    sj_problems_add(r->problems, &err);
    return false;
}

static sj_status no_memory(sj_problems *problems, const char *path)
{
    sj_err err;
    sj_status st = SJ_FAIL(&err, SJ_E_NOMEM, path, "out of memory");
    sj_problems_add(problems, &err);
    return st;
}

sj_status sj_observations_load(sj_observations *observations, const char *path,
                               sj_problems *problems)
{
    sj_csv csv;
    char *text = NULL;
    size_t length;
    sj_err err;
    size_t n_errors = problems->n_errors;
    sj_status st = sj_file_read(path, &text, &length, &err);
    if (st != SJ_OK) {
        sj_problems_add(problems, &err);
        return st;
    }
    st = sj_csv_parse(&csv, path, text, length, problems);
    if (st == SJ_OK && !sj_vec_push(&observations->tables, csv)) {
        sj_csv_clear(&csv);
        st = no_memory(problems, path);
    }
    if (st == SJ_OK) {
        reader r = {.out = observations, .csv = &csv, .text = text, .problems = problems};
        bool good = check_headings(&r);
        for (; good && r.row < csv.n_rows && st == SJ_OK; r.row++) {
            st = read_row(&r) ? SJ_OK : no_memory(problems, path);
        }
    }
    free(text);
    return st != SJ_OK || problems->n_errors == n_errors ? st : sj_problems_status(problems);
}

void sj_observations_clear(sj_observations *observations)
{
    for (size_t i = 0; i < observations->tables.n; i++) {
        sj_csv_clear(&observations->tables.at[i]);
    }
    sj_vec_clear(&observations->tables);
    sj_vec_clear(&observations->rows);
}

bool sj_observation_is_same(const sj_observation *a, const sj_observation *b)
{
    return strcmp(a->target, b->target) == 0 && strcmp(a->metric, b->metric) == 0 &&
           strcmp(a->place, b->place) == 0 && strcmp(a->nationality, b->nationality) == 0 &&
           strcmp(a->item, b->item) == 0;
}

int sj_observation_days(const sj_observation *row)
{
    return row->kind == SJ_OBSERVED_LEVEL ? 0 : row->to - row->from + 1;
}

bool sj_observation_is_alike(const sj_observation *a, const sj_observation *b)
{
    return sj_observation_is_same(a, b) &&
           abs(sj_observation_days(a) - sj_observation_days(b)) <= 3;
}

bool sj_observation_is_month(const sj_observation *row)
{
    return row->kind != SJ_OBSERVED_LEVEL && sj_day_is_first(row->from) &&
           row->to + 1 == sj_day_next_month(row->from);
}
