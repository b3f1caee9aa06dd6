"""What came of it: a table, JSON, and the promises that must hold. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analytics.bench import answering, one_message
from analytics.bench.answering import Answering
from analytics.bench.bulk import GOAL, BulkTiming
from analytics.bench.mail import MailTiming
from analytics.bench.measuring import Page, Timing
from analytics.bench.one_message import OneMessage
from analytics.bench.pages import EMPTY, QUERY, QUEUE, RECORD, SHORT_RECORD
from analytics.bench.results import GOALS, Results
from analytics.metrics.durations import percentile

GROWTH = 1.3  # of the queue page, from the smallest size to the largest, beside the floor

Run = Mapping[str, Timing]


def rows_of(pages: Sequence[Page], run: Run) -> Iterator[dict[str, Any]]:
    """One row per page: milliseconds, queries, and how many times the floors it takes."""
    empty, query = run[EMPTY].p50, run[QUERY].p50
    for page in pages:
        timing = run[page.name]
        own = timing.p50 / run[page.floor].p50 if page.floor else None
        yield {
            "page": page.name,
            "p50_ms": round(timing.p50, 2),
            "p95_ms": round(timing.p95, 2),
            "cpu_ms": round(timing.cpu, 2),
            "queries": timing.usual_queries,
            "times_empty": round(timing.p50 / empty, 1),
            "times_one_query": round(timing.p50 / query, 1),
            "floor": page.floor,
            "times_floor": None if own is None else round(own, 2),
            "goal": page.at_most,
        }


def table(size: int, rows: Sequence[Mapping[str, Any]], of: str = "records") -> str:
    """For people."""
    heads = ("p50 ms", "p95 ms", "cpu ms", "queries", "× empty", "× query")
    head = "".join(f"{name:>9}" for name in heads)
    lines = [f"{size:,} {of}", f"{'page':24}{head}   × its floor"]
    for row in rows:
        own = ""
        if row["times_floor"] is not None:
            goal = "" if row["goal"] is None else f" (goal {row['goal']:g})"
            own = f"{row['times_floor']:.2f} × {row['floor']}{goal}"
        lines.append(
            f"{row['page']:24}{row['p50_ms']:9.1f}{row['p95_ms']:9.1f}{row['cpu_ms']:9.1f}"
            f"{row['queries']:9d}{row['times_empty']:9.1f}{row['times_one_query']:9.1f}   {own}"
        )
    return "\n".join(lines)


def bulk_rows(timings: Sequence[BulkTiming]) -> list[dict[str, Any]]:
    """Changes to many records: how many a second, beside the bare SQL that writes the same."""
    return [
        {
            "change": one.name,
            "records": one.records,
            "per_second": round(one.per_second),
            "statements": one.statements,
            "times_floor": round(one.times_floor, 1),
            "goal": GOAL,
        }
        for one in timings
    ]


def bulk_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """For people."""
    heads = ("records", "a second", "statements", "× bare SQL")
    head = "".join(f"{name:>12}" for name in heads)
    lines = [f"{'bulk change':24}{head}   (goal {GOAL:,} a second)"]
    lines += [
        f"{row['change']:24}{row['records']:12,}{row['per_second']:12,}{row['statements']:12,}"
        f"{row['times_floor']:12.1f}"
        for row in rows
    ]
    return "\n".join(lines)


def mail_rows(timings: Sequence[MailTiming]) -> list[dict[str, Any]]:
    """Mails a second, beside Python's own library with the same mails."""
    return [
        {
            "mail": one.name,
            "mails": one.mails,
            "per_second": round(one.per_second),
            "statements_each": round(one.statements / one.mails, 1),
            "times_floor": round(one.times_floor, 2),
            "floor": one.against,
        }
        for one in timings
    ]


def mail_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """For people."""
    heads = ("mails", "a second", "statements")
    head = "".join(f"{name:>12}" for name in heads)
    lines = [f"{'mail, one core':24}{head}   × Python's own"]
    lines += [
        f"{row['mail']:24}{row['mails']:12,}{row['per_second']:12,}{row['statements_each']:12.1f}"
        f"   {row['times_floor']:.2f} × {row['floor']}"
        for row in rows
    ]
    return "\n".join(lines)


def answering_rows(found: Answering) -> list[dict[str, Any]]:
    """Each page of twenty questions as it is served and sent, then the whole response."""
    timings = [*found.each, ("all posts", None), ("whole response", None)]
    mean = sum(one.p50 for one in found.posts) / len(found.posts)
    whole = {"all posts": (mean, 0.0), "whole response": (found.took, found.cpu)}
    rows = []
    for name, timing in timings:
        took, cpu = (timing.p50, timing.cpu) if timing else whole[name]
        rows.append(
            {
                "step": name,
                "p50_ms": round(took, 2),
                "cpu_ms": round(cpu, 2),
                "queries": timing.usual_queries if timing else None,
                "times_insert": round(took / found.insert.p50, 2),
            }
        )
    rows[-1]["per_second_and_core"] = round(1000 / found.cpu, 1)
    return rows


