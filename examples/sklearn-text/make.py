"""Makes model.onnx, labels.json and golden.json beside this file: what somebody with scikit-learn brings along.

    python3.11 -m venv venv
    venv/bin/pip install -r requirements.txt
    venv/bin/python make.py
"""

import html
import json
import re
from pathlib import Path

from questions import QUESTIONS
from skl2onnx import to_onnx
from skl2onnx.common.data_types import StringTensorType
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MultiLabelBinarizer

GOLDEN = [
    ("How can I flatten a list of lists in Python?", ""),
    ("C# or C++: which one for a game engine?", ""),
    ("c++ std::vector vs. c# List<T>", "I pass a <code>vector&lt;int&gt;</code> to C#."),
    ("Select the top 3 rows per group", "<p>I have a SQL table &amp; an index.</p>"),
    ("Événement clavier ignoré en JavaScript — pourquoi ?", "naïve café ☕"),
    ("データベースに接続できない SQL", "日本語のテキスト"),
    ("ПОЧЕМУ PYTHON не видит модуль", ""),
    ("array.map is not a function", "const xs = {};\nxs.map(x => x + 1)"),
    ("???", ""),
    ("javascript JAVASCRIPT JavaScript", "javascript"),
]


def plain(title: str, body: str) -> str:
    """What the service makes of a question for a model that reads ["title", "body"]."""
    return title + "\n" + html.unescape(re.sub(r"</?(p|code)>", "", body))


binarizer = MultiLabelBinarizer()
targets = binarizer.fit_transform([tags for _, tags in QUESTIONS])
pipe = make_pipeline(
    TfidfVectorizer(token_pattern=r"[a-zA-Z0-9_+#.]+"),
    OneVsRestClassifier(LogisticRegression(C=10)),
)
pipe.fit([title for title, _ in QUESTIONS], targets)
model = to_onnx(pipe, initial_types=[("text", StringTensorType([None, 1]))], options={id(pipe): {"zipmap": False}})

here = Path(__file__).parent
here.joinpath("model.onnx").write_bytes(model.SerializeToString())
here.joinpath("labels.json").write_text(json.dumps(binarizer.classes_.tolist()) + "\n")
rows = pipe.predict_proba([plain(title, body) for title, body in GOLDEN])
golden = [{"title": t, "body": b, "probabilities": row.tolist()} for (t, b), row in zip(GOLDEN, rows)]
here.joinpath("golden.json").write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n")
