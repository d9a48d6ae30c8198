"""The peers of the side-by-side runs: NumPy (OpenBLAS), PyTorch and scikit-learn.

    python3 peer.py

Reads one JSON object per line from the standard input, does what it asks for and answers with one line, {"seconds": ...}. What is not
the work (made-up data, the network, a warm-up) is prepared once for each kind of request and not timed.
"""

import json
import os
import sys
import time

import numpy as np


def product(request):
    """One matrix product, `times` times: nn = A B, nt = A B^T, tn = A^T B, with m x n results of k terms."""
    m, k, n, form = request["m"], request["k"], request["n"], request["form"]

    def prepare():
        random = np.random.default_rng(1)
        left = random.standard_normal((k, m) if form == "tn" else (m, k), dtype=np.float32)
        right = random.standard_normal((n, k) if form == "nt" else (k, n), dtype=np.float32)
        left = left.T if form == "tn" else left
        right = right.T if form == "nt" else right
        result = np.empty((m, n), dtype=np.float32)
        return lambda: np.matmul(left, right, out=result)

    return repeat(request, prepare)


def train_torch(request):
    """Epochs of mini-batch descent as PyTorch's users write them: a permutation, indexed mini-batches, Adam.

    Of the step by step execution, the fused Adam and the compiled network, as far as this PyTorch has them on a processor, the fastest.
    """
    import torch

    def training(fused, compiles):
        torch.manual_seed(1)
        sizes, batch, rows = request["sizes"], request["batch"], request["rows"]
        layers = []
        for inputs, outputs in zip(sizes[:-2], sizes[1:-1]):
            layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
            if request["dropout"] > 0:
                layers.append(torch.nn.Dropout(request["dropout"]))
        network = torch.nn.Sequential(*layers, torch.nn.Linear(sizes[-2], sizes[-1]))
        network.train()
        features = torch.randn(rows, sizes[0])
        if sizes[-1] > 1:
            targets, loss = torch.randint(0, sizes[-1], (rows,)), torch.nn.CrossEntropyLoss()
        else:
            targets, loss = torch.randn(rows, 1), torch.nn.MSELoss()
        optimizer = torch.optim.Adam(network.parameters(), lr=1e-3, **({"fused": True} if fused else {}))
        scores = torch.compile(network) if compiles else network

        def epoch():
            order = torch.randperm(rows)
            for first in range(0, rows, batch):
                chosen = order[first : first + batch]
                optimizer.zero_grad(set_to_none=True)
                loss(scores(features[chosen]), targets[chosen]).backward()
                optimizer.step()

        return epoch

    def prepare():
        found = []
        for fused, compiles in [(False, False), (True, False), (True, True)]:
            try:
                epoch = training(fused, compiles)
                epoch()
                start = time.perf_counter()
                epoch()
                found.append((time.perf_counter() - start, len(found), epoch))
            except Exception as problem:
                say_once(f"PyTorch cannot train with fused={fused}, compiled={compiles}: {problem}".splitlines()[0])
        return min(found)[2]

    torch.set_num_threads(request["threads"])
    return repeat(request, prepare)


def make_sklearn(request):
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    sizes, rows = request["sizes"], request["rows"]
    random = np.random.default_rng(1)
    features = random.standard_normal((rows, sizes[0]), dtype=np.float32)
    kind = MLPClassifier if sizes[-1] > 1 else MLPRegressor
    model = kind(tuple(sizes[1:-1]), batch_size=request["batch"], alpha=0, shuffle=True, random_state=1)
    if sizes[-1] > 1:
        targets = random.integers(0, sizes[-1], rows)
        targets[: sizes[-1]] = range(sizes[-1])
        learn = lambda: model.partial_fit(features, targets, classes=range(sizes[-1]))
    else:
        targets = random.standard_normal(rows, dtype=np.float32)
        learn = lambda: model.partial_fit(features, targets)
    return model, features, learn


def train_sklearn(request):
    """Epochs of MLPClassifier or MLPRegressor: partial_fit is one pass over the rows in mini-batches."""
    return repeat(request, lambda: make_sklearn(request)[2])


def predict_sklearn(request):
    """One row at a time, as a service would."""

    def prepare():
        model, features, learn = make_sklearn({**request, "batch": 200, "rows": 1000})
        learn()
        predict = model.predict_proba if request["sizes"][-1] > 1 else model.predict
        row = features[:1]
        return lambda: predict(row)

    return repeat(request, prepare)


def make_onnx(request):
    """Writes the dense network with ReLU as an ONNX file, for a runtime that scores it."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    random = np.random.default_rng(1)
    sizes, nodes, weights, name = request["sizes"], [], [], "features"
    for i, (inputs, outputs) in enumerate(zip(sizes[:-1], sizes[1:])):
        w = (random.standard_normal((inputs, outputs)) / inputs**0.5).astype(np.float32)
        weights += [numpy_helper.from_array(w, f"w{i}"), numpy_helper.from_array(np.zeros(outputs, np.float32), f"b{i}")]
        nodes.append(helper.make_node("Gemm", [name, f"w{i}", f"b{i}"], [f"z{i}"]))
        name = f"z{i}"
        if i < len(sizes) - 2:
            nodes.append(helper.make_node("Relu", [name], [f"a{i}"]))
            name = f"a{i}"
    if sizes[-1] > 1:
        nodes.append(helper.make_node("Softmax", [name], ["scores"], axis=-1))
    else:
        nodes.append(helper.make_node("Identity", [name], ["scores"]))
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, [None, sizes[0]])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [None, sizes[-1]])],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 7
    onnx.save(model, request["path"])
    return 0.0


def versions(request):
    found = {"NumPy": np.__version__}
    for name, module in [("PyTorch", "torch"), ("scikit-learn", "sklearn"), ("onnx", "onnx")]:
        try:
            found[name] = __import__(module).__version__
        except ImportError:
            pass
    try:
        import threadpoolctl

        found["OpenBLAS"] = ", ".join(
            f"{info['version']} {info.get('architecture', '')} {info.get('threading_layer', '')}"
            for info in threadpoolctl.threadpool_info()
            if info.get("internal_api") == "openblas"
        )
    except ImportError:
        pass
    return found


PREPARED = {}
SAID = set()


def say_once(problem):
    if problem not in SAID:
        SAID.add(problem)
        print(problem, file=sys.stderr)


def repeat(request, prepare):
    """Seconds for `times` calls of what `prepare` makes; the first request of a kind warms it up."""
    key = json.dumps({**request, "times": 0}, sort_keys=True)
    if key not in PREPARED:
        PREPARED.clear()
        PREPARED[key] = prepare()
        PREPARED[key]()
    work = PREPARED[key]
    start = time.perf_counter()
    for _ in range(request["times"]):
        work()
    return time.perf_counter() - start


ANSWERS = {
    "product": product,
    "train-torch": train_torch,
    "train-sklearn": train_sklearn,
    "predict-sklearn": predict_sklearn,
    "make-onnx": make_onnx,
    "versions": versions,
}

if __name__ == "__main__":
    # What a library prints must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = {"seconds": ANSWERS[asked["do"]](asked)} if asked["do"] != "versions" else {"versions": versions(asked)}
        except Exception as error:  # the caller shows it and goes on without this peer
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)
