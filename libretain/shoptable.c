#include "libretain/shoptable.h"

#include <stdlib.h>
#include <string.h>

#include "libretain/day.h"
#include "libretain/decimal.h"
#include "libretain/err.h"

#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

enum {
    WINDOW_ROWS = 1 << 18, /* that a window of the log aims at: rows and their copy stay in cache */
    SMALL_RECORD = 512     /* a record without its channel */
};

/* Streams of random numbers, beside those of shop.c. */
static const uint64_t cells_stream = UINT64_C(0x8cb92ba72f3d8dd7);
static const uint64_t order_stream = UINT64_C(0xaf251af3b0f025b5);
static const uint64_t id_stream = UINT64_C(0xb564ef22ec7aece5);
static const uint64_t home_stream = UINT64_C(0xf7c2ebc08f67f2b5);

/* Pieces of a record. */

static char *put(char *at, const char *bytes, size_t length)
{
    memcpy(at, bytes, length);
    return at + length;
}

static char *put_string(char *at, const char *string)
{
    return put(at, string, strlen(string));
}

static char *put_units(char *at, int64_t units, int places)
{
    return at + rt_decimal_write((struct rt_decimal){units, places}, at);
}

static char *put_day(char *at, const struct rt_shop *shop, uint32_t day)
{
    rt_day_write(shop->plan.first + (int32_t)day, at);
    return at + 10;
}

static char *put_padded(char *at, uint32_t value, int digits)
{
    char text[RT_DECIMAL_BYTES];
    const size_t length = rt_decimal_write((struct rt_decimal){value, 0}, text);
    for (size_t i = length; i < (size_t)digits; i++)
        *at++ = '0';
    return put(at, text, length);
}

static char *put_hex(char *at, uint64_t bits, int digits)
{
    for (int shift = digits * 4 - 4; shift >= 0; shift -= 4)
        *at++ = "0123456789abcdef"[bits >> shift & 15];
    return at;
}

/* RFC 9562, version 4. */
static char *put_uuid(char *at, struct rt_rng rng)
{
    const uint64_t high = rt_rng_bits(&rng), low = rt_rng_bits(&rng);
    at = put_hex(at, high >> 32, 8);
    *at++ = '-';
    at = put_hex(at, high >> 16, 4);
    *at++ = '-';
    at = put_hex(at, 0x4000 | (high & 0xfff), 4);
    *at++ = '-';
    at = put_hex(at, 0x8000 | (low >> 48 & 0x3fff), 4);
    *at++ = '-';
    return put_hex(at, low, 12);
}

size_t rt_shop_write_id(const struct rt_shop *shop, enum rt_shop_ids ids, uint32_t index,
                        char into[RT_SHOP_ID_BYTES])
{
    char *at = into;
    if (ids == RT_SHOP_UUIDS) {
        at = put_uuid(at, rt_rng_start(shop->plan.seed ^ id_stream, index));
    } else {
        char text[RT_DECIMAL_BYTES];
        const size_t length = rt_decimal_write((struct rt_decimal){(int64_t)index + 1, 0}, text);
        if (ids == RT_SHOP_TEXTS) {
            at = put(at, "C0000000", length < 7 ? 8 - length : 1);
        }
        at = put(at, text, length);
    }
    return (size_t)(at - into);
}

/* The log. */

struct log {
    const struct rt_shop *shop;
    const struct rt_shop_form *form;
    struct rt_out *out;
    char (*dates)[12]; /* ",YYYY-MM-DD," of each day */
    char *record;      /* room for one */
    double log_items;
};

static char *put_order_id(char *at, const struct rt_shop_row *row)
{
    at = put_units(at, (int64_t)row->customer + 1, 0);
    *at++ = '-';
    return put_units(at, (int64_t)row->order + 1, 0);
}

/* The k-th item is asked for in proportion to 1/k; some lines are of several pieces. */
static char *put_item(const struct log *log, char *at, bool returned, struct rt_rng *rng)
{
    const double rank = rt_rng_exp(log->log_items * rt_rng_uniform(rng));
    const uint32_t item = rank < log->form->items ? (uint32_t)rank : log->form->items;
    int64_t pieces = 1;
    while (pieces < 99 && rt_rng_below(rng, 4) == 0)
        pieces++;
    at = put_string(at, ",item-");
    at = put_padded(at, item, 4);
    *at++ = ',';
    return put_units(at, returned ? -pieces : pieces, 0);
}

