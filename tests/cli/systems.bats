#!/usr/bin/env bats
# docs/systems.md names tests, keys, metrics and policies: what it names is there.
# shellcheck disable=SC2016 # backticks of the page are no commands

load kit

# Words between backticks of the page that match a pattern; none is a fault.
named() { # PATTERN
    grep -oE "\`$1\`" "$ROOT/docs/systems.md" | tr -d '`' | sort -u | grep .
}

# Rows of the page whose first cell begins so, cell number N.
cells() { # FIRST N
    awk -F'|' -v first="^ *$1" -v n="$2" '$2 ~ first && NF > n + 1 { print $(n + 1) }' "$ROOT/docs/systems.md" | grep .
}

@test "every test that the page names exists" {
    named '([a-z]+/)?[a-z_]+: test_[a-z0-9_]+' >tests
    while IFS=': ' read -r file test; do
        case $file in */*) file=${file%/*}/test_${file#*/} ;; *) file=unit/test_$file ;; esac
        grep -q "^static void $test(" "$ROOT/tests/$file.c" || echo "$file.c: $test"
    done <tests >missing
    named '[a-z-]+\.bats: [^`]+' >tests
    while IFS= read -r line; do
        grep -qF "@test \"${line#*: }" "$ROOT/tests/cli/${line%%:*}" || echo "$line"
    done <tests >>missing
    cat missing
    [ ! -s missing ]
}

@test "every key that the page names is one, and every metric and table" {
    named '/[a-z_]+/[A-Za-z0-9_/-]+' >keys
    [ "$(wc -l <keys)" -gt 30 ]
    while IFS= read -r key; do
        "$SOJOURN" explain "$key" >/dev/null 2>&1 || echo "$key"
    done <keys >missing
    "$SOJOURN" list metrics | awk '{ print $1 }' >known
    cells 'S[0-9]' 4 | grep -oE '`[a-z]+_[a-z0-9_]+`' | tr -d '`' | sort -u >metrics
    [ "$(wc -l <metrics)" -gt 20 ]
    grep -vxF -f known metrics >>missing || true
    cells 'S[0-9]' 4 | grep -oE '`[a-z]+\.csv`' | tr -d '`' | sort -u >csv
    while IFS= read -r table; do
        "$SOJOURN" list tables | grep -q "^$table " || [ "$table" = compare.csv ] || echo "$table"
    done <csv >>missing
    cat missing
    [ ! -s missing ]
}

@test "every row is there once, and the policies that the page says there are and are not" {
    for kind in S:41 C:12; do
        cells "${kind%:*}[0-9]" 1 | awk '{ print $1 }' >rows
        for number in $(seq "${kind#*:}"); do
            [ "$(grep -cx "${kind%:*}$number" rows)" -eq 1 ]
        done
    done
    hindcast=$ROOT/scenarios/americas/hindcast.json
    for number in $(seq -w 0 14); do
        [ "$(cells "p$number " 2 | wc -l)" -eq 1 ]
        where=$(cells "p$number " 2)
        files=$(cd "$ROOT/scenarios/americas/policies" && echo p"$number"-*.json)
        for name in $(grep -oE '`[^`]+`' <<<"$where" | tr -d '`'); do
            [[ $files == *"$name"* ]] || grep -q "^ *\"$name\": {" "$hindcast"
        done
        [[ $where != *none* || $files == *\** ]]
    done
}
