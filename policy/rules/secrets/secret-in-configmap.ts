import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { cwe, owaspKubernetes } from "../../core/standard";
import { openText } from "../../model/open-text";
import { holdsCredential, isPlainSecret } from "../../model/secret-text";

export const secretInConfigmap = defineRule({
  id: "secret-in-configmap",
  title: "No secret stands in a ConfigMap, an annotation or the values of a chart",
  severity: "high",
  standards: [...owaspKubernetes("K03"), ...cwe("312")],
  levels: levels("advisory", "mandatory"),
  model: openText,
  why: "What may read ConfigMaps and annotations is more than what may read Secrets, and their values are in every log of a change.",
  remediation: "Move the value into a Secret or a secret store. Replace the secret: it has been seen.",
  *check({ part, texts }) {
    for (const { at, name } of texts) {
      yield part.fails("holds a secret", at, () => {
        const text = at.text();
        return text !== undefined && (name === undefined ? holdsCredential(text) : isPlainSecret(name, text));
      });
    }
  },
});
