#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "io/format.h"
#include "io/keys_room.h"

static const sj_key *find_row(const sj_key_table *table, const char *name)
{
    for (size_t i = 0; i < table->n_keys; i++) {
        if (strcmp(table->keys[i].name, name) == 0) {
            return &table->keys[i];
        }
    }
    return NULL;
}

static bool has_ids(const sj_key *row)
{
    return row->type == SJ_KEY_MAP || row->type == SJ_KEY_LIST || row->type == SJ_KEY_NUMBERS;
}

/* One step below an object of `table`: its row, and what is behind it. */
static sji_address step_to(const sj_key_table *table, const char **rest)
{
    char segment[SJI_SEGMENT];
    sji_address found = {NULL, NULL, false};
    *rest = table == NULL ? NULL : sji_pointer_next(*rest, segment, sizeof segment);
    if (*rest == NULL) {
        return found;
    }
    found.row = find_row(table, segment);
    if (found.row == NULL) {
        found.row = find_row(table, "*");
    }
    if (found.row == NULL) {
        return found;
    }
    found.is_item = has_ids(found.row) && sji_is_rest(found.row); /* its id was the segment */
    if (has_ids(found.row) && !found.is_item && (*rest)[0] != '\0') {
        *rest = sji_pointer_next(*rest, segment, sizeof segment);
        found.is_item = true;
    }
    if (found.is_item || found.row->type == SJ_KEY_OBJECT) {
        found.table = found.row->table;
    }
    return found;
}

sji_address sji_find(const sj_key_table *table, const char *pointer)
{
    sji_address found = {NULL, table, false};
    const char *rest = pointer;
    while (rest != NULL && rest[0] != '\0') {
        found = step_to(found.table, &rest);
        if (found.row == NULL || found.row->type == SJ_KEY_ANY) {
            return found;
        }
    }
    return rest == NULL ? (sji_address){NULL, NULL, false} : found;
}

const sj_key *sj_keys_find(const sj_key_table *table, const char *pointer)
{
    return sji_find(table, pointer).row;
}

/* A text of a table cell: "|" would end the cell. */
static void add_cell(sj_str *out, const char *text)
{
    for (; text != NULL && *text != '\0'; text++) {
        sj_str_add(out, *text == '|' ? "\\" : "");
        sj_str_add_n(out, text, 1);
    }
}

static void add_words(sj_str *out, const char *const *words)
{
    for (size_t i = 0; words != NULL && words[i] != NULL; i++) {
        sj_str_add(out, i == 0 ? "`" : ", `");
        add_cell(out, words[i]);
        sj_str_add(out, "`");
    }
}

/* Link to the section of a table: headings become lower case with "-" for blanks. */
static void add_link(sj_str *out, const sj_key_table *table)
{
    sj_str_printf(out, "[%s](#", table->name);
    for (const char *c = table->name; *c != '\0'; c++) {
        char lower = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c == ' ' ? '-' : *c;
        sj_str_add_n(out, &lower, 1);
    }
    sj_str_add(out, ")");
}

static const char *type_text(sj_key_type type)
{
    switch (type) {
    case SJ_KEY_NUMBER:
        return "number";
    case SJ_KEY_INTEGER:
        return "whole number";
    case SJ_KEY_BOOL:
        return "true or false";
    case SJ_KEY_TEXT:
        return "text";
    case SJ_KEY_DATE:
        return "date";
    case SJ_KEY_ENUM:
        return "one of ";
    case SJ_KEY_REF:
        return "id of ";
    case SJ_KEY_REFS:
        return "list of ids of ";
    case SJ_KEY_WORDS:
        return "list of ";
    case SJ_KEY_TEXTS:
        return "list of texts";
    case SJ_KEY_NUMBERS:
        return "numbers by ";
    case SJ_KEY_OBJECT:
        return "object ";
    case SJ_KEY_MAP:
        return "objects ";
    case SJ_KEY_LIST:
        return "list of ";
    case SJ_KEY_ANY:
        return "see the text";
    }
    return "";
}

