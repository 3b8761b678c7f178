/** Who has to mend what went wrong. */

import { ChildError } from '../../support/child.ts';
import { BenchError } from '../scenario.ts';

/** What a child found to be the user's to mend stays that. */
export async function fromChild<A>(answer: Promise<A>): Promise<A> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ChildError && error.name === 'BenchError') throw new BenchError(error.message);
    throw error;
  }
}
