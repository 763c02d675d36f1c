#!/usr/bin/env bats
# sojourn fit: results folders against tables of observations, beside naive baselines.
# shellcheck disable=SC2154 # run sets stderr

load kit

columns='target,metric,place,nationality,item,from,to,value,unit,mark,source,note'
scores='target,months_ahead,predictor,kind,rows,covered,n,wape,wape_given_total,share_distance,log_error,bias,n50,inside50,coverage50,n90,inside90,coverage90,model_wape,model_log_error,noise_share,n_noise,noise_error_share,n_noise_error'
bands='target,metric,place,nationality,item,from,to,observed,mean,q05,q25,q75,q95,inside50,inside90,error,variance'

# A table of observations; each row "target,metric,place,nationality,item,from,to,value[,note]".
observe() { # FILE ROW...
    {
        echo "$columns"
        for row in "${@:2}"; do
            IFS=, read -r target metric place nation item from to value note <<<"$row"
            echo "$target,$metric,$place,$nation,$item,$from,$to,$value,persons,V,census,$note"
        done
    } >"$1"
}

# A results folder by hand; each row "metric,place,nationality,item,date,mean,q05,q25,q75,q95", where
# one number alone is the mean and its band.
by_hand() { # DIR SCENARIO ROW...
    mkdir "$1"
    echo "{ \"name\": \"$2\" }" >"$1/manifest.json"
    echo '{ "places": { "col": { "kind": "country" }, "per": { "kind": "country" },
        "far": { "kind": "outside" } }, "nationalities": { "ven": {} },
        "programmes": { "etpv": { "stages": { "first": {}, "second": {} } } } }' >"$1/scenario.json"
    {
        echo 'metric,place,nationality,item,date,mean,q05,q25,q50,q75,q95,reps'
        for row in "${@:3}"; do
            IFS=, read -r metric place nation item date mean low a b high <<<"$row"
            low=${low:-$mean} a=${a:-$low} high=${high:-$mean} b=${b:-$high}
            echo "$metric,$place,$nation,$item,$date,$mean,$low,$a,$mean,$b,$high,3"
        done
    } >"$1/series.csv"
}

# Single replications; each row "metric,place,nationality,item,date,a,b,c".
by_rep() { # DIR ROW...
    {
        echo 'metric,place,nationality,item,date,rep,value'
        for row in "${@:2}"; do
            IFS=, read -r metric place nation item date a b c <<<"$row"
            key=$metric,$place,$nation,$item,$date
            echo "$key,0,$a"
            echo "$key,1,$b"
            echo "$key,2,$c"
        done
    } >"$1/reps.csv"
}

# A column of the row of fit.csv with this target, months ahead, predictor and kind.
score_of() { # DIR TARGET MONTHS PREDICTOR KIND COLUMN
    awk -F, -v key="$2,$3,$4,$5" -v column="$6" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) at = i }
        $1 "," $2 "," $3 "," $4 == key { print $at }' "$1/fit.csv"
}

# Columns of fit-rows.csv by its line (1 = first row).
row_of() { # DIR LINE FIRST-LAST
    sed -n "$(($2 + 1))p" "$1/fit-rows.csv" | cut -d, -f"$3"
}

near() { # GOT EXPECTED
    awk -v a="$1" -v b="$2" 'BEGIN { d = a - b; exit !(a != "" && d < 1e-6 && d > -1e-6) }'
}

refused() { # EXIT TEXT ARGUMENT...
    run --separate-stderr "$SOJOURN" fit "${@:3}"
    [ "$status" -eq "$1" ]
    [[ $stderr == *"$2"* ]]
}

@test "a run against its own medians: all covered, with and without uncertain parameters" {
    "$SOJOURN" run "$TWO_HOSTS" --until 2022-04-01 --quiet --reps 4 -o free
    "$SOJOURN" run "$TWO_HOSTS" --until 2022-04-01 --quiet --reps 4 --fixed -o fixed
    {
        echo "$columns"
        awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "q50") q = i; next }
            $1 == "stock" && ($2 == "nea" || $2 == "far") && $3 == "ori" && $4 == "ALL" &&
                $5 > "2022-01-01" {
                split("31 28 31", days, " "); m = substr($5, 7, 1) - 1
                printf "hosts,stock,%s,ori,ALL,,2022-0%d-%d,%s,persons,A,,\n", $2, m, days[m], $q }' \
            free/series.csv
    } >seen.csv
    run --separate-stderr "$SOJOURN" fit free fixed --observed seen.csv
    [ "$status" -eq 0 ]
    [[ $stderr == *'free/fit.csv'*'free/fit-rows.csv'* ]]
    [[ ${lines[0]} == 'hosts: 6 rows, 6 covered' ]]
    [[ ${lines[1]} == *'WAPE'*'in logs'*'in 50 % band'*'in 90 % band'* ]]
    [[ ${lines[2]} == '  free  '*'6/6 (100 %)' ]]
    [[ ${lines[3]} == '  fixed  '*'/6 ('* ]]
    [[ ${lines[4]} == '  no change  '* ]]
    [ "$(head -n 1 free/fit.csv)" = "$scores" ]
    [ "$(head -n 1 free/fit-rows.csv)" = "$bands" ]
    [ "$(wc -l <free/fit-rows.csv)" -eq 7 ]
    [ "$(score_of free hosts 0 free model inside90)" = 6 ]
    awk -F, 'NR > 1 && ($14 != 1 || $15 != 1) { bad = 1 } END { exit bad }' free/fit-rows.csv
    [ ! -e fixed/fit.csv ]
    [ ! -e free/fit-changes.csv ]
    "$SOJOURN" run "$TWO_HOSTS" --until 2022-01-05 --quiet --reps 1 --force -o free
    [ ! -e free/fit.csv ] # it fitted other tables
    [ ! -e free/fit-rows.csv ]
}