static void add_type(sj_str *out, const sj_key *row)
{
    bool by_date = (row->flags & SJ_KEY_BY_DATE) != 0;
    sj_str_add(out, type_text(row->type));
    if (row->table != NULL) {
        add_link(out, row->table);
        sj_str_add(out, row->type != SJ_KEY_MAP ? "" : by_date ? " by date" : " by id");
        sj_str_printf(out, row->of != NULL ? " of `%s`" : "%s", row->of != NULL ? row->of : "");
    } else if (row->type == SJ_KEY_NUMBERS && by_date) {
        sj_str_add(out, "date");
    } else if (row->words != NULL) {
        add_words(out, row->words);
    } else if (row->of != NULL) {
        sj_str_printf(out, "`%s`", row->of);
    } else if (row->type == SJ_KEY_NUMBERS) {
        sj_str_add(out, "name");
    }
    if ((row->flags & SJ_KEY_SHORTHAND) != 0) {
        sj_str_add(out, " (in place of the whole object)");
    }
}

static void add_range(sj_str *out, const sj_key *row)
{
    char range[128];
    sj_key bare = *row;
    bare.unit = "";
    bool is_number =
        row->type == SJ_KEY_NUMBER || row->type == SJ_KEY_INTEGER || row->type == SJ_KEY_NUMBERS;
    sji_describe_range(range, sizeof range, &bare);
    sj_str_add(out, is_number ? range : "");
}

static void add_default(sj_str *out, const sj_key *row)
{
    char number[SJ_NUMBER_TEXT];
    if ((row->flags & SJ_KEY_REQUIRED) != 0) {
        sj_str_add(out, "**required**");
    }
    bool is_word = row->type == SJ_KEY_ENUM && (row->flags & SJ_KEY_REQUIRED) == 0;
    if ((row->flags & SJ_KEY_DEFAULT) == 0 && !is_word) {
        return;
    }
    if (row->type == SJ_KEY_ENUM) {
        sj_str_printf(out, "`%s`", row->words[(int)row->fallback]);
    } else if (row->type == SJ_KEY_BOOL) {
        sj_str_add(out, row->fallback != 0.0 ? "true" : "false");
    } else if (row->type == SJ_KEY_DATE) {
        char date[SJ_DATE_TEXT];
        sj_day_format((sj_day)row->fallback, date);
        sj_str_add(out, date);
    } else {
        (void)sj_format_number(row->fallback, number);
        sj_str_add(out, number);
    }
}

static void add_row(sj_str *out, const sj_key *row)
{
    sj_str_printf(out, "| `%s` | ", row->name);
    add_type(out, row);
    sj_str_add(out, " | ");
    add_cell(out, row->unit);
    sj_str_add(out, " | ");
    add_range(out, row);
    sj_str_add(out, " | ");
    add_default(out, row);
    sj_str_add(out, (row->flags & SJ_KEY_DYNAMIC) != 0 ? " | yes | " : " | no | ");
    add_cell(out, row->doc);
    sj_str_add(out, " | ");
    add_cell(out, row->source);
    sj_str_add(out, " |\n");
}

/* Tables that were written, in order; a table used twice is written once. */
typedef SJ_VEC(const sj_key_table *) table_list;

static bool is_listed(const table_list *list, const sj_key_table *table)
{
    for (size_t i = 0; i < list->n; i++) {
        if (list->at[i] == table) {
            return true;
        }
    }
    return false;
}

static void list_tables(table_list *list, const sj_key_table *table, sj_str *out)
{
    if (table == NULL || is_listed(list, table)) {
        return;
    }
    if (!sj_vec_push(list, table)) {
        out->failed = true;
        return;
    }
    for (size_t i = 0; i < table->n_keys; i++) {
        list_tables(list, table->keys[i].table, out);
    }
}

static void add_table(sj_str *out, const sj_key_table *table)
{
    sj_str_printf(out, "## %s\n\n%s\n\n", table->name, table->doc == NULL ? "" : table->doc);
    sj_str_add(out,
               "| key | type | unit | range | default | moved by policies | meaning | source |\n"
               "|---|---|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < table->n_keys; i++) {
        add_row(out, &table->keys[i]);
    }
}

char *sj_keys_markdown(const sj_key_table *table)
{
    table_list list = {0};
    sj_str out = {0};
    list_tables(&list, table, &out);
    for (size_t i = 0; i < list.n; i++) {
        sj_str_add(&out, i == 0 ? "" : "\n");
        add_table(&out, list.at[i]);
    }
    sj_vec_clear(&list);
    if (out.failed) {
        sj_str_clear(&out);
    }
    return out.text;
}
