import { basename, dirname, join } from "node:path";
import ts from "typescript";
import { checkout } from "./paths";

/** What a message of the model says is wrong, with gaps where values come in. */
export interface MessageTemplate {
  /** Its words, with a gap between each two. */
  parts: string[];
  /** File of the model it stands in, or `severalFiles`. */
  file: string;
}

/** In place of a file for what is said in more than one. */
export const severalFiles = "several files";

const gap = "…";

/** How a template reads: `is the same as …`. */
export const shownTemplate = ({ parts }: MessageTemplate): string => parts.join(gap);

/** The template a message was made from: of all that fit, the one with the most words of its own. */
export function templateOf(templates: readonly MessageTemplate[], message: string): MessageTemplate | undefined {
  const words = ({ parts }: MessageTemplate) => parts.join("").length;
  return templates.filter(({ parts }) => fits(parts, message)).sort((a, b) => words(b) - words(a))[0];
}

function fits(parts: readonly string[], message: string): boolean {
  const escaped = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${escaped.join("[^]+")}$`).test(message);
}

/**
 * Every text that components/model can put into the field `problem` of a problem: literals and templates, also where
 * they arrive through a constant or through an argument of a function of the model.
 * @throws Error for a form that is not understood, so that none is passed over.
 */
export function messageTemplates(program: ts.Program): MessageTemplate[] {
  const checker = program.getTypeChecker();
  const folder = join(checkout, "components", "model");
  const sources = program.getSourceFiles().filter(({ fileName }) => dirname(fileName) === folder);
  const found = new Map<string, MessageTemplate>();
  const seen = new Set<ts.Node>();

  const take = (expression: ts.Expression): void => {
    if (seen.has(expression)) return;
    seen.add(expression);
    if (ts.isIdentifier(expression)) follow(expression);
    else if (ts.isConditionalExpression(expression)) {
      take(expression.whenTrue);
      take(expression.whenFalse);
    } else if (ts.isStringLiteralLike(expression) || ts.isTemplateExpression(expression)) {
      for (const parts of wordings(expression, checker)) {
        const file = basename(expression.getSourceFile().fileName);
        const key = shownTemplate({ parts, file });
        const other = found.get(key)?.file ?? file;
        found.set(key, { parts, file: other === file ? file : severalFiles });
      }
    }
    // What zod hands on was made by a rule, where it is found.
    else if (!ts.isPropertyAccessExpression(expression)) {
      throw new Error(`${place(expression)}: a problem of unknown form.`);
    }
  };

  const follow = (identifier: ts.Identifier): void => {
    const assigned = ts.isShorthandPropertyAssignment(identifier.parent)
      ? checker.getShorthandAssignmentValueSymbol(identifier.parent)
      : checker.getSymbolAtLocation(identifier);
    for (const declaration of assigned?.declarations ?? []) {
      if (ts.isVariableDeclaration(declaration) && declaration.initializer) take(declaration.initializer);
      else if (ts.isParameter(declaration)) argumentsFor(declaration).forEach(take);
      // Taken apart from an object, in which it is a field called problem.
      else if (!ts.isBindingElement(declaration))
        throw new Error(`${place(declaration)}: a problem of unknown origin.`);
    }
  };

  const argumentsFor = (parameter: ts.ParameterDeclaration): ts.Expression[] => {
    const { parent } = parameter;
    const index = parent.parameters.indexOf(parameter);
    const name = ts.isFunctionDeclaration(parent)
      ? parent.name
      : ts.isVariableDeclaration(parent.parent)
        ? parent.parent.name
        : undefined;
    const wanted = name && checker.getSymbolAtLocation(name);
    if (wanted === undefined) throw new Error(`${place(parameter)}: a problem given to a function without a name.`);
    return sources
      .flatMap((source) => calls(source))
      .flatMap((call) => {
        const symbol = checker.getSymbolAtLocation(call.expression);
        const called = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
        const argument = call.arguments[index];
        return called === wanted && argument !== undefined ? [argument] : [];
      });
  };

  for (const source of sources) {
    for (const node of nodes(source)) {
      if (ts.isPropertyAssignment(node) && node.name.getText() === "problem") take(node.initializer);
      if (ts.isShorthandPropertyAssignment(node) && node.name.text === "problem") take(node.name);
    }
  }
  return [...found.values()].sort((a, b) => (shownTemplate(a) < shownTemplate(b) ? -1 : 1));
}

/** Every wording of a text, with gaps where values come in; constants and conditions in it are followed. */
function wordings(expression: ts.Expression, checker: ts.TypeChecker): string[][] {
  if (ts.isStringLiteralLike(expression)) return [[expression.text]];
  if (ts.isConditionalExpression(expression)) {
    return [expression.whenTrue, expression.whenFalse].flatMap((each) => wordings(each, checker));
  }
  if (ts.isTemplateExpression(expression)) {
    return expression.templateSpans.reduce<string[][]>(
      (heads, span) =>
        heads.flatMap((head) =>
          wordings(span.expression, checker).map((middle) => joined(joined(head, middle), [span.literal.text])),
        ),
      [[expression.head.text]],
    );
  }
  const declaration = ts.isIdentifier(expression)
    ? checker.getSymbolAtLocation(expression)?.valueDeclaration
    : undefined;
  if (declaration && ts.isVariableDeclaration(declaration) && declaration.initializer) {
    return wordings(declaration.initializer, checker);
  }
  return [["", ""]];
}

/** One text after another: the end of the first and the start of the second have no gap between them. */
const joined = (first: string[], second: string[]): string[] => [
  ...first.slice(0, -1),
  `${first.at(-1)}${second[0]}`,
  ...second.slice(1),
];

function* nodes(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* nodes(child);
}

const calls = (source: ts.SourceFile): ts.CallExpression[] => [...nodes(source)].filter(ts.isCallExpression);

function place(node: ts.Node): string {
  const source = node.getSourceFile();
  return `${basename(source.fileName)}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}