@test "scores by hand" {
    by_hand r one stock,col,ven,ALL,2021-01-01,60,40,50,70,90 stock,col,ven,ALL,2022-01-01,80 \
        stock,per,ven,ALL,2021-01-01,60,10,20,30,35 stock,per,ven,ALL,2022-01-01,80
    observe seen.csv a,stock,col,ven,ALL,,2020-12-31,80 a,stock,per,ven,ALL,,2020-12-31,20 \
        a,stock,col,ven,ALL,,2021-12-31,100 a,stock,per,ven,ALL,,2021-12-31,100
    run --separate-stderr "$SOJOURN" fit r --observed seen.csv
    [ "$status" -eq 0 ]
    near "$(score_of r a 0 r model wape)" 0.333333333 # (20 + 40 + 20 + 20) / 300
    near "$(score_of r a 0 r model bias)" -0.066666667 # (280 - 300) / 300
    # shares: half and half against .8 and .2, then right; 30 and 30 of 100 in the wrong place
    near "$(score_of r a 0 r model share_distance)" 0.15
    near "$(score_of r a 0 r model wape_given_total)" 0.2 # (30 + 30 + 0 + 0) / 300
    # ln 100/80, ln 80/40, ln 120/100 twice: .2231435 + .6931472 + 2 x .1823216, over 4
    near "$(score_of r a 0 r model log_error)" 0.320233488
}

@test "coverage counts the ends of a band; a band of one point misses" {
    by_hand r one stock,col,ven,ALL,2021-01-01,60,40,50,70,90 stock,col,ven,ALL,2022-01-01,80 \
        stock,per,ven,ALL,2021-01-01,60,10,20,30,35 stock,per,ven,ALL,2022-01-01,100
    observe seen.csv a,stock,col,ven,ALL,,2020-12-31,80 a,stock,per,ven,ALL,,2020-12-31,20 \
        a,stock,col,ven,ALL,,2021-12-31,100 a,stock,per,ven,ALL,,2021-12-31,100
    "$SOJOURN" fit r --observed seen.csv >table
    grep -q '  r  .* 2/4 (50 %) .* 3/4 (75 %)$' table
    [ "$(row_of r 1 14-15)" = 0,1 ]
    [ "$(row_of r 2 14-15)" = 1,1 ]
    [ "$(row_of r 3 14-16)" = 0,0,-20 ]
    [ "$(row_of r 4 14-16)" = 1,1,0 ]
}

@test "baselines by hand: no change, shares, increment, growth" {
    by_hand r one stock,col,ven,ALL,20{19,20,21}-01-01,7 stock,per,ven,ALL,20{19,20,21}-01-01,7
    observe seen.csv a,stock,col,ven,ALL,,2018-12-31,10 a,stock,per,ven,ALL,,2018-12-31,10 \
        a,stock,col,ven,ALL,,2019-12-31,20 a,stock,per,ven,ALL,,2019-12-31,30 \
        a,stock,col,ven,ALL,,2020-12-31,60 a,stock,per,ven,ALL,,2020-12-31,40
    "$SOJOURN" fit r --observed seen.csv
    [ "$(score_of r a 0 r model n)" = 6 ]
    [ "$(score_of r a 0 'no change' baseline n)" = 4 ]
    near "$(score_of r a 0 'no change' baseline wape)" 0.533333333 # (10 + 20 + 40 + 10) / 150
    # halves of 50, then .4 and .6 of 100: (5 + 5 + 20 + 20) / 150
    near "$(score_of r a 0 'last shares x total' baseline wape)" 0.333333333
    [ "$(score_of r a 0 'last increment' baseline n)" = 2 ]
    near "$(score_of r a 0 'last increment' baseline wape)" 0.4 # 30 and 50 against 60 and 40
    near "$(score_of r a 0 'last growth' baseline wape)" 0.7    # 40 and 90: (20 + 50) / 100
    near "$(score_of r a 0 'last growth' baseline model_wape)" 0.86 # 7 and 7: (53 + 33) / 100
}

@test "a sum of rows that are scored is not scored again" {
    by_hand r one stock,col,ALL,ALL,2021-01-01,90 stock,col,pan,ALL,2021-01-01,10 \
        stock,col,ven,ALL,2021-01-01,30 stock,per,ALL,ALL,2021-01-01,50
    observe seen.csv a,stock,col,ALL,ALL,,2020-12-31,70 a,stock,col,ven,ALL,,2020-12-31,20 \
        a,stock,col,pan,ALL,,2020-12-31,20 a,stock,per,ALL,ALL,,2020-12-31,50 a,stock,per,xyz,ALL,,2020-12-31,5
    run --separate-stderr "$SOJOURN" fit r --observed seen.csv
    [ "${lines[0]}" = 'a: 5 rows, 4 covered' ]
    [[ $output == *'  not scored: 1 sum of other rows'* ]] # that of Peru stands: its part is not covered
    [ "$(score_of r a 0 r model n)" = 3 ]
    near "$(score_of r a 0 r model wape)" 0.222222222            # (10 + 10 + 0) / 90
    near "$(score_of r a 0 r model wape_given_total)" 0.5        # 30 and 10 of 40: (10 + 10) / 40
    [ "$(row_of r 1 8-9)" = 70,90 ]
}

