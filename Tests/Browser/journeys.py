"""The journeys of a hospital in headless Chromium: sign in, upload, findings, correction, receipt. scripts/check-pages runs it.

usage: journeys.py ADDRESS SAMPLES PASSWORD...   (SAMPLES: the folder of the demo's packages; PASSWORD: NAME=WORD)
"""
import base64
import hmac
import io
import re
import struct
import sys
import time
import traceback
import zipfile

from playwright.sync_api import Error as PlaywrightError, sync_playwright

ADDRESS, SAMPLES = sys.argv[1], sys.argv[2]
PASSWORDS = dict(pair.split("=", 1) for pair in sys.argv[3:])
failures = []
figures = []


def claim(holds, what):
    if not holds:
        failures.append(what)
        print("FAILED", what)


def send(page, selector):
    """Clicks what leads to another page, and waits until that is there."""
    with page.expect_navigation():
        page.click(selector)


def show_message(page, language, phone, part):
    """Opens the demo's messages where the latest one to a telephone that has `part` in it stands, and returns that one.

    A message is addressed behind the answer to who has caused it, so it may come a moment later."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        page.goto(f"{ADDRESS}/demo/messages?lang={language}")
        found = page.locator(f"main section.card:has-text('{phone}'):has({part})")
        if found.count():
            return found.first
    raise PlaywrightError(f"no message to {phone} with {part} in 30 s")


def walk(journey, *given, **how):
    """One journey; where it fails or waits in vain, that is told and the next one goes on."""
    try:
        journey(browser, *given, **how)
    except Exception as fault:
        claim(False, f"{journey.__name__} {[one for one in given if not isinstance(one, bytes)]} {how or ''} {str(fault).splitlines()[0]}")
        traceback.print_exc()
        for context in browser.contexts:
            for page in context.pages:
                print("stood at", page.url, "|", " ".join(page.locator("body").inner_text().split())[:600])
            context.close()


class Desk:
    """A browser of one account, language, width, with or without scripts."""

    # Sessions of accounts with a second factor, each code of which counts once: signed in once and shared.
    sessions = {}
    # The code that has signed an account in last, and recovery codes that are left.
    used, recovery = "", []

    def __init__(self, browser, account="demo", language="zh", width=1280, scripts=True):
        self.name = f"{account} {language} {width} {'scripts' if scripts else 'no scripts'}"
        self.context = browser.new_context(
            viewport={"width": width, "height": 844 if width < 500 else 900}, java_script_enabled=scripts,
            accept_downloads=True)
        self.page = self.context.new_page()
        self.faults = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda message: self.faults.append(message.text)
                     if message.type == "error" and "Failed to load resource" not in message.text
                     and "ERR_INTERNET" not in message.text else None)
        self.language, self.width = language, width
        self.go(f"/sign-in?lang={language}")
        if account in Desk.sessions:
            self.context.add_cookies([Desk.sessions[account]])
            self.page.goto(ADDRESS + "/")
            return
        self.page.fill("#name", account)
        self.page.fill("#password", PASSWORDS[account])
        send(self.page, "main button[type=submit]")
        if "/sign-in/step" in self.page.url:
            self.measure("/sign-in/step")
            other = browser.new_context()
            reader = other.new_page()
            reader.goto(ADDRESS + "/demo/messages")
            Desk.used = reader.inner_text(f"#codes dt:text-is('{account}') + dd")
            other.close()
            self.page.fill("#code", Desk.used)
            send(self.page, "main button[type=submit]")
            claim("/sign-in" not in self.page.url, f"{self.name}: the code signs in")
            Desk.sessions[account] = next(c for c in self.context.cookies() if c["name"] == "vedette_session")

    def go(self, path):
        answer = self.page.goto(ADDRESS + path)
        claim(answer.status == 200, f"{self.name} {path}: {answer.status}")
        self.measure(path)

    def measure(self, path):
        width, height = self.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        claim(width <= self.width, f"{self.name} {path}: {width} px wide")
        return height

    def say(self, zh, en):
        return zh if self.language == "zh" else en

    def close(self):
        claim(not self.faults, f"{self.name}: {self.faults}")
        self.context.close()


def upload(desk, name, content, kind="application/zip"):
    """Uploads one file and returns the path of its submission, once it is through."""
    page = desk.page
    desk.go("/upload")
    page.set_input_files("#files", {"name": name, "mimeType": kind, "buffer": content})
    page.click("form[data-upload] button[type=submit]:not([formaction])")
    if page.evaluate("typeof window.print") and desk.context and page.locator(".queue li").count():
        page.wait_for_selector(".queue li .result.good, .queue li .result.warn, .queue li .result.bad", timeout=60000)
        path = page.get_attribute(".queue li .result a", "href")
    else:
        page.wait_for_url("**/submissions/*")
        path = page.url[len(ADDRESS):]
        end = time.monotonic() + 60
        while time.monotonic() < end:
            page.goto(ADDRESS + path)
            if not page.locator("noscript meta[http-equiv=refresh]").count() and "http-equiv=\"refresh\"" not in page.content():
                break
    return path


def tables(bundle):
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def submission(browser, sample, **how):
    """From the upload to the receipt."""
    desk = Desk(browser, **how)
    page = desk.page
    path = upload(desk, "influenza-faults.zip", sample)
    desk.go(path)
    height = desk.measure(path)
    figures.append(f"{desk.name}: a submission with 372 findings is {height} px high")
    if desk.width < 500:
        claim(height <= 3 * 844, f"{desk.name}: {height} px are more than three screens")
    todo = page.locator("#causes")
    claim(todo.bounding_box()["height"] <= page.viewport_size["height"], f"{desk.name}: causes are more than a screen")
    claim(page.locator("#warnings[open]").count() == 0, f"{desk.name}: warnings are folded")
    claim(page.get_by_text(desk.say("等待 flu 的", "for 25 of flu")).count() == 1, f"{desk.name}: consequences in one line")
    # From a cause to its findings, filtered; the filter stays in the address.
    with page.expect_navigation():
        todo.locator("a.count").first.click()
    claim("/findings?cause=" in page.url, f"{desk.name}: a cause leads to its findings")
    desk.go(path + "/findings")
    page.fill("#field", "P6")
    send(page, "form button[type=submit]:has-text('" + desk.say("筛选", "Filter") + "')")
    claim("field=P6" in page.url and page.input_value("#field") == "P6", f"{desk.name}: the filter stays")
    claim(page.locator("tbody tr").count() == 3, f"{desk.name}: three findings of P6")
    claim(page.evaluate("scrollY") == 0, f"{desk.name}: filtering jumps")
    send(page, "tbody a[href*='#P6'] >> nth=0")
    claim(page.url.endswith("#P6"), f"{desk.name}: a field leads to its definition")
    # The receipt.
    desk.go(path + "/receipt")
    claim(page.locator(".qr").is_visible(), f"{desk.name}: the QR code")
    claim(page.locator("[data-print]").is_visible() == bool(how.get("scripts", True)), f"{desk.name}: print button")
    pages = page.pdf(format="A4").count(b"/Type /Page\n") + page.pdf(format="A4").count(b"/Type /Page ")
    claim(pages <= 1, f"{desk.name}: the receipt prints on {pages} pages")
    desk.go("/")
    desk.close()
    return path


def correction(browser, sample):
    """Rejected rows downloaded as one zip, corrected and uploaded as they are; the first submission is then done."""
    desk = Desk(browser)
    page = desk.page
    path = upload(desk, "influenza-faults.zip", sample)
    desk.go(path)
    with page.expect_download() as wanted:
        page.click("a[href*='corrections.zip']")
    name = wanted.value.suggested_filename
    bundle = open(wanted.value.path(), "rb").read()
    forms = tables(bundle)
    claim(len(forms) == 3 and name.startswith("corrections_"), "a bundle of three forms")
    # A spreadsheet that opened them by itself: one diagnosis for all files.
    damaged = io.BytesIO()
    with zipfile.ZipFile(damaged, "w") as archive:
        for form, text in forms.items():
            archive.writestr(form, text.replace(",001,", ",1,"))
    broken = upload(desk, name, damaged.getvalue())
    desk.go(broken)
    claim(page.locator("#causes li").count() == 1, "one diagnosis for the rewritten bundle")
    claim(all(form in page.inner_text("#causes li") for form in forms), "its files are named")
    # As it is: the same is wrong again, and it is known what it belongs to.
    again = upload(desk, name, bundle)
    desk.go(again)
    claim(page.locator(f".note a[href='{path}']").count() == 1, "what corrects is linked to what it corrects")
    desk.close()


def rows(browser, sample):
    """Rows of the upload page: removed, checked only, lost network, ended session, dropped anywhere."""
    desk = Desk(browser, language="en")
    page = desk.page
    desk.go("/upload")
    page.set_input_files("#files", [
        {"name": "influenza-faults.zip", "mimeType": "application/zip", "buffer": sample},
        {"name": "notes.docx", "mimeType": "application/octet-stream", "buffer": b"x"}])
    claim(page.locator(".queue li").count() == 2, "two rows")
    page.get_by_role("button", name="Remove notes.docx").click()
    claim(page.locator(".queue li").count() == 1, "a row is removed")
    page.click("button[formaction]")
    page.wait_for_selector(".queue li .result:has-text('Only checked')")
    # The network is gone: the row says so, and its button works when it is back.
    desk.context.set_offline(True)
    page.click("form[data-upload] button[type=submit]:not([formaction])")
    page.wait_for_selector(".queue li .result.bad:has-text('check the network')")
    claim(page.locator("form[data-upload] button[type=submit]:not([formaction])").is_enabled(), "the button works")
    desk.context.set_offline(False)
    # The session ends: the files stay, and after signing in elsewhere the row is sent.
    cookies = desk.context.cookies()
    desk.context.clear_cookies()
    page.get_by_role("button", name="Try again influenza-faults.zip").click()
    page.wait_for_selector(".queue li .result.bad:has-text('session has ended')")
    claim(page.locator(".queue li a[target=_blank]").count() == 1, "the way to sign in")
    desk.context.add_cookies(cookies)
    page.get_by_role("button", name="Try again influenza-faults.zip").click()
    page.wait_for_selector(".queue li .result.warn:has-text('errors 80')")
    claim(page.locator(".queue li a[href$='/findings']").count() == 1, "the way to the findings")
    # Dropped on the heading, far from the drop zone.
    page.evaluate("""() => {
        const files = new DataTransfer();
        files.items.add(new File(["x"], "dropped.csv"));
        document.querySelector("h1").dispatchEvent(new DragEvent("drop", {dataTransfer: files, bubbles: true, cancelable: true}));
    }""")
    claim(page.locator(".queue li:has-text('dropped.csv')").count() == 1, "files are dropped anywhere")
    desk.close()


def application(browser, number, language, width, scripts):
    """From the telephone over form, scans and review to the first sign-in."""
    name = f"apply {language} {width} {'scripts' if scripts else 'no scripts'}"
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
    page = context.new_page()

    def measure(place):
        wide = page.evaluate("document.documentElement.scrollWidth")
        claim(wide <= width, f"{name} {place}: {wide} px wide")

    phone = f"1390000{number:04}"
    page.goto(ADDRESS + "/apply?lang=" + language)
    measure("start")
    page.fill("#phone", phone)
    send(page, "form[action='/apply/code'] button")
    other = browser.new_context()
    reader = other.new_page()
    text = show_message(reader, "zh", phone, ".name:has-text('验证码是')").locator(".name").inner_text()
    code = re.search(r"验证码是 (\d{6})", text).group(1)
    other.close()
    page.fill("#code", code)
    send(page, "form[action='/apply/enter'] button")
    claim(page.url.endswith("/apply/form"), f"{name}: {page.url}")
    send(page, "button[name=next]")
    claim(page.locator(".fault").count() >= 8, f"{name}: what is missing is told")
    first = f"{50000000 + number:08}"
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(first, (3, 7, 9, 10, 5, 8, 4, 2))) % 11
    institution = first + ("X" if rest == 10 else "0" if rest == 11 else str(rest)) + "43018111A1001"
    page.fill("#code", institution[:8] + "-" + institution[8:])
    if scripts:
        page.wait_for_selector("#code-explained:has-text('A100')")
    for field, value in {
            "name": f"示例第 {number} 医院", "region": "430181", "address": "示例路 1 号", "legalName": "甲", "managerName": "乙",
            "managerMail": "b@example.org"}.items():
        page.fill("#" + field, value)
    page.select_option("#level", "二级")
    page.select_option("#category", "综合")
    measure("form")
    send(page, "button[name=next]")
    claim(page.url.endswith("/apply/files"), f"{name}: {page.url}")
    page.set_input_files("#file-licence", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"PK\x03\x04"})
    send(page, "form:has(#file-licence) button")
    claim(page.locator("#licence .note.bad").count() == 1, f"{name}: a zip is told to be one")
    # A page of a PDF without a word on it.
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
               "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 280] /Resources << >> >>"]
    text, places = "%PDF-1.4\n", []
    for index, value in enumerate(objects):
        places.append(len(text))
        text += f"{index + 1} 0 obj\n{value}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    text += f"xref\n0 4\n0000000000 65535 f \n{table}trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n{len(text)}\n%%EOF\n"
    for kind in ["information", "agreement", "licence"]:
        page.set_input_files("#file-" + kind, {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": text.encode()})
        send(page, f"form:has(#file-{kind}) button")
        claim(page.locator(f"#{kind} .scan img").count() == 1, f"{name}: {kind} is shown")
    measure("scans")
    page.goto(ADDRESS + "/apply/status")
    send(page, "form[action='/apply/submit'] button")
    claim(page.locator(".tag.info").count() == 1, f"{name}: it waits")
    desk = Desk(browser, "reviewer", language, width, scripts)
    desk.go("/applications")
    send(desk.page, f"text=示例第 {number} 医院")
    desk.measure("/applications/…")
    send(desk.page, "button[value=approve]")
    claim("done=approved" in desk.page.url, f"{name}: {desk.page.url}")
    desk.close()
    link = show_message(page, language, phone, "a[href*='/set-password']").locator("a[href*='/set-password']")
    with page.expect_navigation():
        link.click()
    for field in ["#password", "#again"]:
        page.fill(field, "pear-sock-7-blue")
    send(page, "form[action='/set-password'] button")
    page.goto(ADDRESS + "/sign-in")
    page.fill("#name", institution)
    page.fill("#password", "pear-sock-7-blue")
    send(page, "main form[action='/sign-in'] button")
    claim(page.url == ADDRESS + "/", f"{name}: signs in")
    context.close()


def keyboard(browser):
    """From sign-in to a receipt without a mouse."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(ADDRESS + "/sign-in?lang=en")
    # The page gives the first field the focus by itself, a moment after it has loaded.
    page.wait_for_function("document.activeElement.id === 'name'")
    page.keyboard.type("demo")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORDS["demo"])
    page.keyboard.press("Enter")
    page.wait_for_url(ADDRESS + "/")

    def reach(selector):
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                claim(outline != "none", f"focus is seen on {selector}")
                page.keyboard.press("Enter")
                return
        claim(False, f"{selector} is reached by Tab")

    reach("td.name a")
    page.wait_for_url("**/submissions/*")
    reach("a[href$='/receipt']")
    page.wait_for_url("**/receipt")
    context.close()


