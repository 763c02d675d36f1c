/* The values of a series. A row that has been 0, or missing, at every record so far is silent and
 * holds nothing but that; at its first other value it gets a place in a block, where the records
 * before are filled in. So a world of 100,000 rows of which one in ten ever says something costs
 * what 10,000 rows cost. */
#include "record/series.h"

#include <math.h>
#include <string.h>

#include "base/hash.h"

enum {
    SILENT_ZERO,
    SILENT_MISSING,
    FIRST_OPEN /* slot of the first row with values */
};
enum { ROWS_A_BLOCK = 64 };

static double *values_of(const sj_recorder *r, uint32_t slot)
{
    size_t at = slot - FIRST_OPEN;
    return r->blocks.at[at / ROWS_A_BLOCK] + at % ROWS_A_BLOCK * (size_t)r->n_records;
}

double sj_recorder_at(const sj_recorder *r, int record, size_t row)
{
    uint32_t slot = r->slot[row];
    return slot >= FIRST_OPEN ? values_of(r, slot)[record] : slot == SILENT_MISSING ? NAN : 0;
}

bool sj_recorder_says(const sj_recorder *r, size_t row)
{
    return r->slot[row] >= FIRST_OPEN;
}

/* ---- keys ---- */

static uint64_t hash_of(const sj_series_key *key)
{
    uint64_t hash = sj_hash_byte(SJ_HASH_START, (unsigned char)key->metric);
    hash = sj_hash_byte(sj_hash_text(hash, key->place), '/');
    hash = sj_hash_byte(sj_hash_text(hash, key->nationality), '/');
    return sj_hash_text(hash, key->item);
}

static bool is_same(const sj_series_key *a, const sj_series_key *b)
{
    return a->metric == b->metric && strcmp(a->place, b->place) == 0 &&
           strcmp(a->nationality, b->nationality) == 0 && strcmp(a->item, b->item) == 0;
}

/* The entry of a key, or the free one where it would stand. */
static uint32_t *entry_of(const sj_recorder *r, const sj_series_key *key)
{
    size_t i = (size_t)hash_of(key) & (r->n_index - 1);
    while (r->index[i] != 0 && !is_same(&r->keys.at[r->index[i] - 1], key)) {
        i = (i + 1) & (r->n_index - 1);
    }
    return &r->index[i];
}

int sj_recorder_row(const sj_recorder *r, const sj_series_key *key)
{
    return r->index == NULL ? SJ_NO_REF : (int)*entry_of(r, key) - 1;
}

/* Of two rows of one key the first is found. */
static bool index_keys(sj_recorder *r)
{
    for (r->n_index = 64; r->n_index < 2 * r->keys.n; r->n_index *= 2) {
    }
    r->index = sj_calloc(r->n_index, sizeof *r->index);
    for (size_t row = 0; r->index != NULL && row < r->keys.n; row++) {
        uint32_t *entry = entry_of(r, &r->keys.at[row]);
        *entry = *entry == 0 ? (uint32_t)row + 1 : *entry;
    }
    return r->index != NULL;
}

void sj_recorder_share_keys(sj_recorder *r, const sj_recorder *other)
{
    if (r == other || r->borrows_keys) {
        return;
    }
    sj_vec_clear(&r->keys);
    free(r->index);
    r->keys.at = other->keys.at;
    r->keys.n = other->keys.n;
    r->index = other->index;
    r->n_index = other->n_index;
    r->borrows_keys = true;
}

/* ---- a measurement ---- */

void sji_emit(sj_recorder *r, sj_metric metric, const char *place, const char *nationality,
              const char *item, double value)
{
    if (r->is_first) {
        sj_series_key key = {metric, place, nationality, item};
        if (!sj_vec_push(&r->keys, key) || !sj_vec_push(&r->last, 0.0) ||
            !sj_vec_push(&r->now, 0.0)) {
            r->failed = true;
        }
    }
    if (r->failed) {
        return;
    }
    if (sj_metric_table[metric].kind == SJ_METRIC_FLOW) {
        double since = value - r->last.at[r->row];
        r->last.at[r->row] = r->peek ? r->last.at[r->row] : value;
        value = since;
    }
    r->now.at[r->row++] = value;
}

static bool is_silent(uint32_t slot, double value)
{
    return slot == SILENT_MISSING ? isnan(value) : value == 0 && !signbit(value);
}

/* A place in a block, with the silent records before. */
static bool open_row(sj_recorder *r, size_t row)
{
    if (r->n_open % ROWS_A_BLOCK == 0) {
        double *block = sj_numbers_new(ROWS_A_BLOCK * (size_t)r->n_records);
        if (block == NULL || !sj_vec_push(&r->blocks, block)) {
            free(block);
            return false;
        }
    }
    double silence = r->slot[row] == SILENT_MISSING ? NAN : 0;
    r->slot[row] = FIRST_OPEN + r->n_open++;
    double *values = values_of(r, r->slot[row]);
    for (int i = 0; i < r->n_dates; i++) {
        values[i] = silence;
    }
    return true;
}

/* The rows are known once the first record has been emitted. */
static bool begin_rows(sj_recorder *r)
{
    r->slot = sj_calloc(r->keys.n, sizeof *r->slot);
    if (r->slot == NULL || !index_keys(r)) {
        return false;
    }
    for (size_t row = 0; row < r->keys.n; row++) {
        r->slot[row] = (uint32_t)(isnan(r->now.at[row]) ? SILENT_MISSING : SILENT_ZERO);
    }
    return true;
}

void sji_series_keep(sj_recorder *r)
{
    if (r->is_first && !r->failed) {
        r->failed = !begin_rows(r);
        r->is_first = false;
    }
    for (size_t row = 0; !r->failed && row < r->keys.n; row++) {
        double value = r->now.at[row];
        bool silent = r->slot[row] < FIRST_OPEN;
        if (silent && is_silent(r->slot[row], value)) {
            continue;
        }
        if (silent && !open_row(r, row)) {
            r->failed = true;
        } else {
            values_of(r, r->slot[row])[r->n_dates] = value;
        }
    }
}

void sji_series_close(sj_recorder *r, bool whole)
{
    sj_vec_clear(&r->now);
    sj_vec_clear(&r->last);
    if (!whole) {
        return;
    }
    for (size_t i = 0; i < r->blocks.n; i++) {
        free(r->blocks.at[i]);
    }
    sj_vec_clear(&r->blocks);
    free(r->slot);
    if (!r->borrows_keys) {
        sj_vec_clear(&r->keys);
        free(r->index);
    }
}
