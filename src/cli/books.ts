/** What a server says became of its publications. */

import { z } from 'zod';

export const books = z.looseObject({
  published: z.int(),
  delivered: z.int(),
  conflated: z.int(),
  filtered: z.int(),
  missed: z.int(),
  pending: z.int(),
});
export type Books = z.infer<typeof books>;
