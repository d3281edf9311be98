"""Trains a small BERT on a few titles and writes it as Hugging Face's own tools do: model.onnx, config.json, tokenizer.json,
tokenizer_config.json, and golden.json with the answers that it gives in Python.

    python3.11 -m venv venv
    venv/bin/pip install -r requirements.txt
    venv/bin/python make.py
"""

import html
import json
import re
import runpy
from pathlib import Path

import torch
from tokenizers import BertWordPieceTokenizer
from tokenizers.processors import BertProcessing
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

HERE = Path(__file__).parent
MAX_TOKENS = 48
LABELS = ["c#", "c++", "javascript", "python", "sql"]

torch.manual_seed(7)
torch.set_num_threads(1)
QUESTIONS = runpy.run_path(str(HERE.parent / "sklearn-text" / "questions.py"))["QUESTIONS"]
GOLDEN = [
    ("How can I flatten a list of lists in Python?", ""),
    ("C# or C++: which one for a game engine?", ""),
    ("c++ std::vector vs. c# List<T>", "I pass a <code>vector&lt;int&gt;</code> to C#."),
    ("Select the top 3 rows per group", "<p>I have a SQL table &amp; an index.</p>"),
    ("Événement clavier ignoré en JavaScript — pourquoi ?", "naïve café ☕"),
    ("データベースに接続できない SQL", "日本語のテキスト"),
    ("???", ""),
    ("A long body is cut", "Every word of this python question counts until there are too many of them. " * 20),
    ("Is [SEP] a token or a text?", "[MASK] javascript"),
]


def plain(body: str) -> str:
    """What the service makes of these bodies."""
    return html.unescape(re.sub(r"</?(p|code)>", "", body))


def write_tokenizer() -> PreTrainedTokenizerFast:
    trained = BertWordPieceTokenizer(lowercase=True)
    texts = [title for title, _ in QUESTIONS] + [f"{title} {plain(body)}" for title, body in GOLDEN]
    trained.train_from_iterator(texts, vocab_size=1000, min_frequency=1, show_progress=False)
    trained.post_processor = BertProcessing(*((token, trained.token_to_id(token)) for token in ("[SEP]", "[CLS]")))
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=trained._tokenizer,
        model_max_length=MAX_TOKENS,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        pad_token="[PAD]",
        mask_token="[MASK]",
    )
    tokenizer.save_pretrained(HERE)
    return tokenizer


def train(tokenizer: PreTrainedTokenizerFast) -> BertForSequenceClassification:
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=MAX_TOKENS,
        id2label=dict(enumerate(LABELS)),
        label2id={label: id for id, label in enumerate(LABELS)},
        problem_type="multi_label_classification",
        attn_implementation="eager",
    )
    model = BertForSequenceClassification(config)
    titles = [title for title, _ in QUESTIONS]
    alone = tokenizer(titles, padding=True, return_tensors="pt")
    with_body = tokenizer(titles, titles, padding=True, return_tensors="pt")
    targets = torch.tensor([[float(label in tags) for label in LABELS] for _, tags in QUESTIONS])
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for batch in [alone, with_body] * 200:
        optimizer.zero_grad()
        model(**batch, labels=targets).loss.backward()
        optimizer.step()
    return model.eval()


def export(model: BertForSequenceClassification, tokenizer: PreTrainedTokenizerFast) -> None:
    """What `optimum-cli export onnx` does, without its many dependencies."""
    example = tokenizer("a title", "a body", return_tensors="pt")
    names = ["input_ids", "attention_mask", "token_type_ids"]
    axes = {name: {0: "batch_size", 1: "sequence_length"} for name in names}
    torch.onnx.export(
        model,
        tuple(example[name] for name in names),
        str(HERE / "model.onnx"),
        input_names=names,
        output_names=["logits"],
        dynamic_axes={**axes, "logits": {0: "batch_size"}},
        opset_version=17,
        dynamo=False,
    )
    model.config.save_pretrained(HERE)


tokenizer = write_tokenizer()
model = train(tokenizer)
export(model, tokenizer)
golden = []
for title, body in GOLDEN:
    encoded = tokenizer(title, plain(body) or None, truncation=True, max_length=MAX_TOKENS, return_tensors="pt")
    with torch.no_grad():
        probabilities = torch.sigmoid(model(**encoded).logits)[0].tolist()
    golden.append({"title": title, "body": body, "probabilities": probabilities})
HERE.joinpath("golden.json").write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n")