@test "targets divided by place and metric" {
    by_hand r one foreign,col,ALL,ALL,2021-01-01,10 stock,col,ven,ALL,2021-01-01,5 \
        stock,per,ven,ALL,2021-01-01,8
    observe seen.csv a,stock,col,ven,ALL,,2020-12-31,4 a,stock,per,ven,ALL,,2020-12-31,8 \
        a,foreign,col,ALL,ALL,,2020-12-31,5 ab,stock,col,ven,ALL,,2020-12-31,5
    run --separate-stderr "$SOJOURN" fit r --observed seen.csv --by place,metric --target a
    [ "$status" -eq 0 ]
    [[ $output == 'a stock col: 1 row, 1 covered'*'a stock per: 1 row, 1 covered'*'a foreign col: 1 row'* ]]
    [[ $output != *'ab stock'* ]]
    near "$(score_of r 'a stock col' 0 r model wape)" 0.25
    near "$(score_of r 'a stock per' 0 r model wape)" 0
    near "$(score_of r 'a foreign col' 0 r model wape)" 1
    near "$(score_of r 'ab stock col' 0 r model wape)" 0
    "$SOJOURN" fit r --observed seen.csv
    near "$(score_of r a 0 r model wape)" 0.352941176 # (1 + 0 + 5) / 17
}

@test "the fluid queue: backlog, applications, last year's completions; of a programme or a stage" {
    by_hand r one queue_length,per,ALL,etpv/first,20{21,22}-01-01,90 \
        queue_length,per,ALL,etpv/second,20{21,22}-01-01,20 \
        applied_total,per,ALL,etpv,2021-01-01,1000 applied_total,per,ALL,etpv,2022-01-01,1400 \
        granted_total,per,ALL,etpv,2021-01-01,50 granted_total,per,ALL,etpv,2022-01-01,60
    observe seen.csv q,queue_length,per,ALL,etpv,,2020-12-31,100 \
        q,queue_length,per,ALL,etpv,,2021-12-31,400 \
        q,applied,per,ALL,etpv,2021-01-01,2021-06-30,150 q,applied,per,ALL,etpv,2021-07-01,2021-12-31,250 \
        q,completed,per,ALL,etpv,2020-01-01,2020-12-31,60 q,completed,per,ALL,etpv,2021-01-01,2021-12-31,70 \
        s,queue_length,per,ALL,etpv/first,,2020-12-31,100 s,queue_length,per,ALL,etpv/first,,2021-12-31,400
    "$SOJOURN" fit r --observed seen.csv >table
    [ "$(score_of r q 0 'fluid queue' baseline n)" = 1 ]
    near "$(score_of r q 0 'fluid queue' baseline wape)" 0.1 # 100 + 400 - 60 = 440 against 400
    near "$(score_of r q 0 'no change' baseline wape)" 0.659574468 # (300 + 10) / (400 + 70)
    near "$(score_of r s 0 'fluid queue' baseline wape)" 0.1 # a stage: the flows of another target
    run --separate-stderr "$SOJOURN" fit r --observed seen.csv --target s
    [[ $output == 's: '*'fluid queue'* && $output != *'q: '* ]]
}

@test "a period is the sum of its records: the mean always, the band with single replications" {
    by_hand r one arrivals,col,ven,ALL,2022-01-01,0 arrivals,col,ven,ALL,2022-02-01,20,10,15,25,30 \
        arrivals,col,ven,ALL,2022-03-01,40,20,30,50,60 arrivals,col,ven,ALL,2022-03-31,60,30,45,75,90
    observe seen.csv m,arrivals,col,ven,ALL,2022-01-01,2022-01-31,22 \
        m,arrivals,col,ven,ALL,2022-01-01,2022-02-28,70 m,arrivals,col,ven,ALL,2022-03-01,2022-03-31,1 \
        m,arrivals,per,ven,ALL,2022-03-01,2022-03-31,0
    "$SOJOURN" fit r --observed seen.csv
    [ "$(row_of r 1 9-15)" = 20,10,15,25,30,1,1 ]
    [ "$(row_of r 2 9-15)" = 60,NA,NA,NA,NA,NA,NA ]
    [ "$(row_of r 3 9-15)" = 60,30,45,75,90,0,0 ] # the run ended before the next day
    [ "$(row_of r 4 9-15)" = 0,0,0,0,0,1,1 ]      # rows that are 0 throughout are left out of tables
    [ "$(score_of r m 0 r model n90)" = 3 ]
    by_rep r arrivals,col,ven,ALL,2022-01-01,0,0,0 arrivals,col,ven,ALL,2022-02-01,10,20,30 \
        arrivals,col,ven,ALL,2022-03-01,20,40,60 arrivals,col,ven,ALL,2022-03-31,30,60,90
    "$SOJOURN" fit r --observed seen.csv
    [ "$(row_of r 2 9-15)" = 60,33,45,75,87,1,1 ] # 30, 60, 90: quantiles of type 7
    # without 25 and 75 % columns the band of a half is there for single replications only
    cut -d, -f1-7,9,11- r/series.csv >cut.csv
    mv cut.csv r/series.csv
    "$SOJOURN" fit r --observed seen.csv
    [ "$(row_of r 1 9-15)" = 20,11,15,25,29,1,1 ]
    rm r/reps.csv
    "$SOJOURN" fit r --observed seen.csv
    [ "$(row_of r 1 9-15)" = 20,10,NA,NA,30,NA,1 ]
    [ "$(score_of r m 0 r model coverage50)" = 1 ] # that of the zero alone
}

