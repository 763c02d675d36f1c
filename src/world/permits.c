/* Lists of permits, ascending by expiry, and the draw of those whom a cause of leaving takes. */
#include "world/ledger_inside.h"

#include <string.h>

#include "num/draw.h"

bool sji_permits_add(sj_permits *permits, sj_day expiry, int64_t count)
{
    size_t i = permits->n;
    while (i > 0 && permits->at[i - 1].expiry > expiry) {
        i--;
    }
    if (i > 0 && permits->at[i - 1].expiry == expiry) {
        permits->at[i - 1].count += count;
        return true;
    }
    if (!sj_vec_push(permits, ((sj_permit){expiry, count}))) {
        return false;
    }
    memmove(permits->at + i + 1, permits->at + i, (permits->n - 1 - i) * sizeof permits->at[0]);
    permits->at[i] = (sj_permit){expiry, count};
    return true;
}

static void drop_empty_permits(sj_permits *permits)
{
    size_t kept = 0;
    for (size_t i = 0; i < permits->n; i++) {
        if (permits->at[i].count > 0) {
            permits->at[kept++] = permits->at[i];
        }
    }
    permits->n = kept;
}

/* taken[i] of each record leave it and join *to. */
static void move_permits(sj_ledger *ledger, sj_permits *from, const int64_t taken[], sj_permits *to)
{
    bool has_empty = false;
    for (size_t i = 0; i < from->n; i++) {
        from->at[i].count -= taken[i];
        has_empty = has_empty || from->at[i].count == 0;
        if (taken[i] > 0 && !sji_permits_add(to, from->at[i].expiry, taken[i])) {
            sji_ledger_fail(ledger);
        }
    }
    if (has_empty) {
        drop_empty_permits(from);
    }
}

enum { FEW = 16 };

/* Few holders out of many records: whom they are is drawn first, and one walk finds them. */
static void move_few_permits(sj_ledger *ledger, sj_rng *rng, sj_permits *from, int64_t held,
                             size_t n_who, sj_permits *to)
{
    int64_t who[FEW], end = 0;
    size_t found = 0;
    bool has_empty = false;
    sj_draw_positions(rng, n_who, held, who);
    for (size_t i = 0; found < n_who; i++) {
        sj_permit *permit = &from->at[i];
        size_t before = found;
        end += permit->count;
        while (found < n_who && who[found] < end) {
            found++;
        }
        int64_t taken = (int64_t)(found - before);
        permit->count -= taken;
        has_empty = has_empty || permit->count == 0;
        if (taken > 0 && !sji_permits_add(to, permit->expiry, taken)) {
            sji_ledger_fail(ledger);
        }
    }
    if (has_empty) {
        drop_empty_permits(from);
    }
}

/* How many of m leavers hold a permit is one draw (n - held people hold none), which of the
 * records they are is another; the records are taken out. */
int64_t sji_permits_draw(sj_ledger *ledger, sj_rng *rng, sj_permits *from, int64_t held, int64_t n,
                         int64_t m, sj_permits *to)
{
    if (held == 0 || m == 0) {
        return 0;
    }
    int64_t drawn = sj_draw_hypergeometric(rng, held, n - held, m);
    if (drawn == 0) {
        return 0;
    }
    if (drawn <= FEW && (size_t)drawn < from->n) {
        move_few_permits(ledger, rng, from, held, (size_t)drawn, to);
        return drawn;
    }
    ledger->held.n = 0;
    for (size_t i = 0; i < from->n; i++) {
        if (!sj_vec_push(&ledger->held, from->at[i].count)) {
            sji_ledger_fail(ledger);
            return 0;
        }
    }
    int64_t *taken = ledger->held.at;
    sj_draw_hypergeometric_multi(rng, drawn, from->n, taken, taken);
    move_permits(ledger, from, taken, to);
    return drawn;
}
