import type { StoredRepository } from "./state";

export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** One request to a route, about a repository that exists. */
export interface Call {
  /** Parts of the address by the names in the route. */
  parameters: Record<string, string>;
  body: Record<string, unknown>;
  fullName: string;
  /** Whether the repository is private. */
  hidden: boolean;
  repository: StoredRepository;
}

export interface Route {
  /** Method and address, with names in braces: "GET /repos/{owner}/{repo}/environments". */
  route: string;
  handle(call: Call): Answer;
}

export const problem = (status: number, message: string, errors?: unknown[]): Answer => ({
  status,
  body: {
    message,
    ...(errors && { errors }),
    documentation_url: "https://docs.github.com/rest",
    status: String(status),
  },
});

/** The parts of an address that a route names, or nothing when it is another one. */
export function match(route: string, method: string, path: string): Record<string, string> | undefined {
  const [wanted = "", template = ""] = route.split(" ");
  if (wanted !== method) return undefined;
  const names: string[] = [];
  const pattern = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    names.push(name);
    return "([^/]+)";
  });
  const found = new RegExp(`^${pattern}$`).exec(path);
  if (found === null) return undefined;
  return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? "")]));
}
