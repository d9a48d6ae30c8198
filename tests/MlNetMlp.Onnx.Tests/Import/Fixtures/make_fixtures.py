"""Writes the ONNX files of this folder, with rows and what their networks give for them.

    python3 make_fixtures.py

Made with PyTorch 1.13 (torch.onnx.export), scikit-learn 1.2.1 and onnx 1.12. The files of scikit-learn's networks have the operators that
its converter, skl2onnx, writes for them; they are put together here with onnx.helper, and checked by onnx.checker.
Every X.onnx has an X.json: {"columns": of the features, "features": row after row, "scores": row after row}.
"""

import json
import pathlib
import warnings

import numpy
import onnx
import onnx.checker
import torch
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import make_classification, make_regression
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import StandardScaler
from torch import nn

folder = pathlib.Path(__file__).parent
warnings.filterwarnings("ignore")


def expect(name, features, scores):
    onnx.checker.check_model(onnx.load(str(folder / f"{name}.onnx")))
    rows = numpy.asarray(features, dtype=numpy.float32)
    with open(folder / f"{name}.json", "w") as file:
        json.dump({
            "columns": rows.shape[1],
            "features": [float(value) for value in rows.ravel()],
            "scores": [float(value) for value in numpy.asarray(scores, dtype=numpy.float64).ravel()],
        }, file)
        file.write("\n")


def export(name, network, inputs, opset):
    """The scores are those of the network in double precision."""
    network.eval()
    rows = torch.randn(6, inputs)
    torch.onnx.export(network, rows, str(folder / f"{name}.onnx"), opset_version=opset, input_names=["x"], output_names=["y"],
                      dynamic_axes={"x": {0: "batch"}, "y": {0: "batch"}})
    with torch.no_grad():
        expect(name, rows.numpy(), network.double()(rows.double()).numpy())


torch.manual_seed(1)
export("torch_relu", nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Dropout(0.3), nn.Linear(8, 6), nn.Tanh(), nn.Linear(6, 3)), 5, 9)
export("torch_softmax", nn.Sequential(nn.Flatten(), nn.Linear(4, 7), nn.LeakyReLU(0.2), nn.Linear(7, 5), nn.ELU(0.7), nn.Linear(5, 3), nn.Softmax(dim=1)), 4, 13)
export("torch_functions", nn.Sequential(
    nn.Linear(5, 8), nn.GELU(), nn.Linear(8, 8), nn.SiLU(), nn.Linear(8, 8), nn.Mish(), nn.Linear(8, 8), nn.SELU(),
    nn.Linear(8, 8), nn.PReLU(8), nn.Linear(8, 8), nn.PReLU(), nn.Linear(8, 8), nn.Sigmoid(), nn.Linear(8, 2)), 5, 14)


