#!/usr/bin/env python3
"""Compares the bot's question matcher with others: same FAQ, same questions, one run.

Writes Markdown tables to standard output (what is found, how sure that is, how long it takes) and latency.svg beside this file.
What tantivy ranks, and how long it and our matcher take, is left to src/main.rs; what our matcher ranks, to the bot itself.
"""

import argparse
import json
import math
import os
import platform
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter, defaultdict
from heapq import nlargest
from pathlib import Path
from statistics import median
from typing import NamedTuple

import rapidfuzz
import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

OURS = "medse-bot"
# Where each wording is a document, as many of the best decide the ranking of entries.
CANDIDATES = 100
# As many entries the bot names, and every other matcher.
RANKED = 5
# A matcher may be wrong in this share of all questions.
WRONG_ALLOWED = 0.03
MADE_UP_SIZES = [50, 1_000, 10_000]
# At most as many questions are timed, and asked of a made-up FAQ.
TIMED = 100


# The FAQ and the questions


class Entry(NamedTuple):
    """What the matchers search: the question and its other wordings, in both languages."""

    id: str
    kind: str
    wordings: list[str]


class Faq(NamedTuple):
    """Entries but those for care, and the files for our matcher."""

    entries: list[Entry]
    files: dict[str, str]


class Case(NamedTuple):
    """A question with the entries that answer it; none: it is out of scope."""

    question: str
    accept: set[str]


def even(text):
    """One spelling for full and half width, upper and lower case: the same service to every peer."""
    return unicodedata.normalize("NFKC", text).lower()


def read_yaml(text):
    """Every value as written: no wording becomes a number or a truth value."""
    return yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))


def read_faq(folder):
    """The FAQ, and the ids that entries had before with those they have now."""
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))}
    entries, renamed = [], {}
    for text in files.values():
        for entry in read_yaml(text).get("entries", []):
            kind = entry.get("kind", "answer")
            if kind == "care":
                continue
            question = entry["question"]
            questions = list(question.values()) if isinstance(question, dict) else [question]
            entries.append(Entry(entry["id"], kind, questions + entry.get("also_asked", [])))
            renamed |= dict.fromkeys(entry.get("formerly", []), entry["id"])
    return Faq(entries, files), renamed


def made_up(size, words):
    """A FAQ of `size` entries of six wordings each: every word stands in many entries."""
    dice = random.Random(size)
    entries = []
    for number in range(size):
        question, *others = (" ".join(dice.choices(words, k=4)) for _ in range(6))
        entries.append(Entry(f"e-{number}", "answer", [f"{question} {number}", *others]))
    files = {}
    for begin in range(0, size, 1_000):
        topic = {"format": 1, "topic": f"made-up-{begin}", "title": "作りもの", "entries": []}
        for entry in entries[begin : begin + 1_000]:
            question, *others = entry.wordings
            topic["entries"].append({"id": entry.id, "question": question, "also_asked": others, "answer": "はい"})
        # JSON is YAML.
        files[f"made-up-{begin}.yaml"] = json.dumps(topic, ensure_ascii=False, indent=1)
    return Faq(entries, files)


def read_table(path, renamed, known):
    """The cases of a table; a first line without a question describes it."""
    cases = []
    for nth, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines()):
        row = json.loads(line) if line.strip() else {}
        if not row or (nth == 0 and "question" not in row):
            continue
        accept = {renamed.get(id, id) for id in row["accept"]}
        if not accept <= known:
            sys.exit(f"{path}:{nth + 1}: the FAQ has no entry {', '.join(accept - known)}")
        cases.append(Case(" ".join(row["question"].split()), accept))
    return cases


# The matchers. Each ranks entries for a question: their numbers with a score, best first.


def best_of_each(scored):
    """Scored wordings, best first, as a ranking of the entries whose they are."""
    ranking = {}
    for entry, score in scored:
        ranking.setdefault(entry, score)
    return list(ranking.items())


def apart(entries):
    """Each wording as a document, with the number of its entry."""
    return [(number, wording) for number, wordings in enumerate(entries) for wording in wordings]


def together(entries):
    """Each entry's wordings as one document, with its number."""
    return [(number, "\n".join(wordings)) for number, wordings in enumerate(entries)]


# Tantivy's indexes by name: documents, n-grams, how many documents decide.
TANTIVY = {
    "tantivy, 1–2-grams of wordings": (apart, (1, 2), CANDIDATES),
    "tantivy, 2–3-grams of entries": (together, (2, 3), RANKED),
}


