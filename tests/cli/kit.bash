# shellcheck shell=bash
# What the tests of the command line share: the program, the scenarios, an empty working folder.

bats_require_minimum_version 1.5.0

setup() {
    ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd) || return 1
    SOJOURN=${SOJOURN:-$ROOT/build/sojourn}
    case $SOJOURN in /*) ;; *) SOJOURN=$ROOT/$SOJOURN ;; esac
    TWO_HOSTS=$ROOT/scenarios/small/two-hosts.json
    OFFICE=$ROOT/scenarios/small/office.json
    export SOJOURN ROOT TWO_HOSTS OFFICE SOJOURN_SCENARIOS=$ROOT/scenarios
    export TABLES='events flows observed overload reps series summary variance waits'
    mkdir "$BATS_TEST_TMPDIR/w"
    cd "$BATS_TEST_TMPDIR/w" || return 1
}

# The program with options that make a run of a moment: six weeks, no progress.
brief() { # FILE ARGUMENT...
    "$SOJOURN" run "$1" --until 2022-02-15 --quiet "${@:2}"
}

# sha256 of every table of a results folder.
tables_of() { # DIR
    (cd "$1" && for table in $TABLES; do sha256sum "$table.csv"; done)
}

same_tables() { # DIR DIR
    [ "$(tables_of "$1")" = "$(tables_of "$2")" ]
}

columns_of() { # TABLE.csv, as `sojourn list tables` tells
    "$SOJOURN" list tables | awk -v table="$1" '$1 == table { getline; print $1 }'
}

is_empty() { # DIR
    [ -z "$(ls -A "$1")" ]
}

# A number of manifest.json.
manifest() { # DIR KEY
    sed -n "s/^[[:space:]]*\"$2\":[[:space:]]*\([^,]*\),*\$/\1/p" "$1/manifest.json" | head -n 1
}
