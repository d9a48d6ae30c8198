// ONNX Runtime as a peer: one row at a time, on one thread. Same protocol as peer.py.
//
//     node onnx_runtime.mjs <folder that has node_modules/onnxruntime-node>

import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import path from "node:path";

const require = createRequire(path.join(path.resolve(process.argv[2] ?? "."), "index.js"));
const runtime = require("onnxruntime-node");

let loaded = "";
let session;
let feeds;

async function predict({ path: file, sizes, times }) {
    if (loaded !== file) {
        session = await runtime.InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1 });
        feeds = { features: new runtime.Tensor("float32", new Float32Array(sizes[0]).fill(0.1), [1, sizes[0]]) };
        loaded = file;
        for (let i = 0; i < 1000; i++) await session.run(feeds);
    }

    const start = process.hrtime.bigint();
    for (let i = 0; i < times; i++) await session.run(feeds);
    return Number(process.hrtime.bigint() - start) / 1e9;
}

for await (const line of createInterface({ input: process.stdin })) {
    const asked = JSON.parse(line);
    try {
        const answer = asked.do === "versions"
            ? { versions: { "ONNX Runtime": require("onnxruntime-node/package.json").version } }
            : { seconds: await predict(asked) };
        console.log(JSON.stringify(answer));
    } catch (error) {
        console.log(JSON.stringify({ error: String(error) }));
    }
}
