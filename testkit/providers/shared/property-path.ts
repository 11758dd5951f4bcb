/** A place in a resource's properties; `*` stands for every item. */
export type PropertyPath = readonly (string | number)[];

/** Reads Pulumi's notation: `spec.ports[0].port`, `metadata.annotations["a.b/c"]`, `containers[*].image`. */
export function parsePath(text: string): PropertyPath {
  const parts: (string | number)[] = [];
  const pattern = /\[\s*(?:"((?:[^"\\]|\\.)*)"|(\*)|(\d+))\s*\]|([^.[\]]+)/g;
  for (const [, quoted, star, index, name] of text.matchAll(pattern)) {
    if (quoted !== undefined) parts.push(quoted.replaceAll(/\\(.)/g, "$1"));
    else if (index !== undefined) parts.push(Number(index));
    else parts.push(star ?? name ?? "");
  }
  return parts;
}

export function formatPath(path: PropertyPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (/[."[\]]/.test(part)) return `${text}["${part.replaceAll('"', '\\"')}"]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}

/** Whether `inner` is the place `outer` names, or lies below it. */
export function containsPath(outer: PropertyPath, inner: PropertyPath): boolean {
  return outer.length <= inner.length && outer.every((part, index) => part === "*" || part === inner[index]);
}
