/** The three kinds of panel that the boards are made of, each with its unit, its words and its limits. */

import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import type { Query } from './query.ts';

/** Where a value turns orange and red: the figures of the alert rules where there is one. */
export type Limits = { warn: number; bad: number } | { goodFrom: number };

export type PanelWords = {
  title: string;
  /** What it means, and what to do when it is bad. */
  description: string;
  unit: string;
  queries: readonly Query[];
  limits?: Limits;
  max?: number;
  decimals?: number;
};

export type PanelBuilder = Builder<dashboard.Panel> & {
  id(id: number): PanelBuilder;
  gridPos(position: dashboard.GridPos): PanelBuilder;
};

/** Lines over time, from zero. */
export function graph(words: PanelWords): PanelBuilder {
  const panel = new timeseries.PanelBuilder()
    .lineWidth(1)
    .fillOpacity(8)
    .spanNulls(false)
    .legend(graphLegend())
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    )
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.PaletteClassic))
    .thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(thresholdsStyle(words.limits)));
  return withWords(panel, words, 'range');
}

/** As graph, the parts stacked to their sum. */
export function stacked(words: PanelWords): PanelBuilder {
  const panel = new timeseries.PanelBuilder()
    .lineWidth(1)
    .fillOpacity(40)
    .stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'))
    .legend(graphLegend())
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    )
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.PaletteClassic));
  return withWords(panel, words, 'range');
}

/** One number to read from across the room, its colour saying whether it is well. */
export function number(words: PanelWords): PanelBuilder {
  const panel = new stat.PanelBuilder()
    .graphMode(common.BigValueGraphMode.Area)
    .colorMode(common.BigValueColorMode.Value)
    .textMode(common.BigValueTextMode.Auto)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Thresholds));
  return withWords(panel, words, 'range');
}

/** How a histogram's observations are spread over time. Its query gives the buckets, by `le`. */
export function spread(words: PanelWords): PanelBuilder {
  const panel = new heatmap.PanelBuilder()
    .yAxis(new heatmap.YAxisConfigBuilder().unit(words.unit).min(0))
    .color(new heatmap.HeatmapColorOptionsBuilder().mode(heatmap.HeatmapColorMode.Scheme).scheme('Oranges').steps(64))
    .cellGap(1)
    .showLegend();
  return withWords(panel, words, 'heatmap');
}

type AnyPanel = PanelBuilder & {
  title(title: string): AnyPanel;
  description(text: string): AnyPanel;
  unit(unit: string): AnyPanel;
  min(min: number): AnyPanel;
  max(max: number): AnyPanel;
  decimals(decimals: number): AnyPanel;
  datasource(ref: common.DataSourceRef): AnyPanel;
  thresholds(thresholds: Builder<dashboard.ThresholdsConfig>): AnyPanel;
  withTarget(target: DataqueryBuilder): AnyPanel;
};

function withWords(panel: AnyPanel, words: PanelWords, kind: 'range' | 'heatmap'): PanelBuilder {
  const { title, description, unit, queries, limits, max, decimals } = words;
  panel.title(title).description(description).unit(unit).min(0).datasource(dataSource);
  panel.thresholds(
    new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps(thresholdSteps(limits)),
  );
  if (max !== undefined) panel.max(max);
  if (decimals !== undefined) panel.decimals(decimals);
  for (const [at, query] of queries.entries()) panel.withTarget(target(query, at, kind));
  return panel;
}

/** The variable above each board. */
export const dataSource: common.DataSourceRef = { type: 'prometheus', uid: '$' + '{datasource}' };

function target({ expr, legend }: Query, at: number, kind: 'range' | 'heatmap'): DataqueryBuilder {
  return new DataqueryBuilder()
    .refId(String.fromCharCode(65 + at))
    .datasource(dataSource)
    .expr(expr)
    .legendFormat(legend)
    .format(kind === 'heatmap' ? PromQueryFormat.Heatmap : PromQueryFormat.TimeSeries)
    .range();
}

function thresholdSteps(limits: Limits | undefined): dashboard.Threshold[] {
  if (limits === undefined) return [{ value: null, color: 'text' }];
  if ('goodFrom' in limits) {
    return [
      { value: null, color: 'red' },
      { value: limits.goodFrom, color: 'green' },
    ];
  }
  return [
    { value: null, color: 'green' },
    { value: limits.warn, color: 'orange' },
    { value: limits.bad, color: 'red' },
  ];
}

function thresholdsStyle(limits: Limits | undefined): common.GraphThresholdsStyleMode {
  return limits === undefined ? common.GraphThresholdsStyleMode.Off : common.GraphThresholdsStyleMode.Dashed;
}

function graphLegend(): common.VizLegendOptionsBuilder {
  return new common.VizLegendOptionsBuilder()
    .displayMode(common.LegendDisplayMode.List)
    .placement(common.LegendPlacement.Bottom)
    .showLegend(true);
}
