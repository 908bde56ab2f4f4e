/* rt-contact: let through the actions that may go out, and tell why the others may not. */
#include <inttypes.h>

#include "libretain/contact.h"
#include "libretain/err.h"
#include "libretain/message.h"
#include "libretain/opt.h"
#include "libretain/out.h"
#include "libretain/table.h"

struct args {
    struct rt_table_args table;
    struct rt_out_args out;
    const char *consent, *window, *hours, *channel_from, *response, *attrs, *denied, *sender;
    struct rt_texts suppress, cap, history;
    rt_choice format;
    int64_t threads;
    bool no_consent, allow_empty, weekdays, verbose;
};

static const struct rt_opt options[] = {
    {RT_OPT(struct args, consent), .name = "consent", .value = "FILE",
     .help = "customer_id,channel,status[,date]: no row, no contact; needed, or --no-consent"},
    {RT_OPT(struct args, no_consent), .name = "no-consent",
     .help = "take consent for given where nobody has taken it back"},
    {RT_OPT(struct args, suppress), .name = "suppress", .value = "FILE",
     .help = "customer_id[,channel]: never contacted; may be given more than once"},
    {RT_OPT(struct args, allow_empty), .name = "allow-empty",
     .help = "the tables of --consent and --suppress may be without rows"},
    {RT_OPT(struct args, history), .name = "history", .value = "FILE",
     .help = "contacts, or actions that went out; may be given more than once"},
    {RT_OPT(struct args, window), .name = "window", .value = "Nd", .standard = "1d",
     .help = "one message for a customer in N days, by priority; 0d: as many as there are"},
    {RT_OPT(struct args, cap), .name = "cap", .value = "N/Dd",
     .help = "at most N in any D days, history included; may be given more than once"},
    {RT_OPT(struct args, hours), .name = "hours", .value = "H-H",
     .help = "move send_on to these hours, such as 9-20, and write the time"},
    {RT_OPT(struct args, weekdays), .name = "weekdays",
     .help = "move send_on from Saturday and Sunday to Monday"},
    {RT_OPT(struct args, channel_from), .name = "channel-from", .value = "FILE",
     .help = "contacts from which a channel is chosen where an action has none"},
    {RT_OPT(struct args, response), .name = "response", .value = "EVENT", .standard = "opened",
     .help = "the event of --channel-from that is a response"},
    {RT_OPT(struct args, attrs), .name = "attrs", .value = "FILE",
     .help = "join the columns of this table, by customer_id, to what goes out"},
    {RT_OPT(struct args, format), .name = "format", .value = "csv|jsonl|mbox", .standard = "csv",
     .help = "the form of what goes out"},
    {RT_OPT(struct args, sender), .name = "sender", .value = "ADDRESS",
     .help = "From of the messages of --format mbox, as name <address> or address"},
    {RT_OPT(struct args, denied), .name = "denied", .value = "FILE",
     .help = "write the other actions to FILE, each with its reason"},
    {RT_OPT(struct args, threads), .name = "threads", .value = "N", .standard = "2", .least = 1,
     .most = 2, .help = "1, or 2 that share the work"},
    RT_OPTS(struct args, table, struct rt_table_args, rt_table_options),
    RT_OPTS(struct args, out, struct rt_out_args, rt_out_options),
    {RT_OPT(struct args, verbose), .letter = 'v', .name = "verbose",
     .help = "tell on stderr how many actions go out, and why the others do not"},
    RT_OPT_LAST,
};

