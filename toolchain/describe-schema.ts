import ts from "typescript";

/** The part of a JSON Schema that descriptions are put into. */
export interface SchemaNode {
  $ref?: string;
  $defs?: Record<string, SchemaNode>;
  title?: string;
  description?: string;
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
  enum?: string[];
}

/**
 * Puts the doc comments of an interface and of all below it into its JSON Schema, for editors to show.
 * @returns Paths of settings without any description.
 */
export function describeSchema(schema: SchemaNode, type: ts.Type, checker: ts.TypeChecker): string[] {
  const silent: string[] = [];
  const definitions = schema.$defs ?? {};
  const done = new Set<SchemaNode>();

  const visit = (node: SchemaNode, nodeType: ts.Type, path: string): void => {
    const plain = checker.getNonNullableType(nodeType);
    const target = node.$ref === undefined ? node : definitions[node.$ref.replace("#/$defs/", "")];
    if (target === undefined || done.has(target)) return;
    done.add(target);
    if (target !== node) Object.assign(target, { title: plain.symbol.name, description: typeComment(plain, checker) });
    if (target.items !== undefined) {
      const element = checker.getIndexTypeOfType(plain, ts.IndexKind.Number);
      if (element !== undefined) visit(target.items, element, `${path}[]`);
    }
    if (typeof target.additionalProperties === "object") {
      const value = checker.getIndexTypeOfType(plain, ts.IndexKind.String);
      if (value !== undefined) visit(target.additionalProperties, value, `${path}.*`);
    }
    for (const [key, property] of Object.entries(target.properties ?? {})) {
      const symbol = plain.getProperty(key);
      if (symbol === undefined) throw new Error(`${path}.${key} is in the schema and not in its interface.`);
      const propertyType = checker.getTypeOfSymbol(symbol);
      const said = comment(symbol, checker) || typeComment(checker.getNonNullableType(propertyType), checker);
      if (said === "") silent.push(`${path}.${key}`);
      else property.description = said;
      visit(property, propertyType, `${path}.${key}`);
    }
  };
  visit(schema, type, type.symbol.name);
  return silent;
}

const comment = (symbol: ts.Symbol, checker: ts.TypeChecker): string =>
  ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, " ").trim();

/** What is said of the type itself: of an interface, of an enumeration, or of the elements of a list. */
function typeComment(type: ts.Type, checker: ts.TypeChecker): string {
  const symbol = type.aliasSymbol ?? type.getSymbol();
  const said = symbol === undefined || symbol.name === "Array" ? "" : comment(symbol, checker);
  if (said !== "") return said;
  const element = checker.isArrayType(type) ? checker.getIndexTypeOfType(type, ts.IndexKind.Number) : undefined;
  return element === undefined ? "" : typeComment(element, checker);
}
