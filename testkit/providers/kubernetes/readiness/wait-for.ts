import { isRecord } from "../../shared/wire";
import { annotation, annotations, type KubernetesObject } from "../object";
import { parseJsonPath } from "./json-path";
import { condition, isObserved, READY, type ReadinessRule, waiting } from "./readiness";

interface Expectation {
  text: string;
  holds(object: KubernetesObject): boolean;
}

/**
 * The rule of the annotation `pulumi.com/waitFor`: `condition=Ready`, `condition=Ready=False`,
 * `jsonpath={.status.phase}`, `jsonpath={.status.phase}=Running`, or a JSON list of these, which must all hold.
 * Undefined without the annotation; throws when it is not understood.
 */
export function waitForRule(inputs: Record<string, unknown>): ReadinessRule | undefined {
  const value = annotation(inputs, annotations.waitFor);
  if (value === undefined || value === "") return undefined;
  const expectations = listOf(value).map(parseExpectation);
  return {
    check(object) {
      const open = expectations.filter((expectation) => !expectation.holds(object));
      return open.length === 0 ? READY : waiting(`waiting for ${open.map(({ text }) => text).join(", ")}`);
    },
  };
}

function listOf(value: string): string[] {
  if (!value.trimStart().startsWith("[")) return [value];
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    throw refused(value, "is no JSON list");
  }
  if (!Array.isArray(parsed) || parsed.length === 0) throw refused(value, "lists no condition");
  return parsed.map(String);
}

function parseExpectation(text: string): Expectation {
  if (text.startsWith("condition=")) return conditionExpectation(text, text.slice("condition=".length));
  const path = /^jsonpath=\{\s*(.*?)\s*\}(?:=(.+))?$/s.exec(text);
  if (path === null) throw refused(text, "is neither condition=<type> nor jsonpath={.path}=<value>");
  return pathExpectation(text, path[1] ?? "", path[2]);
}

function conditionExpectation(text: string, expression: string): Expectation {
  const [type = "", status = "True"] = expression.split("=");
  return {
    text,
    holds: (object) => {
      const { observedGeneration } = isRecord(object.status) ? object.status : {};
      // A condition of an earlier version of the object says nothing of this one.
      const current = observedGeneration === undefined || isObserved(object);
      return current && condition(object, type)?.status === status;
    },
  };
}

function pathExpectation(text: string, path: string, wanted: string | undefined): Expectation {
  let select: (value: unknown) => unknown[];
  try {
    select = parseJsonPath(path);
  } catch (error) {
    throw refused(text, error instanceof Error ? error.message : String(error));
  }
  return {
    text,
    holds: (object) => {
      const [found] = select(object);
      return found !== undefined && (wanted === undefined || String(found) === wanted);
    },
  };
}

function refused(value: string, why: string): Error {
  return new Error(
    `metadata.annotations["${annotations.waitFor}"] ${why} (got ${JSON.stringify(value)}). Write condition=Ready or jsonpath={.status.phase}=Running`,
  );
}