@test "totals are differences; a level is the next day's record or that day's; queues add up" {
    by_hand r one applied_total,col,ALL,etpv,2022-01-01,0 applied_total,col,ALL,etpv,2022-02-01,10,5,8,12,15 \
        applied_total,col,ALL,etpv,2022-02-28,30,20,25,35,40 granted_total,col,ALL,etpv,2022-01-01,0 \
        granted_total,col,ALL,etpv,2022-02-01,4 granted_total,col,ALL,etpv,2022-02-28,6 \
        refused_total,col,ALL,etpv,2022-01-01,0 refused_total,col,ALL,etpv,2022-02-01,1 \
        refused_total,col,ALL,etpv,2022-02-28,3 completed,col,ALL,etpv/first,2022-01-01,0 \
        completed,col,ALL,etpv/first,2022-02-01,9 completed,col,ALL,etpv/first,2022-02-28,8 \
        queue_length,col,ALL,etpv/first,2022-01-01,3 queue_length,col,ALL,etpv/first,2022-02-01,5 \
        queue_length,col,ALL,etpv/first,2022-02-28,7 queue_length,col,ALL,etpv/second,2022-01-01,1 \
        queue_length,col,ALL,etpv/second,2022-02-01,2 queue_length,col,ALL,etpv/second,2022-02-28,4 \
        completed,col,ALL,post,2022-01-01,0 completed,col,ALL,post,2022-02-01,11 \
        completed,col,ALL,post,2022-02-28,12
    observe seen.csv t,applied,col,ALL,etpv,2022-01-01,2022-01-31,9 t,applied,col,ALL,etpv,2022-02-01,2022-02-28,9 \
        t,applied_total,col,ALL,etpv,,2022-01-31,9 t,applied_total,col,ALL,etpv,2022-02-01,2022-02-28,9 \
        t,completed,col,ALL,etpv,2022-02-01,2022-02-28,4 t,completed,col,ALL,etpv/first,2022-01-01,2022-02-28,9 \
        t,completed,col,ALL,post,2022-01-01,2022-02-28,9 t,queue_length,col,ALL,etpv,,2022-01-31,9 \
        t,queue_length,col,ALL,etpv,,2022-02-28,9 t,queue_length,col,ALL,etpv/second,,2021-12-31,9
    "$SOJOURN" fit r --observed seen.csv
    [ "$(row_of r 1 9-13)" = 10,5,8,12,15 ] # from nothing: the record alone
    [ "$(row_of r 2 9-13)" = 20,NA,NA,NA,NA ]
    [ "$(row_of r 3 9)" = 10 ]
    [ "$(row_of r 4 9)" = 20 ]
    [ "$(row_of r 5 9)" = 4 ] # 6 + 3 - 4 - 1
    [ "$(row_of r 6 9)" = 17 ]
    [ "$(row_of r 7 9)" = 23 ]
    [ "$(row_of r 8 9)" = 7 ]
    [ "$(row_of r 9 9)" = 11 ] # the last day of the run has a record of its own
    [ "$(row_of r 10 9)" = 1 ]
}

@test "a level between two records is that of observed.csv" {
    by_hand r one stock,col,ven,ALL,2022-01-01,5 stock,col,ven,ALL,2022-02-01,6
    cat >r/observed.csv <<END
id,metric,place,nationality,item,date,observed,fitted,label,source,mean,q05,q50,q95
a,stock,col,ven,ALL,2022-01-16,50,no,,census,40,30,41,55
b,stock,col,ven,ALL,2022-01-15,50,no,,census,39,29,40,54
END
    observe seen.csv a,stock,col,ven,ALL,,2022-01-15,50 a,stock,col,ven,ALL,,2022-01-16,50 \
        a,stock,col,ven,ALL,,2022-01-17,50
    run --separate-stderr "$SOJOURN" fit r --observed seen.csv
    [ "${lines[0]}" = 'a: 3 rows, 2 covered' ]
    [ "$(row_of r 1 9-15)" = 40,30,NA,NA,55,NA,1 ] # the end of the 15th
    [ "$(row_of r 2 9-15)" = 40,30,NA,NA,55,NA,1 ]
}

@test "a sum of places: its mean, its band, and what it holds" {
    by_hand r one stock,col,ven,ALL,2022-01-01,5,4,4,6,6 stock,per,ven,ALL,2022-01-01,7,1,1,13,13 \
        queue_length,col,ALL,etpv/first,2022-01-01,3 queue_length,col,ALL,etpv/second,2022-01-01,4 \
        queue_length,per,ALL,ALL,2022-01-01,20
    by_rep r stock,col,ven,ALL,2022-01-01,4,5,6 stock,per,ven,ALL,2022-01-01,13,7,1
    observe seen.csv a,stock,col+per,ven,ALL,,2021-12-31,12 a,stock,per+col,ven,xyz,,2021-12-31,12 \
        a,stock,col+atlantis,ven,ALL,,2021-12-31,12 a,queue_length,col+per,ALL,etpv,,2021-12-31,7
    run --separate-stderr "$SOJOURN" fit r --observed seen.csv
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = 'a: 4 rows, 2 covered' ]
    [[ $output == *'not covered: 1 of a place that is not in the scenario'* ]]
    [[ $output == *'not covered: 1 of an item that is not in the scenario'* ]]
    [ "$(row_of r 1 9-13)" = 12,7.5,9.5,14.5,16.5 ] # 17, 12, 7: both at once, not the sum of bands
    [ "$(row_of r 4 9)" = 7 ] # the stages of one, nobody in the other
}