LUMINANCE = """colour => {
    const parts = colour.match(/[\\d.]+/g).map(Number);
    if (parts.length > 3 && parts[3] === 0) return null;
    const [r, g, b] = parts.slice(0, 3).map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
}"""
FOCUS = """() => {
    const luminance = %s;
    const element = document.activeElement, style = getComputedStyle(element);
    let around = element, ground = null;
    // An outline that is drawn within the element lies on the element itself.
    if (parseFloat(style.outlineOffset) >= 0) around = element.parentElement;
    while (around && ground === null) { ground = luminance(getComputedStyle(around).backgroundColor); around = around.parentElement; }
    if (ground === null) ground = 1;
    const line = luminance(style.outlineColor);
    if (style.outlineStyle === "none" || line === null) return 1;
    return (Math.max(ground, line) + .05) / (Math.min(ground, line) + .05);
}""" % LUMINANCE


def access(browser, account, language, width):
    """Every page that links lead to, two of each kind: axe-core finds nothing, and the focus is seen, at least 3 to 1."""
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        print("skipped: no axe-playwright-python 没有 axe-playwright-python，跳过")
        return
    axe, desk = Axe(), Desk(browser, account, language, width)
    waiting, kinds, pages = ["/"], [], 0
    while waiting:
        path = waiting.pop(0).split("#")[0]
        parts = path.split("?")[0].strip("/").split("/")
        kind = (parts[0], len(parts))
        if kinds.count(kind) == 2 or re.search(r"\.(csv|json|zip|pdf|xlsx|jsonl)$|/api/|/original|/sign-out|/metrics|openapi", path):
            continue
        kinds.append(kind)
        answer = desk.page.goto(ADDRESS + path)
        if "html" not in (answer.headers.get("content-type") or ""):
            continue
        desk.measure(path)
        pages += 1
        found = axe.run(desk.page).response["violations"]
        claim(not found, f"{desk.name} {path}: axe-core: " + "; ".join(
            f"{one['id']} {one['nodes'][0]['html'][:120]}" for one in found))
        if width > 500:
            for _ in range(12):
                desk.page.keyboard.press("Tab")
                # Behind the last stop of a short page the browser itself has the focus.
                if desk.page.evaluate("document.activeElement === document.body"):
                    break
                ratio = desk.page.evaluate(FOCUS)
                claim(ratio >= 3, f"{desk.name} {path}: focus {ratio:.1f} to 1 on "
                      + desk.page.evaluate("document.activeElement.outerHTML.slice(0, 100)"))
        waiting += desk.page.eval_on_selector_all("a[href^='/']:not([download])", "all => all.map(a => a.getAttribute('href'))")
    figures.append(f"{desk.name}: axe-core on {pages} pages")
    desk.close()


