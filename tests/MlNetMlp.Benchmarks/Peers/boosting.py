"""scikit-learn's histogram-based gradient boosting, with its defaults, on rows that the quality benchmark hands over.

    python3 boosting.py FOLDER TASK SEED

The folder has train-features.bin and test-features.bin (float32, row after row) and train-labels.bin (float64). Writes predictions.bin into it (float64:
numbers, or the probabilities of all classes, row after row), and prints what it took as one line of JSON.
"""

import json
import os
import pickle
import sys
import time

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

folder, task, seed = sys.argv[1], sys.argv[2], int(sys.argv[3])


def read(name, kind):
    return np.fromfile(os.path.join(folder, name), dtype=kind)


labels = read("train-labels.bin", np.float64)
train = read("train-features.bin", np.float32).reshape(len(labels), -1)
test = read("test-features.bin", np.float32).reshape(-1, train.shape[1])
regression = task == "Regression"
if not regression:
    labels = labels.astype(int)


def learner(**options):
    return (HistGradientBoostingRegressor if regression else HistGradientBoostingClassifier)(random_state=seed, **options)


def predict():
    return model.predict(test) if regression else model.predict_proba(test)


# Once on few rows, as ML.NET's trainers get it: what a library does only once is not counted.
few = np.arange(len(labels)) % max(1, len(labels) // 200) == 0
learner(max_iter=2).fit(train[few], labels[few])
model = learner()
start, processor_start = time.perf_counter(), time.process_time()
model.fit(train, labels)
seconds, processor_seconds = time.perf_counter() - start, time.process_time() - processor_start
predict()
start = time.perf_counter()
predictions = predict()
scoring_seconds = time.perf_counter() - start
predictions.astype(np.float64).tofile(os.path.join(folder, "predictions.bin"))
print(json.dumps({"fit": seconds, "processor": processor_seconds, "scoring": scoring_seconds, "bytes": len(pickle.dumps(model))}))
