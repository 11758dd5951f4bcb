import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Generated } from "./generated";
import type { schemasOf } from "./schemas";
import type { Objection } from "./server";

/** Where kubeconform looks for the schema of a kind. */
const LOCATION = "{{.Group}}/{{.ResourceKind}}-{{.ResourceAPIVersion}}.json";

interface Report {
  resources: { filename: string; status: string; msg: string }[];
  summary: { valid: number };
}

/** What kubeconform objects to, in one call, and how many objects it found well. */
export async function kubeconform(
  program: string,
  schemas: Awaited<ReturnType<typeof schemasOf>>,
  objects: readonly Generated[],
): Promise<{ objections: Objection[]; valid: number }> {
  const folder = await mkdtemp(join(tmpdir(), "headgate-manifests-"));
  try {
    for (const { kind, schema } of schemas) {
      const [group = "", version = group] = kind.apiVersion.split("/");
      const file = join(folder, "schemas", group, `${kind.kind.toLowerCase()}-${version}.json`);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, JSON.stringify(schema));
    }
    await mkdir(join(folder, "objects"));
    for (const [index, { manifest }] of objects.entries()) {
      await writeFile(join(folder, "objects", `${index}.json`), JSON.stringify(manifest));
    }
    const location = join(folder, "schemas", LOCATION);
    const { resources, summary } = await run(program, [
      ...["-strict", "-summary", "-output", "json", "-schema-location", location],
      join(folder, "objects"),
    ]);
    const objections = resources.map(({ filename, msg }) => {
      const { from, manifest } = objects[Number(basename(filename, ".json"))] as Generated;
      return { from, object: `${manifest.kind} ${manifest.metadata.name}`, said: msg };
    });
    return { objections, valid: summary.valid };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function run(program: string, args: string[]): Promise<Report> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      // It ends with 1 when it objects to something, and says what.
      if (error !== null && error.code !== 1) reject(new Error(`kubeconform: ${stderr || error.message}`));
      else resolve(JSON.parse(stdout) as Report);
    });
  });
}
