#!/usr/bin/env bats
# sojourn compare: paired differences, their intervals and verdicts; identical and unlike runs.
# shellcheck disable=SC2154 # run sets stderr

load kit

columns='metric,place,nationality,item,base,policy,difference,low,high,correlation,verdict,usd_per_unit,usd_low,usd_high'
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
    verdicts=$(sed -n '2,$ { s/\(,[^,]*\)\{3\}$//; s/^.*,"\([^"]*\)"$/\1/p; t; s/^.*,//p }' \
        policy/compare.csv | sort -u)
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
    [[ $output == *'no metric differs by more than Monte Carlo noise'* ]]
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
    grep -qE '^real,x,ALL,ALL,20,21,1,1,1,[^,]*,"?'"$small"'"?,NA,NA,NA$' policy/compare.csv
    grep -qE '^great,x,.*,"?'"$large"'"?,NA,NA,NA$' policy/compare.csv
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

@test "other numbers of replications or last days: a warning that names both" {
    by_hand base 1 'both,x,1,2,3'
    by_hand policy 1 'both,x,2,3'
    echo '{ "time": { "end": "2022-12-31" } }' | tee base/scenario.json >policy/scenario.json
    run --separate-stderr "$SOJOURN" compare base policy
    [ "$status" -eq 0 ]
    [[ $stderr == *'warning: base has 3 replications, policy 2: only those that both have count'* ]]
    [[ $stderr != *'different days'* ]]
    by_hand longer 1 'both,x,2,3,4'
    echo '{ "time": { "end": { "value": "2023-06-30" } } }' >longer/scenario.json
    run --separate-stderr "$SOJOURN" compare base longer
    [[ $stderr == *'warning: base ends on 2022-12-31, longer on 2023-06-30: levels are those of different days'* ]]
    [[ $stderr != *replications* ]]
}

@test "under the table: what the verdicts mean, and that few replications mean little" {
    by_hand base 1 'some,x,10,20,30' 'sure,x,5,5,5' 'none,x,4,4,4'
    by_hand p 1 'some,x,30,41,50' 'sure,x,8,8,8' 'none,x,4,4,4'
    run --separate-stderr "$SOJOURN" compare base p
    [ "$status" -eq 0 ]
    legend=$(grep -n 'within Monte Carlo noise: the interval holds 0' <<<"$output" | cut -d: -f1)
    [[ ${lines[legend]} == 'is not known: the standard deviation of the base over its replications.' ]]
    [[ ${lines[legend + 1]} == '-: none, for a few replications that all differ by the same.' ]]
    [[ ${lines[legend + 2]} == '3 replications: intervals and verdicts mean little; use 8 or more' ]]
    # three times the same: an interval without width, and no verdict
    [[ $output == *'some '*"$large"*'sure '*'[3, 3]  -'$'\n'* ]]
    [ "$("$SOJOURN" compare base p --metric none 2>/dev/null | grep -c '\[0, 0\]  -$')" -eq 1 ]
    for folder in base p; do # five say enough for a verdict
        for rep in 3 4; do
            sed -n "s/^\(.*\),2,\([0-9]*\)\$/\1,$rep,\2/p" $folder/summary.csv
        done >more
        cat more >>$folder/summary.csv
        { head -n 1 $folder/summary.csv && tail -n +2 $folder/summary.csv | LC_ALL=C sort; } >sorted
        mv sorted $folder/summary.csv
    done
    run --separate-stderr "$SOJOURN" compare base p
    [[ $output == *'sure '*"[3, 3]  $large"* && $output == *'the interval holds 0'* ]]
    [[ $output != *'mean little'* && $output != *'-: none'* ]]
}

