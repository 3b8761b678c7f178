/** A line without its end; `text` is undefined and `fault` says why when it cannot be had. */
export type Line =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly fault: string };

export const maxLineBytes = 1024 * 1024; // far above any honest row; bounds the memory that one bad file can take

/** Splits bytes into lines at \n or \r\n. A longer line is passed over as it comes and never held. */
export async function* readLines(chunks: AsyncIterable<Buffer>, maxBytes = maxLineBytes): AsyncGenerator<Line> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let number = 1;
  const hold = (part: Buffer) => {
    heldBytes += part.length;
    if (heldBytes <= maxBytes) held.push(part);
    else held = [];
  };
  const take = () => {
    const line = heldBytes > maxBytes ? tooLong(number, maxBytes) : decoded(number, Buffer.concat(held));
    held = [];
    heldBytes = 0;
    number++;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      hold(chunk.subarray(start, end));
      start = end + 1;
      yield take();
    }
    if (start < chunk.length) hold(chunk.subarray(start));
  }
  if (heldBytes > 0) yield take();
}

const newline = 10;
const utf8 = new TextDecoder('utf-8', { fatal: true }); // also takes a byte order mark off

function tooLong(number: number, maxBytes: number): Line {
  return { number, fault: `line is longer than ${maxBytes} bytes` };
}

function decoded(number: number, bytes: Buffer): Line {
  try {
    const text = utf8.decode(bytes);
    return { number, text: text.endsWith('\r') ? text.slice(0, -1) : text };
  } catch {
    return { number, fault: 'line is not UTF-8' };
  }
}
