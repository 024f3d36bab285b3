"""The socket: what it asks for, and how it comes back."""

from playwright.sync_api import Page, expect

from tests.browser.playground import Playground
from tests.server_process import StartProcess
from tests.server_thread import StartServer
from tests.servers import Server, wait_until


def test_it_asks_only_for_what_it_shows(playground: Playground) -> None:
    playground.open("/?epochs=null&steps_per_second=400")
    playground.train()
    playground.wait_for_epoch(1)
    assert playground.sent[-1]["type"] == "watch"
    assert playground.sent[-1]["tensors"] == "all"
    playground.page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    assert playground.sent[-1]["frames_per_second"] == 0
    playground.page.evaluate(
        "delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))"
    )
    assert playground.sent[-1]["frames_per_second"] > 0
    playground.pause()


def test_an_unknown_run_is_told_and_not_asked_for_again(
    playground: Playground, server: Server
) -> None:
    playground.page.goto(f"{server.url}/runs/no-such-run")
    playground.wait_for_status("does not know this run")
    assert len(playground.sockets) == 1
    expect(playground.by("train")).to_be_enabled()  # the form still trains
    playground.page.get_by_role("link", name="Go to the start page").click()
    playground.wait_for_status("MNIST's 10,000 test digits")


def test_a_lost_connection_is_told_and_what_was_missed_is_fetched(playground: Playground) -> None:
    """The connection breaks while the run goes on: nothing is missing, nothing comes twice."""
    page = playground.page
    page.add_init_script(
        # Only what the page hears: a socket that is closing still receives, but passes nothing on.
        "const Real = WebSocket; window.opened = []; window.heard = [];"
        "const hear = ({ data }) => { if (typeof data !== 'string') return;"
        "  const { type, run, epochs, epoch } = JSON.parse(data);"
        "  if (run?.pretrained) return;"
        "  if (type === 'hello') heard.push(...epochs.map((figures) => figures.epoch));"
        "  else if (type === 'epoch') heard.push(epoch); };"
        "window.WebSocket = class extends Real {"
        "  constructor(url) { super(url); opened.push(this);"
        "    this.addEventListener('message', hear); } };"
    )
    playground.open("/?epochs=null&steps_per_second=400")
    playground.train()
    playground.wait_for_epoch(2)
    page.evaluate("opened.at(-1).close()")
    playground.wait_until("opened.length >= 3")  # the start page's, the run's, and the new one
    at = playground.epoch()
    playground.wait_for_epoch(at + 2)
    playground.pause()
    numbers = page.evaluate("heard")
    assert numbers == list(range(1, len(numbers) + 1))
    assert "after=0" not in playground.sockets[-1]


def test_the_server_goes_away_and_comes_back(
    start_process: StartProcess, page: Page, expected_problems: list[str]
) -> None:
    expected_problems += ["WebSocket", "ERR_CONNECTION", "Failed to load resource"]
    server = start_process()
    playground = Playground(page, server.url)
    playground.open()
    server.kill()
    playground.wait_for_status("Connection lost")
    expect(playground.by("weight-tile")).to_have_count(16)  # it keeps what it has
    playground.by("train").click()
    playground.wait_for_status("does not answer")
    start_process(server.port)
    expect(playground.by("status")).not_to_contain_text("Connection lost")
    playground.train()


def test_a_history_longer_than_hello_is_fetched(start_server: StartServer, page: Page) -> None:
    server = start_server(hello_epochs=3)
    spec = {"epochs": 12, "hidden": [4], "train_examples": 100}
    run = page.request.post(f"{server.url}/api/runs", data=spec).json()["id"]
    address = f"{server.url}/api/runs/{run}"
    wait_until(lambda: page.request.get(address).json()["status"] == "finished", "it has ended")
    playground = Playground(page, server.url)
    playground.open(f"/runs/{run}")
    playground.wait_for_status("Finished")
    page.get_by_text("The figures as a table").click()
    expect(page.locator("#figures-body tr")).to_have_count(12)


def test_garbled_messages_break_nothing(playground: Playground) -> None:
    page = playground.page
    page.add_init_script(
        "const Real = WebSocket; window.opened = [];"
        "window.WebSocket = class extends Real {"
        "  constructor(url) { super(url); window.opened.push(this); } };"
    )
    playground.open("/?steps_per_second=400")
    page.evaluate(
        """() => {
          const socket = opened.at(-1);
          const say = (data) => socket.onmessage({ data });
          const file = (header) => {
            const text = new TextEncoder().encode(header);
            const bytes = new Uint8Array(8 + text.length);
            new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
            bytes.set(text, 8);
            return bytes.buffer;
          };
          for (const text of ["", "{", "null", "[]", '{"type":"epoch"}']) say(text);
          say('{"type":"hello"}');
          for (const size of [0, 4, 8, 100]) say(new ArrayBuffer(size));
          say(file("{"));
          say(file("null"));
          say(file('{"weights.0":{"dtype":"F16","shape":[2,9],"data_offsets":[0,36]}}'));
          say(file('{"weights.0":{"dtype":"F16","shape":[-2,-9],"data_offsets":[0,36]}}'));
          say(file('{"weights.0":null}'));
          say(file('{"weights.0":{"dtype":"F16","shape":[],"data_offsets":[0,0]}}'));
          say(file('{"weights.0":{"dtype":"F16","shape":[0,9],"data_offsets":[0,0]},' +
                   '"biases.0":{"dtype":"F16","shape":[0],"data_offsets":[0,0]}}'));
        }"""
    )
    playground.train()
    playground.wait_for_epoch(1)
    playground.pause()
