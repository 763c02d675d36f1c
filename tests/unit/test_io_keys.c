/**
 * @file test_io_keys.c
 * @brief Reading by key tables: every type, every fault with its place, values, patterns,
 * documentation. Usage: test_io_keys [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"
#include "io/keys.h"
#include "io_table.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct reading {
    sj_tree *tree;
    sj_arena *arena;
    sj_values *values;
    sj_problems problems;
    sj_reader reader;
    test_root root;
} reading;

static void begin(reading *r, const char *text)
{
    memset(r, 0, sizeof *r);
    sj_status st = sj_tree_parse(&r->tree, "w.json", text, strlen(text), &r->problems);
    if (st != SJ_OK) {
        print_error("%s\n%s\n", text, r->problems.at[0].text);
    }
    assert_int_equal(st, SJ_OK);
    r->arena = sj_arena_new();
    r->values = sj_values_new();
    r->reader = (sj_reader){r->tree, r->arena, r->values, &r->problems, NULL};
}

static void end(reading *r)
{
    sj_reader_clear(&r->reader);
    sj_values_free(r->values);
    sj_arena_free(r->arena);
    sj_tree_free(r->tree);
    sj_problems_clear(&r->problems);
}

static void print_problems(const reading *r)
{
    for (size_t i = 0; i < r->problems.n; i++) {
        char text[4096];
        (void)sj_err_format(&r->problems.at[i], text, sizeof text);
        print_error("%s", text);
    }
}

/* Read a text that has no faults. */
static void read_good(reading *r, const char *text)
{
    begin(r, text);
    assert_int_equal(sj_keys_read(&r->reader, &root_table, &r->root), SJ_OK);
    print_problems(r);
    assert_int_equal(r->problems.n, 0);
}

static double base_of(const reading *r, const char *pointer)
{
    sj_val index = sj_values_find(r->values, pointer);
    assert_int_not_equal(index, SJ_NO_VALUE);
    return sj_values_row(r->values, index)->base;
}

static const sj_value *value_of(const reading *r, const char *pointer)
{
    sj_val index = sj_values_find(r->values, pointer);
    assert_int_not_equal(index, SJ_NO_VALUE);
    return sj_values_row(r->values, index);
}

static const char good_world[] =
    "{\n"
    "  \"format\": {\"value\": \"test/1\", \"mark\": \"V\", \"source\": \"census\", \"note\": "
    "\"n\"},\n"
    "  \"notes\": [1, \"anything\"], \"x-mine\": {\"a\": null},\n"
    "  \"start\": \"2022-01-31\",\n"
    "  \"sources\": {\"census\": {\"text\": \"a census\"}},\n"
    "  \"places\": {\n"
    "    \"nea\": {\"kind\": \"country\", \"people\": {\"value\": 5, \"mark\": \"S\", \"source\": "
    "\"census\"},"
    " \"name\": \"Near\", \"pass\": {\"default\": 0.25, \"ori\": 0.5, \"port\": 1}},\n"
    "    \"ori\": {\"kind\": \"country\", \"open\": false, \"rate_per_year\": {\"value\": 1, "
    "\"low\": 0.5, \"high\": 2}},\n"
    "    \"port\": {\"kind\": \"city\", \"parent\": \"nea\", \"pass\": {\"value\": 0.75, \"note\": "
    "\"x\"}, \"notes\": \"n\"}\n"
    "  },\n"
    "  \"stocks\": {\"ori\": {\"port\": 7, \"nea\": {\"count\": 8}}},\n"
    "  \"acts\": {\"2023-02-01\": 2, \"2022-02-01\": 1},\n"
    "  \"moves\": {\"a>b\": 3, \"a/b~c\": 4},\n"
    "  \"ops\": [{\"at\": \"/x\", \"set\": true}, {\"at\": \"/y\", \"set\": 2, \"value\": 9}],\n"
    "  \"to\": [\"port\", \"nea\"], \"groups\": [\"60+\", \"0-4\"], \"off\": [\"b\", \"a\", "
    "\"b\"],\n"
    "  \"weights\": {\"60+\": 4, \"5-17\": 2}, \"pledges\": {\"2023-01-01\": 2, \"2022-12-31\": "
    "1},\n"
    "  \"shares\": {\"port\": 3, \"nea\": {\"value\": 1}}, \"free\": {\"z>a\": 2, \"b\": 1},\n"
    "  \"noise\": {\"level\": -1}, \"any\": {\"deep\": [1]}\n"
    "}\n";

static void test_every_type(void **state)
{
    reading r;
    read_good(&r, good_world);
    const test_root *root = &r.root;
    assert_string_equal(root->format, "test/1");
    assert_int_equal(root->start, sj_day_of(2022, 1, 31));
    assert_int_equal(root->places.n, 3);
    const test_place *nea = &root->places.at[0], *ori = &root->places.at[1],
                     *port = &root->places.at[2];
    assert_string_equal(nea->item.id, "nea");
    assert_string_equal(port->item.pointer, "/places/port");
    assert_int_equal(port->item.ref, SJ_NO_REF);
    assert_int_equal(port->kind, 1);
    assert_int_equal(port->parent, 0);
    assert_int_equal(nea->parent, SJ_NO_REF);
    assert_int_equal(ori->people, SJ_NO_VALUE);
    assert_string_equal(nea->name, "Near");
    assert_null(ori->name);
    assert_true(sj_values_row(r.values, nea->people)->base == 5);
    assert_true(sj_values_row(r.values, ori->open)->base == 0);
    assert_true(sj_values_row(r.values, nea->open)->base == 1);
    assert_int_equal(root->stocks.at[0].item.ref, 1);
    assert_int_equal(root->stocks.at[0].in.n, 2);
    assert_int_equal(root->stocks.at[0].in.at[0].item.ref, 0);
    assert_true(base_of(&r, "/stocks/ori/port/count") == 7);
    assert_string_equal(root->acts.at[0].item.id, "2022-02-01");
    assert_string_equal(root->moves.at[0].item.pointer, "/moves/a~1b~0c");
    assert_true(base_of(&r, "/moves/a~1b~0c/count") == 4);
    assert_int_equal(root->ops.n, 2);
    assert_string_equal(root->ops.at[1].item.id, "1");
    assert_string_equal(root->ops.at[1].at, "/y");
    assert_true(base_of(&r, "/ops/0/set") == 1 && base_of(&r, "/ops/1/value") == 9);
    assert_int_equal(root->noise.sd == SJ_NO_VALUE, 0);
    assert_string_equal(root->noise.item.pointer, "/noise");
    assert_string_equal(root->noise.item.id, "");
    assert_true(cJSON_IsObject(root->any));
    assert_int_equal(sj_reader_find(&r.reader, "places", "port"), 2);
    assert_int_equal(sj_reader_find(&r.reader, "places", "far"), SJ_NO_REF);
    assert_int_equal(sj_reader_find(&r.reader, "shops", "port"), SJ_NO_REF);
    end(&r);
}

