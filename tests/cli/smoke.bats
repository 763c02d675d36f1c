#!/usr/bin/env bats
# Every command once and every kind of end: short, so that it can run in a program built with
# AddressSanitizer and UndefinedBehaviorSanitizer.

load kit

@test "a run, its copy, a comparison, a plot" {
    "$SOJOURN" run "$TWO_HOSTS" --until 2022-02-05 --reps 3 -j 2 --self-check --time -o a
    "$SOJOURN" run a/scenario.json -q -o b
    same_tables a b
    "$SOJOURN" run "$TWO_HOSTS" --until 2022-02-05 --reps 3 --without surge --fixed -q -o c
    "$SOJOURN" compare a b c --all >rows
    [ "$(wc -l <rows)" -gt 200 ]
    PATH=$PWD/none "$SOJOURN" plot a
    [ -s a/plots/stock.gp ]
}

@test "a fit to observations, and a table that is none" {
    "$SOJOURN" run "$TWO_HOSTS" --until 2022-03-01 --reps 3 -q -o a
    cat >seen.csv <<END
target,metric,place,nationality,item,from,to,value,unit,mark,source,note
t,stock,nea,ori,ALL,,2022-01-31,300000,persons,A,,
t,stock,far,ori,ALL,,2022-01-31,20000,persons,A,,
t,stock,far,ori,ALL,,2022-02-28,21000,persons,A,,
t,arrivals,nea,ori,ALL,2022-01-01,2022-01-31,4000,persons,A,,before
t,arrivals,nea,ori,ALL,2022-02-01,2022-02-28,4000,persons,A,,
t,queue_length,far,ALL,far-asylum,,2022-01-31,5000,persons,A,,
END
    "$SOJOURN" fit a a --observed seen.csv
    [ -s a/fit.csv ]
    [ -s a/fit-changes.csv ]
    sed 's/2022-01-31/2022-01-41/' seen.csv >bad.csv
    run "$SOJOURN" fit a --observed bad.csv
    [ "$status" -eq 3 ]
    run "$SOJOURN" fit a --observed a/series.csv
    [ "$status" -eq 3 ]
}

@test "persons one by one" {
    "$SOJOURN" run "$ROOT/tests/fixtures/good/minimal.json" --set '/run/resolution="person"' \
        --until 2022-02-05 --reps 1 --self-check -q -o persons
    [ "$(manifest persons resolution)" = '"person"' ]
}

@test "validate, explain, new, list, version" {
    "$SOJOURN" validate "$TWO_HOSTS" "$ROOT"/tests/fixtures/good/*.json
    for word in keys stock capacity E0213 /programmes/a/stages/b/slots_per_day "$OFFICE"; do
        "$SOJOURN" explain "$word" >out
        [ -s out ]
    done
    for what in processes metrics errors plots tables examples; do
        "$SOJOURN" list $what >out
        [ -s out ]
    done
    "$SOJOURN" new mine
    "$SOJOURN" validate mine.json
    "$SOJOURN" version --json
    "$SOJOURN" run --help
}

@test "every kind of failure, without a leak" {
    for kind in syntax structural reference meaning; do
        for file in "$ROOT"/tests/fixtures/bad/"$kind"-s*.json; do
            run "$SOJOURN" validate "$file"
            [ "$status" -eq 3 ]
        done
    done
    run "$SOJOURN" run "$ROOT/tests/fixtures/bad/meaning-backlog-above-stock.json"
    [ "$status" -eq 3 ]
    run "$SOJOURN" run "$TWO_HOSTS" --repz 3
    [ "$status" -eq 2 ]
    run "$SOJOURN" run nowhere.json
    [ "$status" -eq 4 ]
    run "$SOJOURN" compare nowhere neither
    [ "$status" -eq 4 ]
    run "$SOJOURN" compare nowhere "$TWO_HOSTS"
    [ "$status" -eq 2 ]
    run "$SOJOURN" new mine --from nothing
    [ "$status" -eq 2 ]
    run "$SOJOURN" explain nothing
    [ "$status" -eq 2 ]
    run bash -c "ulimit -f 16; '$SOJOURN' run '$TWO_HOSTS' --until 2022-02-05 --reps 2 -q -o full"
    [ "$status" -eq 4 ]
    is_empty .
}

@test "an interrupted run" {
    "$SOJOURN" run "$TWO_HOSTS" --until 2022-02-05 --reps 3000 -o long >out 2>err 3>&- &
    running=$!
    for _ in $(seq 100); do
        [ ! -d long ] || break
        sleep 0.1
    done
    sleep 1
    kill -s INT $running
    status=0
    wait $running || status=$?
    [ "$status" -eq 130 ]
    run ! grep -q 'ERROR\|runtime error' err
}
