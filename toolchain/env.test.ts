import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { backendEnv, isLoggedIn, toolEnv } from "./env";
import { cacheLayout, checkoutKey } from "./paths";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "headgate-env-"));
});
afterEach(() => rm(home, { recursive: true }));

const layout = (root = "/some/shop") => cacheLayout(root, { HOME: home });

test("the cache is where HEADGATE_CACHE says, or below the home folder, and checkouts do not share a home in it", () => {
  expect(cacheLayout("/a/shop", { HEADGATE_CACHE: "/big/disk" }).root).toBe("/big/disk");
  expect(layout().root).toBe(join(home, ".cache", "headgate"));
  expect(checkoutKey("/a/shop")).not.toBe(checkoutKey("/b/shop"));
  expect(layout("/a/shop").pulumiHome).not.toBe(layout("/b/shop").pulumiHome);
});

test("the checkout's Node comes first on PATH, then the engine", () => {
  const env = toolEnv("/some/shop", layout(), ["/engine/bin"], "unix:///x.sock", { PATH: "/usr/bin" });
  expect(env["PATH"]).toBe("/some/shop/node_modules/.bin:/engine/bin:/usr/bin");
  expect(env["DOCKER_HOST"]).toBe("unix:///x.sock");
  expect(toolEnv("/some/shop", layout(), [], undefined, {})).not.toHaveProperty("DOCKER_HOST");
});

test("without a backend of the user's there is one in the cache, with a passphrase only the user can read", async () => {
  const env = await backendEnv(layout(), { HOME: home });
  expect(env["PULUMI_BACKEND_URL"]).toBe(`file://${join(layout().state, "backend")}`);
  const file = env["PULUMI_CONFIG_PASSPHRASE_FILE"] ?? "";
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const passphrase = await readFile(file, "utf8");
  expect(passphrase.length).toBeGreaterThanOrEqual(32);
  expect(Object.values(env)).not.toContain(passphrase);
  await backendEnv(layout(), { HOME: home });
  expect(await readFile(file, "utf8")).toBe(passphrase);
});

test("two first runs agree on one passphrase", async () => {
  const files = await Promise.all([backendEnv(layout(), { HOME: home }), backendEnv(layout(), { HOME: home })]).then(
    (both) => both.map((env) => env["PULUMI_CONFIG_PASSPHRASE_FILE"]),
  );
  expect(files[0]).toBe(files[1]);
});

test("what the user has set stays as it is", async () => {
  const user = { HOME: home, PULUMI_BACKEND_URL: "s3://state", PULUMI_CONFIG_PASSPHRASE: "" };
  expect(await backendEnv(layout(), user)).toEqual({});
});

test("a user who is logged in keeps the backend, whose credentials are then looked for in the user's own home", async () => {
  const pulumi = join(home, ".pulumi");
  expect(isLoggedIn(pulumi)).toBe(false);
  await mkdir(pulumi);
  await writeFile(join(pulumi, "credentials.json"), JSON.stringify({ current: "file:///state" }));
  const env = await backendEnv(layout(), { HOME: home, PULUMI_CONFIG_PASSPHRASE: "" });
  expect(env).toEqual({ PULUMI_CREDENTIALS_PATH: pulumi });
});