def first_sign_in(browser, language, width, scripts):
    """An administrator gives the telephone up, sets another one up and keeps recovery codes."""
    desk = Desk(browser, "hunan", language, width, scripts)
    page = desk.page
    desk.go("/account")
    if Desk.recovery:
        page.click("#second-factor details:last-of-type summary")
        page.fill("#code-second-factor", Desk.recovery.pop())
        send(page, "#second-factor details[open] button")
    else:
        other = browser.new_context()
        reader = other.new_page()
        for _ in range(80):
            # A code of the next step: the present one has signed in.
            reader.goto(ADDRESS + "/demo/messages")
            code = reader.inner_text("#codes dt:text-is('hunan') + dd")
            if code != Desk.used:
                break
            reader.wait_for_timeout(500)
        other.close()
        page.click("#second-factor details:last-of-type summary")
        page.fill("#code-second-factor", code)
        send(page, "#second-factor details[open] button")
    claim(page.url.endswith("/sign-in"), f"{desk.name}: giving the telephone up signs out")
    Desk.sessions.pop("hunan", None)
    page.fill("#name", "hunan")
    page.fill("#password", PASSWORDS["hunan"])
    send(page, "main button[type=submit]")
    claim(page.locator(".qr").is_visible(), f"{desk.name}: the QR code is shown")
    desk.measure("/sign-in/step")
    secret = page.inner_text(".secret code").replace(" ", "")
    key = base64.b32decode(secret)
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), "sha1").digest()
    start = digest[-1] & 15
    page.fill("#code", f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7fffffff) % 1000000:06}")
    send(page, "main button[type=submit]")
    Desk.recovery = page.locator(".codes code").all_inner_texts()
    claim(len(Desk.recovery) == 10, f"{desk.name}: ten recovery codes")
    desk.measure("recovery codes")
    claim(page.locator("[data-print]").is_visible() == scripts, f"{desk.name}: they can be printed")
    send(page, "main form button[type=submit]")
    claim(page.url == ADDRESS + "/", f"{desk.name}: the way on leads in")
    Desk.sessions["hunan"] = next(c for c in desk.context.cookies() if c["name"] == "vedette_session")
    desk.close()


