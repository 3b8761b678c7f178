/** Lets `act` be asked for at any rate: it is called once, this long after the first of the calls that ask for it. */
export function soon(afterMs: number, act: () => void): () => void {
  let isComing = false;
  return () => {
    if (isComing) return;
    isComing = true;
    setTimeout(() => {
      isComing = false;
      act();
    }, afterMs);
  };
}
