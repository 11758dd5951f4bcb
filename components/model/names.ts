import { describeValue, joinPath, type Problem } from "./problem";

const longestName = 40;

/**
 * Problems of the name of a component: lower-case letters, digits and dashes, a letter first, no dash last,
 * at most 40 characters. It becomes part of host names and container names.
 */
export function checkName(name: string, path = "name"): Problem[] {
  const rule = `must be 1 to ${longestName} lower-case letters, digits and dashes, with a letter first and no dash last`;
  if (typeof name === "string" && name.length <= longestName && /^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name)) return [];
  return [{ path, problem: rule, got: describeValue(name), fix: `Write "${suggestion(name)}", for example` }];
}

function suggestion(name: unknown): string {
  const slug = String(typeof name === "string" ? name.slice(0, 200) : "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, longestName)
    .replace(/-+$/, "");
  return slug === "" ? "shop" : slug;
}

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Problems of a list of host names: lower-case DNS names without scheme, port, path and wildcard, none twice. */
export function checkHosts(hosts: readonly string[], path = "hosts"): Problem[] {
  if (!Array.isArray(hosts)) {
    return [{ path, problem: "must be a list", got: describeValue(hosts), fix: 'Write ["shop.example.com"]' }];
  }
  return Array.from<unknown>(hosts).flatMap((host, index): Problem[] => {
    const here = { path: joinPath(path, index), got: describeValue(host) };
    if (typeof host !== "string" || host.length > 253 || !host.split(".").every((part) => label.test(part))) {
      const problem = "must be a DNS name in lower case, without scheme, port, path and wildcard";
      return [{ ...here, problem, fix: 'Write "shop.example.com", for example' }];
    }
    const first = hosts.indexOf(host);
    return first === index ? [] : [{ ...here, problem: `is the same as ${path}[${first}]`, fix: "Remove one of them" }];
  });
}
