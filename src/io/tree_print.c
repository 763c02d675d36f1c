#include <math.h>
#include <string.h>

#include "base/str.h"
#include "io/format.h"
#include "io/tree_room.h"

enum { INDENT = 2, LINE_WIDTH = 100 };

static void print_text(sj_str *out, const char *text)
{
    static const char plain[] = "\"\\\b\f\n\r\t", escaped[] = "\"\\bfnrt";
    sj_str_add(out, "\"");
    for (; *text != '\0'; text++) {
        const char *found = strchr(plain, *text);
        if (found != NULL) {
            sj_str_printf(out, "\\%c", escaped[found - plain]);
        } else if ((unsigned char)*text < 0x20) {
            sj_str_printf(out, "\\u%04x", (unsigned)(unsigned char)*text);
        } else {
            sj_str_add_n(out, text, 1);
        }
    }
    sj_str_add(out, "\"");
}

static void print_leaf(sj_str *out, const cJSON *node)
{
    char number[SJ_NUMBER_TEXT];
    if (cJSON_IsString(node)) {
        print_text(out, node->valuestring);
    } else if (cJSON_IsNumber(node) && isfinite(node->valuedouble)) {
        (void)sj_format_number(node->valuedouble, number);
        sj_str_add(out, number);
    } else if (cJSON_IsBool(node)) {
        sj_str_add(out, cJSON_IsTrue(node) ? "true" : "false");
    } else {
        sj_str_add(out, "null");
    }
}

static bool is_container(const cJSON *node)
{
    return cJSON_IsObject(node) || cJSON_IsArray(node);
}

static bool has_container(const cJSON *node)
{
    for (const cJSON *child = node->child; child != NULL; child = child->next) {
        if (is_container(child)) {
            return true;
        }
    }
    return false;
}

static void start_line(sj_str *out, int depth)
{
    sj_str_printf(out, "\n%*s", INDENT * depth, "");
}

static void print_node(sj_str *out, const cJSON *node, int depth, bool in_line);

static void print_members(sj_str *out, const cJSON *node, int depth, bool in_line)
{
    for (const cJSON *child = node->child; child != NULL; child = child->next) {
        if (child != node->child) {
            sj_str_add(out, in_line ? ", " : ",");
        }
        if (!in_line) {
            start_line(out, depth + 1);
        }
        if (cJSON_IsObject(node)) {
            print_text(out, child->string);
            sj_str_add(out, ": ");
        }
        print_node(out, child, depth + 1, in_line);
    }
}

/* Containers of leaves stand in one line if it is not too long. */
static void print_node(sj_str *out, const cJSON *node, int depth, bool in_line)
{
    if (!is_container(node)) {
        print_leaf(out, node);
        return;
    }
    size_t start = out->n;
    in_line = in_line || !has_container(node);
    sj_str_add(out, cJSON_IsObject(node) ? "{" : "[");
    print_members(out, node, depth, in_line);
    if (in_line && node->child != NULL && out->n - start + (size_t)(INDENT * depth) > LINE_WIDTH) {
        out->n = start + 1;
        in_line = false;
        print_members(out, node, depth, in_line);
    }
    if (!in_line) {
        start_line(out, depth);
    }
    sj_str_add(out, cJSON_IsObject(node) ? "}" : "]");
}

char *sj_tree_print(sj_tree *tree)
{
    sj_str out = {0};
    print_node(&out, tree->root, 0, false);
    sj_str_add(&out, "\n");
    if (out.failed) {
        sj_str_clear(&out);
    }
    return out.text;
}
