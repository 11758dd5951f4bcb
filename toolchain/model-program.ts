import { join } from "node:path";
import ts from "typescript";
import { checkout } from "./paths";

/** The model's sources as the compiler sees them. */
export function modelProgram(): ts.Program {
  const config = ts.readConfigFile(join(checkout, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, checkout, { noEmit: true });
  const files = ["delivery.ts", "validate.ts", "names.ts"].map((name) => join(checkout, "components", "model", name));
  return ts.createProgram(files, options);
}

/** The interface of that name in a file of the model. */
export function interfaceType(program: ts.Program, file: string, name: string): ts.Type {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(join(checkout, "components", "model", file));
  const module = source && checker.getSymbolAtLocation(source);
  const symbol = module && checker.getExportsOfModule(module).find((each) => each.name === name);
  if (symbol === undefined) throw new Error(`components/model/${file} has no interface ${name}.`);
  return checker.getDeclaredTypeOfSymbol(symbol);
}