/* Seven orders out of ten come through the channel that the customer likes best. */
static char *put_channel(const struct log *log, char *at, uint32_t customer, struct rt_rng *rng)
{
    const struct rt_names *channels = &log->form->channels;
    struct rt_rng home = rt_rng_start(log->shop->plan.seed ^ home_stream, customer);
    const uint64_t liked = rt_rng_below(&home, channels->count);
    const uint64_t other = rt_rng_below(rng, channels->count);
    *at++ = ',';
    return put_string(at, channels->names[rt_rng_below(rng, 10) < 7 ? liked : other]);
}

static char *put_note(const struct log *log, char *at, struct rt_rng *rng)
{
    static const char *const notes[] = {
        "\"ring twice, then leave it at the door\"",
        "\"said \"\"thank you\"\"\"",
        "\"gift\nno invoice in the parcel\"",
        "\"fragile, \"\"this side up\"\",\nneighbour may take it\"",
    };
    *at++ = ',';
    const bool quoted = rt_rng_uniform(rng) < log->form->quoted;
    return quoted ? put_string(at, notes[rt_rng_below(rng, 4)]) : at;
}

/* The columns beside the first three. A return has the cells of the line that it returns. */
static char *put_more(const struct log *log, const struct rt_shop_row *row, char *at)
{
    const struct rt_shop_form *form = log->form;
    struct rt_rng rng =
        rt_rng_start(log->shop->plan.seed ^ cells_stream,
                     (uint64_t)row->customer << 31 | (uint64_t)row->order << 7 | row->line);
    if (form->order_ids) {
        *at++ = ',';
        at = put_order_id(at, row);
        if (row->returned) {
            *at++ = 'r';
            at = put_units(at, row->line + 1, 0);
        }
    }
    if (form->items > 0)
        at = put_item(log, at, row->returned, &rng);
    if (form->channels.count > 0)
        at = put_channel(log, at, row->customer, &rng);
    if (form->order_ids && log->shop->plan.returned > 0) {
        *at++ = ',';
        at = row->returned ? put_order_id(at, row) : at;
    }
    return form->quoted > 0 ? put_note(log, at, &rng) : at;
}

static void write_row(const struct log *log, const struct rt_shop_row *row)
{
    char *at = log->record;
    at += rt_shop_write_id(log->shop, log->form->ids, row->customer, at);
    at = put(at, log->dates[row->day], 12);
    at = put_units(at, row->returned ? -(int64_t)row->cents : (int64_t)row->cents, 2);
    at = put_more(log, row, at);
    rt_out_raw(log->out, (struct rt_text){log->record, (size_t)(at - log->record)});
    rt_out_end(log->out);
}

static void write_rows(const struct log *log, const struct rt_shop_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        write_row(log, &rows->rows[i]);
}

/*
 * The rows of a window by day, those of a day in a random order; returns whose day comes later
 * stay behind for the next window.
 */
static void write_window(const struct log *log, uint32_t end, struct rt_shop_rows *rows)
{
    rt_shop_rows_sort(rows);
    size_t from = 0;
    while (from < rows->count && rows->rows[from].day < end) {
        const uint32_t day = rows->rows[from].day;
        size_t next = from;
        while (next < rows->count && rows->rows[next].day == day)
            next++;
        rt_shop_rows_shuffle(rows, from, next,
                             rt_rng_start(log->shop->plan.seed ^ order_stream, day));
        for (; from < next; from++)
            write_row(log, &rows->rows[from]);
    }
    rows->count -= from;
    memmove(rows->rows, rows->rows + from, rows->count * sizeof *rows->rows);
}

/* Buys for all customers up to a day; those who will not come again leave the list. */
static void buy_all(const struct rt_shop *shop, struct rt_shop_customer *active, uint32_t *count,
                    uint32_t day, struct rt_shop_rows *rows)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < *count; i++) {
        struct rt_shop_customer customer = active[i];
        if (rt_shop_buy(shop, &customer, day, rows))
            active[kept++] = customer;
    }
    *count = kept;
}

