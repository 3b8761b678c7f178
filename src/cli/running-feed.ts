import { z } from 'zod';

/** A feed of a running server, as the server tells of it. */
export const runningFeed = z.looseObject({
  name: z.string(),
  status: z.string(),
  text: z.string().optional(),
  activity: z.string(),
  ticks: z.int(),
  published: z.int(),
  rejected: z.int(),
  errors: z.int(),
  restarts: z.int(),
  isRequired: z.boolean(),
});
export type RunningFeed = z.infer<typeof runningFeed>;