@test "a sum of places is not scored beside its parts, and is where they are not" {
    by_hand r one stock,col,ven,ALL,20{21,22}-01-01,5 stock,per,ven,ALL,20{21,22}-01-01,7
    observe seen.csv a,stock,col+per,ven,ALL,,2021-12-31,24 a,stock,col,ven,ALL,,2021-12-31,5 \
        a,stock,col+per,ven,ALL,,2020-12-31,24
    run --separate-stderr "$SOJOURN" fit r --observed seen.csv
    [ "${lines[0]}" = 'a: 3 rows, 3 covered' ]
    [[ $output == *'not scored: 1 sum of other rows'* ]]
    near "$(score_of r a 0 r model wape)" 0.413793103 # 12 of 29
    run --separate-stderr "$SOJOURN" fit r --observed seen.csv --by place
    [[ $output != *'not scored'* ]]
    near "$(score_of r 'a col+per' 0 r model wape)" 0.5
}

@test "what is not covered is counted and said" {
    by_hand r one stock,col,ven,ALL,2022-01-01,5 stock,col,ven,ALL,2022-02-01,6 \
        arrivals,col,ven,ALL,2022-01-01,0 arrivals,col,ven,ALL,2022-02-01,6
    observe seen.csv a,stock,col,ven,ALL,,2022-01-31,6 a,stock,col,ven,ALL,,2022-03-31,6 \
        a,stock,col,ven,ALL,,2020-03-31,6 a,arrivals,col,ven,ALL,2022-01-10,2022-01-31,6 \
        a,foreign,col,ALL,ALL,,2022-01-31,6 a,stock,atlantis,ven,ALL,,2022-01-31,6 \
        a,stock,far,ven,ALL,,2022-01-31,6 a,stock,col,xyz,ALL,,2022-01-31,6 \
        a,stock,per,ven,magic,,2022-01-31,6 a,stock,ALL,ven,ALL,,2022-01-31,6 a,stock,per,ven,ALL,,2022-01-31,0
    run --separate-stderr "$SOJOURN" fit r --observed seen.csv
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = 'a: 11 rows, 2 covered' ]
    [[ $output == *'not covered: 2 outside the dates of the results'* ]]
    [[ $output == *'not covered: 1 without a record at an end of the period'* ]]
    [[ $output == *'not covered: 1 of a metric that the results do not hold'* ]]
    [[ $output == *'not covered: 2 of a place that is not in the scenario'* ]]
    [[ $output == *'not covered: 1 of a nationality that is not in the scenario'* ]]
    [[ $output == *'not covered: 1 of an item that is not in the scenario'* ]]
    [[ $output == *'not covered: 1 of a sum or a part that the metric is not recorded by'* ]]
    near "$(score_of r a 0 r model wape)" 0
}

# Month k (from 0) of 2020 and later, as its first day.
first_day() { # K
    printf '%d-%02d-01' $((2020 + $1 / 12)) $(($1 % 12 + 1))
}

@test "rolling forecasts: doublings by hand, the model anchored and free" {
    # counts of 20 x 2^k - 20 double in logs of count + 20 each month; the model has half of that
    model=() seen=()
    for k in {0..19}; do
        model+=("arrivals,col,ven,ALL,$(first_day $((k + 1))),$((10 * (1 << k) - 20 > 0 ? 10 * (1 << k) - 20 : 0))")
        last=$(date -u -d "$(first_day $((k + 1))) - 1 day" +%F)
        seen+=("d,arrivals,col,ven,ALL,$(first_day "$k"),$last,$((20 * (1 << k) - 20))")
    done
    by_hand r one arrivals,col,ven,ALL,2020-01-01,0 "${model[@]}"
    observe seen.csv "${seen[@]}"
    run --separate-stderr "$SOJOURN" fit r --observed seen.csv
    [ "$status" -eq 0 ]
    [[ $output == *'months ahead, error in logs (pairs): 1, 3, 6'* ]]
    [[ $output == *'  last value  '*' 0.69 (8)'*' 2.08 (6)'*' 4.16 (3)'* ]]
    near "$(score_of r d 1 'last value' baseline log_error)" 0.693147181
    near "$(score_of r d 6 'last value' baseline log_error)" 4.158883083
    # random walk with drift ln 2: nothing to miss but what rounding leaves
    awk '/^d,6,"AR[(]1[)], 36 months",baseline,20,20,3,/ { split($0, cell, ","); n++
        bad = cell[12] > 1e-9 } END { exit bad || n != 1 }' r/fit.csv
    near "$(score_of r d 6 '12-month trend' baseline log_error)" 0
    near "$(score_of r d 3 r anchored log_error)" 0
    near "$(score_of r d 3 r free log_error)" 0.693147181 # half: ln 2
    [ "$(score_of r d 1 'seasonal mean' baseline n)" = 8 ]
    near "$(score_of r d 1 'seasonal mean' baseline log_error)" 8.317766167 # twelve doublings
    # origins from November 2020 on: months 11 and later have 12 behind them all the same
    run --separate-stderr "$SOJOURN" fit r --observed seen.csv --origin 2021-06-30
    [[ ${lines[0]} == 'd: 2 rows after 2021-06-30, 2 covered' ]]
    [ "$(score_of r d 1 'last value' baseline n)" = 2 ] # origins June and July 2021
    [ "$(score_of r d 3 'last value' baseline n)" = '' ]
    # a period: the months forecast lie in it, wherever the origin
    run --separate-stderr "$SOJOURN" fit r --observed seen.csv --from 2021-06-01 --until 2021-07-31
    [ "$(score_of r d 1 'last value' baseline n)" = 2 ]
    [ "$(score_of r d 6 'last value' baseline n)" = 2 ]
    near "$(score_of r d 6 'last value' baseline log_error)" 4.158883083
}

