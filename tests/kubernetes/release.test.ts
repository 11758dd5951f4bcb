import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { releaseProvider } from "../../components/kubernetes/release/provider";
import { takeTurn, turnProvider } from "../../components/kubernetes/release/turn";
import type { RolloutSpec } from "../../components/release/compile/kubernetes-argo";
import { eventually } from "./harness";
import { apply, core, Gate, ReleaseLab, type Version } from "./release-lab";

let lab: ReleaseLab;
beforeAll(async () => {
  lab = await ReleaseLab.create();
});
afterAll(() => lab[Symbol.asyncDispose]());

const one = { name: "1.0.0" };
const two = { name: "2.0.0" };
const atOnce: RolloutSpec["strategy"] = { canary: { maxSurge: 1, maxUnavailable: 0 } };
const manual: RolloutSpec["strategy"] = {
  canary: { maxSurge: 1, maxUnavailable: 0, steps: [{ setWeight: 50 }, { pause: {} }] },
};

describe.concurrent("following a release", () => {
  test("a good canary tells each step with its numbers; a second up has nothing to tell", async () => {
    const strategy = await lab.judge("good");
    await lab.up("good", one, strategy);
    const { lines, error } = await lab.up("good", two, strategy);
    expect(error).toBeUndefined();
    expect(lines).toContainEqual(expect.stringMatching(/^1 pod ready after \d+ s$/));
    expect(lines).toContain("50 %  for 6 s");
    expect(lines).toContainEqual(
      expect.stringMatching(/^ 50 % +\d+ s +940 requests +0\.11 % errors \(old 0\.10 %\) +evidence −1\.2 of \+4\.6$/),
    );
    expect(lines.at(-1)).toBe("100 %  promoted");
    expect(await lab.follow("good")).toEqual({ lines: [] });
    const inputs = lab.inputs("good");
    const { outs } = await releaseProvider.update("", {} as never, inputs);
    expect(outs).toMatchObject({ revision: 2, podTemplateHash: expect.stringMatching(/^\w+$/) });
    expect(await releaseProvider.diff(outs, inputs)).toMatchObject({ changes: false });
    expect(await lab.headgate("status", "good", "--watch")).toMatchObject({ code: 0 });
  });

  test("a bad one fails with the numbers, and is refused until it is tried again on purpose", async () => {
    await lab.up("bad", one, await lab.judge("good"));
    const strategy = await lab.judge("bad");
    const { error } = await lab.up("bad", two, strategy, { retry: 1 });
    expect(error).toMatch(
      /^KubernetesService "bad": release \S+ was taken back at 50 % after \d+ s: 4\.89 % of its 940 requests failed, 0\.105 % of the old version's 8,612 \(evidence \+8\.2, limit \+4\.6\)\. All traffic is on \S+ again\. To try the same image again: pulumi config set headgate:retry 2$/,
    );
    const again = await lab.up("bad", two, strategy);
    expect(again.lines).toEqual([]);
    expect(again.error).toMatch(/was taken back before at 50 % after \d+ s: 4\.89 % of its 940 requests failed/);
    expect(await lab.headgate("status", "bad", "--watch")).toMatchObject({ code: 1 });
    const { output } = await lab.headgate("status", "bad", "--json");
    expect(JSON.parse(output)).toMatchObject({
      target: "kubernetes",
      service: "bad",
      stable: { revision: 1 },
      release: { candidate: { revision: 2 }, outcome: "rolledBack", cause: "analysis", steps: [{ verdict: "fail" }] },
    });
    const turn = lab.turn("bad", { strategy: "before" });
    const other = { ...turn, strategy: "after" };
    await expect(turnProvider.update("", turn, other)).rejects.toThrow(/was taken back before .* headgate:retry 1$/);
    await lab.judge("good", "bad");
    expect(await lab.headgate("retry", "bad")).toMatchObject({ code: 0 });
    expect((await lab.follow("bad")).error).toBeUndefined();
  });

  test.each<[string, Version, string]>([
    [
      "crash",
      { ...two, command: ["node", "-e", "console.error('no database');process.exit(3)"] },
      "exited with code 3",
    ],
    ["missing", { ...two, image: `127.0.0.1:1/shop@sha256:${"0".repeat(64)}` }, "its image cannot be pulled"],
    ["forbidden", { ...two, privileged: true }, "Pod Security forbids it"],
  ])("pods that never come up are named early, and the old version serves: %s", async (name, version, why) => {
    await lab.up(name, one, atOnce);
    const toldAt: number[] = [];
    const startedAt = Date.now();
    await lab.say(name, version, atOnce);
    const image = version.image === undefined ? {} : { image: version.image };
    const { lines, error } = await lab.follow(name, image, (line) => {
      if (line.includes(why)) toldAt.push((Date.now() - startedAt) / 1000);
    });
    expect(toldAt[0]).toBeLessThan(15);
    expect(error).toMatch(new RegExp(`was taken back after \\d+ s: .*${why}.*All traffic is on`));
    if (name === "crash") expect(lines).toContainEqual(expect.stringContaining("said last: no database"));
    const { items } = await core.listNamespacedPod({
      namespace: lab.namespace,
      labelSelector: `app.kubernetes.io/name=${name}`,
    });
    const serving = items.filter(({ status }) => status?.containerStatuses?.some(({ ready }) => ready));
    expect(serving).toHaveLength(2);
  });

  test("a gate waits for a person; the command opens it, pauses, and takes back with who did it", async () => {
    await lab.up("gate", one, manual);
    await lab.say("gate", two, manual);
    let asked: Promise<unknown> | undefined;
    const { lines, error } = await lab.follow("gate", {}, (line) => {
      if (!line.includes("waits for a person: headgate release promote gate")) return;
      asked ??= (async () => {
        expect(await lab.headgate("status", "gate", "--watch")).toMatchObject({ code: 3 });
        return lab.headgate("promote", "gate");
      })();
    });
    expect(await asked).toMatchObject({ code: 0 });
    expect({ error, last: lines.at(-1) }).toEqual({ last: "100 %  promoted" });
    expect(await lab.headgate("promote", "gate")).toMatchObject({
      code: 2,
      output: expect.stringContaining("no release under way"),
    });

    await lab.say("gate", { name: "3.0.0" }, manual);
    const back = lab.follow("gate");
    await eventually(30, "it waits", async () => {
      const { output } = await lab.headgate("status", "gate");
      return output.includes("waiting for a person") ? true : undefined;
    });
    expect(await lab.headgate("pause", "gate")).toMatchObject({ code: 0 });
    expect(await lab.headgate("abort", "gate", "--reason", "looks odd")).toMatchObject({ code: 0 });
    expect((await back).error).toMatch(/was taken back at 50 % after \d+ s: aborted by \S+@\S+: looks odd\. All/);
  });

  test("blue-green has all or nothing; promoted in full it skips its wait", async () => {
    for (const name of ["blue", "blue-preview"]) {
      const spec = { selector: { "app.kubernetes.io/name": "blue" }, ports: [{ port: 80, targetPort: 8080 }] };
      await apply({ apiVersion: "v1", kind: "Service", metadata: { name, namespace: lab.namespace }, spec });
    }
    const blueGreen = { activeService: "blue", previewService: "blue-preview", autoPromotionEnabled: false };
    await lab.up("blue", one, { blueGreen });
    let promoted: Promise<unknown> | undefined;
    await lab.say("blue", two, { blueGreen });
    const { lines, error } = await lab.follow("blue", {}, (line) => {
      if (line.startsWith("0 %  waits for a person")) promoted ??= lab.headgate("promote", "blue", "--full", "--watch");
    });
    expect(error).toBeUndefined();
    expect(lines.at(-1)).toBe("100 %  promoted");
    expect(await promoted).toMatchObject({ code: 0 });
  });
});

