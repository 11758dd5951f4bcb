import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, expect, test } from "vitest";
import { problemLine, problemsOf, readDocument } from "../cli/document";
import { render } from "../testkit";

const ROOT = join(__dirname, "..");
const FILES = [
  "README.md",
  "CONTRIBUTING.md",
  "policy/README.md",
  "testkit/README.md",
  "toolchain/README.md",
  ...markdownOf("docs"),
];

/** A fenced block: its language and what stands after it. */
interface Block {
  file: string;
  line: number;
  language: string;
  options: string;
  code: string;
}

function markdownOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name));
}

function blocksOf(file: string): Block[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  return [...text.matchAll(/^```(\w*)(.*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    file,
    line: text.slice(0, match.index).split("\n").length,
    language: match[1] ?? "",
    options: (match[2] ?? "").trim(),
    code: match[3] ?? "",
  }));
}

const blocks = FILES.filter((file) => existsSync(join(ROOT, file))).flatMap(blocksOf);
const name = ({ file, line }: Block) => `${file}:${line}`;

/** Inside the checkout, so that the blocks find their packages, and out of git's sight. */
mkdirSync(join(ROOT, "test-results"), { recursive: true });
const folder = mkdtempSync(join(ROOT, "test-results", "blocks-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const typescript = blocks.filter(({ language }) => language === "ts");
const fileOf = (block: Block) => `${block.file.replace(/\W/g, "-")}-${block.line}.ts`;

test("Every block has a language that is checked", () => {
  expect(blocks.length).toBeGreaterThan(5);
  const unknown = blocks.filter(({ language }) => !["ts", "sh", "text", "yaml"].includes(language));
  expect(unknown.map((block) => `${name(block)} ${block.language}`)).toEqual([]);
});

test("Every TypeScript block compiles as a user's program", () => {
  for (const block of typescript) {
    // A program may await at its top; a CommonJS file may not, so the check sees it inside a function.
    const imports = block.code.match(/^import [\s\S]*?;$/gm) ?? [];
    const body = imports.reduce((code, each) => code.replace(each, ""), block.code).replace(/^export const/gm, "const");
    const used = [...body.matchAll(/^const (\w+)/gm)].map((match) => `void ${match[1]};`).join(" ");
    writeFileSync(
      join(folder, fileOf(block)),
      `${imports.join("\n")}\nasync function block() {\n${body}\n${used}\n}\nvoid block;\n`,
    );
  }
  const up = relative(folder, ROOT);
  const paths = {
    headgate: [`${up}/index.ts`],
    "headgate/docker": [`${up}/components/docker/index.ts`],
    "headgate/github": [`${up}/components/github/index.ts`],
    "headgate/kubernetes": [`${up}/components/kubernetes/index.ts`],
    "headgate/policy": [`${up}/policy/index.ts`],
    "headgate/testkit": [`${up}/testkit/index.ts`],
  };
  const config = { extends: `${up}/tsconfig.json`, compilerOptions: { paths }, include: ["*.ts"], exclude: [] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const compiler = join(ROOT, "node_modules", ".bin", "tsc");
  const said = (() => {
    try {
      return execFileSync(compiler, ["--noEmit", "-p", folder], { encoding: "utf8" });
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  })();
  expect(said).toBe("");
}, 120_000);

const SOURCES: Record<string, string> = {
  headgate: "../index.ts",
  "headgate/docker": "../components/docker/index.ts",
  "headgate/github": "../components/github/index.ts",
  "headgate/kubernetes": "../components/kubernetes/index.ts",
  "headgate/policy": "../policy/index.ts",
  "headgate/testkit": "../testkit/index.ts",
};
/** Configuration the examples read. */
const CONFIG = {
  certificate: "c",
  privateKey: "k",
  slackWebhook: "w",
  databaseUrl: "d",
  pulumiAccessToken: "t",
  kubeconfig: "clusters: []\ncontexts: [{ name: production }]\ncurrent-context: production\n",
};

/** Runs a block as a program; the packages it imports are this checkout's sources. */
async function run(block: Block): Promise<void> {
  const { transformSync } = await import("esbuild");
  const imports: Record<string, unknown> = {};
  for (const [, source] of block.code.matchAll(/from "([^"]+)";/g)) {
    if (source !== undefined) imports[source] = await import(/* @vite-ignore */ SOURCES[source] ?? source);
  }
  const code = transformSync(block.code.replace(/^export const/gm, "const"), { loader: "ts", target: "es2022" }).code;
  const body = code.replace(
    /^import (?:\* as (\w+)|\{([^}]*)\}) from "([^"]+)";$/gm,
    (_all, whole: string | undefined, some: string | undefined, from: string) =>
      `const ${whole ?? `{${some?.replace(/ as /g, ": ")}}`} = imports[${JSON.stringify(from)}];`,
  );
  await new Function("imports", `return (async () => {${body}})();`)(imports);
}

test.each(
  typescript.filter(({ options }) => options.startsWith("resources=")).map((block) => [name(block), block] as const),
)("%s declares as many resources as it says", async (_name, block) => {
  const made = await render(() => run(block), {
    config: CONFIG,
    secretConfigKeys: ["privateKey", "slackWebhook", "databaseUrl", "pulumiAccessToken", "kubeconfig"],
  });
  expect(made.errors).toEqual([]);
  expect(made.secretsLeaked()).toEqual([]);
  expect(`resources=${made.resources.filter(({ custom }) => custom).length}`).toBe(block.options);
});

test.each(typescript.filter(({ options }) => options === "test").map((block) => [name(block), block] as const))(
  "%s passes",
  async (_name, block) => {
    await run(block);
  },
);

test("Every TypeScript block says how it is run", () => {
  const silent = typescript.filter(({ options }) => !/^(resources=\d+|test|vitest( cluster)?)$/.test(options));
  expect(silent.map(name)).toEqual([]);
});

test.each(blocks.filter(({ language }) => language === "yaml").map((block) => [name(block), block] as const))(
  "%s is YAML, and a sound document where it says so",
  async (_name, { options, code }) => {
    expect(["", "cicd"]).toContain(options);
    const document = await readDocument(
      "-",
      (async function* () {
        yield code;
      })(),
    );
    const problems = options === "cicd" ? problemsOf(document) : [];
    expect(problems.map((problem) => problemLine(document, problem))).toEqual([]);
  },
);

test("Commands in shell blocks exist: make's targets, and the configuration's keys", () => {
  const makefile = readFileSync(join(ROOT, "Makefile"), "utf8");
  const configuration =
    readFileSync(join(ROOT, "infra", "configuration.ts"), "utf8") +
    readFileSync(join(ROOT, "infra", "index.ts"), "utf8");
  for (const block of blocks.filter(({ language }) => language === "sh")) {
    for (const [, target] of block.code.matchAll(/^make ([a-z-]+)/gm)) {
      expect(makefile, `${name(block)}: make ${target}`).toMatch(new RegExp(`^${target}:`, "m"));
    }
    for (const [, key] of block.code.matchAll(/headgate:([a-zA-Z]+)/g)) {
      expect(configuration, `${name(block)}: headgate:${key}`).toMatch(new RegExp(`\\b${key}\\b`));
    }
  }
});
