import { extname } from "node:path";
import { type Document, isCollection, LineCounter, parseAllDocuments, visit } from "yaml";
import type { Comment } from "../../policy/core/resource";
import { commentsOf } from "../../policy/model/comments";
import { keysOfPath, type Place, placeOf } from "../places";
import { InputError, MOST_YAML_BYTES, readText } from "./files";

/** One document of a file. */
export interface YamlDocument {
  value: unknown;
  /** Place of a path, which may begin with keys: those of an item in a list. */
  place(path: string, before?: readonly (string | number)[]): Place;
  /** Its comments, by the path of what they stand at. */
  comments(): ReadonlyMap<string, Comment>;
}

/**
 * How a tool reads YAML. Kubernetes takes `yes` for true and knows merge keys, as in YAML 1.1; Compose knows merge
 * keys; for GitHub `on` is a text.
 */
export interface Dialect {
  version: "1.1" | "1.2";
  merge: boolean;
}

export const KUBERNETES: Dialect = { version: "1.1", merge: true };
export const COMPOSE: Dialect = { version: "1.2", merge: true };
export const GITHUB: Dialect = { version: "1.2", merge: false };

/** An alias may stand for that much more than is written. More is a bomb. */
const MOST_ALIASES = 100;
const MOST_PROBLEMS = 5;

/** Types of YAML 1.1 that nothing which reads JSON can have: their texts stay texts. */
const ALIEN = /timestamp|binary|set$|omap|pairs/;

/** Every document of a YAML or JSON file that is not empty. @throws InputError */
export function readYaml(file: string, dialect: Dialect): YamlDocument[] {
  return yamlDocuments(file, readText(file, MOST_YAML_BYTES), dialect);
}

/** @throws InputError that names file, line and column. */
export function yamlDocuments(file: string, text: string, dialect: Dialect): YamlDocument[] {
  if (extname(file).toLowerCase() === ".json") checkJson(file, text);
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  try {
    const all = parseAllDocuments(text, {
      ...dialect,
      lineCounter: lines,
      prettyErrors: false,
      logLevel: "silent",
      customTags: (tags) => tags.filter((tag) => !ALIEN.test(typeof tag === "string" ? tag : tag.tag)),
    });
    // An unknown tag is only a warning of the parser: here it would be data that gets lost.
    const wrong = all.flatMap(({ errors, warnings }) => [...errors, ...warnings]);
    if (wrong.some(({ message }) => message.includes("call stack"))) throw new RangeError();
    if (wrong.length > 0) {
      const told = wrong.slice(0, MOST_PROBLEMS).map(({ pos, message }) => `${at(pos[0])}: ${message}.`);
      const more = wrong.length - told.length;
      throw new InputError([...told, ...(more > 0 ? [`${file}: ${more} more of this kind.`] : [])].join("\n"));
    }
    return all
      .filter(({ contents }) => contents !== null)
      .map((document) => {
        checkNodes(document, at);
        const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
        const place: YamlDocument["place"] = (path, before = []) =>
          placeOf(document, lines, [...before, ...keysOfPath(path)]);
        return { value, place, comments: () => commentsOf(document, text) };
      })
      .filter(({ value }) => value !== null);
  } catch (error) {
    if (error instanceof InputError) throw error;
    if (error instanceof ReferenceError) {
      throw new InputError(`${file}: its aliases stand for more than ${MOST_ALIASES} times what is written.`);
    }
    // Nesting too deep for the parser.
    throw new InputError(`${file}: cannot be read: it is nested too deeply, or no YAML at all.`);
  }
}

/** What the parser lets pass: an alias without its anchor or inside of what it stands for, a map for a key. */
function checkNodes(document: Document.Parsed, at: (offset: number) => string): void {
  visit(document, {
    Pair(_, { key }) {
      if (!isCollection(key)) return;
      throw new InputError(`${at(key.range?.[0] ?? 0)}: a map where a name must be. Render templates first.`);
    },
    Alias(_, node, ancestors) {
      const found = node.resolve(document);
      const where = at(node.range?.[0] ?? 0);
      if (found === undefined) {
        throw new InputError(`${where}: *${node.source} stands for nothing. Set &${node.source} before it.`);
      }
      if (ancestors.includes(found)) {
        throw new InputError(`${where}: *${node.source} stands for something that it is a part of.`);
      }
    },
  });
}

/** YAML reads nearly all JSON, and more: what claims to be JSON has to be. */
function checkJson(file: string, text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new InputError(`${file}: is no JSON.`);
  }
}