static void write_by_date(const struct log *log)
{
    const struct rt_shop *shop = log->shop;
    const uint32_t customers = shop->plan.customers;
    struct rt_shop_customer *active = NULL;
    size_t size = 0;
    uint32_t count = 0, started = 0;
    struct rt_shop_rows rows = {0};
    const double windows = rt_shop_expected(shop) / WINDOW_ROWS;
    const uint32_t step =
        windows < shop->days ? (uint32_t)(shop->days / (windows < 1 ? 1 : windows)) : 1;
    for (uint32_t day = 0; day < shop->days;) {
        day = shop->days - day < step ? shop->days : day + step;
        /* Births come in the order of the customers. */
        for (; started < customers && shop->span * started / customers < day; started++) {
            const size_t grown = rt_grown(size, (size_t)count + 1);
            if (grown > 0) {
                active = rt_realloc(active, grown, sizeof *active);
                size = grown;
            }
            active[count++] = rt_shop_start(shop, started);
        }
        buy_all(shop, active, &count, day, &rows);
        write_window(log, day, &rows);
    }
    free(active);
    rt_shop_rows_free(&rows);
}

static int by_day(const void *left, const void *right)
{
    const struct rt_shop_row *a = left, *b = right;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->order != b->order)
        return a->order < b->order ? -1 : 1;
    return (int)(a->line * 2 + a->returned) - (int)(b->line * 2 + b->returned);
}

static void write_by_customer(const struct log *log, bool shuffled)
{
    const struct rt_shop *shop = log->shop;
    struct rt_shop_rows rows = {0};
    for (uint32_t i = 0; i < shop->plan.customers; i++) {
        struct rt_shop_customer customer = rt_shop_start(shop, i);
        rt_shop_buy(shop, &customer, shop->days, &rows);
        if (shuffled)
            continue;
        if (shop->plan.returned > 0)
            qsort(rows.rows, rows.count, sizeof *rows.rows, by_day);
        write_rows(log, &rows);
        rows.count = 0;
    }
    rt_shop_rows_shuffle(&rows, 0, rows.count,
                         rt_rng_start(shop->plan.seed ^ order_stream, UINT64_MAX));
    write_rows(log, &rows);
    rt_shop_rows_free(&rows);
}

static void write_log_header(const struct log *log)
{
    rt_out_string(log->out, "customer_id");
    rt_out_string(log->out, "date");
    rt_out_string(log->out, "amount");
    if (log->form->order_ids)
        rt_out_string(log->out, "order_id");
    if (log->form->items > 0) {
        rt_out_string(log->out, "item");
        rt_out_string(log->out, "qty");
    }
    if (log->form->channels.count > 0)
        rt_out_string(log->out, "channel");
    if (log->form->order_ids && log->shop->plan.returned > 0)
        rt_out_string(log->out, "ref");
    if (log->form->quoted > 0)
        rt_out_string(log->out, "note");
    rt_out_end(log->out);
}

static void write_log(const struct rt_shop *shop, const struct rt_shop_form *form,
                      struct rt_out *out)
{
    struct log log = {.shop = shop, .form = form, .out = out};
    size_t longest = 0;
    for (size_t i = 0; i < form->channels.count; i++) {
        const size_t length = strlen(form->channels.names[i]);
        longest = length > longest ? length : longest;
    }
    log.record = rt_alloc(SMALL_RECORD + longest, 1);
    log.dates = rt_alloc(shop->days, sizeof *log.dates);
    for (uint32_t day = 0; day < shop->days; day++) {
        char date[11];
        rt_day_write(shop->plan.first + (int32_t)day, date);
        log.dates[day][0] = ',';
        memcpy(log.dates[day] + 1, date, 10);
        log.dates[day][11] = ',';
    }
    if (form->items > 0)
        log.log_items = rt_rng_log((double)form->items + 1);
    write_log_header(&log);
    if (form->order == RT_SHOP_BY_DATE)
        write_by_date(&log);
    else
        write_by_customer(&log, form->order == RT_SHOP_SHUFFLED);
    free(log.dates);
    free(log.record);
}

/* The other tables: records as text, sorted at the end. */

struct line {
    uint32_t day;
    uint32_t length;
    size_t at;
};

struct page {
    const struct rt_shop *shop;
    enum rt_shop_ids ids;
    char *bytes;
    size_t used, size;
    struct line *lines;
    size_t count, line_size;
};

/* Begins a record with the customer and the day; returns where it goes on. */
static char *begin_line(struct page *page, uint32_t customer, uint32_t day)
{
    const size_t bytes = rt_grown(page->size, page->used + SMALL_RECORD);
    if (bytes > 0) {
        page->bytes = rt_realloc(page->bytes, bytes, 1);
        page->size = bytes;
    }
    const size_t lines = rt_grown(page->line_size, page->count + 1);
    if (lines > 0) {
        page->lines = rt_realloc(page->lines, lines, sizeof *page->lines);
        page->line_size = lines;
    }
    page->lines[page->count] = (struct line){.day = day, .at = page->used};
    char *at = page->bytes + page->used;
    at += rt_shop_write_id(page->shop, page->ids, customer, at);
    *at++ = ',';
    at = put_day(at, page->shop, day);
    *at++ = ',';
    return at;
}