static void test_lists(void **state)
{
    reading r;
    read_good(&r, good_world);
    const test_root *root = &r.root;
    assert_int_equal(root->to.n, 2); /* in the order of the file */
    assert_int_equal(root->to.at[0], 2);
    assert_int_equal(root->to.at[1], 0);
    assert_int_equal(root->groups.at[0], 3);
    assert_int_equal(root->groups.at[1], 0);
    assert_int_equal(root->off.n, 3);
    assert_string_equal(root->off.at[2], "b");
    assert_int_equal(root->weights.at[0].ref, 1); /* sorted by word */
    assert_int_equal(root->weights.at[1].ref, 3);
    assert_int_equal(root->pledges.at[0].day, sj_day_of(2022, 12, 31));
    assert_string_equal(root->shares.at[0].id, "nea"); /* sorted by reference */
    assert_int_equal(root->shares.at[1].ref, 2);
    assert_true(sj_values_row(r.values, root->shares.at[1].value)->base == 3);
    assert_string_equal(root->free.at[0].id, "b");
    assert_int_equal(root->free.at[0].ref, SJ_NO_REF);
    assert_int_equal(root->free.at[0].day, SJ_NO_DAY);
    const test_share *pass = &root->places.at[0].pass;
    assert_int_equal(pass->of.n, 2);
    assert_string_equal(pass->of.at[0].id, "ori");
    assert_int_equal(pass->of.at[1].ref, 2);
    assert_true(base_of(&r, "/places/nea/pass/port") == 1);
    end(&r);
}

static void test_values(void **state)
{
    reading r;
    read_good(&r, good_world);
    const sj_value *v = value_of(&r, "/places/nea/people");
    assert_int_equal(v->mark, 'S');
    assert_string_equal(v->source, "census");
    assert_string_equal(v->key->name, "people");
    assert_int_equal(value_of(&r, "/places/ori/open")->mark, 'A');
    assert_int_equal(value_of(&r, "/places/nea/open")->mark, 'D');
    v = value_of(&r, "/places/nea/rate_per_year");
    assert_int_equal(v->mark, 'D');
    assert_true(v->base == 0.25 && v->law == SJ_LAW_FIXED);
    v = value_of(&r, "/places/ori/rate_per_year");
    assert_int_equal(v->law, SJ_LAW_TRIANGULAR);
    assert_true(v->a == 0.5 && v->b == 2);
    /* an object with a shorthand number: its own pointer finds that number, in every spelling */
    assert_true(base_of(&r, "/places/port/pass/default") == 0.75);
    assert_true(base_of(&r, "/places/port/pass") == 0.75);
    assert_true(base_of(&r, "/places/nea/pass") == 0.25);
    assert_true(base_of(&r, "/places/ori/pass") == 0.5);
    assert_string_equal(value_of(&r, "/places/port/pass")->note, "x");
    assert_int_equal(sj_values_find(r.values, "/places"), SJ_NO_VALUE);
    size_t n = sj_values_length(r.values);
    sj_val added = sj_values_add(r.values, "/made/up", &place_rows[2], 3.5);
    assert_int_equal(added, n);
    assert_true(base_of(&r, "/made/up") == 3.5);
    end(&r);
}

static void test_match(void **state)
{
    static const struct {
        const char *pattern;
        size_t n;
    } cases[] = {
        {"/places/nea/rate_per_year", 1},
        {"/places/*/rate_per_year", 3},
        {"/places/{nea,port}/open", 2},
        {"/places/{nea}/open", 1},
        {"/places/{nea,nea}/open", 1},
        {"/places/{n,e,a}/open", 0},
        {"/places/{}/open", 0},
        {"/places/*/*", 10},
        {"/places/*/pass", 3},
        {"/places/*/pass/*", 5},
        {"/*/*/people", 1},
        {"/places/*", 0},
        {"/places/ne*/open", 0},
        {"*", 0},
        {"", 0},
        {"/places/{nea/open", 0},
        {"/stocks/*/{port,nea}/count", 2},
        {"/moves/a~1b~0c/count", 1},
        {"/weights/{60+,5-17}", 2},
        {"/places/*/rate_per_year/", 0},
    };
    reading r;
    read_good(&r, good_world);
    sj_refs found = {NULL, 0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t before = found.n;
        size_t n = sj_values_match(r.values, cases[i].pattern, &found, r.arena);
        if (n != cases[i].n || found.n != before + n) {
            fail_msg("%s: %zu", cases[i].pattern, n);
        }
        for (size_t k = before + 1; k < found.n; k++) {
            assert_true(found.at[k] > found.at[k - 1]);
        }
    }
    end(&r);
}

