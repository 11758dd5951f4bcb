import { type Rendered, type RenderOptions, render } from "./render";

/**
 * Renders a program as preview and as update and demands the same resources: types, names and parents. A resource
 * that is declared inside `apply` is missing from a preview, and from what a reviewer sees. Throws with the
 * differences; resolves to both runs.
 */
export async function expectPreviewStable<T>(
  build: () => T | Promise<T>,
  options: Omit<RenderOptions, "preview"> = {},
): Promise<{ preview: Rendered<T>; update: Rendered<T> }> {
  const preview = await render(build, { ...options, preview: true });
  const update = await render(build, { ...options, preview: false });
  const [planned, made] = [graphOf(preview), graphOf(update)];
  const missing = made.filter((resource) => !planned.includes(resource));
  const extra = planned.filter((resource) => !made.includes(resource));
  if (missing.length > 0 || extra.length > 0) {
    const lines = [
      ...missing.map((resource) => `  only in the update: ${resource}`),
      ...extra.map((resource) => `  only in the preview: ${resource}`),
    ];
    throw new Error(`The preview shows other resources than the update makes:\n${lines.join("\n")}`);
  }
  return { preview, update };
}

function graphOf({ resources }: Rendered<unknown>): string[] {
  return resources.map(({ urn, parent }) => (parent === "" ? urn : `${urn} under ${parent}`)).sort();
}
