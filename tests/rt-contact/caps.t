#!/bin/sh
# On random histories: who goes out is what a plain rereading of the manual page lets out, caps hold,
# and every action is in one place.
. "$(dirname "$0")/../lib.sh"

cat >"$tmp/shop.pl" <<'END'
# Writes actions and a history; days are numbers from 2024-02-20 on.
use strict;
my ($seed, $folder) = @ARGV;
srand($seed);
my @days = map { "2024-02-" . $_ } 20 .. 29;
push @days, map { sprintf "2024-03-%02d", $_ } 1 .. 31;
open my $actions, '>', "$folder/actions.csv" or die;
open my $history, '>', "$folder/history.csv" or die;
print $actions "action_id,customer_id,channel,send_on,priority,arm\n";
print $history "customer_id,date,event\n";
for my $row (1 .. 300) {
    printf $actions "a%d,C%d,email,%s,%s,%s\n", $row, rand 25, $days[10 + rand 15],
        rand() < .2 ? '' : int rand 4, rand() < .1 ? 'control' : 'treatment';
}
for (1 .. 200) {
    printf $history "C%d,%s,%s\n", rand 40, $days[rand @days], rand() < .7 ? 'sent' : 'opened';
}
END
cat >"$tmp/check.pl" <<'END'
# Does it all anew, slowly, and compares. Prints what is wrong.
use strict;
my ($folder, $window, @caps) = @ARGV;
my @days = ((map { "2024-02-" . $_ } 20 .. 29), map { sprintf "2024-03-%02d", $_ } 1 .. 31);
my %number = map { $days[$_] => $_ } 0 .. $#days;
sub rows {
    open my $file, '<', "$folder/$_[0]" or die;
    my @rows = map { chomp; [split /,/, $_, -1] } <$file>;
    shift @rows;
    return @rows;
}
my %contacts;
for (rows('history.csv')) { push @{$contacts{$_->[0]}}, $number{$_->[1]} if $_->[2] eq 'sent' }
my %before = map { $_ => [@{$contacts{$_}}] } keys %contacts;
my @actions = rows('actions.csv');
my @turn = sort {
    my ($x, $y) = @actions[$a, $b];
    ($x->[4] eq '' ? 9 : $x->[4]) <=> ($y->[4] eq '' ? 9 : $y->[4]) or $x->[3] cmp $y->[3] or $a <=> $b
} 0 .. $#actions;
# The most contacts in any span of $length days that holds $day.
sub most {
    my ($list, $length, $day) = @_;
    my $most = 0;
    for my $first ($day - $length + 1 .. $day) {
        my $count = grep { $_ >= $first && $_ < $first + $length } @$list;
        $most = $count if $count > $most;
    }
    return $most;
}
my %expected;
for (@turn) {
    my ($id, $customer, undef, $date, undef, $arm) = @{$actions[$_]};
    my $list = $contacts{$customer} ||= [];
    my $day = $number{$date};
    my $reason = $arm eq 'control' ? 'control' : '';
    for my $cap (reverse @caps) {
        my ($n, $d) = $cap =~ m{(\d+)/(\d+)};
        $reason = "cap $cap" if most($list, $d, $day) >= $n;
    }
    $reason = 'window' if $window && most($list, $window, $day) >= 1;
    push @$list, $day if $reason eq '' || $reason eq 'control';
    $expected{$id} = $reason;
}
my %got;
for (rows('list.csv')) { $got{$_->[0]} .= 'out' }
for (rows('denied.csv')) { $got{$_->[0]} .= $_->[6] }
my %kinds;
for (@actions) {
    my $id = $_->[0];
    my $expected = $expected{$id} eq '' ? 'out' : $expected{$id};
    $kinds{$expected}++;
    print "$id: $expected, got ", $got{$id} // 'nothing', "\n" if ($got{$id} // '') ne $expected;
}
print "other actions\n" if keys %got != @actions;
# The caps themselves: no span has more than the cap unless the history had as many by itself.
for my $customer (keys %contacts) {
    for my $cap (@caps) {
        my ($n, $d) = $cap =~ m{(\d+)/(\d+)};
        for my $day (0 .. $#days) {
            my $now = grep { $_ >= $day && $_ < $day + $d } @{$contacts{$customer}};
            my $then = grep { $_ >= $day && $_ < $day + $d } @{$before{$customer} || []};
            print "$customer: $now in $cap\n" if $now > $n && $now > $then;
        }
    }
}
print "nothing was denied by @caps\n" if @caps && !grep { /^cap/ } keys %kinds;
END

for seed in 1 2 3 4 5 6 7 8; do
    perl "$tmp/shop.pl" $seed "$tmp"
    while read -r window caps; do
        set --
        for cap in $caps; do
            set -- "$@" --cap "$cap"
        done
        rt-contact --no-consent --window "${window}d" "$@" --history "$tmp/history.csv" \
            --denied "$tmp/denied.csv" -o "$tmp/list.csv" "$tmp/actions.csv"
        # shellcheck disable=SC2086 # a list
        is "seed $seed: window $window, caps $caps" '' "$(perl "$tmp/check.pl" "$tmp" "$window" $caps)"
    done <<'END'
1 2/7d
0 2/7d
0 3/10d 1/1d 2/4d
3 4/30d
0 1/1d
END
done
ok 'the same with one thread' sh -c "rt-contact --threads 1 --no-consent --window 0d --cap 1/1d \
    --history '$tmp/history.csv' '$tmp/actions.csv' | cmp - '$tmp/list.csv'"

# Two runs, a day between them, keep the cap together.
perl "$tmp/shop.pl" 9 "$tmp"
rt-contact --no-consent --cap 2/7d --history "$tmp/history.csv" -o "$tmp/first.csv" "$tmp/actions.csv"
sed '2,$s/^a/b/' "$tmp/actions.csv" >"$tmp/second-actions.csv"
rt-contact --no-consent --cap 2/7d --history "$tmp/history.csv" --history "$tmp/first.csv" \
    -o "$tmp/second.csv" "$tmp/second-actions.csv"
is 'what one run has left, a second like it cannot take' 1 "$(wc -l <"$tmp/second.csv")"
finish
