import { Document, isMap, isScalar, Scalar, visit } from "yaml";
import { type GeneratedFile, madeByHeadgate } from "../pipeline/generated-file";
import type { CiFile } from "./ci-file";

/** The text of a file. The same file gives the same bytes. */
export function renderCiFile({ path, jobs, ...head }: CiFile): GeneratedFile {
  // GitLab reads YAML 1.1, where yes, 12:30 and 0777 are no text unless they are quoted.
  const document = new Document(
    { ...head, ...jobs },
    { compat: "yaml-1.1", version: "1.2", aliasDuplicateObjects: false },
  );
  document.commentBefore = ` ${madeByHeadgate}`;
  if (isMap(document.contents)) {
    for (const pair of document.contents.items.slice(1)) {
      if (isScalar(pair.key)) pair.key.spaceBefore = true;
    }
  }
  visit(document, {
    // Scripts are read as they are written; what a block cannot hold is quoted.
    Scalar: (_, node) => {
      if (typeof node.value === "string" && needsQuotes(node.value)) node.type = Scalar.QUOTE_DOUBLE;
      else if (typeof node.value === "string" && node.value.includes("\n")) node.type = Scalar.BLOCK_LITERAL;
    },
  });
  return {
    path,
    content: document.toString({
      lineWidth: 0,
      commentString: (text) => text.replace(/^(?!$)(?: ?)/gm, "# "),
    }),
  };
}

/** Characters that YAML 1.1 takes for the end of a line or does not take at all, and what editors do not show. */
const needsQuotes = (text: string): boolean =>
  /[^\t\n\x20-\x7e\u00a0-\u1fff\u2010-\u2027\u2030-\ufdff]|^[\s]|\t/u.test(text);
