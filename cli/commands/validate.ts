import { parseArgs } from "node:util";
import { isObject } from "../../components/model/anything";
import { type Command, UsageError } from "../command";
import { type Document, DocumentError, pathInFile, problemLine, problemsOf, readDocument } from "../document";

const help = `usage: headgate validate FILE [options]

Checks a document: cicd.yml or another YAML or JSON file, or a TypeScript or JavaScript file that exports the same.
FILE "-" is YAML from standard input. Ends with 0 when all is well, 1 with problems, 2 when FILE cannot be read.

  --json   print the problems as JSON
  --help   print this`;

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0) throw new UsageError(help);
  try {
    return report(await readDocument(file), values.json);
  } catch (error) {
    if (!values.json || !(error instanceof DocumentError)) throw error;
    console.log(JSON.stringify({ file, valid: false, error: error.message }, undefined, 2));
    return 2;
  }
}

function report(document: Document, json: boolean): number {
  const { file, value, place } = document;
  const problems = problemsOf(document);
  if (json) {
    const told = problems.map((problem) => {
      const path = pathInFile(problem.path);
      return { ...problem, path, ...place(path) };
    });
    console.log(JSON.stringify({ file, valid: problems.length === 0, problems: told }, undefined, 2));
  } else if (problems.length > 0) {
    for (const problem of problems) console.error(problemLine(document, problem));
    console.error(problems.length === 1 ? "1 problem" : `${problems.length} problems`);
  } else {
    console.log(`${file}: ${contents(value)}, no problem`);
  }
  return problems.length === 0 ? 0 : 1;
}

function contents(delivery: unknown): string {
  const counted = (["services", "strategies", "environments", "repositories"] as const).flatMap((kind) => {
    const map: unknown = isObject(delivery) && kind in delivery ? Reflect.get(delivery, kind) : undefined;
    const count = isObject(map) ? Object.keys(map).length : 0;
    const one = kind.replace(/ies$/, "y").replace(/s$/, "");
    return count === 0 ? [] : [`${count} ${count === 1 ? one : kind}`];
  });
  return counted.length === 0 ? "1 service" : counted.join(", ");
}

export const validate: Command = { name: "validate", summary: "check a cicd.yml or another document", help, run };
