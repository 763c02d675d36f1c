#!/usr/bin/env bats
# sojourn explain, list, version, --help, and what the program says to words it does not know.

load kit

@test "explain tells of a pointer, a bare key, a key that is a metric too" {
    run --separate-stderr "$SOJOURN" explain /programmes/my-permit/stages/first/slots_per_day
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [[ ${lines[0]} == /programmes/my-permit/stages/first/slots_per_day ]]
    [[ $output == *'type: number'*'unit: persons/day'*'range: 0 to '*'default: none'*'moved by policies: yes'* ]]
    run "$SOJOURN" explain slots_per_day
    [[ $output == */posts/ID/slots_per_day*/programmes/ID/stages/ID/slots_per_day* ]]
    run "$SOJOURN" explain capacity
    [[ $output == *'metric capacity'*/services/ID/capacity* ]]
}

@test "explain tells of error codes and metrics: all that list names" {
    run "$SOJOURN" explain E0213
    [ "$status" -eq 0 ]
    [[ $output == 'E0213 UNKNOWN_KEY: '*'exit status 3'* ]]
    run "$SOJOURN" explain UNKNOWN_KEY
    [[ $output == 'E0213 UNKNOWN_KEY: '* ]]
    for code in $("$SOJOURN" list errors | awk '{ print $1 }'); do
        [[ $("$SOJOURN" explain "$code") == "$code "* ]]
    done
    for metric in $("$SOJOURN" list metrics | awk '{ print $1 }'); do
        [[ $("$SOJOURN" explain "$metric") == *"metric $metric"*'unit: '* ]]
    done
}

@test "explain FILE ID tells what policies do with a value, and whoever changes one set later is warned" {
    cp -r "$TWO_HOSTS" "$ROOT/scenarios/small/data" .
    at=/services/port-shelter/capacity
    printf '%s' '{ "format": "sojourn-policy/1", "id": "later", "ops": [
        { "at": "'$at'", "set": 7, "from": "2023-02-01" },
        { "at": "'$at'", "set": 5, "from": "2022-07-01", "to": "2023-02-01" },
        { "at": "/services/nea-labour/capacity", "scale": 2, "from": "2022-07-01" } ] }' >later.json
    echo '{ "extends": "two-hosts.json", "policies": { "later": { "file": "later.json" } } }' >base.json
    run --separate-stderr "$SOJOURN" explain base.json port-shelter
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [[ $output == *"$at 900 "*$'\n    set to 7 from 2023-02-01: policy later'* ]]
    [[ $output == *$'\n    set to 5 from 2022-07-01 until 2023-02-01: policy later'* ]]
    run "$SOJOURN" explain base.json nea-labour
    [[ $output == */capacity*$'\n    scaled by 2 from 2022-07-01: policy later'* ]]
    [[ $("$SOJOURN" explain two-hosts.json port-shelter) == *'added: 500 when utilisation of nea-port shelter is above 1 for 14 days: policy surge'* ]]
    run "$SOJOURN" explain base.json later
    [[ $output == *"/policies/later/ops/0/set 7"*"; acts on $at"* ]]
    echo '{ "id": "shut", "format": "sojourn-policy/1", "ops": [
        { "at": "/programmes/far-asylum/open", "set": false, "from": "2023-01-01" } ] }' >shut.json
    run "$SOJOURN" explain base.json far-asylum --with shut.json
    [[ $output == *"/programmes/far-asylum/open true"*$'\n    set to false from 2023-01-01: policy shut'* ]]
    holds='warning E0231: your value holds until 2022-06-30 only: policy later sets it from 2022-07-01 in '
    change='"services": { "port-shelter": { "capacity": 80 }, "nea-labour": { "capacity": 4e5 } }'
    echo '{ "extends": "base.json", '"$change"' }' >mine.json
    run --separate-stderr "$SOJOURN" validate mine.json
    [ "$status" -eq 0 ]
    [[ $stderr == "mine.json:1:"*"$holds$at"*'a policy with "scale" acts on all of its values'* ]]
    [[ $stderr != *nea-labour/capacity* ]]
    run --separate-stderr "$SOJOURN" validate mine.json --without later
    [ -z "$stderr" ]
    run --separate-stderr "$SOJOURN" validate base.json --set $at=80
    [[ $stderr == "command line: $holds$at"* ]]
    # whoever brings the policy knows: a file with both, a --with
    echo '{ "extends": "two-hosts.json", '"$change"',
        "policies": { "later": { "file": "later.json" } } }' >both.json
    run --separate-stderr "$SOJOURN" validate both.json
    [ -z "$stderr" ]
    run --separate-stderr "$SOJOURN" validate two-hosts.json --set $at=80 --with later.json
    [ -z "$stderr" ]
    sed -i '/"set": 7/d; s/"from": "2022-07-01", "to": "2023-02-01"/"to": "2023-02-01"/' later.json
    run --separate-stderr "$SOJOURN" validate mine.json
    [[ $stderr == *'your value is not used: policy later sets it from the first day'* ]]
    [[ $("$SOJOURN" explain base.json port-shelter) == *'set to 5 from the first day until 2023-02-01: policy later'* ]]
    local when='{"metric":"xenophobia","place":"far","around":0.6}'
    printf '{"format":"sojourn-policy/1","id":"t","ops":[{"at":"/services/port-shelter/capacity","add":-5,"when":%s}]}' "$when" >t.json
    [[ $("$SOJOURN" explain two-hosts.json port-shelter --with t.json) == *'added: -5 by chance, 0.1 a year where xenophobia of far is 0.6, times exp of 6 for 1 above: policy t'* ]]
}

