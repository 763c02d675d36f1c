#!/bin/sh
# A run of two-hosts against the committed summary: exactly where libm and CPU level are those of the
# table, within a tolerance elsewhere (another libm may round a rate, and a draw, the other way).
# usage: tests/golden/two-hosts.sh [--update]      SOJOURN names another program
set -eu
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/../.."

golden=tests/golden/two-hosts
sojourn=${SOJOURN:-build/sojourn}
out=build/golden/two-hosts
mkdir -p build/golden
"$sojourn" run scenarios/small/two-hosts.json --until 2022-12-31 --reps 2 --seed 1 -q --force \
    -o "$out" 2>"$out.log" >/dev/null || { cat "$out.log" && exit 1; }
grep -E '"(libm|cpu_level)"' "$out/manifest.json" | tr -d ' \t,' >"$out.machine"

if [ "${1:-}" = --update ]; then
    cp "$out/summary.csv" "$golden.csv"
    cp "$out.machine" "$golden.machine"
    echo "$golden.csv: $(wc -l <"$golden.csv") rows"
    exit 0
fi
if cmp -s "$golden.machine" "$out.machine"; then
    cmp "$golden.csv" "$out/summary.csv" || {
        diff "$golden.csv" "$out/summary.csv" | head -n 20
        echo 'the same seed gives other numbers: if that is meant, --update and a line in CHANGELOG.md'
        exit 1
    }
    echo "the same bytes, $(wc -l <"$golden.csv") rows"
    exit 0
fi
# The same keys in the same order; values within 5 %, or 10 + 5 sqrt(n) for counts, or 0.05 for shares.
awk -F, '
    NR == FNR { key[FNR] = $1 "," $2 "," $3 "," $4 "," $5; value[FNR] = $6; n = FNR; next }
    {
        if (key[FNR] != $1 "," $2 "," $3 "," $4 "," $5) { print "row " FNR ": " $0; bad++; next }
        if (FNR == 1 || value[FNR] == $6) next
        d = value[FNR] - $6; d = d < 0 ? -d : d
        size = value[FNR] < 0 ? -value[FNR] : value[FNR]
        counts = value[FNR] == int(value[FNR]) && $6 == int($6)
        least = counts ? 10 + 5 * sqrt(size) : 0.05
        if (d > 0.05 * size && d > least) { print "expected " value[FNR] ": " $0; bad++ }
    }
    END { if (FNR != n) { print n " rows expected, not " FNR; bad++ }
          print "another machine: " bad + 0 " rows beyond tolerance"; exit bad > 0 }
' "$golden.csv" "$out/summary.csv"