@test "files in place of folders: what makes a folder of a scenario" {
    by_hand base 1 'm,x,1,2,3'
    run --separate-stderr "$SOJOURN" compare base "$OFFICE"
    [ "$status" -eq 2 ]
    [[ $stderr == "error E0301: compare takes results folders, and $OFFICE is a file"* ]]
    [[ $stderr == *"sojourn run $OFFICE writes results/office"* ]]
    run --separate-stderr "$SOJOURN" compare base/summary.csv base
    [ "$status" -eq 2 ]
    [[ $stderr == *'base/summary.csv is a file'* && $stderr != *'sojourn run'* ]]
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

@test "--metric: a word that is no metric, one that no folder has a row of" {
    by_hand base 1 'stock,x,1,2,3'
    by_hand p 1 'stock,x,2,3,4'
    run --separate-stderr "$SOJOURN" compare base p --metric queue
    [ "$status" -eq 2 ]
    [[ $stderr == *'no metric "queue"'*'did you mean "queue_length"'* ]]
    [ ! -e p/compare.csv ]
    run --separate-stderr "$SOJOURN" compare base p --metric zzz
    [ "$status" -eq 2 ]
    [[ $stderr == *'sojourn list metrics'* ]]
    run --separate-stderr "$SOJOURN" compare base p --metric deaths
    [ "$status" -eq 0 ]
    [[ $stderr == *'no folder has a row of deaths: it is 0 throughout, or not recorded'* ]]
}

@test "--place: the rows of one place, of several, of one that no folder has" {
    by_hand base 1 'stock,far,1,2,3' 'stock,nea-port,1,2,3' 'foreign,far,1,2,3' 'foreign,ori,1,2,3'
    by_hand p 1 'stock,far,20,30,41' 'stock,nea-port,20,30,41' 'foreign,far,20,30,41' 'foreign,ori,20,30,41'
    run --separate-stderr "$SOJOURN" compare base p --place far
    [ "$status" -eq 0 ]
    [[ $output == *stock*far*foreign*far* || $output == *foreign*far*stock*far* ]]
    [[ $output != *nea-port* && $output != *ori* && $output != *'means; gains'* ]]
    [ "$(grep -c , p/compare.csv)" -eq 5 ]
    run --separate-stderr "$SOJOURN" compare base p --place far --place ori --metric foreign
    [[ $output == *foreign*far*foreign*ori* && $output != *stock* ]]
    run --separate-stderr "$SOJOURN" compare base p --place nea-prot
    [ "$status" -eq 2 ]
    [[ $stderr == *'no folder has a row of a place "nea-prot"'*'did you mean "nea-port"?'* ]]
}

# Rows "metric,place,item,values of reps 0, 1, 2" are added to a folder by hand.
more() { # DIR ROW...
    for row in "${@:2}"; do
        IFS=, read -r metric place item a b c <<<"$row"
        printf '%s\n' "$metric,$place,ALL,$item,0,$a" "$metric,$place,ALL,$item,1,$b" \
            "$metric,$place,ALL,$item,2,$c"
    done >>"$1/summary.csv"
    { head -n 1 "$1/summary.csv" && tail -n +2 "$1/summary.csv" | LC_ALL=C sort; } >"$1/sorted"
    mv "$1/sorted" "$1/summary.csv"
}

# Three folders: p costs 20, 40, 60 more for 2, 4, 7 cases more; q costs the same.
by_hand_costs() {
    by_hand base 1 'foreign,ALL,5,5,6' 'overload_person_days,ALL,9,9,9' 'spent_usd,ALL,100,200,300'
    by_hand p 1 'foreign,ALL,5,5,6' 'overload_person_days,ALL,7,6,5' 'spent_usd,ALL,120,240,360'
    by_hand q 1 'foreign,ALL,5,5,6' 'overload_person_days,ALL,10,11,12' 'spent_usd,ALL,100,200,300'
    more base granted_total,nea,one,10,10,10 granted_total,far,two,5,5,5
    more p granted_total,nea,one,11,12,13 granted_total,far,two,6,7,8
    more q granted_total,nea,one,20,21,22 granted_total,far,two,5,5,5
}

@test "a column for each folder: money, gains, USD for a unit with Fieller's interval" {
    by_hand_costs
    more p granted_total,far,late,0,0,1
    run --separate-stderr "$SOJOURN" compare base p q
    [ "$status" -eq 0 ]
    [[ $output == *'means; gains against the first'*' base '*' p '*' q'* ]]
    [[ $output == *'USD spent'*' 200 '*' 240 '*' 200'* ]]
    [[ $output == *'difference of cost, USD'*'40 [-9.683, 89.68]'*'0 [0, 0]'* ]]
    [[ $output == *'people regularised'*'4.333 ['*'11 ['* ]]
    [[ $output == *'USD per person '*' NA '*' NA'* ]] # 4.333 -+ 6.25 holds 0; no money
    [[ $output == *'overload averted'*'3 [0.5159, 5.484]'*'-2 [-4.484, 0.4841]'* ]]
    # 40/3; costs are 20 a unit less 20, so the ends solve mean(c - x g)^2 = t^2 var(c - x g)/3
    awk -F, '$1 == "overload_person_days" { found = 1; x = $12; l = $13; h = $14 }
        function f(x, m, v) { m = 40 - 3 * x; v = (20 - x) ^ 2; return m * m - 6.170940 * v }
        END { exit !(found && x > 13.333 && x < 13.334 && l < x && x < h &&
            f(l) ^ 2 < 1e-2 && f(h) ^ 2 < 1e-2) }' p/compare.csv
    grep -q '^granted_total,ALL,ALL,ALL,15,19.3' p/compare.csv
    grep -q ',NA,NA,NA$' <(grep '^granted_total,ALL' q/compare.csv) # the same money
    [[ $output != *'people in work'* && $output != *'deaths on the way'* ]]
}

@test "a gain that is a loss is called so; --metric alone leaves the closing table out" {
    by_hand base 1 'employed,far,10,10,10' 'spent_usd,ALL,1,2,3'
    by_hand p 1 'employed,far,5,4,5' 'spent_usd,ALL,2,3,5'
    run --separate-stderr "$SOJOURN" compare base p
    [[ $output == *'people in work'*'-5.333 ['*'USD per person'*'a loss, no gain'* ]]
    run --separate-stderr "$SOJOURN" compare base p --metric employed
    [[ $output == *employed* && $output != *'people in work'* ]]
    run --separate-stderr "$SOJOURN" compare base p --metric employed --outcome spent_usd
    [[ $output == *'people in work'*spent_usd* ]]
}

@test "arrivals by regular channels come from reps.csv and the channels of scenario.json" {
    by_hand base 1 'spent_usd,ALL,1,2,3'
    by_hand p 1 'spent_usd,ALL,2,3,5'
    echo '{ "places": { "nea": { "kind": "country" }, "port": { "kind": "city" } },
        "channels": { "visa": { "class": "regular" }, "foot": { "class": "irregular" } } }' |
        tee base/scenario.json >p/scenario.json
    for folder in base p; do
        [ $folder = base ] && n=1 || n=10
        {
            echo metric,place,nationality,item,date,rep,value
            for rep in 0 1 2; do
                for date in 2022-01-01 2022-02-01; do
                    for place in nea port; do
                        echo "arrivals,$place,ori,visa,$date,$rep,$((n + rep * n))"
                        echo "arrivals,$place,ori,foot,$date,$rep,1000"
                        echo "arrivals,$place,ori,ALL,$date,$rep,2000"
                    done
                done
            done
        } >$folder/reps.csv
    done
    "$SOJOURN" compare base p
    grep -q '^arrivals,ALL,ALL,regular,4,40,36,' p/compare.csv # 2 dates x mean of n, 2n, 3n
    run "$SOJOURN" compare base p --metric arrivals --outcome arrivals:port:ori:foot
    grep -q '^arrivals,port,ori,foot,2000,2000,0,' p/compare.csv
}

