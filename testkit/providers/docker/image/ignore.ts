/** The rules of a .dockerignore file: the last pattern that matches a path, or a folder above it, decides. */
export class IgnoreRules {
  private readonly rules: { pattern: RegExp; excludes: boolean }[];

  constructor(text: string) {
    this.rules = text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => {
        const excludes = !line.startsWith("!");
        return { pattern: toRegExp(clean(excludes ? line : line.slice(1).trim())), excludes };
      });
  }

  /** Whether a folder that is excluded can hold something that is not. */
  get hasExceptions(): boolean {
    return this.rules.some((rule) => !rule.excludes);
  }

  excludes(path: string): boolean {
    const parts = path.split("/");
    const prefixes = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
    let excluded = false;
    for (const { pattern, excludes } of this.rules) {
      if (prefixes.some((prefix) => pattern.test(prefix))) excluded = excludes;
    }
    return excluded;
  }
}

function clean(pattern: string): string {
  const parts = pattern.split("/").filter((part) => part !== "" && part !== ".");
  return parts.join("/");
}

function toRegExp(pattern: string): RegExp {
  let source = "";
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] ?? "";
    if (pattern.startsWith("**/", at)) {
      source += "(?:.*/)?";
      at += 2;
    } else if (pattern.startsWith("**", at)) {
      source += ".*";
      at += 1;
    } else if (char === "*") source += "[^/]*";
    else if (char === "?") source += "[^/]";
    else if (char === "[") {
      const end = pattern.indexOf("]", at + 1);
      if (end === -1) throw new Error(`.dockerignore: the pattern ${pattern} has no closing bracket.`);
      source += `[${pattern.slice(at + 1, end).replace(/\\/g, "\\\\")}]`;
      at = end;
    } else if (char === "\\" && at + 1 < pattern.length) {
      at += 1;
      source += literal(pattern[at] ?? "");
    } else source += literal(char);
  }
  return new RegExp(`^${source}$`);
}

function literal(char: string): string {
  return char.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
