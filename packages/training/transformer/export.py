"""Makes an int8 ONNX model and its tokenizer of fine-tuned weights; see README.md."""

import argparse
import json
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from model import Tagger
from questions import TOKENIZER, TOKENS, Questions, read_questions


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True, nargs="+", help="of one run or of several, which are averaged")
    parser.add_argument("--out", type=Path, required=True, help="folder for model.onnx and tokenizer.json")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    tokenizer = json.loads((options.base / TOKENIZER).read_text())
    questions = read_questions(options.texts, options.base / TOKENIZER)
    tagger = Tagger(len(questions.labels))
    runs = [torch.load(file) for file in options.weights]
    tagger.load_state_dict({name: sum(run[name] for run in runs) / len(runs) for name in runs[0]})
    kept = kept_tokens(questions, tokenizer["model"]["vocab"])
    tagger.words = RoundedRows(tagger.words.weight.data[kept])
    tagger.places.weight.data = tagger.places.weight.data[:TOKENS]
    export(tagger.eval(), questions.labels, options.out / "model.onnx")
    (options.out / "tokenizer.json").write_text(json.dumps(shrunk(tokenizer, kept), ensure_ascii=False))


class RoundedRows(nn.Module):
    """A table of embeddings in int8, each row with a scale of its own."""

    def __init__(self, table: Tensor) -> None:
        super().__init__()
        scales = table.abs().amax(1, keepdim=True) / 127
        self.register_buffer("scales", scales)
        self.register_buffer("rows", (table / scales.clamp(min=1e-9)).round().to(torch.int8))

    def forward(self, ids: Tensor) -> Tensor:
        return self.rows[ids].float() * self.scales[ids]


def kept_tokens(questions: Questions, vocabulary: dict[str, int]) -> list[int]:
    """Half of the tokens stand in no question of an unbiased source: they have learnt little. Without them, a word falls into smaller pieces."""
    rows = [row for row in questions.rows("train") if questions.core[row]]
    seen = {token for row in rows for token in questions.tokens(row, with_body=True)}
    whole = {id for token, id in vocabulary.items() if is_special(token) or len(token.removeprefix("##")) == 1}
    return sorted(seen | whole)


def is_special(token: str) -> bool:
    return token in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def shrunk(tokenizer: dict, kept: list[int]) -> dict:
    """The tokenizer with these tokens alone, numbered anew, which cuts and pads nothing."""
    numbers = {old: new for new, old in enumerate(kept)}
    vocabulary = sorted(tokenizer["model"]["vocab"].items(), key=lambda entry: entry[1])
    model = {**tokenizer["model"], "vocab": {token: numbers[id] for token, id in vocabulary if id in numbers}}
    added = [{**token, "id": numbers[token["id"]]} for token in tokenizer["added_tokens"] if token["id"] in numbers]
    special = {
        name: {**token, "ids": [numbers[id] for id in token["ids"]]}
        for name, token in tokenizer["post_processor"]["special_tokens"].items()
    }
    processor = {**tokenizer["post_processor"], "special_tokens": special}
    changed = {"model": model, "added_tokens": added, "post_processor": processor}
    return {**tokenizer, **changed, "truncation": None, "padding": None}


def export(tagger: Tagger, labels: list[str], file: Path) -> None:
    whole = file.with_suffix(".float.onnx")
    names = {name: {0: "batch", 1: "length"} for name in ("input_ids", "attention_mask")}
    example = torch.ones(2, 5, dtype=torch.long)
    torch.onnx.export(
        tagger,
        (example, example),
        str(whole),
        input_names=list(names),
        output_names=["logits"],
        dynamic_axes={**names, "logits": {0: "batch"}},
        opset_version=17,
        dynamo=False,
    )
    # Seven bits: processors without VNNI add products of eight beyond their range.
    operators = ["MatMul", "Gemm"]
    quantize_dynamic(whole, file, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True, op_types_to_quantize=operators)
    whole.unlink()
    model = onnx.load(file)
    onnx.helper.set_model_props(model, {"labels": json.dumps(labels, separators=(",", ":"))})
    onnx.save(model, file)


if __name__ == "__main__":
    main()
