#!/usr/bin/env bats
# sojourn diff: lines by pointer with values and evidence, exit status, what counts as the same.
# shellcheck disable=SC2154 # run sets stderr

load kit

@test "a scenario is the same as itself, as its results, and under another order of keys" {
    run --separate-stderr "$SOJOURN" diff "$TWO_HOSTS" "$TWO_HOSTS"
    [ "$status" -eq 0 ]
    [ -z "$output" ]
    "$SOJOURN" run "$TWO_HOSTS" --fixed -q -o results >/dev/null
    run --separate-stderr "$SOJOURN" diff "$TWO_HOSTS" results
    [ "$status" -eq 0 ] # the series of a driver has another file, but the same figures
    [ -z "$output" ]
    python3 -c 'import json, sys
def turn(x): return {k: turn(x[k]) for k in reversed(list(x))} if isinstance(x, dict) else x
json.dump(turn(json.load(open("results/scenario.json"))), open("results/turned.json", "w"))'
    run --separate-stderr "$SOJOURN" diff results results/turned.json
    [ "$status" -eq 0 ]
}

@test "changed, added, removed: a line each, in the order of the first file, with the evidence" {
    cat >b.json <<END
{ "extends": "$TWO_HOSTS",
  "stocks": { "ori": { "nea": { "value": 310000, "mark": "V", "source": "census" } } },
  "places": { "ori": { "population": 10000000 },
              "far": { "name": "Faraway", "employment_rate": { "value": 0.72, "low": 0.7, "high": 0.75 } } },
  "links": { "home-far": { "days": null, "death_per_journey": 0.5 } },
  "programmes": { "far-asylum": { "stages": { "first": { "calendar": "all" } } } },
  "record": { "per_rep": ["stock"] } }
END
    run --separate-stderr "$SOJOURN" diff "$TWO_HOSTS" b.json
    [ "$status" -eq 1 ]
    cat >expected <<'END'
~ /places/ori/population: 10000000 (mark V -> A; source census -> none)
~ /places/far/name: "Far host" -> "Faraway"
~ /places/far/employment_rate: 0.72 (low none -> 0.7; high none -> 0.75)
~ /stocks/ori/nea: 300000 -> 310000
- /links/home-far/days: 1
+ /links/home-far/death_per_journey: 0.5
~ /programmes/far-asylum/stages/first/calendar: "mon-fri" -> "all"
~ /record/per_rep: ["stock","utilisation","queue_length","employment_rate","deaths"] -> ["stock"]
END
    diff expected <(echo "$output")
}

@test "--with, --without and --set change the second; whole blocks are told value by value" {
    cat >p.json <<'END'
{ "format": "sojourn-policy/1", "id": "more", "title": "More officers",
  "ops": [{ "at": "/programmes/far-asylum/stages/first/officers", "scale": 2 }] }
END
    run --separate-stderr "$SOJOURN" diff "$TWO_HOSTS" "$TWO_HOSTS" --with p.json --without surge \
        --set /programmes/far-asylum/stages/first/officers=60 --set /stocks/ori/nea=5000
    [ "$status" -eq 1 ]
    [ "${#lines[@]}" -eq 8 ]
    [ "${lines[0]}" = '~ /stocks/ori/nea: 300000 -> 5000 (mark V -> A; source census -> command line)' ]
    [[ $output == *'officers: 30 -> 60 (source none -> command line)'* ]]
    [[ $output == *'- /policies/surge/title: "Shelter places when overloaded"'* ]]
    [[ $output == *'+ /policies/more/ops: [{"at":"/programmes/far-asylum/stages/first/officers","scale":2}]'* ]]
}

@test "a series of a driver with other figures under the same name is a difference" {
    mkdir data
    cp "$TWO_HOSTS" a.json
    cp "$ROOT/scenarios/small/data/insecurity.csv" data/
    run --separate-stderr "$SOJOURN" diff "$TWO_HOSTS" a.json
    [ "$status" -eq 0 ]
    sed -i '2s/0.3/0.5/' data/insecurity.csv
    run --separate-stderr "$SOJOURN" diff "$TWO_HOSTS" a.json
    [ "$status" -eq 1 ]
    [ "$output" = '~ /drivers/insecurity/levels/ori/series: "data/insecurity.csv" -> "data/insecurity.csv, other figures"' ]
}

@test "policy files with one another; trouble is 2 and more" {
    echo '{ "format": "sojourn-policy/1", "id": "p", "ops": [] }' >p.json
    echo '{ "format": "sojourn-policy/1", "id": "p", "title": "P", "ops": [] }' >q.json
    run --separate-stderr "$SOJOURN" diff p.json q.json
    [ "$status" -eq 1 ]
    [ "$output" = '+ /title: "P"' ]
    run --separate-stderr "$SOJOURN" diff p.json "$TWO_HOSTS"
    [ "$status" -eq 2 ]
    [[ $stderr == *'--with POLICY'* ]]
    run --separate-stderr "$SOJOURN" diff "$TWO_HOSTS"
    [ "$status" -eq 2 ]
    run --separate-stderr "$SOJOURN" diff "$TWO_HOSTS" nowhere.json
    [ "$status" -eq 4 ]
    [[ $stderr == *nowhere.json* ]]
    sed 's/"slots_per_day": 1400/"slots_per_dai": 1400/' "$TWO_HOSTS" >bad.json
    run --separate-stderr "$SOJOURN" diff "$TWO_HOSTS" bad.json
    [ "$status" -eq 3 ]
    [[ $stderr == *bad.json:*'did you mean "slots_per_day"'* ]]
    [ -z "$output" ]
    run "$SOJOURN" diff --help
    [ "$status" -eq 0 ]
    [[ $output == *'only in A'*--with* ]]
}