def people(browser):
    """One security administrator asks, another confirms; the audit administrator reads it; the analyst sees figures alone."""
    first = Desk(browser, "security", "zh", 1280, True)
    first.go("/people")
    first.page.fill("#account", "wang")
    first.page.select_option("#role", "analyst")
    first.page.fill("#region", "43")
    first.page.fill("#phone", "13811112222")
    send(first.page, "#new button[type=submit]")
    claim(first.page.url.endswith("done=waits"), f"{first.name}: {first.page.url}")
    claim(first.page.locator("button[value=confirm]").count() == 0, f"{first.name}: who has asked does not confirm")
    second = Desk(browser, "security-2", "en", 390, False)
    second.go("/people")
    send(second.page, "button[value=confirm]")
    claim(second.page.url.endswith("done=done"), f"{second.name}: {second.page.url}")
    auditor = Desk(browser, "auditor", "en", 390, False)
    auditor.go("/audit?action=account.&subject=wang")
    claim(auditor.page.locator("td code:text-is('account.confirm')").count() == 1, f"{auditor.name}: the trail")
    analyst = Desk(browser, "analyst", "zh", 390, True)
    claim("/figures" in analyst.page.url, f"{analyst.name}: {analyst.page.url}")
    claim(analyst.page.goto(ADDRESS + "/board").status == 403, f"{analyst.name}: no board")
    for desk in [first, second, auditor, analyst]:
        desk.close()


