#!/bin/sh
# JSON lines and mbox files, as the parsers of others read them.
. "$(dirname "$0")/../lib.sh"

cat >"$tmp/actions.csv" <<'END'
action_id,customer_id,action,channel,send_on,priority,owner,reason,arm
id1,C1,thank,email,2024-02-29,1,"Ann ""A"" Bee",plain,treatment
"id 2/@","C,2","Grüße, und noch mehr: ein Betreff, der über viele Zeichen geht und länger ist als eine Zeile 😀",email,2025-01-07T20:05,,,"From the top
From here, too

.
a tab	and a \ and trailing blanks  ",
id3,007,=?UTF-8?B?x?=,email,2025-12-31,2,,"long: LONG",
id4,C4,none,email,2025-12-31,2,,no address,
id5,C5,bad,email,2025-12-31,2,,bad address,
id6,C6,inject,email,2025-12-31,2,,header,
id7,C7,call,phone,2025-12-31,2,Ann,not by mail,
END
sed -i "s/LONG/$(printf '%02000d' 0)/" "$tmp/actions.csv"
cat >"$tmp/attrs.csv" <<'END'
customer_id,name,email
C1,"Bo ""the \"" Lee, Jr.",bo@example.org
"C,2","Zoë Überlang von und zu Hohenstein-Würzburg-Löwenstein-Wertheim-Freudenberg",zoe+list@example.org
007,,bond@example.org
C4,No Body,
C5,Bad,bad@@example.org
C6,Eve,"eve@example.org
Bcc: all@example.org"
C7,Cy,cy@example.org
END
form() {
    rt-contact --no-consent --attrs "$tmp/attrs.csv" --denied "$tmp/denied.csv" "$@" "$tmp/actions.csv"
}
form -o "$tmp/list.csv"
form --format jsonl -o "$tmp/list.jsonl"
form --format mbox --sender 'Läden <shop@example.org>' -o "$tmp/list.mbox"
is 'who cannot be written to is denied' 'no address
no address
no address
other channel' "$(sed -n 's/^id[4-7].*,//p' "$tmp/denied.csv")"
is 'an object a line' 7 "$(wc -l <"$tmp/list.jsonl")"
is 'a message is ASCII' '' "$(tr -d '\t' <"$tmp/list.mbox" | grep -n '[^ -~]')"
is 'of short lines' '' "$(awk 'length > 76' "$tmp/list.mbox")"
is 'a message begins where a line begins with From' 3 "$(grep -c '^From ' "$tmp/list.mbox")"
is 'without actions there is nothing' '' "$(head -n 1 "$tmp/actions.csv" |
    rt-contact --no-consent --attrs "$tmp/attrs.csv" --format mbox --sender a@example.org)"
fails 'messages need an address' "no column 'email'" \
    rt-contact --no-consent --format mbox --sender a@example.org "$tmp/actions.csv"
for sender in 'a' 'a@b@c' 'A <a@b' 'A <a b@c>' "a@b
Bcc: x@y"; do
    fails "a sender that is none: $(printf '%s' "$sender" | head -n 1)" '--sender: not an address' \
        rt-contact --no-consent --format mbox --sender "$sender" "$tmp/actions.csv"
done
printf 'action_id,customer_id,channel,send_on,priority,arm,x,x\n' >"$tmp/twice.csv"
fails 'an object has a name once' 'the column x would be there twice' \
    rt-contact --no-consent --format jsonl "$tmp/twice.csv"

if command -v jq >/dev/null; then
    is 'jq reads the cells of the CSV' "$(rt-contact --no-consent --attrs "$tmp/attrs.csv" "$tmp/actions.csv" |
        cksum)" "$(jq -rs '(.[0] | keys_unsorted | join(",")), (.[] | [.[] | . // "" |
            if test("[\",\n]") then "\"" + gsub("\""; "\"\"") + "\"" else . end] | join(","))' \
        "$tmp/list.jsonl" | cksum)"
else
    skip 'jq reads the cells of the CSV' 'no jq'
fi

if python3 -c 'import csv, json' 2>/dev/null; then
    is "python3's json reads the cells of the CSV" '' "$(python3 - "$tmp" <<'END'
import csv, json, sys
folder = sys.argv[1]
rows = list(csv.DictReader(open(folder + "/list.csv", encoding="utf-8", newline="")))
objects = [json.loads(line) for line in open(folder + "/list.jsonl", encoding="utf-8")]
if [{k: v or None for k, v in row.items()} for row in rows] != objects:
    print("other cells")
END
)"
else
    skip "python3's json reads the cells of the CSV" 'no python3 with csv and json'
fi

if python3 -c 'import csv, mailbox, email.policy' 2>/dev/null; then
    is "python3's mailbox reads the messages" '' "$(python3 - "$tmp" <<'END'
import csv, email, email.header, email.policy, email.utils, mailbox, sys
folder = sys.argv[1]
rows = [row for row in csv.DictReader(open(folder + "/list.csv", encoding="utf-8", newline=""))
        if row["action_id"] in ("id1", "id 2/@", "id3")]
box = mailbox.mbox(folder + "/list.mbox", create=False,
                   factory=lambda f: email.message_from_binary_file(f, policy=email.policy.default))
messages = list(box)

# By the older functions: the newer ones put a blank between two encoded words of a name.
def mailbox_of(message, field):
    raw = dict(message.raw_items())[field]
    name, address = email.utils.parseaddr(raw.replace("\n", ""))
    return str(email.header.make_header(email.header.decode_header(name))), address

if len(messages) != len(rows):
    print(len(messages), "messages")
dates = ["Thu, 29 Feb 2024 00:00:00 -0000", "Tue, 07 Jan 2025 20:05:00 -0000",
         "Wed, 31 Dec 2025 00:00:00 -0000"]
ids = set()
for message, row, date in zip(messages, rows, dates):
    to, sender = mailbox_of(message, "To"), mailbox_of(message, "From")
    body = message.get_content()
    expected = "".join(k + ": " + v.replace("\n", "\n\t") + "\n" for k, v in row.items())
    for what, wrong in [
        ("defects", message.defects or message["To"].defects or message["From"].defects),
        ("to", to != (row["name"], row["email"])),
        ("from", sender != ("Läden", "shop@example.org")),
        ("subject", message["Subject"] != row["action"] and "UTF-8" not in row["action"]),
        ("date", message["Date"] != date and str(message["Date"].datetime) != date),
        ("body", body != expected),
    ]:
        if wrong:
            print(row["action_id"], what, repr(message[what] if what in message else body)[:300])
    ids.add(message["Message-ID"])
if len(ids) != len(rows):
    print("the same Message-ID")
if messages and messages[2]["Subject"] != "=?UTF-8?B?x?=":
    print("a text that looks like an encoded word:", repr(messages[2]["Subject"]))
END
)"
else
    skip "python3's mailbox reads the messages" 'no python3 with mailbox'
fi
finish
