/**
 * @file test_ledger.c
 * @brief The ledger: intents, strata, parcels there and back, permits and the barred, links, what
 * verification finds, and very many people.
 *
 * Usage: test_ledger [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sim_kit.h"

#define LEDGER_WORLD(count, resolution)                                                            \
    "{'format':'sojourn-scenario/1','id':'ledger',"                                                \
    "'time':{'start':'2022-01-01','end':'2022-12-31'},"                                            \
    "'run':{'resolution':'" resolution "','off':[" ALL_OFF "]},"                                   \
    "'places':{'ori':{'kind':'country','population':5000,'income_usd_per_year':1},"                \
    "'nea':{'kind':'country','population':9000000000,'income_usd_per_year':1},"                    \
    "'sea':{'kind':'outside','income_usd_per_year':1}},"                                           \
    "'nationalities':{'ori':{'home':'ori'},'nea':{'home':'nea','departs':false},"                  \
    "'sea':{'home':'sea','departs':false}},"                                                       \
    "'stocks':{'ori':{'nea':{'count':" count ",'group_shares':{'18-59':1},'status_shares':"        \
    "{'guest':1},'permit_expiry':{'guest':{'from':'2022-03-01','to':'2022-03-04'}}}}},"            \
    "'statuses':{'guest':{'standing':'temporary'},'card':{'standing':'temporary'}},"               \
    "'channels':{'bus':{'class':'regular','to':['nea'],'entry_status':'guest','stay_days':9,"      \
    "'lapses_to':'card'}},"                                                                        \
    "'links':{'way':{'from':'ori','to':'nea','km':10,'mode':'motor','cost_usd':1,"                 \
    "'classes':['regular']}},"                                                                     \
    "'programmes':{'p':{'country':'nea','stages':{'desk':{'order':1,'slots_per_day':0}},"          \
    "'outcome':{'status':'card'}}},"                                                               \
    "'chains':{'work':{'groups':['18-59'],'start':'out','start_shares':{'out':0.5,'in':0.5},"      \
    "'moves':{'out>in':{'per_year':1}}},"                                                          \
    "'school':{'groups':['5-17'],'start':'no','moves':{'no>yes':{'per_year':1}}}}}"

static sj_rng rng_of(uint64_t number)
{
    return sj_rng_start(sj_rng_key_of(21, number), 9, 0, 0);
}

static int64_t permits_of(const sj_permits *permits)
{
    int64_t n = 0;
    for (size_t i = 0; i < permits->n; i++) {
        n += permits->at[i].count;
    }
    return n;
}

static void test_intents(void **state)
{
    sj_intent intents[] = {{0, 0, SJ_NO_REF, 0, 0}, {3999, 3999, 3999, 254, 255}, {1, 2, 0, 7, 3}};
    for (size_t i = 0; i < 3; i++) {
        uint64_t slot = sj_intent_slot(intents[i]);
        sj_intent back = sj_slot_intent(slot);
        assert_memory_equal(&back, &intents[i], sizeof back);
        for (size_t k = 0; k < i; k++) {
            assert_true(slot != sj_intent_slot(intents[k]));
        }
        assert_true(slot > 255); /* never mistaken for a vintage */
    }
}

