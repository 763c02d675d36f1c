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
        [ -z "$stderr" ] # no warning
        [ "$id" = p00-status-quo ] || americas projection 2022-12-15 --with "$file" -o "$id"
    done
    [ "$(row p12-legal-pathways arrivals,usa,ven,usa-parole-ven,2022-12-15)" -gt 1000 ]
    cmp base/summary.csv p13-faster-asylum/summary.csv # hires begin in 2023
}

# Sum over the records after FROM up to TO of a flow: metric, place, nationality.
flow() { # DIR KEY FROM TO
    awk -F, -v key="$2" -v from="$3" -v to="$4" '
        $1 "," $2 "," $3 == key && $4 == "ALL" && $5 > from && $5 <= to { sum += $6; found = 1 }
        END { if (!found) exit 1; print sum }' "$1/series.csv"
}

counts_of_2022() { # DIR
    awk -F, '$5 <= "2023-01-01" && $6 != 0' "$1/series.csv"
}

# VALUE over BASE lies between LOW and HIGH.
factor() { # VALUE BASE LOW HIGH
    awk -v x="$1" -v base="$2" -v low="$3" -v high="$4" \
        'BEGIN { exit !(base > 0 && x / base >= low && x / base <= high) }'
}

@test "p03 gets more through biometrics where the permit is open, and nothing else where it is closed" {
    policy=$ROOT/scenarios/americas/policies/p03-registration-stress.json
    americas projection 2022-12-15 -o closed
    americas projection 2022-12-15 --with "$policy" -o closed-p03
    cmp closed/summary.csv closed-p03/summary.csv
    americas projection 2022-12-15 --without p00-status-quo -o open
    americas projection 2022-12-15 --without p00-status-quo --with "$policy" -o open-p03
    key=completed_total,col,ALL,col-etpv/biometrics,2022-12-15
    # who is called comes in the end with 0.55 / (0.55 + 0.45 x 0.2), now 0.8 / (0.8 + 0.2 x 0.2): 1.108 times
    factor "$(row open-p03 $key)" "$(row open $key)" 1.09 1.13
}

@test "p10 adds a fifth to departures in a disaster year, p11 takes some away, more the later" {
    policies=$ROOT/scenarios/americas/policies
    americas projection 2024-03-31 -o base
    americas projection 2024-03-31 --with "$policies/p10-climate.json" -o p10
    americas projection 2024-03-31 --with "$policies/p11-root-causes.json" -o p11
    quarter=(2024-01-01 2024-03-31)
    # 0.03 of push are a hazard of exp(6 x 0.03) = 1.2, the drift until then 1.015
    key=departures,hnd,hnd
    factor "$(flow p10 $key "${quarter[@]}")" "$(flow base $key "${quarter[@]}")" 1.12 1.3
    key=departures,col,col # no disaster there
    factor "$(flow p10 $key "${quarter[@]}")" "$(flow base $key "${quarter[@]}")" 1.003 1.03
    # nothing before 2023 (a row of zeros is written where a later day has a count)
    cmp <(counts_of_2022 base) <(counts_of_2022 p11)
    # then 0.05 x (0.8 + 1.2) x t / 6 less in the log, at t = 0.125 and 1.125
    key=departures,ALL,ALL
    factor "$(flow p11 $key 2023-01-01 2023-04-01)" "$(flow base $key 2023-01-01 2023-04-01)" 0.99 0.9999
    factor "$(flow p11 $key "${quarter[@]}")" "$(flow base $key "${quarter[@]}")" 0.96 0.99
}

# C2: places lack, plans ask, donors answer, places open, fewer people lack them.
@test "donors who answer appeals buy places, and a cut buys fewer" {
    policies=$ROOT/scenarios/americas/policies
    americas projection 2024-12-31 -o base
    americas projection 2024-12-31 --with "$policies/chain-appeals.json" -o answered
    for country in col ecu per bra; do
        asked=$(row base appealed_usd,$country,ALL,plan-$country,2023-01-01)
        between "$asked" 1e7 2e9
        # 0.4 on the mean, a beta law of standard deviation 0.107
        factor "$(row answered pledged_usd,$country,ALL,plan-$country,2023-01-01)" "$asked" 0.05 0.85
        [ "$(row base pledged_usd,$country,ALL,plan-$country,2023-01-01)" -eq 0 ]
    done
    # 120 days to the money, 240 to use
    key=capacity,col,ALL,health
    [ "$(row base $key,2023-12-01)" = "$(row answered $key,2023-12-01)" ]
    factor "$(row answered $key,2024-06-01)" "$(row base $key,2024-06-01)" 1.02 1.6
    key=overload_person_days,ALL,ALL
    factor "$(flow answered $key 2024-01-01 2024-12-31)" "$(flow base $key 2024-01-01 2024-12-31)" 0.5 0.97
    # the same until the day of the cut
    americas projection 2024-12-31 --with "$policies/p08-funding-cut.json" -o cut
    cmp answered/series.csv cut/series.csv
}
