"""The figures of one change's path, as a table and as a chapter of the documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

CHAPTER = Path(__file__).with_name("path-of-a-change.md")

NAMES = {
    "desk": "desk, PostgreSQL",
    "sqlite": "desk, SQLite",
    "express": "(a) Express + pg + Socket.IO",
    "relay": "(b) python-socketio room emit",
}
HEAD = (
    "| sessions | server | p50 | p95 | p99 | CPU | CPU ÷ (a) | CPU without the change itself | ÷ (a) | bytes "
    "| KB a session | lost | doubled |\n"
    "| --: | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |"
)
Figures = dict[str, Any]


def chapter(figures: Figures) -> str:
    largest = max(map(int, figures["same"]["desk"]))
    desk = figures["same"]["desk"][str(largest)]
    return CHAPTER.read_text().format(
        command="make bench-full" if figures["full"] else "make bench",
        table=table(figures),
        ratios=_ratios(figures),
        spread=_spread(figures),
        largest=largest,
        memory=f"{desk['memory_kb'] / 1024:.0f}",
        session=f"{desk['session_kb']:.0f}",
        machine=figures["machine"],
    )


def table(figures: Figures) -> str:
    """A row for each number of sessions and each server. Milliseconds and microseconds."""
    sizes = figures["same"]["desk"]
    rows = [_row(figures["same"], name, size) for size in sizes for name in NAMES if name in figures["same"]]
    return "\n".join([HEAD, *rows])


def _row(same: Figures, name: str, size: str) -> str:
    found = same[name][size]
    alone, base = _without_change(same, name, size), same.get("express", {}).get(size)
    whole = _ratio(found["cpu_us"], base["cpu_us"]) if base else "–"
    part = _ratio(alone, _without_change(same, "express", size)) if base and int(size) > 1 else "–"
    times = " | ".join(f"{found[part_of]:.1f}" for part_of in ("p50", "p95", "p99"))
    kept = f"{found['bytes']:.0f} | {_memory(found, size)} | {found['lost']} | {found['doubled']}"
    own = f"{alone:.1f}" if int(size) > 1 else "–"
    return f"| {size} | {NAMES[name]} | {times} | {found['cpu_us']:.1f} | {whole} | {own} | {part} | {kept} |"


def _without_change(same: Figures, name: str, size: str) -> float:
    """µs for each delivery once what the same change costs with a single session is taken off."""
    sessions, single = int(size), same[name].get("1")
    fixed = single["cpu_us"] if single else 0.0
    return max(0.0, (float(same[name][size]["cpu_us"]) * sessions - fixed) / sessions)


def _memory(found: Figures, size: str) -> str:
    """Of the few that come first it says nothing: what is made once is in it."""
    return f"{found['session_kb']:.0f}" if int(size) >= 50 else "–"


def _ratios(figures: Figures) -> str:
    """One line for each number of sessions: the desk beside both yardsticks."""
    same, lines = figures["same"], []
    for size, desk in same["desk"].items():
        beside = [
            f"{name}: p50 {_ratio(desk['p50'], other[size]['p50'])}, p99 {_ratio(desk['p99'], other[size]['p99'])}, "
            f"CPU {_ratio(desk['cpu_us'], other[size]['cpu_us'])}, bytes {_ratio(desk['bytes'], other[size]['bytes'])}"
            for name, other in (("(a)", same.get("express")), ("(b)", same.get("relay")))
            if other
        ]
        lines.append(f"* {size} sessions: desk ÷ {'; ÷ '.join(beside)}")
    return "\n".join(lines)


def _spread(figures: Figures) -> str:
    found = figures["spread"].get("desk")
    if not found:
        return "Not measured in this run."
    (size, desk), beside = next(iter(found.items())), figures["spread"].get("express")
    told = (
        f"{size} sessions: p50 {desk['p50']:.1f}, p95 {desk['p95']:.1f}, p99 {desk['p99']:.1f} ms, "
        f"{desk['cpu_us']:.1f} µs of CPU a change and session, {desk['bytes']:.0f} bytes a change and session, "
        f"{desk['lost']} lost, {desk['doubled']} doubled. A change reached {desk['deliveries'] / desk['changes']:.0f} "
        f"sessions, which is a tenth as many rooms."
    )
    if not beside:
        return told
    other = beside[size]
    return (
        f"{told} Beside it (a), which sends every row to everybody: p99 {other['p99']:.1f} ms, "
        f"{other['cpu_us']:.1f} µs, {other['bytes']:.0f} bytes; desk ÷ (a): p99 {_ratio(desk['p99'], other['p99'])}, "
        f"CPU {_ratio(desk['cpu_us'], other['cpu_us'])}, bytes {_ratio(desk['bytes'], other['bytes'])}."
    )


def _ratio(mine: float, other: float) -> str:
    return f"{mine / other:.2f}" if other else "–"
