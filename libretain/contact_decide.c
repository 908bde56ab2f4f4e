/* The verdict on each action. */
#include <math.h>
#include <stdlib.h>

#include "libretain/contact_parts.h"
#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/interval.h"
#include "libretain/message.h"

static const double confidence = 0.95;

/* What is used for one customer after the other. */
struct settling {
    struct rt_contact *contact;
    uint32_t *actions; /* that may still go out, in the order in which they have their turn */
    size_t action_count, action_room;
    struct rt_cap_day *days; /* ascending */
    size_t day_count, day_room;
    struct rt_text *cells;
};

/* Channels -------------------------------------------------------------------------------------
 */

/* A response to what was sent before the table begins is none to what it holds. */
static double low_bound(int64_t responses, int64_t sent)
{
    return sent == 0 ? 0 : rt_wilson(responses < sent ? responses : sent, sent, confidence).lo;
}

static int compare_channels(const void *left, const void *right)
{
    const struct rt_contact_channel *const *a = left, *const *b = right;
    if ((*a)->low != (*b)->low)
        return (*a)->low > (*b)->low ? -1 : 1;
    return rt_text_compare((*a)->name, (*b)->name);
}

/* By the lower bound of the share of all customers who responded, and then by name. */
static void order_channels(struct rt_contact *contact)
{
    const size_t count = contact->channel_count;
    struct rt_contact_channel **order = rt_alloc(count + 1, sizeof(struct rt_contact_channel *));
    contact->order = rt_alloc(count + 1, sizeof *contact->order);
    for (size_t i = 0; i < count; i++) {
        order[i] = &contact->channels[i];
        order[i]->low = low_bound(order[i]->responses, order[i]->sent);
    }
    qsort(order, count, sizeof(struct rt_contact_channel *), compare_channels);
    for (size_t i = 0; i < count; i++) {
        order[i]->place = (uint32_t)i;
        contact->order[i] = (uint32_t)(order[i] - contact->channels);
    }
    free(order);
}

static bool permitted(const struct rt_contact *contact, const struct rt_contact_link *link)
{
    const bool asked = contact->rules->ask_consent;
    if (link == NULL)
        return !asked;
    return !link->suppressed &&
           (link->consent == RT_CONSENT_YES || (link->consent == RT_CONSENT_UNKNOWN && !asked));
}

/* Is `a` the better of two channels by which the customer was contacted? */
static bool better(const struct rt_contact *contact, const struct rt_contact_link *a,
                   const struct rt_contact_link *b)
{
    const double low_a = low_bound(a->responses, a->sent);
    const double low_b = low_bound(b->responses, b->sent);
    if (low_a != low_b)
        return low_a > low_b;
    return contact->channels[a->channel].place < contact->channels[b->channel].place;
}

/* The number plus 1 of the channel for an action that has none; 0 where none may be used. */
static uint16_t choose_channel(const struct rt_contact *contact,
                               const struct rt_contact_customer *customer)
{
    const struct rt_contact_link *stated = NULL, *best = NULL;
    for (uint32_t at = customer->links; at != 0; at = contact->links[at - 1].next) {
        const struct rt_contact_link *link = &contact->links[at - 1];
        if (!permitted(contact, link))
            continue;
        if (link->preferred &&
            (stated == NULL || link->preferred_day > stated->preferred_day ||
             (link->preferred_day == stated->preferred_day && better(contact, link, stated))))
            stated = link;
        if (link->sent > 0 && (best == NULL || better(contact, link, best)))
            best = link;
    }
    const struct rt_contact_link *chosen = stated != NULL ? stated : best;
    if (chosen != NULL)
        return (uint16_t)(chosen->channel + 1);
    for (size_t i = 0; i < contact->channel_count; i++) {
        const int channel = (int)contact->order[i];
        if (permitted(contact, rt_contact_find_link(contact, customer, channel)))
            return (uint16_t)(channel + 1);
    }
    return 0;
}

