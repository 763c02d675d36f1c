#!/usr/bin/env bats
# The two runs of the Americas: they hold together day by day, the projection starts from what was
# published, and every policy that belongs to it runs with it.
# shellcheck disable=SC2154 # run sets stderr

load kit

americas() { # FILE LAST-DAY ARGUMENT...
    "$SOJOURN" run "$ROOT/scenarios/americas/$1.json" --until "$2" --reps 1 --fixed --quiet "${@:3}"
}

# The mean of a row of series.csv: metric, place, nationality, item, date.
row() { # DIR KEY
    awk -F, -v key="$2" '$1 "," $2 "," $3 "," $4 "," $5 == key { print $6; found = 1 }
        END { if (!found) print 0 }' "$1/series.csv"
}

between() { # VALUE LOW HIGH
    awk -v x="$1" -v low="$2" -v high="$3" 'BEGIN { exit !(x >= low && x <= high) }'
}

@test "the hindcast holds every identity after every day" {
    americas hindcast 2018-02-10 --self-check -o r
    [ "$(row r stock,col,ven,ALL,2018-01-01)" -eq 550000 ]
}

@test "the projection holds every identity and starts from what was published" {
    americas projection 2022-10-31 --self-check -o r
    [ "$(row r stock,col,ven,ALL,2022-10-06)" -eq 2400000 ]
    [ "$(row r stock,per,ven,ALL,2022-10-06)" -eq 1200000 ]
    between "$(row r stock,col,ven,ppt,2022-10-06)" 1399990 1600000
    region=$(awk -F, '$1 == "stock" && $3 == "ven" && $4 == "ALL" && $5 == "2022-10-06" &&
        $2 ~ /^[a-z][a-z][a-z]$/ && $2 !~ /ven|usa|can|esp/ { sum += $6 } END { print sum }' r/series.csv)
    between "$region" 5745654 5745674
    # claims: between the ends of 2021 and 2022 (UNHCR)
    between "$(row r queue_length,usa,ALL,usa-asylum/first,2022-10-06)" 1303181 1798790
    between "$(row r queue_length,per,ALL,per-asylum/first,2022-10-06)" 500000 545000
    # who waits abroad for a visa waits from the first day
    [ "$(row r queue_length,usa,ALL,usa-visas/consulate,2022-10-06)" -gt 100000 ]
    [ "$(row r arrivals,col,ven,ALL,2022-10-31)" -gt 1000 ]
}

@test "every policy of the projection runs with it, and p12 opens the way that is closed" {
    americas projection 2022-12-15 -o base
    [ "$(row base arrivals,usa,ven,usa-parole-ven,2022-12-15)" -eq 0 ]
    for file in "$ROOT"/scenarios/americas/policies/p*.json; do
        id=$(basename "$file" .json)
        run --separate-stderr "$SOJOURN" validate "$ROOT/scenarios/americas/projection.json" --with "$file"
        [ "$status" -eq 0 ]
        [ "$id" = p00-status-quo ] || americas projection 2022-12-15 --with "$file" -o "$id"
    done
    [ "$(row p12-legal-pathways arrivals,usa,ven,usa-parole-ven,2022-12-15)" -gt 1000 ]
    cmp base/summary.csv p13-faster-asylum/summary.csv # hires begin in 2023
}
