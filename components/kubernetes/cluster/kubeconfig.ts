import { parse } from "yaml";
import type { Problem } from "../../model/problem";

/** What is read from a kubeconfig. */
interface Kubeconfig {
  contexts?: { name?: unknown }[];
  clusters?: unknown[];
  "current-context"?: unknown;
}

/**
 * Problems of a kubeconfig and of a context in it. Nothing of the text but names of contexts gets into a problem: it
 * may hold keys and tokens. Several texts are what several files of KUBECONFIG are: their contexts together.
 */
export function kubeconfigProblems(texts: readonly string[], context: string, path = "kubeconfig"): Problem[] {
  const names: string[] = [];
  let current = "";
  for (const text of texts) {
    const read = parsed(text);
    if (read === undefined) {
      const problem = "is no kubeconfig: it is no YAML with clusters and contexts";
      const fix = 'Give the text of the file, not its path: fs.readFileSync(path, "utf8")';
      return [{ path, problem, got: `a text of ${text.length} characters`, fix }];
    }
    names.push(...(read.contexts ?? []).map(({ name }) => String(name)));
    if (current === "" && typeof read["current-context"] === "string") current = read["current-context"];
  }
  const known = names.length === 0 ? "It has none" : `It has: ${names.join(", ")}`;
  if (context !== "" && !names.includes(context)) {
    return [{ path: "context", problem: "is not in the kubeconfig", got: JSON.stringify(context), fix: known }];
  }
  if (context === "" && !names.includes(current)) {
    const problem = current === "" ? "has no current context" : "has a current context that is not in it";
    return [{ path, problem, got: JSON.stringify(current), fix: `Set context. ${known}` }];
  }
  return [];
}

function parsed(text: string): Kubeconfig | undefined {
  try {
    const read: unknown = parse(text);
    if (typeof read !== "object" || read === null || !("clusters" in read)) return undefined;
    const { clusters, contexts } = read as Kubeconfig;
    return Array.isArray(clusters ?? []) && Array.isArray(contexts ?? []) ? (read as Kubeconfig) : undefined;
  } catch {
    // The parser's message quotes the text.
    return undefined;
  }
}
