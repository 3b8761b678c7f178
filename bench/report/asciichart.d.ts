/** The part of asciichart that is used; the package has no types. */
declare module 'asciichart' {
  export type PlotConfig = {
    min?: number;
    max?: number;
    height?: number;
    offset?: number;
    format?: (value: number) => string;
  };
  const asciichart: { plot(series: readonly number[], config?: PlotConfig): string };
  export default asciichart;
}