def merging(browser, language, width, scripts):
    """A duplicate is merged into another institution after a look at what would change, and taken apart again."""
    desk = Desk(browser, "admin", language, width, scripts)
    page = desk.page
    duplicate, kept = "12345678901234567890A2", "12345678901234567890A3"
    desk.go(f"/institutions/{duplicate}")
    page.fill("#into", kept)
    send(page, "form[action$='/merge'] button")
    desk.measure("/institutions/{code}/merge")
    send(page, "form[action$='/merge'] button")
    claim(page.url.endswith(f"/institutions/{kept}?done=1"), f"{desk.name}: merged, at {page.url}")
    desk.measure("/institutions/{code} with a duplicate")
    desk.go(f"/institutions/{duplicate}")
    claim(page.locator(f".note.warn a[href='/institutions/{kept}']").count() == 1, f"{desk.name}: says into which")
    page.click(".note.warn details.confirm summary")
    send(page, ".note.warn details.confirm button")
    claim(page.locator("#into").count() == 1, f"{desk.name}: taken apart")
    desk.close()


def colleague(browser, rights, language, width, scripts):
    """The data manager invites a colleague, who sets a password by the link and can do no more than he may."""
    desk = Desk(browser, "demo", language, width, scripts)
    page = desk.page
    desk.go("/colleagues")
    page.fill("#ending", f"{rights}-{language}")
    page.select_option("#rights", rights)
    send(page, "#invite button[type=submit]")
    link, name = page.inner_text("pre code"), page.inner_text(".note.good code >> nth=0")
    desk.measure("/colleagues")
    context = browser.new_context(viewport={"width": width, "height": 844}, java_script_enabled=scripts)
    own = context.new_page()
    own.goto(link)
    for field in ["#password", "#again"]:
        own.fill(field, "pear-sock-7-blue")
    send(own, "form[action='/set-password'] button")
    own.goto(ADDRESS + "/sign-in")
    own.fill("#name", name)
    own.fill("#password", "pear-sock-7-blue")
    send(own, "main form[action='/sign-in'] button")
    claim(own.url == ADDRESS + "/", f"{desk.name} {rights}: signs in")
    claim(own.locator("nav a[href='/colleagues']").count() == 0, f"{desk.name} {rights}: no colleagues of his own")
    claim(own.goto(ADDRESS + "/figures/influenza").status == (200 if rights == "read" else 403), f"{rights}: figures")
    claim(own.locator("nav a[href='/upload']").count() == (0 if rights == "read" else 1), f"{rights}: upload")
    desk.go("/colleagues")
    row = page.locator("tr", has_text=name)
    row.locator("details:last-of-type summary").click()
    with page.expect_navigation():
        row.locator("details[open] button").click()
    claim(page.locator("tr", has_text=name).count() == 0, f"{desk.name}: removed")
    own.goto(ADDRESS + "/")
    claim("/sign-in" in own.url, f"{desk.name} {rights}: a removed colleague is out")
    context.close()
    desk.close()


