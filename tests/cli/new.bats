#!/usr/bin/env bats
# sojourn new: a scenario of one's own from every example; nothing is overwritten.
# shellcheck disable=SC2154 # run sets stderr

load kit

@test "new writes NAME.json and its tables; it validates and runs" {
    run --separate-stderr "$SOJOURN" new mine
    [ "$status" -eq 0 ]
    [ "$output" = mine.json ]
    [[ $stderr == *'sojourn validate mine.json'* ]]
    [ "$(find . -type f | sort | tr '\n' ' ')" = './data/insecurity.csv ./mine.json ' ]
    [ "$(diff mine.json "$TWO_HOSTS" | grep -c '^<')" -eq 1 ]
    "$SOJOURN" validate mine.json
    [ "$(brief mine.json --reps 1)" = results/mine ]
    [ "$(manifest results/mine name)" = '"mine"' ]
    brief "$TWO_HOSTS" --reps 1 -o theirs
    same_tables results/mine theirs
}

@test "every example starts a scenario that validates and runs" {
    examples=$("$SOJOURN" list examples | awk '{ print $1 }')
    [ "$(wc -w <<<"$examples")" -ge 5 ]
    for example in $examples; do
        mkdir "$BATS_TEST_TMPDIR/$example"
        cd "$BATS_TEST_TMPDIR/$example"
        "$SOJOURN" new my-own --from "$example"
        "$SOJOURN" validate my-own.json
        start=$("$SOJOURN" explain my-own.json 2>/dev/null | sed -n '2s/ to .*//p')
        until=$(date -u -d "$start + 10 days" +%F)
        "$SOJOURN" run my-own.json --until "$until" --reps 1 -q
        [ -s results/my-own/summary.csv ]
    done
}

@test "new does not overwrite: neither the scenario nor a table that is another" {
    "$SOJOURN" new mine
    echo changed >mine.json
    run --separate-stderr "$SOJOURN" new mine
    [ "$status" -eq 4 ]
    [[ $stderr == *E0105*'mine.json exists'* ]]
    [ "$(cat mine.json)" = changed ]
    "$SOJOURN" new second # the same table serves both
    echo '2023-01-01,0.5' >>data/insecurity.csv
    run --separate-stderr "$SOJOURN" new third
    [ "$status" -eq 4 ]
    [[ $stderr == *E0105*'data/insecurity.csv exists'* ]]
    [ ! -e third.json ]
}

@test "names that are none, and examples that are none" {
    for name in '' 1st a_b a/b ../up x-own 'a b' é; do
        run --separate-stderr "$SOJOURN" new "$name"
        [ "$status" -eq 2 ]
        [ -z "$output" ]
    done
    run "$SOJOURN" new
    [ "$status" -eq 2 ]
    run "$SOJOURN" new one two
    [ "$status" -eq 2 ]
    run --separate-stderr "$SOJOURN" new mine --from two-host
    [ "$status" -eq 2 ]
    [[ $stderr == *'"two-host"'*'did you mean "two-hosts"?'* ]]
    run --separate-stderr "$SOJOURN" new here --from hindcast # a part of its id
    [ "$status" -eq 2 ]
    [[ $stderr == *'did you mean "americas-hindcast"?'* ]]
    mkdir none
    run --separate-stderr env SOJOURN_SCENARIOS=none "$SOJOURN" new mine
    [ "$status" -eq 4 ]
    [[ $stderr == *SOJOURN_SCENARIOS* ]]
    rmdir none
    is_empty .
}