/* What is known of an action by itself --------------------------------------------------------- */

static enum rt_contact_verdict judge_channel(struct rt_contact *contact,
                                             const struct rt_contact_customer *customer,
                                             struct rt_contact_action *action)
{
    if (action->channel == 0 && contact->choose) {
        action->channel = choose_channel(contact, customer);
        action->changed |= action->channel != 0;
    }
    if (action->channel == 0)
        return RT_CONTACT_NO_CHANNEL;
    const struct rt_contact_link *link =
        rt_contact_find_link(contact, customer, action->channel - 1);
    if (link != NULL && link->suppressed)
        return RT_CONTACT_SUPPRESSED;
    if (!permitted(contact, link))
        return RT_CONTACT_NO_CONSENT;
    const struct rt_text name = contact->channels[action->channel - 1].name;
    return contact->rules->need_address && !rt_text_is(name, "email") ? RT_CONTACT_OTHER_CHANNEL
                                                                      : RT_CONTACT_ALLOWED;
}

static enum rt_contact_verdict judge(struct settling *settling,
                                     const struct rt_contact_customer *customer, uint32_t number)
{
    struct rt_contact *contact = settling->contact;
    struct rt_contact_action *action = &contact->actions[number];
    if (action->verdict != RT_CONTACT_ALLOWED)
        return action->verdict;
    if (customer->suppressed)
        return RT_CONTACT_SUPPRESSED;
    if (contact->joined && customer->attributes == 0)
        return RT_CONTACT_NO_ATTRIBUTES;
    struct rt_text address;
    if (contact->rules->need_address &&
        !rt_contact_address(contact, number, settling->cells, &address))
        return RT_CONTACT_NO_ADDRESS;
    return judge_channel(contact, customer, action);
}

/* Caps -----------------------------------------------------------------------------------------
 */

static int compare_days(const void *left, const void *right)
{
    const struct rt_cap_day *a = left, *b = right;
    return (a->day > b->day) - (a->day < b->day);
}

static void grow_days(struct settling *settling)
{
    const size_t room = rt_grown(settling->day_room, settling->day_count + 1);
    if (room != 0) {
        settling->days = rt_realloc(settling->days, room, sizeof *settling->days);
        settling->day_room = room;
    }
}

/* The customer's days with contacts, each once, ascending. */
static void gather_days(struct settling *settling, const struct rt_contact_customer *customer)
{
    const struct rt_contact *contact = settling->contact;
    settling->day_count = 0;
    for (uint32_t at = customer->days; at != 0; at = contact->days[at - 1].next) {
        grow_days(settling);
        settling->days[settling->day_count++] =
            (struct rt_cap_day){contact->days[at - 1].day, contact->days[at - 1].contacts};
    }
    if (settling->day_count < 2)
        return;
    qsort(settling->days, settling->day_count, sizeof *settling->days, compare_days);
    size_t kept = 0;
    for (size_t i = 1; i < settling->day_count; i++) {
        if (settling->days[i].day == settling->days[kept].day)
            settling->days[kept].contacts += settling->days[i].contacts;
        else
            settling->days[++kept] = settling->days[i];
    }
    settling->day_count = kept + 1;
}

static void add_day(struct settling *settling, int32_t day)
{
    size_t at = settling->day_count;
    while (at > 0 && settling->days[at - 1].day > day)
        at--;
    if (at > 0 && settling->days[at - 1].day == day) {
        settling->days[at - 1].contacts++;
        return;
    }
    grow_days(settling);
    memmove(settling->days + at + 1, settling->days + at,
            (settling->day_count - at) * sizeof *settling->days);
    settling->days[at] = (struct rt_cap_day){day, 1};
    settling->day_count++;
}

