import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { kubeconfigScript, sshScript } from "../../components/pipeline/scripts/access";
import { coverageScript } from "../../components/pipeline/scripts/coverage";
import { gateScript } from "../../components/pipeline/scripts/gate";
import { performanceScript } from "../../components/pipeline/scripts/performance";
import { verifyScript } from "../../components/pipeline/scripts/verify";
import { exec, mustExec } from "../../toolchain/exec";
import { Bench } from "./run/bash";

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench[Symbol.dispose]());

describe("the gate", () => {
  const gate = (results: unknown, maySkip = "") =>
    bench.run(gateScript, {
      RESULTS: typeof results === "string" ? results : JSON.stringify(results),
      MAY_SKIP: maySkip,
    });
  const job = (result: string) => ({ result, outputs: {} });

  test("opens when every job succeeded, or was skipped and may be", async () => {
    expect(await gate({ lint: job("success"), unit: job("success") })).toMatchObject({
      code: 0,
      stdout: "Every job succeeded.\n",
    });
    expect(await gate({ lint: job("success"), security: job("skipped") }, "other security")).toMatchObject({ code: 0 });
  });

  test.each(["failure", "cancelled", "skipped", "timed_out", ""])("stays closed for a job with %j", async (result) => {
    const { code, stderr, stdout } = await gate({ lint: job("success"), unit: job(result) });
    expect(code).toBe(1);
    expect(stderr).toBe(`The gate stays closed:\nunit: ${result}\n`);
    expect(stdout).toBe("");
  });

  test("names every job that is in the way", async () => {
    const { code, stderr } = await gate({ a: job("failure"), b: job("skipped"), c: job("cancelled") }, "b");
    expect(code).toBe(1);
    expect(stderr).toBe("The gate stays closed:\na: failure\nc: cancelled\n");
  });

  test("a job that may be skipped may not fail, and a name that only begins like it may not be skipped", async () => {
    expect((await gate({ security: job("failure") }, "security")).code).toBe(1);
    expect((await gate({ security: job("cancelled") }, "security")).code).toBe(1);
    expect((await gate({ sec: job("skipped") }, "security")).code).toBe(1);
  });

  test.each(["{}", "[]", "null", "", " ", "no JSON", '"success"', "{", '{"unit":{}}', '{"unit":null}'])(
    "stays closed for results that are none: %j",
    async (results) => {
      const { code, stdout } = await gate(results, "unit");
      expect(code).not.toBe(0);
      expect(stdout).toBe("");
    },
  );
});

describe("coverage", () => {
  const cover = (report: string | undefined, minimum: string) => {
    const file = report === undefined ? bench.path("none.xml") : bench.write("report", report);
    return bench.run(coverageScript, { REPORT: file, MINIMUM: minimum });
  };
  const lcov = (...files: [found: number, hit: number][]) =>
    files.map(([found, hit]) => `TN:\nSF:a.js\nDA:1,1\nLF:${found}\nLH:${hit}\nend_of_record\n`).join("");
  const cobertura = (attributes: string) =>
    `<?xml version="1.0" ?>\n<!DOCTYPE coverage SYSTEM 'http://cobertura.sourceforge.net/xml/coverage-04.dtd'>\n` +
    `<coverage ${attributes}>\n<packages><package line-rate="0.1"><class line-rate="0.1"/></package></packages>\n</coverage>\n`;

  test.each([
    ["LCOV of several files", lcov([10, 9], [30, 21]), "75.00"],
    ["LCOV with lines of Windows", lcov([4, 3]).replaceAll("\n", "\r\n"), "75.00"],
    ["Cobertura by its lines", cobertura('version="7" lines-valid="200" lines-covered="123" line-rate="0.9"'), "61.50"],
    [
      "Cobertura with the attributes the other way",
      cobertura('line-rate="0.2" lines-covered="3" lines-valid="4"'),
      "75.00",
    ],
    ["Cobertura with a rate alone", cobertura('line-rate="0.8125" branch-rate="0"'), "81.25"],
    ["a rate in powers of ten", cobertura('line-rate="5e-1"'), "50.00"],
    ["a whole report in one line", cobertura('lines-valid="8" lines-covered="7"').replaceAll("\n", ""), "87.50"],
    ["nothing covered", lcov([10, 0]), "0.00"],
    ["everything covered", lcov([7, 7]), "100.00"],
    ["a share that a computer cannot hold", lcov([100, 29]), "29.00"],
  ])("is read from %s", async (_, report, percent) => {
    const good = await cover(report, percent);
    expect(good.stdout).toContain(`Coverage: ${percent} % of the lines, at least ${percent} % are asked for.`);
    expect(good.code).toBe(0);
    const more = await cover(report, (Number(percent) + 0.01).toFixed(2));
    expect(more).toMatchObject({ code: 1, stderr: "The coverage is too small.\n" });
  });

  test("is rounded down, never up", async () => {
    const report = lcov([100_000, 79_999]);
    expect(await cover(report, "80")).toMatchObject({ code: 1, stdout: expect.stringContaining("79.99 %") });
    expect((await cover(cobertura('line-rate="0.79999"'), "80")).code).toBe(1);
    expect((await cover(report, "79.99")).code).toBe(0);
  });

  test.each([
    ["missing", undefined],
    ["empty", ""],
  ])("a %s report fails and says who writes it", async (_, report) => {
    const { code, stderr } = await cover(report, "0");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^There is no report of coverage in .*: the unit tests write it\.\n$/);
  });

  test.each([
    ["another format", '{"total":{"lines":{"pct":100}}}'],
    ["LCOV without a line", lcov([0, 0])],
    ["Cobertura without a line", cobertura('lines-valid="0" lines-covered="0" line-rate="1"')],
    ["Cobertura without figures", cobertura('version="1"')],
    ["words", "LF\nLH\n<coverages lines-valid='1'>"],
  ])("%s is no report, whatever is asked for", async (_, report) => {
    const { code, stderr } = await cover(report, "0");
    expect(code).toBe(1);
    expect(stderr).toContain("is no report in the format of Cobertura or LCOV, or holds no line.");
  });
});

