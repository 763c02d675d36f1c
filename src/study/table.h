/**
 * @file table.h
 * @brief Replications put side by side: bands, reductions, and the tables of a results folder.
 *
 * Tables are those of semantics A12: RFC 4180, UTF-8, sorted by id, numbers
 * with the fewest digits that read back the same. Each is written under a
 * temporary name and renamed. Floor 6 (study).
 */
#ifndef SJ_STUDY_TABLE_H
#define SJ_STUDY_TABLE_H
#include "study/replicate.h"

/** @brief Write all tables, scenario.json and manifest.json into an existing folder. */
SJ_MUSTUSE sj_status sj_results_write(const sj_replications *replications, const char *folder,
                                      const sj_replicate_options *options, sj_err *err);

/** @brief A reduction of one row over the run: the end of a level or total, the sum of a flow. */
double sj_reduce(const sj_recorder *recorder, size_t row);

/** @brief Columns of the tables for the manifest and for `list`. */
typedef struct sj_table_doc {
    const char *file, *columns, *doc;
} sj_table_doc;
extern const sj_table_doc sj_table_docs[];
extern const int sj_n_table_docs;
#endif /* SJ_STUDY_TABLE_H */
