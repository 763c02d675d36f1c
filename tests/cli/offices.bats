#!/usr/bin/env bats
# Offices at their limits: renewals that are refused, a hand-over of a year, an act on a large queue.

load kit

# The mean of the last record of a metric at a place, of all nationalities.
last() { # DIR METRIC PLACE ITEM
    awk -F, -v key="$2,$3,ALL,$4" '$1 "," $2 "," $3 "," $4 == key { x = $6 } END { print x + 0 }' "$1/series.csv"
}

office() { # NAME ARGUMENT...
    "$SOJOURN" run "$ROOT/tests/fixtures/offices/$1.json" --quiet --self-check -o "$1" --force "${@:2}"
}

# 2,000 permits end in 2022 and none is renewed: nobody holds the status at the end. Among cohorts, where who of a
# stratum holds which permit is drawn, one in a hundred may be missed.
@test "who is refused a renewal loses the status with the permit, barred or not" {
    for name in refused-for-a-while refused-for-good; do
        office "$name" --reps 3 --set /run/resolution=person
        [ "$(last "$name" stock town carded)" = 0 ]
        office "$name" --reps 10
        awk -v left="$(last "$name" stock town carded)" 'BEGIN { exit !(left <= 20) }'
    done
}

@test "who is refused before the permit has ended keeps it" {
    office refused-before-expiry --reps 5
    [ "$(last refused-before-expiry stock town out)" = 0 ]
}

@test "a hand-over of a year is a year, though cases of half a year lie by month" {
    office long-handover --reps 1
    [ "$(awk -F, '$1 == "completed" && $5 <= "2022-12-31" { sum += $6 } END { print sum + 0 }' long-handover/series.csv)" = 0 ]
    [ "$(awk -F, '$1 == "completed" && $5 > "2023-01-01" { sum += $6 } END { print (sum > 100000) }' long-handover/series.csv)" = 1 ]
}

@test "an act on a queue of half a year ends" {
    office large-act --reps 1
    awk -F, '$1 == "queue_length" && $3 == "ALL" { n[$5] = $6 }
        END { exit !(n["2022-06-01"] > 200000 && n["2022-07-01"] < 10000) }' large-act/series.csv
}
