#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/format.h"
#include "io/keys_room.h"

enum { PART_VALUE, PART_MARK, PART_SOURCE, PART_NOTE, N_TEXT_PARTS };
enum { PART_LOW = N_TEXT_PARTS, PART_HIGH, PART_DISTRIBUTION, N_PARTS };

/* Keys of a value object, as rows so that a suggestion can tell what they mean; a text has the
 * first four. */
static const sj_key part_rows[N_PARTS] = {
    [PART_VALUE] = {.name = "value", .doc = "the value itself"},
    [PART_MARK] = {.name = "mark", .doc = "evidence: one of S V F R A"},
    [PART_SOURCE] = {.name = "source", .doc = "id in /sources"},
    [PART_NOTE] = {.name = "note", .doc = "a remark"},
    [PART_LOW] = {.name = "low", .doc = "low end of the range"},
    [PART_HIGH] = {.name = "high", .doc = "high end of the range"},
    [PART_DISTRIBUTION] = {.name = "distribution", .doc = "law of the uncertainty"},
};

/* Sort the members of a value object to its parts. */
static void find_parts(sj_reader *reader, const cJSON *node, size_t n, const cJSON *parts[])
{
    for (const cJSON *child = node->child; child != NULL; child = child->next) {
        size_t i = 0;
        while (i < n && strcmp(child->string, part_rows[i].name) != 0) {
            i++;
        }
        if (i < n) {
            parts[i] = child;
        } else if (!sji_is_skipped(child->string)) {
            sji_report_unknown(reader, child, part_rows, n);
        }
    }
}

static const char *part_text(sj_reader *reader, const cJSON *part, const char *name)
{
    if (part == NULL) {
        return NULL;
    }
    if (!cJSON_IsString(part)) {
        SJI_REPORT(reader, part, SJ_E_TYPE, "", "\"%s\" of a value must be a text", name);
        return NULL;
    }
    return part->valuestring;
}

static bool is_source(const sj_reader *reader, const char *id)
{
    size_t low = 0, high = reader->state->sources.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(id, reader->state->sources.at[middle]);
        if (order == 0) {
            return true;
        }
        low = order > 0 ? middle + 1 : low;
        high = order < 0 ? middle : high;
    }
    return false;
}

static void check_source(sj_reader *reader, const cJSON *node, const char *source)
{
    char hint[256], shown[SJI_SHOWN];
    if (is_source(reader, source)) {
        return;
    }
    const struct sj_reader_state *state = reader->state;
    sji_hint_nearest(reader, hint, sizeof hint, source, state->sources.at, state->sources.n);
    if (hint[0] == '\0') {
        (void)snprintf(hint, sizeof hint, "describe it under /sources");
    }
    sji_show(shown, sizeof shown, source, strlen(source));
    SJI_REPORT(reader, node, SJ_E_REFERENCE, hint, "there is no source \"%s\" in /sources", shown);
}

/* Mark, source and note of a value object. */
static void read_evidence(sj_reader *reader, const cJSON *node, const cJSON *const parts[],
                          sj_value *value)
{
    const char *mark = part_text(reader, parts[PART_MARK], "mark");
    const char *source = part_text(reader, parts[PART_SOURCE], "source");
    const char *note = part_text(reader, parts[PART_NOTE], "note");
    value->mark = 'A';
    value->source = source == NULL ? NULL : sji_copy(reader, source);
    value->note = note == NULL ? NULL : sji_copy(reader, note);
    if (mark == NULL) {
        return;
    }
    if (strlen(mark) != 1 || strchr("SVFRA", mark[0]) == NULL) {
        char shown[SJI_SHOWN];
        sji_show(shown, sizeof shown, mark, strlen(mark));
        SJI_REPORT(reader, parts[PART_MARK], SJ_E_MARK, "one of S, V, F, R, A",
                   "\"%s\" is not a mark of evidence", shown);
        return;
    }
    value->mark = mark[0];
    if (mark[0] != 'V' && mark[0] != 'S') {
        return;
    }
    if (source != NULL) {
        check_source(reader, parts[PART_SOURCE], source);
    } else if (parts[PART_SOURCE] == NULL) {
        SJI_REPORT(reader, node, SJ_E_MARK, "add \"source\": an id of /sources",
                   "a value of mark %c needs a source", mark[0]);
    }
}

static const char *wanted_number(const sj_key *row)
{
    bool takes_bool = (row->flags & SJ_KEY_OR_BOOL) != 0;
    return row->type == SJ_KEY_BOOL      ? "true or false"
           : row->type == SJ_KEY_INTEGER ? "a whole number"
           : takes_bool                  ? "a number, true or false"
                                         : "a number";
}

