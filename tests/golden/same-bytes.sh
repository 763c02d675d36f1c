#!/bin/sh
# The same scenario and seed give the same bytes: gcc and clang, -O0 and -O3, one thread and two.
# usage: tests/golden/same-bytes.sh      programs are built where they belong, results in build/golden
set -eu
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/../.."

clang=$(command -v clang-14 || command -v clang)
clang=${clang##*/}
out=build/golden/same-bytes
rm -rf "$out"
mkdir -p "$out"

run_all() { # PROGRAM THREADS NAME
    "$1" run scenarios/small/two-hosts.json --until 2022-06-30 --reps 3 -j "$2" -q -o "$out/$3/two-hosts"
    "$1" run scenarios/funnel/colombia.json --until 2021-09-30 --reps 2 -j "$2" -q -o "$out/$3/colombia"
    (cd "$out/$3" && sha256sum ./*/*.csv ./*/*.json) >"$out/$3.sha256"
}

for cc in gcc "$clang"; do
    for mode in debug O3; do
        make -s -j2 CC="$cc" MODE="$mode" program
        for threads in 1 2; do
            run_all "build/$cc-$mode/sojourn" "$threads" "$cc-$mode-$threads" >/dev/null 2>"$out/log" ||
                { cat "$out/log" && exit 1; }
        done
    done
done

first=
passed=0
failed=0
for list in "$out"/*.sha256; do
    # 9 tables, 2 manifests and a scenario of two runs, or there is nothing to compare
    if [ "$(wc -l <"$list")" -lt 24 ]; then
        echo "$list: too few files"
        failed=$((failed + 1))
    elif [ -z "$first" ] || cmp -s "$first" "$list"; then
        passed=$((passed + 1))
    else
        echo "$first and $list differ:"
        diff "$first" "$list" || true
        failed=$((failed + 1))
    fi
    first=${first:-$list}
done
[ "$passed" -eq 8 ] || [ "$failed" -gt 0 ] || failed=1
echo "# counts: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
