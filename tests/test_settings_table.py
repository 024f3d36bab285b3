from benchmarks.settings_table import BEGIN, END, README, table, with_table


def test_the_readme_s_table_of_settings_is_what_the_code_says() -> None:
    text = README.read_text("utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    assert text == with_table(text), "run: make settings"


def test_each_setting_is_told_with_its_default() -> None:
    rows = table()
    assert (
        "| `NUDGE_MAX_BODY_BYTES` | 1048576 (1 MiB) | The largest body that a request may have. |"
        in rows
    )
    assert "| `NUDGE_RESUME_RUNS` | true | " in rows
    assert "| `NUDGE_MAX_LIVE_RUNS` | 32 | " in rows
    assert "| `NUDGE_SECRET` |  | " in rows