/* The order of keys in the file changes nothing. */
static void test_order_of_file(void **state)
{
    reading r, s;
    read_good(&r,
              "{\"format\": \"f\", \"places\": {\"a\": {\"kind\": \"node\", \"people\": 1}, \"b\": "
              "{\"people\": 2, \"kind\": \"node\"}}, \"free\": {\"x\": 1, \"y\": 2}}");
    read_good(
        &s,
        "{\"free\": {\"y\": 2, \"x\": 1}, \"places\": {\"b\": {\"kind\": \"node\", \"people\": 2}, "
        "\"a\": {\"people\": 1, \"kind\": \"node\"}}, \"format\": \"f\"}");
    assert_int_equal(sj_values_length(r.values), sj_values_length(s.values));
    for (size_t i = 0; i < sj_values_length(r.values); i++) {
        assert_string_equal(sj_values_row(r.values, (sj_val)i)->pointer,
                            sj_values_row(s.values, (sj_val)i)->pointer);
        assert_true(sj_values_row(r.values, (sj_val)i)->base ==
                    sj_values_row(s.values, (sj_val)i)->base);
    }
    end(&r);
    end(&s);
}

static void test_absent(void **state)
{
    reading r;
    read_good(&r, "{\"format\": \"f\"}");
    const test_root *root = &r.root;
    assert_int_equal(root->start, SJ_NO_DAY);
    assert_int_equal(root->places.n, 0);
    assert_int_equal(root->to.n, 0);
    assert_int_equal(root->weights.n, 0);
    assert_int_equal(root->noise.level, SJ_NO_VALUE); /* required in an object that is absent */
    assert_string_equal(root->noise.item.pointer, "/noise");
    assert_int_equal(value_of(&r, "/noise/sd")->mark, 'D');
    assert_null(root->any);
    end(&r);
}

/* ---- laws --------------------------------------------------------------------------------- */

/* Read "rate_per_year" (above 0, at most 2) with such an object; the first problem in *err. */
static sj_value read_law(const char *object, sj_err *err, double *choices)
{
    reading r;
    char text[600];
    sj_value value = {0};
    (void)snprintf(
        text, sizeof text,
        "{\"format\": \"f\", \"places\": {\"a\": {\"kind\": \"node\", \"rate_per_year\": %s}}}",
        object);
    begin(&r, text);
    assert_int_equal(sj_keys_read(&r.reader, &root_table, &r.root), SJ_OK);
    memset(err, 0, sizeof *err);
    if (r.problems.n > 0) {
        *err = r.problems.at[0];
        assert_int_equal(err->line, 1);
    } else {
        value = *value_of(&r, "/places/a/rate_per_year");
        for (size_t i = 0; i < value.n_choices; i++) {
            choices[2 * i] = value.choices[i];
            choices[2 * i + 1] = value.weights[i];
        }
    }
    end(&r);
    return value;
}

static void test_laws(void **state)
{
    static const struct {
        const char *object;
        sj_law law;
        double a, b;
    } cases[] = {
        {"{\"value\": 1}", SJ_LAW_FIXED, 0, 0},
        {"{\"value\": 1, \"low\": 0.5, \"high\": 1.5}", SJ_LAW_TRIANGULAR, 0.5, 1.5},
        {"{\"value\": 1, \"low\": 1, \"high\": 1}", SJ_LAW_FIXED, 1, 1},
        {"{\"value\": 1, \"low\": 0.5, \"high\": 2, \"distribution\": \"uniform\"}", SJ_LAW_UNIFORM,
         0.5, 2},
        {"{\"value\": 1, \"distribution\": {\"law\": \"uniform\", \"low\": 0.5, \"high\": 2}}",
         SJ_LAW_UNIFORM, 0.5, 2},
        {"{\"value\": 1, \"distribution\": {\"law\": \"loguniform\", \"low\": 0.5, \"high\": 2, "
         "\"notes\": 1}}",
         SJ_LAW_LOGUNIFORM, 0.5, 2},
        {"{\"value\": 1, \"distribution\": {\"law\": \"normal\", \"mean\": -1, \"sd\": 5}}",
         SJ_LAW_NORMAL, -1, 5},
        {"{\"value\": 1, \"distribution\": {\"law\": \"lognormal\", \"mean_log\": -1, \"sd_log\": "
         "0.5}}",
         SJ_LAW_LOGNORMAL, -1, 0.5},
        {"{\"value\": 1, \"distribution\": {\"law\": \"beta\", \"alpha\": 2, \"beta\": 3}}",
         SJ_LAW_BETA, 2, 3},
    };
    sj_err err;
    double choices[8];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sj_value v = read_law(cases[i].object, &err, choices);
        if (err.status != SJ_OK || v.law != cases[i].law || v.a != cases[i].a ||
            v.b != cases[i].b) {
            fail_msg("%s: %s %d", cases[i].object, err.text, (int)v.law);
        }
    }
    sj_value v =
        read_law("{\"value\": 1, \"distribution\": {\"law\": \"discrete\", \"values\": [1, 2], "
                 "\"weights\": [3, 0]}}",
                 &err, choices);
    assert_int_equal(v.law, SJ_LAW_DISCRETE);
    assert_int_equal(v.n_choices, 2);
    assert_true(choices[0] == 1 && choices[1] == 3 && choices[2] == 2 && choices[3] == 0);
    v = read_law("{\"value\": 1, \"distribution\": {\"law\": \"discrete\", \"values\": [1]}}", &err,
                 choices);
    assert_true(v.n_choices == 1 && choices[1] == 1);
}

#define DISTRIBUTION(inside) "{\"value\": 1, \"distribution\": " inside "}"

