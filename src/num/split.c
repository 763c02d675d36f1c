/**
 * @file split.c
 * @brief Multinomials from one table: who moves, then where.
 *
 * A mover's class comes from an alias table whose length is a power of two, so a cell is some bits
 * of a random word and the rest of the bits decide between the cell's two classes. Where the table
 * is short, 16 bits serve a mover: they are compared with the leading bits of the cell's border,
 * and only where these are equal are 64 further bits drawn. The law is that of a border of 64 bits.
 */
#include "num/draw.h"
#include "base/bug.h"
#include "base/mem.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    NARROW_BITS = 11,      /* longest table, in bits, that 16 bits a mover serve well */
    MOVERS_PER_CLASS = 24, /* with more movers a class, binomials are quicker */
    N_WORDS = 16           /* random words made at once */
};

/** One cell of the alias table; class numbers count from 0 = the first class that moves. */
typedef struct cell {
    uint64_t border; /* below it the cell's own class, in units of 2^-64 */
    uint32_t alias;  /* the other class */
} cell;

/** The same cell for 16 bits a mover. */
typedef struct narrow_cell {
    uint16_t lead;     /* the cell's bits, then the leading bits of its border */
    uint16_t class[2]; /* from the border on, below it */
    uint16_t unused;   /* makes it 8 bytes, which are found by a shift */
} narrow_cell;

struct sj_split {
    size_t k;
    double p_move;
    unsigned bits;       /* the table has 2^bits cells */
    double *condition;   /* owns: k - 1, probability of a class given none before */
    cell *table;         /* owns */
    narrow_cell *narrow; /* owns; NULL where the table is too long for it */
};

/** Sum of weight[1 ...], and the conditional probabilities, summed from the end. */
static double fill_conditions(size_t k, const double weight[], double condition[])
{
    double rest = 0.0;
    for (size_t i = k - 1; i > 0; i--) {
        rest += weight[i];
        condition[i - 1] = weight[i] > 0.0 ? weight[i] / rest : 0.0;
    }
    return rest;
}

/** Cell `own`: below the border its own class, from there on the alias. */
static void set_cell(sj_split *split, uint32_t own, uint64_t border, uint32_t alias)
{
    split->table[own] = (cell){border, alias};
    if (split->narrow != NULL) {
        unsigned rest_bits = 16 - split->bits;
        uint64_t lead = (uint64_t)own << rest_bits | border >> (64 - rest_bits);
        split->narrow[own] = (narrow_cell){(uint16_t)lead, {(uint16_t)alias, (uint16_t)own}, 0};
    }
}

/**
 * Pair the cells (Walker 1977, in the order of Vose 1991). load[i] is the class's probability
 * times the number of cells, 0 for the cells without a class. Those with load 0 come first, while
 * there surely is a cell above 1 to fill them, so none of them is ever left with itself.
 */
static void pair_cells(sj_split *split, double load[], uint32_t list[])
{
    size_t size = (size_t)1 << split->bits;
    size_t low = 0, high = size; /* list[0 .. low) below 1, list[high .. size) from 1 */
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < size; i++) {
            if (pass == 0 && load[i] >= 1.0) {
                list[--high] = (uint32_t)i;
            } else if (load[i] < 1.0 && (load[i] == 0.0) == (pass == 1)) {
                list[low++] = (uint32_t)i;
            }
        }
    }
    while (low > 0 && high < size) {
        uint32_t small = list[--low], large = list[high];
        set_cell(split, small, (uint64_t)(load[small] * 0x1p64), large);
        load[large] -= 1.0 - load[small];
        if (load[large] < 1.0) {
            high++;
            list[low++] = large;
        }
    }
    while (low > 0) {
        low--;
        set_cell(split, list[low], UINT64_MAX, list[low]);
    }
    for (; high < size; high++) {
        set_cell(split, list[high], UINT64_MAX, list[high]);
    }
}

static bool fill_table(sj_split *split, const double weight[], double total)
{
    size_t size = (size_t)1 << split->bits;
    double *load = sj_calloc(size, sizeof *load);
    uint32_t *list = sj_calloc(size, sizeof *list);
    bool ok = load != NULL && list != NULL;
    if (ok) {
        for (size_t i = 1; i < split->k; i++) {
            load[i - 1] = weight[i] / total * (double)size;
        }
        pair_cells(split, load, list);
    }
    free(load);
    free(list);
    return ok;
}

sj_split *sj_split_new(size_t k, const double weight[])
{
    SJ_REQUIRE(k >= 1 && k <= UINT32_MAX / 2);
    sj_split *split = sj_calloc(1, sizeof *split);
    if (split == NULL) {
        return NULL;
    }
    split->k = k;
    while (((size_t)1 << split->bits) < k - 1) {
        split->bits++;
    }
    split->condition = sj_calloc(k, sizeof *split->condition);
    split->table = sj_calloc((size_t)1 << split->bits, sizeof *split->table);
    bool ok = split->condition != NULL && split->table != NULL;
    if (split->bits <= NARROW_BITS) {
        split->narrow = sj_calloc((size_t)1 << split->bits, sizeof *split->narrow);
        ok = ok && split->narrow != NULL;
    }
    if (ok) {
        double moving = fill_conditions(k, weight, split->condition);
        split->p_move = moving / (moving + weight[0]); /* NaN where all are 0 */
        ok = moving <= 0.0 || fill_table(split, weight, moving);
    }
    if (!ok) {
        sj_split_free(split);
        return NULL;
    }
    return split;
}