@test "an origin: rows after it are scored, baselines see what is not" {
    by_hand r one stock,col,ven,ALL,20{19,20,21,22}-01-01,7
    observe seen.csv a,stock,col,ven,ALL,,2018-12-31,10 a,stock,col,ven,ALL,,2019-12-31,20 \
        a,stock,col,ven,ALL,,2020-12-31,25 a,stock,col,ven,ALL,,2021-12-31,75
    run --separate-stderr "$SOJOURN" fit r --observed seen.csv --origin 2019-12-31
    [ "${lines[0]}" = 'a: 2 rows after 2019-12-31, 2 covered' ]
    near "$(score_of r a 0 'no change' baseline wape)" 0.6      # 20 twice: (5 + 55) / 100
    near "$(score_of r a 0 'last increment' baseline wape)" 0.4 # 30 and 40: (5 + 35) / 100
    [ "$(wc -l <r/fit-rows.csv)" -eq 3 ]
    refused 3 'no row of the observations is after the origin' r --observed seen.csv --origin 2022-01-01
}

@test "a period: what ends in it is scored, baselines look back beyond it" {
    by_hand r one stock,col,ven,ALL,20{19,20,21,22}-01-01,7 arrivals,col,ven,ALL,2019-01-01,0 \
        arrivals,col,ven,ALL,20{20,21,22}-01-01,30
    observe seen.csv a,stock,col,ven,ALL,,2018-12-31,10 a,stock,col,ven,ALL,,2019-12-31,20 \
        a,stock,col,ven,ALL,,2020-12-31,25 a,stock,col,ven,ALL,,2021-12-31,75 \
        b,arrivals,col,ven,ALL,2020-01-01,2020-12-31,20 b,arrivals,col,ven,ALL,2019-01-01,2020-12-31,50
    run --separate-stderr "$SOJOURN" fit r --observed seen.csv --from 2020-01-01 --until 2020-12-31
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = 'a: 1 row from 2020-01-01 until 2020-12-31, 1 covered' ]
    [[ $output == *'b: 2 rows from 2020-01-01 until 2020-12-31, 2 covered'* ]]
    near "$(score_of r a 0 r model wape)" 0.72                  # 18 of 25
    near "$(score_of r a 0 'no change' baseline wape)" 0.2      # 20 of 25: the year before
    near "$(score_of r a 0 'last increment' baseline wape)" 0.2 # 30, from the two before
    near "$(score_of r b 0 r model wape)" 0.285714286           # (10 + 10) / 70: the end counts
    [ "$(wc -l <r/fit-rows.csv)" -eq 4 ]
    # one end alone; both days belong to the period
    run --separate-stderr "$SOJOURN" fit r --observed seen.csv --from 2021-12-31
    [ "${lines[0]}" = 'a: 1 row from 2021-12-31, 1 covered' ]
    run --separate-stderr "$SOJOURN" fit r --observed seen.csv --until 2018-12-31 --target a
    [ "${lines[0]}" = 'a: 1 row until 2018-12-31, 1 covered' ]
    # with an origin, baselines see no more than that leaves
    run --separate-stderr "$SOJOURN" fit r --observed seen.csv --origin 2019-12-31 --from 2021-01-01
    [ "${lines[0]}" = 'a: 1 row after 2019-12-31 from 2021-01-01, 1 covered' ]
    near "$(score_of r a 0 'no change' baseline wape)" 0.733333333 # 20 against 75
    refused 3 'no row of the observations is in the period asked for' r --observed seen.csv --from 2022-01-01
    refused 2 '--from takes a date' r --observed seen.csv --from 2020
    refused 2 '--until takes a date' r --observed seen.csv --until yesterday
    refused 2 '--from is later than --until' r --observed seen.csv --from 2020-01-02 --until 2020-01-01
}

