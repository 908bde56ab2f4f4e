#include "libretain/page.h"

#include "libretain/svg.h"

enum { SHORT = 20 };

static const char style[] =
    ":root{color-scheme:light dark;--ink:#16191d;--soft:#555b63;--paper:#fff;--card:#f5f7f9;"
    "--rule:#d9dde2;--good:#04653f;--bad:#a3320b}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:#eceef1;--soft:#a9b0b9;--paper:#14171b;"
    "--card:#1e2329;--rule:#363d46;--good:#5fd3a2;--bad:#ff9d73}\n"
    ".s0{stroke:#56a9e0}.s0:not(.line):not(.hollow){fill:#56a9e0}"
    ".s7{stroke:#eceef1}.s7:not(.line):not(.hollow){fill:#eceef1}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;padding:1.25rem 1rem 3rem;max-width:60rem;background:var(--paper);"
    "color:var(--ink);font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;"
    "overflow-wrap:anywhere}\n"
    "h1{font-size:1.7rem;line-height:1.2;margin:0}h2{font-size:1.25rem;margin:2.5rem 0 .5rem;"
    "border-top:1px solid var(--rule);padding-top:1.25rem}h3{font-size:1rem;margin:1.5rem 0 0}\n"
    "p{margin:.25rem 0 .75rem}.soft{color:var(--soft)}.small{font-size:.875rem}\n"
    ".cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.75rem;"
    "margin:1.5rem 0 0;padding:0;list-style:none}\n"
    ".card{background:var(--card);border-radius:.5rem;padding:.8rem 1rem;break-inside:avoid;"
    "display:flex;flex-direction:column}\n"
    ".card h3{font-size:.95rem;font-weight:600;margin:0}.card p{margin:0;font-size:.875rem}\n"
    ".card .value{font-size:1.9rem;font-weight:650;line-height:1.25}\n"
    ".good{color:var(--good)}.bad{color:var(--bad)}\n"
    ".spark{display:block;width:100%;height:auto;margin-top:auto;padding-top:.4rem}\n"
    "figure{margin:1rem 0 1.5rem;break-inside:avoid}figcaption{font-weight:600}\n"
    "figcaption span{display:block;font-weight:400}\n"
    "svg{display:block;width:100%;height:auto;fill:var(--ink)}svg .soft{fill:var(--soft)}\n"
    ".rule{stroke:var(--rule)}.axis{stroke:var(--soft)}.whisker{stroke:var(--ink)}"
    ".hollow{fill:var(--paper)}.band{stroke:none!important}\n"
    ".scroll{overflow-x:auto}.scroll svg{min-width:42rem}.narrow{display:none}\n"
    "table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums;"
    "margin:.5rem 0 1rem}\n"
    "th,td{padding:.3rem .7rem .3rem 0;text-align:left;vertical-align:top;"
    "border-bottom:1px solid var(--rule);unicode-bidi:isolate}\n"
    "th{font-weight:600}th.n,td.n{text-align:right}td.n,.b{white-space:nowrap}"
    "td{min-width:11rem;max-width:24rem}td.b,td.n{min-width:0}\n"
    "dt{font-weight:600;margin-top:.75rem}dd{margin:0}\n"
    "@media(max-width:40rem){.wide{display:none}.narrow{display:block}table{font-size:.8125rem}"
    "td{min-width:8rem}}\n"
    "@media print{body{padding:0;max-width:none;font-size:11pt}.card{border:1px solid #999}"
    "tr,dt,dd{break-inside:avoid}h2,h3{break-after:avoid}.scroll{overflow:visible}"
    ".scroll svg{min-width:0}}\n";

void rt_page_open(struct rt_buffer *into, struct rt_text title)
{
    rt_buffer_add(into, "<!DOCTYPE html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
                        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; "
                        "style-src 'unsafe-inline'; img-src data:\">\n"
                        "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
                        "<meta name='color-scheme' content='light dark'>\n"
                        "<link rel='icon' href='data:,'>\n<title>");
    rt_buffer_escaped(into, title);
    rt_buffer_add(into, "</title>\n<style>\n");
    rt_buffer_add(into, style);
    rt_buffer_add(into, "</style>\n</head>\n<body>\n<header>\n<h1>");
    rt_buffer_escaped(into, title);
    rt_buffer_add(into, "</h1>\n");
}

void rt_page_close(struct rt_buffer *into)
{
    rt_buffer_add(into, "</body>\n</html>\n");
}

void rt_page_heading(struct rt_buffer *into, struct rt_text text)
{
    rt_buffer_add(into, "<h2>");
    rt_buffer_escaped(into, text);
    rt_buffer_add(into, "</h2>\n");
}

void rt_page_note(struct rt_buffer *into, struct rt_text text)
{
    rt_buffer_add(into, "<p class='soft small'>");
    rt_buffer_escaped(into, text);
    rt_buffer_add(into, "</p>\n");
}

/* Tables ------------------------------------------------------------------------------------- */

void rt_page_table(struct rt_buffer *into)
{
    rt_buffer_add(into, "<div class='scroll' tabindex='0' role='group' aria-label='table'>"
                        "<table>\n<thead>\n<tr>");
}

static void put_cell(struct rt_buffer *into, const char *tag, struct rt_text text, bool number)
{
    /* What is short, such as a date, stays in one line. */
    const bool brief = text.length <= SHORT;
    rt_buffer_format(into, "<%s%s>", tag,
                     number && brief ? " class='n b'"
                     : number        ? " class='n'"
                     : brief         ? " class='b'"
                                     : "");
    rt_buffer_escaped(into, text);
    rt_buffer_format(into, "</%.2s>", tag);
}

void rt_page_head(struct rt_buffer *into, struct rt_text text, bool number)
{
    put_cell(into, "th scope='col'", text, number);
}

void rt_page_cell(struct rt_buffer *into, struct rt_text text, bool number)
{
    put_cell(into, "td", text, number);
}

void rt_page_row(struct rt_buffer *into, bool head)
{
    rt_buffer_add(into, head ? "</tr>\n</thead>\n<tbody>\n<tr>" : "</tr>\n<tr>");
}

void rt_page_table_end(struct rt_buffer *into)
{
    static const char open_row[] = "<tr>";
    into->used -= sizeof open_row - 1;
    rt_buffer_add(into, "</tbody>\n</table></div>\n");
}

/* Charts ------------------------------------------------------------------------------------- */

static void put_svg(struct rt_buffer *into, const struct rt_chart *chart, const char *class,
                    double width, double height)
{
    const struct rt_svg_form form = {.width = width, .height = height, .inside = true};
    rt_buffer_format(into, "<div class='%s'>", class);
    rt_svg_chart(into, chart, &form);
    rt_buffer_add(into, "</div>\n");
}

void rt_page_chart(struct rt_buffer *into, const struct rt_chart *chart)
{
    rt_buffer_add(into, "<figure>\n<figcaption>");
    rt_buffer_escaped(into, rt_buffer_get(&chart->title));
    rt_buffer_add(into, "<span class='soft small'>");
    rt_buffer_escaped(into, rt_buffer_get(&chart->subtitle));
    rt_buffer_add(into, "</span></figcaption>\n");
    if (chart->form == RT_CHART_HEAT) {
        put_svg(into, chart, "scroll' tabindex='0' role='group' aria-label='chart", 820, 340);
    } else {
        put_svg(into, chart, "wide", 820, 340);
        put_svg(into, chart, "narrow", 360, 300);
    }
    rt_buffer_add(into, "</figure>\n");
}
