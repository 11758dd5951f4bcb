import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Chunk, ChunkResult } from "./chunk";

/** Workers read TypeScript whoever started them. */
const START = `require("tsx/cjs"); require(${JSON.stringify(join(__dirname, "worker.ts"))});`;

/**
 * Runs chunks on so many threads. Results come in any order; `done` gets each with its chunk.
 *
 * @throws The first error of any worker; the others are stopped.
 */
export async function runAll(
  chunks: readonly Chunk[],
  threads: number,
  done: (chunk: Chunk, result: ChunkResult) => void,
): Promise<void> {
  const queue = chunks.values();
  const workers = Array.from({ length: Math.min(threads, chunks.length) }, () => new Worker(START, { eval: true }));
  const drain = (worker: Worker) =>
    new Promise<void>((resolve, reject) => {
      let current: Chunk | undefined;
      const next = () => {
        current = queue.next().value;
        if (current === undefined) resolve();
        else worker.postMessage(current);
      };
      worker.on("message", (result: ChunkResult) => {
        if (current !== undefined) done(current, result);
        next();
      });
      worker.on("error", reject);
      worker.on("exit", () => reject(new Error("a worker ended before its work")));
      next();
    });
  try {
    await Promise.all(workers.map(drain));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