class RapidFuzz:
    """What many Discord bots do: the wording most like the question, letter by letter."""

    name = "rapidfuzz WRatio"

    def __init__(self, entries):
        self.owners, wordings = zip(*apart(entries))
        self.wordings = list(map(self.clean, wordings))

    @staticmethod
    def clean(text):
        """Without punctuation."""
        return rapidfuzz.utils.default_process(text)

    def ask(self, question):
        scorer = rapidfuzz.fuzz.WRatio
        found = rapidfuzz.process.extract(self.clean(question), self.wordings, scorer=scorer, limit=CANDIDATES)
        return best_of_each((self.owners[at], score) for _, score, at in found if score > 0)


class Bm25:
    """Okapi BM25; Latin words whole, of all else pairs of characters."""

    name = "BM25, bigrams of entries"
    k1, b = 1.2, 0.75

    def __init__(self, entries):
        documents = [Counter(term for wording in wordings for term in self.terms(wording)) for wordings in entries]
        average = sum(document.total() for document in documents) / len(documents)
        containing = Counter(term for document in documents for term in document)
        self.postings = defaultdict(list)
        for entry, document in enumerate(documents):
            damping = self.k1 * (1 - self.b + self.b * document.total() / average)
            for term, count in document.items():
                rarity = math.log(1 + (len(documents) - containing[term] + 0.5) / (containing[term] + 0.5))
                self.postings[term].append((entry, rarity * count * (self.k1 + 1) / (count + damping)))

    @staticmethod
    def terms(text):
        for run in re.findall(r"[a-z0-9]+|[^\Wa-z0-9_]+", text):
            if run.isascii() or len(run) == 1:
                yield run
            else:
                yield from map("".join, zip(run, run[1:]))

    def ask(self, question):
        scores = defaultdict(float)
        for term in self.terms(question):
            for entry, score in self.postings.get(term, ()):
                scores[entry] += score
        return nlargest(RANKED, scores.items(), key=lambda scored: scored[1])


class Fts5:
    """SQLite's full-text search for any of the question's trigrams; what is too short for one is looked for as it stands."""

    name = "SQLite FTS5, trigrams of entries"
    by_trigrams = "SELECT rowid, -rank FROM entries WHERE entries MATCH ? ORDER BY rank LIMIT ?"
    # Scored by the share it is of the text: less than what a trigram scores.
    as_it_stands = """
        SELECT rowid, (length(text) - length(replace(text, ?, ''))) * 1.0 / length(text) AS share
        FROM entries WHERE share > 0 ORDER BY share DESC LIMIT ?"""

    def __init__(self, entries):
        self.database = sqlite3.connect(":memory:")
        self.database.execute("CREATE VIRTUAL TABLE entries USING fts5(text, tokenize = 'trigram')")
        self.database.executemany("INSERT INTO entries (rowid, text) VALUES (?, ?)", together(entries))
        self.database.execute("INSERT INTO entries (entries) VALUES ('optimize')")

    def ask(self, question):
        grams = sorted({question[at : at + 3] for at in range(len(question) - 2)})
        if not grams:
            return self.database.execute(self.as_it_stands, (question, RANKED)).fetchall()
        any_gram = " OR ".join('"' + gram.replace('"', '""') + '"' for gram in grams)
        return self.database.execute(self.by_trigrams, (any_gram, RANKED)).fetchall()


# Asking them


class Run(NamedTuple):
    """What a matcher ranked for each question (ours: nothing, the bot is asked) and how long it took for some of them."""

    rankings: list
    seconds: list[float]


def run_in_rust(program, faq, evened_entries, questions):
    """What src/main.rs reports of our matcher and tantivy."""
    indexes = [
        {"documents": documents(evened_entries), "grams": grams, "candidates": candidates}
        for documents, grams, candidates in TANTIVY.values()
    ]
    task = {"files": faq.files, "indexes": indexes, "questions": [(question, even(question)) for question in questions]}
    return json.loads(subprocess.run([program], input=json.dumps(task).encode(), stdout=subprocess.PIPE, check=True).stdout)


def some(items):
    """Few enough to be timed, from all over the list."""
    return items[:: math.ceil(len(items) / TIMED)]


def clocked(matcher, questions):
    rankings, seconds = [], []
    for question in questions:
        begun = time.perf_counter()
        rankings.append(matcher.ask(question))
        seconds.append(time.perf_counter() - begun)
    return rankings, seconds


def run_in_python(matcher, questions):
    """The median of three rounds counts, as in src/main.rs."""
    rankings, first = clocked(matcher, questions)
    _, second = clocked(matcher, some(questions))
    _, third = clocked(matcher, some(questions))
    return Run(rankings, list(map(median, zip(some(first), second, third))))


