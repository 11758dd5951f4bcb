import { readFile, rename, writeFile } from "node:fs/promises";
import { gt } from "semver";
import { type ActionPins, actionPins } from "../../components/github/pins/pins";
import { readPins, writePins } from "../../components/github/pins/pins-file";
import { UsageError } from "../command";

/** Where the library's checkout has its pins. */
const LIBRARY = "components/github/pins/action-pins.json";

/** The file to write, and the pins that hold before that. */
export interface Store {
  readonly file: string;
  /** What it holds now; nothing when it is not there. */
  readonly text: string | undefined;
  readonly pins: ActionPins;
  /** What the file holds once `pins` hold. */
  textOf(pins: ActionPins): string;
}

/** The library's own pins, or a user's file before them: that holds only what differs from the library's. */
export async function openStore(file: string | undefined): Promise<Store> {
  const name = file ?? LIBRARY;
  const text = await readFile(name, "utf8").catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? error.code : error;
    if (code === "ENOENT" && file !== undefined) return undefined;
    if (code === "ENOENT")
      throw new UsageError("There is no checkout of the library here. Name a file: --file pins.json");
    throw new UsageError(`${name} cannot be read (${code}).`);
  });
  const own = text === undefined ? {} : checked(text, name);
  if (file === undefined) return { file: name, text, pins: own, textOf: writePins };
  const higher = Object.entries(own).filter(([action, pin]) => {
    const library = actionPins[action];
    return library === undefined || !gt(library.tag, pin.tag);
  });
  return {
    file: name,
    text,
    pins: { ...actionPins, ...Object.fromEntries(higher) },
    textOf: (pins) => {
      const differ = Object.entries(pins).filter(([action, pin]) => writePins({ pin }) !== textOfLibrary(action));
      return writePins(Object.fromEntries(differ));
    },
  };
}

const textOfLibrary = (action: string): string | undefined => {
  const pin = actionPins[action];
  return pin && writePins({ pin });
};

function checked(text: string, file: string): ActionPins {
  try {
    return readPins(text, file);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Whole or not at all. */
export async function save(file: string, text: string): Promise<void> {
  const beside = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(beside, text);
    await rename(beside, file);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : error;
    throw new UsageError(`${file} cannot be written (${code}). Name a file in a folder that is there.`);
  }
}
