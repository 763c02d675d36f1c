#!/usr/bin/env bats
# The first hour of docs/guide.md: its commands run in an empty folder and print what it shows.

bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return 1
}

# The numbers are those of one C library; with another the commands are run all the same.
@test "the guide's commands run, and print what it shows" {
    command -v gnuplot >/dev/null || skip 'gnuplot is not installed'
    [ -x build/sojourn ] || skip 'build/sojourn is not built'
    how=
    build/sojourn version | grep -q 'glibc 2\.36' || how=--run-only
    run scripts/check-readme ${how:+"$how"} docs/guide.md
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "every policy and scenario of the guide is read, and the two wrong ones are refused" {
    SOJOURN=${SOJOURN:-$PWD/build/sojourn}
    case $SOJOURN in /*) ;; *) SOJOURN=$PWD/$SOJOURN ;; esac
    cp docs/guide/*.json "$BATS_TEST_TMPDIR"
    cp scenarios/small/two-hosts.json "$BATS_TEST_TMPDIR/first.json"
    cp -r scenarios/small/data "$BATS_TEST_TMPDIR"
    cd "$BATS_TEST_TMPDIR" || return 1
    "$SOJOURN" validate --quiet far-permit.json tiny.json
    "$SOJOURN" validate --quiet first.json --with officers.json --with second-desk.json
    for wrong in wrong-*.json; do
        run -3 "$SOJOURN" validate first.json --with "$wrong"
    done
}