static void test_law_faults(void **state)
{
    static const struct {
        const char *object;
        sj_status status;
        int column; /* within the object */
        const char *says;
    } cases[] = {
        {"{\"value\": 1, \"low\": 0.5}", SJ_E_DISTRIBUTION, 1, "\"high\" is missing"},
        {"{\"value\": 1, \"high\": 1.5}", SJ_E_DISTRIBUTION, 1, "\"low\" is missing"},
        {"{\"value\": 1, \"low\": 1.5, \"high\": 2}", SJ_E_DISTRIBUTION, 1, "does not lie between"},
        {"{\"value\": 1, \"low\": 0.5, \"high\": 0.9}", SJ_E_DISTRIBUTION, 1, "between low 0.5"},
        {"{\"value\": 1, \"low\": 0, \"high\": 2}", SJ_E_RANGE, 21, "0 is out of range"},
        {"{\"value\": 1, \"low\": 0.5, \"high\": 3}", SJ_E_RANGE, 34, "3 is out of range"},
        {"{\"value\": 1, \"low\": \"x\", \"high\": 3}", SJ_E_TYPE, 21, "must be a number"},
        {DISTRIBUTION("5"), SJ_E_DISTRIBUTION, 30, "names its \"law\""},
        {DISTRIBUTION("{}"), SJ_E_DISTRIBUTION, 30, "names its \"law\""},
        {DISTRIBUTION("{\"law\": 5}"), SJ_E_DISTRIBUTION, 38, "names its \"law\""},
        {DISTRIBUTION("\"normale\""), SJ_E_DISTRIBUTION, 30, "no law \"normale\""},
        {DISTRIBUTION("\"uniform\""), SJ_E_DISTRIBUTION, 1, "\"low\" is missing"},
        {DISTRIBUTION("\"normal\""), SJ_E_DISTRIBUTION, 30, "needs \"mean\" and \"sd\""},
        {DISTRIBUTION("{\"law\": \"normal\", \"mean\": 1, \"sd\": 0}"), SJ_E_DISTRIBUTION, 65,
         "\"sd\" must be above 0"},
        {DISTRIBUTION("{\"law\": \"normal\", \"mean\": \"1\", \"sd\": 1}"), SJ_E_DISTRIBUTION, 56,
         "\"mean\" must be a number"},
        {DISTRIBUTION("{\"law\": \"normal\", \"mean\": 1, \"std\": 1, \"sd\": 1}"),
         SJ_E_UNKNOWN_KEY, 59, "unknown key \"std\""},
        {DISTRIBUTION("{\"law\": \"beta\", \"alpha\": 0, \"beta\": 1}"), SJ_E_DISTRIBUTION, 55,
         "\"alpha\" must be above 0"},
        {DISTRIBUTION("{\"law\": \"discrete\"}"), SJ_E_DISTRIBUTION, 30, "needs \"values\""},
        {DISTRIBUTION("{\"law\": \"discrete\", \"values\": []}"), SJ_E_DISTRIBUTION, 60, "needs"},
        {DISTRIBUTION("{\"law\": \"discrete\", \"values\": [1, 9]}"), SJ_E_RANGE, 64, "9 is out"},
        {DISTRIBUTION("{\"law\": \"discrete\", \"values\": [1], \"weights\": [1, 2]}"),
         SJ_E_DISTRIBUTION, 76, "as long as"},
        {DISTRIBUTION("{\"law\": \"discrete\", \"values\": [1], \"weights\": [-1]}"),
         SJ_E_DISTRIBUTION, 76, "0 or above"},
        {DISTRIBUTION("{\"law\": \"discrete\", \"values\": [1], \"weights\": [0]}"),
         SJ_E_DISTRIBUTION, 76, "no finite sum"},
        {DISTRIBUTION("{\"law\": \"discrete\", \"values\": [1, 2], \"weights\": [1e308, 1e308]}"),
         SJ_E_DISTRIBUTION, 79, "no finite sum"},
        {"{\"value\": 1, \"low\": 1, \"high\": 2, \"distribution\": {\"law\": \"beta\", \"alpha\": "
         "1, "
         "\"beta\": 1}}",
         SJ_E_DISTRIBUTION, 21, "no meaning beside"},
        {"{\"value\": 1, \"low\": 1, \"high\": 2, \"distribution\": {\"law\": \"uniform\", "
         "\"low\": 1}}",
         SJ_E_DISTRIBUTION, 51, "stands twice"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sj_err err;
        double choices[8];
        (void)read_law(cases[i].object, &err, choices);
        int column = err.column - 66; /* where the object begins */
        bool is_good = err.status == cases[i].status && column == cases[i].column &&
                       strstr(err.text, cases[i].says) != NULL;
        if (!is_good) {
            fail_msg("%s: %d %d %s", cases[i].object, (int)err.status, column, err.text);
        }
    }
}

/* ---- faults ------------------------------------------------------------------------------- */

typedef struct fault {
    const char *text; /* begins in line 2 of a world that is otherwise good */
    sj_status status;
    int line, column, length;
    const char *where, *says, *hint;
} fault;

static void check_fault(const fault *f)
{
    reading r;
    sj_str text = {0};
    sj_str_printf(
        &text,
        "{\"format\": \"f\", \"sources\": {\"census\": {\"text\": \"t\"}}, \"places\": {\"nea\": "
        "{\"kind\": \"country\"}},\n%s}",
        f->text);
    begin(&r, text.text);
    assert_int_equal(sj_keys_read(&r.reader, &root_table, &r.root), SJ_OK);
    const sj_err *err = r.problems.n > 0 ? &r.problems.at[0] : NULL;
    bool is_good = r.problems.n == 1 && err->status == f->status && err->line == f->line &&
                   err->column == f->column && err->length == f->length &&
                   strcmp(err->where, f->where) == 0 && strstr(err->text, f->says) != NULL &&
                   strstr(err->hint, f->hint) != NULL && strcmp(err->source, "w.json") == 0;
    if (!is_good) {
        print_error("%s\n", f->text);
        print_problems(&r);
    }
    assert_true(is_good);
    sj_str_clear(&text);
    end(&r);
}

#define CHECK(faults)                                                                              \
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults)[0]; i++) {                              \
        check_fault(&(faults)[i]);                                                                 \
    }