def run_all(program, faq, questions):
    """Every matcher's run by its name, and tantivy's version."""
    entries = [list(map(even, entry.wordings)) for entry in faq.entries]
    report = run_in_rust(program, faq, entries, questions)
    runs = {OURS: Run([], some(report["our_seconds"]))}
    runs |= {name: Run(run["rankings"], some(run["seconds"])) for name, run in zip(TANTIVY, report["tantivy"])}
    evened = list(map(even, questions))
    for matcher in (RapidFuzz, Bm25, Fts5):
        runs[matcher.name] = run_in_python(matcher(entries), evened)
    return runs, report["tantivy_version"]


# What the figures say, as in src/evaluation.rs


class Found(NamedTuple):
    """The ids of entries, best first, and how sure the matcher is that the FAQ has an answer; 0: it has none."""

    ranking: list[str]
    confidence: float


def found_by_peer(ranking, entries):
    ids = [entries[entry].id for entry, _ in ranking]
    answers = bool(ranking) and entries[ranking[0][0]].kind == "answer"
    return Found(ids, ranking[0][1] if answers else 0.0)


def ask_bot(bot, folder, questions):
    """What the bot itself makes of each question, from a folder without settings."""
    with tempfile.TemporaryDirectory() as elsewhere:
        command = [bot, "--faq", folder, "ask", "--json"]
        lines = "\n".join(questions).encode()
        answered = subprocess.run(command, input=lines, stdout=subprocess.PIPE, check=True, cwd=elsewhere).stdout
    replies = [json.loads(line) for line in answered.splitlines()]
    if [reply["question"] for reply in replies] != questions:
        sys.exit("the bot did not answer line by line")
    return replies


def found_by_bot(reply):
    ranking = [entry["id"] for entry in reply["entries"]]
    answers = ranking and reply["outcome"] not in ("silence", "care") and reply["reason"] != "signpost"
    return Found(ranking, reply["entries"][0]["score"] if answers else 0.0)


def share_with_top(cases, found, top):
    within = [(case, one) for case, one in zip(cases, found) if case.accept]
    return sum(not case.accept.isdisjoint(one.ranking[:top]) for case, one in within) / max(len(within), 1)


def auroc(cases, found):
    """The probability that an in-scope question scores higher than another one; equal scores count half."""
    within = [one.confidence for case, one in zip(cases, found) if case.accept]
    outside = [one.confidence for case, one in zip(cases, found) if not case.accept]
    higher = sum((one > other) + (one == other) / 2 for one in within for other in outside)
    return higher / (len(within) * len(outside)) if within and outside else math.nan


def direct_at_few_wrong(cases, found, signposts):
    """The largest share of in-scope questions answered rightly that a threshold allows with few enough wrong answers."""
    by_confidence = defaultdict(list)
    for case, one in zip(cases, found):
        if one.confidence > 0:
            by_confidence[one.confidence].append((one.ranking[0], case.accept))
    right = wrong = best = 0
    for confidence in sorted(by_confidence, reverse=True):
        for first, accept in by_confidence[confidence]:
            right += first in accept
            wrong += first not in accept and first not in signposts
        if wrong <= WRONG_ALLOWED * len(cases):
            best = max(best, right)
    return best / max(sum(bool(case.accept) for case in cases), 1)


def percentile(seconds, share):
    return sorted(seconds)[math.ceil(share * len(seconds)) - 1]


# What is shown


def duration(seconds):
    return f"{seconds * 1_000:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def quality_table(cases, found_by, signposts):
    rows = []
    for name, found in found_by.items():
        direct = direct_at_few_wrong(cases, found, signposts)
        shares = [share_with_top(cases, found, 1), share_with_top(cases, found, 3), direct]
        rows.append([name, *(f"{share * 100:.1f}" for share in shares), f"{auroc(cases, found):.3f}"])
    return table(["matcher", "top-1 %", "top-3 %", f"direct % at ≤ {WRONG_ALLOWED * 100:g} % wrong", "AUROC"], rows)


def latency_table(runs_by_faq):
    rows = []
    for name in next(iter(runs_by_faq.values())):
        seconds = [runs[name].seconds for runs in runs_by_faq.values()]
        rows.append([name, *(f"{duration(percentile(one, 0.5))}, {duration(percentile(one, 0.99))}" for one in seconds)])
    return table(["p50, p99 a question", *runs_by_faq], rows)