void sj_split_free(sj_split *split)
{
    if (split != NULL) {
        free(split->condition);
        free(split->table);
        free(split->narrow);
        free(split);
    }
}

/** The class of a mover whose bits are those of the border as far as they go. */
static size_t undecided_class(const sj_split *split, sj_rng *rng, uint64_t x)
{
    const cell *c = &split->table[x >> (16 - split->bits)];
    uint64_t rest = x << (48 + split->bits) | sj_rng_next(rng) >> (16 - split->bits);
    return rest < c->border ? x >> (16 - split->bits) : c->alias;
}

/** Random words for `movers` people, four to a word; a batch where one or two are too few. */
static void fill_words(sj_rng *rng, size_t movers, uint64_t word[])
{
    if (movers > 8) {
        sj_rng_fill(rng, (movers + 31) / 32, word);
        return;
    }
    for (size_t i = 0; i < movers; i += 4) {
        word[i / 4] = sj_rng_next(rng);
    }
}

/** Move one person. The class is looked up, not branched to: a branch that goes either way costs
 * more than all the rest. */
static inline void move_one(const sj_split *split, const narrow_cell narrow[], unsigned shift,
                            sj_rng *rng, uint16_t x, int64_t out[])
{
    const narrow_cell *c = &narrow[(size_t)x >> shift];
    if (x == c->lead) {
        out[undecided_class(split, rng, x)]++;
    } else {
        out[c->class[x < c->lead]]++;
    }
}

/** Movers one by one, 16 bits each. */
static void move_narrow(const sj_split *split, sj_rng *rng, int64_t movers, int64_t out[])
{
    uint64_t word[N_WORDS];
    const narrow_cell *const narrow = split->narrow;
    const unsigned shift = 16 - split->bits;
    while (movers > 0) {
        size_t now = movers < 4 * N_WORDS ? (size_t)movers : 4 * N_WORDS;
        fill_words(rng, now, word);
        const uint64_t *w = word;
        for (const uint64_t *end = word + now / 4; w < end; w++) {
            uint64_t bits = *w;
            move_one(split, narrow, shift, rng, (uint16_t)bits, out);
            move_one(split, narrow, shift, rng, (uint16_t)(bits >> 16), out);
            move_one(split, narrow, shift, rng, (uint16_t)(bits >> 32), out);
            move_one(split, narrow, shift, rng, (uint16_t)(bits >> 48), out);
        }
        for (size_t i = 0; i < now % 4; i++) {
            move_one(split, narrow, shift, rng, (uint16_t)(*w >> 16 * i), out);
        }
        movers -= (int64_t)now;
    }
}

/** The class of one mover, from 0 = the first that moves: a random word. */
static size_t move_wide_one(const sj_split *split, sj_rng *rng)
{
    uint64_t x = sj_rng_next(rng);
    size_t at = split->bits == 0 ? 0 : (size_t)(x >> (64 - split->bits));
    const cell *c = &split->table[at];
    return x << split->bits < c->border ? at : c->alias;
}

/** Movers one by one, a random word each: for tables too long for 16 bits. */
static void move_wide(const sj_split *split, sj_rng *rng, int64_t movers, int64_t out[])
{
    for (; movers > 0; movers--) {
        out[move_wide_one(split, rng)]++;
    }
}

/** Movers class by class, each given those before. */
static void move_by_class(const sj_split *split, sj_rng *rng, int64_t movers, int64_t out[])
{
    for (size_t i = 0; movers > 0; i++) {
        out[i] = sj_draw_binomial(rng, movers, split->condition[i]);
        movers -= out[i];
    }
}

void sj_split_draw(const sj_split *split, sj_rng *rng, int64_t n, int64_t out[])
{
    memset(out, 0, split->k * sizeof out[0]);
    if (n == 0) {
        return;
    }
    int64_t movers = sj_draw_binomial(rng, n, split->p_move);
    out[0] = n - movers;
    if (split->k == 2) {
        out[1] = movers;
    } else if (movers >= MOVERS_PER_CLASS * (int64_t)(split->k - 1)) {
        move_by_class(split, rng, movers, out + 1);
    } else if (split->narrow != NULL) {
        move_narrow(split, rng, movers, out + 1);
    } else {
        move_wide(split, rng, movers, out + 1);
    }
}

size_t sj_split_one(const sj_split *split, sj_rng *rng)
{
    SJ_REQUIRE(split->p_move >= 0.0); /* NaN where all weights are 0 */
    if (sj_rng_uniform(rng) >= split->p_move) {
        return 0;
    }
    return 1 + move_wide_one(split, rng);
}