static void test_unknown_and_missing(void **state)
{
    static const fault faults[] = {
        {"\"weight\": {}", SJ_E_UNKNOWN_KEY, 2, 1, 8, "", "unknown key \"weight\"",
         "did you mean \"weights\"? (meaning of weights)"},
        {"\"completely\": {}", SJ_E_UNKNOWN_KEY, 2, 1, 12, "", "unknown key",
         "known here: format,"},
        {"\"Format\": 1", SJ_E_UNKNOWN_KEY, 2, 1, 8, "", "unknown key \"Format\"", "\"format\""},
        {"\"stocks\": {\"nea\": {\"nea\": {\"count\": 1, \"cuont\": 2}}}", SJ_E_UNKNOWN_KEY, 2, 40,
         7, "/stocks/nea/nea", "unknown key \"cuont\"",
         "did you mean \"count\"? (persons; people)"},
        {"\"stocks\": {\"nea\": {\"nea\": {}}}", SJ_E_MISSING_KEY, 2, 27, 1, "/stocks/nea/nea",
         "key \"count\" is missing", "people (persons)"},
        {"\"noise\": {\"sd\": 1}", SJ_E_MISSING_KEY, 2, 10, 1, "/noise", "\"level\" is missing",
         ""},
        {"\"ops\": [{\"at\": \"/x\"},\n {\"set\": 1}]", SJ_E_MISSING_KEY, 3, 2, 1, "/ops/1",
         "\"at\" is missing", "pointer"},
        {"\"stocks\": {\"nea\": {\"nea\": {\"value\": 1, \"lwo\": 0}}}", SJ_E_UNKNOWN_KEY, 2, 40, 5,
         "/stocks/nea/nea/count", "unknown key \"lwo\"", "did you mean \"low\"?"},
        {"\"start\": {\"value\": \"2022-01-01\", \"low\": 1}", SJ_E_UNKNOWN_KEY, 2, 34, 5, "/start",
         "unknown key \"low\"", "known here: value, mark"},
        {"\"*\": 1", SJ_E_UNKNOWN_KEY, 2, 1, 3, "", "unknown key \"*\"", ""},
        {"\"weights\": {\"0-5\": 1}", SJ_E_CHOICE, 2, 13, 5, "/weights", "\"0-5\" is not allowed",
         "did you mean \"0-4\"? one of: 0-4, 5-17, 18-59, 60+"},
    };
    CHECK(faults)
}

static void test_types(void **state)
{
    static const fault faults[] = {
        {"\"stocks\": {\"nea\": {\"nea\": \"7\"}}", SJ_E_TYPE, 2, 27, 3, "/stocks/nea/nea",
         "must be an object", "people of one origin"},
        {"\"stocks\": {\"nea\": {\"nea\": {\"count\": \"7\"}}}", SJ_E_TYPE, 2, 37, 3,
         "/stocks/nea/nea/count", "must be a whole number, not a text", "without quotes"},
        {"\"stocks\": {\"nea\": {\"nea\": 7.5}}", SJ_E_TYPE, 2, 27, 3, "/stocks/nea/nea/count",
         "7.5 is not a whole number", ""},
        {"\"stocks\": {\"nea\": {\"nea\": 9007199254740993}}", SJ_E_RANGE, 2, 27, 16,
         "/stocks/nea/nea/count", "9007199254740992 is out of range", "between 0 and"},
        {"\"stocks\": {\"nea\": {\"nea\": 1e17}}", SJ_E_TYPE, 2, 27, 4, "/stocks/nea/nea/count",
         "at most 2^53", ""},
        {"\"free\": {\"a\": null}", SJ_E_TYPE, 2, 15, 4, "/free/a", "a number, not null",
         "deletes"},
        {"\"free\": {\"a\": true}", SJ_E_TYPE, 2, 15, 4, "/free/a", "not true or false", ""},
        {"\"free\": {\"a\": [1]}", SJ_E_TYPE, 2, 15, 1, "/free/a", "not a list", ""},
        {"\"free\": {\"a\": {\"b\": 1}}", SJ_E_TYPE, 2, 15, 1, "/free/a", "not an object", ""},
        {"\"free\": {\"a\": {\"low\": 1}}", SJ_E_MISSING_KEY, 2, 15, 1, "/free/a",
         "\"value\" is missing", "the value itself"},
        {"\"free\": {\"a\": {\"value\": \"x\"}}", SJ_E_TYPE, 2, 25, 3, "/free/a", "not a text", ""},
        {"\"free\": 5", SJ_E_TYPE, 2, 9, 1, "/free", "an object of numbers", ""},
        {"\"free\": {\"value\": 5}", SJ_E_TYPE, 2, 9, 1, "/free", "an object of numbers", ""},
        {"\"start\": 5", SJ_E_TYPE, 2, 10, 1, "/start", "must be a date", ""},
        {"\"noise\": 5", SJ_E_TYPE, 2, 10, 1, "/noise", "must be an object", "noise"},
        {"\"acts\": [1]", SJ_E_TYPE, 2, 9, 1, "/acts", "an object of ids", ""},
        {"\"ops\": {}", SJ_E_TYPE, 2, 8, 1, "/ops", "a list of objects", ""},
        {"\"ops\": [5]", SJ_E_TYPE, 2, 9, 1, "/ops/0", "must be an object", "a change"},
        {"\"to\": \"nea\"", SJ_E_TYPE, 2, 7, 5, "/to", "a list of texts", ""},
        {"\"off\": [\"a\", 1]", SJ_E_TYPE, 2, 14, 1, "/off", "a list of texts, not a number", ""},
        {"\"groups\": [\"0-4\", \"6-17\"]", SJ_E_CHOICE, 2, 19, 6, "/groups",
         "\"6-17\" is not allowed", "did you mean \"5-17\"?"},
        {"\"groups\": [\"0-4\", \"0-4\"]", SJ_E_MEANING, 2, 11, 1, "/groups", "stands twice", ""},
        {"\"to\": [\"nea\", \"nea\"]", SJ_E_MEANING, 2, 7, 1, "/to", "\"nea\" stands twice", ""},
        {"\"ops\": [{\"at\": \"a\", \"set\": \"true\"}]", SJ_E_TYPE, 2, 28, 6, "/ops/0/set",
         "a number, true or false", ""},
        {"\"start\": \"2022-02-29\"", SJ_E_DATE, 2, 10, 12, "/start",
         "\"2022-02-29\" is not a date", "YYYY-MM-DD"},
        {"\"pledges\": {\"2022-1-1\": 5}", SJ_E_DATE, 2, 13, 10, "/pledges", "is not a date", ""},
        {"\"acts\": {\"soon\": 5}", SJ_E_DATE, 2, 10, 6, "/acts", "is not a date", ""},
        {"\"free\": {\"\": 5}", SJ_E_ID, 2, 10, 2, "/free", "is not an id", "empty"},
    };
    CHECK(faults)
}