/* Split and put back in pieces: nothing is lost, whatever the order of the pieces. */
static void test_there_and_back(void **state)
{
    sj_world *w = world_of(LEDGER_WORLD("1000", "cohort"));
    sj_sim *sim = sim_of(w, 1, 0);
    sj_ledger *ledger = hands(sim)->ledger;
    sj_stratum *s = STRATUM(sim, .nation = "ori", .place = "nea");
    sj_parcel parcel = {0}, piece = {0};
    assert_true(sj_parcel_init(&parcel, w) && sj_parcel_init(&piece, w));
    sj_ledger_open_case(ledger, s, 0, 300, ledger->today, ledger->today, 0);
    ledger->caseload[0].opening = 300;
    sj_ledger_bar(ledger, s, 200, ledger->today + 9);
    sj_ledger_bar(ledger, s, 100, ledger->today + 5);
    assert_int_equal(sj_stratum_free(s), 400);
    for (int r = 0; r < 500; r++) {
        sj_rng rng = rng_of((uint64_t)r);
        int64_t m = (int64_t)sj_rng_below(&rng, 1001);
        sj_ledger_take(ledger, s, m, SJ_NOTHING_FIXED, &rng, &parcel);
        assert_int_equal(parcel.n, m);
        assert_int_equal(s->n, 1000 - m);
        while (parcel.n > 0) {
            int64_t some = 1 + (int64_t)sj_rng_below(&rng, (uint64_t)parcel.n);
            sj_ledger_split(ledger, &parcel, some, &rng, &piece);
            assert_int_equal(piece.n, some);
            assert_true(permits_of(&piece.permits) == some); /* everybody holds one */
            sj_ledger_put(ledger, &piece, s);
            assert_int_equal(piece.n, 0);
        }
        assert_int_equal(s->n, 1000);
        assert_int_equal(s->n_cases, 300);
        assert_int_equal(s->n_barred, 300);
        assert_int_equal(s->n_permits, 1000);
        check(sim);
    }
    assert_int_equal(permits_of(&s->permits), 1000);
    assert_int_equal(s->permits.n, 4);
    sj_parcel_clear(&parcel);
    sj_parcel_clear(&piece);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* What the cause fixes is not drawn: no case, no permit. */
static void test_fixed_classes(void **state)
{
    sj_world *w = world_of(LEDGER_WORLD("1000", "cohort"));
    sj_sim *sim = sim_of(w, 1, 0);
    sj_ledger *ledger = hands(sim)->ledger;
    sj_stratum *s = STRATUM(sim, .nation = "ori", .place = "nea");
    sj_parcel parcel = {0};
    assert_true(sj_parcel_init(&parcel, w));
    sj_ledger_open_case(ledger, s, 0, 600, ledger->today, ledger->today, 0);
    ledger->caseload[0].opening = 600;
    sj_rng rng = rng_of(1);
    sj_fixed fixed = SJ_NOTHING_FIXED;
    fixed.no_case = true;
    sj_ledger_take(ledger, s, 400, fixed, &rng, &parcel);
    assert_int_equal(parcel.cases.n, 0);
    assert_int_equal(s->n_cases, 600);
    sj_ledger_die(ledger, &parcel);
    assert_int_equal(ledger->caseload[0].died, 0);
    sj_ledger_take(ledger, s, 100, SJ_NOTHING_FIXED, &rng, &parcel);
    sj_ledger_die(ledger, &parcel); /* all who are left have a case */
    assert_int_equal(ledger->caseload[0].died, 100);
    assert_int_equal(ledger->permits.ended, 500);
    check(sim);
    sj_parcel_clear(&parcel);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* People of a class of a chain in a stratum, old and new. */
static int64_t members_of_class(const sj_stratum *s, int class)
{
    return s->old[class] + s->fresh[class];
}

/* Ageing out of a chain's groups drops it, ageing in starts it; nothing else changes. */
static void test_chains_by_group(void **state)
{
    sj_world *w = world_of(LEDGER_WORLD("1000", "cohort"));
    sj_sim *sim = sim_of(w, 1, 0);
    sj_ledger *ledger = hands(sim)->ledger;
    sj_stratum *s = STRATUM(sim, .nation = "ori", .place = "nea"); /* a thousand adults */
    sj_parcel parcel = {0};
    assert_true(sj_parcel_init(&parcel, w));
    sj_rng rng = rng_of(2);
    int school = 0, work = 1; /* in order of id */
    assert_string_equal(w->chains[school].spec->item.id, "school");
    int at_school = w->chains[school].offset + w->chains[school].start;
    int at_work = w->chains[work].offset, k = w->chains[work].n_classes;
    conjure(sim, &parcel, "ori", SJ_GROUP_5_17, 300);
    sj_ledger_put(ledger, &parcel, s);
    check(sim);
    assert_int_equal(s->fresh[at_school], 300);
    int64_t before = members_of_class(s, at_work + w->chains[work].start);
    sj_ledger_age(ledger, s, SJ_GROUP_5_17, 100, &rng);
    check(sim);
    assert_int_equal(s->fresh[at_school], 200);
    assert_int_equal(members_of_class(s, at_work + w->chains[work].start), before + 100);
    sj_ledger_age(ledger, s, SJ_GROUP_18_59, 200, &rng);
    check(sim);
    int64_t working = 0;
    for (int i = 0; i < k; i++) {
        working += members_of_class(s, at_work + i);
    }
    assert_int_equal(working, 900);
    assert_int_equal(s->by_group[SJ_GROUP_60], 200);
    assert_int_equal(s->n, 1300);
    assert_int_equal(s->n_permits, 1000);
    sj_parcel_clear(&parcel);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* A broken count is found by verification, whichever it is. */
static void test_verification_finds(void **state)
{
    sj_world *w = world_of(LEDGER_WORLD("1000", "cohort"));
    sj_sim *sim = sim_of(w, 1, 0);
    sj_ledger *ledger = hands(sim)->ledger;
    sj_stratum *s = STRATUM(sim, .nation = "ori", .place = "nea");
    int64_t *counts[] = {&s->n,
                         &s->n_cases,
                         &s->n_permits,
                         &s->n_barred,
                         &s->old[0],
                         &s->permits.at[1].count,
                         &ledger->tally.died,
                         &ledger->tally.initial,
                         &ledger->on_link,
                         &ledger->permits.valid,
                         &ledger->permits.born,
                         &ledger->caseload[0].joined,
                         &ledger->caseload[0].acts,
                         &ledger->population[s->country],
                         &s->exits.n};
    sj_err err;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        check(sim);
        *counts[i] += 1;
        if (sj_ledger_verify(ledger, true, &err) != SJ_E_CONSERVATION && counts[i] != &s->exits.n) {
            fail_msg("count %d is not verified", (int)i);
        }
        *counts[i] -= 1;
    }
    s->exits.n = s->n + 1;
    assert_int_equal(sj_ledger_verify(ledger, true, &err), SJ_E_CONSERVATION);
    s->exits.n = 0;
    check(sim);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* 2^31 people and more in one stratum: draws stay exact, sums too. */
static void test_very_many(void **state)
{
    sj_world *w = world_of(LEDGER_WORLD("8589934592", "cohort")); /* 2^33 */
    sj_sim *sim = sim_of(w, 1, 0);
    sj_ledger *ledger = hands(sim)->ledger;
    sj_stratum *s = STRATUM(sim, .nation = "ori", .place = "nea");
    sj_parcel parcel = {0};
    assert_true(sj_parcel_init(&parcel, w));
    sj_rng rng = rng_of(3);
    sj_ledger_take(ledger, s, INT64_C(1) << 32, SJ_NOTHING_FIXED, &rng, &parcel);
    double n = 0x1p33, m = 0x1p32, half = n / 2;
    sums in = {0};
    int c = w->chains[1].offset;
    add_draw(&in, (double)parcel.chain[c], m / 2, m * 0.25 * (n - m) / (n - 1));
    hold_sums(&in, "class of a chain");
    assert_int_equal(parcel.chain[c] + parcel.chain[c + 1], parcel.n);
    assert_true(half == (double)(s->old[c] + parcel.chain[c]));
    sj_ledger_put(ledger, &parcel, s);
    check(sim);
    sj_parcel_clear(&parcel);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* In person resolution people settle as strata of one, and emptied ones are used again. */
static void test_persons(void **state)
{
    sj_world *w = world_of(LEDGER_WORLD("50", "person"));
    sj_sim *sim = sim_of(w, 1, 0);
    sj_ledger *ledger = hands(sim)->ledger;
    sj_parcel parcel = {0};
    assert_true(sj_parcel_init(&parcel, w));
    size_t before = ledger->n_strata;
    sj_rng rng = rng_of(4);
    for (int r = 0; r < 40; r++) {
        sj_stratum *s = STRATUM(sim, .nation = "ori", .place = "nea");
        int leaf = s->leaf, card = sj_world_status(w, "card");
        uint32_t person = s->person;
        sj_ledger_take(ledger, s, 1, SJ_NOTHING_FIXED, &rng, &parcel);
        assert_int_equal(s->n, 0);
        sj_ledger_settle(ledger, &parcel, leaf, card, 0, &rng);
        assert_true(ledger->strata[s->index]->person != person);
        check(sim);
    }
    conjure(sim, &parcel, "ori", SJ_GROUP_60, 30);
    sj_ledger_settle(ledger, &parcel, sj_world_leaf(w, "nea"), sj_world_status(w, "card"), 0, &rng);
    check(sim);
    assert_int_equal(COUNT(sim, .nation = "ori", .place = "nea"), 80);
    assert_true(ledger->n_strata <= before + 30);
    sj_parcel_clear(&parcel);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* People on a link come down as they went up; one band for equals, permits held on the way. */
static void test_links(void **state)
{
    sj_world *w = world_of(LEDGER_WORLD("1000", "cohort"));
    sj_sim *sim = sim_of(w, 1, 0);
    sj_ledger *ledger = hands(sim)->ledger;
    sj_stratum *s = STRATUM(sim, .nation = "ori", .place = "nea");
    sj_parcel parcel = {0};
    assert_true(sj_parcel_init(&parcel, w));
    sj_rng rng = rng_of(5);
    bool is_new = false;
    for (int i = 0; i < 3; i++) {
        sj_ledger_take(ledger, s, 100, SJ_NOTHING_FIXED, &rng, &parcel);
        sj_leg *leg = sj_ledger_board(ledger, &parcel, 0, 77, i < 2 ? 5 : 6, &is_new);
        assert_int_equal(is_new, i != 1);
        assert_int_equal(leg->bands.n, 1);
        assert_int_equal(parcel.n, 0);
        check(sim);
    }
    assert_int_equal(ledger->on_link, 300);
    assert_null(sj_ledger_due(ledger, 0, 4));
    sj_leg *leg = sj_ledger_due(ledger, 0, 5);
    assert_int_equal(leg->bands.at[0].n, 200);
    sj_ledger_alight(ledger, &leg->bands.at[0], &parcel);
    assert_int_equal(parcel.n, 200);
    assert_int_equal(permits_of(&parcel.permits), 200);
    assert_int_equal(ledger->on_link, 100);
    assert_int_equal(parcel.by_group[SJ_GROUP_18_59], 200);
    sj_parcel one = {0};
    assert_true(sj_parcel_init(&one, w));
    sj_ledger_split_groups(ledger, &parcel, (int64_t[SJ_GROUPS]){[SJ_GROUP_18_59] = 200}, &rng,
                           &one);
    assert_int_equal(parcel.n, 0);
    assert_int_equal(permits_of(&one.permits), 200);
    sj_ledger_put(ledger, &one, s);
    check(sim);
    sj_ledger_leg_done(ledger, leg);
    sj_parcel_clear(&one);
    sj_parcel_clear(&parcel);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* Days below 400 as they are, above the first of the month after the last day. */
static void test_permit_expiry(void **state)
{
    sj_day day = sj_day_of(2022, 1, 10);
    assert_int_equal(sj_permit_expiry(day, 1), day + 1);
    assert_int_equal(sj_permit_expiry(day, 399), day + 399);
    assert_int_equal(sj_permit_expiry(day, 400), sj_day_of(2023, 3, 1));
    assert_int_equal(sj_permit_expiry(sj_day_of(2022, 1, 1), 3652), sj_day_of(2032, 2, 1));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_intents),
                                       cmocka_unit_test(test_there_and_back),
                                       cmocka_unit_test(test_fixed_classes),
                                       cmocka_unit_test(test_chains_by_group),
                                       cmocka_unit_test(test_verification_finds),
                                       cmocka_unit_test(test_very_many),
                                       cmocka_unit_test(test_persons),
                                       cmocka_unit_test(test_links),
                                       cmocka_unit_test(test_permit_expiry)};
    return RUN_TESTS(tests);
}
