"""Fine-tunes e5-small on the questions that texts.ts wrote; see README.md."""

import argparse
import random
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from model import Tagger
from questions import BATCH, MODEL, TOKENIZER, Batch, batches, read_questions, tensors

RATE, HEAD_RATE, WARM_UP = 1.2e-4, 15, 0.03


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--base", type=Path, required=True, help="folder of e5-small-v2.onnx and its tokenizer")
    parser.add_argument("--out", type=Path, required=True, help="file for the weights")
    parser.add_argument("--weights", type=Path, help="begin with these instead of the base's")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    random.seed(options.seed)
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    questions = read_questions(options.texts, options.base / TOKENIZER)
    rows = questions.rows("train")
    model = Tagger(len(questions.labels))
    if options.weights:
        model.load_state_dict(torch.load(options.weights))
    else:
        model.load_base(options.base / MODEL)
        model.head.bias.data.copy_(log_odds(questions.shares[rows]))
    # Each question by its title, and those with a body once more with it. Bodies of biased sources would take most of the time.
    asked = [(row, False) for row in rows]
    asked += [(row, True) for row in rows if questions.has_body(row) and questions.core[row]]
    plan = [batch for _ in range(options.epochs) for batch in batches(questions, asked, shuffled=True)]
    train(model, plan, questions.shares)
    torch.save(model.state_dict(), options.out)


def train(model: Tagger, plan: list[Batch], shares: np.ndarray) -> None:
    encoder = [(name, value) for name, value in model.named_parameters() if not name.startswith(("head.", "words."))]
    decayed = [value for _, value in encoder if value.dim() == 2]
    others = [value for _, value in encoder if value.dim() == 1]
    head = list(model.head.parameters())
    groups = [
        {"params": decayed, "factor": 1, "weight_decay": 0.01},
        {"params": others, "factor": 1, "weight_decay": 0},
        {"params": head, "factor": HEAD_RATE, "weight_decay": 0.01},
    ]
    dense = torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.98), fused=True)
    sparse = torch.optim.SparseAdam([model.words.weight], lr=RATE, betas=(0.9, 0.98))
    sparse.param_groups[0]["factor"] = 1
    begun = time.monotonic()
    model.train()
    for step, batch in enumerate(plan):
        done = step / len(plan)
        # A batch of long bodies holds few questions, so its gradient is noisier.
        rate = RATE * max(min(1, done / WARM_UP) * (1 - done), 1e-6) * (len(batch) / BATCH) ** 0.5
        for group in [*dense.param_groups, *sparse.param_groups]:
            group["lr"] = rate * group["factor"]
        known = torch.from_numpy(shares[[row for row, _ in batch]])
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(*tensors(batch))
        losses = F.binary_cross_entropy_with_logits(logits, known.nan_to_num(), reduction="none")
        loss = (losses * ~known.isnan()).sum() / len(batch)
        dense.zero_grad()
        sparse.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(decayed + others, 5.0)
        dense.step()
        sparse.step()
        if step % 100 == 0:
            print(f"{step}/{len(plan)} loss {loss.item():.2f}, {time.monotonic() - begun:.0f} s", flush=True)


def log_odds(shares: np.ndarray) -> torch.Tensor:
    """Each label's, so that the first steps need not find them."""
    return torch.tensor(np.log((np.nansum(shares, 0) + 1) / (np.nansum(1 - shares, 0) + 1)), dtype=torch.float32)


if __name__ == "__main__":
    main()
