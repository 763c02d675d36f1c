#include "engine/stage_inside.h"

#include "base/bug.h"
#include "base/mem.h"

enum { PAGE = 1024 };

struct sji_owner_page {
    size_t n; /* owners known */
    uint32_t lane[PAGE];
};

static sji_owner_page *page_of(const sji_owners *owners, uint32_t owner)
{
    size_t i = owner / PAGE;
    return i < owners->n_pages ? owners->page[i] : NULL;
}

uint32_t sji_owners_lane(const sji_owners *owners, uint32_t owner)
{
    const sji_owner_page *page = page_of(owners, owner);
    return page == NULL ? SJI_LANE_NONE : page->lane[owner % PAGE];
}

static sji_owner_page *page_new(void)
{
    sji_owner_page *page = sj_calloc(1, sizeof *page);
    if (page != NULL) {
        for (size_t i = 0; i < PAGE; i++) {
            page->lane[i] = SJI_LANE_NONE;
        }
    }
    return page;
}

/* The page of an owner, made if need be; NULL when memory ends. */
static sji_owner_page *open_page(sji_owners *owners, uint32_t owner)
{
    size_t i = owner / PAGE;
    if (i >= owners->capacity) {
        void *block = owners->page;
        bool is_done = sj_grow(&block, &owners->capacity, i + 1, sizeof *owners->page);
        owners->page = block;
        if (!is_done) {
            return NULL;
        }
    }
    while (owners->n_pages <= i) {
        owners->page[owners->n_pages++] = NULL;
    }
    if (owners->page[i] == NULL) {
        owners->page[i] = page_new();
    }
    return owners->page[i];
}

bool sji_owners_add(sji_owners *owners, uint32_t owner, uint32_t lane)
{
    sji_owner_page *page = open_page(owners, owner);
    if (page == NULL) {
        return false;
    }
    SJ_REQUIRE(page->lane[owner % PAGE] == SJI_LANE_NONE);
    page->lane[owner % PAGE] = lane;
    page->n++;
    owners->n++;
    return true;
}

void sji_owners_remove(sji_owners *owners, uint32_t owner)
{
    sji_owner_page *page = page_of(owners, owner);
    SJ_REQUIRE(page != NULL && page->lane[owner % PAGE] != SJI_LANE_NONE);
    page->lane[owner % PAGE] = SJI_LANE_NONE;
    owners->n--;
    if (--page->n == 0 && owners->n > 0) { /* the last page stays, for the next who comes */
        free(page);
        owners->page[owner / PAGE] = NULL;
    }
}

void sji_owners_list(const sji_owners *owners, uint32_t out[])
{
    size_t n = 0;
    for (size_t i = 0; i < owners->n_pages; i++) {
        const sji_owner_page *page = owners->page[i];
        for (size_t k = 0; page != NULL && page->n > 0 && k < PAGE; k++) {
            if (page->lane[k] != SJI_LANE_NONE) {
                out[n++] = (uint32_t)(i * PAGE + k);
            }
        }
    }
}

void sji_owners_clear(sji_owners *owners)
{
    for (size_t i = 0; i < owners->n_pages; i++) {
        free(owners->page[i]);
    }
    free(owners->page);
    *owners = (sji_owners){0};
}
