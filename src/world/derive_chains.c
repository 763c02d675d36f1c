/* Chains and their classes, services and whom they serve, funds. Classes of a chain are those
 * that its moves name, in the order of their first mention; they get a range of the one array
 * that a stratum holds for all its chains. */
#include "world/derive.h"

#include <string.h>

static int class_named(const sj_chain_of *chain, const char *id, size_t length)
{
    for (int i = 0; i < chain->n_classes; i++) {
        if (strlen(chain->class_id[i]) == length && strncmp(chain->class_id[i], id, length) == 0) {
            return i;
        }
    }
    return SJ_NO_REF;
}

/* Classes are named by the moves that lead from or to them, in order of appearance by move id. */
static int find_or_add_class(sji_derive *d, sj_chain_of *chain, const char *id, size_t length)
{
    int found = class_named(chain, id, length);
    if (found != SJ_NO_REF) {
        return found;
    }
    if (chain->n_classes == SJ_CHAIN_MAX) {
        sji_wrong(d, SJ_E_LIMIT, chain->spec->item.pointer, "/moves",
                  "a chain has at most %d classes", SJ_CHAIN_MAX);
        return 0;
    }
    char *copy = sji_make(d->world, length + 1, 1);
    if (copy != NULL) {
        memcpy(copy, id, length);
    }
    chain->class_id[chain->n_classes] = copy != NULL ? copy : "";
    return chain->n_classes++;
}

static void derive_move(sji_derive *d, sj_chain_of *chain, const sj_spec_move *spec)
{
    const char *arrow = strchr(spec->item.id, '>');
    if (arrow == NULL || arrow == spec->item.id || arrow[1] == '\0') {
        sji_wrong(d, SJ_E_ID, spec->item.pointer, "", "a move is named \"from>to\"");
        return;
    }
    sj_move_of *move = &chain->moves[chain->n_moves++];
    move->spec = spec;
    move->from = find_or_add_class(d, chain, spec->item.id, (size_t)(arrow - spec->item.id));
    move->to = find_or_add_class(d, chain, arrow + 1, strlen(arrow + 1));
    move->sector = sj_sector_named(spec->service);
    if (move->from == move->to) {
        sji_wrong(d, SJ_E_MEANING, spec->item.pointer, "", "a move leads to another class");
    }
    if (spec->service != NULL && move->sector == SJ_NO_REF) {
        sji_wrong(d, SJ_E_CHOICE, spec->item.pointer, "/service", "no sector is called \"%s\"",
                  spec->service);
    }
}

static void derive_start(sji_derive *d, sj_chain_of *chain)
{
    const cJSON *shares = chain->spec->start_shares;
    const char *pointer = chain->spec->item.pointer;
    chain->start = class_named(chain, chain->spec->start, strlen(chain->spec->start));
    if (chain->start == SJ_NO_REF) {
        sji_wrong(d, SJ_E_REFERENCE, pointer, "/start", "\"%s\" is no class of the chain",
                  chain->spec->start);
        chain->start = 0;
    }
    chain->stationary = shares == NULL ||
                        (cJSON_IsString(shares) && strcmp(shares->valuestring, "stationary") == 0);
    if (chain->stationary) {
        return;
    }
    if (!cJSON_IsObject(shares)) {
        sji_wrong(d, SJ_E_TYPE, pointer, "/start_shares", "is \"stationary\" or shares by class");
        return;
    }
    double sum = 0;
    for (const cJSON *item = shares->child; item != NULL; item = item->next) {
        int class = class_named(chain, item->string, strlen(item->string));
        if (class == SJ_NO_REF || !cJSON_IsNumber(item) || item->valuedouble < 0) {
            sji_wrong(d, SJ_E_REFERENCE, pointer, "/start_shares",
                      "\"%s\" is no class of the chain with a share", item->string);
            return;
        }
        chain->start_share[class] = item->valuedouble;
        sum += item->valuedouble;
    }
    if (sum < 1 - 1e-6 || sum > 1 + 1e-6) {
        sji_wrong(d, SJ_E_SHARES, pointer, "/start_shares", "the shares add up to %g, not 1", sum);
    }
}

