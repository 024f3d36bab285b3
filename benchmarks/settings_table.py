"""The table of settings in the README, made from the code: ``make settings``."""

from pathlib import Path

from pydantic.fields import FieldInfo

from app.settings import Settings

README = Path(__file__).resolve().parents[1] / "README.md"
BEGIN = "<!-- settings: made from app/settings.py by make settings -->\n"
END = "<!-- end of settings -->\n"
UNITS = {2**30: "GiB", 2**20: "MiB", 2**10: "KiB"}


def table() -> str:
    """Return a line of Markdown for each setting: its name, its default, and what it is for."""
    rows = [
        f"| `NUDGE_{name.upper()}` | {default(name, field)} | {description(field)} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| setting | default | what it is |", "|---|---|---|", *rows, ""])


def description(field: FieldInfo) -> str:
    """Return what a setting is for; a star in it stays one."""
    return (field.description or "").replace("*", r"\*")


def default(name: str, field: FieldInfo) -> str:
    """Return a setting's default as a person would write it."""
    value = field.default
    if value is None:
        return ""
    if name.endswith("_bytes"):
        size, unit = next((s, u) for s, u in UNITS.items() if value % s == 0)
        return f"{value} ({value // size} {unit})"
    if isinstance(value, bool):
        return str(value).lower()
    return f"`{value}`" if isinstance(value, str) else f"{value}"


def with_table(text: str) -> str:
    """Return the README with the table as it should be."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text("utf-8")), "utf-8")