@test "help COMMAND is COMMAND --help; an example is told from a file" {
    [ "$("$SOJOURN" help need)" = "$("$SOJOURN" need --help)" ]
    run --separate-stderr "$SOJOURN" help nede
    [ "$status" -eq 2 ]
    [[ $stderr == *'did you mean "need"?'* ]]
    [[ $("$SOJOURN" list countries --help) == *'list countries FILE'* ]]
    run --separate-stderr "$SOJOURN" explain two-hosts
    [ "$status" -eq 2 ]
    [[ $stderr == *'sojourn new NAME --from two-hosts'* ]]
}

@test "explain FILE takes names too, whatever the case; posts at the border belong to a country" {
    run --separate-stderr "$SOJOURN" explain "$TWO_HOSTS" far
    [ "$status" -eq 0 ]
    far=$output
    [[ $far == */places/far/population* && $far != */posts/* ]]
    for word in FAR 'Far host' 'far host'; do
        run --separate-stderr "$SOJOURN" explain "$TWO_HOSTS" "$word"
        [ "$output" = "$far" ]
    done
    run --separate-stderr "$SOJOURN" explain "$TWO_HOSTS" 'Near' # the first words of a name
    [[ $output == */places/nea/population*/posts/port-post/slots_per_day* ]]
    for word in ori nea nea-port; do # the ends of the link of the post
        [[ $("$SOJOURN" explain "$TWO_HOSTS" $word) == */posts/port-post/admitted* ]]
    done
    run --separate-stderr "$SOJOURN" explain "$TWO_HOSTS" Atlantis
    [ "$status" -eq 2 ]
    [[ $stderr == *'is about "Atlantis"'*'sojourn list countries FILE'* ]]
}

@test "list countries: ids and names of a file, what lies in a country below it" {
    run --separate-stderr "$SOJOURN" list countries "$TWO_HOSTS"
    [ "$status" -eq 0 ]
    [[ $output == *'nea '*'Near host'*$'\n''  nea-port '* ]]
    [ "$(grep -c '^[a-z]' <<<"$output")" -eq 3 ]
    run --separate-stderr "$SOJOURN" list countries
    [ "$status" -eq 2 ]
    [[ $stderr == *'list countries takes a scenario file'* ]]
    run --separate-stderr "$SOJOURN" list countries nowhere.json
    [ "$status" -eq 4 ]
}

@test "explain tells of a file: what it holds and where its values come from" {
    run --separate-stderr "$SOJOURN" explain "$TWO_HOSTS"
    [ "$status" -eq 0 ]
    [[ ${lines[0]} == 'two-hosts: One origin, two hosts'* ]]
    [[ ${lines[1]} == '2022-01-01 to 2024-12-31, 3 countries, 3 peoples, 4 links, 2 programmes, '* ]]
    [[ $output == *'policy surge: '* ]]
    run "$SOJOURN" explain "$TWO_HOSTS" --without surge
    [[ $output != *'policy surge: '* ]]
    run "$SOJOURN" explain "$ROOT/tests/fixtures/bad/syntax-nan.json"
    [ "$status" -eq 3 ]
}

@test "explain of a file and an id or pointer: the values it has there" {
    run --separate-stderr "$SOJOURN" explain "$TWO_HOSTS" far-asylum
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [[ $output == *'/programmes/far-asylum/stages/first/officers 30 officers, A'* ]]
    [[ $output != *nea-permit* && $output != *', D'* ]]
    run "$SOJOURN" explain "$TWO_HOSTS" ori
    [[ $output == *'/places/ori/population 10000000 persons, V census'* ]]
    [[ $output == *'/stocks/ori/nea/count 300000 persons, V census'* ]]
    [[ $output == *'/programmes/far-asylum/backlog/ori 5000 persons'* ]]
    run "$SOJOURN" explain "$TWO_HOSTS" /departure
    [[ ${lines[0]} == '/departure/rate_per_year 0.005 (0.002 to 0.01) 1/year, A' ]]
    run "$SOJOURN" explain "$TWO_HOSTS" /departure/rate_per_year --set /departure/rate_per_year=0.007
    [ "$output" = '/departure/rate_per_year 0.007 1/year, A command line' ]
    run --separate-stderr "$SOJOURN" explain "$TWO_HOSTS" /depart
    [ "$status" -eq 2 ]
    [[ $stderr == *'is about "/depart"'* ]]
    run --separate-stderr "$SOJOURN" explain nowhere.json ori
    [ "$status" -eq 2 ]
    [[ $stderr == *'"nowhere.json" is none'* ]]
}