@test "outcomes that are named: what they may be" {
    by_hand_costs
    more base queue_length,nea,one/desk,5,5,6 employment_rate,nea,ALL,0.5,0.5,0.5
    more p queue_length,nea,one/desk,3,2,4 employment_rate,nea,ALL,0.5,0.5,0.6
    run --separate-stderr "$SOJOURN" compare base p --outcome queue_length:nea:ALL:one/desk
    [ "$status" -eq 0 ]
    [[ $output == *'queue_length:nea:ALL:one/desk averted'*'2.333 ['* ]]
    [[ $output == *'USD per unit'* ]]
    run --separate-stderr "$SOJOURN" compare base p --outcome granted_totl
    [ "$status" -eq 2 ]
    [[ $stderr == *'no metric "granted_totl"'*'did you mean "granted_total"'* ]]
    run --separate-stderr "$SOJOURN" compare base p --outcome stock:nea
    [ "$status" -eq 3 ]
    [[ $stderr == *'no folder has a row "stock:nea"'* ]]
    run --separate-stderr "$SOJOURN" compare base p --outcome employment_rate
    [ "$status" -eq 2 ]
    [[ $stderr == *'employment_rate does not add up (share)'* ]]
    run --separate-stderr "$SOJOURN" compare base p --outcome a:b:c:d:e
    [ "$status" -eq 2 ]
    [ ! -e q/compare.csv ]
}
