#!/usr/bin/env bats
# sojourn run: the folder it makes, its options, what it says where, how it fails and is stopped.

load kit

@test "run makes results/ID with every table, its columns as listed, and a manifest" {
    brief "$TWO_HOSTS" --reps 2
    for table in $TABLES; do
        [ "$(head -n 1 "results/two-hosts/$table.csv")" = "$(columns_of "$table.csv")" ]
    done
    [ "$("$SOJOURN" list tables | grep -c '\.csv ')" -eq "$(wc -w <<<"$TABLES")" ]
    [ "$(wc -l <results/two-hosts/series.csv)" -gt 100 ]
    [ "$(wc -l <results/two-hosts/flows.csv)" -gt 10 ]
    [ "$(cut -d, -f5 results/two-hosts/summary.csv | sort -u | tr '\n' ' ')" = '0 1 rep ' ]
    cmp results/two-hosts/manifest.json results/two-hosts/datapackage.json
    [ "$(manifest results/two-hosts reps)" = 2 ]
    [ "$(manifest results/two-hosts seed)" = 1 ]
    [ "$(manifest results/two-hosts name)" = '"two-hosts"' ]
    [ -z "$(find . -name '*.part')" ]
}

@test "standard output is the folder and nothing else; talk goes to standard error" {
    run --separate-stderr "$SOJOURN" run "$TWO_HOSTS" --until 2022-02-15 --reps 2
    [ "$status" -eq 0 ]
    [ "$output" = results/two-hosts ]
    [[ $stderr == *' of 4 replications, '*'The numbers that matter'*'2 replications of "One origin'* ]]
    run --separate-stderr brief "$OFFICE" --reps 1 -o here
    [ "$status" -eq 0 ]
    [ "$output" = here ]
    [ -z "$stderr" ]
}

@test "a second run takes the next free name" {
    [ "$(brief "$OFFICE" --reps 1)" = results/office ]
    [ "$(brief "$OFFICE" --reps 1)" = results/office-2 ]
    mkdir results/office-3
    [ "$(brief "$OFFICE" --reps 1)" = results/office-4 ]
    is_empty results/office-3
}

@test "two runs at once do not share a folder" {
    brief "$OFFICE" --reps 1 >first 3>&- &
    brief "$OFFICE" --reps 1 --seed 2 >second
    wait $!
    [ "$(sort first second | tr '\n' ' ')" = 'results/office results/office-2 ' ]
    [ "$(manifest "$(cat second)" seed)" = 2 ]
    [ "$(manifest "$(cat first)" seed)" = 1 ]
}