static void test_evidence(void **state)
{
    static const fault faults[] = {
        {"\"free\": {\"a\": {\"value\": 1, \"mark\": \"X\"}}", SJ_E_MARK, 2, 36, 3, "/free/a",
         "\"X\" is not a mark", "S, V, F, R, A"},
        {"\"free\": {\"a\": {\"value\": 1, \"mark\": \"VS\"}}", SJ_E_MARK, 2, 36, 4, "/free/a",
         "not a mark", ""},
        {"\"free\": {\"a\": {\"value\": 1, \"mark\": 1}}", SJ_E_TYPE, 2, 36, 1, "/free/a",
         "\"mark\" of a value must be a text", ""},
        {"\"free\": {\"a\": {\"value\": 1, \"mark\": \"V\"}}", SJ_E_MARK, 2, 15, 1, "/free/a",
         "mark V needs a source", "/sources"},
        {"\"free\": {\"a\": {\"value\": 1, \"mark\": \"S\", \"source\": \"sensus\"}}",
         SJ_E_REFERENCE, 2, 51, 8, "/free/a", "no source \"sensus\"", "did you mean \"census\"?"},
        {"\"free\": {\"a\": {\"value\": 1, \"mark\": \"S\", \"source\": \"elsewhere\"}}",
         SJ_E_REFERENCE, 2, 51, 11, "/free/a", "no source", "describe it"},
        {"\"start\": {\"value\": \"2022-01-01\", \"mark\": \"V\"}", SJ_E_MARK, 2, 10, 1, "/start",
         "needs a source", ""},
        {"\"free\": {\"a\": 2000000}", SJ_E_RANGE, 2, 15, 7, "/free/a", "2000000 is out of range",
         "must be between 0 and 1000000"},
    };
    CHECK(faults)
}

static void test_references(void **state)
{
    static const fault faults[] = {
        {"\"to\": [\"nea\", \"mea\"]", SJ_E_REFERENCE, 2, 15, 5, "/to",
         "no \"mea\" among the places", "did you mean \"nea\"?"},
        {"\"shares\": {\"elsewhere\": 1}", SJ_E_REFERENCE, 2, 12, 11, "/shares",
         "no \"elsewhere\" among the places", "known: nea"},
        {"\"stocks\": {\"nae\": {}}", SJ_E_REFERENCE, 2, 12, 5, "/stocks", "no \"nae\"", "\"nea\""},
        {"\"stocks\": {\"nea\": {\"nae\": 1}}", SJ_E_REFERENCE, 2, 20, 5, "/stocks/nea",
         "no \"nae\"", "\"nea\""},
    };
    CHECK(faults)
    reading r;
    begin(&r, "{\"format\": \"f\", \"to\": [\"a\"]}");
    assert_int_equal(sj_keys_read(&r.reader, &root_table, &r.root), SJ_OK);
    assert_int_equal(r.problems.n, 1);
    assert_string_equal(r.problems.at[0].hint, "there are no places");
    assert_int_equal(r.root.to.at[0], SJ_NO_REF);
    end(&r);
}

static void test_ids_and_ranges(void **state)
{
    reading r;
    begin(&r, "{\"format\": \"f\", \"places\": {\n"
              "\"1a\": {\"kind\": \"node\"},\n"
              "\"a_b\": {\"kind\": \"node\"},\n"
              "\"file\": {\"kind\": \"node\"},\n"
              "\"\": {\"kind\": \"node\"},\n"
              "\"a\\u00e9\": {\"kind\": \"node\"},\n"
              "\"x-a\": {\"kind\": \"nothing, skipped\"},\n"
              "\"notes\": \"skipped\",\n"
              "\"ok-1\": {\"kind\": \"nod\"},\n"
              "\"r\": {\"kind\": \"node\", \"rate_per_year\": 0},\n"
              "\"s\": {\"kind\": \"node\", \"people\": -1, \"open\": 1}}}");
    assert_int_equal(sj_keys_read(&r.reader, &root_table, &r.root), SJ_OK);
    static const struct {
        sj_status status;
        int line, column;
        const char *hint;
    } expected[] = {
        {SJ_E_ID, 2, 1, "a letter"},
        {SJ_E_ID, 3, 1, "letter"},
        {SJ_E_ID, 4, 1, "not value or file"},
        {SJ_E_ID, 5, 1, ""},
        {SJ_E_ID, 6, 1, ""},
        {SJ_E_CHOICE, 9, 18, "did you mean \"node\"? one of: country, city, node"},
        {SJ_E_RANGE, 10, 40, "must be above 0 and at most 2 (1/year)"},
        {SJ_E_RANGE, 11, 33, "must be between 0 and 9000000000000000 (persons)"},
        {SJ_E_TYPE, 11, 45, "without quotes"},
    };
    assert_int_equal(r.problems.n, 9); /* all of them, in the order of the file */
    for (size_t i = 0; i < 9; i++) {
        const sj_err *err = &r.problems.at[i];
        if (err->status != expected[i].status || err->line != expected[i].line ||
            err->column != expected[i].column || strstr(err->hint, expected[i].hint) == NULL) {
            print_problems(&r);
            fail_msg("problem %zu", i);
        }
    }
    end(&r);
}

