import { Duplex, type Readable, type Writable } from "node:stream";

/** A pair of streams that node:http accepts as a socket: what a TCP socket has beyond a Duplex does nothing here. */
export class PipeSocket extends Duplex {
  constructor(
    private readonly input: Readable,
    private readonly output: Writable,
    private readonly close: () => void,
  ) {
    super();
    input.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) input.pause();
    });
    input.on("end", () => this.push(null));
    input.on("error", (error) => this.destroy(error));
    output.on("error", (error) => this.destroy(error));
  }

  override _read(): void {
    this.input.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.output.write(chunk, encoding, done);
  }

  override _final(done: () => void): void {
    this.output.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.close();
    done(error);
  }

  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}
