"""Keys, selection, themes, live updates and orders, as a person uses them."""

from browser.conftest import Opening
from browser.installation import Installation
from builders import ingested
from polling import until


def test_keys_lead_through_the_screens(open_page: Opening, installation: Installation) -> None:
    page = open_page("/")
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_url("**/ledger")
    page.keyboard.press("?")
    assert page.locator("dialog#help").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.hasAttribute('data-search')")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.wait_for_url(installation.url + "/")


def test_every_key_of_the_help_does_what_it_says(
    open_page: Opening, installation: Installation
) -> None:
    page = open_page("/failures")
    page.keyboard.press("?")
    told = page.locator("dialog#help")
    letters = [each.strip() for each in told.locator("dd kbd").all_inner_texts()]
    links = page.locator("nav a[data-key]")
    targets = {
        links.nth(at).get_attribute("data-key"): links.nth(at).get_attribute("href")
        for at in range(links.count())
    }
    assert letters == list(targets)
    page.keyboard.press("Escape")
    for letter, path in targets.items():
        page.keyboard.press("g")
        page.keyboard.press(letter)
        page.wait_for_url(f"{installation.url}{path}")
    # Whatever cannot be taken back at once has an upper-case key, and asks before it acts.
    for path in ("/ledger", "/workers", "/failures", "/rejections", "/actions/new?kind=drop"):
        page = open_page(path)
        buttons = page.locator("button[data-act][data-key]")
        for at in range(buttons.count()):
            key = buttons.nth(at).get_attribute("data-key") or ""
            asks = buttons.nth(at).get_attribute("data-confirm")
            destroys = (buttons.nth(at).get_attribute("data-act") or "").rpartition("/")[2] in {
                "remove", "stop", "drop", "abort",
            }  # fmt: skip
            if destroys:
                assert key.isupper(), (path, key)
                assert asks or path in {"/failures", "/rejections"}, (path, key)


def test_an_edit_tells_its_fault_beside_the_field(
    open_page: Opening, installation: Installation
) -> None:
    path = next(each for each in installation.things() if each.endswith("/edit"))
    page = open_page(path)
    page.locator("[name='data.language']").fill("not a tag")
    page.get_by_role("button", name="Replay the edited event").click()
    page.locator("#confirm-yes").click()
    fault = page.locator("#fault-of-field")
    until(lambda: fault.count() == 1, 60)
    assert "data.language" in fault.inner_text()
    assert page.evaluate("document.activeElement.name") == "data.language"
    page.locator("[name='data.language']").fill("en")
    page.get_by_role("button", name="Replay the edited event").click()
    page.locator("#confirm-yes").click()
    page.wait_for_url("**/actions/*")
    assert "1 named rejection" in page.locator(".what").inner_text()


def test_a_selection_survives_a_reload(open_page: Opening) -> None:
    page = open_page("/ledger")
    rows = page.locator("#table-waiting tbody tr")
    until(lambda: rows.count() >= 2, 60)
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("tr.chosen").count() == 2
    page.reload()
    until(lambda: page.locator("tr.chosen").count() == 2, 60)


def test_the_theme_survives_a_reload(open_page: Opening) -> None:
    page = open_page("/workers")
    page.locator("button[name=theme]").click()
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    page.locator("button[name=theme]").click()
    page.wait_for_load_state()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_pages_change_by_themselves_and_stop_on_request(
    open_page: Opening, installation: Installation
) -> None:
    page = open_page("/")
    value = page.locator("[data-name=waiting]")
    before = int(value.inner_text().replace(",", ""))
    installation.mill.publish(ingested(f"more-{before}", "More text."))
    until(lambda: value.inner_text() == f"{before + 1:,}", 60)
    page.keyboard.press("p")
    until(lambda: page.locator("#live").inner_text() == "○ paused", 30)
    installation.mill.publish(ingested(f"even-more-{before}", "More text."))
    page.wait_for_timeout(2500)
    assert value.inner_text() == f"{before + 1:,}"
    page.keyboard.press("p")
    until(lambda: value.inner_text() == f"{before + 2:,}", 60)


def test_an_order_asks_for_its_reason_and_is_carried_out(
    open_page: Opening, installation: Installation
) -> None:
    page = open_page("/ledger")
    page.locator("button[data-act='/act/ledger/pause'][data-target=tag]").click()
    assert page.locator("dialog#confirm").is_visible()
    page.locator("#confirm-note").fill("a new <model>")
    page.locator("#confirm-yes").click()
    until(lambda: "tag is paused" in page.locator("#message").inner_text(), 60)
    until(lambda: "a new <model>" in page.locator(".pauses").inner_text(), 60)
    assert installation.redis.hlen(installation.keys.controls) >= 1
    page.locator("button[data-act='/act/ledger/resume']").click()
    until(lambda: "tag works again" in page.locator("#message").inner_text(), 60)


def test_a_waiting_event_is_removed_by_keys(open_page: Opening, installation: Installation) -> None:
    page = open_page("/ledger")
    rows = page.locator("#table-waiting tbody tr")
    until(lambda: rows.count() >= 1, 60)
    rejected = installation.redis.xlen(installation.keys.rejected)
    page.keyboard.press("p")
    rows.first.locator("input[type=checkbox]").check()
    page.locator("#table-waiting [data-key=X]").click()
    page.locator("#confirm-yes").click()
    until(lambda: "Removed 1" in page.locator("#message").inner_text(), 60)
    assert installation.redis.xlen(installation.keys.rejected) == rejected + 1


def test_the_pages_work_without_scripts(browser: object, installation: Installation) -> None:
    context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(installation.url)
    page.get_by_role("link", name="Workers").click()
    assert page.locator("h1").inner_text() == "Workers"
    context.close()