class NoBias(nn.Module):
    """Without a bias, torch writes MatMul with the transposed weights."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(5, 8, bias=False), nn.Linear(8, 1)
        self.register_buffer("mean", torch.randn(5))
        self.register_buffer("deviation", torch.rand(5) + 0.5)

    def forward(self, x):
        return torch.sigmoid(self.second(torch.relu(self.first((x - self.mean) / self.deviation))))


export("torch_standardized", NoBias(), 5, 11)


def normalized(size):
    layer = nn.BatchNorm1d(size)
    layer.running_mean.normal_()
    layer.running_var.uniform_(0.5, 2)
    nn.init.normal_(layer.weight)
    nn.init.normal_(layer.bias)
    return layer


export("torch_batch_normalization", nn.Sequential(
    nn.Linear(5, 8), normalized(8), nn.ReLU(), nn.Linear(8, 6), nn.ReLU(), normalized(6), nn.Linear(6, 2), nn.Tanh(), normalized(2)), 5, 12)


def as_skl2onnx(name, network, scaler, rows, activation, end):
    nodes, constants = [], []

    def constant(label, values):
        constants.append(numpy_helper.from_array(numpy.asarray(values), label))
        return label

    nodes.append(helper.make_node("Scaler", ["X"], ["variable"], domain="ai.onnx.ml",
                                  offset=scaler.mean_.astype(float).tolist(), scale=(1 / scaler.scale_).tolist()))
    nodes.append(helper.make_node("Cast", ["variable"], ["cast_input"], to=TensorProto.FLOAT))
    value = "cast_input"
    for i, (weights, biases) in enumerate(zip(network.coefs_, network.intercepts_)):
        suffix = str(i) if i else ""
        nodes.append(helper.make_node("MatMul", [value, constant("coefficient" + suffix, weights.astype(numpy.float32))], ["mul_result" + suffix]))
        nodes.append(helper.make_node("Add", ["mul_result" + suffix, constant("intercepts" + suffix, biases.reshape(1, -1).astype(numpy.float32))], ["add_result" + suffix]))
        value = "add_result" + suffix
        if i < len(network.coefs_) - 1:
            nodes.append(helper.make_node(activation, [value], ["next_activations" + suffix]))
            value = "next_activations" + suffix

    classes = None
    if end == "Softmax":
        nodes.append(helper.make_node("Softmax", [value], ["probabilities"]))
        probabilities = "probabilities"
    elif end == "Sigmoid":
        nodes.append(helper.make_node("Sigmoid", [value], ["out_activations_result"]))
        nodes.append(helper.make_node("Sub", [constant("unity", numpy.float32(1)), "out_activations_result"], ["negative_class_proba"]))
        nodes.append(helper.make_node("Concat", ["negative_class_proba", "out_activations_result"], ["probabilities"], axis=1))
        probabilities = "probabilities"
    else:
        probabilities = None
        nodes.append(helper.make_node("Reshape", [value, constant("shape", numpy.array([-1, 1], dtype=numpy.int64))], ["variable_out"]))

    if probabilities:
        classes = constant("classes", network.classes_.astype(numpy.int32))
        nodes += [
            helper.make_node("ArgMax", [probabilities], ["argmax_output"], axis=1),
            helper.make_node("ArrayFeatureExtractor", [classes, "argmax_output"], ["array_feature_extractor_result"], domain="ai.onnx.ml"),
            helper.make_node("Cast", ["array_feature_extractor_result"], ["cast_output"], to=TensorProto.INT64),
            helper.make_node("Reshape", ["cast_output", constant("shape_tensor", numpy.array([-1], dtype=numpy.int64))], ["label"]),
        ]
        outputs = [helper.make_tensor_value_info("label", TensorProto.INT64, [None]),
                   helper.make_tensor_value_info(probabilities, TensorProto.FLOAT, [None, None])]
    else:
        outputs = [helper.make_tensor_value_info("variable_out", TensorProto.FLOAT, [None, 1])]

    graph = helper.make_graph(nodes, name, [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, rows.shape[1]])], outputs, constants)
    model = helper.make_model(graph, producer_name="skl2onnx", opset_imports=[helper.make_opsetid("", 15), helper.make_opsetid("ai.onnx.ml", 1)])
    model.ir_version = 8
    onnx.save(model, str(folder / f"{name}.onnx"))


def fitted(network, x, y):
    scaler = StandardScaler().fit(x)
    return network.fit(scaler.transform(x), y), scaler


x, y = make_classification(120, 6, n_informative=4, n_classes=3, random_state=1)
x = 5 * x + 20
network, scaler = fitted(MLPClassifier((9, 4), activation="tanh", max_iter=60, random_state=1), x, y)
as_skl2onnx("sklearn_multiclass", network, scaler, x, "Tanh", "Softmax")
expect("sklearn_multiclass", x[:6], network.predict_proba(scaler.transform(x[:6].astype(numpy.float32))))

network, scaler = fitted(MLPClassifier((9,), activation="relu", max_iter=60, random_state=1), x, y > 0)
as_skl2onnx("sklearn_binary", network, scaler, x, "Relu", "Sigmoid")
expect("sklearn_binary", x[:6], network.predict_proba(scaler.transform(x[:6].astype(numpy.float32)))[:, 1:])

x, y = make_regression(120, 6, random_state=1)
network, scaler = fitted(MLPRegressor((9,), activation="logistic", max_iter=400, random_state=1), x, y / 50)
as_skl2onnx("sklearn_regression", network, scaler, x, "Sigmoid", "")
expect("sklearn_regression", x[:6], network.predict(scaler.transform(x[:6].astype(numpy.float32))))


def refused(name, node, *more):
    """Files with one operator that is no part of a dense network; nobody runs them."""
    weights = numpy_helper.from_array(numpy.ones((3, 2), dtype=numpy.float32), "W")
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["X", "W"], ["z"]), node, *more], name,
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, 3])], [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)], [weights])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    onnx.save(model, str(folder / f"refused_{name}.onnx"))


refused("Sin", helper.make_node("Sin", ["z"], ["y"]))
refused("ThresholdedRelu", helper.make_node("ThresholdedRelu", ["z"], ["y"], alpha=0.5))
refused("LeakyRelu", helper.make_node("LeakyRelu", ["z"], ["y"], alpha=2.0))
refused("Tanh", helper.make_node("Relu", ["z"], ["a"]), helper.make_node("Tanh", ["a"], ["y"]))
refused("MatMul", helper.make_node("MatMul", ["z", "z"], ["y"]))
refused("Exp", helper.make_node("Exp", ["z"], ["e"]), helper.make_node("Concat", ["z", "e"], ["y"], axis=1))
refused("Relu", helper.make_node("Softmax", ["z"], ["p"], axis=1), helper.make_node("Relu", ["p"], ["y"]))
refused("Softmax", helper.make_node("Softmax", ["z"], ["y"], axis=0))
