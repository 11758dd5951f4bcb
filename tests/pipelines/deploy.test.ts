import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  checkImagesScript,
  driftScript,
  previewScript,
  rememberScript,
  rollbackScript,
  upScript,
} from "../../components/pipeline/scripts/deploy";
import { type ExecResult, which } from "../../toolchain/exec";
import { checkout } from "../../toolchain/paths";
import { Bench } from "./run/bash";

/** What this pipeline brings there; `mailer` comes from another repository. */
const SERVICES = ["shop", "basket", "mailer"];
const image = (service: string, digit: string) => `registry.example.com/${service}@sha256:${digit.repeat(64)}`;
/** Digest of a version that the program cannot bring up. */
const BROKEN = "bad0".repeat(16);

/**
 * A program that runs three services: what "runs" is a file each, so that the real engine creates, replaces, fails
 * and looks, and somebody can change what it made.
 */
const PROGRAM = `
const { delivered } = require(${JSON.stringify(join(checkout, "components", "delivered", "delivered.ts"))});
const pulumi = require("@pulumi/pulumi");
const running = process.env.RUNNING;
const run = (inputs) => {
  const fs = require("node:fs");
  if (inputs.image.endsWith(${JSON.stringify(BROKEN)})) throw new Error(inputs.name + " did not come up");
  fs.writeFileSync(inputs.folder + "/" + inputs.name, inputs.image);
};
const provider = {
  create: async (inputs) => { run(inputs); return { id: inputs.name, outs: inputs }; },
  update: async (id, olds, news) => { run(news); return { outs: news }; },
  diff: async (id, olds, news) => ({ changes: olds.image !== news.image || olds.extra !== news.extra }),
  read: async (id, props) => {
    const fs = require("node:fs");
    const file = props.folder + "/" + props.name;
    return fs.existsSync(file) ? { id, props: { ...props, image: fs.readFileSync(file, "utf8") } } : {};
  },
  delete: async (id, props) => { require("node:fs").rmSync(props.folder + "/" + props.name, { force: true }); },
};
class Running extends pulumi.dynamic.Resource {
  constructor(name, image, extra) { super(provider, name, { name, folder: running, image, extra }); }
}
for (const name of ${JSON.stringify(SERVICES)}) {
  const service = delivered(name, { image: { reference: "local/" + name + "@sha256:" + "0".repeat(64) } });
  new Running(name, service.image.reference, process.env.EXTRA ?? "");
}
`;

