"""Makes pipeline.onnx, labels.json and golden.json beside this file: what somebody with scikit-learn brings along.

    python3.11 -m venv venv
    venv/bin/pip install scikit-learn==1.9.1 skl2onnx==1.20.0 onnx==1.23.2 numpy==2.4.6
    venv/bin/python make_pipeline.py
"""

import html
import json
import re
from pathlib import Path

from skl2onnx import to_onnx
from skl2onnx.common.data_types import StringTensorType
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MultiLabelBinarizer

QUESTIONS = [
    ("How do I merge two dictionaries in Python", ["python"]),
    ("Python list comprehension with two conditions", ["python"]),
    ("Read a CSV file in Python line by line", ["python"]),
    ("Why is a default argument shared between calls in Python", ["python"]),
    ("Sort a list of tuples by the second element in Python", ["python"]),
    ("Python decorator that takes an argument", ["python"]),
    ("Group rows of a pandas data frame in Python", ["python"]),
    ("Install a Python package from a local folder", ["python"]),
    ("Python generator that remembers where it was", ["python"]),
    ("How to mock the clock in a Python unit test", ["python"]),
    ("Python script that queries a SQL database", ["python", "sql"]),
    ("Pass a Python list to a SQL query safely", ["python", "sql"]),
    ("Join three tables in SQL and count the rows", ["sql"]),
    ("SQL query for the latest row of each group", ["sql"]),
    ("Difference of a left join and an inner join in SQL", ["sql"]),
    ("SQL index is not used with a like condition", ["sql"]),
    ("Update a table from another table in SQL", ["sql"]),
    ("SQL running total by month", ["sql"]),
    ("Delete duplicate rows from a SQL table", ["sql"]),
    ("How to pivot rows into columns in SQL", ["sql"]),
    ("SQL transaction deadlock on two updates", ["sql"]),
    ("Find the gaps in a sequence with a SQL query", ["sql"]),
    ("C# async method never returns", ["c#"]),
    ("How to read a text file in C#", ["c#"]),
    ("C# LINQ group by with a sum", ["c#"]),
    ("Convert a string to an enum in C#", ["c#"]),
    ("Why is my C# event handler called twice", ["c#"]),
    ("C# generic constraint for a constructor", ["c#"]),
    ("Cancel a running task in C#", ["c#"]),
    ("Difference of struct and class in C#", ["c#"]),
    ("C# property that is set only once", ["c#"]),
    ("Deserialize JSON into a C# record", ["c#"]),
    ("Call a SQL stored procedure from C#", ["c#", "sql"]),
    ("C# bulk insert into a SQL table", ["c#", "sql"]),
    ("C++ vector of unique pointers", ["c++"]),
    ("What does a virtual destructor do in C++", ["c++"]),
    ("C++ template argument deduction fails", ["c++"]),
    ("Segmentation fault when deleting an array in C++", ["c++"]),
    ("How to return a lambda from a C++ function", ["c++"]),
    ("C++ move constructor is not called", ["c++"]),
    ("Undefined reference when linking a C++ library", ["c++"]),
    ("Iterate over a map in C++ by reference", ["c++"]),
    ("C++ constexpr string as a template argument", ["c++"]),
    ("Overload the stream operator in C++", ["c++"]),
    ("Call a C++ function from C#", ["c#", "c++"]),
    ("Wrap a C++ class for Python", ["c++", "python"]),
    ("JavaScript promise resolves before the timeout", ["javascript"]),
    ("Remove an element from an array in JavaScript", ["javascript"]),
    ("What does this refer to in a JavaScript arrow function", ["javascript"]),
    ("Debounce an input event in JavaScript", ["javascript"]),
    ("JavaScript fetch with a timeout", ["javascript"]),
    ("Deep copy of an object in JavaScript", ["javascript"]),
    ("JavaScript closure inside a loop", ["javascript"]),
    ("Format a date in JavaScript without a library", ["javascript"]),
    ("Scroll to an element with JavaScript", ["javascript"]),
    ("JavaScript module is loaded twice", ["javascript"]),
    ("Send JSON from JavaScript to a Python server", ["javascript", "python"]),
    ("Regular expression for an e-mail address in JavaScript", ["javascript"]),
    ("Is the order of object keys guaranteed in JavaScript", ["javascript"]),
    ("Upload a file with JavaScript and show its progress", ["javascript"]),
]

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
here.joinpath("pipeline.onnx").write_bytes(model.SerializeToString())
here.joinpath("labels.json").write_text(json.dumps(binarizer.classes_.tolist()) + "\n")
rows = pipe.predict_proba([plain(title, body) for title, body in GOLDEN])
golden = [{"title": t, "body": b, "probabilities": row.tolist()} for (t, b), row in zip(GOLDEN, rows)]
here.joinpath("golden.json").write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n")
