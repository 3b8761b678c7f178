/** A page within the page. To add one: write views/<name>, list it in views/index.ts. */

import type { FunctionComponent } from 'preact';

export type View = {
  /** Of its address, `#/<id>`. */
  readonly id: string;
  readonly title: string;
  /** The path of an icon, 24 by 24, drawn in lines. */
  readonly icon: string;
  /** What the search field finds here; without it there is no such field. */
  readonly search?: string;
  readonly Component: FunctionComponent;
};
