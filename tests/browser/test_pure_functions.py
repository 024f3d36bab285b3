"""The page's pure functions, each module imported into a real Chromium and called there."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser

from nn_core import Network, checkpoints
from tests.browser.playground import Server


@pytest.fixture(scope="module")
def run(browser: Browser, server: Server) -> Iterator[Any]:
    """Return a function that runs JavaScript, with a module of ``static`` as ``m``."""
    page = browser.new_page()
    page.goto(f"{server.url}/api/health")

    def run(module: str, body: str, argument: object = None) -> Any:
        imported = f"const m = await import('/static/{module}.js');"
        return page.evaluate(f"async (argument) => {{ {imported} {body} }}", argument)

    yield run
    page.close()


def test_every_half_precision_number_is_decoded(run: Any) -> None:
    decoded = run(
        "network/float16.pure",
        "const numbers = m.decodeHalves(Uint16Array.from({ length: 65536 }, (_, i) => i));"
        "return Array.from(new Uint32Array(numbers.buffer));",
    )
    halves = np.arange(65536, dtype=np.uint16).view(np.float16).astype(np.float32)
    numbers = np.array(decoded, dtype=np.uint32).view(np.float32)
    np.testing.assert_array_equal(numbers, halves)


def test_a_frame_is_read_as_the_server_wrote_it(run: Any) -> None:
    network = Network([5, 3, 2])
    parameters = network.parameters
    parameters.theta[:] = np.linspace(-2, 2, parameters.theta.size)
    file = checkpoints.save_frame(network, parameters, epoch=7, step=91)
    read = run(
        "network/safetensors.pure",
        """const frame = m.parseSafetensors(Uint8Array.from(argument).buffer);
        const flat = ({ shape, values }) => ({ shape, values: [...values] });
        return { epoch: frame.epoch, step: frame.step,
          layers: ["weights", "gradient"].map((kind) => m.layersOf(frame, kind).map(
            ({ weights, biases }) => [flat(weights), flat(biases)])) };""",
        list(file),
    )
    assert (read["epoch"], read["step"]) == (7, 91)
    for layers in read["layers"]:
        assert [weights["shape"] for weights, _ in layers] == [[3, 5], [2, 3]]
        values = np.concatenate([part["values"] for layer in layers for part in layer])
        named = np.concatenate([tensor.ravel() for _, tensor in parameters.named()])
        np.testing.assert_array_equal(values, named.astype(np.float16).astype(np.float64))


@pytest.mark.parametrize(
    "header",
    [
        "",
        "[",
        "null",
        "3",
        '{"a":null}',
        '{"a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}}',
        '{"a":{"dtype":"I64","shape":[0],"data_offsets":[0,0]}}',
        '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,2]}}',
        '{"a":{"dtype":"F16","shape":[-1,2],"data_offsets":[4,0]}}',
        '{"a":{"dtype":"F16","shape":"x","data_offsets":[0,0]}}',
    ],
)
def test_a_garbled_file_is_an_error(run: Any, header: str) -> None:
    file = len(header).to_bytes(8, "little") + header.encode() + bytes(2)
    words = run(
        "network/safetensors.pure",
        "try { m.parseSafetensors(Uint8Array.from(argument).buffer); return null; }"
        "catch (error) { return error.message; }",
        list(file),
    )
    assert words


def test_blue_is_positive_orange_negative_and_nothing_zero(run: Any) -> None:
    colours = run(
        "shell/colour.pure",
        """const at = (value) => m.colourTable(m.RAMPS.light)[m.colourIndex(value, 1)];
        const rgb = (packed) => [packed & 255, (packed >> 8) & 255, (packed >> 16) & 255];
        return [1, 99, Infinity, -1, -Infinity, 0, NaN].map((value) => rgb(at(value)));""",
    )
    blue, orange, nothing = [21, 94, 170], [209, 95, 2], [246, 244, 239]
    assert colours == [blue, blue, blue, orange, orange, nothing, nothing]


def test_the_scale_is_symmetric_and_never_zero(run: Any) -> None:
    small, usual, odd = run(
        "shell/colour.pure", "return [[0, 0], [3, -4], [NaN]].map((values) => m.scaleOf(values))"
    )
    assert small > 0
    assert usual == pytest.approx(3 * np.sqrt(12.5))
    assert odd > 0


def test_activations_are_lit_by_their_own_range(run: Any) -> None:
    lights = run(
        "shell/colour.pure",
        """return [m.lightOf([0, 0.5, 1], "sigmoid"), m.lightOf([-1, 0, 1], "tanh"),
        m.lightOf([0, 2, 4], "relu"), m.lightOf([-2, 0, 2], "identity"),
        m.lightOf([0, 0], "relu")]""",
    )
    assert lights == [[0, 0.5, 1]] * 4 + [[0, 0]]


def test_thinning_keeps_the_ends(run: Any) -> None:
    few, many = run(
        "charts/thinning.pure",
        "const many = Array.from({ length: 12345 }, (_, i) => i);"
        "return [[1, 2, 3], many].map((items) => m.thin(items, 1000))",
    )
    assert few == [1, 2, 3]
    assert len(many) == 1000
    assert (many[0], many[-1]) == (0, 12344)
    assert many == sorted(set(many))


def test_history_is_merged_without_gaps_or_duplicates(run: Any) -> None:
    merged = run(
        "runs/epochs.pure",
        """const epochs = (...numbers) => numbers.map((epoch) => ({ epoch }));
        const history = m.mergeEpochs([], epochs(4, 5));
        const before = m.lastWithoutGap(history);
        m.mergeEpochs(history, epochs(1, 2, 3, 4));
        m.mergeEpochs(history, [null, {}, { epoch: "6" }, { epoch: 6, cost: 1 }, { epoch: 6 }]);
        return [before, history.map(({ epoch }) => epoch), m.lastWithoutGap(history),
          m.lastWithoutGap(epochs(1, 2, 4))];""",
    )
    assert merged == [0, [1, 2, 3, 4, 5, 6], 6, 2]


def test_figures_are_written_for_people(run: Any) -> None:
    values = [0, 1, -0.5, 0.0123456, 1234.5, 0.00001234, -2.5e9, None, float("nan")]
    words = run(
        "shell/format.pure", "return argument.map((value) => m.formatFigure(value))", values
    )
    assert words == ["0", "1.00", "−0.500", "0.0123", "1,235", "1.2·10⁻⁵", "−2.5·10⁹", "–", "–"]
    assert run(
        "shell/format.pure", "return [m.formatShare(0.9), m.formatSigned(2), m.formatSigned(-2)]"
    ) == [
        "90.0 %",
        "+2.00",
        "−2.00",
    ]


def test_the_sliders_find_their_way_back(run: Any) -> None:
    assert (
        run(
            "form/pace.pure",
            "return Array.from({ length: m.FASTEST + 1 }, (_, i) => m.notchOf(m.paceAt(i)) - i)",
        )
        == [0] * 62
    )
    assert run("form/pace.pure", "return [m.paceAt(0), m.paceAt(60), m.paceAt(61)]") == [
        1,
        1000,
        None,
    ]
    assert (
        run(
            "form/rate.pure",
            "return Array.from({ length: 81 }, (_, i) => m.rateNotchOf(m.rateAt(i)) - i)",
        )
        == [0] * 81
    )
    assert run("form/rate.pure", "return [m.smallerRate(1000, 1), m.smallerRate(0.3, 1)]") == [
        1,
        0.03,
    ]


def test_an_address_and_its_form_agree(run: Any) -> None:
    found = run(
        "form/address.pure",
        """const fields = await import("/static/form/fields.pure.js");
        const start = fields.textsOf({ hidden: [16, 16], activation: "sigmoid", epochs: 30,
          learning_rate: null, steps_per_second: 60, seed: 0 });
        const texts = { ...start, hidden: "", activation: "tanh, relu", epochs: "", seed: "a&b=c" };
        const query = m.queryOf(texts, start);
        return { query, same: JSON.stringify({ ...start, ...m.textsOfQuery(query) }) ===
            JSON.stringify({ ...texts, activation: "tanh,relu" }),
          strange: m.textsOfQuery("?nonsense=1&__proto__=2&hidden=3"),
          runs: ["/", "/runs/abc", "/runs/a%2Fb/", "/runs/%", "/runs/a/b"].map(m.runOfPath) };""",
    )
    assert found["query"] == "?hidden=&activation=tanh,relu&epochs=null&seed=a%26b%3Dc"
    assert found["same"]
    assert found["strange"] == {"hidden": "3"}
    assert found["runs"] == [None, "abc", "a/b", "%", None]


def test_text_becomes_a_value_or_stays_text(run: Any) -> None:
    values = run(
        "form/fields.pure",
        """return [["hidden", "[32, 16]"], ["hidden", "8 8"], ["hidden", ""],
        ["batch_size", "full"], ["batch_size", " 64 "], ["epochs", ""],
        ["learning_rate", "1e-3"], ["learning_rate", "0x10"],
        ["activation", "tanh"], ["activation", "tanh,relu"], ["augment", "false"]]
        .map(([name, text]) => m.valueOfText(name, text))""",
    )
    expected: list[object] = [[32, 16], [8, 8], [], "full", 64, None, 0.001, "0x10"]
    assert values == [*expected, "tanh", ["tanh", "relu"], False]


def test_values_are_checked_against_any_schema(run: Any) -> None:
    complaints = run(
        "form/validation.pure",
        """const root = { $defs: { Cost: { enum: ["a", "b"], type: "string" } } };
        const size = { anyOf: [{ type: "integer", minimum: 1, maximum: 9 }, { const: "full" }] };
        const rate = { anyOf: [{ type: "number", exclusiveMinimum: 0 }, { type: "null" }] };
        const list = { type: "array", items: { type: "integer", minimum: 1 }, maxItems: 2 };
        return [["a", { $ref: "#/$defs/Cost" }], ["c", { $ref: "#/$defs/Cost" }], [3, size],
          ["full", size], [10, size], ["x", size], [null, rate], [0, rate], [[1, 2], list],
          [[1, 2, 3], list], [[0], list], [["x"], list], [1, {}]]
          .map(([value, schema]) => m.complaint(value, schema, root))""",
    )
    assert complaints == [
        None,
        "Must be a or b.",
        None,
        None,
        "Must be at most 9.",
        "Must be a whole number, or must be full.",
        None,
        "Must be greater than 0.",
        None,
        "At most 2 of them.",
        "0: must be at least 1.",
        "x: must be a whole number.",
        None,
    ]


def test_a_refusal_is_put_at_its_fields(run: Any) -> None:
    found = run(
        "form/validation.pure",
        """const detail = [
          { loc: ["body", "hidden", 1], msg: "too many" }, { loc: ["body"], msg: "odd" }, null];
        return ["no", null, detail].map(m.errorsFromAnswer)""",
    )
    words = "This is not a value that can be used."
    assert found == [
        {"fields": {}, "rest": ["no"]},
        {"fields": {}, "rest": []},
        {"fields": {"hidden": "too many"}, "rest": ["odd", words]},
    ]


def test_saturation_is_told_from_learning(run: Any) -> None:
    told = run(
        "training/status.pure",
        """const epochs = (norm, accuracy) => [1, 2, 3].map((epoch) =>
          ({ epoch, gradient_norms: [norm, norm], test_accuracy: accuracy }));
        return [m.isSaturated(epochs(1e-9, 0.1), 10), m.isSaturated(epochs(0, 0.1), 10),
          m.isSaturated(epochs(0.5, 0.1), 10), m.isSaturated(epochs(1e-9, 0.95), 10),
          m.isSaturated(epochs(null, 0.1), 10), m.isSaturated([], 10)]""",
    )
    assert told == [True, True, False, False, False, False]


def test_what_is_said_of_a_data_set(run: Any) -> None:
    answer = [
        {"name": "digits-5k", "available": True, "input_shape": [28, 28], "classes": 10},
        {"name": "mnist", "available": False, "download_bytes": 11_594_722},
        {
            "name": "kmnist",
            "available": False,
            "class_names": ["o", "ki"],
            "classes": 2,
            "download": {"status": "downloading", "bytes": 5_000_000, "total_bytes": 20_000_000},
        },
        {"name": "table", "input_shape": [1, 30], "classes": 2},
    ]
    said = run(
        "datasets/datasets.pure",
        """const known = m.datasetsOf(argument);
        const names = ["digits-5k", "mnist", "kmnist", "none"];
        return {
          complaints: names.map((name) => m.complaintOfDataset(known, name)),
          unknown: m.complaintOfDataset([], "mnist"),
          progress: m.progressOf(known[2]),
          waiting: m.progressOf(known[1]),
          classes: m.classesOf(known, "kmnist"),
          pictures: known.map(m.isOfPictures),
          titles: known.map((one) => m.drawingWords(one).title),
        };""",
        answer,
    )
    assert said["complaints"] == [
        None,
        "mnist is not here yet: download it first.",
        "kmnist is not here yet: it is being downloaded.",
        "This server has no data set none.",
    ]
    assert said["unknown"] is None
    assert said["progress"] == {"share": 0.25, "words": "5 MB of 20 MB"}
    assert said["waiting"] == {"share": 0, "words": "0 MB of 12 MB"}
    assert said["classes"] == ["o", "ki"]
    assert said["pictures"] == [True, True, True, False]
    assert said["titles"] == ["Draw a digit", "Draw a digit", "Draw", "Draw"]
