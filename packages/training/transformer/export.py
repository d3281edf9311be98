"""Makes an int8 ONNX model of fine-tuned weights, and its logits of the validation split; see README.md."""

import argparse
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from model import Tagger
from questions import Questions, batches, read_questions, tensors


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder for model.onnx")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    questions = read_questions(options.texts, options.base / "tokenizer.json")
    tagger = Tagger(len(questions.labels))
    tagger.load_state_dict(torch.load(options.weights))
    tagger.words.sparse = False
    model = options.out / "model.onnx"
    export(tagger.eval(), model)
    for view, with_body in (("titles", False), ("bodies", True)):
        logits(questions, model, with_body).tofile(options.out / f"validation-{view}.float32")


def export(tagger: Tagger, file: Path) -> None:
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
    operators = ["MatMul", "Gemm", "Gather"]
    quantize_dynamic(whole, file, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=operators)
    whole.unlink()


def logits(questions: Questions, model: Path, with_body: bool) -> np.ndarray:
    """[row, label], in the order of the validation split; with bodies, of the questions that have one."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model), options)
    rows = [row for row in questions.rows("val") if not with_body or questions.prose[row] or questions.code[row]]
    found = {}
    for batch in batches(questions, [(row, with_body) for row in rows], shuffled=False):
        ids, attention = tensors(batch)
        (answers,) = session.run(None, {"input_ids": ids.numpy(), "attention_mask": attention.numpy()})
        found.update(zip((row for row, _ in batch), answers))
    return np.stack([found[row] for row in rows])


if __name__ == "__main__":
    main()