static void end_line(struct page *page, const char *end)
{
    struct line *line = &page->lines[page->count++];
    line->length = (uint32_t)(end - (page->bytes + page->used));
    page->used += line->length;
}

/*
 * A month after he is new and about every four months from then on a customer is asked; one in ten
 * questions stays without an answer. His mood decides how many of ten chances of a point he takes.
 */
static void add_answers(struct page *page, uint32_t customer, struct rt_rng *rng)
{
    const double mood = rt_rng_beta(rng, 4, 1.2);
    double day = rt_shop_birth(page->shop, customer) + 30 * rt_rng_exponential(rng);
    for (; day < page->shop->days; day += 120 * rt_rng_exponential(rng)) {
        char *at = begin_line(page, customer, (uint32_t)day);
        if (rt_rng_below(rng, 10) > 0) {
            int64_t score = 0;
            for (int chance = 0; chance < 10; chance++)
                score += rt_rng_uniform(rng) < mood;
            at = put_units(at, score, 0);
        }
        end_line(page, at);
    }
}

struct contact {
    uint32_t customer, day;
    const char *channel;
    uint32_t campaign;
};

static void add_contact(struct page *page, const struct contact *contact, const char *event)
{
    if (contact->day >= page->shop->days)
        return;
    char *at = begin_line(page, contact->customer, contact->day);
    at = put_string(at, contact->channel);
    *at++ = ',';
    at = put_string(at, event);
    at = put_string(at, ",campaign-");
    end_line(page, put_padded(at, contact->campaign, 3));
}

/*
 * A campaign goes out every four weeks to half of the customers that there are. Of what is sent
 * most is delivered, some opened within days, some of that clicked; who unsubscribes gets no more.
 */
static void add_contacts(struct page *page, uint32_t customer, struct rt_rng *rng)
{
    const double interest = rt_rng_beta(rng, 2, 4);
    const char *channel = rt_rng_below(rng, 5) == 0 ? "sms" : "email";
    const uint32_t born = (uint32_t)rt_shop_birth(page->shop, customer);
    for (uint32_t sent = (born / 28 + 1) * 28; sent < page->shop->days; sent += 28) {
        struct contact contact = {customer, sent, channel, sent / 28};
        if (rt_rng_below(rng, 2) == 0)
            continue;
        add_contact(page, &contact, "sent");
        if (rt_rng_uniform(rng) >= 0.98) {
            add_contact(page, &contact, "bounced");
            continue;
        }
        add_contact(page, &contact, "delivered");
        if (rt_rng_uniform(rng) >= interest)
            continue;
        contact.day += (uint32_t)rt_rng_exponential(rng);
        add_contact(page, &contact, "opened");
        if (rt_rng_uniform(rng) < interest)
            add_contact(page, &contact, "clicked");
        if (rt_rng_below(rng, 100) == 0) {
            add_contact(page, &contact, "unsubscribed");
            return;
        }
    }
}

/*
 * Each 30 days a subscriber leaves with a probability of his own, Beta(0.668, 3.806) (the sBG
 * model, with the parameters of Fader and Hardie 2007 for their High End data); some change their
 * plan instead, which ends one row and begins the next, and one in six of those who left comes
 * back.
 */
static void add_subscriptions(struct page *page, uint32_t customer, struct rt_rng *rng)
{
    static const char *const plans[] = {"basic,9.00", "plus,29.00", "pro,99.00"};
    const uint32_t days = page->shop->days;
    const double leaving = rt_rng_beta(rng, 0.668, 3.806);
    uint64_t plan = rt_rng_below(rng, 6);
    plan = plan < 3 ? 0 : plan < 5 ? 1 : 2;
    double start = rt_shop_birth(page->shop, customer);
    while (start < days) {
        double end = start;
        bool leaves = false, changes = false;
        while (end < days && !leaves && !changes) {
            end += 30;
            leaves = rt_rng_uniform(rng) < leaving;
            changes = rt_rng_uniform(rng) < 0.03;
        }
        char *at = begin_line(page, customer, (uint32_t)start);
        if (end < days)
            at = put_day(at, page->shop, (uint32_t)end);
        *at++ = ',';
        end_line(page, put_string(at, plans[plan]));
        if (leaves && rt_rng_below(rng, 6) > 0)
            return;
        if (leaves)
            end += 90 * rt_rng_exponential(rng);
        else
            plan = (plan + 1 + rt_rng_below(rng, 2)) % 3;
        start = end;
    }
}