def answering_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """For people."""
    heads = ("p50 ms", "cpu ms", "queries", "× insert")
    head = "".join(f"{name:>10}" for name in heads)
    goal = f"(goal {answering.GOAL} for a post)"
    lines = [f"{'survey, 20 questions':24}{head}   {goal}"]
    lines += [
        f"{row['step']:24}{row['p50_ms']:10.1f}{row['cpu_ms']:10.1f}"
        f"{'' if row['queries'] is None else row['queries']:>10}{row['times_insert']:10.1f}"
        for row in rows
    ]
    lines.append(f"{rows[-1]['per_second_and_core']} whole responses a second and core")
    return "\n".join(lines)


def results_rows(found: Results) -> list[dict[str, Any]]:
    """What analysts open, beside a view with one query, and how fast a file is."""
    query = found.run[QUERY].p50
    rows: list[dict[str, Any]] = [
        {
            "page": page.name,
            "p50_ms": round(found.run[page.name].p50, 1),
            "cpu_ms": round(found.run[page.name].cpu, 1),
            "queries": found.run[page.name].usual_queries,
            "times_one_query": round(found.run[page.name].p50 / query, 1),
        }
        for page in found.pages
    ]
    return [*rows, {"page": "CSV", "lines": found.exported, "per_second": round(found.a_second)}]


def results_table(size: int, rows: Sequence[Mapping[str, Any]]) -> str:
    """For people."""
    head = "".join(f"{name:>10}" for name in ("p50 ms", "cpu ms", "queries", "× query"))
    lines = [f"{f'{size:,} responses':24}{head}   ({GOALS})"]
    lines += [
        f"{row['page']:24}{row['p50_ms']:10.1f}{row['cpu_ms']:10.1f}{row['queries']:10d}"
        f"{row['times_one_query']:10.1f}"
        for row in rows[:-1]
    ]
    lines.append(f"{rows[-1]['per_second']:,} lines of CSV a second")
    return "\n".join(lines)


def one_message_rows(found: OneMessage) -> list[dict[str, Any]]:
    """Reading one message on arrival: milliseconds of processor, and how many questions to the
    database that is."""
    query = percentile(found.query, 0.5)
    measured = (("one query", found.query), ("reading", found.reading), ("whole job", found.job))
    return [
        {
            "step": name,
            "messages": len(times),
            "p50_cpu_ms": round(percentile(times, 0.5), 2),
            "p95_cpu_ms": round(percentile(times, 0.95), 2),
            "times_query": round(percentile(times, 0.95) / query, 1),
            "letters_p95": round(percentile(found.letters, 0.95)),
        }
        for name, times in measured
    ]


def one_message_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """For people."""
    head = "".join(f"{name:>12}" for name in ("p50 cpu ms", "p95 cpu ms", "× query"))
    goal = f"(goal: reading in {one_message.GOAL} for 95 of 100, better {one_message.STRETCH})"
    lines = [f"{'one message on arrival':24}{head}   {goal}"]
    lines += [
        f"{row['step']:24}{row['p50_cpu_ms']:12.1f}{row['p95_cpu_ms']:12.1f}"
        f"{row['times_query']:12.1f}"
        for row in rows
    ]
    return "\n".join(lines)


def violations(runs: Mapping[int, Run]) -> list[str]:
    """Sentences about what must hold and does not: queries that depend on the number of rows,
    a queue page that grows with the records."""
    sizes = sorted(runs)
    found = []
    for name in runs[sizes[0]]:
        counts = {size: runs[size][name].usual_queries for size in sizes}
        # What a search finds is counted only when there is more of it than a page.
        spare = 1 if name.startswith("search, ") else 0
        if max(counts.values()) - min(counts.values()) > spare:
            seen = ", ".join(f"{count} at {size:,}" for size, count in counts.items())
            found.append(f"The number of queries of “{name}” is not constant: {seen}.")
    for size in sizes:
        long, short = (runs[size][name].usual_queries for name in (RECORD, SHORT_RECORD))
        if long != short:
            found.append(
                f"The record page asks {long} queries for a long conversation and {short} for a "
                "short one."
            )
    growth = growth_of_queue(runs)
    if growth > GROWTH:
        found.append(
            f"The queue page costs {growth:.2f} times as much at {sizes[-1]:,} records as at "
            f"{sizes[0]:,}; {GROWTH} is allowed."
        )
    return found


def growth_of_queue(runs: Mapping[int, Run]) -> float:
    """How many times as much the queue page costs at the largest size, each beside the view with
    one query of its own run; undisturbed requests only, since machines have other things to do."""
    first, last = runs[min(runs)], runs[max(runs)]
    return (last[QUEUE].p10 / last[QUERY].p10) / (first[QUEUE].p10 / first[QUERY].p10)