describe.concurrent("whatever happens to the follower", () => {
  let child: ChildProcess | undefined;
  afterAll(() => child?.kill("SIGKILL"));

  test("killed in the middle: the controller ends the release, and the next one sees it", async () => {
    const strategy = await lab.judge("good");
    await lab.up("killed", one, strategy);
    const inputs = lab.inputs("killed");
    const before = await releaseProvider.update("", {} as never, inputs);
    await lab.say("killed", two, strategy);
    const code =
      `require(${JSON.stringify(join(__dirname, "../../components/kubernetes/release/deploy"))})` +
      `.deploy(JSON.parse(process.env.INPUTS), console.log)`;
    const env = { ...process.env, INPUTS: JSON.stringify(inputs) };
    const started = spawn("tsx", ["-e", code], { env, stdio: ["ignore", "pipe", "inherit"], detached: true });
    child = started;
    await new Promise<void>((resolve) => {
      started.stdout.on("data", (text: Buffer) => {
        if (text.includes("50 %  for")) resolve();
      });
    });
    process.kill(-(started.pid ?? 0), "SIGKILL");
    expect(await releaseProvider.diff(before.outs, inputs)).toMatchObject({ changes: true });
    const after = await lab.follow("killed");
    expect(after.error).toBeUndefined();
    const { outs } = await releaseProvider.update("", before.outs, inputs);
    expect(outs.revision).toBe(2);
    expect(await releaseProvider.diff(outs, inputs)).toMatchObject({ changes: false });
  });

  test("an API server that is away for a while is waited for", async () => {
    const strategy = await lab.judge("good");
    using gate = new Gate();
    await gate.open();
    await lab.up("away", one, strategy, { kubeconfig: gate.kubeconfig });
    let away = false;
    await lab.say("away", two, strategy);
    const { error, lines } = await lab.follow("away", { kubeconfig: gate.kubeconfig }, (line) => {
      if (away || !line.startsWith("50 %")) return;
      away = true;
      gate.close();
      setTimeout(() => void gate.open(), 24_000);
    });
    expect({ error, away }).toEqual({ away: true });
    expect(lines).toContainEqual(expect.stringMatching(/API server \S+ does not answer .*; trying again/));
  });

  test("no controller is said within 30 s, with what to do", async () => {
    await lab.say("alone", one, atOnce, "nobody");
    let told = 0;
    const startedAt = Date.now();
    const { error } = await lab.follow("alone", { waitSeconds: 28 }, () => {
      told ||= (Date.now() - startedAt) / 1000;
    });
    expect(told).toBeGreaterThan(15);
    expect(told).toBeLessThan(30);
    expect(error).toMatch(/still under way .* Run `pulumi up` again/);
  });

  test("what an account may not do is named, and who may", async () => {
    await lab.up("strange", one, atOnce);
    const { error } = await lab.follow("strange", { kubeconfig: await lab.stranger() });
    expect(error).toMatch(/cannot get resource "rollouts" in API group "argoproj\.io".*KubernetesDeployer/);
  });
});

