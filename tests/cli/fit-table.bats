#!/usr/bin/env bats
# scripts/fit-table: the blocks of docs/fit.md, from results that are a tenth above every count.
# shellcheck disable=SC2154 # run sets stderr

load kit

# Results of Colombia's stocks and of Venezuelans on two links: a tenth too many, bands from half to
# double in ranges, a point in fixed.
by_tenth() { # DIR REPS FIXED
    mkdir -p "$1"
    echo "{ \"name\": \"americas-hindcast\", \"reps\": $2, \"fixed\": $3 }" >"$1/manifest.json"
    echo '{ "places": { "col": { "kind": "country" } }, "nationalities": { "ven": {} } }' >"$1/scenario.json"
    python3 - "$ROOT/scenarios/americas/observed" "$1" "$3" <<'END'
import csv, datetime, glob, sys
observed, folder, fixed = sys.argv[1:]
days = [f"{y}-{m:02}-01" for y in range(2018, 2023) for m in range(1, 13)] + ["2023-01-01"]
curves = {}
for path in glob.glob(observed + "/t0[1456]*.csv"):
    for row in csv.DictReader(open(path, newline="", encoding="utf-8")):
        if row["nationality"] == "ven" and row["place"] in ("col", "darien", "us-line"):
            end = datetime.date.fromisoformat(row["to"]) + datetime.timedelta(days=1)
            key = row["metric"], row["place"], "ven", "ALL"
            curves.setdefault(key, {})[str(end)] = 1.1 * float(row["value"])
with open(folder + "/series.csv", "w", encoding="utf-8") as out:
    out.write("metric,place,nationality,item,date,mean,q05,q25,q50,q75,q95,reps\n")
    for key, at in sorted(curves.items()):
        for day in days:
            x = at.get(day, 0)
            low, high = (x, x) if fixed == "true" else (x / 2, 2 * x)
            out.write(",".join([*key, day, *map(str, (x, low, low, x, high, high)), "2"]) + "\n")
END
}

page() { # NAME...
    echo 'Before.'
    for name in "$@"; do
        printf '<!-- fit-table: %s -->\nold\n<!-- /fit-table -->\nbetween\n' "$name"
    done
}

@test "the blocks of a page are those of fit, the rest of the page stays" {
    by_tenth results/ranges 20 false
    by_tenth results/fixed 8 true
    page run targets bands rolling changes held-out >page.md
    run --separate-stderr "$ROOT/scripts/fit-table" --reuse --results results --file page.md
    [ "$status" -eq 0 ] || { echo "$stderr"; false; }
    ! grep -qx old page.md
    [ "$(grep -cx between page.md)" -eq 6 ]
    [ "$(head -n 1 page.md)" = Before. ]
    grep -q '^20 replications .*, 8 with all at their centres' page.md
    grep -q '^| t01 Venezuelans by host, 2018 to 2020 | 3 of 50 | 0.100 | - | 0.10 | 3 of 3 | 3 of 3 | 0 of 3 | no change ' page.md
    grep -q '^| t03 Colombia.s permit | 0 of 7 | - | ' page.md
    grep -q '^| t06 .* | 12 | 0.100 | 0.000 | .* | 12 of 12 | 12 of 12 | 0 of 12 | last shares x total ' page.md
    grep -q '^| all targets | [0-9]* | 100 % | 100 % | [0-9]* % | [0-9]* % | - (0) | - (0) |' page.md
    # a tenth more throughout is no other growth: anchored forecasts miss by the 20 of the logs alone
    grep -q '^| model, anchored | 0.0[0-9] ([0-9]*) | 0.0[0-9] ([0-9]*) | 0.0[0-9] ' page.md
    grep -q '^| Venezuelans at the line: .* | 2022-01 | -2.00, -2.00 | -1.73, -1.73 | ' page.md
    grep -q '^| t01 of 2020 | 1 of [0-9]* | 0.100 ' page.md
    grep -q '^| t05 in the Darién, January to June 2022 | 6 of 42 | 0.100 ' page.md
    # again, on the page that has it already: nothing is other
    cp page.md was.md
    "$ROOT/scripts/fit-table" --reuse --results results --file page.md
    cmp page.md was.md
    # what is left in the folder is the score of all targets
    grep -q '^t06,0,ranges,model,12,12,12,' results/ranges/fit.csv
    "$ROOT/scripts/fit-table" --reuse --results results --print | grep -v '^$' >printed
    cmp <(grep -v '^$' page.md | sed -e '/^between$/d' -e 1d) printed
}

@test "faults" {
    by_tenth results/ranges 20 false
    by_tenth results/fixed 8 true
    page moon >page.md
    run --separate-stderr "$ROOT/scripts/fit-table" --reuse --results results --file page.md
    [ "$status" -eq 1 ]
    [[ $stderr == *'page.md: no block is called moon'* ]]
    page run | sed '$d' | sed '$d' >page.md
    run --separate-stderr "$ROOT/scripts/fit-table" --reuse --results results --file page.md
    [ "$status" -eq 1 ]
    [[ $stderr == *'page.md: no block, or one that does not end'* ]]
    rm results/fixed/series.csv
    run --separate-stderr "$ROOT/scripts/fit-table" --reuse --results results --print
    [ "$status" -eq 1 ]
    [[ $stderr == *'fixed/series.csv'* ]]
    [[ $stderr == *'fit-table: '*' fit ended with 4'* ]]
    run --separate-stderr "$ROOT/scripts/fit-table" --rep 3
    [ "$status" -eq 2 ]
}
