#!/usr/bin/env bats
# sojourn validate: every fixture of a bad scenario at its place, the good ones, several at once.

load kit

@test "every bad fixture is refused at its line and column, exit 3, nothing written" {
    before=$(cd "$ROOT/tests/fixtures" && find . -type f | sort | xargs cksum)
    wrong=
    n=0
    while IFS=$'\t' read -r file code line column fragment; do
        [ "$file" != file ] || continue
        n=$((n + 1))
        run --separate-stderr "$SOJOURN" validate "$ROOT/tests/fixtures/bad/$file"
        [ "$line" = 0 ] && place='' || place=":$line:$column:"
        if [ "$status" -ne 3 ] || [ -n "$output" ] || [[ $stderr != *"$place error $code: "* ]] ||
            [[ $stderr != *"$fragment"* ]]; then
            wrong="$wrong $file"
            echo "$file: exit $status, expected $place error $code: ...$fragment..."
            echo "$stderr"
        fi
    done <"$ROOT/tests/fixtures/bad/expected.tsv"
    echo "wrong: $wrong"
    [ -z "$wrong" ]
    [ "$n" -gt 120 ]
    [ "$n" -eq "$(find "$ROOT/tests/fixtures/bad" -maxdepth 1 -name '*-*.json' | wc -l)" ]
    [ "$(cd "$ROOT/tests/fixtures" && find . -type f | sort | xargs cksum)" = "$before" ]
    is_empty .
}

@test "the good fixtures and all scenarios are well formed, without a word on standard error" {
    for file in "$ROOT"/tests/fixtures/good/*.json "$ROOT"/scenarios/*/*.json; do
        run --separate-stderr "$SOJOURN" validate "$file"
        [ "$status" -eq 0 ]
        [[ $output == "$file: well formed, "*' places, '*' peoples, '*' values' ]]
        [ -z "$stderr" ]
        run "$SOJOURN" validate --quiet "$file"
        [ -z "$output" ]
    done
    is_empty .
}

@test "several files in one call: each is checked, the first failure is the exit status" {
    bad=$ROOT/tests/fixtures/bad
    run --separate-stderr "$SOJOURN" validate "$OFFICE" "$bad/syntax-nan.json" "$TWO_HOSTS" \
        "$bad/structural-unknown-key.json" nowhere.json
    [ "$status" -eq 3 ]
    [ "${#lines[@]}" -eq 2 ]
    [[ ${lines[0]} == "$OFFICE: "* ]]
    [[ ${lines[1]} == "$TWO_HOSTS: "* ]]
    [[ $stderr == *E0201*E0213*nowhere.json* ]]
    run "$SOJOURN" validate nowhere.json "$bad/syntax-nan.json"
    [ "$status" -eq 4 ]
}

@test "all problems of a file are named in one pass, each with a caret and what is allowed" {
    sed 's/"slots_per_day": 60/"slot_per_day": 60/; s/"mode": "air"/"mode": "plane"/;
        s/"caught": 0.3/"caught": 1.3/' "$TWO_HOSTS" >three.json
    mkdir data
    cp "$ROOT/scenarios/small/data/insecurity.csv" data/
    run --separate-stderr "$SOJOURN" validate three.json
    [ "$status" -eq 3 ]
    [ "$(grep -c '^three.json:[0-9]*:[0-9]*: error' <<<"$stderr")" -ge 3 ]
    [[ $stderr == *'"slot_per_day"'*'^^^^'*'did you mean "slots_per_day"?'* ]]
    [[ $stderr == *E0215*'"plane"'* ]]
    [[ $stderr == *E0214* ]]
}

@test "options add to the scenario; - is standard input" {
    run --separate-stderr "$SOJOURN" validate "$TWO_HOSTS" --set /places/nea/population=10
    [ "$status" -eq 3 ]
    run "$SOJOURN" validate "$TWO_HOSTS" --without surge
    [ "$status" -eq 0 ]
    run "$SOJOURN" validate - <"$OFFICE"
    [ "$status" -eq 0 ]
    run "$SOJOURN" validate
    [ "$status" -eq 2 ]
    run --separate-stderr "$SOJOURN" validate "$OFFICE" --quite
    [ "$status" -eq 2 ]
    [[ $stderr == *'did you mean "--quiet"'* ]]
}