@test "chance: its share of the variance and of the error, by hand" {
    by_hand free one stock,col,ven,ALL,20{21,22}-01-01,80 stock,per,ven,ALL,2021-01-01,80 \
        arrivals,per,ven,ALL,2021-01-01,0 arrivals,per,ven,ALL,20{22,23}-01-01,5
    by_rep free stock,col,ven,ALL,2021-01-01,70,80,90 stock,col,ven,ALL,2022-01-01,80,80,80
    by_hand fixed one stock,col,ven,ALL,20{21,22}-01-01,80 stock,per,ven,ALL,2021-01-01,80 \
        arrivals,per,ven,ALL,2021-01-01,0 arrivals,per,ven,ALL,20{22,23}-01-01,5
    by_rep fixed stock,col,ven,ALL,2021-01-01,75,80,85 stock,col,ven,ALL,2022-01-01,79,80,81
    echo '{ "name": "one", "fixed": true }' >fixed/manifest.json
    observe seen.csv a,stock,col,ven,ALL,,2020-12-31,180 a,stock,col,ven,ALL,,2021-12-31,80 \
        a,stock,per,ven,ALL,,2020-12-31,5 b,arrivals,per,ven,ALL,2021-01-01,2022-12-31,10
    run --separate-stderr "$SOJOURN" fit free fixed --observed seen.csv
    [ "$status" -eq 0 ]
    near "$(score_of free a 0 free model noise_share)" 0.25 # 25 / 100; the row without spread is left out
    [ "$(score_of free a 0 free model n_noise)" = 1 ]
    near "$(score_of free a 0 free model noise_error_share)" 0.00693782 # 100/3/100^2 over (ln 2)^2
    [ "$(score_of free a 0 free model n_noise_error)" = 2 ] # col twice; per is not in reps.csv
    [ "$(score_of free a 0 fixed model noise_share)" = NA ] # itself
    near "$(score_of free a 0 fixed model noise_error_share)" 0.001803833 # (25 + 1)/3/100^2 / (ln 2)^2
    [ "$(score_of free b 0 free model noise_share)" = NA ]
    [ "$(score_of free a 0 'no change' baseline noise_error_share)" = NA ]
    near "$(score_of free ALL 0 free model noise_share)" 0.25
    [ "$(score_of free ALL 0 free model n)" = 4 ]
    [ "$(score_of free ALL 0 free model wape)" = NA ] # persons and others do not add up
    [ "$(row_of free 1 17)" = 100 ]
    [ "$(row_of free 4 17)" = NA ]
    [[ $output == *'chance alone, share (rows)    of the variance     of sq. error'* ]]
    [[ $output == *'  free                                0.250 (1)        0.007 (2)'* ]]
    [[ $output == *'  fixed                                       -        0.002 (2)'* ]]
    [[ $output == *$'all targets\n'*'  free '*'     4 '* ]]
    # a fixed folder in front serves as well; without one there is no share of the variance
    run --separate-stderr "$SOJOURN" fit fixed free --observed seen.csv
    near "$(score_of fixed a 0 free model noise_share)" 0.25
    run --separate-stderr "$SOJOURN" fit free --observed seen.csv --target a
    [ "$(score_of free a 0 free model noise_share)" = NA ]
    [[ $output != *'all targets'* ]]
}

@test "changes since a base" {
    by_hand r one arrivals,col,ven,ALL,2022-01-01,0 arrivals,col,ven,ALL,2022-02-01,100 \
        arrivals,col,ven,ALL,2022-03-01,50 arrivals,col,ven,ALL,2022-04-01,0
    observe seen.csv c,arrivals,col,ven,ALL,2022-01-01,2022-01-31,22750,before \
        c,arrivals,col,ven,ALL,2022-02-01,2022-02-28,3070,first c,arrivals,col,ven,ALL,2022-03-01,2022-03-31,9,second
    run --separate-stderr "$SOJOURN" fit r --observed seen.csv
    [ "$status" -eq 0 ]
    [[ $output == *'col ven ALL '*'2022-01-31 2022-02-28    -2.00        -0.69  first'* ]]
    [ "$(wc -l <r/fit-changes.csv)" -eq 3 ]
    grep -q '^c,arrivals,col,ven,ALL,2022-01-01,2022-01-31,2022-02-01,2022-02-28,first,r,-2.00' r/fit-changes.csv
    grep -q ',second,r,-7.83[0-9]*,NA$' r/fit-changes.csv # nobody came: no logarithm
}

