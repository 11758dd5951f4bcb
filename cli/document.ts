import { readFile, stat } from "node:fs/promises";
import { basename, extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { LineCounter, parseDocument, visit } from "yaml";
import { deliveredServices, type ResolvedService } from "../components/model/delivered-services";
import type { Delivery } from "../components/model/delivery";
import { formatProblem, type Problem } from "../components/model/problem";
import { checkDelivery } from "../components/model/validate";
import { planPipeline } from "../components/pipeline/plan-pipeline";
import { UsageError } from "./command";
import { exportedDocument } from "./exported-document";
import { keysOfPath, type Place, placeOf } from "./places";

/** A file that cannot be read as a document, told in one line or several. */
export class DocumentError extends UsageError {}

/** What a file says, not yet checked. */
export interface Document {
  /** The file as it was given, "standard input" for "-". */
  file: string;
  /** Name of the only service of a document with one: the file's name without its ending. */
  serviceName: string;
  value: unknown;
  /** Where a setting stands, by a problem's path; unknown for programs. */
  place(path: string): Place | undefined;
}

/** A document in YAML that long is no document. */
const mostBytes = 4 * 2 ** 20;
const programs = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"];

/**
 * Reads FILE: YAML (.yml, .yaml), JSON, or a program that exports a document (.ts, .mts, .cts, .js, .mjs, .cjs); "-"
 * is YAML from standard input.
 * @throws DocumentError when it cannot be read.
 */
export async function readDocument(
  file: string,
  input: AsyncIterable<Buffer | string> = process.stdin,
): Promise<Document> {
  if (file === "-") return fromText("standard input", await textOf(input), false);
  const ending = extname(file).toLowerCase();
  if (programs.includes(ending)) return await fromProgram(file);
  if (![".yml", ".yaml", ".json"].includes(ending)) {
    throw new DocumentError(`${file}: unknown kind of file. Name it .yml, .yaml, .json, .ts or .js.`);
  }
  return fromText(file, decode(file, await bytesOf(file)), ending === ".json");
}

async function bytesOf(file: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > mostBytes) throw new DocumentError(`${file}: is larger than 4 MiB. Check that it is the right file.`);
    return await readFile(file);
  } catch (error) {
    if (error instanceof DocumentError) throw error;
    throw new DocumentError(`${file}: cannot be read. ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "There is no such file.";
  if (code === "EISDIR") return "It is a folder: name a file in it.";
  if (code === "EACCES") return "This user may not read it.";
  return `${error instanceof Error ? error.message : String(error)}.`;
}

async function textOf(input: AsyncIterable<Buffer | string>): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of input) {
    const buffer = Buffer.from(part);
    bytes += buffer.length;
    if (bytes > mostBytes) throw new DocumentError("standard input: is larger than 4 MiB.");
    parts.push(buffer);
  }
  return decode("standard input", Buffer.concat(parts));
}

function decode(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new DocumentError(`${file}: is no text in UTF-8. Check that it is the right file.`);
  }
}

function fromText(file: string, text: string, json: boolean): Document {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const name = basename(file, extname(file));
  try {
    const document = parseDocument(text, { version: "1.2", lineCounter: lines, prettyErrors: false });
    // A tag that nobody knows is only a warning of the parser; here it would be data that gets lost.
    const wrong = [...document.errors, ...document.warnings];
    if (wrong.length > 0) {
      throw new DocumentError(wrong.map(({ pos, message }) => `${at(pos[0])}: ${message}`).join("\n"));
    }
    visit(document, {
      Alias(_, node) {
        if (node.resolve(document) !== undefined) return;
        throw new DocumentError(
          `${at(node.range?.[0] ?? 0)}: *${node.source} stands for nothing. Set &${node.source} before it.`,
        );
      },
    });
    if (json) JSON.parse(text);
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return {
      file,
      serviceName: file === "standard input" ? "service" : name,
      value,
      place: (path) => placeOf(document, lines, keysOfPath(path)),
    };
  } catch (error) {
    if (error instanceof DocumentError) throw error;
    // JSON.parse, an alias that stands for too much, or nesting too deep for the parser.
    throw new DocumentError(`${file}: cannot be read. ${error instanceof Error ? error.message : String(error)}.`);
  }
}

async function fromProgram(file: string): Promise<Document> {
  await bytesOf(file);
  const value = exportedDocument(await exportsOf(file));
  if (value === undefined) {
    throw new DocumentError(
      `${file}: exports no service. Write export const service = { image: …, port: 8080, health: … }, for example.`,
    );
  }
  return { file, serviceName: basename(file).replace(/\.[^.]+$/, ""), value, place: () => undefined };
}

async function exportsOf(file: string): Promise<Record<string, unknown>> {
  try {
    const found: unknown = await import(/* @vite-ignore */ pathToFileURL(resolve(file)).href);
    return { ...(typeof found === "object" ? found : {}) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ERR_UNKNOWN_FILE_EXTENSION" || code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") {
      throw new DocumentError(
        `${file}: Node ${process.versions.node} cannot run it as it is. Use Node 22.18 or newer and TypeScript without enums and namespaces, or start with NODE_OPTIONS=--import=tsx.`,
      );
    }
    throw new DocumentError(
      `${file}: fails while it is loaded. ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Every problem of what a file says, from its first line to its last. */
export function problemsOf({ serviceName, value, place }: Document): Problem[] {
  // The check takes whatever a file holds; its type is what it asks for.
  const delivery = value as Delivery;
  const found = checkDelivery(delivery);
  // A pipeline is planned of what is sound in itself: only then it shows what cannot be reached.
  const problems = (found.length > 0 ? found : planProblems(delivery, serviceName)).map((problem) => ({
    problem,
    at: place(pathInFile(problem.path)),
  }));
  const order = (at: Place | undefined) => (at === undefined ? 0 : at.line * 1e6 + at.column);
  return problems.sort((a, b) => order(a.at) - order(b.at)).map(({ problem }) => problem);
}

/** What speaks against the pipeline of each repository, each problem once. */
function planProblems(delivery: Delivery, serviceName: string): Problem[] {
  const keys = Object.keys(delivery.repositories ?? {});
  const plans = (keys.length === 0 ? [{}] : keys.map((repository) => ({ repository }))).map((which) =>
    planPipeline(delivery, { serviceName, ...which }),
  );
  const seen = new Map(plans.flatMap(({ problems }) => problems).map((each) => [formatProblem(each), each]));
  return [...seen.values()];
}

/**
 * The services of FILE, each with its release and objectives.
 * @throws UsageError when FILE cannot be read or has problems, with all of them.
 */
export async function readServices(file: string): Promise<ResolvedService[]> {
  const document = await readDocument(file);
  const problems = problemsOf(document);
  if (problems.length > 0) throw new UsageError(problems.map((each) => problemLine(document, each)).join("\n"));
  const services = deliveredServices(document.value as Delivery, document.serviceName);
  if (services.length > 0) return services;
  throw new UsageError(`${file}: has no service. Add services: { shop: { service: … } }, for example.`);
}

/** A problem of a document as it is told: `cicd.yml:3:5: services.shop.port …`, without a place for programs. */
export function problemLine(document: Document, problem: Problem): string {
  const { file, place } = document;
  const path = pathInFile(problem.path);
  const found = place(path);
  const where = found === undefined ? file : `${file}:${found.line}:${found.column}`;
  return `${where}: ${formatProblem({ ...problem, path: path === "" ? "the document" : path })}`;
}

/** Path of a setting as somebody sees it who looks at the file. */
export const pathInFile = (path: string): string => path.replace(/^delivery\.?/, "");
