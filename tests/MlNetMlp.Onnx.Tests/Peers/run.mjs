// Runs ONNX files in ONNX Runtime and compares with the scores that the model gave.
//
//     node run.mjs <folder that has node_modules/onnxruntime-node> <folder with the cases>
//
// A case is a file X.onnx with X.json beside it: { "rows", "features", "score", "label"?, "probability"?, "tolerance" }, numbers row after row.
// NaN and the infinities are texts. The tests of this project write the cases; see PeerCases.cs. Version used: onnxruntime-node 1.30.

import { createRequire } from "node:module";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const [modules, folder] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(modules), "index.js"));
const runtime = require("onnxruntime-node");
console.log(`onnxruntime-node ${require("onnxruntime-node/package.json").version}`);

const farthest = (expected, actual) => {
    let worst = 0;
    if (expected.length !== actual.length) return Infinity;
    for (let i = 0; i < expected.length; i++) {
        const [e, a] = [Number(expected[i]), Number(actual[i])];
        const difference = Number.isNaN(e) ? (Number.isNaN(a) ? 0 : Infinity) : Math.abs(e - a);
        worst = Number.isNaN(difference) ? Infinity : Math.max(worst, difference);
    }
    return worst;
};

let failed = 0;
for (const name of readdirSync(folder).filter(file => file.endsWith(".onnx")).sort()) {
    const expected = JSON.parse(readFileSync(path.join(folder, name.replace(/onnx$/, "json")), "utf8"));
    const session = await runtime.InferenceSession.create(path.join(folder, name), { intraOpNumThreads: 1, logSeverityLevel: 3 });
    const columns = expected.features.length / expected.rows;
    const features = new runtime.Tensor("float32", Float32Array.from(expected.features, Number), [expected.rows, columns]);
    const outputs = await session.run({ [session.inputNames[0]]: features });
    const scale = Math.max(1, ...expected.score.map(Number).filter(Number.isFinite).map(Math.abs));
    const score = farthest(expected.score, outputs.Score.data);
    const probability = expected.probability ? farthest(expected.probability, outputs.Probability.data) : 0;
    const label = expected.label ? farthest(expected.label, outputs.PredictedLabel.data) : 0;
    const good = score <= expected.tolerance * scale && probability <= expected.tolerance && label === 0;
    failed += good ? 0 : 1;
    console.log(`${good ? "ok    " : "FAILED"} ${name}: score differs by ${score.toExponential(2)} of ${scale.toPrecision(3)}` +
        (expected.probability ? `, probability by ${probability.toExponential(2)}` : "") + (expected.label ? `, ${label === 0 ? "same" : "OTHER"} labels` : ""));
}

console.log(failed === 0 ? "all the same" : `${failed} differ`);
process.exitCode = failed === 0 ? 0 : 1;