@test "bad rows of a table: each with its line and column" {
    by_hand r one stock,col,ven,ALL,2022-01-01,5
    cat >bad.csv <<END
$columns
a,stock,col,ven,ALL,,2022-01-01,5,persons,V,census,
,stock,col,ven,ALL,,2022-01-01,5,persons,V,census,
a,stok,col,ven,ALL,,2022-01-01,5,persons,V,census,
a,stock,,ven,ALL,,2022-01-01,5,persons,V,census,
a,stock,col,,ALL,,2022-01-01,5,persons,V,census,
a,stock,col,ven,,,2022-01-01,5,persons,V,census,
a,stock,col,ven,ALL,,2022-02-30,5,persons,V,census,
a,arrivals,col,ven,ALL,1.1.2022,2022-01-31,5,persons,V,census,
a,arrivals,col,ven,ALL,2022-02-01,2022-01-31,5,persons,V,census,
a,arrivals,col,ven,ALL,,2022-01-31,5,persons,V,census,
a,stock,col,ven,ALL,2022-01-01,2022-01-31,5,persons,V,census,
a,stock,col,ven,ALL,,2022-01-02,many,persons,V,census,
a,stock,col,ven,ALL,,2022-01-03,5,persons,X,census,
a,stock,col,ven,ALL,,2022-01-04,5,persons,S,,
a,stock,col,ven,ALL,,2022-01-01,6,persons,V,census,
a,applied,col,ALL,etpv,,2022-01-31,5,persons,V,census,
a,"stöck",col,ven,ALL,,,5,persons,V,census,
a,stock,col,ven,ALL,,2022-01-05,,persons,V,census,
a,stock,col+per+col,ven,ALL,,2022-01-05,5,persons,V,census,
a,stock,col+,ven,ALL,,2022-01-05,5,persons,V,census,
a,stock,col+ALL,ven,ALL,,2022-01-05,5,persons,V,census,
a,xenophobia,col+per,ALL,ALL,,2022-01-05,5,persons,V,census,
END
    run --separate-stderr "$SOJOURN" fit r --observed bad.csv
    [ "$status" -eq 3 ]
    [ ! -e r/fit.csv ]
    [ -z "$output" ]
    for place in '3:1: error E0212: column target is empty' '4:3: error E0215: unknown metric "stok"' \
        '5:9: error E0212: column place is empty' '6:13: error E0212: column nationality is empty' \
        '7:17: error E0212: column item is empty' '8:22: error E0217: "2022-02-30" in column to' \
        '9:24: error E0217: "1.1.2022" in column from' '10:24: error E0231: the period ends before it begins' \
        '11:24: error E0231: arrivals is a flow' '12:21: error E0231: stock is a level' \
        '13:33: error E0207: "many" is not a number' '14:43: error E0218: "X" is no mark' \
        '15:45: error E0218: mark S needs a source' '16:1: error E0231: the row stands twice, first in line 2' \
        '17:24: error E0231: applied is a flow' '18:24: error E0212: column to is empty' \
        '19:33: error E0212: column value is empty' '20:9: error E0231: a sum of places holds col twice' \
        '21:9: error E0231: a sum of places holds an empty one' '22:9: error E0231: a sum of places holds ALL' \
        '23:14: error E0231: xenophobia cannot be added up over places'; do
        [[ $stderr == *"bad.csv:$place"* ]] || { echo "no $place in $stderr"; return 1; }
    done
    [[ $stderr == *'did you mean "stock"?'* ]]
    [[ $stderr == *'write ALL for a sum'* ]]
    sed '1s/mark,//' bad.csv >narrow.csv
    refused 3 narrow.csv:2:1 r --observed narrow.csv
    sed -n '1,2s/,unit,\|,persons,/,/p' bad.csv >narrow.csv
    refused 3 'narrow.csv:1:1: error E0207: column "unit" is missing' r --observed narrow.csv
    sed -n '1s/place,nationality/nationality,place/p' bad.csv >turned.csv
    refused 3 'turned.csv:1:1: error E0207: there are other columns, or they stand in another order' \
        r --observed turned.csv
    refused 3 'has a comma as its decimal point' r --observed <(sed '13s/many/"1,5"/' bad.csv)
    # tables together: both are read, a row may stand once in all
    observe one.csv a,stock,col,ven,ALL,,2021-12-31,5
    refused 3 'the row stands twice, first in line 2 of one.csv' r --observed one.csv --observed one.csv
}

@test "faults" {
    by_hand r one stock,col,ven,ALL,2022-01-01,5
    by_hand other two stock,col,ven,ALL,2022-01-01,5
    by_hand d one stock,col,ven,ALL,2022-01-01,5
    mkdir sub
    cp -r r sub/r
    observe seen.csv a,stock,col,ven,ALL,,2021-12-31,5
    refused 2 'fit takes a results folder' --observed seen.csv
    refused 2 'fit needs --observed' r
    refused 2 'did you mean "--observed"' r --observe seen.csv
    refused 2 '--origin takes a date' r --observed seen.csv --origin yesterday
    refused 2 '--by takes metric, place, nationality, item, not "hour"' r --observed seen.csv --by place,hour
    refused 2 '--by takes metric, place, nationality, item, not ""' r --observed seen.csv --by=
    refused 2 'no target "b"' r --observed seen.csv --target b
    refused 4 nowhere/manifest.json nowhere --observed seen.csv
    refused 4 unseen.csv r --observed unseen.csv
    refused 3 'other is a run of scenario two, r one of one' r other --observed seen.csv
    observe late.csv a,stock,col,ven,ALL,,2031-12-31,5
    refused 3 'no row of the observations is covered by the results' r --observed late.csv
    [[ $stderr == *'1 of 1 rows are outside the dates of the results; the records are of 2022-01-01 to 2022-01-01'* ]]
    [ ! -e r/fit.csv ]
    run --separate-stderr "$SOJOURN" fit r sub/r --observed seen.csv
    [ "$status" -eq 0 ]
    [[ $output == *$'\n  r  '*$'\n  sub/r  '* ]] # two folders of one name are told by their paths
    rm d/series.csv
    refused 4 d/series.csv d --observed seen.csv
    echo '{}' >d/manifest.json
    refused 3 'd/manifest.json' d --observed seen.csv
    rm d/manifest.json
    refused 4 'd/manifest.json' d --observed seen.csv
    sed -i 's/,mean,/,average,/' other/series.csv
    refused 3 'column "mean" is missing' other --observed seen.csv
    sed -i '2s/2022-01-01/January/' sub/r/series.csv
    refused 3 'line 2: "January" is not a date' sub/r --observed seen.csv
    sed -n '2s/ven/col/p' r/series.csv >more.csv
    sed -n '2s/2022/2023/p' r/series.csv >>more.csv
    cat more.csv >>r/series.csv
    refused 3 'the rows of "stock,col,ven,ALL" do not stand together' r --observed seen.csv
    run --separate-stderr "$SOJOURN" fit --help
    [ "$status" -eq 0 ]
    [[ $output == *'usage: sojourn fit DIR... --observed CSV...'*"$columns"*'--origin'* ]]
    [[ $("$SOJOURN" --help) == *$'\n  fit '* ]]
}