let bench: Bench;
let env: Record<string, string>;
/** The stack's settings as they are in the repository. */
let settings = "";
beforeEach(async () => {
  bench = new Bench();
  for (const folder of ["project", "state", "running"]) mkdirSync(bench.path(folder));
  bench.write("project/Pulumi.yaml", PROJECT);
  bench.write("project/index.js", PROGRAM);
  symlinkSync(join(checkout, "node_modules"), bench.path("project/node_modules"));
  env = {
    STACK: "organization/delivery/staging",
    RUNNING: bench.path("running"),
    PULUMI_BACKEND_URL: `file://${bench.path("state")}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
  };
  await good(run('pulumi stack init "$STACK" --non-interactive'));
  settings = bench.read("project/Pulumi.staging.yaml");
});
afterEach(() => bench[Symbol.dispose]());

const PROJECT = `name: delivery
runtime: { name: nodejs, options: { typescript: false, nodeargs: --import=tsx } }
`;

const run = (script: string, more: Record<string, string> = {}): Promise<ExecResult> =>
  bench.run(script, { ...env, ...more }, bench.path("project"));

async function good(work: Promise<ExecResult>): Promise<ExecResult> {
  const result = await work;
  expect(result.code, result.stdout + result.stderr).toBe(0);
  return result;
}

const running = () =>
  Object.fromEntries(
    SERVICES.filter((name) => existsSync(bench.path(`running/${name}`))).map((name) => [
      name,
      readFileSync(bench.path(`running/${name}`), "utf8"),
    ]),
  );
const before = () => JSON.parse(bench.read("work/before.json"));

/** The steps of a deployment in the order of the workflow; the configuration of the checkout is new in each run. */
async function deploy(images: Record<string, string>, more: Record<string, string> = {}): Promise<ExecResult> {
  fresh();
  await good(run(checkImagesScript(SERVICES), { IMAGES: JSON.stringify(images) }));
  await good(run(rememberScript));
  return run(upScript(SERVICES), more);
}

/** As a run starts: with the sources alone. */
function fresh(): void {
  rmSync(bench.work, { recursive: true, force: true });
  bench.write("project/Pulumi.staging.yaml", settings);
}

test("images by digest reach the program, others keep theirs, and what ran before is known", async () => {
  await good(deploy({ shop: image("shop", "a"), basket: image("basket", "a") }));
  expect(before()).toEqual({});
  const first = { shop: image("shop", "a"), basket: image("basket", "a") };
  expect(running()).toEqual({ ...first, mailer: `local/mailer@sha256:${"0".repeat(64)}` });

  // Another repository brings its own service: it knows nothing of the others.
  await good(deploy({ mailer: image("mailer", "c") }));
  expect(before()).toEqual(first);
  expect(running()).toEqual({ ...first, mailer: image("mailer", "c") });

  await good(deploy({ shop: image("shop", "b") }));
  expect(before()).toEqual({ ...first, mailer: image("mailer", "c") });
  expect(running()).toEqual({ shop: image("shop", "b"), basket: first.basket, mailer: image("mailer", "c") });

  // It was not well: what ran before comes back, and only that.
  await good(run(rollbackScript(SERVICES)));
  expect(running()).toEqual({ ...first, mailer: image("mailer", "c") });

  // A version that does not come up never counts as what ran before.
  const failed = await deploy({ basket: `registry.example.com/basket@sha256:${BROKEN}` });
  expect(failed.code).not.toBe(0);
  expect(failed.stdout + failed.stderr).toContain("basket did not come up");
  expect(existsSync(bench.path("work/started"))).toBe(true);
  expect(existsSync(bench.path("work/done"))).toBe(false);
  fresh();
  await good(run(rememberScript));
  expect(before()).toEqual({ ...first, mailer: image("mailer", "c") });
  await good(run(rollbackScript(SERVICES)));
  expect(running()).toEqual({ ...first, mailer: image("mailer", "c") });

  // Nothing has changed since: no drift. Then somebody changes what runs.
  fresh();
  await good(run(rememberScript));
  await good(run(driftScript(SERVICES)));
  writeFileSync(bench.path("running/shop"), image("shop", "f"));
  const drift = await run(driftScript(SERVICES));
  expect(drift.code).not.toBe(0);
  expect(bench.read("work/preview.txt")).toContain(image("shop", "f"));
  expect(bench.read("work/preview.txt")).toContain(first.shop);
  expect(running()["shop"]).toBe(image("shop", "f"));

  // A pull request sees what its merge would change, with the images that run, and changes nothing.
  writeFileSync(bench.path("running/shop"), first.shop);
  const preview = await good(run(previewScript(SERVICES), { EXTRA: "more" }));
  expect(preview.stdout).toContain('"more"');
  expect(preview.stdout).not.toContain("local/mailer");
  expect(running()).toEqual({ ...first, mailer: image("mailer", "c") });
});

test("what the plan does not say is not done", async () => {
  await good(deploy({ shop: image("shop", "a") }));
  // Something changes between the preview and the update.
  bench.program("pulumi", `if [ "$1" = up ]; then export EXTRA=changed; fi\nexec '${which("pulumi")}' "$@"\n`);
  const { code, stdout, stderr } = await deploy({ shop: image("shop", "b") });
  expect(code).not.toBe(0);
  expect(stdout + stderr).toMatch(/violates plan: .*extra/);
  expect(running()["mailer"]).toBe(`local/mailer@sha256:${"0".repeat(64)}`);
});

test("nothing ran before the first deployment, so that nothing can come back", async () => {
  await good(run(rememberScript));
  const { code, stderr } = await run(rollbackScript(SERVICES));
  expect(code).toBe(1);
  expect(stderr).toContain("Nothing ran here before: there is nothing to go back to.");
});

const digest = "a".repeat(64);
test.each([
  ["a tag", { shop: "registry.example.com/shop:latest" }, "is no image by its digest"],
  ["a tag and a digest that is none", { shop: "shop:1@sha256:abc" }, "is no image by its digest"],
  ["a digest in capitals", { shop: `shop@sha256:${"A".repeat(64)}` }, "is no image by its digest"],
  ["more after the digest", { shop: `shop@sha256:${digest}0` }, "is no image by its digest"],
  ["more words", { shop: `shop@sha256:${digest} --yes` }, "is no image by its digest"],
  ["two lines", { shop: `shop:1\nshop shop@sha256:${digest}` }, "is no image by its digest"],
  ["a second line", { shop: `shop@sha256:${digest}\nbasket x@sha256:${digest}` }, "is no image by its digest"],
  ["nothing", { shop: "" }, "is no image by its digest"],
  [
    "an unknown service",
    { shopp: `shop@sha256:${digest}` },
    "No image of shopp is delivered here. Known: shop, basket, mailer.",
  ],
  ["a number", { shop: 1 }, "must be an object of services and references"],
  ["a list", [`shop@sha256:${digest}`], "must be an object of services and references"],
  ["no JSON", "shop", "must be an object of services and references"],
  ["an empty text", "", "must be an object of services and references"],
])("%s is refused", async (_, images, said) => {
  const text = typeof images === "string" ? images : JSON.stringify(images);
  const { code, stderr } = await run(checkImagesScript(SERVICES), { IMAGES: text });
  expect(stderr).toContain(said);
  expect(code).not.toBe(0);
  expect(existsSync(bench.path("work/images.json"))).toBe(false);
});

test("images of an environment without services must be none", async () => {
  await good(run(checkImagesScript([]), { IMAGES: "{}" }));
  const { code, stderr } = await run(checkImagesScript([]), { IMAGES: JSON.stringify({ a: `a@sha256:${digest}` }) });
  expect({ code, stderr }).toEqual({ code: 1, stderr: "No image of a is delivered here. Known: none.\n" });
});
