#!/usr/bin/python3
"""Opens a page in headless Chromium, on a phone and a desktop, light and dark, and on paper.

Prints a line for each thing that is wrong, and how many texts were looked at. Speaks the DevTools
protocol over a pipe, with nothing but Python's own library.

    browser.py CHROMIUM PAGE FOLDER [--pictures]    FOLDER takes the profile, the PDF and pictures
"""
import base64
import json
import os
import pathlib
import subprocess
import sys

SIZES = {"phone": (375, 812), "desktop": (1280, 900)}

# What a reader would see: sideways scrolling, pale text, small text.
LOOK = r"""
(() => {
    const parse = (text) => (text.match(/[\d.]+/g) || []).map(Number);
    const luminance = (rgb) => {
        const part = rgb.slice(0, 3).map((c) => {
            c /= 255;
            return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
        });
        return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
    };
    const backdrop = (element) => {
        const cell = element.parentElement.querySelector(':scope > rect[class^=h]');
        if (cell !== null && element.getAttribute('class').startsWith('on'))
            return parse(getComputedStyle(cell).fill);
        for (let at = element; at !== null; at = at.parentElement) {
            const colour = parse(getComputedStyle(at).backgroundColor);
            if (colour.length === 3 || colour[3] > 0) return colour;
        }
        return [255, 255, 255];
    };
    const wrong = [];
    const wide = document.documentElement.scrollWidth;
    if (wide > WIDTH) wrong.push(`scrolls sideways: ${wide} of ${WIDTH}`);
    let texts = 0, heats = 0;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        const text = walker.currentNode.data.trim();
        if (text === '' || element.closest('title, style') !== null) continue;
        if (element.getClientRects().length === 0) continue;
        const style = getComputedStyle(element), drawn = element instanceof SVGElement;
        const front = luminance(parse(drawn ? style.fill : style.color));
        const back = luminance(backdrop(element));
        const contrast = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
        if (!(contrast >= 4.5)) wrong.push(`contrast ${contrast.toFixed(2)}: ${text}`);
        const scale = drawn ? element.getScreenCTM().a : 1;
        const size = parseFloat(style.fontSize) * scale;
        if (size < 9) wrong.push(`small, ${size.toFixed(1)} px: ${text}`);
        texts++;
        if (drawn && element.getAttribute('class').startsWith('on')) heats++;
    }
    return {wrong, texts, heats};
})()
"""


class Browser:
    def __init__(self, program, folder):
        here, there = os.pipe(), os.pipe()
        # Chromium reads from descriptor 3 and writes to 4.
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", 'exec "$@" 3<&%d 4>&%d' % (here[0], there[1]), "sh", program,
             "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--no-first-run", "--disable-background-networking", "--remote-debugging-pipe",
             "--user-data-dir=%s/profile" % folder],
            pass_fds=(here[0], there[1]), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(here[0])
        os.close(there[1])
        self.to, self.answers, self.rest = here[1], there[0], b""
        self.count, self.events = 0, []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def read(self):
        while b"\0" not in self.rest:
            more = os.read(self.answers, 65536)
            if not more:
                raise SystemExit("the browser went away")
            self.rest += more
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def ask(self, method, **params):
        self.count += 1
        message = {"id": self.count, "method": method, "params": params}
        if getattr(self, "session", None):
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.count:
                if "error" in answer:
                    raise SystemExit("%s: %s" % (method, answer["error"]))
                return answer["result"]
            self.events.append(answer)

    def open(self, address):
        self.events = []
        self.ask("Page.navigate", url=address)
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.read())

    def close(self):
        os.close(self.to)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def complaints(events, address):
    """Errors and warnings, and every request but that of the page itself."""
    for event in events:
        method, params = event.get("method"), event.get("params", {})
        if method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"):
            yield "says: %s" % json.dumps(params)[:2000]
        if method == "Network.requestWillBeSent":
            asked = params["request"]["url"]
            if asked not in (address, "data:,"):
                yield "asks for %s" % asked[:100]


def main():
    program, page, folder = sys.argv[1:4]
    address = pathlib.Path(page).resolve().as_uri()
    browser = Browser(program, folder)
    for domain in ("Page", "Runtime", "Log", "Network"):
        browser.ask(domain + ".enable")
    seen = 0
    for size, (width, height) in SIZES.items():
        for colours in ("light", "dark"):
            browser.ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                        deviceScaleFactor=1, mobile=size == "phone")
            browser.ask("Emulation.setEmulatedMedia",
                        features=[{"name": "prefers-color-scheme", "value": colours}])
            browser.open(address)
            answer = browser.ask("Runtime.evaluate", expression=LOOK.replace("WIDTH", str(width)), returnByValue=True)
            found = answer["result"].get("value")
            if found is None:
                raise SystemExit("the look failed: %s" % json.dumps(answer)[:500])
            for wrong in found["wrong"] + list(complaints(browser.events, address)):
                print("%s, %s: %s" % (size, colours, wrong))
            seen += found["texts"]
            if "--pictures" in sys.argv:
                shot = browser.ask("Page.captureScreenshot", captureBeyondViewport=True)
                with open("%s/%s-%s.png" % (folder, size, colours), "wb") as file:
                    file.write(base64.b64decode(shot["data"]))
    paper = base64.b64decode(browser.ask("Page.printToPDF", printBackground=True)["data"])
    if not paper.startswith(b"%PDF-"):
        print("no PDF came of printing")
    with open("%s/page.pdf" % folder, "wb") as file:
        file.write(paper)
    print("%d texts" % seen)
    browser.close()


main()
