"""The lower layers of e5-small (a BERT of 12 layers and 384 units) with a multi-label head, in plain torch."""

from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional as F

LAYERS, WIDTH, HEADS, INNER, EPSILON = 10, 384, 12, 1536, 1e-12


class Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.query_key_value = nn.Linear(WIDTH, 3 * WIDTH)
        self.attended = nn.Linear(WIDTH, WIDTH)
        self.attended_norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.inner = nn.Linear(WIDTH, INNER)
        self.outer = nn.Linear(INNER, WIDTH)
        self.outer_norm = nn.LayerNorm(WIDTH, eps=EPSILON)

    def forward(self, hidden: Tensor, mask: Tensor, dropout: float) -> Tensor:
        batch, length, _ = hidden.shape
        heads = self.query_key_value(hidden).view(batch, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        scores = heads[0] @ heads[1].transpose(2, 3) / (WIDTH // HEADS) ** 0.5 + mask
        mixed = scores.softmax(3).to(heads.dtype) @ heads[2]
        mixed = self.attended(mixed.transpose(1, 2).reshape(batch, length, WIDTH))
        hidden = self.attended_norm(hidden + mixed)
        outer = self.outer(F.gelu(self.inner(hidden)))
        return self.outer_norm(hidden + F.dropout(outer, dropout, self.training))


class Tagger(nn.Module):
    """Token ids [batch, length] (0 pads) -> logits [batch, labels]: mean and maximum over the tokens under one linear layer."""

    def __init__(self, labels: int, tokens: int = 30522, dropout: float = 0.1) -> None:
        super().__init__()
        self.dropout = dropout
        self.words = nn.Embedding(tokens, WIDTH, sparse=True)
        self.places = nn.Embedding(512, WIDTH)
        self.kind = nn.Parameter(torch.zeros(WIDTH))
        self.norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.head = nn.Linear(2 * WIDTH, labels)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, ids: Tensor, attention: Tensor) -> Tensor:
        places = torch.arange(ids.shape[1], device=ids.device)
        hidden = self.norm(self.words(ids) + self.places(places) + self.kind)
        real = attention.to(hidden.dtype)
        mask = ((1 - real) * -1e4)[:, None, None, :]
        for layer in self.layers:
            hidden = layer(hidden, mask, self.dropout)
        hidden = hidden.float()
        weights = real.float()[:, :, None]
        mean = (hidden * weights).sum(1) / weights.sum(1)
        greatest = (hidden - (1 - weights) * 1e4).amax(1)
        return self.head(F.dropout(torch.cat([mean, greatest], 1), self.dropout, self.training))

    def load_base(self, model: Path) -> None:
        """Takes the weights of a BertModel that was exported to ONNX; the layers above these are left out."""
        base = read_weights(model)

        def put(module: nn.Module, name: str) -> None:
            module.weight.data.copy_(base[f"{name}.weight"])
            module.bias.data.copy_(base[f"{name}.bias"])

        self.words.weight.data.copy_(base["embeddings.word_embeddings.weight"])
        self.places.weight.data.copy_(base["embeddings.position_embeddings.weight"])
        self.kind.data.copy_(base["embeddings.token_type_embeddings.weight"][0])
        put(self.norm, "embeddings.LayerNorm")
        for index, layer in enumerate(self.layers):
            name = f"encoder.layer.{index}"
            parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
            layer.query_key_value.weight.data.copy_(torch.cat([base[f"{part}.weight"] for part in parts]))
            layer.query_key_value.bias.data.copy_(torch.cat([base[f"{part}.bias"] for part in parts]))
            put(layer.attended, f"{name}.attention.output.dense")
            put(layer.attended_norm, f"{name}.attention.output.LayerNorm")
            put(layer.inner, f"{name}.intermediate.dense")
            put(layer.outer, f"{name}.output.dense")
            put(layer.outer_norm, f"{name}.output.LayerNorm")


def read_weights(file: Path) -> dict[str, Tensor]:
    """An ONNX model's weights by their names in torch. The exporter keeps a matrix turned, under a name of its node's alone."""
    graph = onnx.load(file).graph
    weights = {
        tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy())
        for tensor in graph.initializer
        if tensor.data_type == onnx.TensorProto.FLOAT
    }
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in weights:
            name = node.name.strip("/").removesuffix("/MatMul").replace("/", ".")
            weights[f"{name}.weight"] = weights[node.input[1]].T
    return weights
