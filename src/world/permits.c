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

/* m of a record leave it and join *to. */
static void move_permit(sj_ledger *ledger, sj_permit *permit, int64_t m, sj_permits *to)
{
    permit->count -= m;
    if (m > 0 && !sji_permits_add(to, permit->expiry, m)) {
        sji_ledger_fail(ledger);
    }
}

/* Few holders out of many records: whom they are is drawn first, and one walk finds them. */
static void move_few(sj_ledger *ledger, sj_rng *rng, sj_permits *from, int64_t held, size_t n_who,
                     sj_permits *to)
{
    int64_t who[SJ_POSITIONS_FEW], end = 0;
    size_t next = 0;
    sj_draw_positions(rng, n_who, held, who);
    for (size_t i = 0; next < n_who; i++) {
        end += from->at[i].count;
        move_permit(ledger, &from->at[i], sj_positions_below(who, n_who, &next, end), to);
    }
}

static void move_many(sj_ledger *ledger, sj_rng *rng, sj_permits *from, int64_t m, sj_permits *to)
{
    ledger->held.n = 0;
    for (size_t i = 0; i < from->n; i++) {
        if (!sj_vec_push(&ledger->held, from->at[i].count)) {
            sji_ledger_fail(ledger);
            return;
        }
    }
    int64_t *taken = ledger->held.at;
    sj_draw_hypergeometric_multi(rng, m, from->n, taken, taken);
    for (size_t i = 0; i < from->n; i++) {
        move_permit(ledger, &from->at[i], taken[i], to);
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
    if (drawn <= SJ_POSITIONS_FEW && (size_t)drawn < from->n) {
        move_few(ledger, rng, from, held, (size_t)drawn, to);
    } else {
        move_many(ledger, rng, from, drawn, to);
    }
    drop_empty_permits(from);
    return drawn;
}

int64_t sj_ledger_expire(sj_ledger *ledger, sj_permits *permits)
{
    int64_t expired = 0;
    size_t n = 0;
    while (n < permits->n && permits->at[n].expiry <= ledger->today) {
        expired += permits->at[n++].count;
    }
    if (n > 0) {
        permits->n -= n;
        memmove(permits->at, permits->at + n, permits->n * sizeof permits->at[0]);
    }
    ledger->permits.expired += expired;
    ledger->permits.valid -= expired;
    return expired;
}
