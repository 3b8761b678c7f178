import { shorten } from '../format.ts';

export type FigureProps = { readonly title: string; readonly text: string; readonly isBig?: boolean };

/** One of a list (`dl`) of figures, under what it is called. */
export function Figure({ title, text, isBig }: FigureProps) {
  return (
    <div class={isBig ? 'big' : undefined}>
      <dt>{title}</dt>
      <dd>{shorten(text, 40)}</dd>
    </div>
  );
}
