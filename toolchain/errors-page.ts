import type ts from "typescript";
import { deliverySchema } from "../components/model/delivery.schema";
import { formatProblem, type Problem } from "../components/model/problem";
import { problemsOfMistakes } from "../components/model/testing/mistakes";
import { problemsOfWrongValues } from "../components/model/testing/wrong-values";
import { messageTemplates, shownTemplate, templateOf } from "./messages";

/** Sections of the page by the first word of the file that a message stands in. */
const sections: Record<string, string> = {
  fields: "Any setting",
  check: "Any setting",
  several: "Any setting",
  delivery: "The document",
  references: "The document",
  service: "Services",
  labels: "Services",
  image: "Images",
  release: "Releases",
  environment: "Environments",
  pipeline: "Pipelines",
  notifications: "Notifications",
  names: "Names of components",
};

/** Wordings that the sources could give and that no setting has: there is no whole number with open limits. */
const unused = ["must be a whole number above … and below …"];

const introduction = `# Errors

Everything the model can say about an input: a program's arguments, a \`cicd.yml\`, or what \`headgate validate\` reads. All problems of an input are told at once, each as

\`\`\`text
<path> <what is wrong> (got <value>). <how to fix it>
\`\`\`

The value is left out where it may be secret, and where there is none. A component puts its class and name before it, \`headgate validate\` the file, the line and the column.

This page is generated: each message below is in the sources, each example was printed by them. \`…\` stands for something that depends on the input, \`NAME\` for a name you chose.
`;

/**
 * The page that lists every message of the model, each with an example.
 * @throws Error for a message without an example: add one to components/model/testing/mistakes.ts.
 */
export function errorsPage(program: ts.Program): string {
  const all = messageTemplates(program);
  const templates = all.filter((template) => !unused.includes(shownTemplate(template)));
  const told = [...problemsOfMistakes(), ...problemsOfWrongValues(deliverySchema, "delivery")];
  const examples = new Map<string, Problem>();
  for (const problem of told) {
    const template = templateOf(templates, problem.problem);
    if (template === undefined) throw new Error(`No message in the sources reads: ${problem.problem}.`);
    const key = shownTemplate(template);
    if (!examples.has(key)) examples.set(key, problem);
  }
  const missing = templates.filter((template) => !examples.has(shownTemplate(template)));
  if (missing.length > 0) {
    const names = missing.map((template) => `"${shownTemplate(template)}" of ${template.file}`).join(", ");
    throw new Error(`Without an example: ${names}. Add one to components/model/testing/mistakes.ts.`);
  }
  const pages = [...new Set(Object.values(sections))].flatMap((title) => {
    const here = templates.filter(({ file }) => sections[/^[a-z]+/.exec(file)?.[0] ?? ""] === title);
    const rows = here.map((template) => {
      const key = shownTemplate(template);
      const example = examples.get(key);
      return `| ${cell(key)} | ${code(example === undefined ? "" : formatProblem(inFile(example)))} |`;
    });
    return rows.length === 0
      ? []
      : [`## ${title}\n\n| what is wrong | as it is printed |\n| --- | --- |\n${rows.join("\n")}\n`];
  });
  const rows = pages.join("\n").match(/^\| (?!what is|---)/gm)?.length;
  if (rows !== templates.length) throw new Error("A file of the model belongs to no section of the page.");
  return [introduction, ...pages].join("\n");
}

const inFile = (problem: Problem): Problem => ({
  ...problem,
  path: problem.path.replace(/^delivery\.?/, "") || "the document",
});

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");

/** Code in a cell of a table, whatever backticks are in it. */
function code(text: string): string {
  const quote = text.includes("`") ? "``" : "`";
  return `${quote}${text.replaceAll("|", "\\|")}${quote}`;
}
