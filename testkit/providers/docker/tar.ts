/** One entry of an archive: a file, a folder or a symbolic link. */
export interface TarEntry {
  /** Path with `/` between its parts. */
  path: string;
  mode: number;
  /** Absent for folders and links. */
  content?: Buffer;
  /** Target of a symbolic link. */
  link?: string;
  folder?: boolean;
}

const BLOCK = 512;
const NAME_BYTES = 100;

/** Writes entries in the POSIX tar format, owned by root, at the beginning of time: equal entries make equal archives. */
export function* tar(entries: Iterable<TarEntry>): Generator<Buffer> {
  for (const entry of entries) {
    const path = entry.path.replace(/^\/+/, "") + (entry.folder === true && !entry.path.endsWith("/") ? "/" : "");
    const long = [...record("path", path), ...record("linkpath", entry.link ?? "")];
    if (long.length > 0) {
      const extended = Buffer.from(long.join(""));
      yield header("pax", 0o644, extended.length, "x", "");
      yield* padded(extended);
    }
    const content = entry.content ?? Buffer.alloc(0);
    const kind = entry.link !== undefined ? "2" : entry.folder === true ? "5" : "0";
    yield header(path, entry.mode, content.length, kind, entry.link ?? "");
    yield* padded(content);
  }
  yield Buffer.alloc(2 * BLOCK);
}

/** What a name needs that does not fit its field: a record that counts its own length. */
function record(key: string, value: string): string[] {
  if (Buffer.byteLength(value) < NAME_BYTES && /^[\x20-\x7e]*$/.test(value)) return [];
  const body = ` ${key}=${value}\n`;
  const size = Buffer.byteLength(body);
  let length = size + String(size).length;
  if (String(length).length > String(size).length) length += 1;
  return [`${length}${body}`];
}

function header(path: string, mode: number, size: number, kind: string, link: string): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(shorten(path), 0, NAME_BYTES);
  block.write(octal(mode & 0o7777, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  block.write("        ", 148);
  block.write(kind, 156);
  block.write(shorten(link), 157, NAME_BYTES);
  block.write("ustar\u000000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}

function shorten(name: string): string {
  return Buffer.from(name).subarray(0, NAME_BYTES).toString("latin1");
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

function* padded(content: Buffer): Generator<Buffer> {
  if (content.length === 0) return;
  yield content;
  const rest = content.length % BLOCK;
  if (rest > 0) yield Buffer.alloc(BLOCK - rest);
}