describe.concurrent("before and after", () => {
  test("a release waits for its turn, or not, and nothing begins in a freeze", async () => {
    await lab.up("turn", one, manual);
    const turn = lab.turn("turn");
    await takeTurn(turn, () => {});
    await lab.say("turn", two, manual);
    await eventually(30, "it is under way", async () => {
      const { output } = await lab.headgate("status", "turn");
      return output.includes("revision 2") ? true : undefined;
    });
    await expect(takeTurn(turn, () => {})).rejects.toThrow(/revision 2\) is under way since .*headgate:onBusy/);
    await eventually(30, "it waits", async () => {
      const { output } = await lab.headgate("status", "turn");
      return output.includes("waiting for a person") ? true : undefined;
    });
    await expect(takeTurn({ ...turn, onBusy: "wait" }, () => {})).rejects.toThrow(/waits for a person \(manual\)/);
    await takeTurn({ ...turn, emergency: "the site is down" }, () => {});
    await lab.headgate("promote", "turn");
    await takeTurn({ ...turn, onBusy: "wait" }, () => {});
    const dates = [{ from: "2000-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z", reason: "sale" }];
    await expect(takeTurn({ ...turn, freeze: { dates } }, () => {})).rejects.toThrow(
      /nothing is released until .*sale/,
    );
  });

  test("configurations go when nothing can go back to them, and all of them in the end", async () => {
    const labels = { "headgate.dev/service": "tidy", "headgate.dev/config": "true" };
    const config = async (name: string) => {
      const metadata = { name, namespace: lab.namespace, labels };
      await apply({ apiVersion: "v1", kind: "ConfigMap", metadata, immutable: true, data: { A: name } });
    };
    const left = async () => {
      const { namespace } = lab;
      const { items } = await core.listNamespacedConfigMap({
        namespace,
        labelSelector: "headgate.dev/service=tidy",
      });
      return items.map(({ metadata }) => metadata?.name).sort();
    };
    for (const name of ["tidy-a", "tidy-b", "tidy-c"]) {
      await config(name);
      expect((await lab.up("tidy", { name, config: name }, atOnce)).error).toBeUndefined();
    }
    // One earlier version is kept; the first one's ReplicaSet goes a moment after the release.
    await eventually(30, "the first one goes", async () => {
      await lab.follow("tidy");
      return (await left()).length === 2 ? true : undefined;
    });
    expect(await left()).toEqual(["tidy-b", "tidy-c"]);
    await releaseProvider.delete("", { ...lab.inputs("tidy"), digest: "", revision: 0, podTemplateHash: "" });
    expect(await left()).toEqual([]);
  });
});
