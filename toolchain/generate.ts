import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deliverySchemaJson } from "../components/model/json-schema";
import { describeSchema, type SchemaNode } from "./describe-schema";
import { errorsPage } from "./errors-page";
import { interfaceType, modelProgram } from "./model-program";
import { checkout } from "./paths";
import { policiesPage } from "./policies-page";

/** A file that is made from the sources and committed all the same, since others read it. */
export interface GeneratedFile {
  /** Relative to the checkout. */
  path: string;
  content: string;
}

/** All generated files, the same every time. */
export async function generatedFiles(): Promise<GeneratedFile[]> {
  const program = modelProgram();
  const schema: SchemaNode = deliverySchemaJson();
  const type = interfaceType(program, "delivery.ts", "Delivery");
  const silent = describeSchema(schema, type, program.getTypeChecker());
  if (silent.length > 0) throw new Error(`Without a doc comment: ${silent.join(", ")}. Say what they are for.`);
  const { $schema, ...rest } = { $schema: "", ...schema };
  const head = {
    $schema,
    // An identity, not a place: the file comes with the package.
    $id: "https://headgate.dev/schemas/cicd.schema.json",
    title: "cicd.yml",
    description: "What Headgate delivers, how it is released and what the pipeline does.",
  };
  return [
    { path: "schemas/cicd.schema.json", content: formatted("schema.json", JSON.stringify({ ...head, ...rest })) },
    { path: "docs/errors.md", content: errorsPage(program) },
    { path: "docs/policies.md", content: await policiesPage() },
  ];
}

/** As the formatter of the project writes it, so that lint has nothing to say. */
function formatted(name: string, content: string): string {
  const biome = join(checkout, "node_modules", ".bin", "biome");
  return execFileSync(biome, ["format", `--stdin-file-path=${name}`], {
    cwd: checkout,
    input: content,
    encoding: "utf8",
  });
}

async function main(): Promise<void> {
  for (const { path, content } of await generatedFiles()) {
    const file = join(checkout, path);
    mkdirSync(dirname(file), { recursive: true });
    const before = (() => {
      try {
        return readFileSync(file, "utf8");
      } catch {
        return undefined;
      }
    })();
    if (before !== content) writeFileSync(file, content);
    console.log(`generate   ${path.padEnd(26)} ${before === content ? "unchanged" : "written"}`);
  }
}

if (process.argv[1] === __filename) void main();
