#!/usr/bin/env bats
# sojourn compare: paired differences, their intervals and verdicts; identical and unlike runs.
# shellcheck disable=SC2154 # run sets stderr

load kit

columns='metric,place,nationality,item,base,policy,difference,low,high,correlation,verdict'
noise='within Monte Carlo noise'
small='real, but smaller than what is not known'
large='larger than what is not known'

# A results folder by hand: seed, then lines "metric,place,value of rep 0,1,2".
by_hand() { # DIR SEED ROW...
    mkdir "$1"
    echo "{ \"seed\": $2 }" >"$1/manifest.json"
    {
        echo 'metric,place,nationality,item,rep,value'
        for row in "${@:3}"; do
            IFS=, read -r metric place a b c <<<"$row"
            echo "$metric,$place,ALL,ALL,0,$a"
            echo "$metric,$place,ALL,ALL,1,$b"
            [ -z "$c" ] || echo "$metric,$place,ALL,ALL,2,$c"
        done
    } >"$1/summary.csv"
}

@test "a policy against none: paired, the effect is found, its sign is right" {
    brief "$TWO_HOSTS" --reps 6 -o base --without surge --until 2022-08-31
    brief "$TWO_HOSTS" --reps 6 -o policy --until 2022-08-31
    run --separate-stderr "$SOJOURN" compare base policy
    [ "$status" -eq 0 ]
    [[ $stderr != *warning* ]]
    [[ $stderr == *'policy/compare.csv'* ]]
    [ "${lines[0]}" = 'policy against base' ]
    [[ $output == *$'\ncapacity '*nea-port*shelter* ]]
    [ "$(head -n 1 policy/compare.csv)" = "$columns" ]
    [ "$(wc -l <policy/compare.csv)" -gt 100 ]
    verdicts=$(sed -n '2,$ { s/^.*,"\([^"]*\)"$/\1/p; t; s/^.*,//p }' policy/compare.csv | sort -u)
    [ -n "$verdicts" ]
    run grep -vxF -e "$noise" -e "$small" -e "$large" <<<"$verdicts"
    [ "$status" -eq 1 ]
    # more places: less overload, in all six pairs; correlated, as both runs share their chance
    row=$(grep '^overload_person_days,nea-port,ALL,shelter,' policy/compare.csv)
    awk -F, '{ exit !($6 < $5 && $7 < 0 && $9 < 0 && $8 < $7 && $7 < $9) }' <<<"$row"
    [ ! -e base/compare.csv ]
}

@test "identical runs differ by nothing" {
    brief "$TWO_HOSTS" --reps 3 -o a
    brief "$TWO_HOSTS" --reps 3 -o b
    run --separate-stderr "$SOJOURN" compare a b
    [ "$status" -eq 0 ]
    [[ $output == *'no metric differs by more than Monte Carlo noise' ]]
    awk -F, 'NR > 1 && ($7 != 0 || $8 != 0 || $9 != 0) { bad = 1 } END { exit bad || NR < 100 }' \
        b/compare.csv
    [ "$(grep -c "$noise" b/compare.csv)" -eq "$(tail -n +2 b/compare.csv | wc -l)" ]
    run "$SOJOURN" compare a b --all
    [ "${#lines[@]}" -gt 100 ]
}

@test "other seeds: a warning that the differences are not paired" {
    brief "$TWO_HOSTS" --reps 2 -o a
    brief "$TWO_HOSTS" --reps 2 --seed 2 -o b
    run --separate-stderr "$SOJOURN" compare a b
    [ "$status" -eq 0 ]
    [[ $stderr == *'warning: the folders have different seeds'* ]]
}

@test "intervals are Student's, verdicts those of the interval and the spread" {
    by_hand base 1 'noisy,x,10,20,30' 'real,x,10,20,30' 'great,x,10,20,30' 'gone,x,5,6,7'
    by_hand policy 1 'noisy,x,11,22,33' 'real,x,11,21,31' 'great,x,110,120,131' 'came,x,1,1,2'
    run --separate-stderr "$SOJOURN" compare base policy
    [ "$status" -eq 0 ]
    # differences 1, 2, 3: mean 2, standard error 1/sqrt(3), quantile 4.302653 of two degrees
    awk -F, '$1 == "noisy" { exit !($7 == 2 && $8 > -0.48414 && $8 < -0.48413 && $9 > 4.48413 &&
        $9 < 4.48414 && $10 > 0.99999 && $11 == "'"$noise"'") }' policy/compare.csv
    grep -qE '^real,x,ALL,ALL,20,21,1,1,1,[^,]*,"?'"$small"'"?$' policy/compare.csv
    grep -qE '^great,x,.*,"?'"$large"'"?$' policy/compare.csv
    grep -q '^gone,x,ALL,ALL,6,0,-6,' policy/compare.csv # a row of zeros is left out of tables
    awk -F, '$1 == "came" { exit !($5 == 0 && $6 > 1.33 && $6 < 1.34) }' policy/compare.csv
    [[ $output == *real* && $output == *great* && $output != *noisy* ]]
    run "$SOJOURN" compare base policy --metric noisy
    [[ $output == *noisy* && $output != *great* ]]
}

@test "fewer replications on one side: only pairs count, also for what one side does not have" {
    by_hand base 1 'both,x,1,2,3' 'gone,x,5,7,100'
    by_hand policy 1 'both,x,2,3'
    "$SOJOURN" compare base policy
    grep -q '^both,x,ALL,ALL,1.5,2.5,1,' policy/compare.csv
    grep -q '^gone,x,ALL,ALL,6,0,-6,' policy/compare.csv
}

@test "several policies; faults" {
    by_hand base 1 'm,x,1,2,3'
    by_hand p1 1 'm,x,2,3,4'
    by_hand p2 1 'm,x,3,4,5'
    run --separate-stderr "$SOJOURN" compare base p1 p2
    [ "$status" -eq 0 ]
    [ -s p1/compare.csv ]
    [ -s p2/compare.csv ]
    [[ $output == *'p1 against base'*'p2 against base'* ]]
    run --separate-stderr "$SOJOURN" compare base
    [ "$status" -eq 2 ]
    run --separate-stderr "$SOJOURN" compare base p1 --metrik m
    [ "$status" -eq 2 ]
    [[ $stderr == *'did you mean "--metric"'* ]]
    rm p1/compare.csv
    run --separate-stderr "$SOJOURN" compare base nowhere p1
    [ "$status" -eq 4 ]
    [[ $stderr == *nowhere/summary.csv* ]]
    sed -i 's/,rep,/,run,/' p1/summary.csv
    run --separate-stderr "$SOJOURN" compare base p1
    [ "$status" -eq 3 ]
    [[ $stderr == *E0207*p1/summary.csv* ]]
    [ ! -e p1/compare.csv ]
}