describe("performance", () => {
  const compare = (report: string | undefined, baseline: string | undefined, most = "5") => {
    const file = report === undefined ? bench.path("none.json") : bench.write("bench report.json", report);
    const before = baseline === undefined ? bench.path("no-baseline.json") : bench.write("baseline.json", baseline);
    return bench.run(performanceScript, { REPORT: file, BASELINE: before, MAX_REGRESSION: most });
  };
  const figures = (values: Record<string, unknown>) => JSON.stringify(values);

  test("the first figures are taken as they are", async () => {
    expect(await compare(figures({ start: 12 }), undefined)).toMatchObject({
      code: 0,
      stdout: "There are no earlier figures yet: these become the first ones.\n",
    });
    expect((await compare(figures({ start: 12 }), "")).code).toBe(0);
  });

  test("faster, equal and a little slower pass; too slow fails and says which", async () => {
    const good = await compare(figures({ a: 90, b: 100, c: 105 }), figures({ a: 100, b: 100, c: 100 }));
    expect(good.code).toBe(0);
    expect(good.stdout).toBe("fine     a: 90, 100 before\nfine     b: 100, 100 before\nfine     c: 105, 100 before\n");
    const bad = await compare(figures({ a: 90, c: 105.1 }), figures({ a: 100, c: 100 }));
    expect(bad.code).toBe(1);
    expect(bad.stdout).toContain("SLOWER   c: 105.1, 100 before");
    expect(bad.stderr).toBe("At least one figure grew by more than 5 %.\n");
    expect((await compare(figures({ c: 105.1 }), figures({ c: 100 }), "5.5")).code).toBe(0);
  });

  test("a new figure passes, and one that is gone is told", async () => {
    const { code, stdout } = await compare(figures({ a: 1, b: 1e9 }), figures({ a: 1, old: 7 }));
    expect(code).toBe(0);
    expect(stdout).toBe("fine     a: 1, 1 before\nnew      b: 1000000000\ngone     old: 7 before\n");
  });

  test("from nothing to something is slower", async () => {
    expect((await compare(figures({ a: 0 }), figures({ a: 0 }))).code).toBe(0);
    expect((await compare(figures({ a: 0.1 }), figures({ a: 0 }))).code).toBe(1);
  });

  test("names may hold anything", async () => {
    const name = `it's "quick" $(touch x) \`y\` \\n %s *`;
    const { code, stdout } = await compare(figures({ [name]: 3 }), figures({ [name]: 1 }));
    expect(code).toBe(1);
    expect(stdout).toBe(`SLOWER   ${name}: 3, 1 before\n`);
    expect(bench.read("x")).toBe("");
  });

  test.each(["[1]", "{}", "null", '{"a":"1"}', '{"a":null}', '{"a":{"b":1}}', "{", "", '{"a":1}{"b":2}', undefined])(
    "a report that holds no figures fails: %s",
    async (report) => {
      const { code, stderr } = await compare(report, figures({ a: 1 }));
      expect(code).toBe(1);
      expect(stderr).toContain("is no object of names and numbers.");
    },
  );

  test.each(['{"a":"x"}', "[]", "{"])("a baseline that holds none fails too: %s", async (baseline) => {
    const { code, stderr } = await compare(figures({ a: 1 }), baseline);
    expect(code).toBe(1);
    expect(stderr).toContain("baseline.json is no object of names and numbers.");
  });
});

