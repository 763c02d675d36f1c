#!/usr/bin/env bats
# sojourn plot: every kind from a fixture, formats, errors, and texts that try to be commands.

bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return 1
    SOJOURN=${SOJOURN:-$PWD/build/sojourn}
    case $SOJOURN in /*) ;; *) SOJOURN=$PWD/$SOJOURN ;; esac
    cp -r tests/fixtures/results-small "$BATS_TEST_TMPDIR/r"
    maker=$PWD/tests/fixtures/make-results-small.py
    cd "$BATS_TEST_TMPDIR" || return 1
}

needs_gnuplot() {
    command -v gnuplot >/dev/null || skip 'gnuplot is not installed'
}

@test "plot draws every kind the folder holds data for" {
    needs_gnuplot
    run --separate-stderr "$SOJOURN" plot r
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    expected='stock capacity overload funnel-col-etpv funnel-ecu-virte funnel-per-cpp queue asylum
        waits map corridor compare'
    [ "$output" = "$(for name in $expected; do echo "r/plots/$name.svg"; done)" ]
    for name in $expected; do
        [ -s "r/plots/$name.gp" ]
        [ -s "r/plots/$name.dat" ]
        grep -q '</svg>' "r/plots/$name.svg"
    done
    [ -z "$(find r -name '*.part')" ]
}

@test "plot makes PNG and PDF" {
    needs_gnuplot
    "$SOJOURN" plot r --format png --kind stock,map
    "$SOJOURN" plot r --format=pdf --kind=waits
    [ "$(head -c 8 r/plots/stock.png | od -An -tx1 | tr -d ' ')" = 89504e470d0a1a0a ]
    [ "$(head -c 8 r/plots/map.png | od -An -tx1 | tr -d ' ')" = 89504e470d0a1a0a ]
    [ "$(head -c 5 r/plots/waits.pdf)" = %PDF- ]
    [ ! -e r/plots/queue.gp ]
}

@test "a script runs again by hand, in any format" {
    needs_gnuplot
    "$SOJOURN" plot r --kind map >/dev/null
    cd r/plots
    rm map.svg
    gnuplot -d map.gp
    gnuplot -d -e "format='png'" map.gp
    [ -s map.svg ]
    [ -s map.png ]
}

@test "the same folder gives the same scripts" {
    PATH=$BATS_TEST_TMPDIR/empty "$SOJOURN" plot r 2>/dev/null
    mv r/plots first
    PATH=$BATS_TEST_TMPDIR/empty "$SOJOURN" plot r 2>/dev/null
    [ "$(cd first && cksum ./*)" = "$(cd r/plots && cksum ./*)" ]
}

@test "without gnuplot scripts and data are written, and it says so" {
    run --separate-stderr env PATH="$BATS_TEST_TMPDIR/empty" "$SOJOURN" plot r
    [ "$status" -eq 0 ]
    [ -z "$output" ]
    [[ $stderr == *'gnuplot is not installed'*'12 scripts'* ]]
    [ -s r/plots/stock.gp ]
    [ -s r/plots/stock.dat ]
    [ ! -e r/plots/stock.svg ]
}

@test "a gnuplot that fails is shown, exit 4, no picture left" {
    mkdir bin
    printf '#!/bin/sh\necho "line 7: no such terminal" >&2\nexit 1\n' >bin/gnuplot
    chmod +x bin/gnuplot
    run --separate-stderr env PATH="$PWD/bin:$PATH" "$SOJOURN" plot r --kind queue
    [ "$status" -eq 4 ]
    [ -z "$output" ]
    [[ $stderr == *'no such terminal'* ]]
    [ ! -e r/plots/queue.svg ]
    [ -z "$(find r -name '*.part')" ]
}

@test "observations stand beside the model, target by target" {
    run --separate-stderr env PATH="$BATS_TEST_TMPDIR/empty" "$SOJOURN" plot r \
        --observed r/observations.csv
    [ "$status" -eq 0 ]
    [[ $stderr == *'15 scripts'* ]]
    # months of two nationalities at one link: the line of all 24 months, a disc for each observation
    grep -qF "'Crossings a month. 6 of 12 observations (50 %) lie in the band" r/plots/observed-gap.gp
    grep -qF "'Medellín, Necoclí, through…; 0 of 6 in the band'" r/plots/observed-gap.gp
    [ "$(grep -c '^set object ellipse' r/plots/observed-gap.gp)" -eq 13 ] # and one in the legend
    [ "$(grep -c '^2021-' r/plots/observed-gap.dat)" -eq 24 ]
    # what the results do not tell about is said, not drawn
    grep -qF '; 1 more is not covered by the results' r/plots/observed-hosts.gp
    [ "$(grep -c '^# date' r/plots/observed-hosts.dat)" -eq 2 ]
    # the value is that of fit: same mean and band
    "$SOJOURN" fit r --observed r/observations.csv >/dev/null
    fit=$(grep 'pan-asylum,,2021-12-31' r/fit-rows.csv | cut -d , -f 9-13 | tr , ' ')
    [ "$(grep -m 1 '^2021-12-31' r/plots/observed-claims.dat)" = "2021-12-31 $fit" ]
    # counts of a programme of one stage are counts of its queue; with two stages they are not
    [ "$(grep -c '^set object ellipse' r/plots/asylum.gp)" -eq 4 ]
    grep -qF "'Asylum, Chile: Hearing'" r/plots/asylum.gp
    run grep -F Asylum r/plots/queue.gp
    [ "$status" -ne 0 ]
}

@test "a sum of places is told by their number" {
    sed -n 1p r/observations.csv >sum.csv
    sed -n 's/^hosts,stock,col,/hosts,stock,col+per,/p' r/observations.csv >>sum.csv
    run env PATH="$BATS_TEST_TMPDIR/empty" "$SOJOURN" plot r --kind observed --observed sum.csv
    [ "$status" -eq 0 ]
    grep -qF "'2 places together" r/plots/observed-hosts.gp
}

@test "kind observed without a table, and a table that is bad: exit 2 and 3" {
    run --separate-stderr "$SOJOURN" plot r --kind observed
    [ "$status" -eq 2 ]
    [[ $stderr == *'needs --observed'* ]]
    sed '3s/crossings/crosings/; 4s/2022-02-28/2022-02-30/' r/observations.csv >bad.csv
    run --separate-stderr "$SOJOURN" plot r --observed bad.csv
    [ "$status" -eq 3 ]
    [[ $stderr == *bad.csv:3:*crosings*bad.csv:4:*2022-02-30* ]] # all problems at once
    run "$SOJOURN" plot r --observed nowhere.csv
    [ "$status" -eq 4 ]
    [ ! -e r/plots ]
    head -n 1 r/observations.csv >none.csv
    run --separate-stderr env PATH="$BATS_TEST_TMPDIR/empty" "$SOJOURN" plot r --kind observed \
        --observed none.csv
    [ "$status" -eq 3 ]
    [[ $stderr == *'nothing to draw'* ]]
    sed -i 's/"name": [^,]*, //' r/manifest.json
    run --separate-stderr "$SOJOURN" plot r --kind observed --observed r/observations.csv
    [ "$status" -eq 3 ]
    [[ $stderr == *manifest.json* ]]
}

@test "a month that record dates divide is drawn whole" {
    PATH=$BATS_TEST_TMPDIR/empty "$SOJOURN" plot r --kind corridor --link med-darien 2>/dev/null
    PATH=$BATS_TEST_TMPDIR/empty "$SOJOURN" plot r --kind observed --observed r/observations.csv 2>/dev/null
    cp -r r/plots whole
    # the record of 21 January 2022 takes a quarter of every flow of that month, and as much of its band
    awk -F, -v OFS=, '$5 == "2022-02-01" && $1 != "stock" {
            part = $0; split(part, p, ","); is_flow = $1 ~ /^(crossings|arrivals|completed)$/
            for (i = 6; i <= 11; i++) { p[i] = is_flow ? $i / 4 : $i; if (is_flow) $i *= 0.75 }
            print p[1], p[2], p[3], p[4], "2022-01-21", p[6], p[7], p[8], p[9], p[10], p[11], p[12] }
        $5 == "2022-02-01" && $1 == "stock" { was = $0; sub("2022-02-01", "2022-01-21", was); print was }
        { print }' r/series.csv >parts.csv
    mv parts.csv r/series.csv
    sed -i '0,/{/s//{ "record": { "dates": ["2022-01-21"] },/' r/scenario.json
    PATH=$BATS_TEST_TMPDIR/empty "$SOJOURN" plot r --kind corridor --link med-darien 2>/dev/null
    PATH=$BATS_TEST_TMPDIR/empty "$SOJOURN" plot r --kind observed --observed r/observations.csv 2>/dev/null
    cmp whole/corridor-med-darien.dat r/plots/corridor-med-darien.dat
    diff <(cut -d ' ' -f 1,2 whole/observed-gap.dat) <(cut -d ' ' -f 1,2 r/plots/observed-gap.dat)
    grep -q '^2022-01-16 [0-9]' r/plots/observed-gap.dat
    # without the list they are records like others
    sed -i 's/"dates": \["2022-01-21"\]/"dates": []/' r/scenario.json
    PATH=$BATS_TEST_TMPDIR/empty "$SOJOURN" plot r --kind corridor --link med-darien 2>/dev/null
    run cmp whole/corridor-med-darien.dat r/plots/corridor-med-darien.dat
    [ "$status" -eq 1 ]
}

@test "crossings of the busiest links, and of one by nationality" {
    run --separate-stderr env PATH="$BATS_TEST_TMPDIR/empty" "$SOJOURN" plot r --kind corridor \
        --link med-darien
    [ "$status" -eq 0 ]
    [[ $stderr == *'2 scripts'* ]]
    # four links, the way home aside; a month is drawn at its middle, the first record is of none
    [ "$(grep -c '^# date' r/plots/corridor.dat)" -eq 4 ]
    [ "$(grep -c '^# date' r/plots/corridor-med-darien.dat)" -eq 3 ]
    [ "$(sed -n 2p r/plots/corridor.dat | cut -d ' ' -f 1)" = 2021-01-17 ]
    [ "$(grep -c '^2021-01' r/plots/corridor.dat)" -eq 4 ]
    grep -qF "'Venezuela → Cúcuta" r/plots/corridor.gp
    run --separate-stderr "$SOJOURN" plot r --kind map --link med-darien
    [ "$status" -eq 2 ]
    [[ $stderr == *'belongs to kind "corridor"'* ]]
    run --separate-stderr "$SOJOURN" plot r --kind corridor --link med-darein
    [ "$status" -eq 3 ]
    [[ $stderr == *'"med-darein"'*'did you mean "med-darien"'* ]]
}

@test "the map leaves out links of the way home alone unless asked" {
    PATH=$BATS_TEST_TMPDIR/empty "$SOJOURN" plot r --kind map 2>/dev/null
    grep -qF "curves are not roads. Without links" r/plots/map.gp
    run grep -F "'2,160,000'" r/plots/map.gp
    [ "$status" -ne 0 ]
    PATH=$BATS_TEST_TMPDIR/empty "$SOJOURN" plot r --kind map,corridor --way-home 2>/dev/null
    run grep -F 'Without links' r/plots/map.gp
    [ "$status" -ne 0 ]
    [ "$(grep -c "'2,160,000'" r/plots/map.gp)" -eq 1 ] # 24 months of 90,000
    [ "$(grep -c '^# date' r/plots/corridor.dat)" -eq 5 ]
}

@test "unknown kind, format and option: exit 2 with a suggestion, nothing written" {
    run --separate-stderr "$SOJOURN" plot r --kind stok
    [ "$status" -eq 2 ]
    [[ $stderr == *'"stok"'*'did you mean "stock"'* ]]
    run --separate-stderr "$SOJOURN" plot r --format pmg
    [ "$status" -eq 2 ]
    [[ $stderr == *'did you mean "png"'* ]]
    run --separate-stderr "$SOJOURN" plot r --knid map
    [ "$status" -eq 2 ]
    [[ $stderr == *'did you mean "--kind"'* ]]
    run "$SOJOURN" plot
    [ "$status" -eq 2 ]
    run "$SOJOURN" plot r r
    [ "$status" -eq 2 ]
    run "$SOJOURN" plot r --kind
    [ "$status" -eq 2 ]
    [ ! -e r/plots ]
}

@test "a folder that is missing or holds no results: exit 4" {
    run --separate-stderr "$SOJOURN" plot nowhere
    [ "$status" -eq 4 ]
    [[ $stderr == *nowhere* ]]
    mkdir empty-folder
    run --separate-stderr "$SOJOURN" plot empty-folder
    [ "$status" -eq 4 ]
    [[ $stderr == *'not a results folder'* ]]
    [ ! -e empty-folder/plots ]
}

@test "damaged tables and kinds without data: exit 3" {
    rm r/flows.csv
    run --separate-stderr "$SOJOURN" plot r --kind map
    [ "$status" -eq 3 ]
    [[ $stderr == *flows.csv* ]]
    sed -i '1s/overloaded/x/; 1s/utilisation/u/' r/overload.csv
    run --separate-stderr "$SOJOURN" plot r --kind overload
    [ "$status" -eq 3 ]
    [[ $stderr == *utilisation* ]]
    printf 'metric,place\n' >r/series.csv
    run "$SOJOURN" plot r
    [ "$status" -eq 3 ]
    printf '{' >r/scenario.json
    run "$SOJOURN" plot r
    [ "$status" -eq 3 ]
}

@test "tables with a header only, NA and inf, and no scenario.json" {
    needs_gnuplot
    for table in observed flows waits; do
        head -n 1 "r/$table.csv" >short && mv short "r/$table.csv"
    done
    rm r/scenario.json r/manifest.json r/compare.csv
    sed -i '/^stock,per/s/,[0-9]*,20$/,NA,20/; /^stock,ecu/s/,[0-9][^,]*,/,NA,/2' r/series.csv
    run --separate-stderr "$SOJOURN" plot r
    [ "$status" -eq 0 ]
    # shellcheck disable=SC2086
    [ "$(basename -a $output | tr '\n' ' ')" = \
        'stock.svg capacity.svg overload.svg funnel-col-etpv.svg queue.svg corridor.svg ' ]
}

# shellcheck disable=SC2016 # the dollar signs and backquotes are the texts themselves
@test "texts of a scenario are shown, never executed" {
    needs_gnuplot
    command -v python3 >/dev/null || skip 'python3 is not installed'
    python3 "$maker" --hostile h
    for format in svg png pdf; do
        run --separate-stderr "$SOJOURN" plot h --format $format --observed h/observations.csv
        [ "$status" -eq 0 ]
        [ "${#lines[@]}" -eq 15 ]
    done
    [ -z "$(find . -name 'sojourn-injected*')" ]
    grep -qF "observed? Target gap '; system('touch" h/plots/observed-gap_*.svg
    grep -qF '`touch sojourn-injected-2`' h/plots/overload.svg
    grep -qF '"; system("touch sojourn-injected-1"); "' h/plots/overload.svg
    grep -qF "Perú'; system('touch sojourn-injected-3') #" h/plots/stock.svg
    grep -qF '@x ${IFS} %s %n {/=40 big} a\ b ^_ &amp;&lt;b>' h/plots/overload.svg
    grep -qF 'شيلي 🙂 תשלי 智利' h/plots/stock.svg
}

@test "a folder with an awkward name" {
    needs_gnuplot
    name="it's \"a\" \`touch injected\` \$x"
    mv r "$name"
    run --separate-stderr "$SOJOURN" plot "$name" --kind queue
    [ "$status" -eq 0 ]
    [ "$output" = "$name/plots/queue.svg" ]
    [ -s "$name/plots/queue.svg" ]
    [ -z "$(find . -name injected)" ]
}

@test "a folder that cannot be written: exit 4" {
    [ "$(id -u)" -ne 0 ] || touch r/plots # a file where the folder should be: root may write all
    chmod a-w r
    run --separate-stderr "$SOJOURN" plot r
    chmod u+w r
    [ "$status" -eq 4 ]
    [[ $stderr == *plots* ]]
}

@test "the table of the demo asks for what the Americas have" {
    root=$BATS_TEST_DIRNAME/../..
    awk -F '[,|]' '/^[a-z_]+,[^ ]*[|]/ { print $2, $3, $4 }' "$root/scripts/demo-table" |
        tr ' /' '\n\n' | sort -u | grep -v '^ALL$' >ids
    [ "$(wc -l <ids)" -ge 15 ]
    while read -r id; do
        grep -q "\"$id\": {" "$root/scenarios/americas/world.json" || { echo "no $id"; return 1; }
    done <ids
    # its numbers: the mean over replications, the lowest and the highest
    mkdir demo
    awk -F '[|]' '/^[a-z_]+,[^ ]*[|]/ { print $1 ",0,1000"; print $1 ",1,3000.4" }' \
        "$root/scripts/demo-table" >demo/summary.csv
    echo 'target,months_ahead,kind,n,n90,inside90,wape
t07,0,model,12,10,7,0.25
t07,0,baseline,12,10,7,0.75
t07,3,model,12,10,7,0.85' >demo/fit.csv
    run "$root/scripts/demo-table" demo
    [ "$status" -eq 0 ]
    [[ $output == *'people who left home'*' 2,000 '*' 1,000 '*' 3,000'* ]]
    [ "$(grep -c 't07 asylum backlogs .* 12 .* 7 of 10 .* 0.25' <<<"$output")" -eq 1 ]
    [[ $output != *0.75* && $output != *0.85* ]]
    sed -i '/^departures,ven/d' demo/summary.csv
    run "$root/scripts/demo-table" demo
    [ "$status" -ne 0 ]
    [[ $output == *'no row departures,ven,ven,ALL'* ]]
}