/* A message as a person reads it. */
static void test_message(void **state)
{
    reading r;
    char text[2000];
    begin(&r, "{\n  \"format\": \"f\",\n  \"places\": {\"nea\": {\"kind\": \"city\", "
              "\"rate_per_yaer\": 1}}\n}");
    assert_int_equal(sj_keys_read(&r.reader, &root_table, &r.root), SJ_OK);
    (void)sj_err_format(&r.problems.at[0], text, sizeof text);
    assert_string_equal(
        text, "w.json:3:38: error E0213: unknown key \"rate_per_yaer\" in /places/nea\n"
              "    3 |   \"places\": {\"nea\": {\"kind\": \"city\", \"rate_per_yaer\": 1}}\n"
              "      |                                      ^^^^^^^^^^^^^^^ did you mean "
              "\"rate_per_year\"? (1/year; how many leave)\n");
    end(&r);
}

/* Faults of merged files and of the command line, sorted by file and place. */
static void test_faults_of_many_files(void **state)
{
    reading r;
    sj_err err;
    sj_tree *patch = NULL;
    begin(&r, "{\"format\": \"f\", \"places\": {\"a\": {\"kind\": \"nod\"}, \"b\": {\"kind\": "
              "\"node\"}}}");
    static const char text[] = "{\"places\": {\"b\": {\"knid\": 1}},\n\"format\": 5}";
    assert_int_equal(sj_tree_parse(&patch, "a.json", text, strlen(text), &r.problems), SJ_OK);
    assert_int_equal(sj_tree_merge(r.tree, "", patch, &err), SJ_OK);
    sj_tree_free(patch);
    assert_int_equal(sj_tree_set(r.tree, "/places/b/people=-3", &r.problems), SJ_OK);
    assert_int_equal(sj_keys_read(&r.reader, &root_table, &r.root), SJ_OK);
    assert_int_equal(r.problems.n, 4);
    assert_string_equal(r.problems.at[0].source, "a.json");
    assert_int_equal(r.problems.at[0].line, 1);
    assert_string_equal(r.problems.at[1].where, "/format");
    assert_int_equal(r.problems.at[1].line, 2);
    assert_string_equal(r.problems.at[2].source, "command line");
    assert_int_equal(r.problems.at[2].status, SJ_E_RANGE);
    assert_string_equal(r.problems.at[3].source, "w.json");
    end(&r);
}

static void test_set_and_read(void **state)
{
    reading r;
    begin(&r, good_world);
    assert_int_equal(sj_tree_set(r.tree, "/places/nea/people=9", &r.problems), SJ_OK);
    assert_int_equal(sj_tree_set(r.tree, "/places/nea/pass/default=0.125", &r.problems), SJ_OK);
    assert_int_equal(sj_tree_set(r.tree, "/places/port/pass=0.5", &r.problems), SJ_OK);
    assert_int_equal(sj_tree_set(r.tree, "/places/nea/open=false", &r.problems), SJ_OK);
    assert_int_equal(sj_keys_read(&r.reader, &root_table, &r.root), SJ_OK);
    print_problems(&r);
    assert_int_equal(r.problems.n, 0);
    const sj_value *v = value_of(&r, "/places/nea/people");
    assert_true(v->base == 9 && v->mark == 'A');
    assert_string_equal(v->source, "command line");
    assert_true(base_of(&r, "/places/nea/pass") == 0.125);
    assert_true(base_of(&r, "/places/port/pass/default") == 0.5);
    assert_true(base_of(&r, "/places/nea/open") == 0);
    end(&r);
}

/* Absent objects are made and shorthands written out on the way, as the tables say. */
static void test_set_by_table(void **state)
{
    static const char *const good[] = {"/noise/level=3", "/places/b/pass/a=0.25",
                                       "/places/a/pass/default=0.5", "/places/a/pass/b=0.75",
                                       "/stocks/a/b/count=8"};
    static const char *const bad[] = {
        "/nois/level=3", "/places/c/pass/a=1", "/places/c/pass=1",  "/stocks/c/b/count=1",
        "/format/x=1",   "noise/level=1",      "/places/b\xFF/c=1", "/noise"};
    reading r;
    begin(&r, "{\"format\": \"f\", \"stocks\": {\"a\": {\"b\": 7}}, \"places\": {\"a\": {\"kind\": "
              "\"node\"},\n"
              "\"b\": {\"kind\": \"node\", \"pass\": {\"value\": 0.125, \"mark\": \"F\"}}}}");
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_int_equal(sj_keys_set(&root_table, r.tree, good[i], &r.problems), SJ_OK);
    }
    sj_err err = {0};
    sj_tree_place(r.tree, "/places/b/pass/default", false, &err);
    assert_int_equal(err.line, 2); /* what was written out keeps its place */
    assert_int_equal(sj_keys_read(&r.reader, &root_table, &r.root), SJ_OK);
    print_problems(&r);
    assert_int_equal(r.problems.n, 0);
    assert_true(base_of(&r, "/noise/level") == 3);
    assert_true(base_of(&r, "/places/b/pass/a") == 0.25);
    assert_true(base_of(&r, "/stocks/a/b") == 8);
    assert_true(base_of(&r, "/places/b/pass") == 0.125);
    assert_int_equal(value_of(&r, "/places/b/pass")->mark, 'F');
    assert_true(base_of(&r, "/places/a/pass") == 0.5);
    assert_true(base_of(&r, "/places/a/pass/b") == 0.75);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        size_t n = r.problems.n;
        assert_int_not_equal(sj_keys_set(&root_table, r.tree, bad[i], &r.problems), SJ_OK);
        assert_int_equal(r.problems.n, n + 1);
    }
    end(&r);
}

static void test_many_problems(void **state)
{
    reading r;
    sj_str text = {0};
    sj_str_add(&text, "{\"format\": \"f\", \"places\": {");
    for (int i = 0; i < 20000; i++) {
        sj_str_printf(&text, "%s\"p%d\": {\"kind\": \"node\", \"parent\": \"q%d\"}",
                      i == 0 ? "" : ",", i, i);
    }
    sj_str_add(&text, "}}");
    begin(&r, text.text);
    assert_int_equal(sj_keys_read(&r.reader, &root_table, &r.root), SJ_OK);
    assert_int_equal(r.problems.n, 1001);
    assert_string_equal(r.problems.at[1000].text, "19000 more problems are not shown");
    end(&r);
    sj_str_clear(&text);
}

