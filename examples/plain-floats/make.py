"""Makes model.onnx, columns.json and golden.json beside this file: iris measurements in, one of three species out.

    python3.11 -m venv venv
    venv/bin/pip install -r requirements.txt
    venv/bin/python make.py
"""

import json
from pathlib import Path

import numpy as np
from skl2onnx import to_onnx
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

iris = load_iris()
pipe = make_pipeline(StandardScaler(), LogisticRegression())
pipe.fit(iris.data, iris.target_names[iris.target])
# As skl2onnx exports by itself: the names of the classes are in the model, in a ZipMap.
model = to_onnx(pipe, iris.data[:1].astype(np.float32))

here = Path(__file__).parent
here.joinpath("model.onnx").write_bytes(model.SerializeToString())
here.joinpath("columns.json").write_text(json.dumps(iris.feature_names) + "\n")
rows = iris.data[::15].astype(np.float32)
golden = [
    {"floats": [round(float(x), 1) for x in row], "probabilities": probabilities.tolist()}
    for row, probabilities in zip(rows, pipe.predict_proba(rows))
]
here.joinpath("golden.json").write_text(json.dumps(golden, indent=1) + "\n")
