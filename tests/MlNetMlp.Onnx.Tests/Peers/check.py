"""Checks ONNX files with the checker of the onnx package, types and shapes included.

    python3 check.py <folder with the files>

Version used: onnx 1.12.
"""

import pathlib
import sys

import onnx
import onnx.checker
import onnx.shape_inference

files = sorted(pathlib.Path(sys.argv[1]).glob("*.onnx"))
for file in files:
    model = onnx.load(str(file))
    onnx.checker.check_model(model, full_check=True)
    inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    outputs = [(output.name, [d.dim_param or d.dim_value for d in output.type.tensor_type.shape.dim]) for output in inferred.graph.output]
    print(f"ok     {file.name}: IR {model.ir_version}, operators {model.opset_import[0].version}, {len(model.graph.node)} nodes, {outputs}")
print(f"onnx {onnx.__version__}: {len(files)} files are valid" if files else "no files")
sys.exit(0 if files else 1)
