import { z } from "zod";
import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { cisGke, kyverno } from "../../core/standard";
import { imageReference } from "../../model/image";
import { imageUses } from "../../model/image-use";

const options = z.strictObject({
  /**
   * Registries, or parts of them: "ghcr.io/acme". Defaults to none, which allows every image that names its
   * registry.
   */
  allowed: z.array(z.string().regex(/^[^/\s]+(\/[^\s]*[^/\s])?$/, "must be a host, or a host and a path")).default([]),
});

export const imageRegistry = defineRule({
  id: "image-registry",
  title: "Images come from registries that are allowed",
  severity: "high",
  standards: [...kyverno("restrict-image-registries"), ...cisGke("5.1.4")],
  levels: levels("advisory", "mandatory"),
  model: imageUses,
  options,
  why: "Anybody can publish to a public registry, and a name without a registry leaves the choice to the node.",
  remediation: "Copy the image into a registry of yours and name it there.",
  *check(uses, { allowed }) {
    for (const { part, image, isReference } of uses) {
      yield part.fails("runs an image from a registry that is not allowed", image, () => {
        const text = image.text();
        return text === undefined || (!isAllowed(text, allowed) && isReference());
      });
    }
  },
});

function isAllowed(text: string, allowed: readonly string[]): boolean {
  const { namesRegistry, registry, repository } = imageReference(text);
  if (allowed.length === 0) return namesRegistry;
  const full = `${registry}/${repository}`;
  return allowed.some((entry) => {
    const [host = "", ...path] = entry.split("/");
    const wanted = [host.toLowerCase(), ...path].join("/");
    return full === wanted || full.startsWith(`${wanted}/`);
  });
}