describe("verification", () => {
  let server: Server;
  let answers: (number | "none")[] = [];
  let asked = 0;
  beforeEach(async () => {
    asked = 0;
    server = createServer((request, response) => {
      const answer = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      if (answer === "none" || answer === undefined) request.destroy();
      else response.writeHead(answer, answer === 302 ? { location: "/elsewhere" } : {}).end("a body");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => server.close());
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/ready?x=a&y='b'`;
  const verify = (consecutive: number, timeout: number, address = url()) =>
    bench.run(verifyScript, {
      URL: address,
      CONSECUTIVE: String(consecutive),
      INTERVAL: "0.1",
      TIMEOUT: String(timeout),
    });

  test("good answers in a row are counted anew after each bad one", async () => {
    answers = [200, 204, 503, 200, "none", 302, 399, 200];
    const { code, stdout } = await verify(3, 20);
    expect(stdout.split("\n")).toEqual([
      "answer 200, 1 of 3 good ones in a row",
      "answer 204, 2 of 3 good ones in a row",
      "answer 503, 0 of 3 good ones in a row",
      "answer 200, 1 of 3 good ones in a row",
      "answer none, 0 of 3 good ones in a row",
      "answer 302, 1 of 3 good ones in a row",
      "answer 399, 2 of 3 good ones in a row",
      "answer 200, 3 of 3 good ones in a row",
      "",
    ]);
    expect(code).toBe(0);
    expect(asked).toBe(8);
  });

  test.each([404, 500, 400])("a service that answers %d is given up when its time is over", async (status) => {
    answers = [status];
    const started = Date.now();
    const { code, stderr } = await verify(1, 2);
    expect(code).toBe(1);
    expect(stderr).toContain(`${url()} did not answer well 1 times in a row within 2 s.`);
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(asked).toBeGreaterThan(2);
  });

  test("a service that flaps never passes", async () => {
    answers = Array.from({ length: 1_000 }, (_, index) => (index % 2 === 0 ? 200 : 500));
    expect((await verify(2, 1)).code).toBe(1);
  });

  test("nobody there, and a name that nobody has, fail", async () => {
    expect((await verify(1, 0, "http://127.0.0.1:9/")).code).toBe(1);
    expect((await verify(1, 0, "http://nobody.invalid/")).code).toBe(1);
  });
});

describe("the way to a cluster and a machine", () => {
  test("a kubeconfig is readable by its owner alone, and is not shown", async () => {
    const content = "apiVersion: v1\nusers: [{ token: 'se cr\"et' }]";
    const file = bench.write("environment", "A=1\n");
    bench.watch("mkdir");
    const { code, stdout, stderr } = await bench.run(kubeconfigScript, {
      KUBECONFIG_CONTENT: content,
      ENVIRONMENT_FILE: file,
    });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(bench.read("work/kubeconfig")).toBe(`${content}\n`);
    expect((await mustExec("stat", ["--format", "%a", `${bench.work}/kubeconfig`])).stdout).toBe("600\n");
    expect(bench.read("environment")).toBe(`A=1\nKUBECONFIG=${bench.work}/kubeconfig\n`);
    expect(bench.read("arguments")).not.toContain("se cr");
  });

  test("a key reaches the agent and no file, and its hosts are known", async () => {
    await mustExec("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", bench.path("key")]);
    const file = bench.write("environment", "");
    bench.watch("ssh-add", "ssh-agent", "mkdir", "chmod");
    const known = "host.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZ";
    const { code, stdout, stderr } = await bench.run(sshScript, {
      SSH_PRIVATE_KEY: bench.read("key").trimEnd(),
      SSH_KNOWN_HOSTS: known,
      ENVIRONMENT_FILE: file,
    });
    const left = Object.fromEntries(
      bench
        .read("environment")
        .trimEnd()
        .split("\n")
        .map((line) => line.split("=")),
    ) as Record<string, string>;
    try {
      expect({ code, stderr, stdout }).toMatchObject({ code: 0, stdout: "" });
      const { stdout: keys } = await exec("ssh-add", ["-L"], { env: left });
      expect(keys).toBe(bench.read("key.pub"));
      expect(bench.read("home/.ssh/known_hosts")).toBe(`${known}\n`);
      expect((await mustExec("stat", ["--format", "%a", bench.path("home/.ssh")])).stdout).toBe("700\n");
      expect(bench.read("arguments")).not.toContain("PRIVATE KEY");
      const { stdout: files } = await mustExec("grep", ["-rl", "PRIVATE KEY", bench.folder]);
      expect(files.trim()).toBe(bench.path("key"));
    } finally {
      if (left["SSH_AGENT_PID"] !== undefined) process.kill(Number(left["SSH_AGENT_PID"]));
    }
  });

  test.each([
    { SSH_PRIVATE_KEY: "", SSH_KNOWN_HOSTS: "host key" },
    { SSH_PRIVATE_KEY: "key", SSH_KNOWN_HOSTS: "" },
  ])("half of what a machine needs is refused: %o", async (secrets) => {
    const { code, stderr } = await bench.run(sshScript, { ...secrets, ENVIRONMENT_FILE: bench.path("environment") });
    expect(code).toBe(1);
    expect(stderr).toContain("SSH_PRIVATE_KEY and SSH_KNOWN_HOSTS must both be set");
    expect(bench.read("environment")).toBe("");
  });
});