def morning(browser):
    """What an administrator reads first."""
    for language in ["zh", "en"]:
        desk = Desk(browser, "admin", language)
        text = desk.page.inner_text("main")
        claim(desk.say("上周", "last week") in text, f"{desk.name}: last week's figures")
        desk.close()


with sync_playwright() as playwright:
    import os
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
    sample = open(SAMPLES, "rb").read()
    ways = [(language, width, scripts) for language in ["zh", "en"] for width in [1280, 390] for scripts in [True, False]]
    accounts = [("demo", "zh", 1280), ("demo", "en", 390), ("admin", "en", 1280), ("admin", "zh", 390),
                ("security", "zh", 390), ("auditor", "en", 390), ("analyst", "zh", 390)]
    if os.environ.get("JOURNEYS") == "short":
        ways, accounts = [ways[0], ways[-1]], accounts[1:2]
    for language, width, scripts in ways:
        walk(submission, sample, language=language, width=width, scripts=scripts)
    walk(correction, sample)
    walk(rows, sample)
    walk(keyboard)
    for number, (language, width, scripts) in enumerate(ways):
        walk(application, number, language, width, scripts)
    walk(morning)
    for language, width, scripts in [("zh", 1280, True), ("en", 390, False)]:
        walk(first_sign_in, language, width, scripts)
        walk(merging, language, width, scripts)
    walk(people)
    for rights, language, width, scripts in [("send", "zh", 1280, True), ("read", "en", 390, False)]:
        walk(colleague, rights, language, width, scripts)
    for account, language, width in accounts:
        walk(access, account, language, width)
    browser.close()
for figure in figures:
    print(figure)
print("passed" if not failures else f"{len(failures)} claims do not hold")
sys.exit(1 if failures else 0)