@test "an entry that is not there but for its spelling: the one that may have been meant" {
    cat >near.json <<'END'
{ "format": "sojourn-scenario/1", "extends": "two-hosts.json", "id": "near",
  "programmes": { "far-asilum": { "stages": { "first": { "officers": 60 } } } } }
END
    cp -r "$ROOT"/scenarios/small/* .
    run --separate-stderr "$SOJOURN" validate near.json
    [ "$status" -eq 3 ]
    [[ $stderr == *'key "country" is missing in /programmes/far-asilum'*'or did you mean "far-asylum"?'* ]]
}

@test "run tells the first warnings of a kind and how many more; validate tells all" {
    ops=
    for month in 1 2 3 4 5; do
        ops="$ops${ops:+,}"'{"at": "/departure/rate_per_year", "set": 0, "from": "2030-0'"$month"'-01"}'
    done
    cp -r "$ROOT"/scenarios/small/* .
    cat >late.json <<END
{ "format": "sojourn-scenario/1", "extends": "two-hosts.json", "id": "late",
  "time": { "end": "2022-02-15" }, "policies": { "late": { "title": "Too late", "ops": [$ops] } } }
END
    run --separate-stderr "$SOJOURN" run late.json -n 1 -q -o results
    [ "$status" -eq 0 ]
    [ "$(grep -c 'warning E0217' <<<"$stderr")" -eq 3 ]
    [[ $stderr == *'more warnings like these: `sojourn validate` shows all'* ]]
    run --separate-stderr "$SOJOURN" validate late.json
    [ "$status" -eq 0 ]
    [ "$(grep -c 'warning E0217' <<<"$stderr")" -ge 5 ]
    # who cuts a run short knows what lies after it
    run --separate-stderr brief late.json -n 1 -o cut
    [ "$status" -eq 0 ]
    [[ $stderr != *E0217* ]]
}

@test "numbers with separators of thousands, in a file and after --set" {
    hint='no comma and no point between thousands: 900000; the decimal point is 1.5'
    for number in 900,000 -1,5 '"900,000"' '"1.900.000"' 1.900.000; do
        run --separate-stderr "$SOJOURN" validate "$TWO_HOSTS" --set "/services/port-shelter/capacity=$number"
        [ "$status" -eq 3 ]
        [[ $stderr == 'command line: error E0211: must be a number, not a text in '*"$hint"* ]]
    done
    run --separate-stderr "$SOJOURN" validate "$TWO_HOSTS" --set /services/port-shelter/capacity=many
    [[ $stderr == *E0211* && $stderr != *thousands* ]]
    sed 's/"capacity": 900,/"capacity": 900,000,/' "$TWO_HOSTS" >two.json
    run --separate-stderr "$SOJOURN" validate two.json
    [ "$status" -eq 3 ]
    [[ $stderr == *'error E0201: "000" stands where a key'*"$hint"* ]]
}

@test "a key of the whole file is missing: is \"extends\"? only where no file was extended" {
    echo '{ "format": "sojourn-scenario/1", "id": "few", "services": {} }' >few.json
    for command in validate 'run --reps 2'; do
        # shellcheck disable=SC2086 # two words
        run --separate-stderr "$SOJOURN" $command few.json
        [ "$status" -eq 3 ]
        [[ $stderr == 'few.json:1:1: error E0212: key "time" is missing, or is "extends" missing?'* ]]
        [ "$(grep -c extends <<<"$stderr")" -eq 1 ]
    done
    echo '{ "extends": "few.json", "title": "More" }' >more.json
    run --separate-stderr "$SOJOURN" validate more.json
    [[ $stderr == *'key "time" is missing'* && $stderr != *'is "extends" missing'* ]]
}

@test "a new entry by mistake: the entries of the file that is extended are told" {
    cp -r "$TWO_HOSTS" "$ROOT/scenarios/small/data" .
    cat >new.json <<'END'
{ "extends": "two-hosts.json",
  "posts": { "ecu-tul": { "slots_per_day": 4 } },
  "programmes": { "far-asylum": { "stages": { "decision": { "officers": 3 }, "firzt": { "officers": 3 } } } } }
END
    run --separate-stderr "$SOJOURN" validate new.json
    [ "$status" -eq 3 ]
    [[ $stderr == *'new.json:2:'*'"link" is missing in /posts/ecu-tul'*'a new entry? there is: port-post'* ]]
    [[ $stderr == *'"order" is missing in /programmes/far-asylum/stages/decision'*'a new entry? there are: first, appeal'* ]]
    [[ $stderr == *'or did you mean "first"?'* ]]
    [ "$(grep -c 'a new entry' <<<"$stderr")" -eq 2 ]
    # in one file all entries are new: none is named
    sed 's/"link": "[^"]*", //' "$ROOT/scenarios/small/two-hosts.json" >all.json
    run --separate-stderr "$SOJOURN" validate all.json
    [[ $stderr == *'"link" is missing in /posts/port-post'* && $stderr != *'a new entry'* ]]
}

@test "a policy file is no scenario: how to run it is told" {
    echo '{ "format": "sojourn-policy/1", "id": "p", "ops": [] }' >p.json
    for command in 'validate' 'run'; do
        run --separate-stderr "$SOJOURN" $command p.json
        [ "$status" -eq 3 ]
        [[ $stderr == 'p.json:1:13: error E0206: this is a policy file, not a scenario'*'sojourn run SCENARIO --with FILE'* ]]
        [ "$(grep -c error <<<"$stderr")" -eq 1 ]
    done
}
