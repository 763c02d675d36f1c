/**
 * @file compose.h
 * @brief From files to one tree: policies in files of their own, tables in CSV. Floor 3 (world).
 */
#ifndef SJ_WORLD_COMPOSE_H
#define SJ_WORLD_COMPOSE_H
#include "world/world.h"

/** @brief Apply the options of a load and replace {"file": ...} entries by what the files hold.
 * `path` is the scenario file that relative names start from. Problems are collected. */
SJ_MUSTUSE sj_status sji_compose(sj_tree *tree, const char *path, const sj_load_options *options,
                                 sj_problems *problems);
#endif /* SJ_WORLD_COMPOSE_H */