static void settle(struct settling *settling, struct rt_contact_action *action)
{
    const struct rt_contact_rules *rules = settling->contact->rules;
    const int32_t day = action->send_on.day;
    if (!rt_cap_allows(&rules->window, settling->days, settling->day_count, day)) {
        action->verdict = RT_CONTACT_WINDOW;
        return;
    }
    for (size_t i = 0; i < rules->cap_count; i++) {
        if (!rt_cap_allows(&rules->caps[i], settling->days, settling->day_count, day)) {
            action->verdict = RT_CONTACT_CAP;
            action->cap = (uint8_t)i;
            return;
        }
    }
    /* The control arm takes its place as if it were contacted, so that both arms are alike. */
    add_day(settling, day);
    if (action->control)
        action->verdict = RT_CONTACT_CONTROL;
}

/* Whose turn it is first: by priority, then by date, then as they came. */
static bool goes_before(const struct rt_contact *contact, uint32_t a, uint32_t b)
{
    const struct rt_contact_action *left = &contact->actions[a], *right = &contact->actions[b];
    if (left->priority != right->priority)
        return left->priority < right->priority;
    const int order = rt_moment_compare(left->send_on, right->send_on);
    return order != 0 ? order < 0 : a < b;
}

/* Sifts the action at `at` of a heap, whose last in turn is at the top, down to its place. */
static void sift(const struct rt_contact *contact, uint32_t *heap, size_t count, size_t at)
{
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && goes_before(contact, heap[child], heap[child + 1]))
            child++;
        if (!goes_before(contact, heap[at], heap[child]))
            return;
        const uint32_t moved = heap[at];
        heap[at] = heap[child];
        heap[child] = moved;
    }
}

/* A heap sort: qsort cannot be told of the table that the numbers are of. */
static void put_in_turn(struct settling *settling)
{
    uint32_t *heap = settling->actions;
    for (size_t i = settling->action_count / 2; i-- > 0;)
        sift(settling->contact, heap, settling->action_count, i);
    for (size_t left = settling->action_count; left > 1; left--) {
        const uint32_t last = heap[0];
        heap[0] = heap[left - 1];
        heap[left - 1] = last;
        sift(settling->contact, heap, left - 1, 0);
    }
}

static void settle_customer(struct settling *settling, const struct rt_contact_customer *customer)
{
    struct rt_contact *contact = settling->contact;
    settling->action_count = 0;
    for (uint32_t at = customer->actions; at != 0; at = contact->actions[at - 1].next) {
        contact->actions[at - 1].verdict = (uint8_t)judge(settling, customer, at - 1);
        if (contact->actions[at - 1].verdict != RT_CONTACT_ALLOWED)
            continue;
        const size_t room = rt_grown(settling->action_room, settling->action_count + 1);
        if (room != 0) {
            settling->actions = rt_realloc(settling->actions, room, sizeof *settling->actions);
            settling->action_room = room;
        }
        settling->actions[settling->action_count++] = at - 1;
    }
    if (settling->action_count == 0)
        return;
    gather_days(settling, customer);
    put_in_turn(settling);
    for (size_t i = 0; i < settling->action_count; i++)
        settle(settling, &contact->actions[settling->actions[i]]);
}

int rt_contact_decide(struct rt_contact *contact)
{
    struct settling settling = {.contact = contact};
    settling.cells =
        rt_alloc(contact->width + contact->attribute_count + 1, sizeof *settling.cells);
    if (contact->rules->need_address && rt_contact_place(contact, "email") < 0) {
        free(settling.cells);
        contact->fault = "--format mbox: no column 'email' among the actions and the attributes";
        return -1;
    }
    order_channels(contact);
    for (const void *customer = NULL;
         (customer = rt_map_next(&contact->customers, customer)) != NULL;)
        settle_customer(&settling, customer);
    for (size_t i = 0; i < contact->count; i++)
        contact->counts[contact->actions[i].verdict]++;
    free(settling.actions);
    free(settling.days);
    free(settling.cells);
    return 0;
}
