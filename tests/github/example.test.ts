import { expect, it } from "vitest";
import { Engine } from "../../testkit";
import { GithubEmulator } from "./emulator/emulator";

it("The example brings a repository its pipeline", async () => {
  await using emulator = await GithubEmulator.start();
  const secretConfig = { pulumiAccessToken: "one secret", slackWebhookUrl: "another", databasePassword: "a third" };
  await using engine = await Engine.create({
    workDir: "examples/github",
    plugins: [{ name: "github" }],
    config: { "github:baseUrl": emulator.url, "github:owner": "acme", "github:writeDelayMs": "1", app: "4711" },
    secretConfig: { ...secretConfig, "github:token": emulator.token },
  });
  const { outputs } = await engine.up();
  expect(outputs).toMatchObject({ environments: ["staging", "production", "pipeline"], warnings: [] });
  expect(Object.keys(await emulator.files("acme/shop"))).toEqual(expect.arrayContaining(outputs["files"] as string[]));
  expect(emulator.secret("acme/shop", "DATABASE_PASSWORD", "production")).toBe("a third");
  expect(emulator.secret("acme/shop", "SLACK_WEBHOOK_URL", "pipeline")).toBe("another");
  await engine.preview({ expectNoChanges: true });
});
