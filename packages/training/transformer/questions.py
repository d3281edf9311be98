"""Questions as `texts.ts` writes them, and batches of their tokens."""

import gzip
import json
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

MODEL, TOKENIZER = "e5-small-v2.onnx", "e5-small-v2-tokenizer.json"
BEGIN, END = 101, 102
# As transformer.ts reads a question: title and prose as one text, code as another, the longer of the two cut first.
TOKENS = 96
BATCH = 48
CHARACTERS = 3000  # of a text are read


@dataclass(frozen=True)
class Questions:
    labels: list[str]
    titles: list[list[int]]
    prose: list[list[int]]
    code: list[list[int]]
    splits: list[str]
    core: list[bool]
    shares: np.ndarray  # how likely each has each label; nan where nobody can know

    def tokens(self, row: int, with_body: bool) -> list[int]:
        text, code = self.titles[row], self.code[row] if with_body else []
        if with_body and self.prose[row]:
            text = [*text, END, *self.prose[row]]
        if not code:
            return [BEGIN, *text[: TOKENS - 2], END]
        room = TOKENS - 3
        if len(text) + len(code) > room:
            shorter = min(len(text), len(code), room // 2)
            text, code = (text[:shorter], code[: room - shorter]) if len(text) <= len(code) else (text[: room - shorter], code[:shorter])
        return [BEGIN, *text, END, *code, END]

    def has_body(self, row: int) -> bool:
        return bool(self.prose[row] or self.code[row])

    def rows(self, split: str) -> list[int]:
        return [row for row, name in enumerate(self.splits) if name == split]


def read_questions(file: Path, tokenizer: Path) -> Questions:
    with gzip.open(file, "rt") as lines:
        header = json.loads(next(lines))
        rows = [json.loads(line) for line in lines]
    encoder = Tokenizer.from_file(str(tokenizer))
    encoder.no_padding()
    encoder.no_truncation()

    def encode(field: str) -> list[list[int]]:
        texts = [row[field][:CHARACTERS] for row in rows]
        return [encoding.ids for encoding in encoder.encode_batch(texts, add_special_tokens=False)]

    return Questions(
        labels=header["labels"],
        titles=encode("title"),
        prose=encode("prose"),
        code=encode("code"),
        splits=[row["split"] for row in rows],
        core=[row["core"] for row in rows],
        shares=np.array([row["shares"] for row in rows], dtype=np.float32),
    )


Batch = list[tuple[int, list[int]]]


def batches(questions: Questions, asked: list[tuple[int, bool]], shuffled: bool) -> list[Batch]:
    """(row, with its body?) in batches of like length, so that little is padded: 48 questions or 1,536 tokens at most."""
    items = [(row, questions.tokens(row, with_body)) for row, with_body in asked]
    if shuffled:
        random.shuffle(items)
    size = 2400 if shuffled else max(1, len(items))
    found = [batch for at in range(0, len(items), size) for batch in packed(items[at : at + size])]
    if shuffled:
        random.shuffle(found)
    return found


def packed(items: Batch) -> list[Batch]:
    found: list[Batch] = [[]]
    for item in sorted(items, key=lambda item: len(item[1])):
        if len(found[-1]) == BATCH or (len(found[-1]) + 1) * len(item[1]) > 1536:
            found.append([])
        found[-1].append(item)
    return [batch for batch in found if batch]


def tensors(batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids and attention mask."""
    width = max(len(ids) for _, ids in batch)
    ids = torch.zeros(len(batch), width, dtype=torch.long)
    attention = torch.zeros(len(batch), width, dtype=torch.long)
    for row, (_, tokens) in enumerate(batch):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        attention[row, : len(tokens)] = 1
    return ids, attention
