import { describe, expect, it } from "vitest";
import { Engine, type OperationResult } from "../../../testkit";
import { GithubEmulator } from "../emulator/emulator";
import { everything, SEALED, type Values } from "./program";

async function engineOf(emulator: GithubEmulator, values?: Values): Promise<Engine> {
  return Engine.create({ plugins: [{ name: "github" }], program: everything(emulator, values) });
}

const changed = (result: OperationResult): string[] =>
  result.events.flatMap(({ resourcePreEvent }) => {
    const { op, urn } = resourcePreEvent?.metadata ?? {};
    return op === undefined || op === "same" || op === "read" ? [] : [`${op} ${urn?.split("::").pop()}`];
  });

describe("a whole life", () => {
  it("creates, stays, changes in place, is refreshed and goes", async () => {
    await using emulator = await GithubEmulator.start();
    await using engine = await engineOf(emulator);
    await engine.preview();
    expect(emulator.requests.filter(({ method }) => method !== "GET")).toEqual([]);

    const { outputs } = await engine.up();
    await engine.preview({ expectNoChanges: true });
    expect((await engine.refresh()).changes).toEqual({ same: 17 });
    await engine.preview({ expectNoChanges: true });

    const shop = emulator.repository("acme/shop");
    expect(outputs["number"]).toBe(1);
    expect((await emulator.files("acme/shop", "pipeline"))[".github/workflows/ci.yml"]).toBe("on: push\n");
    expect((await emulator.messages("acme/shop", "pipeline"))[0]).toBe("Write the pipeline");
    expect(emulator.secret("acme/shop", "NPM_TOKEN")).toBe(SEALED);
    expect(emulator.secret("acme/shop", "PASSWORD", "eu/production")).toBe(SEALED);
    expect(shop.vault.variables.get("LOG_LEVEL")?.value).toBe("info");
    const production = shop.environments.get("eu/production");
    expect(production).toMatchObject({ waitTimer: 10, preventSelfReview: true, canAdminsBypass: false });
    expect(production?.reviewers.map(({ type }) => type)).toEqual(["Team", "User"]);
    expect([...(production?.policies.values() ?? [])].map(({ name, type }) => `${type} ${name}`).sort()).toEqual([
      "branch release/*",
      "tag v*",
    ]);
    expect(shop.permissions).toEqual({ enabled: true, allowed_actions: "selected", sha_pinning_required: true });
    expect(shop.selected.patterns_allowed.sort()).toEqual(["acme/*@*", "docker/*@*"]);
    expect(shop.subject).toEqual({ use_default: false, include_claim_keys: ["repo", "context"] });
    const ruleset = [...shop.rulesets.values()][0];
    expect(ruleset?.rules.map(({ type }) => type).sort()).toEqual([
      "deletion",
      "merge_queue",
      "non_fast_forward",
      "pull_request",
      "required_linear_history",
      "required_status_checks",
    ]);
    expect(ruleset?.rules.find(({ type }) => type === "required_status_checks")?.parameters).toEqual({
      do_not_enforce_on_create: false,
      strict_required_status_checks_policy: true,
      required_status_checks: [{ context: "gate", integration_id: 15368 }, { context: "licence" }],
    });
    expect(engine.stateText()).not.toContain(SEALED);

    engine.setProgram(
      everything(emulator, {
        content: "on: pull_request\n",
        value: "debug",
        secret: "another secret value",
        reviews: 2,
        label: "deploy: staging",
        wait: 20,
        pattern: "main",
        claims: ["repo"],
      }),
    );
    const update = await engine.up();
    expect(changed(update).sort()).toEqual([
      "update environment",
      "update file",
      "update label",
      "update policy",
      "update ruleset",
      "update secret",
      "update subject",
      "update variable",
    ]);
    await engine.preview({ expectNoChanges: true });
    expect(emulator.secret("acme/shop", "NPM_TOKEN")).toBe("another secret value");
    expect((await engine.refresh()).changes).toEqual({ same: 17 });
    expect((await emulator.files("acme/shop", "pipeline"))[".github/workflows/ci.yml"]).toBe("on: pull_request\n");

    await engine.destroy();
    expect(shop.vault.secrets.size + shop.vault.variables.size + shop.environments.size + shop.rulesets.size).toBe(0);
    expect(shop.permissions.allowed_actions).toBe("all");
    expect(shop.subject).toEqual({ use_default: true });
    expect(await emulator.send("GET", "/repos/acme/shop/labels")).toEqual([]);
    expect(await emulator.send("GET", "/repos/acme/shop/hooks")).toEqual([]);
    expect(await emulator.send("GET", "/repos/acme/shop/pulls?state=open")).toEqual([]);
    await expect(emulator.send("GET", "/repos/acme/shop/git/ref/heads/pipeline")).rejects.toThrow("404");
  });

  it("replaces what cannot change: another path is another file", async () => {
    await using emulator = await GithubEmulator.start();
    await using engine = await engineOf(emulator);
    await engine.up();
    engine.setProgram(everything(emulator, { file: ".github/workflows/build.yml" }));
    expect((await engine.up()).changes).toMatchObject({ replace: 1 });
    expect(Object.keys(await emulator.files("acme/shop", "pipeline")).sort()).toEqual([
      ".github/workflows/build.yml",
      "README.md",
    ]);
  });
});
