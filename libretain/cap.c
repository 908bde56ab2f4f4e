#include "libretain/cap.h"

/* Digits up to the first other byte, from `least` to `most`; takes them off the front. */
static bool take_number(struct rt_text *text, int32_t least, int32_t most, int32_t *value)
{
    size_t digits = 0;
    *value = 0;
    while (digits < text->length && text->at[digits] >= '0' && text->at[digits] <= '9') {
        *value = *value * 10 + (text->at[digits] - '0');
        if (*value > most)
            return false;
        digits++;
    }
    text->at += digits;
    text->length -= digits;
    return digits > 0 && *value >= least;
}

int rt_cap_read(struct rt_text text, struct rt_cap *cap)
{
    if (!take_number(&text, 1, RT_CAP_MOST, &cap->most) || text.length == 0 || text.at[0] != '/')
        return -1;
    text.at++;
    text.length--;
    if (!take_number(&text, 1, RT_CAP_DAYS_MOST, &cap->days))
        return -1;
    return rt_text_is(text, "d") ? 0 : -1;
}

int rt_cap_read_window(struct rt_text text, struct rt_cap *cap)
{
    cap->most = 1;
    if (!take_number(&text, 0, RT_CAP_DAYS_MOST, &cap->days))
        return -1;
    return rt_text_is(text, "d") ? 0 : -1;
}

/*
 * Of the spans that hold `day`, those that end on `day` or on a later day with contacts have the
 * most: a span that ends elsewhere has no more than the one that ends on its last contact.
 */
bool rt_cap_allows(const struct rt_cap *cap, const struct rt_cap_day *days, size_t count,
                   int32_t day)
{
    if (cap->days == 0)
        return true;
    uint64_t contacts = 0; /* from days[first] to before days[next] */
    size_t first = 0, next = 0;
    for (; next < count && days[next].day <= day; next++)
        contacts += days[next].contacts;
    for (;;) {
        const int32_t end = next == 0 || days[next - 1].day < day ? day : days[next - 1].day;
        for (; first < next && days[first].day <= end - cap->days; first++)
            contacts -= days[first].contacts;
        if (contacts >= (uint64_t)cap->most)
            return false;
        if (next == count || days[next].day >= day + cap->days)
            return true;
        contacts += days[next++].contacts;
    }
}