static void test_reader_problems(void **state)
{
    reading r;
    read_good(&r, good_world);
    sj_reader_problem(&r.reader, SJ_E_MEANING, "/places/port/parent", NULL, "is %d", 5);
    sj_reader_warning(&r.reader, SJ_E_DATE, "/acts/2023-02-01", "look", "late");
    sj_reader_problem(&r.reader, SJ_E_MEANING, "/places/port/nothing/here", "h", "%s", "x");
    assert_int_equal(r.problems.n, 3);
    assert_int_equal(r.problems.n_errors, 2);
    const sj_err *err = r.problems.at;
    assert_string_equal(err[0].text, "is 5");
    assert_int_equal(err[0].line, 9);
    assert_int_equal(err[0].column, 40);
    assert_int_equal(err[0].length, 5);
    assert_true(err[1].is_warning);
    assert_int_equal(err[1].line, 12);
    assert_string_equal(err[1].hint, "look");
    assert_int_equal(err[2].line, 9);
    end(&r);
}

static void test_read_at(void **state)
{
    reading r;
    test_place place;
    read_good(&r, good_world);
    assert_int_equal(sj_keys_read_at(&r.reader, &place_table, "/places/port", &place), SJ_OK);
    assert_int_equal(place.parent, 0); /* the collection of the earlier reading */
    assert_string_equal(place.item.pointer, "/places/port");
    assert_int_equal(sj_keys_read_at(&r.reader, &place_table, "/places/none", &place), SJ_OK);
    assert_int_equal(place.parent, SJ_NO_REF);
    assert_int_equal(r.problems.n, 0);
    end(&r);
}

static void test_find(void **state)
{
    static const char *const good[][2] = {
        {"/format", "format"},
        {"/places", "places"},
        {"/places/nea", "places"},
        {"/places/nea/people", "people"},
        {"/places/*/pass", "pass"},
        {"/places/*/pass/default", "default"},
        {"/places/*/pass/ori", "*"},
        {"/places/{a,b}/pass/*", "*"},
        {"/stocks/ori/nea/count", "count"},
        {"/stocks/*/*/count", "count"},
        {"/stocks/ori/nea", "*"},
        {"/acts/2022-01-01/count", "count"},
        {"/moves/a~1b/count", "count"},
        {"/ops/0/set", "set"},
        {"/weights/0-4", "weights"},
        {"/noise/sd", "sd"},
        {"/any/thing/below", "any"},
    };
    static const char *const bad[] = {"",
                                      "x",
                                      "/x",
                                      "/format/x",
                                      "/places/nea/x",
                                      "/noise/sd/x",
                                      "/weights/0-4/x",
                                      "/places/nea/pass/ori/x"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        const sj_key *row = sj_keys_find(&root_table, good[i][0]);
        if (row == NULL || strcmp(row->name, good[i][1]) != 0) {
            fail_msg("%s: %s", good[i][0], row == NULL ? "nothing" : row->name);
        }
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_null(sj_keys_find(&root_table, bad[i]));
    }
}

static void test_markdown(void **state)
{
    static const char *const parts[] = {
        "## root\n\na small world\n\n| key | type |",
        "| `places` | objects [place](#place) by id |",
        "| `stocks` | objects [stocks](#stocks) by id of `places` |",
        "| `ops` | list of [op](#op) |",
        "| `weights` | numbers by `0-4`, `5-17`, `18-59`, `60+` |",
        "| `pledges` | numbers by date |  | between 0 and 1000000 |",
        "## place\n",
        "| `kind` | one of `country`, `city`, `node` |  |  | **required** | no | what it is |  |\n",
        "| `rate_per_year` | number | 1/year | above 0 and at most 2 | 0.25 | yes | how many leave "
        "| a "
        "source \\| of defaults |\n",
        "| `open` | true or false |  |  | true | yes | lets people in |  |\n",
        "| `default` | number (in place of the whole object) | share | between 0 and 1 | 0.5 | ",
    };
    char *text = sj_keys_markdown(&root_table);
    assert_non_null(text);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (strstr(text, parts[i]) == NULL) {
            fail_msg("%s\nis missing in\n%s", parts[i], text);
        }
    }
    const char *first = strstr(text, "## stock\n");
    assert_non_null(first);
    assert_null(strstr(first + 1, "## stock\n")); /* a table used twice is written once */
    free(text);
}

static void test_large(void **state)
{
    reading r;
    sj_str text = {0};
    sj_str_add(&text, "{\"format\": \"f\", \"places\": {\"top\": {\"kind\": \"country\"}");
    for (int i = 0; i < 20000; i++) {
        sj_str_printf(&text,
                      ",\n\"p%d\": {\"kind\": \"node\", \"parent\": \"p%d\", \"people\": %d}", i,
                      (i * 7) % 20000, i);
    }
    sj_str_add(&text, "}}");
    read_good(&r, text.text);
    assert_int_equal(r.root.places.n, 20001);
    assert_true(base_of(&r, "/places/p777/people") == 777);
    end(&r);
    sj_str_clear(&text);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_type),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_match),
        cmocka_unit_test(test_order_of_file),
        cmocka_unit_test(test_absent),
        cmocka_unit_test(test_laws),
        cmocka_unit_test(test_law_faults),
        cmocka_unit_test(test_unknown_and_missing),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_evidence),
        cmocka_unit_test(test_references),
        cmocka_unit_test(test_ids_and_ranges),
        cmocka_unit_test(test_message),
        cmocka_unit_test(test_faults_of_many_files),
        cmocka_unit_test(test_set_and_read),
        cmocka_unit_test(test_set_by_table),
        cmocka_unit_test(test_many_problems),
        cmocka_unit_test(test_reader_problems),
        cmocka_unit_test(test_read_at),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_markdown),
        cmocka_unit_test(test_large),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
