import { expect, it } from "vitest";
import { GithubEmulator } from "./emulator/emulator";
import { delivery, engineOf, SECRET } from "./shop";

const CI = ".github/workflows/ci.yml";

it("A repository gets everything once, keeps it, and loses it", async () => {
  await using emulator = await GithubEmulator.start();
  await using engine = await engineOf(delivery(emulator));
  await engine.preview();
  expect(emulator.requests.filter(({ method }) => method !== "GET")).toEqual([]);

  const { outputs } = await engine.up();
  const paths = outputs["paths"] as string[];
  expect(paths.at(-1)).toBe(CI);
  expect(Object.keys(await emulator.files("acme/shop")).sort()).toEqual([...paths, "README.md"].sort());
  expect(outputs).toMatchObject({ environments: ["staging", "production"], warnings: [] });

  // Only the last commit starts a run.
  const messages = (await emulator.messages("acme/shop")).slice(0, paths.length);
  expect(messages).toEqual([
    `Write ${CI}`,
    ...paths
      .slice(0, -1)
      .reverse()
      .map((path) => `Write ${path} [skip ci]`),
  ]);

  // No run starts without what protects it; the ruleset comes last.
  const writes = emulator.requests.filter(({ method }) => method !== "GET");
  const firstFile = writes.findIndex(({ path }) => path.includes("/contents/"));
  const before = writes.slice(0, firstFile).map(({ path }) => path.replace(/^\/repos\/acme\/shop\//, ""));
  for (const needed of ["environments/production", "actions/secrets/PULUMI_ACCESS_TOKEN", "actions/permissions"]) {
    expect(before).toContain(needed);
  }
  expect(before).toContain("environments/production/secrets/DATABASE_PASSWORD");
  expect(writes.at(-1)?.path).toBe("/repos/acme/shop/rulesets");

  const stored = emulator.repository("acme/shop");
  expect(emulator.secret("acme/shop", "PULUMI_ACCESS_TOKEN")).toBe(SECRET);
  expect(emulator.secret("acme/shop", "DATABASE_PASSWORD", "production")).toBe(`${SECRET} of production`);
  expect(stored.vault.variables.get("REGION")?.value).toBe("eu");
  expect(stored.environments.get("staging")?.vault.variables.get("LOG_LEVEL")?.value).toBe("debug");
  const production = stored.environments.get("production");
  expect(production).toMatchObject({ waitTimer: 10, preventSelfReview: true, canAdminsBypass: false });
  expect(production?.reviewers).toHaveLength(2);
  expect([...(production?.policies.values() ?? [])].map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
    "branch main",
    "tag v*",
  ]);
  expect(stored.permissions).toMatchObject({ allowed_actions: "selected", sha_pinning_required: true });
  expect(stored.selected.patterns_allowed).toContain("docker/*");
  expect(stored.selected.patterns_allowed).toContain("acme/*");
  expect([...stored.rulesets.values()]).toMatchObject([
    { id: outputs["rulesetId"], name: "Headgate", conditions: { ref_name: { include: ["refs/heads/main"] } } },
  ]);
  expect(String(outputs["webhookSecret"])).toMatch(/^[0-9a-f]{64}$/);

  const state = engine.stateText();
  for (const secret of [SECRET, String(outputs["webhookSecret"])]) expect(state).not.toContain(secret);

  await engine.preview({ expectNoChanges: true });
  const again = await engine.up();
  expect(Object.keys(again.changes)).toEqual(["same"]);
  expect(again.outputs["webhookSecret"]).toBe(outputs["webhookSecret"]);
  expect(Object.keys((await engine.refresh()).changes)).toEqual(["same"]);
  await engine.preview({ expectNoChanges: true });

  await engine.destroy();
  expect(Object.keys(await emulator.files("acme/shop"))).toEqual(["README.md"]);
  expect(
    stored.rulesets.size + stored.environments.size + stored.vault.secrets.size + stored.vault.variables.size,
  ).toBe(0);
  expect(stored.permissions.allowed_actions).toBe("all");
  expect(await emulator.send("GET", "/repos/acme/shop/hooks")).toEqual([]);
});

it("A provider of another owner is refused before anything is written", async () => {
  await using emulator = await GithubEmulator.start();
  await using engine = await engineOf(delivery(emulator, { repository: "acme-inc/shop" }));
  const words = 'GithubDelivery "shop": repository has an owner that the provider does not work for, which is acme';
  await expect(engine.preview()).rejects.toThrow(words);
  await expect(engine.up()).rejects.toThrow(words);
  expect(emulator.requests.filter(({ method }) => method !== "GET")).toEqual([]);
});
