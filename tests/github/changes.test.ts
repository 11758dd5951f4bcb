import { createHmac } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { GeneratedFile } from "../../components/pipeline/generated-file";
import { eventually } from "../eventually";
import { GithubEmulator } from "./emulator/emulator";
import { delivery, engineOf } from "./shop";

const CI = ".github/workflows/ci.yml";
const files = (edit: (files: GeneratedFile[]) => GeneratedFile[]) => ({ transform: { files: edit } });

it("A file that is made no more goes, one with another name moves, under the ruleset", async () => {
  await using emulator = await GithubEmulator.start();
  await using engine = await engineOf(delivery(emulator));
  await engine.up();
  const renamed = files((all) =>
    all
      .filter(({ path }) => path !== ".github/dependabot.yml")
      .map((file) => (file.path.endsWith("deploy-staging.yml") ? { ...file, path: "staging.yml" } : file)),
  );
  engine.setProgram(delivery(emulator, {}, renamed));
  const { changes } = await engine.up();
  expect(changes).toMatchObject({ create: 1, delete: 2 });
  const paths = Object.keys(await emulator.files("acme/shop"));
  expect(paths).toContain("staging.yml");
  expect(paths).not.toContain(".github/dependabot.yml");
  expect(paths).not.toContain(".github/workflows/deploy-staging.yml");
  await engine.preview({ expectNoChanges: true });
});