@test "explain keys is the whole reference: every key of a scenario stands in it" {
    "$SOJOURN" explain keys >keys.md
    [ "$(wc -l <keys.md)" -gt 200 ]
    for key in $(grep -o '"[a-z_]*":' "$TWO_HOSTS" | tr -d '":' | sort -u); do
        case $key in
        ori | nea | far | gap | visitor | irregular | permit | claimant | refugee | overland | claim | \
            biometrics | vetting | first | appeal | work | surge | economy | insecurity | regular | \
            census | shelter | school | health | notes | value | mark | source | low | high) ;;
        *) grep -q "\`$key\`\|/$key\b\|\b$key\b" keys.md ;;
        esac
    done
}

@test "explain of nothing known: exit 2" {
    for word in nonsense E9999 /nowhere/at/all nowhere.json; do
        run --separate-stderr "$SOJOURN" explain $word
        [ "$status" -eq 2 ]
        [ -z "$output" ]
        [[ $stderr == *"\"$word\""* ]]
    done
    run "$SOJOURN" explain
    [ "$status" -eq 2 ]
    run "$SOJOURN" explain stock capacity
    [ "$status" -eq 2 ]
}

@test "list names processes, metrics, errors, plots, tables and examples" {
    for what in processes metrics errors plots tables examples; do
        run --separate-stderr "$SOJOURN" list $what
        [ "$status" -eq 0 ]
        [ "${#lines[@]}" -ge 5 ]
        [ -z "$stderr" ]
    done
    [[ $("$SOJOURN" list metrics) == *$'\ndepartures '* ]]
    [[ $("$SOJOURN" list errors) == *'E0105 EXISTS '*'exit 4 '* ]]
    run --separate-stderr "$SOJOURN" list metrik
    [ "$status" -eq 2 ]
    [[ $stderr == *'"metrik"'*'did you mean "metrics"?'* ]]
    run "$SOJOURN" list
    [ "$status" -eq 2 ]
    run --separate-stderr env SOJOURN_SCENARIOS=. "$SOJOURN" list examples
    [ "$status" -eq 4 ]
}

@test "version, also as JSON" {
    version=$(cat "$ROOT/VERSION")
    [[ $("$SOJOURN" version) == "sojourn $version ("*GSL* ]]
    [ "$("$SOJOURN" --version)" = "$("$SOJOURN" version)" ]
    [[ $("$SOJOURN" version --json) == "{\"sojourn\": \"$version\", \"compiler\": \""*'", "libm": "glibc '*'"}' ]]
    run "$SOJOURN" version --jsn
    [ "$status" -eq 2 ]
}

@test "every command has its --help, which names its options" {
    run --separate-stderr "$SOJOURN" --help
    [ "$status" -eq 0 ]
    commands=$(awk '/^  [a-z]/ { print $1 }' <<<"$output")
    [ "$(wc -w <<<"$commands")" -ge 8 ]
    for command in $commands; do
        run --separate-stderr "$SOJOURN" "$command" --help
        [ "$status" -eq 0 ]
        [[ ${lines[0]} == "usage: sojourn $command"* ]]
        [ -z "$stderr" ]
    done
    run "$SOJOURN" run --help
    for option in --with --without --set --reps --seed --threads --output --until --fixed --force \
        --dry-run --quiet; do
        [[ $output == *"$option"* ]]
    done
}

@test "no command, an unknown one, a near one: exit 2" {
    run --separate-stderr "$SOJOURN"
    [ "$status" -eq 2 ]
    [ -z "$output" ]
    [[ $stderr == 'usage: sojourn COMMAND'* ]]
    run --separate-stderr "$SOJOURN" rum
    [ "$status" -eq 2 ]
    [[ $stderr == *'unknown command "rum"'*'did you mean "run"?'* ]]
    run --separate-stderr "$SOJOURN" xyzzy
    [ "$status" -eq 2 ]
    [[ $stderr != *'did you mean'* ]]
}

@test "standard output that is full or gone is an error" {
    for words in 'list errors' 'explain keys' version "validate $OFFICE"; do
        run --separate-stderr bash -c "'$SOJOURN' $words >/dev/full"
        [ "$status" -eq 4 ]
        [[ $stderr == *'standard output could not be written'* ]]
        run --separate-stderr bash -c "'$SOJOURN' $words >&-"
        [ "$status" -eq 4 ]
    done
    # shellcheck disable=SC2016 # expanded by the inner shell
    bash -c '("$SOJOURN" explain keys; echo $? >status) 2>/dev/null | true'
    [ "$(cat status)" -eq 4 ]
}