@test "a results folder is never overwritten without --force" {
    brief "$OFFICE" --reps 1 -o kept
    before=$(cd kept && sha256sum ./*.*)
    run --separate-stderr brief "$OFFICE" --reps 1 --seed 5 -o kept
    [ "$status" -eq 4 ]
    [ -z "$output" ]
    [[ $stderr == 'error E0105: kept exists'*--force* ]]
    [ "$(cd kept && sha256sum ./*.*)" = "$before" ]
    touch kept/compare.csv
    brief "$OFFICE" --reps 1 --seed 5 -o kept --force
    [ "$(manifest kept seed)" = 5 ]
    [ ! -e kept/compare.csv ] # of the run before
}

@test "-o makes a folder and its parents; as a file, or below one, it is an error before the run" {
    brief "$OFFICE" --reps 1 --output=a/b/c
    [ -s a/b/c/summary.csv ]
    touch file
    for target in file file/below; do
        for force in '' --force; do
            # shellcheck disable=SC2086 # nothing or an option
            run --separate-stderr brief "$OFFICE" --reps 100000 -o $target $force
            [ "$status" -eq 4 ]
            [[ $stderr == *"$target"* ]]
        done
    done
    [ ! -s file ]
}

@test "--reps, --seed, --until, --fixed and --set are those of the results" {
    brief "$TWO_HOSTS" -n 3 --seed 77 -o a
    [ "$(manifest a reps)" = 3 ]
    [ "$(manifest a seed)" = 77 ]
    [ "$(manifest a twins)" = 2 ]
    [ "$(manifest a fixed)" = false ]
    [ "$(cut -d, -f5 a/series.csv | sort -u | tail -n 2 | head -n 1)" = 2022-02-15 ]
    brief "$TWO_HOSTS" -n 3 --seed 77 --fixed -o b
    [ "$(manifest b twins)" = 0 ]
    [ "$(manifest b fixed)" = true ]
    brief "$TWO_HOSTS" -n 3 --seed 78 -o c
    brief "$TWO_HOSTS" -n 3 --seed 77 -o d --set /places/nea/population=21000000
    brief "$TWO_HOSTS" --set /run/reps=3 --set /run/seed=77 -o same
    for other in b c d; do
        run same_tables a $other
        [ "$status" -eq 1 ]
    done
    same_tables a same
    [[ $(cat d/scenario.json) == *21000000* ]]
    [[ $(cat a/scenario.json) != *21000000* ]]
}

@test "the number of threads changes nothing" {
    brief "$TWO_HOSTS" --reps 5 -o one
    brief "$TWO_HOSTS" --reps 5 -j 4 -o four
    same_tables one four
}

@test "a replication is the same however many there are" {
    brief "$TWO_HOSTS" --reps 2 -o two
    brief "$TWO_HOSTS" --reps 5 -o five
    [ -z "$(comm -23 <(sort two/summary.csv) <(sort five/summary.csv))" ]
}

@test "--with adds a policy, --without takes one out" {
    cat >close.json <<'END'
{ "format": "sojourn-policy/1", "id": "close", "title": "The road closes",
  "ops": [ { "at": "/links/ori-port/open", "set": false, "from": "2022-02-01" } ] }
END
    brief "$TWO_HOSTS" --reps 2 -o base
    brief "$TWO_HOSTS" --reps 2 -o closed --with close.json
    [[ $(cat closed/events.csv) == *policy,close,* ]]
    [[ $(cat base/events.csv) != *policy,close,* ]]
    run same_tables base closed
    [ "$status" -eq 1 ]
    run "$SOJOURN" run closed/scenario.json --without close --dry-run
    [ "$status" -eq 0 ]
    brief closed/scenario.json --without close -o again
    same_tables base again
    run --separate-stderr brief "$TWO_HOSTS" --without colse
    [ "$status" -eq 3 ]
    [[ $stderr == *E0221*'no policy "colse"'* ]]
    sed -i 's,sojourn-policy/1,sojourn-scenario/1,' close.json
    run --separate-stderr brief "$TWO_HOSTS" --with close.json
    [ "$status" -eq 3 ]
    [[ $stderr == close.json:1:*E0206* ]]
    run --separate-stderr brief "$TWO_HOSTS" --with nowhere.json
    [ "$status" -eq 4 ]
    [[ $stderr == *nowhere.json* ]]
}

# A policy of one op on the capacity of the shelter of nea-port.
shelter_policy() { # ID OP
    echo "{ \"format\": \"sojourn-policy/1\", \"id\": \"$1\",
      \"ops\": [ { \"at\": \"/services/port-shelter/capacity\", $2, \"from\": \"2022-01-10\" } ] }"
}

@test "policies act in the order of the file, those of --with last, whatever their ids" {
    shelter_policy mm '"set": 5' >mm.json
    shelter_policy aa '"scale": 10' >aa.json
    shelter_policy zz '"scale": 10' >zz.json
    shelter_policy ab '"set": 7' >ab.json
    cp -r "$ROOT/scenarios/small/data" .
    cp "$TWO_HOSTS" two-hosts.json
    echo '{ "extends": "two-hosts.json", "policies": { "surge": null, "more-vetting": null,
      "mm": { "file": "mm.json" }, "zz": { "file": "zz.json" } } }' >base.json
    capacity() { # FOLDER
        awk -F, '$1 == "capacity" && $2 == "nea-port" && $4 == "shelter" { x = $6 } END { print x }' \
            "$1/summary.csv"
    }
    brief base.json --reps 1 -o file
    [ "$(capacity file)" = 50 ] # a policy in a file of its own keeps its place: mm before zz
    brief base.json --reps 1 -o with --with aa.json
    [ "$(capacity with)" = 500 ]
    brief with/scenario.json --reps 1 -o again
    [ "$(capacity again)" = 500 ]
    run --separate-stderr brief base.json --reps 1 -o set --with ab.json --with aa.json
    [ "$status" -eq 0 ]
    [[ $stderr == *ab.json:*'/policies/mm/ops/0 sets it too: this one acts later and wins'* ]]
    [[ $stderr == *'those of --with last'* ]]
    [ "$(capacity set)" = 70 ]
    brief base.json --reps 1 -o set-last --with aa.json --with ab.json 2>/dev/null
    [ "$(capacity set-last)" = 7 ]
}

@test "second plays for variance.csv are told apart from the replications that were asked for" {
    run --separate-stderr "$SOJOURN" run "$TWO_HOSTS" --until 2022-01-15 --reps 2 -o two
    [ "$status" -eq 0 ]
    [[ $stderr == *'1 of 4 replications, '*' s left (2 and 2 second plays for variance.csv)'* ]]
    [[ $stderr == *'2 replications of "'* ]]
    run --separate-stderr "$SOJOURN" run "$TWO_HOSTS" --until 2022-01-15 --reps 2 --fixed -o fixed
    [[ $stderr == *'1 of 2 replications, '*' s left'* && $stderr != *'second plays'* ]]
}

@test "-n2 is -n 2; --without suggests a policy" {
    run --separate-stderr brief "$TWO_HOSTS" -n2 -j1 --dry-run
    [ "$status" -eq 0 ]
    [[ $output == *' 2 replications, seed '* ]]
    run --separate-stderr brief "$TWO_HOSTS" -q2 --dry-run
    [ "$status" -eq 2 ]
    [[ $stderr == *'unknown option "-q2"'* ]]
    run --separate-stderr brief "$TWO_HOSTS" -nx --dry-run
    [ "$status" -eq 2 ]
    [[ $stderr == *'--reps takes a whole number'* ]]
    run --separate-stderr brief "$TWO_HOSTS" --without surges --dry-run
    [ "$status" -eq 3 ]
    [[ $stderr == *'no policy "surges"'*'did you mean "surge"?'* ]]
    run --separate-stderr brief "$TWO_HOSTS" --without vetting --dry-run
    [[ $stderr == *'did you mean "more-vetting"?'* ]]
}

@test "--dry-run tells what would be run and writes nothing" {
    run --separate-stderr brief "$TWO_HOSTS" --reps 7 --seed 9 --dry-run
    [ "$status" -eq 0 ]
    [[ $output == 'two-hosts: 45 days, 3 countries, '*' 7 replications, seed 9' ]]
    is_empty .
}

@test "results/scenario.json runs again to the same tables" {
    brief "$TWO_HOSTS" --reps 3 --seed 4 -o first --set /links/gap-far/caught=0.9
    "$SOJOURN" run first/scenario.json -q -o second
    same_tables first second
    "$SOJOURN" run second/scenario.json -q -o third
    cmp second/scenario.json third/scenario.json
    same_tables first third
}

@test "- is standard input" {
    run --separate-stderr brief - --reps 1 -o in <"$OFFICE"
    [ "$status" -eq 0 ]
    [ "$output" = in ]
    brief "$OFFICE" --reps 1 -o named
    same_tables in named
    run --separate-stderr brief - <<<'{ "format" 1 }'
    [ "$status" -eq 3 ]
    [[ $stderr == *'standard input:1:12: error E0201'* ]]
}

@test "NO_COLOR, TERM and the locale change nothing, and nothing is coloured" {
    run brief "$TWO_HOSTS" --reps 1 -o a
    colour=$output
    run env NO_COLOR=1 TERM=dumb LC_ALL=de_DE.UTF-8 LANG=tr_TR.UTF-8 "$SOJOURN" run "$TWO_HOSTS" \
        --until 2022-02-15 --quiet --reps 1 -o b
    [ "${output%b}" = "${colour%a}" ]
    [[ $output != *$'\e'* ]]
    same_tables a b
}

@test "faults of the command line: exit 2, a suggestion, nothing written" {
    while read -r words; do
        # shellcheck disable=SC2086 # words of a command line
        run --separate-stderr "$SOJOURN" run $words
        [ "$status" -eq 2 ]
        [ -z "$output" ]
        [[ $stderr == 'error E0301: '* || $stderr == *' error E0301: '* ]]
    done <<END

$OFFICE $OFFICE
$OFFICE --reps
$OFFICE --reps 0
$OFFICE --reps 1e3
$OFFICE --reps 2.5
$OFFICE --seed -1
$OFFICE --seed 99999999999999999999
$OFFICE -j 0
$OFFICE --fixed=yes
$OFFICE --set /run/reps
END
    run --separate-stderr "$SOJOURN" run "$OFFICE" --rep 3
    [ "$status" -eq 2 ]
    [[ $stderr == *'unknown option "--rep"'*'did you mean "--reps"?'* ]]
    is_empty .
}

@test "faults of the input: exit 3, nothing run, nothing written" {
    for words in '--until 2021-12-31' '--until 31/12/2022' '--until 2022-02-30' \
        '--set /nothing=1' '--set /places/nea/population=-1' '--set /places/nea/population=abc'; do
        # shellcheck disable=SC2086 # words of a command line
        run --separate-stderr "$SOJOURN" run "$TWO_HOSTS" --reps 1 $words
        [ "$status" -eq 3 ]
        [ -z "$output" ]
        [[ $stderr == *'command line'*' error E0'* ]]
    done
    run --separate-stderr "$SOJOURN" run "$TWO_HOSTS" --until 'x"y'
    [ "$status" -eq 3 ]
    [[ $stderr == *'command line:1:4: error E0201'* ]]
    bad=$ROOT/tests/fixtures/bad
    for file in syntax-empty-file meaning-backlog-above-stock structural-unknown-key; do
        run --separate-stderr "$SOJOURN" run "$bad/$file.json"
        [ "$status" -eq 3 ]
        [ -z "$output" ]
        [[ $stderr == "$bad/$file.json:"*': error E0'* ]]
        [ "$(grep -c ' error E0' <<<"$stderr")" -eq 1 ]
    done
    is_empty .
}

@test "a file that is missing, a folder, or cannot be read: exit 4" {
    run --separate-stderr "$SOJOURN" run nowhere.json
    [ "$status" -eq 4 ]
    [[ $stderr == *E0102*'No such file'*nowhere.json* ]]
    mkdir folder
    run --separate-stderr "$SOJOURN" run folder
    [ "$status" -eq 4 ]
    [[ $stderr == *E0102*'Is a directory'*folder* ]]
    rmdir folder
    if [ "$(id -u)" -ne 0 ]; then
        cp "$OFFICE" secret.json
        chmod a-r secret.json
        run --separate-stderr "$SOJOURN" run secret.json
        [ "$status" -eq 4 ]
        [[ $stderr == *'Permission denied'*secret.json* ]]
        rm -f secret.json
    fi
    run --separate-stderr bash -c "'$SOJOURN' run - <&-"
    [ "$status" -eq 4 ]
    [[ $stderr == *E0102*'standard input'* ]]
    is_empty .
}

# A run long enough to be stopped, stopped when it says that a tenth is done.
stop_with() { # SIGNAL
    "$SOJOURN" run "$TWO_HOSTS" --reps 600 --until 2022-06-30 -j 2 -o long >out 2>err 3>&- &
    running=$!
    for _ in $(seq 600); do
        ! grep -q ' of 750 replications' err || break
        sleep 0.1
    done
    kill -s "$1" $running
    status=0
    wait $running || status=$?
}

@test "an interrupted run keeps what is done and exits with 130" {
    for signal in INT TERM; do
        rm -rf long
        stop_with $signal
        [ "$status" -eq 130 ]
        [ "$(cat out)" = long ]
        done=$(manifest long reps)
        [ "$done" -ge 50 ]
        [ "$done" -lt 600 ]
        [ "$(manifest long reps_asked)" = 600 ]
        [ "$(cut -d, -f5 long/summary.csv | sort -u | grep -c '^[0-9]')" -eq "$done" ]
        [ "$(grep -c '"reason":.*"interrupted"' long/manifest.json)" -eq $((750 - done)) ]
        [ -z "$(find . -name '*.part')" ]
    done
    "$SOJOURN" run "$TWO_HOSTS" --reps 3 --until 2022-06-30 -q -o three
    [ -z "$(comm -23 <(sort three/summary.csv) <(sort long/summary.csv))" ]
}

@test "interrupted before the first replication is done: exit 130, nothing left" {
    sed 's/"end": "2024-12-31"/"end": "2199-12-31"/' "$TWO_HOSTS" >century.json
    mkdir data
    cp "$ROOT/scenarios/small/data/insecurity.csv" data/
    "$SOJOURN" run century.json --reps 1 >out 2>err 3>&- &
    running=$!
    for _ in $(seq 100); do
        [ ! -d results/two-hosts ] || break
        sleep 0.05
    done
    kill -s INT $running
    status=0
    wait $running || status=$?
    [ "$status" -eq 130 ]
    [ ! -s out ]
    [ ! -e results ]
}

@test "a disk that is full: exit 4, the file is named, no half file, no empty folder" {
    run --separate-stderr bash -c "ulimit -f 16; '$SOJOURN' run '$TWO_HOSTS' --reps 2 -q -o full"
    [ "$status" -eq 4 ]
    [ -z "$output" ]
    [[ $stderr == *'error E0102: cannot write: File too large in full/series.csv'* ]]
    [ ! -e full ]
    # room for the first tables of a folder that holds a whole run: no manifest vouches for the mixture
    brief "$TWO_HOSTS" --reps 2 -o full
    [ -s full/manifest.json ]
    run --separate-stderr bash -c \
        "ulimit -f 150; '$SOJOURN' run '$TWO_HOSTS' --until 2022-06-30 --reps 9 -q -o full --force"
    [ "$status" -eq 4 ]
    [[ $stderr == *'cannot write: File too large in full/'* ]]
    [ ! -e full/manifest.json ]
    [ -z "$(find . -name '*.part')" ]
    # standard output full: told, and the tables are there
    run --separate-stderr bash -c "'$SOJOURN' run '$OFFICE' --reps 1 -q -o kept >/dev/full"
    [ "$status" -eq 4 ]
    [[ $stderr == *'error E0102: standard output could not be written'* ]]
    [ -s kept/manifest.json ]
}

@test "a reader that goes away loses no results" {
    # shellcheck disable=SC2016 # expanded by the inner shell
    inner='"$SOJOURN" run "$TWO_HOSTS" --until 2022-03-31 --reps 20 -o piped; echo $? >status'
    bash -c "($inner) 2>&1 | head -n 1 >/dev/null" 3>&-
    for _ in $(seq 100); do
        [ ! -s status ] || break
        sleep 0.1
    done
    [ "$(cat status)" -eq 4 ]
    [ -s piped/manifest.json ]
    [ "$(manifest piped reps)" = 20 ]
}

@test "without standard error no table is spoilt" {
    brief "$TWO_HOSTS" --reps 2 -o told
    bash -c "'$SOJOURN' run '$TWO_HOSTS' --until 2022-02-15 --reps 2 -o mute 2>&-"
    same_tables told mute
}

@test "record dates: records more, the same people" {
    brief "$TWO_HOSTS" --reps 2 -o a
    run --separate-stderr brief "$TWO_HOSTS" --reps 2 -o b --set '/record/dates=["2022-02-01","2022-01-20","2025-01-01"]'
    [ "$status" -eq 0 ]
    [[ $stderr == *'warning E0217: 1 of 3 days lie outside the run and get no record in /record/dates'* ]]
    [ "$(cut -d, -f5 b/series.csv | sort -u | head -n 4 | tr '\n' ' ')" = '2022-01-01 2022-01-20 2022-02-01 2022-02-15 ' ]
    # levels and totals are those they were; a flow is parted in two
    awk -F, 'FNR == 1 { next }
        FNR == NR { if ($5 == "2022-02-01") was[$1, $2, $3, $4] = $6; next }
        $5 == "2022-01-20" { part = $6 }
        $5 == "2022-02-01" && $1 == "stock" { n++; bad += was[$1, $2, $3, $4] != $6 }
        $5 == "2022-02-01" && $1 == "departures" { m++; bad += was[$1, $2, $3, $4] != part + $6 || part <= 0 }
        END { exit bad || n < 10 || m < 2 }' a/series.csv b/series.csv
    cmp a/flows.csv b/flows.csv
    run --separate-stderr brief "$TWO_HOSTS" --reps 2 -o c --set '/record/dates=["2022-01-20","2022-02-30"]'
    [ "$status" -eq 3 ]
    [[ $stderr == *'error E0217: "2022-02-30" is not a date in /record/dates/1'* ]]
    [ ! -e c ]
}