static bool is_in_range(const sj_key *row, double x)
{
    bool is_above = (row->flags & SJ_KEY_OPEN_LOW) != 0 ? x > row->low : x >= row->low;
    return is_above && x <= row->high;
}

/* Check a number against the kind and the range of the key; false after a report. */
static bool check_number(sj_reader *reader, const sj_key *row, const cJSON *node, double x)
{
    char number[SJ_NUMBER_TEXT], range[160], hint[176];
    bool is_kind = row->type != SJ_KEY_INTEGER || (x == floor(x) && fabs(x) <= 0x1p53);
    if (is_kind && is_in_range(row, x)) {
        return true;
    }
    (void)sj_format_number(x, number);
    if (!is_kind) {
        SJI_REPORT(reader, node, SJ_E_TYPE, "", "%s is not a whole number of at most 2^53", number);
        return false;
    }
    sji_describe_range(range, sizeof range, row);
    (void)snprintf(hint, sizeof hint, "must be %s", range);
    SJI_REPORT(reader, node, SJ_E_RANGE, hint, "%s is out of range", number);
    return false;
}

bool sji_read_number(sj_reader *reader, const sj_key *row, const cJSON *node, double *out)
{
    bool takes_bool = row->type == SJ_KEY_BOOL || (row->flags & SJ_KEY_OR_BOOL) != 0;
    if (takes_bool && cJSON_IsBool(node)) {
        *out = cJSON_IsTrue(node) ? 1.0 : 0.0;
        return true;
    }
    if (row->type == SJ_KEY_BOOL || !cJSON_IsNumber(node) || !isfinite(node->valuedouble)) {
        sji_report_type(reader, row, node, wanted_number(row));
        return false;
    }
    *out = node->valuedouble;
    return check_number(reader, row, node, node->valuedouble);
}

/* A value object; false where no value can be made of it. */
static bool read_value_object(sj_reader *reader, const sj_key *row, const cJSON *node,
                              sj_value *value)
{
    const cJSON *parts[N_PARTS] = {0};
    find_parts(reader, node, N_PARTS, parts);
    read_evidence(reader, node, parts, value);
    if (!sji_read_number(reader, row, parts[PART_VALUE], &value->base)) {
        return false;
    }
    return sji_read_law(reader, row, parts[PART_LOW], parts[PART_HIGH], parts[PART_DISTRIBUTION],
                        node, value);
}

/* An object where a number should be: tell a value object without "value" from anything else. */
static bool report_object(sj_reader *reader, const sj_key *row, const cJSON *node)
{
    bool is_meant = sji_child(node, "low") != NULL || sji_child(node, "distribution") != NULL ||
                    sji_child(node, "mark") != NULL;
    if (is_meant) {
        SJI_REPORT(reader, node, SJ_E_MISSING_KEY, "the value itself, besides its range and mark",
                   "key \"value\" is missing");
    } else {
        sji_report_type(reader, row, node, wanted_number(row));
    }
    return false;
}

static bool read_leaf(sj_reader *reader, const sj_key *row, const cJSON *node, sj_value *value)
{
    if (node == NULL) {
        value->base = row->fallback;
        value->mark = 'D';
        return (row->flags & SJ_KEY_DEFAULT) != 0;
    }
    if (sji_is_atomic(node)) {
        return read_value_object(reader, row, node, value);
    }
    if (cJSON_IsObject(node)) {
        return report_object(reader, row, node);
    }
    value->mark = 'A';
    return sji_read_number(reader, row, node, &value->base);
}

sj_val sji_read_value(sj_reader *reader, const sj_key *row, const cJSON *node)
{
    sj_value value = {.pointer = reader->state->pointer.text, .key = row, .law = SJ_LAW_FIXED};
    if (!read_leaf(reader, row, node, &value)) {
        return SJ_NO_VALUE;
    }
    sj_val index = sji_values_push(reader->values, &value);
    if (index == SJ_NO_VALUE) {
        reader->state->no_memory = true;
    }
    return index;
}

const char *sji_read_text(sj_reader *reader, const sj_key *row, const cJSON *node,
                          const char *wanted)
{
    const cJSON *leaf = node;
    if (sji_is_atomic(node)) {
        const cJSON *parts[N_TEXT_PARTS] = {0};
        sj_value evidence = {0};
        find_parts(reader, node, N_TEXT_PARTS, parts);
        read_evidence(reader, node, parts, &evidence);
        leaf = parts[PART_VALUE];
    }
    if (!cJSON_IsString(leaf)) {
        sji_report_type(reader, row, leaf, wanted);
        return NULL;
    }
    return leaf->valuestring;
}
