"""A real run in a real browser: from the button to the test, with everything that a learner may do meanwhile."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from cnnlab.training.checkpoints import load_weights, read_network
from tests.browser.axe import ground, violations
from tests.browser.conftest import CHROMIUM_ARGUMENTS, DESKTOP, PHONE, case, settled_box, wait_for_app
from tests.live_lab import running_lab

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
SOON = 90_000  # milliseconds: the first run of a server waits until its worker has loaded PyTorch


def visit(page: Page, lab_url: str, query: str = "") -> None:
    page.goto(f"{lab_url}/training{query}")
    wait_for_app(page)
    expect(page.get_by_role("heading", name="Train a network")).to_be_visible()


def start(page: Page, lab_url: str, query: str) -> None:
    visit(page, lab_url, query)
    page.get_by_role("button", name="Start training").click()
    expect_curve(page)
    expect(page).to_have_url(re.compile("run=[0-9a-f]{16}"))


def end(page: Page) -> None:
    page.get_by_role("button", name="Stop and test").click()
    expect(page.get_by_test_id("stMetric").first).to_be_visible(timeout=SOON)


def expect_curve(page: Page) -> None:
    """Wait until the page shows one curve, of two points or more."""
    expect(page.locator(".panel-loss path.is-train[d*='L']")).to_have_count(1, timeout=SOON)


def step(page: Page) -> int:
    return int(page.locator(".number-step dd").inner_text().replace(",", ""))


def wait_for_step(page: Page, beyond: int) -> None:
    page.wait_for_function(
        """(beyond) => {
            const find = (root) => root.querySelector(".number-step dd")
              ?? [...root.querySelectorAll("*")].map((node) => node.shadowRoot && find(node.shadowRoot)).find(Boolean);
            const shown = find(document);
            return shown && Number(shown.textContent.replaceAll(",", "")) > beyond;
        }""",
        arg=beyond,
        timeout=SOON,
    )


def ticks(page: Page) -> list[str]:
    return page.locator(".panel-loss svg .tick").all_inner_texts()


def test_a_run_on_the_embedded_pictures_reaches_its_end(page, lab_url):
    start(page, lab_url, "?epochs=20")  # some seconds, so that there is something to see on the way
    expect(page.locator(".kernels canvas")).to_have_count(6, timeout=SOON)
    expect(page.locator(".kernels")).to_be_in_viewport(ratio=1)
    found = violations(page)
    accuracy = page.get_by_test_id("stMetric").filter(has_text="Test accuracy")
    expect(accuracy).to_contain_text(re.compile(r"\d+\.\d%"), timeout=SOON)
    expect(page.get_by_text("Tested on 1,000 pictures that the network had never seen")).to_be_visible()
    expect(page.locator(".js-plotly-plot .annotation-text")).to_have_count(100)
    told = page.get_by_text(re.compile(r"after [\d,]+ steps on 4,500 pictures")).inner_text()
    steps = int(re.findall(r"after ([\d,]+) steps", told)[0].replace(",", ""))
    assert steps > 20 * 4500 / 1024
    for tab in page.get_by_role("tab").all():
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        wait_for_app(page)
        found += violations(page)
    assert not found, "\n".join(found)
    page.get_by_role("tab", name="Curves").click()
    loss = page.locator(".js-plotly-plot:visible").first
    expect(loss.locator(".legend .traces")).to_have_count(4)
    for width in (DESKTOP["width"], PHONE["width"]):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(1000)  # plotly follows the window after a moment
        title, legend = settled_box(loss.locator(".xtitle")), settled_box(loss.locator(".legend"))
        assert title["y"] + title["height"] <= legend["y"], f"the axis' title lies in the legend at {width} px"
    page.set_viewport_size(DESKTOP)
    with page.expect_download() as weights:
        page.get_by_role("button", name="Weights (safetensors)").click()
    assert weights.value.suggested_filename.endswith(".safetensors")
    assert weights.value.path().stat().st_size > 4 * 64_102
    with page.expect_download() as history:
        page.get_by_role("button", name="History (CSV)").click()
    assert len(history.value.path().read_text().splitlines()) == steps + 1
    # The settings are still there for the next run.
    expect(page.get_by_label("Epochs: times through the training pictures")).to_have_value("20")
    page.get_by_role("button", name="Start training").click()
    expect(page.get_by_text("Your runs")).to_be_visible()
    expect(accuracy).to_be_visible(timeout=SOON)


def test_a_run_is_paused_goes_on_takes_another_rate_and_stops(page, lab_url):
    start(page, lab_url, "?until=seconds&seconds=300")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text(re.compile(r"^Paused, \d+% done"))).to_be_visible()
    before, held = -1, step(page)
    for _ in range(3):  # what was done before the pause may still come
        if held == before:
            break
        page.wait_for_timeout(2500)  # two ticks and more, in which nothing may happen
        before, held = held, step(page)
    assert held == before
    page.get_by_role("button", name="Resume").click()
    wait_for_step(page, held)
    rate = page.get_by_role("spinbutton", name="Highest learning rate").first
    rate.fill("0.01")
    rate.press("Enter")
    expect(page.get_by_text("The learning rate now peaks at 0.01, from step")).to_be_visible()
    assert step(page) >= held, "the run goes on, it does not begin anew"
    mark = page.locator(".panel-rate .mark")
    expect(mark).to_have_count(1)
    expect(mark.locator("title")).to_have_text("new peak 0.01")
    page.reload()
    wait_for_step(page, held)
    expect(rate).to_have_value("0.01")
    rate.fill("")
    rate.press("Enter")
    expect(rate).to_have_value("0.01")
    rate.fill("0.05")
    rate.press("Enter")
    expect(page.get_by_text("The learning rate now peaks at 0.05, from step")).to_be_visible()
    expect(rate).to_have_value("0.05")
    end(page)
    expect(page.get_by_text(re.compile(r"SGD 0\.05 → 0\.01 from step [\d,]+ → 0\.05 from step"))).to_be_visible()
    expect(page.get_by_text("It was stopped early; this is what it had learnt until then.")).to_be_visible()


def test_curves_keep_their_zoom_and_are_not_drawn_anew_while_the_run_goes_on(page, lab_url):
    start(page, lab_url, "?epochs=200")
    wait_for_step(page, 60)
    picture = page.locator(".panel-loss svg")
    picture.evaluate("(node) => { node.dataset.mark = 'the same'; }")
    expect(page.locator(".panel .axis")).to_have_text(["step"] * 3)
    whole = page.get_by_role("button", name="Whole run")
    expect(whole).to_be_disabled()
    box = picture.bounding_box()
    assert box is not None
    # From the first step on: what is still to come cannot be read.
    page.mouse.move(box["x"] + 40, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 120, steps=4)
    page.mouse.up()
    expect(whole).to_be_enabled()
    page.mouse.move(box["x"] + 110, box["y"] + 120)
    readout = page.locator(".panel-loss .readout")
    expect(readout).to_have_text(re.compile(r"^step \d+ · epoch "))
    read = int(re.findall(r"^step (\d+)", readout.inner_text())[0])
    seen, zoomed = step(page), ticks(page)[-3:]
    assert 0 < read <= seen
    wait_for_step(page, seen + 20)
    assert ticks(page)[-3:] == zoomed
    assert picture.get_attribute("data-mark") == "the same"
    expect(whole).to_be_enabled()
    # From the keyboard: read off, look closer, and see the whole run again.
    panel = page.locator(".panel-loss")
    panel.focus()
    panel.press("0")
    expect(whole).to_be_disabled()
    panel.press("Home")
    expect(panel.locator(".readout")).to_have_text(re.compile("^step 0"))
    panel.press("+")
    expect(whole).to_be_enabled()
    picture.dblclick()
    expect(whole).to_be_disabled()
    # Smoothing and the logarithmic axis are the browser's alone, and stay over the ticks.
    page.get_by_label("Logarithmic loss").check()
    page.get_by_label("Smoothing").fill("0")
    expect(page.locator(".tools .value").get_by_text("each step", exact=True)).to_be_visible()
    seen = step(page)
    wait_for_step(page, seen)
    expect(page.get_by_label("Logarithmic loss")).to_be_checked()
    expect(page.locator(".tools .value").get_by_text("each step", exact=True)).to_be_visible()
    end(page)


def test_a_reload_finds_the_run_and_a_second_browser_sees_it(page, new_page: OpenPage, lab_url):
    start(page, lab_url, "?until=seconds&seconds=300")
    before = step(page)
    page.reload()
    wait_for_app(page)
    wait_for_step(page, before)
    other = new_page(viewport=PHONE, color_scheme="dark")
    other.goto(page.url)
    wait_for_step(other, before)
    other.get_by_role("button", name="Pause").click()
    for either in (page, other):
        expect(either.get_by_text(re.compile("^Paused"))).to_be_visible()
    width = other.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], "nothing sticks out on a phone"
    end(other)
    expect(page.get_by_test_id("stMetric").first).to_be_visible()


def test_a_run_is_told_whole_in_both_themes_on_desktop_and_phone(page, new_page: OpenPage, lab_url):
    start(page, lab_url, "?until=seconds&seconds=300")
    for viewport in (DESKTOP, PHONE):
        other = new_page(viewport=viewport)
        other.goto(page.url)
        for scheme in ("light", "dark"):
            with case((viewport, scheme)):
                other.emulate_media(color_scheme=scheme)
                expect(other.get_by_test_id("stApp")).to_have_css("background-color", ground(scheme))
                expect_curve(other)
                expect(other.locator(".kernels canvas")).to_have_count(6)
                expect(other.get_by_role("button", name="Pause")).to_be_visible()
                expect(other.get_by_test_id("stException")).to_have_count(0)
                width = other.evaluate("document.documentElement.scrollWidth")
                assert width <= viewport["width"], f"the page is {width} px wide"
        other.close()
    end(page)


def test_a_run_stops_when_the_last_browser_that_looked_at_it_is_closed(
    playwright_driver: Playwright, chromium_path: str, browser: Browser
) -> None:
    with running_lab(CNNLAB_GRACE_SECONDS="1") as url:
        onlooker = playwright_driver.chromium.launch(executable_path=chromium_path, args=CHROMIUM_ARGUMENTS)
        page = onlooker.new_page()
        start(page, url, "?until=seconds&seconds=300")
        run = page.url
        # Somebody else, who sees in the list that there is a run, and does not look at it.
        passer_by = browser.new_page(viewport=DESKTOP)
        visit(passer_by, url)
        going_on = passer_by.get_by_text("Runs of others in progress: 1")
        expect(going_on).to_be_visible()
        onlooker.close()
        expect(going_on).to_have_count(0, timeout=SOON)
        passer_by.goto(run)
        expect(passer_by.get_by_text("The run was stopped because nobody looked at it any more.")).to_be_visible()
        expect(passer_by.get_by_test_id("stMetric").first).to_be_visible()
        passer_by.close()


def test_others_see_a_run_in_the_list_and_can_only_look_on(page, new_page: OpenPage, lab_url):
    start(page, lab_url, "?until=seconds&seconds=300")
    other = new_page()
    visit(other, lab_url)
    other.get_by_text("Runs of others in progress: 1").click()
    other.get_by_role("button", name="Look on").click()
    expect(other.get_by_text("You are looking on.")).to_be_visible()
    expect_curve(other)
    expect(other.get_by_role("button", name="Stop and test")).to_have_count(0)
    end(page)
    expect(other.get_by_test_id("stMetric").first).to_be_visible()


def test_the_run_goes_on_while_another_page_is_read(page, lab_url):
    start(page, lab_url, "?until=seconds&seconds=300")
    before = step(page)
    page.get_by_role("link", name="Convolution", exact=True).click()
    expect(page.get_by_role("heading", name="Convolution", exact=True)).to_be_visible()
    wait_for_app(page)
    page.wait_for_timeout(2000)  # ticks that nobody sees
    page.get_by_test_id("stSidebar").get_by_role("link", name="Train a network").click()
    wait_for_step(page, before)
    expect(page).to_have_url(re.compile("run=[0-9a-f]{16}"))
    end(page)


def test_an_unknown_run_is_told_and_the_page_works(page, lab_url):
    visit(page, lab_url, "?run=0123456789abcdef")
    expect(page.get_by_text("This run is no longer on the server")).to_be_visible()
    expect(page.get_by_role("button", name="Start training")).to_be_enabled()


def test_no_setting_is_disturbed_when_the_devices_become_known(page, lab_url):
    visit(page, lab_url, "?device=cpu")
    choice = page.get_by_test_id("stSelectbox").filter(has_text="Device")
    choice.get_by_test_id("stTooltipIcon").hover()
    expect(page.get_by_text("Found on this machine: ")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("combobox", name="Device")).to_have_value("CPU")
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    page.get_by_role("spinbutton", name="Seed").fill("3")
    page.get_by_role("spinbutton", name="Seed").press("Enter")
    wait_for_app(page)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


# The network


OWN = "Conv2d(3,4,5,stride=2),BatchNorm2d(4),ReLU(),Dropout(0.1),Flatten(),Linear(784,10)"


def test_a_small_network_of_ones_own_goes_from_its_link_to_its_result(page, lab_url):
    visit(page, lab_url, f"?train_net={OWN}&train_input=3x32x32&epochs=12")
    expect(page.get_by_text("The network: 6 layers, 8,162 parameters, from 3 × 32 × 32 to 10 classes")).to_be_visible()
    page.get_by_role("button", name="Start training").click()
    expect(page.locator(".kernels canvas")).to_have_count(4, timeout=SOON)
    accuracy = page.get_by_test_id("stMetric").filter(has_text="Test accuracy")
    expect(accuracy).to_contain_text(re.compile(r"\d+\.\d%"), timeout=SOON)
    expect(page.get_by_text("own network · cifar10-mini · 12 epochs")).to_be_visible()
    shown = accuracy.get_by_test_id("stMetricValue").inner_text()
    assert float(shown.removesuffix("%")) > 25, "it has learnt"
    page.get_by_role("tab", name="First kernels").click()
    # The live picture, which says the same, may not have gone yet.
    told = page.get_by_test_id("stTabs").get_by_text("The first convolution's kernels as colour pictures")
    expect(told).to_be_visible()
    with page.expect_download() as weights:
        page.get_by_role("button", name="Weights (safetensors)").click()
    assert weights.value.suggested_filename.startswith("network-cifar10-mini-")
    network = read_network(weights.value.path())
    assert network.to_text().replace(" ", "") == OWN.replace("Conv2d(3,4,5,", "Conv2d(3,4,kernel_size=5,").replace(
        "Dropout(0.1)", "Dropout(p=0.1)"
    )
    assert load_weights(weights.value.path()).training is False
    page.reload()
    wait_for_app(page)
    expect(accuracy).to_contain_text(shown)


def test_what_cannot_be_trained_is_said_at_once_and_one_click_makes_it_fit(page, lab_url):
    visit(page, lab_url, "?train_net=Conv2d(1,4,5),ReLU(),Flatten(),Linear(2304,3)&train_input=1x28x28&epochs=2")
    told = page.get_by_test_id("stAlert")
    expect(told).to_contain_text("The network, made for 1 × 28 × 28, cannot take the 3 × 32 × 32 pictures of")
    begin = page.get_by_role("button", name="Start training")
    expect(begin).to_be_disabled()
    expect(page.get_by_text("Set in_channels of layer 1 (Conv2d) to 3; Set in_features")).to_be_visible()
    page.get_by_role("button", name="Fit it to cifar10-mini").click()
    expect(told).to_have_count(0)
    expect(page).to_have_url(re.compile("train_net=Conv2d(%28|\\()3"))
    begin.click()
    expect(page.get_by_test_id("stMetric").first).to_be_visible(timeout=SOON)


def test_another_network_is_chosen_and_the_link_opens_it_elsewhere(page, new_page: OpenPage, lab_url):
    visit(page, lab_url)
    expect(page.get_by_text("LeNet-5: 12 layers, 64,102 parameters")).to_be_visible()
    page.get_by_role("combobox", name="Network").click()
    page.get_by_role("option", name="Tiny VGG").click()
    expect(page.get_by_text("Tiny VGG: 12 layers, 5,520 parameters")).to_be_visible()
    expect(page).to_have_url(re.compile("train_net=tiny-vgg"))
    expect(page.get_by_text("Pooling", exact=True)).to_have_count(1)  # the other page's name in the menu
    other = new_page(viewport=PHONE)
    other.goto(page.url)
    wait_for_app(other)
    expect(other.get_by_text("Tiny VGG: 12 layers")).to_be_visible()
    width = other.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]


def test_a_bad_network_in_a_link_is_told_and_old_links_still_work(page, lab_url):
    visit(page, lab_url, "?train_net=Conv9d(3)&pooling=max&epochs=3")
    expect(page.get_by_test_id("stAlert")).to_contain_text("train_net=Conv9d(3)")
    expect(page.get_by_text("LeNet-5: 12 layers, 64,102 parameters")).to_be_visible()
    expect(page.get_by_role("radio", name="Maximum")).to_be_checked()
    expect(page.get_by_label("Epochs: times through the training pictures")).to_have_value("3")


def test_a_network_goes_from_its_page_to_the_training_and_back(page, lab_url):
    page.goto(f"{lab_url}/network?net=Conv2d(3,4,5),ReLU(),Flatten(),Linear(3136,10)&net_input=3x32x32")
    wait_for_app(page)
    page.get_by_role("link", name="Train this").click()
    expect(page.get_by_role("heading", name="Train a network")).to_be_visible()
    expect(page.get_by_text("The network: 4 layers, 31,674 parameters")).to_be_visible()
    expect(page.get_by_role("button", name="Start training")).to_be_enabled()
    page.get_by_role("link", name="Look at it on the Network page").click()
    expect(page.get_by_role("heading", name="Network", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("net=Conv2d(%28|\\()3"))