/* About two tickets a year; most are answered within hours and closed within days. */
static void add_tickets(struct page *page, uint32_t customer, struct rt_rng *rng)
{
    static const char *const topics[] = {"delivery", "payment", "product", "return"};
    double day = rt_shop_birth(page->shop, customer) + 180 * rt_rng_exponential(rng);
    for (uint32_t number = 1; day < page->shop->days; number++) {
        char *at = begin_line(page, customer, (uint32_t)day);
        at = put_units(at, (int64_t)customer + 1, 0);
        *at++ = '-';
        at = put_units(at, number, 0);
        *at++ = ',';
        at = put_string(at, topics[rt_rng_below(rng, 4)]);
        *at++ = ',';
        const double minutes = 180 * rt_rng_exponential(rng) * rt_rng_exponential(rng);
        const double closed = day + minutes / 1440 + 3 * rt_rng_exponential(rng);
        const bool answered = day + minutes / 1440 < page->shop->days;
        if (answered)
            at = put_units(at, (int64_t)minutes, 0);
        *at++ = ',';
        if (closed < page->shop->days)
            at = put_day(at, page->shop, (uint32_t)closed);
        *at++ = ',';
        if (closed < page->shop->days && rt_rng_below(rng, 5) < 2)
            at = put_units(at, 1 + (int64_t)(5 * rt_rng_beta(rng, 3, 1)) % 5, 0);
        end_line(page, at);
        day += 180 * rt_rng_exponential(rng);
    }
}

static const struct {
    const char *header;
    void (*add)(struct page *page, uint32_t customer, struct rt_rng *rng);
} tables[] = {
    [RT_SHOP_ANSWERS] = {"customer_id,date,score", add_answers},
    [RT_SHOP_CONTACTS] = {"customer_id,date,channel,event,campaign", add_contacts},
    [RT_SHOP_SUBSCRIPTIONS] = {"customer_id,start,end,plan,mrr", add_subscriptions},
    [RT_SHOP_TICKETS] = {"customer_id,date,ticket_id,topic,reply_minutes,closed,score",
                         add_tickets},
};

/* Records of a day, or of a customer, stand as they were added: by their place. */
static int compare_lines(const void *left, const void *right)
{
    const struct line *a = left, *b = right;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    return (a->at > b->at) - (a->at < b->at);
}

static void shuffle_lines(struct page *page)
{
    struct rt_rng rng = rt_rng_start(page->shop->plan.seed ^ order_stream, UINT64_MAX);
    for (size_t left = page->count; left > 1; left--) {
        const size_t chosen = rt_rng_below(&rng, left);
        const struct line line = page->lines[chosen];
        page->lines[chosen] = page->lines[left - 1];
        page->lines[left - 1] = line;
    }
}

static void write_table(const struct rt_shop *shop, const struct rt_shop_form *form,
                        struct rt_out *out)
{
    struct page page = {.shop = shop, .ids = form->ids};
    for (uint32_t i = 0; i < shop->plan.customers; i++) {
        struct rt_rng rng = rt_rng_start(shop->plan.seed ^ (uint64_t)form->table << 56, i);
        tables[form->table].add(&page, i, &rng);
    }
    if (form->order == RT_SHOP_SHUFFLED)
        shuffle_lines(&page);
    else if (form->order == RT_SHOP_BY_DATE && page.count > 0)
        qsort(page.lines, page.count, sizeof *page.lines, compare_lines);
    rt_out_raw(out, rt_text(tables[form->table].header));
    rt_out_end(out);
    for (size_t i = 0; i < page.count; i++) {
        rt_out_raw(out, (struct rt_text){page.bytes + page.lines[i].at, page.lines[i].length});
        rt_out_end(out);
    }
    free(page.bytes);
    free(page.lines);
}

void rt_shop_write(const struct rt_shop *shop, const struct rt_shop_form *form, struct rt_out *out)
{
    if (form->table == RT_SHOP_LOG)
        write_log(shop, form, out);
    else
        write_table(shop, form, out);
}