/* What can be told from the options alone. */
static struct rt_contact_rules read_args(const struct args *args)
{
    struct rt_contact_rules rules = {
        .opening = {.weekdays_only = args->weekdays},
        .ask_consent = !args->no_consent,
        .need_address = args->format == RT_CONTACT_MBOX,
        .threads = (int)args->threads,
    };
    if ((args->consent == NULL) != args->no_consent)
        rt_die("%s", args->no_consent ? "--no-consent: not with --consent"
                                      : "--consent: needed; --no-consent does without");
    if (rt_cap_read_window(rt_text(args->window), &rules.window) != 0)
        rt_die("--window: not a number of days from 0d to 3660d");
    for (size_t i = 0; i < args->cap.count; i++) {
        if (i == RT_CONTACT_CAPS)
            rt_die("--cap: more than %d", RT_CONTACT_CAPS);
        if (rt_cap_read(rt_text(args->cap.texts[i]), &rules.caps[i]) != 0)
            rt_die("--cap: not a number of contacts in a number of days, such as 2/7d");
        rules.cap_names[rules.cap_count++] = args->cap.texts[i];
    }
    if (args->hours != NULL && rt_opening_read_hours(rt_text(args->hours), &rules.opening) != 0)
        rt_die("--hours: not two hours from 0 to 24 in order, such as 9-20");
    if ((args->sender != NULL) != (args->format == RT_CONTACT_MBOX))
        rt_die("--sender: needed with --format mbox, and only there");
    if (args->sender != NULL && !rt_message_is_sender(rt_text(args->sender)))
        rt_die("--sender: not an address, alone or as name <address>");
    return rules;
}

static void die_of(const struct rt_contact *contact)
{
    if (rt_contact_message(contact) != NULL)
        rt_die("%s", rt_contact_message(contact));
}

static void read_files(const struct args *args, struct rt_contact *contact)
{
    const struct rt_table_args *like = &args->table;
    if (args->consent != NULL &&
        rt_contact_consent(contact, like, args->consent, args->allow_empty) != 0)
        die_of(contact);
    for (size_t i = 0; i < args->suppress.count; i++)
        if (rt_contact_suppress(contact, like, args->suppress.texts[i], args->allow_empty) != 0)
            die_of(contact);
    for (size_t i = 0; i < args->history.count; i++)
        if (rt_contact_history(contact, like, args->history.texts[i]) != 0)
            die_of(contact);
    if (args->channel_from != NULL &&
        rt_contact_responses(contact, like, args->channel_from, args->response) != 0)
        die_of(contact);
    if (args->attrs != NULL && rt_contact_attributes(contact, like, args->attrs) != 0)
        die_of(contact);
}

static void report(const struct rt_contact *contact)
{
    rt_note("%" PRIu64 " actions go out", rt_contact_count(contact, RT_CONTACT_ALLOWED));
    for (int verdict = RT_CONTACT_ALLOWED + 1; verdict < RT_CONTACT_VERDICTS; verdict++) {
        const uint64_t count = rt_contact_count(contact, (enum rt_contact_verdict)verdict);
        if (count > 0)
            rt_note("%" PRIu64 " denied: %s", count,
                    rt_contact_verdict_name((enum rt_contact_verdict)verdict));
    }
}

static int run(void *what, char **files, int count)
{
    const struct args *args = what;
    const struct rt_contact_rules rules = read_args(args);
    struct rt_table *table = rt_table_open_or_die(&args->table, files, count);
    struct rt_contact *contact = rt_contact_read(table, &rules, args->table.delimiter);
    die_of(contact);
    read_files(args, contact);
    if (rt_contact_decide(contact) != 0)
        die_of(contact);

    struct rt_out out, denied;
    rt_out_open(&out, &args->out, args->table.delimiter);
    if (args->denied != NULL)
        rt_out_open_file(&denied, args->denied, args->table.delimiter);
    if (rt_contact_write(contact, (enum rt_contact_format)args->format, args->sender, &out,
                         args->denied == NULL ? NULL : &denied) != 0)
        die_of(contact);
    if (args->denied != NULL)
        rt_out_finish(&denied);
    rt_out_finish(&out);
    if (args->verbose)
        report(contact);
    rt_contact_free(contact);
    rt_table_close(table);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct rt_command command = {
        .name = "rt-contact",
        .purpose = "let through the actions that may go out, and tell why the others may not",
        .operands = "[FILE]...",
        .options = options,
        .args_size = sizeof(struct args),
        .run = run,
    };
    return rt_main(&command, argc, argv);
}
