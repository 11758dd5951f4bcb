import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { normaliseRelease } from "../components/release/normalise-release";
import { releasePromql } from "../components/release/sequential/evaluators";
import type { SequentialRule } from "../components/release/sequential/rule";
import { freePorts } from "../testkit";

/** A release of 20 minutes after an hour of history, of one service among many. */
const SERVICES = 51;
const COPIES = 3;
const SCRAPE_SECONDS = 15;
const ROLLOUT_SECONDS = 1200;
const HISTORY_SECONDS = 3600;
const LIMIT_MILLISECONDS = 50;
const RUNS = 31;
const END = 1_795_200_000;

/** Counters of every service in both versions, in the format that promtool imports. */
function counters(): string {
  const lines = ["# TYPE http_requests counter"];
  const scrapes = (HISTORY_SECONDS + ROLLOUT_SECONDS) / SCRAPE_SECONDS;
  for (let service = 0; service < SERVICES; service++) {
    for (const revision of [1, 2]) {
      for (let copy = 0; copy < COPIES; copy++) {
        for (const [code, most] of [
          [200, 200],
          [503, 3],
        ] as const) {
          let total = 0;
          for (let scrape = 0; scrape <= scrapes; scrape++) {
            const at = END - (scrapes - scrape) * SCRAPE_SECONDS;
            if (revision === 2 && at < END - ROLLOUT_SECONDS) continue;
            // Any numbers do: what is measured is the evaluation.
            total += (scrape * 7 + copy * 3 + service) % (most + 1);
            lines.push(
              `http_requests_total{service="s${service}",revision="${revision}",copy="${copy}",code="${code}"} ${total} ${at}`,
            );
          }
        }
      }
    }
  }
  return [...lines, "# EOF", ""].join("\n");
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "headgate-query-"));
  const [port = 0] = await freePorts(1);
  const [data, file] = [join(folder, "data"), join(folder, "counters.txt")];
  writeFileSync(file, counters());
  execFileSync("promtool", ["tsdb", "create-blocks-from", "openmetrics", file, data], { stdio: "ignore" });
  writeFileSync(join(folder, "prometheus.yml"), "scrape_configs: []\n");
  const server = spawn(
    "prometheus",
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${data}`,
      "--storage.tsdb.retention.time=100y",
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: "ignore" },
  );
  try {
    const url = `http://127.0.0.1:${port}`;
    for (let round = 0; round < 100; round++) {
      const ready = await fetch(`${url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (ready) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const service = { image: { build: { context: "." } }, port: 1, health: { readiness: { path: "/" } } };
    const rule = normaliseRelease({ release: {}, service }).rule as SequentialRule;
    const version = (revision: string) => {
      const labels = `service="s7",revision="${revision}"`;
      return {
        errors: { total: `http_requests_total{${labels}}`, bad: `http_requests_total{code=~"5..",${labels}}` },
      };
    };
    const [errors] = releasePromql({
      rule,
      canary: version("2"),
      stable: version("1"),
      scrapeSeconds: SCRAPE_SECONDS,
      rolloutSeconds: ROLLOUT_SECONDS,
    });
    const query = errors?.query ?? "";
    const time = async (expression: string) => {
      const start = process.hrtime.bigint();
      const body = new URLSearchParams({ query: expression, time: String(END) });
      const answer = await fetch(`${url}/api/v1/query`, { method: "POST", body });
      const { data: found } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
      if (Number.isNaN(Number(found.result[0]?.value[1]))) throw new Error(`no value: ${JSON.stringify(found)}`);
      return Number(process.hrtime.bigint() - start) / 1e6;
    };
    await time(query);
    const pairs: { plain: number; judge: number }[] = [];
    for (let run = 0; run < RUNS; run++) pairs.push({ plain: await time("vector(1)"), judge: await time(query) });
    const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
    const judge = median(pairs.map((pair) => pair.judge));
    const plain = median(pairs.map((pair) => pair.plain));
    console.log(
      `query: median ${judge.toFixed(1)} ms, beside vector(1) ${plain.toFixed(1)} ms; limit ${LIMIT_MILLISECONDS} ms; ` +
        `${query.length} characters`,
    );
    process.exitCode = judge <= LIMIT_MILLISECONDS ? 0 : 1;
  } finally {
    server.kill();
    await new Promise((resolve) => server.once("exit", resolve));
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