it("A pin that a bot has bumped survives with keep-newer, also when the file is made anew", async () => {
  await using emulator = await GithubEmulator.start();
  const keep = { pins: "keep-newer" } as const;
  await using engine = await engineOf(delivery(emulator, keep));
  await engine.up();
  const made = (await emulator.files("acme/shop"))[CI] ?? "";
  const newer = `actions/checkout@${"b".repeat(40)} # v99.1.0`;
  const bumped = made.replaceAll(/actions\/checkout@[0-9a-f]{40} # v[\d.]+/g, newer);
  expect(bumped).not.toBe(made);
  await emulator.commit("acme/shop", CI, bumped);

  // Without a look at the file nothing of it is overwritten.
  await expect(engine.up()).rejects.toThrow(/does not match|was changed since it was last looked at/);
  expect((await emulator.files("acme/shop"))[CI]).toBe(bumped);
  const { changes } = await engine.up({ refresh: true });
  expect(changes["update"]).toBeUndefined();
  expect((await emulator.files("acme/shop"))[CI]).toBe(bumped);
  await engine.preview({ expectNoChanges: true });

  const added = files((all) => all.map((file) => ({ ...file, content: `${file.content}# more\n` })));
  engine.setProgram(delivery(emulator, keep, added));
  await engine.up();
  expect((await emulator.files("acme/shop"))[CI]).toBe(`${bumped}# more\n`);

  // The library's pins, where they are asked for.
  engine.setProgram(delivery(emulator, {}, added));
  await engine.up();
  expect((await emulator.files("acme/shop"))[CI]).toBe(`${made}# more\n`);
});

it("Commits of others, rate limits and a passing failure are not seen by an update", async () => {
  await using emulator = await GithubEmulator.start();
  await using engine = await engineOf(delivery(emulator));
  const put = { method: "PUT", path: /\/contents\// };
  const conflict = { status: 409, body: { message: "is at 1111111 but expected 2222222" } };
  const limit = {
    status: 403,
    headers: { "retry-after": "1" },
    body: {
      message: "You have exceeded a secondary rate limit.",
      documentation_url:
        "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits",
    },
  };
  emulator.fault({ ...put, answer: conflict });
  emulator.fault({ ...put, after: 2, answer: limit });
  emulator.fault({ method: "PUT", path: /environments\/production$/, answer: { ...limit, status: 429 } });
  emulator.fault({ method: "PUT", path: /actions\/permissions$/, answer: { status: 500, body: { message: "Oops" } } });
  const { stdout } = await engine.up();
  expect(stdout).not.toContain("error");
  const statuses = new Set(emulator.requests.map(({ status }) => status));
  for (const status of [409, 403, 429, 500]) expect(statuses).toContain(status);
  await engine.preview({ expectNoChanges: true });
});

it("Whoever may not bypass the ruleset is told so, and nothing is half written", async () => {
  await using emulator = await GithubEmulator.start({ actor: { type: "Integration", id: 1 } });
  await using engine = await engineOf(delivery(emulator));
  await engine.up();
  const before = await emulator.files("acme/shop");
  const more = files((all) => all.map((file) => ({ ...file, content: `${file.content}# more\n` })));
  engine.setProgram(delivery(emulator, {}, more));
  await expect(engine.up()).rejects.toThrow("Changes must be made through a pull request");
  expect(await emulator.files("acme/shop")).toEqual(before);
  // Or nothing could be removed at the end.
  const free = { actor_type: "Integration", actor_id: 1, bypass_mode: "always" };
  for (const { bypass_actors: bypass } of emulator.repository("acme/shop").rulesets.values()) bypass.push(free);
});

it("Files are proposed in a pull request, the next ones in another", async () => {
  await using emulator = await GithubEmulator.start();
  const change = { pullRequest: { title: "Pipeline" }, bypass: undefined };
  await using engine = await engineOf(delivery(emulator, change));
  await engine.up();
  expect(Object.keys(await emulator.files("acme/shop"))).toEqual(["README.md"]);
  type Pull = { number: number; title: string; head: { ref: string }; state: string };
  const pulls = async (state: string) =>
    (await emulator.send("GET", `/repos/acme/shop/pulls?state=${state}`)) as Pull[];
  const [first] = await pulls("open");
  expect(first).toMatchObject({
    title: "Pipeline",
    head: { ref: expect.stringMatching(/^headgate\/pipeline-[0-9a-f]{8}$/) },
  });
  expect(Object.keys(await emulator.files("acme/shop", first?.head.ref))).toContain(CI);
  expect((await emulator.messages("acme/shop", first?.head.ref)).join()).not.toContain("[skip ci]");
  await engine.preview({ expectNoChanges: true });

  const more = files((all) => all.map((file) => ({ ...file, content: `${file.content}# more\n` })));
  engine.setProgram(delivery(emulator, change, more));
  await engine.up();
  const [second, ...others] = await pulls("open");
  expect(others).toEqual([]);
  expect(second?.number).not.toBe(first?.number);
  await expect(emulator.send("GET", `/repos/acme/shop/git/ref/heads/${first?.head.ref}`)).rejects.toThrow("404");
  await engine.preview({ expectNoChanges: true });

  await engine.destroy();
  expect(await pulls("open")).toEqual([]);
});

it("An account without reviewers is told in the preview, and nothing gets to a run without approval", async () => {
  await using emulator = await GithubEmulator.start({ private: true, enterprise: false });
  await using engine = await engineOf(delivery(emulator, { account: { plan: "team" } }));
  const { events } = await engine.preview();
  const warnings = events.flatMap(({ diagnosticEvent: event }) =>
    event?.severity === "warning" ? [event.message] : [],
  );
  expect(warnings.join()).toContain('GitHub has no reviewers in a private repository with the plan "team"');
  expect(warnings.join()).toContain(
    'Set way to "dispatch" or "issue", make the repository public, or take GitHub Enterprise',
  );
  await expect(engine.up()).rejects.toThrow("Please ensure the billing plan supports the required reviewers");
  expect(Object.keys(await emulator.files("acme/shop"))).toEqual(["README.md"]);
});

it("Deliveries of the webhook are signed with the secret that the component gives", async () => {
  await using emulator = await GithubEmulator.start();
  const seen: { signature: string; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    seen.push({ signature: String(request.headers["x-hub-signature-256"]), body });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await using engine = await engineOf(delivery(emulator, { webhook: { url } }));
    const { outputs } = await engine.up();
    await emulator.commit("acme/shop", "notes.txt", "one");
    await eventually(10, "a delivery", async () => seen[0]);
    for (const { signature, body } of seen) {
      const own = createHmac("sha256", String(outputs["webhookSecret"])).update(body).digest("hex");
      expect(signature).toBe(`sha256=${own}`);
    }
  } finally {
    server.close();
  }
});

it("The sink work-tree writes files with their modes, in an update only, and removes its own", async () => {
  await using emulator = await GithubEmulator.start();
  const directory = mkdtempSync(join(tmpdir(), "headgate-tree-"));
  try {
    const hook = (all: GeneratedFile[]) => [
      ...all,
      { path: ".githooks/push", content: "#!/bin/sh\n", executable: true },
    ];
    const program = (edit: (all: GeneratedFile[]) => GeneratedFile[]) =>
      delivery(emulator, { sink: "work-tree", directory, commitAuthor: undefined }, files(edit));
    await using engine = await engineOf(program(hook));
    await engine.preview();
    expect(existsSync(join(directory, CI))).toBe(false);
    mkdirSync(join(directory, ".github"), { recursive: true });
    writeFileSync(join(directory, ".github/dependabot.yml"), "mine: true\n");
    await expect(engine.up()).rejects.toThrow(".github/dependabot.yml in");
    expect(existsSync(join(directory, CI))).toBe(false);
    rmSync(join(directory, ".github/dependabot.yml"));

    await engine.up();
    expect(statSync(join(directory, ".githooks/push")).mode & 0o777).toBe(0o755);
    expect(statSync(join(directory, CI)).mode & 0o777).toBe(0o644);
    expect(Object.keys(await emulator.files("acme/shop"))).toEqual(["README.md"]);
    expect(emulator.repository("acme/shop").rulesets.size).toBe(1);
    await engine.preview({ expectNoChanges: true });

    writeFileSync(join(directory, "mine.txt"), "mine");
    chmodSync(join(directory, CI), 0o600);
    engine.setProgram(program((all) => all.filter(({ path }) => path !== ".github/dependabot.yml")));
    await engine.up();
    expect(existsSync(join(directory, ".githooks/push"))).toBe(false);
    expect(existsSync(join(directory, ".github/dependabot.yml"))).toBe(false);
    rmSync(join(directory, CI));
    await engine.up({ refresh: true });
    expect(readFileSync(join(directory, CI), "utf8")).toContain("Made by Headgate");

    await engine.destroy();
    expect(existsSync(join(directory, CI))).toBe(false);
    expect(readFileSync(join(directory, "mine.txt"), "utf8")).toBe("mine");
  } finally {
    rmSync(directory, { recursive: true });
  }
});

it("The sink dry-run makes nothing, and gives the files", async () => {
  await using emulator = await GithubEmulator.start();
  await using engine = await engineOf(delivery(emulator, { sink: "dry-run", commitAuthor: undefined }));
  const { changes, outputs } = await engine.up();
  // The stack, the provider and the component.
  expect(changes).toEqual({ create: 3 });
  expect(outputs["paths"]).toContain(CI);
  expect(emulator.requests.filter(({ method }) => method !== "GET")).toEqual([]);
});
