import { readFile, stat } from "node:fs/promises";
import { CsvError, parse } from "csv-parse/sync";
import { UsageError } from "../command";

/** A CSV file: the names of its columns, and its rows. */
export interface Table {
  file: string;
  columns: string[];
  /** Cells without the spaces around them, as many as there are columns, and the line each row stands in, from 1. */
  rows: { line: number; cells: string[] }[];
}

/** A recording of a release is far smaller. */
const MOST_BYTES = 64 * 2 ** 20;

/** An error of `headgate judge`: what is wrong, and how to mend it. */
export const wrong = (what: string): UsageError => new UsageError(`headgate judge: ${what}`);

/**
 * Reads a CSV file with a line of columns first: commas, quotes as in RFC 4180, any ends of lines, UTF-8 with or
 * without a byte order mark. Empty lines are left out.
 * @throws UsageError that names the file, and the line where there is one.
 */
export async function readTable(file: string): Promise<Table> {
  return parseTable(file, await textOf(file));
}

async function textOf(file: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    if ((await stat(file)).size > MOST_BYTES) {
      throw wrong(`${file} is larger than 64 MiB. Check that it is the right file.`);
    }
    bytes = await readFile(file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw wrong(`${file} cannot be read (got ${codeOf(error)}). Check its name.`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw wrong(`${file} is no text in UTF-8. Save it as CSV in UTF-8.`);
  }
}

const codeOf = (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : String(error));

/** The same for the text of a file. */
export function parseTable(file: string, text: string): Table {
  const records = recordsOf(file, text);
  const [head, ...rows] = records;
  if (head === undefined) throw wrong(`${file} is empty. Write a line with the names of the columns first.`);
  const columns = head.cells;
  const twice = columns.find((name, index) => name !== "" && columns.indexOf(name) !== index);
  if (twice !== undefined) throw wrong(`${file}:${head.line} has two columns ${twice}. Keep one of them.`);
  return { file, columns, rows };
}

function recordsOf(file: string, text: string): Table["rows"] {
  try {
    const options = { bom: true, trim: true, skip_empty_lines: true, info: true } as const;
    // The type of the library leaves out what `info` does to its records.
    const records = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[];
    return records.map(({ record, info }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = "lines" in error && typeof error.lines === "number" ? error.lines : 1;
    if (error.code === "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH") {
      const got = "record" in error && Array.isArray(error.record) ? error.record.length : "another number";
      throw wrong(
        `${file}:${line} has not as many cells as the first line (got ${got}). Write one for each of its columns.`,
      );
    }
    throw wrong(`${file}:${line} is broken by a quote. Close it, and double quotes that are inside of quotes.`);
  }
}