static sj_status derive_chain(sji_derive *d, int index)
{
    sj_world *w = d->world;
    const sj_spec_chain *spec = &w->spec.chains.at[index];
    sj_chain_of *chain = &w->chains[index];
    chain->spec = spec;
    chain->offset = w->n_chain_classes;
    chain->moves = sji_make(w, spec->moves.n, sizeof *chain->moves);
    if (chain->moves == NULL) {
        return SJ_E_NOMEM;
    }
    for (size_t i = 0; i < spec->moves.n; i++) {
        derive_move(d, chain, &spec->moves.at[i]);
    }
    for (size_t i = 0; i < spec->groups.n; i++) {
        chain->applies[spec->groups.at[i]] = true;
    }
    derive_start(d, chain);
    w->n_chain_classes += chain->n_classes;
    return SJ_OK;
}

sj_status sji_derive_chains(sji_derive *d)
{
    sj_world *w = d->world;
    w->n_chains = (int)w->spec.chains.n;
    w->chains = sji_make(w, w->spec.chains.n, sizeof *w->chains);
    if (w->chains == NULL) {
        return SJ_E_NOMEM;
    }
    for (int i = 0; i < w->n_chains; i++) {
        SJ_TRY(derive_chain(d, i));
    }
    return SJ_OK;
}

/* A leaf is served by its own service of a sector, else by its country's; a node likewise. */
static int service_for(const sj_world *w, int leaf, int sector)
{
    int own = w->leaves[leaf].place, country = w->countries[w->leaves[leaf].country].place;
    int found = SJ_NO_REF;
    for (int i = 0; i < w->n_services; i++) {
        const sj_spec_service *s = &w->spec.services.at[i];
        if (s->sector == sector && s->place == own) {
            return i;
        }
        if (s->sector == sector && s->place == country) {
            found = i;
        }
    }
    return found;
}

static void check_funds(sji_derive *d)
{
    const sj_world *w = d->world;
    for (size_t i = 0; i < w->spec.funds.n; i++) {
        const sj_spec_fund *fund = &w->spec.funds.at[i];
        sji_check_sum(d, &fund->spend, fund->item.pointer, "/spend", true);
        if (fund->pledges.n == 0 && fund->appeal.funded_share == SJ_NO_VALUE) {
            sji_wrong(d, SJ_E_MISSING_KEY, fund->item.pointer, "",
                      "a fund needs \"pledges\" or an \"appeal\"");
        }
        for (size_t k = 0; k < fund->spend.n; k++) {
            const sj_spec_service *s = &w->spec.services.at[fund->spend.at[k].ref];
            if (sj_reader_find(d->reader, "unit_costs", sj_sector_words[s->sector]) == SJ_NO_REF) {
                sji_wrong(d, SJ_E_REFERENCE, fund->item.pointer, "/spend",
                          "sector %s of %s has no unit cost", sj_sector_words[s->sector],
                          s->item.id);
            }
        }
    }
    for (size_t i = 0; i < w->spec.unit_costs.n; i++) {
        if (sj_sector_named(w->spec.unit_costs.at[i].item.id) == SJ_NO_REF) {
            sji_wrong(d, SJ_E_CHOICE, w->spec.unit_costs.at[i].item.pointer, "",
                      "no sector is called \"%s\"", w->spec.unit_costs.at[i].item.id);
        }
    }
}

sj_status sji_derive_services(sji_derive *d)
{
    sj_world *w = d->world;
    w->n_services = (int)w->spec.services.n;
    w->service_at = sji_make(w, (size_t)w->n_leaves * SJ_SECTORS, sizeof(int));
    if (w->service_at == NULL) {
        return SJ_E_NOMEM;
    }
    for (int i = 0; i < w->n_services; i++) {
        const sj_spec_service *a = &w->spec.services.at[i];
        if (a->need.statuses.n > 0 && a->need.first_days != SJ_NO_VALUE) {
            sji_wrong(d, SJ_E_MEANING, a->need.item.pointer, "/statuses",
                      "a need counts the first days or certain statuses, not both");
        }
        for (int k = 0; k < i; k++) {
            const sj_spec_service *b = &w->spec.services.at[k];
            if (a->place == b->place && a->sector == b->sector) {
                sji_wrong(d, SJ_E_MEANING, a->item.pointer, "/place",
                          "\"%s\" serves the same sector of the same place", b->item.id);
            }
        }
    }
    for (int leaf = 0; leaf < w->n_leaves; leaf++) {
        for (int sector = 0; sector < SJ_SECTORS; sector++) {
            w->service_at[leaf * SJ_SECTORS + sector] = service_for(w, leaf, sector);
        }
    }
    check_funds(d);
    return SJ_OK;
}