def draw_latency(path, medians):
    """Median time a question over the number of entries, both logarithmic; `medians`: by matcher, one for each size."""
    left, right, top, bottom = 70, 500, 60, 340
    colours = ["#0072b2", "#d55e00", "#009e73", "#aa4499", "#8a6d00", "#555"]
    every = [seconds for line in medians.values() for seconds in line]
    lowest, highest = math.floor(math.log10(min(every))), math.ceil(math.log10(max(every)))

    def x(size):
        return left + (right - left) * math.log(size / MADE_UP_SIZES[0]) / math.log(MADE_UP_SIZES[-1] / MADE_UP_SIZES[0])

    def y(seconds):
        return bottom - (bottom - top) * (math.log10(seconds) - lowest) / (highest - lowest)

    def text(at_x, at_y, words, anchor="start", more=""):
        return f'<text x="{at_x:.1f}" y="{at_y:.1f}" text-anchor="{anchor}" {more}>{words}</text>'

    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 780 400" font-family="sans-serif" font-size="14" fill="#222">',
        '<rect width="780" height="400" fill="white"/>',
        text(left, 30, "Median time a question", more='font-size="16" font-weight="bold"'),
        text((left + right) / 2, bottom + 44, "entries of the FAQ", "middle"),
    ]
    for power in range(lowest, highest + 1):
        height = y(10.0**power)
        parts.append(f'<path d="M{left} {height:.1f}H{right}" stroke="#ddd"/>')
        parts.append(text(left - 8, height + 5, f"{10.0 ** power:g} s" if power >= 0 else f"{10.0 ** (power + 3):g} ms", "end"))
    for size in MADE_UP_SIZES:
        parts.append(f'<path d="M{x(size):.1f} {top}V{bottom}" stroke="#ddd"/>')
        parts.append(text(x(size), bottom + 20, f"{size:,}", "middle"))
    label_y = math.inf
    for (name, line), colour in sorted(zip(medians.items(), colours), key=lambda drawn: drawn[0][1][-1]):
        points = [(x(size), y(seconds)) for size, seconds in zip(MADE_UP_SIZES, line)]
        joined = " ".join(f"{at_x:.1f},{at_y:.1f}" for at_x, at_y in points)
        parts.append(f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="{4 if name == OURS else 2}"/>')
        parts += [f'<circle cx="{at_x:.1f}" cy="{at_y:.1f}" r="4" fill="{colour}"/>' for at_x, at_y in points]
        # From the lowest line up; labels keep a line's height apart.
        label_y = min(points[-1][1] + 5, label_y - 18)
        weight = "bold" if name == OURS else "normal"
        parts.append(text(right + 12, label_y, name, more=f'fill="{colour}" font-weight="{weight}"'))
    path.write_text("\n".join([*parts, "</svg>", ""]), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="+", type=Path, metavar="TABLE", help="JSON Lines of questions")
    parser.add_argument("--faq", type=Path, default=ROOT / "faq", help="folder of the FAQ")
    parser.add_argument("--bot", type=Path, default=ROOT / "target/release/medse-bot", help="the bot's binary")
    parser.add_argument("--peers", type=Path, default=ROOT / "target/peers/release/peers", help="the binary of src/main.rs")
    given = parser.parse_args()
    bot, folder, peers = given.bot.resolve(), given.faq.resolve(), given.peers.resolve()
    faq, renamed = read_faq(folder)
    ids = {entry.id for entry in faq.entries}
    signposts = {entry.id for entry in faq.entries if entry.kind == "signpost"}
    cases_of = {path: read_table(path, renamed, ids) for path in given.tables}
    questions = [case.question for cases in cases_of.values() for case in cases]

    runs, tantivy_version = run_all(peers, faq, questions)
    found_by = {name: [found_by_peer(ranking, faq.entries) for ranking in run.rankings] for name, run in runs.items()}
    found_by[OURS] = list(map(found_by_bot, ask_bot(bot, folder, questions)))
    begin = 0
    for path, cases in cases_of.items():
        end = begin + len(cases)
        print(f"{path.stem}: {len(cases)} questions, {sum(bool(case.accept) for case in cases)} of them in scope\n")
        print(quality_table(cases, {name: found[begin:end] for name, found in found_by.items()}, signposts))
        begin = end

    wordings = sum(len(entry.wordings) for entry in faq.entries)
    runs_by_faq = {f"this FAQ ({len(faq.entries)} entries, {wordings:,} wordings)": runs}
    words = [form for forms in read_yaml(faq.files["vocabulary.yaml"])["concepts"].values() for form in forms]
    for size in MADE_UP_SIZES:
        runs_by_faq[f"{size:,} made-up entries"], _ = run_all(peers, made_up(size, words), some(questions))
    print(latency_table(runs_by_faq))
    of_made_up = list(runs_by_faq.values())[1:]
    medians = {name: [percentile(runs[name].seconds, 0.5) for runs in of_made_up] for name in runs}
    draw_latency(HERE / "latency.svg", medians)

    versions = [f"Python {platform.python_version()}", f"rapidfuzz {rapidfuzz.__version__}", f"SQLite {sqlite3.sqlite_version}"]
    print(f"{', '.join([*versions, tantivy_version])}; {os.cpu_count()} processors.")


if __name__ == "__main__":
    main()
